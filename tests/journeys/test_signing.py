"""Journey (e) 4 and (f) in a browser: the group says yes, objects, writes it down better, and then it is published."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handlers.words import Words
from playground.page import words as page_words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, appoint, make_session, pick

pytestmark = pytest.mark.browser
TOLD = "We nodigen ouders pas uit als het plan af is."
BETTER = "We nodigen ouders uit voordat het plan af is."
QUOTE = "Vraag het ons eerst, dan praten we graag mee!"
WHY = "Het is andersom: we nodigen ze juist eerder uit."


def show(page: Page, slack: Slack, language: str, left: str, right: str) -> None:
    (one, its), (other, theirs) = (each.split(" in ") for each in (left, right))
    english = "&taal=en" if language == "en" else ""
    page.goto(f"{slack.address}/?links={one}&links_in={its}&rechts={other}&rechts_in={theirs}{english}")


def thread_of(pane: Locator, words: Words, language: str) -> Locator:
    """Open the thread of the first group."""
    speak = page_words.read()[language]
    pane.get_by_role("link", name=re.compile(speak("replies", count=r"\d+"))).first.click()
    thread = pane.get_by_role("complementary", name=speak("thread"))
    expect(thread).to_contain_text(words("impressions.sign.about", name="Sanne", start="").rstrip("“”"))
    return thread


def pressing(pane: Locator, text: str) -> Locator:
    return pane.get_by_role("button").filter(has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).last


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("OOGST_LOOK"):
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.matrix
def test_two_people_sign_off_object_and_correct_before_it_is_published(
    page: Page, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    make_session(slack, words)
    appoint(slack, words, **{TOPICS[0].replace(" ", "_"): "Sanne", TOPICS[2].replace(" ", "_"): "Youssef"})
    for who, topic in [("Noor", 0), ("Samir", 0), ("Sanne", 0), ("Youssef", 2)]:
        pick(slack.as_(who), TOPICS[topic], words)
    slack.move_clock("2021-06-17T14:05+02:00")
    for who, number, told in (("Sanne", 1, TOLD), ("Youssef", 2, "Eén sleutel is genoeg.")):
        person = slack.as_(who)
        person.press(words("impressions.share_says", group=number), channel=CHANNEL)
        person.modal(words("impressions.form_title"))
        person.type(words("impressions.part.takeaway"), told)
        if number == 1:
            person.type(words("impressions.part.quote"), QUOTE)
        person.submit()
    slack.settle()

    # the author says whose quote it is, and that person allows it
    show(page, slack, language, "sanne in oogst", "lotte in oogst")
    left, right = page.locator("#pane-links"), page.locator("#pane-rechts")
    expect(left).to_contain_text(words("impressions.consent.stay"))
    picture(page, f"whose-{language}")
    left.get_by_label(words("impressions.consent.choose")).last.select_option(label="Lotte")
    expect(right).to_contain_text(words("impressions.consent.may_it"))
    picture(page, f"consent-{language}")
    pressing(right, words("impressions.consent.answer_named")).click()
    expect(right).to_contain_text(words("impressions.consent.you_named"))

    # Noor says yes, Samir says why not
    show(page, slack, language, f"noor in {CHANNEL}", f"samir in {CHANNEL}")
    noors, samirs = thread_of(left, words, language), thread_of(right, words, language)
    picture(page, f"card-{language}")
    pressing(noors, words("impressions.sign.yes")).click()
    expect(samirs).to_contain_text(words("impressions.sign.count", yes=1, all=2))
    pressing(samirs, words("impressions.sign.no")).click()
    form: Any = right.get_by_role("dialog")
    form.get_by_label(words("impressions.sign.reason"), exact=True).fill(WHY)
    picture(page, f"objecting-{language}")
    form.get_by_role("button", name=words("impressions.sign.object"), exact=True).click()
    expect(noors).to_contain_text(words.count("impressions.sign.objected", 1))
    expect(noors).not_to_contain_text(WHY)
    picture(page, f"objected-{language}")

    # the coordinator reads who objects; it is not in the draft
    show(page, slack, language, "ineke in oogst", "sanne in oogst")
    expect(left).to_contain_text(WHY)
    expect(left).not_to_contain_text(TOLD)
    expect(right).to_contain_text(WHY)
    picture(page, f"draft-objected-{language}")

    # Samir writes it down better; the other two say yes; it can be published
    show(page, slack, language, f"samir in {CHANNEL}", "ineke in oogst")
    samirs = thread_of(left, words, language)
    pressing(samirs, words("impressions.sign.correct")).click()
    form = left.get_by_role("dialog")
    form.get_by_label(words("impressions.part.takeaway")).fill(BETTER)
    form.get_by_role("button", name=words("worksessions.save"), exact=True).click()
    expect(samirs).to_contain_text(words("impressions.sign.changed_by", name="Samir"))
    picture(page, f"corrected-{language}")
    right.get_by_role("button").filter(has_text=re.compile(words("harvest.publish"))).last.click()
    page.get_by_role("dialog", name=words("harvest.confirm_title")).locator("button.primary").click()
    expect(right).to_contain_text(words("harvest.still_open", groups="1", until="")[:12])
    picture(page, f"refused-{language}")
    show(page, slack, language, f"noor in {CHANNEL}", "sanne in thuis")
    noors = thread_of(left, words, language)
    pressing(noors, words("impressions.sign.yes")).click()
    expect(right).to_contain_text(BETTER)
    picture(page, f"home-{language}")
    pressing(right, words("impressions.sign.yes")).click()
    expect(noors).to_contain_text(words("impressions.sign.agreed"))
    show(page, slack, language, "ineke in oogst", f"noor in {CHANNEL}")
    expect(left).to_contain_text(BETTER)
    left.get_by_role("button").filter(has_text=re.compile(words("harvest.publish"))).last.click()
    page.get_by_role("dialog", name=words("harvest.confirm_title")).locator("button.primary").click()
    expect(right).to_contain_text(f"“{QUOTE}” (Lotte)")
    expect(right).to_contain_text(BETTER)
    picture(page, f"published-{language}")

    # Lotte takes her words back
    show(page, slack, language, "lotte in oogst", f"noor in {CHANNEL}")
    pressing(left, words("impressions.consent.withdraw")).click()
    page.get_by_role("dialog", name=words("impressions.consent.sure")).locator("button.primary").click()
    expect(left).to_contain_text(words("impressions.consent.withdrawn"))
    expect(right).not_to_contain_text(QUOTE)
    picture(page, f"withdrawn-{language}")
    assert oogst.rows(f"SELECT count(*) FROM impression_version WHERE quote = '{QUOTE}'") == [(0,)]
