"""`oogst harvest`: what it prints, what it keeps, and what it says to input that it cannot use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.terminal.harvest import harvest
from handlers.terminal.state import read_memory

ROOT = Path(__file__).parents[2]
NOTES = [
    {"id": "a:1", "text": "De wachtlijst is lang. Wie belt de ouders?", "at": "2021-06-17", "group": "1", "lang": "nl"},
    {"id": "a-2.s", "text": "De bus komt te laat. Noor bood aan om te bellen.", "at": None, "group": "2"},
    {"id": "a3", "text": "Het regende."},
]
AGENDA = [{"name": "Wachtlijsten", "aliases": ["wachtlijst"]}, {"name": "Vervoer", "aliases": ["bus"]}]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    notes, agenda = tmp_path / "notes.jsonl", tmp_path / "agenda.json"
    notes.write_text("".join(json.dumps(row) + "\n" for row in NOTES), encoding="utf-8")
    agenda.write_text(json.dumps(AGENDA), encoding="utf-8")
    return notes, agenda


def test_json_lists_every_note_and_points_back_to_sentences(
    files: tuple[Path, Path], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert harvest(*files, as_json=True) == 0
    out = json.loads(capfdbinary.readouterr().out)
    assert out["unplaced"] == ["a3"]
    assert {theme["name"]: theme["notes"] for theme in out["themes"]} == {"Wachtlijsten": ["a:1"], "Vervoer": ["a-2.s"]}
    text = {row["id"]: row["text"] for row in NOTES}
    for theme in out["themes"]:
        assert theme["points"] and theme["quotes"]
        for point in theme["points"]:
            assert all(e.rpartition(".s")[0] in text for e in point["evidence"])
        for quote in theme["quotes"]:
            assert quote["text"] in text[quote["note"]]


def test_people_get_a_summary_with_the_source_of_each_sentence(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert harvest(*files) == 0
    shown = capsys.readouterr().out
    assert "Wachtlijsten" in shown and "[a:1.s1]" in shown and "a3" in shown


def test_a_theme_keeps_its_id_and_its_notes_in_the_next_harvest(
    files: tuple[Path, Path], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = []
    for _ in range(2):
        assert harvest(*files, state=tmp_path / "state", as_json=True) == 0
        found.append(capfdbinary.readouterr().out)
    assert found[0] == found[1]
    kept = read_memory(tmp_path / "state", {row["id"] for row in NOTES if row["id"]})
    assert {one.theme.name: one.notes for one in kept.themes} == {"Wachtlijsten": ("a:1",), "Vervoer": ("a-2.s",)}
    assert kept.unplaced == ("a3",) and kept.counted == 3


def test_only_what_is_new_is_handed_in_and_the_rest_stays_where_it_was(
    files: tuple[Path, Path], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert harvest(*files, state=tmp_path / "state", as_json=True) == 0
    first = json.loads(capfdbinary.readouterr().out)
    later = tmp_path / "later.jsonl"
    later.write_text(json.dumps({"id": "a4", "text": "De bus is weer te laat."}) + "\n", encoding="utf-8")
    assert harvest(later, files[1], state=tmp_path / "state", as_json=True) == 0
    out = json.loads(capfdbinary.readouterr().out)
    assert [theme["notes"] for theme in out["themes"]] == [["a4"]]
    assert out["themes"][0]["id"] in {theme["id"] for theme in first["themes"]}
    kept = read_memory(tmp_path / "state", {"a:1", "a4"})
    assert sorted(note for one in kept.themes for note in one.notes) == ["a4", "a:1"]
    assert kept.counted == 4


def test_what_the_first_version_kept_is_taken_over(
    files: tuple[Path, Path], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    row = {"id": "th_old", "name": "Weer", "aliases": [], "status": "proposed", "notes": ["a3"], "features": []}
    (tmp_path / "state").mkdir()
    kept = {"version": 1, "themes": [row], "proposed_merges": []}
    (tmp_path / "state" / "harvest.json").write_text(json.dumps(kept), encoding="utf-8")
    assert harvest(*files, state=tmp_path / "state", as_json=True) == 0
    out = json.loads(capfdbinary.readouterr().out)
    assert next(theme["notes"] for theme in out["themes"] if theme["id"] == "th_old") == ["a3"]


def test_half_an_emoji_in_a_note_is_no_reason_to_stop(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    notes = tmp_path / "notes.jsonl"
    notes.write_text(
        '{"id": "a", "text": "Het werkt goed \\\\ud83d in de klas."}\n'.replace("\\\\", "\\"), encoding="utf-8"
    )
    assert harvest(notes, as_json=True) == 0
    assert json.loads(capfdbinary.readouterr().out)["themes"][0]["notes"] == ["a"]


GOOD = '{"id": "a", "text": "Een zin."}\n'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "geen notities"),
        ("\n\n", "geen notities"),
        ("dit is geen json\n", "regel 1: dit is geen JSON"),
        (GOOD + "[1, 2]\n", "regel 2: dit is geen JSON"),
        ('{"text": "Een zin."}\n', "het veld 'id'"),
        ('{"id": "", "text": "Een zin."}\n', "het veld 'id'"),
        ('{"id": 5, "text": "Een zin."}\n', "het veld 'id'"),
        ('{"id": "a"}\n', "het veld 'text'"),
        ('{"id": "a", "text": "Een zin.", "at": "31 februari"}\n', "het veld 'at'"),
        ('{"id": "a", "text": "Een zin.", "themes": "Vervoer"}\n', "het veld 'themes'"),
        (GOOD + "\n" + GOOD, "regel 3: de notitie a staat ook op regel 1"),
    ],
)
def test_notes_that_cannot_be_used_get_one_clear_line(
    content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.jsonl"
    notes.write_text(content, encoding="utf-8")
    assert harvest(notes, as_json=True) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert says in shown.err and shown.err.count("\n") == 1


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", None])
def test_a_file_that_cannot_be_read_gets_one_clear_line(
    data: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes.jsonl"
    if data is not None:
        notes.write_bytes(data)
    assert harvest(notes, as_json=True) == 2
    assert "niet te lezen" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", ["{}", '[{"naam": "x"}]', '[{"name": "x", "aliases": [1]}]', '[{"name": "x"}, {"name": "x"}]']
)
def test_an_agenda_that_is_no_list_of_themes_gets_one_clear_line(
    content: str, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[1].write_text(content, encoding="utf-8")
    assert harvest(*files, as_json=True) == 2
    assert "lijst van thema's" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["harvest.json", "harvest.db"])
@pytest.mark.parametrize(
    "content", ["{", "{}", "[]", '{"version": 99}', '{"version": 1, "themes": [{}], "proposed_merges": []}']
)
def test_a_damaged_memory_is_told_and_left_as_it_is(
    content: str, name: str, files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "state" / name
    kept.parent.mkdir()
    kept.write_text(content, encoding="utf-8")
    assert harvest(*files, state=kept.parent, as_json=True) == 2
    assert str(kept) in capsys.readouterr().err.replace("\n", "")
    assert kept.read_text(encoding="utf-8") == content


def test_long_work_says_what_it_is_doing_and_keeps_the_result_clean(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    notes = tmp_path / "notes.jsonl"
    rows = [{"id": f"n{k}", "text": f"Zin {k} over bus en school."} for k in range(300)]
    notes.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    agenda = tmp_path / "agenda.json"
    agenda.write_text('[{"name": "Vervoer", "aliases": ["bus"]}]', encoding="utf-8")
    assert harvest(notes, agenda, as_json=True) == 0
    shown = capfdbinary.readouterr()
    assert json.loads(shown.out) and b"300 notities" in shown.err


def test_a_small_harvest_loads_no_graph_library_and_no_texts() -> None:
    asked = (
        "import sys, handlers.terminal.harvest; print([m for m in ('networkx', 'babel', 'rich') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"
