"""Rules that obstruct: who answers, by when, and which earlier answer is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.problem import Refused
from bot.programme import Member, Role
from bot.trail import Entry, Kind, State, Value
from bot.trail import obstacles as rules

ZONE = "Europe/Amsterdam"
RAISED = datetime(2021, 6, 1, 9, tzinfo=UTC)


def rule(entry_id: str, title: str, region: str = "rg_1", **texts: str) -> Entry:
    values = {name: Value(text) for name, text in {"title": title, "effect": "-", **texts}.items()}
    return Entry(entry_id, "T1", region, Kind.OBSTACLE, values, made_at=RAISED)


def person(user: str, *roles: Role) -> Member:
    return Member("T1", user, user.title(), frozenset(roles or (Role.PARTICIPANT,)), region="rg_1")


PUPIL = "Een leerling mag maar op één school ingeschreven staan"
LESSONS = "Een school voor speciaal onderwijs mag geen les geven op een gewone basisschool"
CARE = "Zorggeld mag niet onder schooltijd worden ingezet"
SAME = [
    (LESSONS, "Lessen van speciaal onderwijs op een gewone basisschool zijn niet toegestaan"),
    (CARE, "Inzet van zorggeld onder schooltijd mag niet van de gemeente"),
    ("Het leerlingenvervoer stopt bij de gemeentegrens", "Vervoer van leerlingen mag niet over de gemeentegrens"),
    (PUPIL, "Dubbele inschrijving van een leerling op twee scholen is niet toegestaan"),
    ("Privacywet: dossier delen tussen school en jeugdhulp", "School en jeugdhulp mogen het dossier niet delen"),
    ("De onderwijstijd moet op school worden gemaakt", "Onderwijstijd telt alleen op school mee"),
]
OTHER = [
    (PUPIL, LESSONS),
    ("Het leerlingenvervoer stopt bij de gemeentegrens", "De gemeente mag geen gebouw van het schoolbestuur huren"),
    (CARE, "Jeugdhulp moet elk jaar opnieuw worden aanbesteed"),
    ("De onderwijstijd moet op school worden gemaakt", "Privacywet: dossier delen tussen school en jeugdhulp"),
    ("De inspectie telt thuiszitters per kwartaal", "De inspectie wil één locatie per vestiging"),
]


def test_the_same_rule_in_other_words_meets_its_answer_and_another_rule_does_not() -> None:
    known = [rule("te_k", said, "rg_2", answer="Het mag wel.", standing="answered", reach="all") for _, said in SAME]
    found = [
        bool(rules.earlier_answers(rule("te_a", asked), [one])) for (asked, _), one in zip(SAME, known, strict=True)
    ]
    assert found == [True, True, True, False, True, True], "of six one is missed: it shares no word but the pupil"
    wrong = [
        asked
        for asked, said in OTHER
        if rules.earlier_answers(rule("te_a", asked), [rule("te_k", said, "rg_2", answer="Nee.", reach="all")])
    ]
    assert wrong == []


def test_an_answer_of_another_region_is_told_only_where_who_answered_gave_it_to_all() -> None:
    asked, said = SAME[0]
    held = rule("te_k", said, "rg_2", answer="Het mag wel.", standing="answered")
    assert rules.earlier_answers(rule("te_a", asked), [held]) == []
    for open_to_all in (
        rule("te_k", said, "rg_2", answer="Het mag wel.", reach="all"),
        replace(held, state=State.SHARED),
        replace(held, region="rg_1"),
    ):
        (earlier,) = rules.earlier_answers(rule("te_a", asked), [open_to_all])
        assert earlier.answer == "Het mag wel." and "basis" in " ".join(earlier.shared)


def test_the_same_answer_is_shown_once_and_never_more_than_three() -> None:
    asked, said = SAME[1]
    same = [rule(f"te_{n}", said, "rg_2", answer="Het mag wel.", reach="all") for n in range(3)]
    assert len(rules.earlier_answers(rule("te_a", asked), same)) == 1
    many = [rule(f"te_{n}", said, "rg_2", answer=f"Antwoord {n}.", reach="all") for n in range(9)]
    assert len(rules.earlier_answers(rule("te_a", asked), many)) == 3


def test_only_the_named_account_manager_or_the_coordinator_answers_and_never_who_asks() -> None:
    put = replace(rule("te_a", "Regel"), values={"title": Value("Regel"), "manager": Value("", "lotte")})
    assert rules.answers(person("lotte"), put)
    assert rules.answers(person("ineke", Role.COORDINATOR), put)
    for refused in (person("noor"), person("sanne", Role.FACILITATOR), person("youssef")):
        with pytest.raises(Refused, match="answer_trail"):
            rules.must_answer(refused, put)


def test_what_has_no_day_is_overdue_after_three_weeks_and_what_is_answered_never() -> None:
    asked = rule("te_a", "Regel")
    assert rules.due(asked, ZONE) == date(2021, 6, 22)
    assert not rules.overdue(asked, date(2021, 6, 22), ZONE) and rules.overdue(asked, date(2021, 6, 23), ZONE)
    agreed = rule("te_b", "Regel", due="2021-06-10")
    assert rules.overdue(agreed, date(2021, 6, 11), ZONE)
    given = rules.answered(agreed, "Het mag.", "answered", "own", date(2021, 6, 9))
    assert not rules.overdue(replace(agreed, values=given), date(2021, 7, 1), ZONE)


def test_the_monthly_list_tells_what_waits_longest_first_and_what_was_answered_lately() -> None:
    late, waiting = rule("te_1", "Te lang", due="2021-06-10"), rule("te_2", "Nog even", due="2021-07-20")
    lately = rule("te_3", "Net", answer="Ja.", standing="answered", answered_on="2021-06-12")
    long_ago = rule("te_4", "Lang geleden", answer="Ja.", standing="settled", answered_on="2021-03-12")
    found = rules.month([waiting, long_ago, lately, late], date(2021, 6, 1), date(2021, 7, 1), ZONE)
    assert [[each.id for each in part] for part in (found.late, found.waiting, found.answered)] == [
        ["te_1"], ["te_2"], ["te_3"],
    ]  # fmt: skip
    assert rules.month_for(person("ineke", Role.COORDINATOR), found) == found
    assert rules.month_for(person("lotte"), found).silent, "what was not put to her, and is nobody else's to read"
