"""Short names: at most 20 characters, for chart labels and buttons."""

import re
from collections.abc import Sequence

from bot.worksessions.records import SHORT_NAME_LENGTH


def short_name(name: str, taken: Sequence[str] = ()) -> str:
    """Propose a name of at most 20 characters: an abbreviation in brackets, else whole words, else a cut."""
    bracket = re.search(r"\(([^()]{2,20})\)\s*$", name)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", name).strip() or name
    if len(name) <= SHORT_NAME_LENGTH:
        proposal = name
    elif bracket and bracket[1].isupper():
        proposal = bracket[1]
    elif len(bare) <= SHORT_NAME_LENGTH:
        proposal = bare
    else:
        proposal = _whole_words(bare)
    number = 2
    base = proposal
    while proposal.casefold() in {other.casefold() for other in taken}:
        proposal = f"{base[: SHORT_NAME_LENGTH - 2].rstrip()} {number}"
        number += 1
    return proposal


def short_names(names: Sequence[str]) -> list[str]:
    """Propose short names for a whole list, no two the same."""
    proposals: list[str] = []
    for name in names:
        proposals.append(short_name(name, proposals))
    return proposals


def _whole_words(name: str) -> str:
    kept = ""
    for word in name.split():
        longer = f"{kept} {word}".strip()
        if len(longer) > SHORT_NAME_LENGTH:
            break
        kept = longer
    words = kept.split()
    while len(words) > 1 and words[-1].casefold() in _LINKS:
        words.pop()
    return " ".join(words) or name[: SHORT_NAME_LENGTH - 1].rstrip() + "…"


_LINK_WORDS = "aan bij de den der een en het in met naar of om op te tot uit van voor a an and by for of on the to with"
_LINKS = frozenset(_LINK_WORDS.split())
"""Words that promise another one; a short name does not end in them."""
