"""Which themes a note is about, how sure that is, and what a person has to say because nothing in the note says it.

First what people said, then the topics of the note's group, then what its sentences name, then its likeness to notes
that people placed. The embedded engine and that likeness each say where a note belongs: where they agree it goes
there, where they do not it is for a person, and where neither sees anything it fits nowhere.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.harvest import Note, Reading, Theme, assign, final, mentioned, read, variants
from bot.harvest.vectors import Vector, document_frequencies, dot, total, unit
from bot.harvest.words import feature, features, words
from bot.themes.evidence import is_kindred, kin_of
from bot.themes.records import Origin, Placed, Spot, State, Told, Under

MOST_CANDIDATES = 3
SHOWN_TO_ASK = ("quote", "offer")
"""Parts of which no sentence is shown to ask where a note belongs: they are of one person, who decides on them."""
SURE = 0.95
KINDRED = 0.8
ALONE = 0.7
"""The only topic of a group: that is what its note is about, in whatever words."""
SILENT = 0.5
"""One of several topics, of which the note says nothing that we recognise."""
PASSING = 6
"""A theme that is named once counts when that is at least one sentence in six."""
SHORT = 2
"""Sentences of a note in which to name a theme is to be about it. Of a longer one the whole has to be like the theme:
with the engine agreeing .85 (nl) and .81 (en) of the places are right, with the name alone .61 and .69."""
LEADS = 0.5
"""A likeness tells by itself when it leads the next by this share and the engine agrees: right in .81 (nl) and .92 (en)
of the notes of the development sets; from .3 on in .74 of both."""
ALIKE = 0.08
"""Cosine from which on a likeness is worth a question: the right theme is among the first three in .64 to .78 of the
notes from .08 to .10, and in half of those below."""
NEAR = 0.6
"""A candidate comes this close to the first."""


@dataclass(frozen=True)
class _Read:
    """A note with its parts read; a sentence is a place in that list."""

    note: Told
    parts: tuple[tuple[str, Reading], ...]
    named: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def sentences(self) -> list[tuple[str, Reading, int, tuple[str, ...]]]:
        """Every sentence: its part, the reading, its number and the themes that it names."""
        return [
            (part, reading, k, self.named[p][k])
            for p, (part, reading) in enumerate(self.parts)
            for k in range(len(reading.spans))
        ]


def place_notes(notes: Sequence[Told], themes: Sequence[Theme], taught: Sequence[Told] = ()) -> dict[str, Placed]:
    """Return what each note is about by its id. `taught` are notes that people placed (`fits`), beside these.

    `themes` are all of the workspace, also those that were merged: they stand for the one they became. Pure and
    deterministic, whatever the order. Two hundred notes against fifty themes take about a second.
    """
    living = [theme for theme in themes if theme.status == "active"]
    target = {theme.id: final(theme.id, themes) for theme in themes}
    known = {theme.id for theme in living}
    whole = [theme for theme in themes if target[theme.id] in known]
    ordered = [_with_living(note, target, known) for note in sorted(notes, key=lambda one: one.id)]
    others = {note.id for note in ordered}
    teachers = [_with_living(note, target, known) for note in sorted(taught, key=lambda one: one.id)]
    teachers = [note for note in teachers if note.id not in others and note.fits]
    near = _Likeness([*ordered, *teachers], living, whole, target)
    voted = assign([Note(n.id, n.text, n.on, n.group, themes=n.fits) for n in [*ordered, *teachers]], whole)
    kin = kin_of([Theme(t.id, t.name, "", ()) for t in living])
    return {
        one.note.id: _placed(one, near.of(one.note), voted[one.note.id], kin, near)
        for one in _read_all(ordered, whole, target)
    }


def _placed(
    one: _Read,
    likeness: Mapping[str, float],
    voted: Sequence[str],
    kin: Mapping[str, tuple[frozenset[str], frozenset[str]]],
    near: "_Likeness",
) -> Placed:
    note = one.note
    found = {theme: Under(theme, 1.0, Origin.PERSON) for theme in note.fits}
    silent: list[str] = []
    said = _said(one)
    for topic in (t for t in note.topics if t not in found and t not in note.refused):
        spots = said.get(topic, [])
        akin = [] if spots else _kindred(one, kin.get(topic, (frozenset(), frozenset())))
        alone = len(note.topics) == 1
        certainty = SURE if spots else KINDRED if akin else ALONE if alone else SILENT
        found[topic] = Under(topic, certainty, Origin.TOPIC, next(iter(spots or akin), None))
        if certainty == SILENT:
            silent.append(topic)
    sentences = max(1, len(one.sentences))
    most_like = min(likeness, key=lambda each: (-likeness[each], each), default="")
    for theme, spots in sorted(said.items()):
        if theme in found or theme in note.refused or (len(spots) < 2 and sentences > PASSING):
            continue
        agreed = theme == most_like and theme in voted[:1]
        if note.topics or note.fits or agreed or (sentences <= SHORT and theme in voted):
            found[theme] = Under(theme, min(0.9, 0.7 + 0.1 * len(spots)), Origin.NAMED, spots[0])
    open_ = [theme for theme in likeness if theme not in note.refused and theme not in found]
    if not found:
        return _by_likeness(one, {theme: likeness[theme] for theme in open_}, voted, near)
    heard = any(under.certainty > SILENT for under in found.values())
    asked = silent if heard else []
    candidates = [Under(theme, likeness.get(theme, 0.0), Origin.TOPIC, near.best(one, theme)) for theme in asked]
    ordered = sorted(found.values(), key=lambda under: (-under.certainty, under.theme))
    candidates.sort(key=lambda under: (-under.certainty, under.theme))
    return Placed(State.PLACED, tuple(ordered), tuple(candidates[:MOST_CANDIDATES]))


def _by_likeness(one: _Read, likeness: Mapping[str, float], voted: Sequence[str], near: "_Likeness") -> Placed:
    order = sorted(likeness, key=lambda theme: (-likeness[theme], theme))
    scores = [likeness[theme] for theme in order]
    best, second = [*scores, 0.0, 0.0][:2]
    if best < ALIKE:
        return Placed(State.NOWHERE)
    votes = [theme for theme in voted if theme in likeness]
    agree = not voted or order[0] in votes
    if agree and best >= 2 * ALIKE and best - second >= LEADS * best:
        spot = near.best(one, order[0])
        return Placed(State.PLACED, (Under(order[0], min(0.65, best + 0.2), Origin.LIKENESS, spot),))
    close = [theme for theme in order if likeness[theme] >= NEAR * best and likeness[theme] >= ALIKE / 2]
    wanted = list(dict.fromkeys([*close[:2], *(vote for vote in votes[:1] if likeness[vote] >= ALIKE / 2), *close]))
    candidates = [Under(t, likeness[t], Origin.LIKENESS, near.best(one, t)) for t in wanted[:MOST_CANDIDATES]]
    return Placed(State.UNSURE, (), tuple(candidates))


def _said(one: _Read) -> dict[str, list[Spot]]:
    """The sentences that name each theme, those that may be shown first."""
    found: dict[str, list[Spot]] = {}
    for part, reading, number, names in sorted(one.sentences, key=lambda each: each[0] in SHOWN_TO_ASK):
        for theme in names:
            found.setdefault(theme, []).append(_spot(part, reading, number))
    return found


def _kindred(one: _Read, kin: tuple[frozenset[str], frozenset[str]]) -> list[Spot]:
    own, rest = kin
    return [
        _spot(part, reading, number)
        for part, reading, number, _ in one.sentences
        if any(is_kindred(w, own) and not is_kindred(w, rest) for w in words(reading.text(number)) if feature(w))
    ]


def _spot(part: str, reading: Reading, number: int) -> Spot:
    span = reading.spans[number]
    return Spot(part, span.start, span.end)


def _with_living(note: Told, target: Mapping[str, str], known: set[str]) -> Told:
    def now(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t for each in ids if (t := target.get(each, each)) in known))

    fits = now(note.fits)
    refused = frozenset(target.get(each, each) for each in note.refused) - set(fits)
    return Told(note.id, note.parts, note.group, note.region, note.on, now(note.topics), fits, refused)


def _read_all(notes: Sequence[Told], themes: Sequence[Theme], target: Mapping[str, str]) -> list[_Read]:
    keys = [(n, part) for n, note in enumerate(notes) for part, text in note.parts.items() if text.strip()]
    readings = read([Note(f"{k:07}", notes[n].parts[part]) for k, (n, part) in enumerate(keys)])
    names = mentioned(readings, themes)
    parts: list[list[tuple[str, Reading]]] = [[] for _ in notes]
    named: list[list[tuple[tuple[str, ...], ...]]] = [[] for _ in notes]
    for (n, part), reading, said in zip(keys, readings, names, strict=True):
        parts[n].append((part, reading))
        named[n].append(tuple(tuple(dict.fromkeys(target[theme] for theme in each)) for each in said))
    return [_Read(note, tuple(parts[n]), tuple(named[n])) for n, note in enumerate(notes)]


class _Likeness:
    """How much notes resemble each theme: its names, and the notes that people placed under it."""

    def __init__(
        self, notes: Sequence[Told], living: Sequence[Theme], themes: Sequence[Theme], target: Mapping[str, str]
    ) -> None:
        documents = {note.id: Counter(features(note.text)) for note in notes}
        spread, number = document_frequencies(documents.values()), len(documents)
        self._idf = {f: math.log(1 + number / count) for f, count in spread.items()}
        self._most = math.log(1 + number)
        self._vectors = {note: self._weighed(counts) for note, counts in documents.items()}
        names: dict[str, Counter[str]] = {theme.id: Counter() for theme in living}
        for each in themes:
            of = names[target[each.id]]
            for name in (*variants(each), each.criterion):
                of.update(features(name))
        self._centres = {
            theme: unit(
                total([self._weighed(counts), *(self._vectors[n.id] for n in notes if theme in n.fits)])
            )
            for theme, counts in sorted(names.items())
        }  # fmt: skip
        self._postings: dict[str, dict[str, float]] = {}
        for theme, centre in self._centres.items():
            for f, x in centre.items():
                self._postings.setdefault(f, {})[theme] = x

    def _weighed(self, counts: Mapping[str, int]) -> Vector:
        return unit({f: (1 + math.log(c)) * self._idf.get(f, self._most) for f, c in counts.items()})

    def of(self, note: Told) -> dict[str, float]:
        """The cosine of a note to each theme that it resembles at all."""
        found: dict[str, float] = {}
        for f, x in self._vectors[note.id].items():
            for theme, y in self._postings.get(f, {}).items():
                found[theme] = found.get(theme, 0.0) + x * y
        return found

    def best(self, one: _Read, theme: str) -> Spot | None:
        """The sentence of a note that resembles a theme most, else the first one; none where none may be shown."""
        centre = self._centres.get(theme, {})
        told = [each for each in one.sentences if each[0] not in SHOWN_TO_ASK]
        scored = [
            (-dot(self._weighed(reading.features[k]), centre), n, part, reading, k)
            for n, (part, reading, k, _) in enumerate(told)
        ]
        if not scored:
            return None
        _, _, part, reading, number = min(scored, key=lambda each: each[:2])
        return _spot(part, reading, number)


def settle(before: Mapping[str, Sequence[str]], now: Mapping[str, Placed], held: frozenset[str]) -> dict[str, Placed]:
    """Let a re-run change little: return only the notes whose place may change, of those in `now`.

    `before` are the themes of each note so far, first theme first; who had none may get one freely. Of the others at
    most 2 % move, the surest first. Those in `held` (a person placed them) never do.
    """
    changed = {
        note: placed
        for note, placed in now.items()
        if note not in held and {under.theme for under in placed.themes} != set(before.get(note, ()))
    }
    free = {note: placed for note, placed in changed.items() if not before.get(note)}
    moving = {
        note: placed
        for note, placed in changed.items()
        if before.get(note) and placed.themes and placed.themes[0].origin is not Origin.LIKENESS
    }
    room = len(now) * MOST_MOVED // 100
    surest = sorted(moving, key=lambda note: (-moving[note].themes[0].certainty, note))[:room]
    return free | {note: moving[note] for note in surest}


MOST_MOVED = 2
"""Per cent of the notes that a re-run may move: who reads under a theme finds again what stood there."""
