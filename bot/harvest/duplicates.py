"""The same thing said twice, and never two things taken for one.

Two sentences say the same when nothing tells them apart but case, accents, commas, articles and softeners ("ook",
"echt"), and the slips of a thumb on a phone. Every other word, its place, every number, sign and question mark must be
equal: so "niet", "amper", "mag" for "moet", "tweede", "2-3" for "2,3" and swapped roles each make another statement.
"""

import re
import unicodedata
from itertools import groupby

from bot.harvest.words import fold, folded

_NOT = re.compile(
    r"\b(niet|niets|niemand|nooit|geen|nergens|zonder|noch|nauwelijks|amper|zelden|geenszins|evenmin"
    r"|not|no|never|none|nobody|nothing|nowhere|without|nor|neither|cannot|hardly|barely|rarely|seldom|scarcely"
    r"|(?:is|are|was|were|do|does|did|has|have|had|ca|wo|could|would|should|must|need)nt|\w+n t)\b"
)
_TOKEN = re.compile(
    r"""
    (?: (?<![\w)]) [-−+] )? \d+ (?: [.,:/–−-] \d+ )*     # 5, -5, 2,5, 14:30, 2-3, 2021/2022
    | [^\W\d_]+ | \d+ | [^\w\s.,;:!'"‘’“”„«»()\[\]–—…*•_-]   # a word; a sign that says something: % € + = ½ and emoji
    """,
    re.VERBOSE,
)
_SOFT = "de het een er ook echt heel erg zeer gewoon eigenlijk dus wel toch hoor the a an really very also actually"
_LIGHT = frozenset(_SOFT.split())
_OPENERS = frozenset(("en", "maar", "dus", "want", "and", "but", "so"))
"""Only the first word of a sentence: further on, "maar" means "no more than"."""
_ONE = frozenset(("één", "eén", "éen"))
_LONG = 7
"""Letters from which on a slip is taken for a slip: short words are one letter from another word."""


def negations(text: str) -> int:
    """Return how often a text says no, or hardly."""
    return len(_NOT.findall(folded(text)))


def same_statement(a: str, b: str) -> bool:
    """Whether two sentences say the same; two that say nothing do not."""
    one, other = _said(a), _said(b)
    if len(one) != len(other) or not any(token.isalnum() for token in one):
        return False
    return all(x == y or _slip(x, y) for x, y in zip(one, other, strict=True))


def statement_key(text: str) -> str:
    """Return what two sentences that say the same have in common, so that an index finds them; empty for one that says
    nothing. Others can share it: `same_statement` decides."""
    tokens = _said(text)
    if not any(token.isalnum() for token in tokens):
        return ""
    return " ".join(_letters(token) if token.isalpha() and len(token) >= _LONG else token for token in tokens)


def _letters(word: str) -> str:
    """The letters of a long word, whatever slip was made in it."""
    return "~" + "".join(sorted(set(word.replace("d", "t"))))


def _said(text: str) -> list[str]:
    """What a sentence says, in order: words folded, light ones left out; numbers and signs as they are."""
    found = _TOKEN.findall(unicodedata.normalize("NFC", text).lower())
    tokens = ["1" if token in _ONE else fold(token) for token in found]
    if tokens and tokens[0] in _OPENERS:
        del tokens[0]
    kept = [token for token in tokens if token not in _LIGHT]
    return kept if kept else tokens


def _slip(a: str, b: str) -> bool:
    """The same long word, but for two letters in the wrong order, a letter doubled, or "d" for "t" at the end."""
    if min(len(a), len(b)) < _LONG or not (a.isalpha() and b.isalpha()):
        return False
    if _ending(_single(a)) == _ending(_single(b)):
        return True
    wrong = [k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) != len(b) or len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    return a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]


def _single(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _ending(word: str) -> str:
    return re.sub(r"(?:dt|d|t)$", "t", word)
