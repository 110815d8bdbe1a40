"""From an offer to a question: who shared an impression, or the coordinator, says who offers what."""

from collections.abc import Sequence
from functools import partial

from sqlmodel import Session

from bot.impressions import Impression
from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.promises import (
    Candidate,
    Capacity,
    Promise,
    accept,
    candidates,
    every_sentence,
    fingerprint,
    given_up,
    make_next_step,
    take_back,
    taken,
)
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.harvest import drafting
from handlers.programme import get_to_know
from handlers.promises.days import read_day
from handlers.promises.recording import find, in_group, owe_person, place_of, record
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import promises as views
from handlers.views.frame import escaped, notice
from handlers.world import Asker, World
from storage import delivery, impressions, inbox, programme, promises, worksessions
from storage import harvest as articles


async def open_choose(click: Click, world: World) -> Answer:
    """Somebody wants to say who offers what in an impression; the value may name a declined promise behind it."""
    impression_id, _, _ = click.value.partition(" ")

    def look(db: Session) -> tuple[Asker, list[Candidate]]:
        asker, _, _, impression = _noted(db, world, click, impression_id)
        found = _free(db, impression, candidates(impression)) or _free(db, impression, every_sentence(impression))
        if not found:
            raise Refused("promises.all_asked")
        return asker, found

    asker, found = await world.database.read(look)
    return Answer(then=[world.open(click, views.choose_form(found, {}, asker.words, metadata={}))])


async def open_assign(click: Click, world: World) -> Answer:
    """The coordinator wants to say who offers what, from the draft with the impressions of all groups."""

    def look(db: Session) -> tuple[Asker, list[Candidate], dict[str, int]]:
        asker = world.asker(db, click)
        article = drafting.article_for(db, click.team, click.value, asker, Action.ASK_PROMISE)
        session = worksessions.one(db, click.team, article.work_session)
        assert session is not None
        told = [(one.group.number, i) for one in articles.contributions(db, session) for i in one.impressions]
        found = [each for _, i in told for each in _free(db, i, candidates(i))]
        if not found:
            raise Refused("promises.nothing_to_assign")
        return asker, found, {i.id: number for number, i in told}

    asker, found, groups = await world.database.read(look)
    return Answer(then=[world.open(click, views.choose_form(found, groups, asker.words, metadata={}))])


async def ask(click: Click, world: World) -> Answer:
    """The form was handed in: the promise is noted, its owner is asked, and nothing carries their name until a yes."""
    owner = click.text("owner")
    # whoever Slack does not know either is refused below, with a sentence
    await get_to_know(world, click.team, owner, lambda db: _noted(db, world, click, _chosen(click)))
    asker, problems, name = await world.write(partial(_ask, click, world))
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    view = notice(asker.words("promises.asked", name=escaped(name)), asker.words)
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _ask(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem], str]:
    chosen = click.text("sentence") or metadata_of(click).get("sentence", "")
    asker, session, group, impression = _noted(db, world, click, _chosen(click))
    owner = programme.member(db, click.team, click.text("owner"))
    if inbox.seen(db, click.team, click.key):
        return asker, [], owner.name
    now = world.now()
    due, problems = read_day(click, asker, now)
    at = next((each for each in every_sentence(impression) if views.value_of(each) == chosen), None)
    known = promises.of_impression(db, click.team, impression.id)
    if at is None:
        problems.append(Problem("sentence", "promises.problem.sentence_gone"))
    elif (other := taken(at.place, known)) is not None:
        name = programme.member(db, click.team, other.owner).name
        problems.append(Problem("sentence", "promises.problem.taken", {"name": name}))
    if not owner.takes_part or owner.user == asker.settings.bot_user:
        problems.append(Problem("owner", "promises.problem.unreachable"))
    elif session.is_practice and owner.user != session.created_by:
        problems.append(Problem("owner", "promises.problem.practice"))
    if problems or at is None:
        return asker, problems, owner.name
    inbox.first(db, click.team, click.key, now)
    capacity = _capacity(group, impression, click.user)
    for declined in given_up(at.place, known):
        record(db, world, asker.settings, declined, take_back(declined, now), click.user, capacity)
    promises.set_next_step(db, impression, click.user, now, on=False)
    new = Promise(
        world.ids("po"), click.team, session.id, group.id, impression.id, at.place, fingerprint(at.text),
        owner.user, click.user, now, due=due,
    )  # fmt: skip
    record(db, world, asker.settings, None, new, click.user, capacity)
    if owner.user == click.user:  # who says so about themselves has said yes
        record(db, world, asker.settings, new, accept(new, now), click.user, Capacity.OWNER)
    owe_question(db, world, asker, session, new)
    return asker, [], owner.name


def owe_question(db: Session, world: World, asker: Asker, session: WorkSession, promise: Promise) -> None:
    """Owe the owner the question, once for each time that they are asked."""
    again = f":again:{promise.version}" if promise.version > 1 else ""
    owe_person(
        db, world, asker.settings, session,
        key=f"promises.ask:{promise.id}{again}", kind="promises.ask", arguments={"id": promise.id}, user=promise.owner,
    )  # fmt: skip


async def say_next_step(click: Click, world: World) -> Answer:
    """Nobody needs to be asked: what stands there is a next step of the group."""

    def save(db: Session) -> Asker:
        asker, _, _, impression = _noted(db, world, click, click.value)
        if inbox.first(db, click.team, click.key, world.now()):
            promises.set_next_step(db, impression, click.user, world.now(), on=True)
            _repaint_shared(db, world, impression, click)
        return asker

    asker = await world.write(save)
    return _told(click, world, asker, "promises.is_next_step")


async def withdraw_question(click: Click, world: World) -> Answer:
    """Who asked takes the question back, before it was answered."""

    def save(db: Session) -> Asker:
        found = find(db, world, click, click.value, Action.ASK_PROMISE)
        allow(found.asker.member, Action.ASK_PROMISE, in_group(found.group, found.impression, click.user))
        after = take_back(found.promise, world.now())
        if inbox.first(db, click.team, click.key, world.now()):
            capacity = _capacity(found.group, found.impression, click.user)
            record(db, world, found.asker.settings, found.promise, after, click.user, capacity)
        return found.asker

    asker = await world.write(save)
    return _told(click, world, asker, "promises.taken_back")


async def release(click: Click, world: World) -> Answer:
    """After a no: nobody else is asked, the sentence goes on as a next step without a name."""

    def save(db: Session) -> Asker:
        found = find(db, world, click, click.value, Action.ASK_PROMISE)
        allow(found.asker.member, Action.ASK_PROMISE, in_group(found.group, found.impression, click.user))
        now = world.now()
        after = make_next_step(found.promise, found.told.sentence, found.told.owner_name, now)
        if inbox.first(db, click.team, click.key, now):
            promises.set_next_step(db, found.impression, click.user, now, on=True)
            capacity = _capacity(found.group, found.impression, click.user)
            record(db, world, found.asker.settings, found.promise, after, click.user, capacity)
        return found.asker

    asker = await world.write(save)
    return _told(click, world, asker, "promises.is_next_step")


def _told(click: Click, world: World, asker: Asker, key: str) -> Answer:
    """A message of our own follows by itself; an answer that only this person saw is followed by another one."""
    return Answer() if click.view_id else Answer(then=[world.whisper(click, asker.words(key))])


def _chosen(click: Click) -> str:
    """The impression in which the promise was chosen, in a list or before the form opened."""
    chosen = click.text("sentence") or metadata_of(click).get("sentence", "")
    return chosen.partition(" ")[0]


def _noted(db: Session, world: World, click: Click, impression_id: str) -> tuple[Asker, WorkSession, Group, Impression]:
    """Read an impression for somebody who may say who offers what in it. Raises Refused."""
    asker = world.asker(db, click)
    impression = impressions.one(db, click.team, impression_id)
    if impression is None or impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    session, group = place_of(db, click.team, impression.work_session, impression.group)
    allow(asker.member, Action.ASK_PROMISE, in_group(group, impression, click.user))
    if session.is_practice and click.user != session.created_by:
        raise Refused("impressions.gone")
    return asker, session, group, impression


def _free(db: Session, impression: Impression, found: Sequence[Candidate]) -> list[Candidate]:
    known = promises.of_impression(db, impression.team, impression.id)
    return [each for each in found if taken(each.place, known) is None]


def _capacity(group: Group, impression: Impression, user: str) -> Capacity:
    standing = in_group(group, impression, user)
    return Capacity.GROUP if standing.leads or standing.wrote else Capacity.COORDINATOR


def _repaint_shared(db: Session, world: World, impression: Impression, click: Click) -> None:
    """The row under a shared impression says what was chosen."""
    key = f"impressions.shared:{impression.id}:{impression.author}"
    delivery.plan_change(db, team=impression.team, of=key, why=click.key, now=world.now())
