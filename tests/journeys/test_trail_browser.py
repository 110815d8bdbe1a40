"""A reader finds everything of the trail within three taps from the Home, in a browser and on a phone."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from handlers.words import Words
from tests.journeys import trailed
from tests.journeys.driver import Counter, Oogst, Slack
from tests.journeys.test_choosing_browser import picture as screen
from tests.journeys.test_choosing_browser import pressing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.matrix,  # the same way is gone in the usual run by `test_trail_imported.py`, in what documents brought
    pytest.mark.parametrize("language", ["nl", "en"], indirect=True),
]
MOST_TAPS = 3


@pytest.fixture
def kept(oogst: Oogst) -> Oogst:
    """A bot whose database has the trail of a region."""
    oogst.stop()
    trailed.seed(oogst.database)
    oogst.start()
    return oogst


SCROLL = """at => { const all = [...document.querySelectorAll("dialog, dialog *, [role=dialog], [role=dialog] *")];
    const found = all.filter(each => each.scrollHeight > each.clientHeight + 4 && each.clientHeight > 200).pop();
    if (!found) return false; found.scrollTop = at * found.clientHeight;
    return found.scrollTop + found.clientHeight < found.scrollHeight - 4; }"""


def picture(page: Page, name: str) -> None:
    """Keep all of a window, also what one has to scroll for."""
    for at in range(5 if os.environ.get("OOGST_LOOK") else 0):
        more = page.evaluate(SCROLL, at)
        screen(page, f"{name}-{at}")
        if not more:
            break
    page.evaluate(SCROLL, 0)


class Reader:
    """Somebody at their Home, whose taps are counted."""

    def __init__(self, page: Page, slack: Slack, language: str, who: str = "noor") -> None:
        self.page, self.slack = page, slack
        self.counter = Counter(page)
        english = "&taal=en" if language == "en" else ""
        self.home = f"{slack.address}/?links={who}&links_in=thuis{english}"

    @property
    def pane(self) -> Locator:
        return self.page.locator("#pane-links")

    @property
    def window(self) -> Any:
        return self.pane.get_by_role("dialog").last

    def starts(self) -> None:
        """Look at the Home, with nothing open."""
        self.slack.as_("Noor").close_forms()
        self.page.goto(self.home)
        expect(self.pane).to_contain_text(re.compile(r"\S"))
        self.counter.taps = 0

    def tap(self, name: str, *, exact: bool = True) -> None:
        within = self.window if self.pane.get_by_role("dialog").count() else self.pane
        within.get_by_role("button", name=name, exact=exact).first.click()

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.window).to_contain_text(text)
        assert self.counter.taps <= MOST_TAPS, f"{self.counter.taps} taps"


def read_all(page: Page, slack: Slack, words: Words, language: str, name: str) -> None:
    reader = Reader(page, slack, language)

    # the page of one's own region: who it is, in which phase, what it works on
    reader.starts()
    expect(pressing(reader.pane, words("trail.own_page"))).to_be_in_viewport()
    picture(page, f"0-home-{name}")
    reader.tap(words("trail.own_page_says"))
    reader.reads(trailed.AMBITION, "Onderwijs (4)", "16 (2020) · 19 (2009)", "Thuiszitters")
    reader.reads(words("trail.phase_now", number=6, total=7, name="Uitbreiden").strip("*"))
    picture(page, f"1-page-{name}")

    # the agenda with its attention points
    reader.tap(words("trail.open_says", name=words("trail.part_agenda")))
    reader.reads(*(point for _, _, points in trailed.ASSIGNMENTS for point in points))
    picture(page, f"2-agenda-{name}")

    # the assignment with its parts, preconditions, roles and vacancy
    reader.tap(words("trail.open_says", name=trailed.ASSIGNMENTS[1][0]))
    reader.reads(*(title for title, *_ in (*trailed.PARTS, *trailed.PRECONDITIONS, *trailed.ROLES)))
    reader.reads(f"Projectleider · {words('trail.choice_vacant')}")
    picture(page, f"3-assignment-{name}")

    # the phases with what was easy, hard and concluded
    reader.starts()
    reader.tap(words("trail.own_page_says"))
    reader.tap(words("trail.open_says", name=words("trail.part_phases")))
    for title, _, _, *said in trailed.PHASES:
        reader.reads(title, *(text for texts in said for text in texts))
    picture(page, f"4-phases-{name}")
    reader.tap(words("trail.open_says", name=trailed.PHASES[1][0]))
    reader.reads(words("trail.place_of", kind=words("trail.kind_phase"), at=2, of=7), "Zonder proef gaan we door")
    picture(page, f"5-phase-{name}")

    # the framework's criteria
    reader.starts()
    reader.tap(words("trail.regions_says"))
    picture(page, f"6-regions-{name}")
    reader.tap(words("trail.programme"))
    reader.reads(*(title for title, _ in trailed.CRITERIA))
    picture(page, f"7-programme-{name}")
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


def test_a_reader_finds_everything_of_the_trail_within_three_taps_from_the_home(
    page: Page, slack: Slack, kept: Oogst, words: Words, language: str
) -> None:
    read_all(page, slack, words, language, f"wide-{language}")


def test_on_a_phone_it_is_within_three_taps_too_and_nothing_is_cut_off(
    phone: BrowserContext, slack: Slack, kept: Oogst, words: Words, language: str
) -> None:
    page = phone.new_page()
    read_all(page, slack, words, language, f"phone-{language}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
