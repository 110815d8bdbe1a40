"""Questions to what is remembered: by message, mention or command; answered with sources, else put to a region."""

from handlers.memory.answering import ANSWER, PUT, answer
from handlers.memory.asking import changed, commanded, named, written
from handlers.memory.pressing import (
    close,
    know,
    let_go,
    open_regions,
    put,
    replied,
    show_sources,
    take_back,
    vote,
    wait,
)
from handlers.memory.telling import knows, next_due, question, tick
from handlers.routing import ANYTHING, Routes
from handlers.ticker import Rhythm

ROUTES = Routes(
    actions={
        "memory.sources": show_sources,
        "memory.vote": vote,
        "memory.wait": wait,
        "memory.let_go": let_go,
        "memory.take_back": take_back,
        "memory.close": close,
        "memory.region": open_regions,
        "memory.know": know,
    },
    forms={"memory.put": put},
    commands={ANYTHING: commanded},
    events={
        "message": [written, replied],
        "message_changed": [changed],
        "message_deleted": [changed],
        "app_mention": [named],
    },
)
MESSAGES = {ANSWER: answer, PUT: question, "memory.knows": knows}
RHYTHM = Rhythm(tick, next_due)
