"""Once a week a workspace is looked through for questions that meet an answer; what nobody agreed to ends in time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.article import Part, PublishedSentence
from bot.calendar import at_clock
from bot.introductions import Introduction, Match, State, can_be_answered, close, matches, propose
from bot.programme import Programme
from handlers.introductions.owing import owe_ask, owe_over
from handlers.world import World
from storage import delivery, harvest, introductions, programme, timetable

CLOCK = "06:00"
"""On Monday, before any region reads its digest of that week."""
WEEK = timedelta(days=7)
QUIET_FOR = timedelta(days=6)
"""A region that had a proposal is left alone for a week, less what a Monday may come late."""
ASKED_LATELY = timedelta(days=182)
"""An older question is not open any more, or has another asker by now."""
REMEMBERED = timedelta(days=400)
LATE = timedelta(days=1)
"""A Monday that was missed by more waits for the next one."""
FEWEST_REGIONS = 2


@dataclass(frozen=True)
class _Round:
    settings: Programme
    period: str
    due: datetime
    found: Sequence[Match]


async def tick(world: World, now: datetime) -> None:
    """Propose what is due to be proposed, ask again who could not be asked yet, and end what is over."""
    for settings in await world.database.read(partial(_due, now=now)):
        found = await world.database.read(partial(_look, settings, now))
        await world.write(partial(_propose, world, found, now))
    if await world.database.read(partial(_pending, now=now)):
        await world.write(partial(_go_on, now=now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when there is something to do next: a Monday morning, or the end of somebody's time to answer."""
    ends = [found.deadline for found in introductions.waiting(db) if found.deadline is not None]
    for settings in programme.programmes(db):
        if _has_something(db, settings.team):
            _, at = _turn(settings, now)
            ends.append(at if _is_due(db, settings, now) else at + WEEK)
    return min(ends, default=None)


def _due(db: Session, now: datetime) -> list[Programme]:
    return [
        settings
        for settings in programme.programmes(db)
        if _is_due(db, settings, now) and _has_something(db, settings.team)
    ]


def _is_due(db: Session, settings: Programme, now: datetime) -> bool:
    period, at = _turn(settings, now)
    return now < at + LATE and not timetable.taken(db, settings.team, _rule(settings.team), period)


def _has_something(db: Session, team: str) -> bool:
    return len(programme.regions(db, team)) >= FEWEST_REGIONS and bool(harvest.published(db, team))


def _turn(settings: Programme, now: datetime) -> tuple[str, datetime]:
    """The last Monday morning that has come: the name of its week, and the moment."""
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    monday = day - timedelta(days=day.weekday())
    at = at_clock(monday, CLOCK, settings.timezone)
    if now < at:
        monday, at = monday - WEEK, at_clock(monday - WEEK, CLOCK, settings.timezone)
    return monday.isoformat(), at


def _rule(team: str) -> str:
    return f"introductions:{team}"


def _look(settings: Programme, now: datetime, db: Session) -> _Round:
    period, at = _turn(settings, now)
    told = harvest.published_sentences(db, settings.team, now - REMEMBERED, now)
    return _Round(settings, period, at, matches([one for one in told if _counts(one, now)]))


def _counts(sentence: PublishedSentence, now: datetime) -> bool:
    return sentence.part is not Part.QUESTION or sentence.published_at > now - ASKED_LATELY


def _propose(world: World, found: _Round, now: datetime, db: Session) -> None:
    team = found.settings.team
    if not timetable.take(db, team, _rule(team), found.period, found.due, now):
        return
    places = {region.id for region in programme.regions(db, team) if region.channel}
    busy = introductions.busy(db, team, now, QUIET_FOR)
    for chosen in propose(found.found, introductions.known(db, team), busy, places):
        match = chosen.match
        proposal = Introduction(
            id=world.ids("in"),
            team=team,
            question=match.question.id,
            question_impression=match.question.impression,
            answer=match.answer.id,
            answer_impression=match.answer.impression,
            asking_region=chosen.asking,
            answering_region=chosen.answering,
            theme=match.question.theme,
            score=match.score,
            proposed_at=now,
        )
        introductions.save(db, proposal)


def _pending(db: Session, now: datetime) -> list[Introduction]:
    """What is over, and what could not be put to the other side yet: their week's two messages were spent."""
    found = []
    for one in introductions.waiting(db):
        unasked = one.state is State.ASKED and delivery.parcel(db, one.team, introductions.ask_key(one)) is None
        if unasked or not can_be_answered(replace(one, state=State.ASKED), now):
            found.append(one)
    return found


def _go_on(db: Session, now: datetime) -> None:
    for found in _pending(db, now):
        settings = programme.programme(db, found.team)
        if settings is None:
            continue
        after = close(found, now)
        if after is found:
            owe_ask(db, found, settings, now)
        else:
            introductions.save(db, after)
            owe_over(db, after, settings, now)
