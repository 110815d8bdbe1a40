"""The one thread that writes: it takes all works that wait, commits once, and only then lets all of them answer.

Each work has a savepoint of its own, so that a failing one takes nobody else's with it. Works of the same kind may be
handed over together: they share their reading, which is most of what a click costs.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from storage.crashpoints import crashpoint

T = TypeVar("T")
Item = TypeVar("Item")
Work = Callable[[Session], T]
Together = Callable[[Session, Sequence[Any]], Sequence[Any]]
"""Does the same for many items: one result for each, in order; an exception among them is for that caller alone."""

LARGEST_BATCH = 1024


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


class Writer:
    """Makes every change to the database, in order. Close it on the way out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
            self._waiting.put(None)
        self._thread.join()

    def _put(self, asked: Asked) -> None:
        with self._door:
            if self._closed:
                raise RuntimeError("the database is closed")
            self._waiting.put(asked)

    def _run(self) -> None:
        stop = False
        while not stop:
            batch, stop = self._next_batch()
            if batch:
                self._commit([asked for asked in batch if asked.wanted])

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
        try:
            _settle(self._done(_shared(batch)))
        except _Undone:
            # the one that did it fails alone; the others are done after all
            for asked in batch:
                _settle(self._done([[asked]]))

    def _done(self, steps: Sequence[Sequence[Asked]]) -> list[Outcome]:
        """Do these works in one transaction. Raises _Undone when one of several took the transaction down with it."""
        outcomes: list[Outcome] = []
        several = len(steps) > 1 or any(len(step) > 1 for step in steps)
        try:
            with self._engine.begin() as connection:
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)
                for step in steps:
                    driver.execute("SAVEPOINT work")
                    try:
                        with Session(connection, join_transaction_mode="rollback_only") as session:
                            results = _results(session, step)
                            session.flush()
                        outcomes += [
                            (asked, None, result) if isinstance(result, BaseException) else (asked, result, None)
                            for asked, result in zip(step, results, strict=True)
                        ]
                    except BaseException as error:  # whatever a work raises belongs to its caller
                        if len(step) > 1 or not driver.in_transaction:
                            # a flush that fails, a full disk: all of the transaction is gone, not just this work;
                            # or one of many, nobody knows which
                            raise _Undone(error) from error
                        outcomes.append((step[0], None, error))
                        driver.execute("ROLLBACK TO work")
                    driver.execute("RELEASE work")
                crashpoint("effect.after")
        except BaseException as error:  # nothing is on disk: everybody has to hear so
            if isinstance(error, _Undone) and several:
                raise
            reason = error.reason if isinstance(error, _Undone) else error
            return [(asked, None, reason) for step in steps for asked in step]
        self.commits += 1
        return outcomes


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
