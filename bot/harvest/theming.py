"""Every note gets its place: an announced theme, one that the notes form together, or none. Old notes stay put."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.harvest.assignment import assign_read
from bot.harvest.communities import communities, grow, nearest
from bot.harvest.labels import labels
from bot.harvest.reading import Reading
from bot.harvest.records import Memory, NoteId, RememberedTheme, Theme, ThemeId
from bot.harvest.vectors import Vector, note_vectors, total, unit

FEW = 24
"""Below this many notes outside the announced themes, communities are mostly chance (ARI .22 on 30): they stay one."""
SUPPORT = 3
"""Notes that a new theme needs; and they come from two groups where groups are known."""
KEPT_FEATURES = 40
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
    'proposed': a person decides. The same notes, themes, memory and seed give the same placement.
    """
    announced = {theme.id: theme for theme in themes}
    earlier = {one.theme.id: one for one in memory.themes if one.theme.id not in announced}
    proposed = {theme_id: one.theme for theme_id, one in earlier.items()}
    before = {note: one.theme.id for one in reversed(memory.themes) for note in one.notes}
    chosen = assign_read(readings, themes)
    home: dict[int, tuple[ThemeId, ...]] = {}
    pool = []
    for i, reading in enumerate(readings):
        old, new = before.get(reading.note.id), chosen[reading.note.id]
        if old and (old in announced or old in proposed) and not reading.note.themes:
            home[i] = (old, *(t for t in new if t != old)) if old in announced else (old,)
        elif new:
            home[i] = new
        elif any(reading.features):
            pool.append(i)
    found, merges = _found(readings, pool, home, earlier, bool(themes), seed)
    fresh, placed = found
    proposed |= fresh
    home |= {i: (theme_id,) for i, theme_id in placed.items()}
    members: dict[ThemeId, list[int]] = {}
    for i in sorted(home):
        for theme_id in home[i]:
            members.setdefault(theme_id, []).append(i)
    known = announced | proposed
    order = sorted(members, key=lambda t: (-len(members[t]), known[t].name, t))
    return Placement(
        themes=tuple(known[t] for t in order),
        members={t: tuple(members[t]) for t in order},
        unplaced=tuple(i for i in range(len(readings)) if i not in home),
        memory=_remember(readings, known, members, home, memory, merges),
    )


Found = tuple[dict[ThemeId, Theme], dict[int, ThemeId]]


def _found(
    readings: Sequence[Reading],
    pool: Sequence[int],
    home: Mapping[int, tuple[ThemeId, ...]],
    earlier: Mapping[ThemeId, RememberedTheme],
    announced: bool,
    seed: int,
) -> tuple[Found, list[tuple[ThemeId, ThemeId]]]:
    """Themes for the pool: join an earlier one or form a new one."""
    if not pool:
        return ({}, {}), []
    if not earlier and len(pool) < FEW:
        if announced:
            return ({}, {}), []
        name = labels([[readings[i] for i in pool]])[0]
        return ({TOGETHER: Theme(TOGETHER, name, status="proposed")}, dict.fromkeys(pool, TOGETHER)), []
    if not earlier:
        vectors = note_vectors([readings[i].counts() for i in pool])
        groups = [[pool[k] for k in group] for group in communities(nearest(vectors), seed)]
        return _named(readings, groups), []
    settled = [i for i in sorted(home) if home[i][0] in earlier]
    present = {home[i][0] for i in settled}
    absent = [one for theme_id, one in sorted(earlier.items()) if theme_id not in present]
    order = [*settled, *pool]
    vectors = note_vectors([readings[i].counts() for i in order])
    vectors += [unit(dict(one.features)) for one in absent]
    kept = {k: home[i][0] for k, i in enumerate(settled)}
    kept |= {len(order) + k: one.theme.id for k, one in enumerate(absent)}
    joined, groups_k, merges = grow(nearest(vectors), kept, seed)
    fresh, placed = _named(readings, [[order[k] for k in group] for group in groups_k])
    placed |= {order[k]: theme_id for k, theme_id in joined.items()}
    return (fresh, placed), merges


def _named(readings: Sequence[Reading], groups: Sequence[Sequence[int]]) -> Found:
    """Turn groups of notes that have support into proposed themes."""
    several = len({reading.note.group for reading in readings if reading.note.group}) > 1
    good = [
        group
        for group in groups
        if len(group) >= SUPPORT and (not several or len({readings[i].note.group for i in group}) > 1)
    ]
    themes: dict[ThemeId, Theme] = {}
    placed: dict[int, ThemeId] = {}
    for group, name in zip(good, labels([[readings[i] for i in group] for group in good]), strict=True):
        theme_id = theme_id_of([readings[i].note.id for i in group])
        themes[theme_id] = Theme(theme_id, name, status="proposed")
        placed |= dict.fromkeys(group, theme_id)
    return themes, placed


def theme_id_of(parts: Sequence[str]) -> ThemeId:
    """Return a permanent id from what a theme was founded on: the ids of its first notes, or its announced name."""
    return "th_" + hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:10]


def _remember(
    readings: Sequence[Reading],
    known: Mapping[ThemeId, Theme],
    members: Mapping[ThemeId, Sequence[int]],
    home: Mapping[int, tuple[ThemeId, ...]],
    memory: Memory,
    merges: Sequence[tuple[ThemeId, ThemeId]],
) -> Memory:
    """Old notes that were not handed in again stay known; a note is remembered under its first theme."""
    first = {readings[i].note.id: themes[0] for i, themes in home.items()}
    notes: dict[ThemeId, list[NoteId]] = {}
    for one in memory.themes:
        kept = [note for note in one.notes if first.get(note, one.theme.id) == one.theme.id]
        notes[one.theme.id] = kept
    for note, theme_id in first.items():
        if note not in notes.setdefault(theme_id, []):
            notes[theme_id].append(note)
    old = {one.theme.id: one for one in memory.themes}
    vectors: list[Vector] = []
    if any(theme.status == "proposed" for theme in known.values()):
        vectors = note_vectors([reading.counts() for reading in readings])
    out = []
    for theme_id in sorted(notes):
        if theme_id == TOGETHER or not notes[theme_id]:
            continue
        theme = known.get(theme_id) or old[theme_id].theme
        heavy = old[theme_id].features if theme_id in old else ()
        if theme.status == "proposed" and members.get(theme_id):
            heavy = _heaviest(unit(total(vectors[i] for i in members[theme_id])))
        out.append(RememberedTheme(theme, tuple(sorted(notes[theme_id])), heavy))
    asked = {tuple(sorted(pair)): pair for pair in [*merges, *memory.proposed_merges]}
    return Memory(tuple(out), tuple(sorted((a, b) for a, b in asked)))


def _heaviest(vector: Vector) -> tuple[tuple[str, float], ...]:
    heavy = sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:KEPT_FEATURES]
    return tuple((f, round(x, 6)) for f, x in heavy)
