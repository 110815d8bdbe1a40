"""The embedded engine on the development data beside the project, with the scorer and the baselines that lie there.

Nothing of that data is copied: it is read where it lies, and figures are all that is kept.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, pstdev
from types import ModuleType
from typing import Any

import numpy as np

from tests.evaluate.checker import problems
from tests.evaluate.metrics import Grouping, over_cases, over_notes, over_orders
from tests.evaluate.results import EMBEDDED, Beside, Grounding, Row
from tests.evaluate.running import ORDERS, Failed, Harvest, in_process, reordered, restored, written

ROOT = Path(__file__).parents[2]
SCORER = Path(os.environ.get("OOGST_EVALUATION", ROOT.parent / "shared" / "eval")) / "score.py"

TEXTS = ("dekamer-digest", "dekamer-title", "qmsum-theme", "qmsum-meeting")
GROUPINGS = ("dekamer-themes", "bills-themes", "polis-themes", "session", "qmsum-meeting")
MEASURES = {"polis-themes": ("purity",)}
"""Its gold says only which of two conversations a note is from, so agreement with it says nothing."""
KNOWN = ("dekamer-known0", "dekamer-known5", "bills-known0", "bills-known5", "session-known")
BATCHES = "dekamer-batches"
SETS = tuple(dict.fromkeys((*GROUPINGS, *KNOWN, BATCHES, *TEXTS)))
RANKINGS = {"random": "rank_random", "lead": "rank_lead", "LexRank": "rank_lexrank", "tf-idf-MMR": "rank_mmr"}
LISTED_TEXTS = {"lexrank-sumy *": "sumy LexRank", "textrank-sumy *": "sumy TextRank"}
LISTED_GROUPINGS = {
    "lsa-kmeans *": "LSA k-means",
    "nmf *": "NMF",
    "nx-louvain *": "networkx Louvain",
    "nx-consensus *": "its consensus",
    "ig-leiden *": "igraph Leiden",
}
SEEDS = range(5)
NEW_START = {"knn-louvain": "new start"}
"""In a chain of batches it forgets every theme each month: better groups that no reader finds again."""


@lru_cache(maxsize=1)
def scorer() -> ModuleType:
    """The scorer of the development data as a module."""
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


@lru_cache(maxsize=1)
def cases() -> dict[str, list[Any]]:
    """Every case by set."""
    found: dict[str, list[Any]] = {}
    for case in scorer().cases():
        found.setdefault(case.set, []).append(case)
    return found


def cases_of(set_: str, limit: int = 0) -> list[Any]:
    """The cases of a set, the first `limit` of them; a chain is never cut."""
    every = cases()[set_]
    return every if not limit or set_ == BATCHES else every[:limit]


def harvests(set_: str, order: int = 0, limit: int = 0) -> list[Harvest]:
    """What `oogst harvest` prints for each case, with its notes in another order; batches of a chain share a memory."""
    found = []
    with tempfile.TemporaryDirectory(prefix="oogst-evaluate-") as folder:
        for k, case in enumerate(cases_of(set_, limit)):
            notes, ids = reordered(case.notes, order)
            state = Path(folder) / "chain" if case.chain else None
            found.append(restored(in_process(written(Path(folder) / str(k), notes, case.agenda, state)), ids))
    return found


# Baselines, each with its draws


def ranked(set_: str, limit: int = 0) -> dict[str, list[float]]:
    """ROUGE-1 of each text baseline per case; chance is the mean of five seeds."""
    found = {}
    for name, ranking in RANKINGS.items():
        run = scorer().summariser(getattr(scorer(), ranking))
        seeds = SEEDS if name == "random" else range(1)
        found[name] = [fmean(rouge(case, run(case, k)) for k in seeds) for case in cases_of(set_, limit)]
    return found


def rouge(case: Any, printed: Harvest, n: int = 1) -> float:
    """ROUGE F1 of what fits in the budget of a case."""
    value: float = scorer().rouge_n(case.ref, scorer().candidate(case, printed), n)
    return value


def grouped(set_: str, limit: int = 0) -> dict[str, list[list[list[str]]]]:
    """Labels per note of each clusterer: draws, then cases, then notes."""
    rows = cases_of(set_, limit)
    found = {
        "random": [[labels(case, scorer().b_random(case, k)) for case in rows] for k in SEEDS],
        "knn-louvain": [[labels(case, scorer().b_louvain(case, k)) for case in rows] for k in SEEDS],
    }
    if set_ == BATCHES:
        chains: list[dict[str, int]] = [{} for _ in SEEDS]
        found["warm start"] = [[labels(case, scorer().b_warm(case, k, chains[k])) for case in rows] for k in SEEDS]
    return found


def labels(case: Any, printed: Harvest) -> list[str]:
    """The found theme of each note that has a gold theme; a note without one is a theme of its own."""
    found = scorer().labels(case, printed)
    return [found.get(n["id"], (f"single:{n['id']}",))[0] for n in case.notes if n["id"] in case.gold]


def right(case: Any, printed: Harvest) -> list[float]:
    """Per note whether its first theme is the announced one that it belongs to."""
    fold: Callable[[str], str] = lambda s: " ".join(scorer().words(s))  # noqa: E731  beside the scorer's own
    names = {fold(x): a["name"] for a in case.agenda for x in [*a["aliases"], a["name"]]}
    found = scorer().labels(case, printed)
    return [
        float(n["id"] in found and names.get(fold(found[n["id"]][1])) == case.gold[n["id"]])
        for n in case.notes
        if n["id"] in case.gold
    ]


def placed_right(set_: str, limit: int = 0) -> dict[str, list[list[float]]]:
    """Per baseline that knows the agenda: per case, per note, how often it is right."""
    rows = cases_of(set_, limit)
    by_chance = [np.mean([right(case, scorer().b_random(case, k)) for k in SEEDS], axis=0).tolist() for case in rows]
    return {"random": by_chance, "nearest centroid": [right(case, scorer().b_centroid(case, 0)) for case in rows]}


# Rows


def text_row(set_: str, printed: Sequence[Harvest], others: Mapping[str, Sequence[float]], limit: int = 0) -> Row:
    """ROUGE-1 with the interval to each baseline; ROUGE-2 and -L in the note."""
    rows = cases_of(set_, limit)
    ours = [rouge(case, out) for case, out in zip(rows, printed, strict=True)]
    two = fmean(rouge(case, out, 2) for case, out in zip(rows, printed, strict=True))
    longest = fmean(
        scorer().rouge_l(case.ref, scorer().candidate(case, out)) for case, out in zip(rows, printed, strict=True)
    )
    beside = {name: Beside(fmean(theirs), over_cases(ours, theirs)) for name, theirs in others.items()}
    for name, line in listed(set_).items() if not limit else ():
        if name in LISTED_TEXTS:
            beside[LISTED_TEXTS[name]] = Beside(line["R1"], over_cases(ours, [line["R1"]] * len(ours)), listed=True)
    return Row(
        set_, "R1", EMBEDDED, len(rows), fmean(ours), None, beside, f"R2 {100 * two:.1f}, RL {100 * longest:.1f}"
    )


def grouping_rows(
    set_: str, printed: Sequence[Sequence[Harvest]], others: Mapping[str, list[list[list[str]]]], limit: int = 0
) -> list[Row]:
    """ARI and P1 as means over the orders, with the interval to each clusterer."""
    rows = cases_of(set_, limit)
    if set_ == BATCHES:
        rows, printed = rows[-1:], [draw[-1:] for draw in printed]
        others = {NEW_START.get(name, name): [draw[-1:] for draw in draws] for name, draws in others.items()}
    ours = [[labels(case, out) for case, out in zip(rows, draw, strict=True)] for draw in printed]
    pure = fmean(scorer().check(case, out)["pur"] for draw in printed for case, out in zip(rows, draw, strict=True))
    kinds = fmean(len(out["themes"]) for draw in printed for out in draw)
    found = []
    for measure in MEASURES.get(set_, ("ARI", "P1")):
        means = [fmean(values(rows, draw, measure)) for draw in ours]
        beside = {name: compared(rows, ours, draws, measure) for name, draws in others.items()}
        for name, line in listed(set_).items() if not limit else ():
            if name in LISTED_GROUPINGS:
                value = line["pur" if measure == "purity" else measure]
                gap = over_orders(means, value, line.get("ARI_sd", 0.0))
                beside[LISTED_GROUPINGS[name]] = Beside(value, gap, listed=True)
        note = f"k {kinds:.1f}" if measure == "purity" else f"k {kinds:.1f}, purity {pure:.3f}"
        found.append(Row(set_, measure, EMBEDDED, len(rows), fmean(means), pstdev(means), beside, note))
    return found


def groupings(rows: Sequence[Any], draw: Sequence[Sequence[str]]) -> list[Grouping]:
    """Gold beside found, per case."""
    gold = [[case.gold[n["id"]] for n in case.notes if n["id"] in case.gold] for case in rows]
    return [Grouping(g, f) for g, f in zip(gold, draw, strict=True)]


def values(rows: Sequence[Any], draw: Sequence[Sequence[str]], measure: str) -> list[float]:
    """A measure per case."""
    return [one.value(measure, np.ones(len(found))) for one, found in zip(groupings(rows, draw), draw, strict=True)]


def compared(rows: Sequence[Any], ours: list[list[list[str]]], theirs: list[list[list[str]]], measure: str) -> Beside:
    """Resample the cases where there are many, and the notes where there is one."""
    mean = fmean(fmean(values(rows, draw, measure)) for draw in theirs)
    if len(rows) > 1:
        per_case = [np.mean([values(rows, draw, measure) for draw in draws], axis=0) for draws in (ours, theirs)]
        return Beside(mean, over_cases(per_case[0].tolist(), per_case[1].tolist()))
    one, other = (
        [partial(g.value, measure) for draw in draws for g in groupings(rows, draw)] for draws in (ours, theirs)
    )
    return Beside(mean, over_notes(one, other, len(ours[0][0])))


def known_row(
    set_: str, printed: Sequence[Sequence[Harvest]], others: Mapping[str, list[list[float]]], limit: int = 0
) -> Row:
    """The share of notes whose first theme is right, as a mean over orders and draws of confirmed notes."""
    rows = cases_of(set_, limit)
    per_order = [[right(case, out) for case, out in zip(rows, draw, strict=True)] for draw in printed]
    ours = [x for notes in zip(*per_order, strict=True) for x in np.mean(notes, axis=0).tolist()]
    beside = {
        name: Beside(fmean(theirs), over_cases(ours, theirs))
        for name, theirs in ((name, [x for case in per_case for x in case]) for name, per_case in others.items())
    }
    means = [fmean(x for case in draw for x in case) for draw in per_order]
    none = fmean(scorer().check(case, out)["unas"] for draw in printed for case, out in zip(rows, draw, strict=True))
    return Row(set_, "acc", EMBEDDED, len(rows), fmean(means), pstdev(means), beside, f"unassigned {none:.3f}")


def churn_row(printed: Sequence[Sequence[Harvest]], others: Mapping[str, list[list[list[str]]]]) -> Row:
    """The share of notes that had a theme and have another one a month later; less is better."""
    rows = cases_of(BATCHES)

    def of(draw: Sequence[Mapping[str, str]]) -> float:
        return fmean(scorer().churn(before, after) for before, after in pairwise(draw))

    def themes(case: Any, found: Sequence[str]) -> dict[str, str]:
        ids = [n["id"] for n in case.notes if n["id"] in case.gold]
        return {i: t for i, t in zip(ids, found, strict=True) if not t.startswith("single:")}

    means = [of([themes(c, labels(c, out)) for c, out in zip(rows, draw, strict=True)]) for draw in printed]
    beside = {}
    for name in ("knn-louvain", "warm start"):
        if name not in others:
            continue
        theirs = [of([themes(c, found) for c, found in zip(rows, draw, strict=True)]) for draw in others[name]]
        gap = over_orders(means, fmean(theirs), pstdev(theirs))
        beside[NEW_START.get(name, name)] = Beside(fmean(theirs), gap)
    return Row(BATCHES, "churn", EMBEDDED, len(rows), fmean(means), pstdev(means), beside)


def listed(set_: str) -> Mapping[str, Mapping[str, float]]:
    """Means of systems that are not installed here, as the development data lists them."""
    stored = json.loads((SCORER.parent / "baselines.json").read_text(encoding="utf-8"))
    found: Mapping[str, Mapping[str, float]] = stored["external"].get(set_, {})
    return found


def grounding(set_: str, printed: Sequence[Harvest], engine: str = EMBEDDED, limit: int = 0) -> Grounding:
    """What must be true of every harvest, by the scorer and by the checker."""
    rows = cases_of(set_, limit)
    line = scorer().summarise(list(zip(rows, printed, strict=True)))
    wrong = sum(len(problems(out, case.notes)) for case, out in zip(rows, printed, strict=True))
    themes = [theme for out in printed for theme in out["themes"]]
    return Grounding(
        set=set_,
        engine=engine,
        harvests=len(rows),
        points=sum(len(theme["points"]) for theme in themes),
        quotes=sum(len(theme["quotes"]) for theme in themes),
        verbatim=line["verb"],
        valid=line["valid"],
        supported=line["supp"],
        listed=line["listed"],
        placed=line["placed"],
        problems=wrong,
    )


def measure(
    pool: Executor, sets: Sequence[str] = SETS, limit: int = 0, orders: int = ORDERS
) -> tuple[list[Row], list[Grounding]]:
    """Run everything on these sets; work is spread over the pool, and the biggest is begun first."""
    ours: dict[tuple[str, int], Future[list[Harvest]]] = {}
    for set_ in sorted(sets, key=lambda s: ("known5" not in s, s not in GROUPINGS + KNOWN + (BATCHES,))):
        many = orders if set_ in (*GROUPINGS, *KNOWN, BATCHES) else 1
        ours |= {(set_, k): pool.submit(harvests, set_, k, limit) for k in range(many)}
    texts = {s: pool.submit(ranked, s, limit) for s in sets if s in TEXTS}
    groups = {s: pool.submit(grouped, s, limit) for s in sets if s in (*GROUPINGS, BATCHES)}
    known = {s: pool.submit(placed_right, s, limit) for s in sets if s in KNOWN}
    rows: list[Row] = []
    grounded = []
    for set_ in sets:
        draws = [ours[key].result() for key in sorted(ours) if key[0] == set_]
        if set_ in groups:
            rows += grouping_rows(set_, draws, groups[set_].result(), limit)
        if set_ == BATCHES:
            rows.append(churn_row(draws, groups[set_].result()))
        if set_ in known:
            rows.append(known_row(set_, draws, known[set_].result(), limit))
        if set_ in texts:
            rows.append(text_row(set_, draws[0], texts[set_].result(), limit))
        every = [grounding(set_, draw, limit=limit) for draw in draws]
        grounded.append(worst(every))
    return rows, grounded


def worst(every: Sequence[Grounding]) -> Grounding:
    """One line for all orders: what is lowest, and problems added up."""
    lowest = partial(min, key=lambda g: (g.verbatim, g.valid, g.listed, g.supported))
    first = lowest(every)
    return Grounding(
        **{
            **{name: getattr(first, name) for name in Grounding.__dataclass_fields__},
            "harvests": sum(g.harvests for g in every),
            "points": sum(g.points for g in every),
            "quotes": sum(g.quotes for g in every),
            "problems": sum(g.problems for g in every),
        }
    )


__all__ = ["BATCHES", "GROUPINGS", "KNOWN", "SCORER", "SETS", "TEXTS", "Failed", "measure"]
