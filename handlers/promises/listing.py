"""Where promises wait for somebody: on the Home, on the coordinator's board, and in the list of `/oogst beloftes`."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.calendar import at_clock
from bot.programme import Action, may
from bot.promises import CLOCK, Promise, Told, is_overdue
from bot.worksessions import WorkSession
from handlers.routing import Answer, Click
from handlers.views import promises_home as views
from handlers.waiting import Gap, Urgency, Waiting
from handlers.world import Asker, World
from storage import programme, promises, worksessions


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return what somebody is asked to stand for, and what they promised and did not finish."""
    settings = programme.programme(db, team)
    if settings is None:
        return []
    found = []
    for told in promises.told(db, _open(promises.of_owner(db, team, user))):
        promise = told.promise
        if not told.words:
            continue
        if promise.waits:
            found.append(Waiting(Urgency.ASKED, partial(views.asked, told), promise.asked_at))
        else:
            due = at_clock(promise.due, CLOCK, settings.timezone) if promise.due else None
            found.append(Waiting(Urgency.PROMISED, partial(views.promised, told), due))
    return found


def gaps(db: Session, team: str, sessions: Sequence[WorkSession], now: datetime) -> list[Gap]:
    """Return who did not answer whether an offer is theirs, and whose day has passed without a word."""
    settings = programme.programme(db, team)
    wanted = {session.id for session in sessions if not session.is_practice}
    if settings is None or not wanted:
        return []
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    mine = [each for each in promises.unfinished(db, team) if each.work_session in wanted]
    found = []
    for told in promises.told(db, [each for each in mine if each.waits or is_overdue(each, today)]):
        if told.words:
            found.append(_gap(told))
    return found


def _gap(told: Told) -> Gap:
    promise = told.promise
    if promise.waits:
        what, kind, line = "promise_asked", "promises.ask", partial(views.unanswered_gap, told)
    else:
        what, kind, line = "promise_due", "promises.reminder", partial(views.overdue_gap, told)
    arguments = {"id": promise.id} if promise.waits else {"id": promise.id, "due": str(promise.due)}
    return Gap(what, promise.id, promise.work_session, told.group_number, (promise.owner,), kind, line, arguments)


async def show_list(click: Click, world: World) -> Answer:
    """Somebody wants to see what they promised, and a coordinator what everybody did."""

    def look(db: Session) -> tuple[Asker, list[Told], list[Told]]:
        asker = world.asker(db, click)
        mine = promises.told(db, _open(promises.of_owner(db, click.team, click.user)))
        others: list[Told] = []
        if may(asker.member, Action.SEE_PROMISES):
            open_ = [each for each in promises.unfinished(db, click.team) if not _is_practice(db, each)]
            others = promises.told(db, open_)
        return asker, [each for each in mine if each.words], [each for each in others if each.words]

    asker, mine, others = await world.database.read(look)
    today = world.now().astimezone(asker.words.zone).date()
    coordinates = may(asker.member, Action.SEE_PROMISES)
    text, blocks = views.own_list(mine, others, today, asker.words, coordinates=coordinates)
    return Answer(then=[world.whisper(click, text, blocks)])


def _open(found: Sequence[Promise]) -> list[Promise]:
    return [each for each in found if each.waits or each.stands]


def _is_practice(db: Session, promise: Promise) -> bool:
    session = worksessions.one(db, promise.team, promise.work_session)
    return session is None or session.is_practice
