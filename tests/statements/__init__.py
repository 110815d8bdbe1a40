"""Looks at every statement that a test executes: no row may cross from one workspace into another.

Each table with a `team_id` has to be held to a workspace in each statement (`reading.py` says what that means), and a
row that is written has to say whose it is. A statement that is about all workspaces on purpose says so where it stands,
with its reason: `.execution_options(every_workspace="...")`. What a test itself asks the tables is left alone.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.statements.reading import Reading, Unreadable

MARK = "every_workspace"
ROOT = Path(__file__).parents[2]
MOST_REMEMBERED = 20_000
_LISTS = re.compile(r"\((?:\?|%\(\w+\)s(?:::\w+)?)(?:, ?(?:\?|%\(\w+\)s(?:::\w+)?))*\)")
_ROWS = re.compile(r"\(\?\)(?:, ?\(\?\))+")


@cache
def tables() -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of all tables that have a workspace, and of all there are."""
    from storage import schema

    found = schema.METADATA.tables
    return frozenset(name for name, table in found.items() if "team_id" in table.c), frozenset(found)


@cache
def faults_of(shape: str) -> tuple[str, ...]:
    """Say what is wrong with a statement; nothing when no row can cross."""
    try:
        return tuple(Reading(shape, *tables()).faults)
    except (Unreadable, StopIteration, IndexError) as error:
        return (f"cannot be read: {error!r}",)


def shape_of(sql: str) -> str:
    """Return the statement with every list of values as one value, for there are thousands of lengths."""
    return _ROWS.sub("(?)", _LISTS.sub("(?)", sql))


class Watch:
    """Remembers which statements could reach another workspace, for the test that is running."""

    def __init__(self) -> None:
        self.crossing: list[str] = []
        self.marked: Counter[str] = Counter()
        self._fine: set[str] = set()

    def __call__(
        self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        """Look at one statement; SQLAlchemy calls this just before it is executed, in whatever thread."""
        if statement in self._fine:
            return
        options: dict[str, Any] = context.execution_options if context is not None else {}
        reason = options.get(MARK)
        if reason:
            self.marked[reason] += 1
            return
        found = faults_of(shape_of(statement))
        if not found:
            if len(self._fine) > MOST_REMEMBERED:
                self._fine.clear()
            self._fine.add(statement)
        elif place := asker():
            self.crossing.append(f"{place}: {', '.join(found)}\n    {' '.join(shape_of(statement).split())}")


def asker() -> str:
    """Return where in our own code a statement comes from; "" where a test asks by itself."""
    frame = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(f"{ROOT}/") and "/.venv/" not in file and "/tests/statements/" not in file:
            name = Path(file).relative_to(ROOT)
            return "" if name.parts[0] == "tests" else f"{name}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment] # the last frame has none, which ends this
    return "nobody's code"


WATCH = Watch()


def pytest_configure(config: pytest.Config) -> None:
    """Look at every engine of this process from here on, also those that the bot makes."""
    event.listen(Engine, "before_cursor_execute", WATCH)


@pytest.fixture(autouse=True)
def _no_row_crosses_a_workspace(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test during which a statement could have reached another workspace's rows."""
    WATCH.crossing.clear()
    yield
    found: Collection[str] = dict.fromkeys(WATCH.crossing)
    WATCH.crossing.clear()
    if found:
        pytest.fail("these statements could reach another workspace:\n" + "\n".join(found), pytrace=False)
