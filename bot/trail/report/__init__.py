"""The final report of a region and of the programme: what is stored, cut out whole, with where each word comes from.

Nothing in it is written for it. What no evidence carries is not in it, and `problems` says what may not leave.
"""

from bot.trail.indicators import Series, asks_for, is_absolute, series
from bot.trail.report.checking import problems, strays
from bot.trail.report.composing import compose
from bot.trail.report.records import (
    About,
    Chapter,
    Coverage,
    Cut,
    Evidence,
    FinalReport,
    Item,
    Reader,
    Saying,
    Summed,
    cut,
    saying_of,
)

__all__ = [
    "About",
    "Chapter",
    "Coverage",
    "Cut",
    "Evidence",
    "FinalReport",
    "Item",
    "Reader",
    "Saying",
    "Series",
    "Summed",
    "asks_for",
    "compose",
    "cut",
    "is_absolute",
    "problems",
    "saying_of",
    "series",
    "strays",
]
