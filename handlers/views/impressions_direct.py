"""The short conversation with who writes an impression to the bot itself: of which group is it?"""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, cut, section
from handlers.views.selection_groups import brief_title
from handlers.words import Words

MOST = 20
"""Groups to choose from; a row of buttons takes 25."""


def which(choices: Sequence[tuple[WorkSession, Group]], words: Words) -> tuple[str, list[Block]]:
    """Ask of which of their groups a message is; it waits until they say so."""
    text = words("impressions.which_group")
    several = len({session.id for session, _ in choices}) > 1
    buttons = [
        button(
            cut(f"{brief_title(session, group, words)}{f' · {words.day(session.starts_at)}' if several else ''}", 75),
            f"impressions.choose:{number}",
            group.id,
        )
        for number, (session, group) in enumerate(choices[:MOST])
    ]
    no = button(words("impressions.decline"), "impressions.let_go")
    return text, [section(text), actions(*buttons, no)]


def settled(group: int | None, words: Words) -> tuple[str, list[Block]]:
    """Say what became of the message: it is of the group with this number, or it is not kept."""
    text = words("impressions.chosen", group=group) if group is not None else words("impressions.declined")
    return text, [section(text)]
