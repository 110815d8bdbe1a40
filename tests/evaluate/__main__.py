"""`make evaluate`: how good the digests are, beside baselines from the same run. A table, and the same in the docs."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bot.harvest import ENGINE, kind_of
from tests.evaluate import development, model, own, table
from tests.evaluate.gates import below, missed
from tests.evaluate.results import Grounding, Results, Row
from tests.evaluate.running import ORDERS, by_command, in_process, written

QUICK = ("session", "dekamer-digest", "qmsum-theme")
SAMPLE = ("session", "session-known", "dekamer-digest", "dekamer-title", "polis-themes", "qmsum-theme")
"""Sets whose first case is also run as the command, to hold that it prints what this process measured."""


def sampled(sets: Sequence[str]) -> list[str]:
    """The sets where the command prints something else than its path in this process; none is right."""
    differ = []
    with tempfile.TemporaryDirectory(prefix="oogst-sample-") as name:
        for set_ in sets:
            case = development.cases_of(set_, 1)[0]
            files = [written(Path(name) / f"{set_}{k}", case.notes, case.agenda) for k in range(2)]
            if by_command(files[0]) != in_process(files[1]):
                differ.append(set_)
    return differ


def evaluate(quick: bool = False) -> Results:
    """Measure; without the development data beside the project, our own set alone."""
    begun = time.perf_counter()
    rows: list[Row] = []
    grounding: list[Grounding] = []
    left_out: list[str] = []
    orders = 2 if quick else ORDERS
    if development.SCORER.exists():
        sets, limit = (QUICK, 3) if quick else (development.SETS, 0)
        with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            rows, grounding = development.measure(pool, sets, limit, orders)
        if differ := sampled(QUICK if quick else SAMPLE):
            left_out.append(f"the command prints something else than was measured on {', '.join(differ)}")
        if quick:
            left_out.append("all but three cases of three sets")
        rows.append(model.sessions_row())
    else:
        left_out.append("the development data, which is not beside the project")
    ours = own.embedded("embedded", lambda text: kind_of(text).value, orders)
    rows += own.rows(ours)
    grounding.append(own.grounding(ours))
    theirs, remarks = model.answers(ours)
    rows += own.rows(theirs)
    grounding.append(own.grounding(theirs, written_points=True))
    seconds = time.perf_counter() - begun
    return Results(ENGINE, tuple(rows), tuple(grounding), seconds, tuple(left_out), remarks)


def main() -> int:
    """Measure, print, write into the docs when the run is whole; 1 when a gate does not hold."""
    parser = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few cases, nothing is written")
    results = evaluate(parser.parse_args().quick)
    print(table.page(results))  # noqa: T201  the table is what this is for
    if not results.left_out:
        table.store(results)
    bad = [] if results.left_out else missed(results)
    for row in results.rows:
        for name, by in below(row).items():
            print(f"below {name}: {row.set} {row.measure} ({row.engine}) by {-by:.4f}", file=sys.stderr)  # noqa: T201
    for line in bad:
        print(f"gate: {line}", file=sys.stderr)  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
