"""What may be put before a language model: published notes, unless note, region or workspace say otherwise."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.article import PublishedSentence
from bot.harvest import Theme, ThemeId, language_of
from bot.writing.modes import Mode, reaches
from bot.writing.records import MOST_IDS, Fence, ShownNote, ShownSentence
from bot.writing.redacting import IsName, Redactor, residue

MOST_NOTES = 8
"""Notes in one question for cards."""
LONGEST_NOTE = 12_000
"""Characters of a note that a model gets; a longer one is left to the embedded engine, for nothing is cut silently."""
_CASE = re.compile(
    r"^\W{0,3}(casus(?:beschrijving)?|casuïstiek|vertrouwelijk|niet (?:delen|doorsturen|voor publicatie)"
    r"|case(?: study)?|confidential|do not share|not for publication)\b\s{0,2}(?:[:\-–.(]|$)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A note as far as it was published: its sentences in the order of the article, and who was in its group."""

    note: str
    language: str
    regions: tuple[str, ...]
    sentences: tuple[PublishedSentence, ...]

    @property
    def sha(self) -> str:
        """What stands for exactly these words."""
        return fingerprint([[one.id, one.text] for one in self.sentences])

    @property
    def characters(self) -> int:
        """How long its words are."""
        return sum(len(one.text) for one in self.sentences)

    @property
    def themes(self) -> tuple[ThemeId, ...]:
        """The themes that the note or one of its sentences is about."""
        found = {theme for one in self.sentences for theme in (*one.themes, one.theme) if theme}
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Limits:
    """How far texts may go: what the workspace allows, and who wants it stricter, by region id and by note id."""

    workspace: Mode = Mode.NONE
    regions: Mapping[str, Mode] = field(default_factory=dict)
    notes: Mapping[str, Mode] = field(default_factory=dict)

    def of_region(self, region: str) -> Mode:
        """Return how far texts of a region may go; never further than the workspace allows."""
        return min(self.workspace, self.regions.get(region, self.workspace), key=list(Mode).index)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A note that may be sent, as a model gets to read it."""

    source: Source
    shown: ShownNote


@dataclass(frozen=True, slots=True)
class Withheld:
    """A note that is not sent, and why, in one word: `mode`, `marked`, `long`, or what redaction left in it."""

    note: str
    reason: str


def fingerprint(value: object) -> str:
    """Return the sha256 of a value as canonical JSON."""
    packed = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def sources(sentences: Iterable[PublishedSentence], language: str) -> list[Source]:
    """Return the notes that published sentences come from, by id; `language` is for those that do not show theirs."""
    found: dict[str, list[PublishedSentence]] = {}
    for one in sentences:
        found.setdefault(one.impression, []).append(one)
    return [
        Source(
            note,
            language_of(" ".join(one.text for one in said), language) or language,
            tuple(sorted({region for one in said for region in one.regions})),
            tuple(said),
        )
        for note, said in sorted(found.items())
    ]


def withheld(source: Source, endpoint: Mode, limits: Limits) -> str | None:
    """Return why a note must not be sent at all, before anybody reads its words; None when it may."""
    bounds = [limits.workspace, limits.notes.get(source.note, limits.workspace)]
    bounds += [limits.of_region(region) for region in source.regions]
    if not reaches(endpoint, bounds):
        return "mode"
    if any(_CASE.search(one.text) for one in source.sentences):
        return "marked"
    if source.characters > LONGEST_NOTE or len(source.sentences) > MOST_IDS:
        return "long"
    return None


def clear(
    found: Sequence[Source], endpoint: Mode, limits: Limits, is_name: IsName, language: str, random: Random
) -> tuple[list[Cleared], list[Withheld]]:
    """Return the notes that may be sent, redacted together, and those that may not.

    One placeholder stands for one person in all of them, and for nobody in another request.
    """
    redact = Redactor(is_name, language, random)
    cleared, kept_back = [], []
    for source in found:
        reason = withheld(source, endpoint, limits)
        if reason is None:
            shown = ShownNote(source.note, tuple(ShownSentence(one.id, redact(one.text)) for one in source.sentences))
            reason = next((left for one in shown.sentences if (left := residue(one.text, is_name))), None)
        if reason is None:
            cleared.append(Cleared(source, shown))
        else:
            kept_back.append(Withheld(source.note, reason))
    return cleared, kept_back


def shown_theme(theme: Theme, is_name: IsName, language: str, random: Random) -> Theme | None:
    """Return a theme as a model gets to read it; None when its name must not be sent. Only what people confirmed is.

    Other names that hold something that must not be sent are left out.
    """
    if theme.status != "active":
        return None
    redact = Redactor(is_name, language, random)
    name, criterion = redact(theme.name), redact(theme.criterion)
    aliases = tuple(clean for alias in theme.aliases if residue(clean := redact(alias), is_name) is None)
    if residue(name, is_name):
        return None
    criterion = "" if residue(criterion, is_name) else criterion
    return Theme(theme.id, name, "", aliases, criterion)


def batches(found: Sequence[Source], most_characters: int = 2 * LONGEST_NOTE) -> list[list[Source]]:
    """Return notes in questions of five to eight, each of one language and of the same regions; the rest in fewer."""
    alike: dict[tuple[str, tuple[str, ...]], list[Source]] = {}
    for one in found:
        alike.setdefault((one.language, one.regions), []).append(one)
    made: list[list[Source]] = []
    for _, notes in sorted(alike.items()):
        size = -(-len(notes) // -(-len(notes) // MOST_NOTES))
        batch: list[Source] = []
        for one in notes:
            ids = sum(len(each.sentences) for each in (*batch, one))
            length = sum(each.characters for each in (*batch, one))
            if batch and (len(batch) == size or ids > MOST_IDS or length > most_characters):
                made.append(batch)
                batch = []
            batch.append(one)
        made.append(batch)
    return made


def card_key(step: str, version: str, model: str, themes: Sequence[Theme], source: Source) -> str:
    """Return what a card is kept under: equal only for the same question about the same words to the same model.

    Of the themes only those that the note is about count: another new theme asks for no card anew.
    """
    shown = [[one.id, one.name, one.criterion, sorted(one.aliases)] for one in themes if one.id in source.themes]
    return fingerprint(
        {
            "step": step,
            "version": version,
            "model": model,
            "sampling": {"temperature": 0},
            "themes": sorted(shown),
            "note": source.sha,
        }
    )


def section_key(theme: str, sentences: Iterable[tuple[str, str]]) -> str:
    """Return what a section is kept under: a theme with exactly these sentences (id and text), in whatever order."""
    return fingerprint({"theme": theme, "sentences": sorted([one, fingerprint(text)] for one, text in sentences)})


def fence(random: Random) -> Fence:
    """Return how people's words are set apart in one question."""
    return Fence("".join(random.choices("ABCDEFGHJKMNPQRSTUVWXYZ23456789", k=24)))


def groups(found: Sequence[PublishedSentence]) -> dict[str, str]:
    """Name the groups of sentences A, B, C, by sentence id: a model must know who agrees, and not who they are."""
    names = {group: _letters(number) for number, group in enumerate(sorted({one.group for one in found}), start=1)}
    return {one.id: names[one.group] for one in found}


def _letters(number: int) -> str:
    name = ""
    while number:
        number, left = divmod(number - 1, 26)
        name = chr(65 + left) + name
    return name
