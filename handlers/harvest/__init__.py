"""The article: a draft that follows the impressions, read and edited by the coordinator, published once."""

from handlers.harvest.drafting import follow
from handlers.harvest.editing import open_edit, save_edit
from handlers.harvest.masking import mask_article
from handlers.harvest.reviewing import more, publish, remind, show_draft
from handlers.harvest.telling import article, draft, file, preview
from handlers.routing import Routes

__all__ = ["MESSAGES", "ROUTES", "follow", "mask_article"]

ROUTES = Routes(
    actions={
        "harvest.draft": show_draft,
        "harvest.publish": publish,
        "harvest.edit": open_edit,
        "harvest.more": more,
        "harvest.remind": remind,
    },
    forms={"harvest.edit": save_edit},
)
MESSAGES = {
    "harvest.draft": draft,
    "harvest.preview": preview,
    "harvest.article": article,
    "harvest.file": file,
}
