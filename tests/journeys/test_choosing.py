"""Journeys (c) 1-4 and 6 without merging, and (d) in free mode."""

from __future__ import annotations

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
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
    lotte.only_for_me(words("programme.region_question", word="regio"))
    lotte.press("Haaglanden", channel=CHANNEL)
    lotte.only_for_me(words("programme.region_set", region="Haaglanden"))
    steps = slack.move_clock("2021-06-17T14:01+02:00")
    assert len(steps) >= 1, "closing is a due moment on the way"
    card = noor.finds(CHANNEL, words("selection.groups_header", day=words.day(_day())))
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


def _day():  # type: ignore[no-untyped-def]
    from datetime import date

    return date(2021, 6, 17)
