"""People say per date whether they can come: one tap each, or all dates in one small form."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.followup import Availability, DatePoll, all_answered, vote
from bot.problem import Refused
from bot.programme import Action, allow
from handlers.followup.filling import poll_for
from handlers.followup.polling import owe_result, people_of
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.views import followup_form as form_views
from handlers.views import followup_poll as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import followup, inbox, timetable


async def give_vote(click: Click, world: World) -> Answer:
    """Somebody taps what they say to one date; the last answer counts."""

    def save(db: Session) -> tuple[Asker, DatePoll] | None:
        now = world.now()
        if inbox.seen(db, click.team, click.key):
            return None
        asker = world.asker(db, click)
        allow(asker.member, Action.ANSWER_DATE_POLL)
        poll = followup.polling.of_option(db, click.team, click.value)
        if poll is None:
            raise Refused("followup.poll_gone")
        said = vote(poll, click.value, click.argument, now)
        inbox.first(db, click.team, click.key, now)
        followup.polling.save_answer(db, poll, click.value, click.user, said, now)
        _tell_when_complete(db, world, poll, click.user)
        return asker, poll

    found = await world.write(save)
    if found is None:
        return Answer()
    return await _noted(click, world, *found)


async def open_all(click: Click, world: World) -> Answer:
    """Somebody wants to answer all dates at once."""

    def look(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.ANSWER_DATE_POLL)
        poll = poll_for(db, click.team, click.value)
        for option in poll.standing[:1]:
            vote(poll, option.id, Availability.NO, world.now())  # a poll that is over says so before anything is typed
        words = asker.words.in_zone(poll.timezone)
        own = {option: said.value for option, said in followup.polling.said_by(db, poll, click.user).items()}
        beside = {each.id: views.beside(each, poll, asker.member.timezone, words) for each in poll.standing}
        return form_views.answers_form(poll, own, beside, words)

    return Answer(then=[world.open(click, await world.database.read(look))])


async def hand_in_all(click: Click, world: World) -> Answer:
    """All answers at once; a date that was left empty keeps what was said before."""

    def save(db: Session) -> DatePoll:
        now = world.now()
        asker = world.asker(db, click)
        allow(asker.member, Action.ANSWER_DATE_POLL)
        poll = poll_for(db, click.team, metadata_of(click).get("poll", ""))
        given = {each.id: word for each in poll.options if (word := click.text(f"say:{each.id}"))}
        said = {option: vote(poll, option, word, now) for option, word in given.items()}
        if inbox.first(db, click.team, click.key, now):
            for option, availability in said.items():
                followup.polling.save_answer(db, poll, option, click.user, availability, now)
            _tell_when_complete(db, world, poll, click.user)
        return poll

    poll = await world.write(save)
    world.repaint(click.team, "followup.poll", poll.id)
    return Answer()


def _tell_when_complete(db: Session, world: World, poll: DatePoll, user: str) -> None:
    """Once everybody who was asked said something to every date, the coordinator need not wait; once per version.

    In a rush only the answer that completes somebody's own can make it so; the others cost nothing more.
    """
    own = followup.polling.said_by(db, poll, user)
    if any(option.id not in own for option in poll.standing):
        return
    if all_answered(poll, people_of(db, poll), followup.polling.said(db, poll)):
        now = world.now()
        if timetable.take(db, poll.team, f"followup.poll_all:{poll.id}", f"v{poll.version}", now, now):
            owe_result(db, poll, now)


async def _noted(click: Click, world: World, asker: Asker, poll: DatePoll) -> Answer:
    world.repaint(click.team, "followup.poll", poll.id)
    own = await world.database.read(partial(followup.polling.said_by, poll=poll, user=click.user))
    words: Words = asker.words.in_zone(poll.timezone)
    return Answer(then=[world.whisper(click, *views.own_answers(poll, own, asker.member.timezone, words))])


ACTIONS: dict[str, Handler] = {"followup.vote": give_vote, "followup.vote_all": open_all}
FORMS: dict[str, Handler] = {"followup.vote_all": hand_in_all}
COMMANDS: dict[str, Handler] = {}
