"""Journey (g) in a browser: a region reads its oogstbericht, answers a question in it, and says what it wants."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handlers.words import Words
from tests.journeys.beside import pressing, show
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    QUESTION,
    choose_and_close,
    make_session,
    publish,
    share_by_form,
    share_by_reply,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True),
]
REGION = "regio-haaglanden"
KNOWN = "Bij ons betaalt de gemeente de tolk, uit het budget voor taal."


@pytest.mark.matrix
def test_a_region_reads_answers_and_says_what_it_wants_to_read(
    page: Page, slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    slack.settle()
    publish(slack, words)
    slack.settle()

    # the coordinator looks at what will come, and adds nothing
    left, _ = show(page, slack, words, f"noor in {REGION}", "ineke in oogst")
    ineke = slack.as_("Ineke")
    ineke.command("/oogst voorbeeld" if words.language == "nl" else "/oogst preview")
    ineke.modal(words("digest.preview_which"))
    ineke.choose(words("programme.region_choose"), option="Haaglanden")
    seen = ineke.modal(QUESTION)
    assert words("digest.preview_rule") in str(seen)
    picture(page, "1-preview", words)
    ineke.close_forms()

    # Tuesday at nine: the region reads
    slack.move_clock("2021-06-22T09:01+02:00")
    expect(left).to_contain_text(QUESTION)
    expect(left).to_contain_text(words.count("digest.groups", 1))
    for label in ("less", "other", "stop", "know"):
        expect(pressing(left, words(f"digest.{label}"))).to_be_visible()
    picture(page, "2-digest", words)

    # somebody knows something: their own words, in the thread here and where the question was asked
    pressing(left, words("digest.know")).click()
    form = left.get_by_role("dialog")
    expect(form).to_contain_text(QUESTION)
    form.get_by_label(words("digest.answer")).fill(KNOWN)
    picture(page, "3-answer", words)
    form.get_by_role("button", name=words("digest.answer_share"), exact=True).click()
    expect(form).to_contain_text(words("digest.answer_thanks"))
    form.get_by_role("button", name=words("frame.close"), exact=True).first.click()
    slack.settle()
    for name, channel in (("Noor", REGION), ("Youssef", CHANNEL)):
        told = slack.as_(name).finds(channel, KNOWN)
        assert told["thread_ts"], "it stands below, not in the channel"
        assert "Noor (Haaglanden)" in told["plain"]

    # a theme comes first from now on
    pressing(left, words("digest.other")).click()
    form = left.get_by_role("dialog")
    expect(form).to_contain_text("Haaglanden")
    noor = slack.as_("Noor")
    noor.choose(words("digest.follow"), options=["OZA"])
    picture(page, "4-settings", words)
    noor.submit()
    expect(form).to_contain_text(words("digest.set_follow", themes="OZA"))
    noor.close_forms()
    slack.settle()
    assert oogst.rows("SELECT stance FROM digest_stance") == [("follow",)]

    # less often, and everybody reads who did that
    pressing(left, words("digest.less")).click()
    expect(left).to_contain_text(words("digest.set_two_weeks"))
    slack.settle()
    sanne = slack.as_("Sanne")
    line = sanne.finds(REGION, words("digest.set_two_weeks"))
    assert "Noor" in line["plain"]
    picture(page, "5-less", words)
    sanne.press(words("digest.undo"), channel=REGION, ts=line["ts"])
    sanne.only_for_me(words("digest.undone", region="Haaglanden"), REGION)
    slack.settle()
    assert oogst.rows("SELECT every FROM digest_subscription") == [("week",)]

    # the Home says it, and can change it too
    left, _ = show(page, slack, words, "noor in thuis", f"sanne in {REGION}")
    expect(left).to_contain_text(words("digest.home", region="Haaglanden", every=words("digest.every_week").lower()))
    picture(page, "6-home", words)


def picture(page: Page, name: str, words: Words) -> None:
    """Keep what is on the screen, for who wants to look."""
    if folder := os.environ.get("OOGST_LOOK"):
        page.screenshot(path=Path(folder) / f"digest-{name}-{words.language}.png", full_page=True)
