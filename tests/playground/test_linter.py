"""The block linter takes what Slack takes and refuses what Slack refuses: one corpus on both sides of every edge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from playground import limits, linter

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(3), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def entry(**element: Any) -> Json:
    return {"type": "input", "label": plain(5), "element": element}


def button(length: int = 5, **more: Any) -> Json:
    return {"type": "button", "text": plain(length), **more}


def option(text: int = 5, value: int = 5, **more: Any) -> Json:
    return {"text": plain(text), "value": "v" * value, **more}


def select(count: int, **more: Any) -> Json:
    return {"type": "static_select", "options": [option(value=number + 1) for number in range(count)], **more}


def boxes(kind: str, count: int) -> Json:
    return {"type": kind, "options": [option(value=number + 1) for number in range(count)]}


def rich_list(indent: int, border: int) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "indent": indent, "border": border, "elements": []}],
    }


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


# (what, taken, refused, code): the two payloads stand on both sides of one edge.
BLOCKS: list[tuple[str, Any, Any, str]] = [
    ("blocks in a message", [section()] * 50, [section()] * 51, "too_many"),
    ("section text", section(text=mrkdwn(3000)), section(text=mrkdwn(3001)), "too_long"),
    ("empty text", section(text=mrkdwn(1)), section(text=mrkdwn(0)), "too_short"),
    ("section without anything", section(), {"type": "section"}, "missing_field"),
    ("fields", section(fields=[mrkdwn(9)] * 10), section(fields=[mrkdwn(9)] * 11), "too_many"),
    ("length of a field", section(fields=[mrkdwn(2000)]), section(fields=[mrkdwn(2001)]), "too_long"),
    ("block_id", section(block_id="b" * 255), section(block_id="b" * 256), "too_long"),
    (
        "same block_id",
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a")] * 2,
        "duplicate_block_id",
    ),
    ("header", {"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}, "too_long"),
    ("kind of header", {"type": "header", "text": plain(9)}, {"type": "header", "text": mrkdwn(9)}, "wrong_type"),
    (
        "context",
        {"type": "context", "elements": [mrkdwn(9)] * 10},
        {"type": "context", "elements": [mrkdwn(9)] * 11},
        "too_many",
    ),
    ("actions", actions(*[button()] * 25), actions(*[button()] * 26), "too_many"),
    ("empty actions", actions(button()), actions(), "too_few"),
    (
        "same action_id",
        actions(button(action_id="a"), button()),
        actions(*[button(action_id="a")] * 2),
        "duplicate_action_id",
    ),
    ("button text", actions(button(75)), actions(button(76)), "too_long"),
    ("kind of button text", actions(button()), actions({"type": "button", "text": mrkdwn(5)}), "wrong_type"),
    ("button value", actions(button(value="v" * 2000)), actions(button(value="v" * 2001)), "too_long"),
    ("button url", actions(button(url="https://example.org")), actions(button(url="example")), "wrong_format"),
    (
        "accessibility_label",
        actions(button(accessibility_label="a" * 75)),
        actions(button(accessibility_label="a" * 76)),
        "too_long",
    ),
    ("button style", actions(button(style="primary")), actions(button(style="green")), "unknown_value"),
    ("a word Slack does not know", actions(button()), actions(button(colour="green")), "unknown_field"),
    ("options", actions(select(100)), actions(select(101)), "too_many"),
    (
        "option text",
        actions({"type": "static_select", "options": [option(75)]}),
        actions({"type": "static_select", "options": [option(76)]}),
        "too_long",
    ),
    (
        "option value",
        actions({"type": "static_select", "options": [option(5, 150)]}),
        actions({"type": "static_select", "options": [option(5, 151)]}),
        "too_long",
    ),
    (
        "option description",
        actions({"type": "static_select", "options": [option(description=plain(75))]}),
        actions({"type": "static_select", "options": [option(description=plain(76))]}),
        "too_long",
    ),
    (
        "selected at first",
        actions(select(2, initial_option=option(value=1))),
        actions(select(2, initial_option=option(value=9))),
        "unknown_option",
    ),
    ("checkboxes", actions(boxes("checkboxes", 10)), actions(boxes("checkboxes", 11)), "too_many"),
    ("radio buttons", actions(boxes("radio_buttons", 10)), actions(boxes("radio_buttons", 11)), "too_many"),
    ("overflow", actions(boxes("overflow", 5)), actions(boxes("overflow", 6)), "too_many"),
    ("placeholder", actions(select(1, placeholder=plain(150))), actions(select(1, placeholder=plain(151))), "too_long"),
    (
        "confirm",
        actions(button(confirm={"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)})),
        actions(button(confirm={"title": plain(100), "text": plain(301), "confirm": plain(30), "deny": plain(30)})),
        "too_long",
    ),
    (
        "date",
        actions({"type": "datepicker", "initial_date": "2020-02-29"}),
        actions({"type": "datepicker", "initial_date": "2021-02-29"}),
        "wrong_format",
    ),
    (
        "time",
        actions({"type": "timepicker", "initial_time": "23:59"}),
        actions({"type": "timepicker", "initial_time": "24:00"}),
        "wrong_format",
    ),
    (
        "moment",
        actions({"type": "datetimepicker", "initial_date_time": 1623930900}),
        actions({"type": "datetimepicker", "initial_date_time": 162393090}),
        "out_of_range",
    ),
    (
        "several in actions",
        section(accessory={"type": "multi_users_select"}),
        actions({"type": "multi_users_select"}),
        "unknown_type",
    ),
    ("text field in actions", entry(type="plain_text_input"), actions({"type": "plain_text_input"}), "unknown_type"),
    (
        "longest text",
        entry(type="plain_text_input", max_length=3000),
        entry(type="plain_text_input", max_length=3001),
        "out_of_range",
    ),
    (
        "least and most",
        entry(type="plain_text_input", min_length=2, max_length=2),
        entry(type="plain_text_input", min_length=3, max_length=2),
        "out_of_range",
    ),
    (
        "image",
        {"type": "image", "image_url": "https://e.org/a.png", "alt_text": "a" * 2000},
        {"type": "image", "image_url": "https://e.org/a.png"},
        "missing_field",
    ),
    ("list", rich_list(8, 1), rich_list(9, 0), "out_of_range"),
    ("list border", rich_list(0, 1), rich_list(0, 2), "out_of_range"),
    ("markdown", {"type": "markdown", "text": "x" * 12000}, {"type": "markdown", "text": "x" * 12001}, "too_long"),
    (
        "markdown together",
        [{"type": "markdown", "text": "x" * 6000}] * 2,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "too_long",
    ),
    ("table rows", table(100, 2), table(101, 2), "too_many"),
    ("table columns", table(2, 20), table(2, 21), "too_many"),
    ("empty cell", table(1, 1), table(1, 1, ""), "too_short"),
    ("one table", [table(1, 1)], [table(1, 1)] * 2, "only_one_table_allowed"),
    ("an unknown block", section(), {"type": "carrousel"}, "unknown_type"),
    ("alert in a message", section(), {"type": "alert", "text": plain(9)}, "wrong_surface"),
    ("files in a message", entry(type="plain_text_input"), entry(type="file_input"), "wrong_surface"),
    (
        "cards",
        {"type": "carousel", "elements": [{"type": "card", "title": plain(150)}] * 10},
        {"type": "carousel", "elements": [{"type": "card", "title": plain(150)}] * 11},
        "too_many",
    ),
    (
        "container",
        {"type": "container", "child_blocks": [section()]},
        {"type": "container", "child_blocks": [section(text=mrkdwn(0))]},
        "too_short",
    ),
    (
        "focus",
        actions(select(1, focus_on_load=True)),
        actions(select(1, focus_on_load=True), select(1, focus_on_load=True)),
        "too_many",
    ),
    (
        "block_id in rich text",
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}]},
        {"type": "rich_text", "elements": [{"type": "text", "text": "a"}]},
        "unknown_type",
    ),
]


@pytest.mark.parametrize(("taken", "refused", "code"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_blocks_are_taken_up_to_the_edge_and_refused_beyond_it(taken: Any, refused: Any, code: str) -> None:
    assert linter.lint_blocks(taken if isinstance(taken, list) else [taken]) == []
    problems = linter.lint_blocks(refused if isinstance(refused, list) else [refused])
    assert code in {problem.code for problem in problems}, problems


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(24), "blocks": [section()], **more}


VIEWS: list[tuple[str, Json, Json, str]] = [
    ("title", modal(), modal(title=plain(25)), "too_long"),
    ("no title", modal(), {"type": "modal", "blocks": [section()]}, "missing_field"),
    ("submit", modal(submit=plain(24)), modal(submit=plain(25)), "too_long"),
    (
        "an input asks for submit",
        modal(blocks=[entry(type="plain_text_input")], submit=plain(4)),
        modal(blocks=[entry(type="plain_text_input")]),
        "missing_field",
    ),
    ("blocks", modal(blocks=[section()] * 100), modal(blocks=[section()] * 101), "too_many"),
    ("no blocks", modal(), modal(blocks=[]), "too_few"),
    ("private_metadata", modal(private_metadata="p" * 3000), modal(private_metadata="p" * 3001), "too_long"),
    ("callback_id", modal(callback_id="c" * 255), modal(callback_id="c" * 256), "too_long"),
    ("a table in a modal", modal(), modal(blocks=[table(1, 1)]), "wrong_surface"),
    (
        "files",
        modal(blocks=[entry(type="file_input", max_files=10)], submit=plain(4)),
        modal(blocks=[entry(type="file_input", max_files=11)], submit=plain(4)),
        "out_of_range",
    ),
    (
        "alert",
        modal(blocks=[{"type": "alert", "text": plain(200), "level": "info"}]),
        modal(blocks=[{"type": "alert", "text": plain(9), "level": "blue"}]),
        "unknown_value",
    ),
    (
        "a title on Home",
        {"type": "home", "blocks": [section()]},
        {"type": "home", "blocks": [section()], "title": plain(4)},
        "unknown_field",
    ),
    (
        "kind of label",
        modal(submit=plain(4), blocks=[entry(type="plain_text_input")]),
        modal(submit=plain(4), blocks=[{**entry(type="plain_text_input"), "label": mrkdwn(4)}]),
        "wrong_type",
    ),
    ("kind of view", modal(), {"type": "tab", "blocks": []}, "wrong_type"),
]


@pytest.mark.parametrize(("taken", "refused", "code"), [row[1:] for row in VIEWS], ids=[row[0] for row in VIEWS])
def test_views_are_taken_up_to_the_edge_and_refused_beyond_it(taken: Json, refused: Json, code: str) -> None:
    assert linter.lint_view(taken) == []
    assert code in {problem.code for problem in linter.lint_view(refused)}


def test_a_message_may_hold_ten_thousand_characters_in_its_blocks() -> None:
    blocks = [section(text=mrkdwn(2500))] * 4
    assert linter.lint_message({"text": "1", "blocks": blocks}) == []
    too_long = linter.lint_message({"text": "1", "blocks": [*blocks, section(text=mrkdwn(1))]})
    assert [problem.code for problem in too_long] == ["msg_blocks_too_long"]
    assert linter.lint_message({"text": "1", "blocks": blocks}, block_text=9000)


def test_a_message_needs_something_to_say() -> None:
    assert [problem.code for problem in linter.lint_message({})] == ["no_text"]
    assert [problem.code for problem in linter.lint_message({"text": "1", "attachments": [{}] * 101})] == ["too_many"]


def test_nonsense_is_refused_and_never_breaks_the_linter() -> None:
    for nonsense in (
        None,
        3,
        "x",
        [],
        [3],
        [None],
        [{"type": []}],
        [{"type": "section", "text": 3}],
        {"type": "modal"},
        {"blocks": {}},
    ):
        assert isinstance(linter.lint(nonsense), list)
    odd: list[Any] = [{"type": kind, **dict.fromkeys(kind_.fields, 3)} for kind, kind_ in limits.table().blocks.items()]
    assert linter.lint_blocks(odd)


def test_every_type_named_in_the_table_is_described_in_it() -> None:
    table = limits.table()
    rules = [rule for kind in [*table.blocks.values(), *table.things.values()] for rule in kind.fields.values()]
    rules += [rule.of for rule in rules if rule.of]
    assert {name for rule in rules if rule.kind == "one" for name in rule.names} - table.things.keys() == set()
    with pytest.raises(ValueError, match="what is 'string 3'"):
        limits.rule("string 3", {})


def test_the_linter_works_by_itself_on_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(modal()))
    bad.write_text(json.dumps({"blocks": [actions(button(76))]}))
    assert linter.main([str(good)]) == 0
    assert linter.main([str(good), str(bad)]) == 1
    assert "/blocks/0/elements/0/text/text" in capsys.readouterr().out
