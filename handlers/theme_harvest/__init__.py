"""The harvest document: whoever asks for a theme gets what was said on it over months, to read or to take along."""

from handlers.routing import Routes
from handlers.theme_harvest.asking import ask, choose, open_choice, take_along
from handlers.theme_harvest.following import follow
from handlers.theme_harvest.telling import document, file

__all__ = ["MESSAGES", "ROUTES", "follow"]

ROUTES = Routes(
    actions={"theme_harvest.open": open_choice, "theme_harvest.file": take_along},
    forms={"theme_harvest.choose": choose},
    commands={"oogst": ask, "harvest": ask},
)
MESSAGES = {"theme_harvest.document": document, "theme_harvest.file": file}
