"""What the people of a group said of each version of their record, and where that leaves it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, literal, or_
from sqlmodel import Field, Session, col, select

from bot.calendar import is_dutch_holiday
from bot.impressions import Impression
from bot.impressions.signing import SignOff, Standing, Verdict, deadline, standing
from bot.selection import Group
from bot.worksessions import Silence, WorkSession
from storage import programme, timetable
from storage.impressions.records import ImpressionRow, impression_of
from storage.moments import Moment
from storage.rows import Row
from storage.selection.groups import GroupRow, SeatRow
from storage.timetable import OccurrenceRow
from storage.worksessions import WorkSessionRow

RULE = "impressions.signing:"


class SignOffRow(Row, table=True):
    """The answer of one person to one version."""

    __tablename__ = "sign_off"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    version: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    team_id: str
    verdict: str
    reason: str = ""
    at: datetime = Field(sa_type=Moment)


def save_answer(db: Session, impression: Impression, answer: SignOff) -> None:
    """Write what somebody says of the current version; their last answer counts."""
    key = (impression.team, impression.id, impression.version, answer.user)
    row = db.get(SignOffRow, key)
    if row is None:
        row = SignOffRow(
            impression_id=impression.id,
            version=impression.version,
            user_id=answer.user,
            team_id=impression.team,
            verdict="",
            at=answer.at,
        )
    row.verdict, row.reason, row.at = answer.verdict.value, answer.reason, answer.at
    db.add(row)
    db.flush()


def answered(db: Session, impression: Impression) -> list[SignOff]:
    """Return what was said of the current version, in the order in which people answered."""
    query = select(SignOffRow).where(
        SignOffRow.team_id == impression.team,
        SignOffRow.impression_id == impression.id,
        SignOffRow.version == impression.version,
    )
    rows = db.exec(query.order_by(col(SignOffRow.at), col(SignOffRow.user_id)))
    return [SignOff(row.user_id, Verdict(row.verdict), row.at, row.reason) for row in rows]


def all_answered(db: Session, team: str, found: Sequence[Impression]) -> dict[str, list[SignOff]]:
    """Return by impression id what people said of its current version: one statement, however many."""
    versions = {one.id: one.version for one in found}
    query = select(SignOffRow).where(SignOffRow.team_id == team, col(SignOffRow.impression_id).in_(list(versions)))
    made: dict[str, list[SignOff]] = {}
    for row in db.exec(query.order_by(col(SignOffRow.at), col(SignOffRow.user_id))) if versions else ():
        if row.version == versions[row.impression_id]:
            said = SignOff(row.user_id, Verdict(row.verdict), row.at, row.reason)
            made.setdefault(row.impression_id, []).append(said)
    return made


def forget(db: Session, team: str, impression_id: str, but: int | None = None) -> None:
    """Erase what was said of an impression, reasons and all, but for one version."""
    gone = delete(SignOffRow).where(col(SignOffRow.team_id) == team, col(SignOffRow.impression_id) == impression_id)
    db.connection().execute(gone if but is None else gone.where(col(SignOffRow.version) != but))
    db.expire_all()


def carry_over(db: Session, impression: Impression) -> None:
    """Let the answers to the version before count for this one: the words changed by a rule, not by the group."""
    query = select(SignOffRow).where(
        SignOffRow.team_id == impression.team,
        SignOffRow.impression_id == impression.id,
        SignOffRow.version == impression.version - 1,
    )
    for row in db.exec(query).all():
        db.delete(row)
        db.flush()
        answer = SignOff(row.user_id, Verdict(row.verdict), row.at, row.reason)
        save_answer(db, impression, answer)


def standings(
    db: Session, session: WorkSession, groups: Sequence[Group], found: Sequence[Impression], now: datetime | None = None
) -> dict[str, Standing]:
    """Return by impression id where each of them stands.

    With `now` answering is over from its deadline on; without, once the clock has said so: what a message shows does
    not run ahead of the message that says it.
    """
    of = {group.id: group for group in groups}
    users = {user for group in groups for user in (*group.people, group.facilitator) if user}
    if session.is_practice:  # nobody else is asked, whoever was seated to see how that goes
        users &= {session.created_by}
    members = programme.members(db, session.team, users) if users else []
    answers_of = all_answered(db, session.team, found)
    ended = timetable.taken_among(db, session.team, [_end_of(one) for one in found]) if now is None else set()
    made = {}
    for one in found:
        if one.group in of:
            until = deadline(session, one.updated_at, is_dutch_holiday)
            over = _end_of(one) in ended if now is None else now >= until
            answers = answers_of.get(one.id, [])
            made[one.id] = standing(one, of[one.group], members, answers, session.silence, until, over=over)
    return made


def standing_of(
    db: Session, session: WorkSession, group: Group, impression: Impression, now: datetime | None = None
) -> Standing:
    """Return where one impression stands."""
    return standings(db, session, [group], [impression], now)[impression.id]


def is_over(db: Session, impression: Impression) -> bool:
    """Say whether the clock has ended the answering of the current version."""
    return timetable.taken(db, impression.team, *_end_of(impression))


def close(db: Session, impression: Impression, until: datetime, now: datetime) -> bool:
    """End the answering of the current version; False when that was done."""
    return timetable.take(db, impression.team, *_end_of(impression), until, now)


def _end_of(impression: Impression) -> tuple[str, str]:
    """The turn that is taken when the answering of this version ends."""
    return f"{RULE}{impression.id}", f"v{impression.version}"


def to_close(db: Session) -> list[Impression]:
    """Return the impressions of every workspace whose answering was not ended yet, oldest first."""
    query = select(ImpressionRow).where(
        col(ImpressionRow.group_id).is_not(None), col(ImpressionRow.withdrawn_at).is_(None), ~_ended()
    )
    query = query.order_by(col(ImpressionRow.updated_at), col(ImpressionRow.id))
    rows = db.exec(query.execution_options(every_workspace="the clock acts for all of them"))
    return [impression_of(row) for row in rows]


def unanswered(db: Session, team: str, user: str) -> list[Impression]:
    """Return the impressions of this person's groups that somebody else wrote and they did not answer, oldest first.

    Where silence counts as yes, only as long as answering has not ended.
    """
    sits = exists().where(
        col(SeatRow.team_id) == team, col(SeatRow.group_id) == ImpressionRow.group_id, col(SeatRow.user_id) == user
    )
    leads = exists().where(
        col(GroupRow.team_id) == team, col(GroupRow.id) == ImpressionRow.group_id, col(GroupRow.facilitator) == user
    )
    said = exists().where(
        col(SignOffRow.team_id) == team,
        col(SignOffRow.impression_id) == ImpressionRow.id,
        col(SignOffRow.version) == ImpressionRow.version,
        col(SignOffRow.user_id) == user,
    )
    query = (
        select(ImpressionRow)
        .join(WorkSessionRow, col(WorkSessionRow.id) == ImpressionRow.work_session_id)
        .where(
            ImpressionRow.team_id == team,
            WorkSessionRow.team_id == team,
            col(ImpressionRow.withdrawn_at).is_(None),
            or_(sits, leads),
            func.coalesce(func.nullif(ImpressionRow.changed_by, ""), ImpressionRow.author) != user,
            ~said,
            or_(~_ended(), col(WorkSessionRow.silence) == Silence.WAITS.value),
        )
    )
    rows = db.exec(query.order_by(col(ImpressionRow.updated_at), col(ImpressionRow.id)))
    return [impression_of(row) for row in rows]


def objected(db: Session, team: str, user: str) -> list[Impression]:
    """Return the impressions that this person wrote, or whose group they lead, and to which somebody else objects."""
    leads = exists().where(
        col(GroupRow.team_id) == team, col(GroupRow.id) == ImpressionRow.group_id, col(GroupRow.facilitator) == user
    )
    against = exists().where(
        col(SignOffRow.team_id) == team,
        col(SignOffRow.impression_id) == ImpressionRow.id,
        col(SignOffRow.version) == ImpressionRow.version,
        col(SignOffRow.verdict) == Verdict.OBJECTS.value,
        col(SignOffRow.user_id) != user,
    )
    query = select(ImpressionRow).where(
        ImpressionRow.team_id == team,
        col(ImpressionRow.withdrawn_at).is_(None),
        or_(col(ImpressionRow.author) == user, leads),
        against,
    )
    rows = db.exec(query.order_by(col(ImpressionRow.updated_at), col(ImpressionRow.id)))
    return [impression_of(row) for row in rows]


def _ended() -> ColumnElement[bool]:
    """Whether the clock has ended the answering of the current version."""
    return exists().where(
        col(OccurrenceRow.team_id) == ImpressionRow.team_id,
        col(OccurrenceRow.rule_id) == literal(RULE) + col(ImpressionRow.id),
        col(OccurrenceRow.period_key) == literal("v") + cast(col(ImpressionRow.version), String),
    )
