"""What the channel and single people read about a date: invitation, reminder, change, cancellation, file."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.followup import Answer as Rsvp
from bot.followup import found_date, reminder_period
from bot.programme import Programme
from bot.trail.follow_ups import Via
from bot.worksessions import State, WorkSession
from handlers.delivery import Body, Render
from handlers.trail import follow_ups
from handlers.views import followup as views
from handlers.views import followup_moving as moving_views
from handlers.views.calendar_file import calendar_file, calendar_name
from handlers.words import Words
from storage import delivery, followup, worksessions


def proposal(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Ask the coordinator for the next date after an article was published."""
    previous = _session(db, settings, arguments)
    if previous is None:
        return None
    following = worksessions.follower(db, settings.team, previous.id)
    poll = followup.polling.open_after(db, settings.team, previous.id)
    found = found_date(previous, followup.written(db, settings.team, previous.id))
    text, blocks = views.proposal(previous, found, following, poll, words)
    return Body(text, [*blocks, *follow_ups.told(db, settings, Via.SESSION, previous.id, None, words)])


def invitation(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Invite the channel, with the answers so far and the dates that it had before; or say that it is off."""
    session = _session(db, settings, arguments)
    if session is None:
        return None
    moves = followup.moving.trail(db, settings.team, session.id)
    if session.state is State.CANCELLED:
        return Body(*moving_views.cancelled(session, moves, words))
    counted = followup.counts(db, settings.team, session.id)
    text, blocks = views.invitation(session, counted, moving_views.trail(moves, words), words)
    told = follow_ups.told(db, settings, Via.SESSION, session.id, session.channel, words, session.title)
    return Body(text, [blocks[0], *told, *blocks[1:]])


def moved(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Ask somebody anew whose session got another date; only the newest move is told."""
    session = _session(db, settings, arguments)
    if session is None or session.state is State.CANCELLED:
        return None
    if int(arguments.get("sequence", session.calendar_sequence)) != session.calendar_sequence:
        return None
    moves = followup.moving.trail(db, settings.team, session.id)
    return Body(*moving_views.moved(session, moves, words))


def cancelled(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Tell somebody who counted on it that a session does not take place."""
    session = _session(db, settings, arguments)
    if session is None or session.state is not State.CANCELLED:
        return None
    return Body(*moving_views.cancelled(session, followup.moving.trail(db, settings.team, session.id), words))


def carried(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Tell somebody that their yes to a date in a poll is their answer to the invitation."""
    session = _session(db, settings, arguments)
    given = followup.answer_of(db, settings.team, session.id, str(arguments["user"])) if session else None
    if session is None or session.state is State.CANCELLED or given is None or given.answer is not Rsvp.YES:
        return None
    return Body(*moving_views.carried(session, words))


def reminder(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Remind one person, unless they said no or maybe since, or the date is another one by now."""
    session = _session(db, settings, arguments)
    if session is None or session.state is State.CANCELLED:
        return None
    if arguments.get("period", reminder_period(session)) != reminder_period(session):
        return None
    given = followup.answer_of(db, settings.team, session.id, str(arguments["user"]))
    if given is not None and given.answer is not Rsvp.YES:
        return None
    return Body(*views.reminder(session, given.answer if given else None, words))


def calendar(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The session as a file for an agenda, or the one that takes it out; nothing where a newer one is on its way.

    Who said no since gets none either: it is not in their agenda.
    """
    session = _session(db, settings, arguments)
    copy = followup.moving.copy_of(db, settings.team, session.id, str(arguments["user"])) if session else None
    if session is None or copy is None or not copy.in_agenda or copy.times != int(arguments["times"]):
        return None
    off = session.state is State.CANCELLED
    link = _link(db, session)
    file = calendar_file(session, copy.at, link, words, sequence=session.calendar_sequence, cancelled=off)
    return Body(views.calendar_text(session, words), file=file, file_name=calendar_name(session, words))


def _link(db: Session, session: WorkSession) -> str:
    for key in (f"followup.invitation:{session.id}", f"selection.card:{session.id}"):
        if at := delivery.sent(db, session.team, key):
            return delivery.link(*at)
    return f"https://slack.com/archives/{session.channel}"


def _session(db: Session, settings: Programme, arguments: Mapping[str, Any]) -> WorkSession | None:
    return worksessions.one(db, settings.team, str(arguments["id"]))


MESSAGES: dict[str, Render] = {
    "followup.proposal": proposal,
    "followup.invitation": invitation,
    "followup.moved": moved,
    "followup.cancelled": cancelled,
    "followup.carried": carried,
    "followup.reminder": reminder,
    "followup.calendar": calendar,
}
