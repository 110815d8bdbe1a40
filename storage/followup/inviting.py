"""Who comes to the next work session."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, col, select

from bot.followup import Answer, Given
from bot.impressions import PARTS
from bot.worksessions import WorkSession
from storage import delivery, impressions, worksessions
from storage.moments import Moment
from storage.rows import Row
from storage.worksessions import WorkSessionRow


class InvitationRow(Row, table=True):
    """Somebody's answer to an invitation: yes, maybe or no."""

    __tablename__ = "invitation"
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    answer: str
    at: datetime = Field(sa_type=Moment)


def save_answer(db: Session, session: WorkSession, user: str, given: Given) -> None:
    """Let this answer take the place of the person's earlier one."""
    values = {"team_id": session.team, "answer": given.answer.value, "at": given.at}
    statement = insert(InvitationRow).values(work_session_id=session.id, user_id=user, **values)
    taken = ["work_session_id", "user_id"]
    ours = col(InvitationRow.team_id) == session.team
    db.connection().execute(statement.on_conflict_do_update(index_elements=taken, set_=values, where=ours))


def answer_of(db: Session, team: str, session_id: str, user: str) -> Given | None:
    """Return what somebody answered, if anything."""
    row = db.get(InvitationRow, (team, session_id, user))
    return Given(Answer(row.answer), row.at) if row else None


def answers(db: Session, team: str, session_id: str) -> dict[str, Answer]:
    """Return who answered what: user id to answer."""
    query = select(InvitationRow).where(InvitationRow.team_id == team, InvitationRow.work_session_id == session_id)
    return {row.user_id: Answer(row.answer) for row in db.exec(query.order_by(InvitationRow.user_id))}


def counts(db: Session, team: str, session_id: str) -> Counter[Answer]:
    """Count the people per answer."""
    query = (
        select(InvitationRow.answer, func.count())
        .where(InvitationRow.team_id == team, InvitationRow.work_session_id == session_id)
        .group_by(InvitationRow.answer)
    )
    return Counter({Answer(given): number for given, number in db.exec(query)})


def forget_answers(db: Session, team: str, session_id: str) -> None:
    """Ask everybody anew: the session has another date."""
    theirs = col(InvitationRow.work_session_id) == session_id
    db.connection().execute(delete(InvitationRow).where(col(InvitationRow.team_id) == team, theirs))
    db.expire_all()


def own_answers(db: Session, team: str, user: str, now: datetime) -> Mapping[str, Answer]:
    """Return what somebody answered to sessions that are still to come: session id to answer."""
    query = (
        select(InvitationRow.work_session_id, InvitationRow.answer)
        .join(WorkSessionRow, col(WorkSessionRow.id) == InvitationRow.work_session_id)
        .where(InvitationRow.team_id == team, InvitationRow.user_id == user)
        .where(WorkSessionRow.team_id == team, col(WorkSessionRow.starts_at) > now)
    )
    return {session: Answer(given) for session, given in db.exec(query)}


def upcoming(db: Session, team: str, user: str, now: datetime) -> list[tuple[WorkSession, Answer | None]]:
    """Return the sessions to come, earliest first, with this person's answer."""
    given = own_answers(db, team, user, now)
    return [(session, given.get(session.id)) for session in worksessions.after(db, team, now)]


def is_follow_up(db: Session, team: str, session_id: str) -> bool:
    """Say whether a session was set as the next one or invited to, so that everybody in its regions was asked."""
    if delivery.parcel(db, team, f"followup.invitation:{session_id}") is not None:
        return True
    query = select(WorkSessionRow.follows).where(WorkSessionRow.team_id == team, WorkSessionRow.id == session_id)
    return db.exec(query).first() is not None


def written(db: Session, team: str, session_id: str) -> list[str]:
    """Return what the groups of a session handed in, where a date may have been announced."""
    found = impressions.of_session(db, team, session_id)
    return [text for one in found for part in PARTS if (text := one.text(part)) and part != "quote"]
