"""J: signs that hide, turn or break are stripped or shown; messages stay within every limit whatever is typed."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.processors import LogfmtRenderer

from bot.document import Document, Labels, Paragraph, Quote, Section, Table, line, texts, tidied
from bot.privacy import find
from bot.steering import STEERING, without_steering
from bot.worksessions import LARGEST_GROUP, MOST_TOPICS, TITLE_LENGTH, TOPIC_LENGTH, Mode, State
from handlers.documents import write
from handlers.log import on_one_line
from handlers.sound import sound
from handlers.views import frame
from handlers.views import selection as selection_views
from handlers.views import selection_groups as group_views
from handlers.views import worksessions as session_views
from handlers.words import load
from playground.linter import lint_message, lint_view
from tests.handlers.test_views import a_session, groups

Cases = Callable[[int], None]

SIGNS = (
    "\u202egnp.exe", "\u202dlinks", "\u2066a\u2069b", "\u2067a\u2069b", "\u061ca", "\u200ea\u200f", "a\u200bb",
    "a\u2060b", "a\u180eb", "\u2068a\u2069b",
    "\ufeffa", "a\u00adb", "\u2063a", "a" + "\u0301" * 10_000, "\u0489" * 10_000, "a\x00b", "\x1b[31mrood\x1b[0m",
    "\x1b]8;;http://kwaad.example\x07klik\x1b]8;;\x07", "\x9b31m", "\x07\x08\x7f", "a\rb", "a\r\nb",
    "a\nb\u2028c\u2029d\x85e",
    "\ud800", "a\udfffb", "\ufffe\uffff", "\U000e0041\U000e007f",
)  # fmt: skip
WORDS = load("nl")


def test_j2_what_hides_turns_or_breaks_is_stripped_or_shown(cases: Cases) -> None:
    logged = LogfmtRenderer(bool_as_flag=False)
    for typed in SIGNS:
        began = time.process_time()
        kept = sound(typed)
        kept.encode()
        find(kept)
        for text in (typed, kept):
            blocks = [frame.section(frame.escaped(text)).to_dict(), frame.header(text).to_dict()]
            blocks.append(frame.actions(frame.button(text, "a.b", says=text)).to_dict())
            assert lint_message({"text": frame.escaped(text)[:3000], "blocks": blocks}) == []
            assert not STEERING.search(str(blocks).encode("unicode_escape").decode()), "nothing of it reaches Slack"
            for block in blocks:
                assert not any(STEERING.search(said) for said in _said(block)), repr(typed)[:60]
            made = Document("nl", text, Labels("a", "b", "c", "d"), date(2021, 6, 21), sections=(
                Section(text, (Paragraph(line(text)), Quote(line(text)), Table(text, (text,), ((line(text),),)))),
            ))  # fmt: skip
            for said in texts(tidied(made)):
                assert not STEERING.search(said) and len(said.splitlines()) <= 1
            for kind in ("md", "html"):
                write(made, kind).decode()
            row = logged(None, "info", on_one_line(None, "info", {"event": "something", "name": text}))
            assert len(row.split("\n")) == 1 and "\r" not in row, "a line of the log stays one line"
        assert time.process_time() - began < 5
    cases(len(SIGNS))


def _said(thing: Any) -> list[str]:
    if isinstance(thing, dict):
        return [said for each in thing.values() for said in _said(each)]
    if isinstance(thing, list):
        return [said for each in thing for said in _said(each)]
    return [thing] if isinstance(thing, str) else []


def test_j2_letters_of_every_script_stay_as_they_are() -> None:
    for text in ("naïef", "e\u0301e\u0301n", "שלום", "مرحبا", "नमस्ते", "👩\u200d🏫", "می\u200cخواهم", "中文"):
        assert unicodedata.normalize("NFC", without_steering(text)) == unicodedata.normalize("NFC", text)


TYPED = st.text(st.sampled_from("<>&*_~`a Ŵ\n“'😀") | st.characters(), max_size=40).flatmap(
    lambda text: st.integers(0, 80).map(lambda times: text * times)
)


ANYTHING = (
    TYPED, TYPED, st.integers(1, MOST_TOPICS), st.integers(0, LARGEST_GROUP), st.sampled_from(list(Mode)),
    st.booleans(),
    st.sampled_from(["nl", "en"]),
)  # fmt: skip


def every_builder_keeps_to_the_limits(
    title: str, name: str, count: int, people: int, mode: Mode, hidden: bool, language: str
) -> None:
    words = load(language)
    base = a_session(State.CHOOSING)
    topics = tuple(
        replace(topic, name=f"{n} {name}"[:TOPIC_LENGTH], short_name=f"{n}{name}"[:20])
        for n, topic in enumerate(base.topics[:count])
    )
    session = replace(base, title=title[:TITLE_LENGTH] or "-", mode=mode, hidden=hidden, topics=topics)
    told = dict.fromkeys((topic.id for topic in topics), people)
    text, blocks = selection_views.choices(session, told, {}, words, topics)
    _accepted(text, blocks)
    seats = [replace(group, people=group.people[:people]) for group in groups(session)]
    grouped = replace(session, state=State.GROUPED)
    for shown in seats[:2]:
        _accepted(*group_views.group_thread(grouped, shown, words))
    _accepted_view(group_views.move_form(grouped, seats, words))
    _accepted_view(session_views.appoint_form(session, words))
    _accepted("?", session_views.posted(session, words))
    field = frame.field("x", title, session_views.appoint_form(session, words).blocks[-1].element, hint=name)
    assert len(field.to_dict()["label"]["text"]) <= 2000
    _accepted(frame.escaped(title)[:3000] or "-", [
        frame.header(title), frame.section(frame.escaped(name)), frame.context(frame.escaped(title)),
        frame.actions(frame.button(title, "a.b", says=name), frame.button(name, "a.c")),
    ])  # fmt: skip
    _accepted_view(frame.notice(frame.escaped(title), words))


def _accepted(text: str, blocks: Any) -> None:
    packed = [block if isinstance(block, dict) else block.to_dict() for block in blocks]
    assert lint_message({"text": text, "blocks": packed}) == []


def _accepted_view(view: Any) -> None:
    assert lint_view(view.to_dict()) == []


@pytest.mark.parametrize("most", [50, pytest.param(500, marks=pytest.mark.matrix)])
def test_j4_messages_and_forms_keep_to_every_limit_whatever_is_typed_and_however_much(cases: Cases, most: int) -> None:
    tried: list[int] = []

    @settings(max_examples=most, deadline=None, derandomize=True)
    @given(*ANYTHING)
    def each(title: str, name: str, count: int, people: int, mode: Mode, hidden: bool, language: str) -> None:
        tried.append(1)
        every_builder_keeps_to_the_limits(title, name, count, people, mode, hidden, language)

    each()
    cases(len(tried))
