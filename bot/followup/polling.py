"""A date poll: dates to choose from, who can come when, and which date serves most regions."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.calendar import at_clock, working_day_before
from bot.followup.inviting import REMINDER_CLOCK
from bot.problem import Problem, Refused
from bot.programme import Member
from bot.worksessions import exists_once

FEWEST_DATES = 2
MOST_DATES = 8
"""Each date takes two blocks of a message, and nobody looks over more of them."""
DEADLINE_DAYS = 5
DEADLINE_CLOCK = "17:00"
LARGEST_QUORUM = 99


class Availability(StrEnum):
    """What somebody says to one date; the last answer counts."""

    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"


class PollState(StrEnum):
    """Where a poll is: people answer, the coordinator chooses, a date was chosen, or nobody is asked any more."""

    RUNNING = "running"
    ENDED = "ended"
    CHOSEN = "chosen"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class DateOption:
    """One date in a poll. One that was removed keeps its answers, and says that it is gone."""

    id: str
    starts_at: datetime
    ends_at: datetime
    removed: bool = False


@dataclass(frozen=True)
class DatePoll:
    """A question when people can come. Its zone is fixed once somebody answered; moments are zone-aware.

    `previous` is the session after which the date is for, None for a poll that follows none; `regions` are those that
    take part, none for all. `quorum` is how many people of each region must be able to come, 0 where nobody asked.
    `version` rises with every change, so that two coordinators do not undo each other's.
    """

    id: str
    team: str
    channel: str
    timezone: str
    deadline: datetime
    quorum: int
    state: PollState
    created_by: str
    created_at: datetime
    version: int
    options: tuple[DateOption, ...]
    previous: str | None = None
    regions: tuple[str, ...] = ()
    chosen: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its clock times are meant."""
        return ZoneInfo(self.timezone)

    @property
    def standing(self) -> tuple[DateOption, ...]:
        """The dates that can be chosen, earliest first."""
        found = [option for option in self.options if not option.removed]
        return tuple(sorted(found, key=lambda option: (option.starts_at, option.ends_at, option.id)))

    def option(self, option_id: str) -> DateOption | None:
        """Return one of its dates, removed or not."""
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True)
class Said:
    """What one person said to one date (their ids)."""

    option: str
    user: str
    availability: Availability


def deadline_proposal(
    now: datetime, zone: str, is_holiday: Callable[[date], bool], earliest: datetime | None = None
) -> datetime:
    """Propose until when people can answer: five working days on at five in the afternoon, or else a working day before
    the `earliest` date, if that is still to come.
    """
    day, left = now.astimezone(ZoneInfo(zone)).date(), DEADLINE_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and not is_holiday(day)
    proposal = at_clock(day, DEADLINE_CLOCK, zone)
    if earliest is None or proposal < earliest:
        return proposal
    sooner = at_clock(working_day_before(earliest.astimezone(ZoneInfo(zone)).date(), is_holiday), DEADLINE_CLOCK, zone)
    return sooner if sooner > now else proposal


def deadline_of(
    day: str, clock: str, earliest: datetime, zone: str, now: datetime
) -> tuple[datetime | None, list[Problem]]:
    """Check a deadline typed as YYYY-MM-DD and HH:MM: later than now, and before the `earliest` date begins."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None, [Problem("deadline_day", "worksessions.problem.no_date")]
    try:
        at = time.fromisoformat(clock)
    except ValueError:
        return None, [Problem("deadline", "worksessions.problem.no_time")]
    moment = datetime.combine(on, at, ZoneInfo(zone))
    if not exists_once(moment):
        return None, [Problem("deadline", "worksessions.problem.clock_change")]
    if moment <= now:
        return None, [Problem("deadline_day", "followup.problem.deadline_past")]
    if moment >= earliest:
        return None, [Problem("deadline_day", "followup.problem.deadline_late")]
    return at_clock(on, f"{at:%H:%M}", zone), []


def quorum_of(text: str) -> tuple[int, list[Problem]]:
    """Read how many people of each region must be able to come; empty is 0: not asked."""
    text = text.strip()
    if not text:
        return 0, []
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_QUORUM:
        return 0, [Problem("quorum", "followup.problem.quorum", {"most": LARGEST_QUORUM})]
    return int(text), []


def vote(poll: DatePoll, option_id: str, word: str, now: datetime) -> Availability:
    """Take an answer to one date. Raises Refused once the poll is over, and for a date or a word that is not in it."""
    if word not in set(Availability):
        raise Refused("slack.unknown")
    if poll.state is not PollState.RUNNING or now >= poll.deadline:
        raise Refused("followup.poll_closed")
    option = poll.option(option_id)
    if option is None:
        raise Refused("slack.unknown")
    if option.removed:
        raise Refused("followup.date_removed")
    return Availability(word)


def asked(poll: DatePoll, members: Sequence[Member], expected: Collection[str] = ()) -> list[Member]:
    """Return who is asked when they can come: the active members of the regions that take part, or everybody.

    `expected` are the people (user ids) whom the poll names, of whatever region they are.
    """
    return [
        one
        for one in members
        if one.takes_part and (not poll.regions or one.region in poll.regions or one.user in expected)
    ]


def silent(people: Iterable[Member], said: Collection[Said]) -> list[Member]:
    """Return who of these people answered to no date at all."""
    heard = {each.user for each in said}
    return [member for member in people if member.user not in heard]


def all_answered(poll: DatePoll, people: Sequence[Member], said: Collection[Said]) -> bool:
    """Say whether every one of these people answered to every date that stands."""
    heard = {(each.user, each.option) for each in said}
    return bool(people) and all((one.user, option.id) in heard for one in people for option in poll.standing)


def poll_reminder_at(poll: DatePoll, is_holiday: Callable[[date], bool]) -> datetime:
    """Return when the silent are reminded: at nine on the last working day before the deadline."""
    day = poll.deadline.astimezone(poll.zone).date()
    return at_clock(working_day_before(day, is_holiday), REMINDER_CLOCK, poll.timezone)


def changed(
    poll: DatePoll,
    keep: Collection[str],
    added: Sequence[DateOption],
    deadline: datetime,
    quorum: int,
    timezone: str,
) -> DatePoll:
    """Return the poll with only the dates `keep` of those it had, and these besides; answers stay with their date.

    A date that is removed and proposed again stands as it did. A poll that had ended goes on. Raises Refused once it
    was decided.
    """
    still_open(poll)
    again = {(option.starts_at, option.ends_at) for option in added}
    known = {(option.starts_at, option.ends_at) for option in poll.options}
    options = tuple(
        replace(option, removed=option.id not in keep and (option.starts_at, option.ends_at) not in again)
        for option in poll.options
    )
    fresh = tuple(option for option in added if (option.starts_at, option.ends_at) not in known)
    return replace(
        poll,
        options=(*options, *fresh),
        deadline=deadline,
        quorum=quorum,
        timezone=timezone,
        state=PollState.RUNNING,
        version=poll.version + 1,
    )


def in_zone(poll: DatePoll, timezone: str) -> DatePoll:
    """Return the poll in another zone, every date at the same clock time; for as long as nobody answered."""
    if timezone == poll.timezone:
        return poll
    zone = ZoneInfo(timezone)

    def there(moment: datetime) -> datetime:
        return at_clock(moment.astimezone(poll.zone).date(), f"{moment.astimezone(poll.zone):%H:%M}", zone.key)

    options = tuple(
        replace(option, starts_at=there(option.starts_at), ends_at=there(option.ends_at)) for option in poll.options
    )
    return replace(poll, timezone=timezone, options=options)


def extended(poll: DatePoll, deadline: datetime) -> DatePoll:
    """Return the poll with a later deadline; one that had ended goes on."""
    still_open(poll)
    return replace(poll, deadline=deadline, state=PollState.RUNNING, version=poll.version + 1)


def ended(poll: DatePoll) -> DatePoll:
    """Return the poll after its deadline: nobody answers any more, and the coordinator chooses."""
    return replace(poll, state=PollState.ENDED)


def chosen(poll: DatePoll, option_id: str, now: datetime) -> tuple[DatePoll, DateOption]:
    """Return the poll with this date as its outcome.

    Raises Refused when it was decided already, when the date does not stand in it, or when it lies in the past.
    """
    still_open(poll)
    option = poll.option(option_id)
    if option is None:
        raise Refused("slack.unknown")
    if option.removed:
        raise Refused("followup.date_removed")
    if option.starts_at <= now:
        raise Refused("followup.date_past")
    return replace(poll, state=PollState.CHOSEN, chosen=option.id, version=poll.version + 1), option


def cancelled(poll: DatePoll) -> DatePoll:
    """Return the poll after the coordinator stopped it without a date. Raises Refused when it was decided already."""
    still_open(poll)
    return replace(poll, state=PollState.CANCELLED, version=poll.version + 1)


def still_open(poll: DatePoll) -> None:
    """Raise Refused once a date was chosen or the poll was stopped."""
    if poll.state is PollState.CHOSEN:
        raise Refused("followup.poll_chosen")
    if poll.state is PollState.CANCELLED:
        raise Refused("followup.poll_stopped")
