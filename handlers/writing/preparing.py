"""Shortly before a region's oogstbericht is made, what a model can write of it is asked for, beside everything else.

The digest itself waits for nothing and asks nothing: it uses what is there when its turn comes.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from bot.calendar import next_after, period_key
from bot.programme import Programme, Region
from bot.writing import Mode
from handlers.digest.previewing import next_reading
from handlers.digest.turning import rule_of
from handlers.ticker import Rhythm
from handlers.world import World
from handlers.writing.asking import Questions
from handlers.writing.engine import Writer
from handlers.writing.jobs import job_for, spent
from handlers.writing.telling import tell_coordinators
from storage import digest, programme, timetable, writing
from storage.writing import Event

log = structlog.get_logger()

LEAD = timedelta(minutes=30)
"""So long before its turn a digest is prepared."""
MARGIN = timedelta(minutes=2)
"""Nothing is asked any more so shortly before the turn."""
SHORTEST = 1.0
"""Seconds that preparing may take, where it began late."""
KEPT = timedelta(days=730)
"""What was asked, and why something was not, is kept for two years."""


@dataclass(frozen=True)
class Coming:
    """A region that reads a digest soon, and when."""

    settings: Programme
    region: Region
    at: datetime

    @property
    def rule(self) -> str:
        """Its name among what is due."""
        return name_of(self.region)

    @property
    def period(self) -> str:
        """The week of the digest."""
        return period_key(self.at, self.settings.timezone)


async def tick(world: World, now: datetime) -> None:
    """Begin preparing each digest that is due soon: once for each, one after another, while everything else goes on."""
    mode = endpoint_of(world)
    changed = await world.database.read(partial(_changed, mode=mode))
    if changed:
        await world.database.write(partial(_remember, teams=changed, mode=mode, now=now))
    if mode is Mode.NONE:
        return
    coming = await world.database.read(partial(_coming, now=now))
    mine = await world.database.write(partial(_take, coming=coming, now=now)) if coming else []
    if mine:
        world.tasks.start(prepare(world, mine))


async def prepare(world: World, coming: Sequence[Coming]) -> None:
    """Let a model write for these digests, in the order of their turns, and stop in time for each."""
    for one in sorted(coming, key=lambda each: (each.at, each.region.id)):
        now = world.now()
        look_job = partial(
            job_for, settings=one.settings, region=one.region, words=world.channel_words(one.settings),
            mode=endpoint_of(world), now=now,
        )  # fmt: skip
        job = await world.database.read(look_job)
        if job is None or not job.wanted:
            continue
        look = partial(spent, settings=one.settings, region=job.region, period=job.period, now=now)
        so_far = await world.database.read(look)
        questions = Questions(
            world.database, world.now, world.ids, world.model, world.allowance, job.team, job.region, job.period, so_far
        )
        writer = Writer(questions, job)
        seconds = max(SHORTEST, (one.at - MARGIN - now).total_seconds())
        try:
            async with asyncio.timeout(seconds):
                await writer.write()
        except TimeoutError:
            await questions.note([Event("fallback", "late")])
        log.info("digest prepared", region=job.region, period=job.period, themes=len(job.wanted), written=writer.kept)
        await world.write(partial(tell_coordinators, settings=one.settings, job=job, now=world.now()))


def endpoint_of(world: World) -> Mode:
    """Return where the workspace's model runs; `NONE` where there is none."""
    return world.model_mode if world.model.is_on else Mode.NONE


def name_of(region: Region) -> str:
    """Name the preparing of a region's digest among what is due."""
    return f"writing:{region.id}"


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next digest is to be prepared; nothing is where no model runs."""
    moments = (one.at - LEAD for one in _upcoming(db, now, timedelta(days=400)))
    return min((at for at in moments if at > now), default=None)


def _changed(db: Session, mode: Mode) -> list[str]:
    return [one.team for one in programme.programmes(db) if writing.endpoint(db, one.team) is not mode]


def _remember(db: Session, teams: Sequence[str], mode: Mode, now: datetime) -> None:
    for team in teams:
        writing.set_endpoint(db, team, mode, now)


def _coming(db: Session, now: datetime) -> list[Coming]:
    return list(_upcoming(db, now, LEAD))


def _upcoming(db: Session, now: datetime, within: timedelta) -> Iterator[Coming]:
    """Give the digests that are read within a time from now and were not prepared yet."""
    for settings in programme.programmes(db):
        if writing.endpoint(db, settings.team) is Mode.NONE:
            continue
        turns = {}
        for region in programme.regions(db, settings.team):
            at = next_after(rule_of(settings, region), now)
            if region.channel is not None and at - now <= within:
                turns[name_of(region), period_key(at, settings.timezone)] = region
        taken = timetable.taken_among(db, settings.team, list(turns))
        for region in (region for turn, region in turns.items() if turn not in taken):
            reads = next_reading(db, settings, region, digest.subscription(db, settings.team, region.id), now)
            if reads is not None and reads - now <= within:
                yield Coming(settings, region, reads)


def _take(db: Session, coming: Sequence[Coming], now: datetime) -> list[Coming]:
    """Take the turns to prepare; the first of a day also forgets what was kept long enough."""
    if timetable.take(db, timetable.EVERYWHERE, "writing.sweep", now.date().isoformat(), now, now):
        writing.forget_older(db, now - KEPT)
    return [one for one in coming if timetable.take(db, one.settings.team, one.rule, one.period, one.at - LEAD, now)]


RHYTHM = Rhythm(tick, next_due)
