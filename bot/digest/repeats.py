"""What was said before: the same sentence, or one that says the same in almost the same words.

A key a sentence, looked up in an index, finds everything that may say the same among whatever was ever said, without
reading it; only those few are then compared.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import combinations

from bot.article import PublishedSentence
from bot.harvest.duplicates import same_statement, statement_key

MOST_COMPARED = 200
"""Sentences of one key that are held beside each other: more of them is a form that everybody fills in."""


def key_of(text: str, secret: str) -> str:
    """Return the key of a sentence: two that say the same have the same one. Keyed, so that it tells no words."""
    said = statement_key(text)
    return hashlib.blake2b(said.encode(), key=secret.encode()[:64], digest_size=12).hexdigest() if said else ""


def alike(
    fresh: Sequence[PublishedSentence], earlier: Iterable[PublishedSentence], keys: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Return by id of a fresh sentence the ids of all others, fresh or earlier, that say the same.

    `keys` are those of `key_of` by sentence id; only sentences of one key are compared.
    """
    known = {sentence.id: sentence for sentence in (*earlier, *fresh)}
    new = {sentence.id for sentence in fresh}
    by_key: dict[str, list[str]] = {}
    for one in known:
        if keys.get(one):
            by_key.setdefault(keys[one], []).append(one)
    found: dict[str, set[str]] = {}
    for ids in by_key.values():
        for one, other in combinations(ids[:MOST_COMPARED], 2):
            if (one in new or other in new) and same_statement(known[one].text, known[other].text):
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
    return {one: frozenset(others) for one, others in found.items() if one in new}


def unread(
    sentences: Iterable[PublishedSentence], said: Set[str], same: Mapping[str, Set[str]]
) -> tuple[list[PublishedSentence], list[PublishedSentence]]:
    """Return what a region has not read yet, and what of it says the same as something that it reads now.

    `said` are the ids of sentences that it has read; what says the same as one of those is in neither list.
    """
    fresh: list[PublishedSentence] = []
    echoes: list[PublishedSentence] = []
    taken: set[str] = set()
    for sentence in sentences:
        others = same.get(sentence.id, frozenset())
        if sentence.id in said or not others.isdisjoint(said):
            continue
        if others.isdisjoint(taken):
            fresh.append(sentence)
            taken.add(sentence.id)
        else:
            echoes.append(sentence)
    return fresh, echoes
