"""The first two steps: when and where, then the themes; or people are asked for themes first."""

from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem
from bot.trail.follow_ups import Via
from bot.worksessions import Plan, WorkSession, closing_proposal, plan, topics
from handlers.privacy import check_texts
from handlers.proposals import offering
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.trail import follow_ups, theming
from handlers.views import worksessions as views
from handlers.worksessions.kept import kept_form, packed, plan_of
from handlers.worksessions.making import still_planned
from handlers.world import Asker, World
from storage import inbox, programme, selection, themes, worksessions
from storage.trail.follow_ups import entry_of


async def hand_in_plan(click: Click, world: World) -> Answer:
    """Step one was handed in: check it, keep it, and ask for the topics."""
    form_id = metadata_of(click).get("form", "")

    def keep(db: Session) -> tuple[Asker, Plan | None, list[Any], list[str]]:
        asker, data = kept_form(click, world, db, form_id)
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
            data = {**data, "plan": packed(checked), "proposed": proposed}
            worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, checked, problems, [name for _, name in proposed]

    asker, checked, problems, lines = await world.database.write(keep)
    if checked is None:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    view = await world.database.read(partial(topics_step, click, asker, form_id, checked, lines))
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def topics_step(click: Click, asker: Asker, form_id: str, checked: Plan, lines: list[str], db: Session) -> View:
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
        asker, data = kept_form(click, world, db, form_id)
        problems.extend(check_texts(db, asker.settings, None, {"topics": written}).problems)
        if names and not problems:
            worksessions.save_form(db, form_id, click.team, click.user, {**data, "topics": names}, world.now())
        shorts = offering.links(db, click.team, data, names).shorts(names, themes.short_names(db, click.team, names))
        return asker, plan_of(data), themes.earlier_impressions(db, click.team, names), shorts, data

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
        asker, data = kept_form(click, world, db, form_id)
        checked = plan_of(data)
        problems.extend(check_texts(db, asker.settings, None, {"topics": written}).problems)
        if checked.starts_at <= world.now():
            problems.append(Problem("first", "proposals.problem.started"))
        still_planned(db, click, data)
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
