"""When a region has its turn, and what becomes of it: all regions that are due share one reading of the news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from bot.calendar import Turn, WeeklyRule, due, newest, next_after, period_key
from bot.digest import Digest, Outcome, Subscription, outcome, posting_time
from bot.programme import Programme, Region
from handlers.digest.gathering import WEEK, Gathered, RegionNews, compose_for, gather
from handlers.digest.lateness import owe_note
from handlers.digest.owing import owe
from handlers.world import World
from storage import digest, programme, timetable

log = structlog.get_logger()

LATE = timedelta(minutes=10)
SPREAD = timedelta(minutes=10)
"""Digests that are late, because Oogst was not running, do not all leave at once."""
AT_ONCE = 20
"""Regions that are read, and then written, in one piece: clicks wait no longer than that takes."""


@dataclass(frozen=True)
class Due:
    """One region that has a turn: what becomes of it, from when on it reads, its place among all (0 to 1).

    `passed` are turns that came too late. `missed` says that it rested until now.
    """

    region: Region
    turn: Turn
    passed: tuple[Turn, ...]
    outcome: Outcome
    since: datetime
    missed: bool
    wants: Subscription
    place: float


@dataclass(frozen=True)
class Round:
    """The turns of one workspace, and what there is to tell where anybody reads now."""

    settings: Programme
    due: Sequence[Due]
    gathered: Gathered | None
    released: Mapping[str, set[str]] = field(default_factory=dict)


async def tick(world: World, now: datetime) -> None:
    """Give every region its turn that is due."""
    for settings in await world.database.read(partial(_waiting, now=now)):
        found = await world.database.read(partial(_look, world, settings, now))
        for start in range(0, len(found.due), AT_ONCE):
            some = found.due[start : start + AT_ONCE]
            news = await world.database.read(partial(_compose, found, some))
            await world.write(partial(_take_turns, world, found, some, news))


def _waiting(db: Session, now: datetime) -> list[Programme]:
    """The workspaces in which a region has a turn; the number of statements does not grow with the regions."""
    return [settings for settings in programme.programmes(db) if _untaken(db, settings, now)]


def _untaken(db: Session, settings: Programme, now: datetime) -> list[Region]:
    regions = [region for region in programme.regions(db, settings.team) if region.channel]
    periods: dict[WeeklyRule, str] = {}
    for rule in {rule_of(settings, region) for region in regions}:
        periods[rule] = period_key(newest(rule, now), rule.zone)
    turns = {region.id: (name_of(region), periods[rule_of(settings, region)]) for region in regions}
    taken = timetable.taken_among(db, settings.team, list(turns.values()))
    return [region for region in regions if turns[region.id] not in taken]


def _look(world: World, settings: Programme, now: datetime, db: Session) -> Round:
    """Decide about every turn, and read the news once for all who read now."""
    team = settings.team
    regions = _untaken(db, settings, now)
    wants = digest.subscriptions(db, team, [region.id for region in regions])
    found = []
    for number, region in enumerate(regions):
        rule, name = rule_of(settings, region), name_of(region)
        had, since = timetable.last_period(db, team, name), world.liveness.awake_since
        turns = due(rule, timetable.last(db, team, name), now, taken=had, awake_since=since)
        if turns:
            found.append(_decide(db, settings, region, wants[region.id], turns, number / len(regions)))
    reading = [each for each in found if each.outcome is Outcome.DONE]
    if not reading:
        return Round(settings, found, None)
    released = digest.released(db, team, [each.region.id for each in reading], now)
    since = min(each.since for each in reading)
    words = world.channel_words(settings)
    older = {one for subjects in released.values() for one in subjects}
    return Round(settings, found, gather(db, settings, words, since, now, older), released)


def _decide(
    db: Session, settings: Programme, region: Region, wants: Subscription, turns: Sequence[Turn], place: float
) -> Due:
    turn = turns[-1]
    what = Outcome.SKIPPED
    if not turn.skipped:
        spoke = digest.last_spoken(db, settings.team, region.id)
        what = outcome(turn.at, settings.timezone, wants.every, region.holidays, wants.paused_until, spoke)
    state = timetable.last_state(db, settings.team, name_of(region))
    before = Outcome(state) if state else Outcome.DONE
    since = read_from(db, settings, region, turn.at, before)
    return Due(region, turn, tuple(turns[:-1]), what, since, before.missed, wants, place)


def read_from(db: Session, settings: Programme, region: Region, at: datetime, before: Outcome) -> datetime:
    """Return from when on a region reads: from its last digest, or the week before its first one.

    Who had stopped reads the last week, not all that was published meanwhile.
    """
    since = digest.last_until(db, settings.team, region.id)
    if since is None:
        first = timetable.first(db, settings.team, name_of(region)) or at
        since = first if first < at else at - WEEK
    return max(since, at - WEEK) if before is Outcome.STOPPED else since


def _compose(found: Round, some: Sequence[Due], db: Session) -> dict[str, RegionNews]:
    if found.gathered is None:
        return {}
    now, team = found.gathered.now, found.settings.team
    reading = [each for each in some if each.outcome is Outcome.DONE]
    held = digest.held(db, team, [each.region.id for each in reading], now)
    return {
        each.region.id: compose_for(
            db,
            found.gathered,
            each.region,
            each.wants,
            each.since,
            held.get(each.region.id, {}),
            found.released.get(each.region.id, ()),
        )
        for each in reading
    }


def _take_turns(world: World, found: Round, some: Sequence[Due], news: dict[str, RegionNews], db: Session) -> None:
    """The turns, the digests, what they say and what Slack is owed: all of it or none of it.

    A region of which somebody changed the wishes since they were read has its turn at the next tick.
    """
    now, team = world.now(), found.settings.team
    wants = digest.subscriptions(db, team, [each.region.id for each in some])
    held = digest.held(db, team, [each.region.id for each in some], now)
    said: set[str] = set()
    late: list[Turn] = []
    for each in some:
        region = each.region
        current = programme.region(db, team, region.id)
        changed = wants[region.id].version != each.wants.version
        changed |= bool(set(held.get(region.id, ())) & subjects_of(news.get(region.id)))
        if changed or current is None or current.channel != region.channel:
            continue
        known = timetable.last_period(db, team, name_of(region)) is not None
        for turn in each.passed:
            timetable.take(db, team, name_of(region), turn.period, turn.at, now, Outcome.SKIPPED)
        if not timetable.take(db, team, name_of(region), each.turn.period, each.turn.at, now, each.outcome):
            continue
        late += [turn for turn in (*each.passed, each.turn) if turn.skipped and known]
        if each.outcome is not Outcome.DONE:
            log.info("digest not made", region=region.id, period=each.turn.period, outcome=each.outcome.value)
            continue
        made = _made(world, found, each, news[region.id])
        digest.save(db, team, made)
        mine = subjects_of(news[region.id])
        for subject in mine & found.released.get(region.id, set()):
            digest.let_go(db, team, region.id, subject)
        said |= mine
        if not made.silent and region.channel is not None:
            at = posting_time(now, found.settings.timezone)
            behind = now - each.turn.at > LATE
            owe(db, team, region.channel, made, now, at + SPREAD * each.place if behind else at)
    owe_note(db, team, late, now)
    if found.gathered is not None:
        keys = found.gathered.keys
        digest.remember(db, team, {one: keys[one] for one in sorted(said) if one in keys})


def subjects_of(news: RegionNews | None) -> set[str]:
    """Return everything that a region would read, what is only counted too."""
    if news is None:
        return set()
    return {item.subject for part in (news.composed.post, *news.composed.thread, news.echoes) for item in part}


def _made(world: World, found: Round, each: Due, news: RegionNews) -> Digest:
    assert found.gathered is not None
    composed = news.composed
    return Digest(
        world.ids("dg"),
        each.region.id,
        each.turn.period,
        each.since,
        found.gathered.now,
        composed.post,
        composed.thread,
        news.echoes if composed.post or composed.thread else (),
        each.missed,
    )


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return the earliest turn to come, over all regions that have a channel."""
    coming = []
    for settings in programme.programmes(db):
        regions = [region for region in programme.regions(db, settings.team) if region.channel]
        following = {region.id: next_after(rule_of(settings, region), now) for region in regions}
        turns = {r.id: (name_of(r), period_key(following[r.id], settings.timezone)) for r in regions}
        taken = timetable.taken_among(db, settings.team, list(turns.values()))
        for region in regions:
            at = following[region.id]
            coming.append(next_after(rule_of(settings, region), at) if turns[region.id] in taken else at)
    return min(coming, default=None)


def rule_of(settings: Programme, region: Region) -> WeeklyRule:
    """Return when a region has its turn."""
    return WeeklyRule(region.digest_weekday, region.digest_time, settings.timezone)


def name_of(region: Region) -> str:
    """Name the turns of a region among what is due."""
    return f"digest:{region.id}"
