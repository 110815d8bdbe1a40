"""The door to being forgotten: what goes and what stays is told first, and the Home says afterwards that it is done."""

from functools import partial

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from handlers import followup as dating
from handlers import promises, proposals
from handlers import selection as choosing
from handlers.personal.forgetting import Forgotten, forget_person
from handlers.routing import Answer, Click
from handlers.views import personal as views
from handlers.words import Words
from handlers.world import World
from storage import inbox


async def ask(click: Click, world: World) -> Answer:
    """Somebody wants to be forgotten: say what that means, and ask whether they are sure."""
    words = await world.words_of(click.team, click.user)
    on_top = (click.body.get("view") or {}).get("type") == "modal"
    return Answer(then=[world.open(click, views.forget_form(words), push=on_top)])


async def forget(click: Click, world: World) -> Answer:
    """They are sure."""
    done, words = await world.write(partial(_forget, click, world))
    if done is None:
        return Answer(ack={"response_action": "clear"})
    view = views.forgotten(done.counts, words)
    return Answer(
        ack={"response_action": "update", "view": view.to_dict()},
        then=[_empty_home(world, click, words), _count_again(world)],
    )


def _forget(click: Click, world: World, db: Session) -> tuple[Forgotten | None, Words]:
    asker = world.asker(db, click)
    if inbox.seen(db, click.team, click.key):
        return None, asker.words
    done = forget_person(db, world, asker.settings, click.user, by=click.user)
    inbox.first(db, click.team, click.key, world.now())
    return done, asker.words


async def _empty_home(world: World, click: Click, words: Words) -> None:
    """Nothing of theirs may stay on the screen either; who opens the Home again begins anew."""
    try:
        await world.slack_of(click.team).views_publish(user_id=click.user, view=views.empty_home(words).to_dict())
    except SlackApiError as error:
        if error.response.get("error") != "not_enabled":
            raise


async def _count_again(world: World) -> None:
    """Draw what counts people anew: cards, polls and calls on which they stood."""
    now = world.now()
    for team, session in await world.database.read(choosing.repaint_all):
        world.repaint(team, "selection.card", session)
    for team, session in await world.database.read(lambda db: proposals.repaint_all(db, now)):
        world.repaint(team, "proposals.call", session)
    for place in await world.database.read(lambda db: dating.repaint_all(db, now)):
        world.repaint(*place)
    for place in await world.database.read(promises.repaint_all):
        world.repaint(*place)
