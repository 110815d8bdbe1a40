"""Journey (f) 5 in a browser: a poll in the thread, one tap a date in two panes, the result, and a move."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import CHANNEL, choose_and_close, make_session, publish, share_by_form, share_by_reply
from tests.journeys.test_choosing_browser import hand_in, labelled, picture, pressing
from tests.journeys.test_dates import IN_FULL, TYPED

pytestmark = pytest.mark.browser


def look(page: Page, slack: Slack, language: str, left: str, right: str, thread: str = "") -> None:
    """Look: "ineke in thuis" on the left, for example, and on the right somebody in a thread."""
    (one, its), (other, theirs) = (each.split(" in ") for each in (left, right))
    query = f"links={one}&links_in={its}&rechts={other}&rechts_in={theirs}"
    query += f"&rechts_draad={thread}" if thread else ""
    page.goto(f"{slack.address}/?{query}{'&taal=en' if language == 'en' else ''}")


def test_a_poll_is_proposed_answered_and_settled_on_the_screen(
    page: Page, slack: Slack, oogst: Oogst, words: Words, language: str
) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    slack.settle()
    publish(slack, words)
    slack.settle()
    full = IN_FULL[language]
    look(page, slack, language, "ineke in thuis", f"noor in {CHANNEL}")
    left, right = page.locator("#pane-links"), page.locator("#pane-rechts")
    pressing(left, words("home.refresh")).click()

    # pickers first, one row more, and what does not read as a date is said under its field
    pressing(left, words("followup.ask_dates")).click()
    form: Any = left.get_by_role("dialog")
    labelled(form, words("followup.date_number", number=1)).fill("2021-10-20")
    pressing(form, words("followup.another_date")).click()
    expect(labelled(form, words("followup.date_number", number=3))).to_be_visible()
    expect(labelled(form, words("followup.date_number", number=1))).to_have_value("2021-10-20")
    labelled(form, words("followup.typed")).fill("donderdag 16 september foobar")
    picture(page, f"poll-form-{language}")
    hand_in(left, words("worksessions.next"))
    expect(form).to_contain_text("foobar")
    expect(labelled(form, words("followup.typed"))).to_have_value("donderdag 16 september foobar")
    picture(page, f"poll-error-{language}")
    labelled(form, words("followup.typed")).fill(TYPED[language])
    hand_in(left, words("worksessions.next"))
    for when in full:
        expect(form).to_contain_text(re.compile(re.escape(when), re.IGNORECASE))
    labelled(form, words("followup.quorum", word="regio")).fill("1")
    picture(page, f"poll-check-{language}")
    hand_in(left, words("followup.poll_post"))
    expect(form).to_contain_text(words("followup.poll_posted", channel="", deadline="").split(" in ")[0])
    form.get_by_role("button", name=words("frame.close"), exact=True).first.click()
    expect(left.get_by_role("dialog")).to_be_hidden()

    # in the thread of the article: one tap a date, and the counter moves in the other pane
    article = slack.as_("Noor").finds(CHANNEL, words("followup.poll_hint", zone="Europe/Amsterdam")[:20])["thread_ts"]
    look(page, slack, language, "ineke in thuis", f"noor in {CHANNEL}", article)
    says = [f"{when.split(' 2021')[0]}, {when.split(', ')[1]}" for when in full]
    right.get_by_role("button", name=words("followup.say_yes_says", when=says[0]), exact=True).last.click()
    expect(right).to_contain_text(words.count("followup.votes_noted", 2))
    picture(page, f"poll-thread-{language}")
    look(page, slack, language, "samir in thuis", f"noor in {CHANNEL}", article)
    pressing(left, words("followup.vote_all")).click()
    for number, word in enumerate(("yes", "no", "if_needed")):
        labelled(form, full[number][:1].upper() + full[number][1:]).select_option(label=words(f"followup.say_{word}"))
    picture(page, f"poll-all-{language}")
    hand_in(left, words("worksessions.save"))
    expect(right).to_contain_text(words.count("followup.votes_yes", 2))

    # the coordinator sees how it stands, and makes it the session at her own word
    look(page, slack, language, "ineke in thuis", f"noor in {CHANNEL}", article)
    pressing(left, words("home.refresh")).click()
    pressing(left, words("followup.show_result")).click()
    expect(form).to_contain_text("Haaglanden")
    picture(page, f"poll-result-{language}")
    pressing(form, words("followup.make_this_one")).click()
    expect(right).to_contain_text(words("followup.poll_chose", when=full[0]))
    form.get_by_role("button", name=words("frame.close"), exact=True).first.click()
    picture(page, f"poll-chosen-{language}")

    # another date: the form says how many people hear it, and the invitation what the date was
    pressing(left, words("home.refresh")).click()
    day = words.day(date(2021, 9, 16))
    left.get_by_role("button", name=words("followup.move_says", day=day), exact=True).click()
    labelled(form, words("worksessions.day")).fill("2021-10-07")
    labelled(form, words("followup.reason")).fill("De zaal is bezet")
    hand_in(left, words("worksessions.next"))
    expect(form).to_contain_text(words.count("followup.told", 2))
    picture(page, f"move-check-{language}")
    hand_in(left, words("followup.move"))
    expect(form).to_contain_text(words.count("followup.are_told", 2))
    look(page, slack, language, "noor in oogst", f"noor in {CHANNEL}")
    expect(right).to_contain_text("De zaal is bezet")
    expect(left).to_contain_text("De zaal is bezet")
    picture(page, f"moved-{language}")
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"
