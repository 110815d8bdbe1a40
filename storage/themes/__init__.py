"""Themes that live longer than a session: their names and lineage, what is about them, and who said so."""

from sqlmodel import select

from storage.themes.articles import known_of_sentences, move_sentence, of_sentences, replace_theme
from storage.themes.finding import (
    earlier_impressions,
    goes_by,
    lineage,
    living,
    remembered,
    short_names,
    theme_for,
    themes,
)
from storage.themes.rows import (
    ImpressionThemeRow,
    ThemeAliasRow,
    ThemeCandidateRow,
    ThemeCarrierRow,
    ThemeChangeRow,
    ThemeExampleRow,
    ThemePlacementRow,
    ThemeProposalRow,
    ThemeRow,
)

__all__ = [
    "ImpressionThemeRow",
    "ThemeAliasRow",
    "ThemeCandidateRow",
    "ThemeCarrierRow",
    "ThemeChangeRow",
    "ThemeExampleRow",
    "ThemePlacementRow",
    "ThemeProposalRow",
    "ThemeRow",
    "earlier_impressions",
    "goes_by",
    "known_of_sentences",
    "lineage",
    "living",
    "move_sentence",
    "of_sentences",
    "remembered",
    "replace_theme",
    "select",
    "short_names",
    "theme_for",
    "themes",
]
