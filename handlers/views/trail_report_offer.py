"""What a region's page offers to take along: its report in a form, and its pictures."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement, OverflowMenuElement, SectionBlock

from bot.document import Picture
from bot.trail import Kind
from handlers.views.frame import actions, button, escaped, plain
from handlers.views.harvest import file_options
from handlers.words import Words

PICTURES: Mapping[str, Kind] = {"phases": Kind.PHASE, "agenda": Kind.POINT}
"""The chapters of which there is a picture, and what it draws."""


def offer(code: str, words: Words, *, report: bool, pictures: Sequence[str]) -> list[Block]:
    """The report in each form there is, and the buttons for the pictures."""
    blocks: list[Block] = []
    if report:
        menu = OverflowMenuElement(action_id="trail.report", options=file_options(code, words))
        blocks.append(SectionBlock(text=plain(words("trail.report.offer"), 300), accessory=menu))
    row: list[ButtonElement] = [
        button(words(f"trail.report.picture_{chapter}"), f"trail.picture:{chapter}", f"{chapter}:{code}")
        for chapter in pictures
    ]
    return [*blocks, actions(*row)] if row else blocks


def in_words(picture: Picture) -> str:
    """What a picture shows, beside it."""
    return "\n".join([f"*{escaped(picture.title)}*", *(f"• {escaped(each)}" for each in _lines(picture))])[:3000]


def alternative(picture: Picture) -> str:
    """What a picture shows, in the place of it for who cannot see it."""
    return f"{picture.title}: {'; '.join(_lines(picture))}"


def _lines(picture: Picture) -> list[str]:
    return ["".join(run.text for run in line) for line in picture.lines]
