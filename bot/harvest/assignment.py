"""Which announced themes a note is about: by name, aliases and confirmed notes, then by what the sure notes teach.

A theme needs a name and about five aliases. From twenty notes on, the notes that clearly belong somewhere teach the
others (self-training): on the development set 38 % right becomes 55 %, with five confirmed notes a theme 50 % becomes
60 %. Below that a note must mention a theme to belong to it.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.harvest.aliases import mined, variants
from bot.harvest.learning import ENOUGH, Lessons, Scores, scores, seeds
from bot.harvest.reading import Reading, read
from bot.harvest.records import Memory, Note, Theme, ThemeId
from bot.harvest.remembering import frequencies, seen, weighed
from bot.harvest.words import PREFIX, feature, fold, folded, words

MENTIONED = 0.5
"""Share of a name (weighted by how telling its words are) that a note must hold to mention the theme."""
NAMED = 0.6
"""The same for one sentence that has to name the theme by itself: one word of two is too little."""
TELLING = 8
"""Letters of a word's stem (seven tenths of it) from which on the word alone hints at its theme among a note's own."""
LOW = 0.03
"""Cosine below which a note fits nowhere."""
FURTHER = 0.6
"""A further theme must be mentioned in full and come this close to the first."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """A theme as the engine knows it: its names as features, the same with the longer stem that a mention must show,
    and its confirmed notes by index."""

    theme: Theme
    names: tuple[tuple[str, ...], ...]
    stems: tuple[tuple[tuple[str, str], ...], ...]
    confirmed: tuple[int, ...]


def assign(notes: Sequence[Note], themes: Sequence[Theme]) -> dict[str, tuple[ThemeId, ...]]:
    """Return for each note id the ids of its themes, best first; an empty tuple says it fits nowhere.

    Merged themes stand for the one they were merged into. A note's own `themes` (ids or names) were confirmed by a
    person: they are kept, in that order, and teach the others. Raises UnusableNotes on a double note id.
    """
    return assign_read(read(notes), themes)


def assign_read(
    readings: Sequence[Reading], themes: Sequence[Theme], memory: Memory | None = None
) -> dict[str, tuple[ThemeId, ...]]:
    """Do `assign` on notes that were read already, weighed by what earlier batches taught where there is a memory."""
    profiles = _profiles(readings, themes)
    if not profiles:
        return {reading.note.id: () for reading in readings}
    memory = memory or Memory()
    documents = [reading.counts() for reading in readings]
    whole = memory.counted + len(readings)
    idf = _idf(memory, readings, documents, profiles)
    vectors = [weighed(d, idf) for d in documents]
    rarity, most = _rarity(profiles), max(idf.values(), default=1.0)
    sure = {i: k for k, profile in enumerate(profiles) for i in reversed(profile.confirmed)}
    names, confirmed = [p.names for p in profiles], [p.confirmed for p in profiles]
    found = scores(seeds(names, confirmed, vectors, idf, rarity), vectors, sure, _lessons(profiles, memory, idf))
    holding: dict[str, dict[int, None]] = {}
    for k, profile in enumerate(profiles):
        for f in (f for name in profile.names for f in name):
            holding.setdefault(f, {})[k] = None
    out = {}
    for i, (reading, document) in enumerate(zip(readings, documents, strict=True)):
        kept = tuple(p.theme.id for p in _confirmed_order(reading.note, profiles))
        near = {k for f in document for k in holding.get(f, ())}
        said = {k: _mention(profiles[k], document, reading.note.text, idf, rarity, most) for k in near}
        out[reading.note.id] = kept or _chosen(profiles, found[i], said, whole >= ENOUGH)
    return out


def _lessons(profiles: Sequence[_Profile], memory: Memory, idf: Mapping[str, float]) -> Lessons:
    """What is remembered of these themes, as the scorer takes it."""
    of = {profile.theme.id: k for k, profile in enumerate(profiles)}
    centres = {of[one.theme.id]: dict(one.features) for one in memory.themes if one.features and one.theme.id in of}
    if not centres:
        return Lessons()
    shown = [(weighed(dict(e.features), idf), of[e.theme]) for e in memory.examples if e.theme in of]
    return Lessons(centres, shown)


def focused(
    readings: Sequence[Reading], themes: Sequence[Theme], homes: Mapping[int, Sequence[ThemeId]]
) -> dict[tuple[int, ThemeId], Reading]:
    """Return, for each note (by index) with several themes, the part of it that is about each.

    A sentence that mentions a theme turns the talk to it, until another is mentioned; what comes before the first
    mention belongs to all. A theme that would be left without a word keeps the whole note.
    """
    profiles = {profile.theme.id: profile for profile in _profiles(readings, themes)}
    rarity = _rarity(list(profiles.values()))
    out: dict[tuple[int, ThemeId], Reading] = {}
    for i, of_note in sorted(homes.items()):
        own = [profiles[t] for t in of_note if t in profiles]
        if len(own) < 2:
            continue
        reading, about = readings[i], [p.theme.id for p in own]
        parts: dict[ThemeId, list[int]] = {theme_id: [] for theme_id in about}
        for k, words_of in enumerate(reading.features):
            text = reading.text(k)
            mentioned = [p.theme.id for p in own if _mention(p, words_of, text, {}, rarity) >= MENTIONED]
            about = mentioned or _hinted(own, words_of, text) or about
            for theme_id in about:
                parts[theme_id].append(k)
        out |= {(i, theme_id): reading.only(kept) for theme_id, kept in parts.items() if kept}
    return out


def _hinted(own: Sequence[_Profile], sentence: Mapping[str, int], text: str) -> list[ThemeId]:
    """The one theme of which the sentence holds a long word that none of the others has, if it is one."""
    held = [{pair for name in p.stems for pair in name if len(pair[1]) >= TELLING} for p in own]
    found = []
    for k, p in enumerate(own):
        rest = {f for other, pairs in enumerate(held) if other != k for f, _ in pairs}
        if any(f in sentence and f not in rest and _occurs(stem, text) for f, stem in held[k]):
            found.append(p.theme.id)
    return found if len(found) == 1 else []


def mentioned(readings: Sequence[Reading], themes: Sequence[Theme]) -> list[tuple[tuple[ThemeId, ...], ...]]:
    """Return for each note, sentence by sentence, the ids of the themes that the sentence names.

    Stricter than `assign`: one sentence has to hold more than half of a name or alias, telling words weighing more.
    """
    profiles = _profiles(readings, themes)
    rarity = _rarity(profiles)
    return [
        tuple(
            tuple(p.theme.id for p in profiles if _mention(p, words_of, reading.text(k), {}, rarity) >= NAMED)
            for k, words_of in enumerate(reading.features)
        )
        for reading in readings
    ]


def _chosen(
    profiles: Sequence[_Profile], scores: Scores, mentions: Mapping[int, float], many: bool
) -> tuple[ThemeId, ...]:
    def said(k: int) -> float:
        return mentions.get(k, 0.0)

    order = sorted(range(len(profiles)), key=lambda k: (-scores[k] if many else -(said(k) + scores[k]), k))
    if not many:
        return tuple(profiles[k].theme.id for k in order if said(k) >= MENTIONED)
    first = order[0]
    if scores[first] <= LOW:
        return ()
    further = [k for k in order[1:] if said(k) >= 0.99 and scores[k] >= FURTHER * scores[first]]
    return tuple(profiles[k].theme.id for k in (first, *further))


def _profiles(readings: Sequence[Reading], themes: Sequence[Theme]) -> list[_Profile]:
    """One profile for each theme that is not merged, with the names and confirmed notes of what was merged into it."""
    target = {theme.id: final(theme.id, themes) for theme in themes}
    living = [theme for theme in themes if target[theme.id] == theme.id]
    acronyms = mined(living, [reading.note.text for reading in readings])
    by_name = {folded(theme.name): target[theme.id] for theme in reversed(themes)}
    confirmed: dict[ThemeId, list[int]] = {theme.id: [] for theme in living}
    for i, reading in enumerate(readings):
        for name in reading.note.themes:
            theme_id = target.get(name) or by_name.get(folded(name))
            if theme_id in confirmed and i not in confirmed[theme_id]:
                confirmed[theme_id].append(i)
    out = []
    for theme in living:
        old = [other for other in themes if target[other.id] == theme.id]
        said = [*(name for other in old for name in variants(other)), *acronyms[theme.id]]
        stems = tuple(dict.fromkeys(f for f in map(_stems, said) if f))
        names = tuple(tuple(f for f, _ in name) for name in stems)
        out.append(_Profile(theme, names, stems, tuple(confirmed[theme.id])))
    return out


def _stems(name: str) -> tuple[tuple[str, str], ...]:
    """Each telling word of a name as its feature and seven tenths of its letters: 'onderwijs' is no mention of
    'onderwijszorgarrangementen', though six letters agree."""
    return tuple((f, fold(w)[: max(PREFIX, -(-7 * len(w) // 10))]) for w in words(name) if (f := feature(w)))


def final(theme_id: ThemeId, themes: Sequence[Theme]) -> ThemeId:
    """Follow merges to the theme that stands for this one; a circle or a lost end stays where it is."""
    by_id, seen = {theme.id: theme for theme in themes}, {theme_id}
    while (to := by_id[theme_id].merged_into) in by_id and to is not None and to not in seen:
        theme_id = to
        seen.add(to)
    return theme_id


def _confirmed_order(note: Note, profiles: Sequence[_Profile]) -> list[_Profile]:
    by_id = {p.theme.id: p for p in profiles}
    by_name = {folded(p.theme.name): p for p in reversed(profiles)}
    found = [by_id.get(name) or by_name.get(folded(name)) for name in note.themes]
    return list(dict.fromkeys(p for p in found if p is not None))


def _idf(
    memory: Memory, readings: Sequence[Reading], documents: Sequence[Counter[str]], profiles: Sequence[_Profile]
) -> Mapping[str, float]:
    """Few notes: every word counts a little. Many: words of one note, or of half of them, tell no theme."""
    known = seen(memory)
    new = [d for reading, d in zip(readings, documents, strict=True) if reading.note.id not in known]
    wanted = dict.fromkeys(f for d in documents for f in d)
    if memory.counted:
        wanted |= dict.fromkeys(f for profile in profiles for name in profile.names for f in name)
        wanted |= dict.fromkeys(f for e in memory.examples for f, _ in e.features)
    n, df = frequencies(memory, new, wanted)
    if n < ENOUGH:
        return {f: math.log(1 + n / d) for f, d in df.items() if d}
    least = 2 if n >= 60 else 1
    return {f: math.log((1 + n) / (1 + d)) for f, d in df.items() if least <= d <= max(3.0, 0.5 * n)}


def _rarity(profiles: Sequence[_Profile]) -> dict[str, float]:
    """A word in the names of several themes tells them less apart."""
    within = Counter(f for profile in profiles for f in {f: None for name in profile.names for f in name})
    return {f: math.log(1 + len(profiles) / count) for f, count in within.items()}


def _mention(
    profile: _Profile,
    note: Mapping[str, int],
    text: str,
    idf: Mapping[str, float],
    rarity: Mapping[str, float],
    most: float = 1.0,
) -> float:
    """The share of the theme's best name that the note holds, telling words weighing more.

    A word of the name that `idf` does not know weighs `most`.
    """
    best = 0.0
    for name in profile.stems:
        if not any(f in note for f, _ in name):
            continue
        weights = [(rarity[f] * idf.get(f, most), f in note and _occurs(stem, text)) for f, stem in name]
        whole = sum(weight for weight, _ in weights)
        if whole:
            best = max(best, sum(weight for weight, held in weights if held) / whole)
    return best


@lru_cache(maxsize=4096)
def _searchable(text: str) -> str:
    return " " + folded(text)


def _occurs(stem: str, text: str) -> bool:
    """Whether a word of the text starts so; six letters were compared already."""
    return len(stem) <= PREFIX or f" {stem}" in _searchable(text)
