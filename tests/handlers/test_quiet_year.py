"""Three hundred days with a session every month and the clock of every feature: nobody is ever pestered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from bot.calendar import SENDING_HOURS, holidays_on, is_dutch_holiday
from bot.delivery import Operation, RowState
from bot.followup import Answer, Availability, DateOption, DatePoll, Given, PollState
from bot.impressions import PARTS
from bot.programme import Role
from bot.promises import Capacity, Event, Promise
from bot.promises import State as Standing
from bot.selection import Pick, Wish
from bot.worksessions import State, Topic, WorkSession
from handlers import nudges as quiet
from handlers import prompting
from handlers.impressions import share
from handlers.slack import kinds, rhythms
from storage import delivery, followup, nudges, programme, promises, selection, themes, worksessions
from storage import impressions as notes
from storage.delivery import OutboxRow
from tests.handlers.house import AMSTERDAM, TEAM, House, wall

DAY = timedelta(days=1)
STARTS = [wall(2021, 1, 1, 13) + timedelta(days=14 + 28 * number) for number in range(9)]
SILENT, KIND, BUSY = "samir", "noor", "sanne"
"""Samir never answers anything; Noor answers all of it; Sanne leads, promises and coordinates, and is slow."""
ANSWERS = {
    "selection.seated", "selection.placed", "selection.gap", "promises.news", "impressions.objections",
    "followup.poll_result", "followup.series_ask", "impressions.signing", "harvest.draft",
}  # fmt: skip
"""Direct messages that a tick owes and that are no reminders: they say what came of something a person did."""


class Year:
    """What people do in it, and a courier that brings what is due and looks at every message."""

    def __init__(self, house: House) -> None:
        self.house = house
        region = house.region("Haaglanden")
        house.write(lambda db: programme.set_holidays(db, TEAM, region, "Midden"))
        for user in (SILENT, KIND, BUSY, "youssef", "lotte"):
            house.person(user, region, *((Role.COORDINATOR, Role.FACILITATOR) if user == BUSY else ()))
        self.region = region
        self.rhythms = rhythms()
        self.kinds = kinds()
        self.sent: list[tuple[str, str, datetime]] = []
        self.answered: set[tuple[str, str, str]] = set()
        self.unasked: set[str] = set()
        self.quiet_until: dict[str, datetime] = {}
        self.steps = 0
        self.script: list[tuple[datetime, Callable[[], None]]] = []
        before: WorkSession | None = None
        for number, starts in enumerate(STARTS):
            before = self._plan(number, starts, before)

    def _plan(self, number: int, starts: datetime, before: WorkSession | None) -> WorkSession:
        """One month: a poll, a date, choosing, the talk, what is shared of it, and what was promised there."""
        house, at = self.house, self.script.append
        session = WorkSession(
            f"ws_{number}", TEAM, f"Sessie {number}", "CWS", starts, starts + timedelta(hours=3), None,
            "Europe/Amsterdam", State.PLANNED, BUSY, (), (self.region,),
        )  # fmt: skip
        at((starts - 27 * DAY, lambda: self._poll(number, starts)))
        at((starts - 26 * DAY, lambda: self._vote(number)))
        follows = before.id if before else None
        at((starts - 20 * DAY, lambda: house.write(lambda db: worksessions.save(db, session, starts, follows))))
        at((starts - 19 * DAY, lambda: self._come(session)))
        at((starts - 5 * DAY, lambda: self._open(session)))
        at((starts - 4 * DAY, lambda: self._choose(session)))
        at((starts + timedelta(hours=2, minutes=30 if number % 2 else 50), lambda: self._share(session, "youssef")))
        at((starts + timedelta(hours=3, minutes=1), lambda: self._promise(session, number)))
        at((starts + 4 * DAY, lambda: self._remind_all(session)))
        at((starts + 20 * DAY, lambda: self._keep(f"pm_{number}_{KIND}")))
        if number == 3:
            at((starts - 6 * DAY, self._be_quiet))
        return session

    def _poll(self, number: int, starts: datetime) -> None:
        options = tuple(
            DateOption(f"do_{number}_{n}", starts + n * DAY, starts + n * DAY + timedelta(hours=3)) for n in range(2)
        )
        deadline = (starts - 23 * DAY).astimezone(AMSTERDAM).replace(hour=17, minute=0)
        poll = DatePoll(
            f"dp_{number}", TEAM, "CWS", "Europe/Amsterdam", deadline, 0, PollState.RUNNING, BUSY,
            self.house.world.now(), 1, options, None, (self.region,),
        )  # fmt: skip
        self.house.write(lambda db: followup.polling.save(db, poll, self.house.world.now()))

    def _vote(self, number: int) -> None:
        def save(db: Session) -> None:
            poll = followup.polling.one(db, TEAM, f"dp_{number}")
            assert poll is not None
            for option in poll.options:
                followup.polling.save_answer(db, poll, option.id, KIND, Availability.YES, self.house.world.now())

        self.house.write(save)
        self.answered.add(("followup.poll_reminder", f"dp_{number}", KIND))

    def _come(self, session: WorkSession) -> None:
        for user, said in ((KIND, Answer.NO), (BUSY, Answer.YES)):
            given = Given(said, self.house.world.now())
            self.house.write(lambda db, user=user, given=given: followup.save_answer(db, session, user, given))
        self.answered.add(("followup.reminder", session.id, KIND))

    def _open(self, session: WorkSession) -> None:
        now, ids = self.house.world.now(), self.house.world.ids

        def save(db: Session) -> None:
            topics = tuple(
                Topic(ids("tp"), name, name, themes.theme_for(db, TEAM, name, name, (), ids("th")), leader)
                for name, leader in (("Ouders", BUSY), ("Vervoer", "youssef"))
            )
            closes = session.starts_at + timedelta(hours=1)
            open_ = replace(session, state=State.CHOOSING, topics=topics, opened_at=now, closes_at=closes)
            worksessions.save(db, open_, now)
            self.offered = open_

        self.house.write(save)

    def _choose(self, session: WorkSession) -> None:
        now = self.house.world.now()
        for user, topic in ((KIND, 0), ("lotte", 1)):
            pick = Pick(user, Wish.TOPIC, (self.offered.topics[topic].id,), now)
            self.house.write(lambda db, pick=pick: selection.save_pick(db, TEAM, self.offered.id, pick))
            self.answered.add(("selection.reminder", self.offered.id, user))

    def _share(self, session: WorkSession, user: str) -> None:
        groups = self.house.read(lambda db: selection.groups_of(db, self.offered.team, self.offered.id))
        group = next(each for each in groups if each.facilitator == user)
        fields = dict.fromkeys(PARTS, "") | {"takeaway": "We nodigen de school uit.", "offer": "Ik maak één kaart."}
        metadata = json.dumps({"group": group.id})
        answer = self.house.answer(
            share, self.house.click("form", "impressions.share", user, fields=fields, metadata=metadata)
        )
        assert answer.ack is None, answer.ack
        self.answered.add(("impressions.ask", group.id, user))

    def _promise(self, session: WorkSession, number: int) -> None:
        now = self.house.world.now()
        (note, *_) = self.house.read(lambda db: notes.of_session(db, TEAM, self.offered.id))
        for user in (KIND, BUSY):
            due = (now + 28 * DAY).date()
            promise = Promise(
                f"pm_{number}_{user}", TEAM, self.offered.id, note.group, note.id, None, "", user, BUSY, now,
                state=Standing.CHANGED, due=due, due_since=now, own_words="Een kaart", agreed_at=now,
            )  # fmt: skip
            event = Event(now, user, Capacity.OWNER, None, promise.state, None, due)
            self.house.write(lambda db, promise=promise, event=event: promises.save(db, promise, event))

    def _keep(self, promise_id: str) -> None:
        from handlers import promises as feature

        click = self.house.click("action", "promises.done", KIND, promise_id)
        self.house.answer(feature.ROUTES.actions["promises.done"], click)
        self.answered.add(("promises.reminder", promise_id, KIND))

    def _remind_all(self, session: WorkSession) -> None:
        from bot.problem import Refused

        click = self.house.click("action", "prompting.remind_all", BUSY, self.offered.id)
        try:
            self.house.answer(prompting.ROUTES.actions["prompting.remind_all"], click)
        except Refused as refused:
            assert refused.key == "prompting.all_reminded", refused

    def _be_quiet(self) -> None:
        day = (self.house.world.now() + 21 * DAY).astimezone(AMSTERDAM).date()
        typed = f"tot {day.day}-{day.month}-{day.year}"
        self.house.answer(quiet.quiet, self.house.click("command", "stil", SILENT, typed))
        until = self.house.read(lambda db: programme.member(db, TEAM, SILENT)).quiet_until
        assert until is not None and until > self.house.world.now() + 20 * DAY
        self.quiet_until[SILENT] = until

    # The clock

    def live(self, until: datetime) -> None:
        """Step from moment to moment, as the practice Slack's clock does: what is due, what people do, the post."""
        self.script.sort(key=lambda one: one[0])
        now = self.house.world.now()
        while now < until:
            self.steps += 1
            while self.script and self.script[0][0] <= now:
                self.script.pop(0)[1]()
            self._tick(now)
            self._deliver(now)
            coming = self.house.read(lambda db, now=now: [rhythm.next_due(db, now) for rhythm in self.rhythms])
            later = self.house.read(_next_parcel)
            acts = self.script[0][0] if self.script else until
            moments = [at for at in (*coming, later, acts) if at is not None and at > now]
            now = min([*moments, until])
            self.house.at(now)

    def _tick(self, now: datetime) -> None:
        newest = select(func.max(OutboxRow.id))
        before = self.house.read(lambda db: db.exec(newest).first()) or 0

        async def all_of_them() -> None:
            for rhythm in self.rhythms:
                await rhythm.tick(self.house.world, now)
            await self.house.world.tasks.drain(5)

        self.house.do(all_of_them())
        owed = select(OutboxRow).where(
            col(OutboxRow.id) > before, col(OutboxRow.user_id).is_not(None), OutboxRow.operation == Operation.POST.value
        )
        self.unasked |= {row.kind for row in self.house.read(lambda db: list(db.exec(owed))) if not row.nudge}

    def _deliver(self, now: datetime) -> None:
        """Do with each parcel what the courier does, without Slack."""

        def bring(db: Session) -> int:
            found = delivery.due(db, now, now)
            for parcel in found:
                if nudges.hold(db, parcel, now):
                    continue
                delivery.claim(db, parcel.id, parcel.attempt, now, now)
                body: Any = True
                if parcel.nudge:
                    words = self.house.world.words["nl"]
                    body = self.kinds[parcel.kind](db, self.house.settings, parcel.arguments, words)
                if body is None:
                    delivery.record_state(db, parcel.id, parcel.attempt + 1, RowState.DROPPED, "")
                    continue
                delivery.record_sent(db, parcel.id, parcel.attempt + 1, f"1.{parcel.id}", parcel.channel or "D", now)
                if parcel.nudge:
                    assert parcel.user is not None
                    subject = str(parcel.arguments["id"])
                    self.sent.append((parcel.user, f"{parcel.kind}:{subject}", now))
                    assert (parcel.kind, subject, parcel.user) not in self.answered, f"{parcel.key} was answered"
            return len(found)

        while self.house.write(bring):
            pass


def _next_parcel(db: Session) -> datetime | None:
    waits = select(func.min(OutboxRow.not_before)).where(OutboxRow.state == RowState.PLANNED.value)
    return db.exec(waits).first()


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    house = House(tmp_path, STARTS[0] - 28 * DAY)
    yield Year(house)
    house.database.close()


@pytest.mark.matrix
def test_with_a_session_every_month_nobody_gets_more_than_two_messages_a_week_that_they_did_not_ask_for(
    year: Year,
) -> None:
    year.live(STARTS[-1] + 30 * DAY)
    assert year.unasked <= ANSWERS, "a tick writes to people in one way only"
    by_kind = {kind.partition(":")[0] for _, kind, _ in year.sent}
    assert by_kind >= {
        "impressions.ask", "selection.reminder", "followup.reminder", "followup.poll_reminder", "promises.reminder",
    }, f"every feature that reminds did so in this year: {by_kind}"  # fmt: skip
    for user in {user for user, _, _ in year.sent}:
        moments = [at for who, _, at in year.sent if who == user]
        for first in moments:
            assert sum(first <= other < first + 7 * DAY for other in moments) <= 2, (user, first)
    for user, what, at in year.sent:
        local = at.astimezone(AMSTERDAM)
        assert SENDING_HOURS[0] <= f"{local:%H:%M}" <= SENDING_HOURS[1], (what, local)
        assert local.weekday() < 5 and not is_dutch_holiday(local.date()), (what, local)
        assert not holidays_on(local.date(), "Midden").school, (what, local)
        start, end = STARTS[3] - 6 * DAY, year.quiet_until.get(user)
        assert end is None or not start < at < end, "quiet is quiet"
    assert {user for user, _, _ in year.sent} >= {SILENT, BUSY, "youssef"}
    assert len(year.sent) > 40, "there was a lot to remind of"
