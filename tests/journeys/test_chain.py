"""Journeys (e) 2 and 3, (f) 1-3 and 5, (g): from what a group found to what a region reads."""

from __future__ import annotations

import re
from datetime import date, datetime

import icalendar

from handlers.words import Words
from tests.journeys.driver import Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    OFFER,
    OTHER,
    QUESTION,
    QUOTE,
    TAKEAWAY,
    TOPICS,
    choose_and_close,
    make_session,
    publish,
    set_next_date,
    share_by_form,
    share_by_reply,
)

REGION = "regio-haaglanden"


def test_from_an_impression_to_the_weekly_digest_and_the_reminder(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    ineke, noor, sanne, samir = (slack.as_(name) for name in ("Ineke", "Noor", "Sanne", "Samir"))

    board = ineke.home(words("home.handed_in", day=words.day(date(2021, 6, 17)), now=0, all=2))
    assert words("home.remind") in board["buttons"]
    ineke.press(words("home.remind_says", group=2), where="home")
    slack.as_("Youssef").finds("@oogst", words("impressions.ask", group=2))

    share_by_form(slack, words)
    shared = noor.finds(CHANNEL, words("impressions.by_facilitator", name="Sanne", group=1))
    assert all(text in shared["plain"] for text in (TAKEAWAY, QUOTE, QUESTION, OFFER))
    assert shared["thread_ts"], "it stands in the thread of its group"
    ineke.home(words("home.handed_in", day=words.day(date(2021, 6, 17)), now=1, all=2))
    assert oogst.rows("SELECT count(*) FROM article") == [(0,)], "one group is still missing"
    reply = share_by_reply(slack, words)
    slack.settle()

    draft = ineke.finds("@oogst", words("harvest.draft_intro")[:20])
    everything = " ".join(message["plain"] for message in ineke.messages("@oogst"))
    for sentence in [*re.split(r"(?<=\.) ", TAKEAWAY), QUOTE, QUESTION, OTHER.split(". ")[0]]:
        assert sentence in everything, f"{sentence!r} is missing from the draft"
    assert "[1]" in everything, "every sentence points to its source"
    noor_reads = " ".join(m["plain"] for m in noor.messages(CHANNEL) if not m["thread_ts"])
    assert OTHER.split(".")[0] not in noor_reads, "before publication the article is nobody else's"
    assert noor.messages("@oogst") == []
    assert draft["buttons"], "the coordinator can act on it"

    slack.as_("Youssef").do("edit", channel=CHANNEL, ts=reply, text=OTHER.replace("één afspraak", "twee afspraken"))
    ineke.finds("@oogst", "twee afspraken")
    slack.settle()

    publish(slack, words)
    article = noor.finds(CHANNEL, "twee afspraken")
    assert words("harvest.without_model") in " ".join(m["plain"] for m in noor.messages(CHANNEL))
    assert article is not None
    oogst.run("export", "--out", "export")
    exported = {path.suffix: path for path in (oogst.folder / "export").rglob("*.*")}
    assert set(exported) == {".docx", ".html", ".md", ".pdf"}
    for text in (exported[kind].read_text() for kind in (".html", ".md")):
        assert "twee afspraken" in text
        assert QUESTION in text
    set_next_date(slack, words)

    noor.press(words("followup.answer_yes"), channel=CHANNEL)
    noor.only_for_me(words("followup.noted_yes", when="")[:9])
    samir.press(words("followup.answer_no"), channel=CHANNEL)
    samir.only_for_me(words("followup.noted_no", when="")[:9])
    file = noor.until(
        lambda: next((m["files"][0] for m in noor.messages("@oogst") if m["files"]), None), "a file for the agenda"
    )
    event = icalendar.Calendar.from_ical(slack.download(file)).walk("VEVENT")[0]
    assert event["dtstart"].dt.isoformat() == "2021-09-16T13:00:00+02:00"

    steps = slack.move_clock("2021-06-22T09:01+02:00")
    assert any(step.startswith("2021-06-22T07:00:00") for step in steps), (
        "Tuesday nine o'clock is a due moment on the way"
    )
    digest = noor.finds(REGION, words("digest.header", since="", until="").split()[0])
    post = next(m for m in noor.messages(REGION) if not m["thread_ts"])
    assert len(post["plain"]) <= 1800
    assert QUESTION in post["plain"]
    assert OFFER in post["plain"]
    assert {words(f"followup.answer_{given}") for given in ("yes", "maybe", "no")} <= set(post["buttons"])
    sanne.press(words("followup.answer_maybe"), channel=REGION)
    sanne.only_for_me(words("followup.noted_maybe", when="")[:9], REGION)
    assert digest is not None
    before = len(noor.messages(REGION))

    steps = slack.move_clock("2021-09-16T12:00+02:00")
    assert len([step for step in steps if datetime.fromisoformat(step).hour == 7]) >= 12, "every Tuesday had its turn"
    assert len(noor.messages(REGION)) == before, "an empty week is silent"
    noor.finds("@oogst", words("followup.reminder", title="", when="")[:9])
    slack.as_("Youssef").finds("@oogst", words("followup.reminder", title="", when="")[:9])
    for name in ("Samir", "Sanne"):
        texts = [m["plain"] for m in slack.as_(name).messages("@oogst")]
        assert not any(words("followup.reminder", title="", when="")[:9] in text for text in texts), (
            f"{name} gets no reminder"
        )
    assert oogst.rows("SELECT count(*) FROM digest WHERE silent = 0") == [(2,)]
    assert TOPICS[1] not in post["plain"]


def test_a_coordinator_edits_but_cannot_misquote(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    slack.settle()
    ineke = slack.as_("Ineke")
    ineke.finds("@oogst", QUESTION)
    ineke.press(words("harvest.edit"), channel="@oogst")
    form = ineke.modal(words("harvest.edit_title"))
    field = next(f for f in form["fields"] if f["block_id"].startswith("lines:"))
    first, *rest = str(field["value"]).splitlines()
    ineke.do("type", block=field["block_id"], text="\n".join([first.replace("nu", "nooit"), *rest]))
    errors = ineke.submit_with_errors()
    assert first.replace("nu", "nooit")[:20] in errors[field["block_id"]]
    assert "nooit" in str(next(f["value"] for f in ineke.modal()["fields"] if f["block_id"] == field["block_id"])), (
        "the text stays"
    )
    ineke.do("type", block=field["block_id"], text="\n".join(rest))
    ineke.submit()
    slack.settle()
    publish(slack, words)
    slack.settle()
    published = " ".join(m["plain"] for m in ineke.messages(CHANNEL) if not m["thread_ts"] or "lines" in m)
    article = next(m["plain"] for m in reversed(ineke.messages(CHANNEL)) if rest[0] in m["plain"])
    assert first not in article
    assert published


def test_what_somebody_deletes_in_slack_is_gone_from_the_draft(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    reply = share_by_reply(slack, words)
    slack.settle()
    ineke = slack.as_("Ineke")
    ineke.finds("@oogst", OTHER.split(". ")[0])
    slack.as_("Youssef").do("delete", channel=CHANNEL, ts=reply)
    ineke.until(
        lambda: all(OTHER.split(". ")[0] not in m["plain"] for m in ineke.messages("@oogst")), "the draft without it"
    )
    assert oogst.rows(f"SELECT count(*) FROM impression WHERE takeaway LIKE '%{OTHER[:12]}%'") == [(0,)]
