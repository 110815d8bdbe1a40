"""The pieces that every view is made of: escaped text, sections, buttons, fields and the frame of a form."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InputInteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.models.views import View

from bot.privacy.forgotten import is_forgotten
from bot.steering import without_steering
from handlers.words import Words

INPUT_LENGTH = 3000
"""What a text field takes at most; longer than we allow, so that Slack never cuts what somebody pastes."""
OPENING, CLOSING = tuple("“„‘«\"'"), tuple("”’»\"'")


def escaped(text: str) -> str:
    """Make what a person typed harmless in mrkdwn: no mention, no link, no formatting command."""
    return without_steering(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Put what somebody said between marks, unless it was typed with marks already."""
    return text if text[:1] in OPENING and text[-1:] in CLOSING else f"“{text}”"


def person(user: str) -> str:
    """Mention somebody by an id that comes from the database."""
    return "…" if is_forgotten(user) else f"<@{user}>"


def cut(text: str, most: int) -> str:
    """Shorten a label to what fits, at a word where possible, and show that it was cut."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    at = head.rfind(" ")
    return (head[:at] if at > most // 2 else head).rstrip() + "…"


def plain(text: str, most: int = 75) -> PlainTextObject:
    """Text in which Slack reads no commands; for buttons, labels and headers."""
    return PlainTextObject(text=cut(without_steering(text), most) or "-", emoji=False)


def header(text: str) -> HeaderBlock:
    """A heading; it takes 150 characters."""
    return HeaderBlock(text=plain(text, 150))


def section(text: str, button: InteractiveElement | None = None, block_id: str | None = None) -> SectionBlock:
    """A paragraph of mrkdwn, with at most one button beside it. User text in it must have been escaped."""
    return SectionBlock(text=_as_written(text), accessory=button, block_id=block_id)


def context(text: str) -> ContextBlock:
    """A small grey line."""
    return ContextBlock(elements=[_as_written(text)])


def _as_written(text: str) -> MarkdownTextObject:
    """Mrkdwn in which Slack makes no mention or link of its own out of a plain "@here" that somebody typed."""
    return MarkdownTextObject(text=text[:3000] or "-", verbatim=True)


def divider() -> DividerBlock:
    """A line across."""
    return DividerBlock()


def button(
    label: str, action: str, value: str = "", *, green: bool = False, says: str = "", url: str | None = None
) -> ButtonElement:
    """A button that names its result. `says` is what a screen reader speaks, where the label alone is too little."""
    return ButtonElement(
        text=plain(label),
        action_id=action,
        value=value or None,
        style="primary" if green else None,
        accessibility_label=cut(without_steering(says), 75) or None,
        url=url,
    )


def actions(*elements: InteractiveElement, block_id: str | None = None) -> ActionsBlock:
    """A row of buttons."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def one_green(blocks: list[Block], *, seen: bool = False) -> list[Block]:
    """Leave the first green button green and make the others plain: what is most urgent stands on top.

    `seen` says that the window has a green one of its own already: the button that hands its form in.
    """
    for block in blocks:
        elements: list[Any] = [block.accessory] if isinstance(block, SectionBlock) else []
        elements += block.elements if isinstance(block, ActionsBlock) else []
        for element in elements:
            if isinstance(element, ButtonElement) and element.style == "primary":
                element.style = None if seen else "primary"
                seen = True
    return blocks


def option(label: str, value: str) -> Option:
    """One line of a choice; it takes 75 characters."""
    return Option(text=plain(label), value=value)


def field(
    name: str, label: str, element: InputInteractiveElement, *, hint: str = "", optional: bool = False
) -> InputBlock:
    """A field of a form; its block id is the name under which handlers read it and problems point at it."""
    return InputBlock(
        block_id=name,
        label=plain(label, 2000),
        element=element,
        hint=plain(hint, 2000) if hint else None,
        optional=optional,
    )


def form(
    words: Words,
    callback: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None,
    metadata: Mapping[str, str] | None = None,
) -> View:
    """The frame of a form; `metadata` holds ids only, which the handler looks up again."""
    return View(
        type="modal",
        callback_id=callback,
        title=plain(title, 24),
        submit=plain(submit, 24) if submit else None,
        close=plain(words("frame.close"), 24),
        blocks=list(blocks),
        private_metadata=json.dumps(dict(metadata or {}), sort_keys=True),
    )


def as_dicts(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks as Slack takes them."""
    return [block.to_dict() for block in blocks]


def notice(text: str, words: Words) -> View:
    """A small window with one message, for places where Slack shows no other answer."""
    return form(words, "frame.notice", words("frame.notice"), [section(text)], submit=None)
