"""What somebody knows about a question of another group: the form, and what stands in the threads."""

from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement
from slack_sdk.models.views import View

from bot.digest import KnownHere
from bot.programme import Member
from bot.steering import without_steering
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    person,
    quoted,
    section,
)
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.digest.answering import Asked

QUESTION = 600
"""Characters of the question that the form and the threads repeat."""


def form_(asked: "Asked", words: Words) -> View:
    """The question, and one field for what is known; left empty, others can ask."""
    text = PlainTextInputElement(action_id="answer", multiline=True, max_length=INPUT_LENGTH)
    blocks: list[Block] = [
        section(quoted(escaped(cut(without_steering(asked.sentence.text), QUESTION)))),
        field("answer", words("digest.answer"), text, hint=words("digest.answer_hint"), optional=True),
        context(words("digest.answer_where")),
    ]
    metadata = {"digest": asked.digest, "sentence": asked.sentence.id}
    title, share = words("digest.answer_title"), words("digest.answer_share")
    return form(words, "digest.know", title, blocks, submit=share, metadata=metadata)


def thanks(known: KnownHere, words: Words) -> View:
    """Say where it stands, with the way back."""
    text = words("digest.answer_thanks" if known.text else "digest.answer_contact")
    return form(
        words, "frame.notice", words("digest.answer_title"), [section(text), actions(_back(known, words))], submit=None
    )


def answered(known: KnownHere, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody that they answered already, with the way back."""
    text = words("digest.answered_already")
    return text, [section(text), actions(_back(known, words))]


def told(known: KnownHere, member: Member, region: str, question: str, words: Words) -> tuple[str, list[Block]]:
    """The answer in the member's own words, with the question above it; or that they can be asked."""
    if known.withdrawn:
        gone = words("digest.answer_withdrawn")
        return gone, [context(gone)]
    who = f"{escaped(member.name)} ({escaped(region)})" if region else escaped(member.name)
    above = [section(f"❓ {quoted(escaped(cut(without_steering(question), QUESTION)))}")] if question else []
    if not known.text:
        text = words("digest.contact", who=who, person=person(known.user))
        return words("digest.answer_text", who=who), [*above, section(text)]
    text = words("digest.answer_says", who=who, text=quoted(escaped(without_steering(known.text))))
    return words("digest.answer_text", who=who), [*above, section(text)]


def _back(known: KnownHere, words: Words) -> ButtonElement:
    return button(words("digest.unsay"), "digest.unsay", known.id)
