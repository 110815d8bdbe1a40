"""What may be shown of notes to whoever decides about themes: nothing that its group keeps back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from bot.article import Run
from bot.article.records import PART_OF
from bot.harvest import split
from bot.impressions import PARTS
from bot.themes import Card, Kind, Proposal, name_of
from bot.themes.deciding import is_enough
from storage import harvest, proposals, worksessions
from storage.themes import changing, proposing

MOST_SENTENCES = 3
"""Sentences shown with one proposal."""


@dataclass(frozen=True)
class Shown:
    """A proposal as a coordinator sees it. `name` is in the words of its notes, or of the people who proposed it.

    `notes` and `groups` count what carries it, `backers` the people behind a proposal of their own. `theme` and `other`
    are the themes that it is about.
    """

    proposal: Proposal
    name: str
    sentences: tuple[str, ...] = ()
    notes: int = 0
    groups: int = 0
    backers: int = 0
    theme: Card | None = None
    other: Card | None = None


@dataclass(frozen=True)
class Place:
    """A sentence of a note, with the session it is from (None for earlier material)."""

    note: str
    session: str | None
    part: str
    start: int
    end: int


@dataclass(frozen=True)
class Table:
    """All proposals that wait, as far as there is reason enough left to ask; and the themes that stand, by id."""

    found: tuple[Shown, ...] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)

    def one(self, proposal_id: str) -> Shown | None:
        """Return a proposal that waits."""
        return next((each for each in self.found if each.proposal.id == proposal_id), None)


def table(db: Session, team: str, *, sentences: bool = True) -> Table:
    """Return everything that waits for a coordinator's decision, merges last; `sentences` cost a look per session."""
    waiting = proposing.waiting(db, team)
    if not waiting:
        return Table(cards={card.id: card for card in changing.cards(db, team)})
    cards = {card.id: card for card in changing.cards(db, team)}
    notes = {carrier.note for proposal in waiting for carrier in proposal.carriers}
    texts, homes = proposing.texts(db, team, notes), proposing.homes(db, team, notes)
    asked = {bundle.id: bundle for bundle in proposals.waiting(db, team)}
    places = [
        Place(c.note, homes[c.note][1], c.spot.field, c.spot.start, c.spot.end)
        for proposal in waiting
        for c in proposal.carriers[:MOST_SENTENCES]
        if c.note in homes
    ]
    allowed = readable(db, team, places) if sentences else set()
    found = []
    for proposal in waiting:
        carriers = [c for c in proposal.carriers if c.note in homes]
        groups = len({homes[c.note][0] for c in carriers})
        bundle = asked.get(proposal.proposal or "")
        name = bundle.name if bundle else name_of(carriers, texts)
        theme, other = cards.get(proposal.theme or ""), cards.get(proposal.other or "")
        if not is_enough(proposal, groups) or (proposal.proposal and bundle is None):
            continue
        if (proposal.kind is not Kind.MERGE and not name) or (proposal.kind is not Kind.NEW and theme is None):
            continue
        if proposal.kind is Kind.MERGE and other is None:
            continue
        cut = [
            texts[c.note, c.spot.field][c.spot.start : c.spot.end]
            for c in carriers[:MOST_SENTENCES]
            if (c.note, c.spot.field) in texts and (c.note, c.spot.field, c.spot.start, c.spot.end) in allowed
        ]
        backers = len(bundle.backers) if bundle else 0
        found.append(Shown(proposal, name, tuple(cut), len(carriers), groups, backers, theme, other))
    order = list(Kind)
    return Table(tuple(sorted(found, key=lambda each: order.index(each.proposal.kind))), cards)


def readable(db: Session, team: str, places: Sequence[Place]) -> set[tuple[str, str, int, int]]:
    """Return which of these sentences may be read outside their group; a few statements per session."""
    kept = {(p.note, p.part, p.start, p.end) for p in places if p.session is None}
    for session_id in sorted({p.session for p in places if p.session}):
        session = worksessions.one(db, team, session_id)
        if session is None or session.is_practice:
            continue
        by_note = {i.id: one for one in harvest.contributions(db, session) for i in one.impressions}
        for p in (p for p in places if p.session == session_id and p.note in by_note):
            run = Run(PART_OF[p.part], p.note, p.part, p.start, p.end, "", 0)
            if by_note[p.note].shows(run):
                kept.add((p.note, p.part, p.start, p.end))
    return kept


def first_sentences(db: Session, team: str, notes: Sequence[str]) -> dict[str, str]:
    """Return the first sentence of each of these notes that may be read outside its group, for a list to choose from.

    Empty for a note of which nothing may.
    """
    texts, homes = proposing.texts(db, team, notes), proposing.homes(db, team, notes)
    spots = [
        Place(note, homes[note][1], part, span.start, span.end)
        for note in notes
        for part in PARTS
        if (note, part) in texts
        for span in split(texts[note, part])
    ]
    allowed = readable(db, team, spots)
    begins = dict.fromkeys(notes, "")
    for spot in spots:
        if not begins[spot.note] and (spot.note, spot.part, spot.start, spot.end) in allowed:
            begins[spot.note] = texts[spot.note, spot.part][spot.start : spot.end]
    return begins
