"""Finding a region by what somebody types: capitals and accents do not matter, nor the end of a long name."""

import unicodedata
from collections.abc import Sequence

from bot.programme import Region


def named(text: str, regions: Sequence[Region]) -> Region | None:
    """Return the region of this name; else the only one whose name begins with it, or has it in it. None else."""
    wanted = _bare(text)
    if not wanted:
        return None
    names = {region.id: _bare(region.name) for region in regions}
    for fits in (wanted.__eq__, lambda name: name.startswith(wanted), lambda name: wanted in name):
        found = [region for region in regions if fits(names[region.id])]
        if len(found) == 1:
            return found[0]
    return None


def _bare(text: str) -> str:
    """Only letters and digits, without capitals and accents, so that "Zuid-Limburg" is "zuid limburg" too."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in apart if letter.isalnum())
