"""Making a work session: three steps in one form, kept between the steps so that a restart loses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, Region, allow
from bot.trail.follow_ups import Via
from bot.worksessions import Plan, State, Topic, WorkSession, closing_proposal, offer, plan, topics
from handlers.delivery import Render
from handlers.followup.owing import change_date, owe_next_line
from handlers.privacy import check_texts
from handlers.proposals import offering
from handlers.routing import Answer, Click, Routes, metadata_of, problems_ack
from handlers.selection import owe_card
from handlers.trail import follow_ups, pages, theming
from handlers.views import worksessions as views
from handlers.world import Asker, World
from storage import inbox, programme, selection, themes, worksessions
from storage.trail.follow_ups import entry_of


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
        data = {"planned": session.id, "plan": _packed(checked), "proposed": proposed}
        worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, checked, [name for _, name in proposed]

    asker, checked, lines = await world.database.write(start)
    view = await world.database.read(partial(_topics_step, click, asker, form_id, checked, lines))
    return Answer(then=[world.open(click, view, push=True)])


async def hand_in_plan(click: Click, world: World) -> Answer:
    """Step one was handed in: check it, keep it, and ask for the topics."""
    form_id = metadata_of(click).get("form", "")

    def keep(db: Session) -> tuple[Asker, Plan | None, list[Any], list[str]]:
        asker, data = _form(click, world, db, form_id)
        proposed = offering.lines(db, click.team, data.get("planned"))
        known = {region.id for region in programme.regions(db, click.team)}
        chosen = [region for region in click.many("regions") if region in known]
        checked, problems = plan(
            title=click.text("title"),
            channel=click.text("channel"),
            day=click.text("day"),
            start=click.text("start"),
            end=click.text("end"),
            regions=chosen,
            timezone=asker.settings.timezone,
            now=world.now(),
        )
        if sensitive := check_texts(db, asker.settings, None, {"title": click.text("title")}).problems:
            checked, problems = None, [*problems, *sensitive]
        if checked:
            data = {**data, "plan": _packed(checked), "proposed": proposed}
            worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, checked, problems, [name for _, name in proposed]

    asker, checked, problems, lines = await world.database.write(keep)
    if checked is None:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    view = await world.database.read(partial(_topics_step, click, asker, form_id, checked, lines))
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _topics_step(click: Click, asker: Asker, form_id: str, checked: Plan, lines: list[str], db: Session) -> View:
    """Ask for the topics: what people proposed, and what earlier sessions left over or the agenda has open.

    A session for an assignment is about that: it begins with its open points.
    """
    data = worksessions.form(db, click.team, click.user, form_id) or {}
    entry_id = str(data.get("assignment") or "")
    entry_id = entry_id or entry_of(db, click.team, Via.SESSION, str(data.get("planned") or ""))
    if not entry_id:
        left = selection.left_over(db, team=click.team, besides=lines)
        found = theming.suggested(db, asker=asker, regions=checked.regions)
        return views.topics_form(form_id, checked, lines, asker.words, left, found)
    points = [name for name in follow_ups.themes_of(db, click.team, entry_id) if name not in lines]
    view = views.topics_form(form_id, checked, lines, asker.words, points=points)
    return follow_ups.placed(db, click.team, view, data, asker.words)


async def hand_in_topics(click: Click, world: World) -> Answer:
    """Step two was handed in: check the topics, and show everything once more with short names and a closing time."""
    if "first" in click.many("first"):
        return await _ask_first(click, world)
    form_id = metadata_of(click).get("form", "")
    written = await _written(click, world)
    names, problems = topics(written)

    def keep(db: Session) -> tuple[Asker, Plan, dict[str, int], list[str], dict[str, Any]]:
        asker, data = _form(click, world, db, form_id)
        problems.extend(check_texts(db, asker.settings, None, {"topics": written}).problems)
        if names and not problems:
            worksessions.save_form(db, form_id, click.team, click.user, {**data, "topics": names}, world.now())
        shorts = offering.links(db, click.team, data, names).shorts(names, themes.short_names(db, click.team, names))
        return asker, _plan(data), themes.earlier_impressions(db, click.team, names), shorts, data

    asker, checked, earlier, shorts, data = await world.database.write(keep)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    view = views.check_form(
        form_id, checked, names, shorts, closing_proposal(checked, world.now()), earlier, asker.words
    )
    view = await world.database.read(
        partial(follow_ups.placed, team=click.team, view=view, data=data, words=asker.words)
    )
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


async def _written(click: Click, world: World) -> str:
    """The topics that were written, and those that were ticked in the agendas of regions, one a line."""
    ticked = (
        await world.database.read(partial(theming.ticked, world=world, click=click)) if click.many("agenda") else []
    )
    return "\n".join([click.text("topics"), *ticked])


async def _ask_first(click: Click, world: World) -> Answer:
    """The coordinator lets people propose themes first: only the date is kept, and the channel is asked."""
    written = await _written(click, world)
    names, problems = topics(written) if written.strip() else ([], [])

    def save(db: Session) -> tuple[Asker, list[Problem], WorkSession | None]:
        if inbox.seen(db, click.team, click.key):
            return world.asker(db, click), [], None
        form_id = metadata_of(click).get("form", "")
        asker, data = _form(click, world, db, form_id)
        checked = _plan(data)
        problems.extend(check_texts(db, asker.settings, None, {"topics": written}).problems)
        if checked.starts_at <= world.now():
            problems.append(Problem("first", "proposals.problem.started"))
        _still_planned(db, click, data)
        if problems:
            return asker, problems, None
        inbox.first(db, click.team, click.key, world.now())
        session = offering.ask_first(db, world, asker, checked, data, names)
        follow_ups.tie(db, world, click, data, Via.SESSION, session.id)
        worksessions.drop_form(db, click.team, form_id)
        return asker, [], session

    asker, found, session = await world.write(save)
    if found:
        return Answer(ack=problems_ack(click, world, asker.words, found))
    if session is None:
        return Answer()
    if entry_id := metadata_of(click).get("entry"):
        return await follow_ups.back(click, world, entry_id)
    return Answer(ack={"response_action": "update", "view": views.asked_first(session, asker.words).to_dict()})


def _still_planned(db: Session, click: Click, data: Mapping[str, Any]) -> WorkSession | None:
    """Return the session that the form is about, if its date was set before. Raises Refused once it has topics."""
    planned = worksessions.one(db, click.team, str(data.get("planned") or ""))
    if planned is not None and planned.state is not State.PLANNED:
        raise Refused("worksessions.gone")  # its topics were put in another form in the meantime
    return planned


async def hand_in_offer(click: Click, world: World) -> Answer:
    """The last step: the session is made, and its message is owed to the channel, in one transaction."""
    asker, problems, session = await world.write(partial(_make, click, world))
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    if session is None:
        return Answer()
    if entry_id := metadata_of(click).get("entry"):
        return await follow_ups.back(click, world, entry_id)  # which says when and where; they may not be there
    below = (click.body.get("view") or {}).get("previous_view_id")  # the proposals, which have become topics now
    return Answer(
        ack={"response_action": "clear"} if below else None,
        then=[_say_posted(click, world, asker, session)],
    )


def _make(click: Click, world: World, db: Session) -> tuple[Asker, list[Any], WorkSession | None]:
    form_id = metadata_of(click).get("form", "")
    if inbox.seen(db, click.team, click.key):
        return world.asker(db, click), [], None
    asker, data = _form(click, world, db, form_id)
    checked, names, now = _plan(data), [str(name) for name in data["topics"]], world.now()
    offered, problems = offer(
        names=names,
        shorts=click.text("shorts"),
        closes=click.text("closes"),
        limit=click.text("limit"),
        closes_day=click.text("closes_day"),
        mode=click.text("mode"),
        extras=click.many("extras"),
        silence=click.text("silence"),
        plan=checked,
        timezone=asker.settings.timezone,
        now=now,
    )
    sensitive = check_texts(db, asker.settings, None, {"shorts": click.text("shorts")}).problems
    if offered is None or sensitive:
        return asker, [*problems, *sensitive], None
    inbox.first(db, click.team, click.key, now)
    planned = _still_planned(db, click, data)
    proposed = offering.links(db, click.team, data, names)
    session = WorkSession(
        id=planned.id if planned else world.ids("ws"),
        team=click.team,
        title=checked.title,
        channel=checked.channel,
        starts_at=checked.starts_at,
        ends_at=checked.ends_at,
        closes_at=offered.closes_at,
        timezone=asker.settings.timezone,
        state=State.CHOOSING,
        created_by=click.user,
        regions=checked.regions,
        group_limit=offered.group_limit,
        group_minimum=offered.group_minimum,
        mode=offered.mode,
        hidden=offered.hidden,
        close_when_all=offered.close_when_all,
        silence=offered.silence,
        opened_at=now,
        topics=tuple(
            Topic(world.ids("tp"), name, short, _theme(db, world, click.team, name, short, proposed.aliases(name)))
            for name, short in offered.topics
        ),
    )
    begun = follow_ups.begun_in(db, world, click, data, Action.MAKE_WORK_SESSION)
    before = begun.previous.id if begun and begun.previous else None
    if before and worksessions.follower(db, click.team, before) is not None:
        before = None
    worksessions.save(db, session, now, follows=before)
    follow_ups.tie(db, world, click, data, Via.SESSION, session.id)
    if before:
        owe_next_line(db, session, f"set:{session.id}", now)
    offering.settle(db, world, session, proposed)
    worksessions.drop_form(db, click.team, form_id)
    owe_card(db, session, now)
    if planned and (planned.starts_at, planned.ends_at) != (session.starts_at, session.ends_at):
        session = change_date(db, world, asker.settings, planned, session, click.user)
    return asker, [], session


def _theme(db: Session, world: World, team: str, name: str, short: str, aliases: Sequence[str]) -> str:
    return themes.theme_for(db, team, name, short, aliases, world.ids("th"))


async def _say_posted(click: Click, world: World, asker: Asker, session: WorkSession) -> None:
    text = asker.words("worksessions.posted")
    blocks = [block.to_dict() for block in views.posted(session, asker.words)]
    await world.slack_of(click.team).chat_postEphemeral(
        channel=session.channel, user=click.user, text=text, blocks=blocks
    )


def _form(click: Click, world: World, db: Session, form_id: str) -> tuple[Asker, dict[str, Any]]:
    asker = world.asker(db, click)
    allow(asker.member, Action.MAKE_WORK_SESSION)
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None:
        raise Refused("worksessions.form_gone")
    return asker, data


def _packed(checked: Plan) -> Mapping[str, Any]:
    return {**asdict(checked), "starts_at": checked.starts_at.isoformat(), "ends_at": checked.ends_at.isoformat()}


def _plan(data: Mapping[str, Any]) -> Plan:
    if "plan" not in data:
        raise Refused("worksessions.form_gone")
    found = Plan(**{**data["plan"], "regions": tuple(data["plan"]["regions"])})
    return replace(
        found,
        starts_at=datetime.fromisoformat(str(found.starts_at)),
        ends_at=datetime.fromisoformat(str(found.ends_at)),
    )


ROUTES = Routes(
    actions={
        "worksessions.new": open_form,
        "worksessions.for_assignment": open_for,
        "worksessions.topics": open_planned,
        "worksessions.proposed": open_proposed,
    },
    forms={
        "worksessions.plan": hand_in_plan,
        "worksessions.topics": hand_in_topics,
        "worksessions.offer": hand_in_offer,
    },
    commands={"nieuw": open_form, "new": open_form},
    shortcuts={"worksessions.new": open_form},
)
MESSAGES: dict[str, Render] = {}
