"""Other names of a theme: what its own name holds, and short forms that the notes themselves explain.

Two ways of mining, both strict: a definition "Nationaal Programma X (NPX)", and an acronym whose letters open the parts
of a Dutch compound ("onderwijs|zorg|arrangementen" is OZA).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from bot.harvest.records import Theme
from bot.harvest.words import PREFIX, features, fold, words

_IN_BRACKETS = re.compile(r"\(([A-Z]{2,6})(?:['’]?s)?\)")
_LAST_WORDS = re.compile(r"(?:[\w-]+\s+){1,6}[\w-]+\s*$")
_REACH = 160
"""Characters before the bracket in which the words of a short form stand."""
_ACRONYM = re.compile(r"\b([A-Z]{3,5})(?:['’]?s)?\b")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_LONG = 12


def variants(theme: Theme) -> tuple[str, ...]:
    """Return the names under which people may mention a theme: its name, what is in brackets, short name, aliases."""
    inside = tuple(part.strip() for part in _BRACKETS.findall(theme.name) if len(part.strip()) > 1)
    outside = _BRACKETS.sub(" ", theme.name).strip()
    named = (outside or theme.name, *inside, theme.short_name, *theme.aliases)
    return tuple(dict.fromkeys(name for name in named if name.strip()))


def definitions(texts: Iterable[str]) -> dict[str, str]:
    """Return what acronyms are said to stand for: {'NPO': 'Nationaal Programma Onderwijs'}; the first counts."""
    out: dict[str, str] = {}
    for text in texts:
        for found in _IN_BRACKETS.finditer(text):
            acronym = found[1]
            before = _LAST_WORDS.search(text, max(0, found.start() - _REACH), found.start())
            parts = before.group().split()[-len(acronym) :] if before else []
            if len(parts) == len(acronym) and all(
                fold(p)[:1] == a for p, a in zip(parts, acronym.lower(), strict=True)
            ):
                out.setdefault(acronym, " ".join(parts))
    return out


def mined(themes: Sequence[Theme], texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for each theme id the acronyms that the texts use for it; empty where none can be proven."""
    explained = definitions([*texts, *(theme.name for theme in themes), *(theme.criterion for theme in themes)])
    used = sorted({acronym for text in texts for acronym in _ACRONYM.findall(text) if not text.isupper()})
    known = {fold(w)[:PREFIX] for text in texts for w in words(text)} if used else set()
    out: dict[str, tuple[str, ...]] = {}
    for theme in themes:
        own = " ".join(variants(theme))
        have = set(features(own))
        found = [a for a, long in sorted(explained.items()) if set(features(long)) and set(features(long)) <= have]
        compounds = [fold(w) for w in words(own) if len(w) >= _LONG]
        found += [a for a in used if any(_opens(a.lower(), compound, known) for compound in compounds)]
        out[theme.id] = tuple(dict.fromkeys(found))
    return out


def _opens(acronym: str, compound: str, known: set[str]) -> bool:
    """Whether the letters open the parts of a compound, each of 4 letters or more, all but one known words."""

    @cache
    def best(letter: int, at: int) -> int:
        """Most known parts from here on; -1 when the letters do not fit."""
        if letter == len(acronym):
            return 0 if at == len(compound) else -1
        if at >= len(compound) or compound[at] != acronym[letter]:
            return -1
        top = -1
        for end in range(at + 4, len(compound) + 1):
            rest = best(letter + 1, end)
            if rest >= 0:
                top = max(top, rest + (compound[at:end][:PREFIX] in known))
        return top

    return compound[:1] == acronym[:1] and best(0, 0) >= max(2, len(acronym) - 1)
