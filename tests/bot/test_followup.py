from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.calendar import is_dutch_holiday
from bot.followup import Answer, answer, found_date, next_session, reminder_at, replanned, to_remind
from bot.problem import Refused
from bot.programme import Member, Role
from bot.worksessions import Plan, State, WorkSession, invited

STARTS, ENDS = datetime(2021, 6, 17, 11, tzinfo=UTC), datetime(2021, 6, 17, 14, tzinfo=UTC)
SESSION = WorkSession(
    "ws1", "T1", "Werksessie", "C1", STARTS, ENDS, None, "Europe/Amsterdam", State.GROUPED, "ineke", (), ("r1", "r2")
)
PLAN = Plan("Werksessie", "C2", datetime(2021, 9, 16, 11, tzinfo=UTC), datetime(2021, 9, 16, 14, tzinfo=UTC))
NEXT = next_session(SESSION, PLAN, "ws2", "ineke")


def member(user: str, region: str | None, *roles: Role) -> Member:
    return Member("T1", user, user, frozenset(roles or (Role.PARTICIPANT,)), region)


PEOPLE = [
    member("noor", "r1"),
    member("samir", "r2"),
    member("sanne", "r1", Role.FACILITATOR),
    member("youssef", "r3"),
    member("lotte", None),
    member("vreemd", "r1", Role.OUTSIDER),
    member("weg", "r1", Role.DEACTIVATED),
    member("gast", "r2", Role.GUEST),
]


def names(found: list[Member]) -> list[str]:
    return [person.user for person in found]


def test_the_next_session_is_only_a_date_for_the_same_regions() -> None:
    assert (NEXT.state, NEXT.topics, NEXT.regions, NEXT.channel) == (State.PLANNED, (), ("r1", "r2"), "C2")


def test_active_people_of_the_regions_are_invited_and_everybody_when_no_region_is_named() -> None:
    assert names(invited(NEXT, PEOPLE)) == ["noor", "samir", "sanne", "gast"]
    everybody = ["noor", "samir", "sanne", "youssef", "lotte", "gast"]
    assert names(invited(replace(NEXT, regions=()), PEOPLE)) == everybody


def test_only_who_comes_or_did_not_answer_is_reminded() -> None:
    given = {
        "noor": Answer.YES,
        "samir": Answer.NO,
        "sanne": Answer.MAYBE,
        "lotte": Answer.YES,
        "weg": Answer.YES,
        "vreemd": Answer.YES,
    }
    assert names(to_remind(NEXT, PEOPLE, given)) == ["noor", "lotte", "gast"]


def test_who_is_expected_by_name_is_reminded_once_whatever_their_region_unless_they_said_no() -> None:
    assert "youssef" not in names(to_remind(NEXT, PEOPLE, {}))
    found = names(to_remind(NEXT, PEOPLE, {"samir": Answer.NO}, ["youssef", "noor", "samir", "vreemd"]))
    assert found.count("youssef") == found.count("noor") == 1 and not {"samir", "vreemd"} & set(found)


@pytest.mark.parametrize(
    ("starts", "remind"),
    [
        (datetime(2021, 9, 16, 11, tzinfo=UTC), datetime(2021, 9, 15, 7, tzinfo=UTC)),
        (datetime(2021, 9, 13, 11, tzinfo=UTC), datetime(2021, 9, 10, 7, tzinfo=UTC)),
        (datetime(2021, 5, 25, 11, tzinfo=UTC), datetime(2021, 5, 21, 7, tzinfo=UTC)),
        (datetime(2021, 11, 1, 12, tzinfo=UTC), datetime(2021, 10, 29, 7, tzinfo=UTC)),
        (datetime(2021, 3, 29, 11, tzinfo=UTC), datetime(2021, 3, 26, 8, tzinfo=UTC)),
    ],
)
def test_the_reminder_comes_at_nine_on_the_working_day_before(starts: datetime, remind: datetime) -> None:
    found = reminder_at(replace(NEXT, starts_at=starts), "Europe/Amsterdam", is_dutch_holiday)
    assert found == remind


def test_an_answer_counts_until_the_session_starts() -> None:
    assert answer(NEXT, "maybe", STARTS).answer is Answer.MAYBE
    with pytest.raises(Refused, match=r"followup\.started"):
        answer(NEXT, "yes", NEXT.starts_at)
    with pytest.raises(Refused, match=r"slack\.unknown"):
        answer(NEXT, "of course", STARTS)


def test_a_date_in_an_impression_is_read_from_the_day_of_the_session_on() -> None:
    assert found_date(SESSION, ["Tot 16 september!"]) is None
    assert found_date(SESSION, ["Goed gesprek.", "We zien elkaar op donderdag 16 september."]) == date(2021, 9, 16)


def test_a_session_in_which_people_choose_is_not_moved() -> None:
    assert replanned(NEXT, replace(PLAN, title="Anders")).title == "Anders"
    with pytest.raises(Refused, match=r"followup\.has_topics"):
        replanned(replace(NEXT, state=State.CHOOSING), PLAN)
