"""What goes wrong gets a clear answer and loses nothing."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, choose_and_close, make_session, pick, share_by_reply

SHOUT = "<!channel> <!here> <@U1> <http://evil.example|intranet> &amp; *vet*"


def test_every_mistake_in_the_forms_is_said_at_its_field_and_keeps_what_was_typed(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    ineke = slack.as_("Ineke")
    ineke.command("/oogst nieuw" if words.language == "nl" else "/oogst new")
    ineke.modal(words("worksessions.new_title"))
    long = "x" * 300
    ineke.type(words("worksessions.title"), long)
    ineke.choose(words("worksessions.day"), date="2021-06-16")
    ineke.choose(words("worksessions.channel"), option=CHANNEL)
    errors = ineke.submit_with_errors()
    assert errors["title"] == words("worksessions.problem.too_long", most=100, now=300)
    assert errors["day"] == words("worksessions.problem.past")
    assert _value(ineke.modal(), "title") == long
    ineke.choose(words("worksessions.day"), date="2021-06-17")
    ineke.choose(words("worksessions.end"), time="12:00")
    assert ineke.submit_with_errors()["end"] == words("worksessions.problem.end_before_start")
    ineke.type(words("worksessions.title"), "Werksessie")
    ineke.choose(words("worksessions.end"), time="16:00")
    ineke.submit()
    for typed, sentence in [
        (" \n ", words("worksessions.problem.no_topics")),
        ("\n".join(f"Thema {n}" for n in range(60)), words("worksessions.problem.too_many", most=40, now=60)),
        ("y" * 300, words("worksessions.problem.topic_too_long", start="y" * 30, most=120, now=300)),
    ]:
        ineke.type(words("worksessions.topics"), typed)
        assert ineke.submit_with_errors()["topics"] == sentence
        assert _value(ineke.modal(), "topics") == typed
    ineke.type(words("worksessions.topics"), "\n".join(TOPICS))
    ineke.submit()
    ineke.choose(words("worksessions.closes"), time="16:30")
    ineke.type(words("worksessions.limit"), "veel")
    errors = ineke.submit_with_errors()
    assert errors["closes"] == words("worksessions.problem.closes_after_end")
    assert errors["limit"] == words("worksessions.problem.limit", most=500)
    ineke.choose(words("worksessions.closes"), time="14:00")
    ineke.type(words("worksessions.limit"), "")
    ineke.submit()
    ineke.finds(CHANNEL, TOPICS[0])
    assert oogst.rows("SELECT count(*) FROM work_session") == [(1,)]


def test_people_cannot_make_oogst_shout_or_link(slack: Slack, oogst: Oogst, words: Words) -> None:
    topics = [f"{SHOUT} {n}" for n in range(2)]
    make_session(slack, words, topics=topics)
    choices = [oogst.rows(f"SELECT id FROM topic WHERE position = {n}")[0][0] for n in range(2)]
    for name, topic in [("Noor", 0), ("Samir", 1)]:
        card = slack.as_(name).finds(CHANNEL, words("selection.choose"))
        slack.as_(name).do("press_stale", channel=CHANNEL, ts=card["ts"], action="selection.pick", value=choices[topic])
    slack.move_clock("2021-06-17T14:05+02:00")
    ineke = slack.as_("Ineke")
    ineke.home(words("home.move"))
    ineke.press(words("home.move"), where="home")
    for name, group in [("Sanne", 0), ("Youssef", 1)]:
        if not ineke.sees()["modal"]:
            ineke.press(words("home.move"), where="home")
        form = ineke.modal(words("selection.move_title"))
        ineke.choose(words("selection.move_who"), user=name)
        field = next(f for f in form["fields"] if f["block_id"] == "group")
        ineke.choose(words("selection.move_where"), option=field["options"][group])
        ineke.choose(words("selection.move_as"), option=words("selection.as_facilitator"))
        ineke.submit()
    slack.settle()
    for number, name in [(1, "Sanne"), (2, "Youssef")]:
        person = slack.as_(name)
        person.press(words("impressions.share_says", group=number), channel=CHANNEL)
        person.modal(words("impressions.form_title"))
        for part in ("takeaway", "quote", "question", "offer"):
            person.type(words(f"impressions.part.{part}"), f"{SHOUT} {part} van {name}.")
        person.submit()
    slack.settle()
    ineke.finds("@oogst", "question van Sanne")
    slack.move_clock("2021-06-18T12:05+02:00")
    draft = next(
        m for m in reversed(ineke.messages("@oogst")) if any(words("harvest.publish") in b for b in m["buttons"])
    )
    ineke.press(next(b for b in draft["buttons"] if words("harvest.publish") in b), channel="@oogst", ts=draft["ts"])
    slack.settle()
    slack.move_clock("2021-06-22T09:05+02:00")
    said = 0
    for name in ("Noor", "Sanne", "Ineke"):
        seen = slack.as_(name).sees()
        for message in [m for ms in [*seen["channels"].values(), seen["dm"]] for m in ms if m["user"] == "oogst"]:
            for text in [message["text"], *_mrkdwn(message["blocks"])]:
                assert not re.search(r"<!|<@U1>|<http://evil", text), text
                said += "&lt;!channel&gt;" in text
    assert said > 10, "what people wrote is shown, literally"
    assert slack.as_("Noor").finds("regio-haaglanden", "<!channel>")


def test_a_button_that_nobody_knows_and_ids_that_are_made_up_are_answered(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    noor = slack.as_("Noor")
    card = noor.finds(CHANNEL, TOPICS[0])
    session = oogst.rows("SELECT id FROM work_session")[0][0]
    for action, value, sentence in [
        ("nothing.here", "x", words("slack.unknown")),
        ("selection.pick", "tp_made_up", words("selection.unknown_topic")),
        ("selection.close", session, words("programme.refused.close_selection")),
        ("worksessions.appoint", session, words("programme.refused.appoint")),
        ("harvest.draft", session, words("programme.refused.see_draft")),
        ("impressions.share", "gr_made_up", words("impressions.no_group")),
        ("worksessions.new", "", words("programme.refused.make_work_session")),
        ("programme.people", "", words("programme.refused.manage_people")),
        ("followup.choose", session, words("programme.refused.set_next_date")),
    ]:
        noor.do("press_stale", channel=CHANNEL, ts=card["ts"], action=action, value=value)
        noor.only_for_me(sentence)
    assert oogst.rows("SELECT state FROM work_session") == [("choosing",)]
    assert oogst.rows("SELECT count(*) FROM pick") == [(0,)]


def test_a_form_that_arrives_twice_is_taken_once(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    sanne = slack.as_("Sanne")
    sanne.press(words("impressions.share_says", group=1), channel=CHANNEL)
    sanne.modal(words("impressions.form_title"))
    sanne.type(words("impressions.part.takeaway"), "Een keer is genoeg voor deze groep.")
    sanne.do("submit", twice=True)
    slack.settle()
    assert oogst.rows("SELECT count(*) FROM impression") == [(1,)]
    posts = [m for m in sanne.messages(CHANNEL) if "Een keer is genoeg" in m["plain"]]
    assert len([m for m in posts if words("impressions.sign.yes") not in m["buttons"]]) == 1
    assert len(posts) == 2, "once in the thread, and once with the question whether it is right"


def test_events_that_come_twice_late_and_in_another_order_have_one_effect(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    slack("faults", deliveries={"duplicate": 3})
    share_by_reply(slack, words)
    slack.settle()
    assert oogst.rows("SELECT count(*) FROM impression") == [(1,)]


def test_a_post_whose_answer_was_lost_is_looked_up_and_not_made_again(slack: Slack, oogst: Oogst, words: Words) -> None:
    slack("faults", method="chat.postMessage", cut_after_store=True, times=1)
    ineke = slack.as_("Ineke")
    make_session(slack, words)
    oogst.slack.move_clock("2021-06-17T13:30+02:00")
    slack.settle()
    cards = [m for m in ineke.messages(CHANNEL) if TOPICS[0] in m["plain"] and not m["only_you"]]
    assert len(cards) == 1, "not posted twice"
    assert oogst.rows("SELECT state FROM outbox WHERE kind = 'selection.card'") == [("sent",)]
    pick(slack.as_("Noor"), TOPICS[0], words)


@pytest.fixture
def calm(tmp_path: Path) -> Any:
    slack = Slack(tmp_path, "nl")
    yield Oogst(slack, tmp_path, "nl")
    slack.stop()


def test_a_file_that_is_no_database_stops_the_start_with_one_clear_line(calm: Oogst) -> None:
    calm.database.write_text("Beste mensen, dit is een brief.")
    said = calm.run("run", code=78)
    assert "geen database van Oogst" in said
    assert len(said.strip().splitlines()) == 1
    assert calm.database.read_text() == "Beste mensen, dit is een brief."


def test_a_database_that_cannot_be_written_stops_the_start_with_one_clear_line(calm: Oogst) -> None:
    calm.database.write_bytes(b"")
    calm.database.chmod(0o444)
    if os.geteuid() == 0:  # root may write everything, so it has to leave that right at the door
        assert shutil.which("setpriv"), "util-linux has it"
        said = calm.run("run", code=78, before=["setpriv", "--bounding-set=-dac_override,-dac_read_search"])
    else:
        said = calm.run("run", code=78)
    assert "kan niet worden geschreven" in said


def test_a_second_bot_on_the_same_database_is_told_so(slack: Slack, oogst: Oogst, words: Words) -> None:
    assert words("database.in_use", file=oogst.database) in oogst.run("run", code=73)


def _value(form: dict[str, Any], name: str) -> str:
    return str(next(f["value"] for f in form["fields"] if f["block_id"] == name))


def _mrkdwn(part: Any) -> list[str]:
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            return [str(part["text"])]
        return [text for each in part.values() for text in _mrkdwn(each)]
    return [text for each in part for text in _mrkdwn(each)] if isinstance(part, list) else []
