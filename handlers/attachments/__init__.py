"""Files that people drop: text becomes the group's impression, the rest is kept as a reference."""

from handlers.attachments.changing import choose_group, decline, drop, hand_in, only_keep
from handlers.attachments.going import edited, file_deleted, message_deleted
from handlers.attachments.receiving import heard
from handlers.attachments.settling import next_due, tick
from handlers.attachments.telling import told, which
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES"]

ROUTES = Routes(
    actions={
        "attachments.decline": decline,
        "attachments.only_keep": only_keep,
        "attachments.hand_in": hand_in,
        "attachments.group": choose_group,
        "attachments.drop": drop,
    },
    events={
        "message": [heard],
        "message_changed": [edited],
        "message_deleted": [message_deleted],
        "file_deleted": [file_deleted],
    },
)
MESSAGES = {"attachments.which": which, "attachments.told": told}
RHYTHM = Rhythm(tick, next_due)
