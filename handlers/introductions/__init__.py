"""Bringing two regions together: proposed in a digest, put to one person of the other region, met when both say yes.

Nobody hears from whom a no came, or that there was one: silence and a no end alike. What regions wrote in
their trail is put to the other side in the same way, at the wish of one of them: see `beginning`.
"""

from handlers.introductions import beginning, pressing, telling
from handlers.introductions.beginning import pair, propose_entries
from handlers.introductions.proposing import next_due, tick
from handlers.introductions.telling import waiting_for
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "next_due", "pair", "propose_entries", "tick", "waiting_for"]

ROUTES = Routes(actions={**pressing.ACTIONS, **beginning.ACTIONS}, forms={**pressing.FORMS, **beginning.FORMS})
MESSAGES = telling.MESSAGES
RHYTHM = Rhythm(tick, next_due)
