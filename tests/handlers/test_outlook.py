"""The window before closing, with everything that a coordinator can do in it, on a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.programme import Role
from bot.selection import Outlook, Pick, Prospect, Standing, Wish
from bot.selection.allocation import Allocation, Instance
from bot.worksessions import MOST_TOPICS, TITLE_LENGTH, TOPIC_LENGTH, Mode, State, Topic, WorkSession
from handlers.routing import Click
from handlers.selection import MESSAGES, reminding
from handlers.slack import router
from handlers.views import selection_outlook as views
from handlers.views import selection_shaping as forms
from handlers.words import Words, load
from handlers.world import World
from playground.linter import lint_message, lint_view, visible_texts
from storage import nudges, programme, selection, worksessions
from storage.delivery import OutboxRow
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 17, 11)
CLOSES = wall(2021, 6, 17, 14)
TOPICS = ("Onderwijszorgarrangementen (OZA)", "Verduurzaming", "Ouderbetrokkenheid")


class Windows:
    """The part of Slack that shows windows: what is open, with a hash that changes each time."""

    def __init__(self) -> None:
        self.open: dict[str, dict[str, Any]] = {}
        self.shown: list[str] = []
        self.refused: list[str] = []
        self.pushed: list[dict[str, Any]] = []
        self._number = 0

    async def views_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._put("V1", body["view"])

    async def views_push(self, body: dict[str, Any]) -> dict[str, Any]:
        self.pushed.append(body["view"])
        return self._put("V2", body["view"])

    async def views_update(self, body: dict[str, Any]) -> dict[str, Any]:
        before = self.open.get(body["view_id"])
        error = "not_found" if before is None else ""
        if before is not None and body.get("hash") not in (None, before["hash"]):
            error = "hash_conflict"
        if error:
            self.refused.append(error)
            return {"ok": False, "error": error}
        return self._put(body["view_id"], body["view"])

    def _put(self, view_id: str, view: dict[str, Any] | str) -> dict[str, Any]:
        view = json.loads(view) if isinstance(view, str) else view
        assert lint_view(view) == []
        self._number += 1
        self.open[view_id] = {**view, "id": view_id, "hash": f"h{self._number}"}
        self.shown.append("\n".join(visible_texts(view["blocks"])))
        return {"ok": True, "view": self.open[view_id]}

    async def answer(self, request: web.Request) -> web.Response:
        method = getattr(self, request.match_info["method"].replace(".", "_"))
        form = await request.json()
        return web.json_response(await method(form))


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, NOW, str(request.param))
    locale = {"nl": "nl-NL", "en": "en-GB"}[str(request.param)]
    for name in ("noor", "samir", "lotte", "sanne", "youssef"):
        made.person(name, locale=locale)
    made.person("ineke", None, Role.COORDINATOR, locale=locale)
    yield made
    made.database.close()


@pytest.fixture
def words(house: House) -> Words:
    return house.world.words[house.settings.language]


def choosing(house: House, **changes: Any) -> WorkSession:
    """A session in which people are choosing, until two in the afternoon."""
    session = house.session(wall(2021, 6, 17, 13), state=State.CHOOSING, topics=TOPICS)
    values = {"closes_at": CLOSES, "opened_at": NOW - timedelta(hours=1), **changes}
    changed = replace(session, **values)
    house.write(lambda db: worksessions.save(db, changed, NOW))
    return changed


def now_is(house: House, session: WorkSession) -> WorkSession:
    found = house.read(lambda db: worksessions.one(db, TEAM, session.id))
    assert found is not None
    return found


def chose(house: House, session: WorkSession, **picks: int | tuple[int, ...] | Wish) -> None:
    """People chose topics by their place in the list (or several, in order), or said something else."""
    for user, what in picks.items():
        wish = what if isinstance(what, Wish) else Wish.TOPIC
        places = () if isinstance(what, Wish) else what if isinstance(what, tuple) else (what,)
        pick = Pick(user, wish, tuple(session.topics[place].id for place in places), NOW)
        house.write(lambda db, pick=pick: selection.save_pick(db, TEAM, session.id, pick))


def picks(house: House, session: WorkSession) -> dict[str, tuple[str, ...]]:
    return {pick.user: pick.topics for pick in house.read(lambda db: selection.picks_of(db, session.team, session.id))}


class Desk:
    """A coordinator at the window: presses, hands in forms, and what Slack gets to see of it."""

    def __init__(self, house: House, session: WorkSession, user: str = "ineke") -> None:
        self.house, self.session, self.user = house, session, user
        self.slack = Windows()
        self.acks: list[Any] = []
        self.world: World = house.world
        house.posted(session)

    def press(self, name: str, value: str = "", *, user: str = "", key: str = "", on: str = "V1") -> None:
        """Press something in the window (or in the Home, on="home")."""
        view = {"id": on, "type": "modal" if on != "home" else "home", "callback_id": "selection.outlook"}
        if on == "home":
            view["callback_id"] = "home"
        more = {"key": key} if key else {}
        self._do(
            self.house.click(
                "action", name, user or self.user, value, view_id=on, trigger="t1", metadata=self._metadata(),
                body={"view": view}, **more,
            )
        )  # fmt: skip

    def hand_in(
        self, name: str, *, key: str = "", user: str = "", about: str = "", session: str = "", **fields: str
    ) -> Any:
        """Hand in a form on top of the window; returns the ack."""
        view = {"id": "V2", "type": "modal", "callback_id": name, "root_view_id": "V1"}
        more = {"key": key} if key else {}
        metadata = json.dumps({"session": session or self.session.id, "left": "", "topic": about})
        self._do(
            self.house.click(
                "form", name, user or self.user, view_id="V2", trigger="t1", metadata=metadata, fields=fields,
                body={"view": view}, **more,
            )
        )  # fmt: skip
        return self.acks[-1]

    def _metadata(self) -> str:
        return str(self.slack.open.get("V1", {}).get("private_metadata") or json.dumps({"session": self.session.id}))

    def _do(self, click: Click) -> None:
        async def run() -> None:
            app = web.Application()
            app.router.add_post("/api/{method}", self.slack.answer)
            server = TestServer(app)
            await server.start_server()
            self.house.calls(AsyncWebClient("xoxb-none", base_url=str(server.make_url("/api/"))))

            async def ack(*answer: object) -> None:
                self.acks.append(answer[0] if answer else None)

            await router().handle(click, self.world, ack)
            await self.world.tasks.drain(30)
            await server.close()

        asyncio.run(run())

    @property
    def window(self) -> str:
        """What the window shows now."""
        return "\n".join(visible_texts(self.slack.open["V1"]["blocks"]))

    @property
    def told(self) -> str:
        """What the small window on top says."""
        return "\n".join(visible_texts(self.slack.pushed[-1]["blocks"]))


def said(ack: Any) -> str:
    """The sentence under a field of a form that stays open."""
    assert ack is not None
    assert ack["response_action"] == "errors"
    return "\n".join(ack["errors"].values())


def owed(house: House, kind: str) -> list[OutboxRow]:
    return house.owed(kind)


# What it shows


def test_the_window_opens_at_once_and_then_says_how_it_would_come_out(house: House, words: Words) -> None:
    session = choosing(house, group_limit=8)
    house.write(lambda db: worksessions.appoint(db, TEAM, session.id, {session.topics[0].id: "sanne"}))
    chose(house, session, noor=0, samir=0, sanne=Wish.ABSENT, lotte=1)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    assert words("selection.outlook.computing") in desk.slack.shown[0], "within the three seconds of the trigger"
    assert len(desk.slack.shown) == 2
    shown = desk.window
    assert words("selection.outlook.chosen", chosen=4, invited=6) in shown
    assert words.count("selection.outlook.absent", 1) in shown
    assert words("selection.outlook.proven") in shown
    assert words.count("selection.outlook.silent", 2, people=words.list(["<@ineke>", "<@youssef>"])) in shown
    assert words("selection.outlook.gone", topic=TOPICS[0], people="<@sanne>") in shown
    assert words.count("selection.outlook.now", 2) in shown
    assert words("selection.outlook.suggestion", one="Verduurzaming", few=1, other=TOPICS[0], more=2) in shown


def test_only_a_coordinator_sees_it(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session, "noor")
    desk.press("selection.outlook", session.id, on="home")
    assert desk.slack.shown == [words("programme.refused.shape_offer")]


def test_who_coordinates_no_more_while_the_window_is_open_hears_so(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    house.person("ineke", None, locale={"nl": "nl-NL", "en": "en-GB"}[house.settings.language])
    desk.press("selection.outlook_again", session.id)
    assert words("programme.refused.shape_offer") in desk.told


def test_a_window_that_was_closed_meanwhile_is_no_error(house: House) -> None:
    session = choosing(house)
    desk = Desk(house, session)

    async def closes_first(instance: Instance) -> Allocation:
        desk.slack.open.clear()
        return await solve(instance)

    solve, house.world.solve = house.world.solve, closes_first
    desk.press("selection.outlook", session.id, on="home")
    assert desk.slack.refused == ["not_found"]
    assert house.world.newest_view == {}


def test_an_older_result_never_takes_the_place_of_a_newer_one(house: House) -> None:
    session = choosing(house)
    desk = Desk(house, session)

    async def overtaken(instance: Instance) -> Allocation:
        desk.slack.open["V1"]["hash"] = "newer"
        return await solve(instance)

    solve, house.world.solve = house.world.solve, overtaken
    desk.press("selection.outlook", session.id, on="home")
    assert desk.slack.refused == ["hash_conflict"]


def test_when_working_it_out_fails_the_window_says_so_and_can_try_again(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session)

    async def fails(instance: Instance) -> Allocation:
        raise RuntimeError("no memory")

    solve, house.world.solve = house.world.solve, fails
    desk.press("selection.outlook", session.id, on="home")
    assert words("selection.outlook.failed") in desk.window
    house.world.solve = solve
    desk.press("selection.outlook_again", session.id)
    assert words("selection.outlook.topics") in desk.window


def test_after_closing_the_window_says_that_there_is_nothing_left_to_change(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    house.write(lambda db: worksessions.set_state(db, session.team, session.id, State.GROUPED))
    desk.press("selection.outlook_again", session.id)
    assert words("selection.outlook.closed", title=session.title) in desk.window
    desk.press("selection.shape", f"merge:{session.topics[0].id}")
    assert words("selection.shape.closed", title=session.title) in desk.told
    ack = desk.hand_in("selection.merge", topic=session.topics[0].id, into=session.topics[1].id)
    assert words("selection.shape.closed", title=session.title) in said(ack)
    assert now_is(house, session).offers == session.offers


def test_what_should_have_closed_by_now_is_not_changed_any_more(house: House, words: Words) -> None:
    session = choosing(house)
    house.at(CLOSES + timedelta(seconds=5))
    desk = Desk(house, session)
    ack = desk.hand_in("selection.closing", closes_day="2021-06-17", closes="15:00")
    assert words("selection.outlook.closing", title=session.title) in said(ack)
    house.write(lambda db: worksessions.set_state(db, session.team, session.id, State.CLOSING))
    for late in (appoint(desk, "noor"), desk.hand_in("selection.limits", about=session.topics[0].id, sizes="8")):
        assert words("selection.outlook.closing", title=session.title) in said(late)
    for button in ("selection.outlook", "selection.close_here"):
        desk.press(button, session.id)
        assert words("selection.outlook.closing", title=session.title) in desk.told
    assert now_is(house, session).closes_at == CLOSES


# Joining and taking apart


def merge(desk: Desk, one: int, into: int, **more: str) -> Any:
    topics = desk.session.topics
    return desk.hand_in("selection.merge", topic=topics[one].id, into=topics[into].id, **more)


def offers(house: House, session: WorkSession) -> list[list[str]]:
    names = {topic.id: number for number, topic in enumerate(session.topics)}
    return [[str(names[topic.id]) for topic in offered] for offered in now_is(house, session).offers]


def test_two_topics_are_joined_and_the_chain_stays_flat(house: House, words: Words) -> None:
    session = choosing(house)
    chose(house, session, noor=0, samir=1)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    assert merge(desk, 0, 1) is None
    assert offers(house, session) == [["1", "0"], ["2"]]
    assert words("selection.shape.merged", topics=f"{TOPICS[1]} + {TOPICS[0]}") in desk.window
    assert merge(desk, 1, 2) is None
    assert offers(house, session) == [["2", "0", "1"]]
    assert [row.operation for row in house.owed("selection.card")] == ["post", "update", "update"]
    desk.press("selection.shape", f"apart:{session.topics[2].id}")
    assert offers(house, session) == [["0"], ["1"], ["2"]]
    assert words("selection.shape.taken_apart") in desk.window
    assert picks(house, session) == {"noor": (session.topics[0].id,), "samir": (session.topics[1].id,)}


def test_a_form_that_arrives_twice_joins_once(house: House) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    assert merge(desk, 0, 1, key="twice") is None
    assert merge(desk, 0, 1, key="twice") is None, "and is not told that they are joined already"
    assert [row.operation for row in house.owed("selection.card")] == ["post", "update"]


def test_what_cannot_be_joined_is_said_under_the_field(house: House, words: Words) -> None:
    session = choosing(house, group_limit=2)
    chose(house, session, noor=0, samir=0, lotte=1)
    desk = Desk(house, session)
    assert said(merge(desk, 0, 0)) == words("selection.shape.same")
    assert said(merge(desk, 0, 1)) == words("selection.shape.too_many", now=3, most=2)
    ack = desk.hand_in("selection.merge", topic=session.topics[0].id, into="tp_made_up")
    assert said(ack) == words("selection.shape.gone")
    assert offers(house, session) == [["0"], ["1"], ["2"]]


def test_a_suggestion_that_is_left_alone_goes_away(house: House, words: Words) -> None:
    session = choosing(house)
    chose(house, session, noor=0, samir=1, lotte=1, sanne=1)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    assert words("selection.outlook.leave") in desk.window
    desk.press("selection.leave", session.topics[0].id)
    assert words("selection.outlook.leave") not in desk.window
    desk.press("selection.outlook_again", session.id)
    assert words("selection.outlook.leave") not in desk.window, "it stays left alone in this window"


# Taking a topic off the list


def test_who_chose_only_a_topic_that_goes_off_the_list_is_asked_to_choose_again(house: House, words: Words) -> None:
    session = choosing(house, mode=Mode.RANKED)
    first, second = session.topics[0].id, session.topics[1].id
    chose(house, session, noor=0, samir=(0, 1), lotte=(1, 0), sanne=1)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    desk.press("selection.shape", f"withdraw:{first}")
    assert words.count("selection.shape.withdraw_chosen", 2) in desk.told
    assert desk.hand_in("selection.withdraw", topic=first) is None
    assert picks(house, session) == {"samir": (second,), "lotte": (second,), "sanne": (second,)}
    assert words.count("selection.shape.withdrawn", 1, topic=TOPICS[0]) in desk.window
    (row,) = house.owed("selection.withdrawn")
    assert row.user_id == "noor"
    body = house.draw(row, MESSAGES)
    assert body is not None
    assert TOPICS[0] in body.text
    chose(house, session, noor=1)
    assert house.draw(row, MESSAGES) is None, "who chose again by then is not asked"


def test_the_last_topic_stays(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    for place in (0, 1):
        assert desk.hand_in("selection.withdraw", topic=session.topics[place].id) is None
    ack = desk.hand_in("selection.withdraw", topic=session.topics[2].id)
    assert said(ack) == words("selection.shape.last_topic")
    assert [topic.id for topic in now_is(house, session).topics] == [session.topics[2].id]


def test_a_topic_that_a_second_coordinator_took_off_meanwhile_is_told(house: House, words: Words) -> None:
    session = choosing(house)
    gone = session.topics[0].id
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    assert desk.hand_in("selection.withdraw", topic=gone) is None
    assert said(desk.hand_in("selection.withdraw", topic=gone)) == words("selection.shape.gone")
    assert said(desk.hand_in("selection.merge", topic=session.topics[1].id, into=gone)) == words("selection.shape.gone")
    assert said(place(desk, "noor", gone)) == words("selection.shape.gone")
    desk.press("selection.shape", f"limits:{gone}")
    assert words("selection.shape.gone") in desk.told
    assert picks(house, session) == {}


def test_what_was_joined_to_a_topic_that_goes_stands_by_itself(house: House) -> None:
    session = choosing(house)
    chose(house, session, noor=0, samir=1)
    desk = Desk(house, session)
    merge(desk, 1, 0)
    desk.hand_in("selection.withdraw", topic=session.topics[0].id)
    assert offers(house, session) == [["1"], ["2"]]
    assert picks(house, session) == {"samir": (session.topics[1].id,)}


# Placing people


def place(desk: Desk, user: str, topic: str, key: str = "") -> Any:
    return desk.hand_in("selection.place", key=key, person=user, topic=topic)


def test_somebody_is_placed_and_told_and_may_choose_otherwise(house: House, words: Words) -> None:
    session = choosing(house)
    topic = session.topics[1]
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    assert place(desk, "noor", topic.id) is None
    assert picks(house, session) == {"noor": (topic.id,)}
    assert words("selection.shape.put", name="<@noor>", topic=topic.name) in desk.window
    (row,) = house.owed("selection.placed")
    body = house.draw(row, MESSAGES)
    assert body is not None
    assert "<@ineke>" in body.text
    desk.press("selection.pick", session.topics[0].id, user="noor", on="home")
    assert picks(house, session) == {"noor": (session.topics[0].id,)}
    assert house.draw(row, MESSAGES) is None, "by then it is no longer so"


def test_who_cannot_be_placed_is_said_under_the_field(house: House, words: Words) -> None:
    session = choosing(house, group_limit=2)
    house.write(lambda db: worksessions.appoint(db, TEAM, session.id, {session.topics[1].id: "sanne"}))
    house.stranger("vreemd", None)
    house.stranger("weg", None, deleted=True)
    chose(house, session, noor=0, samir=0)
    desk = Desk(house, session)
    topic = session.topics[0].id
    for user, sentence in [
        ("vreemd", words("selection.pair_nobody")),
        ("weg", words("selection.pair_nobody")),
        ("sanne", words("selection.shape.leads", topic=TOPICS[1])),
        ("lotte", words("selection.full", limit=2)),
    ]:
        assert said(place(desk, user, topic)) == sentence
    assert place(desk, "noor", topic) is None, "who is there already takes no second place"
    assert owed(house, "selection.placed") == []


def test_placing_somebody_twice_by_a_double_submit_tells_them_once(house: House) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    for _ in range(2):
        place(desk, "noor", session.topics[0].id, key="twice")
    assert len(owed(house, "selection.placed")) == 1


# Limits and the closing time


def test_a_topic_gets_limits_of_its_own_and_loses_them_again(house: House, words: Words) -> None:
    session = choosing(house, group_limit=8)
    chose(house, session, noor=0, samir=0, lotte=0)
    desk = Desk(house, session)
    topic = session.topics[0].id

    def limits() -> tuple[int | None, int | None]:
        found = now_is(house, session).topic(topic)
        assert found is not None
        return found.minimum, found.maximum

    def hand_in(text: str) -> Any:
        return desk.hand_in("selection.limits", about=topic, sizes=text)

    desk.press("selection.outlook", session.id, on="home")
    assert hand_in("3-12") is None
    assert limits() == (3, 12)
    assert words("selection.outlook.from_to", least=3, most=12) in desk.window
    assert said(hand_in("2")) == words("selection.shape.below", now=3, most=2)
    assert said(hand_in("veel")) == words("worksessions.problem.limit", most=500)
    assert limits() == (3, 12)
    assert hand_in("") is None
    assert limits() == (None, None)


def test_choosing_lasts_longer_and_a_reminder_that_waits_goes_along(house: House, words: Words) -> None:
    house.at(wall(2021, 6, 17, 7))
    session = choosing(house)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    desk.press("selection.remind", session.id)
    assert words.count("selection.shape.reminding", 6, when=words.moment(wall(2021, 6, 17, 8, 30))) in desk.window
    assert len(house.owed("selection.reminder")) == 6
    assert desk.hand_in("selection.closing", closes_day="2021-06-17", closes="15:30") is None
    later = wall(2021, 6, 17, 15, 30)
    assert now_is(house, session).closes_at == later
    assert {row.not_after for row in house.owed("selection.reminder")} == {later}
    assert words("selection.shape.closes", closes="15:30") in desk.window
    assert desk.hand_in("selection.closing", closes_day="2021-06-17", closes="13:30") is None
    assert {row.not_after for row in house.owed("selection.reminder")} == {wall(2021, 6, 17, 13, 30)}
    assert len(house.owed("selection.card")) == 3, "the message in the channel follows"


@pytest.mark.parametrize(
    ("day", "clock", "field"),
    [
        ("2021-06-17", "16:30", "closes"),
        ("2021-06-17", "10:00", "closes"),
        ("", "later", "closes"),
        ("x", "", "closes_day"),
    ],
)
def test_a_closing_time_that_cannot_be_is_said_under_its_field(house: House, day: str, clock: str, field: str) -> None:
    session = choosing(house)
    ack = Desk(house, session).hand_in("selection.closing", closes_day=day, closes=clock)
    assert list(ack["errors"]) == [field]
    assert now_is(house, session).closes_at == CLOSES


# Reminding and closing


def test_a_reminder_goes_to_who_did_not_choose_once(house: House, words: Words) -> None:
    session = choosing(house)
    chose(house, session, noor=0, samir=Wish.ABSENT, lotte=Wish.ANYWHERE)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    desk.press("selection.remind", session.id)
    assert words.count("selection.shape.reminding", 3, when=words("selection.shape.at_once")) in desk.window
    assert {row.user_id for row in house.owed("selection.reminder")} == {"ineke", "sanne", "youssef"}
    desk.press("selection.remind", session.id)
    assert words("selection.shape.reminded") in desk.told
    assert len(house.owed("selection.reminder")) == 3


def test_who_had_this_weeks_two_messages_is_not_reminded_to_choose(house: House, words: Words) -> None:
    session = choosing(house)
    now = house.world.now()
    for user in ("ineke", "sanne", "youssef", "noor", "samir", "lotte"):
        for number in range(2 if user != "noor" else 0):
            house.write(
                lambda db, user=user, number=number: nudges.plan_nudge(
                    db, team=TEAM, key=f"k:{user}:{number}", kind="k", arguments={}, user=user,
                    zone="Europe/Amsterdam", now=now,
                )
            )  # fmt: skip
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    desk.press("selection.remind", session.id)
    assert [row.user_id for row in house.owed("selection.reminder")] == ["noor"]
    assert words.count("selection.shape.reminding", 1, when=words("selection.shape.at_once")) in desk.window


def test_a_reminder_that_would_come_too_late_is_refused_and_can_be_sent_after_extending(
    house: House, words: Words
) -> None:
    house.at(wall(2021, 6, 16, 20))
    session = choosing(house, closes_at=wall(2021, 6, 16, 21))
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    desk.press("selection.remind", session.id)
    assert words("selection.shape.remind_late") in desk.told
    desk.hand_in("selection.closing", closes_day="2021-06-17", closes="12:00")
    desk.press("selection.remind", session.id)
    assert {row.not_before for row in house.owed("selection.reminder")} == {wall(2021, 6, 17, 8, 30)}


def test_a_reminder_that_is_due_in_the_evening_waits_for_the_morning(house: House) -> None:
    evening = wall(2021, 6, 16, 20)
    choosing(house, opened_at=wall(2021, 6, 14, 9))
    house.do(reminding.tick(house.world, evening))
    assert {row.not_before for row in house.owed("selection.reminder")} == {wall(2021, 6, 17, 8, 30)}


def test_when_everybody_chose_nobody_is_reminded(house: House, words: Words) -> None:
    session = choosing(house)
    chose(house, session, **dict.fromkeys(("noor", "samir", "lotte", "sanne", "youssef", "ineke"), 0))
    desk = Desk(house, session)
    desk.press("selection.remind", session.id)
    assert words("selection.shape.remind_nobody") in desk.told


def test_practising_reminds_and_tells_nobody_else(house: House, words: Words) -> None:
    session = choosing(house, channel="D1")
    desk = Desk(house, session)
    desk.press("selection.remind", session.id)
    assert words("selection.shape.remind_practice") in desk.told
    place(desk, "noor", session.topics[0].id)
    desk.hand_in("selection.withdraw", topic=session.topics[0].id)
    assert owed(house, "selection.placed") + owed(house, "selection.withdrawn") == []


def test_closing_from_the_window_makes_the_groups(house: House, words: Words) -> None:
    session = choosing(house)
    chose(house, session, noor=0, samir=0)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    desk.press("selection.close_here", session.id)
    assert now_is(house, session).state is State.GROUPED
    assert words("selection.outlook.topics") not in desk.window
    desk.press("selection.close_here", session.id)
    assert words("selection.shape.closed", title=session.title) in desk.told


# Facilitators


def appoint(desk: Desk, *users: str) -> Any:
    fields = {f"topic-{topic.id}": user for topic, user in zip(desk.session.topics, users, strict=False)}
    return desk.hand_in("worksessions.appoint", **fields)


def test_a_new_facilitator_is_told_once_and_one_who_stays_is_not(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    desk.press("selection.outlook", session.id, on="home")
    assert appoint(desk, "sanne", "ineke", "") is None
    (row,) = house.owed("selection.appointed")
    assert row.user_id == "sanne", "who appoints knows it already"
    body = house.draw(row, MESSAGES)
    assert body is not None
    when = words.moment(session.starts_at)
    assert body.text == words("selection.shape.appointed", topic=TOPICS[0], title=session.title, when=when)
    assert "<@sanne>" in desk.window
    appoint(desk, "sanne", "", "youssef")
    assert [row.user_id for row in house.owed("selection.appointed")] == ["sanne", "youssef"]
    appoint(desk, "sanne", "", "youssef")
    assert len(house.owed("selection.appointed")) == 2, "who stays hears it once"
    assert house.owed("selection.relieved") == []
    appoint(desk, "", "", "youssef")
    assert house.draw(row, MESSAGES) is None, "by then it is nobody"
    desk.hand_in("selection.withdraw", topic=session.topics[2].id)
    told = house.owed("selection.relieved")
    assert [row.user_id for row in told] == ["sanne", "youssef"]
    for row, topic in zip(told, (TOPICS[0], TOPICS[2]), strict=True):
        body = house.draw(row, MESSAGES)
        assert body is not None
        assert body.text == words("selection.shape.relieved", topic=topic, title=session.title)


def test_who_cannot_lead_is_said_under_the_field(house: House, words: Words) -> None:
    session = choosing(house)
    house.stranger("weg", None, deleted=True)
    chose(house, session, lotte=Wish.ABSENT)
    desk = Desk(house, session)
    assert said(appoint(desk, "sanne", "sanne", "")) == words("selection.shape.two_groups")
    assert said(appoint(desk, "weg", "", "")) == words("selection.pair_nobody")
    assert said(appoint(desk, "lotte", "", "")) == words("selection.shape.cannot_come")
    assert house.owed("selection.appointed") == []
    assert all(topic.facilitator is None for topic in now_is(house, session).topics)


def test_one_person_may_lead_topics_that_make_one_group_and_everything_while_practising(house: House) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    merge(desk, 1, 0)
    assert appoint(desk, "sanne", "sanne", "") is None
    alone = Desk(house, choosing(house, channel="D1"))
    assert appoint(alone, "ineke", "ineke", "ineke") is None


# Who may, and made-up ids

PRESSES = ["selection.outlook_again", "selection.leave", "selection.merge", "selection.place", "selection.closing",
           "selection.remind", "selection.close_here", "selection.shape"]  # fmt: skip
FORMS = ["selection.merge", "selection.withdraw", "selection.place", "selection.limits", "selection.closing",
         "worksessions.appoint"]  # fmt: skip


def test_nobody_else_can_do_any_of_it(house: House) -> None:
    session = choosing(house)
    for user in ("noor", "sanne"):
        desk = Desk(house, session, user)
        for name in PRESSES:
            value = f"apart:{session.topics[0].id}" if name == "selection.shape" else session.id
            desk.press(name, value)
        first, second = session.topics[0].id, session.topics[1].id
        for name in FORMS:
            ack = desk.hand_in(
                name, topic=first, into=second, person="noor", sizes="3-8", closes_day="2021-06-17", closes="15:00"
            )
            assert said(ack)
    assert now_is(house, session) == session
    assert picks(house, session) == {}
    assert [row.operation for row in house.owed("selection.card")] == ["post"]


def test_a_session_of_another_workspace_does_not_exist_here(house: House, words: Words) -> None:
    ours = choosing(house)
    theirs = replace(choosing(house), id="ws_theirs", team="T2", topics=(), regions=())
    settings = replace(house.settings, team="T2")
    house.write(lambda db: programme.save_programme(db, settings))
    house.write(lambda db: worksessions.save(db, theirs, NOW))
    desk = Desk(house, ours)
    desk.press("selection.outlook", "ws_theirs", on="home")
    assert desk.slack.shown == [words("worksessions.gone")]
    for name in FORMS:
        ack = desk.hand_in(name, session="ws_theirs", topic=ours.topics[0].id, into=ours.topics[1].id)
        assert said(ack) == words("worksessions.gone")
    for name in ("", "ws_made_up"):
        desk.press("selection.outlook", name, on="home")
        assert desk.slack.shown[-1] == words("worksessions.gone")


def test_a_menu_choice_that_nobody_knows_is_answered(house: House, words: Words) -> None:
    session = choosing(house)
    desk = Desk(house, session)
    for value in ("", "explode:tp_1", "merge"):
        desk.press("selection.shape", value)
    assert words("slack.unknown") in desk.slack.shown
    assert words("selection.shape.gone") in desk.told


# The longest there can be

LONG = "<!channel> & " + "Ŵ" * 500


def a_large_session(mode: Mode, merged: int = 0) -> WorkSession:
    topics = tuple(
        Topic(
            f"tp_{n:016}", f"{n:02} {LONG}"[:TOPIC_LENGTH], f"{n:02}{'&' * 18}", f"th_{n}", f"U{n:010}", 3, 500,
            merged_into="tp_0000000000000000" if 0 < n <= merged else None,
        )
        for n in range(MOST_TOPICS)
    )  # fmt: skip
    starts = wall(2021, 6, 17, 13)
    return WorkSession(
        "ws_0123456789abcdef", TEAM, LONG[:TITLE_LENGTH], "C0123456789", starts, starts + timedelta(hours=3),
        starts + timedelta(hours=1), "Europe/Amsterdam", State.CHOOSING, "U0123456789", topics, mode=mode,
    )  # fmt: skip


def a_full_outlook(session: WorkSession, *, runs: bool) -> Outlook:
    users = tuple(f"U{n:010}" for n in range(1000))
    prospects = tuple(
        Prospect(tuple(topic.id for topic in offered), 1000, 2, 1000 if runs else 0, 3, 500, None, None, users[:40])
        for offered in session.offers
    )
    pairs = tuple(zip(users[::2], users[1::2], strict=True))
    standing = Standing(1000, 1000, 1000, 1000, 1000)
    return Outlook(1000, 1000, 1000, 1000, prospects, standing, users, users, users, users, pairs, 1000, None)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("merged", [0, 5, 39])
@pytest.mark.parametrize("runs", [True, False])
@pytest.mark.parametrize("mode", list(Mode))
def test_forty_topics_and_a_thousand_people_fit_a_window(language: str, merged: int, runs: bool, mode: Mode) -> None:
    words, session = load(language), a_large_session(mode, merged)
    found = a_full_outlook(session, runs=runs)
    view = views.board(session, found, forms.merged(session.offers[0], words), [], words).to_dict()
    assert lint_view(view) == []
    assert "<!channel>" not in json.dumps(view["blocks"], ensure_ascii=False).replace('"plain_text"', "")
    left = [topic.id for topic in session.topics]
    lead = session.topics[0]
    for form in (
        views.computing(session, forms.withdrawn(lead.name, 1000, words), left, words),
        views.failed(session, left, words),
        views.closed(session, words),
        forms.merge_form(session, lead.id, session.offers[-1][0].id, left, words),
        forms.withdraw_form(session, lead.id, 1000, left, words),
        forms.place_form(session, left, words),
        forms.limits_form(session, lead, left, words),
        forms.closing_form(session, left, words),
    ):
        assert lint_view(form.to_dict()) == []
    link = "https://slack.com/archives/C0123456789/p1234567890123456"
    for text, blocks in (
        forms.choose_again(session, lead.name, link, words),
        forms.placed(session, "U0123456789", lead.id, link, words),
        forms.appointed(session, lead, words),
        forms.relieved(session, lead.name, words),
    ):
        assert lint_message({"text": text, "blocks": [block.to_dict() for block in blocks]}) == []
