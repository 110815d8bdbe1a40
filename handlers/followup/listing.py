"""Dates on the Home: the polls that wait for somebody's answer, and for the coordinator polls and series that run."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.followup import DatePoll, PollState, asked
from bot.programme import Action, may
from bot.trail.follow_ups import Via
from handlers.followup.polling import people_of
from handlers.followup.repeating import coming
from handlers.trail import follow_ups
from handlers.views import followup_poll as poll_views
from handlers.views import followup_series as series_views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from storage import followup, programme

Draw = Callable[[Words], list[Block]]


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return the polls in which this person still has a date to answer, or, as coordinator, one to choose."""
    member = programme.member(db, team, user)
    found = []
    for poll in followup.polling.in_state(db, team, (PollState.RUNNING, PollState.ENDED)):
        if poll.state is PollState.ENDED:
            if may(member, Action.RUN_DATE_POLL):
                found.append(Waiting(Urgency.ASKED, _desk(db, poll), poll.deadline))
            continue
        said = followup.polling.said_by(db, poll, user)
        answered = sum(1 for option in poll.standing if option.id in said)
        named = follow_ups.expected(db, team, Via.POLL, poll.id)
        if asked(poll, [member], named) and answered < len(poll.standing) and now < poll.deadline:
            found.append(Waiting(Urgency.POLL, partial(_line, poll, answered), poll.deadline))
    return found


def running(db: Session, team: str, now: datetime) -> list[Draw]:
    """Return what a coordinator sees of polls that people answer and of series that go on; each draws its blocks."""
    polls = [_desk(db, poll) for poll in followup.polling.in_state(db, team, (PollState.RUNNING,))]
    every = [
        partial(series_views.home_desk, series, coming(db, series, now)) for series in followup.series.running(db, team)
    ]
    return [*polls, *every]


def _line(poll: DatePoll, answered: int, words: Words) -> list[Block]:
    return poll_views.home_line(poll, answered, words.in_zone(poll.timezone))


def _desk(db: Session, poll: DatePoll) -> Draw:
    people = people_of(db, poll)
    heard = {each.user for each in followup.polling.said(db, poll)} & {one.user for one in people}

    def draw(words: Words) -> list[Block]:
        return poll_views.home_desk(poll, len(heard), len(people), words.in_zone(poll.timezone))

    return draw
