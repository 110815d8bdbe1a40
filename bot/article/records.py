"""What an article is: sentences that people wrote, each of them a place in a stored impression."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.attachments import Attachment, is_listed
from bot.harvest import split
from bot.impressions import PARTS, Impression, Standing
from bot.promises import Told
from bot.selection import Group
from bot.worksessions import WorkSession

HEADLINE_LENGTH = 150
NEWS_LENGTH = 1000
LONG_NAME = 45
"""A topic with a longer name stands in the headline by its short one."""


class Part(StrEnum):
    """Where a sentence stands in its group's section."""

    BODY = "body"
    EASY = "easy"
    HARD = "hard"
    CONCLUSION = "conclusion"
    QUOTE = "quote"
    QUESTION = "question"
    EXAMPLE = "example"
    OBSTACLE = "obstacle"
    OFFER = "offer"


class State(StrEnum):
    """Whether an article is still the coordinator's, or everybody's."""

    DRAFT = "draft"
    PUBLISHED = "published"


ASIDES = tuple(part for part in Part if part is not Part.BODY)
"""What stands under the text of a group, each with its own label, in this order."""
PART_OF = {"takeaway": Part.BODY, **{part.value: part for part in ASIDES}}
"""Where an article prints each part of an impression."""
ORDER = {part: number for number, part in enumerate(Part)}


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
    coordinator removed or moved sentences, `headline_typed` that she wrote the headline. `news` is what she adds of
    the part where everybody was together, in her own words and under her own name (`news_by`, a user id).
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
    news: str = ""
    news_by: str = ""


@dataclass(frozen=True)
class Contribution:
    """A group with what it handed in and was not withdrawn, oldest first.

    `withheld` are the parts that nobody outside the group may read (impression id and part): a quote whose speaker
    did not agree, what the group objects to, an offer that its giver did not accept. `withheld_places` are single
    sentences of a part that may be read but for them, as `Run.place` writes them.
    """

    group: Group
    impressions: tuple[Impression, ...]
    withheld: frozenset[tuple[str, str]] = frozenset()
    withheld_places: frozenset[tuple[str, str, int, int]] = frozenset()

    def shows(self, run: Run) -> bool:
        """Whether these words may be read outside the group."""
        return (run.impression, run.field) not in self.withheld and not any(
            (run.impression, run.field) == (impression, part) and run.start < end and start < run.end
            for impression, part, start, end in self.withheld_places
        )


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
    """An article with everything that is needed to show it. `names` gives a person's name by user id.

    `promises` are all that somebody was asked to stand for in the session, in whatever state.
    `standings` says by impression id whether the group stands behind it. `attachments` are all files that are kept of
    the session and its groups.
    """

    article: Article
    session: WorkSession
    contributions: tuple[Contribution, ...]
    names: Mapping[str, str]
    next_session: WorkSession | None = None
    promises: tuple[Told, ...] = field(default=(), kw_only=True)
    standings: Mapping[str, Standing] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    @property
    def downloads(self) -> list[Attachment]:
        """Return the files that the article names: first those of the session itself, then group by group."""
        order = {found.group.id: number for number, found in enumerate(self.contributions, start=1)}
        listed = [file for file in self.attachments if is_listed(file, self.article.published_at)]
        return sorted(listed, key=lambda file: order.get(file.group or "", 0))

    @property
    def coverage(self) -> Coverage:
        """Count what the article rests on: only the impressions that it took in."""
        return coverage(self.contributions, self.article)


@dataclass(frozen=True)
class PublishedSentence:
    """A sentence of a published article, with all that a digest, a harvest or an answer needs to place it.

    `text` is an exact run of a stored impression (`impression`, `field`, offsets `start` and `end`): show it whole or
    not at all. `themes` are the theme ids of its impression, `theme` the one that this sentence is about, where that is
    known. `topics` are the names of the topics that the group talked about, in the order of the offer. `on` and
    `session_title` say when and where it was said. `regions` are the region ids of who sat in the group, `speakers`
    their number, `agreed` whether each of them said yes to the impression: `bot.article.attributed` says what of this
    may be shown.
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
    theme: str | None = None
    impression: str = ""
    field: str = ""
    start: int = 0
    end: int = 0
    on: date | None = None
    session_title: str = ""
    regions: tuple[str, ...] = ()
    speakers: int = 0
    agreed: bool = False


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
            for span in split(impression.text(name)):  # what may not be read outside the group is left out as well
                shown = any(r.field == name and r.start <= span.start and span.end <= r.end for r in runs)
                left_out += not shown
    return Coverage(
        impressions=sum(len(found) for _, found in taken),
        groups=sum(1 for _, found in taken if found),
        people=len(people),
        missing=tuple(group.number for group, found in taken if not found),
        left_out=left_out,
    )
