"""The trail in Slack: a region's page, its parts, an entry with its form, and what was proposed.

Three windows lie on each other: the page, a part of it, and an entry. What is opened from an entry takes its place,
for Slack piles no more than three.
"""

from handlers.delivery import Render
from handlers.routing import Routes
from handlers.trail.deciding import adopt, confirm, drop, keep, keep_all, share
from handlers.trail.editing import add, save, save_new
from handlers.trail.pages import open_entry, open_page, open_part, open_proposed, open_regions

ROUTES = Routes(
    actions={
        "trail.page": open_page,
        "trail.regions": open_regions,
        "trail.part": open_part,
        "trail.entry": open_entry,
        "trail.proposed": open_proposed,
        "trail.add": add,
        "trail.keep": keep,
        "trail.keep_all": keep_all,
        "trail.drop": drop,
        "trail.share": share,
        "trail.confirm": confirm,
        "trail.adopt": adopt,
    },
    forms={"trail.entry": save, "trail.new": save_new},
    commands=dict.fromkeys(("regio", "region"), open_page),
)
MESSAGES: dict[str, Render] = {}
