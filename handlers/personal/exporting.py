"""What Oogst keeps of one person, shown to them alone and handed to them as files, which are gone again after a day."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.delivery import Operation
from bot.impressions import LONGEST
from bot.privacy import MARKS
from bot.privacy.cells import as_cell
from bot.privacy.expiring import KEPT_EXPORTS
from bot.privacy.forgotten import names_masked
from bot.programme import Programme
from handlers.delivery import Body
from handlers.routing import Answer, Click
from handlers.views import personal as views
from handlers.words import Words
from handlers.world import World
from storage import audit, delivery, inbox, personal, programme, writing
from storage.audit import Deed

KIND = "personal.export"
FORMS = ("json", "csv")


async def show(click: Click, world: World) -> Answer:
    """Somebody asks what Oogst knows of them."""

    def look(db: Session) -> views.Kept:
        asker = world.asker(db, click)
        counts = personal.counts_of(db, click.team, click.user)
        mode = writing.limits(db, click.team, world.model_mode).of_region(asker.member.region or "")
        return views.Kept(asker.words, counts, mode)

    kept = await world.database.read(look)
    return Answer(then=[world.open(click, views.kept_form(kept), push=_on_a_form(click))])


async def export(click: Click, world: World) -> Answer:
    """They want it as files: by direct message, and gone again after a day."""
    asker = await world.write(partial(_owe, click, world))
    return Answer(then=[world.whisper(click, asker("personal.export_comes"))])


def _owe(click: Click, world: World, db: Session) -> Words:
    asker, now = world.asker(db, click), world.now()
    if not inbox.first(db, click.team, click.key, now):
        return asker.words
    subject = world.ids("ex")
    for form in FORMS:
        key = f"{KIND}:{subject}:{form}"
        common: dict[str, Any] = {"team": click.team, "kind": KIND, "user": click.user, "now": now}
        arguments = {"user": click.user, "format": form, "id": subject}
        delivery.plan(db, key=key, arguments=arguments, operation=Operation.FILE, **common)
        delivery.plan(
            db,
            key=f"{key}:removed",
            arguments=arguments,
            operation=Operation.REMOVE,
            target_key=key,
            not_before=now + KEPT_EXPORTS,
            **common,
        )
    audit.record(db, click.team, Deed.EXPORTED, now, actor=click.user, subject=subject)
    return asker.words


def file(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Make the file at the moment it leaves; nothing for somebody who is forgotten since."""
    user, form = str(arguments["user"]), str(arguments["format"])
    if not programme.is_known(db, settings.team, user):
        return None
    found = personal.kept_of(db, settings.team, user, others_masked(db, settings, user))
    made = as_json(found) if form == "json" else as_csv(found)
    which = str(arguments.get("id", "")).rpartition("_")[2][:6]  # two exports stay two, for people and for Slack
    name = f"oogst-{words('personal.file_name')}{f'-{which}' if which else ''}.{form}"
    return Body(words("personal.export_here"), file=made, file_name=name)


def others_masked(db: Session, settings: Programme, user: str) -> Callable[[str], str]:
    """Return what leaves the names of everybody else out of a text."""
    people = programme.members(db, settings.team)
    own = [each.name for each in people if each.user == user]
    mark = MARKS.get(settings.language, MARKS["en"])
    masks = [names_masked(each.user, each.name, own, mark, LONGEST) for each in people if each.user != user]

    def masked(text: str) -> str:
        for mask in masks:
            text = mask(text)
        return text

    return masked


def as_json(found: personal.Rows) -> bytes:
    """Return everything by table, for a program to read."""
    return json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True).encode()


def as_csv(found: personal.Rows) -> bytes:
    """Return everything as four columns (table, row, column, value), for a spreadsheet; no cell is carried out."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["table", "row", "column", "value"])
    for name, rows in sorted(found.items()):
        for number, row in enumerate(rows, start=1):
            writer.writerows([name, number, column, as_cell(str(value))] for column, value in sorted(row.items()))
    return out.getvalue().encode("utf-8-sig")


def _on_a_form(click: Click) -> bool:
    return (click.body.get("view") or {}).get("type") == "modal"
