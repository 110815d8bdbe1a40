"""What somebody types in the form is kept while they type: a closed form, another phone or a restart costs no words."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.impressions import PARTS, Contents, Draft, joined, place_of
from bot.problem import Refused
from bot.programme import Action, allow, may
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.impressions.keeping import group_of
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of
from handlers.views import impressions_form as views
from handlers.views.frame import escaped
from handlers.views.privacy import INVOLVED
from handlers.words import Words
from handlers.world import Asker, World
from storage import drafts, impressions, inbox, worksessions


@dataclass(frozen=True)
class _Typed:
    """A form as somebody has it open: who, for which group or impression, and what stands in it."""

    asker: Asker
    subject: str
    session: WorkSession
    group: Group
    contents: Contents


async def typed(click: Click, world: World) -> Answer:
    """Somebody typed in the form: keep it, or say under the field why it is not kept.

    Who may not hand in any more hears so when they do, and not at every letter.
    """
    try:
        told = await world.database.write(partial(_keep, click, world))
    except Refused:
        return Answer()
    if told is None:
        return Answer()
    warnings, words = told
    view = click.body["view"]
    if views.warnings_of(view) == warnings:
        return Answer()
    return Answer(then=[world.show(click.team, click.view_id, _drawn_again(click, words, warnings=warnings))])


async def closed(click: Click, world: World) -> Answer:
    """Somebody closed the form: what it held last is the draft."""

    def keep(db: Session) -> None:
        if click.fields:
            _keep(click, world, db)
        finish(db, click, world)

    with suppress(Refused):  # the form is closed: there is nowhere to say it, and its last draft stays
        await world.database.write(keep)
    return Answer()


async def show_more(click: Click, world: World) -> Answer:
    """Somebody wants all the fields; what they typed stays."""
    words = await world.words_of(click.team, click.user)
    return Answer(then=[world.show(click.team, click.view_id, _drawn_again(click, words, more=True))])


async def begin_afresh(click: Click, world: World) -> Answer:
    """Somebody throws their draft away: the form holds what it would have held without it."""

    def drop(db: Session) -> tuple[Words, Contents]:
        found = _read(db, click, world)
        finish(db, click, world)
        drafts.drop(db, click.team, click.user, found.subject, _group_if_new(found))
        known = impressions.one(db, click.team, found.subject)
        return found.asker.words, known.contents if known else Contents("")

    words, contents = await world.database.write(drop)
    filling = views.Filling(contents, round=_round(click) + 1)
    return Answer(then=[world.show(click.team, click.view_id, views.again(click.body["view"], filling, words))])


def restored(db: Session, asker: Asker, world: World, subjects: Sequence[str]) -> views.Filling | None:
    """Return the form with what this person typed before for one of these groups, or to change this impression."""
    member = asker.member
    found = [drafts.newest(db, member.team, member.user, subject) for subject in subjects]
    draft = max((each for each in found if each), key=lambda each: each.at, default=None)
    if draft is None:
        return None
    line = views.draft_line(draft.at, world.now(), asker.words)
    return views.Filling(draft.contents, draft=line, group=draft.group)


def with_message(filling: views.Filling, message: Contents, words: Words) -> views.Filling:
    """Add the words of a message to a draft; where both do not fit, the draft stays as it is and says so."""
    both = joined(filling.contents, message)
    if both is None:
        return replace(filling, note=words("impressions.draft_full"))
    return replace(filling, contents=both, note=words("impressions.draft_and_message"))


def refilled(click: Click, contents: Contents, words: Words) -> dict[str, Any]:
    """Return the form with what was read from a pasted text, and a word on what it does not say yet."""
    warnings = {"takeaway": words("impressions.problem.takeaway")}
    filling = views.Filling(contents, warnings=warnings, round=_round(click) + 1)
    return dict(views.again(click.body["view"], filling, words).to_dict())


def shared(db: Session, click: Click, world: World, subject: str, group: str) -> None:
    """A form was handed in: its draft is gone, and what is still heard of the form does not bring it back."""
    finish(db, click, world)
    drafts.drop(db, click.team, click.user, subject, group)


def _keep(click: Click, world: World, db: Session) -> tuple[Mapping[str, str], Words] | None:
    """Keep what stands in the form. Returns per field why it is not kept; None for a form that is done with."""
    if inbox.seen(db, click.team, _done(click)):
        return None
    found = _read(db, click, world)
    given, known = metadata_of(click), drafts.one(db, click.team, click.user, found.subject)
    names = click.text(INVOLVED)
    fresh = {part: str(getattr(found.contents, part)) for part in _to_check(found.contents, known, names)}
    screened = check_texts(db, found.asker.settings, found.session.id, fresh, names)
    warnings: dict[str, str] = {}
    for each in screened.problems:
        said = escaped(world.say(found.asker.words, each.key, each.values))
        warnings[each.field] = f"{warnings.get(each.field, found.asker.words('impressions.not_in_draft'))} {said}"
    source = worksessions.form(db, click.team, click.user, given["form"]) if given.get("form") else None
    if source is None and known is not None:
        source = {"channel": known.channel, "ts": known.ts, "sha": known.sha}
    draft = Draft(
        subject=found.subject,
        group=found.group.id,
        contents=replace(found.contents, **{**screened.texts, **dict.fromkeys(warnings, "")}),
        at=world.now(),
        view=click.view_id,
        heard=_heard(click),
        **{name: str((source or {}).get(name) or "") for name in ("channel", "ts", "sha")},
    )
    if click.kind == "closed" or draft.overtakes(known):
        drafts.save(db, click.team, click.user, draft)
    return warnings, found.asker.words


def _to_check(contents: Contents, known: Draft | None, names: str) -> list[str]:
    """Return the parts that hold other words than the draft, for what was kept was checked then; all, when names came.

    The search takes a few milliseconds for a full field, and everybody who writes waits for it.
    """
    before = known.contents if known and not names.strip() else Contents("")
    return [part for part in PARTS if getattr(contents, part) != getattr(before, part)]


def _read(db: Session, click: Click, world: World) -> _Typed:
    asker, given = world.asker(db, click), metadata_of(click)
    subject = given.get("impression") or given.get("group") or ""
    impression = impressions.one(db, click.team, given["impression"]) if given.get("impression") else None
    session, group = group_of(db, click.team, impression.group if impression else subject or click.text("group"))
    if impression is not None and impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    place = place_of(group, click.user)
    if impression is None or not may(asker.member, Action.SIGN_OFF, place):  # who sits there may write it down better
        allow(asker.member, Action.SHARE_IMPRESSION, place)
    return _Typed(asker, subject, session, group, read_parts(click))


def read_parts(click: Click, before: Contents | None = None) -> Contents:
    """Return what stands in the fields of a form; a part that has no field there stays as it was."""
    return replace(before or Contents(""), **{part: click.text(part) for part in PARTS if part in click.fields})


def _drawn_again(click: Click, words: Words, *, more: bool = False, warnings: Mapping[str, str] | None = None) -> View:
    view = click.body["view"]
    if warnings is None:
        warnings = views.warnings_of(view)
    filling = views.Filling(
        read_parts(click), more=more or views.shows_all(view), warnings=warnings, round=_round(click), focus=False
    )
    return views.again(view, filling, words)


def _group_if_new(found: _Typed) -> str:
    return "" if found.subject not in ("", found.group.id) else found.group.id


def _round(click: Click) -> int:
    found = metadata_of(click).get("round", "1")
    return int(found) if found.isdecimal() else 1


def _heard(click: Click) -> str:
    actions = click.body.get("actions") or [{}]
    return str(actions[0].get("action_ts") or "")


def _done(click: Click) -> str:
    return f"draft:{click.view_id}:{_round(click)}"


def finish(db: Session, click: Click, world: World) -> None:
    """See to it that nothing more that was typed in this round of a form counts."""
    inbox.first(db, click.team, _done(click), world.now())
