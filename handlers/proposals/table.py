"""What lies before a coordinator who goes through the proposals: read anew at every click, and drawn from that."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.proposals import ALIKE, Bundle, likeness, of_scope
from bot.trail.theming import Suggestion
from bot.worksessions import State, WorkSession
from handlers.proposals.backing import number_in
from handlers.routing import Click, metadata_of
from handlers.views import frame
from handlers.views import proposals_review as views
from handlers.world import Asker, World
from storage import delivery, proposals, worksessions


@dataclass(frozen=True)
class Table:
    """What lies before a coordinator: the session (None: for the next one), and what is proposed for it."""

    asker: Asker
    session: WorkSession | None
    found: tuple[Bundle, ...]
    agendas: tuple[Sequence[Suggestion], Mapping[str, str]] = ((), {})

    def bundle(self, proposal_id: str) -> Bundle:
        """Return one of them. Raises Refused for one that is no more, or that was merged into another."""
        one = next((each for each in self.found if each.id == proposal_id), None)
        if one is None:
            inside = next((b for b in self.found if proposal_id in {each.id for each in b.members}), None)
            raise Refused("proposals.changed_meanwhile", name=inside.name) if inside else Refused("proposals.gone")
        return one


def lay(db: Session, world: World, click: Click, session_id: str) -> Table:
    """Read what is proposed for a session, "" for the next one. Raises Refused for who may not, or once it is late."""
    asker = world.asker(db, click)
    allow(asker.member, Action.REVIEW_PROPOSALS)
    session = worksessions.one(db, click.team, session_id) if session_id else None
    if session_id and (session is None or session.state is not State.PLANNED):
        raise Refused("worksessions.gone")
    from handlers.trail.theming import suggested  # what is taken over there is proposed here: neither comes first

    scope = session.id if session else None
    found = tuple(of_scope(proposals.waiting(db, click.team), scope))
    return Table(asker, session, found, suggested(db, asker, session.regions if session else (), scope))


def looks_like(bundle: Bundle, others: Sequence[Bundle]) -> list[Bundle]:
    """Return the others that look like this one under any of their names."""
    names = [bundle.name, *bundle.also]
    return [each for each in others if likeness(names, [each.name, *each.also]) >= ALIKE]


async def draw(table: Table, page: int, notice: str = "") -> View:
    """Draw one page of the list; comparing names takes a while, so not on the event loop."""

    def made() -> View:
        links = {
            each.id: delivery.link(each.origin.channel, each.origin.ts)
            for bundle in table.found
            for each in bundle.members
            if each.origin is not None and each.origin.ts
        }
        shown = views.on_page(table.found, page)
        alike = {each.id: [other.name for other in looks_like(each, _others(table, each))] for each in shown}
        return views.review(
            table.session, table.found, alike, links, page, table.asker.words, notice=notice, agendas=table.agendas
        )

    return await asyncio.to_thread(made)


def _others(table: Table, bundle: Bundle) -> list[Bundle]:
    return [each for each in table.found if each.id != bundle.id]


async def redraw(
    click: Click, world: World, view_id: str, session_id: str, page: int, problem: Problem | None = None
) -> None:
    """Draw the list anew in the window where it is open, with above it why a decision was not taken."""
    try:
        table = await world.database.read(lambda db: lay(db, world, click, session_id))
    except Refused as refused:  # the session got its topics while the list was open
        words = await world.words_of(click.team, click.user)
        await world.show(click.team, view_id, frame.notice(world.say(words, refused.key, refused.values), words))
        return
    notice = world.say(table.asker.words, problem.key, problem.values) if problem else ""
    await world.show(click.team, view_id, await draw(table, page, notice))


async def redraw_below(click: Click, world: World) -> None:
    """Draw the list under a form anew that was pushed on top of it."""
    given, view = metadata_of(click), click.body.get("view") or {}
    below = str(view.get("previous_view_id") or view.get("root_view_id") or "")
    if below and below != click.view_id:
        await redraw(click, world, below, given.get("session", ""), number_in(given.get("page", "")))
