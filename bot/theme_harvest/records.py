"""The values of a harvest document: what was said on one theme over months, each sentence with where it was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.article import Part, PublishedSentence
from bot.harvest import Claim, SentenceKind, Theme
from bot.promises import Told


@dataclass(frozen=True)
class Passage:
    """Words of earlier material about the theme: `text` begins on `first_line` (from 1) of the document.

    `spans` are the sentences of it that are about the theme, where it is about several; None for all of them.
    """

    id: str
    document: str
    title: str
    on: date | None
    year: int | None
    first_line: int
    text: str
    quoted: bool = False
    spans: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True)
class Said:
    """One sentence, cut out whole. Either `sentence` says where it was published, or `passage` where it was written.

    `voice` is who said it: the id of a group or of a document. `year` is None where nobody knows it. `also` are those
    who said the same at another time or place.
    """

    id: str
    text: str
    kind: SentenceKind
    part: Part
    voice: str
    on: date | None
    year: int | None
    line: int = 0
    sentence: PublishedSentence | None = None
    passage: Passage | None = None
    also: tuple["Said", ...] = ()


@dataclass(frozen=True)
class Gathered:
    """Everything there is about a theme: published sentences, passages, and all promises in those sentences.

    `regions` gives names by region id, `articles` by article id where the article can be read. `others` are all other
    passages that there are: a figure in them may differ all the same.
    `written` are claims of a model that were verified against exactly these sentences.
    """

    theme: Theme
    sentences: tuple[PublishedSentence, ...]
    passages: tuple[Passage, ...] = ()
    others: tuple[Passage, ...] = ()
    promises: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, str] = field(default_factory=dict)
    written: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Offer:
    """What was offered, and what became of it as far as somebody stands for it."""

    said: Said
    promises: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Contrast:
    """Two sentences on one thing that do not agree: `why` is "negation", "number" or "opposite"."""

    one: Said
    other: Said
    why: str


@dataclass(frozen=True)
class Figure:
    """How often something was counted, as each source says: the sentences in the order of their years."""

    counted: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Round:
    """How one session spoke of the theme: how many of its groups, in how many published sentences."""

    title: str
    on: date | None
    groups: int
    sentences: int


@dataclass(frozen=True)
class Coverage:
    """On how much the document rests, and how many sentences it leaves out."""

    sentences: int
    groups: int
    sessions: int
    documents: int
    left_out: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class ThemeHarvest:
    """The document on one theme. Every sentence stands in one place only, but in `contrasts` and `figures`.

    `carrying` are the sentences that the claims rest on, whether they are printed or not.

    `minority` are sentences of voices that nothing else lets be heard.
    """

    theme: Theme
    claims: tuple[Claim, ...]
    carrying: tuple[Said, ...]
    told: tuple[Said, ...]
    minority: tuple[Said, ...]
    examples: tuple[Said, ...]
    quotes: tuple[Said, ...]
    questions: tuple[Said, ...]
    offers: tuple[Offer, ...]
    contrasts: tuple[Contrast, ...]
    figures: tuple[Figure, ...]
    material: tuple[Said, ...]
    rounds: tuple[Round, ...]
    coverage: Coverage
    regions: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing was published about the theme, and nothing written before."""
        return not (self.coverage.sentences or self.coverage.documents)
