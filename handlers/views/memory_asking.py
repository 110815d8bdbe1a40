"""A question that nothing answers yet, put to a region or into the digest, and word of who knows."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.programme import Region
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    option,
    person,
    quoted,
    section,
)
from handlers.words import Words

MOST_REGIONS = 100
"""Regions to choose from; a select takes 100."""


def region_form(question: str, text: str, regions: Sequence[Region], words: Words) -> View:
    """Ask to which region a question is put, and in which words."""
    options = [option(each.name, each.id) for each in regions[:MOST_REGIONS]]
    typed = PlainTextInputElement(
        action_id="question", initial_value=text or None, multiline=True, max_length=INPUT_LENGTH
    )
    return form(
        words,
        "memory.put",
        words("memory.region_title"),
        [
            field("region", words("memory.which_region"), StaticSelectElement(action_id="region", options=options)),
            field("question", words("memory.your_question"), typed, hint=words("memory.question_hint")),
        ],
        submit=words("memory.put"),
        metadata={"question": question},
    )


def put(question: str, text: str, region: str, words: Words) -> tuple[str, list[Block]]:
    """Put a question to a region, in its asker's words."""
    who = words("memory.asks_from", region=escaped(region)) if region else words("memory.asks_somebody")
    return f"{who} {cut(text, 300)}", [
        section(f"❓ {who}\n{escaped(quoted(text))}"),
        context(words("memory.answer_below")),
        actions(button(words("memory.know"), "memory.know", question)),
    ]


def in_digest(question: str, text: str, region: str, words: Words) -> tuple[str, list[Block]]:
    """A question as an item of the weekly digest, with a few words for the notification."""
    who = words("memory.asks_from", region=escaped(region)) if region else words("memory.asks_somebody")
    return words("memory.digest_point"), [
        section(f"❓ *{who}*\n{escaped(quoted(text))}"),
        actions(button(words("memory.know"), "memory.know", question, says=words("memory.know_says"))),
    ]


def settled(taken_back: bool, words: Words) -> tuple[str, list[Block]]:
    """What takes the place of a question that waits no longer."""
    text = words("memory.was_withdrawn" if taken_back else "memory.was_answered")
    return text, [section(text)]


def knows(question: str, text: str, user: str, region: str, link: str, words: Words) -> tuple[str, list[Block]]:
    """Tell who asked that somebody knows something, and where it can be read."""
    who = person(user) + (f" ({escaped(region)})" if region else "")
    said = words("memory.replied" if link else "memory.knows", who=who)
    read = f"\n<{link}|{words('memory.read_reply')}>" if link else ""
    return words("memory.knows_short"), [
        section(f"{said}\n{escaped(quoted(text))}{read}"),
        actions(button(words("memory.close"), "memory.close", question)),
    ]
