"""What of the agendas of regions may become a theme: dilemmas, open questions, and points that nobody speaks about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.harvest.words import folded
from bot.trail.coverage import Covered, assignments
from bot.trail.records import Entry
from bot.trail.sheets import Kind

OFFERED = (Kind.QUESTION, Kind.POINT)
"""Kinds that can be taken over as a theme."""
MOST_OF_REGION = 3
"""So many of one region are offered: eleven regions must fit in one window, each with something."""


class Why(StrEnum):
    """Why something may be a theme, in the order in which they are offered."""

    DILEMMA = "dilemma"
    OPEN = "open_question"
    SILENT = "silent"


@dataclass(frozen=True)
class Suggestion:
    """An entry of a region that may be a theme, and why; `about` is the assignment of a point, of several."""

    entry: str
    region: str
    title: str
    why: Why
    about: str = ""


def suggest(
    entries: Iterable[Entry], covered: Iterable[Covered], taken: Collection[str], most: int
) -> list[Suggestion]:
    """Return what may be a theme for these regions, each region in turn, the weightiest first.

    `entries` are questions and points that stand; `covered` says which points nobody speaks about; `taken` are the
    names of what is proposed already, in any spelling.
    """
    found = list(covered)
    silent, about = {one.point.id for one in found if one.silent}, assignments(found)
    known = {folded(name) for name in taken}
    of_region: dict[str, list[Suggestion]] = {}
    for entry in entries:
        why = _why(entry, silent)
        title = " ".join(entry.title.split())
        if why is None or entry.region is None or folded(title) in known:
            continue
        known.add(folded(title))
        of_region.setdefault(entry.region, []).append(
            Suggestion(entry.id, entry.region, title, why, about.get(entry.id, ""))
        )
    order = list(Why)
    turns = [sorted(mine, key=lambda one: order.index(one.why))[:MOST_OF_REGION] for mine in of_region.values()]
    return _in_turn(turns)[:most]


def _why(entry: Entry, silent: Collection[str]) -> Why | None:
    if not entry.stands or entry.kind not in OFFERED:
        return None
    if entry.kind is Kind.QUESTION:
        sort = entry.text("sort")
        return Why.DILEMMA if sort == "dilemma" else Why.OPEN if sort in ("", "open_question") else None
    if entry.id in silent:
        return Why.SILENT
    return Why.OPEN if entry.title.rstrip().endswith("?") else None


def _in_turn(lists: Sequence[Sequence[Suggestion]]) -> list[Suggestion]:
    longest = max(map(len, lists), default=0)
    return [found[turn] for turn in range(longest) for found in lists if turn < len(found)]
