"""After a press every window of the trail that somebody has open shows what is true now."""

from functools import partial

from slack_sdk.models.views import View

from bot.problem import Refused
from handlers.routing import Click, metadata_of
from handlers.themes.proposing import in_window
from handlers.trail import pages, piling
from handlers.world import World

MOST_BELOW = 2
"""Slack tells of the window directly below and of the lowest one; it piles no more than three."""


async def redraw(click: Click, world: World, entry_id: str = "", code: str = "") -> None:
    """Draw the window in which somebody pressed anew, and those below it.

    `entry_id` is what an entry's window shows, `code` the region that shows where the entry is gone.
    """
    if not click.view_id:
        return
    given, below = metadata_of(click), piling.below(click)
    region = given.get("region") or code
    names = [piling.own(click)]
    if in_window(click, "trail.entry"):
        parent, part = given.get("parent", ""), given.get("part", "")
        names = [f"entry:{entry_id or given.get('entry', '')}", f"entry:{parent}", f"part:{region}:{part}"]
    for name in names:  # what was set aside is not shown any more: what it hung under takes its place
        if (shown := await _draw(click, world, name, below)) is not None:
            await world.show(click.team, click.view_id, shown)
            break
    await follow(click, world)


async def follow(click: Click, world: World) -> None:
    """Draw the windows below anew, as far as they are of the trail."""
    view = click.body.get("view") or {}
    root, previous = str(view.get("root_view_id") or ""), str(view.get("previous_view_id") or "")
    names = piling.below(click).split()[-MOST_BELOW:]
    ids = [root, previous] if len(names) == MOST_BELOW else [previous or root]
    for at, (view_id, name) in enumerate(zip(ids, names, strict=False)):
        drawn = await _draw(click, world, name, " ".join(names[:at])) if view_id not in ("", click.view_id) else None
        if drawn is not None:
            await world.show(click.team, view_id, drawn)


async def _draw(click: Click, world: World, name: str, below: str) -> View | None:
    """Draw a window by its name, with what lies below it; None where it is not of the trail, or gone."""
    kind, _, rest = name.partition(":")
    first, _, more = rest.partition(":")
    part, _, number = more.partition(":")
    look = {
        "entry": partial(pages.entry, world, click, first, 0, False),
        "page": partial(pages.page, world, click, first),
        "part": partial(pages.part, world, click, first, part, pages.number_of(number), below),
        "proposed": partial(pages.proposals, world, click, first),
    }.get(kind)
    if look is None or not first:
        return None
    try:
        return await world.database.read(look)
    except Refused:  # who presses there reads so
        return None
