"""Random presses and forms, doubled and forged ones too, through the router on a real database: the rows stay whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import select

from bot.programme import Role
from bot.selection import Group, Pick, SwapState, Wish, leading_topic
from bot.worksessions import Mode, State, WorkSession
from storage import programme, selection
from storage.selection import SeatRow, SwapRow
from storage.worksessions import TopicRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import choosing

PEOPLE = ["noor", "samir", "sanne", "youssef", "lotte", "vera", "ilse"]
TOPICS = ("Ouders", "Verduurzaming", "Vervoer", "Zorg")
SOMEBODY = st.sampled_from(PEOPLE)
COORDINATOR = st.sampled_from(["ineke"] * 5 + ["noor"])
NUMBER = st.integers(0, 4)
"""Which topic or group; the last one is forged."""
WISHES = st.lists(st.lists(st.sampled_from(TOPICS), max_size=3, unique=True), min_size=7, max_size=7)


class Workspace(RuleBasedStateMachine):
    """Seven people, a coordinator and one session, from choosing until it is over."""

    folder: Path | None = None

    @initialize(
        wishes=WISHES, mode=st.sampled_from(list(Mode)), limit=st.sampled_from([None, 2, 3]),
        minimum=st.sampled_from([None, 1, 2]), closed=st.booleans(),
    )  # fmt: skip
    def begin(self, wishes: list[list[str]], mode: Mode, limit: int | None, minimum: int | None, closed: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.house = House(self.folder, wall(2021, 6, 17, 12))
        self.house.world.ids = self.next_id
        self.number = 0
        region = self.house.region("Haaglanden")
        for position, user in enumerate(PEOPLE):
            roles = [[Role.PARTICIPANT], [Role.FACILITATOR], [Role.NOTE_TAKER]][position % 3]
            self.house.person(user, region if position % 2 else None, *roles)
        self.house.person("ineke", region, Role.COORDINATOR)
        chosen = {
            user: wish if mode is Mode.RANKED else wish[:1] for user, wish in zip(PEOPLE, wishes, strict=True) if wish
        }
        free = mode is Mode.FREE and limit is not None
        self.room = choosing(self.house, {} if free else chosen, limit=limit, minimum=minimum, mode=mode, topics=TOPICS)
        self.topics = [topic.id for topic in self.room.session.topics]
        self.last: tuple[Any, ...] | None = None
        self.session: WorkSession = self.room.session
        self.groups: list[Group] = []
        for user, wish in chosen.items() if free else ():
            self.press("selection.pick", user, self.topics[TOPICS.index(wish[0])])
        if closed:
            self.close()

    def next_id(self, kind: str) -> str:
        assert kind != "er", "something failed that nobody expected"
        self.number += 1
        return f"{kind}_{self.number:04}"

    def teardown(self) -> None:
        if self.folder is not None:
            self.house.database.close()
            shutil.rmtree(self.folder)

    # pressing

    def press(self, name: str, user: str, value: str, argument: str = "") -> None:
        self.send("action", name, user, value, argument, key=f"k:{self.next_id('k')}")

    def hand_in(self, name: str, user: str, **fields: Any) -> None:
        metadata = json.dumps({"session": self.room.id, "topic": fields.get("topic", "")})
        self.send("form", name, user, fields=fields, metadata=metadata, key=f"v:{self.next_id('v')}")

    def send(self, *what: Any, **more: Any) -> None:
        self.last = (what, more)
        self.room.do(*what, **more)
        self.session, self.groups = self.room.session, self.room.groups

    def topic(self, number: int) -> str:
        return [*self.topics, "tp_forged"][number]

    def group(self, number: int) -> str:
        ids = [group.id for group in self.groups]
        return ids[number] if number < len(ids) else "gr_forged"

    @property
    def is_open(self) -> bool:
        return self.folder is not None and self.session.state is State.CHOOSING

    @property
    def is_grouped(self) -> bool:
        return self.folder is not None and self.session.state is State.GROUPED

    @rule()
    @precondition(lambda self: self.folder is not None and self.last is not None)
    def once_more(self) -> None:
        """Slack delivers the same thing again: nothing changes, and nobody hears it twice."""
        assert self.last is not None
        before, owed = self.rows(), self.owed()
        what, more = self.last
        self.room.do(*what, **more)
        assert self.rows() == before
        assert self.owed() == owed

    def rows(self) -> list[Any]:
        picks = self.house.read(lambda db: selection.picks_of(db, TEAM, self.room.id))
        return [picks, self.room.groups, self.room.session]

    def owed(self) -> list[str]:
        kinds = ("selection.card", "selection.group", "selection.seated", "selection.swap", "selection.swap_outcome")
        return [row.key for kind in kinds for row in self.house.owed(kind)]

    @rule(user=SOMEBODY, number=NUMBER)
    @precondition(lambda self: self.folder is not None)
    def pick(self, user: str, number: int) -> None:
        self.press("selection.pick", user, self.topic(number))

    @rule(user=SOMEBODY, number=NUMBER, at=st.sampled_from(["0", "1", "2", "9", ""]))
    @precondition(lambda self: self.is_open)
    def rank(self, user: str, number: int, at: str) -> None:
        self.press("selection.rank", user, self.topic(number), at)

    @rule(user=SOMEBODY, name=st.sampled_from(["anywhere", "absent", "clear"]))
    @precondition(lambda self: self.folder is not None)
    def pick_no_topic(self, user: str, name: str) -> None:
        self.press(f"selection.{name}", user, self.room.id)

    @rule(by=COORDINATOR, one=NUMBER, other=NUMBER)
    @precondition(lambda self: self.is_open)
    def merge(self, by: str, one: int, other: int) -> None:
        self.hand_in("selection.merge", by, topic=self.topic(one), into=self.topic(other))

    @rule(by=COORDINATOR, number=NUMBER)
    @precondition(lambda self: self.is_open)
    def withdraw(self, by: str, number: int) -> None:
        self.hand_in("selection.withdraw", by, topic=self.topic(number))

    @rule(by=COORDINATOR, number=NUMBER, text=st.sampled_from(["2", "1-3", "2-9", "?"]))
    @precondition(lambda self: self.is_open)
    def limit(self, by: str, number: int, text: str) -> None:
        self.hand_in("selection.limits", by, topic=self.topic(number), sizes=text)

    @rule(by=COORDINATOR, user=SOMEBODY, number=NUMBER)
    @precondition(lambda self: self.is_open)
    def place(self, by: str, user: str, number: int) -> None:
        self.hand_in("selection.place", by, person=user, topic=self.topic(number))

    @rule(by=COORDINATOR, user=SOMEBODY, number=st.integers(0, 3))
    @precondition(lambda self: self.is_open)
    def appoint(self, by: str, user: str, number: int) -> None:
        self.hand_in("worksessions.appoint", by, **{f"topic-{self.topic(number)}": user})

    @rule()
    @precondition(lambda self: self.is_open)
    def close(self) -> None:
        self.press("selection.close", "ineke", self.room.id)

    @rule(
        by=COORDINATOR, user=SOMEBODY, number=NUMBER, wider=st.booleans(),
        duty=st.sampled_from(["participant", "facilitator", "note_taker"]),
    )  # fmt: skip
    @precondition(lambda self: self.is_grouped)
    def move(self, by: str, user: str, number: int, duty: str, wider: bool) -> None:
        fields = {"person": user, "group": self.group(number), "as": duty, "room": ["wider"] if wider else []}
        self.hand_in("selection.move", by, **fields)

    @rule(user=SOMEBODY, late=st.booleans(), number=NUMBER)
    @precondition(lambda self: self.is_grouped)
    def come_late(self, user: str, late: bool, number: int) -> None:
        if late:
            self.press("selection.seat", user, self.topic(number), "late")
        else:
            self.press("selection.seat", user, self.room.id)

    @rule(asker=SOMEBODY, partner=SOMEBODY)
    @precondition(lambda self: self.is_grouped)
    def propose(self, asker: str, partner: str) -> None:
        self.hand_in("selection.swap", asker, partner=partner)

    @rule(seats=st.lists(st.integers(0, 6), min_size=2, max_size=2, unique=True))
    @precondition(lambda self: self.is_grouped)
    def change_places(self, seats: list[int]) -> None:
        """Two people with a seat: one asks and the other agrees."""
        users = sorted(user for group in self.groups for user in group.people)
        if len(users) < 2:
            return
        asker, partner = (users[seat % len(users)] for seat in seats)
        self.propose(asker, partner)
        found = [swap for swap, state in self.room.swaps(asker) if state == SwapState.ASKED]
        if found:
            self.press("selection.swap_answer", partner, found[0], "yes")

    @rule(number=st.integers(0, 9), user=SOMEBODY, is_partner=st.booleans(), says=st.sampled_from(["yes", "no"]))
    @precondition(lambda self: self.is_grouped)
    def answer(self, number: int, user: str, is_partner: bool, says: str) -> None:
        swaps = self.house.read(lambda db: list(db.exec(select(SwapRow).order_by(SwapRow.id))))
        swap = swaps[number % len(swaps)] if swaps else None
        who = swap.partner if swap and is_partner else user
        self.press("selection.swap_answer", who, swap.id if swap else "sw_forged", says)

    @rule(user=SOMEBODY, name=st.sampled_from(["why", "swap", "move", "lead"]))
    @precondition(lambda self: self.is_grouped)
    def look(self, user: str, name: str) -> None:
        before = self.rows()
        self.press(f"selection.{name}", user, self.room.id)
        assert self.rows() == before

    @rule(user=SOMEBODY, gone=st.booleans())
    @precondition(lambda self: self.folder is not None)
    def account(self, user: str, gone: bool) -> None:
        body = {"user": {"id": user, "name": user, "team_id": TEAM, "deleted": gone}}
        self.send("event", "user_change", user, body=body, key=f"e:{self.next_id('e')}")

    # what always holds

    def picks(self) -> dict[str, Pick]:
        return {pick.user: pick for pick in self.house.read(lambda db: selection.picks_of(db, TEAM, self.room.id))}

    @invariant()
    def picks_name_topics_on_offer(self) -> None:
        if self.is_open:
            for pick in self.picks().values():
                assert all(self.session.topic(topic) for topic in pick.topics)
                assert len(set(pick.topics)) == len(pick.topics) <= (3 if self.session.mode is Mode.RANKED else 1)
            assert len(self.house.read(lambda db: list(db.exec(select(TopicRow))))) == len(TOPICS), "nothing is deleted"

    @invariant()
    def everybody_who_comes_has_one_seat_or_waits(self) -> None:
        if not self.is_grouped:
            return
        groups, waiting = self.groups, self.room.waiting()
        people = [user for group in groups for user in group.people]
        rows = self.house.read(lambda db: [row.user_id for row in db.exec(select(SeatRow))])
        assert sorted(people) == sorted(rows) == sorted(set(people)), "one seat per person"
        leads = {group.facilitator for group in groups if group.facilitator}
        assert not set(waiting) & (set(people) | leads)
        members = {member.user: member for member in self.house.read(lambda db: programme.members(db, TEAM))}
        coming = {
            user for user, pick in self.picks().items() if pick.wish is not Wish.ABSENT and members[user].takes_part
        }
        assert coming <= set(people) | leads | set(waiting), "nobody is forgotten"
        assert all(members[user].takes_part for user in people)

    @invariant()
    def no_group_is_over_its_maximum(self) -> None:
        for group in self.groups if self.is_grouped else []:
            lead = leading_topic(self.session, group)
            most = self.session.maximum(lead) if lead else self.session.group_limit
            assert most is None or len(group.people) <= most
            assert group.note_taker is None or group.note_taker in group.people
            for duty in (group.facilitator, group.note_taker):
                assert duty is None or not any(other.has(duty) for other in self.groups if other.id != group.id)


TestWorkspace = Workspace.TestCase
TestWorkspace.settings = settings(
    max_examples=8, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
