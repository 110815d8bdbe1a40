"""Reads the table of Block Kit's limits (limits.yaml) into rules, and names the limits of whole messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_BLOCK_TEXT = 10_000  # undocumented msg_blocks_too_long; measured by others to strike above about 11,000
MARKDOWN_TEXT = 12_000
MESSAGE_TEXT, UPDATE_TEXT, EPHEMERAL_BYTES = 40_000, 4_000, 4_000
ATTACHMENTS = 100
ANY = 2**53
SURFACES = ("message", "modal", "home")


@dataclass(frozen=True)
class Rule:
    """What one field must be: `kind` is the word in the table; `of` is the rule for what a list holds."""

    kind: str
    required: bool = False
    least: int = 0
    most: int = ANY
    names: tuple[str, ...] = ()
    of: Rule | None = None


@dataclass(frozen=True)
class Kind:
    """One type of object: its fields, of which one must be there, and on which surfaces it may stand."""

    fields: dict[str, Rule]
    one_of: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = SURFACES
    loose: bool = False


@dataclass(frozen=True)
class Table:
    """All limits, by type: blocks, the things that stand in them, and views."""

    blocks: dict[str, Kind]
    things: dict[str, Kind]
    views: dict[str, Kind]


@lru_cache(maxsize=1)
def table() -> Table:
    """The table of limits.yaml, read once. Raises ValueError when a rule in it is not understood."""
    raw = yaml.safe_load(Path(__file__).with_name("limits.yaml").read_text(encoding="utf-8"))
    groups: dict[str, str] = raw["groups"]
    part = {
        name: {kind: _kind(fields, groups) for kind, fields in raw[name].items()}
        for name in ("blocks", "things", "views")
    }
    for kind in part["blocks"].values():
        kind.fields["block_id"] = Rule("line", least=1, most=255)
    return Table(**part)


def _kind(fields: dict[str, Any], groups: dict[str, str]) -> Kind:
    return Kind(
        {name: rule(text, groups) for name, text in fields.items() if not name.startswith("_")},
        tuple(fields.get("_one_of", "").split()),
        tuple(fields.get("_on", " ".join(SURFACES)).split()),
        bool(fields.get("_open")),
    )


def rule(text: str, groups: dict[str, str]) -> Rule:
    """The rule that a few words of the table mean. Raises ValueError for words it does not know."""
    required = text.startswith("must ")
    word, _, rest = text.removeprefix("must ").partition(" ")
    match word:
        case "text" | "plain" | "line" | "url" | "date" | "time":
            least, most = _range(rest or "3000")
            return Rule(word, required, least, most)
        case "number":
            return Rule(word, required, *_range(rest))
        case "word":
            return Rule(word, required, names=tuple(rest.split()))
        case "one":
            return Rule(word, required, names=tuple(_types(rest, groups)))
        case "list":
            size, _, of = rest.rpartition("of ") if rest.startswith("of ") else rest.partition(" of ")
            return Rule(word, required, *_range(size or "1.."), of=rule(of, groups))
        case "flag" | "any":
            return Rule(word, required)
    raise ValueError(f"limits.yaml: what is {text!r}?")


def _range(text: str) -> tuple[int, int]:
    least, dots, most = text.partition("..")
    return (int(least), int(most) if most else ANY) if dots else (1, int(text))


def _types(text: str, groups: dict[str, str]) -> list[str]:
    return [each for name in text.split() for each in (_types(groups[name], groups) if name in groups else [name])]
