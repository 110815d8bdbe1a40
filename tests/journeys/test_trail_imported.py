"""The five first documents, really imported and confirmed: a member of the region finds all of it within three taps.

Nothing of the documents is in this project: what must be on the screen is read from the rows that the import wrote.
That these rows are right is for `tests/bot/test_trail_documents.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.trail import Kind
from handlers.words import Words
from storage.trail.importing import of_programme
from tests.conftest import ROOT
from tests.journeys.driver import ROSTER, Oogst, Slack
from tests.journeys.test_trail_browser import MOST_TAPS, Reader, picture

DOCUMENTS = ROOT.parent / "shared" / "source-documents"
FILES = 5
LONGEST = 90
"""Characters of a text that are looked for: lists cut what is longer."""
pytestmark = pytest.mark.browser
LATER = pytest.param("en", marks=pytest.mark.matrix)


@dataclass(frozen=True)
class Row:
    """An entry as the import wrote it: `number` is that of its document."""

    id: str
    kind: Kind
    region: str
    parent: str
    number: str
    document: str
    lines: tuple[int, int]
    values: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return shortly(self.values["title"])

    @property
    def waits(self) -> bool:
        """Whether somebody must say first of which region it is."""
        return not self.region and not of_programme(self.kind)


def shortly(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= LONGEST else said[:LONGEST].rsplit(" ", 1)[0]


def rows(oogst: Oogst, state: str) -> list[Row]:
    """Everything of the trail in this state, with its words."""
    found: dict[str, Row] = {}
    for id_, kind, region, parent, file, document, first, last, name, text in oogst.rows(
        "SELECT t.id, t.kind, coalesce(t.region_id, ''), coalesce(t.parent_id, ''), m.file_name, m.title,"
        " t.first_line, t.last_line, v.name, v.text FROM trail t"
        " JOIN material m ON m.team_id = t.team_id AND m.id = t.material_id"
        " JOIN trail_value v ON v.team_id = t.team_id AND v.trail_id = t.id"
        f" WHERE t.state = '{state}' ORDER BY t.position, t.id"
    ):
        made = Row(id_, Kind(kind), region, parent, file[:3], document, (first, last))
        found.setdefault(id_, made).values[name] = text
    return list(found.values())


@pytest.fixture
def documents() -> list[Path]:
    files = sorted(DOCUMENTS.glob("*.txt"))
    if len(files) < FILES:
        assert os.environ.get("CI") != "true", "the source documents must be there where everything is checked"
        pytest.skip(f"{DOCUMENTS} is missing")
    return files


@pytest.fixture
def imported(oogst: Oogst, documents: list[Path]) -> Oogst:
    """A bot to which the documents were given, as somebody does who keeps it."""
    oogst.stop()
    oogst.run("import", *documents)
    oogst.start()
    return oogst


def confirm(reader: Reader, imported: Oogst, words: Words, name: str) -> str:
    """The coordinator says that all of it is right, and of which region the rest is. Returns that region's name."""
    found = rows(imported, "proposed")
    mine = [row for row in found if not row.region]
    about = {row.number: row.document for row in mine if row.waits}
    region_named = {number for number in about if number in ("000", "002")}
    held = [row for row in mine if row.waits and row.number not in region_named]
    ready = len(mine) - len(held)
    assert ready > 100 and held, "three documents are of the programme, or name their region"

    reader.starts()
    expect(reader.pane).to_contain_text(re.compile(rf"\b{len(mine)}\b"))
    picture(reader.page, f"a-home-{name}")
    reader.tap(words("trail.proposed_look"))
    expect(reader.window).to_contain_text(words.count("trail.keep_all", ready))
    picture(reader.page, f"b-found-{name}")
    reader.tap(words.count("trail.keep_all", ready))
    expect(reader.window).to_contain_text(words.count("trail.found_kept", ready))
    for number in {row.number for row in held}:
        expect(reader.window).to_contain_text(f"“{shortly(about[number])}")
    picture(reader.page, f"c-kept-{name}")
    (region,) = [each for (each,) in imported.rows("SELECT name FROM region") if f",{each}," not in ROSTER.read_text()]
    expect(reader.window).to_contain_text(words("trail.found_made", names=region))
    left = len(held)
    while left:
        reader.window.locator("select").first.select_option(label=region)
        expect(reader.window).to_contain_text(region)
        keep = reader.window.get_by_role("button", name=re.compile(r"\(\d+\)$")).first
        number = int(re.findall(r"\d+", keep.inner_text())[-1])
        picture(reader.page, f"d-moved-{left}-{name}")
        keep.click()
        expect(reader.window).to_contain_text(words.count("trail.found_kept", number))
        left -= number
        if left:
            reader.tap(words.count("trail.found_elsewhere", left))
            expect(reader.window.locator("select")).not_to_have_count(0)
    assert [row for row in rows(imported, "proposed") if not row.region] == []
    return str(region)


def joins(imported: Oogst, tmp_path: Path, region: str) -> None:
    """Noor comes to live in the region of the documents."""
    roster = tmp_path / "imported.csv"
    roster.write_text(f"user,region,channel,roles\nNoor,{region},,deelnemer\n", encoding="utf-8")
    imported.stop()
    imported.run("roster", roster)
    imported.start()


def read_all(page: Page, slack: Slack, imported: Oogst, words: Words, language: str, tmp_path: Path, name: str) -> None:
    reader = Reader(page, slack, language, "Ineke")
    region = confirm(reader, imported, words, name)
    joins(imported, tmp_path, region)
    reader.home = reader.home.replace("links=Ineke", "links=Noor")
    kept = rows(imported, "kept")

    def of(kind: Kind, number: str = "", under: Row | None = None) -> list[Row]:
        mine = [row for row in kept if row.kind is kind and row.number.endswith(number)]
        return [row for row in mine if under is None or row.parent == under.id]

    find_page(reader, words, of, name)
    find_agenda(reader, words, of, name)
    find_phases(reader, words, of, name)
    find_criteria(reader, words, of, name)
    assert page.locator(".unknown-block").count() == 0, "the page cannot draw what the bot posts"


Of = Callable[..., list[Row]]


def opened(reader: Reader, words: Words, row: Row) -> None:
    """Open an entry: it says in which document it stands, and at which line."""
    reader.tap(words("trail.open_says", name=row.values["title"])[:55], exact=False)
    reader.reads(source(words, row))


def source(words: Words, row: Row) -> str:
    first, last = row.lines
    at = words("trail.line", first=first) if first == last else words("trail.lines", first=first, last=last)
    return words("trail.found_at", name=row.document, lines=at)


def titles(found: Sequence[Row]) -> list[str]:
    return [row.title for row in found]


def find_page(reader: Reader, words: Words, of: Of, name: str) -> None:
    """The page of one's own region: its coalition, its ambition, and figures with their year."""
    ambitions, partners, facts = of(Kind.AMBITION), of(Kind.PARTNER), of(Kind.FACT)
    dated = [fact for fact in facts if "year" in fact.values]
    assert ambitions and len(partners) == 12 and len({fact.values["year"] for fact in dated}) > 1
    reader.starts()
    reader.tap(words("trail.own_page_says"))
    reader.reads(ambitions[0].title, words.count("trail.coalition", len(partners)))
    reader.reads(*{row.values["sector"] for row in partners})
    reader.reads(*(f"{fact.values['value']} ({fact.values['year']})" for fact in dated))
    picture(reader.page, f"1-page-{name}")
    reader.tap(words("trail.open_says", name=words("trail.part_profile")))
    reader.reads(*titles(partners))
    opened(reader, words, partners[0])


def find_agenda(reader: Reader, words: Words, of: Of, name: str) -> None:
    """The agenda with its attention points, and the assignment with all that hangs under it."""
    assignments, points = of(Kind.ASSIGNMENT), of(Kind.POINT)
    (table,) = [row for row in assignments if row.number == "004"]
    assert len(assignments) == 4 and len(points) == 15
    parts, needed = of(Kind.MILESTONE, "004", table), of(Kind.PRECONDITION, "004", table)
    roles = of(Kind.ROLE, "004", table)
    (vacancy,) = [role for role in roles if role.values.get("standing") == "vacant"]
    assert len(parts) == 7 and len(needed) == 5 and len(roles) == 9
    reader.starts()
    reader.tap(words("trail.own_page_says"))
    reader.tap(words("trail.open_says", name=words("trail.part_agenda")))
    reader.reads(*titles(assignments), *titles(points))
    picture(reader.page, f"2-agenda-{name}")
    opened(reader, words, table)
    reader.reads(*titles(parts), *titles(needed), *titles(roles))
    reader.reads(f"{vacancy.title} · {words('trail.choice_vacant')}")
    picture(reader.page, f"3-assignment-{name}")


def find_phases(reader: Reader, words: Words, of: Of, name: str) -> None:
    """The seven phases, each with what was easy, hard and concluded."""
    phases, said = of(Kind.PHASE), of(Kind.EXPERIENCE)
    assert len(phases) == 7 and {row.values["aspect"] for row in said} == {"easy", "hard", "conclusion"}
    reader.starts()
    reader.tap(words("trail.own_page_says"))
    reader.tap(words("trail.open_says", name=words("trail.part_phases")))
    reader.reads(*titles(phases), *titles(said))
    picture(reader.page, f"4-phases-{name}")
    fullest = max(phases, key=lambda phase: sum(row.parent == phase.id for row in said))
    opened(reader, words, fullest)
    reader.reads(words("trail.place_of", kind=words("trail.kind_phase"), at=phases.index(fullest) + 1, of=7))
    reader.reads(*titles(of(Kind.EXPERIENCE, "", fullest)))
    picture(reader.page, f"5-phase-{name}")


def find_criteria(reader: Reader, words: Words, of: Of, name: str) -> None:
    """What the framework asks of a region, on the page of the whole programme."""
    criteria = of(Kind.CRITERION)
    assert len(criteria) == 6 and len({row.values["asks"] for row in criteria}) == 6
    reader.starts()
    reader.tap(words("trail.regions_says"))
    reader.tap(words("trail.programme"))
    reader.reads(*titles(criteria))
    picture(reader.page, f"6-programme-{name}")
    assert reader.counter.taps < MOST_TAPS
    reader.tap(words("trail.open_says", name=words("trail.part_programme")))
    reader.tap(words("trail.open_says", name=criteria[0].values["title"])[:55], exact=False)  # one may look it up, too
    expect(reader.window).to_contain_text(source(words, criteria[0]))
    picture(reader.page, f"7-criterion-{name}")


@pytest.mark.matrix
@pytest.mark.parametrize("language", ["nl", "en"], indirect=True)
def test_what_the_documents_brought_is_found_within_three_taps(
    page: Page, slack: Slack, imported: Oogst, words: Words, language: str, tmp_path: Path
) -> None:
    read_all(page, slack, imported, words, language, tmp_path, f"wide-{language}")


@pytest.mark.parametrize("language", ["nl", LATER], indirect=True)
def test_what_the_documents_brought_is_found_within_three_taps_on_a_phone(
    phone: BrowserContext, slack: Slack, imported: Oogst, words: Words, language: str, tmp_path: Path
) -> None:
    page = phone.new_page()
    read_all(page, slack, imported, words, language, tmp_path, f"phone-{language}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
