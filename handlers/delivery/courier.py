"""The courier: brings what the outbox owes to Slack, in order, one a second per channel, never blindly twice."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.delivery import (
    PACE,
    QUARANTINE,
    REPEATABLE,
    Outcome,
    Reply,
    RowState,
    classify,
    is_hopeless,
    wait_before_retry,
)
from handlers.delivery.finding import find
from handlers.delivery.letters import NOTHING, Render, make
from handlers.delivery.sending import direct_channel, reply_of, send
from handlers.world import World
from storage import delivery, nudges
from storage.crashpoints import crashpoint
from storage.delivery import Parcel

log = structlog.get_logger()


class Courier:
    """Drains the outbox. One lane (a channel or a person) is served by one task at a time."""

    def __init__(self, world: World, kinds: Mapping[str, Render], quarantine: timedelta = QUARANTINE) -> None:
        self._world = world
        self._kinds = kinds
        self._quarantine = quarantine
        self._wake = asyncio.Event()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._last_post: dict[str, float] = {}
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin. Whatever an earlier process was sending has an unknown outcome, and is looked up first."""
        await self._world.database.write(delivery.take_over)
        self._loop = asyncio.get_running_loop().create_task(self._run())

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether no lane is being served and nobody knocked."""
        return not self._lanes and not self._wake.is_set()

    async def stop(self, seconds: float) -> None:
        """Finish the posts under way, for at most this long, and stop."""
        if self._loop is not None:
            self._loop.cancel()
        if self._lanes:
            await asyncio.wait(list(self._lanes.values()), timeout=seconds)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                wait = await self._dispatch()
            except Exception as error:  # one bad look at the database must not end all delivery
                log.error("courier", error=type(error).__name__, exc_info=error)
                wait = 5.0
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _dispatch(self) -> float:
        now = self._world.now()
        parcels = await self._world.database.read(lambda db: delivery.due(db, now, now - self._quarantine))
        for parcel in parcels:
            if parcel.lane not in self._lanes:
                task = asyncio.get_running_loop().create_task(self._serve(parcel))
                self._lanes[parcel.lane] = task
                task.add_done_callback(partial(self._served, parcel.lane))
        return 1.0

    def _served(self, lane: str, task: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        if task.cancelled():
            return
        if task.exception() is None:
            self._wake.set()
        else:  # without a knock: what failed is looked at again at the next round, not at once and for ever
            log.error("parcel", error=type(task.exception()).__name__, exc_info=task.exception())

    async def _serve(self, parcel: Parcel) -> None:
        if parcel.state is not RowState.PLANNED and await self._reconcile(parcel):
            return
        now = self._world.now()
        if parcel.nudge and await self._world.database.write(lambda db: nudges.hold(db, parcel, now)):
            return
        if not await self._world.database.write(
            lambda db: delivery.claim(db, parcel.id, parcel.attempt, now, now + self._quarantine)
        ):
            return
        crashpoint("claim.after")
        attempt = parcel.attempt + 1
        if parcel.not_after is not None and now >= parcel.not_after:
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, attempt, RowState.DROPPED, "too late")
            )
            return
        try:
            letter = await self._world.database.read(partial(make, self._world, self._kinds, parcel))
        except Exception as error:  # one message that cannot be made must not hold up its channel
            log.error("parcel not made", key=parcel.key, kind=parcel.kind, error=type(error).__name__, exc_info=error)
            await self._later(parcel, attempt, Reply(error=type(error).__name__))
            return
        if isinstance(letter, str):
            state = RowState.DROPPED if letter == NOTHING else RowState.PARKED
            await self._world.database.write(lambda db: delivery.record_state(db, parcel.id, attempt, state, letter))
            return
        channel = letter.channel or await direct_channel(self._world, parcel)
        if isinstance(channel, Reply):
            await self._later(parcel, attempt, channel)
            return
        if parcel.operation not in REPEATABLE:
            await self._keep_pace(parcel.lane)
        crashpoint("post.before")
        reply = await send(self._world, parcel, letter, channel)
        await self._record(parcel, attempt, reply, channel)

    async def _record(self, parcel: Parcel, attempt: int, reply: Reply, channel: str) -> None:
        crashpoint("answer.after")
        outcome = classify(reply)
        now = self._world.now()
        if outcome is Outcome.SENT:
            await self._world.database.write(
                lambda db: delivery.record_sent(db, parcel.id, attempt, reply.ts, channel, now)
            )
            crashpoint("record.after")
        elif outcome is Outcome.NOT_SENT or (outcome is Outcome.UNKNOWN and parcel.operation in REPEATABLE):
            await self._later(parcel, attempt, reply)
        else:
            state = RowState.PARKED if outcome is Outcome.REFUSED else RowState.UNKNOWN
            log.warning(
                "parcel not delivered",
                key=parcel.key,
                kind=parcel.kind,
                state=state.value,
                error=reply.error,
                status=reply.status,
            )
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, attempt, state, reply.error)
            )

    async def _later(self, parcel: Parcel, attempt: int, reply: Reply) -> None:
        if is_hopeless(reply, attempt):
            log.warning("parcel parked", key=parcel.key, kind=parcel.kind, error=reply.error)
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, attempt, RowState.PARKED, reply.error)
            )
            return
        again = self._world.now() + timedelta(seconds=wait_before_retry(reply, attempt))
        await self._world.database.write(lambda db: delivery.record_later(db, parcel.id, attempt, again, reply.error))

    async def _keep_pace(self, lane: str) -> None:
        clock = self._world.clock
        wait = self._last_post.get(lane, -PACE) + PACE - clock.monotonic()
        if wait > 0:
            await clock.sleep(wait)
        self._last_post[lane] = clock.monotonic()

    async def _reconcile(self, parcel: Parcel) -> bool:
        """Look in Slack's history whether an unknown post arrived; True when nothing more is to be done now."""
        letter = await self._world.database.read(partial(make, self._world, self._kinds, parcel, looking=True))
        if isinstance(letter, str) or not letter.channel or parcel.operation in REPEATABLE:
            return False
        since = (parcel.started_at or self._world.now()) - timedelta(seconds=120)
        try:
            found = await find(self._world, parcel, letter, since)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("history unreadable", key=parcel.key, error=type(error).__name__)
            await self._look_later(parcel, reply_of(error) if isinstance(error, SlackApiError) else Reply())
            return True
        if found is None:
            return False
        now = self._world.now()
        await self._world.database.write(
            lambda db: delivery.record_sent(db, parcel.id, parcel.attempt, found, letter.channel, now)
        )
        return True

    async def _look_later(self, parcel: Parcel, reply: Reply) -> None:
        """History could not be read. Only where Slack refuses it for good, a person has to look."""
        if classify(reply) is Outcome.REFUSED:
            state, reason = RowState.PARKED, "history unreadable"
            await self._world.database.write(
                lambda db: delivery.record_state(db, parcel.id, parcel.attempt, state, reason)
            )
            return
        again = self._world.now() + max(self._quarantine, timedelta(seconds=wait_before_retry(reply, 1)))
        await self._world.database.write(lambda db: delivery.record_unseen(db, parcel.id, parcel.attempt, again))
