"""Intervision: groups of regions that can help each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from bot.trail import Entry, Kind, State, Value
from bot.trail.intervision import Help, Together, propose, reasons_between

TODAY = date(2021, 6, 17)


def entry(region: str, kind: Kind, title: str, parent: str | None = None, **texts: str) -> Entry:
    values = {name: Value(text) for name, text in {"title": title, **texts}.items()}
    return Entry(f"{region}_{kind.value}_{title[:12]}", "T1", region, kind, values, State.KEPT, parent)


def phase(region: str, title: str, *, hard: str = "", ends: str = "") -> list[Entry]:
    one = entry(region, Kind.PHASE, title, ends=ends)
    below = [entry(region, Kind.EXPERIENCE, hard, one.id, aspect="hard")] if hard else []
    return [one, *below]


def regions(number: int) -> dict[str, Sequence[Entry]]:
    """The even ones passed what the odd ones find hard, and ask what those offer."""
    found: dict[str, Sequence[Entry]] = {}
    for at in range(number):
        name = f"rg_{at:02}"
        if at % 2:
            found[name] = [
                *phase(name, "Verkennen", hard="Wie neemt de leiding?"),
                entry(name, Kind.OFFER, "Een rekenmodel voor de kosten van leerlingenvervoer"),
            ]
        else:
            found[name] = [
                *phase(name, "Verkennen", ends="2020-12"),
                entry(name, Kind.REQUEST, "Wie rekent de kosten van het vervoer door?", standing="open"),
            ]
    return found


def pairs(groups: Sequence[Together]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in groups for pair in combinations(group.regions, 2)}


@pytest.mark.practice("003:46-55")
def test_regions_are_put_together_by_what_one_has_and_the_other_lacks_in_both_directions() -> None:
    (group,) = propose(regions(2), (), TODAY)
    assert group.regions == ("rg_00", "rg_01")
    assert {(each.giver, each.help) for each in group.reasons} == {("rg_00", Help.PASSED), ("rg_01", Help.OFFERS)}


def test_everybody_stands_in_one_group_at_most_and_who_is_left_over_joins_two() -> None:
    for number in (3, 4, 7, 11):
        groups = propose(regions(number), (), TODAY)
        seen = [region for group in groups for region in group.regions]
        assert len(seen) == len(set(seen)) == number
        assert sorted({len(group.regions) for group in groups}) in ([2], [2, 3], [3])


def test_no_pair_comes_back_within_a_year_and_who_has_nobody_left_stays_out() -> None:
    met: set[frozenset[str]] = set()
    for _ in range(6):
        groups = propose(regions(6), met, TODAY)
        assert not pairs(groups) & met
        met |= pairs(groups)
    assert propose(regions(2), [frozenset({"rg_00", "rg_01"})], TODAY) == []


def test_the_same_seed_gives_the_same_groups_and_another_seed_other_ones() -> None:
    once = propose(regions(8), (), TODAY, seed=3)
    assert once == propose(dict(reversed(regions(8).items())), (), TODAY, seed=3)
    assert len({frozenset(pairs(propose(regions(8), (), TODAY, seed=seed))) for seed in range(6)}) > 1
    assert {round(sum(g.score for g in propose(regions(8), (), TODAY, seed=s)), 2) for s in range(6)} == {
        round(sum(group.score for group in once), 2)
    }, "other groups are of equal worth"


def test_who_has_nothing_for_each_other_is_not_put_together() -> None:
    nothing = {
        "rg_1": [entry("rg_1", Kind.OFFER, "Een rekenmodel voor vervoer")],
        "rg_2": [entry("rg_2", Kind.REQUEST, "Wie helpt ons met de huisvesting van scholen?")],
    }
    assert propose(nothing, (), TODAY) == []


def test_an_answered_rule_meets_the_same_rule_and_a_proposal_counts_for_nothing() -> None:
    rule = "Lessen van speciaal onderwijs op een gewone basisschool"
    stuck = entry("rg_1", Kind.OBSTACLE, rule, standing="open")
    solved = entry("rg_2", Kind.OBSTACLE, f"{rule} zijn niet toegestaan", standing="answered", answer="Het mag.")
    (reason,) = reasons_between([stuck], [solved], TODAY)
    assert (reason.giver, reason.help) == ("rg_2", Help.ANSWERED)
    assert reasons_between([stuck], [replace(solved, state=State.PROPOSED)], TODAY) == []


def test_sixty_regions_are_grouped_in_a_moment() -> None:
    groups = propose(regions(60), (), TODAY)
    assert sum(len(group.regions) for group in groups) == 60
