"""Journeys (c) 1-4 and 6 without merging, and (d) in free mode."""

from __future__ import annotations

from datetime import date

from handlers.words import Words, load
from tests.journeys.driver import ROSTER, Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, appoint, make_session, pick

OUDERS, VERDUURZAMING, OZA = TOPICS


def test_from_an_empty_workspace_to_groups_with_threads(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    appoint(slack, words, Ouderbetrokkenheid="Sanne")
    noor, samir, lotte = slack.as_("Noor"), slack.as_("Samir"), slack.as_("Lotte")
    pick(noor, OUDERS, words)
    pick(samir, VERDUURZAMING, words)
    pick(samir, OUDERS, words)
    noor.finds(CHANNEL, f"*{OUDERS}* · {words.count('selection.people', 2)}")
    noor.finds(CHANNEL, f"*{VERDUURZAMING}* · {words.count('selection.people', 0)}")
    lotte.press(words("selection.anywhere"), channel=CHANNEL)
    lotte.only_for_me(words("selection.own_anywhere", closes="14:00"))
    lotte.only_for_me(words("programme.region_question"))
    lotte.press("Haaglanden", channel=CHANNEL)
    lotte.only_for_me(words("programme.region_set", region="Haaglanden"))
    steps = slack.move_clock("2021-06-17T14:01+02:00")
    assert len(steps) >= 1, "closing is a due moment on the way"
    card = noor.finds(CHANNEL, words("selection.groups_header", day=words.day(date(2021, 6, 17))))
    assert words("selection.choose") not in card["buttons"], "the buttons have gone"
    assert words("selection.group", number=1, topics=OUDERS) in card["plain"]
    assert words("selection.unserved", topics=words.list([VERDUURZAMING[:13], "OZA"])).split(":")[0] in card["plain"]
    thread = noor.finds(CHANNEL, words("selection.thread_hint"))
    assert words("impressions.share") in thread["buttons"]
    assert all(name in thread["plain"] for name in ("Noor", "Samir", "Lotte", "Sanne"))
    assert oogst.rows("SELECT count(*) FROM seat") == [(3,)]


def test_a_late_tap_gets_a_kind_answer(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    card = slack.as_("Noor").finds(CHANNEL, OUDERS)
    slack.move_clock("2021-06-17T14:01+02:00")
    (topic,) = oogst.rows("SELECT id FROM topic WHERE position = 0")[0]
    slack(
        "press_stale",
        **{"as": "Noor", "channel": CHANNEL, "ts": card["ts"], "action": "selection.pick", "value": topic},
    )
    slack.as_("Noor").only_for_me(words("selection.late", title="Werksessie 17 juni", closed="14:00"))
    assert oogst.rows("SELECT count(*) FROM pick") == [(0,)]


def test_each_member_reads_their_own_language_and_the_channel_its_own(slack: Slack, oogst: Oogst, words: Words) -> None:
    other = load("en" if words.language == "nl" else "nl")
    slack("people", name="Noor", locale={"nl": "nl-NL", "en": "en-GB"}[other.language])
    make_session(slack, words)
    noor, samir = slack.as_("Noor"), slack.as_("Samir")
    noor.finds(CHANNEL, words("selection.intro", title="Werksessie 17 juni", closes="14:00"))
    noor.press(words("selection.choose_says", topic=OZA), channel=CHANNEL)
    noor.only_for_me(other("selection.own", topic=f"*{OZA}*", closes="14:00").replace("**", "*"))
    pick(samir, OZA, words)
    noor.home(other("home.upcoming"))
    samir.home(words("home.upcoming"))


def test_who_is_not_in_the_roster_can_take_part_and_is_asked_once_for_the_region(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    slack("people", name="Vera", real_name="Vera Smit", locale={"nl": "nl-NL", "en": "en-GB"}[words.language])
    vera = slack.as_("Vera")
    vera.do("join", channel=CHANNEL)
    vera.press(words("selection.choose_says", topic=OZA), channel=CHANNEL)
    vera.only_for_me(words("programme.region_question"))
    vera.press("Haaglanden", channel=CHANNEL)
    vera.only_for_me(words("programme.region_set", region="Haaglanden"))
    vera.press(words("selection.choose_says", topic=OUDERS), channel=CHANNEL)
    slack.settle()
    questions = [m for m in vera.messages(CHANNEL) if words("programme.region_question") in m["plain"]]
    assert len(questions) <= 1
    assert oogst.rows("SELECT wish, count(*) FROM pick") == [("topic", 1)]


def test_a_coordinator_adds_people_from_the_home(slack: Slack, oogst: Oogst, words: Words) -> None:
    ineke = slack.as_("Ineke")
    ineke.home(words("programme.people_title"))
    ineke.press(words("programme.people_title"), where="home")
    ineke.modal(words("programme.people_who"))
    ineke.choose(words("programme.people_who"), users=["Lotte"])
    ineke.choose(words("programme.people_region"), option="Haaglanden")
    ineke.choose(
        words("programme.people_roles"),
        options=[words("programme.role.participant"), words("programme.role.note_taker")],
    )
    ineke.submit()
    slack.settle()
    roles = oogst.rows(
        "SELECT m.roles, r.name FROM member m JOIN region r ON r.id = m.region_id WHERE m.name = 'Lotte'"
    )
    assert roles == [("note_taker,participant", "Haaglanden")]


def test_the_home_says_what_somebody_chose_and_who_chose_nothing_what_to_do(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    noor = slack.as_("Noor")
    noor.home(words("home.choose", closes="14:00"))
    pick(noor, OZA, words)
    noor.home(words("selection.own", topic=f"*{OZA}*", closes="14:00").replace("**", "*").split("*")[1])
    assert words("home.choose", closes="14:00") not in noor.home()["plain"]
    slack.move_clock("2021-06-17T14:01+02:00")
    noor.home(words("selection.group", number=1, topics=OZA))


def test_a_full_group_takes_nobody_more(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words, limit="2")
    for name in ("Noor", "Samir"):
        pick(slack.as_(name), OZA, words)
    lotte = slack.as_("Lotte")
    lotte.press(words("selection.choose_says", topic=OZA), channel=CHANNEL)
    lotte.only_for_me(words("selection.full", limit=2))


def test_a_roster_waits_until_the_bot_has_stopped(slack: Slack, oogst: Oogst, words: Words) -> None:
    assert words("database.in_use", file=oogst.database) in oogst.run("roster", ROSTER, code=73)
    oogst.stop()
    oogst.run("roster", ROSTER)
