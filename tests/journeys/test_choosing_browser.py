"""Journeys (c) and (d) in a browser: a coordinator makes a session, people choose with two taps, groups follow."""

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
from tests.journeys.steps import CHANNEL

pytestmark = pytest.mark.browser
SUBJECTS = (
    "Ouderbetrokkenheid", "Verzuim", "Overgang naar vo", "Wachttijden", "Samen één plan", "Taal thuis", "Gedrag",
    "Hoogbegaafd", "Vervoer", "Jeugdhulp op school",
)  # fmt: skip


def show(page: Page, slack: Slack, language: str, left: str, right: str) -> None:
    """Look: "ineke in thuis" on the left, for example; and somebody else on the right."""
    (one, its), (other, theirs) = (each.split(" in ") for each in (left, right))
    english = "&taal=en" if language == "en" else ""
    page.goto(f"{slack.address}/?links={one}&links_in={its}&rechts={other}&rechts_in={theirs}{english}")


def pressing(pane: Locator, text: str) -> Locator:
    """The newest button with exactly these words on it."""
    return pane.get_by_role("button").filter(has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).last


def names(number: int) -> list[str]:
    """Enough topics with names of their own."""
    return [f"{SUBJECTS[n % len(SUBJECTS)]} {'' if n < len(SUBJECTS) else n}".strip() for n in range(number)]


def labelled(form: Any, text: str) -> Any:
    """The field with this label; one that may stay empty says so behind it."""
    return form.get_by_label(re.compile(f"^{re.escape(text)}"))


def hand_in(pane: Locator, label: str) -> None:
    """Press what hands the form in."""
    pane.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()


@pytest.mark.parametrize("number", [6, pytest.param(20, marks=pytest.mark.matrix), 40])
@pytest.mark.matrix
def test_two_taps_choose_between_many_topics_and_the_coordinator_leads_the_way(
    page: Page, slack: Slack, oogst: Oogst, words: Words, language: str, number: int, tmp_path: Path
) -> None:
    topics = names(number)
    show(page, slack, language, "ineke in thuis", f"noor in {CHANNEL}")
    left, right = page.locator("#pane-links"), page.locator("#pane-rechts")

    # (c) 1-3: name, date and channel; one topic a line; is this right?
    pressing(left, words("worksessions.new_title")).click()
    form: Any = left.get_by_role("dialog")
    form.get_by_label(words("worksessions.title"), exact=True).fill("Werksessie 17 juni")
    form.get_by_label(words("worksessions.day"), exact=True).fill("2021-06-17")
    form.get_by_label(words("worksessions.channel"), exact=True).select_option(label=f"#{CHANNEL}")
    hand_in(left, words("worksessions.next"))
    labelled(form, words("worksessions.topics")).fill("\n".join(topics))
    hand_in(left, words("worksessions.next"))
    expect(form).to_contain_text(words("worksessions.check_title"))
    form.get_by_label(words("worksessions.closes"), exact=True).fill("14:00")
    picture(page, f"check-{number}-{language}")
    hand_in(left, words("worksessions.post"))
    expect(left.get_by_role("dialog")).to_be_hidden()

    # (d): every topic has its button; one tap, and it is said to Noor alone
    choose = right.get_by_role("button").filter(has_text=re.compile(f"^\\s*{words('selection.choose')}\\s*$"))
    expect(choose).to_have_count(number)
    tapped = topics[number // 2]
    right.get_by_role("button", name=words("selection.choose_says", topic=tapped), exact=True).click()
    speak = page_words.read()[language]
    expect(right).to_contain_text(speak("only_you"))
    expect(right).to_contain_text(words("selection.own", topic=tapped, closes="14:00").replace("*", ""))
    picture(page, f"chosen-{number}-{language}")
    show(page, slack, language, f"samir in {CHANNEL}", f"noor in {CHANNEL}")
    expect(left).to_contain_text(f"{tapped} · {words.count('selection.people', 1)}")
    expect(left).not_to_contain_text(speak("only_you"))
    left.get_by_role("button", name=words("selection.choose_says", topic=topics[0]), exact=True).click()
    expect(right).to_contain_text(f"{topics[0]} · {words.count('selection.people', 1)}")

    # a change of mind from the list in one's own answer, and "I don't know"
    left.get_by_label(words("selection.switch")).last.select_option(label=topics[-1])
    expect(right).to_contain_text(f"{topics[-1]} · {words.count('selection.people', 1)}")
    expect(right).to_contain_text(f"{topics[0]} · {words.count('selection.people', 0)}")
    show(page, slack, language, "ineke in thuis", f"sanne in {CHANNEL}")
    pressing(right, words("selection.anywhere")).click()
    expect(right).to_contain_text(words("selection.own_anywhere", closes="14:00"))

    # (c) 4-5: what stands out before closing, and who leads
    pressing(left, words("home.refresh")).click()
    pressing(left, words("selection.outlook.open")).click()
    expect(form).to_contain_text(tapped)
    picture(page, f"before-{number}-{language}")
    form.get_by_role("button", name=words("frame.close"), exact=True).first.click()
    expect(form).to_have_count(0)  # what is pressed under a window that is closing is lost
    pressing(left, words("worksessions.appoint")).click()
    labelled(form, tapped).select_option(label="Sanne")
    hand_in(left, words("worksessions.save"))
    expect(left.get_by_role("dialog")).to_be_hidden()

    # (c) 6: the clock closes it; the buttons go, the groups come, and everybody can read why
    slack.move_clock("2021-06-17T14:01+02:00")
    expect(right).to_contain_text(words("selection.groups_header", day=words.day(groups_day(oogst))))
    expect(choose).to_have_count(0)
    assert oogst.rows("SELECT count(*) FROM seat") == [(3,)]
    pressing(right, words("selection.why_button")).click()
    expect(right).to_contain_text(re.compile(re.escape(speak("only_you"))))
    picture(page, f"groups-{number}-{language}")
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


def groups_day(oogst: Oogst) -> Any:
    """The day of the only session."""
    from datetime import datetime

    ((starts,),) = oogst.rows("SELECT starts_at FROM work_session")
    return datetime.fromisoformat(starts)


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, for who wants to look."""
    folder = os.environ.get("OOGST_LOOK")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
