"""The model engine on our own Dutch set: its real questions, redaction and checks, with recorded answers for a model.

No key and no network. `recorded/dutch.json` holds what a large language model answered to these very questions, notes
and sections under their ids; an answer still has to fit the schema of the question, with its lists of ids.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from sqlmodel import Session

from bot.article import Part, PublishedSentence
from bot.harvest import Theme, split, theme_id_of
from bot.writing import Allowance, Failure, Limits, Mode, NoteCard, Section, Usage, known_names
from handlers.writing.asking import Questions
from handlers.writing.engine import Job, Wanted, Writer, material
from prompts.asking import Answer, ModelFailed, Step
from prompts.replies import Misshapen, read_value
from storage import writing
from storage.database import Database
from storage.writing import Event
from tests.evaluate import development, own
from tests.evaluate.dutch_set import Marked, Meeting, meetings
from tests.evaluate.metrics import over_cases
from tests.evaluate.results import EMBEDDED, MODEL, Beside, Row
from tests.evaluate.running import Harvest

SESSIONS = Path(__file__).parent / "recorded" / "session-known.json"
RECORDED = Path(__file__).parent / "recorded" / "dutch.json"
NAMES = ("Noor", "Samir", "Sanne", "Youssef", "Lotte", "Ineke")
T = TypeVar("T")


@dataclass
class RecordedModel:
    """A `prompts.asking.Model` that answers from a file: cards by note, sections by theme and try, verdicts by claim.

    `asked` keeps the questions, `unanswered` those that nothing is recorded for.
    """

    answers: Mapping[str, Any]
    session: str = ""
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    misshapen: Counter[str] = field(default_factory=Counter)
    name: str = "recorded"
    is_on: bool = True
    mode: Mode = Mode.LOCAL

    def estimate(self, text: str) -> int:
        """Three characters a token."""
        return -(-len(text) // 3)

    async def ask(self, step: Step[T], request: str) -> Answer[T]:
        """Answer as recorded. Raises ModelFailed where nothing is, or where the answer does not fit its shape."""
        self.asked.append((step.name, step.version, step.instructions, request))
        shown = json.loads(request.split("\n")[1])
        said = getattr(self, f"_{step.name}")(shown)
        usage = Usage(1, self.estimate(step.instructions + request), self.estimate(json.dumps(said)))
        if said is None:
            self.unanswered.append(f"{step.name} {request[:200]}")
            raise ModelFailed(Failure.EMPTY, usage)
        try:
            return Answer(read_value(step, json.dumps(said)), usage, self.name)
        except Misshapen as odd:
            self.misshapen[f"{step.name}: {odd.hint}"] += 1
            raise ModelFailed(Failure.WRONG_SHAPE, usage) from None

    def _note_cards(self, shown: Mapping[str, Any]) -> Any:
        cards = self.answers["cards"]
        found = [{"note_id": note["id"], **cards[note["id"]]} for note in shown["notes"] if note["id"] in cards]
        return {"cards": found} if found else None

    def _section(self, shown: Mapping[str, Any]) -> Any:
        tries = self.answers["sections"].get(f"{self.session}/{shown['theme']['id']}", [])
        return tries[bool(shown.get("refused"))] if len(tries) > bool(shown.get("refused")) else None

    def _verdicts(self, shown: Mapping[str, Any]) -> Any:
        told = self.answers["verdicts"]
        claims = {one["id"]: one["claim"].replace("ˆ", " ") for one in shown["claims"]}
        return {"verdicts": [{"id": i, "verdict": told[text]} for i, text in claims.items() if text in told]}

    async def check(self) -> None:
        """There is no address."""

    async def probe(self) -> None:
        """There is nothing to learn."""

    async def aclose(self) -> None:
        """There is nothing open."""


@dataclass
class Kept(Questions):
    """The questions of one digest with their bookkeeping in this process instead of a database."""

    cards: dict[str, NoteCard] = field(default_factory=dict)
    sections: dict[str, Section | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    async def read(self, work: Callable[[Session], T]) -> Any:
        """What was kept of cards; no section is there yet."""
        assert isinstance(work, partial)
        keys = work.keywords.get("keys", [])
        return {key: self.cards[key] for key in keys if key in self.cards} if work.func is writing.cards else False

    async def write(self, work: Callable[[Session], T]) -> Any:
        """Keep cards and sections."""
        assert isinstance(work, partial)
        if work.func is writing.save_cards:
            self.cards |= dict(work.keywords["made"])
        if work.func is writing.save_section:
            self.sections[work.keywords["theme_id"]] = work.keywords["written"]
        return work.func is writing.save_section and work.keywords["written"] is not None

    async def note(self, events: Iterable[Event]) -> None:
        """Keep why something was not sent or not shown."""
        self.events += events


class Reader(Writer):
    """The writer, asked for the cards of every note and not only of those in a section."""

    async def cards_of(self, notes: Sequence[str]) -> dict[str, NoteCard]:
        """Return a card of every note."""
        self._notes = await asyncio.to_thread(material, self.job)
        return await self._cards(notes)


def published(meeting: Meeting, themes: Sequence[Theme]) -> dict[str, list[PublishedSentence]]:
    """The sentences of each note as if its article were out, under every announced theme: the model has to choose."""
    at = datetime(2025, 7, 1, tzinfo=UTC)
    return {
        note["id"]: [
            PublishedSentence(
                id=f"{note['id']}.s{k}",
                article="article",
                work_session=meeting.name,
                group=note["group"],
                group_number=int(note["group"]),
                part=Part.BODY,
                text=note["text"][span.start : span.end],
                themes=tuple(theme.id for theme in themes),
                topics=(),
                published_at=at,
                impression=note["id"],
                field="takeaway",
                start=span.start,
                end=span.end,
                on=date.fromisoformat(note["at"]),
                regions=(note["region"],),
            )
            for k, span in enumerate(split(note["text"]), 1)
        ]
        for note in meeting.notes
    }


def job(meeting: Meeting) -> Job:
    """What is to be written of a session: a section for each theme, from the notes that the gold puts there."""
    themes = [Theme(theme_id_of([a["name"]]), a["name"], aliases=tuple(a["aliases"])) for a in meeting.agenda]
    said = published(meeting, themes)
    return Job(
        team="T",
        region="R",
        period=meeting.name,
        language="nl",
        endpoint=Mode.LOCAL,
        limits=Limits(Mode.LOCAL),
        is_name=known_names(NAMES),
        wanted=tuple(
            Wanted(theme, tuple(one for note in own.notes_of(meeting, theme.name) for one in said[note["id"]]))
            for theme in themes
        ),
    )


@dataclass(frozen=True)
class Written:
    """What came of one session: cards by note, sections by theme name (None where none held), events, the questions."""

    cards: dict[str, NoteCard]
    sections: dict[str, Section | None]
    events: tuple[Event, ...]
    model: RecordedModel


async def write(meeting: Meeting) -> Written:
    """Put the questions of a session: first a card of every note, then the sections."""
    ids, work, model = count(1), job(meeting), RecordedModel(recorded(), meeting.name)
    at = datetime(2025, 7, 1, tzinfo=UTC)
    database: Any = Database  # never opened: what is kept stays in this process
    whole = Allowance(10_000_000, 10_000_000)
    kept = Kept(
        database, lambda: at, lambda kind: f"{kind}{next(ids)}", model, whole, work.team, work.region, work.period
    )
    every = published(meeting, [one.theme for one in work.wanted])
    first = replace(work.wanted[0], sentences=tuple(one for said in every.values() for one in said))
    cards = await Reader(kept, replace(work, wanted=(first, *work.wanted[1:]))).cards_of(list(every))
    await Writer(kept, work).write()
    names = {one.theme.id: one.theme.name for one in work.wanted}
    return Written(cards, {names[i]: section for i, section in kept.sections.items()}, tuple(kept.events), model)


def recorded() -> dict[str, Any]:
    """The recorded answers."""
    found: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


def answers(beside: own.Answers) -> tuple[own.Answers, tuple[str, ...]]:
    """The set as the model engine tells it, and what to know of it in words.

    A digest has the claims that held and under them the sentences of the embedded engine (`beside`), as readers see it.
    """
    written = {m: asyncio.run(write(m)) for m in meetings()}
    digests = {
        (m.name, theme): told(m, theme, one.sections.get(theme), beside.digests[m.name, theme])
        for m, one in written.items()
        for theme in m.reference
    }
    kinds = {marked: kind for m, one in written.items() for marked, kind in kinds_of(m, one.cards).items()}
    found = own.Answers(MODEL, {m.name: placed(m, one.cards) for m, one in written.items()}, digests, kinds)
    return found, remarks(list(written.values()))


def remarks(written: Sequence[Written]) -> tuple[str, ...]:
    """How the model fared: what it was asked, what the verifier took and left out, and which prompts it answered."""
    sections = [section for one in written for section in one.sections.values()]
    kept = sum(len(section.claims) for section in sections if section)
    dropped = Counter(event.reason for one in written for event in one.events if event.kind == "dropped")
    asked = Counter(name for one in written for name, *_ in one.model.asked)
    calls = ", ".join(f"{n} {name}" for name, n in asked.items())
    rules = ", ".join(f"{n} {rule}" for rule, n in dropped.items()) or "nothing"
    stored = recorded()
    versions = {
        (name, version) for one in written for name, version, *_ in one.model.asked if name in stored["prompts"]
    }
    other = sorted(name for name, version in versions if stored["prompts"][name] != version)
    said = f"Model engine: {stored['model']}, recorded {stored['date']}; {calls} questions; {kept} claims in "
    said += f"{sum(1 for s in sections if s)} of {len(sections)} sections held; refused before repair: {rules}."
    said += " Who gave the answers also wrote the notes and the gold: these scores say that the chain works and what it"
    said += " refuses, not how well a model reads."
    if other:
        said += f" The words of {' and '.join(other)} have changed since the recording."
    return (said,)


def told(meeting: Meeting, theme: str, section: Section | None, beside: Harvest) -> Harvest:
    """A theme as it is shown: claims that held, then whole sentences; only those where no claim held."""
    if section is None:
        return beside
    claims = [{"text": claim.text, "evidence": list(claim.evidence)} for claim in section.claims]
    points = [*claims, *(point for one in beside["themes"] for point in one["points"])]
    quotes = [{"note": i.rpartition(".s")[0], "text": cut(meeting, i)} for i in section.quotes]
    notes = [note["id"] for note in own.notes_of(meeting, theme)]
    one = {"id": section.theme, "name": theme, "notes": notes, "points": points, "quotes": quotes}
    return {"themes": [one], "unplaced": [], "headline": theme, "engine": MODEL}


def placed(meeting: Meeting, cards: Mapping[str, NoteCard]) -> Harvest:
    """The themes of every note by its card, each note with the first sentence that says so."""
    themes = []
    for announced in meeting.agenda:
        name = theme_id_of([announced["name"]])
        said = {note: one.sentences[0] for note, card in cards.items() for one in card.themes if one.theme == name}
        points = [{"text": cut(meeting, i), "evidence": [i]} for i in said.values()]
        themes.append({"id": name, "name": announced["name"], "notes": list(said), "points": points, "quotes": []})
    home = {note for theme in themes for note in theme["notes"]}
    return {"themes": themes, "unplaced": [i for i in meeting.text if i not in home], "headline": "", "engine": MODEL}


def kinds_of(meeting: Meeting, cards: Mapping[str, NoteCard]) -> dict[Marked, str]:
    """The kind of each marked sentence; what no point names only tells something."""
    said = {i: point.kind.value for card in cards.values() for point in card.points for i in point.sentences}
    found = {}
    for marked in meeting.marked:
        spans = split(meeting.text[marked.note])
        k = next(k for k, span in enumerate(spans, 1) if span.start <= marked.start < span.end)
        found[marked] = said.get(f"{marked.note}.s{k}", "finding")
    return found


def cut(meeting: Meeting, sentence: str) -> str:
    """The words of a sentence by its id."""
    note, _, number = sentence.rpartition(".s")
    span = split(meeting.text[note])[int(number) - 1]
    return meeting.text[note][span.start : span.end]


def sessions_row() -> Row:
    """Themes of 60 notes of the development data, recorded as ids: beside the embedded engine on the same notes."""
    stored = json.loads(SESSIONS.read_text(encoding="utf-8"))
    rows = development.cases_of(stored["set"], len(stored["placed"]))
    ours, theirs = list[float](), list[float]()
    for case, printed in zip(rows, development.harvests(stored["set"], 0, len(rows)), strict=True):
        names = [theme["name"] for theme in case.agenda]
        first = {note: names[themes[0]] for note, themes in stored["placed"][case.name].items() if themes}
        ours += [float(first.get(n["id"]) == case.gold[n["id"]]) for n in case.notes]
        theirs += development.right(case, printed)
    others = development.placed_right(stored["set"], len(rows))
    beside = {name: [x for case in cases for x in case] for name, cases in others.items()} | {EMBEDDED: theirs}
    gaps = {name: Beside(fmean(values), over_cases(ours, values)) for name, values in beside.items()}
    return Row(stored["set"], "acc", MODEL, len(rows), fmean(ours), None, gaps, f"{len(ours)} notes")
