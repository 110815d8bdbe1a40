"""Counters of answers that a restart may have lost."""

from datetime import datetime

from sqlmodel import Session

from bot.followup import PollState
from storage import followup, programme, worksessions


def repaint_all(db: Session, now: datetime) -> list[tuple[str, str, str]]:
    """Return team, kind and id of every invitation and poll that people still answer."""
    found = []
    for settings in programme.programmes(db):
        for session in worksessions.after(db, settings.team, now):
            if followup.is_follow_up(db, settings.team, session.id):
                found.append((settings.team, "followup.invitation", session.id))
        for poll in followup.polling.in_state(db, settings.team, (PollState.RUNNING,)):
            found.append((settings.team, "followup.poll", poll.id))
    return found
