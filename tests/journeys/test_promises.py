"""Journeys (e) 5 and (g) in a browser: an offer gets a giver, a day, people who want it, and opens the next session."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handlers.words import Words
from tests.journeys.beside import pressing, show
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    choose_and_close,
    make_session,
    publish,
    set_next_date,
    share_by_form,
    share_by_reply,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True),
]
REGION = "regio-haaglanden"
PROMISED = "Wij maken een kaart met alle ouderavonden."
DUE = date(2021, 9, 9)


@pytest.mark.matrix
def test_an_offer_comes_true(page: Page, slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    slack.settle()

    # Sanne says who offers it; Lotte is asked before anything carries her name
    left, right = show(page, slack, words, "sanne in oogst", "lotte in oogst")
    expect(left).to_contain_text(words("promises.offer_question").replace("*", "").replace("🙋 ", ""))
    picture(page, "1-offer", words)
    pressing(left, words("promises.yes_choose")).click()
    form = left.get_by_role("dialog")
    expect(form).to_contain_text(PROMISED)
    form.get_by_role("radio").first.check()
    form.get_by_label(words("promises.who")).select_option(label="Lotte")
    picture(page, "2-form", words)
    form.get_by_role("button", name=words("promises.ask"), exact=True).click()
    expect(form).to_contain_text(words("promises.asked", name="Lotte"))
    form.get_by_role("button", name=words("frame.close"), exact=True).first.click()
    expect(right).to_contain_text(words("promises.question", asker="Sanne", words=PROMISED))
    picture(page, "3-question", words)
    slack.settle()
    ineke = slack.as_("Ineke")
    assert not any(PROMISED in message["plain"] for message in ineke.messages("@oogst")), "the draft waits for her yes"

    # she says yes, picks the day, and reads when she is reminded
    pressing(right, words("promises.say_yes")).click()
    expect(right).to_contain_text(words("promises.when"))
    right.locator("input[type=date]").last.fill(DUE.isoformat())
    expect(right).to_contain_text(f"{words('promises.noted', day=words.date(DUE))} {words('promises.remind_week')}")
    expect(left).to_contain_text(words("promises.row_stands", name="Lotte", words=PROMISED).replace("🙋 ", ""))
    picture(page, "4-noted", words)
    slack.settle()
    publish(slack, words)
    slack.settle()
    set_next_date(slack, words)

    # the article and its card name her; the digest has one tap for who wants it too
    until = words("promises.until", day=words.day(DUE))
    noor = slack.as_("Noor")
    noor.finds(CHANNEL, words("harvest.promise_due", name="Lotte", day=words.day(DUE)))
    noor.finds(CHANNEL, f"Lotte: “{PROMISED}” {until}")
    slack.move_clock("2021-06-22T09:01+02:00")
    left, right = show(page, slack, words, f"noor in {REGION}", "lotte in oogst")
    expect(left).to_contain_text(words("promises.digest_due", day=words.day(DUE)))
    picture(page, "5-digest", words)
    left.get_by_role("button", name=words("promises.want_says", name="Lotte"), exact=True).last.click()
    expect(left).to_contain_text(words("promises.wanted", name="Lotte"))
    slack.settle()
    slack.move_clock("2021-06-22T09:02+02:00")
    expect(right).to_contain_text(words.count("promises.news", 1))
    expect(right).to_contain_text("Noor (Haaglanden)")
    picture(page, "6-wanted", words)

    # a week before, she is reminded; nothing is late, and with one tap it is done
    slack.move_clock("2021-09-02T09:01+02:00")
    left, right = show(page, slack, words, "lotte in oogst", "lotte in thuis")
    expect(left).to_contain_text(words("promises.reminder", day=words.date(DUE), words=PROMISED).replace("📅 ", ""))
    expect(right).to_contain_text(words("promises.ready_by", day=words.date(DUE)))
    picture(page, "7-reminder", words)
    pressing(left, words("promises.done")).click()
    expect(left).to_contain_text(words("promises.own_kept", words=PROMISED))
    slack.as_("Noor").finds("@oogst", words("promises.kept_for_you", name="Lotte", words=PROMISED))
    slack.settle()

    # the next session opens with it
    slack.move_clock("2021-09-16T13:01+02:00")
    left, right = show(page, slack, words, f"samir in {CHANNEL}", "lotte in oogst")
    expect(left).to_contain_text(words("promises.opening"))
    expect(left).to_contain_text(words("promises.opening_kept"))
    picture(page, "8-opening", words)
    reminded = [
        m for m in slack.as_("Lotte").messages("@oogst") if words.date(DUE) in m["plain"] and "📅" in m["plain"]
    ]
    assert reminded == [], "what is done is not reminded of again"
    events = oogst.rows("SELECT before, after FROM promise_event ORDER BY id")
    assert events == [(None, "offered"), ("offered", "accepted"), ("accepted", "accepted"), ("accepted", "kept")]
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


def picture(page: Page, name: str, words: Words) -> None:
    """Keep what is on the screen, for who wants to look."""
    folder = os.environ.get("OOGST_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{words.language}.png", full_page=True)
