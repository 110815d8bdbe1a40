"""The topics on offer: who leads them, their limits, what was put together, and what was taken off."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from storage.worksessions.rows import TopicRow


def appoint(db: Session, team: str, session_id: str, facilitators: Mapping[str, str | None]) -> None:
    """Set who facilitates which topic (topic id to user id)."""
    for row in db.exec(select(TopicRow).where(TopicRow.team_id == team, TopicRow.work_session_id == session_id)):
        if row.id in facilitators:
            row.facilitator = facilitators[row.id]
            db.add(row)


def merge_topic(db: Session, team: str, topic_id: str, into: str | None) -> None:
    """Let a topic make one group with another; None takes them apart again."""
    row = db.get_one(TopicRow, (team, topic_id))
    row.merged_into = into
    db.add(row)


def limit_topic(db: Session, team: str, topic_id: str, minimum: int | None, maximum: int | None) -> None:
    """Give a topic limits of its own; None leaves those of the session."""
    row = db.get_one(TopicRow, (team, topic_id))
    row.minimum, row.maximum = minimum, maximum
    db.add(row)


def withdraw_topic(db: Session, team: str, topic_id: str, now: datetime) -> None:
    """Take a topic off the offer; what was merged into it stands by itself again."""
    row = db.get_one(TopicRow, (team, topic_id))
    row.withdrawn_at, row.merged_into = now, None
    db.add(row)
    for other in db.exec(select(TopicRow).where(TopicRow.team_id == team, TopicRow.merged_into == topic_id)):
        other.merged_into = None
        db.add(other)


def topic_name(db: Session, team: str, topic_id: str) -> str | None:
    """Return the name of a topic of this workspace, also after it was taken off the offer."""
    row = db.get(TopicRow, (team, topic_id))
    return row.name if row else None
