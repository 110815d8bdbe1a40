"""Workspaces that install Oogst by themselves, and take it away again: their tokens, sealed, and who may be called."""

from functools import partial

from handlers.delivery import Render
from handlers.routing import Answer, Click, Routes
from handlers.world import World
from storage import installations


async def taken_back(click: Click, world: World) -> Answer:
    """A workspace revoked our token or removed the app: its token goes, and nobody calls Slack for it from here on.

    Of the tokens that Slack names only a bot's is ours; a person's may go without consequences.
    """
    tokens = click.body.get("tokens")
    if click.name == "tokens_revoked" and not (isinstance(tokens, dict) and tokens.get("bot")):
        return Answer()
    world.leave(click.team)
    await world.database.write(partial(installations.revoke, team=click.team, now=world.now()))
    return Answer()


ROUTES = Routes(events={"app_uninstalled": [taken_back], "tokens_revoked": [taken_back]})
MESSAGES: dict[str, Render] = {}
