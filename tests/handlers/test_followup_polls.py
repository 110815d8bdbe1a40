from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest

from bot.delivery import Operation
from bot.followup import Answer as Rsvp
from bot.followup import Availability, PollState
from bot.problem import Refused
from bot.programme import Role
from bot.worksessions import State, WorkSession
from handlers import followup
from handlers.followup import answering
from playground.linter import lint_view, visible_texts
from storage import delivery, programme, worksessions
from storage import followup as memory
from tests.handlers.house import TEAM, House, wall
from tests.handlers.polled import (
    CHECK,
    DEADLINE,
    PUBLISHED,
    form,
    held,
    make_poll,
    metadata,
    newest_form,
    people,
    poll_now,
    press,
    propose,
    say,
    texts,
    tick,
    view_of,
)


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, PUBLISHED, str(request.param))
    people(made)
    yield made
    made.database.close()


@pytest.fixture
def previous(house: House) -> WorkSession:
    return held(house)


def shown(house: House, kind: str, at: int = -1) -> str:
    body = house.draw(house.owed(kind)[at], followup.MESSAGES)
    assert body is not None
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks]))


def follower(house: House, previous: WorkSession) -> WorkSession | None:
    return house.read(lambda db: worksessions.follower(db, TEAM, previous.id))


# Proposing


def test_every_date_stands_in_full_before_anything_is_posted(house: House, previous: WorkSession) -> None:
    view = view_of(propose(house, previous, day_1="2021-10-20", start_1="13:00", end_1="16:00"))
    words = house.world.words[house.settings.language]
    for day in ((2021, 9, 16, 13), (2021, 9, 21, 9, 30), (2021, 10, 1, 13), (2021, 10, 20, 13)):
        assert words.moment(wall(*day)).lower() in texts(view).lower()
    assert "Herfstvakantie" in texts(view), "20 October is in the school holidays of the middle of the country"
    assert words("followup.caution.other_hours", start="13:00", end="16:00") in texts(view)
    assert house.owed("followup.poll") == []


def test_the_poll_stands_in_the_thread_of_the_article_and_says_its_deadline(
    house: House, previous: WorkSession
) -> None:
    make_poll(house, previous)
    (row,) = house.owed("followup.poll")
    article = house.owed("harvest.article")[0]
    assert (row.thread_key, row.channel_id) == (article.key, "CWS")
    words = house.world.words[house.settings.language]
    assert words.moment(DEADLINE) in shown(house, "followup.poll")
    assert words("followup.poll_hint", zone="Amsterdam") in shown(house, "followup.poll")


def test_without_an_article_the_poll_stands_in_the_channel(house: House) -> None:
    previous = house.session(wall(2021, 6, 17, 13))
    make_poll(house, previous)
    (row,) = house.owed("followup.poll")
    assert row.thread_key is None


def test_the_form_sent_twice_makes_one_poll(house: House, previous: WorkSession) -> None:
    view = view_of(propose(house, previous))
    for key in ("v:1", "v:1"):
        form(house, "followup.poll_check", "ineke", metadata(view), CHECK, key=key)
    with pytest.raises(Refused, match="form_gone"):
        form(house, "followup.poll_check", "ineke", metadata(view), CHECK, key="v:2")
    assert len(house.owed("followup.poll")) == 1


def test_two_coordinators_at_once_make_one_poll_after_a_session(house: House, previous: WorkSession) -> None:
    house.person("hanna", None, Role.COORDINATOR)
    mine = view_of(propose(house, previous))
    theirs = view_of(propose(house, previous, user="hanna"))
    form(house, "followup.poll_check", "ineke", metadata(mine), CHECK)
    with pytest.raises(Refused, match="poll_exists"):
        form(house, "followup.poll_check", "hanna", metadata(theirs), CHECK)
    assert len(house.owed("followup.poll")) == 1


def test_a_line_that_is_not_understood_is_named_under_the_field_and_the_text_stays(
    house: House, previous: WorkSession
) -> None:
    ack = propose(house, previous, "donderdag 16 september foobar\nwoensdag 30 februari\nvrijdag 17 september").ack
    errors = dict(ack or {})["errors"]
    assert set(errors) == {"typed"}
    assert "foobar" in errors["typed"]
    assert "30 februari" in errors["typed"]
    assert "17 september" not in errors["typed"]


def test_next_thursday_is_asked_in_the_check_and_never_guessed(house: House, previous: WorkSession) -> None:
    view = view_of(propose(house, previous, "volgende donderdag 13.00-15.00\nvrijdag 17 september"))
    (field,) = [block for block in view["blocks"] if block.get("block_id") == "doubt_0"]
    assert len(field["element"]["options"]) == 2
    assert "initial_option" not in field["element"]
    ack = form(house, "followup.poll_check", "ineke", metadata(view), {**CHECK, "doubt_0": ""}).ack
    assert "doubt_0" in dict(ack or {})["errors"]
    form(house, "followup.poll_check", "ineke", metadata(view), {**CHECK, "doubt_0": "1"})
    poll = house.read(lambda db: memory.polling.open_after(db, TEAM, previous.id))
    assert poll is not None
    assert poll.standing[0].starts_at == wall(2021, 7, 1, 13)


def test_words_of_repetition_lead_to_the_form_for_a_series(house: House, previous: WorkSession) -> None:
    answer = propose(house, previous, "elke derde donderdag van de maand")
    assert dict(answer.ack or {})["response_action"] == "push"
    view = view_of(answer)
    assert view["callback_id"] == "followup.series"
    assert "elke derde donderdag van de maand" in texts(view)


def test_one_more_row_keeps_what_was_chosen_and_stops_at_eight(house: House, previous: WorkSession) -> None:
    press(house, "followup.poll", "ineke", previous.id)
    found = newest_form(house)
    more = {"metadata": f'{{"form": "{found}"}}', "fields": {"day_1": "2021-10-20", "typed": "vrijdag 17 september"}}
    for _ in range(9):
        press(house, "followup.poll_row", "ineke", **more)
    data = house.read(lambda db: worksessions.form(db, TEAM, "ineke", found))
    assert data is not None
    assert data["rows"] == 8


def test_the_form_and_the_check_keep_within_slacks_limits_with_eight_dates(house: House, previous: WorkSession) -> None:
    from handlers.followup.cautioning import USUAL
    from handlers.views import followup_form as views

    words = house.world.words[house.settings.language]
    full = views.dates_form("fm", 8, {"day_1": "2021-10-20"}, "x" * 3000, USUAL, [], words).to_dict()
    assert lint_view(full) == []
    eight = "\n".join(f"{day} september 2021 13.00-16.00" for day in (1, 2, 3, 6, 7, 8, 9, 10))
    view_of(propose(house, previous, eight))
    poll = make_poll(house, previous, eight)
    for user in ("noor", "samir", "sanne"):
        say(house, poll, user, *(["yes"] * 8))
    house.draw(house.owed("followup.poll")[0], followup.MESSAGES)
    tick(house, DEADLINE)
    house.draw(house.owed("followup.poll_result")[0], followup.MESSAGES)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"deadline_day": "2021-06-20"}, "deadline_day"),
        ({"deadline_day": "2021-09-16", "deadline": "13:00"}, "deadline_day"),
        ({"quorum": "veel"}, "quorum"),
    ],
)
def test_a_wrong_deadline_or_quorum_is_said_under_its_field(
    house: House, previous: WorkSession, changed: dict[str, str], field: str
) -> None:
    view = view_of(propose(house, previous))
    ack = form(house, "followup.poll_check", "ineke", metadata(view), {**CHECK, **changed}).ack
    assert list(dict(ack or {})["errors"]) == [field]


# Answering


def test_the_last_answer_counts_and_everybody_sees_the_sum(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    say(house, poll, "noor", "yes", "no", "if_needed")
    say(house, poll, "noor", "if_needed")
    say(house, poll, "samir", "yes")
    words = house.world.words[house.settings.language]
    first = " · ".join(
        words.count(f"followup.votes_{each}", n) for each, n in (("yes", 1), ("if_needed", 1), ("no", 0))
    )
    assert first in shown(house, "followup.poll", 0)


def test_the_same_tap_delivered_twice_counts_once_and_later_taps_stay(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    option = poll.standing[0].id
    press(house, "followup.vote", "noor", option, "yes", key="a:1")
    press(house, "followup.vote", "noor", option, "no", key="a:2")
    press(house, "followup.vote", "noor", option, "yes", key="a:1")
    said = house.read(lambda db: memory.polling.said_by(db, poll, "noor"))
    assert said == {option: Availability.NO}


def test_somebody_elsewhere_reads_their_own_time_beside_the_programmes(house: House, previous: WorkSession) -> None:
    account = programme.Account("noor", "Noor", "nl-NL", timezone="America/Curacao")
    house.write(lambda db: programme.save_account(db, TEAM, account))
    poll = make_poll(house, previous)
    say(house, poll, "noor", "yes")
    from handlers.views import followup_poll as views

    member = house.read(lambda db: programme.member(db, TEAM, "noor"))
    words = house.world.words[house.settings.language]
    own = house.read(lambda db: memory.polling.said_by(db, poll, "noor"))
    _, blocks = views.own_answers(poll, own, member.timezone, words)
    text = "\n".join(visible_texts([block.to_dict() for block in blocks]))
    assert "13:00-16:00" in text
    assert "07:00-10:00" in text
    assert views.beside(poll.standing[0], poll, "Europe/Brussels", words) == "", "the same clock is not said twice"
    assert views.beside(poll.standing[0], poll, "Mars/Olympus", words) == ""


def test_all_dates_at_once_and_an_empty_one_keeps_what_was_said(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    one, two, three = (option.id for option in poll.standing)
    say(house, poll, "noor", "yes")
    fields = {f"say:{one}": "", f"say:{two}": "no", f"say:{three}": "if_needed"}
    for key in ("v:9", "v:9"):
        form(house, "followup.vote_all", "noor", {"poll": poll.id}, fields, key=key)
    said = house.read(lambda db: memory.polling.said_by(db, poll, "noor"))
    assert said == {one: Availability.YES, two: Availability.NO, three: Availability.IF_NEEDED}


def test_the_form_for_all_dates_keeps_within_the_limits(house: House, previous: WorkSession) -> None:
    from handlers.views import followup_form as views

    poll = make_poll(house, previous)
    words = house.world.words[house.settings.language]
    assert lint_view(views.answers_form(poll, {poll.options[0].id: "yes"}, {}, words).to_dict()) == []


# The silent, and the deadline


def test_only_the_silent_are_reminded_once_a_working_day_before(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    say(house, poll, "noor", "no")
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) == wall(2021, 6, 28, 9)
    tick(house, wall(2021, 6, 28, 8, 59))
    assert house.owed("followup.poll_reminder") == []
    for minutes in (0, 0, 1, 60):
        tick(house, wall(2021, 6, 28, 9) + timedelta(minutes=minutes))
    assert [row.user_id for row in house.owed("followup.poll_reminder")] == ["samir", "sanne", "youssef"]
    assert all(row.nudge for row in house.owed("followup.poll_reminder"))
    say(house, poll, "samir", "yes")
    assert house.draw(house.owed("followup.poll_reminder")[0], followup.MESSAGES) is None, "who answered since"
    shown(house, "followup.poll_reminder")


def test_after_a_night_down_over_the_deadline_the_result_comes_once_and_nobody_is_reminded(
    house: House, previous: WorkSession
) -> None:
    poll = make_poll(house, previous)
    say(house, poll, "noor", "yes")
    for at in (DEADLINE + timedelta(days=3), DEADLINE + timedelta(days=3, minutes=1)):
        tick(house, at)
    assert house.owed("followup.poll_reminder") == []
    assert [row.user_id for row in house.owed("followup.poll_result")] == ["ineke"]
    assert poll_now(house, poll).state is PollState.ENDED
    assert follower(house, previous) is None, "nothing is fixed without the coordinator"
    with pytest.raises(Refused, match="poll_closed"):
        say(house, poll, "samir", "yes")


def test_a_vote_after_the_deadline_is_refused_even_before_the_tick(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    house.at(DEADLINE)
    with pytest.raises(Refused, match="poll_closed"):
        say(house, poll, "noor", "yes")


def test_when_everybody_answered_the_coordinator_need_not_wait(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    for user in ("noor", "sanne", "samir"):
        say(house, poll, user, "yes", "yes", "no")
    assert house.owed("followup.poll_result") == []
    say(house, poll, "youssef", "yes", "no", "no")
    say(house, poll, "youssef", "no")
    assert [row.user_id for row in house.owed("followup.poll_result")] == ["ineke"]
    assert poll_now(house, poll).state is PollState.RUNNING, "it closes at her word"
    words = house.world.words[house.settings.language]
    assert words("followup.make_this_one") in shown(house, "followup.poll_result")


def test_the_result_names_the_regions_that_miss_the_quorum_and_what_is_good_to_know(
    house: House, previous: WorkSession
) -> None:
    poll = make_poll(house, previous, "donderdag 21 oktober 2021 13.00\nvrijdag 17 september 2021 13.00", quorum="2")
    say(house, poll, "noor", "yes", "yes")
    say(house, poll, "sanne", "if_needed", "yes")
    say(house, poll, "samir", "yes", "no")
    tick(house, DEADLINE)
    text = shown(house, "followup.poll_result")
    words = house.world.words[house.settings.language]
    assert words("followup.too_few_from", regions="Waterweg") in text
    assert words("followup.region_line", region="Haaglanden", yes=1, if_needed=1, no=0) in text or "Haaglanden" in text
    assert "Herfstvakantie" in text


def test_a_coordinator_who_is_none_any_more_gets_no_result_and_the_others_do(
    house: House, previous: WorkSession
) -> None:
    make_poll(house, previous)
    house.person("hanna", None, Role.COORDINATOR)
    house.person("ineke", None, Role.PARTICIPANT)
    tick(house, DEADLINE)
    assert [row.user_id for row in house.owed("followup.poll_result")] == ["hanna"]


# Choosing


def test_the_winner_becomes_the_session_and_a_yes_to_it_is_a_yes_to_the_session(
    house: House, previous: WorkSession
) -> None:
    poll = make_poll(house, previous)
    say(house, poll, "noor", "yes", "no", "no")
    say(house, poll, "samir", "if_needed", "yes", "no")
    tick(house, DEADLINE)
    for key in ("a:1", "a:1"):
        press(house, "followup.poll_choose", "ineke", poll.standing[0].id, key=key)
    session = follower(house, previous)
    assert session is not None
    assert (session.starts_at, session.ends_at) == (wall(2021, 9, 16, 13), wall(2021, 9, 16, 16))
    assert (session.state, session.regions) == (State.PLANNED, previous.regions)
    answers = house.read(lambda db: memory.answers(db, TEAM, session.id))
    assert answers == {"noor": Rsvp.YES}
    (carried,) = house.owed("followup.carried")
    (file,) = house.owed("followup.calendar")
    assert (carried.user_id, file.user_id, file.operation) == ("noor", "noor", Operation.FILE)
    words = house.world.words[house.settings.language]
    assert words("followup.answer_no") in shown(house, "followup.carried")
    body = house.draw(file, followup.MESSAGES)
    assert body is not None
    assert body.file is not None
    (event,) = icalendar.Calendar.from_ical(body.file).walk("VEVENT")
    assert event["DTSTART"].dt == wall(2021, 9, 16, 13)
    chose = words("followup.poll_chose", when=words.period(session.starts_at, session.ends_at))
    assert chose in shown(house, "followup.poll")
    assert words.count("followup.votes_yes", 1) in shown(house, "followup.poll")
    assert chose in shown(house, "followup.poll_result"), "the buttons are gone from the result"
    assert len(house.owed("followup.invitation")) == 1


def test_two_coordinators_choose_one_date(house: House, previous: WorkSession) -> None:
    house.person("hanna", None, Role.COORDINATOR)
    poll = make_poll(house, previous)
    press(house, "followup.poll_choose", "ineke", poll.standing[0].id)
    with pytest.raises(Refused, match="poll_chosen"):
        press(house, "followup.poll_choose", "hanna", poll.standing[1].id)
    session = follower(house, previous)
    assert session is not None
    assert session.starts_at == poll.standing[0].starts_at


def test_another_date_than_the_best_can_be_picked(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    say(house, poll, "noor", "yes", "yes", "no")
    form(
        house,
        "followup.poll_pick",
        "ineke",
        {"poll": poll.id, "version": "1"},
        {"option": poll.standing[1].id},
    )
    session = follower(house, previous)
    assert session is not None
    assert session.starts_at == poll.standing[1].starts_at


# Changing, extending, stopping


def change(house: House, poll_id: str, keep: list[str], typed: str, user: str = "ineke", **changed: str) -> None:
    press(house, "followup.poll_change", user, poll_id)
    answer = form(house, "followup.poll", user, {"form": newest_form(house, user)}, {"keep": keep, "typed": typed})
    form(house, "followup.poll_check", user, metadata(view_of(answer)), {**CHECK, **changed})


def test_a_change_keeps_the_answers_and_a_dropped_date_says_so(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    say(house, poll, "noor", "yes", "yes", "no")
    keep = [poll.standing[0].id, poll.standing[2].id]
    change(house, poll.id, keep, "woensdag 22 september 2021 13.00")
    after = poll_now(house, poll)
    assert [each.starts_at for each in after.standing] == [
        wall(2021, 9, 16, 13), wall(2021, 9, 22, 13), wall(2021, 10, 1, 13)
    ]  # fmt: skip
    assert after.version == 2
    words = house.world.words[house.settings.language]
    gone = words.period(wall(2021, 9, 21, 9, 30), wall(2021, 9, 21, 12))
    assert words("followup.gone_date", when=gone) in shown(house, "followup.poll")
    with pytest.raises(Refused, match="date_removed"):
        press(house, "followup.vote", "samir", poll.standing[1].id, "yes")
    said = house.read(lambda db: memory.polling.said_by(db, after, "noor"))
    assert len(said) == 3, "nothing that was said is lost"


def test_a_form_of_before_somebody_elses_change_is_refused(house: House, previous: WorkSession) -> None:
    house.person("hanna", None, Role.COORDINATOR)
    poll = make_poll(house, previous)
    press(house, "followup.poll_change", "hanna", poll.id)
    theirs = newest_form(house, "hanna")
    change(house, poll.id, [each.id for each in poll.standing], "woensdag 22 september 2021 13.00")
    with pytest.raises(Refused, match="poll_changed_since"):
        form(house, "followup.poll", "hanna", {"form": theirs}, {"keep": [], "typed": "23 september\n24 september"})
    with pytest.raises(Refused, match="poll_changed_since"):
        form(house, "followup.poll_stop", "hanna", {"poll": poll.id, "version": "1"}, {})


def test_once_somebody_answered_the_zone_of_a_poll_stays(house: House, previous: WorkSession) -> None:
    from dataclasses import replace

    poll = make_poll(house, previous)
    elsewhere = replace(house.settings, timezone="America/Curacao")
    house.write(lambda db: programme.save_programme(db, elsewhere))
    keep = [each.id for each in poll.standing]
    change(house, poll.id, keep, "woensdag 22 september 2021 13.00")
    after = poll_now(house, poll)
    assert after.timezone == "America/Curacao"
    assert f"{after.standing[0].starts_at.astimezone(after.zone):%H:%M}" == "13:00"
    say(house, after, "noor", "yes")
    house.write(lambda db: programme.save_programme(db, house.settings))
    keep = [each.id for each in after.standing]
    change(house, poll.id, keep, "donderdag 23 september 2021 13.00")
    frozen = poll_now(house, poll)
    assert frozen.timezone == "America/Curacao"
    assert frozen.standing[0] == after.standing[0]


def test_a_poll_that_ended_goes_on_with_a_later_deadline_and_reminds_once_more(
    house: House, previous: WorkSession
) -> None:
    poll = make_poll(house, previous)
    tick(house, DEADLINE)
    fields = {"deadline_day": "2021-07-06", "deadline": "17:00"}
    for key in ("v:1", "v:1"):
        form(house, "followup.poll_extend", "ineke", {"poll": poll.id, "version": "1"}, fields, key=key)
    assert poll_now(house, poll).state is PollState.RUNNING
    say(house, poll, "noor", "yes")
    tick(house, wall(2021, 7, 5, 9))
    assert [row.user_id for row in house.owed("followup.poll_reminder")] == ["samir", "sanne", "youssef"]
    tick(house, wall(2021, 7, 6, 17))
    assert len([row for row in house.owed("followup.poll_result") if not row.target_key]) == 2


def test_a_poll_that_is_stopped_says_so_and_takes_no_answers(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    form(house, "followup.poll_stop", "ineke", {"poll": poll.id, "version": "1"}, {})
    words = house.world.words[house.settings.language]
    assert words("followup.poll_cancelled") in shown(house, "followup.poll")
    with pytest.raises(Refused, match="poll_closed"):
        say(house, poll, "noor", "yes")
    tick(house, DEADLINE)
    assert house.owed("followup.poll_result") == []
    assert follower(house, previous) is None


# Time


@pytest.mark.parametrize(
    ("deadline", "clock", "reminder"),
    [
        ("2022-03-28", "12:00", wall(2022, 3, 25, 9)),
        ("2021-11-01", "12:00", wall(2021, 10, 29, 9)),
    ],
)
def test_over_both_changes_of_clocks_deadline_and_reminder_stay_at_their_hour(
    house: House, previous: WorkSession, deadline: str, clock: str, reminder: object
) -> None:
    house.at(wall(2021, 10, 20, 9) if deadline < "2022" else wall(2022, 3, 16, 9))
    typed = "donderdag 21 april 2022 13.00-16.00\nvrijdag 22 april 2022 13.00-16.00"
    poll = make_poll(house, previous, typed, deadline_day=deadline, deadline=clock)
    year, month, day = (int(part) for part in deadline.split("-"))
    assert poll.deadline == wall(year, month, day, 12)
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) == reminder
    tick(house, wall(year, month, day, 11, 59))
    assert poll_now(house, poll).state is PollState.RUNNING
    tick(house, wall(year, month, day, 12))
    assert poll_now(house, poll).state is PollState.ENDED


def test_a_time_in_the_night_that_the_clocks_change_is_refused_picked_or_typed(
    house: House, previous: WorkSession
) -> None:
    ack = propose(house, previous, "vrijdag 17 september", day_1="2021-10-31", start_1="02:30", end_1="05:00").ack
    assert list(dict(ack or {})["errors"]) == ["start_1"]
    ack = propose(house, previous, "zondag 31 oktober 2021 2.30 uur 's nachts\nvrijdag 17 september").ack
    assert list(dict(ack or {})["errors"]) == ["typed"]


def test_a_clock_that_goes_back_ends_and_reminds_nothing_twice(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    tick(house, wall(2021, 6, 28, 9))
    tick(house, wall(2021, 6, 27, 9))
    tick(house, wall(2021, 6, 28, 9))
    assert len(house.owed("followup.poll_reminder")) == 4
    tick(house, DEADLINE)
    tick(house, DEADLINE - timedelta(hours=1))
    tick(house, DEADLINE)
    assert len(house.owed("followup.poll_result")) == 1
    assert poll_now(house, poll).state is PollState.ENDED


# Rights


@pytest.mark.parametrize(
    "name", ["poll", "poll_change", "poll_choose", "poll_other", "poll_extend", "poll_stop", "poll_show"]
)
def test_only_a_coordinator_runs_a_poll(house: House, previous: WorkSession, name: str) -> None:
    poll = make_poll(house, previous)
    value = previous.id if name == "poll" else poll.standing[0].id if name == "poll_choose" else poll.id
    with pytest.raises(Refused, match="run_date_poll"):
        press(house, f"followup.{name}", "noor", value)
    assert follower(house, previous) is None


def test_roles_that_were_taken_away_between_opening_and_handing_in_count_for_nothing(
    house: House, previous: WorkSession
) -> None:
    view = view_of(propose(house, previous))
    house.person("ineke", None, Role.PARTICIPANT)
    with pytest.raises(Refused, match="run_date_poll"):
        form(house, "followup.poll_check", "ineke", metadata(view), CHECK)
    assert house.owed("followup.poll") == []


def test_made_up_ids_foreign_workspaces_and_strangers_get_nowhere(house: House, previous: WorkSession) -> None:
    from handlers.routing import Click

    poll = make_poll(house, previous)
    house.stranger("vreemd", None)
    for name, value in (("poll_choose", "do_9999"), ("poll_show", "dp_9999"), ("poll_change", "dp_9999")):
        with pytest.raises(Refused, match="poll_gone"):
            press(house, f"followup.{name}", "ineke", value)
    with pytest.raises(Refused, match="poll_gone"):
        press(house, "followup.vote", "noor", "do_9999", "yes")
    with pytest.raises(Refused, match="unknown"):
        press(house, "followup.vote", "noor", poll.standing[0].id, "sure")
    with pytest.raises(Refused, match="answer_date_poll"):
        press(house, "followup.vote", "vreemd", poll.standing[0].id, "yes")
    elsewhere = Click(
        "action", "followup.vote", team="T2", user="noor", key="x", value=poll.standing[0].id, argument="yes"
    )
    with pytest.raises(Refused):
        house.answer(answering.give_vote, elsewhere)
    with pytest.raises(Refused, match="form_gone"):
        form(house, "followup.poll_check", "ineke", {"form": "fm_9999"}, CHECK)
    assert house.read(lambda db: memory.polling.said(db, poll)) == []


def test_a_poll_waits_on_the_home_of_who_said_nothing_and_then_on_the_coordinators(
    house: House, previous: WorkSession
) -> None:
    poll = make_poll(house, previous)

    def waits(user: str) -> int:
        return len(house.read(lambda db: followup.waiting_for(db, TEAM, user, house.clock.now())))

    assert (waits("noor"), waits("ineke")) == (1, 0)
    say(house, poll, "noor", "yes", "yes")
    assert waits("noor") == 1, "one date is left"
    say(house, poll, "noor", "yes", "yes", "no")
    assert waits("noor") == 0
    assert len(house.read(lambda db: followup.running(db, TEAM, house.clock.now()))) == 1
    tick(house, DEADLINE)
    assert (waits("noor"), waits("samir"), waits("ineke")) == (0, 0, 1)
    words = house.world.words[house.settings.language]
    for found in house.read(lambda db: followup.waiting_for(db, TEAM, "ineke", house.clock.now())):
        assert lint_view({"type": "home", "blocks": [block.to_dict() for block in found.draw(words)]}) == []


def test_a_restart_paints_every_open_poll_anew(house: House, previous: WorkSession) -> None:
    poll = make_poll(house, previous)
    found = house.read(lambda db: followup.repaint_all(db, house.clock.now()))
    assert (TEAM, "followup.poll", poll.id) in found
    assert house.read(lambda db: delivery.sent(db, TEAM, f"followup.poll:{poll.id}")) is not None


def test_a_poll_where_there_was_no_session_yet_asks_for_its_channel_and_makes_the_first(house: House) -> None:
    view = view_of(propose(house, None))
    assert any(block.get("block_id") == "channel" for block in view["blocks"])
    errors = dict(form(house, "followup.poll_check", "ineke", metadata(view), {**CHECK, "channel": ""}).ack or {})
    assert list(errors["errors"]) == ["channel"]
    form(house, "followup.poll_check", "ineke", metadata(view), {**CHECK, "channel": "CNEW"})
    (poll,) = house.read(lambda db: memory.polling.in_state(db, TEAM, list(PollState)))
    (row,) = house.owed("followup.poll")
    assert (row.channel_id, row.thread_key, poll.regions) == ("CNEW", None, ())
    say(house, poll, "noor", "yes")
    press(house, "followup.poll_choose", "ineke", poll.standing[0].id)
    (session,) = house.read(lambda db: worksessions.newest(db, TEAM))
    assert (session.starts_at, session.channel, session.state) == (wall(2021, 9, 16, 13), "CNEW", State.PLANNED)
    tick(house, wall(2021, 9, 15, 9))
    reminded = [row.user_id for row in house.owed("followup.reminder")]
    assert reminded == ["ineke", "noor", "samir", "sanne", "youssef"], "who comes, and who said nothing"


def test_a_topic_of_a_session_that_was_called_off_is_not_chosen_any_more(house: House) -> None:
    from bot.selection.choosing import open_until

    choosing = house.session(wall(2021, 9, 16, 13), state=State.CANCELLED)
    with pytest.raises(Refused, match="is_cancelled"):
        open_until(choosing, PUBLISHED)
