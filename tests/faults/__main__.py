"""`make faults`: kill the bot, and two usual strategies, at every place, and write docs/faults.md.

With `--soak` the year of twelve regions is lived as well; without it what the page says of that year stays as it is.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from storage.crashpoints import POINTS
from tests.faults import choosing, deliveries
from tests.faults.deliveries import OURS, STRATEGIES
from tests.faults.page import PAGE, Mixed, read_soak, write
from tests.faults.parts import choice, delivery, mix

RUNS = 20
SEEDS = 50


def main() -> int:
    """Run all of it on two processors; 0 when nothing was lost and nothing double with ours."""
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("--runs", type=int, default=RUNS, help="for each place and strategy")
    options.add_argument("--seeds", type=int, default=SEEDS, help="of two hundred mixed events")
    options.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    chosen = options.parse_args()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two:
        posted = [two.submit(delivery, s, p, chosen.runs) for s in STRATEGIES for p in deliveries.POINTS]
        tapped = [two.submit(choice, p, chosen.runs) for p in choosing.POINTS]
        mixed = [two.submit(mix, seed) for seed in range(chosen.seeds)]
        table = {(strategy, point): tally for strategy, point, tally in (_said(each) for each in posted)}
        taps = dict(_said(each) for each in tapped)
        mixes = Mixed(*zip(*(_said(each) for each in mixed), strict=True)) if mixed else Mixed((), (), ())
    soak = read_soak(chosen.out)
    chosen.out.write_text(write(POINTS, table, taps, mixes, soak), encoding="utf-8")
    ours = [tally for (strategy, _), tally in table.items() if strategy == OURS and tally is not None]
    wrong = [each for tally in [*ours, *taps.values()] for each in tally.wrong]
    wrong += [each for problems in mixes.wrong for each in problems]
    alive = [tally for tally in [*ours, *taps.values()] if tally.died < tally.runs]
    print("\n".join(wrong) or f"nothing lost, nothing double; {chosen.out} is written")  # noqa: T201 - for who ran it
    return 1 if wrong or alive else 0


def _said(future: object) -> object:
    """Wait for one part, and say that it is there."""
    found = future.result()  # type: ignore[attr-defined]  # a Future of any of the three
    print("\r", *[str(each)[:60] for each in found[:2]], end="", flush=True)  # noqa: T201 - it takes minutes
    return found


if __name__ == "__main__":
    sys.exit(main())
