"""Sentences on one thing that do not agree, and figures that differ by source. Nothing here decides who is right.

Two sentences are held against each other when they share half of what the shorter one is about; then one says "not"
where the other does not, counts differently, or uses the opposite word.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from bot.harvest import SentenceKind
from bot.harvest.duplicates import negations
from bot.harvest.words import feature, folded, words
from bot.theme_harvest.records import Contrast, Figure, Said

SHARED = 0.5
"""Share of the content words of the shorter sentence that the other one has too."""
FEWEST = 2
MOST_COMPARED = 300
MOST_CONTRASTS = 6
MOST_FIGURES = 6
LONGEST = 40
"""Words up to which a sentence is compared: a long one says many things, and one of them is always otherwise."""
# words that mean something else as well ("vroeg" asked, "laat" lets, "vrij" rather) are no opposites
_OPPOSITES = tuple(
    (re.compile(rf"\b({one})\b"), re.compile(rf"\b({other})\b"))
    for one, other in (
        ("meer|vaker|toename|stijgt|groeit|more|increase", "minder|zelden|afname|daalt|krimpt|less|fewer|decrease"),
        ("verplicht\\w*|moeten|must|mandatory", "vrijwillig\\w*|voluntary|optional"),
        ("vooraf|eerder|before|early", "achteraf|later|afterwards|late"),
        ("centraal|landelijk\\w*|central|national", "lokaal|lokale|plaatselijk\\w*|local"),
        ("makkelijk\\w*|eenvoudig\\w*|easy", "moeilijk\\w*|lastig\\w*|hard|difficult"),
        ("goed|sterk|succesvol|good|strong", "slecht|zwak|mislukt|bad|weak"),
        ("tijdelijk\\w*|temporary", "blijvend\\w*|structureel|structurele|permanent"),
        ("altijd|iedereen|alle|always|everybody", "nooit|niemand|never|nobody"),
    )
)
_COUNTED = re.compile(
    r"(?<![\w.,:/-])(\d{1,3}(?:\.\d{3})+|\d{1,6}(?:,\d+)?)\s*(%|procent\b|percent\b)?\s*((?:[^\W\d_]+[\s-]+){0,2}?[^\W\d_]{4,})"
)
_NUMBER = re.compile(r"(?<![\w.,:/-])\d+(?:[.,:]\d+)*%?")
_YEAR = re.compile(r"(19|20)\d\d")
_TIMES = """
januari februari maart april mei juni juli augustus september oktober november december january february march may june
july august october uur minuten minutes jaar jaren jarige years hours weken weeks dagen days
"""
_NO_UNIT = frozenset(_TIMES.split())
_NOT_ONLY = re.compile(r"\b(?:niet (?:alleen|slechts)|not (?:only|just))\b", re.IGNORECASE)
"""Says that there is more, and denies nothing."""
_NAME = re.compile(r"\b[A-Z][^\W\d_]{3,}")
_DUTCH = "twee drie vier vijf zes zeven acht negen tien elf twaalf"
_ENGLISH = "two three four five six seven eight nine ten eleven twelve"
_NUMBERS_IN_WORDS = {
    word: str(number) for row in (_DUTCH, _ENGLISH) for number, word in enumerate(row.split(), start=2)
}


def contrasts(said: Sequence[Said], most: int = MOST_CONTRASTS) -> tuple[Contrast, ...]:
    """Return pairs of different voices that do not agree, those most alike first; each sentence in one pair only."""
    asserted = [one for one in said if one.kind is not SentenceKind.QUESTION and len(words(one.text)) <= LONGEST]
    asserted = asserted[:MOST_COMPARED]
    about = {one.id: frozenset(filter(None, map(feature, words(one.text)))) for one in asserted}
    found: list[tuple[float, int, Contrast]] = []
    for one, other in combinations(asserted, 2):
        if one.voice == other.voice:
            continue
        shared = about[one.id] & about[other.id]
        smaller = min(len(about[one.id]), len(about[other.id]))
        if len(shared) < FEWEST or len(shared) < SHARED * smaller:
            continue
        why = _why(one.text, other.text)
        if why:
            first, second = sorted((one, other), key=_when)
            found.append((-len(shared) / max(1, smaller), len(found), Contrast(first, second, why)))
    taken: set[str] = set()
    out = []
    for _, _, each in sorted(found, key=lambda item: item[:2]):
        if not {each.one.id, each.other.id} & taken:
            taken |= {each.one.id, each.other.id}
            out.append(each)
    return tuple(out[:most])


def figures(said: Iterable[Said], most: int = MOST_FIGURES) -> tuple[Figure, ...]:
    """Return what sources count differently, each source with its year, oldest first: all of them stand.

    Only what is counted of the same: the sentences, or the titles of their sources, share a name or another word.
    """
    counted: dict[str, list[tuple[str, str, Said]]] = {}
    for one in said:
        for number, unit in _counts(one.text):
            counted.setdefault(unit[:6], []).append((number, unit, one))
    found = []
    for entries in counted.values():
        chosen: list[tuple[str, str, Said]] = []
        for entry in entries:
            others = [known for known in entries if known[2].voice != entry[2].voice and known[0] != entry[0]]
            if entry not in chosen and any(_same_thing(entry[2], known[2], entry[1]) for known in others):
                chosen.append(entry)
        sources = list({one.id: one for _, _, one in chosen}.values())
        if len({number for number, _, _ in chosen}) > 1 and len(sources) > 1:
            found.append(Figure(chosen[0][1], tuple(sorted(sources, key=_when))))
    return tuple(sorted(found, key=lambda figure: (-len(figure.said), figure.counted))[:most])


def _why(one: str, other: str) -> str:
    if negations(_NOT_ONLY.sub("", one)) % 2 != negations(_NOT_ONLY.sub("", other)) % 2:
        return "negation"
    a, b = _numbers(one), _numbers(other)
    if a and b and a != b and _units(one) & _units(other):
        return "number"
    low, high = folded(one), folded(other)
    for left, right in _OPPOSITES:
        if bool(left.search(low)) != bool(right.search(low)):
            turned = right if left.search(low) else left
            same = left if left.search(low) else right
            if turned.search(high) and not same.search(high):
                return "opposite"
    return ""


def _numbers(text: str) -> frozenset[str]:
    return frozenset(found for found in _NUMBER.findall(text) if not _YEAR.fullmatch(found))


def _units(text: str) -> frozenset[str]:
    return frozenset(unit[:6] for _, unit in _counts(text))


def _counts(text: str) -> list[tuple[str, str]]:
    """Return each number with what it counts: `("19", "gemeenten")`; years and clock times count nothing."""
    digits = re.sub(
        r"\b[a-z]+\b", lambda found: _NUMBERS_IN_WORDS.get(found[0].casefold(), found[0]), text, flags=re.IGNORECASE
    )
    out = []
    for found in _COUNTED.finditer(digits):
        number, percent, rest = found.groups()
        unit = next((word for word in words(rest) if feature(word) and len(word) >= 4), "")
        if _YEAR.fullmatch(number) or not unit or unit.casefold() in _NO_UNIT:
            continue
        out.append((f"{number}{'%' if percent else ''}", unit.casefold()))
    return out


def _same_thing(one: Said, other: Said, unit: str) -> bool:
    def about(each: Said) -> set[str]:
        return {f for f in map(feature, words(each.text)) if f} - {unit[:6]}

    def names(each: Said) -> set[str]:
        title = each.passage.title if each.passage else ""
        return {name.casefold()[:6] for name in _NAME.findall(f"{title} {each.text[1:]}")}

    return bool(names(one) & names(other)) or len(about(one) & about(other)) >= FEWEST


def _when(one: Said) -> tuple[int, str, str]:
    year = one.year if one.year is not None else 9999
    return year, one.on.isoformat() if one.on else "", one.id
