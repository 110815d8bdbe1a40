"""A theme is found in what groups say, confirmed by the coordinator with one tap, and found by the next note."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, choose_and_close, make_session, sign_off

pytestmark = [pytest.mark.browser, pytest.mark.matrix]
TOLD = (
    ("Sanne", 1, "De verlengde schooldag begint om drie uur, met sport en eten."),
    ("Youssef", 2, "Wij proberen een verlengde schooldag op twee plekken."),
    ("Sanne", 1, "Wie betaalt de verlengde schooldag als het jaar om is?"),
)
NEXT = "Na de zomer doen drie scholen mee met de verlengde schooldag."
NAME = "Verlengde schooldag"


def show(page: Page, slack: Slack, words: Words, left: str, right: str) -> tuple[Locator, Locator]:
    (one, its), (other, theirs) = (each.split(" in ") for each in (left, right))
    english = "&taal=en" if words.language == "en" else ""
    page.goto(f"{slack.address}/?links={one}&links_in={its}&rechts={other}&rechts_in={theirs}{english}")
    return page.locator("#pane-links"), page.locator("#pane-rechts")


def picture(page: Page, words: Words, name: str) -> None:
    if folder := os.environ.get("OOGST_LOOK"):
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"themes-{name}-{words.language}.png")


def share(slack: Slack, words: Words, who: str, group: int, told: str) -> None:
    person = slack.as_(who)
    person.press(words("impressions.share_says", group=group), channel=CHANNEL)
    person.modal(words("impressions.form_title"))
    person.type(words("impressions.part.takeaway"), told)
    person.submit()
    slack.settle()


def test_a_coordinator_confirms_a_theme_with_one_tap_and_the_next_note_finds_it(
    page: Page, slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    for who, group, told in TOLD:
        share(slack, words, who, group, told)
    sign_off(slack, words)
    slack.move_clock("2021-06-18T10:00+02:00")

    # one message, with the sentences of the groups
    left, right = show(page, slack, words, "ineke in oogst", "ineke in thuis")
    expect(left).to_contain_text(words("themes.weekly_intro"))
    expect(left).to_contain_text(TOLD[1][2])
    expect(right).to_contain_text(words.count("themes.proposals_wait", 1).split("*")[1])
    picture(page, words, "weekly")
    left.get_by_role("button", name=f"{words('themes.make')}: verlengde schooldag", exact=True).click()
    expect(left).to_contain_text(words("themes.weekly_done"))
    assert oogst.rows("SELECT name FROM theme WHERE name LIKE 'Verl%'") == [(NAME,)]

    # the next note that says it finds it, and the list of themes counts it
    share(slack, words, "Youssef", 2, NEXT)
    slack.move_clock("2021-06-18T10:05+02:00")
    right.get_by_role("button", name=words("themes.list"), exact=True).click()
    form: Any = right.get_by_role("dialog")
    expect(form).to_contain_text(f"{NAME}{words.count('themes.notes', 4)}")
    picture(page, words, "list")
    form.get_by_role("button", name=words("themes.open_says", name=NAME), exact=True).click()
    expect(form.last).to_contain_text(words("themes.trail"))
    picture(page, words, "one")
    form.last.get_by_label(words("themes.label_aliases")).fill("langer naar school\nVSD")
    form.last.get_by_role("button", name=words("worksessions.save"), exact=True).click()
    expect(form.last).to_contain_text(words("themes.known_as", names=words.list(["langer naar school", "VSD"])))
    picture(page, words, "aliases")
