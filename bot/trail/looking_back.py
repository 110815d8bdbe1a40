"""Asking every region to look back at the end of a period: whom, when once more, and who answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.programme import Member, Role
from bot.trail.records import Entry
from bot.trail.sheets import Kind

KINDS = (Kind.EVALUATION, Kind.REVIEW)
"""The two short forms: what came of the ambitions, and what helped."""
REMIND_AFTER = timedelta(days=10)
OPEN_AFTER = timedelta(days=30)
"""How long after its reminder a question still waits on a Home."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time that every region was asked; `title` names the period."""

    id: str
    team: str
    kind: Kind
    title: str
    opened_by: str
    opened_at: datetime
    remind_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked for a region, when they answered, and the entry that says it."""

    user: str
    region: str
    answered_at: datetime | None = None
    answer: str = ""


def whom(members: Iterable[Member], contacts: Mapping[str, str]) -> list[Asked]:
    """Return whom to ask: the facilitators of each region, and who stands as its contact (region by user id).

    Each person once, for their own region, whose page they can write on; nobody who does not take part any more.
    """
    asked = {}
    for member in members:
        leads = Role.FACILITATOR in member.roles or contacts.get(member.user) == member.region
        if member.region and leads and member.takes_part:
            asked[member.user] = Asked(member.user, member.region)
    return [asked[user] for user in sorted(asked)]


def with_answers(found: Round, asked: Sequence[Asked], entries: Iterable[Entry]) -> list[Asked]:
    """Return who was asked with when each answered, and whoever answered without being asked: several may."""
    first: dict[tuple[str, str], Asked] = {}
    for each in entries:
        if (
            each.kind is found.kind
            and each.region
            and each.made_by
            and each.made_at
            and each.made_at >= found.opened_at
        ):
            answered = Asked(each.made_by, each.region, each.made_at, each.id)
            first.setdefault((each.made_by, each.region), answered)
    told = [first.pop((one.user, one.region), one) for one in asked]
    return told + [first[key] for key in sorted(first)]
