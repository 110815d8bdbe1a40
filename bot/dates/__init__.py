"""Dates as people write them, in Dutch and English: found in their notes, or read from what they typed.

Nothing is guessed: when a word is left over, or a phrase can mean two days, the answer says so and is asked back.
"""

from bot.dates.announcing import announced
from bot.dates.readings import Choices, Reading, Recurring, Unclear, Understood, Why
from bot.dates.wishes import LONGEST_PHRASE, read_date

__all__ = [
    "LONGEST_PHRASE",
    "Choices",
    "Reading",
    "Recurring",
    "Unclear",
    "Understood",
    "Why",
    "announced",
    "read_date",
]
