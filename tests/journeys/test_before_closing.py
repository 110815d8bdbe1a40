"""Journey (c) 5: before closing the coordinator sees how it would come out, and puts right what is not right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.words import Words
from tests.journeys.driver import Oogst, Person, Slack
from tests.journeys.steps import CHANNEL, appoint, make_session, pick

OUDERS, NPO, OZA, GROEN = TOPICS = ["Ouderbetrokkenheid", "Nationaal Programma", "Arrangementen", "Verduurzaming"]


def window(ineke: Person, words: Words, has: str) -> dict[str, Any]:
    """Wait until the window shows this and is not working anything out any more."""
    ready = words("selection.outlook.topics")

    def look() -> dict[str, Any] | None:
        found = ineke.sees()["modal"]
        return found if found and ready in found["plain"] and has in found["plain"] else None

    found: dict[str, Any] = ineke.until(look, f"the window with {has!r}")
    return found


def from_menu(ineke: Person, oogst: Oogst, topic: str, label: str) -> None:
    """Choose something from the menu beside a topic."""
    ((lead,),) = oogst.rows(f"SELECT id FROM topic WHERE name = '{topic}'")
    ineke.press(label, block=lead)


@pytest.mark.matrix
def test_what_is_not_right_is_put_right_before_the_groups_are_made(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words, topics=TOPICS)
    appoint(slack, words, **{OUDERS: "Sanne"})
    ineke, lotte, sanne, youssef = (slack.as_(name) for name in ("Ineke", "Lotte", "Sanne", "Youssef"))
    for name, topic in [("Noor", OUDERS), ("Samir", NPO), ("Lotte", GROEN)]:
        pick(slack.as_(name), topic, words)
    sanne.finds("@oogst", OUDERS)
    sanne.press(words("selection.absent"), channel="@oogst")
    slack.settle()

    ineke.home(words("selection.outlook.open"))
    ineke.press(words("selection.outlook.open"), where="home")
    shown = window(ineke, words, words("selection.outlook.chosen", chosen=3, invited=4))["plain"]
    assert words.count("selection.outlook.besides", 1) in shown, "Lotte has no region"
    assert words.count("selection.outlook.silent", 1, people="@Youssef") in shown
    assert words("selection.outlook.gone", topic=OUDERS, people="@Sanne") in shown
    assert words("selection.outlook.suggestion", one=OUDERS, few=1, other=NPO, more=1) in shown

    _merge(ineke, words)
    window(ineke, words, words("selection.shape.merged", topics=f"{NPO} + {OUDERS}"))
    ineke.finds(CHANNEL, f"*{NPO} + {OUDERS}* · {words.count('selection.people', 2)}")

    ineke.press(words("worksessions.appoint"))
    ineke.modal(words("worksessions.appoint_title"))
    ineke.choose(OUDERS, user="Youssef")
    ineke.submit()
    window(ineke, words, words("selection.led_by", name="@Youssef"))
    youssef.finds("@oogst", OUDERS)

    from_menu(ineke, oogst, GROEN, words("selection.outlook.withdraw"))
    ineke.modal(words("selection.shape.withdraw_title"))
    ineke.submit()
    window(ineke, words, words.count("selection.shape.withdrawn", 1, topic=GROEN))
    lotte.finds(
        "@oogst", words("selection.shape.choose_again", topic=GROEN, title="Werksessie 17 juni", closes="14:00")
    )
    assert oogst.rows("SELECT count(*) FROM pick WHERE wish = 'topic'") == [(2,)]

    ineke.press(words("selection.outlook.place"))
    ineke.modal(words("selection.shape.place_where"))
    ineke.choose(words("selection.move_who"), user="Lotte")
    ineke.choose(words("selection.shape.place_where"), option=OZA)
    ineke.submit()
    window(ineke, words, words("selection.shape.put", name="@Lotte", topic=OZA))
    lotte.finds(
        "@oogst", words("selection.shape.placed", name="", topic=OZA, title="", closes="").split("'")[0].strip()
    )
    pick(lotte, OZA, words)
    lotte.press(words("selection.choose_says", topic=NPO), channel=CHANNEL)
    ineke.finds(CHANNEL, f"*{NPO} + {OUDERS}* · {words.count('selection.people', 3)}")

    ineke.press(words("selection.outlook.closing_time"))
    ineke.modal(words("selection.shape.closing_hint"))
    ineke.choose(words("worksessions.closes"), time="15:00")
    ineke.submit()
    window(ineke, words, words("selection.shape.closes", closes="15:00"))
    ineke.close_forms()
    ineke.finds(CHANNEL, words("selection.intro", title="Werksessie 17 juni", closes="15:00"))
    slack.move_clock("2021-06-17T14:05+02:00")
    slack.as_("Youssef").press(words("selection.anywhere"), channel=CHANNEL)
    slack.settle()
    assert oogst.rows("SELECT state FROM work_session") == [("choosing",)]

    slack.move_clock("2021-06-17T15:01+02:00")
    card = ineke.finds(CHANNEL, words("selection.groups_header", day=words.day(date(2021, 6, 17))))
    assert words("selection.group", number=1, topics=words.list([OUDERS, NPO])) in card["plain"]
    assert words("selection.led_by", name="@Youssef") in card["plain"]
    seated = oogst.rows(
        "SELECT m.name FROM seat s JOIN member m ON m.user_id = s.user_id AND m.team_id = s.team_id ORDER BY m.name"
    )
    assert seated == [("Lotte",), ("Noor",), ("Samir",), ("Youssef",)]
    assert oogst.rows("SELECT count(*) FROM group_topic") == [(2,)]
    assert oogst.rows("SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'dropped')") == [(0,)]


def _merge(ineke: Person, words: Words) -> None:
    """Accept the suggestion: the form is filled in already."""
    ineke.press(words("selection.outlook.merge_with"))
    form = ineke.modal(words("selection.shape.merge_title"))
    assert [field["value"]["text"]["text"] for field in form["fields"]] == [OUDERS, NPO]
    ineke.submit()


def test_choosing_is_closed_from_the_window(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words, topics=TOPICS)
    ineke = slack.as_("Ineke")
    ineke.home(words("selection.outlook.open"))
    ineke.press(words("selection.outlook.open"), where="home")
    window(ineke, words, words("selection.outlook.chosen", chosen=0, invited=4))
    ineke.press(words("home.close"))
    ineke.modal(words("selection.outlook.closing", title="Werksessie 17 juni").split(".")[0])
    slack.settle()
    assert oogst.rows("SELECT state FROM work_session") == [("grouped",)]
