from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.worksessions import MOST_TOPICS, Plan, closing_proposal, offer, plan, short_name, short_names, topics

NOW = datetime(2021, 6, 10, 9, tzinfo=UTC)
GOOD = {"title": "Werksessie", "channel": "C1", "day": "2021-06-17", "start": "13:00", "end": "16:00"}


def planned(**changes: str) -> tuple[Plan | None, list[str]]:
    values = {**GOOD, **changes}
    found, problems = plan(**values, regions=[], timezone="Europe/Amsterdam", now=NOW)
    return found, [f"{problem.field}:{problem.key.removeprefix('worksessions.problem.')}" for problem in problems]


def test_a_session_is_meant_in_the_programmes_zone() -> None:
    found, _ = planned()
    assert found is not None
    assert found.starts_at.astimezone(UTC) == datetime(2021, 6, 17, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": "  "}, "title:title_missing"),
        ({"title": "x" * 300}, "title:too_long"),
        ({"channel": ""}, "channel:channel_missing"),
        ({"day": "2021-02-31"}, "day:no_date"),
        ({"day": ""}, "day:no_date"),
        ({"day": "2021-06-09"}, "day:past"),
        ({"day": "9999-12-31"}, "day:dates.too_far"),
        ({"day": "2023-06-30"}, "day:dates.too_far"),
        ({"start": "25:00"}, "start:no_time"),
        ({"end": "12:00"}, "end:end_before_start"),
        ({"end": "13:00"}, "end:end_before_start"),
        ({"day": "2022-03-27", "start": "02:30", "end": "04:00"}, "start:clock_change"),
        ({"day": "2021-10-31", "start": "01:00", "end": "02:30"}, "end:clock_change"),
    ],
)
def test_what_is_wrong_is_said_at_its_own_field(changes: dict[str, str], problem: str) -> None:
    found, problems = planned(**changes)
    assert found is None
    assert problem in problems


def test_everything_to_repair_is_said_at_once() -> None:
    _, problems = planned(title="", channel="", day="2021-02-31")
    assert {problem.split(":")[0] for problem in problems} == {"title", "channel", "day"}


def test_topics_are_read_one_a_line_without_their_numbering() -> None:
    text = "1. Ouderbetrokkenheid\n\n - Verduurzaming   samen\n• NPO\n  OZA"
    assert topics(text)[0] == ["Ouderbetrokkenheid", "Verduurzaming samen", "NPO", "OZA"]


def test_a_year_at_the_start_of_a_topic_is_no_numbering() -> None:
    assert topics("2021 in beeld")[0] == ["2021 in beeld"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "no_topics"),
        (" \n \n", "no_topics"),
        ("\n".join(f"thema {n}" for n in range(60)), "too_many"),
        ("x" * 300, "topic_too_long"),
        ("OZA\noza", "topic_twice"),
    ],
)
def test_a_list_of_topics_that_cannot_work_says_why(text: str, key: str) -> None:
    names, problems = topics(text)
    assert names == []
    assert problems[0].key == f"worksessions.problem.{key}"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ouderbetrokkenheid", "Ouderbetrokkenheid"),
        ("Onderwijszorgarrangementen (OZA)", "OZA"),
        ("Samenwerking Nationaal Programma", "Samenwerking"),
        ("Verduurzaming van de samenwerking", "Verduurzaming"),
        ("Meerjarenhuisvestingsplannen", "Meerjarenhuisvestin…"),
    ],
)
def test_a_short_name_is_an_abbreviation_or_whole_words(name: str, short: str) -> None:
    assert short_name(name) == short


@given(st.lists(st.text(min_size=1, max_size=120).map(str.strip).filter(bool), max_size=MOST_TOPICS))
def test_short_names_always_fit_and_differ(names: list[str]) -> None:
    shorts = short_names(names)
    assert all(0 < len(short) <= 20 for short in shorts)
    assert len({short.casefold() for short in shorts}) == len(shorts)


def offered(**changes: str) -> list[str]:
    found, _ = planned()
    assert found is not None
    values = {"shorts": "A\nB", "closes": "15:00", "limit": "", **changes}
    _, problems = offer(names=["Aa", "Bb"], plan=found, timezone="Europe/Amsterdam", now=NOW, **values)
    return [f"{problem.field}:{problem.key.removeprefix('worksessions.problem.')}" for problem in problems]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"closes": "16:30"}, "closes:closes_after_end"),
        ({"closes": "half drie"}, "closes:no_time"),
        ({"shorts": "A"}, "shorts:short_names_count"),
        ({"shorts": "A\na"}, "shorts:short_name_twice"),
        ({"shorts": "A\n" + "b" * 21}, "shorts:short_name_long"),
        ({"limit": "1"}, "limit:limit"),
        ({"limit": "veel"}, "limit:limit"),
        ({"limit": "9" * 400}, "limit:limit"),
    ],
)
def test_the_last_step_says_what_to_repair(changes: dict[str, str], problem: str) -> None:
    assert problem in offered(**changes)


def test_a_session_may_be_offered_as_proposed() -> None:
    assert offered() == []
    found, _ = planned()
    assert found is not None
    assert closing_proposal(found, NOW).astimezone(UTC) == datetime(2021, 6, 17, 13, tzinfo=UTC)
