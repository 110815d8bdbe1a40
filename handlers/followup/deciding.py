"""The coordinator decides about a poll: this date, another one, longer, or none at all."""

from dataclasses import replace
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.followup import Answer as Rsvp
from bot.followup import (
    Availability,
    DatePoll,
    Given,
    cancelled,
    chosen,
    deadline_of,
    deadline_proposal,
    extended,
    still_open,
)
from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.trail.follow_ups import Via
from bot.worksessions import Plan, WorkSession
from handlers.followup.filling import poll_for
from handlers.followup.inviting import keep_answer, set_next
from handlers.followup.owing import owe
from handlers.followup.polling import owe_poll_change, ranked_dates, result_blocks, skip_late_reminder
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.trail import follow_ups
from handlers.views import followup_form as form_views
from handlers.views import followup_poll as views
from handlers.world import Asker, World
from storage import followup, inbox, programme, worksessions
from storage.trail.follow_ups import hand_on


async def choose_date(click: Click, world: World) -> Answer:
    """The coordinator takes the date that the result puts on top."""
    await world.write(partial(_choose, click, world, click.value))
    if not click.in_form:
        return Answer()

    def look(db: Session) -> View:
        asker, poll = world.asker(db, click), followup.polling.of_option(db, click.team, click.value)
        assert poll is not None  # else `_choose` had refused
        return views.result_window(result_blocks(db, asker.settings, poll, asker.words)[1], asker.words)

    return Answer(then=[world.show(click.team, click.view_id, await world.database.read(look))])


async def pick_date(click: Click, world: World) -> Answer:
    """The coordinator takes another date than the best."""

    def save(db: Session) -> None:
        poll = _poll(click, world, db, metadata_of(click).get("poll", ""))
        if click.text("option") and poll.option(click.text("option")) is None:
            raise Refused("followup.poll_gone")
        _choose(click, world, click.text("option"), db)

    await world.write(save)
    return Answer(ack={"response_action": "clear"})


def _choose(click: Click, world: World, option_id: str, db: Session) -> None:
    """The date becomes the session by the way that every date goes, and a yes to it is a yes to the session."""
    if inbox.seen(db, click.team, click.key):
        return
    asker, now = world.asker(db, click), world.now()
    allow(asker.member, Action.RUN_DATE_POLL)
    found = followup.polling.of_option(db, click.team, option_id)
    if found is None:
        raise Refused("followup.poll_gone")
    poll, option = chosen(found, option_id, now)
    inbox.first(db, click.team, click.key, now)
    previous = worksessions.one(db, click.team, poll.previous) if poll.previous else None
    words = world.channel_words(asker.settings).in_zone(poll.timezone)
    named = follow_ups.title_for(db, click.team, Via.POLL, poll.id)
    title = named or words("worksessions.default_title", day=words.day(option.starts_at))
    plan = Plan(title, poll.channel, option.starts_at, option.ends_at, poll.regions)
    settings = replace(asker.settings, timezone=poll.timezone)
    session = set_next(db, world, settings, click.user, previous, plan)
    hand_on(db, click.team, (Via.POLL, poll.id), session.id, click.user, now)
    followup.polling.save(db, poll, now)
    owe_poll_change(db, poll, "chosen", now)
    _carry_over(db, world, poll, option_id, session)


def _carry_over(db: Session, world: World, poll: DatePoll, option_id: str, session: WorkSession) -> None:
    """Whoever said yes to the date comes, gets the file, and reads so, with the button to say that they cannot."""
    now = world.now()
    here = {member.user for member in programme.members(db, poll.team) if member.takes_part}
    for each in followup.polling.said(db, poll):
        if each.option == option_id and each.availability is Availability.YES and each.user in here:
            key = f"followup.carried:{session.id}:{poll.id}:{each.user}"
            arguments = {"id": session.id, "user": each.user}
            owe(
                db,
                session,
                "followup.carried",
                key,
                now,
                user=each.user,
                arguments=arguments,
                not_after=session.starts_at,
            )
            keep_answer(db, session, each.user, Given(Rsvp.YES, now))


async def show_result(click: Click, world: World) -> Answer:
    """The coordinator wants to see how a poll stands."""

    def look(db: Session) -> View:
        poll = _poll(click, world, db, click.value)
        asker = world.asker(db, click)
        _, blocks = result_blocks(db, asker.settings, poll, asker.words)
        return views.result_window(blocks, asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def open_pick(click: Click, world: World) -> Answer:
    """The coordinator wants to choose from all dates."""

    def look(db: Session) -> View:
        poll = _poll(click, world, db, click.value)
        still_open(poll)
        words = world.asker(db, click).words.in_zone(poll.timezone)
        return form_views.pick_form(poll, [each.option for each in ranked_dates(db, poll)], words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def open_extend(click: Click, world: World) -> Answer:
    """The coordinator wants to give people more time."""

    def look(db: Session) -> View:
        poll = _poll(click, world, db, click.value)
        still_open(poll)
        words = world.asker(db, click).words.in_zone(poll.timezone)
        now = world.now()
        later = deadline_proposal(max(now, poll.deadline), poll.timezone, is_dutch_holiday)
        return form_views.extend_form(poll, later, words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def extend(click: Click, world: World) -> Answer:
    """Another deadline was handed in; a poll that had ended goes on."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        poll = _poll(click, world, db, metadata_of(click).get("poll", ""))
        asker = world.asker(db, click)
        if inbox.seen(db, click.team, click.key):
            return asker, []
        _same_version(click, poll)
        now = world.now()
        earliest = min((each.starts_at for each in poll.standing), default=now)
        deadline, problems = deadline_of(
            click.text("deadline_day"), click.text("deadline"), earliest, poll.timezone, now
        )
        if deadline is not None:
            inbox.first(db, click.team, click.key, now)
            after = extended(poll, deadline)
            followup.polling.save(db, after, now)
            skip_late_reminder(db, after, now)
            owe_poll_change(db, after, f"v{after.version}", now)
        return asker, problems

    asker, problems = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    return Answer(ack={"response_action": "clear"})


async def open_stop(click: Click, world: World) -> Answer:
    """The coordinator wants to stop a poll without a date."""

    def look(db: Session) -> View:
        poll = _poll(click, world, db, click.value)
        still_open(poll)
        answered = len({each.user for each in followup.polling.said(db, poll)})
        return form_views.stop_form(poll, answered, world.asker(db, click).words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def stop(click: Click, world: World) -> Answer:
    """Nobody is asked any more."""

    def save(db: Session) -> None:
        poll = _poll(click, world, db, metadata_of(click).get("poll", ""))
        if not inbox.seen(db, click.team, click.key):
            _same_version(click, poll)
            after, now = cancelled(poll), world.now()
            inbox.first(db, click.team, click.key, now)
            followup.polling.save(db, after, now)
            owe_poll_change(db, after, "cancelled", now)

    await world.write(save)
    return Answer(ack={"response_action": "clear"})


def _poll(click: Click, world: World, db: Session, poll_id: str) -> DatePoll:
    allow(world.asker(db, click).member, Action.RUN_DATE_POLL)
    return poll_for(db, click.team, poll_id)


def _same_version(click: Click, poll: DatePoll) -> None:
    """Raise Refused when somebody else changed the poll after this form was opened."""
    still_open(poll)
    if metadata_of(click).get("version") != str(poll.version):
        raise Refused("followup.poll_changed_since")


ACTIONS: dict[str, Handler] = {
    "followup.poll_choose": choose_date,
    "followup.poll_show": show_result,
    "followup.poll_other": open_pick,
    "followup.poll_extend": open_extend,
    "followup.poll_stop": open_stop,
}
FORMS: dict[str, Handler] = {
    "followup.poll_pick": pick_date,
    "followup.poll_extend": extend,
    "followup.poll_stop": stop,
}
COMMANDS: dict[str, Handler] = {}
