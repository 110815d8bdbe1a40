"""Leaves out the names of people who must not be recognisable, without ever keeping those names.

What is kept of a name are keyed hashes of its folded spellings (`keys_of`, `mac`); `mask` asks of every one to four
words of a text whether they are such a name. Who holds the key can test a guess, and nothing more.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.privacy.plain import Plain, plain
from bot.problem import Problem

SHORTEST = 3
"""Letters in a name: "Bo" would be found in half of what people write."""
LONGEST_NAME = 80
MOST_NAMES = 50
MOST_WORDS = 4
MARKS = {"nl": "[naam]", "en": "[name]"}
SHORT_MARK = "…"
"""Where the usual mark would make a text longer than it may be."""

_SMALL = "de den der het ten ter te van von vom zu el al la le les di da dos del bin ben een the"
_PARTICLES = frozenset(_SMALL.split())
_BETWEEN_NAMES = re.compile(r"[\n,;/&+|]|\s(?:en|and)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_WITHIN_NAME = re.compile(r"[\s.'’‘`\-]{1,3}")
_JOINT = re.compile(r"['’‘`\-]")
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
"""Letters that do not come apart into a plain one and a mark."""


@dataclass(frozen=True)
class Key:
    """A folded spelling of a name. Where `capital`, it only counts when written with one: "Klein", not "klein"."""

    words: str
    capital: bool = False


def read_names(typed: str) -> list[str]:
    """Return the names in a field: one per line, or with commas or "en" between."""
    parts = (" ".join(part.split()) for part in _BETWEEN_NAMES.split(typed))
    return list(dict.fromkeys(part.strip(" .:-–•*") for part in parts if part.strip(" .:-–•*")))


def check_names(field: str, typed: str) -> list[Problem]:
    """Return why these names cannot be left out."""
    names = read_names(typed)
    if len(names) > MOST_NAMES:
        return [Problem(field, "privacy.problem.many_names", {"most": MOST_NAMES, "now": len(names)})]
    for name in names:
        if len(name) > LONGEST_NAME:
            return [Problem(field, "privacy.problem.long_name", {"most": LONGEST_NAME})]
        if len("".join(_words(name))) < SHORTEST:
            return [Problem(field, "privacy.problem.short_name", {"name": name})]
    return []


def keys_of(name: str) -> frozenset[Key]:
    """Return every spelling by which a person is recognised: the whole name, the first name, the last name."""
    parts = [part for part in name.split() if _words(part)]
    found = {Key(spelled) for spelled in _spellings(parts)}
    if len(parts) > 1:
        first, rest = parts[:1], parts[1:]
        if _words(first[0])[0] not in _PARTICLES:
            found |= {Key(spelled) for spelled in _spellings(first)}
        found |= {Key(spelled, capital=len(spelled.split()) == 1) for spelled in _spellings(rest)}
        found |= {Key(spelled) for spelled in _spellings([*first, parts[-1]])}
        for part in rest:
            if _words(part)[0] not in _PARTICLES:
                found |= {Key(spelled, capital=True) for spelled in _spellings([part])}
    plainly = {key.words for key in found if not key.capital}
    return frozenset(
        key
        for key in found
        if len(key.words.replace(" ", "")) >= SHORTEST and not (key.capital and key.words in plainly)
    )


def mac(secret: str, session: str, words: str) -> str:
    """Return what is kept of a spelling: it leads back to no name, and to no other session."""
    return hmac.digest(secret.encode(), f"involved\0{session}\0{words}".encode(), "sha256").hex()


def mask(text: str, mark: str, is_involved: Callable[[str, bool], bool]) -> str:
    """Return the text with every name replaced; `is_involved` gets folded words and whether they have a capital.

    Case, accents, hyphens, a possessive s and what does not show make no difference. Masking twice changes nothing.
    """
    read = plain(text)
    for start, end in reversed(name_spans(text, is_involved, mark)):
        first, last = read.original(start, end)
        text = f"{text[:first]}{mark}{text[last:]}"
    return text


def name_spans(text: str, is_involved: Callable[[str, bool], bool], mark: str = "") -> list[tuple[int, int]]:
    """Return where names stand in `plain(text).text`; with only blanks between them they are one. `mark` is no name."""
    read = plain(text)
    found: list[tuple[int, int]] = []
    for start, end in _names(read, mark, is_involved):
        if found and not read.text[found[-1][1] : start].strip(" "):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _names(read: Plain, mark: str, is_involved: Callable[[str, bool], bool]) -> Iterator[tuple[int, int]]:
    words = [(found.start(), found.end(), fold(found.group())) for found in _WORD.finditer(read.text)]
    at = 0
    while at < len(words):
        run = [at]
        while len(run) < MOST_WORDS and run[-1] + 1 < len(words):
            gap = read.text[words[run[-1]][1] : words[run[-1] + 1][0]]
            if not _WITHIN_NAME.fullmatch(gap):
                break
            run.append(run[-1] + 1)
        for count in range(len(run), 0, -1):
            start, end = words[at][0], words[at + count - 1][1]
            folded = " ".join(word for _, _, word in words[at : at + count])
            if read.text[max(0, start - 1) : end + 1] == mark:
                break
            capital = read.text[start].isupper()
            if is_involved(folded, capital):
                yield start, end
            elif folded.endswith("s") and is_involved(folded[:-1], capital):
                yield start, end - 1
            else:
                continue
            at += count - 1
            break
        at += 1


def fold(word: str) -> str:
    """Return a word without case and accents."""
    bare = (part for part in unicodedata.normalize("NFKD", word) if not unicodedata.combining(part))
    return "".join(bare).casefold().replace("ı", "i").translate(_FOLDED)


def _words(text: str) -> list[str]:
    return [fold(found) for found in _WORD.findall(plain(text).text)]


def _spellings(parts: list[str]) -> set[str]:
    """A hyphen or apostrophe inside a name may be written as such, as a space, or not at all."""
    apart = [word for part in parts for word in _words(part)]
    together = [word for part in parts for word in _words(_JOINT.sub("", part))]
    return {" ".join(apart), " ".join(together)}
