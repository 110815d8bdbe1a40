"""Putting the sections of one digest before a language model, and keeping of its answers what can be verified.

Nothing waits for it: it runs beside everything else, no transaction spans a question, and whatever is not ready or not
sound when the digest is made is told in people's own sentences, as it is without a model.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TypeVar

from bot.article import PublishedSentence
from bot.harvest import Theme, ThemeId
from bot.writing import (
    Carried,
    Cleared,
    IsName,
    Judged,
    Limits,
    Mode,
    NoteCard,
    Section,
    ShownNote,
    ShownSentence,
    Source,
    Standing,
    Verdict,
    WrittenClaim,
    WrittenSection,
    batches,
    card_key,
    clear,
    embedded_card,
    fence,
    fingerprint,
    groups,
    harmless,
    judge,
    section_key,
    settled,
    shown_theme,
    sources,
    suspects,
    worth_reading,
)
from handlers.writing.asking import Questions, Stopped
from prompts import requests, steps
from storage import writing
from storage.writing import Event

T = TypeVar("T")

FEWEST_SENTENCES = 3
"""Of fewer sentences than these nothing is written: they are shown."""
MOST_SENTENCES = 1500
"""Sentences of one theme in one digest above which nothing is asked about it: no budget would hold it."""
_ANY = ShownNote("-", (ShownSentence("-", "-"),))
"""For the version of a question: it is the same whatever is asked about."""
REPAIRABLE = frozenset({"support", "numbers", "negation", "opposite", "breadth", "length", "evidence", "group"})
"""What a model can put right when it is shown its own claim again."""
MOST_READ = 150
"""Sentences of one theme that are put in one question."""


@dataclass(frozen=True)
class Wanted:
    """A section that there will be room for: a theme, with all its sentences there."""

    theme: Theme
    sentences: tuple[PublishedSentence, ...]

    @property
    def fits(self) -> bool:
        """Whether it is worth asking about: not too much of it."""
        return len(self.sentences) <= MOST_SENTENCES


@dataclass(frozen=True)
class Job:
    """What is to be written for one region's digest, read from the database in one go, most important theme first.

    `every` is all that the digest speaks of, also what nothing is written about: a note that stands out is pointed out.
    """

    team: str
    region: str
    period: str
    language: str
    endpoint: Mode
    limits: Limits
    is_name: IsName
    wanted: tuple[Wanted, ...]
    every: tuple[PublishedSentence, ...] = ()


@dataclass(frozen=True)
class Material:
    """The notes of a job: those that may be sent, whole, by id; why others may not; and which are pointed out."""

    notes: Mapping[str, Source]
    kept_back: Mapping[str, str]
    suspect: Mapping[str, str]


def material(job: Job) -> Material:
    """Sort out the notes of a job. Takes a while: their words are read one by one."""
    every = dict.fromkeys(one for wanted in job.wanted if wanted.fits for one in wanted.sentences)
    found = sources(every, job.language)
    cleared, kept_back = clear(found, job.endpoint, job.limits, job.is_name, job.language, Random(0))
    told = sources(dict.fromkeys((*every, *job.every)), job.language)
    suspect = suspects({one.note: [each.text for each in one.sentences] for one in told})
    return Material(
        {one.source.note: one.source for one in cleared}, {one.note: one.reason for one in kept_back}, suspect
    )


@dataclass
class Writer:
    """Writes the sections of one job, one after another. `kept` counts those that are there in the end."""

    questions: Questions
    job: Job
    kept: int = 0
    _notes: Material = field(default_factory=lambda: Material({}, {}, {}))

    async def write(self) -> None:
        """Ask for what is not written yet, until all is there or nothing can be asked. No failing model raises."""
        self._notes = await asyncio.to_thread(material, self.job)
        await self.questions.note(
            [
                *(Event("withheld", why, note) for note, why in self._notes.kept_back.items()),
                *(Event("flagged", why, note) for note, why in self._notes.suspect.items()),
            ]
        )
        try:
            for wanted in self.job.wanted:
                await self._one(wanted)
        except Stopped as stop:
            await self.questions.note([Event("fallback", str(stop))])

    async def _one(self, wanted: Wanted) -> None:
        job = self.job
        if not wanted.fits:
            return await self.questions.note([Event("fallback", "large", wanted.theme.id)])
        theme = shown_theme(wanted.theme, job.is_name, job.language, self.questions.random())
        if theme is None:
            return await self.questions.note([Event("fallback", "theme", wanted.theme.id)])
        version = steps.section(["-"], fence(Random(0)), job.language)
        made_with = fingerprint(
            [version.name, version.version, self.questions.model.name, theme.name, theme.criterion, theme.aliases]
        )
        said = {one.id: one.text for one in wanted.sentences}
        key = section_key(theme.id, said.items())
        if await self.questions.read(partial(writing.is_written, team=job.team, key=key, made_with=made_with)):
            self.kept += 1
            return None
        readable = [one for one in wanted.sentences if one.impression in self._notes.notes]
        if len(readable) < FEWEST_SENTENCES or 2 * len(readable) < len(wanted.sentences):
            return await self.questions.note([Event("fallback", "few", theme.id)])
        cards = await self._cards(list(dict.fromkeys(one.impression for one in readable)))
        chosen = set(worth_reading(readable, cards, MOST_READ))
        written = await self._section(theme, [one for one in readable if one.id in chosen])
        if await self.questions.write(
            partial(
                writing.save_section, team=job.team, theme_id=theme.id, sentences=said, made_with=made_with,
                written=written, now=self.questions.now(),
            )
        ):  # fmt: skip
            self.kept += 1
        if written is None:
            await self.questions.note([Event("fallback", "unsupported", theme.id)])
        return None

    # Cards

    async def _cards(self, notes: Sequence[str]) -> dict[str, NoteCard]:
        """Return a card of every note: one that was kept, a new one of the model, else the embedded engine's."""
        job = self.job
        themes = self._themes()
        step = steps.note_cards([_ANY], list(themes), fence(Random(0)), job.language)
        shown = list(themes.values())
        keys = {
            note: card_key(step.name, step.version, self.questions.model.name, shown, self._notes.notes[note])
            for note in notes
        }
        kept = await self.questions.read(partial(writing.cards, team=job.team, keys=list(keys.values())))
        cards = {note: kept[key] for note, key in keys.items() if key in kept}
        new = [self._notes.notes[note] for note in notes if note not in cards]
        for batch in batches(new):
            made = {card.note: card for card in await self._batch(batch, 2)}
            pairs = [(keys[note], card) for note, card in made.items()]
            await self.questions.write(partial(writing.save_cards, team=job.team, made=pairs, now=self.questions.now()))
            cards |= made
        return {note: cards.get(note) or embedded_card(self._notes.notes[note]) for note in notes}

    async def _batch(self, batch: Sequence[Source], tries: int) -> Sequence[NoteCard]:
        """Ask for cards of some notes; for those that were not answered once more, and never a third time."""
        notes = await self._cleared(batch)
        if not notes:
            return []
        around, shown, language = fence(self.questions.random()), [one.shown for one in notes], notes[0].source.language
        about = {theme for one in notes for theme in one.source.themes}
        themes = [theme for theme in self._themes().values() if theme.id in about]
        step = steps.note_cards(shown, [theme.id for theme in themes], around, language)
        answer = await self.questions.ask(step, requests.note_cards(shown, themes, around))
        if answer is None:
            return []
        by_id = {one.source.note: one.source for one in notes}
        cards = [
            made
            for card in answer.cards
            if (made := harmless(card, by_id[card.note], self.job.is_name, step.instructions)) is not None
        ]
        missing = [source for note, source in by_id.items() if note not in {card.note for card in cards}]
        if missing and tries > 1:
            return [*cards, *await self._batch(missing, tries - 1)]
        await self.questions.note([Event("fallback", "missing", one.note) for one in missing])
        return cards

    # Sections

    async def _section(self, theme: Theme, sentences: Sequence[PublishedSentence]) -> Section | None:
        """Ask for a section and hold each claim against what it rests on; ask once more where some did not hold."""
        job = self.job
        wanted = {one.id for one in sentences}
        notes = await self._cleared(
            [self._notes.notes[note] for note in dict.fromkeys(o.impression for o in sentences)]
        )
        shown = [one for note in notes for one in note.shown.sentences if one.id in wanted]
        around, by = fence(self.questions.random()), groups(sentences)
        note_of = {one.id: one.impression for one in sentences}
        carried = {
            one.id: Carried(one.text, note_of[one.id], by[one.id], note_of[one.id] in self._notes.suspect)
            for one in shown
        }
        if len(shown) < FEWEST_SENTENCES:
            return None
        names = " ".join([theme.name, *theme.aliases])
        step = steps.section([one.id for one in shown], around, job.language)
        request = requests.section(theme, shown, by, around)
        good: dict[WrittenClaim, None] = {}
        drafts: list[WrittenSection] = []
        for _ in range(2):
            written = await self.questions.ask(step, request)
            if written is None:
                break
            drafts.append(written)
            claims = dict.fromkeys([written.lead, *written.claims])
            first = [judge(claim, carried, names, job.is_name, step.instructions) for claim in claims]
            judged = await self._second_look(first, shown)
            good |= dict.fromkeys(one.claim for one in judged if one.standing is Standing.SOUND)
            refused = [one for one in judged if one.standing is not Standing.SOUND]
            await self.questions.note([Event("dropped", rule, theme.id) for one in refused for rule in one.rules])
            if not refused:
                break
            # what a model made up (a name, a link) is not sent to it either
            repeatable = [(one.claim, one.rules) for one in refused if set(one.rules) <= REPAIRABLE]
            request = requests.section(theme, shown, by, around, repeatable)
        if not drafts:
            return None
        every = tuple(claim for draft in drafts for claim in (draft.lead, *draft.claims))
        whole = WrittenSection(drafts[0].lead, every, drafts[0].quotes, drafts[0].open_questions)
        return settled(theme.id, whole, list(good), carried)

    async def _second_look(self, judged: Sequence[Judged], shown: Sequence[ShownSentence]) -> list[Judged]:
        """Ask whether doubtful claims follow from their evidence; only those stay that are said to."""
        doubtful = {f"c{number}": one for number, one in enumerate(judged) if one.standing is Standing.DOUBTFUL}
        if not doubtful:
            return list(judged)
        around = fence(self.questions.random())
        claims, by_id = {key: one.claim for key, one in doubtful.items()}, {one.id: one for one in shown}
        request = requests.verdicts(claims, by_id, around)
        verdicts = await self.questions.ask(steps.verdicts(list(claims), around), request) or {}
        held = {claims[key] for key, verdict in verdicts.items() if verdict is Verdict.SUPPORTED}
        return [
            one if one.standing is not Standing.DOUBTFUL
            else Judged(one.claim, Standing.SOUND if one.claim in held else Standing.REFUSED, one.rules)
            for one in judged
        ]  # fmt: skip

    async def _cleared(self, found: Sequence[Source]) -> list[Cleared]:
        """Read the notes for one question: placeholders are drawn anew for each. A thread does it; it takes a while."""
        job, random = self.job, self.questions.random()
        read = partial(clear, found, job.endpoint, job.limits, job.is_name, job.language, random)
        return (await asyncio.to_thread(read))[0]

    def _themes(self) -> dict[ThemeId, Theme]:
        job = self.job
        shown = (shown_theme(one.theme, job.is_name, job.language, Random(0)) for one in job.wanted)
        return {theme.id: theme for theme in shown if theme is not None}
