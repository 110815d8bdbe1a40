"""A pause from messages that nobody asked for: said back in full, and ended with one tap."""

from collections.abc import Sequence
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.views.frame import actions, button, section
from handlers.words import Words


def paused(until: datetime, words: Words) -> tuple[str, list[Block]]:
    """Say until when somebody is left alone, what still comes, and how to end it."""
    text = words("nudges.paused", until=words.date(until))
    return text, [section(text), actions(_resume(words))]


def resumed(words: Words) -> tuple[str, list[Block]]:
    """Say that reminders come again."""
    text = words("nudges.resumed")
    return text, [section(text)]


def which(days: Sequence[date], words: Words) -> tuple[str, list[Block]]:
    """Ask which of a few days was meant."""
    text = words("nudges.which")
    row = [button(words.date(day), f"nudges.pause:{day.isoformat()}", day.isoformat()) for day in days]
    return text, [section(text), actions(*row)]


def home_line(until: datetime, words: Words) -> Block:
    """On the Home, as long as it lasts."""
    return section(words("nudges.quiet_until", until=words.date(until)), _resume(words))


def _resume(words: Words) -> ButtonElement:
    return button(words("nudges.resume"), "nudges.resume")
