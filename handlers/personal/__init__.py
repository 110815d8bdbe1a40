"""What Oogst keeps of you: see it, take it along, be forgotten; and what becomes of it all when the app is removed."""

from handlers.delivery import Render
from handlers.personal import asking, exporting
from handlers.routing import Routes

__all__ = ["MESSAGES", "ROUTES"]

ROUTES = Routes(
    actions={
        "personal.show": exporting.show,
        "personal.export": exporting.export,
        "personal.forget": asking.ask,
    },
    forms={"personal.forget": asking.forget},
)
MESSAGES: dict[str, Render] = {exporting.KIND: exporting.file}
