"""What must not be kept, found before it is stored: identifying data by its form, and names by a list."""

from bot.privacy.involved import MARKS, SHORT_MARK, Key, check_names, fold, keys_of, mac, mask, name_spans, read_names
from bot.privacy.numbers import passes_elfproef
from bot.privacy.patterns import Found, Kind, find, problems, shown

__all__ = [
    "MARKS",
    "SHORT_MARK",
    "Found",
    "Key",
    "Kind",
    "check_names",
    "find",
    "fold",
    "keys_of",
    "mac",
    "mask",
    "name_spans",
    "passes_elfproef",
    "problems",
    "read_names",
    "shown",
]
