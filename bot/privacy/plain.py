"""Reads a text as a person would: without what nobody sees, with ordinary digits, dashes and spaces."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MOST_EXPANDED = 4
"""Characters that one may stand for, such as a ligature; the few that stand for a whole phrase stay as they are."""

_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_DOTS = frozenset("\u00b7\u2022\u2024\u2027\u2219\u3002\u30fb\uff0e")
_DASHES = frozenset("\u2212\u2043\u02d7")


@dataclass(frozen=True)
class Plain:
    """A text made plain. `starts[i]` is where character i began in the original; one more entry holds its length."""

    text: str
    starts: range | list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of `text[start:end]`, which must not be empty."""
        return self.starts[start], self.starts[end - 1] + 1


def plain(text: str) -> Plain:
    """Fold what only looks different (full-width, other scripts' digits) and leave out what does not show.

    Works character by character, so that every offset leads back to the original; takes time in proportion to the
    length of the text.
    """
    if text.isascii() and text.isprintable():
        return Plain(text, range(len(text) + 1))
    found: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(text):
        for part in _folded(character):
            found.append(part)
            starts.append(position)
    starts.append(len(text))
    return Plain("".join(found), starts)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character in "\n\r\u2028\u2029":
        return "\n"
    if character == "\t":
        return " "
    if character in _UNSEEN:
        return ""
    if character in _DOTS:
        return "."
    category = unicodedata.category(character)
    if category in ("Cf", "Cc", "Cs", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if category == "Pd" or character in _DASHES:
        return "-"
    folded = unicodedata.normalize("NFKC", character)
    if folded == character or len(folded) > MOST_EXPANDED:
        return character
    return "".join(_folded(part) if part != character else part for part in folded)
