"""The sessions of a series, one by one: the next is made when the last is over, and never in a holiday unasked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.followup import (
    Meeting,
    Series,
    SeriesState,
    cancelled_starts,
    meetings,
    moved_meetings,
    next_meeting,
    to_ask,
)
from bot.problem import Refused
from bot.programme import Programme
from bot.trail.follow_ups import Via
from bot.worksessions import Plan, State, WorkSession
from handlers.delivery import Body, Render
from handlers.followup.cautioning import falls_badly
from handlers.followup.inviting import set_next
from handlers.views import followup_series as views
from handlers.views.calendar_file import Move, Repetition, calendar_file
from handlers.words import Words
from handlers.world import World
from storage import delivery, followup, programme, timetable, worksessions
from storage.trail.follow_ups import hand_on


async def tick(world: World, now: datetime) -> None:
    """Make the next session of every series whose session is over."""

    def due(db: Session) -> list[tuple[str, str]]:
        return [(found.team, found.id) for found in _running(db) if _waits(db, found, now) is not None]

    for team, series_id in await world.database.read(due):

        def save(db: Session, team: str = team, series_id: str = series_id) -> None:
            found, settings = followup.series.one(db, team, series_id), programme.programme(db, team)
            if found is not None and settings is not None and found.state is SeriesState.RUNNING:
                make_next(db, world, settings, found)

        await world.write(save)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the session is over after which a series goes on, or when a date that was asked about has passed."""
    moments = []
    for found in _running(db):
        standing = [each for each in worksessions.of_series(db, found.team, found.id) if each.ends_at > now]
        moments += [each.ends_at for each in standing if each.state is not State.CANCELLED]
        if not standing and (meeting := _next(db, found, now)):
            moments.append(meeting.starts_at)
    return min(moments, default=None)


def make_next(db: Session, world: World, settings: Programme, found: Series) -> WorkSession | None:
    """Make the next session of a series, once, or ask the coordinator first where its date falls badly."""
    now = world.now()
    meeting = _waits(db, found, now)
    if meeting is None:
        return None
    regions = regions_of(db, found.team, found)
    if to_ask(found, meeting, lambda day: bool(falls_badly(db, found.team, day, regions))):
        owe_ask(db, found, meeting.day, now)
        return None
    if not timetable.take(db, found.team, _rule(found), meeting.day.isoformat(), meeting.starts_at, now):
        return None
    words = world.channel_words(settings).in_zone(found.timezone)
    title = found.title or words("worksessions.default_title", day=words.day(meeting.starts_at))
    checked = Plan(title, found.channel, meeting.starts_at, meeting.ends_at, regions)
    zoned = replace(settings, timezone=found.timezone)
    session = set_next(db, world, zoned, found.created_by, _before(db, found, now), checked)
    worksessions.set_series(db, session.team, session.id, found.id)
    hand_on(db, found.team, (Via.SERIES, found.id), session.id, found.created_by, now)
    return session


def ask(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Ask the coordinator about a date, or say what was decided."""
    found, day = followup.series.one(db, settings.team, str(arguments["id"])), day_of(str(arguments["day"]))
    if found is None:
        return None
    words = words.in_zone(found.timezone)
    if decided := found.decision(day):
        return Body(*views.decided(day, decided.decision, decided.moved_to, words))
    meeting = next((each for each in meetings(found) if each.day == day), None)
    if meeting is None or found.state is SeriesState.STOPPED:
        return None
    known = falls_badly(db, settings.team, day, regions_of(db, settings.team, found))
    return Body(*views.ask(found, meeting, known, words))


def calendar(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The whole series as one file for an agenda, without the dates that were left out."""
    found = followup.series.one(db, settings.team, str(arguments["id"]))
    if found is None:
        return None
    words = words.in_zone(found.timezone)
    title = found.title or words("followup.series_name")
    first = WorkSession(
        found.id, found.team, title, found.channel, found.starts_at, found.ends_at, None, found.timezone,
        State.PLANNED, found.created_by,
    )  # fmt: skip
    repetition = Repetition(found.rule, cancelled_starts(found), [Move(*each) for each in moved_meetings(found)])
    link = f"https://slack.com/archives/{found.channel}"
    stamp = datetime.fromisoformat(str(arguments["at"]))
    sequence = found.version - 1 + len(found.decided)
    file = calendar_file(first, stamp, link, words, sequence=sequence, repetition=repetition)
    return Body(views.calendar_text(found, words), file=file, file_name=f"{words('followup.series_file_name')}.ics")


def series_for(db: Session, team: str, series_id: str) -> Series:
    """Return a series of this workspace. Raises Refused."""
    found = followup.series.one(db, team, series_id)
    if found is None:
        raise Refused("followup.series_gone")
    return found


def owe_ask(db: Session, found: Series, day: date, now: datetime, *, why: str = "") -> None:
    """Ask whoever made the series about a date, once; with `why`, owe the question as it is now."""
    key, arguments = f"followup.series_ask:{found.id}:{day.isoformat()}", {"id": found.id, "day": day.isoformat()}
    if not why:
        delivery.plan(
            db,
            team=found.team,
            key=key,
            kind="followup.series_ask",
            arguments=arguments,
            user=_keeper(db, found),
            now=now,
        )
    else:
        delivery.plan_change(db, team=found.team, of=key, why=why, now=now)


def _keeper(db: Session, found: Series) -> str:
    """Who is asked: whoever made the series, or another coordinator once that one is none."""
    maker = programme.member(db, found.team, found.created_by)
    others = programme.coordinators(db, found.team)
    return maker.user if (maker.coordinates and maker.takes_part) or not others else others[0].user


def _waits(db: Session, found: Series, now: datetime) -> Meeting | None:
    """Return the meeting to be made or asked about now; None while one stands, and once the question is out."""
    standing = [each for each in worksessions.of_series(db, found.team, found.id) if each.ends_at > now]
    if any(each.state is not State.CANCELLED for each in standing):
        return None
    meeting = _next(db, found, now)
    if meeting is None or found.decision(meeting.day) is not None:
        return meeting
    asked = delivery.parcel(db, found.team, f"followup.series_ask:{found.id}:{meeting.day.isoformat()}")
    return None if asked else meeting


def _next(db: Session, found: Series, now: datetime) -> Meeting | None:
    """The first meeting later than now for which no session was made yet."""
    after = now
    while meeting := next_meeting(found, after):
        if not timetable.taken(db, found.team, _rule(found), meeting.day.isoformat()):
            return meeting
        after = meeting.starts_at
    return None


def coming(db: Session, found: Series, now: datetime) -> Meeting | None:
    """The next date of a series as people read it: the session that stands, or what is next."""
    sessions = worksessions.of_series(db, found.team, found.id)
    standing = [each for each in sessions if each.state is not State.CANCELLED and each.starts_at > now]
    if standing:
        return Meeting(standing[-1].starts_at.date(), standing[-1].starts_at, standing[-1].ends_at)
    return _next(db, found, now)


def _before(db: Session, found: Series, now: datetime) -> WorkSession | None:
    """The session that the next one of a series follows: its newest, or the one it began with; if nothing follows."""
    made = [each for each in worksessions.of_series(db, found.team, found.id) if each.state is not State.CANCELLED]
    previous = made[0] if made else worksessions.one(db, found.team, found.previous) if found.previous else None
    if previous is None or worksessions.follower(db, found.team, previous.id) is not None:
        return None
    return previous


def regions_of(db: Session, team: str, found: Series) -> tuple[str, ...]:
    """Return the regions that take part in a series: those of the session that it follows; none for all."""
    previous = worksessions.one(db, team, found.previous) if found.previous else None
    return previous.regions if previous else found.regions


def _running(db: Session) -> Iterator[Series]:
    for settings in programme.programmes(db):
        yield from followup.series.running(db, settings.team)


def _rule(found: Series) -> str:
    return f"followup.series:{found.id}"


def day_of(text: str) -> date:
    """Read a day as our own buttons and fields carry it. Raises Refused for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("slack.unknown") from None


MESSAGES: dict[str, Render] = {"followup.series_ask": ask, "followup.series_calendar": calendar}
