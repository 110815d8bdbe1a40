"""Phases of a region and those of others: how each lies in time, and what regions say of the same one."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

from bot.harvest.words import folded
from bot.trail.profile import Tense, day_of
from bot.trail.records import Entry
from bot.trail.sheets import Kind

_NUMBER = re.compile(r"^(?:(?:fase|phase|stap|stage|step)\s*)?\d+\s*[.:)\-]?\s+")
ASPECTS = ("easy", "hard", "conclusion")


@dataclass(frozen=True)
class Elsewhere:
    """What another region says of the same phase. `phase` is None where it shares what it learned and not the phase.

    `told` is what it shared of it; `passed` says that the region has this phase behind it.
    """

    region: str
    phase: Entry | None
    told: tuple[Entry, ...]
    passed: bool

    def of(self, aspect: str) -> tuple[Entry, ...]:
        """Return what was easy, hard or concluded."""
        return tuple(each for each in self.told if (each.text("aspect") or "easy") == aspect)

    @property
    def speaks(self) -> Entry | None:
        """What somebody who wants to meet this region can refer to."""
        return self.phase or next(iter(self.told), None)


def tense_of(phase: Entry, today: date) -> Tense | None:
    """Say how a phase lies in time: over, going on, or ahead; None without a date.

    A phase without an end goes on since it began; one without a beginning goes on until its end. A month or a year of
    which the day is not known counts as a whole.
    """
    begins, ends = day_of(phase, "begins"), day_of(phase, "ends")
    if begins is None and ends is None:
        return None
    if begins is not None and begins.first > today:
        return Tense.AHEAD
    return Tense.OVER if ends is not None and ends.last < today else Tense.NOW


def coming(phases: Sequence[Entry], today: date) -> list[Entry]:
    """Return the phases that are still to come, in order: those ahead, and undated ones after the last that began."""
    tenses = [tense_of(phase, today) for phase in phases]
    last = max((at for at, tense in enumerate(tenses) if tense in (Tense.NOW, Tense.OVER)), default=-1)
    return [
        phase
        for at, (phase, tense) in enumerate(zip(phases, tenses, strict=True))
        if tense is Tense.AHEAD or (tense is None and at > last)
    ]


def name_of(phase: str, names: Iterable[str] = ()) -> str:
    """Return by what a phase is the same in every region: the programme's own name that it holds, else its own.

    Case, accents, punctuation and a number before it make no difference.
    """
    own = folded(_NUMBER.sub("", " ".join(phase.casefold().split())))
    words = f" {own} "
    held = [known for known in map(folded, names) if known and f" {known} " in words]
    return max(held, key=len, default=own)


def elsewhere(
    phase: Entry, entries: Iterable[Entry], readable: Set[str], names: Sequence[str], today: date
) -> list[Elsewhere]:
    """Return what other regions say of the same phase, who passed it first, then who says most of what was hard.

    `entries` are phases and experiences by whomever, flat; `readable` are the ids of those that the reader may read.
    What a region shares of a phase counts also where it keeps the phase itself to itself.
    """
    every = list(entries)
    wanted = name_of(phase.title, names)
    same: dict[str, Entry] = {}
    for each in every:
        if each.kind is Kind.PHASE and each.region not in (None, phase.region) and name_of(each.title, names) == wanted:
            same[each.id] = each
    open_: dict[str, list[Entry]] = {}
    told: dict[str, list[Entry]] = {}
    for each in every:
        if each.id in readable and each.id in same:
            open_.setdefault(str(each.region), []).append(each)
        elif each.id in readable and each.kind is Kind.EXPERIENCE and each.parent in same:
            told.setdefault(str(same[str(each.parent)].region), []).append(each)
    found = []
    for region in sorted({*open_, *told}):
        passed = [each for each in open_.get(region, ()) if tense_of(each, today) is Tense.OVER]
        shown = next(iter([*passed, *open_.get(region, ())]), None)
        found.append(Elsewhere(region, shown, tuple(told.get(region, ())), bool(passed)))
    return sorted(found, key=lambda one: (not one.passed, -len(one.of("hard")), -len(one.told), one.region))
