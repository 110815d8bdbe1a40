"""How a session would come out if it closed now: what a coordinator wants to know before it does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.programme import Member
from bot.selection.allocation import Allocation, Instance, Objective
from bot.selection.allocation.measure import pairs, without_buddy
from bot.selection.choosing import Pick, Wish, ranked_offers
from bot.selection.grouping import Reason, Seating, groups_from, leaders
from bot.selection.reminding import silent
from bot.worksessions import WorkSession, invited

CONVERSATION = 3
"""With fewer people a group hardly talks, whatever minimum was set: then joining it to another one is proposed."""


@dataclass(frozen=True)
class Prospect:
    """One offer as it would go: its topics (ids, the leading one first), and people in numbers.

    `chosen` named it at all, `first` named it first, `seated` would sit there; it runs when anybody would. `away` are
    people who were appointed to lead it and cannot come. `maximum` is None where there is no limit.
    """

    topics: tuple[str, ...]
    chosen: int
    first: int
    seated: int
    minimum: int
    maximum: int | None
    facilitator: str | None
    note_taker: str | None
    away: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """The id of the topic under which it is offered."""
        return self.topics[0]

    @property
    def runs(self) -> bool:
        """Whether there would be a group."""
        return self.seated > 0


@dataclass(frozen=True)
class Standing:
    """How many people would sit at their first, second or third choice, at another topic, or had no wish."""

    first: int = 0
    second: int = 0
    third: int = 0
    outside: int = 0
    anywhere: int = 0


@dataclass(frozen=True)
class Suggestion:
    """Two offers (ids of their leading topics) that are better one: `small` has few people, `into` takes them in."""

    small: str
    into: str


@dataclass(frozen=True)
class Outlook:
    """Everything there is to know before closing. People are user ids, offers ids of their leading topics.

    `invited` and `chosen` are numbers: of those invited, how many said something; `besides` chose without being
    invited, `absent` cannot come. `gap` is the first objective of which it is not proven that it cannot be better.
    """

    invited: int
    chosen: int
    besides: int
    absent: int
    prospects: tuple[Prospect, ...]
    standing: Standing
    last: tuple[str, ...]
    outside: tuple[str, ...]
    unseated: tuple[str, ...]
    silent: tuple[str, ...]
    apart: tuple[tuple[str, str], ...]
    without_buddy: int
    gap: Objective | None

    @property
    def too_small(self) -> tuple[Prospect, ...]:
        """Offers that somebody chose and that would not run: too few people for their minimum."""
        return tuple(each for each in self.prospects if each.chosen and not each.runs)

    @property
    def unchosen(self) -> tuple[Prospect, ...]:
        """Offers that nobody chose and to which nobody would be sent."""
        return tuple(each for each in self.prospects if not each.chosen and not each.runs)

    @property
    def without_facilitator(self) -> tuple[Prospect, ...]:
        """Offers that somebody chose, or that lost who was appointed, and that nobody would lead."""
        return tuple(
            each for each in self.prospects if each.facilitator is None and (each.chosen or each.runs or each.away)
        )

    @property
    def without_note_taker(self) -> tuple[Prospect, ...]:
        """Groups in which nobody would write down what they find."""
        return tuple(each for each in self.prospects if each.runs and each.note_taker is None)


def foresee(
    session: WorkSession,
    picks: Sequence[Pick],
    members: Sequence[Member],
    instance: Instance,
    allocation: Allocation,
) -> Outlook:
    """Say how the session would come out. `allocation` solves `instance`, which `problem_of` made of the others."""
    seatings = groups_from(session, picks, members, instance, allocation)
    reasons = {seat.user: seat.reason for seating in seatings for seat in seating.seats}
    numbers = Counter(reason.value.partition("_")[0] for reason in reasons.values())
    asked = [one for one in invited(session, members) if not session.is_practice or one.user == session.created_by]
    spoken = {pick.user for pick in picks}
    quiet = {one.user for one in silent(session, members, picks)}
    people = {person.user: person for person in instance.people}
    seats = allocation.seats
    tables = [[people[seat.user] for seat in seating.seats] for seating in seatings]
    return Outlook(
        invited=len(asked),
        chosen=sum(one.user in spoken for one in asked),
        besides=len(spoken - {one.user for one in asked}),
        absent=sum(pick.wish is Wish.ABSENT for pick in picks),
        prospects=_prospects(session, picks, members, seatings),
        standing=Standing(
            numbers["first"], numbers["second"], numbers["third"], numbers["outside"], numbers["anywhere"]
        ),
        last=tuple(sorted(user for user, reason in reasons.items() if _is_last(reason, len(people[user].ranks)))),
        outside=tuple(sorted(user for user, reason in reasons.items() if reason.value.startswith("outside"))),
        unseated=tuple(sorted(user for user in people if seats.get(user) is None)),
        silent=tuple(one.user for one in asked if one.user in quiet),
        apart=tuple(
            (one, other) for one, other in pairs(instance) if seats.get(one) is None or seats[one] != seats.get(other)
        ),
        without_buddy=without_buddy(instance, tables),
        gap=next((objective for objective in allocation.objectives if not objective.proven), None),
    )


def suggestion(found: Sequence[Prospect], left: Sequence[str] = ()) -> Suggestion | None:
    """Propose two offers to join: the smallest that people chose, with the smallest with which it makes a group.

    An offer that would not run comes before one that is only too small for a conversation. What was `left` as it is
    (ids of leading topics) is not proposed any more, nor what would not fit together.
    """
    small = [each for each in found if each.chosen and each.lead not in left and _is_small(each)]
    for each in sorted(small, key=lambda one: (one.runs, one.first, one.chosen)):
        others = [
            other
            for other in found
            if other is not each and other.lead not in left and other.chosen and _fit(each, other)
        ]
        if others:
            best = min(others, key=lambda other: (each.first + other.first < other.minimum, other.first))
            return Suggestion(each.lead, best.lead)
    return None


def _is_small(prospect: Prospect) -> bool:
    return not prospect.runs or max(prospect.seated, prospect.first) < CONVERSATION


def _fit(one: Prospect, other: Prospect) -> bool:
    return other.maximum is None or one.first + other.first <= other.maximum


def _is_last(reason: Reason, wishes: int) -> bool:
    """Whether a choice is the last of a list: not the first of all, and nothing stood behind it."""
    place = {"second": 2, "third": 3}.get(reason.value.partition("_")[0])
    return place is not None and place == wishes


def _prospects(
    session: WorkSession, picks: Sequence[Pick], members: Sequence[Member], seatings: Sequence[Seating]
) -> tuple[Prospect, ...]:
    gone = {member.user for member in members if not member.takes_part}
    away = gone | {pick.user for pick in picks if pick.wish is Wish.ABSENT}
    wishes = [ranked_offers(session, pick.topics) for pick in picks if pick.user not in gone]
    chosen = Counter(lead for leads in wishes for lead in leads)
    first = Counter(leads[0] for leads in wishes if leads)
    by_lead = {seating.topics[0]: seating for seating in seatings}
    appointed = leaders(session, picks, members)
    found = []
    for offered in session.offers:
        lead = offered[0]
        seating = by_lead.get(lead.id)
        found.append(
            Prospect(
                topics=tuple(topic.id for topic in offered),
                chosen=chosen[lead.id],
                first=first[lead.id],
                seated=len(seating.seats) if seating else 0,
                minimum=session.minimum(lead),
                maximum=session.maximum(lead),
                facilitator=seating.facilitator if seating else next(iter(appointed[lead.id]), None),
                note_taker=seating.note_taker if seating else None,
                away=tuple(topic.facilitator for topic in offered if topic.facilitator in away and topic.facilitator),
            )
        )
    return tuple(found)
