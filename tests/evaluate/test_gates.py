"""The gates a digest must pass: grounding without exception, and floors at or above the best baselines.

The development data and its scorer lie beside the project and are read there; nothing of them is copied. ROUGE and ARI
say nothing about truth, so grounding comes first. The whole measurement in five orders is `make evaluate`; it runs here
under the mark `matrix`, and what it wrote down last is held to the same rules in every run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from bot.harvest import ENGINE, kind_of
from tests.evaluate import development, metrics, own, table
from tests.evaluate.__main__ import SAMPLE, evaluate, sampled
from tests.evaluate.development import BATCHES, SCORER
from tests.evaluate.dutch_set import meetings
from tests.evaluate.gates import CLEAR, GATES, WEAK, below, missed
from tests.evaluate.results import Grounding
from tests.evaluate.running import HERE, Harvest

pytestmark = pytest.mark.xdist_group("evaluate")
data = pytest.mark.skipif(
    not SCORER.exists() and not os.environ.get("CI"), reason="the development data is not on this machine"
)


@lru_cache(maxsize=16)
def printed(set_: str, order: int = 0) -> list[Harvest]:
    return development.harvests(set_, order)


def grounded(one: Grounding) -> None:
    assert (one.verbatim, one.valid, one.listed, one.supported, one.problems) == (1.0, 1.0, 1.0, 1.0, 0), one
    assert one.quotes and one.points


def floor(set_: str, measure: str) -> float:
    return next(gate.floor for gate in GATES if (gate.set, gate.measure) == (set_, measure))


@data
@pytest.mark.parametrize(
    "set_",
    ["dekamer-digest", *(pytest.param(one, marks=pytest.mark.matrix) for one in ("dekamer-title", "qmsum-theme"))],
)
def test_a_digest_holds_its_floor(set_: str) -> None:
    grounded(development.grounding(set_, printed(set_)))
    assert development.text_row(set_, printed(set_), {}).value >= floor(set_, "R1")


@data
@pytest.mark.matrix
def test_a_digest_is_clear_of_every_baseline() -> None:
    for set_ in CLEAR:
        row = development.text_row(set_, printed(set_), development.ranked(set_))
        assert {name: one.gap for name, one in row.beside.items() if one.gap[1] <= 0} == {}


@data
@pytest.mark.matrix
@pytest.mark.parametrize("set_", ["session", "bills-themes"])
def test_unannounced_themes_are_no_worse_than_any_clusterer_over_five_orders(set_: str) -> None:
    draws = [printed(set_, order) for order in range(5)]
    for draw in draws:
        grounded(development.grounding(set_, draw))
    for row in development.grouping_rows(set_, draws, development.grouped(set_)):
        assert below(row) == {}, row
        assert row.sd is not None and row.sd < 0.05


@data
def test_announced_themes_are_found_and_beat_the_nearest_centroid() -> None:
    for set_ in ("session-known", "bills-known5"):
        grounded(development.grounding(set_, printed(set_)))
        row = development.known_row(set_, [printed(set_)], development.placed_right(set_))
        assert row.beside["nearest centroid"].gap[1] > 0, row


@data
def test_the_command_prints_what_was_measured() -> None:
    assert sampled(SAMPLE) == []


@data
@pytest.mark.matrix
def test_a_rerun_prints_the_same_bytes_under_any_hash_seed_and_order() -> None:
    command = [sys.executable, str(SCORER), "repeat", "--cmd", HERE.replace("--state {state} ", "")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == 0, ran.stdout


@data
def test_our_measures_are_those_of_the_scorer_beside_the_data() -> None:
    theirs = development.scorer()
    for case in development.cases_of("qmsum-theme", 20):
        text = " ".join(note["text"] for note in case.notes)[:600]
        for n in (1, 2):
            assert metrics.rouge_n(case.ref, text, n) == pytest.approx(theirs.rouge_n(case.ref, text, n))
        assert metrics.rouge_l(case.ref, text) == pytest.approx(theirs.rouge_l(case.ref, text))
    gold, found = [0, 0, 1, 1, 2, 2, 2, 3], [0, 1, 1, 1, 2, 2, 0, 4]
    ones, one = metrics.np.ones(len(gold)), metrics.Grouping(gold, found)
    assert one.ari(ones) == pytest.approx(theirs.ari(gold, found))
    assert one.p1(ones) == pytest.approx(theirs.p1(gold, found))
    assert one.purity(ones) == pytest.approx(theirs.purity(gold, found))


# Our own set


@pytest.fixture(scope="module")
def answers() -> own.Answers:
    return own.embedded("embedded", lambda text: kind_of(text).value)


def test_on_our_own_notes_every_quote_stands_and_every_note_has_its_place(answers: own.Answers) -> None:
    grounded(own.grounding(answers))


@pytest.mark.parametrize("what", ["near_duplicates", "contradictions"])
def test_other_numbers_and_contradictions_are_never_taken_for_one(answers: own.Answers, what: str) -> None:
    for out in [*answers.harvests.values(), *answers.digests.values()]:
        assert own.merged(out, what) == []


def test_on_our_own_notes_only_the_known_weaknesses_lie_below_a_baseline(answers: own.Answers) -> None:
    weak = {(row.set, row.measure): below(row) for row in own.rows(answers) if below(row)}
    assert weak.keys() <= WEAK.keys(), weak


def test_the_gold_of_our_own_set_fits_its_notes() -> None:
    assert sum(len(m.notes) for m in meetings()) >= 60
    for m in meetings():
        announced = {theme["name"] for theme in m.agenda}
        assert len({note["group"] for note in m.notes}) >= 6
        assert any(not themes for themes in m.themes.values())
        assert {theme for themes in m.themes.values() for theme in themes} <= announced
        assert set(m.reference) <= announced
        for marked in m.marked:
            assert marked.kind in own.KINDS
            assert (
                m.text[marked.note][marked.start : marked.end].strip() == m.text[marked.note][marked.start : marked.end]
            )


# What was written down


def test_the_table_in_the_docs_is_the_last_run_and_has_every_row_and_column() -> None:
    results = table.stored()
    text = table.PAGE.read_text(encoding="utf-8")
    assert table.page(results) in text, "run make evaluate"
    made = [(row.set, row.measure) for row in results.rows if row.engine == "embedded"]
    assert made == table.expected()
    assert results.engine == ENGINE, "the engine has another name since: run make evaluate"
    columns = {(row.set, row.measure): set(row.beside) for row in results.rows}
    for (set_, _), names in columns.items():
        assert names >= set(expected_columns(set_)), set_


def expected_columns(set_: str) -> list[str]:
    if set_ in ("dekamer-themes", "bills-themes", "polis-themes", "session"):
        return ["random", "knn-louvain", *development.LISTED_GROUPINGS.values()]
    if set_ in ("dekamer-digest", "dekamer-title", "qmsum-theme"):
        return [*development.RANKINGS, *development.LISTED_TEXTS.values()]
    return {BATCHES: ["warm start"], "dutch-digest": list(development.RANKINGS)}.get(set_, [])


def test_the_last_whole_run_passed_every_gate() -> None:
    assert missed(table.stored()) == []
    assert table.stored().left_out == ()


def test_in_the_last_whole_run_nothing_lay_below_a_baseline_but_what_the_docs_say() -> None:
    weak = {(row.set, row.measure): below(row) for row in table.stored().rows if below(row)}
    assert weak.keys() <= WEAK.keys(), weak
    said = (table.ROOT / "docs" / "synthesis.md").read_text(encoding="utf-8")
    assert all(set_ in said for set_, _ in WEAK)


@data
@pytest.mark.matrix
def test_every_gate_holds_on_every_set_in_five_orders() -> None:
    results = evaluate()
    assert missed(results) == []
    weak = {(row.set, row.measure): below(row) for row in results.rows if below(row)}
    assert weak.keys() <= WEAK.keys(), weak


@data
@pytest.mark.matrix
def test_themes_stay_what_they_are_from_month_to_month() -> None:
    grounded(development.grounding(BATCHES, printed(BATCHES)))
    churn = development.churn_row([printed(BATCHES)], {})
    assert churn.value <= floor(BATCHES, "churn")
