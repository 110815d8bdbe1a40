"""What a digest says besides sentences: the next date, and the date poll that runs."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

from bot.digest.records import Item, ItemKind
from bot.followup import DatePoll, PollState
from bot.worksessions import State, WorkSession

OPEN = (State.PLANNED, State.CHOOSING, State.CLOSING)


@dataclass(frozen=True)
class Fixed:
    """An item that has its place in the post whatever the news, and the characters that it takes there."""

    item: Item
    characters: int


def concerns(session: WorkSession, region: str) -> bool:
    """Say whether a region takes part in a session; one that names no region is for all, a practice one for none."""
    return not session.is_practice and (not session.regions or region in session.regions)


def date_subject(session: WorkSession) -> str:
    """Return what stands for a session's date in the memory of digests; another date is another subject."""
    return f"{session.id}@{session.starts_at.timestamp():.0f}-{session.ends_at.timestamp():.0f}"


def session_of(subject: str) -> str:
    """Return the id of the session that a date's subject speaks of."""
    return subject.rpartition("@")[0]


def next_date(sessions: Iterable[WorkSession], region: str, said: Set[str], now: datetime) -> Item | None:
    """Return the earliest coming date that this region has not read yet, or that has changed since."""
    told = {session_of(subject) for subject in said if "@" in subject}
    for session in sorted(sessions, key=lambda found: (found.starts_at, found.id)):
        coming = session.state in OPEN and session.starts_at > now
        if coming and concerns(session, region) and date_subject(session) not in said:
            return Item(ItemKind.MOVED if session.id in told else ItemKind.DATE, date_subject(session))
    return None


def poll_subject(poll: DatePoll) -> str:
    """Return what stands for a date poll in the memory of digests."""
    return f"poll:{poll.id}"


def poll_of(subject: str) -> str:
    """Return the id of the poll that a subject speaks of."""
    return subject.partition(":")[2]


def running_poll(polls: Iterable[DatePoll], region: str, said: Set[str], now: datetime) -> Item | None:
    """Return the poll that this region can answer and has not read of, the one that ends first."""
    for poll in sorted(polls, key=lambda found: (found.deadline, found.id)):
        asked = not poll.channel.startswith("D") and (not poll.regions or region in poll.regions)
        if poll.state is PollState.RUNNING and now < poll.deadline and asked and poll_subject(poll) not in said:
            return Item(ItemKind.POLL, poll_subject(poll))
    return None
