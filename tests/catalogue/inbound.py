"""Slack's side of the door: payloads as Slack sends them, and what became of each delivery."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.impressions import Impression
from bot.worksessions import State, WorkSession
from handlers.payloads import read_event, read_interaction
from handlers.slack import router
from handlers.world import World
from storage import impressions, worksessions
from storage.database import LOCK_WAIT
from storage.delivery import OutboxRow
from storage.inbox import InboxRow
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import Hearing

NOW = wall(2021, 6, 17, 15)
ROUTER = router()


def told(number: int | str) -> str:
    """Words that a group would hand in."""
    return f"We nodigen school {number} nu uit vóór we inkopen."


class Door:
    """The afternoon of a session, and everything that Slack delivers to it through the router."""

    def __init__(self, folder: Path, lock_wait: float = LOCK_WAIT) -> None:
        folder.mkdir(exist_ok=True)
        self.house = House(folder, NOW, lock_wait=lock_wait)
        self.afternoon = Afternoon(self.house)
        known = {
            each.name: getattr(self.house.world, each.name)
            for each in fields(World)
            if each.init and each.name[0] != "_"
        }
        self.world = self.house.world = Hearing(**known)
        self.world.ack_within = (
            30  # what is acked too late comes again; a busy machine may be slow, and lose no test by it
        )
        self._numbers = itertools.count(1)

    async def deliver(self, body: Mapping[str, Any]) -> Any:
        """Deliver once. Returns what was acked; raises what kept the ack back."""
        acks: list[Any] = []

        async def ack(payload: Any = None) -> None:
            acks.append(payload or {})

        read = read_event if "event" in body else read_interaction
        await ROUTER.handle(read(body), self.world, ack)
        await self.world.tasks.drain(5)
        assert len(acks) == 1
        return acks[0]

    def event(self, event: Mapping[str, Any], **outer: Any) -> dict[str, Any]:
        number = next(self._numbers)
        return {
            "type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}", "event": dict(event),
            "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}], **outer,
        }  # fmt: skip

    def reply(self, text: str, ts: str, user: str = "lotte", **more: Any) -> dict[str, Any]:
        """A reply in the thread of the first group: its impression."""
        thread = self.afternoon.thread("gr_a")
        return {
            "type": "message", "channel": "CWS", "channel_type": "channel", "user": user, "ts": ts, "text": text,
            "thread_ts": thread, **more,
        }  # fmt: skip

    def edit(self, text: str, ts: str, at: str, user: str = "lotte", **more: Any) -> dict[str, Any]:
        message = self.reply(text, ts, user, **more) | {"edited": {"user": user, "ts": at}}
        before = self.reply("iets anders", ts, user, **more)
        return {
            "type": "message", "subtype": "message_changed", "channel": "CWS", "ts": at, "message": message,
            "previous_message": before, "hidden": True,
        }  # fmt: skip

    def delete(self, ts: str, at: str, user: str = "lotte") -> dict[str, Any]:
        return {
            "type": "message", "subtype": "message_deleted", "channel": "CWS", "ts": at, "deleted_ts": ts,
            "previous_message": self.reply("iets", ts, user), "hidden": True,
        }  # fmt: skip

    def tap(self, name: str, user: str, value: str, at: str, ts: str = "2.1") -> dict[str, Any]:
        action = {"type": "button", "action_id": name, "value": value, "action_ts": at}
        return {
            "type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "actions": [action],
            "channel": {"id": "CWS"}, "message": {"ts": ts}, "trigger_id": f"t{at}",
        }  # fmt: skip

    def choosing(self) -> WorkSession:
        """A session of next week, for which people choose."""
        now = self.house.clock.now()
        made = self.house.session(now + timedelta(days=7), state=State.CHOOSING)
        made = replace(made, opened_at=now, closes_at=now + timedelta(days=6))
        self.house.write(lambda db: worksessions.save(db, made, now))
        return made

    def kept(self) -> list[Impression]:
        found = self.house.read(lambda db: impressions.of_session(db, TEAM, self.afternoon.session.id))
        return [each for each in found if each.withdrawn_at is None]

    def keys(self) -> int:
        return len(self.house.read(lambda db: db.exec(select(InboxRow.key).where(InboxRow.team_id == TEAM)).all()))

    def owed_in_channels(self) -> list[tuple[str, str]]:
        """What channels are owed beside the heads of the groups: its key, and the thread it goes to, if to one."""
        query = select(OutboxRow).where(OutboxRow.team_id == TEAM, col(OutboxRow.channel_id).is_not(None))
        rows = self.house.read(lambda db: db.exec(query).all())
        return sorted((row.key, row.thread_key or "") for row in rows if row.kind != "selection.group")
