"""What is written down about a parcel that did not arrive, or of which nobody knows: it waits, rests, or is parked."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from bot.delivery import (
    MOST_ATTEMPTS_OUTAGE,
    UNSURE,
    Outcome,
    Reply,
    RowState,
    classify,
    is_busy,
    is_hopeless,
    rest_after,
    wait_before_retry,
)
from handlers.delivery.pausing import needs_of, pause
from handlers.delivery.sending import SCOPES
from handlers.world import World
from storage import delivery
from storage.delivery import EVERYTHING, Parcel

log = structlog.get_logger()


class Outcomes:
    """Writes down what became of parcels. `rest` is told how long the courier leaves one alone."""

    def __init__(self, world: World, quarantine: timedelta, rest: Callable[[int, timedelta], None]) -> None:
        self._world = world
        self._quarantine = quarantine
        self._rest = rest

    async def not_sent(self, parcel: Parcel, reply: Reply, method: str) -> None:
        """It surely did not leave, or leaving twice is harmless: wait, pause the workspace, or leave it to a person."""
        needs = needs_of(reply, method)
        if needs is not None:
            await pause(self._world, parcel.team, needs, reply.error)
        if needs == EVERYTHING:  # no message is to blame: it waits until Slack lets Oogst in again
            now = self._world.now()
            await self._world.database.write(
                lambda db: delivery.record_later(db, parcel.id, parcel.attempt, now, reply.error)
            )
        elif needs is not None:
            await self.park(parcel, delivery.lacking(needs))
        elif classify(reply) is Outcome.REFUSED and reply.error:
            await self.park(parcel, reply.error)
        else:
            if is_busy(reply) and method != "chat.postMessage":
                self._world.turns.hold(parcel.team, method, wait_before_retry(reply, parcel.attempt))
            await self.later(parcel, reply)

    async def unknown(self, parcel: Parcel, reply: Reply) -> None:
        """Nobody knows whether it arrived: it rests, and then it is looked up."""
        if parcel.attempt >= MOST_ATTEMPTS_OUTAGE:
            await self.park(parcel, UNSURE)
            return
        log.warning("parcel unknown", key=parcel.key, kind=parcel.kind, error=reply.error, status=reply.status)
        rest = max(rest_after(parcel.attempt), self._quarantine)
        self._rest(parcel.id, rest)
        again = self._world.now() + rest
        await self._world.database.write(
            lambda db: delivery.record_unknown(db, parcel.id, parcel.attempt, again, reply.error)
        )

    async def lacks_right(self, parcel: Parcel, method: str) -> bool:
        """Park what needs a right that this workspace is known not to give, without asking Slack once more."""
        needs = SCOPES[method]
        found = await self._world.database.read(partial(delivery.pauses, team=parcel.team))
        if not any(each.needs == needs for each in found):
            return False
        await self.park(parcel, delivery.lacking(needs))
        return True

    async def later(self, parcel: Parcel, reply: Reply) -> None:
        """Put back what did not leave, for as long as there is hope."""
        if is_hopeless(reply, parcel.attempt):
            await self.park(parcel, reply.error)
            return
        again = self._world.now() + timedelta(seconds=wait_before_retry(reply, parcel.attempt))
        await self._world.database.write(
            lambda db: delivery.record_later(db, parcel.id, parcel.attempt, again, reply.error)
        )

    async def park(self, parcel: Parcel, why: str) -> None:
        """Leave it to a person."""
        log.warning("parcel parked", key=parcel.key, kind=parcel.kind, error=why)
        now = self._world.now()
        await self._world.database.write(lambda db: delivery.record_parked(db, parcel.id, parcel.attempt, why, now))

    async def drop(self, parcel: Parcel, why: str) -> None:
        """Send it never."""
        await self._world.database.write(
            lambda db: delivery.record_state(db, parcel.id, parcel.attempt, RowState.DROPPED, why)
        )
