"""Somebody is forgotten, or shown no longer: they leave the trail, and what the region said of its work stays."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.trail.obstacles import ANSWERABLE, OPEN
from bot.trail.records import State
from bot.trail.sheets import SHEETS, Kind
from storage import tombstones
from storage.moments import packed
from storage.portions import portions
from storage.trail.citing import replace_reports
from storage.trail.following import follow_words
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow
from storage.trail.searchable import index
from storage.trail.tie_rows import TrailTieRow

CONTACT = "contact"
"""The kind of tombstone of an entry that said who somebody is; a backup that is put back does not bring it back."""
ARE_SOMEBODY = frozenset({*(kind for kind, sheet in SHEETS.items() if sheet.confirmed), Kind.ACCOUNT_MANAGER})
"""Entries that say nothing but who somebody is: they go with that person."""
NAMES = frozenset({"who", "contact", "address"})
"""Fields that hold a name beside the person's id, spelled as somebody typed it."""


def forget_person(db: Session, team: str, user: str, masked: Callable[[str], str], now: datetime) -> int:
    """Take a person out of the words of the trail; returns how many entries are different now.

    What said who they are is dropped with all its words. In what else names them the id and the name beside it go; and
    `masked` leaves their name out of every text, also of what stood there before. A form that is still open on one of
    these cannot bring the name back. The ids of who made or changed an entry go by the data map.
    """
    said = select(TrailValueRow.trail_id).where(TrailValueRow.team_id == team, TrailValueRow.user_id == user)
    naming = set(db.exec(said))
    touched = _mask_values(db, team, masked, naming, user)
    kinds = {
        row.id: row
        for some in portions(touched)
        for row in db.exec(select(TrailRow).where(TrailRow.team_id == team, col(TrailRow.id).in_(some)))
    }
    for entry_id, row in kinds.items():
        if Kind(row.kind) in ARE_SOMEBODY and (entry_id in naming or "title" in touched[entry_id]):
            let_go(db, row, now)
        else:
            row.version += 1
            db.add(row)
        if Kind(row.kind) in ANSWERABLE and "manager" in touched[entry_id]:
            _ask_anew(db, row)
    for change in db.exec(select(TrailChangeRow).where(TrailChangeRow.team_id == team)).all():
        if change.trail_id in naming and change.name in NAMES:
            db.delete(change)
        elif (before := masked(change.before)) != change.before or masked(change.after) != change.after:
            change.before, change.after = before, masked(change.after)
            db.add(change)
    for tie in db.exec(select(TrailTieRow).where(TrailTieRow.team_id == team, col(TrailTieRow.shared) != "")).all():
        left = [word for word in tie.shared.split() if masked(word.capitalize()) == word.capitalize()]
        if len(left) != len(tie.shared.split()):
            tie.shared = " ".join(left)
            db.add(tie)
    db.flush()
    _follow(db, team, kinds, now)
    return len(kinds)


def _mask_values(
    db: Session, team: str, masked: Callable[[str], str], naming: set[str], user: str
) -> dict[str, set[str]]:
    """Leave the person out of every field; returns of each entry which fields that changed."""
    touched: dict[str, set[str]] = {}
    for value in db.exec(select(TrailValueRow).where(TrailValueRow.team_id == team)).all():
        is_them = value.user_id == user
        text = "" if value.trail_id in naming and value.name in NAMES else masked(value.text)
        if not is_them and text == value.text:
            continue
        touched.setdefault(value.trail_id, set()).add(value.name)
        if not text and (is_them or not value.user_id):
            db.delete(value)
            continue
        value.text, value.user_id = text, None if is_them else value.user_id
        db.add(value)
    db.flush()
    return touched


def _ask_anew(db: Session, row: TrailRow) -> None:
    """What waited for the answer of somebody who is forgotten was put to nobody now."""
    standing = db.get(TrailValueRow, (row.team_id, row.id, "standing"))
    if standing is not None and standing.text in OPEN:
        standing.text = "open"
        db.add(standing)


def let_go(db: Session, row: TrailRow, now: datetime) -> None:
    """Drop an entry that says who somebody is, words and all, so that no backup brings it back."""
    for table in (TrailValueRow, TrailChangeRow):
        of_entry = (col(table.team_id) == row.team_id, col(table.trail_id) == row.id)
        for each in db.exec(select(table).where(*of_entry)).all():
            db.delete(each)
    row.state, row.confirmed, row.version, row.changed_at = State.DROPPED.value, False, row.version + 1, now
    db.add(row)
    tombstones.record(db, row.team_id, CONTACT, row.id, now)
    db.flush()
    _follow(db, row.team_id, [row.id], now)


def let_go_again(db: Session, team: str, entry_id: str, now: datetime) -> bool:
    """Drop it once more where a backup brought it back; returns whether it was there."""
    row = db.get(TrailRow, (team, entry_id))
    words = select(TrailValueRow.name).where(TrailValueRow.team_id == team, TrailValueRow.trail_id == entry_id)
    if row is None or (row.state == State.DROPPED.value and db.exec(words).first() is None):
        return False
    let_go(db, row, now)
    return True


def _follow(db: Session, team: str, ids: Collection[str], now: datetime) -> None:
    """Let the index, the messages and the files that can say these words follow."""
    index(db, team, ids)
    follow_words(db, team, ids, now)
    replace_reports(db, team, ids, packed(now), now)
