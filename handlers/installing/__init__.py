"""Workspaces that install Oogst by themselves, and take it away again: their tokens, sealed, and who may be called."""

from datetime import UTC, datetime
from functools import partial

import structlog
from sqlmodel import Session

from bot.privacy.expiring import GRACE
from handlers.delivery import Render
from handlers.routing import Answer, Click, Routes
from handlers.world import World
from storage import installations, leaving

log = structlog.get_logger()


async def taken_back(click: Click, world: World) -> Answer:
    """A workspace revoked our token or removed the app: its token goes, and nobody calls Slack for it from here on.

    Of the tokens that Slack names only a bot's is ours; a person's may go without consequences.
    """
    tokens = click.body.get("tokens")
    if click.name == "tokens_revoked" and not (isinstance(tokens, dict) and tokens.get("bot")):
        return Answer()
    if await world.database.write(partial(_revoke, click, world.now())):
        world.leave(click.team)
        log.warning("workspace left", team=click.team, kept=GRACE.days)
    return Answer()


def _revoke(click: Click, now: datetime, db: Session) -> bool:
    """Forget the token, and begin the weeks after which all else goes; an event of before a new start is too late."""
    told = datetime.fromtimestamp(float(click.at), UTC) if click.at.replace(".", "", 1).isdecimal() else now
    if leaving.is_old(db, click.team, told):
        return False
    leaving.leave(db, click.team, told, now)
    installations.revoke(db, click.team, now)
    return True


ROUTES = Routes(events={"app_uninstalled": [taken_back], "tokens_revoked": [taken_back]})
MESSAGES: dict[str, Render] = {}
