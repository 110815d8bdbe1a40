"""A Word file dropped from a phone becomes the impression, a photo stands under the article; also after a crash."""

from __future__ import annotations

import os
import re
import signal
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as new_word
from playwright.sync_api import BrowserContext, Locator, Page, expect

from handlers.words import Words
from playground.page import words as page_words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, choose_and_close, make_session, publish, share_by_form

TOLD = "De school en de gemeente tekenen één afspraak."
SAID = "“Niemand wist wie de sleutel had.”"
LABELS = {"nl": ("Wat nemen we mee?", "Citaat"), "en": ("What do we take away?", "Quote")}


def template(language: str) -> bytes:
    """What somebody made of the programme's Word template: a heading, and a table with labels."""
    first, second = LABELS[language]
    made = new_word()
    made.add_heading(first, 1)
    made.add_paragraph(TOLD)
    row = made.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = second, SAID
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def photo() -> bytes:
    """A small picture of a flip chart: white with a green band."""
    width, height = 240, 160
    rows = b"".join(b"\0" + (b"\x3a\x7d\x44" if 40 < y < 70 else b"\xf4\xf4\xee") * width for y in range(height))

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def thread_of(page: Page, slack: Slack, words: Words, name: str, group: int, topic: str) -> Locator:
    """Somebody opens the thread of a group on their phone."""
    english = "&taal=en" if words.language == "en" else ""
    page.goto(f"{slack.address}/?links={name}&links_in={CHANNEL}&rechts=-&telefoon=1{english}")
    speak = page_words.read()[words.language]
    title = words("selection.group", number=group, topics=topic)
    post = page.get_by_role("article").filter(has_text=title).filter(has_text=words("impressions.share")).last
    post.get_by_label(speak("more_actions")).tap()
    post.get_by_role("link", name=speak("reply_in_thread")).tap()
    return page.get_by_role("complementary", name=speak("thread"))


def drop(thread: Locator, name: str, mimetype: str, content: bytes) -> None:
    thread.locator("input[type=file]").set_input_files({"name": name, "mimeType": mimetype, "buffer": content})
    expect(thread).to_contain_text(name)
    thread.locator("button.send").tap()


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, for who wants to look."""
    if folder := os.environ.get("OOGST_LOOK"):
        page.screenshot(path=Path(folder) / f"files-{name}.png", full_page=True)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.matrix)], indirect=True)
def test_a_word_file_from_a_phone_is_the_impression_and_a_photo_stands_under_the_article(
    phone: BrowserContext, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)

    page = phone.new_page()
    thread = thread_of(page, slack, words, "youssef", 2, TOPICS[2])
    drop(thread, "Impressie groep 2.docx", "application/octet-stream", template(language))
    expect(thread).to_contain_text(words.count("attachments.reading", 1, group=2))
    expect(thread).to_contain_text(words("impressions.by_facilitator", name="Youssef", group=2))
    expect(thread).to_contain_text(SAID)
    picture(page, f"read-{language}")
    said = slack.as_("Youssef").finds(CHANNEL, SAID)["plain"]
    assert TOLD in said and LABELS[language][0] not in said, "the label is not among the words"

    page = phone.new_page()
    thread = thread_of(page, slack, words, "noor", 1, TOPICS[0])
    drop(thread, "Flap groep 1.png", "image/png", photo())
    expect(thread).to_contain_text(words.count("attachments.kept_group", 1, group=1))
    expect(thread.get_by_role("button", name=words("attachments.decline"))).to_be_visible()
    picture(page, f"kept-{language}")

    slack.settle()
    publish(slack, words)
    article = slack.as_("Samir").finds(CHANNEL, words("attachments.downloads"))
    assert "Flap groep 1.png" in article["plain"] and TOLD in article["plain"]
    assert f" {SAID} " in article["plain"], "marks that were typed are not set twice"
    english = "&taal=en" if language == "en" else ""
    page.goto(f"{slack.address}/?links=samir&links_in={CHANNEL}&rechts=-&telefoon=1{english}")
    link = page.get_by_role("article").filter(has_text=words("attachments.downloads")).get_by_role("link", name="Flap")
    link.scroll_into_view_if_needed()
    picture(page, f"article-{language}")
    opened = page.request.get(str(link.get_attribute("href")))
    assert opened.body() == photo(), "the link opens the photo in Slack"
    assert oogst.rows("SELECT state, name FROM attachment ORDER BY name") == [
        ("kept", "Flap groep 1.png"), ("read", "Impressie groep 2.docx"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["nl"], indirect=True)
def test_a_file_that_was_being_fetched_when_the_bot_was_killed_is_read_after_all(
    slack: Slack, oogst: Oogst, words: Words
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    youssef = slack.as_("Youssef")
    group, share = words("selection.group", number=2, topics=TOPICS[2]), words("impressions.share")
    opener = next(m for m in youssef.messages(CHANNEL) if group in m["plain"] and share in m["buttons"])
    slack("faults", method="files.download", delay_before=30.0)
    youssef.do("say", channel=CHANNEL, thread_ts=opener["ts"], files=[{"name": "a.txt", "text": f"{TOLD}\n{TOLD}"}])
    youssef.until(lambda: oogst.rows("SELECT 1 FROM attachment WHERE attempts = 1"), "the fetching has begun")
    oogst.stop(signal.SIGKILL)
    assert oogst.rows("SELECT state FROM attachment") == [("waiting",)]
    oogst.start()
    slack.move_clock("2021-06-17T15:30+02:00")
    slack.settle()
    assert oogst.rows("SELECT takeaway FROM impression WHERE source = 'file'") == [(f"{TOLD}\n{TOLD}",)]
    read = [m for m in youssef.messages(CHANNEL) if re.search(re.escape(TOLD), m["plain"]) and m["user"] != "Youssef"]
    assert read, "the group reads it"
