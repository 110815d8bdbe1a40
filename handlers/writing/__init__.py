"""A language model writes along, where a workspace wants one: beforehand, within limits, and never without a check."""

from handlers.delivery import Render
from handlers.routing import Routes
from handlers.writing import settling, telling
from handlers.writing.preparing import RHYTHM

__all__ = ["MESSAGES", "RHYTHM", "ROUTES"]

ROUTES = Routes(actions=settling.ACTIONS, commands=settling.COMMANDS)
MESSAGES: dict[str, Render] = {**telling.MESSAGES}
