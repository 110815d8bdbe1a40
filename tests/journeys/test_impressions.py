"""Journey (e) on a phone, in a browser: an impression is notification, button, typing, share; or just an answer."""

from __future__ import annotations

import os
import re
import statistics
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from handlers.words import Words
from tests.journeys.driver import Counter, Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, appoint, make_session, pick

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True),
]
BY_FORM = {
    "nl": "We nodigen ouders nu uit voordat het plan af is.",
    "en": "We now invite parents before the plan is finished.",
}
DICTATED = {
    "nl": "de school en de gemeente tekenen voortaan samen een afspraak en dat scheelt iedereen tijd",
    "en": "from now on the school and the council sign one agreement and that saves everybody time",
}
HALF, REST = (
    {"nl": "De zonnepanelen komen", "en": "The solar panels are"},
    {
        "nl": " pas na de verbouwing.",
        "en": " put up after the renovation.",
    },
)


class Hand:
    """Somebody with their phone in their hand, whose taps and keystrokes are counted."""

    def __init__(self, phone: BrowserContext, slack: Slack, language: str, name: str) -> None:
        self.page: Page = phone.new_page()
        self.count = Counter(self.page)
        self.slack, self.language, self.name = slack, language, name
        self.pane = self.page.locator("#pane-links")
        self.form = self.pane.get_by_role("dialog")

    def open(self, place: str) -> None:
        english = "&taal=en" if self.language == "en" else ""
        self.page.goto(f"{self.slack.address}/?links={self.name.lower()}&links_in={place}&rechts=-&telefoon=1{english}")

    def notification(self) -> None:
        """Tap the notification of a direct message, which opens the conversation."""
        self.count.outside()
        self.open("oogst")

    def tap(self, what: Locator) -> None:
        what.tap()

    def button(self, text: str) -> Locator:
        """The newest button with exactly these words on it."""
        return self.pane.get_by_role("button").filter(has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).last

    def field(self, label: str) -> Any:
        return self.form.get_by_label(re.compile(f"^{re.escape(label)}"))

    def picture(self, name: str) -> None:
        """Keep what is on the screen, for who wants to look."""
        if folder := os.environ.get("OOGST_LOOK"):
            self.page.screenshot(path=Path(folder) / f"e-{name}-{self.language}.png")


def three_groups(slack: Slack, words: Words) -> None:
    """Sanne, Lotte and Youssef lead a group each; a quarter of an hour before the end they are asked."""
    make_session(slack, words)
    topics = [topic.replace(" ", "_") for topic in TOPICS]
    appoint(slack, words, **dict(zip(topics, ("Sanne", "Lotte", "Youssef"), strict=True)))
    for name, topic in [("Sanne", 0), ("Noor", 0), ("Lotte", 1), ("Ineke", 1), ("Youssef", 2), ("Samir", 2)]:
        pick(slack.as_(name), TOPICS[topic], words)
    slack.move_clock("2021-06-17T14:05+02:00")
    slack.move_clock("2021-06-17T15:46+02:00")


def test_three_facilitators_hand_in_from_their_phones_with_three_taps_and_their_own_words(
    phone: BrowserContext, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    three_groups(slack, words)
    taps, more_keys = [], []

    # Sanne: notification, button, typing, share. The cursor is in the one required field.
    sanne = Hand(phone, slack, language, "Sanne")
    sanne.notification()
    expect(sanne.pane).to_contain_text(words("impressions.ask", group=1))
    sanne.picture("asked")
    sanne.tap(sanne.button(words("impressions.share")))
    expect(sanne.field(words("impressions.part.takeaway"))).to_be_focused()
    assert sanne.form.locator("textarea").count() == 6
    sanne.page.keyboard.type(BY_FORM[language])
    sanne.picture("typed")
    sanne.tap(sanne.button(words("impressions.submit")))
    expect(sanne.pane).to_contain_text(words("impressions.shared", group=1))
    sanne.picture("shared")
    taps.append(sanne.count.taps)
    more_keys.append(sanne.count.keys - len(BY_FORM[language]))
    assert sanne.count.taps == 3, "notification, button, share"

    # Youssef answers the question by dictating: notification, box, microphone, send.
    youssef = Hand(phone, slack, language, "Youssef")
    youssef.notification()
    expect(youssef.pane).to_contain_text(words("impressions.ask", group=3))
    youssef.tap(youssef.pane.locator("textarea.say"))
    youssef.count.outside()
    youssef.page.keyboard.insert_text(DICTATED[language])
    youssef.picture("dictated")
    youssef.tap(youssef.pane.locator("button.send"))
    expect(youssef.pane).to_contain_text(words("impressions.kept_direct", group=3))
    youssef.picture("kept")
    assert youssef.count.keys == 0, "who dictates types nothing"
    taps.append(youssef.count.taps)
    more_keys.append(youssef.count.keys)

    # Lotte is called away in the middle of a sentence; by another way, what she typed is still there.
    lotte = Hand(phone, slack, language, "Lotte")
    lotte.notification()
    lotte.tap(lotte.button(words("impressions.share")))
    takeaway = lotte.field(words("impressions.part.takeaway"))
    expect(takeaway).to_be_focused()
    lotte.page.keyboard.type(HALF[language])
    lotte.tap(lotte.form.locator("button.x"))
    expect(lotte.form).to_be_hidden()
    assert lotte.count.taps == 3
    lotte.open(CHANNEL)
    lotte.tap(lotte.pane.get_by_role("button", name=words("impressions.share_says", group=2), exact=True))
    expect(takeaway).to_have_value(HALF[language])
    expect(lotte.form).to_contain_text(words("impressions.draft_from", moment="15:46"))
    lotte.picture("draft")
    lotte.page.keyboard.press("End")
    lotte.page.keyboard.type(REST[language])
    lotte.tap(lotte.button(words("impressions.more")))
    expect(lotte.field(words("impressions.part.obstacle"))).to_be_visible()
    expect(takeaway).to_have_value(HALF[language] + REST[language])
    lotte.picture("all-fields")
    lotte.tap(lotte.button(words("impressions.submit")))
    expect(lotte.form).to_be_hidden()
    taps.append(lotte.count.taps)
    more_keys.append(lotte.count.keys - len(HALF[language] + REST[language]))

    assert statistics.median(taps) <= 4, f"taps of each: {taps}"
    assert statistics.median(more_keys) <= 1, f"keystrokes beside their own words: {more_keys}"
    slack.settle()
    kept = oogst.rows(
        'SELECT i.takeaway, i.source FROM impression i JOIN "group" g ON g.id = i.group_id ORDER BY number'
    )
    assert kept == [
        (BY_FORM[language], "form"),
        (HALF[language] + REST[language], "form"),
        (DICTATED[language], "direct"),
    ]
    assert oogst.rows("SELECT count(*) FROM form WHERE id LIKE 'draft:%'") == [(0,)]
    thread = [each["plain"] for each in slack.as_("Noor").messages(CHANNEL)]
    assert any(words("impressions.by_facilitator", name="Lotte", group=2) in each for each in thread)
    assert sanne.page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


@pytest.mark.matrix
def test_a_draft_outlives_a_killed_bot_and_a_number_in_it_is_not_kept(
    phone: BrowserContext, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    three_groups(slack, words)
    sanne = Hand(phone, slack, language, "Sanne")
    sanne.notification()
    sanne.tap(sanne.button(words("impressions.share")))
    takeaway, hard = (sanne.field(words(f"impressions.part.{part}")) for part in ("takeaway", "hard"))
    expect(takeaway).to_be_focused()
    sanne.page.keyboard.type(BY_FORM[language])
    slack.as_("Sanne").until(lambda: oogst.rows("SELECT count(*) FROM form WHERE id LIKE 'draft:%'") == [(1,)])
    oogst.restart(9)
    sanne.tap(hard)
    sanne.page.keyboard.type("Bel 06-12345678")
    expect(sanne.form).to_contain_text(words("impressions.not_in_draft"))
    expect(hard).to_have_value("Bel 06-12345678")
    expect(takeaway).to_have_value(BY_FORM[language])
    sanne.picture("warned")
    sanne.tap(sanne.button(words("impressions.submit")))
    expect(sanne.form.locator(".error")).to_be_visible()
    sanne.picture("refused")
    sanne.tap(sanne.form.locator("button.x"))
    sanne.tap(sanne.button(words("impressions.share")))
    expect(takeaway).to_have_value(BY_FORM[language])
    expect(hard).to_have_value("")
    sanne.tap(sanne.button(words("impressions.afresh")))
    expect(takeaway).to_have_value("")
    assert oogst.rows("SELECT count(*) FROM form WHERE id LIKE 'draft:%'") == [(0,)]
    assert b"12345678" not in b"".join(path.read_bytes() for path in oogst.folder.glob("oogst.db*"))
