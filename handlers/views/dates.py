"""What is to repair in a date that was typed, and the rhythm of a series in words."""

from datetime import date, timedelta

from bot.dates import Unclear
from bot.problem import Problem
from bot.recurrence import Kind, Pattern, pattern
from handlers.views.frame import cut
from handlers.words import Words

LEFT_OVER_LENGTH = 60
_A_MONDAY = date(2021, 6, 14)
_SURE_DAY = 28
"""The last day that every month has."""


def to_repair(unclear: Unclear, field: str) -> Problem:
    """Return what there is to repair in this field of a form, with the first words that nobody understood."""
    if unclear.left_over:
        return Problem(field, "dates.left_over", {"words": cut(" ".join(unclear.left_over), LEFT_OVER_LENGTH)})
    return Problem(field, f"dates.{unclear.why}")


def rhythm(rule: str, words: Words) -> str:
    """Say a rule in words, with how many times: "elke derde donderdag van de maand, 12 keer". Raises BadRule."""
    said = pattern(rule)
    if said is None:
        return words("recurrence.other")
    text = rhythm_name(said, words)
    return words.count("recurrence.times", said.count, rhythm=text) if said.count else text


def rhythm_name(said: Pattern, words: Words) -> str:
    """Say a rhythm without how many times, as an option of a form."""
    if said.kind is Kind.MONTHLY_BY_DATE and said.day is not None:
        return words("recurrence.monthly_end" if said.day > _SURE_DAY else "recurrence.monthly_date", day=said.day)
    weekday = words.weekday(_A_MONDAY + timedelta(days=said.weekday or 0))
    if said.kind is Kind.MONTHLY_BY_WEEKDAY:
        return words("recurrence.monthly_weekday", nth=words(f"recurrence.nth_{said.nth}"), weekday=weekday)
    return words(f"recurrence.{said.kind}", weekday=weekday)
