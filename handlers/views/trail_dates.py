"""The programme's dates where a region reads them, and who uses what ends."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.trail import Entry
from handlers.views.frame import actions, button, context, escaped, section
from handlers.views.trail_lines import line_of, said
from handlers.words import Words

MOST = 5


def near(found: Sequence[Entry], words: Words) -> list[Block]:
    """The dates that are near, each with its sort."""
    lines = [f"*{words('trail.dates_near')}*"]
    lines += [f"• {line_of(each, words)} · {said(each, 'sort', words)}" for each in found[:MOST]]
    if len(found) > MOST:
        lines.append(words.count("trail.more", len(found) - MOST))
    return [section("\n".join(lines))]


def users(one: Entry, names: Sequence[str], asks: bool, words: Words) -> list[Block]:
    """Which regions use a resource, and the button to say so too."""
    blocks: list[Block] = []
    if names:
        told = words.list(escaped(name) for name in names)
        blocks.append(context(words.count("trail.resource_used", len(names), names=told)))
    if asks:
        says = words("trail.resource_use_says", name=" ".join(one.title.split()))
        blocks.append(actions(button(words("trail.adopt"), "trail.use_resource", one.id, says=says)))
    return blocks
