"""From one session to the next: what became of the topics, what is offered again, and what was asked before."""

from __future__ import annotations

from datetime import date

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    QUESTION,
    TAKEAWAY,
    TOPICS,
    choose_and_close,
    make_session,
    publish,
    share_by_form,
    share_by_reply,
)


def test_what_one_session_left_behind_meets_the_next(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    ineke, noor = slack.as_("Ineke"), slack.as_("Noor")

    ineke.home(words("themes.drift"))
    ineke.press(words("themes.drift"), where="home")
    report = ineke.modal(words.count("themes.drift_missing", 1, numbers="2"))["plain"]
    assert words("themes.drift_waiting") in report
    assert words("themes.drift_unserved") in report
    ineke.close_forms()

    share_by_reply(slack, words)
    slack.settle()
    publish(slack, words)
    slack.settle()

    ineke.command("/oogst nieuw" if words.language == "nl" else "/oogst new")
    ineke.modal(words("worksessions.new_title"))
    ineke.type(words("worksessions.title"), "Werksessie 16 september")
    ineke.choose(words("worksessions.day"), date="2021-09-16")
    ineke.choose(words("worksessions.channel"), option=CHANNEL)
    ineke.submit()
    form = ineke.modal(words("worksessions.topics"))
    june = words.day(date(2021, 6, 17))
    assert words("themes.left_over", day=june, topics="Verduurzaming") in form["plain"], "nobody chose it"
    assert words("themes.left_unsaid", day=june, topics="OZA") in form["plain"], "its group wrote of something else"
    ineke.type(words("worksessions.topics"), f"{TOPICS[0]}\n{TOPICS[1]}\nIets heel nieuws")
    ineke.submit()
    ineke.modal(words("worksessions.check_title"))
    ineke.submit()
    card = noor.finds(CHANNEL, "Werksessie 16 september")

    noor.choose(words("themes.before_choose"), option=TOPICS[0], channel=CHANNEL, ts=card["ts"])
    told = noor.only_for_me(words("themes.before_text", topic=TOPICS[0]))["plain"]
    assert QUESTION in told
    assert words("themes.article") in told
    assert TAKEAWAY.split(". ")[0] not in told
    assert not [m for m in slack.as_("Samir").messages(CHANNEL) if words("themes.questions") in m["plain"]]
