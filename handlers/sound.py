"""What can be stored and sent on of a payload: text that no database refuses, in a tree of bounded depth."""

import re
from typing import Any

DEEPEST = 60
"""Levels. A message with blocks that hold lists in quotes has about twenty; Slack's own views stay below thirty."""
UNSOUND = re.compile("[\x00\ud800-\udfff]")
"""Half of a sign (no encoding takes it), and the sign that PostgreSQL takes for the end of a text."""
REPLACEMENT = "\ufffd"


class TooDeep(ValueError):
    """A payload has more levels than anything that Slack sends."""


def sound(value: Any, levels: int = DEEPEST) -> Any:
    """Return the same payload with every unsound sign replaced. Raises TooDeep."""
    kind = type(value)
    if kind is str:
        return value if value.isascii() and "\x00" not in value else UNSOUND.sub(REPLACEMENT, value)
    if kind is dict:
        if levels == 0:
            raise TooDeep
        return {sound(name, 1): sound(each, levels - 1) for name, each in value.items()}
    if kind is list:
        if levels == 0:
            raise TooDeep
        return [sound(each, levels - 1) for each in value]
    return value
