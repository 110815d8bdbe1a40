"""Long texts in messages: cut into paragraphs that fit a block, and packed into messages that fit Slack."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block

from handlers.views.frame import context, section
from handlers.words import Words

MOST_TEXT = 9500
"""Characters of one message: Slack refuses blocks from about 11,000 together, and our linter above 10,000."""
MOST_BLOCKS = 45
PARAGRAPH = 2900
"""A section holds 3,000 characters."""


def paragraphs(text: str) -> list[Block]:
    """Show text of any length in as many sections as it takes. What a person typed in it must have been escaped."""
    return [section(piece) for piece in pieces(text)]


def pieces(text: str, most: int = PARAGRAPH) -> Iterator[str]:
    """Cut text at a line end, else at a blank, and never inside `&amp;` and the like; nothing is left out."""
    rest = text
    while len(rest) > most:
        line_end, blank = rest.rfind("\n", most // 2, most), rest.rfind(" ", most // 2, most)
        at = line_end if line_end > 0 else blank
        if at < 0:
            at = most
            entity = rest.rfind("&", at - 5, at)
            if entity >= 0 and ";" not in rest[entity:at]:
                at = entity
        yield rest[:at]
        rest = rest[at:].lstrip()
    if rest:
        yield rest


def paginate(head: Sequence[Block], body: Sequence[Block], tail: Sequence[Block]) -> list[list[Block]]:
    """Share blocks out over messages. The first holds `head`, as much of `body` as fits, and `tail`; the rest of the
    body goes on in further messages."""
    pages: list[list[Block]] = [[]]
    room, blocks = MOST_TEXT - size(head) - size(tail), MOST_BLOCKS - len(head) - len(tail)
    for block in body:
        if pages[-1] and (size([block]) > room or not blocks):
            pages.append([])
            room, blocks = MOST_TEXT, MOST_BLOCKS
        pages[-1].append(block)
        room, blocks = room - size([block]), blocks - 1
    pages[0] = [*head, *pages[0], *tail]
    return pages


def no_longer_needed(words: Words) -> tuple[str, list[Block]]:
    """What a further message says once the text fits without it."""
    text = words("posts.no_longer_needed")
    return text, [context(text)]


def size(blocks: Sequence[Block]) -> int:
    """Count the characters that people see in blocks, as Slack adds them up."""
    return sum(_size(block.to_dict()) for block in blocks)


def _size(thing: object) -> int:
    if isinstance(thing, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _size(v) for k, v in thing.items())
    return sum(map(_size, thing)) if isinstance(thing, list) else 0
