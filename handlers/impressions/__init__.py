"""What groups hand in: by form, by shortcut on a message, or by a plain reply; edits and deletions follow through."""

from handlers.impressions.drafting import begin_afresh, closed, show_more, typed
from handlers.impressions.listening import decline, deleted, edited, heard
from handlers.impressions.sharing import open_change, open_form, open_from_message, save_change, share
from handlers.impressions.telling import post, shared
from handlers.routing import Routes

ROUTES = Routes(
    actions={
        "impressions.share": open_form,
        "impressions.change": open_change,
        "impressions.decline": decline,
        "impressions.draft": typed,
        "impressions.more": show_more,
        "impressions.afresh": begin_afresh,
    },
    forms={"impressions.share": share, "impressions.change": save_change},
    closed={"impressions.share": closed, "impressions.change": closed},
    shortcuts={"impressions.share": open_from_message},
    events={"message": [heard], "message_changed": [edited], "message_deleted": [deleted]},
    quiet=frozenset({"impressions.draft", "impressions.more", "impressions.afresh"}),
)
MESSAGES = {"impressions.post": post, "impressions.shared": shared}
