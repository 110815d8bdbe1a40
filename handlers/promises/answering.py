"""The owner answers: yes, yes in other words, by when, or not theirs; and which words hold after a change."""

from datetime import date
from functools import partial

from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow, may
from bot.promises import (
    Candidate,
    Capacity,
    State,
    accept,
    anchor_anew,
    ask_anew,
    change,
    check_due,
    check_own_words,
    decline,
    every_sentence,
    set_due,
)
from handlers import privacy
from handlers.promises.asking import owe_question
from handlers.promises.days import read_day
from handlers.promises.recording import Found, find, in_group, owe_person, record, those_who_asked
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import promises as views
from handlers.world import Asker, World
from storage import inbox


async def say_yes(click: Click, world: World) -> Answer:
    """The owner stands for it."""

    def save(db: Session) -> None:
        found = _asked(db, world, click, click.value)
        after = accept(found.promise, world.now())
        if inbox.first(db, click.team, click.key, world.now()):
            record(db, world, found.asker.settings, found.promise, after, click.user, Capacity.OWNER)

    await world.write(save)
    return Answer()


async def say_no(click: Click, world: World) -> Answer:
    """It is not theirs: their name is published nowhere, and who asked is told."""

    def save(db: Session) -> None:
        found = _asked(db, world, click, click.value)
        after = decline(found.promise, world.now())
        if not inbox.first(db, click.team, click.key, world.now()) or after == found.promise:
            return
        record(db, world, found.asker.settings, found.promise, after, click.user, Capacity.OWNER)
        for user in those_who_asked(db, found.session, found.impression, after):
            owe_person(
                db, world, found.asker.settings, found.session,
                key=f"promises.declined:{after.id}:{user}:{after.version}", kind="promises.declined",
                arguments={"id": after.id, "user": user}, user=user,
            )  # fmt: skip

    await world.write(save)
    return Answer()


async def choose_day(click: Click, world: World) -> Answer:
    """The owner picks the day on which it is ready."""

    def save(db: Session) -> None:
        found = _asked(db, world, click, click.argument)
        due, problems = check_due(click.value, _today(world, found), required=True)
        if due is None:
            raise Refused(problems[0].key)
        after = set_due(found.promise, due, world.now())
        if inbox.first(db, click.team, click.key, world.now()):
            record(db, world, found.asker.settings, found.promise, after, click.user, Capacity.OWNER)

    await world.write(save)
    return Answer()


async def open_change(click: Click, world: World) -> Answer:
    """The owner wants to put it in their own words, or on another day."""

    def look(db: Session) -> Found:
        found = _asked(db, world, click, click.value)
        if not found.promise.stands and found.promise.state not in (State.OFFERED, State.DECLINED):
            raise Refused("promises.over")
        return found

    found = await world.database.read(look)
    return Answer(then=[world.open(click, views.change_form(found.told, found.asker.words))])


async def save_change(click: Click, world: World) -> Answer:
    """The form was handed in: what the owner says in it is a yes."""
    asker, problems = await world.write(partial(_save_change, click, world))
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _save_change(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem]]:
    found = _asked(db, world, click, metadata_of(click).get("promise", ""))
    asker, promise = found.asker, found.promise
    if inbox.seen(db, click.team, click.key):
        return asker, []
    own_words, problems = check_own_words(click.text("own_words"))
    screened = privacy.check_texts(db, asker.settings, found.session.id, {"own_words": own_words})
    problems = [*problems, *screened.problems]
    if not own_words and not found.told.sentence:
        problems.append(Problem("own_words", "promises.problem.no_words"))
    due, wrong = read_day(click, asker, world.now(), promise.due)
    problems += wrong
    if problems:
        return asker, problems
    after = change(promise, screened.texts["own_words"], due, world.now())
    inbox.first(db, click.team, click.key, world.now())
    record(db, world, asker.settings, promise, after, click.user, Capacity.OWNER)
    return asker, []


async def open_sentence(click: Click, world: World) -> Answer:
    """The sentence of a promise is gone from the note: somebody wants to say which words it has now."""

    def look(db: Session) -> tuple[Found, list[Candidate]]:
        found = _lost(db, world, click, click.value)
        return found, _choices(found)

    found, choices = await world.database.read(look)
    return Answer(then=[world.open(click, views.sentence_form(found.told, choices, found.asker.words))])


async def save_sentence(click: Click, world: World) -> Answer:
    """The owner's own choice stands; when somebody else chose, the owner is asked whether that is theirs."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        found = _lost(db, world, click, metadata_of(click).get("promise", ""))
        chosen = next((each for each in _choices(found) if views.value_of(each) == click.text("sentence")), None)
        if chosen is None:
            return found.asker, [Problem("sentence", "promises.problem.sentence_gone")]
        if not inbox.first(db, click.team, click.key, world.now()):
            return found.asker, []
        after = anchor_anew(found.promise, chosen) if found.is_owner else ask_anew(found.promise, chosen)
        record(db, world, found.asker.settings, found.promise, after, click.user, found.capacity)
        if after.waits:
            owe_question(db, world, found.asker, found.session, after)
        return found.asker, []

    asker, problems = await world.write(save)
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _choices(found: Found) -> list[Candidate]:
    choices = every_sentence(found.impression)[: views.MOST_OPTIONS]
    if not choices:
        raise Refused("promises.gone")
    return choices


def _asked(db: Session, world: World, click: Click, promise_id: str) -> Found:
    found = find(db, world, click, promise_id, Action.ANSWER_PROMISE)
    allow(found.asker.member, Action.ANSWER_PROMISE, found.as_owner)
    return found


def _lost(db: Session, world: World, click: Click, promise_id: str) -> Found:
    found = find(db, world, click, promise_id, Action.ASK_PROMISE)
    if not may(found.asker.member, Action.ANSWER_PROMISE, found.as_owner):
        allow(found.asker.member, Action.ASK_PROMISE, in_group(found.group, found.impression, click.user))
    if not found.promise.lost or not found.promise.stands:
        raise Refused("promises.found_again")
    return found


def _today(world: World, found: Found) -> date:
    return world.now().astimezone(found.asker.words.zone).date()
