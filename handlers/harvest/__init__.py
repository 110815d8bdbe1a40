"""The article: a draft that follows the impressions, read and edited by the coordinator, published once."""

from handlers.harvest.drafting import follow
from handlers.harvest.editing import open_edit, save_edit
from handlers.harvest.listing import list_anew, open_downloads, save_downloads
from handlers.harvest.masking import mask_article
from handlers.harvest.reviewing import more, publish, show_draft
from handlers.harvest.telling import article, draft, file, preview
from handlers.routing import Routes

__all__ = ["MESSAGES", "ROUTES", "follow", "list_anew", "mask_article"]

ROUTES = Routes(
    actions={
        "harvest.draft": show_draft,
        "harvest.publish": publish,
        "harvest.edit": open_edit,
        "harvest.more": more,
        "harvest.downloads": open_downloads,
    },
    forms={"harvest.edit": save_edit, "harvest.downloads": save_downloads},
)
MESSAGES = {
    "harvest.draft": draft,
    "harvest.preview": preview,
    "harvest.article": article,
    "harvest.file": file,
}
