"""Writing the trail: every change keeps what stood there before, who changed it and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, func, select

from bot.problem import Refused
from bot.trail import NO_TRAIL, Entry, Kind, State, Value
from bot.trail.obstacles import released, waits
from bot.trail.recalling import published
from storage.portions import DEEP, portions
from storage.trail.asking import account_managers, put_to
from storage.trail.following import FOLLOWED, follow
from storage.trail.forgetting import ARE_SOMEBODY, let_go
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow
from storage.trail.searchable import index, index_read

MOVED_ON = "trail.moved_on"


def make(db: Session, entry: Entry, by: str, now: datetime) -> None:
    """Write a new entry after the others of its kind, unless it says at which place. `by` is "" for the engine."""
    origin = entry.origin
    db.add(
        TrailRow(
            id=entry.id,
            team_id=entry.team,
            region_id=entry.region,
            kind=entry.kind.value,
            parent_id=entry.parent,
            position=entry.position or next_position(db, entry),
            state=entry.state.value,
            confirmed=entry.confirmed,
            reason=entry.reason,
            material_id=origin.material or None if origin else None,
            first_line=origin.first_line if origin else 0,
            last_line=origin.last_line if origin else 0,
            impression_id=origin.impression or None if origin else None,
            field=origin.field if origin else "",
            start=origin.start if origin else 0,
            end=origin.end if origin else 0,
            made_by=by,
            made_at=now,
            changed_at=now,
        )
    )
    db.flush()
    note_id = origin.impression or None if origin else None
    for name, value in entry.values.items():  # a new entry has no fields yet: nothing to look up
        if value.text or value.user:
            row = TrailValueRow(trail_id=entry.id, name=name, team_id=entry.team)
            row.text, row.user_id, row.impression_id = value.text, value.user or None, note_id
            db.add(row)
    db.flush()
    if published(entry):
        index(db, entry.team, [entry.id])
        if entry.kind is Kind.CROSS_THEME:
            _follow(db, entry, entry.version, now)


def change(db: Session, entry: Entry, values: Mapping[str, Value], by: str, now: datetime) -> bool:
    """Write other values in an entry as it was read; returns whether anything is different.

    `values` are all fields: one that is not in it is emptied. Raises Refused when somebody changed it meanwhile.
    """
    row = row_of(db, entry)
    changed = [
        name for name in {*entry.values, *values} if entry.values.get(name, Value("")) != values.get(name, Value(""))
    ]
    for name in sorted(changed):
        before, after = entry.values.get(name, Value("")), values.get(name, Value(""))
        _put(db, entry.team, entry.id, name, after, "")
        note(db, entry, name, before.text, after.text, by, now, row.impression_id)
    if changed:
        row.version, row.changed_at = row.version + 1, now
        row.confirmed = row.confirmed and by == values.get("person", Value("")).user  # they agreed to other words
        db.add(row)
        db.flush()
        index(db, entry.team, [entry.id])
        _follow(db, entry, row.version, now)
        if entry.kind is Kind.ACCOUNT_MANAGER and "person" in changed:
            release(db, entry.team, entry.user(), now)
    return bool(changed)


def keep(db: Session, entry: Entry, by: str, now: datetime) -> None:
    """Somebody says that a proposal is right: it is the region's own from now on."""
    settle(db, entry, State.KEPT, by, now)


def drop(db: Session, entry: Entry, by: str, now: datetime) -> None:
    """Set an entry aside, with what hangs under it. One that says who somebody is goes with its words, for good."""
    settle_all(db, [entry, *entry.children], State.DROPPED, by, now)
    if entry.kind in ARE_SOMEBODY and (row := db.get(TrailRow, (entry.team, entry.id))) is not None:
        let_go(db, row, now)
    if entry.kind is Kind.ACCOUNT_MANAGER:
        release(db, entry.team, entry.user(), now)


def release(db: Session, team: str, user: str, now: datetime) -> None:
    """Somebody answers for the national partners no more: what still waits for their answer waits for another to be
    chosen. What they answered says that it was they. Nothing happens while an entry names them as account manager."""
    if not user or user in account_managers(db, team):
        return
    for entry in put_to(db, team, user):
        if waits(entry):
            change(db, entry, released(entry), "", now)


def settle(db: Session, entry: Entry, state: State, by: str, now: datetime) -> None:
    """Bring an entry as it was read to another state. Raises Refused when somebody changed it meanwhile."""
    row = row_of(db, entry)
    if row.state == state.value:
        return
    before = State(row.state)
    note(db, entry, "state", before.value, state.value, by, now, None)
    row.state, row.version, row.changed_at = state.value, row.version + 1, now
    db.add(row)
    db.flush()
    if entry.region is None or State.SHARED in (before, state):
        index(db, entry.team, [entry.id])
    _follow(db, entry, row.version, now)


def settle_all(db: Session, entries: Sequence[Entry], state: State, by: str, now: datetime) -> None:
    """Do as `settle` for an entry with all that hangs under it, in as many statements for thousands as for ten.

    All are of one workspace. Raises Refused when somebody changed one of them meanwhile.
    """
    if not entries:
        return
    team, rows = entries[0].team, dict[str, tuple[str, int]]()
    for some in portions(each.id for each in entries):
        query = select(TrailRow.id, TrailRow.state, TrailRow.version)
        for entry_id, was, version in db.exec(query.where(TrailRow.team_id == team, col(TrailRow.id).in_(some))):
            rows[entry_id] = (was, version)
    if any(each.id not in rows for each in entries):
        raise Refused(NO_TRAIL)
    if any(rows[each.id][1] != each.version for each in entries):
        raise Refused(MOVED_ON)
    moved = [each for each in entries if rows[each.id][0] != state.value]
    if not moved:
        return
    said = [
        {"team_id": team, "trail_id": each.id, "name": "state", "before": rows[each.id][0], "after": state.value,
         "by_user": by, "at": now, "impression_id": None}
        for each in moved
    ]  # fmt: skip
    db.connection().execute(insert(TrailChangeRow), said)
    for some in portions(each.id for each in moved):
        those = update(TrailRow).where(col(TrailRow.team_id) == team, col(TrailRow.id).in_(some))
        db.connection().execute(those.values(state=state.value, version=TrailRow.version + 1, changed_at=now))
    db.expire_all()
    known = [
        replace(each, state=state, version=each.version + 1)
        for each in moved
        if each.region is None or State.SHARED.value in (rows[each.id][0], state.value)
    ]
    using = (Kind.EXAMPLE, Kind.ADOPTION)
    index_read(db, team, [each for each in known if each.kind not in using])
    index(db, team, [each.id for each in known if each.kind in using])
    told: dict[int, list[str]] = {}
    for each in moved:
        if each.kind in FOLLOWED:
            told.setdefault(each.version + 1, []).append(each.id)
    for version, ids in told.items():
        for some in portions(ids, DEEP):
            follow(db, team, some, f"v{version}", now)


def _follow(db: Session, entry: Entry, version: int, now: datetime) -> None:
    if entry.kind in FOLLOWED:
        follow(db, entry.team, [entry.id], f"v{version}", now)


def confirm(db: Session, entry: Entry, by: str, now: datetime) -> None:
    """The person that an entry is about says that it is right, and may be shown."""
    row = row_of(db, entry)
    note(db, entry, "confirmed", "", "yes", by, now, None)
    row.confirmed, row.version, row.changed_at = True, row.version + 1, now
    db.add(row)
    db.flush()
    index(db, entry.team, [entry.id])


def take_out(db: Session, team: str, impressions: Collection[str]) -> list[str]:
    """Notes were withdrawn: what was cut out of them goes, words and all. Returns the ids of those entries."""
    rows = [
        row
        for some in portions(impressions)
        for row in db.exec(select(TrailRow).where(TrailRow.team_id == team, col(TrailRow.impression_id).in_(some)))
    ]
    ids = [row.id for row in rows]
    for table in (TrailValueRow, TrailChangeRow):
        for column, named in ((table.trail_id, ids), (table.impression_id, impressions)):
            for some in portions(named):
                db.connection().execute(delete(table).where(col(table.team_id) == team, col(column).in_(some)))
    for row in rows:
        row.state, row.version, row.impression_id = State.DROPPED.value, row.version + 1, None
        db.add(row)
    db.flush()
    index(db, team, ids)
    return ids


def row_of(db: Session, entry: Entry) -> TrailRow:
    """Return the row of an entry. Raises Refused when it is gone, or changed since the entry was read."""
    row = db.get(TrailRow, (entry.team, entry.id))
    if row is None:
        raise Refused(NO_TRAIL)
    if row.version != entry.version:
        raise Refused(MOVED_ON)
    return row


def _put(db: Session, team: str, entry_id: str, name: str, value: Value, impression: str) -> None:
    """Write a field. Words that somebody typed over those of a note are theirs, and no longer go with it."""
    row = db.get(TrailValueRow, (team, entry_id, name))
    if not value.text and not value.user:
        if row is not None:
            db.delete(row)
        return
    row = row or TrailValueRow(trail_id=entry_id, name=name, team_id=team)
    row.text, row.user_id, row.impression_id = value.text, value.user or None, impression or None
    db.add(row)


def note(
    db: Session, entry: Entry, name: str, before: str, after: str, by: str, now: datetime, impression: str | None
) -> None:
    """Keep what stood in a field before and since; `impression` is the note that those words go with."""
    db.add(
        TrailChangeRow(
            team_id=entry.team,
            trail_id=entry.id,
            name=name,
            before=before,
            after=after,
            by_user=by,
            at=now,
            impression_id=impression,
        )
    )


def next_position(db: Session, entry: Entry) -> int:
    """Return the place after the last of those of its kind."""
    query = select(func.max(TrailRow.position)).where(
        TrailRow.team_id == entry.team, TrailRow.kind == entry.kind.value, TrailRow.parent_id == entry.parent
    )
    return (db.exec(query).one() or 0) + 1
