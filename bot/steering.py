"""Characters that show nothing, and only turn, hide or break the text in which they stand."""

import re

_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    f"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f{_PLANES}]"
)
"""Control characters but for tabs and ends of lines, marks of direction and of width nought, halves of characters.

Joiners stay, for scripts that need them.
"""


def without_steering(text: str) -> str:
    """Return the text as it shows: nothing in it that turns what stands beside it, or hides it."""
    return STEERING.sub("", text)
