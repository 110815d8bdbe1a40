"""Groups are asked kindly for their impression: twice by itself, then by the coordinator, never after the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import RowState
from bot.impressions import PARTS
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import State, WorkSession
from handlers import home, prompting
from handlers import impressions as impressions_handlers
from handlers.impressions import share
from handlers.prompting import asking
from playground.linter import lint_message, visible_texts
from storage import delivery, harvest, impressions, nudges, selection, worksessions
from storage.delivery import OutboxRow
from storage.selection.groups import take_notes
from tests.handlers.house import TEAM, House, wall

STARTS = wall(2021, 6, 15, 13)
ENDS = STARTS + timedelta(hours=3)
ASK, AGAIN, BOARD = ENDS - timedelta(minutes=15), ENDS + timedelta(hours=24), ENDS + timedelta(hours=72)
TOLD = "We nodigen de school nu uit vóór we inkopen."


class Afternoon:
    """A session of three hours on a Tuesday; Sanne and Youssef lead its groups, Ineke coordinates."""

    def __init__(self, house: House, starts: datetime = STARTS) -> None:
        self.house = house
        for name in ("noor", "sanne", "youssef", "lotte"):
            house.person(name)
        house.person("ineke", None, Role.COORDINATOR)
        self.session: WorkSession = house.session(starts)
        self.groups = [
            Group(f"gr_{n}", self.session.id, n, (self.session.topics[n - 1].id,), leader, ("noor",) if n == 1 else ())
            for n, leader in ((1, "sanne"), (2, "youssef"))
        ]
        house.write(lambda db: selection.save_groups(db, TEAM, self.groups))

    def tick(self, at: datetime) -> None:
        """The clock ticks, and the courier brings what is due, as far as there is anything to say."""
        self.house.at(at)
        self.house.do(prompting.RHYTHM.tick(self.house.world, at))
        self.deliver()

    def deliver(self) -> None:
        at = self.house.world.now()
        for row in self.house.owed("impressions.ask"):
            if row.state == RowState.PLANNED and row.not_before <= at:
                body = self.house.draw(row, prompting.MESSAGES)
                state = RowState.SENT if body is not None else RowState.DROPPED

                def save(db: object, row: OutboxRow = row, state: RowState = state) -> None:
                    assert row.id is not None
                    delivery.claim(db, row.id, row.attempt, at, at)  # type: ignore[arg-type]  # it is a session
                    if state is RowState.SENT:
                        delivery.record_sent(db, row.id, row.attempt + 1, "1.1", "D1", at)
                    else:
                        delivery.record_state(db, row.id, row.attempt + 1, state, "")

                self.house.write(save)

    def sent(self) -> list[tuple[str, datetime]]:
        return [
            (row.user_id or "", row.sent_at)
            for row in self.house.owed("impressions.ask")
            if row.state == RowState.SENT and row.sent_at is not None
        ]

    def share(self, number: int) -> None:
        group = self.groups[number - 1]
        found = self.house.read(lambda db: selection.group(db, TEAM, group.id))
        assert found is not None
        fields = dict.fromkeys(PARTS, "") | {"takeaway": TOLD}
        click = self.house.click(
            "form", "impressions.share", found.facilitator or "", fields=fields,
            metadata=json.dumps({"group": group.id}),
        )  # fmt: skip
        answer = self.house.answer(share, click)
        assert answer.ack is None, answer.ack

    def press(self, number: int | None = None, user: str = "ineke", **more: str) -> str:
        """[Herinner] for the impression of a group, or [Herinner iedereen]; returns what she is told."""
        name = "prompting.remind" if number else "prompting.remind_all"
        value = f"{self.session.id}/impression:gr_{number}" if number else self.session.id
        told: list[str] = []
        world = self.house.world
        click = self.house.click("action", name, user, value, **more)

        class Told(type(world)):  # type: ignore[misc]  # a world that keeps what it whispers
            async def whisper(self, click: object, text: str, blocks: object = (), *, replace: bool = False) -> None:
                told.append(text)

        hearing = Told(**{k: v for k, v in vars(world).items() if not k.startswith("_")})
        answered = self.house.do(prompting.ROUTES.actions[name](click, hearing))
        for work in answered.then:
            self.house.do(work)
        return told[-1]

    def board(self, at: datetime | None = None) -> list[str]:
        """What the coordinator reads on her Home, line by line."""
        if at is not None:
            self.house.at(at)
        return self.screen("ineke")

    def screen(self, user: str) -> list[str]:
        click = self.house.click("event", "app_home_opened", user)
        found = self.house.write(lambda db: home.look(self.house.world, click, db))
        from handlers.views import home as views

        view = views.home(found, found.asker.words).to_dict()
        return list(visible_texts(view["blocks"]))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, STARTS)
    yield made
    made.database.close()


@pytest.fixture
def afternoon(house: House) -> Afternoon:
    return Afternoon(house)


def test_a_group_is_asked_before_the_end_once_more_a_day_later_and_never_again(afternoon: Afternoon) -> None:
    for minutes in range(0, 10 * 24 * 60, 30):
        afternoon.tick(STARTS + timedelta(minutes=minutes + 15))
    assert afternoon.sent() == [
        (user, at) for at in (ASK, AGAIN + timedelta(minutes=15)) for user in ("sanne", "youssef")
    ]


def test_a_second_tick_asks_nobody_twice(afternoon: Afternoon) -> None:
    for _ in range(3):
        afternoon.tick(ASK)
    assert afternoon.sent() == [("sanne", ASK), ("youssef", ASK)]


def test_the_clock_is_told_exactly_when_the_next_group_is_asked(afternoon: Afternoon, house: House) -> None:
    assert house.read(lambda db: asking.next_due(db, STARTS)) == ASK
    afternoon.tick(ASK)
    assert house.read(lambda db: asking.next_due(db, ASK)) == AGAIN
    afternoon.tick(AGAIN)
    assert house.read(lambda db: asking.next_due(db, AGAIN)) is None


def test_the_question_says_how_to_answer_and_the_second_one_that_it_is_the_last(
    afternoon: Afternoon, house: House
) -> None:
    afternoon.tick(ASK)
    afternoon.tick(AGAIN)
    first, last = house.owed("impressions.ask")[0], house.owed("impressions.ask")[-1]
    for row, closing in ((first, False), (last, True)):
        body = house.draw(row, prompting.MESSAGES)
        assert body is not None
        shown = "\n".join(visible_texts([block.to_dict() for block in body.blocks]))
        assert "Deel impressie" in shown and "antwoorden op dit bericht" in shown
        assert ("Hierna vraag ik het niet meer." in shown) is closing
        assert lint_message({"text": body.text, "blocks": [block.to_dict() for block in body.blocks]}) == []


def test_it_stops_at_once_when_the_note_is_in(afternoon: Afternoon, house: House) -> None:
    afternoon.tick(ASK)
    afternoon.share(1)
    afternoon.tick(AGAIN)
    assert afternoon.sent() == [("sanne", ASK), ("youssef", ASK), ("youssef", AGAIN)]


def test_the_question_says_that_it_is_answered_and_its_button_goes(afternoon: Afternoon, house: House) -> None:
    afternoon.tick(ASK)
    afternoon.tick(AGAIN)
    afternoon.share(1)
    afternoon.share(1)
    changes = house.owed("impressions.asked")
    assert [(row.user_id, row.operation) for row in changes] == [("sanne", "update")] * 2, "once for each question"
    body = house.draw(changes[0], prompting.MESSAGES)
    assert body is not None
    shown = "\n".join(visible_texts([block.to_dict() for block in body.blocks]))
    assert "De impressie van groep 1 is binnen. Dank je wel." in shown and "Deel impressie" not in shown
    (note, _) = house.read(lambda db: impressions.of_session(db, TEAM, afternoon.session.id))
    assert sum("gevraagd op" in line for line in afternoon.board()) == 1, "of the other group"
    assert note.group == "gr_1"


def test_a_question_that_waits_for_the_morning_is_taken_back_when_the_note_is_in(house: House) -> None:
    evening = Afternoon(house, wall(2021, 6, 15, 17))
    house.at(wall(2021, 6, 15, 19))
    assert "woensdag" not in evening.press(1) and "wo 16 juni 08:30" in evening.press(2)
    evening.share(1)
    assert [row.state for row in house.owed("impressions.ask")] == [RowState.DROPPED, RowState.PLANNED]
    evening.tick(wall(2021, 6, 16, 8, 30))
    assert ("sanne", wall(2021, 6, 16, 8, 30)) not in evening.sent()


def test_a_question_already_on_its_way_says_nothing_once_the_note_is_in(afternoon: Afternoon, house: House) -> None:
    house.at(ASK)
    house.do(prompting.RHYTHM.tick(house.world, ASK))
    row = house.owed("impressions.ask")[0]
    assert house.draw(row, prompting.MESSAGES) is not None
    afternoon.share(1)
    assert house.draw(row, prompting.MESSAGES) is None


def test_who_withdrew_is_not_asked_anew_by_itself_but_the_board_says_that_it_is_missing(
    afternoon: Afternoon, house: House
) -> None:
    afternoon.tick(ASK)
    afternoon.share(1)
    (note,) = house.read(lambda db: impressions.of_session(db, TEAM, afternoon.session.id))
    gone = replace(note, withdrawn_at=AGAIN, contents=replace(note.contents, takeaway=""), version=2)
    house.write(lambda db: impressions.save(db, gone, []))
    afternoon.tick(AGAIN)
    assert afternoon.sent() == [("sanne", ASK), ("youssef", ASK), ("youssef", AGAIN)]
    assert any("Groep 1" in line and "nog geen impressie" in line for line in afternoon.board())


def test_somebody_who_takes_over_the_group_is_asked_and_the_one_before_is_not(
    afternoon: Afternoon, house: House
) -> None:
    afternoon.tick(ASK)
    house.write(lambda db: selection.lead(db, TEAM, "gr_1", "lotte"))
    later = ASK + timedelta(hours=1)
    afternoon.tick(later)
    assert ("lotte", later) in afternoon.sent()
    for hours in range(2, 90):
        afternoon.tick(ASK + timedelta(hours=hours))
    asked = [user for user, _ in afternoon.sent()]
    assert asked.count("lotte") == 2 and asked.count("sanne") == 1


def test_without_a_facilitator_who_takes_notes_is_asked_and_without_both_nobody(
    afternoon: Afternoon, house: House
) -> None:
    house.write(lambda db: selection.lead(db, TEAM, "gr_1", None))
    house.write(lambda db: take_notes(db, TEAM, "gr_1", "noor"))
    house.write(lambda db: selection.lead(db, TEAM, "gr_2", None))
    afternoon.tick(ASK)
    assert afternoon.sent() == [("noor", ASK)]
    assert any("Wijs eerst iemand aan" in line for line in afternoon.board())


def test_who_leads_two_groups_is_asked_about_one_at_a_time_and_reads_of_both_on_the_home(
    afternoon: Afternoon, house: House
) -> None:
    house.write(lambda db: selection.lead(db, TEAM, "gr_2", "sanne"))
    afternoon.tick(ASK)
    assert afternoon.sent() == [("sanne", ASK)]
    afternoon.tick(AGAIN)
    assert afternoon.sent() == [("sanne", ASK), ("sanne", AGAIN)]
    asked = [json.loads(row.arguments)["id"] for row in house.owed("impressions.ask")]
    assert sorted(asked) == ["gr_1", "gr_2"], "each of them once"
    house.at(AGAIN)
    assert "\n".join(afternoon.screen("sanne")).count("mist nog") == 2


def test_a_facilitator_who_left_the_workspace_is_not_asked(afternoon: Afternoon, house: House) -> None:
    house.stranger("sanne", None, deleted=True)
    afternoon.tick(ASK)
    assert afternoon.sent() == [("youssef", ASK)]


def test_a_published_article_ends_the_asking(afternoon: Afternoon, house: House) -> None:
    afternoon.tick(ASK)
    afternoon.share(2)
    house.article(afternoon.session, [])
    afternoon.tick(AGAIN)
    assert afternoon.sent() == [("sanne", ASK), ("youssef", ASK)]
    assert not any("nog geen impressie" in line for line in afternoon.board(BOARD))


def test_after_downtime_only_the_newest_question_is_asked(afternoon: Afternoon) -> None:
    back = AGAIN + timedelta(hours=1)
    afternoon.tick(back)
    assert afternoon.sent() == [("sanne", back), ("youssef", back)]
    afternoon.tick(BOARD - timedelta(minutes=1))
    assert len(afternoon.sent()) == 2
    assert any("gevraagd op wo 16 juni 17:00" in line for line in afternoon.board())


def test_after_three_days_the_coordinator_decides(afternoon: Afternoon) -> None:
    afternoon.tick(BOARD)
    assert afternoon.sent() == []
    lines = [line for line in afternoon.board() if "nog geen impressie" in line]
    assert len(lines) == 2 and all("al 3 dagen" in line for line in lines)


def test_a_session_that_moved_or_is_not_held_asks_nothing(afternoon: Afternoon, house: House) -> None:
    house.at(ASK)
    house.do(prompting.RHYTHM.tick(house.world, ASK))
    (row, _) = house.owed("impressions.ask")
    moved = replace(afternoon.session, starts_at=STARTS + timedelta(days=7), ends_at=ENDS + timedelta(days=7))
    house.write(lambda db: worksessions.save(db, moved, ASK))
    assert house.draw(row, prompting.MESSAGES) is None
    house.write(lambda db: worksessions.set_state(db, afternoon.session.team, afternoon.session.id, State.CANCELLED))
    assert house.read(lambda db: asking.next_due(db, ASK)) is None
    assert house.draw(row, prompting.MESSAGES) is None


def test_practising_asks_nobody_but_who_practises(afternoon: Afternoon, house: House) -> None:
    practice = replace(afternoon.session, channel="D1")
    house.write(lambda db: worksessions.save(db, practice, STARTS))
    house.write(lambda db: selection.lead(db, TEAM, "gr_2", "ineke"))
    afternoon.tick(ASK)
    assert afternoon.sent() == [("ineke", ASK)]


def test_who_wants_quiet_is_asked_when_the_pause_is_over_or_not_at_all(afternoon: Afternoon, house: House) -> None:
    zone = "Europe/Amsterdam"
    house.write(lambda db: nudges.pause(db, TEAM, "sanne", wall(2021, 6, 16, 0), zone, STARTS))
    house.write(lambda db: nudges.pause(db, TEAM, "youssef", wall(2021, 6, 28, 0), zone, STARTS))
    for hours in range(15 * 24):
        afternoon.tick(ASK + timedelta(hours=hours))
    morning = wall(2021, 6, 16, 8, 45)
    assert [user for user, _ in afternoon.sent()] == ["sanne", "sanne"]
    assert afternoon.sent()[0] == ("sanne", morning)
    assert afternoon.sent()[1][1] - morning >= timedelta(hours=20)


# The coordinator's board


def test_before_a_session_begins_nothing_is_missing(afternoon: Afternoon, house: House) -> None:
    shown = "\n".join(afternoon.board(STARTS - timedelta(minutes=1)))
    assert "nog geen impressie" not in shown and "2 groepen staan klaar." in shown
    with pytest.raises(Refused, match="nothing_missing"):
        afternoon.press(1)
    assert "nog geen impressie" in "\n".join(afternoon.board(STARTS))


def test_the_board_says_since_when_it_was_asked_and_how_often(afternoon: Afternoon) -> None:
    def line() -> str:
        return next(line for line in afternoon.board() if "Groep 1" in line and "nog geen impressie" in line)

    assert "nog niet gevraagd" in line()
    afternoon.tick(ASK)
    assert "gevraagd op di 15 juni 15:45" in line()
    afternoon.tick(AGAIN)
    assert "gevraagd op di 15 juni 15:45 en wo 16 juni 16:00" in line()


def test_one_thing_is_reminded_at_most_once_a_day_and_not_when_it_is_in(afternoon: Afternoon, house: House) -> None:
    house.at(ENDS)
    assert afternoon.press(1) == "<@sanne> krijgt een herinnering."
    assert any("Vandaag herinnerd" in line for line in afternoon.board())
    with pytest.raises(Refused, match="reminded_today"):
        afternoon.press(1)
    house.at(ENDS + timedelta(days=1))
    afternoon.press(1)
    afternoon.share(1)
    with pytest.raises(Refused, match="nothing_missing"):
        afternoon.press(1)
    assert len(house.owed("impressions.ask")) == 2


def test_a_doubled_tap_reminds_once(afternoon: Afternoon, house: House) -> None:
    house.at(ENDS)
    afternoon.press(key="a:1")
    with pytest.raises(Refused, match="all_reminded"):
        afternoon.press(key="a:1")
    assert len(house.owed("impressions.ask")) == 2


def test_when_the_weeks_two_are_spent_the_board_says_to_call_instead(afternoon: Afternoon, house: House) -> None:
    afternoon.tick(ASK)
    afternoon.tick(AGAIN)
    house.at(BOARD)
    says = "Sanne kreeg deze week al twee herinneringen. Bel of mail liever zelf."
    assert any(says in line for line in afternoon.board())
    assert afternoon.press(1) == says
    with pytest.raises(Refused, match="all_reminded"):
        afternoon.press()
    assert len(afternoon.sent()) == 4


def test_of_who_wants_quiet_the_board_says_until_when(afternoon: Afternoon, house: House) -> None:
    house.write(lambda db: nudges.pause(db, TEAM, "sanne", wall(2021, 6, 21, 0), "Europe/Amsterdam", STARTS))
    says = "Sanne wil tot maandag 21 juni geen herinneringen. Bel of mail liever zelf."
    assert any(says in line for line in afternoon.board(ENDS))
    assert afternoon.press(1) == says


def test_everybody_is_reminded_with_one_tap_and_with_one_message_each(afternoon: Afternoon, house: House) -> None:
    house.write(lambda db: selection.lead(db, TEAM, "gr_2", "sanne"))
    house.at(ENDS)
    assert afternoon.press() == "<@sanne> krijgt een herinnering."
    assert len(house.owed("impressions.ask")) == 1
    house.write(lambda db: selection.lead(db, TEAM, "gr_2", "youssef"))
    assert afternoon.press() == "<@youssef> krijgt een herinnering."


def test_only_a_coordinator_reminds_and_of_a_practice_session_only_who_practises(
    afternoon: Afternoon, house: House
) -> None:
    house.at(ENDS)
    for user in ("sanne", "noor", "vreemd"):
        for number in (1, None):
            with pytest.raises(Refused):
                afternoon.press(number, user=user)
    house.write(lambda db: worksessions.save(db, replace(afternoon.session, channel="D1"), ENDS))
    with pytest.raises(Refused, match="remind_practice"):
        afternoon.press(1)
    assert house.owed("impressions.ask") == []


def test_an_old_question_without_a_name_in_it_is_still_made(afternoon: Afternoon, house: House) -> None:
    words = house.world.words["nl"]
    made = house.read(lambda db: asking.ask(db, house.settings, {"id": "gr_1"}, words))
    assert made is not None and made.text == "Hoe was het in groep 1?"
    assert house.read(lambda db: asking.ask(db, house.settings, {"id": "gr_none"}, words)) is None


# The Home of who is asked


def test_the_facilitators_home_asks_first_for_the_impression_with_the_one_green_button(
    afternoon: Afternoon, house: House
) -> None:
    house.at(ENDS)
    assert "De impressie van je groep mist nog." in "\n".join(afternoon.screen("sanne"))
    afternoon.share(1)
    shown = "\n".join(afternoon.screen("sanne"))
    assert "mist nog" not in shown and "Meer delen mag." in shown


def test_a_group_that_met_twice_is_known_by_its_article(afternoon: Afternoon, house: House) -> None:
    house.article(afternoon.session, [])
    assert house.read(lambda db: harvest.state_of(db, TEAM, afternoon.session.id)) == "published"
    house.at(ENDS)
    assert "mist nog" not in "\n".join(afternoon.screen("sanne"))
    assert impressions_handlers.MESSAGES.keys().isdisjoint(prompting.MESSAGES)
