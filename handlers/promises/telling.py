"""What people read about promises, made from what is written now: the questions, reminders, card and opening."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.impressions import Impression
from bot.programme import Programme
from bot.promises import Reminder, Told, opens_with, reminders
from handlers.delivery import Body
from handlers.posts import owe_pages, page_of
from handlers.promises.cards import readable
from handlers.trail.tying import under_promise
from handlers.views import promises as views
from handlers.views import promises_owner as owner_views
from handlers.views import promises_shown as shown_views
from handlers.words import Words
from handlers.world import World
from storage import programme, promises, worksessions


def offer_row(db: Session, impression: Impression, words: Words) -> list[Block]:
    """The row under a shared impression, in the messages of who shared it: does somebody offer this?"""
    known = promises.told(db, promises.of_impression(db, impression.team, impression.id))
    return views.offer_row(impression, known, words, next_step=promises.is_next_step(db, impression))


def ask(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question to the owner, and later how it stands."""
    told = _told(db, settings, arguments)
    if told is None or (not arguments.get("again") and not told.words):
        return None
    if "user" in arguments and not arguments.get("again") and not told.promise.waits:
        return None  # somebody was to be asked once more, and answered meanwhile
    text, blocks = owner_views.owner_message(told, ahead(db, settings, told), words)
    return Body(text, [*blocks, *under_promise(db, told, words)])


def ahead(db: Session, settings: Programme, told: Told) -> list[Reminder]:
    """Return the reminders that will come; who practises gets none."""
    session = worksessions.one(db, settings.team, told.promise.work_session)
    if session is None or session.is_practice:
        return []
    return reminders(told.promise, settings.timezone, is_dutch_holiday)


def reminder(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The reminder to the owner. It stays away once there is nothing to remind of; afterwards it says how it stands."""
    told = _told(db, settings, arguments)
    if told is None:
        return None
    promise = told.promise
    due = str(arguments.get("due") or promise.due)
    if not arguments.get("again") and not (promise.stands and told.words and str(promise.due) == due):
        return None
    return Body(*owner_views.reminder(told, words))


def lost(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The sentence of a promise is no longer in the note: ask its owner, and tell the coordinator."""
    told = _told(db, settings, arguments)
    if told is None or (not arguments.get("again") and not told.promise.lost):
        return None
    own = str(arguments["user"]) == told.promise.owner
    return Body(*(owner_views.lost(told, words) if own else owner_views.lost_for_coordinator(told, words)))


def declined(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Tell who asked that it is not theirs."""
    told = _told(db, settings, arguments)
    return Body(*owner_views.declined(told, words)) if told else None


def card(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The promise in the thread of the article."""
    told = _told(db, settings, arguments)
    if told is not None and not readable(db, [told.promise]):
        return Body(*shown_views.gone(words))
    return Body(*shown_views.card(told, words)) if told else None


def news(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Who wants what this person offered; nothing when all of them took it back."""
    user, day = str(arguments["user"]), date.fromisoformat(str(arguments["day"]))
    mine = [each for each in promises.of_owner(db, settings.team, user) if each.is_public]
    told_of = promises.told_on(db, settings.team, [each.id for each in mine], day)
    regions = {region.id: region.name for region in programme.regions(db, settings.team)}
    wanted = []
    for told in promises.told(db, [each for each in mine if each.id in told_of]):
        people = programme.members(db, settings.team, told_of[told.promise.id])
        wanted.append((told, [(member.name, regions.get(member.region or "", "")) for member in people]))
    if wanted:
        return Body(*owner_views.news(wanted, words))
    return Body(*owner_views.gone(words)) if arguments.get("again") else None


def kept(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Tell somebody who wanted it that it is done; not when it was marked so by mistake, or its words are gone."""
    told = _told(db, settings, arguments)
    if told is not None and not told.words and arguments.get("again"):
        return Body(*owner_views.gone(words))
    if told is None or not told.words or (told.promise.stands and not arguments.get("again")):
        return None
    return Body(*owner_views.kept_for_taker(told, words))


def opening(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """What a session opens with."""
    text, pages = opening_pages(db, settings.team, str(arguments["id"]), words)
    return page_of(text, pages, int(arguments["page"]), words)


def opening_pages(db: Session, team: str, session_id: str, words: Words) -> tuple[str, list[list[Block]]]:
    """Return what a session opens with, as a line and the blocks of each page."""
    found = [promises.one(db, team, each) for each in promises.opening(db, team, session_id)]
    ordered = opens_with(readable(db, [each for each in found if each is not None]), {})
    return shown_views.opening(promises.told(db, ordered), words)


def owe_opening(db: Session, world: World, settings: Programme, session_id: str) -> None:
    """Owe the channel of a session what it opens with, or the change of it."""
    session = worksessions.one(db, settings.team, session_id)
    if session is None:
        return
    shown = [promises.one(db, settings.team, each) for each in promises.opening(db, settings.team, session_id)]
    _, pages = opening_pages(db, settings.team, session_id, world.channel_words(settings))
    owe_pages(
        db,
        team=settings.team,
        key=f"promises.opening:{session_id}",
        kind="promises.opening",
        arguments={"id": session_id},
        pages=len(pages),
        version=sum(each.version for each in shown if each is not None),
        now=world.now(),
        channel=session.channel,
    )


def _told(db: Session, settings: Programme, arguments: Mapping[str, Any]) -> Told | None:
    promise = promises.one(db, settings.team, str(arguments["id"]))
    return promises.told(db, [promise])[0] if promise else None


def repaint_all(db: Session) -> list[tuple[str, str, str]]:
    """Return team, kind and id of the cards that count who wants it too: a restart may have lost their counters."""
    found = []
    for settings in programme.programmes(db):
        standing = [each.id for each in promises.agreed(db, settings.team) if each.stands]
        wanted = promises.count_takers(db, settings.team, standing)
        found += [(settings.team, "promises.card", promise_id) for promise_id in sorted(wanted)]
    return found
