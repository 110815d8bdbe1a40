"""Indicators: the caution beside an aim of all or none, on a form with and without it, and a value in a digest."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from bot.programme import Region
from bot.trail import Entry
from handlers.views.frame import button, context, cut, escaped, section
from handlers.words import Words

CAUTION = "absolute"
"""The block of the caution on a form."""
FIELD = "aimed"
IN_DIGEST = 200
"""Characters at most of what an indicator says in a digest."""
SHORT = 60
"""Characters at most of its name there; its values take half of that."""
KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "blocks")
"""What Slack takes back of a window that it showed."""


def caution(words: Words) -> list[Block]:
    """Say what an absolute aim does, and that it can be kept."""
    return [context(words("trail.absolute"))]


def with_caution(view: Mapping[str, Any], wanted: bool) -> Callable[[Words], dict[str, Any]] | None:
    """Return how to draw a form with or without the caution under what is aimed at; None where it is right already."""
    blocks = list(view.get("blocks") or [])
    at = next((number for number, block in enumerate(blocks) if block.get("block_id") == FIELD), None)
    if at is None or any(block.get("block_id") == CAUTION for block in blocks) is wanted:
        return None

    def drawn(words: Words) -> dict[str, Any]:
        left = [block for block in blocks if block.get("block_id") != CAUTION]
        said = [{**block.to_dict(), "block_id": CAUTION} for block in caution(words)] if wanted else []
        return {name: view[name] for name in KEPT if view.get(name)} | {
            "blocks": [*left[: at + 1], *said, *left[at + 1 :]]
        }

    return drawn


def in_digest(found: Entry, region: Region | None, words: Words) -> tuple[str, list[Block]]:
    """The one line of a digest: the value with its year, what was aimed at, and the way to its source."""

    def said(name: str, most: int) -> str:
        return escaped(cut(" ".join(found.text(name).split()), most))

    name, aimed = escaped(region.name if region else "…"), said("aimed", SHORT // 2)
    text = words(
        "trail.yields.digest", region=name, title=said("title", SHORT), reached=said("reached", SHORT // 2),
        year=said("year", SHORT // 2),
    )  # fmt: skip
    if aimed:
        text = f"{text} {words('trail.yields.aimed', aimed=aimed)}"
    return words("trail.yields.from", region=name), [
        section(text, button(words("trail.open"), "trail.entry", found.id))
    ]
