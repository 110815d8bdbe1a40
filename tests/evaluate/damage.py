"""True quotes, damaged: what a careless or lying engine could print for them. Every one of these must be refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tests.evaluate.dutch_set import Marked, Meeting

_NOT = re.compile(r"\b(niet|niets|niks|nooit|geen|niemand|zonder|not|no|never)\b\s?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
LOOKALIKES = str.maketrans({"e": "е", "o": "о", "a": "а", "i": "і", "c": "с"})
"""Latin letters to Cyrillic ones that look the same."""
UNSEEN = {"zero width": "\u200b", "joiner": "\u2060", "soft hyphen": "\u00ad", "right to left": "\u202e"}


@dataclass(frozen=True)
class Damaged:
    """What was done, the words that come out, and the note they are said to come from."""

    what: str
    note: str
    text: str


def damages(sentence: Marked, meeting: Meeting) -> Iterator[Damaged]:
    """Every damage of the list that can be done to this sentence; what happens to stay true is left out."""
    note = meeting.text[sentence.note]
    true = note[sentence.start : sentence.end]
    for what, text in _altered(true):
        if text != true:
            yield Damaged(what, sentence.note, text)
    for what, text in _recut(note, sentence.start, sentence.end):
        if text.strip() and text != true:
            yield Damaged(what, sentence.note, text)
    other = next(i for i in reversed(meeting.text) if i != sentence.note and true not in meeting.text[i])
    yield Damaged("another note", other, true)


def _altered(true: str) -> Iterator[tuple[str, str]]:
    """Words that the note does not hold."""
    middle = len(true) // 2
    letter = next(k for k in range(middle, len(true)) if true[k].isalpha())
    yield "one character", true[:letter] + ("x" if true[letter] != "x" else "y") + true[letter + 1 :]
    yield "a character less", true[:letter] + true[letter + 1 :]
    yield "a character double", true[: letter + 1] + true[letter:]
    yield "another case", true[:letter] + true[letter].swapcase() + true[letter + 1 :]
    yield "lookalikes", true.translate(LOOKALIKES)
    yield "accents taken apart", unicodedata.normalize("NFD", true)
    for found in _NOT.finditer(true):
        yield "negation dropped", true[: found.start()] + true[found.end() :]
    if not _NOT.search(true):
        yield "negation added", re.sub(r"\s", " niet ", true, count=1)
    for found in _NUMBER.finditer(true):
        yield "another number", true[: found.start()] + str(int(found.group()) + 1) + true[found.end() :]
    blanks = [m.start() for m in re.finditer(" ", true)]
    if len(blanks) >= 3:
        first, last = blanks[0], blanks[-1]
        for dots in (" ... ", "… ", " [...] ", " (...) "):
            yield "ellipsis", true[:first] + dots + true[last + 1 :]
        yield "words left out", true[:first] + true[last:]
        yield "two words turned", _turned(true)
    for at in blanks[:1]:
        yield "a second blank", true[:at] + " " + true[at:]
        yield "another blank", true[:at] + "\u00a0" + true[at + 1 :]
        yield "no blank", true[:at] + true[at + 1 :]
    for what, unseen in UNSEEN.items():
        yield what, true[:letter] + unseen + true[letter:]
    yield "louder", true + "!"


def _turned(true: str) -> str:
    parts = true.split(" ")
    at = next((k for k in range(len(parts) - 1) if parts[k] != parts[k + 1]), 0)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return " ".join(parts)


def _recut(note: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Words that the note does hold in one piece, but not as one sentence."""
    inside = [k for k in range(start + 1, end) if note[k - 1].isalnum() and note[k].isalnum()]
    if inside:
        yield "cut inside the first word", note[inside[0] : end]
        yield "cut inside the last word", note[start : inside[-1]]
    blanks = [k for k in range(start, end) if note[k] == " "]
    if len(blanks) >= 2:
        yield "first word left out", note[blanks[0] + 1 : end]
        yield "last word left out", note[start : blanks[-1]]
    if note[end - 1] in ".!?":
        yield "full stop left out", note[start : end - 1]
    after = re.match(r" [A-ZÀ-Þ][a-z][^.!?]*[.!?]", note[end:])
    if after and re.search(r"[^\W\d_]{2}[.!?]$", note[start:end]):
        yield "joined with the next", note[start : end + after.end()]
        yield "joined with part of the next", note[start : end + after.end() - 3]
    yield "a blank behind", note[start:end] + " "
    yield "a blank before", " " + note[start:end]
