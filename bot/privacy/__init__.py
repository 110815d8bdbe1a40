"""What must not be kept, found before it is stored: identifying data by its form, and names by a list."""

from bot.privacy.numbers import passes_elfproef
from bot.privacy.patterns import Found, Kind, find, problems, shown

__all__ = ["Found", "Kind", "find", "passes_elfproef", "problems", "shown"]
