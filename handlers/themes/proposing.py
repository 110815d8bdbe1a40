"""The proposals in one window: opened from the Home, and drawn anew after each decision."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.programme import Action, allow
from handlers.routing import Answer, Click
from handlers.themes.showing import Table, table
from handlers.views import themes_proposed as views
from handlers.world import Asker, World


async def open_proposals(click: Click, world: World) -> Answer:
    """The coordinator wants to see what is proposed."""
    return Answer(then=[world.open(click, await world.database.read(partial(_view, click, world)))])


def lay(db: Session, world: World, click: Click) -> tuple[Asker, Table]:
    """Return who clicked and what waits, for somebody who may decide. Raises Refused."""
    asker = world.asker(db, click)
    allow(asker.member, Action.CURATE_THEMES)
    return asker, table(db, click.team)


def _view(click: Click, world: World, db: Session, notice: str = "") -> View:
    asker, found = lay(db, world, click)
    return views.window(found.found, asker.words, notice=notice)


async def redraw(click: Click, world: World, view_id: str, notice: str = "") -> None:
    """Show in the open window what waits now, with why something could not be done above it."""
    await world.show(click.team, view_id, await world.database.read(partial(_view, click, world, notice=notice)))


async def redraw_below(click: Click, world: World) -> None:
    """Draw the window under a form anew that was pushed on top of it, if it is this one."""
    below = below_of(click)
    if below:
        await redraw(click, world, below)


def below_of(click: Click) -> str:
    """Return the id of the window under the form that was handed in; "" where there is none."""
    view = click.body.get("view") or {}
    below = str(view.get("previous_view_id") or view.get("root_view_id") or "")
    return below if below != click.view_id else ""


def in_window(click: Click, name: str) -> bool:
    """Say whether somebody pressed in the window of this name."""
    return str((click.body.get("view") or {}).get("callback_id", "")) == name
