"""`oogst export --examples`: the good examples that regions share, for a newsletter or a website."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.trail import Entry, Kind, State, Value
from handlers.documents import FORMATS, installed
from handlers.terminal import ENV_FILE
from handlers.terminal.examples import export_examples
from handlers.terminal.screen import DONE
from storage import schema, trail
from tests.handlers.house import TEAM, House, wall


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A computer on which Oogst knows two regions."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("OOGST_", "SLACK_")):
            monkeypatch.delenv(name)
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)
    made = House(tmp_path, wall(2021, 6, 17, 9), location=location)
    made.region("Haaglanden")
    made.region("Waterweg")
    return made


def make(house: House, entry_id: str, kind: Kind, state: State, parent: str | None = None, **texts: str) -> Entry:
    region = "rg_0002" if kind is Kind.ADOPTION else "rg_0001"
    entry = Entry(entry_id, TEAM, region, kind, {n: Value(t) for n, t in texts.items()}, state, parent)
    house.write(lambda db: trail.make(db, entry, "sanne", house.clock.at))
    return entry


@pytest.mark.practice("003:11, 003:81-83")
@pytest.mark.practice("001:9")
def test_what_is_shared_goes_out_in_every_form_and_names_only_who_said_yes(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export_examples(ENV_FILE, Path("uit")) == DONE
    assert "nog geen voorbeeld" in capsys.readouterr().out
    coffee = {"title": "Koffie met ouders", "what": "Elke week een uur open.", "success": "Niemand hoeft iets."}
    make(house, "te_1", Kind.EXAMPLE, State.SHARED, **coffee, contact="Noor Voorbeeld")
    make(house, "te_2", Kind.EXAMPLE, State.SHARED, title="Samen rijden", what="Eén bus.", contact="Youssef Voorbeeld")
    make(house, "te_3", Kind.EXAMPLE, State.KEPT, title="Nog van ons", what="Stil.")
    make(house, "te_4", Kind.ADOPTION, State.SHARED, "te_2", title="Bij ons met de fiets.")
    contact = make(house, "te_5", Kind.CONTACT, State.KEPT, title="Noor Voorbeeld")
    make(house, "te_6", Kind.CONTACT, State.KEPT, title="Youssef Voorbeeld")
    house.write(lambda db: trail.confirm(db, contact, "noor", house.clock.at))
    assert export_examples(ENV_FILE, Path("uit")) == DONE
    files = sorted(Path("uit").iterdir())
    assert [path.suffix[1:] for path in files] == sorted(kind for kind in FORMATS if installed(kind))
    said = next(path for path in files if path.suffix == ".md").read_text()
    assert said.index("Samen rijden") < said.index("Koffie met ouders"), "the most used first"
    assert "Bij ons met de fiets." in said and "gedeeld op 17 juni 2021" in said
    assert "Noor Voorbeeld weet meer" in said and "Youssef Voorbeeld" not in said and "Nog van ons" not in said
    word = next(path for path in files if path.suffix == ".docx")
    before = word.read_bytes()
    assert export_examples(ENV_FILE, Path("uit"), form="docx") == DONE
    assert word.read_bytes() == before, "the same file"
