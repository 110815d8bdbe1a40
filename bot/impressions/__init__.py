"""What groups hand in: in their own words, by whatever way it came, and changed or withdrawn whenever they want."""

from bot.impressions.drafts import Draft, joined
from bot.impressions.listening import FEWEST_WORDS, as_typed, is_newer, reads_as_impression
from bot.impressions.reading import asks, fits, read_fields
from bot.impressions.records import LONGEST, PARTS, Contents, Heard, Impression, QuoteUse, Source, Version
from bot.impressions.sharing import CHANGE_WINDOW, change, check, own_groups, place_of, speaks_for, withdraw
from bot.impressions.signing import (
    LONGEST_REASON,
    SignOff,
    SignOffState,
    Standing,
    Verdict,
    changed_parts,
    check_reason,
    writer,
)

__all__ = [
    "CHANGE_WINDOW",
    "FEWEST_WORDS",
    "LONGEST",
    "LONGEST_REASON",
    "PARTS",
    "Contents",
    "Draft",
    "Heard",
    "Impression",
    "QuoteUse",
    "SignOff",
    "SignOffState",
    "Source",
    "Standing",
    "Verdict",
    "Version",
    "as_typed",
    "asks",
    "change",
    "changed_parts",
    "check",
    "check_reason",
    "fits",
    "is_newer",
    "joined",
    "own_groups",
    "place_of",
    "read_fields",
    "reads_as_impression",
    "speaks_for",
    "withdraw",
    "writer",
]
