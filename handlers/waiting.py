"""What waits for one person and what a group still misses: how a feature gets its place on the Home.

A feature whose people have something to do offers `waiting_for(db, team, user, now) -> list[Waiting]`; one in which a
group can leave something open offers `gaps(db, team, sessions, now) -> list[Gap]`. Each is named on one line, in
`handlers/home/waiting.py` and in `handlers/prompting.py`; order, the one green button, the cut at what a Home holds,
the reminder, its weekly budget and "once a day" are the same for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.words import Words


class Urgency(IntEnum):
    """In which order things wait for somebody: what others wait for first, what has a date of its own later,
    and last what only tidies."""

    SHARE = 1
    SIGN = 2
    ASKED = 3
    PUBLISH = 4
    CHOOSE = 5
    POLL = 6
    INVITED = 7
    PROMISED = 8
    THEMES = 9


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for one person; among equals the one that is due first comes first.

    `draw` makes its blocks, three at most: a line that says what and why, with the button. The button may be green:
    the Home keeps the first green one and makes the others plain. `due` is None where nothing is late.
    """

    urgency: Urgency
    draw: Callable[[Words], list[Block]]
    due: datetime | None = None


@dataclass(frozen=True)
class Gap:
    """One thing that a group still misses, for the coordinator's board, with the message that asks for it.

    `what` and `subject` (a kind of thing and an id, such as "impression" and a group's) name it: it is reminded at
    most once a day. `users` are who can do something about it. The message of `kind` gets `arguments` and the "user";
    it must render to None once there is nothing to ask any more. `line` says what is missing in one line of mrkdwn;
    `number` is the group's, None where it is nobody's in particular.
    """

    what: str
    subject: str
    session: str
    number: int | None
    users: tuple[str, ...]
    kind: str
    line: Callable[[Words], str]
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the button's value and the once-a-day rule call it."""
        return f"{self.what}:{self.subject}"
