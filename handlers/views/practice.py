"""The first message to a coordinator, and the practice session on screen."""

from slack_sdk.models.blocks import Block

from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, section
from handlers.words import Words


def ready(words: Words) -> tuple[str, list[Block]]:
    """Say what the bot is for, and ask how to begin."""
    text = words("practice.ready")
    return text, [
        section(f"{words('practice.purpose')}\n{text}"),
        actions(
            button(words("practice.yes"), "practice.start", green=True),
            button(words("practice.no"), "practice.real"),
        ),
    ]


def started(session: WorkSession, words: Words) -> tuple[str, list[Block]]:
    """Say that the practice session is there, and until when she can choose."""
    closes = words.time(session.closes_at or session.ends_at)
    text = words("practice.started", closes=closes)
    return text, [section(text)]


def topic_names(words: Words) -> list[str]:
    """Return themes to practise with; each fits a short name of 20 characters."""
    return [words("practice.topic_room"), words("practice.topic_trip"), words("practice.topic_lunch")]
