"""Which region a document is about, by its title; and names that are the same although they are written otherwise."""

import re
from collections.abc import Iterable

from bot.harvest.words import folded
from bot.trail.importing.cues import NAME

_PLACE = re.compile(rf"(?:^|\b)(?i:in|regio|region|netwerk|network|van|of|voor|for)\s+({NAME})\s*$")
_NAMED = re.compile(rf"\b(?i:regio|region|netwerk|network)\s+({NAME})")
_ALONE = re.compile(rf"^{NAME}$")


def same(one: str, other: str) -> bool:
    """Say whether two names are of one region: "Zuid Limburg" is "Zuid-Limburg"."""
    return folded(one) == folded(other)


def named(name: str, known: Iterable[str]) -> str | None:
    """Return the name among these that is the same one."""
    return next((each for each in known if same(each, name)), None)


def about(title: str, body: str, known: Iterable[str] = ()) -> str:
    """Return the name of the region that a document is about, as it is written in its title; "" where it names none.

    Known names count wherever they stand in the title, and so does what is called a region there; another place only
    when the text speaks of it as well.
    """
    words, text = f" {folded(title)} ", f" {folded(body)} "
    for name in sorted(known, key=len, reverse=True):
        if folded(name) and f" {folded(name)} " in words:
            return name
    said = title.strip().rstrip(".:")
    for pattern in (_NAMED, _PLACE):
        if (found := pattern.search(said)) and (pattern is _NAMED or _spoken_of(found[1], text)):
            return found[1]
    return said if _ALONE.match(said) and len(said.split()) <= 4 and _spoken_of(said, text) else ""


def mentioned(text: str, known: Iterable[str]) -> str:
    """Return the name of the region of which a sentence speaks: a known one, or one behind the word "region"."""
    words = f" {folded(text)} "
    for name in sorted(known, key=len, reverse=True):
        if folded(name) and f" {folded(name)} " in words:
            return name
    found = _NAMED.search(text)
    return found[1] if found else ""


def _spoken_of(name: str, text: str) -> bool:
    return text.count(f" {folded(name)} ") >= 1
