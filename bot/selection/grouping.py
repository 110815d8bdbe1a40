"""From choices to groups: the instance that `allocation` solves, and what its answer means for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.programme import Member, Role
from bot.selection.allocation import Allocation, Instance, Option, Person
from bot.selection.choosing import Pick, Wish, led_by, ranked_offers
from bot.worksessions import WorkSession


@dataclass(frozen=True)
class Group:
    """People who talk together about one or more topics; its facilitator hands in the impression."""

    id: str
    work_session: str
    number: int
    topics: tuple[str, ...]
    facilitator: str | None
    people: tuple[str, ...] = ()
    note_taker: str | None = None

    def has(self, user: str) -> bool:
        """Say whether this person sits in the group or leads it."""
        return user in self.people or user == self.facilitator


class Reason(StrEnum):
    """Why somebody sits where they sit. Behind a second choice or one outside the list stands why not the first."""

    FIRST = "first"
    SECOND_FULL = "second_full"
    SECOND_SMALL = "second_small"
    SECOND_FIT = "second_fit"
    THIRD_FULL = "third_full"
    THIRD_SMALL = "third_small"
    THIRD_FIT = "third_fit"
    OUTSIDE_FULL = "outside_full"
    OUTSIDE_SMALL = "outside_small"
    OUTSIDE_FIT = "outside_fit"
    ANYWHERE = "anywhere"
    LEADS = "leads"
    PLACED = "placed"
    MOVED = "moved"
    SWAPPED = "swapped"
    LATE = "late"

    @property
    def names_first(self) -> bool:
        """Whether the sentence says what became of the first choice."""
        return self.value.endswith(("_full", "_small", "_fit"))


@dataclass(frozen=True)
class Seat:
    """Where one person sits, and why."""

    user: str
    reason: Reason


@dataclass(frozen=True)
class Seating:
    """One group before it has an id: its topics (the leading one first), who leads, who writes, who sits there."""

    topics: tuple[str, ...]
    facilitator: str | None
    note_taker: str | None
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class History:
    """What earlier sessions say of the people who chose.

    `met` counts how often two people (sorted) sat together, `regions` how often people of a region sat with the theme
    of a topic (region id, topic id), `seasoned` are those who sat anywhere before.
    """

    met: Mapping[tuple[str, str], int] = field(default_factory=dict)
    regions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    seasoned: frozenset[str] = frozenset()


def problem_of(
    session: WorkSession,
    picks: Sequence[Pick],
    members: Sequence[Member],
    together: Sequence[tuple[str, str]] = (),
    history: History | None = None,
) -> Instance:
    """Put choices into the terms of the allocation: people with ranks, and one option for each group that can run.

    Who cannot come or left the workspace is left out, and so is who did not choose. A facilitator who was appointed to
    a topic sits there when it runs, whatever they chose.
    """
    history = history or History()
    known = {member.user: member for member in members}
    appointed = leaders(session, picks, members)
    picks = [pick for pick in picks if pick.wish is not Wish.ABSENT and _takes_part(known.get(pick.user))]
    fixed = _fixed(session, picks, appointed)
    people = []
    for pick in picks:
        member = known.get(pick.user)
        # two choices that were merged stay two: a merge shortens nobody's list
        ranks = tuple(lead.id for topic in pick.topics if (lead := session.lead(topic)) is not None)
        leads = next((option for option, users in appointed.items() if pick.user in users), None)
        roles = member.roles if member else frozenset()
        people.append(
            Person(
                pick.user,
                ranks,
                fixed=fixed.get(pick.user),
                region=member.region if member else None,
                sector=member.sector if member else "",
                facilitates=Role.FACILITATOR in roles and leads is None,
                takes_notes=Role.NOTE_TAKER in roles and leads is None,
                newcomer=pick.user not in history.seasoned,
            )
        )
    options = tuple(
        Option(
            offered[0].id,
            minimum=session.minimum(offered[0]),
            maximum=session.maximum(offered[0]),
            has_facilitator=bool(appointed[offered[0].id]),
        )
        for offered in session.offers
    )
    coming = {person.user for person in people}
    return Instance(
        seed=session.id,
        people=tuple(people),
        options=options,
        together=tuple(pair for pair in together if set(pair) <= coming),
        met={pair: times for pair, times in history.met.items() if set(pair) <= coming},
        region_history=history.regions,
    )


def _takes_part(member: Member | None) -> bool:
    return member is None or member.takes_part


def _fixed(session: WorkSession, picks: Sequence[Pick], appointed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return where people must sit: who leads, then whom the coordinator placed, in the order of placing.

    Only as many as there is room for: with one more the topic could not run at all.
    """
    coming = {pick.user for pick in picks}
    leading = {user for users in appointed.values() for user in users}
    found: dict[str, str] = {}
    for offered in session.offers:
        lead = offered[0]
        placed = [
            pick.user
            for pick in sorted(picks, key=lambda pick: (pick.at, pick.user))
            if pick.placed_by and pick.user not in leading and ranked_offers(session, pick.topics)[:1] == (lead.id,)
        ]
        must = [*(user for user in appointed[lead.id] if user in coming), *placed]
        found |= dict.fromkeys(must[: session.maximum(lead)], lead.id)
    return found


def leaders(session: WorkSession, picks: Sequence[Pick], members: Sequence[Member] = ()) -> dict[str, tuple[str, ...]]:
    """Return, per leading topic, who was appointed to it or to what was merged into it, and can come.

    Who said they cannot, or left the workspace, does not count. The first leads; who was appointed twice leads where
    they like it best.
    """
    away = {pick.user for pick in picks if pick.wish is Wish.ABSENT}
    away |= {member.user for member in members if not member.takes_part}
    chosen = {pick.user: pick.topics for pick in picks}
    found: dict[str, tuple[str, ...]] = {}
    for offered in session.offers:
        users = dict.fromkeys(topic.facilitator for topic in offered if topic.facilitator)
        found[offered[0].id] = tuple(
            user for user in users if user not in away and led_by(session, user, chosen.get(user, ())) is offered[0]
        )
    return found


def groups_from(
    session: WorkSession,
    picks: Sequence[Pick],
    members: Sequence[Member],
    instance: Instance,
    allocation: Allocation,
) -> list[Seating]:
    """Read the groups out of an allocation, in the order of the offer; people in the order of their ids."""
    appointed = leaders(session, picks, members)
    seated: dict[str, list[Person]] = {}
    for person in sorted(instance.people, key=lambda person: person.user):
        option = allocation.seats.get(person.user)
        if option is not None:
            seated.setdefault(option, []).append(person)
    sizes = {option: len(people) for option, people in seated.items()}
    found = []
    for offered in session.offers:
        lead = offered[0].id
        people = seated.get(lead, [])
        if people:
            first = next(iter(appointed[lead]), None)
            facilitator, note_taker = _duties(people, first)
            seats = tuple(
                Seat(
                    person.user,
                    Reason.LEADS if person.user in appointed[lead] else because(instance, person, lead, sizes),
                )
                for person in people
            )
            found.append(Seating(tuple(topic.id for topic in offered), facilitator, note_taker, seats))
    return found


def because(instance: Instance, person: Person, option: str, sizes: Mapping[str, int]) -> Reason:
    """Say in one word why somebody sits at this option; `sizes` are the people per option that runs."""
    if person.fixed == option:
        return Reason.PLACED
    if not person.ranks:
        return Reason.ANYWHERE
    if person.ranks[0] == option:
        return Reason.FIRST
    which = "second" if option in person.ranks[1:2] else "third" if option in person.ranks[2:3] else "outside"
    first = next((each for each in instance.options if each.id == person.ranks[0]), None)
    if first is None or not sizes.get(first.id):
        why = "small"
    elif first.maximum is not None and sizes[first.id] >= first.maximum:
        why = "full"
    else:
        why = "fit"
    return Reason(f"{which}_{why}")


def unserved(session: WorkSession, groups: Sequence[Group]) -> list[str]:
    """Return the ids of the topics on offer that no group took up, in the order of the offer."""
    taken = {topic for group in groups for topic in group.topics}
    return [topic.id for topic in session.topics if topic.id not in taken]


def _duties(people: Sequence[Person], appointed: str | None) -> tuple[str | None, str | None]:
    """Choose who leads and who writes: nobody does both where two people can share it."""
    lead = [person.user for person in people if person.facilitates]
    write = [person.user for person in people if person.takes_notes and person.user != appointed]
    if appointed is not None:
        return appointed, next(iter(write), None)
    facilitator = next((user for user in lead if user not in write), next(iter(lead), None))
    note_taker = next((user for user in write if user not in lead), None) or next(
        (user for user in write if user != facilitator), None
    )
    return facilitator, note_taker
