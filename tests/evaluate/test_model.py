"""The model engine on recorded answers: its questions, its redaction and its checks are the real ones."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from bot.harvest import kind_of
from tests.evaluate import model, own
from tests.evaluate.dutch_set import Meeting, meetings


@pytest.fixture(scope="module")
def answers() -> own.Answers:
    beside = own.embedded("embedded", lambda text: kind_of(text).value, orders=1)
    return model.answers(beside)[0]


@pytest.fixture(scope="module")
def written() -> dict[str, model.Written]:
    return {meeting.name: asyncio.run(model.write(meeting)) for meeting in meetings()}


def test_every_question_has_an_answer_in_its_shape(written: dict[str, model.Written]) -> None:
    for one in written.values():
        assert one.model.unanswered == []
        assert one.model.misshapen == {}


def test_every_note_has_a_card_and_every_theme_of_three_sentences_a_section(written: dict[str, model.Written]) -> None:
    for meeting in meetings():
        one = written[meeting.name]
        assert set(one.cards) == set(meeting.text)
        assert set(one.sections) >= set(meeting.reference)
        assert all(one.sections.values())


def test_quotes_ids_evidence_and_coverage_are_whole(answers: own.Answers) -> None:
    found = own.grounding(answers, written_points=True)
    assert (found.verbatim, found.valid, found.listed, found.problems) == (1.0, 1.0, 1.0, 0)
    assert found.supported >= 0.95


def test_claims_that_did_not_hold_were_refused_and_mended(written: dict[str, model.Written]) -> None:
    dropped = [event for one in written.values() for event in one.events if event.kind == "dropped"]
    assert dropped, "the recording holds what the verifier refused"
    first = {claim for tries in model.recorded()["sections"].values() for claim in texts(tries[:1])}
    shown = {claim.text for one in written.values() for s in one.sections.values() if s for claim in s.claims}
    assert len(first - shown) >= 5
    assert shown - first, "the second try added claims that hold"


def test_no_name_of_a_person_reaches_the_model(written: dict[str, model.Written]) -> None:
    for one in written.values():
        for *_, request in one.model.asked:
            assert not [name for name in model.NAMES if re.search(rf"\b{name}\b", request)]


def texts(tries: list[Any]) -> list[str]:
    return [claim["text"] for one in tries for claim in (one["lead"], *one["claims"])]


def rewritten(old: str, new: str) -> dict[str, Any]:
    """The recording with every claim damaged in one way, and a model that calls every claim supported."""
    said = model.recorded()
    for tries in said["sections"].values():
        for one in tries:
            for claim in (one["lead"], *one["claims"]):
                claim["text"] = re.sub(old, new, claim["text"])
    said["verdicts"] = {text: "supported" for tries in said["sections"].values() for text in texts(tries)}
    return said


def shown_by(meeting: Meeting, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(model, "recorded", lambda: said)
    sections = asyncio.run(model.write(meeting)).sections.values()
    return [claim.text for section in sections if section for claim in section.claims]


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        (r"\d+", "977", r"977"),
        (r"^", "@channel ", r"@"),
        (r"$", " https://example.org", r"http"),
        (r"^", "Alle regio's zeggen: ", r"Alle regio"),
        (r"^", "Burgemeester Pieterse zegt: ", r"Pieterse"),
    ],
    ids=["numbers", "a mention", "a link", "a wide word", "a name"],
)
def test_a_model_that_lies_and_swears_it_is_true_gets_nothing_shown(
    old: str, new: str, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = rewritten(old, new)
    assert sum(bool(re.search(mark, text)) for tries in said["sections"].values() for text in texts(tries)) >= 20
    for meeting in meetings():
        assert [text for text in shown_by(meeting, said, monkeypatch) if re.search(mark, text)] == []


def test_a_dropped_no_is_seen_even_when_the_model_swears_it_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not always: a sentence that denies nothing telling ("dat kan niet") leaves nothing to compare by."""
    said = rewritten(r"\b(niet|geen|nooit|niks|niemand) ", "")
    whole = {text for tries in model.recorded()["sections"].values() for text in texts(tries)}
    lies = {text for tries in said["sections"].values() for text in texts(tries)} - whole
    shown = {text for meeting in meetings() for text in shown_by(meeting, said, monkeypatch)}
    assert len(lies) >= 30
    assert len(lies & shown) <= 2, lies & shown


def test_the_recording_says_what_it_is() -> None:
    stored = json.loads(model.RECORDED.read_text(encoding="utf-8"))
    assert (
        "language model" in stored["model"] and stored["date"] and set(stored["prompts"]) == {"note_cards", "section"}
    )
