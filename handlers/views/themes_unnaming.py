"""What a topic is called while it has no name, and the message that asks a coordinator for one."""

from slack_sdk.models.blocks import Block

from bot.worksessions import Topic, WorkSession
from handlers.views.frame import actions, button, escaped, section
from handlers.words import Words


def neutral(session: WorkSession, place: int, words: Words) -> str:
    """The name of a topic (its place counts from 1) that waits for one; it says of which session, so that it is one."""
    return words("themes.unnamed.neutral", place=place, day=words.calendar_date(session.starts_at))


def asked(session: WorkSession, topic: Topic, *, is_named: bool, words: Words) -> tuple[str, list[Block]]:
    """Ask for another name, with the way to the window in which it is given; or say that it has one."""
    values = {"topic": escaped(topic.name), "title": escaped(session.title)}
    if is_named:
        text = words("themes.unnamed.named", **values)
        return text, [section(text)]
    text = words("themes.unnamed.asked", **values)
    return text, [section(text), actions(button(words("themes.unnamed.give"), "themes.open", topic.theme))]
