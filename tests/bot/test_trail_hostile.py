"""Documents that nobody wrote to be read: they are read in no time, or give nothing; they never stop the import."""

from __future__ import annotations

import sys
import time
from types import FrameType

import pytest

from bot.material import recognise
from bot.trail import Kind
from bot.trail.importing import Found, Run, lists, read
from bot.trail.importing.draft import Draft
from bot.trail.importing.layout import Outline
from bot.trail.importing.lists import Table

HOSTILE = {
    "one long word with dashes": "2006-" * 12_000,
    "empty lines": "\n" * 40_000,
    "blank lines": (" " * 50 + "\n") * 4_000,
    "quotation marks": '"' * 2_000,
    "short list": "- x\n" * 8_000,
    "many headings": "Fase 1:\n" * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_that_makes_no_sense_is_read_in_no_time(name: str) -> None:
    began = time.process_time()
    read(recognise("Regio Zuid\n\n" + HOSTILE[name]))
    assert time.process_time() - began < 3, "it took over ten seconds, or failed"


def test_a_phase_with_a_number_and_no_name_is_known_by_its_number() -> None:
    text = "Verhaal van Zuid\n\nFase 1:\n\nGedaan: wij spraken.\n\nFase 2: Kiezen\n\nGedaan: wij kozen.\n"
    reading = read(recognise(text))
    titles = [text[each.title.start : each.title.end] for each in reading.found if each.kind is Kind.PHASE]
    assert titles == ["Fase 1", "Kiezen"]


def test_a_figure_is_compared_with_no_other_one_however_many_there_are() -> None:
    def compared(number: int) -> int:
        lines = [f"{at} gemeenten in {2000 + at}" for at in range(1, number + 1)]
        outline = Outline("\n".join([*lines, lines[0]]))
        draft, read_of, at = Draft(outline), [0], 0

        def heard(frame: FrameType, event: str, argument: object) -> None:
            read_of[0] += event == "call" and frame.f_code is Found.values.__code__

        sys.setprofile(heard)
        try:
            for line in [*lines, lines[0]]:
                value = Run(at, at + line.index(" "))
                draft.add(
                    Kind.FACT,
                    Run(value.end + 1, value.end + 10),
                    value=value,
                    year=Run(at + len(line) - 4, at + len(line)),
                )
                at += len(line) + 1
        finally:
            sys.setprofile(None)
        assert len(draft.found) == number, "the same figure twice is one"
        return read_of[0]

    assert compared(40) == 41 and compared(80) == 81


def columns(text: str) -> Table:
    return lists.read(text, lambda code: (code,), Kind.ASSIGNMENT)


@pytest.mark.parametrize(
    "text",
    ["title,goal\nSamen,Rust\n", "title;goal\r\nSamen;Rust\r\n", "sep=;\r\ntitle;goal\r\nSamen;Rust\r\n",
     'sep=,\n"title","goal"\n"Samen","Rust"\n', "\n\ntitle\tgoal\nSamen\tRust\n"],
)  # fmt: skip
def test_a_list_is_read_however_a_spreadsheet_wrote_it(text: str) -> None:
    table = columns(text)
    assert table.wrong == [] and [row.values["goal"].text for row in table.rows] == ["Rust"]


def test_a_cell_that_is_not_closed_swallows_no_lines_in_silence() -> None:
    table = columns('title;goal\nSamen;"Rust\nDichtbij;Kort\n')
    assert [wrong.problem.key for wrong in table.wrong] == ["import.list_broken"] and table.rows == []


def test_a_column_that_is_there_twice_loses_nothing_in_silence() -> None:
    (wrong,) = columns("title;goal; Title\nSamen;Rust;Anders\n").wrong
    assert (wrong.line, wrong.column, wrong.problem.key) == (1, "Title", "import.list_twice")


def test_a_long_list_is_read_line_by_line() -> None:
    table = columns("title;goal\n" + "".join(f"Opdracht {at};=1+{at}\n" for at in range(2_000)))
    assert [row.line for row in table.rows] == list(range(2, 2_002)) and not table.wrong
