"""What a coordinator filled in so far of a poll: kept between the steps, and looked up again at each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.followup import DateOption, DatePoll, Doubt, Hours, Slot, in_zone, still_open
from bot.problem import Refused
from bot.programme import Action, Programme, allow
from bot.worksessions import State, WorkSession
from handlers.followup.cautioning import hours_like
from handlers.followup.inviting import session_for
from handlers.routing import Click
from handlers.words import Words
from handlers.world import Asker, World
from storage import followup, worksessions
from storage.trail.follow_ups import sessions_tied


@dataclass(frozen=True)
class Filling:
    """A form that is being filled in: who does it, for after which session, and the poll that it changes, if any."""

    asker: Asker
    form_id: str
    data: Mapping[str, Any]
    previous: WorkSession | None
    poll: DatePoll | None
    zone: str
    keeps: tuple[DateOption, ...] = ()

    @property
    def hours(self) -> Hours:
        """The hours that are meant where none are written."""
        return hours_like(self.previous)

    @property
    def words(self) -> Words:
        """The coordinator's language, in the zone of the poll."""
        return self.asker.words.in_zone(self.zone)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that take part; none for all."""
        return self.previous.regions if self.previous else tuple(self.data.get("regions", ()))


def poll_for(db: Session, team: str, poll_id: str) -> DatePoll:
    """Return a poll of this workspace. Raises Refused."""
    poll = followup.polling.one(db, team, poll_id)
    if poll is None:
        raise Refused("followup.poll_gone")
    return poll


def filling_of(db: Session, click: Click, world: World, form_id: str) -> Filling:
    """Return what was filled in so far, with who does it. Raises Refused for a form that is gone or overtaken."""
    asker = world.asker(db, click)
    allow(asker.member, Action.RUN_DATE_POLL)
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None or "rows" not in data:
        raise Refused("worksessions.form_gone")
    previous = previous_of(db, click.team, str(data["previous"]))
    poll = poll_for(db, click.team, str(data["poll"])) if data.get("poll") else None
    zone = asker.settings.timezone
    if poll is not None:
        if poll.version != data["version"]:
            raise Refused("followup.poll_changed_since")
        still_open(poll)
        poll, zone = _zoned(db, poll, asker.settings)
    filling = Filling(asker, form_id, data, previous, poll, zone)
    return Filling(asker, form_id, data, previous, poll, zone, kept(filling, data.get("keep", ())))


def _zoned(db: Session, poll: DatePoll, settings: Programme) -> tuple[DatePoll, str]:
    """Once somebody answered, the zone of a poll stays: they said yes to a moment, not to a clock time."""
    if followup.polling.has_answers(db, poll):
        return poll, poll.timezone
    return in_zone(poll, settings.timezone), settings.timezone


def standing(filling: Filling) -> tuple[DateOption, ...]:
    """Return the dates that stand in the poll that is changed; none for a new one."""
    return filling.poll.standing if filling.poll else ()


def kept(filling: Filling, ids: Any) -> tuple[DateOption, ...]:
    """Return which of them stay, by their ids."""
    return tuple(option for option in standing(filling) if option.id in ids)


def previous_of(db: Session, team: str, session_id: str) -> WorkSession | None:
    """Return the session after which the poll comes, None for the first. Raises Refused."""
    return session_for(db, team, session_id) if session_id else None


def newest_held(db: Session, team: str) -> WorkSession | None:
    """Return the newest session of the programme that was held, if any; one for an assignment goes on from there."""
    sessions, tied = worksessions.newest(db, team, 50), sessions_tied(db, team)
    held = (each for each in sessions if each.state is State.GROUPED and not each.is_practice)
    return next((each for each in held if each.id not in tied), None)


def packed(slot: Slot) -> list[str]:
    """Return a date as it is kept with a form."""
    return [slot.starts_at.isoformat(), slot.ends_at.isoformat()]


def _slot(packed: Any) -> Slot:
    return Slot(*(datetime.fromisoformat(str(moment)) for moment in packed))


def slots_in(data: Mapping[str, Any]) -> list[Slot]:
    """Return the dates that are sure."""
    return [_slot(each) for each in data.get("slots", ())]


def doubts_in(data: Mapping[str, Any]) -> list[Doubt]:
    """Return the lines that mean one of several dates."""
    return [Doubt(str(each["typed"]), tuple(map(_slot, each["slots"]))) for each in data.get("doubts", ())]


def asks_channel(filling: Filling) -> bool:
    """A poll that follows a session goes where that was; one for an assignment is asked where, for it names it."""
    return filling.poll is None and (filling.previous is None or bool(filling.data.get("assignment")))
