"""The names under which columns, kinds and choices stand in a list: in every language, and as in code."""

from collections.abc import Mapping, Sequence

from bot.trail.importing.lists import FRAME, Name
from handlers.words import Words


def names_of(all_words: Mapping[str, Words], first: Words | None = None) -> Name:
    """Return what gives the names of a column or a choice; those of `first` are written out, else the name in code."""
    order: Sequence[Words] = [*([first] if first else []), *all_words.values()]

    def name(code: str) -> list[str]:
        keys = [f"trail.list_{code}", f"trail.field_{code}"]
        if code.startswith(("kind_", "choice_")):
            keys = [f"trail.{code}"]
        elif code in FRAME:
            keys = keys[:1]
        said = [words(key) for words in order for key in keys if words.knows(key)]
        bare = code.removeprefix("kind_").removeprefix("choice_")
        return [*said, bare] if first else [bare, *said]

    return name
