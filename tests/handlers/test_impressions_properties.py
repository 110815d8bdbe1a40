"""Whatever Slack tells, in whatever order, late and twice over: in the end is kept what an orderly run keeps."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot.impressions import PARTS
from bot.programme import Role
from bot.selection import Group
from handlers import impressions
from storage import delivery
from storage import harvest as articles
from storage import impressions as store
from storage import selection as groups
from storage.delivery import OutboxRow
from storage.impressions import ImpressionVersionRow
from tests.handlers.house import TEAM, House, wall

WRITERS = {"sanne": 0, "noor": 0, "lotte": 0, "youssef": 1}
"""Who writes, and in which group's thread. Noor may not hand in, so what she says is talk."""
KINDS = (
    "Wij spraken over onderwerp {n} met de school.",
    "Kevin vertelde over onderwerp {n} op school.",
    "Top, {n}!",
    "Wie weet er meer over onderwerp {n} van ons?",
    "Bel 06-12345678 over onderwerp {n} van de school.",
)
"""An impression, one with a name that is listed, talk, a question, and what may not be kept."""


FORMS = st.sampled_from([[], [], ["names"], ["form"], ["form", "names"]])
"""Which forms are shared meanwhile: one with a name in its text, one that lists this name."""


@dataclass(frozen=True)
class Message:
    """A message with the texts it had one after another, and whether it was deleted in the end."""

    writer: str
    texts: tuple[int, ...]
    deleted: bool
    subtype: str


@dataclass(frozen=True)
class Told:
    """One thing that Slack tells; `key` is the same when it tells it again."""

    key: str
    message: int
    kind: str
    number: int = 0


MESSAGES = st.builds(
    Message,
    writer=st.sampled_from(sorted(WRITERS)),
    texts=st.lists(st.integers(0, len(KINDS) - 1), min_size=1, max_size=4).map(tuple),
    deleted=st.booleans(),
    subtype=st.sampled_from(["", "", "file_share", "thread_broadcast"]),
)


def told_in_order(messages: Sequence[Message], forms: Sequence[str] = ()) -> list[Told]:
    """Everything as it happened, and in the end the forms that were shared meanwhile."""
    events = []
    for at, message in enumerate(messages):
        events.append(Told(f"{at}:0", at, "created"))
        events += [Told(f"{at}:{number}", at, "edited", number) for number in range(1, len(message.texts))]
        events.append(Told(f"{at}:link", at, "unfurled"))
        if message.deleted:
            events.append(Told(f"{at}:gone", at, "deleted"))
    return [*events, *(Told(form, 0, form) for form in forms)]


class Run:
    """One session with two groups, to which a list of events is told; the database is shared with earlier runs."""

    def __init__(self, house: House, number: int, messages: Sequence[Message]) -> None:
        self.house, self.number, self.messages = house, number, messages
        self.session = house.session(wall(2021, 6, 17, 13), topics=("Ouders", "Vervoer"))
        first, second = (topic.id for topic in self.session.topics)
        self.groups = [
            Group(f"gr_{number}a", self.session.id, 1, (first,), "sanne", ("noor", "lotte")),
            Group(f"gr_{number}b", self.session.id, 2, (second,), "youssef", ("samir",)),
        ]
        house.write(self._open_threads)

    def _open_threads(self, db: Session) -> None:
        groups.save_groups(db, TEAM, self.groups)
        now = self.house.clock.now()
        for group in self.groups:
            key = f"selection.group:{group.id}"
            delivery.plan(
                db, team=TEAM, key=key, kind="selection.group", arguments={"id": group.id}, channel="CWS", now=now
            )
            row = db.exec(select(OutboxRow).where(OutboxRow.key == key)).one()
            assert row.id is not None
            delivery.claim(db, row.id, row.attempt, now, now)
            delivery.record_sent(db, row.id, row.attempt + 1, self.thread(group), "CWS", now)

    def thread(self, group: Group) -> str:
        return f"{self.number}.{group.number}"

    def tell(self, events: Sequence[Told]) -> None:
        for event in events:
            self._tell(event)

    def _tell(self, event: Told) -> None:
        key = f"{self.number}:{event.key}"
        if event.kind in ("form", "names"):
            self._share(key, "lotte" if event.kind == "form" else "youssef", event.kind)
            return
        message = self.messages[event.message]
        said = {
            "type": "message", "user": message.writer, "ts": f"{self.number}.{100 + event.message}",
            "thread_ts": self.thread(self.groups[WRITERS[message.writer]]),
            "text": self.text(event.message, event.number),
        }  # fmt: skip
        name, handler, body = self._event(event, said, message)
        click = self.house.click(
            "event", name, message.writer if name == "message" else "", key=key, channel="CWS",
            ts=str(body.get("ts", "")), thread_ts=str(body.get("thread_ts", "")), body=body,
        )  # fmt: skip
        self.house.answer(handler, click)

    def _event(
        self, event: Told, said: dict[str, Any], message: Message
    ) -> tuple[str, Callable[..., Any], dict[str, Any]]:
        if event.kind == "created":
            more = {"subtype": message.subtype, "files": []} if message.subtype else {}
            return "message", impressions.heard, {**said, **more}
        if event.kind == "deleted":
            return "message_deleted", impressions.deleted, {"deleted_ts": said["ts"], "previous_message": said}
        if event.kind == "unfurled":  # Slack found a link in the first text; nobody edited anything
            body = {"message": {**said, "attachments": [{}]}, "previous_message": said}
            return "message_changed", impressions.edited, body
        before = {**said, "text": self.text(event.message, event.number - 1)}
        edited = {**said, "edited": {"user": message.writer, "ts": f"{1000 + event.number}.1"}}
        return "message_changed", impressions.edited, {"message": edited, "previous_message": before}

    def text(self, message: int, number: int) -> str:
        return KINDS[self.messages[message].texts[number]].format(n=f"{message}-{number}")

    def _share(self, key: str, user: str, kind: str) -> None:
        fields = dict.fromkeys(PARTS, "")
        fields["takeaway"] = "Kevin deelde wat wij meenamen." if kind == "form" else "Wij noemen geen namen."
        if kind == "names":
            fields["involved"] = "Kevin"
        group = self.groups[WRITERS[user]].id
        click = self.house.click(
            "form", "impressions.share", user, key=key, metadata=json.dumps({"group": group}), fields=fields
        )
        self.house.answer(impressions.share, click)

    def end(self) -> tuple[Any, ...]:
        """What is kept, and what the draft says, whatever the ids and versions on the way."""

        def look(db: Session) -> tuple[Any, ...]:
            kept = store.of_session(db, TEAM, self.session.id)
            article = articles.of_session(db, TEAM, self.session.id)
            said = sorted(s.run.text for s in article.sentences) if article else None
            number = {group.id: group.number for group in self.groups}
            live = sorted(
                (number[i.group], i.source, i.author, *(i.text(part) for part in PARTS), (i.ts or "").split(".")[-1])
                for i in kept
            )
            return live, said

        return self.house.read(look)

    def remembered(self) -> str:
        """Every word that is kept of this session: in impressions, withdrawn or not, and their versions."""

        def look(db: Session) -> str:
            rows = db.exec(
                select(store.ImpressionRow).where(store.ImpressionRow.work_session_id == self.session.id)
            ).all()
            ids = [row.id for row in rows]
            older = db.exec(select(ImpressionVersionRow).where(col(ImpressionVersionRow.impression_id).in_(ids)))
            return json.dumps([row.model_dump(mode="json") for row in (*rows, *older)], ensure_ascii=False)

        return self.house.read(look)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp())
    made = House(folder, wall(2021, 6, 17, 16))
    for user in (*WRITERS, "samir"):
        made.person(user)
    made.person("lotte", None, Role.NOTE_TAKER)
    yield made
    made.database.close()
    shutil.rmtree(folder)


COUNT = iter(range(1, 1_000_000))


EVENTS = given(st.lists(MESSAGES, min_size=1, max_size=3), FORMS, st.randoms(use_true_random=False), st.data())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@EVENTS
def test_shuffled_doubled_and_late_events_end_as_the_orderly_run(
    house: House, messages: list[Message], forms: list[str], random: Any, data: st.DataObject
) -> None:
    both_ways(house, messages, forms, random, data)


@pytest.mark.matrix
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@EVENTS
def test_in_hundreds_of_orders_events_end_as_the_orderly_run(
    house: House, messages: list[Message], forms: list[str], random: Any, data: st.DataObject
) -> None:
    both_ways(house, messages, forms, random, data)


def both_ways(house: House, messages: list[Message], forms: list[str], random: Any, data: st.DataObject) -> None:
    """Tell the same in order and out of order, and hold what is left side by side."""
    orderly = told_in_order(messages, forms)
    again = data.draw(st.lists(st.sampled_from(orderly), max_size=4))
    shuffled = [*orderly, *again]
    random.shuffle(shuffled)
    first, second = Run(house, next(COUNT), messages), Run(house, next(COUNT), messages)
    first.tell(orderly)
    second.tell(shuffled)
    (kept, said), (expected, draft) = second.end(), first.end()
    assert kept == expected
    if said is not None and draft is not None:  # a draft is made once all groups have something, if only for a moment
        assert said == draft
    for run in (first, second):
        words = run.remembered()
        assert "12345678" not in words
        assert "Kevin" not in words or "names" not in forms
        for number, message in enumerate(messages):
            if message.deleted:
                assert f"onderwerp {number}-" not in words


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(MESSAGES, st.permutations(range(6)))
def test_a_message_that_was_deleted_never_comes_back(house: House, message: Message, order: list[int]) -> None:
    gone = replace(message, deleted=True)
    events = told_in_order([gone])
    run = Run(house, next(COUNT), [gone])
    run.tell([events[-1], *(events[number] for number in order if number < len(events))])
    assert run.end() == ([], None)
