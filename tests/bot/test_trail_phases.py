"""Phases with open ends and dates of which only the month is known, and when the trail reminds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.trail import Entry, Kind, State, Value
from bot.trail.phases import coming, elsewhere, name_of, tense_of
from bot.trail.profile import Tense, current
from bot.trail.reminding import around

ZONE = "Europe/Amsterdam"


def phase(title: str, begins: str = "", ends: str = "", region: str = "rg_1", id: str = "") -> Entry:
    texts = {"title": title, "begins": begins, "ends": ends}
    values = {name: Value(text) for name, text in texts.items() if text}
    return Entry(id or f"te_{title}_{region}", "T1", region, Kind.PHASE, values, State.SHARED)


def test_a_phase_without_an_end_goes_on_and_what_has_no_date_after_it_is_still_to_come() -> None:
    phases = [
        phase("Verkennen", "2006-03", "2006-05"),
        phase("Plannen", "2006-06", "2006-12"),
        phase("Uitvoeren", "2007"),
        phase("Borgen"),
        phase("Evalueren", "2010"),
    ]
    today = date(2007, 3, 20)
    assert [tense_of(each, today) for each in phases] == [Tense.OVER, Tense.OVER, Tense.NOW, None, Tense.AHEAD]
    assert [each.title for each in coming(phases, today)] == ["Borgen", "Evalueren"]
    standing = current(phases, today)
    assert standing is not None and (standing.number, standing.total) == (3, 5)
    assert tense_of(phases[0], date(2006, 5, 31)) is Tense.NOW, "a month lasts to its last day"


def test_a_phase_is_the_same_whatever_its_number_and_when_it_holds_a_name_of_the_programme() -> None:
    assert name_of("Fase 2: Verkennen") == name_of("2. verkennen") == name_of("VERKENNEN ") == "verkennen"
    assert name_of("Verkennen met besturen", ["Verkennen"]) == "verkennen"
    assert name_of("Verkenningen", ["Verkennen"]) == "verkenningen", "half a word is another name"


def test_of_other_regions_only_what_may_be_read_counts_and_who_passed_it_comes_first() -> None:
    mine = phase("Verkennen", "2021")
    others = [
        phase("Verkennen", "2020", region="rg_2"),
        phase("Verkennen", "2017", "2018", region="rg_3"),
        phase("Verkennen", "2015", "2016", region="rg_4"),
        phase("Bouwen", "2015", "2016", region="rg_5"),
    ]
    told = Entry("te_x", "T1", "rg_4", Kind.EXPERIENCE, {"title": Value("Geld."), "aspect": Value("hard")},
                 State.SHARED, others[2].id)  # fmt: skip
    readable = {others[0].id, others[1].id, others[3].id, "te_x"}
    found = elsewhere(mine, [mine, *others, told], readable, [], date(2021, 6, 1))
    assert [(one.region, one.passed) for one in found] == [("rg_3", True), ("rg_4", False), ("rg_2", False)]
    assert [each.title for each in found[1].of("hard")] == ["Geld."] and found[1].phase is None


@given(
    day=st.dates(date(2015, 1, 1), date(2030, 12, 31)),
    before=st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(lambda days: sorted(days)[::-1]),
    after=st.booleans(),
)
def test_reminders_of_a_day_never_overlap_and_never_come_at_night_or_on_a_holiday(
    day: date, before: list[int], after: bool
) -> None:
    found = around(day, before, ZONE, is_dutch_holiday, after=after)
    for one in found:
        assert next_sending_time(one.at, ZONE, is_dutch_holiday) == one.at and one.at < one.until
    for earlier, later in pairwise(found):
        assert earlier.until <= later.at
    moments = [datetime.combine(day, datetime.min.time()) + timedelta(days=n) for n in range(-70, 20)]
    assert all(sum(o.at.replace(tzinfo=None) <= m < o.until.replace(tzinfo=None) for o in found) <= 1 for m in moments)
