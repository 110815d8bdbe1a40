"""Every note gets its place: an announced theme, one that the notes form together, or none. Old notes stay put.

What was placed is remembered as counts, sums and examples (`remembering`), so a later batch costs what its own notes
cost. Thousands of notes at once are handled the same way: a fair part founds the themes, the rest comes in batches.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.harvest.assignment import assign_read, final
from bot.harvest.communities import communities, grow, joining, united
from bot.harvest.labels import labels
from bot.harvest.neighbours import nearest
from bot.harvest.reading import Reading
from bot.harvest.records import Example, Memory, NoteId, Theme, ThemeId
from bot.harvest.remembering import counted, example, fair, frequencies, grown, idf_of, seen, weighed
from bot.harvest.vectors import Vector, unit

FEW = 24
"""Below this many notes outside the announced themes, communities are mostly chance (ARI .22 on 30): they stay one."""
SUPPORT = 3
"""Notes that a new theme needs; and they come from two groups where groups are known."""
BATCH = 2_000
"""Notes that are placed together: the time for a graph grows faster than its notes."""
TOGETHER = "th_together"
"""The one theme of a handful of notes nobody announced a theme for; it is not remembered."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Who is where: themes with the indexes of their readings (largest first), the rest, and what to remember."""

    themes: tuple[Theme, ...]
    members: Mapping[ThemeId, tuple[int, ...]]
    unplaced: tuple[int, ...]
    memory: Memory


def place(readings: Sequence[Reading], themes: Sequence[Theme], memory: Memory, seed: int = 0) -> Placement:
    """Place notes in announced themes first, then let the rest form themes of their own.

    A note that `memory` knows keeps its theme unless a person confirmed another. New themes get the status
    'proposed': a person decides. The same notes, themes, memory and seed give the same placement. Time and room grow
    with the notes handed in, not with those remembered (give `memory.only` their ids).
    """
    home: dict[int, tuple[ThemeId, ...]] = {}
    known = {theme.id: theme for theme in themes} | {one.theme.id: one.theme for one in reversed(memory.themes)}
    known |= {theme.id: theme for theme in themes}
    for rows in _batches(len(readings)):
        batch = _Batch([readings[i] for i in rows], themes, memory, seed)
        memory = batch.memory
        known |= batch.fresh
        home |= {rows[k]: of for k, of in batch.home.items()}
    home |= _called_back(readings, home, memory)
    members: dict[ThemeId, list[int]] = {}
    for i in sorted(home):
        for theme_id in home[i]:
            members.setdefault(theme_id, []).append(i)
    order = sorted(members, key=lambda t: (-len(members[t]), known[t].name, t))
    return Placement(
        themes=tuple(known[t] for t in order),
        members={t: tuple(members[t]) for t in order},
        unplaced=tuple(i for i in range(len(readings)) if i not in home),
        memory=memory,
    )


def _batches(count: int) -> Iterator[list[int]]:
    """All at once up to BATCH; else first a part spread evenly over all, which founds the themes, then the rest."""
    if count <= BATCH:
        yield list(range(count))
        return
    first = [k * count // BATCH for k in range(BATCH)]
    yield first
    rest = sorted(set(range(count)).difference(first))
    for start in range(0, len(rest), BATCH):
        yield rest[start : start + BATCH]


def _called_back(
    readings: Sequence[Reading], home: Mapping[int, tuple[ThemeId, ...]], memory: Memory
) -> dict[int, tuple[ThemeId, ...]]:
    """Notes that waited in an earlier batch and helped to found a theme in a later one."""
    if len(readings) <= BATCH:
        return {}
    of = {note: one.theme.id for one in memory.themes for note in one.notes}
    return {i: (of[r.note.id],) for i, r in enumerate(readings) if i not in home and r.note.id in of}


class _Batch:
    """One batch being placed: `home` by index, `fresh` themes, and the `memory` it leaves."""

    def __init__(self, readings: Sequence[Reading], themes: Sequence[Theme], memory: Memory, seed: int) -> None:
        """Place all of it; the fields hold the result."""
        self.readings = readings
        self.fresh: dict[ThemeId, Theme] = {}
        self.home: dict[int, tuple[ThemeId, ...]] = {}
        self.called: dict[NoteId, ThemeId] = {}
        """Notes of earlier batches that waited and now found a theme."""
        self._seed = seed
        self._themes = themes
        self._old = memory
        self._seen = seen(memory)
        at_hand = sum(reading.note.id in self._seen for reading in readings)
        self._whole = memory.counted <= at_hand
        """Everything that was ever counted is here again: better weighed as a whole than from what is kept."""
        base = Memory() if self._whole else memory
        self._base = base
        self._documents = [reading.counts() for reading in readings]
        announced = {theme.id for theme in themes}
        self._earlier = {one.theme.id for one in memory.themes} - announced
        pool = self._settle(announced, assign_read(readings, themes, base))
        new = [d for r, d in zip(readings, self._documents, strict=True) if self._whole or r.note.id not in self._seen]
        wanted = dict.fromkeys(f for d in self._documents for f in d)
        wanted |= dict.fromkeys(f for e in base.examples for f, _ in e.features)
        self._idf = idf_of(*frequencies(base, new, wanted))
        self._vectors = [weighed(d, self._idf) for d in self._documents]
        merges = self._find(pool, bool(themes)) if pool else []
        self.memory = self._remember({theme.id: theme for theme in themes}, new, merges)

    def _settle(self, announced: set[ThemeId], chosen: Mapping[NoteId, tuple[ThemeId, ...]]) -> list[int]:
        """Who keeps a place or has an announced one; returns the others."""
        living = {theme_id: final(theme_id, self._themes) for theme_id in announced}
        before = {
            note: living.get(one.theme.id, one.theme.id) for one in reversed(self._old.themes) for note in one.notes
        }
        pool = []
        for i, reading in enumerate(self.readings):
            old, new = before.get(reading.note.id), chosen[reading.note.id]
            if old and not reading.note.themes:
                self.home[i] = (old, *(t for t in new if t != old)) if old in announced else (old,)
            elif new:
                self.home[i] = new
            elif any(reading.features):
                pool.append(i)
        return pool

    def _find(self, pool: Sequence[int], announced: bool) -> list[tuple[ThemeId, ThemeId]]:
        """Themes for the pool: join an earlier one, or form a new one together with who waited."""
        settled = [i for i in sorted(self.home) if self.home[i][0] in self._earlier]
        if self._earlier and self._whole:
            order = [*settled, *pool]
            kept = {k: self.home[i][0] for k, i in enumerate(settled)}
            joined, groups, merges = grow(nearest([self._vectors[i] for i in order]), kept, self._seed)
            self.home |= {order[k]: (theme_id,) for k, theme_id in joined.items()}
            self._found([[order[k] for k in group] for group in groups], [])
            return merges
        free = self._join(pool, settled) if self._earlier else list(pool)
        at_hand = {reading.note.id for reading in self.readings}
        waiting = [one for one in self._base.examples if not one.theme and one.note not in at_hand]
        if len(free) + len(waiting) >= FEW:
            vectors = [self._vectors[i] for i in free] + [weighed(dict(one.features), self._idf) for one in waiting]
            groups = united(communities(nearest(vectors), self._seed), vectors)
            self._found([[free[k] if k < len(free) else len(free) - 1 - k for k in group] for group in groups], waiting)
        elif free and not announced and not self._earlier:
            name = labels([[self.readings[i] for i in free]])[0]
            self.fresh[TOGETHER] = Theme(TOGETHER, name, status="proposed")
            self.home |= dict.fromkeys(free, (TOGETHER,))
        return []

    def _join(self, pool: Sequence[int], settled: Sequence[int]) -> list[int]:
        """Who resembles notes of an earlier theme goes there; returns who resembles none."""
        shown: list[tuple[Vector, ThemeId]] = [(self._vectors[i], self.home[i][0]) for i in settled]
        at_hand = {self.readings[i].note.id for i in settled}
        shown += [
            (weighed(dict(one.features), self._idf), one.theme)
            for one in self._base.examples
            if one.theme in self._earlier and one.note not in at_hand
        ]
        centres = {one.theme.id: unit(dict(one.features)) for one in self._base.themes if one.theme.id in self._earlier}
        joined = joining([self._vectors[i] for i in pool], shown, centres)
        self.home |= {i: (theme_id,) for i, theme_id in zip(pool, joined, strict=True) if theme_id}
        return [i for i, theme_id in zip(pool, joined, strict=True) if not theme_id]

    def _found(self, groups: Sequence[Sequence[int]], waiting: Sequence[Example]) -> None:
        """Turn groups of notes that have support into proposed themes; -1 is the first of those that waited."""
        several = len({reading.note.group for reading in self.readings if reading.note.group}) > 1
        good: list[tuple[list[int], list[Example]]] = []
        for group in groups:
            here, old = [i for i in group if i >= 0], [waiting[-1 - i] for i in group if i < 0]
            voices = {self.readings[i].note.group for i in here} | {one.group for one in old}
            if here and len(group) >= SUPPORT and (not several or len(voices) > 1):
                good.append((here, old))
        names = labels([[self.readings[i] for i in here] for here, _ in good])
        for (here, old), name in zip(good, names, strict=True):
            theme_id = theme_id_of([*(self.readings[i].note.id for i in here), *(one.note for one in old)])
            self.fresh[theme_id] = Theme(theme_id, name, status="proposed")
            self.home |= dict.fromkeys(here, (theme_id,))
            self.called |= {one.note: theme_id for one in old}

    def _remember(
        self,
        announced: Mapping[ThemeId, Theme],
        new: Sequence[Mapping[str, int]],
        merges: Sequence[tuple[ThemeId, ThemeId]],
    ) -> Memory:
        """Old notes that were not handed in again stay known; a note is remembered under its first theme."""
        first = {self.readings[i].note.id: themes[0] for i, themes in self.home.items() if themes[0] != TOGETHER}
        first |= self.called
        of_theme: dict[ThemeId, list[NoteId]] = {}
        for note, theme_id in first.items():
            of_theme.setdefault(theme_id, []).append(note)
        joined: dict[ThemeId, list[Vector]] = {}
        for i, themes in self.home.items():
            if self._whole or self.readings[i].note.id not in self._seen:
                joined.setdefault(themes[0], []).append(self._vectors[i])
        old = {one.theme.id: one for one in self._old.themes}
        known = {theme_id: one.theme for theme_id, one in old.items()} | self.fresh | dict(announced)
        remembered = []
        for theme_id in sorted(old.keys() | of_theme.keys()):
            before = old.get(theme_id)
            if before and (moved := [i for i in before.notes if first.get(i, theme_id) != theme_id]):
                before = replace(before, notes=tuple(i for i in before.notes if i not in moved))
            base = replace(before, count=0, features=()) if before and self._whole else before
            vectors = joined.get(theme_id, [])
            remembered.append(grown(base, known[theme_id], vectors, of_theme.get(theme_id, [])))
        texts = {reading.note.id for reading in self.readings}
        examples = [
            replace(one, theme=self.called.get(one.note, one.theme))
            for one in self._base.examples
            if one.note not in texts
        ]
        examples += [
            example(reading.note.id, first.get(reading.note.id, ""), reading.note.group, document, self._idf)
            for reading, document in zip(self.readings, self._documents, strict=True)
            if document
        ]
        asked = {tuple(sorted(pair)) for pair in [*merges, *self._old.proposed_merges]}
        return Memory(
            themes=tuple(one for one in remembered if one.notes or one.count),
            proposed_merges=tuple(sorted((a, b) for a, b in asked)),
            unplaced=tuple(sorted((texts | self._seen).difference(*(one.notes for one in remembered)))),
            counted=self._base.counted + len(new),
            frequencies=counted(self._base, new),
            examples=fair(examples),
        )


def theme_id_of(parts: Sequence[str]) -> ThemeId:
    """Return a permanent id from what a theme was founded on: the ids of its first notes, or its announced name."""
    return "th_" + hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:10]
