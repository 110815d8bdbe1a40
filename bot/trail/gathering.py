"""What published impressions bring to the trail of a region: entries that the engine proposes, each cut out of a note.

Nothing is proposed before its article is published, nothing twice, and nothing again that was set aside.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from bot.article import FEWEST_SPEAKERS, Part, PublishedSentence
from bot.article.attribution import MOST_REGIONS
from bot.harvest import split
from bot.harvest.words import folded
from bot.impressions import Impression
from bot.trail.filling import LONGEST_LINE, LONGEST_TEXT
from bot.trail.partial import read_partial
from bot.trail.records import Entry, Origin, State, Value
from bot.trail.sheets import Kind

ALIKE = 0.6
"""From this likeness on (difflib's ratio, over words) a sentence is an earlier one in other words."""
ASPECTS = {Part.EASY: "easy", Part.HARD: "hard", Part.CONCLUSION: "conclusion"}
KINDS = {
    **dict.fromkeys(ASPECTS, Kind.EXPERIENCE),
    Part.EXAMPLE: Kind.EXAMPLE,
    Part.OBSTACLE: Kind.OBSTACLE,
    Part.QUESTION: Kind.QUESTION,
    Part.OFFER: Kind.OFFER,
}
TOLD_WHOLE = {Kind.EXAMPLE: "what", Kind.OBSTACLE: "effect"}
"""Kinds of which the whole story goes into a field of its own; its first sentence is the title."""
REASONS = {kind: f"trail.reason_{kind.value}" for kind in KINDS.values()}


@dataclass(frozen=True)
class Seen:
    """What a region's trail holds already that was cut out of these notes, in whatever state: runs and titles."""

    runs: Set[tuple[Kind, str, str, int, int]] = frozenset()
    titles: Set[tuple[Kind, str]] = frozenset()


@dataclass(frozen=True)
class _Run:
    """Sentences that follow each other in one part of a note."""

    sentences: list[PublishedSentence] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end


def regions_of(sentence: PublishedSentence, tied: Mapping[str, Set[str]]) -> tuple[str, ...]:
    """Return the regions for which a sentence of a group may be an entry.

    A small group of which not everybody agreed is pointed out to nobody. A group of more regions than a sentence can
    speak for only brings something to those with a point that it is about (`tied`, by impression id).
    """
    if not sentence.agreed and sentence.speakers < FEWEST_SPEAKERS:
        return ()
    if len(sentence.regions) <= MOST_REGIONS:
        return sentence.regions
    return tuple(region for region in sentence.regions if region in tied.get(sentence.impression, ()))


def current_phase(phases: Iterable[Entry], on: date) -> Entry | None:
    """Return the phase in which a region is: the one that began last and is not over; else the last one that began."""
    begun = []
    for phase in phases:
        begins, ends = read_partial(phase.text("begins")), read_partial(phase.text("ends"))
        if phase.stands and begins is not None and begins.first <= on:
            running = ends is None or ends.last >= on
            begun.append((running, begins.first, phase.position, phase))
    return max(begun, key=lambda each: each[:3], default=(False, on, 0, None))[3]


def gather(
    team: str,
    region: str,
    sentences: Sequence[PublishedSentence],
    notes: Mapping[str, Impression],
    phase: str | None,
    seen: Seen,
    ids: Callable[[str], str],
) -> list[Entry]:
    """Return what these sentences of published articles bring to a region, as proposals.

    `notes` are the impressions by id as they are now: what they no longer say is left out. `phase` is the id of the
    region's current phase; without one, what was easy or hard has no place yet and is not proposed.
    """
    titles, found = set(seen.titles), []
    for run in _runs(sentences, notes):
        first, note = run.sentences[0], notes[run.sentences[0].impression]
        kind = KINDS[first.part]
        if kind is Kind.EXPERIENCE and phase is None:
            continue
        story = note.text(first.field)[run.start : run.end]
        title = _first(story) if kind in TOLD_WHOLE else story
        most = LONGEST_LINE if kind in TOLD_WHOLE else LONGEST_TEXT
        title, end = _fitting(title, most), first.start + min(len(title), most)
        key = (kind, folded(title))
        if (kind, note.id, first.field, first.start, end) in seen.runs or key in titles or len(story) > LONGEST_TEXT:
            continue
        titles.add(key)
        values = {"title": Value(title)}
        if kind in TOLD_WHOLE:
            values[TOLD_WHOLE[kind]] = Value(story)
        if kind is Kind.EXPERIENCE:
            values["aspect"] = Value(ASPECTS[first.part])
        if kind is Kind.QUESTION:
            values["sort"] = Value("open_question")
        if kind is Kind.OBSTACLE:
            values["standing"] = Value("open")
        found.append(
            Entry(
                id=ids("te"), team=team, region=region, kind=kind, values=values, state=State.PROPOSED,
                parent=phase if kind is Kind.EXPERIENCE else None, reason=REASONS[kind],
                origin=Origin(impression=note.id, field=first.field, start=first.start, end=end),
            )
        )  # fmt: skip
    return found


def _runs(sentences: Iterable[PublishedSentence], notes: Mapping[str, Impression]) -> list[_Run]:
    """Put sentences of one example or obstacle together; every other sentence stands by itself."""
    runs: list[_Run] = []
    for sentence in sentences:
        note = notes.get(sentence.impression)
        if sentence.part not in KINDS or note is None or note.withdrawn_at is not None:
            continue
        text = note.text(sentence.field)
        if text[sentence.start : sentence.end] != sentence.text:
            continue
        last = runs[-1].sentences[-1] if runs else None
        whole = KINDS[sentence.part] in TOLD_WHOLE
        same = last is not None and (last.impression, last.field) == (sentence.impression, sentence.field)
        if last and whole and same and last.end <= sentence.start and not text[last.end : sentence.start].strip():
            runs[-1].sentences.append(sentence)
        else:
            runs.append(_Run([sentence]))
    return runs


def _first(story: str) -> str:
    """Its first sentence, by which a story is known."""
    spans = split(story)
    return story[: spans[0].end] if spans else story


def _fitting(text: str, most: int) -> str:
    """A title of at most so many characters; a longer sentence ends in "…", and stands whole in the story."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    at = head.rfind(" ")
    return (head[:at] if at > most // 2 else head).rstrip(" ,;:.") + "…"


def follow(entry: Entry, cut_out: Set[str], note: Impression) -> tuple[dict[str, Value], int, int] | None:
    """Return the values of an entry after its note was changed, and where its title stands; None where it has gone.

    `cut_out` are the fields with words of the note. Words that are still there stay; where a sentence was changed the
    entry follows it; a sentence that is gone takes the entry along.
    """
    text = "" if note.withdrawn_at is not None or entry.origin is None else note.text(entry.origin.field)
    values, start, end = dict(entry.values), 0, 0
    for name in sorted(cut_out & values.keys()):
        place = _place(values[name].text, text)
        if place is None:
            return None
        first, last = place
        most = LONGEST_LINE if name == "title" and entry.kind in TOLD_WHOLE else LONGEST_TEXT
        if not values[name].text.endswith("…") or text[first:last] != values[name].text:
            values[name] = Value(_fitting(text[first:last], most))
        if name == "title":
            start, end = first, last
    return values, start, end


def _place(said: str, text: str) -> tuple[int, int] | None:
    """Where words stand in a text: as they are, else as the sentences that are most like them."""
    bare = said.removesuffix("…")
    at = text.find(bare)
    if at >= 0 and bare:
        return at, at + len(bare)
    spans = split(text)
    wanted = max(1, len(split(said)))
    windows = [(spans[n].start, spans[min(n + wanted, len(spans)) - 1].end) for n in range(len(spans))]
    likely = max(windows, key=lambda place: _ratio(said, text[place[0] : place[1]]), default=None)
    return likely if likely and _ratio(said, text[likely[0] : likely[1]]) >= ALIKE else None


def _ratio(one: str, other: str) -> float:
    first, second = re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
