"""What a form says back: a sentence below each field that is wrong, or in place of a form without fields."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.problem import Problem
from handlers.payloads import Click
from handlers.views.frame import notice

if TYPE_CHECKING:
    from handlers.words import Words
    from handlers.world import World


def field_errors(click: Click, errors: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the ack that keeps a form open, with a sentence under each field; "" stands for the first."""
    blocks = _inputs(click) or ["form"]
    placed = {(name if name in click.fields else blocks[0]): sentence for name, sentence in errors.items()}
    return {"response_action": "errors", "errors": placed}


def _inputs(click: Click) -> list[str]:
    """Return the fields under which Slack shows a sentence; a choice beside a text is none of those."""
    blocks = (click.body.get("view") or {}).get("blocks")
    if not isinstance(blocks, list):
        return list(click.fields)
    return [str(block["block_id"]) for block in blocks if block.get("type") == "input" and block.get("block_id")]


def said_in_form(click: Click, sentence: str, words: "Words") -> Mapping[str, Any]:
    """Return the ack that says something in a form: under its first field, or in place of a form without any."""
    if _inputs(click) or not click.body:
        return field_errors(click, {"": sentence})
    return {"response_action": "update", "view": notice(sentence, words).to_dict()}


def problems_ack(click: Click, world: "World", words: Any, problems: Sequence[Problem]) -> Mapping[str, Any]:
    """Return the ack that shows every problem under its own field, several of one field one after another."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.field, []).append(world.say(words, problem.key, problem.values))
    return field_errors(click, {name: " ".join(sentences) for name, sentences in said.items()})
