"""Asking groups kindly for what they miss: twice by itself, then the coordinator's board with one button per thing.

A feature whose groups can leave something open names its `gaps` in `board.SOURCES` (see `handlers/waiting.py`).
"""

from handlers.prompting.asking import ask, next_due, settled, tick
from handlers.prompting.board import Board, boards, remind, remind_all
from handlers.prompting.records import OBJECTED, QUOTE, SIGN, objected, quote, sign
from handlers.prompting.waiting import waiting_for
from handlers.routing import Routes
from handlers.ticker import Rhythm
from storage.prompting import KIND, SETTLED

__all__ = ["MESSAGES", "RHYTHM", "ROUTES", "Board", "boards", "waiting_for"]

ROUTES = Routes(actions={"prompting.remind": remind, "prompting.remind_all": remind_all})
MESSAGES = {KIND: ask, SETTLED: settled, SIGN: sign, OBJECTED: objected, QUOTE: quote}
RHYTHM = Rhythm(tick, next_due)
