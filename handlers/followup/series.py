"""A series of sessions is asked for: the form, the check with its first dates, and the series that comes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.followup import (
    Decision,
    Meeting,
    Series,
    SeriesState,
    hours_of,
    meetings,
    still_running,
)
from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.recurrence import BadRule, Kind, kinds, problems, rule_of
from bot.trail.follow_ups import Via
from bot.worksessions import WorkSession, plan
from handlers.followup.cautioning import falls_badly, hours_like
from handlers.followup.filling import newest_held
from handlers.followup.repeating import coming, day_of, make_next, regions_of, series_for
from handlers.followup.series_running import decide_date
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.trail import follow_ups, pages
from handlers.views import followup_series as views
from handlers.views.followup_form import with_way_back
from handlers.world import Asker, World
from storage import followup, inbox, worksessions

MOST_TIMES = 60


async def open_series(click: Click, world: World) -> Answer:
    """The coordinator wants sessions that come back: a button, or `/oogst reeks`."""

    def start(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_SERIES)
        previous = newest_held(db, click.team)
        channel = previous.channel if previous else click.channel if click.channel.startswith("C") else ""
        return series_view(db, world, click, asker, previous, channel, "")

    return Answer(then=[world.open(click, await world.database.write(start), push=click.in_form)])


async def open_for(click: Click, world: World) -> Answer:
    """The coordinator wants sessions that come back for an assignment: its window makes place for the form."""

    def start(db: Session) -> View:
        begun = follow_ups.begin(db, world, click, click.value, Action.SET_SERIES)
        more = {**follow_ups.kept(db, click, begun), "title": begun.title}
        return series_view(db, world, click, begun.asker, begun.previous, begun.channel, "", more=more)

    return Answer(then=[pages.over(click, world, await world.database.write(start))])


async def open_change(click: Click, world: World) -> Answer:
    """The coordinator wants another rhythm for a series."""

    def start(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_SERIES)
        found = series_for(db, click.team, click.value)
        still_running(found)
        previous = worksessions.one(db, click.team, found.previous) if found.previous else None
        return series_view(db, world, click, asker, previous, found.channel, "", found)

    return Answer(then=[world.open(click, await world.database.write(start), push=click.in_form)])


def series_view(
    db: Session,
    world: World,
    click: Click,
    asker: Asker,
    previous: WorkSession | None,
    channel: str,
    typed: str,
    existing: Series | None = None,
    more: Mapping[str, Any] | None = None,
) -> View:
    """Begin the form for a series; `typed` are the words that led to it, `more` is what else the form keeps.

    Raises Refused.
    """
    allow(asker.member, Action.SET_SERIES)
    form_id = world.ids("fm")
    data = {
        "previous": previous.id if previous else "",
        "series": existing.id if existing else "",
        "version": existing.version if existing else 0,
        "typed": typed,
        **(more or {}),
    }
    worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
    hours = hours_of(existing.starts_at, existing.ends_at, existing.timezone) if existing else hours_like(previous)
    title = existing.title if existing else str(data.get("title") or "")
    view = views.series_form(form_id, hours, title, channel or None, typed, existing, asker.words)
    return follow_ups.placed(db, click.team, view, data, asker.words)


async def again(click: Click, world: World) -> Answer:
    """The coordinator read the dates in full and wants others: a check that took the form's place gives it back."""

    def look(db: Session) -> View:
        asker, form_id, data, existing = _filling(click, world, db)
        chosen = {str(name): str(text) for name, text in data.get("chosen", {}).items()}
        view = views.series_form(form_id, hours_like(None), "", None, data["typed"], existing, asker.words, chosen)
        return follow_ups.placed(db, click.team, view, data, asker.words)

    return Answer(then=[world.show(click.team, click.view_id, await world.database.read(look))])


async def hand_in_series(click: Click, world: World) -> Answer:
    """A rhythm was handed in: check it, show the first dates, and ask about those that fall badly."""
    return await world.database.write(partial(_check, click, world))


def _check(click: Click, world: World, db: Session) -> Answer:
    asker, form_id, data, existing = _filling(click, world, db)
    made, wrong = _series(click, world, asker, data, existing)
    if named := check_texts(db, asker.settings, None, {"title": click.text("title")}).problems:
        made, wrong = None, [*wrong, *named]
    if made is None:
        return Answer(ack=problems_ack(click, world, asker.words, wrong))
    packed = {
        "title": made.title,
        "channel": made.channel,
        "rule": made.rule,
        "starts_at": made.starts_at.isoformat(),
        "ends_at": made.ends_at.isoformat(),
    }
    chosen = {name: click.text(name) for name in click.fields}
    worksessions.save_form(db, form_id, click.team, click.user, {**data, **packed, "chosen": chosen}, world.now())
    regions = regions_of(db, click.team, made)
    every = meetings(replace(made, decided=()))
    badly = [(each, found) for each in every if (found := falls_badly(db, click.team, each.day, regions))]
    words = asker.words.in_zone(made.timezone)
    view = views.series_check(form_id, made.rule, every, badly, words, is_change=existing is not None)
    if in_place := bool(data.get("assignment")):
        view = follow_ups.placed(db, click.team, with_way_back(view, "followup.series_again", words), data, words)
    return Answer(ack={"response_action": "update" if in_place else "push", "view": view.to_dict()})


async def save_series(click: Click, world: World) -> Answer:
    """The series was confirmed: its next session is made and invited to, the others follow by themselves."""

    def save(db: Session) -> tuple[Asker, Series | None, Meeting | None, str]:
        if inbox.seen(db, click.team, click.key):
            return world.asker(db, click), None, None, ""
        asker, form_id, data, existing = _filling(click, world, db)
        if "rule" not in data:
            raise Refused("worksessions.form_gone")
        now = world.now()
        made = _unpacked(world, asker, data, existing)
        if made.starts_at <= now:
            raise Refused("followup.date_past")
        inbox.first(db, click.team, click.key, now)
        followup.series.save(db, made)
        entry_id = follow_ups.tie(db, world, click, data, Via.SERIES, made.id)
        for name in click.fields:
            kind, _, day = name.partition(":")
            if kind == "decide" and click.text(name) in set(Decision):
                decide_date(db, made, day_of(day), Decision(click.text(name)), click.user, now)
        worksessions.drop_form(db, click.team, form_id)
        kept = series_for(db, click.team, made.id)
        make_next(db, world, asker.settings, kept)
        return asker, kept, coming(db, kept, now), entry_id

    asker, series, meeting, entry_id = await world.write(save)
    if series is None:
        return Answer(ack={"response_action": "clear"})
    if entry_id:
        return await follow_ups.back(click, world, entry_id)
    view = views.saved(series, meeting, asker.words.in_zone(series.timezone))
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _filling(click: Click, world: World, db: Session) -> tuple[Asker, str, dict[str, Any], Series | None]:
    asker, form_id = world.asker(db, click), metadata_of(click).get("form", "")
    allow(asker.member, Action.SET_SERIES)
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None or "series" not in data:
        raise Refused("worksessions.form_gone")
    existing = series_for(db, click.team, str(data["series"])) if data["series"] else None
    if existing is not None:
        still_running(existing)
        if existing.version != data["version"]:
            raise Refused("followup.series_changed")
    return asker, form_id, data, existing


def _series(
    click: Click, world: World, asker: Asker, data: Mapping[str, Any], existing: Series | None
) -> tuple[Series | None, list[Problem]]:
    """Read the first form: a date and hours as for a single session, a rhythm that this date can begin, how often."""
    zone = existing.timezone if existing else asker.settings.timezone
    checked, wrong = plan(
        title=click.text("title") or "-",
        channel=click.text("channel"),
        day=click.text("day"),
        start=click.text("start"),
        end=click.text("end"),
        regions=(),
        timezone=zone,
        now=world.now(),
    )
    times = click.text("times").strip()
    if not times.isascii() or not times.isdigit() or not 2 <= int(times) <= MOST_TIMES:
        wrong = [*wrong, Problem("times", "followup.problem.times", {"most": MOST_TIMES})]
    if click.text("rule") not in set(Kind):
        wrong = [*wrong, Problem("rule", "recurrence.problem.unreadable")]
    if wrong or checked is None:
        return None, wrong
    if checked.starts_at <= world.now():
        return None, [Problem("day", "worksessions.problem.past")]
    kind, first = Kind(click.text("rule")), day_of(click.text("day"))
    if kind not in kinds(first):
        return None, [Problem("rule", "followup.problem.fifth")]
    rule = rule_of(kind, first, int(times))
    try:
        found = problems(rule, checked.starts_at, zone)
    except BadRule as bad:
        found = [Problem("rule", bad.key, bad.values)]
    if found:
        return None, found
    title = " ".join(click.text("title").split())
    packed = {
        "title": title,
        "channel": checked.channel,
        "rule": rule,
        "starts_at": checked.starts_at.isoformat(),
        "ends_at": checked.ends_at.isoformat(),
    }
    return _unpacked(world, asker, {**data, **packed}, existing), []


def _unpacked(world: World, asker: Asker, data: Mapping[str, Any], existing: Series | None) -> Series:
    starts_at, ends_at = (datetime.fromisoformat(str(data[name])) for name in ("starts_at", "ends_at"))
    if existing is not None:
        return replace(
            existing,
            title=str(data["title"]),
            channel=str(data["channel"]),
            rule=str(data["rule"]),
            starts_at=starts_at,
            ends_at=ends_at,
            version=existing.version + 1,
        )
    return Series(
        id=world.ids("sr"),
        team=asker.settings.team,
        title=str(data["title"]),
        channel=str(data["channel"]),
        rule=str(data["rule"]),
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=asker.settings.timezone,
        state=SeriesState.RUNNING,
        version=1,
        created_by=asker.member.user,
        created_at=world.now(),
        previous=str(data["previous"]) or None,
        regions=tuple(data.get("regions", ())),
    )


ACTIONS: dict[str, Handler] = {
    "followup.series": open_series,
    "followup.series_for": open_for,
    "followup.series_change": open_change,
    "followup.series_again": again,
}
FORMS: dict[str, Handler] = {
    "followup.series": hand_in_series,
    "followup.series_check": save_series,
}
COMMANDS: dict[str, Handler] = {"reeks": open_series, "series": open_series}
