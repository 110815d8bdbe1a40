"""Any engine on the project's own Dutch set: themes, groups, kinds, quotable lines, and digests per theme."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import numpy as np

from tests.evaluate import baselines
from tests.evaluate.checker import problems
from tests.evaluate.dutch_set import Marked, Meeting, meetings, pairs
from tests.evaluate.metrics import (
    Grouping,
    Statistic,
    Weights,
    f1,
    over_cases,
    over_notes,
    rouge_l,
    rouge_n,
    words,
)
from tests.evaluate.results import Beside, Grounding, Row
from tests.evaluate.running import ORDERS, Harvest, by_command, in_process, reordered, restored, written

KINDS = ("finding", "question", "concern", "offer", "agreement", "request")
Theme = tuple[str, str]
"""A session and the name of one of its themes that has a reference."""
SHOWN = 3
"""Quotes a theme shows at most."""


@dataclass(frozen=True)
class Answers:
    """What an engine makes of the set; `harvests` with the agenda, `digests` of the notes of one gold theme each."""

    engine: str
    harvests: Mapping[str, Harvest]
    digests: Mapping[Theme, Harvest]
    kinds: Mapping[Marked, str]
    groups: tuple[Mapping[str, Harvest], ...] = ()
    """Without the agenda, once per input order."""


def embedded(engine: str, kind_of: Callable[[str], str], orders: int = ORDERS) -> Answers:
    """The embedded engine: the command itself for the sessions, and its path in this process for the rest."""
    with tempfile.TemporaryDirectory(prefix="oogst-dutch-") as name:
        folder = Path(name)
        whole = {m.name: by_command(written(folder / m.name, m.notes, m.agenda)) for m in meetings()}
        digests = {
            (m.name, theme): in_process(written(folder / f"{m.name}-{k}", notes_of(m, theme), []))
            for m in meetings()
            for k, theme in enumerate(m.reference)
        }
        groups = []
        for order in range(orders):
            found = {}
            for m in meetings():
                notes, ids = reordered(m.notes, order)
                found[m.name] = restored(in_process(written(folder / f"{m.name}-order{order}", notes, [])), ids)
            groups.append(found)
    kinds = {marked: kind_of(m.text[marked.note][marked.start : marked.end]) for m in meetings() for marked in m.marked}
    return Answers(engine, whole, digests, kinds, tuple(groups))


def notes_of(meeting: Meeting, theme: str) -> list[dict[str, Any]]:
    """The notes that the gold puts in a theme."""
    return [note for note in meeting.notes if theme in meeting.themes[note["id"]]]


def rows(answers: Answers) -> list[Row]:
    """Every measure on the set, each with its baselines."""
    found = [_themes(answers), _kinds(answers), _digest(answers), _quotable(answers)]
    return [found[0], *([_groups(answers)] if answers.groups else []), *found[1:]]


# Themes of a note


def _themes(answers: Answers) -> Row:
    """F1 over pairs of note and theme."""
    notes = [(m, note["id"]) for m in meetings() for note in m.notes]
    gold = [set(m.themes[i]) for m, i in notes]
    ours = [placed(answers.harvests[m.name], i) for m, i in notes]
    systems: dict[str, list[list[set[str]]]] = {
        "random": [_said(partial(baselines.chance_theme, seed=k)) for k in range(5)],
        "alias stands in it": [_said(baselines.said_theme)],
        "nearest centroid": [_said(baselines.nearest_theme)],
    }
    statistic = _pairs_f1(gold, ours)
    ones = np.ones(len(notes))
    beside = {}
    for name, draws in systems.items():
        theirs = [_pairs_f1(gold, draw) for draw in draws]
        beside[name] = Beside(fmean(f(ones) for f in theirs), over_notes([statistic], theirs, len(notes)))
    nothing = [k for k, themes in enumerate(gold) if not themes]
    note = f"about nothing: {sum(not ours[k] for k in nothing)} of {len(nothing)} left out"
    return Row("dutch-themes", "pair F1", answers.engine, len(notes), statistic(ones), None, beside, note)


def placed(printed: Harvest, note: str) -> set[str]:
    """The names of the themes that list a note."""
    return {theme["name"] for theme in printed["themes"] if note in theme["notes"]}


def _said(place: Callable[[Sequence[Any], Sequence[Any]], list[list[str]]]) -> list[set[str]]:
    return [set(names) for m in meetings() for names in place(m.notes, m.agenda)]


def _pairs_f1(gold: Sequence[set[str]], found: Sequence[set[str]]) -> Statistic:
    counts = np.array([[len(g & f), len(f), len(g)] for g, f in zip(gold, found, strict=True)], dtype=float)
    return lambda weights: f1(*(weights @ counts).tolist())


# Groups without an agenda


def _groups(answers: Answers) -> Row:
    """ARI of the first theme, mean of both sessions and of all orders; notes about nothing do not count."""
    kept = {m.name: [i for i in m.text if m.themes[i]] for m in meetings()}
    sizes = [len(ids) for ids in kept.values()]

    def both(draw: Mapping[str, Sequence[object]]) -> Statistic:
        parts = [Grouping([m.themes[i][0] for i in kept[m.name]], list(draw[m.name])) for m in meetings()]

        def mean(weights: Weights) -> float:
            return fmean(part.ari(w) for part, w in zip(parts, np.split(weights, np.cumsum(sizes)[:-1]), strict=True))

        return mean

    ours = [both({name: [_first(out[name], i) for i in ids] for name, ids in kept.items()}) for out in answers.groups]
    systems = {
        "random": [both({n: _drawn(len(ids), k) for n, ids in kept.items()}) for k in range(5)],
        "knn-louvain": [
            both({m.name: baselines.knn_louvain([x for x in m.notes if m.themes[x["id"]]], k) for m in meetings()})
            for k in range(5)
        ],
    }
    ones = np.ones(sum(sizes))
    beside = {
        name: Beside(fmean(f(ones) for f in draws), over_notes(ours, draws, sum(sizes)))
        for name, draws in systems.items()
    }
    means = [f(ones) for f in ours]
    many = fmean(len(out["themes"]) for draw in answers.groups for out in draw.values())
    return Row("dutch-groups", "ARI", answers.engine, len(sizes), fmean(means), pstdev(means), beside, f"k {many:.1f}")


def _first(printed: Harvest, note: str) -> str:
    return next((theme["id"] for theme in printed["themes"] if note in theme["notes"]), f"alone {note}")


def _drawn(size: int, seed: int) -> list[int]:
    return np.random.default_rng(seed).integers(0, 6, size).tolist()


# Kinds of sentences


def _kinds(answers: Answers) -> Row:
    """Macro F1 over six kinds."""
    marked = [one for m in meetings() for one in m.marked]
    text = {one: m.text[one.note][one.start : one.end] for m in meetings() for one in m.marked}
    gold = [one.kind for one in marked]
    ours = [answers.kinds.get(one, "") for one in marked]
    systems = {
        "always a finding": ["finding"] * len(marked),
        "question mark": ["question" if text[one].endswith("?") else "finding" for one in marked],
    }
    statistic, ones = _macro_f1(gold, ours), np.ones(len(marked))
    beside = {}
    for name, found in systems.items():
        theirs = _macro_f1(gold, found)
        beside[name] = Beside(theirs(ones), over_notes([statistic], [theirs], len(marked)))
    right = sum(a == b for a, b in zip(gold, ours, strict=True))
    note = f"accuracy {right / len(marked):.3f}"
    return Row("dutch-kinds", "macro F1", answers.engine, len(marked), statistic(ones), None, beside, note)


def _macro_f1(gold: Sequence[str], found: Sequence[str]) -> Statistic:
    counts = np.array(
        [
            [x for kind in KINDS for x in (g == f == kind, f == kind, g == kind)]
            for g, f in zip(gold, found, strict=True)
        ],
        dtype=float,
    )

    def mean(weights: Weights) -> float:
        return fmean(f1(*part.tolist()) for part in (weights @ counts).reshape(len(KINDS), 3))

    return mean


# Digests and quotes of one theme


def within(texts: Sequence[str], budget: int) -> str:
    """What fits in a number of words, best first; the first is always taken, and cut off at the end."""
    taken, used = list[str](), 0
    for text in texts:
        size = len(words(text))
        if not taken or used + size <= budget:
            taken.append(text)
            used += size
    text = " ".join(taken)
    return text if used <= budget else " ".join(words(text)[:budget])


def _cases() -> list[tuple[Meeting, str, str]]:
    return [(m, theme, reference) for m in meetings() for theme, reference in m.reference.items()]


def _digest(answers: Answers) -> Row:
    """ROUGE-1 against the reference of a theme, at its length."""
    ours, two, longest = list[float](), list[float](), list[float]()
    theirs: dict[str, list[float]] = {name: [] for name in baselines.RANKINGS}
    for m, theme, reference in _cases():
        budget = len(words(reference))
        text = within([p["text"] for t in answers.digests[m.name, theme]["themes"] for p in t["points"]], budget)
        ours.append(rouge_n(reference, text, 1))
        two.append(rouge_n(reference, text, 2))
        longest.append(rouge_l(reference, text))
        sentences = baselines.lines(notes_of(m, theme))
        for name, draws in baselines.RANKINGS.items():
            texts = (within([sentences[k].text for k in rank(sentences)], budget) for rank in draws)
            theirs[name].append(fmean(rouge_n(reference, text, 1) for text in texts))
    beside = {name: Beside(fmean(values), over_cases(ours, values)) for name, values in theirs.items()}
    note = f"R2 {100 * fmean(two):.1f}, RL {100 * fmean(longest):.1f}"
    return Row("dutch-digest", "R1", answers.engine, len(ours), fmean(ours), None, beside, note)


def _quotable(answers: Answers) -> Row:
    """Of the quotes shown with a theme, the share that a reader marked as quotable."""
    ours = list[float]()
    theirs: dict[str, list[float]] = {name: [] for name in baselines.RANKINGS}
    caught = 0
    for m, theme, _ in _cases():
        quotes = [(q["note"], q["text"]) for t in answers.digests[m.name, theme]["themes"] for q in t["quotes"]]
        shown = [_is_quotable(m, note, text) for note, text in quotes[:SHOWN]]
        ours.append(fmean(shown) if shown else 0.0)
        caught += sum(shown)
        sentences = baselines.lines(notes_of(m, theme))
        for name, draws in baselines.RANKINGS.items():
            firsts = [[sentences[k] for k in rank(sentences)[:SHOWN]] for rank in draws]
            theirs[name].append(fmean(fmean(_is_quotable(m, s.note, s.text) for s in shown) for shown in firsts))
    beside = {name: Beside(fmean(values), over_cases(ours, values)) for name, values in theirs.items()}
    note = f"{caught} quotable lines shown"
    return Row("dutch-quotes", "precision", answers.engine, len(ours), fmean(ours), None, beside, note)


def _is_quotable(meeting: Meeting, note: str, text: str) -> bool:
    """Most of the words of the quote are those of one marked line, and the other way round."""
    said = set(words(text))
    for marked in meeting.marked:
        if marked.note == note and marked.quotable:
            line = set(words(meeting.text[note][marked.start : marked.end]))
            if len(said & line) >= 0.8 * len(said | line):
                return True
    return False


# Grounding


def merged(printed: Harvest, what: str) -> list[list[str]]:
    """The pairs of notes that must not be taken for one and yet carry the same point."""
    return [
        pair
        for pair in pairs(what)
        for theme in printed["themes"]
        for point in theme["points"]
        if set(pair[:2]) <= {i.rpartition(".s")[0] for i in point["evidence"]}
        and all(point["text"].startswith(opening) for opening in pair[2:])
    ]


def grounding(answers: Answers, *, written_points: bool = False) -> Grounding:
    """The checker on every harvest of the set; with `written_points` points may be in an engine's own words."""
    every = [(m.notes, answers.harvests[m.name]) for m in meetings()]
    every += [(notes_of(m, theme), answers.digests[m.name, theme]) for m, theme, _ in _cases()]
    every += [(m.notes, draw[m.name]) for draw in answers.groups for m in meetings()]
    wrong = [p for notes, out in every for p in problems(out, notes, written=written_points)]
    themes = [(t, {n["id"]: n["text"] for n in notes}) for notes, out in every for t in out["themes"]]
    points = [(p, texts) for t, texts in themes for p in t["points"]]
    quotes = [(q, texts) for t, texts in themes for q in t["quotes"]]
    ids = [(i.rpartition(".s")[0], texts) for p, texts in points for i in p["evidence"]]
    listed = [i in {*_placed_notes(out), *out["unplaced"]} for notes, out in every for i in (n["id"] for n in notes)]
    placed_ = [n["id"] in _placed_notes(out) for notes, out in every for n in notes]
    return Grounding(
        set="dutch",
        engine=answers.engine,
        harvests=len(every),
        points=len(points),
        quotes=len(quotes),
        verbatim=_share([q["text"] in texts[q["note"]] for q, texts in quotes]),
        valid=_share([note in texts for note, texts in ids]),
        supported=_share(
            [_support(p["text"], [texts[i.rpartition(".s")[0]] for i in p["evidence"]]) >= 0.5 for p, texts in points]
        ),
        listed=_share(listed),
        placed=_share(placed_),
        problems=len(wrong),
    )


def _placed_notes(printed: Harvest) -> set[str]:
    return {i for theme in printed["themes"] for i in theme["notes"]}


def _share(values: Sequence[bool]) -> float:
    return fmean(values) if values else 1.0


def _support(claim: str, cited: Sequence[str]) -> float:
    """The share of a claim's content words whose first five letters are in the notes it cites."""
    have = {w[:5] for text in cited for w in words(text)}
    own = [w for w in words(claim) if w not in baselines.COMMON and len(w) > 2]
    return _share([w[:5] in have for w in own])
