"""Journey (f) to its end in a browser: read the draft, publish, open the harvest document, take it along as a file."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from docx import Document as open_word
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    QUESTION,
    TOPICS,
    choose_and_close,
    make_session,
    share_by_form,
    share_by_reply,
    sign_off,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True),
]


def show(page: Page, slack: Slack, language: str, place: str) -> Locator:
    who, where = place.split(" in ")
    english = "&taal=en" if language == "en" else ""
    page.goto(f"{slack.address}/?links={who}&links_in={where}&rechts=noor&rechts_in={CHANNEL}{english}")
    return page.locator("#pane-links")


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("OOGST_LOOK"):
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def pressing(pane: Locator, text: str) -> Locator:
    return pane.get_by_role("button").filter(has_text=re.compile(f"^\\s*{re.escape(text)}")).last


@pytest.mark.matrix
def test_a_coordinator_publishes_and_takes_the_harvest_document_along(
    page: Page, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    sign_off(slack, words)

    # she reads the draft and publishes it
    left = show(page, slack, language, "ineke in oogst")
    expect(left).to_contain_text(QUESTION)
    expect(left).to_contain_text(f"{words('harvest.unserved')}: {TOPICS[1]}")
    picture(page, f"1-draft-{language}")
    pressing(left, words("harvest.publish")).click()
    page.get_by_role("dialog", name=words("harvest.confirm_title")).locator("button.primary").click()
    expect(page.locator("#pane-rechts")).to_contain_text(words("harvest.without_model"))

    # she opens the harvest document of a theme from her Home
    left = show(page, slack, language, "ineke in thuis")
    pressing(left, words("theme_harvest.open")).click()
    form = left.get_by_role("dialog")
    form.locator("select").select_option(label=TOPICS[0])
    picture(page, f"2-choose-{language}")
    form.get_by_role("button", name=words("theme_harvest.show"), exact=True).click()
    left = show(page, slack, language, "ineke in oogst")
    title = words("theme_harvest.title", theme=TOPICS[0])
    expect(left).to_contain_text(title)
    expect(left).to_contain_text(words("theme_harvest.read_article"))
    picture(page, f"3-document-{language}")

    # and takes it along as Word and as PDF
    for kind in ("docx", "pdf"):
        menu = left.locator("details.menu").filter(has_text=words("documents.as_docx")).last
        menu.locator("summary").click()
        menu.get_by_role("button", name=words(f"documents.as_{kind}"), exact=True).click()
        link = left.get_by_role("link", name=re.compile(rf"\.{kind}$")).last
        with page.expect_download() as waiting:
            link.click()
        data = Path(waiting.value.path()).read_bytes()
        if kind == "docx":
            said = "\n".join(paragraph.text for paragraph in open_word(io.BytesIO(data)).paragraphs)
        else:
            said = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())
        assert title in said and QUESTION in said
    picture(page, f"4-files-{language}")
