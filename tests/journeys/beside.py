"""Two people beside each other in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from handlers.words import Words
from tests.journeys.driver import Slack


def show(page: Page, slack: Slack, words: Words, left: str, right: str) -> tuple[Locator, Locator]:
    """Look with two people: "noor in oogst" on the left, for example."""
    (one, its), (other, theirs) = (each.split(" in ") for each in (left, right))
    english = "&taal=en" if words.language == "en" else ""
    page.goto(f"{slack.address}/?links={one}&links_in={its}&rechts={other}&rechts_in={theirs}{english}")
    return page.locator("#pane-links"), page.locator("#pane-rechts")


def pressing(pane: Locator, text: str) -> Locator:
    """The newest button with exactly these words on it."""
    return pane.get_by_role("button").filter(has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).last
