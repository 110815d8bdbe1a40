"""Dates of which the day or the month is not known: phases begin in March 2006, and some never end."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_PARTIAL = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
_DUTCH = re.compile(r"^(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})$")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year, a month of it or a day of that; `month` and `day` are 0 where nobody knows them."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)

    @property
    def first(self) -> date:
        """The first day that it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        if self.day:
            return self.first
        if self.month:
            return (date(self.year, self.month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return date(self.year, 12, 31)


def read_partial(text: str) -> PartialDate | None:
    """Read "2006", "2006-03", "2006-03-17", "03-2006" or "17-03-2006"; None where it is no such date."""
    said = " ".join(text.split())
    if found := _PARTIAL.match(said):
        year, month, day = (int(part or 0) for part in found.groups())
    elif found := _DUTCH.match(said):
        day, month, year = (int(part or 0) for part in found.groups())
    else:
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return PartialDate(year, month, day) if 1900 <= year <= 2100 else None
