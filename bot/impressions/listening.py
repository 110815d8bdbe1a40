"""Plain messages: which of them tell something, in what order they were written, and what was typed."""

import re
from decimal import Decimal, InvalidOperation

from bot.harvest import split
from bot.impressions.reading import asks, fits, read_fields
from bot.impressions.records import Heard

FEWEST_WORDS = 5
"""A reply of fewer words ("Top, dank!") is talk."""


def reads_as_impression(text: str) -> bool:
    """Say whether a reply tells something: at least five words and at least one sentence that is no question.

    One with a part that is longer than a form takes is no impression either; its writer is told so.
    """
    if not fits(read_fields(text)) or len(re.findall(r"[^\W_]+", text)) < FEWEST_WORDS:
        return False
    return any(not asks(text[span.start : span.end]) for span in split(text))


def is_newer(known: Heard | None, edited: str) -> bool:
    """Say whether this edit (its `ts`, "" for the message as first posted) tells more than what is known."""
    if known is None:
        return True
    return not known.gone and not known.declined and _moment(edited) > _moment(known.edited)


def as_typed(text: str) -> str:
    """Turn the text of a Slack message back into what was typed: Slack writes three characters as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _moment(ts: str) -> Decimal:
    try:
        return Decimal(ts or 0)
    except InvalidOperation:
        return Decimal(0)
