"""What is done about a post of which nobody knows whether it arrived: it is looked up, and never repeated blindly."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.delivery import (
    LOOK_AGAIN,
    OUTAGE_LIMIT,
    REPEATABLE,
    SAID_THERE,
    UNFOUND,
    UNSURE,
    Operation,
    Outcome,
    Reply,
    Whereabouts,
    calls_people,
    classify,
    is_busy,
    is_shut_out,
    may_repeat,
    wait_before_retry,
    whereabouts,
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
MOST_LOOKS = 40
"""So often something that a person saw is looked for in a history that does not answer: some ten minutes."""
FAILURES = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError)


class Reconciler:
    """Settles posts of unknown outcome. `rest` is told how long the courier leaves one alone."""

    def __init__(self, world: World, maker: Maker, rest: Callable[[int, timedelta], None]) -> None:
        self._world = world
        self._maker = maker
        self._rest = rest
        self._looks: Counter[int] = Counter()

    async def settle(self, parcel: Parcel) -> bool:
        """Look whether it arrived. True when nothing more is to be done now; False when it is to be posted (again)."""
        if parcel.operation in REPEATABLE:
            return False
        if parcel.error == SAID_THERE:
            await self._look_up(parcel, patient=True)
            return True
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
        except FAILURES as error:
            reply = _reply(error)
            log.warning("history unreadable", key=parcel.key, error=reply.error)
            return await self._unreadable(parcel, letter, reply)
        if found is None:
            if parcel.operation is Operation.POST:
                await self._repeat(parcel)
            return False
        await self._found(parcel, found, letter.channel)
        return True

    async def recover(self, change: Parcel) -> None:
        """Look once for a message that is to be changed, where nobody knows whether it stands in Slack."""

        def look(db: Session) -> Parcel | None:
            if change.target_key is None or delivery.sent(db, change.team, change.target_key) is not None:
                return None
            return delivery.parcel(db, change.team, change.target_key)

        target = await self._world.database.read(look)
        if target is not None and whereabouts(target.state, target.error) is not Whereabouts.NOWHERE:
            await self._look_up(target, patient=False)

    async def _look_up(self, parcel: Parcel, *, patient: bool) -> None:
        """Find out where something stands that a person saw, or gave up. A `patient` look is repeated for a while."""
        letter = await self._maker.make(parcel, looking=True)
        found: str | None = None
        why = UNSURE
        if isinstance(letter, Letter) and letter.channel:
            since = (parcel.started_at or self._world.now()) - BEFORE
            try:
                found = await find(self._world, parcel, letter, since)
            except NoInstallation:
                await pause(self._world, parcel.team, EVERYTHING, PAUSED.error)
                return
            except FAILURES as error:
                reply = _reply(error)
                log.warning("history unreadable", key=parcel.key, error=reply.error)
                if is_shut_out(reply):
                    await pause(self._world, parcel.team, EVERYTHING, reply.error)
                    return
                self._looks[parcel.id] += 1
                if patient and classify(reply) is not Outcome.REFUSED and self._looks[parcel.id] < MOST_LOOKS:
                    await self._look_later(parcel, reply, SAID_THERE)
                    return
            else:
                why = UNFOUND
        self._looks.pop(parcel.id, None)
        now = self._world.now()
        if found is not None and isinstance(letter, Letter):
            ts, channel = found, letter.channel
            await self._world.database.write(lambda db: delivery.found(db, parcel, ts, channel, now))
        elif patient or why == UNFOUND:
            await self._world.database.write(lambda db: delivery.not_found(db, parcel, why, now))

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
            await self._look_later(parcel, reply, UNSURE)
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

    async def _look_later(self, parcel: Parcel, reply: Reply, why: str) -> None:
        wait = timedelta(seconds=wait_before_retry(reply, 1) if is_busy(reply) else LOOK_AGAIN)
        again = self._world.now() + wait
        self._rest(parcel.id, wait)
        await self._world.database.write(lambda db: delivery.record_unknown(db, parcel.id, parcel.attempt, again, why))


def _reply(error: BaseException) -> Reply:
    """Read what came instead of a page of history; an empty word of Slack's says nothing in a log."""
    reply = reply_of(error) if isinstance(error, SlackApiError) else Reply(error=type(error).__name__)
    return reply if reply.error else replace(reply, error=type(error).__name__)
