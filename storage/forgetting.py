"""Forgetting a person in every table, and checking that a note is nowhere any more: both walk the data map."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, Table, TextClause, and_, cast, delete, func, or_, select, text, update
from sqlalchemy.sql.dml import Delete, Update
from sqlmodel import Session, SQLModel

from bot.delivery import RowState
from bot.privacy.forgotten import NOBODY, counted, without_id
from storage import jobs
from storage.data_map import MAP, Gone, Holds, Leaves
from storage.moments import packed

STILL_TO_COME = (
    text(
        "DELETE FROM pick WHERE team_id = :team AND user_id = :user AND work_session_id IN "
        "(SELECT id FROM work_session WHERE team_id = :team AND state IN ('planned', 'choosing'))"
    ),
    text(
        "DELETE FROM invitation WHERE team_id = :team AND user_id = :user AND work_session_id IN "
        "(SELECT id FROM work_session WHERE team_id = :team AND starts_at > :now)"
    ),
    text(
        "DELETE FROM date_answer WHERE team_id = :team AND user_id = :user AND option_id IN "
        "(SELECT o.id FROM date_option o JOIN date_poll p ON p.id = o.poll_id AND p.team_id = o.team_id "
        "WHERE o.team_id = :team AND p.state = 'running')"
    ),
)
"""What counts for something that is still to come goes altogether: who is forgotten does not come."""
NOT_MASKED = frozenset({"form", "question", "material"})
"""Drafts and questions of others are theirs, and go within a month; of imported documents the places are numbered."""


def forget(
    db: Session, team: str, user: str, now: datetime, new: Callable[[], str], masked: Callable[[str], str]
) -> Mapping[str, int]:
    """Take a person out of every table of a workspace; returns per table how many rows were touched.

    Their own words go, their rows go or stay as a count, and no id of theirs is left but where the map says so.
    `new` makes a stand-in that was never used, `masked` leaves their name out of what others wrote. Words that have
    consequences (notes, quotes, promises) are taken back by the caller before this.
    """
    found: Counter[str] = Counter()
    _drop_what_waits(db, team, user, now, found)
    for name, what in MAP.items():
        rows = SQLModel.metadata.tables[name]
        if what.owner and (own := what.holding(Holds.OWN)):
            theirs = and_(rows.c.team_id == team, rows.c[what.owner] == user)
            if what.leaves[what.owner] is not Leaves.NOTHING:
                _run(db, update(rows).where(theirs).values(dict.fromkeys(own, "")))
        for column, leaves in what.leaves.items():
            theirs = and_(rows.c.team_id == team, rows.c[column] == user)
            match leaves:
                case Leaves.NOTHING:
                    found[name] += _run(db, delete(rows).where(theirs))
                case Leaves.COUNT:
                    found[name] += _count(db, rows, column, theirs, new)
                case Leaves.NOBODY:
                    found[name] += _run(db, update(rows).where(theirs).values({column: NOBODY}))
                case Leaves.EMPTY:
                    nothing = None if rows.c[column].nullable else ""
                    found[name] += _run(db, update(rows).where(theirs).values({column: nothing}))
                case Leaves.ID:
                    pass
    stand_in = counted(new())
    for name, what in MAP.items():
        for column in what.holding(Holds.CODE):
            found[name] += _rewrite(
                db, team, name, (column,), lambda key: without_id(key, user, stand_in), holding=user
            )
        if name not in NOT_MASKED:
            found[name] += _rewrite(db, team, name, what.holding(Holds.OWN, Holds.SHARED), masked)
    jobs.forget(db, team, user)
    db.expire_all()
    return {name: count for name, count in sorted(found.items()) if count}


def theirs(db: Session, team: str, name: str, column: str, user: str) -> list[str]:
    """Return the ids of the rows of a table in which this person stands in this column."""
    rows = SQLModel.metadata.tables[name]
    which = and_(rows.c.team_id == team, rows.c[column] == user)
    return [str(found) for found in db.connection().execute(select(rows.c.id).where(which)).scalars()]


def sessions(db: Session, team: str) -> list[str]:
    """Return the ids of every work session of a workspace, oldest first."""
    rows = SQLModel.metadata.tables["work_session"]
    found = select(rows.c.id).where(rows.c.team_id == team).order_by(rows.c.starts_at, rows.c.id)
    return [str(each) for each in db.connection().execute(found).scalars()]


def leftovers(db: Session, team: str, user: str) -> list[str]:
    """Return where a user id still stands in the tables of a workspace, as table.column; empty when it is forgotten."""
    found = []
    for name, what in MAP.items():
        rows = SQLModel.metadata.tables[name]
        for column in what.columns:
            if column in ("team_id",) or what.leaves.get(column) is Leaves.ID:
                continue
            where = and_(rows.c.team_id == team, cast(rows.c[column], String).contains(user, autoescape=True))
            texts = db.connection().execute(select(rows.c[column]).where(where))
            if any(without_id(str(text), user) != text for (text,) in texts):
                found.append(f"{name}.{column}")
    return found


def note_left(db: Session, team: str, note: str) -> list[str]:
    """Return where words of a withdrawn note still stand, as table.column; empty when it is gone everywhere."""
    found = []
    for name, what in MAP.items():
        if what.note is None or what.gone is Gone.STAYS:
            continue
        rows = SQLModel.metadata.tables[name]
        words = what.holding(Holds.NOTE, Holds.OWN)
        about = and_(rows.c.team_id == team, rows.c[what.note] == note)
        if what.gone is Gone.EMPTIED:
            about = and_(about, or_(*(rows.c[column] != "" for column in words)))
        if db.connection().execute(select(func.count()).select_from(rows).where(about)).scalar_one():
            found.append(name)
    return found


def erase_note(db: Session, team: str, note: str) -> list[str]:
    """Erase what is left of a withdrawn note in any table of the map; returns the tables in which something was.

    The features take their own words out; this is for a column that one of them does not know of yet.
    """
    left = note_left(db, team, note)
    for name in left:
        what, rows = MAP[name], SQLModel.metadata.tables[name]
        about = and_(rows.c.team_id == team, rows.c[str(what.note)] == note)
        if what.gone is Gone.DELETED:
            _run(db, delete(rows).where(about))
        else:
            words = dict.fromkeys(what.holding(Holds.NOTE, Holds.OWN), "")
            _run(db, update(rows).where(about).values(words))
    if left:
        db.expire_all()
    return left


def _drop_what_waits(db: Session, team: str, user: str, now: datetime, found: Counter[str]) -> None:
    """What was planned for them alone is not sent any more, and what they chose for later does not count."""
    outbox = SQLModel.metadata.tables["outbox"]
    mine = and_(outbox.c.team_id == team, outbox.c.user_id == user, outbox.c.target_key.is_(None))
    planned = outbox.c.state.in_([RowState.PLANNED, RowState.PARKED])
    found["outbox"] += _run(db, update(outbox).where(mine, planned).values(state=RowState.DROPPED, user_id=NOBODY))
    for statement in STILL_TO_COME:
        table = str(statement).split()[2]
        bound = {"team": team, "user": user, "now": packed(now)}
        wanted = {name: bound[name] for name in statement.compile().params}
        found[table] += _run(db, statement.bindparams(**wanted))


def _count(db: Session, rows: Table, column: str, theirs: ColumnElement[bool], new: Callable[[], str]) -> int:
    """Give every vote a stand-in of its own."""
    keys = [each for each in rows.primary_key.columns if each.name != column]
    found = db.connection().execute(select(*keys).where(theirs)).all()
    for row in found:
        this = and_(theirs, *(key == value for key, value in zip(keys, row, strict=True)))
        _run(db, update(rows).where(this).values({column: counted(new())}))
    return len(found)


def _rewrite(
    db: Session, team: str, name: str, columns: tuple[str, ...], change: Callable[[str], str], holding: str = ""
) -> int:
    """Change what stands in these columns (of rows `holding` a text), row by row; returns how many are others now."""
    rows = SQLModel.metadata.tables[name]
    columns = tuple(column for column in columns if column != "team_id")
    if not columns:
        return 0
    keys = list(rows.primary_key.columns)
    touched = 0
    for found in (
        db.connection().execute(select(*keys, *(rows.c[c] for c in columns)).where(rows.c.team_id == team)).all()
    ):
        texts = dict(zip(columns, found[len(keys) :], strict=True))
        changed = {c: new for c, old in texts.items() if isinstance(old, str) and (new := change(old)) != old}
        if changed:
            this = and_(rows.c.team_id == team, *(key == value for key, value in zip(keys, found, strict=False)))
            touched += _run(db, update(rows).where(this).values(changed))
    return touched


def _run(db: Session, statement: Update | Delete | TextClause) -> int:
    return int(db.connection().execute(statement).rowcount)
