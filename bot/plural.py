"""More than one of something, for a word that a programme chose itself: its own word for "region" stands everywhere."""

import re
from collections.abc import Mapping

_OWN_DUTCH: Mapping[str, str] = {
    "stad": "steden", "lid": "leden", "schip": "schepen", "heid": "heden", "team": "teams", "platform": "platforms",
    "lab": "labs", "hub": "hubs", "pilot": "pilots", "club": "clubs", "centrum": "centra", "dag": "dagen",
    "weg": "wegen", "sector": "sectoren", "ium": "iums", "forum": "fora", "museum": "musea",
}  # fmt: skip
"""How words end that follow no rule, or come from English; the longest that fits holds."""
_WEAK = re.compile(r"(?<=.{2})(?<![aeiou])(?:el|em|en|er|erd|aar|aard|on)$")
_LONG = re.compile(r"(aa|ee|oo|uu)([^aeiouy])$")
_BROAD = re.compile(r"(oe|ie|eu|ui|ou|au|ij|ei)([^aeiouy])$")
_SHORT = re.compile(r"(?<![aeiou])[aeiou]([bdfgklmnprst])$")


def plural(word: str, language: str) -> str:
    """Return the plural of a noun by the rules of Dutch ("nl") or English; of several words, the last one's.

    For Dutch: Algemene Nederlandse Spraakkunst, 3.5.2, and the words that networks go by; the tests list those.
    """
    head, blank, noun = word.strip().rpartition(" ")
    return f"{head}{blank}{_dutch(noun) if language == 'nl' else _english(noun)}"


def _dutch(noun: str) -> str:
    low = noun.casefold()
    for ending in sorted(_OWN_DUTCH, key=len, reverse=True):
        if low.endswith(ending):
            return noun[: len(noun) - len(ending)] + _as(noun, _OWN_DUTCH[ending])
    if re.search(r"(?<![aeiou])[aiouy]$", low) or low.endswith("io"):
        return f"{noun}'s"
    if low.endswith("ee"):
        return f"{noun}ën"
    if low.endswith("te"):
        return f"{noun}n"
    if low.endswith("e") or (len(low) > 4 and _WEAK.search(low)):
        return f"{noun}s"
    if found := _LONG.search(low):
        return f"{noun[: found.start() + 1]}{_soft(found[2])}en"
    if found := _BROAD.search(low):
        return f"{noun[:-1]}{_soft(found[2])}en"
    return f"{noun}{noun[-1]}en" if _SHORT.search(low) else f"{noun}en"


def _soft(letter: str) -> str:
    """Between two vowels an s sounds as a z, and an f as a v."""
    return {"s": "z", "f": "v"}.get(letter, letter)


def _as(noun: str, ending: str) -> str:
    """A word that is nothing but the ending keeps its capital."""
    return ending.capitalize() if len(noun) <= len(ending) and noun[:1].isupper() else ending


def _english(noun: str) -> str:
    low = noun.casefold()
    if re.search(r"[^aeiou]y$", low):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", low) else f"{noun}s"
