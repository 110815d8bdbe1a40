"""Journeys (e) 1 and (f) 1 in a browser: asked before the end, shared at once; who is silent is reminded kindly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, TAKEAWAY, choose_and_close, make_session

pytestmark = pytest.mark.browser


def show(page: Page, slack: Slack, words: Words, left: str, right: str) -> tuple[Any, Any]:
    """Look on the left and on the right: "ineke in thuis", for example. Returns both panes."""
    (one, its), (other, theirs) = (each.split(" in ") for each in (left, right))
    english = "&taal=en" if words.language == "en" else ""
    page.goto(f"{slack.address}/?links={one}&links_in={its}&rechts={other}&rechts_in={theirs}{english}")
    return page.locator("#pane-links"), page.locator("#pane-rechts")


def picture(page: Page, words: Words, name: str) -> None:
    """Keep what is on the screen, for who wants to look."""
    folder = os.environ.get("OOGST_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"prompting-{name}-{words.language}.png", full_page=True)


def asked(oogst: Oogst) -> list[tuple[str, str]]:
    """Who was asked for an impression, and when, in order."""
    return oogst.rows(
        "SELECT m.name, o.sent_at FROM outbox o JOIN member m ON m.user_id = o.user_id AND m.team_id = o.team_id "
        "WHERE o.kind = 'impressions.ask' AND o.state = 'sent' ORDER BY o.sent_at, m.name"
    )


@pytest.mark.matrix
def test_a_group_is_asked_before_the_end_and_who_stays_silent_is_reminded_kindly(
    page: Page, slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    left, right = show(page, slack, words, "sanne in oogst", "youssef in oogst")
    question = words("impressions.ask", group=1)
    expect(left).not_to_contain_text(question)

    # 15 minutes before the end both facilitators are asked; notification, button, typing, share is all it takes
    slack.move_clock("2021-06-17T15:45+02:00")
    expect(left).to_contain_text(question)
    expect(right).to_contain_text(words("impressions.ask", group=2))
    picture(page, words, "asked")
    left.get_by_role("button", name=words("impressions.share_says", group=1), exact=True).click()
    form: Any = left.get_by_role("dialog")
    expect(form).to_contain_text(words("impressions.form_title"))
    page.keyboard.type(TAKEAWAY)
    form.get_by_role("button", name=words("impressions.submit"), exact=True).click()
    expect(form).to_be_hidden()
    expect(left).to_contain_text(words("impressions.shared", group=1))
    expect(left).to_contain_text(words("prompting.settled", group=1))
    expect(left).not_to_contain_text(question)
    picture(page, words, "shared")
    slack.settle()

    left.get_by_role("button", name=words("impressions.change"), exact=True).wait_for()
    expect(left.get_by_role("button", name=words("impressions.share_says", group=1), exact=True)).to_have_count(0)

    # the coordinator reads which group misses what, and reminds with one tap; Youssef has it on his Home as well
    left, right = show(page, slack, words, "ineke in thuis", "youssef in thuis")
    expect(left).to_contain_text(words("prompting.asked_once", when=stamp(words, "17", "15:45")))
    expect(right).to_contain_text(words("home.waits"))
    expect(right.get_by_role("button", name=words("impressions.share_says", group=2), exact=True)).to_be_visible()
    picture(page, words, "board")
    left.get_by_role("button", name=words("home.remind_says", group=2), exact=True).click()
    expect(left).to_contain_text(words("prompting.reminded_today"))
    slack.settle()
    assert sorted(name for name, _ in asked(oogst)) == ["Sanne", "Youssef", "Youssef"]

    # a day later nobody gets a third message: the board says to call instead; Sanne, who shared, hears nothing
    slack.move_clock("2021-06-21T10:00+02:00")
    assert sorted(name for name, _ in asked(oogst)) == ["Sanne", "Youssef", "Youssef"]
    left, right = show(page, slack, words, "ineke in thuis", "sanne in oogst")
    slack.as_("Ineke").home(words("prompting.spent", name="Youssef"))
    expect(left).to_contain_text(words("prompting.spent", name="Youssef"))
    expect(left).to_contain_text(words.count("prompting.days", 3))
    picture(page, words, "spent")

    # quiet until Monday: said back in full, shown on the Home, ended with a tap
    noor = slack.as_("Noor")
    noor.command("/oogst stil tot maandag" if words.language == "nl" else "/oogst quiet until Monday", CHANNEL)
    day = "maandag 28 juni 2021" if words.language == "nl" else "Monday 28 June 2021"
    noor.only_for_me(words("nudges.paused", until=day))
    noor.home(words("nudges.quiet_until", until=day))
    left, right = show(page, slack, words, "noor in thuis", f"noor in {CHANNEL}")
    picture(page, words, "quiet")
    left.get_by_role("button", name=words("nudges.resume"), exact=True).click()
    expect(left).not_to_contain_text(day)
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


def stamp(words: Words, day: str, time: str) -> str:
    """A moment in June as the board writes it."""
    return f"do {day} juni {time}" if words.language == "nl" else f"Thu {day} June {time}"
