from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_dutch_holiday
from bot.followup import (
    Answer,
    Availability,
    Caution,
    DateOption,
    DatePoll,
    Hours,
    Picked,
    PollState,
    Said,
    Slot,
    all_answered,
    asked,
    cancelled,
    cautions,
    changed,
    chosen,
    concerned,
    deadline_of,
    deadline_proposal,
    extended,
    in_zone,
    may_change,
    moved_to,
    poll_reminder_at,
    proposed,
    quorum_of,
    ranking,
    silent,
    unseen,
    version_of,
    vote,
)
from bot.problem import Refused
from bot.programme import Member, Role
from bot.worksessions import Plan, State, WorkSession

ZONE = "Europe/Amsterdam"
NOW = datetime(2021, 6, 22, 8, tzinfo=UTC)
USUAL = Hours(time(13), timedelta(hours=3))


def wall(*at: int, zone: str = ZONE) -> datetime:
    return datetime(*at, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc, arg-type]  # parts of a date


def option(number: int, day: int = 16, *, removed: bool = False) -> DateOption:
    return DateOption(f"d{number}", wall(2021, 9, day, 13), wall(2021, 9, day, 16), removed)


POLL = DatePoll(
    "p1", "T1", "C1", ZONE, wall(2021, 6, 29, 17), 1, PollState.RUNNING, "ineke", NOW, 1,
    (option(1, 16), option(2, 17), option(3, 20)), "ws1", ("r1", "r2"),
)  # fmt: skip


def member(user: str, region: str | None, *roles: Role) -> Member:
    return Member("T1", user, user, frozenset(roles or (Role.PARTICIPANT,)), region)


PEOPLE = [
    member("noor", "r1"),
    member("sanne", "r1"),
    member("samir", "r2"),
    member("youssef", "r2"),
    member("lotte", None),
    member("weg", "r1", Role.DEACTIVATED),
]
YES, MAYBE, NO = Availability.YES, Availability.IF_NEEDED, Availability.NO


# What a date is worth


def order(said: list[Said], poll: DatePoll = POLL) -> list[str]:
    return [result.option.id for result in ranking(poll, said, PEOPLE, ["r1", "r2"])]


def test_a_date_at_which_every_region_has_somebody_beats_one_with_more_people_of_one_region() -> None:
    said = [Said("d1", "noor", YES), Said("d1", "sanne", YES), Said("d2", "noor", MAYBE), Said("d2", "samir", YES)]
    assert order(said) == ["d2", "d1", "d3"]
    first, second, third = ranking(POLL, said, PEOPLE, ["r1", "r2"])
    assert (first.missing, second.missing, third.missing) == ((), ("r2",), ("r1", "r2"))
    assert (first.yes, first.if_needed, first.no, first.enough) == (1, 1, 0, 2)


def test_with_as_many_regions_yes_counts_before_if_need_be_and_then_the_earliest() -> None:
    both = [Said(d, user, NO) for d in ("d1", "d2", "d3") for user in ("noor", "samir")]
    assert order(both) == ["d1", "d2", "d3"]
    said = [
        Said("d1", "noor", MAYBE), Said("d1", "samir", MAYBE),
        Said("d2", "noor", MAYBE), Said("d2", "samir", YES),
        Said("d3", "noor", YES), Said("d3", "samir", MAYBE), Said("d3", "lotte", MAYBE),
    ]  # fmt: skip
    assert order(said) == ["d3", "d2", "d1"]


def test_who_left_or_belongs_to_no_region_that_takes_part_makes_no_quorum() -> None:
    said = [Said("d1", "weg", YES), Said("d1", "lotte", YES), Said("d1", "unknown", YES)]
    best = ranking(POLL, said, PEOPLE, ["r1", "r2"])[0]
    assert (best.option.id, best.yes, best.missing) == ("d1", 1, ("r1", "r2"))
    assert [row.region for row in best.regions] == ["r1", "r2", None]


def test_a_removed_date_is_never_chosen_and_keeps_its_answers() -> None:
    poll = changed(POLL, ["d1", "d3"], [], POLL.deadline, 1, ZONE)
    said = [Said("d2", user, YES) for user in ("noor", "samir")]
    assert "d2" not in order(said, poll)
    again = changed(poll, ["d1", "d3"], [replace(option(2, 17), id="d9")], POLL.deadline, 1, ZONE)
    assert [each.id for each in again.standing] == ["d1", "d2", "d3"], "proposed again it is the same date"
    assert order(said, again)[0] == "d2"


ANSWERS = st.lists(
    st.builds(
        Said,
        st.sampled_from(["d1", "d2", "d3", "gone"]),
        st.sampled_from([one.user for one in PEOPLE]),
        st.sampled_from(list(Availability)),
    ),
    unique_by=lambda each: (each.option, each.user),
    max_size=18,
)


@given(ANSWERS, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_answers_and_of_dates_changes_nothing_in_the_ranking(said, quorum, random) -> None:  # type: ignore[no-untyped-def]  # from Hypothesis
    poll = replace(POLL, quorum=quorum)
    expected = ranking(poll, said, PEOPLE, ["r1", "r2"])
    shuffled = random.sample(said, len(said))
    options = random.sample(poll.options, len(poll.options))
    found = ranking(replace(poll, options=tuple(options)), shuffled, random.sample(PEOPLE, len(PEOPLE)), ["r1", "r2"])
    assert found == expected
    assert [(-each.enough, -each.yes, -each.if_needed) for each in found] == sorted(
        (-each.enough, -each.yes, -each.if_needed) for each in found
    )
    for each in found:
        mine = [s for s in said if s.option == each.option.id and s.user != "weg"]
        assert each.yes + each.if_needed + each.no == len(mine), "every answer is counted once"
        assert all(row.can >= quorum for row in each.regions if row.region and row.region not in each.missing)


@given(ANSWERS, st.sampled_from(["d1", "d2", "d3"]))
def test_one_more_yes_never_lowers_a_date(said, date_id) -> None:  # type: ignore[no-untyped-def]  # from Hypothesis
    before = order(said).index(date_id)
    said = [each for each in said if (each.option, each.user) != (date_id, "samir")]
    without = order(said).index(date_id)
    assert order([*said, Said(date_id, "samir", YES)]).index(date_id) <= min(without, before)


# Who is asked, who is silent


def test_only_active_people_of_the_regions_are_asked_and_only_who_said_nothing_is_silent() -> None:
    people = asked(POLL, PEOPLE)
    assert [one.user for one in people] == ["noor", "sanne", "samir", "youssef"]
    assert [one.user for one in asked(replace(POLL, regions=()), PEOPLE)][-1] == "lotte"
    said = [Said("d1", "noor", NO)]
    assert [one.user for one in silent(people, said)] == ["sanne", "samir", "youssef"]
    every = [Said(each.id, one.user, NO) for each in POLL.standing for one in people]
    assert all_answered(POLL, people, every)
    assert not all_answered(POLL, people, every[1:])
    assert not all_answered(POLL, [], [])


@pytest.mark.parametrize(
    ("deadline", "reminder"),
    [
        (wall(2021, 6, 29, 17), wall(2021, 6, 28, 9)),
        (wall(2021, 6, 28, 17), wall(2021, 6, 25, 9)),
        (wall(2021, 3, 29, 12), wall(2021, 3, 26, 9)),
        (wall(2021, 11, 1, 12), wall(2021, 10, 29, 9)),
        (wall(2021, 4, 6, 12), wall(2021, 4, 1, 9)),
    ],
)
def test_the_silent_are_reminded_at_nine_a_working_day_before_whatever_the_clocks_do(
    deadline: datetime, reminder: datetime
) -> None:
    assert poll_reminder_at(replace(POLL, deadline=deadline), is_dutch_holiday) == reminder


@pytest.mark.parametrize(
    ("now", "proposal"),
    [
        (wall(2021, 6, 22, 10), wall(2021, 6, 29, 17)),
        (wall(2021, 3, 25, 10), wall(2021, 4, 1, 17)),
        (wall(2021, 4, 1, 10), wall(2021, 4, 12, 17)),
        (wall(2021, 10, 28, 10), wall(2021, 11, 4, 17)),
    ],
)
def test_five_working_days_at_five_are_proposed_also_over_easter_and_the_change_of_clocks(
    now: datetime, proposal: datetime
) -> None:
    assert deadline_proposal(now, ZONE, is_dutch_holiday) == proposal


def test_a_date_that_is_near_gets_a_deadline_before_it() -> None:
    earliest = wall(2021, 6, 28, 13)
    assert deadline_proposal(NOW, ZONE, is_dutch_holiday, earliest) == wall(2021, 6, 25, 17)
    assert deadline_proposal(NOW, ZONE, is_dutch_holiday, wall(2021, 9, 16, 13)) == wall(2021, 6, 29, 17)


@pytest.mark.parametrize(
    ("day", "clock", "key"),
    [
        ("", "17:00", "worksessions.problem.no_date"),
        ("2021-06-29", "", "worksessions.problem.no_time"),
        ("2021-06-22", "09:00", "followup.problem.deadline_past"),
        ("2021-09-16", "13:00", "followup.problem.deadline_late"),
        ("2022-03-27", "02:30", "worksessions.problem.clock_change"),
    ],
)
def test_a_deadline_is_later_than_now_before_the_first_date_and_a_time_that_there_is(
    day: str, clock: str, key: str
) -> None:
    deadline, (problem,) = deadline_of(day, clock, wall(2021, 9, 16, 13), ZONE, NOW)
    assert (deadline, problem.key) == (None, key)
    assert deadline_of("2021-06-29", "17:00", wall(2021, 9, 16, 13), ZONE, NOW) == (wall(2021, 6, 29, 17), [])


def test_a_quorum_is_a_number_or_nothing() -> None:
    assert [quorum_of(text)[0] for text in ("", " 3 ", "0")] == [0, 3, 0]
    assert all(quorum_of(text)[1] for text in ("twee", "-1", "1.5", "100", "²"))


# What may happen to a poll


def test_an_answer_counts_until_the_deadline_to_a_date_that_stands() -> None:
    assert vote(POLL, "d1", "if_needed", POLL.deadline - timedelta(seconds=1)) is MAYBE
    for poll, date_id, word, at, key in (
        (POLL, "d1", "yes", POLL.deadline, "followup.poll_closed"),
        (replace(POLL, state=PollState.ENDED), "d1", "yes", NOW, "followup.poll_closed"),
        (POLL, "d9", "yes", NOW, "slack.unknown"),
        (POLL, "d1", "sure", NOW, "slack.unknown"),
        (changed(POLL, ["d1", "d3"], [], POLL.deadline, 1, ZONE), "d2", "yes", NOW, "followup.date_removed"),
    ):
        with pytest.raises(Refused) as refused:
            vote(poll, date_id, word, at)
        assert refused.value.key == key


def test_a_poll_is_decided_once() -> None:
    done, option_ = chosen(POLL, "d2", NOW)
    assert (done.state, done.chosen, option_.id) == (PollState.CHOSEN, "d2", "d2")
    for again in (
        lambda: chosen(done, "d1", NOW),
        lambda: cancelled(done),
        lambda: extended(done, POLL.deadline),
        lambda: changed(done, ["d1"], [], POLL.deadline, 1, ZONE),
    ):
        with pytest.raises(Refused, match="poll_chosen"):
            again()
    with pytest.raises(Refused, match="poll_stopped"):
        chosen(cancelled(POLL), "d1", NOW)
    with pytest.raises(Refused, match="date_past"):
        chosen(POLL, "d1", wall(2021, 9, 16, 13))
    assert extended(replace(POLL, state=PollState.ENDED), wall(2021, 7, 2, 17)).state is PollState.RUNNING


def test_before_anybody_answered_a_poll_keeps_its_clock_times_in_another_zone() -> None:
    there = in_zone(POLL, "America/Curacao")
    assert [each.starts_at for each in there.options] == [
        wall(2021, 9, day, 13, zone="America/Curacao") for day in (16, 17, 20)
    ]
    assert in_zone(POLL, ZONE) == POLL


# Dates that are proposed


def read(typed: str, *rows: Picked, now: datetime = NOW, besides: int = 0):  # type: ignore[no-untyped-def]  # a pair
    return proposed(rows, typed, USUAL, now, ZONE, besides=besides)


def test_what_is_picked_and_typed_makes_dates_in_order_each_once() -> None:
    proposal, problems = read(
        "donderdag 16 september 13.00-16.00\nvrijdag 17 september\ndinsdag 21 september 9.30",
        Picked(1, "2021-09-20", "13:00", "16:00"),
        Picked(2, "", "13:00", "16:00"),
        Picked(3, "2021-09-16", "13:00", "16:00"),
    )
    assert problems == []
    assert proposal.slots == (
        Slot(wall(2021, 9, 16, 13), wall(2021, 9, 16, 16)),
        Slot(wall(2021, 9, 17, 13), wall(2021, 9, 17, 16)),
        Slot(wall(2021, 9, 20, 13), wall(2021, 9, 20, 16)),
        Slot(wall(2021, 9, 21, 9, 30), wall(2021, 9, 21, 12, 30)),
    )


def test_a_line_that_means_two_days_is_asked_and_one_about_a_series_leads_to_its_form() -> None:
    proposal, _ = read("volgende donderdag 13.00-15.00\nvrijdag 17 september")
    assert [[slot.starts_at for slot in doubt.slots] for doubt in proposal.doubts] == [
        [wall(2021, 6, 24, 13), wall(2021, 7, 1, 13)]
    ]
    assert read("elke donderdag om 13.00")[0].repeating == ("elke donderdag om 13.00",)


def test_a_word_left_over_is_asked_back_with_its_line() -> None:
    proposal, problems = read("donderdag 16 september foobar\nvrijdag 17 september")
    ((line, unclear),) = proposal.unclear
    assert (line, unclear.left_over, problems) == ("donderdag 16 september foobar", ("foobar",), [])


@pytest.mark.parametrize(
    ("row", "field", "key"),
    [
        (Picked(1, "2022-03-27", "02:30", "05:00"), "start_1", "worksessions.problem.clock_change"),
        (Picked(2, "2021-10-31", "01:00", "02:30"), "end_2", "worksessions.problem.clock_change"),
        (Picked(3, "2021-09-16", "16:00", "13:00"), "end_3", "worksessions.problem.end_before_start"),
        (Picked(4, "2021-06-22", "09:00", "11:00"), "day_4", "followup.problem.date_past"),
        (Picked(5, "2021-09-16", "", "13:00"), "start_5", "worksessions.problem.no_time"),
        (Picked(6, "soon", "12:00", "13:00"), "day_6", "worksessions.problem.no_date"),
        (Picked(7, "9999-12-31", "12:00", "13:00"), "day_7", "dates.too_far"),
    ],
)
def test_what_is_wrong_with_a_picker_is_said_under_it(row: Picked, field: str, key: str) -> None:
    _, problems = read("vrijdag 17 september\nmaandag 20 september", row)
    assert [(each.field, each.key) for each in problems] == [(field, key)]


def test_two_to_eight_dates_are_proposed_with_those_that_stand() -> None:
    assert [each.key for each in read("vrijdag 17 september")[1]] == ["followup.problem.too_few"]
    assert read("vrijdag 17 september", besides=1)[1] == []
    nine = "\n".join(f"{day} september" for day in range(1, 10))
    assert [each.key for each in read(nine)[1]] == ["followup.problem.too_many"]


@given(st.text(max_size=300))
def test_no_text_whatever_crashes_the_form(typed: str) -> None:
    proposal, _ = read(typed)
    assert all(slot.starts_at > NOW and slot.ends_at > slot.starts_at for slot in proposal.slots)


def found(day: date, parts: dict[str, list[str]], start: int = 13, *sessions: WorkSession) -> list[Caution]:
    slot = Slot(wall(day.year, day.month, day.day, start), wall(day.year, day.month, day.day, start + 3))
    return [each.caution for each in cautions(slot, ZONE, USUAL, sessions, parts)]


def test_a_date_is_warned_about_by_the_holidays_of_the_regions_that_take_part() -> None:
    haaglanden, zuid = {"Midden": ["Haaglanden"]}, {"Zuid": ["Limburg"]}
    assert found(date(2021, 9, 16), haaglanden) == []
    assert found(date(2021, 8, 26), haaglanden) == [Caution.SCHOOL_HOLIDAY]
    assert found(date(2021, 9, 2), haaglanden) == []
    assert found(date(2021, 9, 2), zuid) == [Caution.SCHOOL_HOLIDAY]
    unknown = cautions(Slot(wall(2021, 9, 2, 13), wall(2021, 9, 2, 16)), ZONE, USUAL, [], {"": ["Nieuw"]})
    assert [(each.caution, each.values["parts"]) for each in unknown] == [(Caution.SCHOOL_UNKNOWN, ("Zuid",))]
    assert found(date(2022, 4, 27), haaglanden)[0] is Caution.PUBLIC_HOLIDAY
    assert Caution.HOLIDAYS_UNKNOWN in found(date(2040, 3, 1), haaglanden)


def test_a_weekend_other_hours_and_another_session_that_day_are_said_too() -> None:
    other = replace(SESSION, starts_at=wall(2021, 9, 18, 9), ends_at=wall(2021, 9, 18, 11))
    assert found(date(2021, 9, 18), {}, 9, other) == [Caution.OTHER_SESSION, Caution.WEEKEND, Caution.OTHER_HOURS]


# Moves


SESSION = WorkSession(
    "ws1", "T1", "Werksessie", "C1", wall(2021, 10, 28, 13), wall(2021, 10, 28, 16), wall(2021, 10, 28, 14), ZONE,
    State.CHOOSING, "ineke",
)  # fmt: skip


def test_a_session_that_moves_over_the_change_of_clocks_keeps_its_hours_and_its_closing_time() -> None:
    plan = Plan("Werksessie", "C1", wall(2021, 11, 4, 13), wall(2021, 11, 4, 16))
    moved, problems = moved_to(SESSION, plan, NOW)
    assert problems == []
    assert (moved.starts_at, moved.closes_at) == (wall(2021, 11, 4, 13), wall(2021, 11, 4, 14))
    eve = replace(SESSION, closes_at=wall(2021, 10, 26, 17))
    assert moved_to(eve, plan, NOW)[0].closes_at == wall(2021, 11, 2, 17)


def test_a_move_to_the_same_date_or_with_choosing_closed_already_is_said_back() -> None:
    same = Plan("Werksessie", "C1", SESSION.starts_at, SESSION.ends_at)
    assert [each.key for each in moved_to(SESSION, same, NOW)[1]] == ["followup.problem.same_date"]
    eve = replace(SESSION, closes_at=wall(2021, 10, 21, 17))
    plan = Plan("Werksessie", "C1", wall(2021, 10, 5, 13), wall(2021, 10, 5, 16))
    assert [each.key for each in moved_to(eve, plan, wall(2021, 9, 30, 9))[1]] == ["followup.problem.closes_past"]


@pytest.mark.parametrize("state", [State.CLOSING, State.GROUPED, State.CANCELLED])
def test_once_groups_are_made_or_it_is_off_a_session_stays_as_it_is(state: State) -> None:
    with pytest.raises(Refused):
        may_change(replace(SESSION, state=state), NOW)
    may_change(SESSION, NOW)
    with pytest.raises(Refused):
        may_change(SESSION, SESSION.ends_at)


def test_a_form_that_showed_another_date_changes_nothing() -> None:
    shown = version_of(SESSION)
    unseen(SESSION, shown)
    for other in (
        replace(SESSION, starts_at=SESSION.starts_at + timedelta(days=1)),
        replace(SESSION, state=State.PLANNED),
    ):
        with pytest.raises(Refused, match="changed_since"):
            unseen(other, shown)


def test_who_hears_of_a_move_is_who_counted_on_it_or_has_it_in_their_agenda() -> None:
    answers = {"noor": Answer.YES, "samir": Answer.MAYBE, "sanne": Answer.NO, "ineke": Answer.YES}
    assert concerned(answers, {"youssef"}, {"lotte"}, "ineke") == {"noor", "samir", "youssef", "lotte"}
    assert "ineke" in concerned(answers, (), {"ineke"}, "ineke")


def test_every_order_of_adding_and_removing_dates_ends_the_same() -> None:
    extra = DateOption("d4", wall(2021, 9, 21, 13), wall(2021, 9, 21, 16))

    def add(poll: DatePoll) -> DatePoll:
        keep = [each.id for each in poll.standing]
        return changed(poll, keep, [extra], poll.deadline, poll.quorum, ZONE)

    def drop(number: str) -> object:
        return lambda poll: changed(
            poll, [each.id for each in poll.standing if each.id != number], [], poll.deadline, poll.quorum, ZONE
        )

    ends = set()
    for steps in permutations([add, drop("d1"), drop("d2")]):
        poll = POLL
        for step in steps:
            poll = step(poll)  # type: ignore[operator]  # three functions of one shape
        ends.add(tuple(each.id for each in poll.standing))
    assert ends == {("d3", "d4")}
