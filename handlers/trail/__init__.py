"""The trail in Slack: a region's page, its parts, an entry with its form, and what was proposed.

Three windows lie on each other: the page, a part of it, and an entry. What is opened from an entry takes its place,
for Slack piles no more than three.
"""

from handlers.delivery import Render
from handlers.routing import Routes
from handlers.trail import (
    answering,
    checklist,
    dates,
    examples,
    handing_in,
    intervision,
    joining,
    looking_back,
    overdue,
    phases,
    placing,
    telling,
    using,
)
from handlers.trail.aiming import aimed
from handlers.trail.arranging import line, take_names
from handlers.trail.deciding import adopt, confirm, drop, keep, share
from handlers.trail.editing import add, save, save_new
from handlers.trail.judging import keep_all, open_proposed, open_unread
from handlers.trail.pages import closed, edit, open_entry, open_page, open_part, open_regions
from handlers.trail.reporting import build, draw, file
from handlers.trail.rhythms import RHYTHM
from handlers.trail.theming import take
from handlers.trail.tying import tie

__all__ = ["MESSAGES", "RHYTHM", "ROUTES"]

ROUTES = Routes(
    actions={
        "trail.page": open_page,
        "trail.regions": open_regions,
        "trail.part": open_part,
        "trail.entry": open_entry,
        "trail.proposed": open_proposed,
        "trail.edit": edit,
        "trail.line": line,
        "trail.take_names": take_names,
        "trail.add": add,
        "trail.keep": keep,
        "trail.keep_all": keep_all,
        "trail.region_of": placing.choose_region,
        "trail.unread": open_unread,
        "trail.drop": drop,
        "trail.share": share,
        "trail.confirm": confirm,
        "trail.adopt": adopt,
        "trail.tie": tie,
        "trail.theme": take,
        "trail.report": build,
        "trail.picture": draw,
        **answering.ACTIONS,
        **using.ACTIONS,
        **intervision.ACTIONS,
        "trail.aimed": aimed,
        **joining.ACTIONS,
        **handing_in.ACTIONS,
        "trail.tick": checklist.tick_off,
        "trail.wait": checklist.wait,
        "trail.use_resource": dates.use,
        "trail.round_new": looking_back.ask_all,
        "trail.round": looking_back.open_round,
    },
    forms={
        "trail.entry": save,
        "trail.new": save_new,
        "trail.round_new": looking_back.opened,
        "trail.region_other": placing.name_region,
        **answering.FORMS,
        **handing_in.FORMS,
        **using.FORMS,
    },
    closed=dict.fromkeys(("trail.entry", "trail.new"), closed),
    commands={**dict.fromkeys(("regio", "region"), open_page), **using.COMMANDS},
    quiet=frozenset({"trail.aimed"}),
)
MESSAGES: dict[str, Render] = {
    "trail.report_file": file,
    "trail.round_ask": looking_back.ask,
    **answering.MESSAGES,
    **overdue.MESSAGES,
    **joining.MESSAGES,
    **handing_in.MESSAGES,
    **phases.MESSAGES,
    **telling.MESSAGES,
    **examples.MESSAGES,
    **intervision.MESSAGES,
}
