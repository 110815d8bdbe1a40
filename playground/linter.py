"""Judges Block Kit payloads by the limits table, as Slack does; by hand: `python -m playground.linter FILE.json`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from . import limits
from .limits import Kind, Rule, table

TEXTS = ("plain_text", "mrkdwn")


@dataclass(frozen=True)
class Problem:
    """One thing that Slack would refuse: where (JSON pointer), a code, and a sentence."""

    pointer: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


def lint_message(payload: dict[str, Any], *, block_text: int = limits.MESSAGE_BLOCK_TEXT) -> list[Problem]:
    """Every problem of a message (blocks, attachments, text); empty when Slack would take it.

    `block_text` is how many characters its blocks may hold together, which Slack does not document.
    """
    check = _Check("message")
    blocks = payload.get("blocks") or []
    check.blocks(blocks, "/blocks", limits.MESSAGE_BLOCKS)
    attachments = payload.get("attachments") or []
    if not isinstance(attachments, list):
        check.say("/attachments", "wrong_type", "must be a list")
        attachments = []
    if len(attachments) > limits.ATTACHMENTS:
        check.say("/attachments", "too_many", f"no more than {limits.ATTACHMENTS} attachments")
    for number, each in enumerate(attachments):
        if isinstance(each, dict) and each.get("blocks"):
            check.blocks(each["blocks"], f"/attachments/{number}/blocks", limits.MESSAGE_BLOCKS)
    total = sum(map(len, visible_texts(blocks)))
    if total > block_text:
        check.say("/blocks", "msg_blocks_too_long", f"the blocks hold {total} characters of text, over {block_text}")
    text = payload.get("text")
    if text is not None and not isinstance(text, str):
        check.say("/text", "wrong_type", "must be a string")
    if not (text or blocks or attachments):
        check.say("", "no_text", "a message needs text, blocks or attachments")
    return check.problems


def lint_view(payload: dict[str, Any]) -> list[Problem]:
    """Every problem of a modal or a Home tab; empty when Slack would take it."""
    kind = payload.get("type") if isinstance(payload, dict) else None
    if kind not in table().views:
        return [Problem("/type", "wrong_type", "a view is of type modal or home")]
    check = _Check(str(kind))
    check.fields(payload, table().views[str(kind)], "")
    blocks = payload.get("blocks")
    check.blocks(blocks, "/blocks", limits.VIEW_BLOCKS, least=1)
    if kind == "modal" and not payload.get("submit") and any(_is(block, "input") for block in blocks or ()):
        check.say("/submit", "missing_field", "a modal with an input block needs submit")
    return check.problems


def lint_blocks(blocks: Any) -> list[Problem]:
    """Every problem of blocks by themselves, as of a message."""
    check = _Check("message")
    check.blocks(blocks, "", limits.MESSAGE_BLOCKS)
    return check.problems


def visible_texts(thing: Any) -> Iterator[str]:
    """Every `text` string in blocks, in order."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from visible_texts(value)
    elif isinstance(thing, list):
        for each in thing:
            yield from visible_texts(each)


def _is(thing: Any, kind: str) -> bool:
    return isinstance(thing, dict) and thing.get("type") == kind


@dataclass
class _Check:
    """One pass over one payload on one surface."""

    surface: str
    problems: list[Problem] = field(default_factory=list)
    _focused: int = 0

    def say(self, pointer: str, code: str, message: str) -> None:
        self.problems.append(Problem(pointer, code, message))

    def blocks(self, blocks: Any, at: str, most: int, least: int = 0) -> None:
        if not isinstance(blocks, list):
            self.say(at, "wrong_type", "blocks must be a list")
            return
        if not least <= len(blocks) <= most:
            self.say(at, "too_many" if blocks else "too_few", f"{len(blocks)} blocks where {least} to {most} may be")
        for number, block in enumerate(blocks):
            self.block(block, f"{at}/{number}")
        self._double((block.get("block_id") for block in blocks if isinstance(block, dict)), at, "block_id")
        markdown = sum(len(str(block.get("text", ""))) for block in blocks if _is(block, "markdown"))
        if markdown > limits.MARKDOWN_TEXT:
            self.say(
                at, "too_long", f"markdown blocks hold {markdown} characters, over {limits.MARKDOWN_TEXT} together"
            )
        if sum(_is(block, "table") for block in blocks) > 1:
            self.say(at, "only_one_table_allowed", "a message may hold one table")
        if sum(_is(block, "data_visualization") for block in blocks) > 2:
            self.say(at, "too_many", "a message may hold two data_visualization blocks")

    def block(self, block: Any, at: str) -> None:
        kind = table().blocks.get(str(block.get("type"))) if isinstance(block, dict) else None
        if kind is None:
            self.say(f"{at}/type", "unknown_type", f"no block of type {_type_of(block)}")
            return
        if self.surface not in kind.surfaces:
            self.say(f"{at}/type", "wrong_surface", f"{block['type']} cannot stand in a {self.surface}")
        self.fields(block, kind, at)
        inside = [*_listed(block, "elements"), block.get("accessory"), block.get("element")]
        self._double((each.get("action_id") for each in inside if isinstance(each, dict)), at, "action_id")
        if _is(block, "container"):
            for number, child in enumerate(_listed(block, "child_blocks")):
                self.block(child, f"{at}/child_blocks/{number}")

    def _double(self, ids: Iterable[Any], at: str, name: str) -> None:
        seen: set[str] = set()
        for each in ids:
            if isinstance(each, str) and each in seen:
                self.say(at, f"duplicate_{name}", f"{name} {each!r} is there twice")
            elif isinstance(each, str):
                seen.add(each)

    def fields(self, thing: dict[str, Any], kind: Kind, at: str) -> None:
        for name, rule in kind.fields.items():
            if thing.get(name) is not None:
                self.value(thing[name], rule, f"{at}/{name}")
            elif rule.required:
                self.say(f"{at}/{name}", "missing_field", f"{name} is required")
        if kind.one_of and not any(thing.get(name) for name in kind.one_of):
            self.say(at, "missing_field", f"one of {', '.join(kind.one_of)} is required")
        if not kind.loose:
            for name in sorted(thing.keys() - kind.fields.keys() - {"type"}):
                self.say(f"{at}/{name}", "unknown_field", f"{name} is no field here")

    def value(self, value: Any, rule: Rule, at: str) -> None:
        match rule.kind:
            case "text" | "plain":
                self._text(value, rule, at)
            case "line" | "url" | "date" | "time":
                self._line(value, rule, at)
            case "number":
                if not isinstance(value, int) or isinstance(value, bool) or not rule.least <= value <= rule.most:
                    self.say(at, "out_of_range", f"must be a number from {rule.least} to {rule.most}")
            case "flag":
                if not isinstance(value, bool):
                    self.say(at, "wrong_type", "must be true or false")
            case "word":
                if value not in rule.names:
                    self.say(at, "unknown_value", f"must be one of {', '.join(rule.names)}")
            case "list":
                self._many(value, rule, at)
            case "one":
                self._thing(value, rule, at)

    def _text(self, value: Any, rule: Rule, at: str) -> None:
        allowed = TEXTS[:1] if rule.kind == "plain" else TEXTS
        if not isinstance(value, dict) or value.get("type") not in allowed:
            self.say(at, "wrong_type", f"must be a {' or '.join(allowed)} object")
            return
        kind = table().things[value["type"]]
        self.fields(value, Kind(kind.fields | {"text": Rule("line", True, rule.least, rule.most)}), at)

    def _line(self, value: Any, rule: Rule, at: str) -> None:
        if not isinstance(value, str):
            self.say(at, "wrong_type", "must be a string")
        elif len(value) > rule.most:
            self.say(at, "too_long", f"{len(value)} characters where {rule.most} may be")
        elif len(value) < rule.least:
            self.say(at, "too_short", f"must hold at least {rule.least} character")
        elif rule.kind != "line" and not _shaped(value, rule.kind):
            self.say(at, "wrong_format", f"{value!r} is no {rule.kind}")

    def _many(self, value: Any, rule: Rule, at: str) -> None:
        if not isinstance(value, list):
            self.say(at, "wrong_type", "must be a list")
            return
        if not rule.least <= len(value) <= rule.most:
            self.say(at, "too_many" if value else "too_few", f"{len(value)} where {rule.least} to {rule.most} may be")
        of = rule.of or Rule("any")
        for number, each in enumerate(value):
            self.value(each, of, f"{at}/{number}")

    def _thing(self, value: Any, rule: Rule, at: str) -> None:
        if not isinstance(value, dict):
            self.say(at, "wrong_type", "must be an object")
            return
        # Options, confirm dialogs and filters have no type: there the rule names the one thing it can be.
        name = value.get("type") if len(rule.names) > 1 or rule.names[0] == value.get("type") else rule.names[0]
        if name not in rule.names:
            self.say(f"{at}/type", "unknown_type", f"{_type_of(value)} cannot stand here")
            return
        kind = table().things[str(name)]
        if self.surface not in kind.surfaces:
            self.say(f"{at}/type", "wrong_surface", f"{name} cannot stand in a {self.surface}")
        self.fields(value, kind, at)
        self._initial(value, at)
        self._focused += value.get("focus_on_load") is True
        if value.get("focus_on_load") is True and self._focused > 1:
            self.say(f"{at}/focus_on_load", "too_many", "only one element can have the focus")
        low, high = value.get("min_length"), value.get("max_length")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            self.say(f"{at}/min_length", "out_of_range", "min_length is above max_length")

    def _initial(self, element: dict[str, Any], at: str) -> None:
        """What is selected at first must be one of the options, exactly."""
        if not isinstance(element.get("type"), str) or "external" in element["type"]:
            return
        options = [*_listed(element, "options")]
        for group in _listed(element, "option_groups"):
            options += _listed(group, "options") if isinstance(group, dict) else []
        chosen = [element.get("initial_option"), *_listed(element, "initial_options")]
        values = [option.get("value") for option in options if isinstance(option, dict)]
        for each in chosen:
            if isinstance(each, dict) and each.get("value") not in values:
                self.say(at, "unknown_option", "what is selected at first is not among the options")


def _listed(thing: dict[str, Any], name: str) -> list[Any]:
    found = thing.get(name)
    return found if isinstance(found, list) else []


def _type_of(thing: Any) -> str:
    return repr(thing.get("type")) if isinstance(thing, dict) else type(thing).__name__


def _shaped(value: str, shape: str) -> bool:
    if shape == "url":
        return bool(re.fullmatch(r"https?://\S+|mailto:\S+|slack://\S+", value))
    if shape == "time":
        return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def lint(payload: Any) -> list[Problem]:
    """Judge whatever this is: a list of blocks, a view (by its type), or a message."""
    if isinstance(payload, list):
        return lint_blocks(payload)
    if not isinstance(payload, dict):
        return [Problem("", "wrong_type", "neither blocks nor a message nor a view")]
    return lint_view(payload) if payload.get("type") in table().views else lint_message(payload)


def main(paths: list[str]) -> int:
    """Lint files; prints every problem, returns 1 when there is one."""
    wrong = 0
    for path in paths:
        for problem in lint(json.loads(Path(path).read_text(encoding="utf-8"))):
            sys.stdout.write(f"{path}: {problem.code}: {problem}\n")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
