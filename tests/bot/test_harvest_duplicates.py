"""Who says the same, and above all who does not: a "niet", another number or swapped roles are never merged."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.harvest import Note, Theme, compose, verify
from bot.harvest.duplicates import negations, same_statement

WHO = ["de school", "de gemeente", "een ouder", "het wijkteam", "de wethouder", "the council", "a teacher"]
DOES = ["betaalt", "belt", "helpt", "bezoekt", "pays", "calls"]
REST = [
    "op donderdag in het buurthuis met koffie erbij",
    "zodra de subsidie van de provincie binnen is en iedereen is ingelicht",
    "before the summer holidays start in our part of the region",
    "omdat ouders anders te laat horen wat er met hun kind gebeurt",
    "",
]
NEGATIONS = ["niet", "geen", "nooit", "nauwelijks", "amper", "zelden", "niemand", "zonder", "not", "never", "hardly",
             "barely", "don't", "doesn’t", "cannot", "isn't", "without", "evenmin", "noch"]  # fmt: skip
NUMBERS = ["2", "3", "twee", "drie", "één", "eén", "tweede", "derde", "halve", "dubbele", "two", "three", "second",
           "half", "12", "1,2", "1.2", "2-3", "2–4", "2 %", "20%", "€ 5", "5", "-5", "14:30", "15.30", "16 september",
           "17 september", "2021", "2021/2022", "dozijn", "honderd", "hundred", "¼", "½", "1e", "2e", "2x", "II", "III",
           "alle", "enkele", "weinig", "veel", "te veel", "minstens 2", "hooguit 2", "bijna 2"]  # fmt: skip
MODALS = ["moet", "mag", "kan", "wil", "zou", "hoeft", "mag niet", "must", "may", "can", "should", "might", "won't"]


def sentence(*parts: str) -> str:
    return " ".join(part for part in parts if part).capitalize() + "."


STARTS = st.tuples(st.sampled_from(WHO), st.sampled_from(DOES), st.sampled_from(WHO), st.sampled_from(REST))


@settings(max_examples=400, deadline=None)
@given(STARTS, st.sampled_from(NEGATIONS), st.data())
def test_a_no_is_never_merged_with_a_yes(parts: tuple[str, str, str, str], no: str, data: st.DataObject) -> None:
    said = " ".join(part for part in parts if part).split()
    at = data.draw(st.integers(0, len(said)))
    assert not same_statement(sentence(*said), sentence(*said[:at], no, *said[at:]))


@settings(max_examples=400, deadline=None)
@given(STARTS, st.sampled_from(NUMBERS), st.sampled_from([*NUMBERS, ""]), st.data())
def test_another_number_is_another_statement(
    parts: tuple[str, str, str, str], one: str, other: str, data: st.DataObject
) -> None:
    assume(one != other and {one, other} != {"één", "eén"})
    said = " ".join(part for part in parts if part).split()
    at = data.draw(st.integers(0, len(said)))
    assert not same_statement(sentence(*said[:at], one, *said[at:]), sentence(*said[:at], other, *said[at:]))


@given(st.sampled_from(WHO), st.sampled_from(MODALS), st.sampled_from(MODALS), st.sampled_from(REST))
def test_must_is_not_may(who: str, one: str, other: str, rest: str) -> None:
    assume(one != other)
    assert not same_statement(sentence(who, one, "dat regelen", rest), sentence(who, other, "dat regelen", rest))


@given(st.sampled_from(WHO), st.sampled_from(DOES), st.sampled_from(WHO), st.sampled_from(REST))
def test_swapped_roles_are_another_statement(who: str, does: str, whom: str, rest: str) -> None:
    assume(who.split()[-1] != whom.split()[-1])
    assert not same_statement(sentence(who, does, whom, rest), sentence(whom, does, who, rest))
    long = "In de regio is dit najaar met alle partners in het jeugdveld uitvoerig afgesproken dat"
    assert not same_statement(sentence(long, who, does, whom, rest, rest), sentence(long, whom, does, who, rest, rest))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dat is mogelijk in onze regio.", "Dat is onmogelijk in onze regio."),
        ("De route is veilig voor fietsers.", "De route is onveilig voor fietsers."),
        ("De school betaalt de gemeente.", "De school betaalt de gemeente?"),
        ("Dit kan zo blijven 👍", "Dit kan zo blijven 👎"),
        ("Er zijn maar vijf plekken.", "Er zijn vijf plekken."),
        ("Dit is één plan.", "Dit is een plan."),
        ("We verbieden dat ouders meedoen.", "We verbinden dat ouders meedoen."),
        ("Het budget stijgt met 5.", "Het budget stijgt met 5%."),
        ("Ouders vóór de school.", "Ouders na de school."),
        ("You can leave it to the school.", "You can't leave it to the school."),
        ("Alle scholen doen mee.", "Alleen scholen doen mee."),
        ("We stoppen met het overleg.", "We starten met het overleg."),
        ("Jeugdzorg valt onder de gemeente.", "Jeugdzorg valt niet onder de gemeente."),
        ("!!", "?!"),
        ("", ""),
    ],
)
def test_what_differs_in_meaning_stays_apart(one: str, other: str) -> None:
    assert not same_statement(one, other)
    assert not same_statement(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("De wachtlijst is dit jaar langer geworden.", "de wachtlijst is dit jaar LANGER geworden"),
        ("De wachtlijst is dit jaar langer geworden.", "En de wachtlijst is dit jaar echt langer geworden!"),
        ("Er is geen financiële steun voor ouders.", "Er is geen financiele steun voor de ouders."),
        ("De begeleiding stopt te vroeg.", "De begelieding stopt te vroeg."),
        ("De school betaald dat zelf.", "De school betaalt dat zelf."),
        ("We zijn met 2-3 mensen, om 14:30.", "We zijn met 2-3 mensen om 14:30."),
        ("The council really pays the bus.", "Council pays the bus"),
        ("‘Nooit meer alleen’, zei ze.", "Nooit meer alleen, zei ze."),
    ],
)
def test_the_same_said_again_is_known_again(one: str, other: str) -> None:
    assert same_statement(one, other)
    assert same_statement(other, one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_who_says_the_same_says_it_both_ways_and_no_no_gets_lost(one: str, other: str) -> None:
    assert same_statement(one, other) == same_statement(other, one)
    if same_statement(one, other):
        assert negations(one) == negations(other)


def test_what_two_groups_say_is_printed_once_and_both_stay_as_evidence() -> None:
    theme = Theme("th_wacht", "Wachtlijsten", aliases=("wachtlijst",))
    notes = [
        Note("a", "De wachtlijst is dit jaar langer geworden. Er komt een belrondje.", group="1", region="r1"),
        Note("b", "en de wachtlijst is dit jaar echt langer geworden", group="2", region="r2"),
        Note("c", "De wachtlijst is dit jaar niet langer geworden.", group="3", region="r1"),
        Note("d", "De wachtlijst is dit jaar 2 maanden langer geworden.", group="4", region="r2"),
    ]
    digest = compose(notes, [theme], kind="harvest")
    assert verify(digest, notes) == []
    evidence = sorted(sorted(claim.evidence) for section in digest.sections for claim in section.claims)
    assert ["a.s1", "b.s1"] in evidence
    assert ["c.s1"] in evidence and ["d.s1"] in evidence
