"""Sentences that only announce a subject or a next meeting: said in a room, they say nothing on paper."""

import re
from collections.abc import Sequence

from bot.harvest.words import feature, words

LITTLE = 1
"""Content words beside the announcing ones up to which a sentence says no more than its subject."""
_ANNOUNCING = """
besproken gesproken gepraat gegaan slotte daarnaast thema onderwerp onderwerpen bod kwam komt kwamen volgende keer
werksessie sessie bijeenkomst groepje groep januari februari maart april mei juni juli augustus september oktober
november december talked discussed spoke topic theme subject came finally next session meeting january february march
may june july august october
"""
_FEATURES = frozenset(filter(None, map(feature, _ANNOUNCING.split())))
_LEANS = re.compile(
    r"^\W*(of liever|liever gezegd|dat|dit|deze|die|daar|daarom|daardoor|hierdoor|maar|dus|want|zij|en"
    r"|or rather|that|this|therefore|but|so|because|they|and)\b",
    re.IGNORECASE,
)


def says_little(text: str) -> bool:
    """Whether a sentence announces a subject, or a next meeting, and says nothing about it."""
    said = [f for f in map(feature, words(text)) if f]
    announcing = [f for f in said if f in _FEATURES]
    return bool(announcing) and len(said) - len(announcing) <= LITTLE


def leans_back(text: str) -> bool:
    """Whether a sentence cannot stand without the one before it."""
    return _LEANS.match(text) is not None


def telling(texts: Sequence[str]) -> list[bool]:
    """Say of sentences in the order in which they were told which are worth printing; of one text always something.

    What the next one leans on stays.
    """
    kept = [
        not says_little(text) or (number + 1 < len(texts) and leans_back(texts[number + 1]))
        for number, text in enumerate(texts)
    ]
    return kept if any(kept) else [True] * len(texts)
