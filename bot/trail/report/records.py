"""The values of a report: the evidence there is, and the report with every text as a place in that evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.article import Part, PublishedSentence
from bot.harvest import Note, Sentence, kind_of, split
from bot.promises import Told
from bot.trail.records import Entry
from bot.trail.sheets import Kind


class Reader(StrEnum):
    """For whom a report is: the region itself reads all that it keeps; anybody else what it shares."""

    REGION = "region"
    OUTSIDE = "outside"
    PROGRAMME = "programme"


class Chapter(StrEnum):
    """The chapters, in the order in which they are read."""

    WHO = "who"
    JOINING = "joining"
    AGENDA = "agenda"
    PHASES = "phases"
    TIMELINE = "timeline"
    SESSIONS = "sessions"
    PROMISES = "promises"
    EXAMPLES = "examples"
    RULES = "rules"
    ASKING = "asking"
    INDICATORS = "indicators"
    EFFECTS = "effects"
    REVIEWS = "reviews"
    QUESTIONS = "questions"
    RECOMMENDATIONS = "recommendations"


class About(StrEnum):
    """What a line of the summary is about, in the order in which it is read."""

    AMBITION = "ambition"
    PHASE = "phase"
    POINTS = "points"
    PARTS = "parts"
    PRECONDITIONS = "preconditions"
    SESSIONS = "sessions"
    PROMISES = "promises"
    RULES = "rules"
    INDICATORS = "indicators"
    ADVICE = "advice"


@dataclass(frozen=True)
class Cut:
    """A stored text as whole sentences of it, each a place in the note that it names."""

    note: str
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join(" ".join(sentence.text for sentence in self.sentences).split())


@dataclass(frozen=True)
class Item:
    """One thing that a report tells: an entry, a published sentence or a promise.

    `cuts` are its texts by field ("" for a sentence or a promise), `below` what hangs under it, `heard` what sessions
    said about it, `also` the others that say the same.
    """

    cuts: Mapping[str, Cut]
    entry: Entry | None = None
    sentence: PublishedSentence | None = None
    told: Told | None = None
    below: tuple["Item", ...] = ()
    heard: tuple["Item", ...] = ()
    also: tuple["Item", ...] = ()

    @property
    def main(self) -> Cut | None:
        """The text by which it is known."""
        return self.cuts.get("title") or next(iter(self.cuts.values()), None)

    def everything(self) -> Iterator["Item"]:
        """Give this item and all that is told with it."""
        yield self
        for one in (*self.below, *self.heard, *self.also):
            yield from one.everything()


class Saying(StrEnum):
    """As what somebody wrote or said what the chapter of recommendations repeats, in the order in which it is read."""

    ADVICE = "advice"
    PHASE = "phase"
    SESSION = "session"


def saying_of(item: Item) -> Saying | None:
    """Return as what an item was said, None where it is neither advice nor a conclusion of anybody."""
    if item.sentence is not None:
        return Saying.SESSION if item.sentence.part is Part.CONCLUSION else None
    if item.entry is None:
        return None
    if item.entry.kind in (Kind.EVALUATION, Kind.REVIEW):
        return Saying.ADVICE if set(item.cuts) == {"advice"} else None
    concluded = item.entry.kind is Kind.EXPERIENCE and item.entry.text("aspect") == "conclusion"
    return Saying.PHASE if concluded else None


@dataclass(frozen=True)
class Evidence:
    """Everything there is to report on, of one region or (`region` None) of the programme.

    `entries` stand with what hangs under them; `sentences` are published; `promises` public. `ties` gives by entry id
    the ids of the sentences in which it was spoken of, `adopters` by example id the entries of who uses it too,
    `owners` by user id the region of who promised. `regions` has names by id, `articles` addresses by article id.
    `names` has by user id who stands in a field of the region's own, for its own report only.
    `silent` counts groups of these sessions that nothing is published of.
    """

    reader: Reader
    region: str | None
    entries: tuple[Entry, ...]
    sentences: tuple[PublishedSentence, ...] = ()
    promises: tuple[Told, ...] = ()
    ties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    adopters: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, str] = field(default_factory=dict)
    silent: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> list[Note]:
        """Every stored text that a report may cut from."""
        found = [
            Note(f"{entry.id}:{name}", value.text, group=entry.region, region=entry.region)
            for top in self.entries
            for entry in (top, *top.children)
            for name, value in entry.values.items()
            if value.text.strip()
        ]
        for entries in self.adopters.values():
            found += [Note(f"{each.id}:title", each.title, region=each.region) for each in entries if each.title]
        found += [Note(one.id, one.text, at=one.on, group=one.group) for one in self.sentences]
        found += [Note(f"{one.promise.id}:", one.words, group=one.promise.group) for one in self.promises if one.words]
        return list({note.id: note for note in found}.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """On how much a report rests, how much it leaves out, and what nobody filled in."""

    entries: int
    sentences: int
    groups: int
    sessions: int
    left_out: int
    silent_groups: int
    silent_points: int
    phases_without_conclusion: int
    indicators_without_result: int
    rules_without_answer: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Summed:
    """A line of the summary: the things that it rests on, and how many of how many there are where it counts."""

    about: About
    items: tuple[Item, ...]
    done: int | None = None
    whole: int | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that it says."""
        return tuple(each for each in (self.done, self.whole) if each is not None)


@dataclass(frozen=True)
class FinalReport:
    """What is told, chapter by chapter; `unused` are the ids of notes that have no place in it.

    `summary` opens it, as things were `on` that day.
    """

    evidence: Evidence
    chapters: Mapping[Chapter, tuple[Item, ...]]
    unused: tuple[str, ...]
    coverage: Coverage
    on: date
    summary: tuple[Summed, ...] = ()

    @property
    def items(self) -> list[Item]:
        """Everything that is told, wherever it stands."""
        return [one for items in self.chapters.values() for item in items for one in item.everything()]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(self.chapters.values())


def cut(note: Note) -> Cut:
    """Return all of a note as its sentences."""
    return Cut(
        note.id,
        tuple(
            Sentence(f"{note.id}.s{number}", note.id, span.start, span.end, said, kind_of(said))
            for number, span in enumerate(split(note.text, note.language), start=1)
            for said in [note.text[span.start : span.end]]
        ),
    )
