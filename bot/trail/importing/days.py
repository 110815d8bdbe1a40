"""Days and periods as documents write them: half known, open at the end, and never made more exact than they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.dates.vocabulary import FULL_MONTHS, either
from bot.trail.importing.records import Run
from bot.trail.partial import PartialDate, read_partial

_NAMES = either(FULL_MONTHS)
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:e|de|ste|st|nd|rd|th)?\s+)?(?P<m>{_NAMES})\b(?:,?\s+(?P<y>{_YEAR})\b)?"
    rf"|\b(?P<num>\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}|{_YEAR}-\d\d(?:-\d\d)?)\b"
    rf"|(?<![\d.,])(?P<only>{_YEAR})\b(?![\d.,]*\d)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[-–—]|tot(?: en met)?|t/m|until|to|through)\s*", re.IGNORECASE)
_OPEN = re.compile(r"^(?:\?|\.{2,}|…|heden|nu\b|now\b|today)\s*", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:vanaf|sinds|since|from)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, "" where the document does not say; `start` and `end` are where it says so."""

    begins: str
    ends: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Point:
    year: int
    month: int
    day: int
    start: int
    end: int


def periods(text: str) -> Iterator[Period]:
    """Give the days, months, years and periods in a text, first to last; without a year none.

    "maart - mei 2006" begins in 2006-03 and ends in 2006-05; "2007 - ?" and "juli - ... 2007" have no end.
    """
    points = list(_points(text))
    at = 0
    while at < len(points):
        first, then = points[at], points[at + 1] if at + 1 < len(points) else None
        at += 1
        between = _BETWEEN.match(text, first.end)
        end = first.end
        closing: _Point | None = first
        if between and then and between.end() == then.start:
            closing, end = then, then.end
            at += 1
        elif between and (opened := _OPEN.match(text[between.end() :])):
            end = between.end() + opened.end()
            closing = None
            if then and then.start == end and not then.month and not first.year:
                first = _Point(then.year, first.month, first.day, first.start, first.end)
                end = then.end
                at += 1
        elif _SINCE.search(text[: first.start]):
            closing = None
        year = first.year or (closing.year if closing else 0)
        if not year:
            continue
        begins = _said(year, first)
        ends = _said(closing.year or year, closing) if closing else ""
        if begins:
            yield Period(begins, ends, first.start, len(text[:end].rstrip()))


def period(text: str) -> Period | None:
    """Return the first day or period in a text."""
    return next(periods(text), None)


def years(text: str) -> list[Run]:
    """Return where years stand."""
    return [Run(found.start(), found.end()) for found in re.finditer(rf"(?<![\d.,])\b{_YEAR}\b(?![\d.,]*\d)", text)]


def _points(text: str) -> Iterator[_Point]:
    for found in _DAY.finditer(text):
        if found["num"]:
            read = read_partial(re.sub(r"[/.]", "-", found["num"]))
            if read:
                yield _Point(read.year, read.month, read.day, found.start(), found.end())
        elif found["only"]:
            yield _Point(int(found["only"]), 0, 0, found.start(), found.end())
        else:
            day, year = int(found["d"] or 0), int(found["y"] or 0)
            yield _Point(year, FULL_MONTHS[found["m"].lower()], day, found.start(), found.end())


def _said(year: int, point: _Point) -> str:
    text = str(PartialDate(year, point.month, point.day))
    return text if read_partial(text) else ""
