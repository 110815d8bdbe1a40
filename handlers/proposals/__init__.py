"""Themes that people propose before a session: propose, see what looks like it, back, and the coordinator's choice."""

from handlers.proposals.backing import back, show_list, take_back, withdraw_own
from handlers.proposals.proposing import insist, open_form, open_from_message, propose, support
from handlers.proposals.reviewing import apart, ask, decide, open_edit, open_merge, open_review, save_edit, save_merge
from handlers.proposals.telling import call, next_due, repaint_all, tick
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "repaint_all"]

ROUTES = Routes(
    actions={
        "proposals.new": open_form,
        "proposals.support": support,
        "proposals.back": back,
        "proposals.take_back": take_back,
        "proposals.withdraw": withdraw_own,
        "proposals.list": show_list,
        "proposals.ask": ask,
        "proposals.review": open_review,
        "proposals.decide": decide,
        "proposals.edit": open_edit,
        "proposals.merge": open_merge,
        "proposals.apart": apart,
    },
    forms={
        "proposals.propose": propose,
        "proposals.insist": insist,
        "proposals.edit": save_edit,
        "proposals.merge": save_merge,
    },
    commands=dict.fromkeys(("thema", "theme", "voorstel", "proposal"), open_form),
    shortcuts={"proposals.new": open_form, "proposals.message": open_from_message},
)
MESSAGES = {"proposals.call": call}
RHYTHM = Rhythm(tick, next_due)
