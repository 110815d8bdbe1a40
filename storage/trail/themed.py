"""Themes that were proposed in words of a note: they go when the note says those words no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from bot.impressions import PARTS, Impression
from bot.proposals import heir_of, take_out, title_of
from bot.trail import Entry
from bot.worksessions import State
from storage import delivery, proposals
from storage.moments import packed
from storage.trail.rows import TrailValueRow
from storage.worksessions import WorkSessionRow

WHOLE = 1_000_000
"""No name is cut as long as this."""


def note_of(db: Session, entry: Entry) -> str:
    """Return the note out of which the title of an entry is cut; "" where somebody wrote it, or wrote over it."""
    title = db.get(TrailValueRow, (entry.team, entry.id, "title"))
    return title.impression_id or "" if title else ""


def let_themes_go(db: Session, team: str, note: str, stands: Callable[[str], bool], now: datetime) -> None:
    """A note changed or was withdrawn: what was proposed in its words and `stands` there no more goes.

    Whatever the coordinator decided about it; a name that they wrote over it is theirs, and stays. What was merged into
    it goes on. A theme that became a topic stays in the session under another name: `storage.themes.unnaming`.
    """
    gone = False
    for proposal_id in proposals.of_note(db, team, note):
        found = proposals.bundle_of(db, team, proposal_id)
        if found is None or stands(_bare(found[1].original)):
            continue
        bundle, proposal = found
        gone = True
        if proposal.name != proposal.original:
            proposals.save(db, [replace(proposal, original=proposal.name, origin=None, version=proposal.version + 1)])
            continue
        changed = take_out(bundle, proposal)
        proposals.save(db, changed)
        proposals.hand_over(db, team, proposal, heir_of(changed, bundle, proposal))
    if gone:
        waits = select(WorkSessionRow.id).where(
            WorkSessionRow.team_id == team, WorkSessionRow.state == State.PLANNED.value
        )
        for session in list(db.exec(waits)):
            if proposals.was_asked(db, team, session):
                of, why = f"proposals.call:{session}", f"note:{note}:{packed(now)}"
                delivery.plan_change(db, team=team, of=of, why=why, now=now)


def says(text: str) -> Callable[[str], bool]:
    """Return what says whether words stand in a text, however the name of a theme writes them."""
    plain = title_of(text, WHOLE)
    return lambda words: bool(words) and words in plain


def still_says(note: Impression, words: str) -> bool:
    """Say whether a note, as it is now, says these words."""
    text = "" if note.withdrawn_at is not None else "\n".join(note.text(part) for part in PARTS)
    return says(text)(_bare(words))


def _bare(name: str) -> str:
    return name.removesuffix("…")
