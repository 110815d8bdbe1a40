"""What the engine keeps between batches: ten new notes cost as ten, notes stay where they are, and room is bounded."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.harvest import Memory, Note, Placement, Theme, compose_placed, place, read, verify
from bot.harvest.neighbours import COMMON, in_arrays, in_dicts
from bot.harvest.remembering import EXAMPLES, WAITING
from bot.harvest.theming import BATCH
from bot.harvest.vectors import unit
from tests.bench.harvest import apart

SUBJECTS = [
    "wachtlijst jeugdhulp behandeling intake psycholoog aanmelding",
    "busvervoer leerlingen ritten chauffeur halte dienstregeling",
    "sportveld jongeren training vrijwilligers club kantine",
    "taalles nieuwkomers docent woordenschat uitspraak lesboek",
]
FILLER = [f"woord{k}" for k in range(400)]
THEMES = [
    Theme("th_hulp", "Jeugdhulp", aliases=("wachtlijst",)),
    Theme("th_bus", "Vervoer naar school", aliases=("busvervoer",)),
    Theme("th_sport", "Sport", aliases=("sportveld", "club")),
    Theme("th_taal", "Taal", aliases=("taalles",)),
]


def notes(count: int, start: int = 0) -> list[Note]:
    """Notes on four subjects in turn, each with words of its own."""
    out = []
    for k in range(start, start + count):
        dice = random.Random(k)
        own = dice.sample(SUBJECTS[k % 4].split(), 4)
        rest = dice.sample(FILLER, 6)
        text = f"Het ging over {own[0]} en {own[1]} met {rest[0]} en {rest[1]}. Ook {own[2]}, {own[3]} en {rest[2]}."
        out.append(Note(f"n{k:05d}", text, date(2026, 1 + k % 9, 1), group=str(k % 5)))
    return out


def after(count: int, themes: list[Theme], step: int = 200) -> Memory:
    """The memory that so many notes leave, with no note ids: what a caller hands in who asks about new notes."""
    memory = Memory()
    for start in range(0, count, step):
        memory = place(read(notes(min(step, count - start), start)), themes, memory.only(())).memory
    return memory.only(())


def homes(placement: Placement, handed: list[Note]) -> dict[str, str]:
    """In which theme each note is."""
    readings = read(handed)
    return {readings[i].note.id: theme for theme, rows in placement.members.items() for i in rows}


def instructions(work: Callable[[], Any]) -> int:
    """How many instructions of Python the work takes: the same on every machine, unlike its time."""
    count = 0

    def each(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return each

    sys.settrace(each)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("themes", [[], THEMES], ids=["nothing announced", "with an agenda"])
def test_ten_new_notes_cost_the_same_after_two_hundred_as_after_two_thousand(themes: list[Theme]) -> None:
    new = notes(10, start=90_000)

    def ten(memory: Memory) -> int:
        return instructions(lambda: place(read(new), themes, memory))

    place(read(new), themes, after(200, themes))  # what is loaded and cached once is no work of a batch
    few, many = ten(after(200, themes)), ten(after(2_000, themes))
    assert many <= 1.1 * few


@pytest.mark.parametrize("themes", [[], THEMES], ids=["nothing announced", "with an agenda"])
def test_new_notes_find_their_theme_by_what_is_remembered(themes: list[Theme]) -> None:
    first, later = notes(200), notes(40, start=500)
    before = place(read(first), themes, Memory())
    found = homes(before, first) | homes(place(read(later), themes, before.memory.only(())), later)
    of_subject = [{found.get(f"n{k:05d}") for k in range(s, 540, 4) if f"n{k:05d}" in found} for s in range(4)]
    assert all(len(of) == 1 for of in of_subject)
    assert len(set.union(*of_subject)) == 4


def test_who_is_handed_in_again_among_new_notes_stays_where_it_was() -> None:
    first = notes(300)
    before = place(read(first), THEMES, Memory())
    again = place(read([*first[:50], *notes(50, start=600)]), THEMES, before.memory)
    was, now = homes(before, first), homes(again, [*first[:50], *notes(50, start=600)])
    moved = [note.id for note in first[:50] if note.id in was and now.get(note.id) != was[note.id]]
    assert len(moved) <= 0.02 * 50
    assert again.memory.counted == 350


def test_notes_that_fitted_nowhere_found_a_theme_with_later_ones() -> None:
    memory = place(read(notes(120)), [], Memory()).memory
    strange = [
        Note(f"s{k}", f"De zonnepanelen op dak {k} leveren stroom aan de warmtepomp en de batterij.", group=str(k % 3))
        for k in range(40)
    ]
    first = place(read(strange[:14]), [], memory.only(()))
    assert len(first.unplaced) == 14
    second = place(read(strange[14:]), [], first.memory.only(()))
    theme = next(one for one in second.memory.themes if one.theme.id in homes(second, strange[14:]).values())
    assert len(theme.notes) == 40


def test_what_is_remembered_does_not_grow_with_the_notes() -> None:
    memory = after(1_500, [])
    of_theme = {one.theme.id for one in memory.themes}
    assert len(memory.examples) <= EXAMPLES * len(of_theme) + WAITING
    assert not any(one.notes for one in memory.themes)
    assert memory.counted == sum(one.count for one in memory.themes) == 1_500


def test_a_withdrawn_note_leaves_the_memory() -> None:
    handed = notes(30)
    memory = place(read(handed), THEMES, Memory()).memory
    left = memory.without({handed[0].id})
    assert handed[0].id not in repr(left.only({note.id for note in handed}))
    assert len(left.examples) == len(memory.examples) - 1


FEATURES = st.dictionaries(st.sampled_from("abcdefghijkl"), st.sampled_from([0.5, 1.0, 2.0, 3.0]), max_size=8)


@settings(max_examples=100, deadline=None)
@given(st.lists(FEATURES, max_size=40))
def test_arrays_and_dictionaries_find_the_same_neighbours_to_the_last_bit(rows: list[dict[str, float]]) -> None:
    vectors = [unit(row) for row in rows]
    slow, fast = in_dicts(vectors), in_arrays(vectors)
    for i, vector in enumerate(vectors):
        assert slow(vector, i) == fast(vector, i)
        assert slow(vector, -1) == fast(vector, -1)


def test_a_word_that_stands_everywhere_brings_nobody_together_either_way() -> None:
    vectors = [unit({"de": 1.0, f"w{k % 90}": 0.4}) for k in range(COMMON + 20)]
    slow, fast = in_dicts(vectors), in_arrays(vectors)
    assert [slow(v, i) for i, v in enumerate(vectors)] == [fast(v, i) for i, v in enumerate(vectors)]
    assert all(vectors[j].keys() == vectors[7].keys() for j, _ in slow(vectors[7], 7))


@pytest.mark.matrix
def test_thousands_of_notes_at_once_are_placed_the_same_in_any_order() -> None:
    handed = notes(BATCH + 500)
    shuffled = random.Random(3).sample(handed, len(handed))
    one, other = (place(read(some), [], Memory()) for some in (handed, shuffled))
    assert homes(one, handed) == homes(other, shuffled)
    assert one.memory == other.memory
    readings = read(handed)
    assert verify(compose_placed(readings, one, "harvest"), handed) == []


def test_two_hundred_notes_take_less_than_sixty_megabytes_on_top() -> None:
    assert apart("scratch", 200)["memory"] < 60
