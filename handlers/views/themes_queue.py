"""Where does this belong? A few notes of which nobody is sure, each with the themes it may be about."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.themes import Question
from handlers.views.frame import actions, button, context, cut, divider, escaped, form, quoted, section
from handlers.views.impressions import SIGNS
from handlers.words import Words

SENTENCE = 600
"""Characters of a sentence that is shown; a longer one is not shown, for it is never cut off."""
MOST_SENTENCES = 2
TITLE = 90
LABEL = 40


def waits(number: int, words: Words) -> list[Block]:
    """The line on somebody's Home."""
    look = button(words("themes.queue_open"), "themes.queue", says=words("themes.queue"), green=True)
    return [section(words.count("themes.queue_wait", number), look)]


def window(found: Sequence[Question], more: int, words: Words, *, notice: str = "") -> View:
    """The notes with their buttons; `more` wait behind them."""
    blocks: list[Block] = [section(f"*{escaped(notice)}*")] if notice else []
    blocks.append(section(words("themes.queue_intro" if found else "themes.queue_none")))
    for question in found:
        blocks += [divider(), *_question(question, words)]
    if more > 0:
        blocks.append(context(words.count("themes.queue_more", more)))
    return form(words, "themes.queue", words("themes.queue"), blocks, submit=None)


def _question(question: Question, words: Words) -> list[Block]:
    said = [each for each in question.sentences if len(each) <= SENTENCE][:MOST_SENTENCES]
    title = escaped(cut(question.title, TITLE))
    where = words("themes.queue_from", number=question.number, title=title) if question.number else title
    lines = [*(f"{SIGNS['quote']}{quoted(escaped(each))}" for each in said), f"_{where}_"]
    if question.also:
        lines.append(words("themes.queue_also"))
    row = [
        button(
            cut(name, LABEL), f"themes.place:{number}", f"{question.note} {under.theme}",
            says=words("themes.place_says", name=name),
        )
        for number, (under, name) in enumerate(zip(question.candidates, question.names, strict=True))
    ]  # fmt: skip
    none = words("themes.not_about" if question.also else "themes.none_of_these")
    return [section("\n".join(lines)), actions(*row, button(none, "themes.none", question.note))]
