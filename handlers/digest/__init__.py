"""The oogstbericht: each region's turn comes in its own rhythm, and says only what that region has not read yet.

Another feature that tells something in it of its own (an introduction between two regions) offers an `Extra` and is
named on one line of `handlers/digest/extras.py`.
"""

from handlers.delivery import Render
from handlers.digest import answering, drawing, lateness, previewing, settling
from handlers.digest.owing import say_again, session_moved, take_out
from handlers.digest.settling import home_lines
from handlers.digest.turning import next_due, tick
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "home_lines", "next_due", "say_again", "session_moved", "take_out", "tick"]

ROUTES = Routes(
    actions={**drawing.ACTIONS, **settling.ACTIONS, **previewing.ACTIONS, **answering.ACTIONS},
    forms={**settling.FORMS, **answering.FORMS},
    commands={**settling.COMMANDS, **previewing.COMMANDS},
)
MESSAGES: dict[str, Render] = {**drawing.MESSAGES, **settling.MESSAGES, **answering.MESSAGES, **lateness.MESSAGES}
RHYTHM = Rhythm(tick, next_due)
