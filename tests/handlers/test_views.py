"""Every screen of choosing, making a session, regions and the Home keeps to Slack's limits with the longest inputs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.followup import Answer
from bot.nudges import Room
from bot.programme import Member, Programme, Region, Role
from bot.selection import Choice, Group, Pair, PairState, Pick, Reason, Why, Wish
from bot.worksessions import (
    LARGEST_GROUP,
    MOST_TOPICS,
    TITLE_LENGTH,
    TOPIC_LENGTH,
    Mode,
    Plan,
    State,
    Topic,
    WorkSession,
)
from handlers.home import Desk, Home, OpenChoice
from handlers.prompting import Board
from handlers.views import frame
from handlers.views import home as home_views
from handlers.views import programme as programme_views
from handlers.views import prompting as prompting_views
from handlers.views import selection as selection_views
from handlers.views import selection_groups as group_views
from handlers.views import worksessions as session_views
from handlers.waiting import Gap, Urgency, Waiting
from handlers.words import Words, load
from handlers.world import Asker
from playground.linter import lint_message, lint_view, visible_texts
from tests.handlers.house import wall

LONG = "<!channel> & " + "Ŵ" * 500
STARTS = wall(2021, 6, 17, 13)


@pytest.fixture(params=["nl", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return load(str(request.param))


def a_session(state: State = State.CHOOSING) -> WorkSession:
    topics = tuple(
        Topic(f"tp_{n:016}", f"{n:02} {LONG}"[:TOPIC_LENGTH], f"{n:02}{'x' * 18}", f"th_{n}", f"U{n:010}")
        for n in range(MOST_TOPICS)
    )
    return WorkSession(
        "ws_0123456789abcdef", "T1", LONG[:TITLE_LENGTH], "C0123456789", STARTS, STARTS + timedelta(hours=3),
        STARTS + timedelta(hours=1), "Europe/Amsterdam", state, "U0123456789", topics, group_limit=LARGEST_GROUP,
    )  # fmt: skip


def groups(session: WorkSession) -> list[Group]:
    people = tuple(f"U{n:010}" for n in range(LARGEST_GROUP))
    return [
        Group(f"gr_{n:016}", session.id, n + 1, (t.id,), t.facilitator, people) for n, t in enumerate(session.topics)
    ]


def regions(number: int) -> list[Region]:
    return [Region(f"rg_{n:016}", f"{n:03} {LONG}"[:200], f"C{n}") for n in range(number)]


def accepted(text: str, blocks: list[Any]) -> bool:
    packed = [block.to_dict() if isinstance(block, Block) else block for block in blocks]
    problems = lint_message({"channel": "C1", "text": text, "blocks": packed})
    assert problems == []
    assert "<!" not in text
    return True


def accepted_view(view: View) -> bool:
    problems = lint_view(view.to_dict())
    assert problems == []
    return True


def test_the_message_with_forty_topics_of_the_longest_name(words: Words) -> None:
    session = a_session()
    counts = {topic.id: LARGEST_GROUP for topic in session.topics}
    hostile = tuple(replace(topic, name="&" * TOPIC_LENGTH, short_name="&" * 20) for topic in session.topics)
    merged = tuple(replace(topic, merged_into=session.topics[0].id) for topic in session.topics)
    for state in (State.CHOOSING, State.CLOSING):
        for mode in Mode:
            for hidden in (True, False):
                for topics in (session.topics, hostile, merged):
                    one = replace(session, mode=mode, hidden=hidden, topics=topics, state=state)
                    accepted(*selection_views.choices(one, counts, {Wish.ANYWHERE: 12_345}, words, topics))


def test_ones_own_choice_between_forty_topics(words: Words) -> None:
    for mode, most in ((Mode.FREE, 1), (Mode.RANKED, 3)):
        session = replace(a_session(), mode=mode)
        for wish in Wish:
            for number in range(1, most + 1):
                topics = tuple(t.id for t in session.topics[:number]) if wish is Wish.TOPIC else ()
                choice = Choice(Pick("U1", wish, topics, STARTS), changed=True, is_full=number == most)
                accepted(*selection_views.own_choice(session, choice, words))


def test_who_leads_a_theme_is_told_that_they_sit_there_whatever_they_tap(words: Words) -> None:
    session = a_session()
    led, other = session.topics[:2]
    assert led.facilitator
    for tapped, told in ((other, "selection.own_noted"), (led, "selection.own")):
        choice = Choice(Pick(led.facilitator, Wish.TOPIC, (tapped.id,), STARTS), changed=True)
        text, blocks = selection_views.own_choice(session, choice, words)
        accepted(text, blocks)
        assert words(told, topic="", closes="14:00").split("*")[0] in text
        assert words("selection.own_leads", topic=frame.escaped(led.name)) in text


def test_what_is_asked_and_told_one_person_while_choosing(words: Words) -> None:
    session = a_session()
    pair = Pair("pr_0123456789abcdef", session.id, "U1", "U2", PairState.ASKED, STARTS)
    for state in PairState:
        accepted(*selection_views.pair_question(session, replace(pair, state=state), words))
    accepted_view(selection_views.pair_form(session, "U2", words))
    accepted_view(selection_views.pair_asked("U2", words))
    accepted(*selection_views.reminder(session, "https://slack.com/archives/C1/p1", words))
    accepted(*selection_views.facilitator_away(session, session.topics[0], words))


def test_the_list_of_forty_groups_of_five_hundred_people(words: Words) -> None:
    session = a_session(State.GROUPED)
    threads = {group.id: "https://slack.com/archives/C0123456789/p1234567890123456" for group in groups(session)}
    left_over = [topic.id for topic in session.topics]
    everybody = [f"U{n:010}" for n in range(1000)]
    accepted(*group_views.groups(session, groups(session), left_over, threads, {Wish.TOPIC: 15_000}, everybody, words))
    accepted(*group_views.groups(session, [], left_over, {}, {}, everybody, words))


def test_the_thread_of_a_group_and_the_form_that_moves_people(words: Words) -> None:
    session = a_session(State.GROUPED)
    accepted(*group_views.group_thread(session, groups(session)[0], words))
    accepted_view(group_views.move_form(session, groups(session), words))


@pytest.mark.parametrize("number", [0, 1, 24, 25, 150])
def test_the_question_which_region_with_any_number_of_regions(words: Words, number: int) -> None:
    if number:
        accepted("?", programme_views.region_question(regions(number), words))
    accepted_view(programme_views.people_form(regions(number), words))


def test_the_forms_that_make_a_session(words: Words) -> None:
    session = a_session()
    names = [topic.name for topic in session.topics]
    shorts = [topic.short_name for topic in session.topics]
    checked = Plan(session.title, session.channel, session.starts_at, session.ends_at)
    known = dict.fromkeys(names, 12_345)
    for planned in (None, session):
        accepted_view(session_views.plan_form("fm_1", regions(150), words, now=STARTS, channel="C1", planned=planned))
    accepted_view(session_views.plan_form("fm_1", [], words, now=STARTS, channel="D1", planned=None))
    accepted_view(session_views.topics_form("fm_1", checked, [], words))
    accepted_view(session_views.check_form("fm_1", checked, names, shorts, STARTS, known, words))
    accepted_view(session_views.appoint_form(session, words))
    accepted("?", session_views.posted(session, words))


def test_the_home_of_a_coordinator_with_everything_in_it(words: Words) -> None:
    member = Member(
        "T1", "U1", LONG, frozenset({Role.COORDINATOR, Role.ADMIN}), "rg_0000000000000001", quiet_until=STARTS
    )  # fmt: skip
    asker = Asker(member, Programme("T1", words.language, "Europe/Amsterdam", "samenwerkingsverband", "s"), words)
    session = a_session(State.GROUPED)
    asked = [STARTS, STARTS]
    gaps = tuple(
        Gap(
            what, f"{n}", "ws_0", n, ("U2",), "kind",
            partial(prompting_views.gap, session, groups(session)[n % MOST_TOPICS], asked, 3),
        )
        for n in range(60)
        for what in ("impression", "signing")
    )  # fmt: skip
    people = {"U2": replace(member, user="U2", quiet_until=STARTS)}
    desks = tuple(
        Desk(
            replace(a_session(state), id=f"ws_{n}"), 15_000,
            Board(session, gaps, frozenset({gaps[1].name}), {"U2": list(Room)[n % 3]}, people),
            groups=40, handed_in=n, published=n % 2 == 0, begun=True, waiting=9,
        )
        for n in range(10)
        for state in State
    )  # fmt: skip
    waits = tuple(
        Waiting(Urgency.SHARE, partial(prompting_views.waits, session, group, STARTS)) for group in groups(session)
    )
    full = Home(
        asker, True, tuple(regions(150)), desks, tuple((session, group) for group in groups(session)),
        tuple((replace(session, id=f"ws_{n}"), Answer.YES) for n in range(30)),
        waiting=waits, quiet=True, begun=frozenset({session.id}), handed_in=frozenset({"gr_0000000000000000"}),
        why={session.id: Why(1, Reason.SECOND_FULL, first=LONG[:120])},
    )  # fmt: skip
    pick = Pick("U1", Wish.TOPIC, tuple(topic.id for topic in session.topics[:3]), STARTS)
    choosing = replace(a_session(), mode=Mode.RANKED)
    open_ = (OpenChoice(choosing, pick, "https://slack.com/archives/C1/p1"), OpenChoice(choosing, None, None))
    for home in (
        full, replace(full, choices=open_ * 5), replace(full, why={}), replace(full, waiting=(), why={}),
        replace(full, desks=desks[3:]), Home(asker, False, (), (), (), ()),
    ):  # fmt: skip
        view = home_views.home(home, words)
        accepted_view(view)
        assert [each for each in _buttons(view.to_dict()) if each.get("style") == "primary"][1:] == []
    shown = "".join(visible_texts(home_views.home(full, words).to_dict()["blocks"]))
    assert words.count("home.more_waits", 14) in shown, "what does not fit is counted"
    assert words.count("prompting.more", 112) in shown
    *_, region, _, kept = home_views.home(full, words).to_dict()["blocks"]
    assert region.get("block_id") == "region", "nothing at the end is lost"
    assert kept["elements"][0]["action_id"] == "personal.show", "what is kept of somebody is told below it"


def test_help_and_notices(words: Words) -> None:
    for role in Role:
        accepted(*home_views.help_(Member("T1", "U1", "Noor", frozenset({role})), words))
    accepted_view(frame.notice(frame.escaped(LONG * 9), words))


def test_what_a_screen_reader_says_of_a_button_holds_the_words_on_it(words: Words) -> None:
    session = a_session(State.GROUPED)
    shown = [
        selection_views.choices(a_session(), {}, {}, words)[1],
        group_views.group_thread(session, groups(session)[0], words)[1],
    ]
    buttons = [each for blocks in shown for each in _buttons([block.to_dict() for block in blocks])]
    assert len(buttons) > MOST_TOPICS
    for button in buttons:
        assert button["text"]["text"] in button.get("accessibility_label", button["text"]["text"])


def _buttons(part: Any) -> list[Any]:
    if isinstance(part, dict):
        own = [part] if part.get("type") == "button" else []
        return own + [each for inner in part.values() for each in _buttons(inner)]
    return [each for inner in part for each in _buttons(inner)] if isinstance(part, list) else []
