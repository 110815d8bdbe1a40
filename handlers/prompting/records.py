"""Records that a group did not answer about yet, objections, and quotes about which somebody was asked: on the board.

What is sent names no words of the record: those stand where they are taken away when somebody withdraws them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import Impression, QuoteUse, SignOffState, Standing, writer
from bot.programme import Programme
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.delivery import Body
from handlers.impressions.owing import card_key
from handlers.views import prompting as views
from handlers.waiting import Gap
from handlers.words import Words
from storage import delivery, impressions, programme, prompting, selection, worksessions

SIGN, OBJECTED, QUOTE = "prompting.sign", "prompting.objected", "prompting.quote"


def gaps(db: Session, team: str, sessions: Sequence[WorkSession], now: datetime) -> list[Gap]:
    """Return which records wait for a yes or have an objection, and which quotes for an answer, until publication."""
    ids = [session.id for session in sessions]
    groups, published = selection.groups_of_all(db, team, ids), prompting.answered(db, team, ids).published
    found: list[Gap] = []
    for session in (each for each in sessions if each.id not in published):
        notes = impressions.of_session(db, team, session.id)
        standings = impressions.standings(db, session, groups.get(session.id, ()), notes, now) if notes else {}
        numbers = {group.id: group.number for group in groups.get(session.id, ())}
        names = _names(db, team, notes, standings)
        for note in notes:
            if note.group in numbers:
                found += _of_note(session, numbers[note.group], note, standings.get(note.id), names)
    return found


def _of_note(
    session: WorkSession, number: int, note: Impression, standing: Standing | None, names: Mapping[str, str]
) -> list[Gap]:
    found = []
    about = {"id": note.id}
    if standing is not None and standing.state is SignOffState.OBJECTED:
        line = partial(views.objected_gap, number, [names.get(each.user, "") for each in standing.objections])
        found.append(Gap("objection", note.id, session.id, number, (writer(note),), OBJECTED, line, about))
    elif standing is not None and (silent := _silent(standing)):
        line = partial(views.sign_gap, number, session, standing)
        found.append(Gap("signing", note.id, session.id, number, silent, SIGN, line, about))
    if note.quote_use is QuoteUse.ASKED and note.quote_by:
        line = partial(views.quote_gap, number, names.get(note.quote_by, ""))
        found.append(Gap("quote", note.id, session.id, number, (note.quote_by,), QUOTE, line, about))
    return found


def _silent(standing: Standing) -> tuple[str, ...]:
    """Who did not say yes yet; nobody once the group agreed."""
    if standing.state is SignOffState.AGREED:
        return ()
    return tuple(user for user in standing.asked if user not in standing.agreed)


def _names(db: Session, team: str, notes: Sequence[Impression], standings: Mapping[str, Standing]) -> Mapping[str, str]:
    users = {note.quote_by for note in notes if note.quote_by}
    users |= {each.user for one in standings.values() for each in one.objections}
    return {member.user: member.name for member in programme.members(db, team, users)} if users else {}


def sign(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Remind somebody that their group's record waits for their yes; nothing once they answered."""
    found = _looked_up(db, settings, arguments)
    if found is None or str(arguments["user"]) not in _silent(found[2]):
        return None
    session, group, standing, note = found
    at = delivery.sent(db, settings.team, card_key(db, note))
    return Body(*views.sign(group, session, standing, delivery.link(*at) if at else None, words))


def objected(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Remind who wrote a record that somebody says it is not right; nothing once that is settled."""
    found = _looked_up(db, settings, arguments)
    if found is None:
        return None
    _, group, standing, note = found
    if standing.state is not SignOffState.OBJECTED or writer(note) != str(arguments["user"]):
        return None
    at = delivery.sent(db, settings.team, card_key(db, note))
    return Body(*views.objected(group, delivery.link(*at) if at else None, words))


def quote(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Remind somebody of the question about a quote of theirs; nothing once they answered."""
    note = impressions.one(db, settings.team, str(arguments["id"]))
    if note is None or note.withdrawn_at or note.quote_use is not QuoteUse.ASKED:
        return None
    user = str(arguments["user"])
    if note.quote_by != user:
        return None
    keys = delivery.keys(db, settings.team, "impressions.consent", f"{note.id}:{user}")
    places = [at for key in keys if (at := delivery.sent(db, settings.team, key)) is not None]
    return Body(*views.quote(delivery.link(*places[-1]) if places else None, words))


def _looked_up(
    db: Session, settings: Programme, arguments: Mapping[str, Any]
) -> tuple[WorkSession, Group, Standing, Impression] | None:
    note = impressions.one(db, settings.team, str(arguments["id"]))
    if note is None or note.withdrawn_at is not None:
        return None
    group = selection.group(db, settings.team, note.group)
    session = worksessions.one(db, settings.team, note.work_session)
    if group is None or session is None:
        return None
    return session, group, impressions.standing_of(db, session, group, note), note
