"""The coordinator proposes dates: the form, and the check where every date stands in full."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.followup import (
    MOST_DATES,
    DatePoll,
    Picked,
    Proposal,
    Slot,
    deadline_proposal,
    proposed,
    still_open,
)
from bot.problem import Problem
from bot.programme import Action, allow
from handlers.followup.cautioning import warned
from handlers.followup.filling import (
    Filling,
    asks_channel,
    doubts_in,
    filling_of,
    kept,
    newest_held,
    packed,
    poll_for,
    previous_of,
    slots_in,
    standing,
)
from handlers.followup.series import series_view
from handlers.routing import Answer, Click, Handler, field_errors, metadata_of
from handlers.trail import follow_ups, pages
from handlers.views import followup_form as views
from handlers.views.dates import to_repair
from handlers.words import Words
from handlers.world import World
from storage import followup, worksessions

FIRST_ROWS = 2


async def open_poll(click: Click, world: World) -> Answer:
    """The coordinator wants to ask when people can come: a button, or `/oogst datum`."""
    form_id = world.ids("fm")

    def start(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.RUN_DATE_POLL)
        by_name = click.kind != "command" and click.value
        previous = previous_of(db, click.team, click.value) if by_name else newest_held(db, click.team)
        running = followup.polling.open_after(db, click.team, previous.id) if previous else None
        channel = previous.channel if previous else click.channel if click.channel.startswith("C") else ""
        return _start(
            db, click, world, form_id, {"previous": previous.id if previous else "", "channel": channel}, running
        )

    return Answer(then=[world.open(click, await world.database.write(start), push=click.in_form)])


async def open_for(click: Click, world: World) -> Answer:
    """The coordinator wants to ask when people can come for an assignment: its window makes place for the form."""
    form_id = world.ids("fm")

    def start(db: Session) -> View:
        begun = follow_ups.begin(db, world, click, click.value, Action.RUN_DATE_POLL)
        data = {"previous": begun.previous.id if begun.previous else "", "channel": begun.channel}
        return _start(db, click, world, form_id, {**data, **follow_ups.kept(db, click, begun)}, None)

    return Answer(then=[pages.over(click, world, await world.database.write(start))])


async def open_change(click: Click, world: World) -> Answer:
    """The coordinator wants to add or remove dates of a poll that was not decided yet."""
    form_id = world.ids("fm")

    def start(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.RUN_DATE_POLL)
        poll = poll_for(db, click.team, click.value)
        return _start(db, click, world, form_id, {"previous": poll.previous or "", "channel": poll.channel}, poll)

    return Answer(then=[world.open(click, await world.database.write(start), push=click.in_form)])


def _start(
    db: Session, click: Click, world: World, form_id: str, data: Mapping[str, Any], poll: DatePoll | None
) -> View:
    if poll is not None:
        still_open(poll)
    rows = 1 if poll else FIRST_ROWS
    begun = {**data, "rows": rows} | ({"poll": poll.id, "version": poll.version} if poll else {})
    worksessions.save_form(db, form_id, click.team, click.user, begun, world.now())
    filling = filling_of(db, click, world, form_id)
    view = views.dates_form(form_id, rows, {}, "", filling.hours, standing(filling), filling.words)
    return follow_ups.placed(db, click.team, view, filling.data, filling.words)


async def add_row(click: Click, world: World) -> Answer:
    """The coordinator wants one more row of pickers; what was chosen and typed stays."""

    def add(db: Session) -> View:
        filling = filling_of(db, click, world, metadata_of(click).get("form", ""))
        rows = min(int(filling.data["rows"]) + 1, MOST_DATES)
        data = {**filling.data, "rows": rows}
        worksessions.save_form(db, filling.form_id, click.team, click.user, data, world.now())
        chosen = {name: click.text(name) for name in click.fields}
        typed = click.text("typed")
        view = views.dates_form(filling.form_id, rows, chosen, typed, filling.hours, standing(filling), filling.words)
        return follow_ups.placed(db, click.team, view, data, filling.words)

    return Answer(then=[world.show(click.team, click.view_id, await world.database.write(add))])


async def again(click: Click, world: World) -> Answer:
    """The coordinator read the dates in full and wants others: a check that took the form's place gives it back."""

    def look(db: Session) -> View:
        filling = filling_of(db, click, world, metadata_of(click).get("form", ""))
        chosen, rows = dict(filling.data.get("chosen", {})), int(filling.data["rows"])
        typed = str(chosen.pop("typed", ""))
        view = views.dates_form(filling.form_id, rows, chosen, typed, filling.hours, standing(filling), filling.words)
        return follow_ups.placed(db, click.team, view, filling.data, filling.words)

    return Answer(then=[world.show(click.team, click.view_id, await world.database.read(look))])


async def hand_in_dates(click: Click, world: World) -> Answer:
    """Dates were handed in: say what is to repair, lead to the form for a series, or show them all in full."""
    return await world.database.write(partial(_dates, click, world))


def _dates(click: Click, world: World, db: Session) -> Answer:
    filling = filling_of(db, click, world, metadata_of(click).get("form", ""))
    rows = [
        Picked(n, *(click.text(f"{name}_{n}") for name in ("day", "start", "end")))
        for n in range(1, int(filling.data["rows"]) + 1)
    ]
    keeps = kept(filling, click.many("keep"))
    proposal, problems = proposed(
        rows, click.text("typed"), filling.hours, world.now(), filling.zone, besides=len(keeps)
    )
    if problems or proposal.unclear:
        return Answer(ack=_to_repair(click, world, filling.words, proposal, problems))
    if proposal.repeating:
        typed, channel = proposal.repeating[0], str(filling.data["channel"])
        begun = follow_ups.begun_in(db, world, click, filling.data, Action.SET_SERIES)
        more = {name: filling.data[name] for name in follow_ups.KEPT} if begun else {}
        view = series_view(db, world, click, filling.asker, filling.previous, channel, typed, more=more)
        return Answer(ack={"response_action": "update" if begun else "push", "view": view.to_dict()})
    data = {
        **filling.data,
        "keep": [option.id for option in keeps],
        "chosen": {name: click.text(name) for name in click.fields if name != "keep"},
        "slots": [packed(slot) for slot in proposal.slots],
        "doubts": [{"typed": each.typed, "slots": [packed(s) for s in each.slots]} for each in proposal.doubts],
    }
    worksessions.save_form(db, filling.form_id, click.team, click.user, data, world.now())
    view, in_place = _check(db, world, filling_of(db, click, world, filling.form_id)), bool(data.get("assignment"))
    if in_place:
        view = follow_ups.placed(
            db, click.team, views.with_way_back(view, "followup.poll_again", filling.words), data, filling.words
        )
    return Answer(ack={"response_action": "update" if in_place else "push", "view": view.to_dict()})


def _to_repair(
    click: Click, world: World, words: Words, proposal: Proposal, problems: list[Problem]
) -> Mapping[str, Any]:
    """Every line that has to be asked back under its field, by the words that were typed."""
    lines = []
    for line, unclear in proposal.unclear:
        problem = to_repair(unclear, "typed")
        sentence = world.say(words, problem.key, problem.values)
        lines.append(words("followup.line", line=line, problem=sentence))
    found = {problem.field: world.say(words, problem.key, problem.values) for problem in problems}
    if lines:
        found["typed"] = "\n".join([*lines, *([found["typed"]] if "typed" in found else [])])
    return field_errors(click, found)


def _check(db: Session, world: World, filling: Filling) -> View:
    slots, doubts = slots_in(filling.data), doubts_in(filling.data)
    staying = [Slot(each.starts_at, each.ends_at) for each in filling.keeps]
    lines = [
        views.Line(
            slot,
            warned(db, filling.asker.settings.team, slot, filling.zone, filling.hours, filling.regions, world.now()),
        )
        for slot in sorted({*slots, *staying})
    ]
    removed = [each for each in standing(filling) if each not in filling.keeps] if filling.poll else []
    now = world.now()
    every = [*(line.slot for line in lines), *(slot for doubt in doubts for slot in doubt.slots)]
    earliest = min((slot.starts_at for slot in every), default=None)
    deadline = deadline_proposal(now, filling.zone, is_dutch_holiday, earliest)
    if filling.poll is not None and filling.poll.deadline > now:
        deadline = filling.poll.deadline
    return views.check_form(
        filling.form_id,
        lines,
        doubts,
        removed,
        deadline,
        filling.poll.quorum if filling.poll else 0,
        str(filling.data["channel"]) or None,
        filling.words,
        is_change=filling.poll is not None,
        asks_channel=asks_channel(filling),
    )


ACTIONS: dict[str, Handler] = {
    "followup.poll": open_poll,
    "followup.poll_for": open_for,
    "followup.poll_change": open_change,
    "followup.poll_row": add_row,
    "followup.poll_again": again,
}
FORMS: dict[str, Handler] = {"followup.poll": hand_in_dates}
COMMANDS: dict[str, Handler] = {"datum": open_poll, "date": open_poll}
