"""Themes: what is remembered of them, who decides on new ones, and where a note belongs that nobody is sure of.

The engine only proposes. A coordinator decides, from one message a week at most, her Home or the list of themes.
"""

from handlers.routing import Routes
from handlers.themes import unnaming
from handlers.themes.asking import none_of_these, open_queue, place
from handlers.themes.deciding import decide, open_belongs, open_rename, save_belongs, save_rename
from handlers.themes.earlier import before, show_drift
from handlers.themes.managing import (
    open_list,
    open_merge,
    open_new,
    open_split,
    open_theme,
    save_edit,
    save_merge,
    save_new,
    save_split,
    undo,
)
from handlers.themes.proposing import open_proposals
from handlers.themes.sentences import move, open_sentences
from handlers.themes.telling import waiting_for, weekly
from handlers.themes.timing import next_due, tick
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "waiting_for"]

ROUTES = Routes(
    actions={
        "themes.before": before,
        "themes.drift": show_drift,
        "themes.proposals": open_proposals,
        "themes.decide": decide,
        "themes.rename": open_rename,
        "themes.belongs": open_belongs,
        "themes.queue": open_queue,
        "themes.place": place,
        "themes.none": none_of_these,
        "themes.list": open_list,
        "themes.new": open_new,
        "themes.open": open_theme,
        "themes.merge": open_merge,
        "themes.split": open_split,
        "themes.undo": undo,
        "themes.sentences": open_sentences,
        "themes.move": move,
    },
    forms={
        "themes.rename": save_rename,
        "themes.belongs": save_belongs,
        "themes.new": save_new,
        "themes.edit": save_edit,
        "themes.merge": save_merge,
        "themes.split": save_split,
    },
    commands=dict.fromkeys(("thema's", "themas", "themes"), open_list),
)
MESSAGES = {"themes.proposed": weekly, **unnaming.MESSAGES}
RHYTHM = Rhythm(tick, next_due)
