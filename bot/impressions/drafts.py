"""What somebody typed in the form and did not share yet."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot.impressions.records import LONGEST, PARTS, Contents


@dataclass(frozen=True)
class Draft:
    """The words of one person for one `subject`: a group, an impression to change, or "" where several groups can be.

    `group` is the group that is chosen in the form. `channel`, `ts` and `sha` are of the message from which the form
    was opened, empty where there was none. `view` and `heard` tell which form was typed in, and how far it was heard.
    """

    subject: str
    group: str
    contents: Contents
    at: datetime
    channel: str = ""
    ts: str = ""
    sha: str = ""
    view: str = ""
    heard: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not any(str(getattr(self.contents, part)).strip() for part in PARTS)

    def overtakes(self, known: "Draft | None") -> bool:
        """Say whether this was typed later than what is known; what is typed in one form arrives in any order."""
        return known is None or known.view != self.view or _number(self.heard) > _number(known.heard)


def joined(draft: Contents, message: Contents) -> Contents | None:
    """Put the words of a message below those of a draft; None where one of the parts would grow too long."""
    parts = {}
    for part in PARTS:
        typed, said = str(getattr(draft, part)), str(getattr(message, part))
        parts[part] = typed if said.strip() in typed else f"{typed}\n\n{said}".strip()
    return Contents(**parts) if all(len(text) <= LONGEST for text in parts.values()) else None


def _number(ts: str) -> Decimal:
    try:
        return Decimal(ts or 0)
    except InvalidOperation:
        return Decimal(0)
