"""What was said before about a topic on offer, for whoever asks."""

from functools import partial

from sqlmodel import Session

from bot.article import readers
from bot.problem import Refused
from bot.programme import Action, allow
from bot.themes import Before
from handlers.delivery import Render
from handlers.routing import Answer, Click, Routes
from handlers.views import themes as views
from handlers.world import Asker, World
from storage import memory


async def before(click: Click, world: World) -> Answer:
    """Somebody wants to know what was said before about a topic: the card is for them alone."""
    asker, found = await world.database.read(partial(_before, click, world))
    return Answer(then=[world.whisper(click, *views.before(found, asker.words))])


def _before(click: Click, world: World, db: Session) -> tuple[Asker, Before]:
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_PUBLISHED)
    offered = memory.offered(db, click.team, click.value)
    if offered is None or not readers(offered[0], [asker.member]):
        raise Refused("themes.gone")
    return asker, memory.before(db, click.team, *offered)


ROUTES = Routes(actions={"themes.before": before})
MESSAGES: dict[str, Render] = {}
