"""What people typed as a cell of a spreadsheet: text that stays text, whatever program opens the file."""

import re

from bot.steering import without_steering

COMPUTED = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""With these a spreadsheet begins to compute; the wide forms, which one of East Asia takes for the same, too."""
_LEADING = re.compile(r"^[\s']+")
_COMMANDS = (*COMPUTED, "\t", "\r", "\n", "'")


def as_cell(text: str) -> str:
    """Return a text that no spreadsheet carries out: one that begins like a formula gets an apostrophe in front.

    One that begins with an apostrophe gets one as well, so that `from_cell` gives every text back as it was.
    """
    seen = without_steering(text).lstrip()  # some programs trim what does not show before they look for a formula
    return f"'{text}" if seen.startswith(_COMMANDS) or text.lstrip(" ").startswith(_COMMANDS) else text


def from_cell(cell: str) -> str:
    """Return the text that `as_cell` made a cell of."""
    return cell[1:] if cell.startswith("'") else cell


def guarded(text: str) -> str:
    """Return a cell of a list that people keep: with an apostrophe only where a spreadsheet would compute it.

    What already has apostrophes before its formula gets one more, so that `unguarded` gives it back as it was.
    """
    return f"'{text}" if _LEADING.sub("", without_steering(text)).startswith(COMPUTED) else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of; the apostrophe of "'t" stays."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell
