"""The courier: brings what the outbox owes to Slack, in order, one a second per channel, never blindly twice."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog
from sqlmodel import Session

from bot.delivery import POST_TIMEOUT, QUARANTINE, REPEATABLE, Outcome, Reply, RowState, classify
from handlers.delivery.letters import NOTHING, Letter, Maker, Render
from handlers.delivery.outcomes import Outcomes
from handlers.delivery.reconciling import Reconciler
from handlers.delivery.sending import direct_channel, method_of, send
from handlers.world import World
from storage import delivery, nudges, programme
from storage.crashpoints import crashpoint
from storage.delivery import Parcel

log = structlog.get_logger()

MOST_LANES = 100
"""Channels and people of one workspace that are served at a time; the others have their turn as these are done."""
LOOK_EVERY = 1.0
"""Seconds between two looks at the outbox when nobody knocks."""


class Courier:
    """Drains the outbox. One lane (a channel or a person) is served by one task at a time.

    What rests, and how long, is measured by a clock that never runs back; what an earlier process left behind, by the
    one on the wall. `post_seconds` is how long one call may take.
    """

    def __init__(
        self,
        world: World,
        kinds: Mapping[str, Render],
        quarantine: timedelta = QUARANTINE,
        *,
        post_seconds: float = POST_TIMEOUT,
    ) -> None:
        self._world = world
        self._quarantine = quarantine
        self._post_seconds = post_seconds
        self._maker = Maker(world, kinds)
        self._outcomes = Outcomes(world, quarantine, self._rest)
        self._reconciler = Reconciler(world, self._maker, self._rest)
        self._wake = asyncio.Event()
        self._looking = False
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._in_hand: dict[str, Parcel] = {}
        self._rests: dict[int, float] = {}
        self._let_go: dict[int, int] = {}
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
        return not self._lanes and not self._knocked and not self._looking

    @property
    def _knocked(self) -> bool:
        """Whether a look is to come; where jobs say what to deliver, nobody looks by himself."""
        return self._loop is not None and self._wake.is_set()

    @property
    def serving(self) -> int:
        """How many lanes are being served; all of them may be waiting for their turn."""
        return len(self._lanes) if not self._knocked and not self._looking else -1

    async def stop(self, seconds: float) -> None:
        """Finish the posts under way, for at most this long, and stop. What waits for its turn stays planned."""
        if self._loop is not None:
            self._loop.cancel()
        for lane, parcel in list(self._in_hand.items()):
            if parcel.state is not RowState.SENDING:
                self._lanes[lane].cancel()
        if self._lanes:
            await asyncio.wait(list(self._lanes.values()), timeout=seconds)

    async def _run(self) -> None:
        while True:
            self._looking = True
            await self._world.acks.first()
            self._wake.clear()
            try:
                self._world.liveness.courier = self._world.clock.monotonic()
                await self._dispatch()
                wait = LOOK_EVERY
            except Exception as error:  # one bad look at the database must not end all delivery
                log.error("courier", error=type(error).__name__, exc_info=error)
                wait = 5.0
            self._looking = False
            try:
                async with asyncio.timeout(wait):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def due(self, place: tuple[str, str] | None = None) -> list[Parcel]:
        """Return the first parcel of each place (or of this one) for which something can be done now, if any."""
        now, monotonic = self._world.now(), self._world.clock.monotonic()
        for number, attempt in list(self._let_go.items()):
            await self._world.database.write(partial(delivery.release, parcel_id=number, attempt=attempt))
            del self._let_go[number]
        look = partial(
            delivery.due,
            now=now,
            quarantined_before=now - self._quarantine,
            busy=[parcel.id for parcel in self._in_hand.values()],
            resting=[number for number, until in self._rests.items() if until > monotonic],
            rested=[number for number, until in self._rests.items() if until <= monotonic],
            place=place,
        )
        return await self._world.database.read(look)

    async def deliver(self, team: str, place: str) -> None:
        """Serve one channel or person until nothing is due there: what a job asks of one of several processes."""
        left = await self._world.database.read(partial(delivery.last_left, team=team, place=place))
        if left is not None:
            self._world.turns.left(f"{team}:{place}", (self._world.now() - left).total_seconds())
        while found := await self.due((team, place)):
            if found[0].lane in self._lanes:
                return
            task = self._begin(found[0])
            await asyncio.wait([task])
            if task.cancelled() or task.exception() is not None:
                return

    async def _dispatch(self) -> None:
        served = Counter(parcel.team for parcel in self._in_hand.values())
        for parcel in await self.due():
            if parcel.lane not in self._lanes and served[parcel.team] < MOST_LANES:
                served[parcel.team] += 1
                self._begin(parcel)

    def _begin(self, parcel: Parcel) -> asyncio.Task[None]:
        self._rests.pop(parcel.id, None)
        self._in_hand[parcel.lane] = parcel
        task = asyncio.get_running_loop().create_task(self._serve(parcel))
        self._lanes[parcel.lane] = task
        task.add_done_callback(partial(self._served, parcel.lane))
        return task

    def _served(self, lane: str, task: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        parcel = self._in_hand.pop(lane)
        if task.cancelled():
            return
        if task.exception() is None:
            self._wake.set()
        else:  # without a knock: what failed is looked at again at the next round, not at once and for ever
            log.error("parcel", error=type(task.exception()).__name__, exc_info=task.exception())
            if parcel.state is RowState.SENDING:  # whatever the clock on the wall says of its lease
                self._let_go[parcel.id] = parcel.attempt
                self._rest(parcel.id, self._quarantine)

    def _rest(self, number: int, wait: timedelta) -> None:
        self._rests[number] = self._world.clock.monotonic() + wait.total_seconds()

    async def _serve(self, looked_at: Parcel) -> None:
        if looked_at.state is not RowState.PLANNED and await self._reconciler.settle(looked_at):
            return
        if looked_at.target_key:
            await self._reconciler.recover(looked_at)
        await self._have_turn(looked_at)
        await self._world.acks.first()
        now = self._world.now()
        parcel = await self._world.database.write(partial(self._take, looked_at))
        if parcel is None:
            return
        self._in_hand[parcel.lane] = parcel
        crashpoint("claim.after")
        if parcel.not_after is not None and now >= parcel.not_after:
            await self._outcomes.drop(parcel, "too late")
            return
        letter = await self._maker.make(parcel)
        if isinstance(letter, Reply):
            await self._outcomes.later(parcel, letter)
            return
        if isinstance(letter, str):
            await (self._outcomes.drop(parcel, letter) if letter == NOTHING else self._outcomes.park(parcel, letter))
            return
        if not letter.channel and await self._outcomes.lacks_right(parcel, "conversations.open"):
            return
        channel = letter.channel or await direct_channel(self._world, parcel)
        if isinstance(channel, Reply):
            await self._outcomes.not_sent(parcel, channel, "conversations.open")
            return
        if not await self._outcomes.lacks_right(parcel, method_of(parcel)):
            await self._send(parcel, letter, channel)

    async def _have_turn(self, parcel: Parcel) -> None:
        """Wait for every call that this parcel needs, before it is claimed: a lease does not run out in a queue."""
        if parcel.user is not None and not parcel.target_key:
            member = await self._world.database.read(partial(programme.member, team=parcel.team, user=parcel.user))
            if member.direct_channel is None:
                await self._world.turns.wait(parcel.team, "conversations.open")
        lane = None if parcel.operation in REPEATABLE else parcel.lane
        await self._world.turns.wait(parcel.team, method_of(parcel), lane)

    def _take(self, looked_at: Parcel, db: Session) -> Parcel | None:
        """Claim it, unless it was taken back, answered or put off while it waited for its turn."""
        now = self._world.now()
        parcel = delivery.parcel(db, looked_at.team, looked_at.key)
        if parcel is None or (parcel.attempt, parcel.state) != (looked_at.attempt, looked_at.state):
            return None
        if nudges.hold(db, parcel, now):
            return None
        if not delivery.claim(db, parcel.id, parcel.attempt, now, now + self._quarantine):
            return None
        return delivery.parcel(db, parcel.team, parcel.key)

    async def _send(self, parcel: Parcel, letter: Letter, channel: str) -> None:
        crashpoint("post.before")
        try:
            reply = await send(self._world, parcel, letter, channel, self._post_seconds)
        finally:
            if parcel.operation not in REPEATABLE:
                self._world.turns.used(parcel.lane)
        crashpoint("answer.after")
        outcome = classify(reply)
        self._world.tally.posts[parcel.kind, outcome.value] += 1
        if outcome is Outcome.SENT:
            now = self._world.now()
            await self._world.database.write(
                lambda db: delivery.record_sent(db, parcel.id, parcel.attempt, reply.ts, channel, now)
            )
            crashpoint("record.after")
        elif outcome is Outcome.UNKNOWN and parcel.operation not in REPEATABLE:
            await self._outcomes.unknown(parcel, reply)
        else:
            await self._outcomes.not_sent(parcel, reply, method_of(parcel))
