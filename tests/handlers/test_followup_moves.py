"""A session moves or is called off: who hears it, what agendas get, and which texts follow."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot.followup import Answer
from bot.problem import Refused
from bot.programme import Role
from bot.proposals import Proposal
from bot.selection import Pick, Wish
from bot.worksessions import State, WorkSession
from handlers import followup, selection
from handlers import worksessions as making
from handlers.harvest import MESSAGES as ARTICLE
from playground.linter import visible_texts
from storage import delivery, programme, worksessions
from storage import followup as memory
from storage import proposals as proposed
from storage import selection as chosen
from tests.handlers.house import TEAM, House, wall
from tests.handlers.polled import PUBLISHED, form, held, metadata, people, press, texts, tick, view_of

PLAN = {"day": "2021-09-16", "start": "13:00", "end": "16:00", "title": "", "channel": "CWS"}
OTHER = {"day": "2021-11-04", "start": "13:00", "end": "16:00", "reason": "De zaal is bezet."}


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, PUBLISHED, str(request.param))
    people(made)
    yield made
    made.database.close()


@pytest.fixture
def planned(house: House) -> WorkSession:
    """The session of 16 September, with its invitation in the channel."""
    previous = held(house)
    form(house, "followup.plan", "ineke", {"session": previous.id}, PLAN)
    house.arrive("followup.invitation", "harvest.article")
    return now(house, house.read(lambda db: worksessions.follower(db, TEAM, previous.id)))


def now(house: House, session: WorkSession | None) -> WorkSession:
    assert session is not None
    found = house.read(lambda db: worksessions.one(db, TEAM, session.id))
    assert found is not None
    return found


def say(house: House, session: WorkSession, **answers: str) -> None:
    for user, wish in answers.items():
        press(house, "followup.answer", user, session.id, wish)


def opened(house: House, name: str, session: WorkSession, user: str = "ineke") -> dict[str, str]:
    """What the form remembers of the session as it is now."""
    from bot.followup import version_of

    press(house, f"followup.{name}", user, session.id)
    return {"session": session.id, "shown": version_of(now(house, session))}


def move(house: House, session: WorkSession, user: str = "ineke", key: str = "", **fields: str) -> dict[str, Any]:
    """Move a session by its two forms; returns what the check says."""
    answer = form(house, "followup.move", user, opened(house, "move", session, user), {**OTHER, **fields})
    check = view_of(answer)
    done = form(house, "followup.move_check", user, metadata(check), {}, key=key)
    view_of(done)
    return check


def cancel(house: House, session: WorkSession, user: str = "ineke", reason: str = "Te weinig mensen.") -> str:
    view = view_of(form(house, "followup.cancel", user, opened(house, "cancel", session, user), {"reason": reason}))
    return texts(view)


def shown(house: House, kind: str, messages: Any = None, at: int = -1) -> str:
    body = house.draw(house.owed(kind)[at], messages or followup.MESSAGES)
    assert body is not None
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks]))


def file_for(house: House, user: str) -> tuple[Any, Any]:
    """The newest file for somebody's agenda: calendar and event."""
    row = [row for row in house.owed("followup.calendar") if row.user_id == user][-1]
    body = house.draw(row, followup.MESSAGES)
    assert body is not None
    assert body.file is not None
    calendar = icalendar.Calendar.from_ical(body.file)
    return calendar, calendar.walk("VEVENT")[0]


def words(house: House) -> Any:
    return house.world.words[house.settings.language]


# Moving


def test_a_move_reaches_everybody_who_counted_on_the_date_and_every_text_that_names_it(
    house: House, planned: WorkSession
) -> None:
    say(house, planned, noor="yes", samir="maybe", sanne="no")
    check = move(house, planned)
    assert words(house).count("followup.told", 2) in texts(check)
    moved = now(house, planned)
    assert (moved.starts_at, moved.calendar_sequence) == (wall(2021, 11, 4, 13), 1)
    assert moved.title == words(house)("worksessions.default_title", day=words(house).day(moved.starts_at))
    assert [row.user_id for row in house.owed("followup.moved")] == ["noor", "samir"]
    was = words(house).period(planned.starts_at, planned.ends_at)
    when = words(house).period(moved.starts_at, moved.ends_at)
    for kind in ("followup.moved", "followup.invitation"):
        assert words(house)("followup.moved_from", was=was, when=when) in shown(house, kind)
        assert words(house)("followup.because", reason="De zaal is bezet.") in shown(house, kind)
    article = house.owed("harvest.article")[-1]
    assert article.target_key is not None
    assert words(house)("harvest.next", period=when) in shown(house, "harvest.article", ARTICLE)
    press(house, "followup.trail", "noor", planned.id)
    from handlers.views import followup_moving as views

    moves = house.read(lambda db: memory.moving.trail(db, TEAM, planned.id))
    assert words(house)("followup.moved_from", was=was, when=when) in texts(
        views.trail_window(moved, moves, words(house)).to_dict()
    )
    (trail,) = moves
    assert (trail.by, trail.from_starts_at, trail.to_starts_at) == ("ineke", planned.starts_at, moved.starts_at)
    assert house.read(lambda db: memory.counts(db, TEAM, planned.id)) == {}, "everybody is asked anew"


def test_the_message_that_asked_for_the_next_date_says_the_new_one(house: House) -> None:
    previous = held(house)
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key=f"followup.proposal:{previous.id}", kind="followup.proposal",
            arguments={"id": previous.id}, user="ineke", now=PUBLISHED,
        )
    )  # fmt: skip
    form(house, "followup.plan", "ineke", {"session": previous.id}, PLAN)
    house.arrive("followup.proposal", "followup.invitation", "harvest.article")
    planned = now(house, house.read(lambda db: worksessions.follower(db, TEAM, previous.id)))
    move(house, planned)
    newest = house.owed("followup.proposal")[-1]
    body = house.draw(newest, followup.MESSAGES)
    moved_to = now(house, planned)
    words = house.world.words[house.settings.language]
    assert newest.operation == "update" and body is not None
    assert words.period(moved_to.starts_at, moved_to.ends_at) in body.text


def test_agendas_move_the_same_session_with_a_higher_number_and_the_same_hour_in_winter(
    house: House, planned: WorkSession
) -> None:
    say(house, planned, noor="yes")
    _, before = file_for(house, "noor")
    move(house, planned)
    calendar, after = file_for(house, "noor")
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt == datetime(2021, 11, 4, 13, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert after["DTSTART"].dt.isoformat() == "2021-11-04T13:00:00+01:00"
    assert before["DTSTART"].dt.isoformat() == "2021-09-16T13:00:00+02:00"


def test_who_said_no_after_a_yes_gets_no_new_file_until_they_say_yes_again(house: House, planned: WorkSession) -> None:
    say(house, planned, noor="yes", samir="yes")
    say(house, planned, noor="no")
    move(house, planned)
    assert [row.user_id for row in house.owed("followup.calendar")] == ["noor", "samir", "samir"]
    say(house, planned, noor="yes")
    _, event = file_for(house, "noor")
    assert event["SEQUENCE"] == 1


def test_two_moves_at_once_tell_the_newest_date_only(house: House, planned: WorkSession) -> None:
    say(house, planned, noor="yes")
    move(house, planned)
    move(house, planned, day="2021-11-11", reason="")
    first, second = house.owed("followup.calendar")[1:]
    assert house.draw(first, followup.MESSAGES) is None
    body = house.draw(second, followup.MESSAGES)
    assert body is not None
    assert b"SEQUENCE:2" in (body.file or b"")
    told = house.owed("followup.moved")
    assert [house.draw(row, followup.MESSAGES) is None for row in told] in ([True], [True, False])
    assert shown(house, "followup.invitation").count("2021, 13:00-16:00") >= 3, "the whole trail stands in it"


def test_somebody_else_who_moved_it_first_is_not_undone(house: House, planned: WorkSession) -> None:
    house.person("hanna", None, Role.COORDINATOR)
    theirs = opened(house, "move", planned, "hanna")
    mine = view_of(form(house, "followup.move", "ineke", opened(house, "move", planned), OTHER))
    other = view_of(form(house, "followup.move", "hanna", theirs, {**OTHER, "day": "2021-11-11"}))
    form(house, "followup.move_check", "ineke", metadata(mine), {})
    with pytest.raises(Refused, match="changed_since"):
        form(house, "followup.move_check", "hanna", metadata(other), {})
    with pytest.raises(Refused, match="changed_since"):
        form(house, "followup.cancel", "hanna", theirs, {})
    assert now(house, planned).starts_at == wall(2021, 11, 4, 13)


def test_a_confirmation_delivered_twice_moves_once(house: House, planned: WorkSession) -> None:
    say(house, planned, noor="yes")
    check = view_of(form(house, "followup.move", "ineke", opened(house, "move", planned), OTHER))
    for key in ("v:1", "v:1"):
        form(house, "followup.move_check", "ineke", metadata(check), {}, key=key)
    with pytest.raises(Refused, match="form_gone"):
        form(house, "followup.move_check", "ineke", metadata(check), {}, key="v:2")
    assert now(house, planned).calendar_sequence == 1
    assert len(house.owed("followup.moved")) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "2021-09-16"}, "day"),
        ({"day": "2021-06-01"}, "day"),
        ({"start": "17:00"}, "end"),
        ({"day": "2021-10-31", "start": "02:30"}, "start"),
        ({"reason": "x" * 301}, "reason"),
        ({"reason": "Bel 06 12345678 voor meer"}, "reason"),
    ],
)
def test_a_move_that_cannot_be_is_said_under_its_field(
    house: House, planned: WorkSession, changed: dict[str, str], field: str
) -> None:
    ack = form(house, "followup.move", "ineke", opened(house, "move", planned), {**OTHER, **changed}).ack
    assert list(dict(ack or {})["errors"]) == [field]


def test_the_check_warns_of_a_holiday_and_another_session_that_day(house: House, planned: WorkSession) -> None:
    house.session(wall(2021, 10, 21, 9), title="Werkbezoek", state=State.PLANNED)
    answer = form(house, "followup.move", "ineke", opened(house, "move", planned), {**OTHER, "day": "2021-10-21"})
    said = texts(view_of(answer))
    assert "Herfstvakantie" in said
    assert "Werkbezoek" in said


def test_the_reminder_follows_the_new_date_and_an_old_one_says_nothing(house: House, planned: WorkSession) -> None:
    tick(house, wall(2021, 9, 15, 9))
    assert len(house.owed("followup.reminder")) == 4
    move(house, planned)
    assert all(house.draw(row, followup.MESSAGES) is None for row in house.owed("followup.reminder"))
    tick(house, wall(2021, 11, 3, 9))
    fresh = house.owed("followup.reminder")[4:]
    assert len(fresh) == 4
    assert all(house.draw(row, followup.MESSAGES) is not None for row in fresh)


@pytest.mark.parametrize("change", [move, cancel])
def test_who_read_the_old_date_in_a_reminder_hears_that_it_changed(
    house: House, planned: WorkSession, change: Any
) -> None:
    say(house, planned, youssef="yes", sanne="yes")
    tick(house, wall(2021, 9, 15, 9))
    house.arrive("followup.reminder")
    say(house, planned, sanne="no")
    change(house, planned)
    kind = "followup.moved" if change is move else "followup.cancelled"
    assert [row.user_id for row in house.owed(kind)] == ["noor", "samir", "youssef"]


def test_a_session_in_which_people_choose_moves_with_its_closing_time_and_tells_who_chose(
    house: House, planned: WorkSession
) -> None:
    from dataclasses import replace

    choosing = house.session(wall(2021, 9, 16, 13), state=State.CHOOSING, title="Kiezen")
    at = replace(choosing, closes_at=wall(2021, 9, 16, 14), opened_at=PUBLISHED)
    house.write(lambda db: worksessions.save(db, at, PUBLISHED))
    topic = at.topics[0].id
    pick = Pick("youssef", Wish.TOPIC, (topic,), PUBLISHED)
    house.write(lambda db: chosen.save_pick(db, TEAM, at.id, pick))
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key=f"selection.card:{at.id}", kind="selection.card", arguments={"id": at.id},
            channel="CWS", now=PUBLISHED,
        )
    )  # fmt: skip
    move(house, at)
    moved = now(house, at)
    assert (moved.state, moved.closes_at) == (State.CHOOSING, wall(2021, 11, 4, 14))
    assert [row.user_id for row in house.owed("followup.moved")] == ["youssef"]
    assert len(house.owed("selection.card")) == 2
    shown(house, "selection.card", selection.MESSAGES)


def test_another_date_in_the_form_for_topics_is_a_move_as_well(house: House, planned: WorkSession) -> None:
    say(house, planned, noor="yes")
    house.answer(making.open_planned, house.click("action", "worksessions.topics", "ineke", planned.id))
    from tests.handlers.polled import newest_form

    meta = json.dumps({"form": newest_form(house)})
    steps: list[tuple[Any, dict[str, Any]]] = [
        (making.hand_in_plan, {**PLAN, "title": "Werksessie", "day": "2021-09-23", "regions": list(planned.regions)}),
        (making.hand_in_topics, {"topics": "Ouderbetrokkenheid\nVerduurzaming"}),
        (
            making.hand_in_offer,
            {"shorts": "Ouders\nDuurzaam", "closes_day": "2021-09-23", "closes": "14:00", "limit": "", "mode": "free"},
        ),
    ]
    for handler, fields in steps:
        ack = house.answer(handler, house.click("form", "x", "ineke", metadata=meta, fields=fields)).ack
        assert dict(ack or {}).get("response_action") != "errors", ack
    assert now(house, planned).starts_at == wall(2021, 9, 23, 13)
    assert [row.user_id for row in house.owed("followup.moved")] == ["noor"]
    _, event = file_for(house, "noor")
    assert event["SEQUENCE"] == 1


# Calling off


def test_a_session_that_is_called_off_says_so_everywhere_and_agendas_take_it_out(
    house: House, planned: WorkSession
) -> None:
    say(house, planned, noor="yes", samir="maybe", sanne="no")
    assert words(house).count("followup.are_told", 2) in cancel(house, planned)
    off = now(house, planned)
    assert off.state is State.CANCELLED
    calendar, event = file_for(house, "noor")
    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert [row.user_id for row in house.owed("followup.cancelled")] == ["noor", "samir"]
    when = words(house).period(planned.starts_at, planned.ends_at)
    for kind in ("followup.cancelled", "followup.invitation"):
        text = shown(house, kind)
        off_says = words(house)("followup.cancelled", title=words(house)("followup.this_session"), when=when)
        assert off_says[1:] in text
        assert words(house)("followup.because", reason="Te weinig mensen.") in text
        assert words(house)("followup.answer_yes") not in text
    assert words(house)("harvest.next", period=when) not in shown(house, "harvest.article", ARTICLE)


def test_what_is_called_off_is_reminded_of_no_more_and_takes_no_answers(house: House, planned: WorkSession) -> None:
    tick(house, wall(2021, 9, 15, 9))
    cancel(house, planned)
    assert all(house.draw(row, followup.MESSAGES) is None for row in house.owed("followup.reminder"))
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) is None
    with pytest.raises(Refused, match="is_cancelled"):
        say(house, planned, noor="yes")
    for name in ("move", "cancel"):
        with pytest.raises(Refused, match="is_cancelled"):
            press(house, f"followup.{name}", "ineke", planned.id)
    assert house.read(lambda db: memory.upcoming(db, TEAM, "noor", PUBLISHED)) == []
    from bot.digest import next_date

    sessions = house.read(lambda db: worksessions.after(db, TEAM, PUBLISHED))
    assert next_date(sessions, planned.regions[0], set(), PUBLISHED) is None
    assert next_date([now(house, planned)], planned.regions[0], set(), PUBLISHED) is None


def test_after_a_cancellation_another_next_session_can_be_set(house: House, planned: WorkSession) -> None:
    cancel(house, planned)
    previous = house.read(lambda db: worksessions.predecessor(db, TEAM, planned.id))
    form(house, "followup.plan", "ineke", {"session": previous}, {**PLAN, "day": "2021-10-07"})
    following = house.read(lambda db: worksessions.follower(db, TEAM, str(previous)))
    assert following is not None
    assert following.id != planned.id
    assert following.starts_at == wall(2021, 10, 7, 13)


def test_choosing_that_is_called_off_closes_without_groups(house: House, planned: WorkSession) -> None:
    from dataclasses import replace

    choosing = house.session(wall(2021, 9, 16, 13), state=State.CHOOSING, title="Kiezen")
    at = replace(choosing, closes_at=wall(2021, 9, 16, 14), opened_at=PUBLISHED)
    house.write(lambda db: worksessions.save(db, at, PUBLISHED))
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key=f"selection.card:{at.id}", kind="selection.card", arguments={"id": at.id},
            channel="CWS", now=PUBLISHED,
        )
    )  # fmt: skip
    cancel(house, at)
    assert words(house)("followup.because", reason="Te weinig mensen.") in shown(
        house, "selection.card", selection.MESSAGES
    )
    house.at(wall(2021, 9, 16, 15))
    house.do(selection.RHYTHM.tick(house.world, house.clock.now()))
    assert now(house, at).state is State.CANCELLED
    assert house.read(lambda db: chosen.groups_of(db, at.team, at.id)) == []


def test_proposals_for_a_session_that_is_called_off_go_on_to_the_next(house: House, planned: WorkSession) -> None:
    mine = Proposal("pr_1", TEAM, "Taal thuis", "Taal thuis", "", "noor", PUBLISHED, planned.id)
    house.write(lambda db: proposed.save(db, [mine]))
    cancel(house, planned)
    waiting = house.read(lambda db: proposed.waiting(db, TEAM))
    assert [each.head.work_session for each in waiting] == [None]


# Rights


@pytest.mark.parametrize("name", ["move", "cancel"])
def test_only_a_coordinator_changes_a_date_also_when_the_role_was_taken_meanwhile(
    house: House, planned: WorkSession, name: str
) -> None:
    with pytest.raises(Refused, match=f"{name}_session"):
        press(house, f"followup.{name}", "noor", planned.id)
    meta = opened(house, name, planned)
    house.person("ineke", None, Role.PARTICIPANT)
    with pytest.raises(Refused, match=f"{name}_session"):
        form(house, f"followup.{name}", "ineke", meta, OTHER)
    assert now(house, planned).starts_at == planned.starts_at


def test_made_up_sessions_and_practice_are_refused(house: House, planned: WorkSession) -> None:
    from dataclasses import replace

    practice = replace(house.session(wall(2021, 9, 16, 13), state=State.CHOOSING), channel="D1")
    house.write(lambda db: worksessions.save(db, practice, PUBLISHED))
    for value in ("ws_9999", practice.id):
        for name in ("move", "cancel", "trail"):
            with pytest.raises(Refused, match=r"followup\.gone"):
                press(house, f"followup.{name}", "ineke", value)


def test_somebody_elsewhere_reads_their_own_time_with_their_answer(house: House, planned: WorkSession) -> None:
    from handlers.views import followup as views

    account = programme.Account("noor", "Noor", "nl-NL", timezone="America/Curacao")
    house.write(lambda db: programme.save_account(db, TEAM, account))
    member = house.read(lambda db: programme.member(db, TEAM, "noor"))
    _, blocks = views.noted(planned, Answer.YES, words(house), member.timezone)
    text = "\n".join(visible_texts([block.to_dict() for block in blocks]))
    assert "13:00-16:00" in text
    assert "07:00-10:00" in text


@pytest.mark.parametrize(
    ("starts", "reminder"),
    [
        (wall(2022, 3, 28, 9), wall(2022, 3, 25, 9)),
        (wall(2021, 11, 1, 9), wall(2021, 10, 29, 9)),
    ],
)
def test_reminders_and_sessions_right_after_a_change_of_clocks_stay_at_their_hour(
    house: House, planned: WorkSession, starts: datetime, reminder: datetime
) -> None:
    day = starts.astimezone(ZoneInfo("Europe/Amsterdam")).date().isoformat()
    move(house, planned, day=day, start="09:00", end="12:00")
    assert now(house, planned).starts_at == starts
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) == reminder
    tick(house, reminder - timedelta(seconds=1))
    assert house.owed("followup.reminder") == []
    tick(house, reminder)
    assert len(house.owed("followup.reminder")) == 4


def test_a_third_automatic_message_in_a_week_waits_on_the_home_instead(house: House, planned: WorkSession) -> None:
    from storage import nudges

    house.at(wall(2021, 9, 14, 9))

    def fill(db: Any) -> None:
        for number in (1, 2):
            assert nudges.plan_nudge(
                db, team=TEAM, key=f"n{number}", kind="followup.reminder", arguments={"id": "x", "user": "noor"},
                user="noor", zone="Europe/Amsterdam", now=house.clock.now(),
            )  # fmt: skip

    house.write(fill)
    tick(house, wall(2021, 9, 15, 9))
    reminded = [row.user_id for row in house.owed("followup.reminder") if planned.id in row.key]
    assert reminded == ["samir", "sanne", "youssef"]


def test_a_session_that_was_held_stays_on_its_date_when_the_next_one_is_set_from_an_old_message(house: House) -> None:
    first = held(house)
    form(house, "followup.plan", "ineke", {"session": first.id}, PLAN)
    second = house.read(lambda db: worksessions.follower(db, TEAM, first.id))
    assert second is not None
    house.at(second.ends_at + timedelta(days=3))
    for key in ("f:1", "f:1"):
        form(house, "followup.plan", "ineke", {"session": first.id}, {**PLAN, "day": "2021-11-04"}, key=key)
    assert now(house, second).starts_at == second.starts_at
    third = house.read(lambda db: worksessions.follower(db, TEAM, second.id))
    assert third is not None and third.starts_at.astimezone(third.zone).date().isoformat() == "2021-11-04"
    assert [row for row in house.owed("followup.invitation") if row.operation == "post"][1:], "it is invited to"


def test_the_title_of_a_next_session_passes_the_check_of_all_that_people_hand_in(house: House) -> None:
    first = held(house)
    answer = form(house, "followup.plan", "ineke", {"session": first.id}, {**PLAN, "title": "Bel 06-12345678"})
    assert list((answer.ack or {})["errors"]) == ["title"]
    assert house.read(lambda db: worksessions.follower(db, TEAM, first.id)) is None
