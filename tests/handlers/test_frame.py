"""The pieces of every view: what people typed shows as typed, fits, and steers nothing."""

from __future__ import annotations

import json

import pytest
from slack_sdk.models.blocks import Block

from bot.steering import without_steering
from handlers.views import frame
from handlers.words import Words, load
from playground.linter import lint_blocks, lint_view

HIDDEN = [
    "\x00", "\x07", "\x08", "\x0b", "\x0c", "\r", "\x0e", "\x1b", "\x1f", "\x7f", "\x80", "\x9b", "\x9f", "\xad",
    "\u061c", "\u200b", "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\ud800",
    "\udfff", "\ufffe", "\uffff", "\U000e0001", "\U000e007f",
]  # fmt: skip


@pytest.fixture
def words() -> Words:
    return load("nl")


@pytest.mark.parametrize("character", HIDDEN, ids=lambda one: f"U+{ord(one):04X}")
def test_what_shows_nothing_and_only_steers_is_taken_out(character: str) -> None:
    assert without_steering(f"a{character}b") == "ab"


def test_what_people_need_to_write_stays() -> None:
    for text in ("a\tb\nc", "één ’s", "न\u094dम\u200dः", "می\u200cخواهم", "👩\u200d🏫", "~!\xa0"):
        assert without_steering(text) == text


def test_what_people_type_is_no_markup() -> None:
    assert frame.escaped("<!channel> & <http://a|b>") == "&lt;!channel&gt; &amp; &lt;http://a|b&gt;"
    assert frame.escaped("&lt;!channel&gt;") == "&amp;lt;!channel&amp;gt;", "typed as an entity, shown as that entity"
    assert frame.escaped("<\u200b!here>") == "&lt;!here&gt;"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Zo is het", "“Zo is het”"),
        ("“Zo is het”", "“Zo is het”"),
        ('"Zo is het"', '"Zo is het"'),
        ("„Zo is het”", "„Zo is het”"),
        ("‘Zo’ is het", "“‘Zo’ is het”"),
        ("Zo is ‘het’", "“Zo is ‘het’”"),
        ("", "“”"),
    ],
)
def test_a_quote_stands_between_marks_once(said: str, shown: str) -> None:
    assert frame.quoted(said) == shown


def test_who_is_forgotten_is_mentioned_no_more() -> None:
    assert frame.person("U1") == "<@U1>"
    assert frame.person("forgotten") == "…"
    assert frame.person("forgotten:x") == "…"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("vier", 4, "vier"),
        ("vijf5", 4, "vij…"),
        ("een lange zin", 10, "een lange…"),
        ("vijf zes", 7, "vijf…"),
        ("een zin van zeven", 8, "een zin…"),
        ("abcd efghij", 8, "abcd ef…"),  # a blank at half or before would leave too little
        ("abcde fghij", 8, "abcde…"),
        ("abcd  efghij", 8, "abcd…"),
    ],
)
def test_a_label_is_cut_at_a_word_and_shows_that_it_was(text: str, most: int, shown: str) -> None:
    assert frame.cut(text, most) == shown
    assert len(shown) <= most


def test_a_label_holds_no_commands_and_is_never_empty() -> None:
    assert frame.plain("<!here>\u202e").to_dict() == {"type": "plain_text", "text": "<!here>", "emoji": False}
    assert frame.plain("\u200b").text == "-"
    assert len(frame.plain("x" * 80).text) == 75
    assert len(frame.header("x" * 200).text.text) == 150  # type: ignore[union-attr]  # a header always has its text


def test_a_paragraph_makes_no_mention_or_link_of_its_own() -> None:
    for block in (frame.section("@here").to_dict()["text"], frame.context("@here").to_dict()["elements"][0]):
        assert block == {"type": "mrkdwn", "text": "@here", "verbatim": True}
    assert frame.section("").to_dict()["text"]["text"] == "-"
    assert len(frame.section("x" * 3001).to_dict()["text"]["text"]) == 3000


def test_a_paragraph_has_the_button_that_it_was_given() -> None:
    made = frame.section("Wat nu?", frame.button("Ga", "a.b", "1"), block_id="x").to_dict()
    assert made["accessory"]["action_id"] == "a.b" and made["block_id"] == "x"
    assert lint_blocks([made, frame.divider().to_dict()]) == []


def test_a_button_says_its_result_its_colour_and_where_it_leads() -> None:
    plain = frame.button("Ga", "a.b").to_dict()
    assert plain == {"type": "button", "text": {"type": "plain_text", "text": "Ga", "emoji": False}, "action_id": "a.b"}
    full = frame.button("Ga", "a.b", "1", green=True, says="Ga naar\u200b " + "x" * 80, url="https://a.nl").to_dict()
    assert full["style"] == "primary" and full["value"] == "1" and full["url"] == "https://a.nl"
    assert full["accessibility_label"] == "Ga naar " + "x" * 66 + "…"
    row = frame.actions(frame.button("Ga", "a.b"), frame.button("Nee", "a.c"), block_id="rij").to_dict()
    assert [each["action_id"] for each in row["elements"]] == ["a.b", "a.c"] and row["block_id"] == "rij"


def test_a_choice_shows_its_label_and_carries_its_value() -> None:
    assert frame.option("<@U1>", "u1").to_dict() == {
        "text": {"type": "plain_text", "text": "<@U1>", "emoji": False}, "value": "u1",
    }  # fmt: skip


def test_a_field_is_found_by_its_name_and_may_be_left_empty_only_where_it_says_so(words: Words) -> None:
    from slack_sdk.models.blocks import PlainTextInputElement

    element = PlainTextInputElement(action_id="x")
    bare = frame.field("name", "Naam", element).to_dict()
    assert bare["block_id"] == "name" and bare["optional"] is False and "hint" not in bare
    assert bare["element"]["action_id"] == "x" and bare["label"]["text"] == "Naam"
    hinted = frame.field("name", "N" * 2001, element, hint="h" * 2001, optional=True).to_dict()
    assert hinted["optional"] is True and len(hinted["hint"]["text"]) == len(hinted["label"]["text"]) == 2000


def test_a_form_carries_ids_and_its_own_buttons(words: Words) -> None:
    ids = {"session": "ws_1", "group": "gr_1"}
    made = frame.form(words, "a.b", "T" * 30, [frame.section("x")], submit="S" * 30, metadata=ids).to_dict()
    assert lint_view(made) == []
    assert made["type"] == "modal" and made["callback_id"] == "a.b"
    assert [len(made[part]["text"]) for part in ("title", "submit")] == [24, 24]
    assert json.loads(made["private_metadata"]) == ids
    assert made["private_metadata"].index("group") < made["private_metadata"].index("session"), "always the same bytes"
    assert made["close"]["text"] == words("frame.close")
    bare = frame.form(words, "a.b", "T", [frame.section("x")], submit=None).to_dict()
    assert "submit" not in bare and bare["private_metadata"] == "{}"


def test_a_notice_is_a_window_with_one_message(words: Words) -> None:
    made = frame.notice("Dat kan nu niet.", words).to_dict()
    assert lint_view(made) == []
    assert made["callback_id"] == "frame.notice" and "submit" not in made
    assert made["title"]["text"] == words("frame.notice")
    assert frame.as_dicts([frame.section("Dat kan nu niet.")]) == made["blocks"]


def test_only_the_first_green_button_of_a_window_stays_green() -> None:
    def made() -> list[Block]:
        green = frame.button("Ja", "a.b", green=True)
        row = frame.actions(frame.button("Nee", "a.c"), frame.button("Nu", "a.d", green=True))
        return [frame.divider(), frame.section("Eerst", green), frame.section("Niets"), row]

    def styles(blocks: list[Block]) -> list[str | None]:
        said = [block.to_dict() for block in blocks]
        return [said[1]["accessory"].get("style"), *(each.get("style") for each in said[3]["elements"])]

    assert styles(frame.one_green(made())) == ["primary", None, None]
    assert styles(frame.one_green(made(), seen=True)) == [None, None, None]
