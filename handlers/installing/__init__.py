"""Workspaces that install Oogst by themselves, and take it away again: their tokens, sealed, and who may be called."""

from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.delivery import is_shut_out
from bot.privacy.expiring import GRACE
from handlers.delivery import Render, reply_of
from handlers.routing import Answer, Click, Routes
from handlers.world import World
from storage import installations, leaving

MOST_AHEAD = timedelta(minutes=10)
"""So much later than Slack's our own clock may be; a request that is signed by another clock is refused long before."""

log = structlog.get_logger()


async def taken_back(click: Click, world: World) -> Answer:
    """A workspace revoked our token or removed the app: its token goes, and nobody calls Slack for it from here on.

    Of the tokens that Slack names only a bot's is ours; a person's may go without consequences.
    """
    tokens = click.body.get("tokens")
    if click.name == "tokens_revoked" and not (isinstance(tokens, dict) and tokens.get("bot")):
        return Answer()
    now = world.now()
    told = datetime.fromtimestamp(float(click.at), UTC) if click.at.replace(".", "", 1).isdecimal() else now
    if not await _left(click.team, told, world) and not await world.database.read(
        partial(leaving.is_old, team=click.team, at=told + MOST_AHEAD)
    ):
        return Answer(then=[_make_sure(click.team, world)])
    return Answer()


async def _left(team: str, at: datetime, world: World) -> bool:
    """Forget the token, and begin the weeks after which all else goes; False for news of before a new start."""

    def revoke(db: Session) -> bool:
        if leaving.is_old(db, team, at):
            return False
        leaving.leave(db, team, at, world.now())
        installations.revoke(db, team, world.now())
        return True

    if not await world.database.write(revoke):
        return False
    world.leave(team)
    log.warning("workspace left", team=team, kept=GRACE.days)
    return True


async def _make_sure(team: str, world: World) -> None:
    """Our clock says that this was before the app came (back), but Slack's may be behind: so Slack is asked."""
    try:
        await world.slack_of(team).auth_test()
    except SlackApiError as error:
        if is_shut_out(reply_of(error)):
            await _left(team, world.now(), world)


ROUTES = Routes(events={"app_uninstalled": [taken_back], "tokens_revoked": [taken_back]})
MESSAGES: dict[str, Render] = {}
