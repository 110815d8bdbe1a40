"""Documents that nobody wrote to be read: they are read in no time, or give nothing; they never stop the import."""

from __future__ import annotations

import time

import pytest

from bot.material import recognise
from bot.trail import Kind
from bot.trail.importing import read

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
