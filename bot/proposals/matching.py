"""Names that may mean the same: shown before somebody proposes a theme that is there already under another name.

Compared is a folded form: no case, accents, hyphens, link words or word order. Three ways, the best one counts:
an equal or abbreviated name, typing mistakes (rapidfuzz), and Dutch compounds taken apart ("Betrokkenheid van ouders"
against "Ouderbetrokkenheid"). A wrong guess costs a reader one line; a missed one costs a group, so the bar is low.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from bot.harvest.words import fold, words

ALIKE = 82
"""From this score (0-100) on two names look alike: the middle of the gap between the labelled pairs of
`tests/bot/test_proposals.py`, where the lowest pair that means the same scores 88 and the highest that does not 77."""
MOST_ALIKE = 5
_SAME = 100.0
_SHORT_FORM = 95.0
_SHORT = 8
"""In a shorter name one other letter makes another word ("pesten", "testen"), so there it must be nearly equal."""
_NEARLY = 90
_LEAST_STEM = 4
_LEAST_PART = 4
"""Letters of a part of a compound for which one letter of an abbreviation stands ("zorg" in OZA)."""
_BRACKETS = re.compile(r"\(([^()]*)\)")
_COMPOUND_WORDS = (
    "arrang beleid betrok buurt doorst gelijk gemeen gezin hulp inclus jeugd kansen kinder klas leer nieuw onderw "
    "opvang ouder overgang overleg plan plicht preven regio samen school sociaal steun taal talent team thuis uitval "
    "verband vervoer verzuim visie volwassen werk wijk zitter zorg"
)
_PARTS = tuple(_COMPOUND_WORDS.split())
"""How parts of compounds in education and youth care begin; without them a long word would fit any three letters."""
_LINK_WORDS = (
    "aan bij de den der een en het hoe in met naar om onder onze op over rond rondom te ter tot tussen uit van voor "
    "wat we wij a about an and at between by for from how of on our the to with"
)
_LINKS = frozenset(_LINK_WORDS.split())
"""Words between the words of a name; "onze aanpak van pesten" and "aanpak pesten" are one subject."""
_SEAMS = frozenset(("e", "en", "er", "s", "n", "ing", "ings", "heid", "de", "te"))
"""Letters between and behind the parts of a compound, which mean nothing by themselves."""


class Kind(StrEnum):
    """What a look-alike is: a proposal that waits, a topic that nobody served last time, or a theme of earlier."""

    PROPOSAL = "proposal"
    CARRIED = "carried"
    THEME = "theme"


@dataclass(frozen=True)
class Known:
    """Something that a new name is held against; `names` are all the names by which it goes."""

    kind: Kind
    id: str
    name: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class LookAlike:
    """What a name looks like, and how much: 100 is the same name."""

    known: Known
    score: float


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """Return the form in which equal names are equal: no case, accents, signs or blanks."""
    return "".join(fold(word) for word in words(name))


def look_alikes(name: str, known: Iterable[Known], most: int = MOST_ALIKE) -> list[LookAlike]:
    """Return what `name` may mean too, most alike first; of what goes by one name the first kind counts."""
    found = [LookAlike(each, score) for each in known if (score := likeness([name], [each.name, *each.names])) >= ALIKE]
    order = list(Kind)
    found.sort(key=lambda one: (-one.score, order.index(one.known.kind), one.known.name, one.known.id))
    seen: set[str] = set()
    once: list[LookAlike] = []
    for one in sorted(found, key=lambda one: order.index(one.known.kind)):
        if folded(one.known.name) not in seen:
            seen.add(folded(one.known.name))
            once.append(one)
    return [one for one in found if one in once][:most]


def likeness(names: Sequence[str], others: Sequence[str]) -> float:
    """Say how alike two things are that go by these names, from 0 to 100: the best of every pair of names."""
    ours, theirs = _variants(names), _variants(others)
    return max((_alike(a, b) for a, b in product(ours, theirs)), default=0.0)


def _variants(names: Sequence[str]) -> list[str]:
    """Every name once, with what stands in brackets as a name of its own: "NPO (Nationaal Programma Onderwijs)"."""
    found: dict[str, None] = {}
    for name in names:
        inside = [part.strip() for part in _BRACKETS.findall(name)]
        outside = _BRACKETS.sub(" ", name).strip()
        for each in (name, outside, *inside):
            if len(folded(each)) > 1:
                found.setdefault(each)
    return list(found)


def _alike(one: str, other: str) -> float:
    if folded(one) == folded(other):
        return _SAME
    if _abbreviates(one, other) or _abbreviates(other, one):
        return _SHORT_FORM
    a, b = _content(one), _content(other)
    if not a or not b:
        return 0.0
    return max(_typed(a, b), min(_covered(a, b), _covered(b, a)), _compound(a, b), _compound(b, a))


@lru_cache(maxsize=8192)
def _content(name: str) -> tuple[str, ...]:
    """The folded words that carry a subject; all of them when none does."""
    found = tuple(fold(word) for word in words(name))
    return tuple(word for word in found if word not in _LINKS) or found


def _typed(a: Sequence[str], b: Sequence[str]) -> float:
    """The same words in any order, with typing mistakes; also when one writes as one word what the other splits."""
    from rapidfuzz import fuzz

    if {word for word in a if len(word) < _LEAST_STEM} != {word for word in b if len(word) < _LEAST_STEM}:
        return 0.0  # other abbreviations are another subject: "overgang po-vo", "overgang vo-mbo"
    score = max(fuzz.ratio("".join(a), "".join(b)), fuzz.token_sort_ratio(" ".join(a), " ".join(b)))
    return score if score >= _NEARLY or min(len("".join(a)), len("".join(b))) >= _SHORT else 0.0


def _compound(loose: Sequence[str], whole: Sequence[str]) -> float:
    """How much of a compound the loose words make up, each without its ending: 100 * letters found / letters.

    Every loose word has to be found, so that "jeugd en school" is not "schoolverzuim".
    """
    if len(loose) < 2:
        return 0.0
    rest, letters = "".join(whole), 0
    for word in sorted(loose, key=len, reverse=True):
        stem = _stem(word)
        if len(stem) < _LEAST_STEM or stem not in rest:
            return 0.0
        rest, letters = rest.replace(stem, " ", 1), letters + len(stem)
    return 100.0 * letters / (letters + sum(len(piece) for piece in rest.split() if piece not in _SEAMS))


def _covered(a: Sequence[str], b: Sequence[str]) -> float:
    """How much of `a` is said in `b` in nearly the same words: 100 * letters of words found / letters."""
    from rapidfuzz import fuzz

    found = sum(len(word) for word in a if max(fuzz.ratio(_stem(word), _stem(other)) for other in b) >= 85)
    return 100.0 * found / sum(map(len, a))


def _stem(word: str) -> str:
    """A word without the endings of a plural; what is left must stay a word."""
    for ending in ("en", "s", "n", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of one short word open the words of a name, or the parts of its compound."""
    letters = folded(short)
    if not 2 <= len(letters) <= 6 or len(words(short)) != 1 or not letters.isalpha():
        return False
    every = [fold(word) for word in words(long)]
    content = _content(long)
    if any("".join(word[0] for word in each) == letters for each in (every, content) if len(each) == len(letters)):
        return True
    return len(letters) >= 3 and _opens(letters, "".join(content))


def _opens(letters: str, compound: str) -> bool:
    """Whether each letter opens a part of the compound, all parts of four letters or more and words of the field."""
    if not letters:
        return not compound
    if not compound.startswith(letters[0]):
        return False
    ends = range(_LEAST_PART, len(compound) + 1)
    return any(_is_part(compound[:end]) and _opens(letters[1:], compound[end:]) for end in ends)


def _is_part(word: str) -> bool:
    return word.startswith(_PARTS)
