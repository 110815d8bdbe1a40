"""The real article of 17 June 2021, read where it lies: who spoke of what, and which lines a reader remembers.

Nothing of it is copied here but single words. It is labelled by hand; the labels are in `GOLD`.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

import pytest

from bot.harvest import Digest, Note, Theme, assign, compose, split, verify
from bot.harvest.aliases import mined
from bot.harvest.liveliness import procedural

FOLDER = Path(__file__).parents[2].parent / "shared" / "source-documents"

pytestmark = pytest.mark.skipif(
    not FOLDER.exists() and not os.environ.get("CI"), reason="the source documents are not on this machine"
)

CORONA, HELP, PARENTS, LASTING, PROGRAMME, ARRANGEMENTS = "123456"
GOLD = {(HELP, "2"), (PARENTS, "1"), (PARENTS, "4"), (LASTING, "3"), (PROGRAMME, "4"), (ARRANGEMENTS, "3"),
        (ARRANGEMENTS, "4")}  # fmt: skip


@lru_cache(maxsize=1)
def document() -> str:
    return next(FOLDER.glob("001*")).read_text(encoding="utf-8")


def agenda() -> list[Theme]:
    """The six numbered themes, with their number as id."""
    return [Theme(n, name.strip()) for n, name in re.findall(r"^\s+([1-6])\. (.+)$", document(), re.MULTILINE)]


def groups() -> list[Note]:
    """The text of each group, `#1` to `#4`."""
    body = document()[document().index("\n#1") :]
    parts = re.split(r"^#(\d)\s*$", body, flags=re.MULTILINE)[1:]
    last = re.split(r"^De volgende werksessie", parts[-1], flags=re.MULTILINE)[0]
    texts = [*parts[1:-1:2], last]
    return [Note(f"g{n}", text.strip(), group=n) for n, text in zip(parts[::2], texts, strict=True)]


@lru_cache(maxsize=1)
def digest() -> Digest:
    return compose(groups(), agenda(), kind="session")


def claims(theme: str) -> list[str]:
    return [claim.text for section in digest().sections if section.theme_id == theme for claim in section.claims]


def quotes() -> str:
    return " ".join(digest().cut(i) for section in digest().sections for i in section.quotes)


@pytest.mark.parametrize("aliases", [(), ("aanbesteden", "jeugdzorg")], ids=["names alone", "with aliases"])
def test_every_group_is_found_under_what_it_spoke_of_and_nobody_under_corona(aliases: tuple[str, ...]) -> None:
    themes = [Theme(t.id, t.name, aliases=aliases if t.id == HELP else ()) for t in agenda()]
    found = {(theme, note[1:]) for note, own in assign(groups(), themes).items() for theme in own}
    right = len(found & GOLD)
    assert 2 * right / (len(found) + len(GOLD)) >= 0.8
    assert not any(theme == CORONA for theme, _ in found)


def test_the_lines_a_reader_remembers_are_picked() -> None:
    assert verify(digest(), groups()) == []
    for word in ("vliegwiel", "nooit meer", "veranderfonteintjes"):
        assert word in quotes(), word
    for word in ("Betrek", "pas op", "scheidslijn", "eindig", "bood aan"):
        assert any(word in text for theme in (HELP, LASTING, ARRANGEMENTS) for text in claims(theme)), word


def test_no_claim_or_quote_only_opens_a_talk() -> None:
    shown = [text for theme in (HELP, PARENTS, LASTING, PROGRAMME, ARRANGEMENTS) for text in claims(theme)]
    assert shown and not any(procedural(text) for text in [*shown, *(digest().cut(i) for s in digest().sections
                                                                    for i in s.quotes)])  # fmt: skip


def test_the_open_questions_of_each_group_are_shown() -> None:
    asked = {
        note.text[span.start : span.end]
        for note in groups()
        for span in split(note.text)
        if note.text[span.start : span.end].endswith("?")
    }
    shown = {digest().cut(i) for section in digest().sections for i in section.open_questions}
    shown |= {claim.text for section in digest().sections for claim in section.claims}
    assert len(asked) >= 10
    assert asked <= shown


def test_what_was_said_about_the_programme_does_not_land_under_parents() -> None:
    parents = [
        digest().cut(i) for s in digest().sections if s.theme_id == PARENTS for c in s.claims for i in c.evidence
    ]
    assert parents
    assert not any(word in text for text in parents for word in ("NPO", "Nationaal", "vliegwiel", "OZA"))
    assert any("vliegwiel" in text for text in claims(PROGRAMME))
    assert not any("eindig" in text for text in claims(ARRANGEMENTS))


def test_short_forms_are_mined_from_all_documents_and_none_is_wrong() -> None:
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(FOLDER.glob("*.txt"))]
    assert len(texts) == 5
    found = {theme: names for theme, names in mined(agenda(), texts).items() if names}
    assert found == {PROGRAMME: ("NPO",), ARRANGEMENTS: ("OZA",)}
