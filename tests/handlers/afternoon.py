"""The end of a session with two groups, and what people do to hand in: by form, reply, shortcut or direct message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import select

from bot.impressions import PARTS, Impression
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import impressions
from storage import delivery
from storage import impressions as store
from storage import selection as groups
from storage import worksessions as sessions
from tests.handlers.house import TEAM, House, wall


class Afternoon:
    """Two groups that talk: Sanne leads the first with Noor and Lotte (note-taker), Youssef the second with Samir."""

    def __init__(self, house: House) -> None:
        self.house = house
        for name in ("noor", "samir", "sanne", "youssef"):
            house.person(name)
        house.person("lotte", None, Role.NOTE_TAKER)
        house.person("ineke", None, Role.COORDINATOR)
        self.session: WorkSession = house.session(wall(2021, 6, 17, 13))
        first, second = (topic.id for topic in self.session.topics)
        self.first = Group("gr_a", self.session.id, 1, (first,), "sanne", ("noor", "lotte"))
        self.second = Group("gr_b", self.session.id, 2, (second,), "youssef", ("samir",))
        house.write(lambda db: groups.save_groups(db, TEAM, [self.first, self.second]))
        house.write(self._owe_threads)
        house.arrive("selection.group")
        self.threads = {group.id: house.read(self._thread_of(group)) for group in (self.first, self.second)}

    def _thread_of(self, group: Group) -> Callable[[Any], tuple[str, str] | None]:
        return lambda db: delivery.sent(db, TEAM, f"selection.group:{group.id}")

    def _owe_threads(self, db: Any) -> None:
        for group in (self.first, self.second):
            delivery.plan(
                db,
                team=TEAM,
                key=f"selection.group:{group.id}",
                kind="selection.group",
                arguments={"id": group.id},
                channel="CWS",
                now=self.house.world.now(),
            )

    def kept(self) -> list[Impression]:
        return self.house.read(lambda db: store.of_session(db, TEAM, self.session.id))

    def texts(self) -> list[str]:
        return [one.contents.takeaway for one in self.kept()]

    def share(self, user: str, group: str = "gr_a", **parts: str) -> Any:
        click = self.house.click(
            "form",
            "impressions.share",
            user,
            metadata=f'{{"group": "{group}"}}',
            fields=dict.fromkeys(PARTS, "") | parts,
        )
        return self.house.answer(impressions.share, click)

    def event(self, name: str, body: dict[str, Any], **more: Any) -> Any:
        return self.house.click(
            "event",
            name,
            body.get("user", ""),
            channel="CWS",
            ts=body.get("ts", ""),
            thread_ts=body.get("thread_ts", ""),
            body=body,
            **more,
        )

    def reply(self, user: str, text: str, ts: str = "7.1", group: str = "gr_a", **more: Any) -> Any:
        body = {"type": "message", "user": user, "ts": ts, "thread_ts": self.thread(group), "text": text, **more}
        return self.house.answer(impressions.heard, self.event("message", body))

    def edit(self, user: str, text: str, before: str, ts: str = "7.1", at: str = "8.1", group: str = "gr_a") -> Any:
        message = {
            "user": user,
            "ts": ts,
            "thread_ts": self.thread(group),
            "text": text,
            "edited": {"user": user, "ts": at},
        }
        body = {"message": message, "previous_message": {"text": before, "ts": ts, "user": user}}
        return self.house.answer(impressions.edited, self.event("message_changed", body))

    def delete(self, ts: str = "7.1") -> Any:
        return self.house.answer(
            impressions.deleted, self.event("message_deleted", {"deleted_ts": ts, "previous_message": {"ts": ts}})
        )

    def thread(self, group: str) -> str:
        at = self.threads[group]
        assert at is not None
        return at[1]

    def shortcut(self, user: str, text: str, ts: str = "9.1", thread_ts: str = "", **message: Any) -> str:
        """Open the form from a message, and return the form's id."""
        click = self.house.click(
            "shortcut",
            "impressions.share",
            user,
            channel="CWS",
            ts=ts,
            thread_ts=thread_ts,
            body={"message": {"text": text, "ts": ts, **message}},
        )
        self.house.answer(impressions.open_from_message, click)
        forms = self.house.read(lambda db: list(db.exec(select(sessions.FormRow))))
        return str(forms[-1].id)

    def hand_in(self, user: str, form: str, group: str = "gr_a", **parts: str) -> Any:
        click = self.house.click(
            "form",
            "impressions.share",
            user,
            metadata=f'{{"form": "{form}", "group": "{group}"}}',
            fields=dict.fromkeys(PARTS, "") | parts,
        )
        return self.house.answer(impressions.share, click)
