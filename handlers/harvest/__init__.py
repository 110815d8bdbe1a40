"""The article: a draft that follows the impressions, read and edited by the coordinator, published once."""

from handlers.harvest.drafting import may_wait, next_due, show_anew, take_out, tick
from handlers.harvest.editing import open_edit, save_edit
from handlers.harvest.listing import list_anew, open_downloads, save_downloads
from handlers.harvest.masking import mask_article
from handlers.harvest.reviewing import more, publish, show_draft
from handlers.harvest.revising import decide, follow, hear, question
from handlers.harvest.telling import article, draft, file, preview
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = [
    "MESSAGES",
    "RHYTHM",
    "ROUTES",
    "follow",
    "hear",
    "list_anew",
    "mask_article",
    "may_wait",
    "show_anew",
    "take_out",
]

ROUTES = Routes(
    actions={
        "harvest.draft": show_draft,
        "harvest.publish": publish,
        "harvest.edit": open_edit,
        "harvest.more": more,
        "harvest.downloads": open_downloads,
        "harvest.revise": decide,
    },
    forms={"harvest.edit": save_edit, "harvest.downloads": save_downloads},
)
MESSAGES = {
    "harvest.draft": draft,
    "harvest.preview": preview,
    "harvest.article": article,
    "harvest.file": file,
    "harvest.touched": question,
}
RHYTHM = Rhythm(tick, next_due)
