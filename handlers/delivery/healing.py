"""Once a day each channel is looked over: of a message that stands in it twice, the later copy is taken away.

A second copy can only be there where Slack showed a post later than the quarantine, or repeated one by itself. One page
of history is read a minute and per workspace, also where Slack would allow more; what was done today is remembered in
the tables, so that a restart neither skips nor repeats a channel.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.calendar import at_clock
from bot.programme import Programme
from handlers.clients import NoInstallation
from handlers.delivery.finding import is_ours, mark_of, read
from handlers.delivery.letters import fingerprint
from handlers.delivery.sending import reply_of
from handlers.world import World
from storage import audit, delivery, programme, timetable
from storage.crashpoints import crashpoint
from storage.delivery import Place, Spoken

log = structlog.get_logger()

AT = "04:00"
"""From this hour on the channels of the day before are looked over, by the clock of the programme."""
LOOK_BACK = timedelta(hours=36)
SETTLED = timedelta(minutes=15)
"""What was posted less long ago is looked at tomorrow."""
EVERY = timedelta(minutes=1)
PAGE = 100
GONE = "message_not_found"


async def heal(world: World, now: datetime) -> None:
    """Look over the next channel of every workspace whose turn it is; called at every tick."""
    for settings in await world.database.read(programme.programmes):
        place = await world.database.read(partial(_next, settings, now))
        if place is not None:
            await _look_over(world, settings, place, now)


def _next(settings: Programme, now: datetime, db: Session) -> Place | None:
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    opens = at_clock(today, AT, settings.timezone)
    if now < opens:
        return None
    looked = timetable.last(db, settings.team, _rule(settings.team))
    if looked is not None and now - looked < EVERY:
        return None
    if delivery.pauses(db, settings.team):
        return None
    for place in delivery.places(db, settings.team, opens - LOOK_BACK, now - SETTLED):
        if not timetable.taken(db, settings.team, _rule(settings.team), f"{today.isoformat()}:{place.name}"):
            return place
    return None


def _rule(team: str) -> str:
    return f"heal:{team}"


async def _look_over(world: World, settings: Programme, place: Place, now: datetime) -> None:
    crashpoint("heal.before")
    today = now.astimezone(ZoneInfo(settings.timezone)).date()

    def take(db: Session) -> bool:
        period = f"{today.isoformat()}:{place.name}"
        return timetable.take(db, settings.team, _rule(settings.team), period, now, now)

    try:
        copies = await _copies(world, settings, place)
        for spoken, found in copies.items():
            await _keep_first(world, settings.team, place, spoken, found)
    except NoInstallation:
        return
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        reason = reply_of(error).error if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("channel not looked over", team=settings.team, channel=place.channel, error=reason)
        await world.database.write(take)
        return

    def done(db: Session) -> None:
        take(db)
        delivery.clear(db, settings.team, [spoken.id for spoken in place.spoken if spoken.maybe_double])

    await world.database.write(done)


async def _copies(world: World, settings: Programme, place: Place) -> Mapping[Spoken, list[str]]:
    """Return where each of our messages stands in this place, oldest first; one page is read."""
    marks = {fingerprint(settings, spoken.key): spoken for spoken in place.spoken}
    since = min(spoken.started_at for spoken in place.spoken) - SETTLED
    found: dict[Spoken, list[str]] = defaultdict(list)
    number = 0
    async for message in read(world, settings.team, place.channel, place.thread_ts, since, limit=PAGE):
        spoken = marks.get(mark_of(message))
        if spoken is not None and is_ours(message, settings):
            found[spoken].append(str(message["ts"]))
        number += 1
        if number >= PAGE:
            break
    return {spoken: sorted(copies) for spoken, copies in found.items() if len(copies) > 1}


async def _keep_first(world: World, team: str, place: Place, spoken: Spoken, copies: list[str]) -> None:
    kept = spoken.ts if spoken.ts in copies else copies[0]
    for ts in copies:
        if ts == kept:
            continue
        try:
            answer: Any = await world.slack_of(team).chat_delete(channel=place.channel, ts=ts)
        except SlackApiError as error:
            if reply_of(error).error != GONE:
                raise
        else:
            log.warning("double removed", team=team, key=spoken.key, channel=place.channel, kept=kept, ok=answer["ok"])
        now = world.now()

        def note(db: Session, ts: str = ts, now: datetime = now) -> None:
            delivery.count_double(db, team, spoken.id, kept)
            details = {"channel": place.channel, "kept": kept, "removed": ts}
            audit.record(db, team, audit.Deed.HEALED, now, subject=spoken.key, details=details)

        await world.database.write(note)
