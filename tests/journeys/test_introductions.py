"""Two regions are put in touch, in a browser: one asks from its oogstbericht, the other says yes, both get a name."""

from __future__ import annotations

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
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True),
]
REGION = "regio-haaglanden"
EXAMPLE = "Bij ons betaalt de gemeente de tolk voor iedere ouderavond."


def share_example(slack: Slack, words: Words) -> None:
    """Youssef fills in the form of his group, with an example."""
    youssef = slack.as_("Youssef")
    youssef.press(words("impressions.share_says", group=2), channel=CHANNEL)
    youssef.modal(words("impressions.form_title"))
    youssef.press(words("impressions.more"))
    youssef.modal(words("impressions.part.example"))
    youssef.type(words("impressions.part.takeaway"), "De school en de gemeente tekenen één afspraak.")
    youssef.type(words("impressions.part.example"), EXAMPLE)
    youssef.submit()
    youssef.finds("@oogst", words("impressions.shared", group=2))


def test_two_regions_meet_once_both_say_yes(page: Page, slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_example(slack, words)
    slack.settle()
    publish(slack, words)
    slack.settle()

    # Tuesday at nine: the region that asked reads what another one said
    left, right = show(page, slack, words, f"noor in {REGION}", "youssef in oogst")
    slack.move_clock("2021-06-22T09:01+02:00")
    slack.settle()
    expect(left).to_contain_text(words("introductions.example", region="Nieuwe Waterweg Noord"))
    expect(left).to_contain_text(EXAMPLE)

    # first the text, then the sending
    pressing(left, words("introductions.connect")).click()
    form = left.get_by_role("dialog")
    expect(form).to_contain_text(words("introductions.ask", region="Haaglanden"))
    expect(form).to_contain_text(QUESTION)
    assert oogst.rows("SELECT state FROM introduction") == [("proposed",)]
    form.get_by_role("button", name=words("introductions.form_submit"), exact=True).click()
    expect(form).to_contain_text(
        words("introductions.on_its_way", region="Nieuwe Waterweg Noord", day="").split(".")[0]
    )
    form.get_by_role("button", name=words("frame.close"), exact=True).first.click()
    slack.settle()
    expect(left).to_contain_text(words("introductions.wanted"))

    # the other side reads no name yet, and says yes
    expect(right).to_contain_text(words("introductions.ask", region="Haaglanden"))
    asked = slack.as_("Youssef").finds("@oogst", words("introductions.ask", region="Haaglanden"))
    assert "Noor" not in asked["plain"]
    pressing(right, words("introductions.yes")).click()
    slack.settle()

    # and both have the other's name
    met = words("introductions.met_after")
    assert "Youssef" in slack.as_("Noor").finds("@oogst", met)["plain"]
    assert "Noor" in slack.as_("Youssef").finds("@oogst", met)["plain"]
    expect(right).to_contain_text(words("introductions.you_said_yes"))
    assert oogst.rows("SELECT state FROM introduction") == [("met",)]
