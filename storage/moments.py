"""A column type for moments: aware in Python, UTC on disk, sortable as text."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """Store an aware datetime as `2021-06-17T11:55:00.000000Z`. Raises ValueError for a naive one."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """Write UTC with a fixed number of digits, so that comparing texts compares moments."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return packed(value)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        """Read it back, aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


def packed(value: datetime) -> str:
    """Return a moment as it is stored, for statements written by hand."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(value: str) -> datetime:
    """Read a stored moment, aware, in UTC."""
    return datetime.fromisoformat(value)
