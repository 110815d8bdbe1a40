"""A note that was read: its sentences by offset, and what each is about. Read once, used by every later step."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.harvest.kinds import kind_of
from bot.harvest.records import Note, Sentence, SentenceId, UnusableNotes
from bot.harvest.sentences import Span, language_of, split
from bot.harvest.words import feature, words


@dataclass(frozen=True, slots=True)
class Reading:
    """One note with its sentences, or those of them that are about one theme.

    `features[k]`, `lengths[k]` (words) and `numbers[k]` (place in the note, from 0) belong to `spans[k]`.
    """

    note: Note
    language: str | None
    spans: tuple[Span, ...]
    features: tuple[Counter[str], ...]
    lengths: tuple[int, ...]
    numbers: tuple[int, ...]

    def only(self, kept: Sequence[int]) -> "Reading":
        """Return this note with only these sentences (indexes), which keep their ids."""
        return Reading(
            note=self.note,
            language=self.language,
            spans=tuple(self.spans[k] for k in kept),
            features=tuple(self.features[k] for k in kept),
            lengths=tuple(self.lengths[k] for k in kept),
            numbers=tuple(self.numbers[k] for k in kept),
        )

    def text(self, number: int) -> str:
        """Cut out the sentence with this index (from 0)."""
        span = self.spans[number]
        return self.note.text[span.start : span.end]

    def sentence(self, number: int, score: float = 0.0) -> Sentence:
        """Return the sentence with this index (from 0) as a record; its id counts from 1 in the whole note."""
        span, text = self.spans[number], self.text(number)
        name = sentence_id(self.note.id, self.numbers[number])
        return Sentence(name, self.note.id, span.start, span.end, text, kind_of(text, self.language), score)

    def counts(self) -> Counter[str]:
        """Return the features of the whole note."""
        out: Counter[str] = Counter()
        for one in self.features:
            out.update(one)
        return out


def sentence_id(note_id: str, number: int) -> SentenceId:
    """Return the id of a sentence by its index from 0: 'n12.s3' is the third sentence of note n12."""
    return f"{note_id}.s{number + 1}"


def read(notes: Iterable[Note]) -> list[Reading]:
    """Return the notes read, by date and id, so that the order they came in changes nothing.

    Raises UnusableNotes when two notes have the same id: evidence would point to both.
    """
    ordered = sorted(notes, key=lambda note: (note.at.isoformat() if note.at else "", note.id))
    seen: set[str] = set()
    for note in ordered:
        if note.id in seen:
            raise UnusableNotes(f"two notes have the id {note.id!r}")
        seen.add(note.id)
    return [_read(note) for note in ordered]


def _read(note: Note) -> Reading:
    spans = tuple(split(note.text, note.language))
    parts = [words(note.text[span.start : span.end]) for span in spans]
    language = note.language if note.language in ("nl", "en") else language_of(note.text, note.language)
    return Reading(
        note=note,
        language=language,
        spans=spans,
        features=tuple(Counter(f for f in map(feature, part) if f) for part in parts),
        lengths=tuple(map(len, parts)),
        numbers=tuple(range(len(spans))),
    )
