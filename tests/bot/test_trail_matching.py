"""Who asks meets who gives: found by words, chosen sparingly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.trail import Entry, Kind, State, Value
from bot.trail.matching import choose, matches

HELPS = [
    ("Wie rekent de kosten van het leerlingenvervoer door?", "Een rekenmodel voor de kosten van vervoer"),
    ("Hoe betrekken wij ouders bij ons beleid?", "Ouders praten mee over het beleid van het samenwerkingsverband"),
    ("Wij zoeken iemand die kinderen zonder school telt", "Zo tellen wij elke maand kinderen zonder school"),
    ("Hoe maken we afspraken met de huisartsen?", "Afspraken met huisartsen over doorverwijzen"),
    ("Wie heeft een voorbeeld van gedeelde huisvesting?", "Gedeelde huisvesting van onderwijs en opvang"),
    ("Hoe krijgen wij gemeenten om één tafel?", "Bestuurders van tien gemeentes ontbijten samen"),
]
OTHER = [
    ("Wie rekent de kosten van het leerlingenvervoer door?", "Ouders praten mee over het beleid"),
    ("Hoe betrekken wij ouders bij ons beleid?", "Een rekenmodel voor de kosten van vervoer"),
    ("Wie betaalt het vervoer naar de opvang?", "Gedeelde huisvesting van onderwijs en opvang"),
    ("Hoe maken we afspraken met de huisartsen?", "Zo tellen wij elke maand kinderen zonder school"),
    ("Wie helpt ons met een convenant?", "Een convenant"),
]


def ask(title: str, entry_id: str = "te_a", region: str = "rg_1", state: State = State.SHARED) -> Entry:
    return Entry(entry_id, "T1", region, Kind.QUESTION, {"title": Value(title)}, state)


def give(title: str, entry_id: str = "te_g", region: str = "rg_2", state: State = State.SHARED) -> Entry:
    return Entry(entry_id, "T1", region, Kind.OFFER, {"title": Value(title)}, state)


@pytest.mark.practice("002:12")
def test_what_helps_is_found_and_what_does_not_is_left_alone() -> None:
    found = [bool(matches([ask(asked)], [give(given)])) for asked, given in HELPS]
    assert found == [True, True, True, True, True, False], "the last pair shares no two words"
    assert [asked for asked, given in OTHER if matches([ask(asked)], [give(given)])] == []


def test_a_match_says_by_which_words_it_was_found() -> None:
    (match,) = matches([ask(HELPS[0][0])], [give(HELPS[0][1])])
    assert {"kosten", "leerlingenvervoer"} <= set(match.shared)


def test_only_what_others_share_is_given_and_only_what_still_waits_is_asked() -> None:
    asked, given = HELPS[0]
    request = replace(ask(asked), kind=Kind.REQUEST)
    answered = replace(request, values={**request.values, "standing": Value("given")})
    assert matches([request], [give(given)])
    for asks, gives in (
        (answered, give(given)),
        (request, give(given, state=State.KEPT)),
        (request, give(given, region="rg_1")),
        (replace(request, state=State.PROPOSED), give(given)),
    ):
        assert matches([asks], [gives]) == []


def test_a_region_gets_one_proposal_a_week_and_no_pair_twice_and_nothing_unshared_is_told_to_a_channel() -> None:
    asked, given = HELPS[0]
    found = matches(
        [ask(asked), ask(asked, "te_b"), ask(asked, "te_c", "rg_3"), ask(asked, "te_d", "rg_4", State.KEPT)],
        [give(given), give(given, "te_h", "rg_5")],
    )
    chosen = choose(found, (), ())
    regions = [region for match in chosen for region in (match.asks.region, match.gives.region)]
    assert len(chosen) == 2 and len(regions) == len(set(regions)) and "rg_4" not in regions
    assert choose(found, [(match.asks.id, match.gives.id) for match in found], ()) == []
    assert choose(found, (), ["rg_2", "rg_5"]) == []
