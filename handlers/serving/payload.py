"""Reads the body of a request from Slack within bounds: how deep, how long a number, each name once."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from handlers.sound import DEEPEST, TooDeep, sound

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LONGEST_NUMBER = 32
MOST_FIELDS = 100
MOST_PARTS = 100_000
"""Texts, names and brackets. A form of a hundred blocks has a few thousand; this many take a tenth of a second."""
_SIGNS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
"""A whole text, or a bracket. Possessive, for a megabyte of backslashes would fill sixty more with ways back."""


class Malformed(Exception):
    """A body that nobody can read; `reason` is a word for the log, without anything of the body."""

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


def read(body: bytes, content_type: str) -> dict[str, Any]:
    """Return what Slack sent: an event, an interaction (from the field `payload`) or the fields of a command.

    Raises Malformed.
    """
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("encoding") from None
    if kind == JSON:
        return _object(text)
    if kind != FORM:
        raise Malformed("content_type")
    fields = _fields(text)
    return _object(fields["payload"]) if "payload" in fields else fields


def _fields(text: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise Malformed("encoding") from None
    except ValueError:
        raise Malformed("form") from None
    found: dict[str, Any] = sound(_once(pairs))
    return found


def _object(text: str) -> dict[str, Any]:
    _measure(text)
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_constant=_constant, parse_int=_whole, parse_float=_fraction
        )
    except ValueError:
        raise Malformed("json") from None
    if not isinstance(found, dict):
        raise Malformed("no_object")
    try:
        clean: dict[str, Any] = sound(found)
    except TooDeep:
        raise Malformed("depth") from None
    return clean


def _measure(text: str) -> None:
    """Count levels and parts before anything is built."""
    depth = 0
    for number, sign in enumerate(_SIGNS.finditer(text)):
        if number > MOST_PARTS:
            raise Malformed("parts")
        first = text[sign.start()]
        if first in "[{":
            depth += 1
            if depth > DEEPEST:
                raise Malformed("depth")
        elif first in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two of one name would be read differently by us and by whoever looked at it before us."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("twice")
    return found


def _constant(name: str) -> NoReturn:
    raise Malformed("number")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Malformed("number")
    return int(digits)


def _fraction(digits: str) -> float:
    found = float(digits) if len(digits) <= LONGEST_NUMBER else float("inf")
    if found in (float("inf"), float("-inf")):
        raise Malformed("number")
    return found


def kind_of(body: Mapping[str, Any]) -> str:
    """Say which of the three this is: `event`, `command` or `interaction`."""
    if "command" in body:
        return "command"
    return "event" if "event" in body or body.get("type") == "event_callback" else "interaction"
