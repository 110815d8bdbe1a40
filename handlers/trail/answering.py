"""Putting a rule that obstructs or a request to an account manager, and what they answer.

Who asks never answers: only the account manager to whom it was put, or the coordinator. What is answered is told to
who asked.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow, missing
from bot.steering import without_steering
from bot.trail import NO_TRAIL, Entry, Kind, Value
from bot.trail import obstacles as rules
from bot.trail.filling import LONGEST_TEXT
from bot.trail.partial import read_partial
from handlers.delivery import Body, Render
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.themes.proposing import in_window
from handlers.trail import pages
from handlers.trail.obstacles import earlier_answers
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import follow, redraw
from handlers.views import trail_answers as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import audit, delivery, inbox, programme, trail
from storage.audit import Deed
from storage.trail import asking

Decide = Callable[[Session, Entry], Mapping[str, Value]]


async def open_route(click: Click, world: World) -> Answer:
    """Somebody wants to put it to an account manager: earlier answers are shown before anything is sent."""
    view = await world.database.read(partial(_route_form, world, click))
    return Answer(then=[pages.over(click, world, view)])


def _asked(db: Session, world: World, click: Click, entry_id: str) -> tuple[Spot, Entry]:
    """Return what a region asks. Raises Refused to who may not change it, and for what nobody answers."""
    here, found = entry_at(db, world, click, entry_id, Action.KEEP_TRAIL)
    here.allow(Action.KEEP_TRAIL, found)
    if found.kind not in rules.ANSWERABLE or here.region is None:
        raise Refused(NO_TRAIL)
    if not found.stands:
        raise Refused("trail.not_kept")
    return here, found


def _route_form(world: World, click: Click, db: Session) -> View:
    here, found = _asked(db, world, click, click.value)
    managers = asking.account_managers(db, click.team)
    earlier = earlier_answers(db, found)
    last = _today(world.now(), here.asker.settings) + rules.WITHIN
    agreed = read_partial(found.text("due"))
    by = agreed.last if agreed else last
    return views.route(here, found, managers, earlier, by, here.asker.words, below=pages.returns_to(click))


async def route(click: Click, world: World) -> Answer:
    """It was put to an account manager: they get a message, and the entry says by when an answer is expected."""

    def work(db: Session) -> tuple[Spot, list[Problem]]:
        here, found = _asked(db, world, click, metadata_of(click).get("entry", ""))
        manager, now = click.text("manager"), world.now()
        if inbox.seen(db, click.team, click.key):
            return here, []
        if manager not in asking.account_managers(db, click.team):
            return here, [Problem("manager", "trail.answers.choose")]
        by, today = read_partial(click.text("due")), _today(now, here.asker.settings)
        if found.kind is Kind.OBSTACLE and by is not None and by.last < today:
            return here, [Problem("due", "trail.answers.past")]
        inbox.first(db, click.team, click.key, now)
        values = rules.routed(found, manager, by.last if by else today + rules.WITHIN)
        trail.change(db, found, values, click.user, now)
        _owe_asked(db, trail.one(db, click.team, found.id) or found, manager, here.asker.settings, now)
        return here, []

    here, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    return await _back(click, world)


def _owe_asked(db: Session, found: Entry, manager: str, settings: Programme, now: datetime) -> None:
    """Owe the account manager the question, in working hours; who had it before reads that it went to somebody else."""
    delivery.plan(
        db,
        team=found.team,
        key=f"trail.asked:{found.id}:{manager}:{found.version}",
        kind="trail.asked",
        arguments={"id": found.id, "user": manager},
        user=manager,
        now=now,
        not_before=next_sending_time(now, settings.timezone, is_dutch_holiday),
    )


async def open_answer(click: Click, world: World) -> Answer:
    """Somebody of the national partners wants to answer."""

    def read(db: Session) -> View:
        asker, found = _to_answer(db, world, click, click.value)
        region = programme.region(db, click.team, found.region or "")
        code = found.region or ""
        return views.answer(found, region, code, asker.words, below=pages.returns_to(click))

    view = await world.database.read(read)
    return Answer(then=[pages.over(click, world, view)])


def _to_answer(db: Session, world: World, click: Click, entry_id: str) -> tuple[Asker, Entry]:
    """Return what somebody may answer. Raises Refused."""
    asker = world.asker(db, click)
    found = trail.one(db, click.team, entry_id)
    if found is None or found.kind not in rules.ANSWERABLE:
        raise missing(asker.member, Action.ANSWER_TRAIL, NO_TRAIL)
    rules.must_answer(asker.member, found)
    if click.user not in asking.account_managers(db, click.team):  # who left the list answers only as a coordinator
        allow(asker.member, Action.ANSWER_TRAIL)
    if not found.stands:
        raise Refused(NO_TRAIL)
    return asker, found


async def answer(click: Click, world: World) -> Answer:
    """An answer was given: the entry says it, and who asked hears it."""

    def work(db: Session) -> tuple[Asker, list[Problem]]:
        asker, found = _to_answer(db, world, click, metadata_of(click).get("entry", ""))
        if inbox.seen(db, click.team, click.key):
            return asker, []
        text, obstacle = click.text("answer").strip(), found.kind is Kind.OBSTACLE
        result = "answered" if obstacle else click.text("result")
        reach = click.text("reach") if obstacle else "own"
        problems = _wrong(found, text, result, reach)
        problems += check_texts(db, asker.settings, None, {"answer": text}).problems
        if not problems:
            now = world.now()
            inbox.first(db, click.team, click.key, now)
            values = rules.answered(found, text, result, reach, _today(now, asker.settings))
            trail.change(db, found, values, click.user, now)
            audit.record(db, click.team, Deed.ANSWERED, now, actor=click.user, subject=found.id)
            _tell(db, trail.one(db, click.team, found.id) or found, click.user, now)
        return asker, problems

    asker, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    return await _back(click, world)


def _wrong(found: Entry, text: str, result: str, reach: str) -> list[Problem]:
    problems = []
    if not without_steering(text).strip():
        problems.append(Problem("answer", "trail.problem.empty"))
    elif len(text) > LONGEST_TEXT:
        too_long = {"most": LONGEST_TEXT, "now": len(text)}
        problems.append(Problem("answer", "worksessions.problem.too_long", too_long))
    if result not in rules.RESULTS[found.kind]:
        problems.append(Problem("result", "trail.problem.choice"))
    if reach not in ("own", "all"):
        problems.append(Problem("reach", "trail.problem.choice"))
    return problems


async def take(click: Click, world: World) -> Answer:
    """Somebody of the national partners takes a request upon themselves; who asked hears it."""

    def work(db: Session) -> Asker:
        asker, found = _to_answer(db, world, click, click.value)
        if found.kind is not Kind.REQUEST or not rules.waits(found):
            raise Refused("trail.answers.done")
        if inbox.first(db, click.team, click.key, world.now()) and rules.standing(found) != "taken":
            trail.change(db, found, rules.taken(found, click.user), click.user, world.now())
            _tell(db, trail.one(db, click.team, found.id) or found, click.user, world.now())
        return asker

    asker = await world.write(work)
    if click.view_id:
        return Answer(then=[redraw(click, world, click.value)])
    return Answer(then=[world.whisper(click, asker.words("trail.answers.you_took"))])


def _tell(db: Session, found: Entry, by: str, now: datetime) -> None:
    """Owe who asked what became of it; who answers themselves need not be told."""
    asker = asking.asked_by(db, found)
    if not asker or asker == by or not programme.member(db, found.team, asker).takes_part:
        return
    delivery.plan(
        db,
        team=found.team,
        key=f"trail.answered:{found.id}:{asker}:{found.version}",
        kind="trail.answered",
        arguments={"id": found.id, "user": asker},
        user=asker,
        now=now,
    )


async def settle(click: Click, world: World) -> Answer:
    """A region says that a rule stands in its way no more."""
    return await _decide(click, world, click.value, lambda db, found: rules.settled(found))


async def reopen(click: Click, world: World) -> Answer:
    """A region says that the answer did not help: it waits for another one."""
    return await _decide(click, world, click.value, lambda db, found: rules.reopened(found))


async def reuse(click: Click, world: World) -> Answer:
    """An earlier answer is enough for a region: `value` is "<entry> <the entry that was answered>"."""
    entry_id, _, earlier_id = click.value.partition(" ")

    def take_over(db: Session, found: Entry) -> Mapping[str, Value]:
        earlier = next((each for each in earlier_answers(db, found) if each.id == earlier_id), None)
        if earlier is None:
            raise Refused(NO_TRAIL)
        return rules.reused(found, earlier)

    return await _decide(click, world, entry_id, take_over)


async def _decide(click: Click, world: World, entry_id: str, decide: Decide) -> Answer:
    def work(db: Session) -> Spot:
        here, found = _asked(db, world, click, entry_id)
        if found.kind is not Kind.OBSTACLE:
            raise Refused(NO_TRAIL)
        if inbox.first(db, click.team, click.key, world.now()):
            trail.change(db, found, decide(db, found), click.user, world.now())
        return here

    here = await world.write(work)
    if any(in_window(click, name) for name in views.WINDOWS):
        view = await world.database.read(partial(pages.entry, world, click, entry_id, 0, False))
        return Answer(then=[world.show(click.team, click.view_id, view), follow(click, world)])
    return Answer(then=[redraw(click, world, entry_id, here.code)])


async def _back(click: Click, world: World) -> Answer:
    """Give the window back to the entry, where it lay there; a form over a message just closes."""
    given = metadata_of(click)
    if not given.get("below"):
        return Answer()
    view = await world.database.read(partial(pages.entry, world, click, given.get("entry", ""), 0, False))
    return Answer(ack={"response_action": "update", "view": view.to_dict()}, then=[follow(click, world)])


def _today(now: datetime, settings: Programme) -> date:
    return now.astimezone(ZoneInfo(settings.timezone)).date()


# Messages


def asked(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To an account manager: the question, until it is answered or went to somebody else."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    user = str(arguments["user"])
    if found is None or not found.stands:
        return Body(*views.no_longer(words))
    if found.user("manager") != user:
        return Body(*views.elsewhere(words))
    region = programme.region(db, settings.team, found.region or "")
    return Body(*views.asked(found, region, words))


def answered(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To who asked: what became of it."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or not found.stands:
        return Body(*views.no_longer(words))
    return Body(*views.told_back(found, words))


ACTIONS = {
    "trail.route": open_route,
    "trail.answer": open_answer,
    "trail.take": take,
    "trail.settle": settle,
    "trail.reopen": reopen,
    "trail.reuse": reuse,
}
FORMS = {"trail.route": route, "trail.answer": answer}
MESSAGES: dict[str, Render] = {"trail.asked": asked, "trail.answered": answered}
