"""Finds what identifies a person by its form: numbers, addresses, dates of birth. Names have no form; see `involved`.

Made to refuse at the door, so when in doubt it finds. What it misses and how often is in docs/privacy-recognising.md,
measured. Every pattern has bounded repeats and the searching is linear, so that a hostile text costs no more than a
long one.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from bot.privacy.births import births
from bot.privacy.numbers import citizen_numbers, phones
from bot.privacy.places import addresses, emails
from bot.privacy.plain import plain
from bot.problem import Problem

SHOWN = 2
"""Characters of what was found that its writer is shown again; the rest are dots."""


class Kind(StrEnum):
    """What is refused, the surest first: where two overlap, the first counts."""

    BIRTH = "birth"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    CITIZEN_NUMBER = "citizen_number"


@dataclass(frozen=True)
class Found:
    """One thing to take out, by its offsets in the text as it was typed."""

    kind: Kind
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Return what has to be taken out of a text, in its order and without overlaps."""
    read = plain(text)
    taken: list[Found] = []
    for kind, search in _SEARCHES:
        new: list[Found] = []
        for start, end in search(read.text):
            at = Found(kind, *read.original(start, end))
            place = bisect_left(taken, at.start, key=lambda each: each.start)
            if not any(at.start < other.end and other.start < at.end for other in (*_around(taken, place), *new[-1:])):
                new.append(at)
        taken = sorted([*taken, *new], key=lambda each: each.start)
    return taken


def problems(field: str, text: str) -> list[Problem]:
    """Return what keeps this text from being stored, one sentence per kind. Only the first characters are repeated."""
    first: dict[Kind, Found] = {}
    for found in find(text):
        first.setdefault(found.kind, found)
    return [
        Problem(field, f"privacy.problem.{kind.value}", {"shown": shown(text[found.start : found.end])})
        for kind, found in first.items()
    ]


def shown(found: str) -> str:
    """Return enough of what was found to recognise it, and too little to use."""
    return f"{plain(found).text.strip()[:SHOWN]}•••"


def _around(taken: list[Found], place: int) -> list[Found]:
    """Return the two between which something would come to stand."""
    return taken[max(0, place - 1) : place + 1]


_SEARCHES = (
    (Kind.BIRTH, births),
    (Kind.EMAIL, emails),
    (Kind.PHONE, phones),
    (Kind.ADDRESS, addresses),
    (Kind.CITIZEN_NUMBER, citizen_numbers),
)
