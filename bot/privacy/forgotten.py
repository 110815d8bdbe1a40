"""What is left of somebody who is forgotten: nothing by which they are found, and no hole where they were counted."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from bot.privacy.involved import SHORT_MARK, fold, keys_of, mask

NOBODY = "forgotten"
"""Stands in a row that was somebody's. No id in Slack looks like it."""
_WITHIN = "A-Za-z0-9"


def counted(new: str) -> str:
    """Return a stand-in for one vote; `new` makes it one of its own, so that two votes have nothing in common."""
    return f"{NOBODY}:{new}"


def is_forgotten(user: str) -> bool:
    """Say whether this stands for somebody who was forgotten."""
    return user == NOBODY or user.startswith(f"{NOBODY}:")


def without_id(text: str, user: str, instead: str = NOBODY) -> str:
    """Return a text, such as a key, in which this user id does not stand any more; longer words that hold it stay."""
    return re.sub(rf"(?<![{_WITHIN}]){re.escape(user)}(?![{_WITHIN}])", lambda _: instead, text)


def names_masked(user: str, name: str, others: Iterable[str], mark: str, longest: int) -> Callable[[str], str]:
    """Return what leaves one person out of other people's words: mentions, the whole name, the first and last name.

    A part of the name that somebody else in `others` has as well stays, for nobody can tell whom it means.
    """
    shared = {key.words for other in others for key in keys_of(other)}
    keys = {key.words: key.capital for key in sorted(keys_of(name), key=lambda key: not key.capital)}
    own = {words: capital for words, capital in keys.items() if words not in shared or words == fold(name)}
    mention = re.compile(rf"<@{re.escape(user)}(?:\|[^>]*)?>|@{re.escape(user)}(?![{_WITHIN}])")

    @cache
    def is_theirs(words: str, capital: bool) -> bool:
        needs_capital = own.get(words)
        return needs_capital is not None and (capital or not needs_capital)

    def masked(text: str) -> str:
        text = mention.sub(lambda _: mark, text)
        usual = mask(text, mark, is_theirs) if own else text
        return mask(text, SHORT_MARK, is_theirs) if len(usual) > max(len(text), longest) else usual

    return masked
