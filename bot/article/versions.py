"""Versions of a published article, kept as places and marks of words, and what changed between two of them.

No words are kept: what a sentence said is cut again from the stored version of its note, as long as that is there.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.article.records import Article, Run, Sentence


class Turn(StrEnum):
    """What became of a sentence between two versions."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Kept:
    """One sentence of a version: where it stood, in which version of its note, and the mark of its words."""

    sentence: str
    group: str
    impression: str
    field: str
    start: int
    end: int
    version: int
    mark: str


@dataclass(frozen=True)
class ArticleVersion:
    """An article as it could be read from a moment on; `number` counts from 1, the version that was published."""

    number: int
    at: datetime
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Change:
    """One sentence that is new, says something else, or is gone. `new` is None for one that is gone; `old` is empty
    for a new one, and where its words may not be had any more."""

    turn: Turn
    group: str
    new: Sentence | None = None
    old: str = ""


@dataclass(frozen=True)
class Changes:
    """What changed since a version that was read from `since` on; `number` is that of the current version."""

    since: datetime | None = None
    number: int = 1
    items: tuple[Change, ...] = ()


UNCHANGED = Changes()


def mark_of_words(text: str) -> str:
    """Return by what words are known again without keeping them; white space counts as one blank."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def kept(article: Article) -> tuple[Kept, ...]:
    """Return the sentences of an article as a version keeps them."""
    return tuple(_kept(sentence.id, sentence.group, sentence.run) for sentence in article.sentences)


def says_the_same(version: ArticleVersion, article: Article) -> bool:
    """Whether a reader of this version reads the same sentences in the article now, in the same order."""
    return [(one.group, one.mark) for one in version.kept] == [(one.group, one.mark) for one in kept(article)]


def compare(before: ArticleVersion, article: Article, words_of: Callable[[Kept], str | None]) -> tuple[Change, ...]:
    """Return what changed since `before`, in the order of the article, what is gone behind its group's others.

    `words_of` gives what a sentence said; what does not carry its mark (the note was withdrawn, or a name in it
    masked) is not shown.
    """
    now = {sentence.id: sentence for sentence in article.sentences}
    said_before = {(one.group, one.mark) for one in before.kept}
    by_id = {one.sentence: one for one in before.kept}
    said_now = {(sentence.group, mark_of_words(sentence.run.text)) for sentence in article.sentences}
    found: list[Change] = []
    for sentence in article.sentences:
        if (sentence.group, mark_of_words(sentence.run.text)) in said_before:
            continue
        earlier = by_id.get(sentence.id)
        old = _still(earlier, words_of) if earlier else ""
        found.append(Change(Turn.CHANGED if earlier else Turn.NEW, sentence.group, sentence, old))
    gone = [one for one in before.kept if one.sentence not in now and (one.group, one.mark) not in said_now]
    return (*found, *(Change(Turn.GONE, one.group, None, _still(one, words_of)) for one in gone))


def _still(one: Kept, words_of: Callable[[Kept], str | None]) -> str:
    words = words_of(one)
    return words if words is not None and mark_of_words(words) == one.mark else ""


def _kept(sentence: str, group: str, run: Run) -> Kept:
    place = (run.impression, run.field, run.start, run.end, run.version)
    return Kept(sentence, group, *place, mark_of_words(run.text))
