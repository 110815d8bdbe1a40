"""A date poll in its thread: what everybody reads, the reminder to the silent, and the result for the coordinator."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.followup import (
    DatePoll,
    PollState,
    Result,
    Slot,
    asked,
    ended,
    poll_reminder_at,
    ranking,
    silent,
)
from bot.programme import Action, Member, Programme, may
from bot.trail.follow_ups import Via
from handlers.delivery import Body, Render
from handlers.followup.cautioning import hours_like, warned
from handlers.trail import follow_ups
from handlers.views import followup_poll as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, followup, harvest, nudges, programme, timetable, worksessions


def owe_poll(db: Session, poll: DatePoll, now: datetime) -> None:
    """Owe the poll to the thread of the article after whose session it comes, or to the channel."""
    article = harvest.of_session(db, poll.team, poll.previous) if poll.previous else None
    thread = f"harvest.article:{article.id}" if article else ""
    before = worksessions.one(db, poll.team, poll.previous) if poll.previous else None
    there = before is not None and before.channel == poll.channel
    posted = thread and there and delivery.parcel(db, poll.team, thread) is not None
    delivery.plan(
        db,
        team=poll.team,
        key=f"followup.poll:{poll.id}",
        kind="followup.poll",
        arguments={"id": poll.id},
        channel=poll.channel,
        thread_key=thread if posted else None,
        now=now,
    )


def owe_poll_change(db: Session, poll: DatePoll, why: str, now: datetime) -> None:
    """Owe the poll as it is now, and every result that a coordinator was sent."""
    delivery.plan_change(db, team=poll.team, of=f"followup.poll:{poll.id}", why=why, now=now)
    for _, key in _results(db, poll):
        delivery.plan_change(db, team=poll.team, of=key, why=why, now=now)


def owe_result(db: Session, poll: DatePoll, now: datetime) -> None:
    """Owe the coordinator who made the poll what it says, or every coordinator where that one is none any more."""
    maker = programme.member(db, poll.team, poll.created_by)
    people = [maker] if maker.coordinates and maker.takes_part else programme.coordinators(db, poll.team)
    for person in people:
        number = sum(1 for user, _ in _results(db, poll) if user == person.user)
        delivery.plan(
            db,
            team=poll.team,
            key=f"followup.poll_result:{poll.id}:{person.user}:{number}",
            kind="followup.poll_result",
            arguments={"id": poll.id, "user": person.user},
            user=person.user,
            now=now,
        )


def _results(db: Session, poll: DatePoll) -> Iterator[tuple[str, str]]:
    """Who was sent the result of a poll, and under which keys."""
    for user in delivery.receivers(db, poll.team, "followup.poll_result", poll.id):
        number = 0
        while delivery.parcel(db, poll.team, key := f"followup.poll_result:{poll.id}:{user}:{number}") is not None:
            yield user, key
            number += 1


def skip_late_reminder(db: Session, poll: DatePoll, now: datetime) -> None:
    """A deadline so near that its reminder would come at once gets none: the poll itself is one."""
    at = poll_reminder_at(poll, is_dutch_holiday)
    if at <= now:
        timetable.take(db, poll.team, _rule(poll), _period(poll), at, now, "skipped")


async def tick(world: World, now: datetime) -> None:
    """Remind the silent once before the deadline; at the deadline the coordinator gets the result."""
    for team, poll_id in await world.database.read(partial(_due, now=now)):
        await world.write(partial(_turn, team, poll_id, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return the next deadline, or the next reminder."""
    return min((at for _, at in _moments(db)), default=None)


def _due(db: Session, now: datetime) -> list[tuple[str, str]]:
    return list(dict.fromkeys((poll.team, poll.id) for poll, at in _moments(db) if at <= now))


def _moments(db: Session) -> Iterator[tuple[DatePoll, datetime]]:
    for settings in programme.programmes(db):
        for poll in followup.polling.in_state(db, settings.team, (PollState.RUNNING,)):
            yield poll, poll.deadline
            if not timetable.taken(db, settings.team, _rule(poll), _period(poll)):
                yield poll, poll_reminder_at(poll, is_dutch_holiday)


def _turn(team: str, poll_id: str, now: datetime, db: Session) -> None:
    poll = followup.polling.one(db, team, poll_id)
    if poll is None or poll.state is not PollState.RUNNING:
        return
    if poll.deadline <= now:
        after = ended(poll)
        followup.polling.save(db, after, now)
        why = f"ended:{poll.deadline.isoformat()}"
        owe_poll_change(db, after, why, now)
        owe_result(db, after, now)
        return
    at = poll_reminder_at(poll, is_dutch_holiday)
    if at <= now and timetable.take(db, team, _rule(poll), _period(poll), at, now):
        for member in silent(people_of(db, poll), followup.polling.said(db, poll)):
            nudges.plan_nudge(
                db,
                team=team,
                key=f"followup.poll_reminder:{poll.id}:{_period(poll)}:{member.user}",
                kind="followup.poll_reminder",
                arguments={"id": poll.id, "user": member.user},
                user=member.user,
                zone=poll.timezone,
                now=now,
                not_after=poll.deadline,
            )


def poll_post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The poll as everybody reads it, with how many said what."""
    poll = followup.polling.one(db, settings.team, str(arguments["id"]))
    if poll is None:
        return None
    words = words.in_zone(poll.timezone)
    text, blocks = views.poll_post(poll, followup.polling.counts(db, poll), words)
    told = follow_ups.told(db, settings, Via.POLL, poll.id, poll.channel, words)
    return Body(text, [blocks[0], *told, *blocks[1:]])


def reminder(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Remind one person of a poll, unless they answered since or it is over."""
    poll = followup.polling.one(db, settings.team, str(arguments["id"]))
    if poll is None or poll.state is not PollState.RUNNING:
        return None
    said = followup.polling.said_by(db, poll, str(arguments["user"]))
    if any(option.id in said for option in poll.standing):
        return None
    at = delivery.sent(db, settings.team, f"followup.poll:{poll.id}")
    return Body(*views.reminder(poll, delivery.link(*at) if at else None, words.in_zone(poll.timezone)))


def result(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """What a poll says, for a coordinator; nothing for who is none any more."""
    poll = followup.polling.one(db, settings.team, str(arguments["id"]))
    if poll is None or not may(programme.member(db, settings.team, str(arguments["user"])), Action.RUN_DATE_POLL):
        return None
    return Body(*result_blocks(db, settings, poll, words))


def result_blocks(db: Session, settings: Programme, poll: DatePoll, words: Words) -> tuple[str, list[Any]]:
    """The result of a poll with its buttons: a text and blocks."""
    said, people = followup.polling.said(db, poll), people_of(db, poll)
    ranked = ranked_dates(db, poll)
    names = {region.id: region.name for region in programme.regions(db, poll.team)}
    previous = worksessions.one(db, poll.team, poll.previous) if poll.previous else None
    known = {
        each.option.id: warned(
            db,
            poll.team,
            Slot(each.option.starts_at, each.option.ends_at),
            poll.timezone,
            hours_like(previous),
            poll.regions,
            poll.created_at,
        )
        for each in ranked
    }
    heard = len({each.user for each in said} & {one.user for one in people})
    words = words.in_zone(poll.timezone)
    return views.result(poll, ranked, names, known, heard, len(people), words)


def people_of(db: Session, poll: DatePoll) -> list[Member]:
    """Return who is asked when they can come: the people of its regions, and who has a role in what it is for."""
    return asked(poll, programme.members(db, poll.team), follow_ups.expected(db, poll.team, Via.POLL, poll.id))


def ranked_dates(db: Session, poll: DatePoll) -> list[Result]:
    """Return what the poll says of each date, the best first."""
    members = programme.members(db, poll.team)
    present = {member.region for member in asked(poll, members)}
    regions = [region.id for region in programme.regions(db, poll.team)]
    taking_part = [each for each in regions if each in (poll.regions or present)]
    return ranking(poll, followup.polling.said(db, poll), members, taking_part)


def _rule(poll: DatePoll) -> str:
    return f"followup.poll_reminder:{poll.id}"


def _period(poll: DatePoll) -> str:
    return poll.deadline.isoformat()


MESSAGES: dict[str, Render] = {
    "followup.poll": poll_post,
    "followup.poll_reminder": reminder,
    "followup.poll_result": result,
}
