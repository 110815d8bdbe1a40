"""What Oogst keeps of somebody is seen, taken along and forgotten; what could not be sent waits for a person."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from handlers.words import Words
from tests.journeys.beside import pressing, show
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, QUOTE, TAKEAWAY, TOPICS, choose_and_close, make_session, pick, share_by_form
from tests.journeys.test_choosing_browser import hand_in, picture

pytestmark = pytest.mark.browser


def test_who_wants_to_know_reads_what_is_kept_takes_it_along_and_is_forgotten(
    page: Page, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    slack.settle()
    left, right = show(page, slack, words, "sanne in thuis", "sanne in oogst")
    form: Any = left.get_by_role("dialog")
    expect(left).to_contain_text(words("personal.home"))
    picture(page, f"forget-home-{language}")

    # what is kept, in numbers; and all of it in two files
    pressing(left, words("personal.show")).click()
    expect(form).to_contain_text(words.count("personal.kept.notes", 1))
    expect(form).to_contain_text(words.count("personal.kept.messages", 2))
    picture(page, f"forget-kept-{language}")
    pressing(form, words("personal.export")).click()
    expect(right).to_contain_text(words("personal.export_here"))
    slack.settle()
    files: list[dict[str, Any]] = [
        file for message in slack.as_("Sanne").messages("@oogst") for file in message["files"]
    ]
    assert [file["name"].rpartition(".")[2] for file in files[-2:]] == ["json", "csv"]
    assert QUOTE in slack.download(files[-2]).decode()
    picture(page, f"forget-export-{language}")

    # what goes and what stays, a yes, and what went
    form.get_by_role("button", name=words("frame.close"), exact=True).last.click()
    pressing(form, words("personal.forget")).click()
    expect(form).to_contain_text(words("personal.forget.for_ever"))
    picture(page, f"forget-sure-{language}")
    hand_in(left, words("personal.forget.yes"))
    expect(form).to_contain_text(words.count("personal.gone.notes", 1))
    picture(page, f"forget-gone-{language}")
    form.get_by_role("button", name=words("frame.close"), exact=True).last.click()
    expect(left).to_contain_text(words("personal.gone.home"))
    expect(left.get_by_role("dialog")).to_have_count(0)  # not back to what was kept
    slack.settle()
    picture(page, f"forget-after-{language}")
    assert oogst.rows("SELECT count(*) FROM member WHERE name LIKE 'Sanne%'") == [(0,)]
    assert not oogst.rows(f"SELECT 1 FROM impression WHERE takeaway LIKE '%{TAKEAWAY[:30]}%'")

    # who opens the Home again begins anew
    show(page, slack, words, "sanne in thuis", f"sanne in {CHANNEL}")

    picture(page, f"forget-again-{language}")


def test_a_message_that_could_not_be_sent_is_told_once_and_settled_with_a_button(
    page: Page, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    make_session(slack, words)
    for name in ("Noor", "Sanne"):
        pick(slack.as_(name), TOPICS[0], words)
    slack("channels", channel=CHANNEL, archived=True)
    slack.meant.add("is_archived")
    slack.move_clock("2021-06-17T14:05+02:00")
    slack.settle()
    for at in ("14:10", "14:20"):
        slack.move_clock(f"2021-06-17T{at}+02:00")
        slack.settle()
    left, right = show(page, slack, words, "ineke in thuis", "ineke in oogst")
    form: Any = left.get_by_role("dialog")
    expect(right).to_contain_text(words("delivery.intro"))
    expect(right).to_contain_text(words("delivery.why.archived").replace("*", ""))
    picture(page, f"parked-notice-{language}")

    # the same on the Home, in a form of its own
    pressing(left, words("home.refresh")).click()
    pressing(left, words("delivery.open")).click()
    expect(form).to_contain_text(words("delivery.why.archived").replace("*", ""))
    picture(page, f"parked-form-{language}")

    # the channel is back, and one press sends what waited
    slack("channels", channel=CHANNEL, archived=False)
    pressing(form, words("delivery.again")).click()
    expect(form).to_contain_text(words("delivery.done"))
    picture(page, f"parked-done-{language}")
    slack.settle()
    expect(right).to_contain_text(words("delivery.outcome.again"))
    show(page, slack, words, f"noor in {CHANNEL}", "ineke in oogst")
    picture(page, f"parked-after-{language}")
