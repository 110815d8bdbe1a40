"""Beginning a work session: from the Home, for a date that was set, for an assignment, or out of proposals."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Region, allow
from bot.worksessions import Plan, State, WorkSession
from handlers.proposals import offering
from handlers.routing import Answer, Click
from handlers.trail import follow_ups, pages
from handlers.views import worksessions as views
from handlers.worksessions.kept import packed
from handlers.worksessions.planning import topics_step
from handlers.world import Asker, World
from storage import programme, worksessions


async def open_form(click: Click, world: World) -> Answer:
    """The coordinator wants to make a session: from the Home, a shortcut or `/oogst nieuw`."""
    return await _open(click, world, None)


async def open_planned(click: Click, world: World) -> Answer:
    """The coordinator puts topics to a session of which only the date was set."""

    def find(db: Session) -> WorkSession:
        allow(world.asker(db, click).member, Action.MAKE_WORK_SESSION)
        session = worksessions.one(db, click.team, click.value)
        if session is None or session.state is not State.PLANNED:
            raise Refused("worksessions.gone")
        return session

    return await _open(click, world, await world.database.read(find))


async def open_for(click: Click, world: World) -> Answer:
    """The coordinator wants a session for an assignment: its window makes place for the form, filled in from it."""
    form_id = world.ids("fm")

    def start(db: Session) -> View:
        begun = follow_ups.begin(db, world, click, click.value, Action.MAKE_WORK_SESSION)
        data = {"planned": None, **follow_ups.kept(db, click, begun)}
        worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        words = begun.asker.words
        given = views.Given(begun.title, begun.channel, begun.regions)
        regions = programme.regions(db, click.team)
        view = views.plan_form(form_id, regions, words, now=world.now(), channel="", planned=None, given=given)
        return follow_ups.placed(db, click.team, view, data, words)

    return Answer(then=[pages.over(click, world, await world.database.write(start))])


async def _open(click: Click, world: World, planned: WorkSession | None) -> Answer:
    form_id = world.ids("fm")

    def start(db: Session) -> tuple[Asker, list[Region]]:
        asker = world.asker(db, click)
        allow(asker.member, Action.MAKE_WORK_SESSION)
        worksessions.save_form(
            db, form_id, click.team, click.user, {"planned": planned.id if planned else None}, world.now()
        )
        return asker, programme.regions(db, click.team)

    asker, regions = await world.database.write(start)
    view = views.plan_form(form_id, regions, asker.words, now=world.now(), channel=click.channel, planned=planned)
    on_top = (click.body.get("view") or {}).get("type") == "modal"
    return Answer(then=[world.open(click, view, push=on_top)])


async def open_proposed(click: Click, world: World) -> Answer:
    """The coordinator makes the topics of a planned session out of its proposals; its date stays as it is."""
    form_id = world.ids("fm")

    def start(db: Session) -> tuple[Asker, Plan, list[str]]:
        asker = world.asker(db, click)
        allow(asker.member, Action.MAKE_WORK_SESSION)
        session = worksessions.one(db, click.team, click.value)
        if session is None or session.state is not State.PLANNED:
            raise Refused("worksessions.gone")
        checked = Plan(session.title, session.channel, session.starts_at, session.ends_at, session.regions)
        proposed = offering.lines(db, click.team, session.id)
        data = {"planned": session.id, "plan": packed(checked), "proposed": proposed}
        worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, checked, [name for _, name in proposed]

    asker, checked, lines = await world.database.write(start)
    view = await world.database.read(partial(topics_step, click, asker, form_id, checked, lines))
    return Answer(then=[world.open(click, view, push=True)])
