"""The harvest document in Slack: choosing a theme, reading it in a thread, and taking it along as a file."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, OverflowMenuElement, SectionBlock, StaticSelectElement
from slack_sdk.models.views import View

from bot.harvest import Theme
from bot.theme_harvest import ThemeHarvest
from handlers.views import document_blocks as blocks_of
from handlers.views.frame import button, context, escaped, field, form, header, option, plain, section
from handlers.views.harvest import file_options
from handlers.views.pages import paginate
from handlers.views.theme_harvest_document import theme_document
from handlers.words import Words

MOST_THEMES = 100
"""A choice takes 100 options."""


def document(found: ThemeHarvest, words: Words) -> tuple[str, list[list[Block]]]:
    """The document as messages: the first with the files to take along, the others in its thread."""
    made = theme_document(found, words)
    text = words("theme_harvest.title", theme=escaped(found.theme.name))
    if found.empty:
        return text, [[header(made.title), section(words("theme_harvest.nothing"))]]
    menu = OverflowMenuElement(action_id="theme_harvest.file", options=file_options(found.theme.id, words))
    files = SectionBlock(text=plain(words("theme_harvest.files"), 300), accessory=menu)
    return text, paginate(blocks_of.heading(made), blocks_of.body(made), [files])


def gone(words: Words) -> tuple[str, list[list[Block]]]:
    """What stands in the place of a document whose theme is no longer there."""
    text = words("theme_harvest.gone")
    return text, [[context(text)]]


def choose_form(themes: Sequence[Theme], words: Words, unknown: str = "") -> View:
    """Let somebody choose a theme; `unknown` is a name that no theme goes by."""
    title = words("theme_harvest.choose")
    notice: list[Block] = [section(words("theme_harvest.unknown", name=escaped(unknown)))] if unknown else []
    if not themes:
        return form(words, "theme_harvest.choose", title, [section(words("theme_harvest.no_themes"))], submit=None)
    options = [option(theme.name, theme.id) for theme in themes[:MOST_THEMES]]
    chosen = field("theme", title, StaticSelectElement(action_id="theme", options=options))
    return form(words, "theme_harvest.choose", title, [*notice, chosen], submit=words("theme_harvest.show"))


def home_button(words: Words) -> ButtonElement:
    """The way in from the Home."""
    return button(words("theme_harvest.open"), "theme_harvest.open")
