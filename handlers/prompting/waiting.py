"""The impression of one's own group, on the Home of who is asked for it: from the start of the session on."""

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.prompting import HORIZON, asked_of, is_missing
from handlers.views import prompting as views
from handlers.waiting import Urgency, Waiting
from storage import prompting, selection, worksessions


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return the groups of this person that miss their impression; once the article is out nobody waits for it."""
    sessions = [each for each in worksessions.since(db, team, now - HORIZON) if each.starts_at <= now]
    if not sessions:
        return []
    answered = prompting.answered(db, team, [session.id for session in sessions])
    groups = selection.groups_of_all(
        db, team, [session.id for session in sessions if session.id not in answered.published]
    )
    return [
        Waiting(Urgency.SHARE, partial(views.waits, session, group, now), session.ends_at)
        for session in sessions
        for group in groups.get(session.id, ())
        if user == asked_of(session, group) and is_missing(session, group.id in answered.now, now)
    ]
