"""What a region's page says in one screen: who is in it, how far it is, and which figures stand beside each other."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.trail.partial import PartialDate, read_partial
from bot.trail.records import Entry
from bot.trail.sheets import Kind

YEAR = re.compile(r"\d{4}")


class Tense(StrEnum):
    """How a phase lies in time: it goes on `now`, was the last and is `over`, or is the first and `ahead`."""

    NOW = "now"
    OVER = "over"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Standing:
    """In which phase a region is: the `number`-th (from 1) of `total`, in their own order."""

    phase: Entry
    number: int
    total: int
    tense: Tense


@dataclass(frozen=True)
class Progress:
    """How far an assignment is, in numbers; of `milestones` and `preconditions` first those that are there."""

    points: int
    preconditions: tuple[int, int]
    milestones: tuple[int, int]
    roles: int
    vacancies: int


def day_of(entry: Entry, name: str) -> PartialDate | None:
    """Return the date in a field; None where there is none, or where it is not written as one."""
    return read_partial(entry.text(name))


def current(phases: Sequence[Entry], today: date) -> Standing | None:
    """Return the phase that goes on today: the last in order that began and did not end.

    A month or year of which the day is not known counts from its first day to its last. None when no phase has a date.
    """
    dated = [(at, each) for at, each in enumerate(phases, start=1) if day_of(each, "begins") or day_of(each, "ends")]
    begun = [(at, each) for at, each in dated if _first(each) <= today]
    going = [(at, each) for at, each in begun if _last(each) >= today]
    for found, tense in ((going, Tense.NOW), (begun, Tense.OVER), (dated[:1], Tense.AHEAD)):
        if found:
            at, phase = found[-1]
            return Standing(phase, at, len(phases), tense)
    return None


def _first(phase: Entry) -> date:
    begins = day_of(phase, "begins")
    return begins.first if begins else date.min


def _last(phase: Entry) -> date:
    ends = day_of(phase, "ends")
    return ends.last if ends else date.max


def by_sector(partners: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Group the partners of a coalition by sector, the largest group first; those without one stand last, under ""."""
    groups: dict[str, tuple[str, list[Entry]]] = {}
    for each in partners:
        sector = " ".join(each.text("sector").split())
        groups.setdefault(sector.casefold(), (sector, []))[1].append(each)
    return sorted(groups.values(), key=lambda group: (not group[0], -len(group[1])))


def figures(facts: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Group figures by what is counted, in their own order; in a group the newest year first, without a year last.

    Two figures of different years both stand: 19 in 2007 and 16 in 2020 are no mistake of one of them.
    """
    groups: dict[str, tuple[str, list[Entry]]] = {}
    for each in facts:
        name = " ".join(each.title.split())
        groups.setdefault(name.casefold(), (name, []))[1].append(each)
    return [(name, sorted(found, key=_year, reverse=True)) for name, found in groups.values()]


def _year(fact: Entry) -> str:
    found = YEAR.search(fact.text("year"))
    return found.group() if found else ""


def is_vacant(role: Entry) -> bool:
    """Say whether a role waits for somebody."""
    return role.kind is Kind.ROLE and role.text("standing") == "vacant"


def progress(assignment: Entry) -> Progress:
    """Count what hangs under an assignment."""
    needed, steps, roles = (assignment.under(kind) for kind in (Kind.PRECONDITION, Kind.MILESTONE, Kind.ROLE))
    return Progress(
        points=len(assignment.under(Kind.POINT)),
        preconditions=(sum(each.text("standing") == "met" for each in needed), len(needed)),
        milestones=(sum(each.text("standing") == "done" for each in steps), len(steps)),
        roles=len(roles),
        vacancies=sum(map(is_vacant, roles)),
    )


def in_order(entries: Iterable[Entry], kinds: Sequence[Kind]) -> list[Entry]:
    """Return entries as they are read: by kind in this order, each kind in its own."""
    rank = {kind: at for at, kind in enumerate(kinds)}
    return sorted(entries, key=lambda entry: (rank.get(entry.kind, len(rank)), entry.position, entry.id))
