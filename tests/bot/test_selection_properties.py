"""Random sequences of everything that people and a coordinator can do: before and after closing the state is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import selection
from bot.problem import Refused
from bot.programme import Member, Role
from bot.selection import (
    Change,
    Choice,
    Duty,
    Group,
    Pick,
    Reason,
    Seat,
    Swap,
    SwapState,
    Wish,
    explain,
    group_of,
    leading_topic,
    ranked_offers,
    shaping,
    unserved,
)
from bot.selection.allocation import allocate
from bot.worksessions import Mode, State, Topic, WorkSession

STARTS = datetime(2021, 6, 17, 11, tzinfo=UTC)
CLOSES = STARTS + timedelta(hours=1)
BEFORE, AFTER = STARTS, CLOSES + timedelta(minutes=1)
PEOPLE = [f"U{n}" for n in range(8)]
TOPICS = [f"tp_{n}" for n in range(5)]
WISHES = st.lists(st.sampled_from(TOPICS), max_size=3, unique=True)
SOMEBODY = st.sampled_from(PEOPLE)
SOME_TOPIC = st.sampled_from([*TOPICS, "tp_forged"])
SOME_GROUP = st.integers(0, 3)
LIMIT = st.sampled_from([None, 2, 3, 4])
ROLES = st.sampled_from([frozenset({Role.PARTICIPANT}), frozenset({Role.FACILITATOR}), frozenset({Role.NOTE_TAKER})])


def eight(each: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(each, min_size=8, max_size=8)


class Community(RuleBasedStateMachine):
    """One session with eight people and five topics, played by the rules of `bot/selection` and nothing else."""

    @initialize(
        mode=st.sampled_from(list(Mode)), limit=LIMIT, minimum=st.sampled_from([None, 1, 2]),
        regions=eight(st.sampled_from([None, "A", "B"])), roles=eight(ROLES), wishes=eight(WISHES),
    )  # fmt: skip
    def begin(
        self,
        mode: Mode,
        limit: int | None,
        minimum: int | None,
        regions: list[str | None],
        roles: list[frozenset[Role]],
        wishes: list[list[str]],
    ) -> None:
        topics = tuple(Topic(each, each, each) for each in TOPICS)
        self.session = WorkSession(
            "ws_1", "T1", "Werksessie", "C1", STARTS, STARTS + timedelta(hours=3), CLOSES, "Europe/Amsterdam",
            State.CHOOSING, "U9", topics, (), limit, minimum, mode,
        )  # fmt: skip
        self.members = {
            user: Member("T1", user, user, role, region)
            for user, role, region in zip(PEOPLE, roles, regions, strict=True)
        }
        self.picks: dict[str, Pick] = {}
        self.groups: list[Group] = []
        self.seats: dict[str, Seat] = {}
        self.swaps: dict[str, Swap] = {}
        self.served: set[str] = set()
        for user, wish in zip(PEOPLE, wishes, strict=True):
            for topic in wish:
                self.pick(user, topic)

    # what everybody does before closing

    @property
    def is_open(self) -> bool:
        return hasattr(self, "session") and self.session.state is State.CHOOSING

    @property
    def is_grouped(self) -> bool:
        return hasattr(self, "session") and self.session.state is State.GROUPED

    def choose(self, user: str, decide: Callable[[Pick | None], Choice]) -> None:
        if not self.members[user].takes_part:
            return
        before = self.picks.get(user)
        try:
            choice = decide(before)
        except Refused:
            return
        assert choice.changed or choice.pick == before, "what did not change is what was there"
        assert choice.pick.user == user
        assert len(choice.pick.topics) <= (3 if self.session.mode is Mode.RANKED else 1)
        assert len(set(choice.pick.topics)) == len(choice.pick.topics)
        self.picks[user] = choice.pick

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for pick in self.picks.values():
            for topic in pick.topics[:1]:
                found[topic] = found.get(topic, 0) + 1
        return found

    @rule(user=SOMEBODY, topic=SOME_TOPIC)
    @precondition(lambda self: self.is_open)
    def pick(self, user: str, topic: str) -> None:
        counts = self.counts()
        self.choose(
            user, lambda before: selection.choose(self.session, user, Wish.TOPIC, topic, before, counts, BEFORE)
        )

    @rule(user=SOMEBODY, wish=st.sampled_from([Wish.ANYWHERE, Wish.ABSENT]))
    @precondition(lambda self: self.is_open)
    def pick_no_topic(self, user: str, wish: Wish) -> None:
        self.choose(user, lambda before: selection.choose(self.session, user, wish, None, before, {}, BEFORE))

    @rule(user=SOMEBODY, topic=SOME_TOPIC, at=st.integers(-1, 3))
    @precondition(lambda self: self.is_open)
    def rank(self, user: str, topic: str, at: int) -> None:
        self.choose(user, lambda before: selection.rank(self.session, user, at, topic, before, BEFORE))

    @rule(user=SOMEBODY, topic=SOME_TOPIC)
    @precondition(lambda self: self.is_grouped)
    def pick_late(self, user: str, topic: str) -> None:
        with pytest.raises(Refused) as refused:
            selection.choose(self.session, user, Wish.TOPIC, topic, self.picks.get(user), {}, AFTER)
        assert refused.value.key == "selection.late"

    @rule(user=SOMEBODY)
    @precondition(lambda self: self.is_open)
    def clear(self, user: str) -> None:
        selection.clear(self.session, BEFORE)
        self.picks.pop(user, None)

    # what the coordinator does before closing

    def change_topics(self, change: Callable[[Topic], Topic]) -> None:
        self.session = replace(self.session, topics=tuple(map(change, self.session.topics)))

    @rule(topic=SOME_TOPIC, into=SOME_TOPIC)
    @precondition(lambda self: self.is_open)
    def merge(self, topic: str, into: str) -> None:
        try:
            moving, lead, problems = shaping.merge(self.session, topic, into, list(self.picks.values()))
        except Refused:
            return
        assert not (moving and problems)
        self.change_topics(lambda each: replace(each, merged_into=lead) if each.id in moving else each)
        assert all(self.session.lead(each) is self.session.topic(lead) for each in moving), "no chains"

    @rule(topic=SOME_TOPIC)
    @precondition(lambda self: self.is_open)
    def take_apart(self, topic: str) -> None:
        try:
            alone = shaping.apart(self.session, topic)
        except Refused:
            return
        self.change_topics(lambda each: replace(each, merged_into=None) if each.id in alone else each)

    @rule(topic=SOME_TOPIC)
    @precondition(lambda self: self.is_open)
    def withdraw(self, topic: str) -> None:
        try:
            found = shaping.withdraw(self.session, topic, list(self.picks.values()))
        except Refused:
            return
        left = [each for each in self.session.topics if each.id != topic]
        freed = [replace(each, merged_into=None) if each.merged_into == topic else each for each in left]
        self.session = replace(self.session, topics=tuple(freed))
        self.picks.update({pick.user: pick for pick in found.changed})
        for user in found.bereft:
            del self.picks[user]

    @rule(topic=SOME_TOPIC, text=st.sampled_from(["2", "1-2", "3-4", "2-9", "nee"]))
    @precondition(lambda self: self.is_open)
    def limit(self, topic: str, text: str) -> None:
        try:
            least, most, problems = shaping.limits(self.session, topic, text, list(self.picks.values()))
        except Refused:
            return
        lead = self.session.lead(topic)
        if not problems and lead:
            self.change_topics(lambda each: replace(each, minimum=least, maximum=most) if each is lead else each)

    @rule(user=SOMEBODY, topic=SOME_TOPIC)
    @precondition(lambda self: self.is_open)
    def put(self, user: str, topic: str) -> None:
        try:
            pick, _ = shaping.put(self.session, list(self.picks.values()), self.members[user], topic, "U9", BEFORE)
        except Refused:
            return
        if pick is not None:
            self.picks[user] = pick

    @rule(user=st.one_of(st.none(), SOMEBODY), topic=st.sampled_from(TOPICS))
    @precondition(lambda self: self.is_open)
    def appoint(self, user: str | None, topic: str) -> None:
        if self.session.topic(topic) is None:
            return
        wanted, members = {topic: user}, list(self.members.values())
        *_, problems = shaping.appoint(self.session, wanted, list(self.picks.values()), members)
        if not problems:
            self.change_topics(lambda each: replace(each, facilitator=user) if each.id == topic else each)

    # closing

    @rule()
    @precondition(lambda self: self.is_open)
    def close(self) -> None:
        picks, members = list(self.picks.values()), list(self.members.values())
        instance = selection.problem_of(self.session, picks, members)
        allocation = allocate(instance)
        assert all(objective.proven for objective in allocation.objectives)
        seatings = selection.groups_from(self.session, picks, members, instance, allocation)
        self.groups = [
            Group(
                f"gr_{number}", self.session.id, number, each.topics, each.facilitator,
                tuple(seat.user for seat in each.seats), each.note_taker,
            )
            for number, each in enumerate(seatings, start=1)
        ]  # fmt: skip
        self.seats = {seat.user: seat for each in seatings for seat in each.seats}
        self.session = replace(self.session, state=State.GROUPED)
        self.served = {topic for group in self.groups for topic in group.topics}
        for seating in seatings:
            for seat in seating.seats:
                self.reason_is_true(seating.topics[0], seat)
        seated = {person.user for person in instance.people if allocation.seats[person.user] is not None}
        assert set(self.seats) == seated, "whoever got a place in the allocation sits there"
        assert {person.user for person in instance.people} == self.coming, "nobody who comes is left out"

    def reason_is_true(self, lead: str, seat: Seat) -> None:
        pick = self.picks[seat.user]
        ranks = ranked_offers(self.session, pick.topics)
        if seat.reason is Reason.FIRST:
            assert ranks[0] == lead
        if not seat.reason.names_first:
            return
        which, why = seat.reason.value.split("_")
        assert ranks.index(lead) == {"second": 1, "third": 2}[which] if which != "outside" else lead not in ranks
        first = next((group for group in self.groups if group.topics[0] == ranks[0]), None)
        topic = self.session.topic(ranks[0])
        assert topic is not None
        most = self.session.maximum(topic)
        is_full = first is not None and most is not None and len(first.people) >= most
        assert why == ("small" if first is None else "full" if is_full else "fit")

    # after closing

    def apply(self, change: Change) -> None:
        after = {group.id: group for group in change.groups}
        assert after.keys() <= {group.id for group in self.groups}
        self.groups = [after.get(group.id, group) for group in self.groups]
        self.seats.update({seat.user: seat for seat in change.seats})
        for user in change.freed:
            del self.seats[user]
        for group in change.groups:
            self.make_room(group)
        for swap in self.swaps.values():
            if swap.state is SwapState.ASKED and selection.is_stale(self.groups, swap):
                self.swaps[swap.id] = replace(swap, state=SwapState.VOID)

    gave_room = False

    def make_room(self, group: Group) -> None:
        """Do as the handler does where the coordinator gave room: the group's size is its limit from now on."""
        lead = leading_topic(self.session, group)
        most, size = self.session.maximum(lead) if lead else None, len(group.people)
        if lead is not None and most is not None and size > most:
            assert self.gave_room, "only the coordinator's word makes a group larger"
            self.change_topics(lambda each: replace(each, maximum=size) if each is lead else each)

    @rule(user=SOMEBODY, number=SOME_GROUP, duty=st.sampled_from(list(Duty)), wider=st.booleans(), late=st.booleans())
    @precondition(lambda self: self.is_grouped)
    def move(self, user: str, number: int, duty: Duty, wider: bool, late: bool) -> None:
        if not self.members[user].takes_part:
            return
        now = self.session.ends_at if late else AFTER
        seated, before = set(self.seats), {group.id: group.people for group in self.groups}
        try:
            change = selection.move(self.session, self.groups, f"gr_{number}", user, duty, now, wider=wider)
        except Refused:
            return
        self.gave_room = wider
        self.apply(change)
        self.gave_room = False
        group = group_of(self.groups, user)
        assert group is not None and group.number == number and selection.duty_of(group, user) is duty
        assert seated <= set(self.seats), "nobody loses a seat because somebody else moves"
        if late:
            assert all(set(before[group.id]) <= set(group.people) for group in self.groups), "over is over"

    @rule(user=SOMEBODY, topic=st.one_of(st.none(), st.sampled_from(TOPICS)))
    @precondition(lambda self: self.is_grouped)
    def come_late(self, user: str, topic: str | None) -> None:
        if not self.members[user].takes_part or group_of(self.groups, user) is not None:
            return
        pick = self.picks.get(user)
        if pick is None or pick.wish is Wish.ABSENT:
            known = topic is not None and self.session.topic(topic) is not None
            pick = Pick(user, Wish.TOPIC if known else Wish.ANYWHERE, (topic,) if topic and known else (), AFTER)
            self.picks[user] = pick
        wanted = (topic, *pick.topics) if topic else pick.topics
        regions = {member.user: member.region for member in self.members.values()}
        try:
            group = selection.best_place(self.session, self.groups, wanted, self.members[user].region, regions)
        except Refused:
            assert not any(selection.has_room(self.session, group) for group in self.groups)
            return
        self.apply(selection.seat_late(group, user))
        open_ = [each for each in self.groups if set(each.topics) & set(wanted)]
        if group.id not in [each.id for each in open_]:
            assert not any(selection.has_room(self.session, each) for each in open_ if each.id != group.id)

    @rule(asker=SOMEBODY, partner=SOMEBODY)
    @precondition(lambda self: self.is_grouped)
    def propose(self, asker: str, partner: str) -> None:
        try:
            swap = selection.propose_swap(self.session, self.groups, asker, partner, f"sw_{len(self.swaps)}", AFTER)
        except Refused:
            return
        for earlier in self.swaps.values():
            if earlier.asker == asker and earlier.state is SwapState.ASKED:
                self.swaps[earlier.id] = replace(earlier, state=SwapState.REPLACED)
        self.swaps[swap.id] = swap

    @rule(seats=st.lists(st.integers(0, 7), min_size=2, max_size=2, unique=True))
    @precondition(lambda self: self.is_grouped and len(self.seats) > 1)
    def change_places(self, seats: list[int]) -> None:
        """Two people with a seat: one asks and the other agrees."""
        users = sorted(self.seats)
        asker, partner = (users[seat % len(users)] for seat in seats)
        before = len(self.swaps)
        self.propose(asker, partner)
        if len(self.swaps) > before:
            swap = self.swaps[f"sw_{before}"]
            self.settle(swap, partner, agrees=True)
            assert self.swaps[swap.id].state is SwapState.DONE

    @rule(data=st.data(), user=SOMEBODY, mine=st.booleans(), agrees=st.booleans())
    @precondition(lambda self: self.is_grouped and bool(self.swaps))
    def answer(self, data: st.DataObject, user: str, mine: bool, agrees: bool) -> None:
        swap = self.swaps[data.draw(st.sampled_from(sorted(self.swaps)))]
        self.settle(swap, swap.partner if mine else user, agrees)

    def settle(self, swap: Swap, who: str, agrees: bool) -> None:
        before = {group.id: len(group.people) for group in self.groups}
        try:
            settled = selection.settle_swap(self.session, self.groups, swap, who, agrees, AFTER)
        except Refused:
            assert who != swap.partner or swap.state is not SwapState.ASKED
            return
        self.swaps[swap.id] = settled
        if settled.state is SwapState.DONE:
            self.apply(selection.swapped(self.groups, settled))
            held = {group.id: group.people for group in self.groups}
            assert swap.asker in held[swap.partner_group] and swap.partner in held[swap.asker_group]
        assert {group.id: len(group.people) for group in self.groups} == before

    @rule(user=SOMEBODY, gone=st.booleans())
    def account(self, user: str, gone: bool) -> None:
        roles = self.members[user].roles - {Role.DEACTIVATED}
        self.members[user] = replace(self.members[user], roles=roles | {Role.DEACTIVATED} if gone else roles)
        if gone and self.is_grouped:
            self.apply(selection.leave(self.groups, user))

    # what always holds

    @property
    def coming(self) -> set[str]:
        return {
            user for user, pick in self.picks.items() if pick.wish is not Wish.ABSENT and self.members[user].takes_part
        }

    @invariant()
    def picks_name_what_is_on_offer(self) -> None:
        for pick in getattr(self, "picks", {}).values():
            assert all(self.session.topic(topic) for topic in pick.topics)
            assert bool(pick.topics) == (pick.wish is Wish.TOPIC)

    @invariant()
    def everybody_has_one_seat_or_waits(self) -> None:
        if not self.is_grouped:
            return
        people = [user for group in self.groups for user in group.people]
        assert len(people) == len(set(people)), "one seat per person"
        assert set(people) == set(self.seats)
        leads = {group.facilitator for group in self.groups} - {None}
        waiting = self.coming - set(people) - leads
        assert self.coming <= set(people) | leads | waiting
        assert all(self.members[user].takes_part for user in people), "who left holds no seat"
        for user in people:
            group = group_of(self.groups, user)
            assert group is not None and user in group.people
            assert all(other is group or not other.has(user) for other in self.groups), "nobody leads elsewhere"
            why = explain(self.session, group, self.seats[user], self.picks.get(user), user, "U9")
            assert (why.reason is Reason.LEADS) == (group.facilitator == user)
            assert bool(why.first) == why.reason.names_first

    @invariant()
    def no_group_is_over_its_maximum_and_duties_are_held_inside(self) -> None:
        if not self.is_grouped:
            return
        for group in self.groups:
            lead = leading_topic(self.session, group)
            most = self.session.maximum(lead) if lead else None
            assert most is None or len(group.people) <= most
            assert group.note_taker is None or group.note_taker in group.people
            assert group.facilitator is None or group.facilitator != group.note_taker
        topics = [topic for group in self.groups for topic in group.topics]
        assert len(topics) == len(set(topics)) and set(topics) == self.served, "no topic is lost or doubled"
        assert set(unserved(self.session, self.groups)) == {each.id for each in self.session.topics} - self.served


TestCommunity = Community.TestCase
TestCommunity.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
