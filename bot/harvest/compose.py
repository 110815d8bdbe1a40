"""From notes to a digest without a model: sentences people wrote, chosen, grouped by theme, each with its source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.harvest.assignment import focused
from bot.harvest.liveliness import LIVELY, lively, procedural
from bot.harvest.reading import Reading, read
from bot.harvest.records import (
    Claim,
    Digest,
    DigestKind,
    Memory,
    Note,
    Section,
    Sentence,
    SentenceId,
    SentenceKind,
    Theme,
    ThemeId,
)
from bot.harvest.salience import Ranked, picks_read
from bot.harvest.theming import Placement, place
from bot.harvest.verify import BALANCED_FROM, QUOTES, SHARE

ENGINE = "oogst-embedded-1"
"""Name and version of these rules; a digest made by other rules is another digest."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How much fits: claims a section, claims of one note, questions and offers a section, sections."""

    claims: int
    per_note: int
    asides: int
    sections: int | None


_ROOM: Mapping[DigestKind, _Room] = {
    "session": _Room(claims=6, per_note=2, asides=6, sections=None),
    "weekly": _Room(claims=2, per_note=1, asides=2, sections=4),
    "harvest": _Room(claims=12, per_note=2, asides=6, sections=None),
}
ASIDES_UP_TO = 60
"""Notes of a theme above which questions are counted in claims only: a list of them would be no digest."""


def compose(
    notes: Sequence[Note], themes: Sequence[Theme], *, kind: DigestKind, memory: Memory | None = None, seed: int = 0
) -> Digest:
    """Return the digest of these notes: each claim and quote is a whole sentence of a note, with its id.

    `session` and `harvest` show every theme, `weekly` at most four. No note means no section (a silent week). The same
    arguments give the same digest, whatever the order of the notes. Raises UnusableNotes on a double note id.
    """
    readings = read(notes)
    return compose_placed(readings, place(readings, themes, memory or Memory(), seed), kind)


def compose_placed(readings: Sequence[Reading], placement: Placement, kind: DigestKind) -> Digest:
    """Do `compose` on notes that were read and placed already; the placement also holds what to remember."""
    room = _ROOM[kind]
    shown = placement.themes[: room.sections]
    sentences: dict[SentenceId, Sentence] = {}
    duplicates: dict[SentenceId, tuple[SentenceId, ...]] = {}
    sections = []
    of_theme = _by_theme(readings, placement, shown)
    claims = {t: _chosen(members, room, all_groups=kind == "session") for t, members in of_theme.items()}
    quotes = {t: _quotes(members, claims[t]) for t, members in of_theme.items()}
    _balanced(claims, quotes)
    for theme in shown:
        members, chosen = of_theme[theme.id], claims[theme.id]
        asides = _asides(members, room, {ranked.sentence.id for ranked in chosen})
        every = {s.id: s for s in [*quotes[theme.id], *asides, *(ranked.sentence for ranked in chosen)]}
        by_id = {sentence.id: sentence for sentence in _twins(members, chosen)}
        sentences |= by_id | every
        duplicates |= {ranked.sentence.id: ranked.same for ranked in chosen if ranked.same}
        sections.append(_section(theme, members, chosen, quotes[theme.id], asides))
    used = {note for section in sections for note in section.notes}
    return Digest(
        kind=kind,
        headline=_headline(sections),
        sections=tuple(sections),
        unused=tuple(reading.note.id for reading in readings if reading.note.id not in used),
        sentences=dict(sorted(sentences.items())),
        themes={theme.id: theme for theme in shown},
        engine=ENGINE,
        duplicates=dict(sorted(duplicates.items())),
    )


def _by_theme(
    readings: Sequence[Reading], placement: Placement, shown: Sequence[Theme]
) -> dict[ThemeId, list[Reading]]:
    """The notes of each theme; of a note with several themes the part that is about this one."""
    homes: dict[int, list[ThemeId]] = {}
    for theme in placement.themes:
        for i in placement.members[theme.id]:
            homes.setdefault(i, []).append(theme.id)
    several = {i: themes for i, themes in homes.items() if len(themes) > 1}
    parts = focused(readings, placement.themes, several) if several else {}
    return {theme.id: [parts.get((i, theme.id), readings[i]) for i in placement.members[theme.id]] for theme in shown}


def _chosen(members: Sequence[Reading], room: _Room, all_groups: bool) -> list[Ranked]:
    """The claims of a section. Few notes may each say more; from five notes on none fills the section."""
    speaking = sum(1 for reading in members if reading.spans)
    few = 0 < speaking < BALANCED_FROM
    per_note = max(room.per_note, -(-room.claims // speaking)) if few else room.per_note
    groups = len({reading.note.group for reading in members}) if all_groups else 0
    return _telling(picks_read(members, max(room.claims, groups), per_note, all_groups))


def _telling(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Without the sentences that only open a talk; but what a note said at all, it said."""
    told = {r.sentence.note_id for r in ranked if not procedural(r.sentence.text)}
    return [r for r in ranked if not procedural(r.sentence.text) or r.sentence.note_id not in told]


def _balanced(chosen: Mapping[ThemeId, list[Ranked]], quotes: Mapping[ThemeId, list[Sentence]]) -> None:
    """Take quotes, then claims away (in place), lowest first, until no note has more than its share of the digest."""
    while True:
        cited = {r.sentence.id: r.sentence.note_id for rows in chosen.values() for r in rows}
        cited |= {twin: twin.rpartition(".s")[0] for rows in chosen.values() for r in rows for twin in r.same}
        beside = [(rows, s) for rows in quotes.values() for s in rows if s.id not in cited]
        cited |= {s.id: s.note_id for _, s in beside}
        notes = Counter(cited.values())
        if len(notes) < BALANCED_FROM:
            return
        note, most = min(notes.items(), key=lambda item: (-item[1], item[0]))
        if most <= SHARE * len(cited):
            return
        if own := [(quoted, s) for quoted, s in beside if s.note_id == note]:
            quoted, sentence = own[-1]
            quoted.remove(sentence)
            continue
        rows, last = min(
            ((rows, r) for rows in chosen.values() for r in rows if r.sentence.note_id == note),
            key=lambda pair: (
                sum(r.sentence.note_id == note for r in pair[0]) < 2,
                pair[1].sentence.score,
                pair[1].sentence.id,
            ),
            default=(None, None),
        )
        if rows is None or last is None:
            return
        rows.remove(last)


def _twins(members: Sequence[Reading], chosen: Sequence[Ranked]) -> list[Sentence]:
    """The sentences that say the same as a claim: further evidence, so the digest must be able to show them."""
    wanted = {twin for ranked in chosen for twin in ranked.same}
    if not wanted:
        return []
    return [
        sentence
        for reading in members
        for k in range(len(reading.spans))
        if (sentence := reading.sentence(k)).id in wanted
    ]


def _asides(members: Sequence[Reading], room: _Room, claimed: set[SentenceId]) -> list[Sentence]:
    """Questions, requests and offers that no claim shows, in turn over the notes so that each group is heard."""
    if len(members) > ASIDES_UP_TO:
        return []
    waiting = dict.fromkeys((SentenceKind.QUESTION, SentenceKind.REQUEST, SentenceKind.OFFER), room.asides)
    turns = [_of_kinds(reading, waiting, claimed) for reading in members]
    out: list[Sentence] = []
    while turns:
        said = [(turn, next(turn, None)) for turn in turns]
        turns = [turn for turn, sentence in said if sentence is not None]
        for _, sentence in said:
            if sentence is not None and waiting[sentence.kind]:
                waiting[sentence.kind] -= 1
                out.append(sentence)
    return out


def _of_kinds(reading: Reading, waiting: Mapping[SentenceKind, int], claimed: set[SentenceId]) -> Iterator[Sentence]:
    """The sentences of one note that ask or offer, while there is room for their kind."""
    for k in range(len(reading.spans)):
        sentence = reading.sentence(k)
        if waiting.get(sentence.kind) and sentence.id not in claimed:
            yield sentence


def _section(
    theme: Theme,
    members: Sequence[Reading],
    chosen: Sequence[Ranked],
    quotes: Sequence[Sentence],
    asides: Sequence[Sentence],
) -> Section:
    questions = [s for s in asides if s.kind in (SentenceKind.QUESTION, SentenceKind.REQUEST)]
    return Section(
        theme_id=theme.id,
        name=theme.name,
        notes=tuple(reading.note.id for reading in members),
        groups=tuple(dict.fromkeys(reading.note.group for reading in members if reading.note.group)),
        claims=tuple(Claim(r.sentence.text, (r.sentence.id, *r.same), theme.id) for r in chosen),
        quotes=tuple(s.id for s in quotes),
        open_questions=tuple(s.id for s in questions),
        offers=tuple(s.id for s in asides if s.kind == SentenceKind.OFFER),
    )


def _quotes(members: Sequence[Reading], chosen: Sequence[Ranked]) -> list[Sentence]:
    """The liveliest sentences of the theme, one of a note, whether or not a claim shows them; else the first claim."""
    said = [ranked.sentence for ranked in chosen]
    known = {sentence.id for sentence in said}
    if len(members) <= ASIDES_UP_TO:
        every = (reading.sentence(k) for reading in members for k in range(len(reading.spans)))
        said += [sentence for sentence in every if sentence.id not in known]
    worth = {s.id: lively(s.text) - 2 * (s.kind in (SentenceKind.OFFER, SentenceKind.REQUEST)) for s in said}
    heard: Counter[str] = Counter()
    out: list[Sentence] = []
    for sentence in sorted(said, key=lambda s: -worth[s.id]):
        if worth[sentence.id] >= LIVELY and not heard[sentence.note_id] and len(out) < QUOTES:
            heard[sentence.note_id] += 1
            out.append(sentence)
    return out or [s for s in said[:1] if s.id in known]


def _headline(sections: Sequence[Section]) -> str:
    """Two telling themes: the ones with most notes."""
    return " · ".join(section.name for section in sections[:2])
