"""Journey (b): somebody starts the demo and does the tour in the browser, by hand, or lets it be done."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from handlers.words import Words
from playground.page import words as page_words
from tests.conftest import BROWSER_FLAGS
from tests.journeys.driver import ROOT

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("OOGST_PICTURES")
SECONDS = 30_000


@dataclass
class Demo:
    """`oogst demo` as a process, and the browser page on it."""

    address: str
    page: Page
    language: str

    def show(self, query: str) -> None:
        self.page.goto(f"{self.address}/?{query}{'&taal=en' if self.language == 'en' else ''}")

    def follow(self, link: Locator) -> None:
        """Follow a link and be there: what is pressed next must not still be on the page before."""
        there = str(link.get_attribute("href"))
        link.click()
        self.page.wait_for_url(f"{self.address}{there}")

    def picture(self, name: str) -> None:
        """Keep what the page shows for the README, when `make pictures` asks for it."""
        if PICTURES and self.language == "nl":
            self.page.wait_for_timeout(600)
            self.page.screenshot(path=ROOT / PICTURES / f"{name}.png")

    def step_is_done(self, number: int) -> None:
        expect(self.page.locator(f".step:nth-child({number})")).to_have_class(re.compile("done"), timeout=SECONDS)
        assert self.page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


@pytest.fixture
def demo(tmp_path: Path, chromium: str, language: str) -> Iterator[Demo]:
    """The demo in one language, with its page open; fails the test when a script on the page did."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OOGST_", "SLACK_"))}
    command = [
        sys.executable,
        "-m",
        "handlers.terminal",
        "demo",
        "--port",
        "0",
        "--no-open",
        "--keep",
        str(tmp_path / "kept"),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
        env=clean | {"OOGST_LANGUAGE": language, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            break
    else:
        pytest.fail("".join(said))
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="nl-NL")
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(found[0])
        if language == "en":
            page.get_by_role("link", name="English").click()
        yield Demo(found[0], page, language)
        browser.close()
    process.send_signal(signal.SIGINT)
    process.wait(20)
    process.stdout.close()
    assert errors == []


def left(demo: Demo) -> Any:
    return demo.page.locator("#pane-links")


def right(demo: Demo) -> Any:
    return demo.page.locator("#pane-rechts")


def labelled(pane: Any, text: str) -> Any:
    """The first button with these words on it; what a screen reader says of it may be longer."""
    return pane.locator("button, a.button").filter(has_text=re.compile(f"^\\s*{re.escape(text)}\\s*$")).first


def test_the_ten_steps_of_the_tour_are_done_by_hand(demo: Demo, words: Words) -> None:
    page, speak = demo.page, page_words.read()[words.language]
    oza = "Onderwijszorgarrangementen"

    def go_there() -> None:
        demo.follow(page.locator(".step.current [data-go]"))

    def share(**parts: str) -> None:
        labelled(left(demo), words("impressions.share")).click()
        for part, text in parts.items():
            left(demo).get_by_role("dialog").get_by_label(words(f"impressions.part.{part}")).fill(text)

    def hand_in() -> None:
        left(demo).get_by_role("button", name=words("impressions.submit")).click()
        expect(left(demo).get_by_role("dialog")).to_be_hidden()

    # 1 and 2: two taps, and the counter moves on the other screen.
    demo.picture("overview")
    left(demo).get_by_role("button", name=words("selection.choose_says", topic="Ouderbetrokkenheid")).click()
    expect(left(demo)).to_contain_text(speak("only_you"))
    demo.step_is_done(1)
    right(demo).get_by_role("button", name=words("selection.choose_says", topic=oza)).click()
    expect(left(demo)).to_contain_text(f"{oza} · {words.count('selection.people', 3)}")
    demo.step_is_done(2)
    demo.picture("choosing")

    # 3: the clock closes the choosing.
    page.get_by_label(speak("clock_to")).fill("2021-06-17T14:00")
    page.get_by_role("button", name=speak("move_clock"), exact=True).click()
    demo.step_is_done(3)
    expect(left(demo)).to_contain_text(words("selection.group", number=1, topics="Ouderbetrokkenheid"))
    expect(left(demo).get_by_role("button", name=words("selection.choose_says", topic=oza))).to_have_count(0)

    # 4 and 5: what the groups took away.
    go_there()
    share(takeaway="Ouders willen eerst hun eigen verhaal kwijt.", question="Wie belt er 's avonds?")
    left(demo).get_by_role("dialog").get_by_label(words("impressions.part.takeaway")).focus()  # where a picture starts
    demo.picture("impression")
    hand_in()
    demo.step_is_done(4)
    right(demo).get_by_role("link", name=speak("one_reply")).first.click()
    expect(right(demo).get_by_role("complementary", name=speak("thread"))).to_contain_text("hun eigen verhaal kwijt")
    go_there()
    share(
        takeaway="Eén vast gezicht helpt een gezin. We zien elkaar weer op donderdag 16 september.",
        offer="Lotte maakt de lijst.",
    )
    hand_in()
    demo.step_is_done(5)

    # 6: the group says that it is right, the other one says nothing until the time is over.
    demo.show("links=ineke&links_in=oogst&rechts=noor&rechts_in=werksessie-17-juni")
    expect(left(demo)).to_contain_text("(0 van" if words.language == "nl" else "(0 of")
    right(demo).get_by_role("link", name=re.compile(speak("replies", count=r"\d+"))).first.click()
    thread = right(demo).get_by_role("complementary", name=speak("thread"))
    expect(thread).to_contain_text(words("impressions.sign.silence_agrees"))
    labelled(thread, words("impressions.sign.yes")).click()
    expect(thread).to_contain_text(words("impressions.sign.agreed"))
    page.get_by_label(speak("clock_to")).fill("2021-06-18T12:00")
    page.get_by_role("button", name=speak("move_clock"), exact=True).click()
    demo.step_is_done(6)

    # 7: nothing is published before Ineke says so.
    show = "links=ineke&links_in=oogst&rechts=noor&rechts_in=werksessie-17-juni"
    demo.show(show)
    expect(left(demo)).to_contain_text("Eén vast gezicht helpt een gezin. [2]")
    expect(right(demo)).not_to_contain_text("Eén vast gezicht helpt een gezin.")
    left(demo).get_by_role("button", name=words.count("harvest.publish_in", 12)).click()
    page.get_by_role("dialog", name=words("harvest.confirm_title")).locator("button.primary").click()
    expect(right(demo)).to_contain_text("Eén vast gezicht helpt een gezin. [2]")
    demo.step_is_done(7)
    demo.picture("article")

    # 8: the next date with one tap, and a file for the agenda.
    labelled(left(demo), words("followup.make")).click()
    labelled(right(demo), words("followup.answer_yes")).click()
    demo.step_is_done(8)
    demo.show("links=noor&links_in=oogst&rechts=-")
    with page.expect_download() as waiting:
        left(demo).get_by_role("link", name=re.compile(r"\.ics")).click()
    assert "DTSTART;TZID=Europe/Amsterdam:20210916T130000" in waiting.value.path().read_text(encoding="utf-8")

    # 9: Tuesday.
    go_there()
    page.get_by_role("button", name=speak("next_tuesday")).click()
    demo.step_is_done(9)
    expect(left(demo)).to_contain_text("Wie belt er 's avonds?")
    expect(page.locator("#clock")).to_contain_text(re.compile(speak("moved", steps=r"\d+")), timeout=SECONDS)
    demo.picture("digest")
    labelled(left(demo), words("digest.read")).click()
    expect(left(demo).get_by_role("complementary", name=speak("thread"))).to_contain_text("[1]")

    # 10: what a region keeps over the years, filled in passing.
    go_there()
    left(demo).get_by_role("button", name=words("trail.own_page_says")).click()
    region = left(demo).get_by_role("dialog")
    expect(region).to_contain_text("Elk kind hoort ergens bij")
    phase = words("trail.phase_now", number=3, total=3, name="Uitproberen in twee wijken")
    expect(region).to_contain_text(phase.strip("*"))
    demo.step_is_done(10)
    expect(page.locator(".finished")).to_contain_text("oogst setup")
    demo.picture("region")


@pytest.mark.parametrize("language", ["nl"], indirect=True)
def test_each_step_of_the_tour_can_be_done_for_somebody_who_reads_for_half_an_hour_first(
    demo: Demo, language: str
) -> None:
    later = {"by_seconds": 1800}
    httpx.post(f"{demo.address}/_mens/clock/move", json=later, trust_env=False, timeout=60).raise_for_status()
    for number in range(1, 11):
        demo.follow(demo.page.locator(".step.current [data-go]"))
        demo.page.locator(f".step.current [data-do='{number}']").click()
        demo.step_is_done(number)
    expect(demo.page.locator(".finished")).to_be_visible()
    expect(left(demo).get_by_role("dialog")).to_contain_text("Elk kind hoort ergens bij")
    # The same steps once more are no trouble: it says what to do, at once.
    for number in (2, 7):
        demo.page.locator(f".step:nth-child({number}) summary").click()
        demo.page.locator(f"[data-do='{number}']").click()
        told = demo.page.locator(f".step:nth-child({number})").get_by_role("alert")
        expect(told).to_contain_text("Opnieuw beginnen", timeout=9_000)
        expect(demo.page.locator(f"[data-do='{number}']")).to_be_enabled()
    # And all of it from the beginning: other processes, an empty database, six themes waiting.
    speak = page_words.read()[language]
    demo.page.get_by_role("button", name=speak("reset")).click()
    demo.page.locator("#sure-yes").click()
    expect(demo.page.locator("#step-1-now")).to_be_visible(timeout=SECONDS)
    expect(left(demo).get_by_role("button", name="Onderwijszorgarrangementen")).to_be_visible(timeout=SECONDS)
    expect(demo.page.locator("#clock")).to_contain_text("13:00")


@pytest.mark.parametrize("language", ["nl"], indirect=True)
def test_a_jump_to_september_stops_at_every_digest_and_reminder_on_the_way(demo: Demo, language: str) -> None:
    speak = page_words.read()[language]
    for number in range(1, 9):
        demo.page.locator(f".step.current [data-do='{number}']").click()
        demo.step_is_done(number)
    demo.page.get_by_role("button", name=speak("to_september")).click()
    clock = demo.page.locator("#clock")
    expect(clock).to_contain_text("donderdag 16 september 2021", timeout=120_000)
    expect(demo.page.locator("#clock-hour")).to_be_enabled(timeout=SECONDS)
    stops = re.search(speak("moved", steps=r"(\d+)"), clock.inner_text())
    assert stops and int(stops[1]) >= 12, "every Tuesday on the way, and the reminder"
    seen = httpx.get(f"{demo.address}/_mens/see", params={"as": "Noor"}, trust_env=False).json()
    digests = [
        message
        for message in seen["channels"]["regio-haaglanden"]
        if not message["thread_ts"] or message["reply_count"]
    ]
    assert len(digests) == 1, "one digest with news; the weeks after it are silent"
    assert len(seen["dm"]) >= 2, "the file for the agenda, and the reminder on the working day before"
