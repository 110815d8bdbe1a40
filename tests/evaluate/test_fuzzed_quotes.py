"""No damaged quote gets out: neither the engine's verifier nor the checker that knows nothing of it lets one pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.harvest import Claim, Digest, Note, Section, Sentence, SentenceKind, Theme, split, verify
from tests.evaluate.checker import problems
from tests.evaluate.damage import Damaged, damages
from tests.evaluate.dutch_set import Marked, Meeting, meetings

THEME = Theme("th_one", "Alles")


def notes_of(meeting: Meeting) -> list[Note]:
    return [Note(n["id"], n["text"], date.fromisoformat(n["at"]), n["group"], n["region"]) for n in meeting.notes]


@lru_cache(maxsize=4)
def whole_sentences(meeting: Meeting) -> tuple[Marked, ...]:
    """The sentences of the gold that the engine's splitter sees as sentences too; nearly all of them."""
    spans = {(i, s.start, s.end) for i, text in meeting.text.items() for s in split(text)}
    return tuple(m for m in meeting.marked if (m.note, m.start, m.end) in spans)


def number(meeting: Meeting, note: str, start: int) -> int:
    return 1 + sum(span.start < start for span in split(meeting.text[note]))


def digest_with(meeting: Meeting, sentence: Sentence, *, claimed: bool = False) -> Digest:
    """A digest of the whole session whose one quote (or claim) is this sentence."""
    section = Section(
        theme_id=THEME.id,
        name=THEME.name,
        notes=tuple(meeting.text),
        groups=(),
        claims=(Claim(sentence.text, (sentence.id,), THEME.id),) if claimed else (),
        quotes=() if claimed else (sentence.id,),
        open_questions=(),
    )
    return Digest("harvest", "", (section,), (), {sentence.id: sentence}, {THEME.id: THEME}, "test")


def printed_with(meeting: Meeting, note: str, text: str) -> dict[str, Any]:
    """What a command would print with this quote."""
    quote = {"note": note, "text": text}
    theme = {"id": "t", "name": "Alles", "notes": list(meeting.text), "points": [], "quotes": [quote]}
    return {"themes": [theme], "unplaced": [], "headline": "", "engine": "test"}


def true_sentence(meeting: Meeting, marked: Marked) -> Sentence:
    text = meeting.text[marked.note][marked.start : marked.end]
    k = number(meeting, marked.note, marked.start)
    return Sentence(f"{marked.note}.s{k}", marked.note, marked.start, marked.end, text, SentenceKind.FINDING)


def lies(meeting: Meeting, marked: Marked, damaged: Damaged) -> list[Sentence]:
    """How a damaged quote can be dressed up: with the true offsets, and with offsets that fit its own words."""
    k = number(meeting, marked.note, marked.start)
    ids = f"{damaged.note}.s{k}"
    dressed = [Sentence(ids, damaged.note, marked.start, marked.end, damaged.text, SentenceKind.FINDING)]
    at = meeting.text[damaged.note].find(damaged.text)
    if at >= 0:
        for k in range(1, 2 + len(split(meeting.text[damaged.note]))):
            ids = f"{damaged.note}.s{k}"
            dressed.append(Sentence(ids, damaged.note, at, at + len(damaged.text), damaged.text, SentenceKind.FINDING))
    return dressed


@lru_cache(maxsize=1)
def fixed_list() -> list[tuple[Meeting, Marked, Damaged]]:
    return [(m, marked, d) for m in meetings() for marked in whole_sentences(m) for d in damages(marked, m)]


def test_a_true_quote_passes_both() -> None:
    for meeting in meetings():
        notes = notes_of(meeting)
        assert len(whole_sentences(meeting)) >= 0.95 * len(meeting.marked)
        for marked in whole_sentences(meeting):
            sentence = true_sentence(meeting, marked)
            assert verify(digest_with(meeting, sentence), notes) == []
            assert problems(printed_with(meeting, sentence.note_id, sentence.text), meeting.notes) == []


def test_the_list_of_damages_is_long_and_holds_every_kind() -> None:
    kinds = {damaged.what for _, _, damaged in fixed_list()}
    assert len(fixed_list()) >= 500
    told = "one character, negation dropped, ellipsis, joined with the next, another number, another note, lookalikes"
    cuts = "cut inside the first word, last word left out, full stop left out, zero width, a second blank"
    assert {*told.split(", "), *cuts.split(", ")} <= kinds


def test_the_checker_lets_no_damaged_quote_pass() -> None:
    passed = [d for m, _, d in fixed_list() if not problems(printed_with(m, d.note, d.text), m.notes)]
    assert passed == []


def test_the_verifier_lets_no_damaged_quote_pass() -> None:
    notes = {m.name: notes_of(m) for m in meetings()}
    passed = [
        (damaged, sentence.id)
        for meeting, marked, damaged in fixed_list()
        for sentence in lies(meeting, marked, damaged)
        if not verify(digest_with(meeting, sentence), notes[meeting.name])
    ]
    assert passed == []


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_is_done_to_a_quote_both_see_it(data: st.DataObject) -> None:
    meeting = data.draw(st.sampled_from(meetings()))
    marked = data.draw(st.sampled_from(whole_sentences(meeting)))
    true = meeting.text[marked.note][marked.start : marked.end]
    at = data.draw(st.integers(0, len(true)))
    gone = data.draw(st.integers(0, 12))
    put = data.draw(st.text(max_size=6))
    text = true[:at] + put + true[at + gone :]
    others = {meeting.text[i][s.start : s.end] for i, t in meeting.text.items() for s in split(t) if i == marked.note}
    assume(text not in others)
    for sentence in lies(meeting, marked, Damaged("anything", marked.note, text)):
        assert verify(digest_with(meeting, sentence), notes_of(meeting)) != [], sentence
    assert problems(printed_with(meeting, marked.note, text), meeting.notes) != []


@pytest.mark.parametrize("off", [-1, 1, 2, 99])
def test_a_sentence_under_the_number_of_another_is_refused(off: int) -> None:
    meeting = meetings()[0]
    notes = notes_of(meeting)
    for marked in whole_sentences(meeting):
        sentence = true_sentence(meeting, marked)
        k = int(sentence.id.rpartition(".s")[2]) + off
        assert verify(digest_with(meeting, replace(sentence, id=f"{sentence.note_id}.s{k}")), notes) != []
