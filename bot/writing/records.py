"""What a language model may say, as plain values: ids of sentences, kinds, verdicts, and short claims. All frozen.

A model never hands us a quote. It names sentences by id; the words are cut from the stored note by offsets. The few
words it may write itself (a gist, a claim, the name of a theme) are checked in code before anybody reads them.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.harvest import NoteId, SentenceId, SentenceKind, ThemeId

MOST_IDS = 200
"""Sentence ids that one question to a model may offer: providers limit the size of a list of choices."""
GIST_WORDS = 20
MOST_POINTS = 12
"""Points of one note card."""


class Failure(StrEnum):
    """Why a model gave nothing that can be used: the word for the audit trail, never a text."""

    OFF = "off"
    """The mode is `none`: nothing was sent."""
    UNREACHABLE = "unreachable"
    NOT_ALLOWED = "not_allowed"
    """The address, or what it resolves to, is not where texts may go: nothing was sent there."""
    REDIRECTED = "redirected"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    ENCODED = "encoded"
    """The answer came compressed, which was not asked for: a small one may hide a huge one."""
    RATE_LIMITED = "rate_limited"
    REFUSED_US = "refused_us"
    """The endpoint says no: a wrong key, no such model, a request it does not understand."""
    SERVER_ERROR = "server_error"
    NOT_AN_ANSWER = "not_an_answer"
    """What came back is no chat completion."""
    EMPTY = "empty"
    CUT_OFF = "cut_off"
    """The answer was longer than it may be; a smaller batch may fit."""
    FILTERED = "filtered"
    DECLINED = "declined"
    WRONG_SHAPE = "wrong_shape"
    """The words of the model are not the JSON that was asked for, or break its rules."""
    TOO_BIG_A_QUESTION = "too_big_a_question"
    """More ids than a question may offer, or more words than the model takes: a smaller batch may fit."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a step cost, all its calls together; tokens as the endpoint counts them, or as we estimate them."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Add the costs of two steps."""
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True)
class Fence:
    """How people's words are set apart in a question, new for every call so that a note cannot close its own fence.

    `delimiter` stands before and after them (letters and digits, random), `mark` stands in the place of every blank.
    """

    delimiter: str
    mark: str = "ˆ"


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence as a model gets to read it: redacted, but still under the id of the stored one."""

    id: SentenceId
    text: str


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as a model gets to read it."""

    id: NoteId
    sentences: tuple[ShownSentence, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What a note says in one to three of its sentences. `gist` is the model's own wording: never published."""

    sentences: tuple[SentenceId, ...]
    gist: str
    kind: SentenceKind


@dataclass(frozen=True, slots=True)
class Placed:
    """That a note is about a theme, with the sentences that say so."""

    theme: ThemeId
    sentences: tuple[SentenceId, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A theme that does not exist yet, with the sentences that ask for it."""

    name: str
    criterion: str
    sentences: tuple[SentenceId, ...]


@dataclass(frozen=True, slots=True)
class NoteCard:
    """All that a model says of one note. It goes when its note goes."""

    note: NoteId
    points: tuple[Point, ...]
    themes: tuple[Placed, ...] = ()
    proposals: tuple[Suggested, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of a batch. `missing` are the notes without a usable card, in the order in which they were asked."""

    cards: tuple[NoteCard, ...]
    missing: tuple[NoteId, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A sentence by a model with the sentences that must carry it; unchecked until the verifier has seen it."""

    text: str
    evidence: tuple[SentenceId, ...]


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """What a model writes about one theme; unchecked. Quotes and open questions are ids only."""

    lead: WrittenClaim
    claims: tuple[WrittenClaim, ...]
    quotes: tuple[SentenceId, ...] = ()
    open_questions: tuple[SentenceId, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """What a model writes on a question; unchecked. No claims: the sentences do not answer it."""

    claims: tuple[WrittenClaim, ...]


class Verdict(StrEnum):
    """Whether a claim follows from its evidence."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT = "not"


class Kinship(StrEnum):
    """How a proposed theme stands to one that exists."""

    NEW = "new"
    SAME_AS = "same_as"
    NARROWER_THAN = "narrower_than"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a model makes of a proposed theme; `theme` is None only for a new one."""

    kinship: Kinship
    theme: ThemeId | None = None
