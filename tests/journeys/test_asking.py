"""Journey (h) in a browser: asked by message, mention and command; what nobody knows is put to others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    OFFER,
    OTHER,
    QUESTION,
    TAKEAWAY,
    choose_and_close,
    make_session,
    publish,
    share_by_form,
    share_by_reply,
)
from tests.journeys.test_digest import pressing, show

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True),
]
TOLD = TAKEAWAY.split(". ")[0]
ASKS = {"nl": "Wat weten we over OZA?", "en": "What do we know about OZA?"}
PARENTS = {"nl": "Hoe nodigen we ouders uit?", "en": "Wie nodigt ouders uit?"}
UNKNOWN = {"nl": "Wie heeft een zwembad voor kleuters?", "en": "Who has a swimming pool for infants?"}


@pytest.mark.matrix
def test_questions_are_answered_with_sources_or_put_to_others(
    page: Page, slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    slack.settle()
    publish(slack, words)
    slack.settle()
    noor, samir = slack.as_("Noor"), slack.as_("Samir")

    # a message to the bot: sentences of her theme, each with where and when it was said
    left, right = show(page, slack, words, "noor in oogst", f"samir in {CHANNEL}")
    noor.say("@oogst", PARENTS[words.language])
    expect(left).to_contain_text(words("memory.tells"))
    expect(left).to_contain_text(TOLD)
    expect(left).to_contain_text("[1] Werksessie 17 juni")
    expect(left).not_to_contain_text(OTHER.split(". ")[0])
    picture(page, "1-message", words)
    pressing(left, words("memory.show_sources")).click()
    expect(left).to_contain_text(words("memory.sources_title"))
    pressing(left, words("memory.helps")).click()
    expect(left).to_contain_text(words("memory.thanks"))
    picture(page, "2-sources", words)

    # by mention: in the thread, for everybody
    ts = samir.say(CHANNEL, f"@oogst {ASKS[words.language]}")
    answer = samir.until(
        lambda: [m for m in samir.messages(CHANNEL) if m["thread_ts"] == ts and words("memory.tells") in m["plain"]],
        "an answer in the thread",
    )[-1]["plain"]
    assert OTHER.split(". ")[0] in answer
    assert QUESTION not in answer and OFFER not in answer

    # by command, for who typed it alone; a theme is enough
    samir.command("/oogst oza")
    told = samir.only_for_me(words("memory.tells"))["plain"]
    assert OTHER.split(". ")[0] in told and words.count("memory.impressions", 2) in told
    expect(pressing(right, words("memory.follow"))).to_be_visible()
    picture(page, "3-command", words)

    # what nobody knows waits for the digest, and can be taken back
    noor.say("@oogst", UNKNOWN[words.language])
    expect(left).to_contain_text(words("memory.nothing_ask"))
    picture(page, "4-nothing", words)
    pressing(left, words("memory.yes")).click()
    expect(left).to_contain_text(words("memory.waits"))
    slack.move_clock("2021-06-22T09:01+02:00")
    left, right = show(page, slack, words, "noor in oogst", "samir in regio-nieuwe-waterweg-noord")
    expect(right).to_contain_text(UNKNOWN[words.language])
    picture(page, "5-digest", words)
    pressing(right, words("memory.know")).click()
    expect(left).to_contain_text(words("memory.knows", who="").strip())
    picture(page, "6-known", words)
    pressing(left, words("memory.close")).click()
    expect(right).not_to_contain_text(UNKNOWN[words.language])
    slack.settle()
    assert not [row for row in oogst.rows("SELECT text FROM question") if row == (UNKNOWN[words.language],)]
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


def picture(page: Page, name: str, words: Words) -> None:
    """Keep what is on the screen, for who wants to look."""
    if folder := os.environ.get("OOGST_LOOK"):
        page.screenshot(path=Path(folder) / f"asking-{name}-{words.language}.png", full_page=True)
