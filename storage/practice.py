"""Practice sessions: one person's own, in the conversation with the bot. Nothing of them reaches anybody else."""

from collections.abc import Sequence

from sqlmodel import Session, select

from bot.worksessions import State, WorkSession
from storage import worksessions
from storage.themes import ThemeRow

STATUS = "practice"
"""The status of a theme that no digest, search or proposal may show."""


def save_themes(db: Session, team: str, names: Sequence[tuple[str, str]]) -> None:
    """Write themes (id, name) that stay outside everything that is kept for the programme."""
    for theme_id, name in names:
        db.add(ThemeRow(id=theme_id, team_id=team, name=name, short_name=name, status=STATUS))
    db.flush()


def running(db: Session, team: str, channel: str) -> WorkSession | None:
    """Return the practice session in which somebody can still choose, in this conversation."""
    query = select(worksessions.WorkSessionRow.id).where(
        worksessions.WorkSessionRow.team_id == team,
        worksessions.WorkSessionRow.channel_id == channel,
        worksessions.WorkSessionRow.state == State.CHOOSING.value,
    )
    found = db.exec(query).first()
    return worksessions.one(db, team, found) if found else None
