"""Bringing two regions together: proposed in a digest, put to one person of the other region, met when both say yes.

Nobody hears from whom a no came, or that there was one: silence and a no end alike.
"""

from handlers.introductions import pressing, telling
from handlers.introductions.proposing import next_due, tick
from handlers.introductions.telling import waiting_for
from handlers.routing import Routes
from handlers.ticker import Rhythm

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "next_due", "tick", "waiting_for"]

ROUTES = Routes(actions=pressing.ACTIONS, forms=pressing.FORMS)
MESSAGES = telling.MESSAGES
RHYTHM = Rhythm(tick, next_due)
