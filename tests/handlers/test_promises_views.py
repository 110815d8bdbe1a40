"""What is shown of promises keeps to Slack's limits with the longest words, names and lists, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.impressions import Contents, Impression, Source
from bot.promises import LONGEST, Place, Promise, State, Told, every_sentence
from handlers.views import promises as views
from handlers.views import promises_home, promises_owner, promises_shown
from handlers.words import Words, load
from playground.linter import lint_message, lint_view
from tests.handlers.house import wall

NOW = wall(2021, 6, 17, 15)
LONG = "<!channel>&" * 100
NAME = "Ŵ&" * 40


@pytest.fixture(params=["nl", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return load(str(request.param))


def a_note(letter: str = "<") -> Impression:
    offer = "\n".join((letter * (LONGEST - 30)) + f" {n}." for n in range(3))
    told = "\n".join(f"Noor wil lijst {n} {letter * 60} delen." for n in range(40))
    return Impression("im", "T1", "ws", "gr", Source.FORM, "U1", Contents(told, offer=offer), NOW, NOW)


def told(state: State = State.ACCEPTED, number: int = 0, **changes: object) -> Told:
    promise = Promise(
        f"po_{number:016}", "T1", "ws", "gr", "im", Place("im", "offer", 0, 9), "f", "U0123456789", "U2", NOW, state,
        due=date(2021, 9, 9), due_since=NOW, agreed_at=NOW if state not in (State.OFFERED, State.DECLINED) else None,
        closed_at=NOW if state in (State.KEPT, State.DROPPED, State.DECLINED) else None,
    )  # fmt: skip
    return Told(replace(promise, **changes), LONG[:LONGEST], NAME, NAME, 3, "T" * 100, 15_000)  # type: ignore[arg-type]  # names of its fields


def accepted(text: str, blocks: list) -> None:  # type: ignore[type-arg]  # blocks of every kind
    packed = [block.to_dict() for block in blocks]
    assert lint_message({"channel": "C1", "text": text, "blocks": packed}) == []
    assert "<!" not in text
    assert not any("<!" in each for each in _commands(packed))


def _commands(part: object) -> list[str]:
    """Every text in which Slack reads commands; plain text and what a screen reader says hold none."""
    if isinstance(part, dict):
        own = [str(part["text"])] if part.get("type") == "mrkdwn" else []
        return own + [each for inner in part.values() for each in _commands(inner)]
    return [each for inner in part for each in _commands(inner)] if isinstance(part, list) else []


@pytest.mark.parametrize("changes", [{}, {"due": None, "due_since": None}, {"lost": True}, {"own_words": "x" * 300}])
def test_every_message_about_one_promise(words: Words, changes: dict[str, object]) -> None:
    for state in State:
        one = told(state, **changes)
        accepted(*promises_owner.owner_message(one, (), words))
        accepted(*promises_owner.reminder(one, words))
        accepted(*promises_owner.lost(one, words))
        accepted(*promises_owner.lost_for_coordinator(one, words))
        accepted(*promises_owner.declined(one, words))
        accepted(*promises_owner.kept_for_taker(one, words))
        accepted(*promises_shown.card(one, words))
        accepted(*promises_shown.wanted(one, words))
        accepted(*promises_shown.not_wanted(one, words))
        if state is not State.DECLINED:  # what nobody agreed to cannot be marked
            accepted(*views.marked(one.promise, words))
        accepted("x", promises_home.promised(one, words) + promises_home.asked(one, words))
        assert lint_view(views.change_form(one, words).to_dict()) == []
        assert lint_view(views.move_form(one, words).to_dict()) == []
        for gap in (promises_home.overdue_gap(one, words), promises_home.unanswered_gap(one, words)):
            assert len(gap) < 2900


def test_lists_of_many_promises_and_of_many_people(words: Words) -> None:
    mine = [told(State.OFFERED if n % 2 else State.ACCEPTED, n) for n in range(30)]
    accepted(*promises_home.own_list(mine, mine, date(2021, 12, 1), words, coordinates=True))
    accepted(*promises_home.own_list([], [], date(2021, 12, 1), words, coordinates=True))
    accepted(*promises_owner.news([(each, [(NAME, "R" * 200)] * 300) for each in mine], words))
    text, pages = promises_shown.opening([told(list(State)[n % 7], n) for n in range(60)], words)
    for page in pages:
        accepted(text, page)


def test_the_row_and_the_forms_with_the_longest_sentences(words: Words) -> None:
    for letter in ("<", "w", "&"):
        note = a_note(letter)
        known = [told(state, n) for n, state in enumerate(State)]
        for next_step in (True, False):
            accepted("x", views.offer_row(note, [], words, next_step=next_step))
            accepted("x", views.offer_row(note, known, words, next_step=next_step))
        found = every_sentence(note)
        assert len(found) > 40
        for some in (found[:1], found[:3], found[:10], found, found * 4):
            form = views.choose_form(some, {"im": 12}, words, metadata={"back": "x" * 20})
            assert lint_view(form.to_dict()) == []
        assert lint_view(views.sentence_form(told(lost=True), found * 2, words).to_dict()) == []
