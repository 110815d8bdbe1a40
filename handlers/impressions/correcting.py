"""Somebody of the group writes the record down better; every version stays readable for the group."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import Impression, Version, change, check, place_of
from bot.privacy import check_names
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow, missing
from handlers.delivery import Body
from handlers.impressions import drafting
from handlers.impressions.keeping import group_of, keep, leave_out
from handlers.impressions.owing import card_key
from handlers.impressions.signing import open_objection, signable
from handlers.impressions.withdrawing import open_own_quote
from handlers.privacy import check_contents
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import impressions_signing as views
from handlers.views.privacy import INVOLVED
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, impressions, inbox, programme


async def open_correction(click: Click, world: World) -> Answer:
    """Somebody of the group wants to change the record: the form that it was shared with, filled in."""

    def look(db: Session) -> Any:
        asker, session, group, impression = signable(db, world, click, click.value, writes=False)
        return asker, session, group, impression, drafting.restored(db, asker, world, [impression.id])

    asker, session, group, impression, filling = await world.database.read(look)
    return Answer(then=[world.open(click, views.correction_form(session, group, impression, asker.words, filling))])


async def save_correction(click: Click, world: World) -> Answer:
    """The record was changed: a next version, which everybody is asked about anew and the author hears of."""
    asker, problems = await world.write(partial(_save, click, world))
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _save(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem]]:
    if inbox.seen(db, click.team, click.key):
        return world.asker(db, click), []
    given = metadata_of(click)
    value = f"{given.get('impression', '')}:{given.get('version', '')}"
    asker, session, group, impression = signable(db, world, click, value)
    typed, names = drafting.read_parts(click, impression.contents), click.text(INVOLVED)
    _, sensitive = check_contents(db, asker.settings, session.id, typed)
    problems = [*check(typed), *sensitive, *check_names(INVOLVED, names)]
    if problems:
        return asker, problems
    inbox.first(db, click.team, click.key, world.now())
    leave_out(db, world, asker.settings, session, names)
    known = impressions.one(db, click.team, impression.id)
    assert known is not None
    contents, _ = check_contents(db, asker.settings, session.id, typed)
    drafting.shared(db, click, world, known.id, "")
    if contents != known.contents:
        new = change(known, contents, world.now(), by=click.user)
        keep(db, world, asker.settings, session, group, new)
        if click.user != new.author:
            _tell_author(db, world, new, click.user)
    return asker, []


def _tell_author(db: Session, world: World, impression: Impression, by: str) -> None:
    delivery.plan(
        db,
        team=impression.team,
        key=f"impressions.corrected:{impression.id}:v{impression.version}",
        kind="impressions.corrected",
        arguments={"id": impression.id, "by": by},
        user=impression.author,
        now=world.now(),
    )


async def more(click: Click, world: World) -> Answer:
    """The menu of the card."""
    what, _, value = click.value.partition(":")
    chosen = {
        "object": open_objection,
        "correct": open_correction,
        "versions": show_versions,
        "quote": open_own_quote,
    }.get(what)
    if chosen is None:
        raise Refused("slack.unknown")
    return await chosen(replace(click, value=value), world)


async def show_versions(click: Click, world: World) -> Answer:
    """Somebody of the group wants to see who changed what."""
    found, names, words = await world.database.read(partial(_versions, click, world))
    return Answer(then=[world.open(click, views.versions(found, names, words))])


def _versions(click: Click, world: World, db: Session) -> tuple[list[Version], Mapping[str, str], Words]:
    asker = world.asker(db, click)
    impression = impressions.one(db, click.team, click.value.partition(":")[0])
    if impression is None:
        raise missing(asker.member, Action.SEE_IMPRESSION, "impressions.gone")
    _, group = group_of(db, click.team, impression.group)
    allow(asker.member, Action.SEE_IMPRESSION, place_of(group, click.user))
    if impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    found = impressions.versions(db, click.team, impression.id)
    people = programme.members(db, click.team, {version.by for version in found})
    return found, {member.user: member.name for member in people}, asker.words


def corrected(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Tell the author, or who objected, that somebody changed the record."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    _, group = group_of(db, settings.team, impression.group)
    by = programme.member(db, settings.team, str(arguments["by"])).name
    at = delivery.sent(db, settings.team, card_key(db, impression))
    return Body(*views.corrected(group, impression, by, delivery.link(*at) if at else None, words))
