"""What a model wrote of a theme, above the sentences of people in a digest; it always says that a model wrote it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, SectionBlock
from slack_sdk.models.blocks.block_elements import InteractiveElement

from bot.digest import FRAME_CHARACTERS, POST_CHARACTERS, Item, ItemKind
from handlers.views.frame import escaped, section
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.digest.drawing import Live

MOST_CLAIMS = 4
"""Claims of one theme in the thread; a reader who wants more reads the sentences."""


def in_short(found: "Live", lengths: Mapping[Item, int], words: Words) -> dict[Item, str]:
    """Return the lead of each theme in the post, as far as the post has room for it: its own words come first."""
    room = POST_CHARACTERS - FRAME_CHARACTERS - sum(lengths.values())
    lines: dict[Item, str] = {}
    for item in lengths:
        written = found.written.get(item.theme)
        if item.kind is not ItemKind.THEME or written is None:
            continue
        line = words("writing.in_short", text=escaped(written.lead.text))
        if len(line) <= room:
            room -= len(line)
            lines[item] = line
    return lines


def thread_lines(found: "Live", theme: str | None, words: Words) -> list[str]:
    """Return what stands above a theme's sentences in the thread."""
    written = found.written.get(theme)
    if written is None:
        return []
    first, *rest = written.claims[:MOST_CLAIMS]
    return [words("writing.in_short", text=escaped(first.text)), *(f"• {escaped(claim.text)}" for claim in rest)]


def under_head(blocks: Sequence[Block], line: str) -> list[Block]:
    """Return the blocks of an item with a line between its head and what people said."""
    first, *rest = blocks
    text = getattr(getattr(first, "text", None), "text", "")
    head, _, said = text.partition("\n")
    beside = first.accessory if isinstance(first, SectionBlock) else None
    accessory = beside if isinstance(beside, InteractiveElement) else None
    return [section("\n".join([head, line, said]), accessory), *rest]


def drawn_length(blocks: Sequence[Block]) -> int:
    """Return the characters of what blocks say, buttons not counted."""
    found = (getattr(getattr(block, "text", None), "text", "") for block in blocks)
    return sum(len(text) for text in found)
