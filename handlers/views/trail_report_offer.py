"""What a region's page offers to take along: its report in a form, and its pictures."""

from collections.abc import Mapping

from slack_sdk.models.blocks import Block, OverflowMenuElement, SectionBlock

from bot.document import Picture
from bot.trail import Kind
from handlers.views.frame import actions, button, escaped, plain
from handlers.views.harvest import file_options
from handlers.words import Words

PICTURES: Mapping[str, Kind] = {"phases": Kind.PHASE, "agenda": Kind.POINT}
"""The chapters of which there is a picture, and what it draws."""


def report(code: str, words: Words) -> list[Block]:
    """The report in each form there is."""
    menu = OverflowMenuElement(action_id="trail.report", options=file_options(code, words))
    return [SectionBlock(text=plain(words("trail.report.offer"), 300), accessory=menu)]


def picture(code: str, chapter: str, words: Words) -> list[Block]:
    """The button for the picture of a chapter, to stand under what it draws."""
    look = button(words(f"trail.report.picture_{chapter}"), f"trail.picture:{chapter}", f"{chapter}:{code}")
    return [actions(look)]


def in_words(picture: Picture) -> str:
    """What a picture shows, beside it."""
    return "\n".join([f"*{escaped(picture.title)}*", *(f"• {escaped(each)}" for each in _lines(picture))])[:3000]


def alternative(picture: Picture) -> str:
    """What a picture shows, in the place of it for who cannot see it."""
    return f"{picture.title}: {'; '.join(_lines(picture))}"


def _lines(picture: Picture) -> list[str]:
    return ["".join(run.text for run in line) for line in picture.lines]
