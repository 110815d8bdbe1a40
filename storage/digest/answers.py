"""What people of a region know about a question that their digest told."""

from datetime import datetime

from sqlmodel import Field, Session, col, select

from bot.digest import KnownHere
from storage import tombstones
from storage.moments import Moment
from storage.rows import Row


class DigestAnswerRow(Row, table=True):
    """Somebody's answer to a question of a digest, in their own words, or none: then they can be asked.

    What is withdrawn keeps no words.
    """

    __tablename__ = "digest_answer"
    id: str = Field(primary_key=True)
    team_id: str
    digest_id: str = Field(foreign_key="digest.id")
    sentence_id: str = Field(index=True)
    work_session_id: str = Field(foreign_key="work_session.id", index=True)
    article_id: str
    user_id: str
    text: str
    at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


def add_answer(db: Session, team: str, value: KnownHere) -> None:
    """Keep an answer."""
    db.add(
        DigestAnswerRow(
            id=value.id,
            team_id=team,
            digest_id=value.digest,
            sentence_id=value.sentence,
            work_session_id=value.work_session,
            article_id=value.article,
            user_id=value.user,
            text=value.text,
            at=value.at,
        )
    )
    db.flush()


def answer(db: Session, team: str, answer_id: str) -> KnownHere | None:
    """Return one answer of this workspace, withdrawn or not."""
    row = db.get(DigestAnswerRow, (team, answer_id))
    return _answer(row) if row else None


def own_answer(db: Session, team: str, digest_id: str, sentence_id: str, user: str) -> KnownHere | None:
    """Return what this person answered to this question of this digest and did not withdraw."""
    query = select(DigestAnswerRow).where(
        DigestAnswerRow.team_id == team,
        DigestAnswerRow.sentence_id == sentence_id,
        DigestAnswerRow.digest_id == digest_id,
        DigestAnswerRow.user_id == user,
        col(DigestAnswerRow.withdrawn_at).is_(None),
    )
    row = db.exec(query).first()
    return _answer(row) if row else None


def answers_of_session(db: Session, team: str, session_id: str) -> list[KnownHere]:
    """Return every answer to a question of a session that stands."""
    query = select(DigestAnswerRow).where(
        DigestAnswerRow.team_id == team,
        DigestAnswerRow.work_session_id == session_id,
        col(DigestAnswerRow.withdrawn_at).is_(None),
    )
    return [_answer(row) for row in db.exec(query.order_by(DigestAnswerRow.id))]


def withdraw_answer(db: Session, team: str, answer_id: str, now: datetime) -> None:
    """Take an answer back: its words go."""
    row = db.get_one(DigestAnswerRow, (team, answer_id))
    row.text, row.withdrawn_at = "", now
    db.add(row)
    db.flush()
    tombstones.record(db, row.team_id, "digest_answer", answer_id, now)


def _answer(row: DigestAnswerRow) -> KnownHere:
    return KnownHere(
        row.id,
        row.digest_id,
        row.sentence_id,
        row.work_session_id,
        row.article_id,
        row.user_id,
        row.text,
        row.at,
        row.withdrawn_at is not None,
    )
