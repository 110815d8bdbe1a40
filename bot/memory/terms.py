"""The term list: words of the field with what they stand for, for search and for `/oogst wat is ...`.

What a programme added to it is an entry of its trail (`storage/trail/terms.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.harvest.words import folded

_LIST = """
OZA: onderwijszorgarrangement
NPO: Nationaal Programma Onderwijs
SWV: samenwerkingsverband
MOA: Maatwerktraject Onderwijs en Arbeid
VSV: voortijdig schoolverlaten
OTS: ondertoezichtstelling
CoP: community of practice
IHP: integraal huisvestingsplan
KO: kinderopvang
PO: primair onderwijs
VO: voortgezet onderwijs
SO: speciaal onderwijs
VSO: voortgezet speciaal onderwijs
SBO: speciaal basisonderwijs
PRO: praktijkonderwijs
REC: regionaal expertisecentrum
WSNS: Weer Samen Naar School
ZAT: zorg- en adviesteam
BJZ: Bureau Jeugdzorg
JJI: justitiële jeugdinrichting
NJi: Nederlands Jeugdinstituut
OCW: ministerie van Onderwijs, Cultuur en Wetenschap
VWS: ministerie van Volksgezondheid, Welzijn en Sport
GGD: Gemeentelijke Gezondheidsdienst
GGZ: geestelijke gezondheidszorg
"""


@dataclass(frozen=True)
class Term:
    """A word or abbreviation with every other name that it goes by."""

    short: str
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All its names, as one folds them to compare."""
        return tuple(filter(None, (folded(name) for name in (self.short, *self.others))))


TERMS: tuple[Term, ...] = tuple(
    Term(short, (long,)) for short, _, long in (line.partition(": ") for line in _LIST.strip().splitlines())
)
"""What every workspace knows; a list of its own goes before it."""


def known(own: Iterable[Term]) -> tuple[Term, ...]:
    """Return a workspace's own terms with those of the list; where both explain a word, its own does."""
    mine = tuple(own)
    taken = {folded(term.short) for term in mine}
    return (*mine, *(term for term in TERMS if folded(term.short) not in taken))


def meaning(text: str, own: Iterable[Term] = ()) -> tuple[str, str] | None:
    """Return abbreviation and meaning where `text` is a term of the list, by either of the two.

    None where the workspace explains it itself: that is read and cited as everything that it wrote.
    """
    wanted = folded(text)
    mine = tuple(own)
    if any(wanted in term.names for term in mine):
        return None
    found = next((term for term in known(mine)[len(mine) :] if wanted in term.names), None)
    return (found.short, found.others[0]) if found else None
