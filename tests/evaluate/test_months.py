"""Half a year handed in month by month, each time only what is new: nobody moves, and the groups stay as good."""

from __future__ import annotations

import os
from datetime import date

import pytest

from bot.harvest import Memory, Note, place, read
from tests.evaluate import development
from tests.evaluate.development import BATCHES, SCORER

pytestmark = [
    pytest.mark.xdist_group("evaluate"),
    pytest.mark.skipif(
        not SCORER.exists() and not os.environ.get("CI"), reason="the development data is not on this machine"
    ),
]


def test_themes_hold_when_each_month_only_the_new_notes_are_handed_in() -> None:
    memory, home, ever = Memory(), dict[str, str](), set[str]()
    chain = development.cases_of(BATCHES)
    for case in chain:
        new = [row for row in case.notes if row["id"] not in ever]
        ever |= {row["id"] for row in new}
        notes = [Note(row["id"], row["text"], date.fromisoformat(row["at"]), group=row["group"]) for row in new]
        memory = place(read(notes), [], memory.only(())).memory
        for one in memory.themes:
            for note in one.notes:
                assert home.setdefault(note, one.theme.id) == one.theme.id
    assert memory.counted == len(chain[-1].notes)
    themes = [{"id": t, "name": t, "notes": [n for n, of in home.items() if of == t], "points": [], "quotes": []}
              for t in sorted(set(home.values()))]  # fmt: skip
    out = {"themes": themes, "unplaced": sorted(ever - home.keys()), "headline": "", "engine": ""}
    line = development.scorer().summarise([(chain[-1], out)])
    assert line["ARI"] >= 0.23
    assert line["placed"] >= 0.95
