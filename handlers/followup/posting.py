"""The dates that a coordinator confirmed become a poll, or change one, and its message is owed."""

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.followup import (
    FEWEST_DATES,
    DateOption,
    DatePoll,
    PollState,
    Slot,
    changed,
    deadline_of,
    quorum_of,
)
from bot.problem import Problem, Refused
from bot.trail.follow_ups import Via
from handlers.followup.filling import (
    Filling,
    asks_channel,
    doubts_in,
    filling_of,
    slots_in,
)
from handlers.followup.polling import owe_poll, owe_poll_change, skip_late_reminder
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.themes.proposing import in_window
from handlers.trail import follow_ups
from handlers.views import followup_form as views
from handlers.world import Asker, World
from storage import followup, inbox, worksessions
from storage.trail.follow_ups import entry_of


async def post_poll(click: Click, world: World) -> Answer:
    """The dates were confirmed: the poll is made or changed, and owed to its thread, in one transaction."""
    asker, problems, poll, was_there = await world.write(partial(_post, click, world))
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    if poll is None:
        return Answer(ack={"response_action": "clear"})
    entry_id = await world.database.read(partial(entry_of, team=click.team, via=Via.POLL, thing=poll.id))
    if entry_id and in_window(click, "followup.poll_check") and metadata_of(click).get("entry") == entry_id:
        return await follow_ups.back(click, world, entry_id)
    view = views.posted(poll, asker.words.in_zone(poll.timezone), is_change=was_there)
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _post(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem], DatePoll | None, bool]:
    if inbox.seen(db, click.team, click.key):
        return world.asker(db, click), [], None, False
    now = world.now()
    filling = filling_of(db, click, world, metadata_of(click).get("form", ""))
    if "slots" not in filling.data:
        raise Refused("worksessions.form_gone")
    slots, problems = _answered(filling, click, now)
    staying = [Slot(each.starts_at, each.ends_at) for each in filling.keeps]
    every = sorted({*slots, *staying})
    if not problems and len(every) < FEWEST_DATES:
        problems.append(Problem("deadline_day", "followup.problem.too_few", {"least": FEWEST_DATES}))
    if not problems and any(slot.starts_at <= now for slot in every):
        raise Refused("followup.date_past")
    earliest = min((slot.starts_at for slot in every), default=now)
    deadline, wrong = deadline_of(click.text("deadline_day"), click.text("deadline"), earliest, filling.zone, now)
    quorum, unread = quorum_of(click.text("quorum"))
    channel = str(filling.data["channel"])
    if asks_channel(filling):
        channel = click.text("channel")
        if not channel:
            unread.append(Problem("channel", "worksessions.problem.channel_missing"))
    problems += [*wrong, *unread]
    if problems or deadline is None:
        return filling.asker, problems, None, False
    inbox.first(db, click.team, click.key, now)
    known = {(each.starts_at, each.ends_at) for each in filling.keeps}
    fresh = [
        DateOption(world.ids("do"), slot.starts_at, slot.ends_at)
        for slot in every
        if (slot.starts_at, slot.ends_at) not in known
    ]
    poll = _save(db, world, filling, click, fresh, deadline, quorum, channel)
    worksessions.drop_form(db, click.team, filling.form_id)
    return filling.asker, [], poll, filling.poll is not None


def _save(
    db: Session,
    world: World,
    filling: Filling,
    click: Click,
    fresh: list[DateOption],
    deadline: datetime,
    quorum: int,
    channel: str,
) -> DatePoll:
    now = world.now()
    if filling.poll is not None:
        poll = changed(filling.poll, [each.id for each in filling.keeps], fresh, deadline, quorum, filling.zone)
        followup.polling.save(db, poll, now)
        owe_poll_change(db, poll, f"v{poll.version}", now)
    else:
        if filling.previous and followup.polling.open_after(db, click.team, filling.previous.id):
            raise Refused("followup.poll_exists")
        poll = DatePoll(
            id=world.ids("dp"),
            team=click.team,
            channel=channel,
            timezone=filling.zone,
            deadline=deadline,
            quorum=quorum,
            state=PollState.RUNNING,
            created_by=click.user,
            created_at=now,
            version=1,
            options=tuple(fresh),
            previous=filling.previous.id if filling.previous else None,
        )
        followup.polling.save(db, poll, now)
        follow_ups.tie(db, world, click, filling.data, Via.POLL, poll.id)
        owe_poll(db, poll, now)
    skip_late_reminder(db, poll, now)
    return poll


def _answered(filling: Filling, click: Click, now: datetime) -> tuple[list[Slot], list[Problem]]:
    """The dates that were sure, and those that the check asked for."""
    slots, problems = slots_in(filling.data), []
    for number, doubt in enumerate(doubts_in(filling.data)):
        said = click.text(f"doubt_{number}")
        if said.isascii() and said.isdigit() and int(said) < len(doubt.slots):
            slots.append(doubt.slots[int(said)])
        else:
            problems.append(Problem(f"doubt_{number}", "followup.problem.which"))
    return slots, problems


ACTIONS: dict[str, Handler] = {}
FORMS: dict[str, Handler] = {"followup.poll_check": post_poll}
COMMANDS: dict[str, Handler] = {}
