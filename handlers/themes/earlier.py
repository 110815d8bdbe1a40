"""What was said before about a topic on offer, for whoever asks; and afterwards what became of the topics."""

import asyncio
from collections.abc import Mapping
from functools import partial

from sqlmodel import Session

from bot.article import Contribution, Run, readers
from bot.article.records import PART_OF
from bot.problem import Refused
from bot.programme import Action, allow
from bot.themes import Before, Evidence, drift
from bot.worksessions import State
from handlers.routing import Answer, Click
from handlers.views import themes as views
from handlers.world import Asker, World
from storage import harvest, memory, selection, worksessions


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


async def show_drift(click: Click, world: World) -> Answer:
    """The coordinator wants to know which of the chosen topics were discussed; it is read sentence by sentence."""
    asker, held, links, contributions = await world.database.read(partial(_held, click, world))
    report = await asyncio.to_thread(drift, held.session, held.groups, held.picks, held.impressions, held.themes)
    report = report.without(lambda one: any(_keeps_back(found, one) for found in contributions))
    return Answer(then=[world.open(click, views.drift(held.session, report, links, asker.words))])


def _keeps_back(contribution: Contribution, one: Evidence) -> bool:
    """Whether a sentence may not be read outside its group: a quote without a yes, what the group objects to."""
    run = Run(PART_OF[one.field], one.impression, one.field, one.start, one.end, one.text, 0)
    return not contribution.shows(run)


def _held(
    click: Click, world: World, db: Session
) -> tuple[Asker, selection.Outcome, Mapping[str, str], list[Contribution]]:
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_DRIFT)
    session = worksessions.one(db, click.team, click.value)
    if session is None or session.state is not State.GROUPED or not readers(session, [asker.member]):
        raise Refused("worksessions.gone")
    held = selection.outcome(db, session)
    return asker, held, memory.posts(db, held.impressions), harvest.contributions(db, session)
