"""What the words of notes give reason to ask a coordinator: a new theme, another name for one, two that are one.

Never more than a proposal. A new theme needs three notes of two groups that are under no theme and share a phrase; a
name needs its long form, or the initials of a compound; a merge needs names that look alike.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from bot.harvest import Memory, Note, Theme, place, read, split, variants
from bot.harvest.aliases import mined
from bot.harvest.words import feature, fold, folded, words
from bot.proposals.matching import ALIKE, likeness
from bot.themes.placing import SHOWN_TO_ASK
from bot.themes.records import Carrier, Kind, Spot, Suggestion, Told

FEWEST_NOTES = 3
FEWEST_GROUPS = 2
COMPOUND = 11
"""Letters of one word that can be a subject by itself; shorter ones need a second word, or are an acronym."""
MANY = 24
"""Notes under no theme from which on their likeness shows subjects as well; before that it is chance."""
MOST_CARRIERS = 12
MOST_NEW = 6
"""New themes proposed at a time, those with most support: more is no question any more, but work."""
OURS = ("active", "merged", "proposed")
"""Not what somebody practised on: that is never the same as anybody else's."""
_ACRONYM = re.compile(r"\b([A-Z]{3,6})(?:['’]?s)?\b")
_GAP = re.compile(r"[.,;:!?()\[\]\"“”…\n]")


def suggestions(
    pool: Sequence[Told], everything: Sequence[Told], themes: Sequence[Theme], refused: Iterable[Iterable[str]] = ()
) -> list[Suggestion]:
    """Return what to propose, most supported first. `pool` are the notes in which no theme is recognised,
    `everything` all of them.

    `refused` are the notes (ids) behind each new theme that was refused: what rests on the same notes for the greater
    part is not proposed again. Pure and deterministic; a thousand notes take about a second.
    """
    living = [theme for theme in themes if theme.status == "active"]
    old = [frozenset(each) for each in refused]
    fresh = [
        one
        for one in [*_phrases(pool, themes), *_communities(pool)]
        if not any(2 * len(_notes(one) & before) >= len(_notes(one)) for before in old)
    ]
    return [*_apart(fresh)[:MOST_NEW], *_short_forms(everything, living), *look_alike_themes(living)]


def look_alike_themes(themes: Sequence[Theme]) -> list[Suggestion]:
    """Return the pairs of themes whose names look alike, as merges to propose; the older id stays."""
    found = []
    named = [(theme, variants(theme)) for theme in sorted(themes, key=lambda one: one.id)]
    for (one, names), (other, others) in combinations(named, 2):
        if likeness(names, others) >= ALIKE:
            mark = mark_of(Kind.MERGE, f"{one.id} {other.id}")
            found.append(Suggestion(Kind.MERGE, mark, theme=one.id, other=other.id))
    return found


def mark_of(kind: Kind, what: str) -> str:
    """Return by what a proposal is known when it comes up again; nobody reads the words back out of it."""
    return hashlib.sha256(f"{kind}:{folded(what)}".encode()).hexdigest()[:20]


def _notes(one: Suggestion) -> frozenset[str]:
    return frozenset(carrier.note for carrier in one.carriers)


def _apart(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Of proposals that rest on the same notes only the first: one question about one subject."""
    kept: list[Suggestion] = []
    for one in found:
        mine = _notes(one)
        if not any(2 * len(mine & _notes(other)) > min(len(mine), len(_notes(other))) for other in kept):
            kept.append(one)
    return kept


def _phrases(pool: Sequence[Told], themes: Sequence[Theme]) -> list[Suggestion]:
    """Acronyms, long compounds and pairs of words that enough notes share and that no theme goes by."""
    ours = {f for theme in themes if theme.status in OURS for name in variants(theme) for f in _keys(name)}
    carriers: dict[str, dict[str, Carrier]] = {}
    forms: dict[str, Counter[str]] = {}
    for note in sorted(pool, key=lambda one: one.id):
        for part, text in note.parts.items():
            if part in SHOWN_TO_ASK:
                continue
            for key, form, start, end in _candidates(text):
                if key not in ours:
                    spot = _sentence(text, part, start)
                    carriers.setdefault(key, {}).setdefault(note.id, Carrier(note.id, spot, start, end))
                    forms.setdefault(key, Counter())[form] += 1
    group_of = {note.id: note.group or note.region or note.id for note in pool}
    worth: dict[str, float] = {}
    for key, of in carriers.items():
        groups = {group_of[note] for note in of}
        if len(of) >= FEWEST_NOTES and len(groups) >= FEWEST_GROUPS:
            wide = math.log(1 + len(pool) / len(of)) + 0.5
            worth[key] = len(groups) ** 1.5 * math.sqrt(len(of)) * wide * (1.6 if " " in key else 1.0)
    found = []
    for key in sorted(worth, key=lambda each: (-worth[each], each)):
        name = min(forms[key], key=lambda form: (-forms[key][form], form))
        chosen = tuple(list(carriers[key].values())[:MOST_CARRIERS])
        found.append(Suggestion(Kind.NEW, mark_of(Kind.NEW, key), name, carriers=chosen))
    return found


def _keys(name: str) -> set[str]:
    """Under which keys a name would be found as a phrase; words of one theme's name are no new theme."""
    found = [f for f in map(feature, words(name)) if f]
    return {*found, *(f"{a} {b}" for a, b in pairwise(found))}


def _candidates(text: str) -> Iterable[tuple[str, str, int, int]]:
    """What in a text can be the name of a subject: its key, as it is written, and where."""
    for found in _ACRONYM.finditer(text):
        if not text.isupper() and feature(found[1]):
            yield feature(found[1]), found[1], found.start(1), found.end(1)
    at = 0
    for piece in _GAP.split(text):
        before: tuple[str, int, int] | None = None
        for match in re.finditer(r"[^\W_]+", piece):
            word, f = match[0], feature(match[0])
            start, end = at + match.start(), at + match.end()
            if f and len(fold(word)) >= COMPOUND:
                yield f, word, start, end
            if f and before and before[0] != f and start - before[2] == 1:
                yield f"{before[0]} {f}", text[before[1] : end], before[1], end
            before = (f, start, end) if f else None
        at += len(piece) + 1


def _sentence(text: str, part: str, at: int) -> Spot:
    for span in split(text):
        if span.start <= at < span.end:
            return Spot(part, span.start, span.end)
    return Spot(part, 0, len(text))


def _communities(pool: Sequence[Told]) -> list[Suggestion]:
    """Notes that resemble each other, where there are enough of them to tell."""
    if len(pool) < MANY:
        return []
    by_id = {note.id: note for note in pool}
    readings = read([Note(note.id, note.text, note.on, note.group, note.region) for note in pool])
    found = place(readings, (), Memory())
    out = []
    for theme in found.themes:
        members = [by_id[readings[i].note.id] for i in found.members[theme.id]]
        groups = {note.group or note.region or note.id for note in members}
        name = theme.name.split(", ")[0]
        carriers = tuple(filter(None, (_carrier(note, name) for note in members)))[:MOST_CARRIERS]
        if len(carriers) >= FEWEST_NOTES and len(groups) >= FEWEST_GROUPS:
            out.append(Suggestion(Kind.NEW, mark_of(Kind.NEW, name), name, carriers=carriers))
    return out


def _carrier(note: Told, name: str) -> Carrier | None:
    """The sentence of a note that holds the name, else its first one."""
    shown = {part: text for part, text in note.parts.items() if part not in SHOWN_TO_ASK and text.strip()}
    for part, text in shown.items():
        at = text.casefold().find(name.casefold())
        if at >= 0 and len(text.casefold()) == len(text):
            return Carrier(note.id, _sentence(text, part, at), at, at + len(name))
    for part, text in shown.items():
        for span in split(text):
            return Carrier(note.id, Spot(part, span.start, span.end))
    return None


def _short_forms(notes: Sequence[Told], themes: Sequence[Theme]) -> list[Suggestion]:
    """Acronyms that notes use for a theme and that it does not go by yet."""
    ordered = sorted(notes, key=lambda one: one.id)
    found = []
    for theme, acronyms in sorted(mined(themes, [note.text for note in ordered]).items()):
        known = {folded(name) for each in themes for name in variants(each)}
        for acronym in acronyms:
            carriers = tuple(_standing(ordered, acronym))[:MOST_CARRIERS]
            if folded(acronym) not in known and carriers:
                mark = mark_of(Kind.ALIAS, f"{theme} {acronym}")
                found.append(Suggestion(Kind.ALIAS, mark, acronym, theme=theme, carriers=carriers))
    return found


def _standing(notes: Sequence[Told], acronym: str) -> Iterable[Carrier]:
    whole = re.compile(rf"\b{re.escape(acronym)}(?:['’]?s)?\b")
    for note in notes:
        shown = ((part, text) for part, text in note.parts.items() if part not in SHOWN_TO_ASK)
        for part, text in shown:
            if (found := whole.search(text)) is not None:
                at = found.start()
                yield Carrier(note.id, _sentence(text, part, at), at, at + len(acronym))
                break


def name_of(carriers: Sequence[Carrier], texts: Mapping[tuple[str, str], str]) -> str:
    """Return the proposed name as most of the notes that still carry it write it; "" where none of them does.

    `texts` are the stored words by note and part. A note that was withdrawn is not among them: its words are gone.
    """
    forms: Counter[str] = Counter()
    for one in carriers:
        text = texts.get((one.note, one.spot.field), "")
        if 0 <= one.name_start < one.name_end <= len(text):
            forms[text[one.name_start : one.name_end]] += 1
    return min(forms, key=lambda form: (-forms[form], form)) if forms else ""
