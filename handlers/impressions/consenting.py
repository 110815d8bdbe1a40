"""A quote is somebody's words: the author says whose, and only that person says whether it may be published."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import Impression, QuoteUse, place_of
from bot.impressions.consent import Permission, answer, ask_speaker, keep_in_group, taken_back_mark
from bot.problem import Refused
from bot.programme import Action, Place, Programme, allow, may, missing
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import harvest
from handlers.delivery import Body
from handlers.impressions.keeping import group_of
from handlers.impressions.owing import owe_card, owe_questions
from handlers.posts import owe_change
from handlers.programme import get_to_know
from handlers.routing import Answer, Click
from handlers.views import impressions_consent as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, impressions, inbox, programme


async def name_speaker(click: Click, world: World) -> Answer:
    """The author says who said the quote; that person is asked, and until they agree it stays in the group."""
    await get_to_know(world, click.team, click.value, lambda db: _own(db, world, click, click.argument))
    await world.write(partial(_name_speaker, click, world))
    return Answer()


def _name_speaker(click: Click, world: World, db: Session) -> None:
    asker, session, group, impression = _own(db, world, click, click.argument)
    speaker = programme.member(db, click.team, click.value)
    if not programme.is_known(db, click.team, click.value) or not speaker.takes_part:
        raise Refused("impressions.consent.not_here")
    if session.is_practice and speaker.user != click.user:
        raise Refused("impressions.consent.practice")
    if not inbox.first(db, click.team, click.key, world.now()) or impression.quote_by == speaker.user:
        return
    before = [
        one
        for one in impressions.asked_speakers(db, click.team, impression.id)
        if taken_back_mark(impressions.asked_words(db, click.team, impression.id, one.version))
        == taken_back_mark(impression.contents.quote)
    ]
    new = ask_speaker(impression, speaker.user, before)
    impressions.set_quote(db, new)
    impressions.ask_speaker(db, new, click.user, world.now())
    _follow(db, world, asker, session, group, new)  # whoever was asked before hears that too
    key = f"impressions.consent:{new.id}:{speaker.user}:v{new.version}"
    if delivery.parcel(db, click.team, key) is None:
        delivery.plan(
            db,
            team=click.team,
            key=key,
            kind="impressions.consent",
            arguments={"id": new.id, "user": speaker.user, "version": new.version},
            user=speaker.user,
            now=world.now(),
        )


async def keep_quote(click: Click, world: World) -> Answer:
    """The author leaves the quote in the group."""

    def save(db: Session) -> None:
        asker, session, group, impression = _own(db, world, click, click.value)
        if inbox.first(db, click.team, click.key, world.now()):
            new = keep_in_group(impression)
            impressions.set_quote(db, new)
            _follow(db, world, asker, session, group, new)

    await world.write(save)
    return Answer()


async def give_permission(click: Click, world: World) -> Answer:
    """Whoever is quoted answers, for exactly the words that they were shown."""
    await world.write(partial(_give_permission, click, world))
    return Answer()


def _give_permission(click: Click, world: World, db: Session) -> None:
    asker = world.asker(db, click)
    impression_id, _, mark = click.value.partition(":")
    impression = impressions.one(db, click.team, impression_id)
    if impression is None:
        raise missing(asker.member, Action.ANSWER_QUOTE, "impressions.gone")
    if impression.withdrawn_at is not None:
        raise Refused("impressions.gone")  # nobody is written down as its speaker any more
    session, group = group_of(db, click.team, impression.group)
    allow(asker.member, Action.ANSWER_QUOTE, Place(wrote=impression.quote_by == click.user))
    if click.argument not in set(Permission):
        raise Refused("slack.unknown")
    permission = Permission(click.argument)
    new = answer(impression, click.user, mark, permission)
    if inbox.first(db, click.team, click.key, world.now()):
        impressions.set_quote(db, new)
        impressions.save_permission(db, new, permission)
        _follow(db, world, asker, session, group, new)
        if new.quote_use.may_be_published and QuoteUse.NAMED in (impression.quote_use, new.quote_use):
            harvest.show_anew(db, world, asker.settings, session, new.id)  # the same words, with the name or without


def _own(db: Session, world: World, click: Click, impression_id: str) -> tuple[Asker, WorkSession, Group, Impression]:
    """Return an impression to who wrote it, or may change it. Raises Refused."""
    asker = world.asker(db, click)
    impression = impressions.one(db, click.team, impression_id)
    if impression is None:
        raise missing(asker.member, Action.NAME_SPEAKER, "impressions.gone")
    session, group = group_of(db, click.team, impression.group)
    if not may(asker.member, Action.CHANGE_IMPRESSION, place_of(group, click.user)):
        allow(asker.member, Action.NAME_SPEAKER, Place(wrote=impression.author == click.user))
    if impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    return asker, session, group, impression


def _follow(
    db: Session, world: World, asker: Asker, session: WorkSession, group: Group, impression: Impression
) -> None:
    """Owe everybody what became of the quote: its author, who was asked, the group, and whoever reads the article."""
    owe_change(db, world, impression.team, f"impressions.shared:{impression.id}:{impression.author}")
    owe_questions(db, world, impression)
    owe_card(db, world, session, group, impression)
    harvest.follow(db, world, asker.settings, session)


def question(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Ask whoever is quoted, and show what became of it."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    user, version = str(arguments["user"]), int(arguments["version"])
    quote = impressions.asked_words(db, settings.team, impression.id, version)
    asked = impressions.asked_speakers(db, settings.team, impression.id)
    by = next((one.by for one in asked if (one.user, one.version) == (user, version)), impression.author)
    name = "" if by == user else programme.member(db, settings.team, by).name
    return Body(*views.question(impression, version, quote, user, name, words))
