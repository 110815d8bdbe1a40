"""The article about a work session: sentences that people wrote, cut from stored impressions, never typed anew.

A sentence of an article is a place: an impression, one of its parts, and two offsets. `check` holds it against the
stored words, so that nobody can be misquoted, not even by a coordinator who edits the draft.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.harvest import Note, SentenceKind, kind_of, picks, split
from bot.impressions import PARTS, Impression
from bot.problem import Problem
from bot.programme import Member
from bot.selection import Group
from bot.worksessions import WorkSession

MOST_SENTENCES = 6
"""Sentences of a group's takeaways that an article prints; what is left out is counted."""
MOST_ASIDES = 6
"""Open questions of a group, and likewise offers."""
MOST_QUOTES = 3
WHOLE = 300
"""Characters up to which a question or an offer is printed as one piece."""
HEADLINE_LENGTH = 150
LONG_NAME = 45
"""A topic with a longer name stands in the headline by its short one."""


class Part(StrEnum):
    """Where a sentence stands in its group's section."""

    BODY = "body"
    QUOTE = "quote"
    QUESTION = "question"
    OFFER = "offer"


class State(StrEnum):
    """Whether an article is still the coordinator's, or everybody's."""

    DRAFT = "draft"
    PUBLISHED = "published"


_PART_OF = {"takeaway": Part.BODY, "quote": Part.QUOTE, "question": Part.QUESTION, "offer": Part.OFFER}
_ORDER = {part: number for number, part in enumerate(Part)}


class Misquoted(ValueError):
    """A sentence is not what the stored impression says at its place; it cannot be saved."""


@dataclass(frozen=True)
class Run:
    """Words of an impression between two offsets of one of its parts; `part` says where an article prints them."""

    part: Part
    impression: str
    field: str
    start: int
    end: int
    text: str
    version: int

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Where the words stand; two runs of one place are the same words."""
        return self.impression, self.field, self.start, self.end


@dataclass(frozen=True)
class Sentence:
    """A run that stands in an article, in the section of a group."""

    id: str
    group: str
    run: Run


@dataclass(frozen=True)
class Article:
    """The one article about a work session.

    `sources` holds the impressions that were taken in, with the version that was read. `edited` says that the
    coordinator removed or moved sentences, `headline_typed` that she wrote the headline.
    """

    id: str
    team: str
    work_session: str
    state: State
    headline: str
    created_at: datetime
    updated_at: datetime
    version: int = 1
    edited: bool = False
    headline_typed: bool = False
    published_at: datetime | None = None
    published_by: str | None = None
    sentences: tuple[Sentence, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Contribution:
    """A group with what it handed in and was not withdrawn, oldest first."""

    group: Group
    impressions: tuple[Impression, ...]


@dataclass(frozen=True)
class Coverage:
    """On how much an article rests; `missing` are the numbers of groups without an impression."""

    impressions: int
    groups: int
    people: int
    missing: tuple[int, ...]
    left_out: int


@dataclass(frozen=True)
class Edition:
    """An article with everything that is needed to show it. `names` gives a person's name by user id."""

    article: Article
    session: WorkSession
    contributions: tuple[Contribution, ...]
    names: Mapping[str, str]
    next_session: WorkSession | None = None

    @property
    def coverage(self) -> Coverage:
        """Count what the article rests on: only the impressions that it took in."""
        return coverage(self.contributions, self.article)


@dataclass(frozen=True)
class PublishedSentence:
    """A sentence of a published article, with what a weekly digest needs to place it.

    `text` is an exact run of a stored impression: show it whole or not at all. `themes` are theme ids,
    `topics` the names of the topics that the group talked about, in the order of the offer.
    """

    id: str
    article: str
    work_session: str
    group: str
    group_number: int
    part: Part
    text: str
    themes: tuple[str, ...]
    topics: tuple[str, ...]
    published_at: datetime


@dataclass(frozen=True)
class GroupBoard:
    """Whether a group handed in. `title` is its number and topics, the same in every language."""

    group_id: str
    number: int
    title: str
    facilitator: str | None
    impressions: int

    @property
    def missing(self) -> bool:
        """Whether nothing came in yet."""
        return self.impressions == 0


def check(sentences: Iterable[Sentence], impressions: Mapping[str, Impression]) -> None:
    """Hold every sentence against the stored words. Raises Misquoted, so that an altered quote cannot be saved."""
    for sentence in sentences:
        run = sentence.run
        impression = impressions.get(run.impression)
        if impression is None or impression.withdrawn_at is not None or run.field not in PARTS:
            raise Misquoted(f"{sentence.id}: its impression is not there")
        stored = impression.text(run.field)
        if not 0 <= run.start < run.end <= len(stored) or stored[run.start : run.end] != run.text:
            raise Misquoted(f"{sentence.id}: these are not the stored words")
        if impression.version != run.version or impression.group != sentence.group:
            raise Misquoted(f"{sentence.id}: it belongs to another version or group")


def readers(session: WorkSession, coordinators: Sequence[Member]) -> list[Member]:
    """Return who gets the draft: every coordinator, but of a practice session only the one who practises."""
    return [member for member in coordinators if not session.is_practice or member.user == session.created_by]


def headline_topics(session: WorkSession, contributions: Sequence[Contribution]) -> list[str]:
    """Return the (at most two) topics with most voices among the groups that handed in, long names shortened."""
    voices: Counter[str] = Counter()
    for contribution in contributions:
        if contribution.impressions:
            for topic in contribution.group.topics:
                voices[topic] += len(contribution.group.people) + len(contribution.impressions)
    offered = [topic for topic in session.topics if topic.id in voices]
    best = sorted(offered, key=lambda topic: -voices[topic.id])[:2]
    return [topic.name if len(topic.name) <= LONG_NAME else topic.short_name for topic in best]


def compose(
    before: Article | None, contributions: Sequence[Contribution], new_id: Callable[[], str]
) -> tuple[Sentence, ...]:
    """Return the sentences of a draft, group by group.

    What the coordinator removed or moved stays so, for every impression that is as she saw it. An impression that
    is new or was changed comes in anew, behind the others of its group.
    """
    ids = {sentence.run.place: sentence.id for sentence in before.sentences} if before else {}
    sentences: list[Sentence] = []
    for contribution in contributions:
        runs: list[Run] = []
        fresh = contribution.impressions
        if before is not None and before.edited:
            same = {i.id for i in contribution.impressions if before.sources.get(i.id) == i.version}
            runs = [s.run for s in before.sentences if s.group == contribution.group.id and s.run.impression in same]
            fresh = tuple(i for i in contribution.impressions if i.id not in same)
        runs = sorted([*runs, *cut(fresh)], key=lambda run: _ORDER[run.part])
        sentences += [Sentence(ids.get(run.place) or new_id(), contribution.group.id, run) for run in runs]
    return tuple(sentences)


def cut(impressions: Sequence[Impression]) -> list[Run]:
    """Return the sentences of a group's impressions that are worth printing, in the order in which they were told."""
    told: list[Run] = []
    asides: dict[Part, list[Run]] = {Part.QUOTE: [], Part.QUESTION: [], Part.OFFER: []}
    for impression in impressions:
        for run in _sentences(impression, "takeaway"):
            (told if run.part is Part.BODY else asides[run.part]).append(run)
        asides[Part.QUOTE] += _whole(impression, "quote")
        for name in ("question", "offer"):
            whole = _whole(impression, name)
            short = all(len(run.text) <= WHOLE and "\n" not in run.text for run in whole)
            asides[_PART_OF[name]] += whole if short else _sentences(impression, name)
    body = told if len(told) <= MOST_SENTENCES else _best(told, impressions)
    return [
        *body,
        *asides[Part.QUOTE][:MOST_QUOTES],
        *asides[Part.QUESTION][:MOST_ASIDES],
        *asides[Part.OFFER][:MOST_ASIDES],
    ]


def coverage(contributions: Sequence[Contribution], article: Article) -> Coverage:
    """Count impressions, groups and people behind an article, and the sentences that it leaves out."""
    used: dict[str, list[Run]] = {}
    for sentence in article.sentences:
        used.setdefault(sentence.run.impression, []).append(sentence.run)
    taken = [(one.group, [i for i in one.impressions if i.id in article.sources]) for one in contributions]
    people = {user for group, found in taken if found for user in (*group.people, group.facilitator) if user}
    left_out = 0
    for impression in (i for _, found in taken for i in found):
        runs = used.get(impression.id, [])
        for name in PARTS:
            for span in split(impression.text(name)):
                shown = any(r.field == name and r.start <= span.start and span.end <= r.end for r in runs)
                left_out += not shown
    return Coverage(
        impressions=sum(len(found) for _, found in taken),
        groups=sum(1 for _, found in taken if found),
        people=len(people),
        missing=tuple(group.number for group, found in taken if not found),
        left_out=left_out,
    )


def read_lines(
    name: str, text: str, contribution: Contribution, known: Sequence[Run]
) -> tuple[list[Run], list[Problem]]:
    """Read one sentence a line, as the coordinator left them in the field `name`.

    A line has to be words of one of the group's impressions, in whole sentences: half a sentence can say the
    opposite of it. White space counts as one blank. `known` are the runs that the draft has now: their lines keep
    their place in it. The first line that nobody wrote is the problem.
    """
    lines = [line for line in map(_folded, text.splitlines()) if line]
    runs: list[Run] = []
    waiting = list(known)
    for line in lines:
        run = next((r for r in waiting if _folded(r.text) == line), None)
        if run is not None:
            waiting.remove(run)
        else:
            run = _written(line, contribution.impressions)
        if run is None:
            key = "half" if _inside(line, contribution.impressions) else "not_theirs"
            return [], [
                Problem(name, f"harvest.problem.{key}", {"start": line if len(line) <= 40 else f"{line[:39]}…"})
            ]
        if run.place not in {r.place for r in runs}:
            runs.append(run)
    return sorted(runs, key=lambda run: _ORDER[run.part]), []


def _sentences(impression: Impression, name: str) -> list[Run]:
    text = impression.text(name)
    return [_run(impression, name, span.start, span.end) for span in split(text)]


def _whole(impression: Impression, name: str) -> list[Run]:
    text = impression.text(name)
    if not text.strip():
        return []
    return [_run(impression, name, len(text) - len(text.lstrip()), len(text.rstrip()))]


def _run(impression: Impression, name: str, start: int, end: int) -> Run:
    text = impression.text(name)[start:end]
    asked = name == "takeaway" and kind_of(text) is SentenceKind.QUESTION
    part = Part.QUESTION if asked else _PART_OF[name]
    return Run(part, impression.id, name, start, end, text, impression.version)


def _best(told: Sequence[Run], impressions: Sequence[Impression]) -> list[Run]:
    """The sentences worth most, of every note some, back in the order in which they were told."""
    notes = [Note(impression.id, impression.text("takeaway")) for impression in impressions]
    ranked = picks(notes, len(told), max(2, -(-MOST_SENTENCES // len(notes))), all_groups=False)
    worth = {(sentence.note_id, sentence.start, sentence.end): n for n, sentence in enumerate(ranked)}
    ordered = sorted(told, key=lambda run: worth.get((run.impression, run.start, run.end), len(told)))
    chosen = {run.place for run in ordered[:MOST_SENTENCES]}
    return [run for run in told if run.place in chosen]


def _folded(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def _written(line: str, impressions: Sequence[Impression]) -> Run | None:
    """Find a line among the impressions: a whole part, or from the start of a sentence to the end of one."""
    for impression in impressions:
        for name in PARTS:
            text = impression.text(name)
            spans = split(text)
            starts, ends = {span.start for span in spans}, {span.end for span in spans}
            for found in re.finditer(_pattern(line), text):
                start, end = found.span()
                if (start in starts and end in ends) or text.strip() == found.group():
                    return _run(impression, name, start, end)
    return None


def _inside(line: str, impressions: Sequence[Impression]) -> bool:
    return any(re.search(_pattern(line), impression.text(name)) for impression in impressions for name in PARTS)


def _pattern(line: str) -> str:
    return r"\s+".join(map(re.escape, line.split()))
