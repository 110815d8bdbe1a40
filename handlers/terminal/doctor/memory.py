"""What Oogst keeps, and what it still owes: the database, the programme, the queue and the last digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.delivery import RowState
from bot.programme import Member, Region
from handlers.settings import SlackSettings
from handlers.terminal.doctor.findings import GOOD, OFF, WARNING, WRONG, Finding
from handlers.terminal.workspace import Identity, SlackRefused, Workspace
from handlers.words import Words
from storage import database, delivery, digest, lock, programme

LATE = timedelta(minutes=15)
"""So long may a message wait that is due: Slack may ask for pauses, and an unknown one rests for a minute."""


@dataclass(frozen=True)
class Known:
    """What the database tells of one workspace."""

    regions: list[Region]
    people: list[Member]
    coordinators: list[Member]
    queue: delivery.Queue
    pauses: list[delivery.Pause]
    last_digest: datetime | None


def remembered(
    settings: SlackSettings, words: Words, slack: Workspace, identity: Identity | None, now: datetime | None
) -> Iterator[Finding]:
    """Check the database, and when it is sound and the workspace is known, what stands in it."""
    path = settings.database_path
    if not path.exists():
        yield Finding("database", GOOD, words("doctor.database_new", file=path))
        return
    try:
        database.check(settings.database)
    except database.Unusable as unusable:
        yield Finding("database", WRONG, words("doctor.database_bad", problem=words(unusable.key, **unusable.values)))
        return
    size = f"{path.stat().st_size / 1_000_000:.1f}"
    yield Finding("database", GOOD, words("doctor.database_good", file=path, size=size))
    if identity is None:
        return
    opened = database.Database(settings.database)
    try:
        known = opened.read_now(partial(_known, team=identity.team))
    finally:
        opened.close()
    yield from _programme(known, words, slack, identity)
    yield _running(settings, words)
    yield from paused(known.pauses, words)
    if now is not None:
        yield from queue(known.queue, now, words)
    if known.regions:
        yield _last_digest(known, words)


def _known(db: Session, team: str) -> Known:
    return Known(
        programme.regions(db, team),
        programme.members(db, team),
        programme.coordinators(db, team),
        delivery.queue(db, team),
        delivery.pauses(db, team),
        digest.last_of_all(db, team),
    )


def _programme(known: Known, words: Words, slack: Workspace, identity: Identity) -> Iterator[Finding]:
    """Compare what Oogst remembers with the workspace."""
    line = words(
        "doctor.programme_good",
        regions=words.count("doctor.regions", len(known.regions)),
        people=words.count("doctor.people", len(known.people)),
    )
    yield Finding("programme", GOOD, line)
    if not known.coordinators:
        yield Finding("programme", WARNING, words("doctor.no_coordinator"))
    try:
        joined = {channel.id for channel in slack.channels() if channel.has_bot}
    except SlackRefused as refused:
        yield Finding("channels", WRONG, refused.repair(words))
        return
    missing = [region.name for region in known.regions if region.channel and region.channel not in joined]
    if missing:
        channels = words.list(missing)
        yield Finding("channels", WARNING, words("doctor.channels_missing", channels=channels, handle=identity.handle))
    elif any(region.channel for region in known.regions):
        yield Finding("channels", GOOD, words("doctor.channels_good"))


def _running(settings: SlackSettings, words: Words) -> Finding:
    try:
        with lock.alone(settings.database):
            return Finding("running", OFF, words("doctor.not_running"))
    except lock.Held:
        return Finding("running", GOOD, words("doctor.running"))


def queue(found: delivery.Queue, now: datetime, words: Words) -> Iterator[Finding]:
    """Say what waits to be sent, since when, and what needs a person."""
    waiting = sum(count for state, count in found.counts.items() if state in delivery.OPEN)
    parked = found.counts.get(RowState.PARKED, 0)
    late = found.oldest_due is not None and now - found.oldest_due > LATE
    if not waiting:
        yield Finding("queue", GOOD, words("doctor.queue_empty"))
    elif late and found.oldest_due is not None:
        said = {"messages": words.count("doctor.messages", waiting), "moment": words.moment(found.oldest_due)}
        yield Finding("queue", WARNING, words("doctor.queue_late", **said))
    else:
        yield Finding("queue", GOOD, words("doctor.queue", messages=words.count("doctor.messages", waiting)))
    if parked:
        yield Finding("parked", WARNING, words("doctor.parked", messages=words.count("doctor.messages", parked)))


def paused(pauses: Sequence[delivery.Pause], words: Words) -> Iterator[Finding]:
    """Say in one line what is not sent because Slack does not let Oogst in, or gives no right to it; and since when."""
    if not pauses:
        return
    since = words.moment(min(each.since for each in pauses))
    shut = [each for each in pauses if each.needs == delivery.EVERYTHING]
    if shut:
        line = words("doctor.paused", why=shut[0].why, moment=since)
    else:
        line = words("doctor.paused_right", rights=words.list([each.needs for each in pauses]), moment=since)
    yield Finding("paused", WRONG, line)


def _last_digest(known: Known, words: Words) -> Finding:
    if known.last_digest is None:
        return Finding("last_digest", OFF, words("doctor.no_digest"))
    return Finding("last_digest", GOOD, words("doctor.last_digest", moment=words.moment(known.last_digest)))
