"""Drawing the Home: when somebody opens it, and again after what they did in it; and saying what the bot can do."""

from functools import partial

from slack_sdk.errors import SlackApiError

from handlers.home.looking import look
from handlers.routing import Answer, Click
from handlers.views import home as views
from handlers.world import World
from storage import inbox, programme


async def opened(click: Click, world: World) -> Answer:
    """Somebody opened the Home."""
    if click.body.get("tab", "home") != "home":
        return Answer()
    await world.write(lambda db: inbox.first(db, click.team, click.key, world.now()))
    return Answer(then=[publish(world, click)])


async def publish(world: World, click: Click) -> None:
    """Draw the Home of whoever clicked; of somebody new, Slack is asked first who they are."""
    if not await world.knows(click):
        await world.enrol(click.team, click.user)
    home = await world.database.write(partial(look, world, click))
    view = views.home(home, home.asker.words)
    try:
        await world.slack_of(click.team).views_publish(user_id=click.user, view=view.to_dict())
    except SlackApiError as error:
        if error.response.get("error") != "not_enabled":
            raise


async def follow(world: World, click: Click) -> None:
    """Let the Home of whoever clicked follow what they did in it, or in a form above it; nobody's is drawn unasked."""
    if await world.database.read(partial(programme.is_welcomed, team=click.team, user=click.user)):
        await publish(world, click)


async def refresh(click: Click, world: World) -> Answer:
    """Somebody wants to see the newest state: every click in the Home brings that."""
    return Answer()


async def help_(click: Click, world: World) -> Answer:
    """`/oogst` without more: what can be done here."""
    asker = await world.database.read(partial(world.asker, click=click))
    text, blocks = views.help_(asker.member, asker.words)
    return Answer(then=[world.whisper(click, text, blocks)])


async def spoken_to(click: Click, world: World) -> Answer:
    """Somebody mentions the bot, or writes to it: say what it can do here, to them alone."""
    direct = click.name == "message" and click.body.get("channel_type") == "im"
    if click.body.get("bot_id") or click.body.get("subtype") or not (direct or click.name == "app_mention"):
        return Answer()
    if not await world.write(lambda db: inbox.first(db, click.team, f"{click.key}:help", world.now())):
        return Answer()
    return await help_(click, world)
