"""The one thread that writes: it takes all works that wait, commits once, and only then lets all of them answer.

Each work has a savepoint of its own, so that a failing one takes nobody else's with it. Works of the same kind may be
handed over together: they share their reading, which is most of what a click costs.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.crashpoints import crashpoint

T = TypeVar("T")
Item = TypeVar("Item")
Work = Callable[[Session], T]
Together = Callable[[Session, Sequence[Any]], Sequence[Any]]
"""Does the same for many items: one result for each, in order; an exception among them is for that caller alone."""

LARGEST_BATCH = 1024
LONGEST_BATCH = 0.25
"""Seconds of work after which what is done is committed: whoever came first hears so before the last is done."""


@dataclass(frozen=True)
class Asked:
    """A work, or an item for a work for many, and where its caller waits for what comes of it."""

    work: Work[Any] | None
    together: Together | None
    item: Any
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits; from here on a `Future` of threads can no longer be given up."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


Outcome = tuple[Asked, Any, BaseException | None]


class Kind(Protocol):
    """What is particular to a kind of database: `storage.database.sqlite` and `storage.database.postgresql`."""

    @property
    def NEXT_SAVEPOINT(self) -> tuple[str, ...]:
        """The statements with which the next work begins."""

    @property
    def PATIENCE(self) -> tuple[float, ...]:
        """Seconds to wait before each next attempt, when the database gave up for a reason that passes."""

    def make_engine(self, location: str, lock_wait: float) -> Engine:
        """Return an engine whose transactions begin as readers or as writers from the start."""

    def check(self, location: str, lock_wait: float) -> None:
        """Make sure that the database can be used. Raises Unusable."""

    def tidied(self, engine: Engine) -> bool:
        """Take away what deleted words left; returns False when that has to wait."""

    def run(self, driver: Any, statement: str) -> None:
        """Send a statement about the transaction itself."""

    def in_transaction(self, driver: Any) -> bool:
        """Tell whether the transaction is still there."""

    def passes(self, error: BaseException) -> bool:
        """Tell whether an error may be gone when the same is tried again."""

    def lost(self, error: BaseException) -> bool:
        """Tell whether an error means that connections are no good any more."""


class Writer:
    """Makes every change to the database, in order. Close it on the way out."""

    def __init__(self, engine: Engine, kind: Kind, stopwatch: Callable[[], float] = time.perf_counter) -> None:
        self._engine = engine
        self._kind = kind
        self._stopwatch = stopwatch
        self._closing = threading.Event()
        self._waiting: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self.commits = 0
        """How often something was written; what was overwritten stands in the log until that is emptied."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def ask(self, work: Work[T]) -> "Future[T]":
        """Hand in a work from any thread. Raises RuntimeError once the writer is closed."""
        future: Future[T] = Future()
        self._put(Asked(work, None, None, future, None))
        return future

    async def do(self, work: Work[T]) -> T:
        """Hand in a work, and wait until it is on disk."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(Asked(work, None, None, future, loop))
        return await future

    async def do_together(self, together: Callable[[Session, Sequence[Item]], Sequence[Any]], item: Item) -> Any:
        """Hand in one item for a work for many, and wait until it is on disk."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._put(Asked(None, together, item, future, loop))
        return await future

    def close(self) -> None:
        """Finish what was asked. Whoever asks later gets a RuntimeError, so no ack leaves."""
        with self._door:
            self._closed = True
            self._closing.set()
            self._waiting.put(None)
        self._thread.join()

    def _put(self, asked: Asked) -> None:
        with self._door:
            if self._closed:
                raise RuntimeError("the database is closed")
            self._waiting.put(asked)

    def _run(self) -> None:
        batch: list[Asked] = []
        try:
            stop = False
            while not stop:
                batch, stop = self._next_batch()
                if batch:
                    self._commit([asked for asked in batch if asked.wanted])
        except BaseException as error:  # a fault of ours: nobody may wait for ever for a thread that has ended
            self._give_up(batch, error)
            raise

    def _give_up(self, batch: list[Asked], error: BaseException) -> None:
        with self._door:
            self._closed = True
            while True:
                try:
                    asked = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if asked is not None:
                    batch.append(asked)
        _settle([(asked, None, error) for asked in batch if not asked.future.done()])

    def _next_batch(self) -> tuple[list[Asked], bool]:
        batch: list[Asked] = []
        item = self._waiting.get()
        while item is not None:
            batch.append(item)
            if len(batch) == LARGEST_BATCH:
                return batch, False
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: Sequence[Asked]) -> None:
        steps = _shared(batch)
        while steps:
            try:
                outcomes = self._done(steps)
            except _Undone:
                # the one that did it fails alone; the others are done after all
                for asked in (each for step in steps for each in step):
                    _settle(self._done([[asked]]))
                return
            _settle(outcomes)
            heard = {id(asked) for asked, _, _ in outcomes}
            steps = [step for step in steps if id(step[0]) not in heard]

    def _done(self, steps: Sequence[Sequence[Asked]]) -> list[Outcome]:
        """Do these works in one transaction, more than once when the database gives up for a reason that passes.

        Those for which there was no time (`LONGEST_BATCH`) are missing in what is returned. Raises _Undone when one of
        several took the transaction down with it.
        """
        several = len(steps) > 1 or any(len(step) > 1 for step in steps)
        for wait in (*self._kind.PATIENCE, None):
            try:
                return self._tried(steps)
            except _Passing as passing:
                error: BaseException = passing.reason
                if self._kind.lost(error):
                    self._engine.dispose()  # the others in the pool are as old
                if wait is not None and not self._closing.wait(wait):
                    continue
            except _Undone as undone:
                if several:
                    raise
                error = undone.reason
            except BaseException as reason:  # noqa: BLE001 - nothing is on disk: everybody has to hear so
                error = reason
            break
        return [(asked, None, error) for step in steps for asked in step]

    def _tried(self, steps: Sequence[Sequence[Asked]]) -> list[Outcome]:
        """Try it once. Raises _Passing when nothing was committed and trying again may help."""
        outcomes: list[Outcome] = []
        committing = False
        try:
            with self._engine.connect() as connection, connection.begin():
                self._work(connection, steps, outcomes)
                crashpoint("effect.after")
                committing = True
        except DBAPIError as error:
            # whether a commit that fails is on disk, nobody knows: that is never tried again
            if committing or not self._kind.passes(error):
                raise
            raise _Passing(error) from error
        self.commits += 1
        return outcomes

    def _work(self, connection: Connection, steps: Sequence[Sequence[Asked]], outcomes: list[Outcome]) -> None:
        """Do the works one after another, each from a savepoint of its own; one work alone needs none.

        Stops where it takes too long: what is left is for the next transaction.
        """
        kind, driver = self._kind, connection.connection.driver_connection
        begins: tuple[str, ...] = ("SAVEPOINT work",) if len(steps) > 1 else ()
        until = self._stopwatch() + LONGEST_BATCH
        for step in steps:
            if outcomes and self._stopwatch() >= until:
                return
            for statement in begins:
                kind.run(driver, statement)
            try:
                with Session(connection, join_transaction_mode="rollback_only") as session:
                    results = _results(session, step)
                    session.flush()
                outcomes += [
                    (asked, None, result) if isinstance(result, BaseException) else (asked, result, None)
                    for asked, result in zip(step, results, strict=True)
                ]
                begins = kind.NEXT_SAVEPOINT
            except BaseException as error:  # whatever a work raises belongs to its caller
                if kind.passes(error):
                    raise
                if len(steps) == 1 or len(step) > 1 or not kind.in_transaction(driver):
                    # a flush that fails, a full disk: all of the transaction is gone, not just this work;
                    # or one of many, nobody knows which
                    raise _Undone(error) from error
                outcomes.append((step[0], None, error))
                kind.run(driver, "ROLLBACK TO work")
                begins = ()  # the savepoint is still there


class _Passing(Exception):
    """The database gave up, nothing is on disk, and trying again may help."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.reason = reason


class _Undone(Exception):
    """A work failed in a way that undid the whole transaction."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.reason = reason


def _shared(batch: Sequence[Asked]) -> list[list[Asked]]:
    """Put neighbours of the same work for many into one step; what was asked between two of them stays between them.

    Somebody who clears their choices and at once makes a new one has to end up with the new one.
    """
    steps: list[list[Asked]] = []
    for asked in batch:
        if steps and asked.together is not None and asked.together == steps[-1][0].together:
            steps[-1].append(asked)
        else:
            steps.append([asked])
    return steps


def _results(session: Session, step: Sequence[Asked]) -> Sequence[Any]:
    first = step[0]
    if first.work is not None:
        return [first.work(session)]
    assert first.together is not None
    return first.together(session, [asked.item for asked in step])


def _settle(outcomes: Sequence[Outcome]) -> None:
    """Let everybody hear what came of it; a loop is woken once, however many wait in it."""
    loops: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for asked, result, error in outcomes:
        if asked.loop is not None:
            loops.setdefault(asked.loop, []).append((asked, result, error))
        else:
            _tell(asked.future, result, error)
    for loop, waiting in loops.items():
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
            loop.call_soon_threadsafe(_tell_all, waiting)


def _tell_all(outcomes: Sequence[Outcome]) -> None:
    for asked, result, error in outcomes:
        if not asked.future.done():
            _tell(asked.future, result, error)


def _tell(future: "Future[Any] | asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
