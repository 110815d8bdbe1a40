"""The final report: a region with a year of sessions, told from stored evidence only, for who may read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from sqlmodel import col, select

from bot.document import Bullets, Document, Paragraph, Picture, Section, Table, texts
from bot.drawing import Label
from bot.trail import Entry, Kind, Origin, State, Value
from bot.trail.report import About, Chapter, FinalReport, Reader, compose, problems, strays
from handlers import impressions
from handlers.documents import write
from handlers.slack import kinds
from handlers.trail.reporting import composed, written
from handlers.views.trail_report import report_document
from storage import trail
from storage.impressions import ImpressionRow
from storage.trail.forgetting import forget_person
from storage.trail.rows import TrailValueRow
from tests.handlers.house import TEAM, House, wall
from tests.handlers.report_year import CONCLUSIONS, SUBJECTS, ReportYear
from tests.handlers.test_documents import AXE, CHROMIUM
from tests.handlers.trailing import Trail, lived_in

ON = date(2021, 12, 1)
ADVISED = "Aanbevelingen van mensen zelf"
CHAPTERS = (
    "In het kort", "Wie we zijn", "Aanmelding en plan", "Regioagenda", "Fasen", "Wat er gebeurde", "Wat sessies zeiden",
    "Beloftes", "Goede voorbeelden", "Regels die knellen", "Vragen om steun en aanbod", "Indicatoren", "Effecten",
    "Terugkijken", "Open vragen", ADVISED, "Waar dit op rust",
)  # fmt: skip

SIDEWAYS = """() => [...document.querySelectorAll("html, .table, figure")]
    .filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
    .map(each => each.outerHTML.slice(0, 80))"""
LETTERS = """() => [...document.querySelectorAll("body *")]
    .filter(each => each.clientWidth !== 0 || each.getBoundingClientRect().width)
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .filter(each => !each.closest("title, desc, .skip, thead"))
    .map(each => { const svg = each.closest("svg"), size = parseFloat(getComputedStyle(each).fontSize);
        return svg ? size * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : size; })"""
"""How many pixels high the letters of everything are that can be seen."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2020, 12, 1, 9))


@pytest.fixture
def year(house: House) -> ReportYear:
    """Three sessions of it, for tests that change something."""
    return ReportYear(house).lived(3)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportYear]:
    """All ten, to read in only."""
    house = House(tmp_path_factory.mktemp("whole"), wall(2020, 12, 1, 9))
    made = ReportYear(house).lived()
    made.confirmed()
    yield made
    house.database.close()


def found(year: ReportYear, region: str | None, reader: Reader | None = None) -> FinalReport:
    return year.house.read(lambda db: composed(db, TEAM, region, reader))


def told(year: ReportYear, region: str | None, language: str = "nl", **more: Any) -> Document:
    return written(found(year, region, more.pop("reader", None)), ON, year.house.world.words[language], **more)


def text(document: Document) -> str:
    return "\n".join(texts(document))


def chapter(document: Document, title: str) -> Section:
    return next(section for section in document.sections if section.title == title)


@pytest.mark.practice("003:85-89")
@pytest.mark.practice("000:21-26, 000:45-47, 000:74-75, 000:94-97")
def test_the_report_of_a_region_with_a_year_behind_it_is_complete_and_each_line_leads_to_its_source(
    whole: ReportYear,
) -> None:
    document = told(whole, whole.own)
    assert tuple(section.title for section in document.sections) == CHAPTERS
    said = text(document)
    for each in (
        "Elk kind krijgt onderwijs dicht bij huis. Niemand zit thuis.", "Gemeenten", "2019", "2021", "De Brug",
        "van september 2020 tot en met januari 2021", "vanaf juni 2021, zonder einddatum", "Agenda's liepen uiteen.",
        "Wie neemt de telefoon op?", "2 keer besproken", "nog niet besproken", "Projectleider", "vacant",
        "Waterweg gebruikt het ook", "Wij doen het in het buurthuis.", "Dat mag, als beide ouders tekenen.",
        "Wie helpt ons met een jurist?", "minder dan 50", "telling van de regio", "Ouders bellen nog maar één nummer.",
        "Het loket kreeg ook vragen over geld.", "Gedaan", "Verplaatst", "Gaat niet door", "Femke Ververs",
        "De Brug en negen scholen", "Wie neemt het loket over na de proef?",
    ):  # fmt: skip
        assert any(each in line for line in said.splitlines()), each
    marks = {source.mark for source in document.sources}
    assert marks == set(range(1, len(marks) + 1))
    for language in ("nl", "en"):
        page = write(told(whole, whole.own, language), "md").decode()
        anchor = "bron" if language == "nl" else "source"
        assert {int(mark) for mark in re.findall(rf"\(#{anchor}-(\d+)\)", page)} == marks
        assert page.count("Elk kind krijgt onderwijs dicht bij huis.") == 2, "in the summary and in its chapter"
    assert "femke@" not in said, "an address is for the region's own page only"


@pytest.mark.practice("003:85-89")
def test_every_recommendation_lists_all_its_sources(whole: ReportYear) -> None:
    report = found(whole, whole.own)
    advised = report.chapters[Chapter.RECOMMENDATIONS]
    assert {item.main.text for item in advised if item.main} == {
        "Zet iemand aan de telefoon die mag beslissen.", "Plan de data vooraf.", "Plan eerst de data.", *CONCLUSIONS,
    }  # fmt: skip
    sources = {item.main.text: len([*item.everything()]) for item in advised if item.main}
    assert [sources[each] for each in CONCLUSIONS] == [4, 3, 3], "each session that concluded it"
    section = chapter(told(whole, whole.own), ADVISED)
    lines = [line for inner in section.sections for block in inner.blocks if isinstance(block, Bullets)
             for line in block.lines]  # fmt: skip
    assert len(lines) == 6
    assert all(sum(1 for run in line if run.source) == sources[line[0].text] for line in lines)


def test_nobody_can_think_that_oogst_advises_and_what_stands_twice_is_said_to(whole: ReportYear) -> None:
    report = found(whole, whole.own)
    for language, heading, lead, twice in (
        ("nl", ADVISED, "Oogst geeft geen advies", "staat daar ook"),
        ("en", "Recommendations by people themselves", "Oogst gives no advice", "stands there as well"),
    ):
        document = report_document(report, ON, whole.house.world.words[language])
        section = chapter(document, heading)
        first, second = ("".join(run.text for run in block.line) for block in section.blocks
                         if isinstance(block, Paragraph))  # fmt: skip
        assert lead in first and twice in second, "a conclusion of a phase stands at its phase too"
        assert len(section.sections) == 3, "advice, conclusions of phases and of sessions, apart"
        bullets = document.sections[0].blocks[0]
        assert isinstance(bullets, Bullets)
        labels = [line[0].text for line in bullets.lines][-3:]
        assert (
            labels == [{"nl": "Conclusie van mensen zelf: ", "en": "Conclusion by people themselves: "}[language]] * 3
        )
    advice = tuple(one for one in report.chapters[Chapter.RECOMMENDATIONS] if one.entry and "advice" in one.cuts)
    only = replace(report, chapters={**report.chapters, Chapter.RECOMMENDATIONS: advice})
    section = chapter(report_document(only, ON, whole.house.world.words["nl"]), ADVISED)
    assert len(advice) == 2 and len(section.blocks) == 1, "then nothing stands twice"


def test_what_nobody_wrote_as_advice_or_conclusion_is_refused_as_a_recommendation(whole: ReportYear) -> None:
    evidence = whole.house.read(lambda db: trail.gather(db, TEAM, Reader.REGION, whole.own))
    report = compose(evidence)
    hard = next(below for phase in report.chapters[Chapter.PHASES] for below in phase.below
                if below.entry and below.entry.text("aspect") == "hard")  # fmt: skip
    approach = report.chapters[Chapter.REVIEWS][0]
    for other in (hard, approach, report.chapters[Chapter.SESSIONS][0], report.chapters[Chapter.PROMISES][0]):
        advised = (*report.chapters[Chapter.RECOMMENDATIONS], other)
        wrong = replace(report, chapters={**report.chapters, Chapter.RECOMMENDATIONS: advised})
        assert "evidence" in {each.rule for each in problems(wrong, evidence.notes)}


def test_a_report_in_which_one_word_differs_from_its_source_is_refused(whole: ReportYear) -> None:
    evidence = whole.house.read(lambda db: trail.gather(db, TEAM, Reader.REGION, whole.own))
    report = compose(evidence)
    assert problems(report, evidence.notes) == []
    changed = 0
    for name in (Chapter.WHO, Chapter.SESSIONS, Chapter.PROMISES, Chapter.RECOMMENDATIONS):
        first, *rest = report.chapters[name]
        key, cut = next(iter(first.cuts.items()))
        one, *others = cut.sentences
        for other in (
            replace(one, text=one.text.replace(one.text.split()[1], "nooit", 1)),
            replace(one, end=one.end - 2, text=one.text[:-2]),
            replace(one, note_id="te_none", id="te_none.s1"),
        ):
            altered = replace(first, cuts={**first.cuts, key: replace(cut, sentences=(other, *others))})
            wrong = replace(report, chapters={**report.chapters, name: (altered, *rest)})
            assert {each.rule for each in problems(wrong, evidence.notes)} & {"quotes", "ids"}
            changed += 1
    assert changed == 12


def test_a_document_that_says_something_else_than_its_report_is_refused(whole: ReportYear) -> None:
    report = found(whole, whole.own)
    document = report_document(report, ON, whole.house.world.words["nl"])
    assert strays(document, report.chapters.values()) == []
    section = chapter(document, ADVISED)
    inner, *rest = section.sections
    (block,) = inner.blocks
    assert isinstance(block, Bullets)
    (run, *more), *lines = block.lines
    for words in ("Zet niemand aan de telefoon die mag beslissen.", "Zet iemand aan de telefoon."):
        told_otherwise = replace(inner, blocks=(Bullets(((replace(run, text=words), *more), *lines)),))
        other = replace(section, sections=(told_otherwise, *rest))
        wrong = replace(document, sections=(*(each for each in document.sections if each is not section), other))
        assert strays(wrong, report.chapters.values())


def test_a_summary_with_another_number_phase_or_recommendation_is_refused(whole: ReportYear) -> None:
    for region, reader in ((whole.own, Reader.REGION), (None, Reader.PROGRAMME)):
        evidence = whole.house.read(partial(trail.gather, team=TEAM, reader=reader, region=region))
        report = compose(evidence, ON)
        assert problems(report, evidence.notes) == []
        document = report_document(report, ON, whole.house.world.words["nl"])
        assert strays(document, report.chapters.values(), report.summary) == []
        phases, advice = (report.chapters[each] for each in (Chapter.PHASES, Chapter.RECOMMENDATIONS))
        wrong = []
        for at, line in enumerate(report.summary):
            if line.whole is not None and line.done is not None:
                wrong += [(at, replace(line, done=line.done + 1)), (at, replace(line, whole=line.whole + 1))]
            elif line.about is About.PHASE:
                wrong.append((at, replace(line, items=(phases[0],))))
            elif line.about is About.ADVICE:
                wrong.append((at, replace(line, items=(advice[-1] if line.items != (advice[-1],) else advice[0],))))
        assert len(wrong) >= (9 if region else 6), "numbers, the phase and the recommendations"
        for at, other in wrong:
            summary = (*report.summary[:at], other, *report.summary[at + 1 :])
            altered = replace(report, summary=summary)
            assert "summary" in {each.rule for each in problems(altered, evidence.notes)}, other.about
            assert "summary" in {each.rule for each in strays(document, report.chapters.values(), summary)}


def test_the_summary_of_a_region_counts_what_is_stored(year: ReportYear) -> None:
    report = year.house.read(lambda db: composed(db, TEAM, year.own, on=ON))
    assert [(line.about.value, line.done, line.whole) for line in report.summary if line.done is not None] == [
        ("points", 1, 4), ("parts", 0, 2), ("preconditions", 2, 2), ("sessions", 3, None), ("promises", 1, 3),
        ("rules", 1, 1), ("indicators", 2, 3),
    ]  # fmt: skip
    assert [line.items[0].main.text for line in report.summary if line.about is About.PHASE and line.items[0].main] == [
        "Uitvoeren"
    ]


def test_sources_that_read_the_same_have_one_number(whole: ReportYear) -> None:
    for region in (whole.own, None):
        lines = ["".join(run.text for run in source.line) for source in told(whole, region).sources]
        assert len(lines) == len(set(lines))


def test_a_colleague_in_a_role_is_named_in_the_regions_own_report_only_and_until_forgotten(year: ReportYear) -> None:
    kept = year.make(year.own, Kind.ASSIGNMENT, State.SHARED, title="Samen inkopen")
    year.make(year.own, Kind.ROLE, State.SHARED, parent=kept, title="Opdrachtgever", person="femke")
    assert "Femke" in text(told(year, year.own))
    for region, reader in ((None, None), (year.own, Reader.OUTSIDE)):
        assert "Femke" not in text(told(year, region, reader=reader))
    year.house.write(lambda db: forget_person(db, TEAM, "femke", lambda words: words, year.house.clock.at))
    assert "Femke" not in text(told(year, year.own))


def test_words_that_changed_underneath_are_never_sent(year: ReportYear) -> None:
    gathered = year.house.read(lambda db: trail.gather(db, TEAM, Reader.REGION, year.own))

    def change(db: Any) -> None:
        row = db.exec(select(TrailValueRow).where(col(TrailValueRow.text).startswith("Zet iemand"))).one()
        row.text = "Zet niemand aan de telefoon die mag beslissen."
        db.add(row)

    year.house.write(change)
    now = year.house.read(lambda db: trail.gather(db, TEAM, Reader.REGION, year.own))
    assert [each.rule for each in problems(compose(gathered), now.notes)]


def test_what_a_region_keeps_is_in_its_own_report_only(year: ReportYear) -> None:
    own, programme, page = (
        text(told(year, year.own)),
        text(told(year, None)),
        text(told(year, year.own, reader=Reader.OUTSIDE, page=True)),
    )
    for kept in (
        "De Brug",
        "Iedereen kwam.",
        "Zet iemand aan de telefoon",
        "De wethouder kwam langs.",
        "Projectleider",
    ):
        assert kept in own
        assert kept not in programme and kept not in page, kept
    for shared in ("Elk kind krijgt onderwijs", "Koffie met ouders", "Dat mag, als beide ouders tekenen."):
        assert shared in own and shared in programme and shared in page, shared
    assert "Alleen voor de regio zelf" in own and "Alleen voor de regio zelf" not in programme + page
    year.shared(year.evaluation)
    assert "Zet iemand aan de telefoon" in text(told(year, None))


def test_what_is_not_shared_cannot_slip_into_the_programmes_report(whole: ReportYear) -> None:
    evidence = whole.house.read(lambda db: trail.gather(db, TEAM, Reader.REGION, whole.own))
    report = compose(evidence)
    outside = replace(report, evidence=replace(evidence, reader=Reader.PROGRAMME, region=None))
    assert "unpublished" in {each.rule for each in problems(outside, evidence.notes)}


@pytest.mark.practice("002:65")
def test_a_contact_stands_in_it_only_after_that_person_said_yes(year: ReportYear) -> None:
    assert "Femke Ververs" not in text(told(year, year.own))
    year.confirmed()
    assert "Femke Ververs" in text(told(year, year.own))
    assert "Femke Ververs" not in text(told(year, None)), "and its region did not share it"


@pytest.mark.practice("003:69-71")
def test_the_programme_puts_indicators_of_regions_beside_each_other_by_name_and_never_by_value(
    year: ReportYear,
) -> None:
    for region, reached in (("Zuid", "1"), ("Ambacht", "99")):
        year.indicator(year.house.region(region), "Thuiszitters", "minder dan 5", reached, "2021")
    (table, *_) = chapter(told(year, None), "Indicatoren").blocks
    assert isinstance(table, Table)
    rows = [tuple("".join(run.text for run in cell) for cell in row) for row in table.rows]
    assert [(row[1], row[0], row[3]) for row in rows] == [
        ("Ritten langer dan een uur", "Haaglanden", "–"),
        ("Thuiszitters", "Ambacht", "99"), ("Thuiszitters", "Haaglanden", "64"), ("Thuiszitters", "Haaglanden", "41"),
        ("Thuiszitters", "Waterweg", "72"), ("Thuiszitters", "Zuid", "1"),
    ]  # fmt: skip
    assert "ranglijst" in table.caption


def test_what_a_note_said_is_gone_from_the_next_report_and_from_the_files_that_people_have(year: ReportYear) -> None:
    house, scene = year.house, Trail(year.house)
    for kind in ("md", "html"):
        scene.press("sanne", "trail.report", f"{kind}:{year.own}")
    house.arrive("trail.report_file")
    words = f"Over {SUBJECTS[1]} praten"
    assert words in text(told(year, year.own))
    rows = house.read(
        lambda db: list(db.exec(select(ImpressionRow).where(col(ImpressionRow.takeaway).contains(words))))
    )
    house.answer(impressions.ROUTES.actions["impressions.decline"],
                 house.click("action", "impressions.decline", "sanne", rows[0].id))  # fmt: skip
    assert words not in text(told(year, year.own)) and words not in text(told(year, None))
    owed = house.owed("trail.report_file")
    assert sorted(row.operation for row in owed) == ["file", "file", "file", "file", "remove", "remove"]
    again = [house.draw(row, kinds()) for row in owed if row.operation == "file" and row.state == "planned"]
    assert len(again) == 2 and all(body and body.file and words.encode() not in body.file for body in again)


def test_what_was_cut_out_of_a_note_and_never_published_leaves_the_files_as_well(year: ReportYear) -> None:
    house, scene = year.house, Trail(year.house)
    rows = house.read(lambda db: list(db.exec(select(ImpressionRow).where(ImpressionRow.team_id == TEAM))))
    note = next(row for row in rows if row.offer)
    origin = Origin(impression=note.id, field="offer", start=0, end=len(note.offer))
    found = Entry("te_cut", TEAM, year.own, Kind.OFFER, {"title": Value(note.offer)}, origin=origin)
    house.write(lambda db: trail.make(db, found, "noor", house.clock.at))
    scene.press("sanne", "trail.report", f"md:{year.own}")
    house.arrive("trail.report_file")
    assert note.offer in text(told(year, year.own))
    house.answer(impressions.ROUTES.actions["impressions.decline"],
                 house.click("action", "impressions.decline", "sanne", note.id))  # fmt: skip
    assert note.offer not in text(told(year, year.own))
    assert sorted(row.operation for row in house.owed("trail.report_file")) == ["file", "file", "remove"]


def test_the_report_comes_as_a_file_to_who_may_build_it(year: ReportYear) -> None:
    scene = Trail(year.house)
    assert "Neem het rapport mee" in scene.press("sanne", "trail.page", year.own)
    assert "Neem het rapport mee" not in scene.press("noor", "trail.page", year.own)
    for user, region, passes in (
        ("sanne", year.own, True), ("ineke", year.own, True), ("ineke", "programme", True),
        ("noor", year.own, False), ("samir", year.own, False), ("sanne", year.other, False),
        ("sanne", "programme", False),
    ):  # fmt: skip
        before = len(year.house.owed("trail.report_file"))
        scene.press(user, "trail.report", f"md:{region}")
        assert (len(year.house.owed("trail.report_file")) > before) is passes, (user, region)
    row = year.house.owed("trail.report_file")[0]
    body = year.house.draw(row, kinds())
    assert row.user_id == "sanne" and body is not None and body.file is not None
    assert body.file.decode().startswith("# Eindrapport van Haaglanden")
    assert body.file_name.endswith("-eindrapport-van-haaglanden.md")


def test_who_left_the_region_before_the_file_was_made_does_not_get_it(year: ReportYear) -> None:
    Trail(year.house).press("sanne", "trail.report", f"md:{year.own}")
    (row,) = year.house.owed("trail.report_file")
    year.house.person("sanne", year.other)
    assert year.house.draw(row, kinds()) is None


def test_a_picture_comes_with_the_same_in_words_and_for_who_cannot_see_it(year: ReportYear) -> None:
    scene = Trail(year.house)
    assert "Tijdlijn als plaatje" in scene.press("noor", "trail.page", year.own)
    for name, word in (("phases", "vanaf juni 2021"), ("agenda", "nog niet besproken")):
        scene.press("noor", "trail.picture", f"{name}:{year.own}")
        body = year.house.draw(year.house.owed("trail.report_file")[-1], kinds())
        assert body is not None and body.file is not None and body.file.startswith(b"\x89PNG")
        assert word in body.text and word in body.alt and body.file_name.endswith(".png")


@pytest.mark.practice("000:7-15, 000:99-103")
def test_phases_and_the_agenda_are_drawn_with_the_same_in_words_in_every_form(whole: ReportYear) -> None:
    document = told(whole, whole.own)
    pictures = [block for section in document.sections for block in section.blocks if isinstance(block, Picture)]
    assert [each.title for each in pictures] == ["Hoe vaak elk punt is besproken", "Tijdlijn van de fasen"]
    page = write(document, "html").decode()
    drawn = re.findall(r'<div class="(wide|narrow)"><svg', page)
    assert drawn == ["wide", "narrow"] * 2, "a phone shows a drawing of its own, and a reader of the screen hears one"
    assert page.count('role="img"') == page.count("<title id=") == page.count("<desc id=") == 4
    for picture in pictures:
        for line in picture.lines:
            assert line[0].text in text(document)
    for kind in ("md", "docx", "pdf"):
        assert write(document, kind)


def test_a_point_says_of_which_assignment_it_is_where_there_are_several(whole: ReportYear) -> None:
    document = told(whole, whole.own)
    (picture, _) = [block for section in document.sections for block in section.blocks if isinstance(block, Picture)]
    lines = ["".join(run.text for run in line) for line in picture.lines]
    assert lines[0] == "Wie neemt de telefoon op? · Eén loket voor ouders · 2 keer besproken"
    assert lines[3] == "Ritten delen met sportclubs. · Vervoer dichtbij · nog niet besproken"
    for drawing in (picture.drawing, picture.narrow):
        assert drawing is not None
        heads = [shape.text for shape in drawing.shapes if isinstance(shape, Label) and not shape.text.isdigit()
                 and shape.strong]  # fmt: skip
        assert heads == ["Eén loket voor ouders", "Vervoer dichtbij"]


@pytest.mark.browser
@pytest.mark.matrix
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
def test_on_a_phone_the_report_is_read_without_moving_it_sideways_and_no_word_is_torn(whole: ReportYear) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        for region, width in ((whole.own, 390), (None, 390), (whole.own, 320), (None, 1200), (whole.own, 1200)):
            page = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True).new_page()
            page.set_content(write(told(whole, region), "html").decode())
            assert page.evaluate(SIDEWAYS) == [], width
            assert page.get_by_role("columnheader").count() >= 6 and page.get_by_role("cell").count() >= 18
            assert page.get_by_role("img").count() == (2 if region else 1), "one drawing of each picture"
            lines = {
                each.evaluate("one => one.offsetHeight || one.getBoundingClientRect().height")
                for each in page.locator("td").get_by_text("2021", exact=True).all()
            }
            assert max(lines) < 40, "a year stands on one line"
            letters = page.evaluate(LETTERS)
            assert min(letters) >= 10.3, f"letters of {min(letters)} pixels"
            page.add_script_tag(path=AXE)
            wrong = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [each["id"] for each in wrong] == []
            page.close()
        browser.close()


@pytest.mark.practice("000:28-38")
def test_the_page_of_a_region_goes_along_with_only_what_it_shares(whole: ReportYear) -> None:
    page = told(whole, whole.own, reader=Reader.OUTSIDE, page=True)
    said = text(page)
    assert page.title == "Haaglanden" and "9" in said and "2019" in said
    assert {each.entry.state for each in found(whole, whole.own, Reader.OUTSIDE).items if each.entry} == {State.SHARED}
    assert "Aanbevelingen" not in said


def test_a_page_counts_what_stands_on_it_and_calls_nothing_empty_that_is_only_not_shared(whole: ReportYear) -> None:
    said = text(told(whole, whole.other, reader=Reader.OUTSIDE, page=True))
    assert "gepubliceerde zin" not in said and "uit sessies" not in said, "a page tells no sentences of sessions"
    assert "Nog niet gedeeld: Wie we zijn" in said and "Nog leeg" not in said
    assert not [
        each for each in ("Wat sessies zeiden", "Effecten", "Terugkijken", "Open vragen", ADVISED) if each in said
    ]
    assert "Gezegd tussen" not in said
    assert "1 regel van de pagina." in said
    report = text(told(whole, whole.own))
    assert "40 gepubliceerde zinnen" in report


def test_a_region_with_nothing_to_tell_is_told_so(house: House) -> None:
    house.person("ineke", None, *())
    bare = ReportYear(house)
    assert "nog niets" in Trail(house).press("ineke", "trail.report", f"md:{bare.own}")
    assert house.owed("trail.report_file") == []


def test_what_rests_on_nothing_is_named_as_missing(year: ReportYear) -> None:
    said = text(told(year, year.own))
    assert "3 aandachtspunten zijn nog niet besproken." in said
    assert "2 fasen hebben geen conclusie." in said and "1 indicator heeft geen bereikte waarde." in said
    year.make(year.own, Kind.OBSTACLE, title="De rit telt niet mee", effect="Ouders rijden zelf.", standing="open")
    assert "1 regel die knelt heeft geen antwoord." in text(told(year, year.own))


@pytest.mark.practice("003:91-93, 004:61-63, 004:73-75")
def test_what_a_region_wrote_about_money_stands_with_its_plan_and_its_assignment(year: ReportYear) -> None:
    year.make(year.own, Kind.PLAN, title="Plan voor twee jaar", money="De helft komt uit de vaste middelen.")
    year.make(year.own, Kind.ASSIGNMENT, title="Samen inkopen", money="Wie mee koopt, betaalt mee.")
    said = text(told(year, year.own))
    assert "De helft komt uit de vaste middelen." in said and "Wie mee koopt, betaalt mee." in said
    assert said.count("Geld: ") == 2


def test_who_stands_in_a_role_is_named_in_the_regions_own_report_only(year: ReportYear) -> None:
    kept = year.make(year.own, Kind.ASSIGNMENT, State.SHARED, title="Samen inkopen")
    year.make(year.own, Kind.ROLE, State.SHARED, parent=kept, title="Opdrachtgever", who="Tess van Buiten")
    assert "Tess van Buiten" in text(told(year, year.own))
    for region, reader in ((None, None), (year.own, Reader.OUTSIDE)):
        shared = text(told(year, region, reader=reader))
        assert "Opdrachtgever" in shared and "Tess van Buiten" not in shared


def test_a_report_is_the_same_file_again_and_speaks_both_languages(whole: ReportYear) -> None:
    for kind in ("md", "html"):
        one, other = (write(told(whole, whole.own), kind) for _ in range(2))
        assert one == other
    english = text(told(whole, whole.own, "en"))
    assert "Final report of Haaglanden" in english and "Recommendations" in english
    assert "Plan eerst de data." in english, "what people wrote stays as they wrote it"
