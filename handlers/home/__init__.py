"""The App Home, in the order "what waits for me?": what this person can do now, then what comes, then the rest.

A coordinator reads after her own things what groups miss. To give something a place here, a feature offers
`waiting_for(db, team, user, now) -> list[Waiting]` (`handlers/waiting.py`) and is named on one line of SOURCES in
`handlers/home/waiting.py`; a line on the coordinator's board comes from `gaps`, named in `handlers/prompting/board.py`.
"""

from handlers.delivery import Render
from handlers.home.desk import Desk
from handlers.home.looking import Home, OpenChoice, look
from handlers.home.showing import follow, help_, opened, publish, refresh, spoken_to
from handlers.routing import Routes

__all__ = ["MESSAGES", "ROUTES", "Desk", "Home", "OpenChoice", "follow", "look", "publish"]

ROUTES = Routes(
    actions={"home.refresh": refresh},
    commands={"": help_, "hulp": help_, "help": help_},
    events={"app_home_opened": [opened], "app_mention": [spoken_to], "message": [spoken_to]},
)
MESSAGES: dict[str, Render] = {}
