"""What a region's page offers to take along: its report in a form, and its pictures."""

from slack_sdk.models.blocks import Block, ButtonElement, OverflowMenuElement, SectionBlock

from bot.document import Picture
from handlers.views.frame import actions, button, escaped, plain
from handlers.views.harvest import file_options
from handlers.words import Words

PICTURES = ("phases", "agenda")
"""The chapters of which there is a picture."""


def offer(code: str, words: Words, *, pictures: bool) -> list[Block]:
    """The report in each form there is, and the buttons for the pictures."""
    menu = OverflowMenuElement(action_id="trail.report", options=file_options(code, words))
    blocks: list[Block] = [SectionBlock(text=plain(words("trail.report.offer"), 300), accessory=menu)]
    if pictures:
        row: list[ButtonElement] = [
            button(words(f"trail.report.picture_{chapter}"), f"trail.picture:{chapter}", f"{chapter}:{code}")
            for chapter in PICTURES
        ]
        blocks.append(actions(*row))
    return blocks


def in_words(picture: Picture) -> str:
    """What a picture shows, beside it."""
    return "\n".join([f"*{escaped(picture.title)}*", *(f"• {escaped(each)}" for each in _lines(picture))])[:3000]


def alternative(picture: Picture) -> str:
    """What a picture shows, in the place of it for who cannot see it."""
    return f"{picture.title}: {'; '.join(_lines(picture))}"


def _lines(picture: Picture) -> list[str]:
    return ["".join(run.text for run in line) for line in picture.lines]
