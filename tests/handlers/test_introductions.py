"""Two regions are put in touch: proposed in the digest, both say yes or nobody hears of it, and nothing stays of words
that were withdrawn."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.article import Part
from bot.digest import Stance, Subscription
from bot.introductions import ANSWER_WITHIN, Introduction, State
from bot.nudges import MOST
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import digest, harvest, introductions
from handlers.delivery import Body
from handlers.slack import router
from handlers.world import World
from playground.linter import visible_texts
from storage import delivery, nudges, programme, selection, worksessions
from storage import introductions as stored
from storage.digest import wishes
from storage.introductions import IntroductionRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import Hearing

SESSION = wall(2021, 6, 10, 13)
MONDAY = wall(2021, 6, 14, 6)
TUESDAY = wall(2021, 6, 15, 9)
QUESTION = "Hoe regelen andere gemeenten het leerlingenvervoer naar de dagbehandeling?"
ANSWER = "Bij ons regelen drie gemeenten samen het vervoer naar de dagbehandeling."
KINDS = {**digest.MESSAGES, **introductions.MESSAGES}


class Two:
    """Waterland asks: Noor and five others. Nieuwe Oever knows: Samir leads six others. Lotte is of a third region."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.world = Hearing(
            **{each.name: getattr(house.world, each.name) for each in fields(World) if not each.name.startswith("_")}
        )
        house.world = self.world
        self._router = router()
        self.asking, self.answering, third = (house.region(n) for n in ("Waterland", "Nieuwe Oever", "Elders"))
        self.here = ("noor", *(f"a{number}" for number in range(5)))
        self.there = tuple(f"b{number}" for number in range(6))
        locale = {"nl": "nl-NL", "en": "en-GB"}[house.settings.language]
        for user in self.here:
            house.person(user, self.asking, locale=locale)
        for user in ("samir", *self.there):
            house.person(user, self.answering, locale=locale)
        house.person("lotte", third, locale=locale)
        self.tick(digest)
        self.session, ((self.question,), (self.answer,)) = self.publish(
            (Part.QUESTION, QUESTION), (Part.EXAMPLE, ANSWER)
        )

    def publish(self, *said: tuple[Part, str], title: str = "Vervoer") -> tuple[WorkSession, list[list[str]]]:
        """Publish an article of a session in which each region had a group of its own."""
        session = self.house.session(SESSION, title=title)
        topics = [topic.id for topic in session.topics]
        groups = [
            Group(self.house.world.ids("gr"), session.id, 1, (topics[0],), "noor", self.here[1:]),
            Group(self.house.world.ids("gr"), session.id, 2, (topics[1],), "samir", self.there),
        ]
        self.house.write(lambda db: selection.save_groups(db, TEAM, groups))
        return session, self.house.article(session, [[one] for one in said])

    def tick(self, *features: Any, at: datetime | None = None) -> None:
        if at is not None:
            self.house.at(at)
        for feature in features or (introductions, digest):
            self.house.do(feature.tick(self.world, self.house.clock.now()))

    def proposed(self) -> Introduction:
        """Let the week begin, and return what was proposed."""
        self.tick(at=MONDAY)
        self.tick(at=TUESDAY)
        (found,) = self.all()
        return found

    def all(self) -> list[Introduction]:
        ids = self.house.read(lambda db: sorted(db.exec(select(IntroductionRow.id))))
        return [self.one(each) for each in ids]

    def one(self, introduction: str) -> Introduction:
        found = self.house.read(lambda db: stored.one(db, TEAM, introduction))
        assert found is not None
        return found

    def do(self, kind: str, name: str, user: str, value: str = "", **more: Any) -> Mapping[str, Any]:
        acks: list[Any] = []

        async def ack(body: Any = None) -> None:
            acks.append(body or {})

        self.house.do(self._router.handle(self.house.click(kind, name, user, value, **more), self.world, ack))
        return dict(acks[0])

    def press(self, name: str, user: str, found: Introduction, **more: Any) -> str:
        """Press a button about an introduction; returns the answer to who pressed alone."""
        before = len(self.world.heard)
        self.do("action", f"introductions.{name}", user, found.id, **more)
        return "\n".join(text for who, text in self.world.heard[before:] if who == user)

    def ask(self, user: str, found: Introduction, **more: Any) -> Mapping[str, Any]:
        """Hand in the form that shows the text."""
        return self.do("form", "introductions.ask", user, metadata=json.dumps({"id": found.id}), **more)

    def owed(self, kind: str, *operations: str) -> list[str | None]:
        """To whom messages of this kind are owed."""
        rows = self.house.owed(f"introductions.{kind}")
        return [row.user_id for row in rows if row.operation in (operations or ("post",))]

    def says(self, kind: str, user: str | None = None) -> str:
        """What the messages of this kind say now, drawn anew."""
        bodies = [
            self.house.draw(row, KINDS)
            for row in self.house.owed(kind)
            if row.operation == "post" and user in (None, row.user_id)
        ]
        return "\n".join(text(body) for body in bodies if body is not None)

    def says_again(self, kind: str) -> str:
        """What the newest change of a message of this kind says."""
        rows = [row for row in self.house.owed(kind) if row.operation == "update"]
        body = self.house.draw(rows[-1], KINDS)
        assert body is not None
        return text(body)

    def words(self, key: str, **values: object) -> str:
        return self.world.words[self.house.settings.language](key, **values)

    def digest_of(self, region: str) -> str:
        rows = [r for r in self.house.owed("digest.post") if r.channel_id == f"C{region}" and r.operation == "post"]
        return "\n".join(text(body) for row in rows if (body := self.house.draw(row, KINDS)) is not None)


def text(body: Body) -> str:
    return "\n".join([body.text, *visible_texts([block.to_dict() for block in body.blocks])])


BOTH_LANGUAGES = pytest.mark.parametrize("two", ["nl", "en"], indirect=True)


@pytest.fixture
def two(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Two]:
    house = House(tmp_path, wall(2021, 6, 10, 16), getattr(request, "param", "nl"))
    yield Two(house)
    house.database.close()


# Proposing


@BOTH_LANGUAGES
def test_the_digest_of_the_region_that_asks_proposes_what_another_said(two: Two) -> None:
    two.proposed()
    ours = two.digest_of(two.asking)
    assert QUESTION in ours
    assert ANSWER in ours
    assert two.words("introductions.example", region="Nieuwe Oever") in ours
    assert two.words("introductions.connect") in ours
    assert two.words("introductions.connect") not in two.digest_of(two.answering)


def test_nothing_is_proposed_before_monday_and_once_a_week_at_most(two: Two) -> None:
    two.tick(at=MONDAY - timedelta(seconds=1))
    assert two.all() == []
    assert two.house.read(lambda db: introductions.next_due(db, two.house.clock.now())) == MONDAY
    for hours in (0, 0, 3, 80):
        two.tick(at=MONDAY + timedelta(hours=hours))
    assert len(two.all()) == 1


def test_a_week_later_another_pair_may_come_and_the_same_never(two: Two) -> None:
    first = two.proposed()
    for week in range(1, 4):
        two.tick(at=MONDAY + timedelta(weeks=week))
    assert two.all() == [first]
    two.publish(
        (Part.QUESTION, "Wie betaalt de begeleiding in de naschoolse opvang?"),
        (Part.OFFER, "Wij delen ons plan voor de begeleiding in de naschoolse opvang en wie dat betaalt."),
        title="Opvang",
    )
    two.tick(at=MONDAY + timedelta(weeks=5))
    assert len(two.all()) == 2


def test_a_region_that_mutes_the_theme_reads_nothing_of_it(two: Two) -> None:
    two.tick(introductions, at=MONDAY)
    (found,) = two.all()
    wants = Subscription(two.asking, stances={found.theme or "": Stance.MUTE})
    two.house.write(lambda db: wishes.save_subscription(db, TEAM, wants))
    two.tick(digest, at=TUESDAY)
    assert two.words("introductions.connect") not in two.digest_of(two.asking)


def test_a_region_without_a_channel_is_not_proposed_anything(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 10, 16))
    two = Two(house)
    house.write(lambda db: programme.region(db, TEAM, two.asking) and _unchannel(db, two.asking))
    two.tick(at=MONDAY)
    assert two.all() == []
    house.database.close()


def _unchannel(db: Any, region: str) -> None:
    row = db.get(programme.RegionRow, (TEAM, region))
    row.channel_id = None
    db.add(row)


def test_what_was_practised_is_proposed_to_nobody(tmp_path: Path) -> None:
    house = House(tmp_path, wall(2021, 6, 10, 16))
    two = Two(house)
    practised = house.read(lambda db: worksessions.one(db, TEAM, two.session.id))
    assert practised is not None
    house.write(lambda db: worksessions.save(db, replace(practised, channel="D1"), house.clock.now()))
    two.tick(at=MONDAY)
    assert two.all() == []
    house.database.close()


# Asking


@BOTH_LANGUAGES
def test_the_text_is_shown_before_it_is_sent(two: Two) -> None:
    found = two.proposed()
    two.press("show", "noor", found)
    shown = "\n".join(visible_texts(two.world.opened[-1]["blocks"]))
    assert QUESTION in shown
    assert ANSWER in shown
    assert two.words("introductions.ask", region="Waterland") in shown
    assert two.one(found.id).state is State.PROPOSED
    assert two.owed("ask") == []


def test_one_yes_is_not_enough(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    assert two.owed("ask") == ["samir"]
    assert two.owed("asked") == ["noor"]
    assert two.owed("met") == []
    told = two.says("introductions.ask")
    assert QUESTION in told
    assert ANSWER in told
    assert "noor" not in told.casefold(), "who asked is named when both said yes"
    assert "samir" not in two.says("introductions.asked").casefold()


@BOTH_LANGUAGES
def test_two_yeses_give_each_the_others_mention_and_nothing_else_of_them(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    assert two.press("yes", "samir", found) == two.words("introductions.you_said_yes")
    assert two.owed("met") == ["noor", "samir"]
    assert "<@samir>" in two.says("introductions.met", "noor")
    assert "Nieuwe Oever" in two.says("introductions.met", "noor")
    assert "<@noor>" in two.says("introductions.met", "samir")
    assert "Waterland" in two.says("introductions.met", "samir")
    assert two.words("introductions.both_yes") in two.says("introductions.asked")
    assert two.words("introductions.you_said_yes") in two.says_again("introductions.ask")


def test_double_taps_and_second_thoughts_change_nothing(two: Two) -> None:
    found = two.proposed()
    for _ in range(2):
        two.ask("noor", found, key="same")
        two.ask("noor", found)
    assert two.owed("ask") == ["samir"]
    for _ in range(2):
        two.press("yes", "samir", found, key="yes")
        two.press("yes", "samir", found)
    assert two.owed("met") == ["noor", "samir"]
    assert two.press("no", "samir", found) == two.words("introductions.over")
    assert two.press("back", "noor", found) == two.words("introductions.met_already")
    assert two.one(found.id).state is State.MET


def test_once_somebody_asked_the_digest_has_no_button_and_a_second_one_is_told(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    assert two.words("introductions.wanted") in two.says_again("digest.post")
    assert two.words("introductions.connect") not in two.says_again("digest.post")
    assert two.press("show", "a1", found) == two.words("introductions.asked_already")
    two.ask("a1", found)
    assert two.one(found.id).starter == "noor"


def test_rights_come_from_the_database(two: Two) -> None:
    found = two.proposed()
    refused = two.words("programme.refused.ask_introduction")
    assert two.press("show", "lotte", found) == refused
    assert two.press("show", "samir", found) == refused
    two.ask("lotte", found)
    assert two.one(found.id).state is State.PROPOSED
    two.ask("noor", found)
    for user in ("noor", "lotte", "b1"):
        assert two.press("yes", user, found) == two.words("programme.refused.answer_introduction")
    assert two.press("back", "samir", found) == two.words("programme.refused.ask_introduction")
    assert two.one(found.id).state is State.ASKED
    two.ask("noor", Introduction("in_other", "T2", "", "", "", "", "", "", None, 0, MONDAY))
    assert len(two.all()) == 1


def test_an_offer_is_put_to_who_led_the_group_and_else_to_who_sat_there(two: Two) -> None:
    found = two.proposed()
    two.house.stranger("samir", two.answering, deleted=True)
    two.ask("noor", found)
    assert two.owed("ask") == ["b0"]


def test_where_nobody_can_be_asked_it_is_said(two: Two) -> None:
    found = two.proposed()
    for user in ("samir", *two.there):
        two.house.stranger(user, two.answering, deleted=True)
    two.ask("noor", found)
    assert two.one(found.id).state is State.PROPOSED


# No


@BOTH_LANGUAGES
def test_a_no_is_told_to_nobody_and_ends_like_no_answer(two: Two) -> None:
    """What the one who asked reads is the same, message for message, with a no and without any answer."""
    found = two.proposed()
    two.ask("noor", found)
    before = two.says("introductions.asked")
    assert two.press("no", "samir", found) == two.words("introductions.you_said_no")
    assert two.says("introductions.asked") == before
    assert two.owed("asked", "update") == []
    assert two.owed("over") == []
    deadline = two.house.clock.now() + ANSWER_WITHIN
    two.tick(introductions, at=deadline)
    assert two.owed("over") == ["noor"]
    after_a_no = two.says("introductions.over"), two.says_again("introductions.asked")
    assert "Nieuwe Oever" not in "".join(after_a_no)
    assert "samir" not in "".join(after_a_no).casefold()
    assert two.words("introductions.you_said_no") in two.says_again("introductions.ask")
    two.tick(introductions, at=deadline + timedelta(days=30))
    assert two.owed("over") == ["noor"], "once"
    assert two.words("introductions.came_to_nothing") in after_a_no[0]
    assert two.words("introductions.came_to_nothing") in after_a_no[1]


def test_silence_ends_at_the_deadline_with_the_same_words(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    deadline = two.one(found.id).deadline
    assert deadline is not None
    assert two.house.read(lambda db: introductions.next_due(db, deadline - timedelta(hours=1))) == deadline
    two.tick(introductions, at=deadline)
    assert two.words("introductions.came_to_nothing") in two.says("introductions.over")
    assert two.words("introductions.no_longer") in two.says_again("introductions.ask")
    assert two.press("yes", "samir", found) == two.words("introductions.over")
    assert two.owed("met") == []


def test_who_asked_can_take_it_back_and_the_other_is_not_told_who(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    two.house.arrive("introductions.ask")
    assert two.press("back", "noor", found) == two.words("introductions.taken_back")
    told = two.says_again("introductions.ask")
    assert two.words("introductions.no_longer") in told
    assert "noor" not in told.casefold()
    assert QUESTION not in told
    assert two.press("yes", "samir", found) == two.words("introductions.over")
    two.tick(introductions, at=two.house.clock.now() + ANSWER_WITHIN)
    assert two.owed("over") == []


def test_what_was_taken_back_before_it_left_is_never_asked(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    two.press("back", "noor", found)
    assert [row.state for row in two.house.owed("introductions.ask") if row.operation == "post"] == ["dropped"]


def test_two_regions_that_once_said_no_on_a_theme_are_not_proposed_to_each_other_again(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    two.press("no", "samir", found)
    two.publish(
        (Part.QUESTION, "Welke gemeenten regelen samen het leerlingenvervoer naar de dagbehandeling?"),
        (Part.EXAMPLE, ANSWER.replace("drie", "vier")),
        title="Nog eens",
    )
    two.tick(at=MONDAY + timedelta(weeks=3))
    assert two.all() == [two.one(found.id)]


# What else may come between


def test_who_had_this_weeks_two_messages_sees_it_on_their_home_and_is_asked_later(two: Two) -> None:
    found = two.proposed()
    now = two.house.clock.now()
    for number in range(MOST):
        two.house.write(
            lambda db, number=number: nudges.plan_nudge(  # type: ignore[misc]  # one for each
                db, team=TEAM, key=f"x{number}", kind="x", arguments={}, user="samir", zone="Europe/Amsterdam", now=now
            )
        )
    two.house.arrive("x")
    two.ask("noor", found)
    assert two.owed("ask") == []
    waiting = two.house.read(lambda db: introductions.waiting_for(db, TEAM, "samir", now))
    words = two.world.words[two.house.settings.language]
    shown = "\n".join(visible_texts([block.to_dict() for each in waiting for block in each.draw(words)]))
    assert QUESTION in shown
    assert two.house.read(lambda db: introductions.waiting_for(db, TEAM, "b1", now)) == []
    two.tick(introductions, at=now + timedelta(days=8))
    assert two.owed("ask") == ["samir"]


@pytest.mark.parametrize(
    ("which", "when"), [("question", "proposed"), ("answer", "proposed"), ("answer", "asked"), ("question", "met")]
)
def test_withdrawn_words_are_in_no_message_and_end_what_rests_on_them(two: Two, which: str, when: str) -> None:
    found = two.proposed()
    two.house.arrive("digest.post")
    if when != "proposed":
        two.ask("noor", found)
        two.house.arrive("introductions.asked", "introductions.ask")
    if when == "met":
        two.press("yes", "samir", found)
        two.house.arrive("introductions.met")
    gone = getattr(two, which)

    def take_out(db: Any) -> None:
        settings = programme.programme(db, TEAM)
        assert settings is not None
        harvest.take_out(db, two.world, settings, two.session, [gone])

    two.house.write(take_out)
    words = {"question": QUESTION, "answer": ANSWER}[which]
    for kind in ("digest.post", "introductions.asked", "introductions.ask", "introductions.met"):
        for row in two.house.owed(kind):
            body = two.house.draw(row, KINDS)
            assert body is None or words not in text(body)
    if when != "proposed":
        assert words not in two.says_again("introductions.asked")
        assert words not in two.says_again("introductions.ask")
    assert two.one(found.id).state is (State.MET if when == "met" else State.GONE)
    if when == "asked":
        assert two.press("yes", "samir", found) == two.words("introductions.over")
    two.tick(introductions, at=two.house.clock.now() + ANSWER_WITHIN)
    assert two.owed("over") == []


def test_who_left_meets_nobody(two: Two) -> None:
    found = two.proposed()
    two.ask("noor", found)
    two.house.stranger("noor", two.asking, deleted=True)
    assert two.press("yes", "samir", found) == two.words("introductions.over")
    assert two.owed("met") == []


def test_nothing_that_anybody_wrote_is_kept_with_an_introduction(two: Two) -> None:
    two.ask("noor", two.proposed())
    (row,) = two.house.read(lambda db: [one.model_dump() for one in db.exec(select(IntroductionRow))])
    assert not [value for value in row.values() if isinstance(value, str) and " " in value]
    assert two.house.read(lambda db: delivery.parcel(db, TEAM, "introductions.asked:" + row["id"])) is not None
