"""The term list: abbreviations of the field with what they stand for, for search and for `/oogst wat is ...`."""

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
TERMS: tuple[tuple[str, str], ...] = tuple(
    (short, long) for short, _, long in (line.partition(": ") for line in _LIST.strip().splitlines())
)
"""Each abbreviation with what it stands for."""


def meaning(text: str) -> tuple[str, str] | None:
    """Return abbreviation and meaning where `text` is a term of the list, by either of the two."""
    wanted = folded(text)
    return next((each for each in TERMS if wanted in (folded(each[0]), folded(each[1]))), None)
