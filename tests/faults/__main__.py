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
from tests.faults.page import PAGE, Found, read_soak, write
from tests.faults.parts import choice, delivery, mix

RUNS = 20
SEEDS = 50


def main() -> int:
    """Run all of it on two processors; 0 when nothing was lost and nothing double with ours."""
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("--runs", type=int, default=RUNS, help="for each place")
    options.add_argument("--others", type=int, default=RUNS, help="for each place of the two usual ways to post")
    options.add_argument("--seeds", type=int, default=SEEDS, help="of two hundred mixed events")
    options.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    chosen = options.parse_args()
    found, soak = Found(), read_soak(chosen.out)
    usual = [strategy for strategy in STRATEGIES if strategy != OURS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as two:
        parts = [
            *(two.submit(delivery, OURS, point, chosen.runs) for point in deliveries.POINTS),
            *(
                two.submit(delivery, strategy, point, chosen.others)
                for strategy in usual
                for point in deliveries.POINTS
            ),
            *(two.submit(choice, point, chosen.runs) for point in choosing.POINTS),
            *(two.submit(mix, seed) for seed in range(chosen.seeds)),
        ]
        for number, part in enumerate(parts, start=1):  # written after each part: who stops it has what there is
            found.add(part.result())
            chosen.out.write_text(write(POINTS, found, soak), encoding="utf-8")
            print(f"{number} of {len(parts)} parts", flush=True)  # noqa: T201 - it takes a while
    print("\n".join(found.wrong) or f"nothing lost, nothing double; {chosen.out} is written")  # noqa: T201 - the same
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
