"""The harvest document: what was said on one theme over months, cut from what people wrote, each with its source."""

from bot.theme_harvest.composing import compose
from bot.theme_harvest.contrasts import contrasts, figures
from bot.theme_harvest.records import (
    Contrast,
    Coverage,
    Figure,
    Gathered,
    Offer,
    Passage,
    Round,
    Said,
    ThemeHarvest,
)

__all__ = [
    "Contrast",
    "Coverage",
    "Figure",
    "Gathered",
    "Offer",
    "Passage",
    "Round",
    "Said",
    "ThemeHarvest",
    "compose",
    "contrasts",
    "figures",
]
