"""Finds e-mail addresses, and postcodes with a house number, in a text that was made plain, as (start, end)."""

import re
from bisect import bisect_left
from collections.abc import Iterator

# E-mail addresses

_AT = re.compile(r"@| ?[(\[] ?(?:at|apenstaartje) ?[)\]] ?", re.IGNORECASE)
_DOMAIN = re.compile(
    r" {0,2}[\w-]{1,63}(?:(?:\.| ?[(\[]?\b(?:dot|punt)\b[)\]]? ?)[\w-]{1,63}){0,4}?"
    r"(?:\.| ?[(\[]?\b(?:dot|punt)\b[)\]]? ?)[a-z]{2,24}(?![\w@])",
    re.IGNORECASE,
)
_LONGEST_LOCAL = 64


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Yield e-mail addresses, with "(at)" and "punt" read as what they stand for."""
    for at in _AT.finditer(text):
        behind = at.start()
        while behind and text[behind - 1] == " " and at.start() - behind < 2:
            behind -= 1
        start = behind
        while start and behind - start < _LONGEST_LOCAL and _is_local(text[start - 1]):
            start -= 1
        domain = _DOMAIN.match(text, at.end()) if start < behind else None
        if domain:
            yield start, domain.end()


def _is_local(character: str) -> bool:
    return character.isalnum() or character in "._%+-'"


# Addresses

_POSTCODE = re.compile(r"(?<![^\W_])([1-9]\d{3})[ -]{0,2}([a-z]{2})(?![a-z])", re.IGNORECASE)
_NO_LETTERS = frozenset({"SA", "SD", "SS"})
_SMALL = (
    "af ah ai al am an as at au be bv by ca cm co de dl dm do ed en er et eu ex fl ft ga ha he hm ie if ik in is"
    " it ja je jl kb kg km kw la ma mb me mg ml mm mn my na no nr nu of om on op or pa pm po re so st te tm to tv"
    " ui up us uu va vo vs wc we wo xx ze zn zo"
)
_SMALL_WORDS = frozenset(_SMALL.split())
"""Words and units of two letters; after a number in small letters they are more likely these than a postcode."""
_HOUSE_AFTER = re.compile(
    r" {0,2}[,;:\-]? {0,2}(?:(?:huis)?(?:nummer|nr\.?)|hnr\.?|no\.?|#)?:? ?(\d{1,5})(?![\d.:]\d)(?!\d)", re.IGNORECASE
)
_HOUSE_BEFORE = re.compile(
    r"(?<![\d.])\d{1,5}(?:[ -]?[a-z]{1,3}|[-/ ]{1,3}[a-z0-9]{1,4})?\s{0,2},?\s{0,2}(?:\b(?:te|in)\b ?)?\Z",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"(?:straat|str\.|laan|weg|plein|kade|gracht|dijk|singel|hof|pad|dreef|steeg|plantsoen|wal|markt|ring)"
    r" {1,2}\d{1,5}(?!\d)",
    re.IGNORECASE,
)
_WITHIN = 60
"""Characters between a postcode and a street with a number that make them one address."""


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield postcodes with a house number beside them, or with a street and number near; a postcode alone passes."""
    streets: list[int] | None = None
    last = 0
    for match in _POSTCODE.finditer(text):
        digits, letters = match.groups()
        if letters.upper() in _NO_LETTERS or (not letters.isupper() and letters.casefold() in _SMALL_WORDS):
            continue
        after = _HOUSE_AFTER.match(text, match.end())
        if after and not (_is_year(digits) and _is_year(after.group(1))):
            start, end = match.start(), after.end()
        elif before := _HOUSE_BEFORE.search(text, max(last, match.start() - 16), match.start()):
            start, end = before.start(), match.end()
        else:
            streets = [found.start() for found in _STREET.finditer(text)] if streets is None else streets
            place = bisect_left(streets, match.start() - _WITHIN)
            if place == len(streets) or streets[place] > match.end() + _WITHIN:
                continue
            start, end = match.span()
        if start >= last:
            yield start, end
            last = end


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")
