"""Promises and their trail. The words stay in the impression: a promise holds where they are, never a copy."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, col, select

from bot.promises import STANDING, Capacity, Event, Place, Promise, State, Told, sentence_of
from storage import impressions, programme
from storage.moments import Moment
from storage.portions import portions
from storage.promises.takers import count_takers
from storage.rows import Row
from storage.selection import GroupRow
from storage.worksessions import WorkSessionRow


class PromiseRow(Row, table=True):
    """An offer that somebody was asked to stand for. `own_words` are the owner's; a withdrawn note takes them away."""

    __tablename__ = "promise"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    group_id: str = Field(foreign_key="group.id")
    impression_id: str = Field(foreign_key="impression.id", index=True)
    part: str
    start: int | None = None
    end: int | None = None
    fingerprint: str
    owner: str = Field(index=True)
    asked_by: str
    asked_at: datetime = Field(sa_type=Moment)
    state: str
    due: date | None = None
    due_since: datetime | None = Field(default=None, sa_type=Moment)
    own_words: str = ""
    lost: bool = False
    agreed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    version: int = 1


class PromiseEventRow(Row, table=True):
    """One step of a promise: who, when, as what, from which state and date to which."""

    __tablename__ = "promise_event"
    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    promise_id: str = Field(foreign_key="promise.id", index=True)
    at: datetime = Field(sa_type=Moment)
    by: str
    capacity: str
    before: str | None = None
    after: str
    due_before: date | None = None
    due_after: date | None = None


def save(db: Session, value: Promise, event: Event) -> None:
    """Write a promise in the place of its earlier version, with the step that led to it."""
    row = db.get(PromiseRow, (value.team, value.id))
    if row is None:
        row = PromiseRow(
            id=value.id,
            team_id=value.team,
            work_session_id=value.work_session,
            group_id=value.group,
            impression_id=value.impression,
            part="",
            fingerprint="",
            owner=value.owner,
            asked_by=value.asked_by,
            asked_at=value.asked_at,
            state="",
        )
    place = value.place
    row.part = place.part if place else row.part
    row.start, row.end = (place.start, place.end) if place else (None, None)
    row.fingerprint, row.own_words, row.lost = value.fingerprint, value.own_words, value.lost
    row.owner, row.state, row.version = value.owner, value.state.value, value.version
    row.due, row.due_since = value.due, value.due_since
    row.agreed_at, row.closed_at = value.agreed_at, value.closed_at
    db.add(row)
    db.flush()
    db.add(
        PromiseEventRow(
            team_id=value.team,
            promise_id=value.id,
            at=event.at,
            by=event.by,
            capacity=event.capacity.value,
            before=event.before.value if event.before else None,
            after=event.after.value,
            due_before=event.due_before,
            due_after=event.due_after,
        )
    )
    db.flush()


def one(db: Session, team: str, promise_id: str) -> Promise | None:
    """Return a promise of this workspace, in whatever state."""
    row = db.get(PromiseRow, (team, promise_id))
    return _promise(row) if row else None


def of_impression(db: Session, team: str, impression_id: str) -> list[Promise]:
    """Return what was asked about an impression, in the order in which it was asked."""
    return _find(db, team, PromiseRow.impression_id == impression_id)


def of_impressions(db: Session, team: str, impression_ids: Iterable[str]) -> list[Promise]:
    """Return what was asked about these impressions."""
    found = [
        one for some in portions(impression_ids) for one in _find(db, team, col(PromiseRow.impression_id).in_(some))
    ]
    return sorted(found, key=lambda one: (one.asked_at, one.id))


def of_session(db: Session, team: str, session_id: str) -> list[Promise]:
    """Return what was asked in a session."""
    return _find(db, team, PromiseRow.work_session_id == session_id)


def of_owner(db: Session, team: str, user: str) -> list[Promise]:
    """Return what somebody was asked to stand for."""
    return _find(db, team, PromiseRow.owner == user)


def unfinished(db: Session, team: str) -> list[Promise]:
    """Return what stands or waits for an answer in a workspace."""
    states = [state.value for state in (*STANDING, State.OFFERED)]
    return _find(db, team, col(PromiseRow.state).in_(states))


def with_a_date(db: Session) -> list[Promise]:
    """Return, for every workspace, what stands and has a date: that is what reminders are about."""
    standing = col(PromiseRow.state).in_([state.value for state in STANDING])
    query = select(PromiseRow).where(standing, col(PromiseRow.due).is_not(None)).order_by(col(PromiseRow.id))
    rows = db.exec(query.execution_options(every_workspace="the clock acts for all of them"))
    return [_promise(row) for row in rows]


def agreed(db: Session, team: str) -> list[Promise]:
    """Return everything that its owner ever said yes to."""
    return _find(db, team, col(PromiseRow.agreed_at).is_not(None))


def events(db: Session, team: str, promise_id: str) -> list[Event]:
    """Return the trail of a promise, first step first."""
    query = select(PromiseEventRow).where(PromiseEventRow.team_id == team, PromiseEventRow.promise_id == promise_id)
    return [
        Event(
            row.at,
            row.by,
            Capacity(row.capacity),
            State(row.before) if row.before else None,
            State(row.after),
            row.due_before,
            row.due_after,
        )
        for row in db.exec(query.order_by(col(PromiseEventRow.id)))
    ]


def told(db: Session, promises: Sequence[Promise]) -> list[Told]:
    """Return promises of one workspace with what is needed to show them; the words are cut from the live notes."""
    if not promises:
        return []
    team = promises[0].team
    notes = impressions.several(db, team, {each.impression for each in promises})
    groups, titles = _places(db, team, promises)
    people = programme.members(db, team, {user for each in promises for user in (each.owner, each.asked_by)})
    names = {member.user: member.name for member in people}
    takers = count_takers(db, team, [each.id for each in promises])
    return [
        Told(
            each,
            sentence_of(each.place, notes.get(each.impression)),
            names.get(each.owner, ""),
            names.get(each.asked_by, ""),
            groups.get(each.group, 0),
            titles.get(each.work_session, ""),
            takers.get(each.id, 0),
        )
        for each in promises
    ]


def _places(db: Session, team: str, promises: Sequence[Promise]) -> tuple[dict[str, int], dict[str, str]]:
    """The numbers of their groups and the titles of their sessions, by id: two statements for thousands of them."""
    groups: dict[str, int] = {}
    for some in portions(each.group for each in promises):
        numbers = select(GroupRow.id, GroupRow.number).where(GroupRow.team_id == team, col(GroupRow.id).in_(some))
        groups |= dict(db.exec(numbers).all())
    titles: dict[str, str] = {}
    for some in portions(each.work_session for each in promises):
        named = select(WorkSessionRow.id, WorkSessionRow.title).where(
            WorkSessionRow.team_id == team, col(WorkSessionRow.id).in_(some)
        )
        titles |= dict(db.exec(named).all())
    return groups, titles


def _find(db: Session, team: str, *which: ColumnElement[bool] | bool) -> list[Promise]:
    query = select(PromiseRow).where(PromiseRow.team_id == team, *which)
    return [_promise(row) for row in db.exec(query.order_by(col(PromiseRow.asked_at), col(PromiseRow.id)))]


def _promise(row: PromiseRow) -> Promise:
    anchored = row.start is not None and row.end is not None
    return Promise(
        id=row.id,
        team=row.team_id,
        work_session=row.work_session_id,
        group=row.group_id,
        impression=row.impression_id,
        place=Place(row.impression_id, row.part, row.start or 0, row.end or 0) if anchored else None,
        fingerprint=row.fingerprint,
        owner=row.owner,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=State(row.state),
        due=row.due,
        due_since=row.due_since,
        own_words=row.own_words,
        lost=row.lost,
        agreed_at=row.agreed_at,
        closed_at=row.closed_at,
        version=row.version,
    )
