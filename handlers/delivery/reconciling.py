"""What is done about a post of which nobody knows whether it arrived: it is looked up, and never repeated blindly."""

from collections.abc import Callable
from datetime import timedelta

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.delivery import (
    LOOK_AGAIN,
    OUTAGE_LIMIT,
    REPEATABLE,
    UNSURE,
    Operation,
    Outcome,
    Reply,
    calls_people,
    classify,
    is_busy,
    is_shut_out,
    may_repeat,
    wait_before_retry,
)
from handlers.clients import NoInstallation
from handlers.delivery.finding import find
from handlers.delivery.letters import Letter, Maker
from handlers.delivery.pausing import pause
from handlers.delivery.sending import PAUSED, reply_of
from handlers.world import World
from storage import delivery
from storage.delivery import EVERYTHING, Parcel

log = structlog.get_logger()

BEFORE = timedelta(seconds=120)
"""So much earlier than our own clock says a post may stand in Slack's history."""


class Reconciler:
    """Settles posts of unknown outcome. `rest` is told how long the courier leaves one alone."""

    def __init__(self, world: World, maker: Maker, rest: Callable[[int, timedelta], None]) -> None:
        self._world = world
        self._maker = maker
        self._rest = rest

    async def settle(self, parcel: Parcel) -> bool:
        """Look whether it arrived. True when nothing more is to be done now; False when it is to be posted (again)."""
        if parcel.operation in REPEATABLE:
            return False
        letter = await self._maker.make(parcel, looking=True)
        if isinstance(letter, Reply):
            return await self._park(parcel)
        if isinstance(letter, str) or not letter.channel:
            return False
        since = (parcel.started_at or self._world.now()) - BEFORE
        try:
            found = await find(self._world, parcel, letter, since)
        except NoInstallation:
            await pause(self._world, parcel.team, EVERYTHING, PAUSED.error)
            return True
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            reply = reply_of(error) if isinstance(error, SlackApiError) else Reply(error=type(error).__name__)
            log.warning("history unreadable", key=parcel.key, error=reply.error or type(error).__name__)
            return await self._unreadable(parcel, letter, reply)
        if found is None:
            if parcel.operation is Operation.POST:
                await self._repeat(parcel)
            return False
        await self._found(parcel, found, letter.channel)
        return True

    async def _found(self, parcel: Parcel, ts: str, channel: str) -> None:
        now = self._world.now()
        await self._world.database.write(
            lambda db: delivery.record_sent(db, parcel.id, parcel.attempt, ts, channel, now)
        )

    async def _unreadable(self, parcel: Parcel, letter: Letter, reply: Reply) -> bool:
        """History cannot be read. For a while that is waited for; then it is decided without it."""
        if is_shut_out(reply):
            await pause(self._world, parcel.team, EVERYTHING, reply.error)
            return True
        waited = self._world.now() - (parcel.started_at or self._world.now())
        if classify(reply) is not Outcome.REFUSED and waited < OUTAGE_LIMIT:
            seconds = wait_before_retry(reply, 1) if is_busy(reply) else LOOK_AGAIN
            await self._look_later(parcel, timedelta(seconds=seconds))
            return True
        words = await self._maker.make(parcel)
        if isinstance(words, Letter):
            calls = calls_people(words.body.text, [block.to_dict() for block in words.body.blocks])
            direct = parcel.user is not None or letter.channel.startswith("D")
            if may_repeat(parcel.kind, direct=direct, calls=calls, repeated=parcel.maybe_double):
                await self._repeat(parcel)
                return False
        return await self._park(parcel)

    async def _repeat(self, parcel: Parcel) -> None:
        await self._world.database.write(lambda db: delivery.record_repeated(db, parcel.id, parcel.attempt))

    async def _park(self, parcel: Parcel) -> bool:
        log.warning("parcel parked", key=parcel.key, kind=parcel.kind, error=UNSURE)
        now = self._world.now()
        await self._world.database.write(lambda db: delivery.record_parked(db, parcel.id, parcel.attempt, UNSURE, now))
        return True

    async def _look_later(self, parcel: Parcel, wait: timedelta) -> None:
        again = self._world.now() + wait
        self._rest(parcel.id, wait)
        await self._world.database.write(
            lambda db: delivery.record_unknown(db, parcel.id, parcel.attempt, again, UNSURE)
        )
