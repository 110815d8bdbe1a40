"""Which question meets what, and how two sides come to meet: pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.article import Part, PublishedSentence
from bot.introductions import (
    ANSWER_WITHIN,
    OPEN_FOR,
    Introduction,
    Known,
    Match,
    State,
    agree,
    ask,
    close,
    decline,
    matches,
    propose,
    take_back,
)
from bot.problem import Refused
from tests.bot.introductions_labelled import labelled

NOW = datetime(2021, 6, 21, 6, tzinfo=UTC)
QUESTION = "Hoe regelen andere gemeenten het leerlingenvervoer naar de dagbehandeling?"
ANSWER = "Bij ons regelen drie gemeenten samen het vervoer naar de dagbehandeling."


def said(
    name: str, part: Part, text: str, *regions: str, theme: str | None = None, speakers: int = 6
) -> PublishedSentence:
    return PublishedSentence(
        id=name, article="ar", work_session="ws", group=f"gr_{name}", group_number=1, part=part, text=text,
        themes=(theme,) if theme else (), topics=(), published_at=NOW, theme=theme, impression=f"im_{name}",
        regions=regions, speakers=speakers,
    )  # fmt: skip


QUESTIONED = said("q", Part.QUESTION, QUESTION, "A")
HELPING = said("a", Part.EXAMPLE, ANSWER, "B")


def found(*sentences: PublishedSentence) -> list[Match]:
    return matches(sentences or [QUESTIONED, HELPING])


@pytest.mark.parametrize("with_themes", [True, False])
def test_nine_in_ten_of_what_is_found_helps_and_nine_in_ten_of_what_helps_is_found(with_themes: bool) -> None:
    sentences, helps = [], set()
    for number, one in enumerate(labelled()):
        theme = one.theme if with_themes else None
        sentences.append(said(f"q{number}", Part.QUESTION, one.question, "A", theme=theme))
        for place, (good, part, text) in enumerate(one.answers):
            name = f"a{number}.{place}"
            sentences.append(said(name, Part(part), text, "B", theme=theme))
            helps |= {(f"q{number}", name)} if good else set()
    pairs = [(match.question.id, match.answer.id) for match in matches(sentences)]
    right = len(helps & set(pairs))
    assert right / len(pairs) >= 0.85
    assert right / len(helps) >= 0.9


def test_a_match_says_why() -> None:
    (match,) = found()
    assert match.shared[0] in ("dagbeh", "vervoe")
    assert not match.same_theme
    assert match.score > 0


@pytest.mark.parametrize(
    "other",
    [
        replace(HELPING, regions=("A",)),
        replace(HELPING, regions=("A", "B")),
        replace(HELPING, group=QUESTIONED.group),
        replace(HELPING, regions=()),
        replace(HELPING, speakers=4),
        replace(HELPING, text="Hoe rijdt het vervoer naar de dagbehandeling mee met het speciaal onderwijs?"),
        replace(HELPING, part=Part.QUOTE),
        replace(HELPING, part=Part.BODY),
        replace(HELPING, text=ANSWER + " " + "woord " * 70),
    ],
    ids=["own region", "shares a region", "own group", "no region", "too few to be named", "a question itself",
         "a quote", "a finding on another theme", "too long to be shown whole"],
)  # fmt: skip
def test_what_is_no_answer_of_another_region_is_no_match(other: PublishedSentence) -> None:
    assert found(QUESTIONED, other) == []


def test_a_small_group_takes_part_once_everybody_said_yes() -> None:
    assert found(QUESTIONED, replace(HELPING, speakers=2, agreed=True))


def test_a_finding_helps_on_the_same_theme() -> None:
    assert found(replace(QUESTIONED, theme="th"), replace(HELPING, part=Part.BODY, theme="th"))


def test_the_order_of_sentences_makes_no_difference() -> None:
    several = [QUESTIONED, HELPING, said("b", Part.OFFER, ANSWER, "C"), said("p", Part.QUESTION, QUESTION, "D")]
    assert matches(several) == matches(several[::-1])


def test_a_region_has_one_proposal_at_most_whichever_side_it_is_on() -> None:
    several = [
        QUESTIONED,
        HELPING,
        said("q2", Part.QUESTION, "Wie regelt het vervoer naar de dagbehandeling van andere gemeenten?", "A"),
        said("q3", Part.QUESTION, QUESTION, "C"),
    ]
    chosen = propose(matches(several), Known(), set(), {"A", "B", "C"})
    assert len(chosen) == 1
    assert {chosen[0].asking, chosen[0].answering} <= {"A", "B", "C"}
    assert propose(matches(several), Known(), {"B"}, {"A", "B", "C"}) == []


def test_a_region_without_a_digest_is_not_asked_but_may_answer() -> None:
    assert propose(found(), Known(), set(), set()) == []
    assert propose(found(), Known(), set(), {"A"})[0].answering == "B"


def test_a_pair_meets_once_and_what_was_refused_is_not_proposed_again() -> None:
    assert propose(found(), Known(pairs={("im_q", "im_a")}), set(), {"A"}) == []
    assert propose(found(), Known(refused={("A", "B", None)}), set(), {"A"}) == []
    assert propose(found(), Known(refused={("B", "A", None), ("A", "C", None)}), set(), {"A"})


ONE = Introduction("in_1", "T1", "q", "im_q", "a", "im_a", "A", "B", None, 0.5, NOW)


def test_one_yes_is_not_enough() -> None:
    asked = ask(ONE, "noor", "samir", NOW)
    assert asked.state is State.ASKED
    assert agree(asked, NOW).state is State.MET


@pytest.mark.parametrize("state", [state for state in State if state is not State.PROPOSED])
def test_only_what_is_proposed_can_be_asked(state: State) -> None:
    with pytest.raises(Refused):
        ask(replace(ONE, state=state), "noor", "samir", NOW)


def test_what_was_proposed_four_weeks_ago_is_over() -> None:
    assert ask(ONE, "noor", "samir", NOW + OPEN_FOR - timedelta(seconds=1))
    with pytest.raises(Refused):
        ask(ONE, "noor", "samir", NOW + OPEN_FOR)


@pytest.mark.parametrize("answer", [agree, decline])
def test_an_answer_after_the_deadline_is_too_late_and_a_second_one_changes_nothing(answer: object) -> None:
    asked = ask(ONE, "noor", "samir", NOW)
    with pytest.raises(Refused):
        agree(asked, NOW + ANSWER_WITHIN)
    for first in (agree(asked, NOW), decline(asked, NOW)):
        with pytest.raises(Refused):
            agree(first, NOW)
        with pytest.raises(Refused):
            decline(first, NOW)


def test_a_no_and_no_answer_end_alike_at_the_deadline() -> None:
    asked = ask(ONE, "noor", "samir", NOW)
    said_no = decline(asked, NOW)
    assert close(said_no, NOW + ANSWER_WITHIN - timedelta(seconds=1)) == said_no
    assert {close(each, NOW + ANSWER_WITHIN).state for each in (asked, said_no)} == {State.CLOSED}
    assert close(said_no, NOW + ANSWER_WITHIN).refused
    assert not close(asked, NOW + ANSWER_WITHIN).refused


def test_who_asked_can_take_it_back_until_they_met() -> None:
    asked = ask(ONE, "noor", "samir", NOW)
    assert take_back(asked).state is State.TAKEN_BACK
    assert take_back(decline(asked, NOW)).refused
    for late in (agree(asked, NOW), ONE, replace(ONE, state=State.CLOSED)):
        with pytest.raises(Refused):
            take_back(late)
