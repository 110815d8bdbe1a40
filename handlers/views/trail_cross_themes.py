"""The line that says which themes every group takes along."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.views.frame import context, cut, escaped
from handlers.words import Words

MOST = 3
"""More than this nobody takes along; the rest is on the page of the programme."""
NAME = 120
"""Characters of a name; a message in which people choose has room for all of its own themes besides."""


def taken_along(names: Sequence[str], words: Words, *, group: bool) -> Block:
    """Say it in one line: to all in the message of a session, to one group in its own thread."""
    told = [escaped(cut(name.rstrip(".;,"), NAME)) for name in names[:MOST]]
    if more := len(names) - len(told):
        told.append(words.count("trail.more", more))
    return context(words("trail.taken_along_here" if group else "trail.taken_along", themes=words.list(told)))
