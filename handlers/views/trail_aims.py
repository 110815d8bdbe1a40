"""The caution beside an aim of all or none, and the form of an indicator with and without it."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.views.frame import context
from handlers.words import Words

CAUTION = "absolute"
"""The block of the caution on a form."""
FIELD = "aimed"
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
