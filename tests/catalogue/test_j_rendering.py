"""J: what people type shows as they typed it: no mention, no link, no date, in no field of no view and no file."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest

from bot.steering import without_steering
from playground.page.drawing import Drawing
from playground.state import Person, Workspace
from tests.catalogue.rendering_scene import LENGTH, REFERENCE, Drawn, Scene, ending, typed

Cases = Callable[[int], None]

HOSTILE = (
    "<!channel>", "<!here>", "<!everyone>", "<!channel|iedereen>", "<!subteam^S1>", "<!subteam^S1|@team>", "<@U1>",
    "<@U1|noor>", "<@W1>", "<#C1>", "<#C1|kanaal>", "<http://kwaad.example|intranet>", "<https://kwaad.example>",
    "<mailto:a@kwaad.example|mail>", "<tel:112|bel>", "<slack://open|open>", "<javascript:alert(1)|klik>",
    "<!date^1623900000^{date_long}|straks>", "<!date^1623900000^{date}^https://kwaad.example|klik>",
    "&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "&#60;!here&#62;", "&#x3c;@U1&#x3e;", "&ltnoor", "<", ">", "&",
    "<<!here>>",
    "><!here><", "<@U1", "U1>", "<\u200b!channel>", "<!\u200bhere>", "\u2039!here\u203a", "＜!channel＞",
    "“<!here>”", "@here @channel", "https://kwaad.example/<a>", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "[klik](javascript:alert(1))", "![x](http://kwaad.example/x.png)",
)  # fmt: skip
"""Mentions of every kind, links, dates, entities, and what only looks like them."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with pytest.MonkeyPatch.context() as patch:
        made = Scene(tmp_path_factory.mktemp("town"), patch)
        yield made
        made.close()


class Reader:
    """Reads as the practice Slack draws: what becomes an element, and what a person reads."""

    def __init__(self) -> None:
        somebody = Person("U9", "lezer", "Lezer")
        self._draw = Drawing(Workspace(people={"U9": somebody}), somebody, lambda url: None)

    def elements(self, text: str) -> list[str]:
        """Everything in a text that is no word: mentions, links and moments."""
        drawn = str(self._draw.mrkdwn(text))
        return re.findall(r'<a [^>]*>|<span class="mention">[^<]*|<time [^>]*>', drawn)


def targets(text: str) -> list[str]:
    """Where the references of our own in a text lead; what they are called may be what somebody typed."""
    return [each.partition("|")[0] for each in REFERENCE.findall(text)]


def rows(texts: tuple[str, ...]) -> Iterator[list[str]]:
    """Put as many texts beside each other as a field takes: drawing everything costs a second."""
    row: list[str] = []
    for text in texts:
        if len(" ".join([*row, text])) > LENGTH - 8:
            yield row
            row = []
        row.append(text)
    yield row


def fields_in(drawn: Drawn, scene: Scene) -> set[int]:
    """The fields that were really drawn somewhere."""
    said = "\n".join([*drawn.markup.values(), *drawn.plain.values(), *(text for text, _ in drawn.files.values())])
    return {number for number in range(len(scene.marks)) if ending(number) in said}


def test_j1_what_people_type_shows_literally_everywhere(scene: Scene, cases: Cases) -> None:
    reader = Reader()
    scene.type("gewoon")
    calm = scene.draw()
    shown = fields_in(calm, scene)
    assert len(shown) >= 9, sorted(scene.marks[number] for number in shown)
    whole = {
        (name, number)
        for part in (calm.markup, calm.plain)
        for name, text in part.items()
        for number in shown
        if typed("gewoon", number) in text
    }
    tried = 0
    for together in rows(HOSTILE):
        text = " ".join(together)
        scene.type(text)
        drawn = scene.draw()
        assert drawn.elements == calm.elements, f"{text!r} became an element"
        for name, said in drawn.markup.items():
            wanted = reader.elements(calm.markup[name])
            assert reader.elements(said) == wanted, f"{text!r} in {name}: {said!r}"
            assert "<" not in REFERENCE.sub("", said), f"a raw sign in {name}: {said!r}"
            assert targets(said) == targets(calm.markup[name]), name
        for name, number in whole:
            wanted_text = without_steering(typed(text, number))
            if name in drawn.markup:
                read = html.unescape(REFERENCE.sub(lambda ours: ours[1].partition("|")[2], drawn.markup[name]))
            else:
                read = without_steering(drawn.plain[name])
            # in the name of a link of ours, the sign that would end it is shown as one that looks like it
            seen = read.replace("¦", "|")
            assert wanted_text in seen, f"{name} does not show {wanted_text!r} as it was typed: {read!r}"
        for name, (said, links) in drawn.files.items():
            assert links == calm.files[name][1], f"{text!r} became a link in {name}"
            assert "<script" not in said or "<script" in text
        tried += len(together) * len({number for _, number in whole})
    cases(tried)
