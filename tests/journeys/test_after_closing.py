"""After closing: changing places, coming late, being moved, and reading why one sits there."""

from __future__ import annotations

import pytest

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, choose_and_close, make_session

OUDERS, _, OZA = TOPICS
TITLE = "Werksessie 17 juni"


def tables(oogst: Oogst) -> dict[int, list[str]]:
    """Who sits in which group, by number."""
    rows = oogst.rows(
        'SELECT g.number, m.name FROM seat s JOIN "group" g ON g.id = s.group_id '
        "JOIN member m ON m.user_id = s.user_id AND m.team_id = s.team_id ORDER BY 1, 2"
    )
    found: dict[int, list[str]] = {}
    for number, name in rows:
        found.setdefault(number, []).append(name)
    return found


@pytest.mark.matrix
def test_after_closing_people_swap_come_late_are_moved_and_read_why(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    card = slack.as_("Ineke").finds(CHANNEL, OUDERS)
    choose_and_close(slack, words)
    noor, samir, lotte, ineke = (slack.as_(name) for name in ("Noor", "Samir", "Lotte", "Ineke"))
    noor.finds(CHANNEL, words("selection.why_button"))
    assert tables(oogst) == {1: ["Noor", "Sanne"], 2: ["Samir", "Youssef"]}

    # Noor asks Samir, who agrees: both groups change, the buttons go, and Noor hears it.
    noor.press(words("selection.swap"), channel=CHANNEL, ts=card["ts"])
    noor.modal(words("selection.swap_title"))
    noor.choose(words("selection.swap_who"), option="Samir")
    noor.submit()
    noor.close_forms()
    samir.finds("@oogst", words("selection.swap_agree"))
    samir.press(words("selection.swap_agree"), channel="@oogst")
    done = samir.finds("@oogst", words("selection.swap_then.done", name="").strip()[-20:])
    assert done["buttons"] == []
    noor.finds("@oogst", words("selection.thread"))
    assert tables(oogst) == {1: ["Samir", "Sanne"], 2: ["Noor", "Youssef"]}
    noor.press(words("selection.why_button"), channel=CHANNEL, ts=card["ts"])
    noor.only_for_me(words("selection.why.swapped", name="").split("  ")[0].rstrip(" ."))

    # Lotte never chose: one tap gives her the best place, and a second one says where she sits.
    lotte.press(words("selection.seat"), channel=CHANNEL, ts=card["ts"])
    lotte.only_for_me(words("selection.seat_given", group="").split("*")[0].strip())
    lotte.press(words("selection.seat"), channel=CHANNEL, ts=card["ts"])
    lotte.only_for_me(words("selection.seat_known", group="").split("*")[0].strip())
    lotte.press(words("selection.why_button"), channel=CHANNEL, ts=card["ts"])
    lotte.only_for_me(words("selection.why.late"))
    assert sorted(name for people in tables(oogst).values() for name in people) == [
        "Lotte", "Noor", "Samir", "Sanne", "Youssef",
    ]  # fmt: skip

    # A tap on a message that was closed on another screen offers the same.
    (topic,) = oogst.rows("SELECT id FROM topic WHERE position = 2")[0]
    ineke.do("press_stale", channel=CHANNEL, ts=card["ts"], action="selection.pick", value=topic)
    late = ineke.only_for_me(words("selection.late_offer", title=TITLE, closed="14:00"))
    ineke.press(words("selection.seat"), channel=CHANNEL, ts=late["ts"])
    ineke.only_for_me(words("selection.seat_given", group="").split("*")[0].strip())
    assert "Ineke" in tables(oogst)[2], "she sits with the topic on which she tapped"

    # The coordinator moves Samir; he hears where he sits now, and his Home says why.
    ineke.home(words("home.move"))
    ineke.press(words("home.move"), where="home")
    form = ineke.modal(words("selection.move_title"))
    ineke.choose(words("selection.move_who"), user="Samir")
    field = next(each for each in form["fields"] if each["block_id"] == "group")
    ineke.choose(words("selection.move_where"), option=field["options"][1])
    ineke.submit()
    where = words("selection.group", number=2, topics=OZA)
    samir.finds("@oogst", words("selection.seated", title=TITLE, group=where))
    samir.home(words("selection.why.moved"))
    header = words("selection.groups_header", day="").strip()
    noor.until(lambda: "Samir" in noor.finds(CHANNEL, header)["plain"].split(where)[1], "Samir in his new group")
    assert "Samir" in tables(oogst)[2]


def test_a_group_without_its_facilitator_goes_on_and_gets_another_one(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    slack("people", name="Sanne", deleted=True)
    slack.settle()
    ineke, noor = slack.as_("Ineke"), slack.as_("Noor")
    ineke.home(words.count("home.leaderless", 1, groups="1"))
    assert tables(oogst) == {1: ["Noor"], 2: ["Samir", "Youssef"]}
    ineke.press(words("home.lead"), where="home")
    ineke.modal(words("selection.move_title"))
    ineke.choose(words("selection.move_who"), user="Lotte")
    ineke.submit()
    slack.settle()
    assert oogst.rows("SELECT m.name FROM \"group\" g JOIN member m ON m.user_id = g.facilitator") == [
        ("Lotte",), ("Youssef",),
    ]  # fmt: skip
    slack.as_("Lotte").finds("@oogst", words("selection.seated_facilitator"))
    noor.press(words("selection.why_button"), channel=CHANNEL)
    noor.only_for_me(words("selection.why.first"))
