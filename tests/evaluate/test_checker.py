"""The checker itself: what it must see besides damaged quotes, and that it shares nothing with the engine."""

from __future__ import annotations

import ast
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.evaluate import checker

NOTES = [
    {"id": "n:1.s", "text": "Ouders komen niet meer. Wie belt ze?\n- Noor biedt aan om te bellen"},
    {"id": "n2", "text": "Het kostte 3.5 uur, o.a. door de bus. Dhr. De Wit was er niet."},
    {"id": "n3", "text": "🙂"},
]
GOOD: dict[str, Any] = {
    "themes": [
        {
            "id": "t1",
            "name": "Ouders",
            "notes": ["n:1.s", "n2"],
            "points": [
                {"text": "Wie belt ze?", "evidence": ["n:1.s.s2"]},
                {"text": "Dhr. De Wit was er niet.", "evidence": ["n2.s2"]},
            ],
            "quotes": [{"note": "n:1.s", "text": "Noor biedt aan om te bellen"}],
        }
    ],
    "unplaced": ["n3"],
}


def test_a_true_harvest_has_no_problems() -> None:
    assert checker.problems(GOOD, NOTES) == []


def test_the_checker_shares_no_code_with_the_engine() -> None:
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    taken = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    taken |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert taken == {"__future__", "re", "collections.abc", "typing"}


def point(text: str, *evidence: object) -> dict[str, Any]:
    return {"text": text, "evidence": list(evidence)}


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("unplaced", []),
        ("unplaced", ["n3", "n2"]),
        ("unplaced", ["n3", "n4"]),
        ("points", [point("Wie belt ze?")]),
        ("points", [point("Wie belt ze?", "n:1.s.s9")]),
        ("points", [point("Wie belt ze?", "n:1.s.s1")]),
        ("points", [point("Wie belt ze?", "n:1.s.s0")]),
        ("points", [point("Wie belt ze?", "n9.s1")]),
        ("points", [point("Wie belt ze?", "n3.s1")]),
        ("points", [point("Wie belt ze?", None)]),
        ("points", [point("Wie belt ons?", "n:1.s.s2")]),
        ("points", [point("5 uur, o.a. door de bus.", "n2.s1")]),
        ("points", [point("a. door de bus.", "n2.s1")]),
        ("points", [point("De Wit was er niet.", "n2.s2")]),
        ("points", [point("Wie belt ze?", "n:1.s.s2"), point("Noor biedt aan om te bellen", "n:1.s.s2")]),
        ("quotes", [{"note": "n3", "text": "🙂"}]),
        ("quotes", [{"note": "n2", "text": "Wie belt ze?"}]),
        ("quotes", [{"note": "n:1.s", "text": ""}]),
        ("quotes", [{"note": "n:1.s", "text": "Ouders komen niet meer. Wie belt ze?"}]),
        ("notes", ["n:1.s", "n2", "n2"]),
    ],
)
def test_what_is_wrong_is_seen(where: str, value: Any) -> None:
    bad = deepcopy(GOOD)
    (bad if where == "unplaced" else bad["themes"][0])[where] = value
    assert checker.problems(bad, NOTES) != []


@pytest.mark.parametrize("bad", [None, [], {}, {"themes": [{}], "unplaced": []}, {"themes": "all", "unplaced": []}])
def test_what_is_no_harvest_is_refused(bad: Any) -> None:
    assert checker.problems(bad, NOTES) != []
