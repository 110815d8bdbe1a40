"""The next date: a poll in the thread, one reminder to the silent, the winner with its file, a move, the end."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
import pytest

from handlers.words import Words
from tests.handlers.house import wall
from tests.journeys.driver import Oogst, Person, Slack
from tests.journeys.steps import CHANNEL, choose_and_close, make_session, publish, share_by_form, share_by_reply

SIXTEENTH = "donderdag 16 september 2021, 13:00-16:00"
IN_FULL = {
    "nl": [SIXTEENTH, "vrijdag 17 september 2021, 09:30-12:00", "woensdag 20 oktober 2021, 13:00-16:00"],
    "en": [
        "Thursday 16 September 2021, 13:00-16:00",
        "Friday 17 September 2021, 09:30-12:00",
        "Wednesday 20 October 2021, 13:00-16:00",
    ],
}
TYPED = {
    "nl": "donderdag 16 september 13.00\nvrijdag 17 september 9.30-12.00",
    "en": "Thursday 16 September 13:00\nFriday 17 September 9:30-12:00",
}


def files(person: Person) -> list[dict[str, Any]]:
    return [file for message in person.messages("@oogst") for file in message["files"]]


def event_in(slack: Slack, person: Person, number: int) -> tuple[Any, Any]:
    """The calendar and its event in the file that somebody got as number so many."""
    file = person.until(lambda: (found := files(person)) and len(found) >= number and found[number - 1], "a file")
    calendar = icalendar.Calendar.from_ical(slack.download(file))
    return calendar, calendar.walk("VEVENT")[0]


@pytest.mark.matrix
def test_a_date_settles_itself_moves_and_is_called_off(slack: Slack, oogst: Oogst, words: Words) -> None:
    make_session(slack, words)
    choose_and_close(slack, words)
    share_by_form(slack, words)
    share_by_reply(slack, words)
    slack.settle()
    publish(slack, words)
    slack.settle()
    ineke, noor, samir, sanne, youssef = (slack.as_(name) for name in ("Ineke", "Noor", "Samir", "Sanne", "Youssef"))
    full = IN_FULL[words.language]

    # the coordinator picks one date, types two, and reads all three in full before anything is posted
    ineke.command("/oogst datum" if words.language == "nl" else "/oogst date")
    ineke.modal(words("followup.dates_intro"))
    ineke.choose(words("followup.date_number", number=1), date="2021-10-20")
    ineke.press(words("followup.another_date"), where="modal")
    form = ineke.modal(words("followup.date_number", number=3))
    assert any(field["value"] == "2021-10-20" for field in form["fields"]), "what was picked stays"
    ineke.type(words("followup.typed"), TYPED[words.language] + "\nfoobar 12 september")
    errors = ineke.submit_with_errors()
    assert "foobar" in errors["typed"]
    ineke.type(words("followup.typed"), TYPED[words.language])
    ineke.submit()
    check = ineke.modal(words("followup.check_intro"))
    for when in full:
        assert when in check["plain"].replace("Vrijdag", "vrijdag").replace("Donderdag", "donderdag").replace(
            "Woensdag", "woensdag"
        )
    assert "Herfstvakantie" in check["plain"], "no region said where its schools belong, so all three are named"
    assert not any(words("followup.say_if_needed") in m["buttons"] for m in noor.messages(CHANNEL))
    ineke.choose(words("followup.deadline_day"), date="2021-06-24")
    ineke.type(words("followup.quorum", word="regio"), "1")
    ineke.submit()
    ineke.modal(words("followup.poll_posted", channel="", deadline="").split(" in ")[0])
    ineke.close_forms()

    # three people answer in chat, one tap a date; one says nothing
    poll = noor.finds(CHANNEL, words("followup.poll_hint", zone="Europe/Amsterdam")[:20])
    assert poll["thread_ts"], "it stands in the thread of the article"
    says = [f"{when.split(' 2021')[0]}, {when.split(', ')[1]}" for when in full]

    def answer(person: Person, *said: str) -> None:
        for number, word in enumerate(said):
            label = words(f"followup.say_{word}_says", when=says[number])
            person.press(label, channel=CHANNEL, ts=poll["ts"])
        person.only_for_me(words("followup.votes_complete"))

    answer(noor, "yes", "no", "if_needed")
    answer(samir, "yes", "yes", "no")
    answer(sanne, "if_needed", "no", "no")
    slack.settle()
    noor.finds(CHANNEL, words.count("followup.votes_yes", 2))

    slack.move_clock("2021-06-23T10:00+02:00")
    youssef.finds("@oogst", words("followup.poll_reminder", deadline="")[:14])
    for person in (noor, samir, sanne):
        assert not any(
            words("followup.poll_reminder", deadline="")[:14] in m["plain"] for m in person.messages("@oogst")
        )
    home = youssef.home(words("followup.vote_all"))
    assert home

    # at the deadline the coordinator reads which date serves most regions, and chooses
    slack.move_clock("2021-06-24T17:01+02:00")
    result = ineke.finds("@oogst", words("followup.make_this_one"))
    assert full[0] in result["plain"]
    ineke.press(words("followup.make_this_one"), channel="@oogst", ts=result["ts"])
    noor.finds(CHANNEL, words("followup.poll_chose", when=full[0]))
    noor.finds("@oogst", words("followup.carried", when=full[0])[:30])
    calendar, event = event_in(slack, noor, 1)
    assert (str(calendar["METHOD"]), event["SEQUENCE"]) == ("PUBLISH", 0)
    assert event["DTSTART"].dt.isoformat() == "2021-09-16T13:00:00+02:00"
    uid = str(event["UID"])
    slack.settle()
    assert files(sanne) == [], "if need be is no yes"

    # it moves, and everybody who has the old file gets the new one
    ineke.home(words("followup.move"))
    day = words.day(date(2021, 9, 16))
    ineke.press(words("followup.move_says", day=day), where="home")
    ineke.modal(words("followup.reason"))
    ineke.choose(words("worksessions.day"), date="2021-11-04")
    ineke.type(words("followup.reason"), "De zaal is bezet")
    ineke.submit()
    ineke.modal(words.count("followup.told", 2))
    ineke.submit()
    ineke.modal(words.count("followup.are_told", 2))
    ineke.close_forms()
    noor.finds(CHANNEL, "De zaal is bezet")
    noor.finds("@oogst", words("followup.because", reason="De zaal is bezet"))
    calendar, event = event_in(slack, noor, 2)
    assert (str(event["UID"]), event["SEQUENCE"]) == (uid, 1)
    assert event["DTSTART"].dt.isoformat() == "2021-11-04T13:00:00+01:00", "the same hour on the wall in winter"

    # it is called off, and agendas take it out
    ineke.home(words("followup.cancel"))
    ineke.press(words("followup.cancel_says", day=words.day(date(2021, 11, 4))), where="home")
    ineke.modal(words.count("followup.told", 2))
    ineke.submit()
    ineke.modal(words.count("followup.are_told", 2))
    ineke.close_forms()
    calendar, event = event_in(slack, noor, 3)
    assert (str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"]) == ("CANCEL", uid, 2)
    noor.finds(CHANNEL, words("followup.cancelled", title=words("followup.this_session"), when="")[1:15])
    before = len(youssef.messages("@oogst"))
    slack.move_clock("2021-11-04T12:00+01:00")
    assert len(youssef.messages("@oogst")) == before, "nobody is reminded of what does not take place"


def test_a_series_makes_its_next_session_by_itself(slack: Slack, oogst: Oogst, words: Words) -> None:
    ineke, noor = slack.as_("Ineke"), slack.as_("Noor")
    ineke.command("/oogst reeks" if words.language == "nl" else "/oogst series")
    ineke.modal(words("followup.series_first"))
    ineke.choose(words("followup.series_first"), date="2021-09-16")
    ineke.choose(words("worksessions.start"), time="13:00")
    ineke.choose(words("worksessions.end"), time="16:00")
    ineke.choose(words("followup.series_rhythm"), option=words("followup.rhythm_monthly_weekday"))
    ineke.type(words("followup.series_times"), "4")
    ineke.choose(words("worksessions.channel"), option=CHANNEL)
    ineke.submit()
    check = ineke.modal(words("followup.series_one_by_one"))
    assert words.moment(wall(2021, 10, 21, 13)) in check["plain"]
    assert "Herfstvakantie" in check["plain"], "what falls badly is asked, and skipping is only proposed"
    ineke.choose(words("followup.series_what"), option=words("followup.decide_keep"))
    ineke.submit()
    ineke.modal(words("followup.series_next", when="").strip())
    ineke.close_forms()

    invitation = words("followup.invitation", when="").strip()
    first = noor.finds(CHANNEL, invitation)
    assert words.moment(wall(2021, 9, 16, 13)) in first["plain"]
    noor.press(words("followup.series_file"), channel=CHANNEL, ts=first["ts"])
    _, event = event_in(slack, noor, 1)
    assert event["RRULE"].to_ical() == b"FREQ=MONTHLY;COUNT=4;BYDAY=3TH"

    slack.move_clock("2021-09-16T16:01+02:00")
    noor.until(
        lambda: words.moment(wall(2021, 10, 21, 13)) in noor.messages(CHANNEL)[-1]["plain"], "the next invitation"
    )
    ineke.home(words("followup.series_stop"))
    ineke.press(words("followup.series_stop"), where="home")
    ineke.modal(words("followup.series_stop_sure", rhythm="").split(".")[-2].strip())
    ineke.submit()
    slack.move_clock("2021-10-21T16:01+02:00")
    assert sum(invitation in message["plain"] for message in noor.messages(CHANNEL)) == 2, "nothing more after that"
