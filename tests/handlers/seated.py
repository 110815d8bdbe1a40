"""A session whose groups were made by the real allocation, and people who press what they see, through the router."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from sqlmodel import Session

from bot.selection import Group, Pick, Reason, Wish, group_of
from bot.worksessions import Mode, State, Topic, WorkSession
from handlers.routing import Click
from handlers.selection import closing
from handlers.slack import kinds, router
from handlers.world import World
from playground.linter import lint_message, lint_view, visible_texts
from storage import selection, themes, worksessions
from tests.handlers.house import TEAM, House, wall

STARTS = wall(2021, 6, 17, 13)
CLOSES = wall(2021, 6, 17, 14)
TOPICS = ("Ouders", "Verduurzaming", "Vervoer")


@dataclass
class Hearing(World):
    """A world in which what is said to one person is kept, and held against Slack's limits, instead of sent."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    drawn: list[list[dict[str, Any]]] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)

    async def whisper(
        self, click: Click, text: str, blocks: Sequence[Block | dict[str, Any]] = (), *, replace: bool = False
    ) -> None:
        packed = [block if isinstance(block, dict) else block.to_dict() for block in blocks]
        assert lint_message({"text": text, "blocks": packed}) == []
        self.heard.append((click.user, text))
        self.drawn.append(packed)

    async def enrol(self, team: str, user: str) -> None:
        """Everybody in these tests is known already."""

    async def open(self, click: Click, view: View, *, push: bool = False) -> None:
        packed = view.to_dict()
        assert lint_view(packed) == []
        self.opened.append(packed)

    async def show(self, team: str, view_id: str, view: View | Mapping[str, Any]) -> None:
        packed = view.to_dict() if isinstance(view, View) else dict(view)
        assert lint_view(packed) == []
        self.shown.append(packed)


class Room:
    """One session: who presses what, and what it led to."""

    def __init__(self, house: House, session: WorkSession) -> None:
        self.house = house
        self.id = session.id
        self.world = Hearing(
            **{each.name: getattr(house.world, each.name) for each in fields(World) if not each.name.startswith("_")}
        )
        house.world = self.world
        house.posted(session)
        self._router = router()

    @property
    def session(self) -> WorkSession:
        found = self.house.read(lambda db: worksessions.one(db, TEAM, self.id))
        assert found is not None
        return found

    @property
    def groups(self) -> list[Group]:
        return self.house.read(lambda db: selection.groups_of(db, TEAM, self.id))

    def tables(self) -> dict[str, list[str]]:
        """Who sits where, by the name of the group's first topic."""
        names = {topic.id: topic.name for topic in self.session.topics}
        return {names[group.topics[0]]: sorted(group.people) for group in self.groups}

    def at(self, topic: str) -> Group:
        names = {each.id: each.name for each in self.session.topics}
        return next(group for group in self.groups if topic in [names[each] for each in group.topics])

    def of(self, user: str) -> Group | None:
        return group_of(self.groups, user)

    def reason(self, user: str) -> Reason | None:
        held = self.house.read(lambda db: selection.seat(db, TEAM, self.id, user))
        return held[1].reason if held else None

    def topic(self, name: str) -> str:
        return next(topic.id for topic in self.session.topics if topic.name == name)

    def waiting(self) -> list[str]:
        return self.house.read(lambda db: selection.unseated(db, TEAM, self.id))

    def do(
        self, kind: str, name: str, user: str, value: str = "", argument: str = "", **more: Any
    ) -> Mapping[str, Any]:
        """Let somebody press or hand in; returns the ack."""
        acks: list[Any] = []

        async def ack(body: Any = None) -> None:
            acks.append(body or {})

        click = self.house.click(kind, name, user, value, argument, **more)
        self.house.do(self._router.handle(click, self.world, ack))
        assert len(acks) == 1, "there is always one ack"
        return dict(acks[0])

    def press(self, name: str, user: str, value: str | None = None, argument: str = "", **more: Any) -> str:
        """Press a button, about the session where nothing else is said; returns the last answer to them alone."""
        before = len(self.world.heard)
        self.do("action", name, user, self.id if value is None else value, argument, **more)
        said = [text for who, text in self.world.heard[before:] if who == user]
        return said[-1] if said else ""

    def buttons(self) -> list[tuple[str, str]]:
        """Action and value of the buttons under the last answer."""
        rows = [block["elements"] for block in self.world.drawn[-1] if block["type"] == "actions"]
        return [(each["action_id"], each["value"]) for row in rows for each in row]

    def move(
        self, user: str, group: Group, duty: str = "participant", by: str = "ineke", **more: Any
    ) -> dict[str, Any]:
        """Hand in the form that moves somebody; returns what stands under the fields."""
        room = more.pop("room", [])
        values = {"person": user, "group": group.id, "as": duty, "room": room}
        ack = self.do("form", "selection.move", by, fields=values, metadata=json.dumps({"session": self.id}), **more)
        return dict(ack.get("errors", {}))

    def propose(self, asker: str, partner: str, **more: Any) -> dict[str, Any]:
        """Hand in the form that asks somebody to change places."""
        values = {"partner": partner}
        ack = self.do("form", "selection.swap", asker, fields=values, metadata=json.dumps({"session": self.id}), **more)
        return dict(ack.get("errors", {}))

    def swaps(self, asker: str) -> list[tuple[str, str]]:
        """Id and state of what somebody proposed, in order."""

        def look(db: Session) -> list[tuple[str, str]]:
            rows = db.exec(selection.SwapRow.__table__.select())  # type: ignore[attr-defined]  # SQLModel has no stubs for it
            return sorted((row.id, row.state) for row in rows if row.asker == asker)

        return self.house.read(look)

    def told(self, kind: str, user: str) -> str:
        """What the newest message of this kind to somebody says, drawn now; empty where there is none."""
        rows = [row for row in self.house.owed(kind) if row.user_id == user]
        body = self.house.draw(rows[-1], kinds()) if rows else None
        return "\n".join(visible_texts([block.to_dict() for block in body.blocks])) if body else ""

    def list(self) -> str:
        """The list of groups as it would be painted now."""
        body = self.house.draw(self.house.owed("selection.card")[-1], kinds())
        assert body is not None
        return "\n".join(visible_texts([block.to_dict() for block in body.blocks]))


def choosing(
    house: House,
    wishes: Mapping[str, Sequence[str] | None],
    *,
    limit: int | None = None,
    minimum: int | None = 1,
    mode: Mode = Mode.RANKED,
    topics: Sequence[str] = TOPICS,
    leads: Mapping[str, str] | None = None,
    merged: Mapping[str, str] | None = None,
    placed: Sequence[str] = (),
) -> Room:
    """A session in which people chose (None: "I don't know") and still can.

    `leads` names who was appointed to which topic, `merged` which topic makes one group with which.
    """

    def save(db: Session) -> WorkSession:
        ids = house.world.ids
        offered = [
            Topic(
                ids("tp"), name, name[:20], themes.theme_for(db, TEAM, name, name[:20], (), ids("th")),
                facilitator=next((user for user, topic in (leads or {}).items() if topic == name), None),
            )
            for name in topics
        ]  # fmt: skip
        by_name = {topic.name: topic.id for topic in offered}
        found = WorkSession(
            ids("ws"), TEAM, "Werksessie 17 juni", "CWS", STARTS, STARTS + timedelta(hours=3), CLOSES,
            "Europe/Amsterdam", State.CHOOSING, "ineke", tuple(offered), (), limit, minimum, mode,
            opened_at=STARTS - timedelta(days=7),
        )  # fmt: skip
        worksessions.save(db, found, house.clock.now())
        for one, other in (merged or {}).items():
            worksessions.merge_topic(db, TEAM, by_name[one], by_name[other])
        for number, (user, wish) in enumerate(wishes.items()):
            chosen = tuple(by_name[name] for name in wish or ())
            at = STARTS + timedelta(seconds=number)
            by = "ineke" if user in placed else None
            kind = Wish.TOPIC if chosen else Wish.ANYWHERE
            selection.save_pick(db, TEAM, found.id, Pick(user, kind, chosen, at, placed_by=by))
        return found

    return Room(house, house.write(save))


def close(house: House, wishes: Mapping[str, Sequence[str] | None], **more: Any) -> Room:
    """The same session after closing: the groups are those of the real allocation."""
    room = choosing(house, wishes, **more)
    house.write(lambda db: worksessions.set_state(db, TEAM, room.id, State.CLOSING))
    house.at(CLOSES)
    house.do(closing.form_groups(house.world, TEAM, room.id))
    return room
