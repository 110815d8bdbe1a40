"""What can be done below an answer: see its sources, say whether it helped, and put the question to a region."""

from dataclasses import replace
from functools import partial

from sqlmodel import Session

from bot.memory.asking import LONGEST, read_question
from bot.problem import Problem, Refused
from bot.programme import Region
from handlers.memory.answering import PUT, asked_for, body_of, follow, own_question, sources_of, withdraw
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import memory as views
from handlers.views import memory_asking
from handlers.world import Asker, World
from storage import delivery, inbox, memory, programme
from storage.memory import Asked, AskedIn, AskedState


async def show_sources(click: Click, world: World) -> Answer:
    """Somebody wants to read where an answer comes from; it is shown to them alone."""

    def read(db: Session) -> tuple[Asker, Asked, list[views.Numbered]]:
        asker, asked = _readable(click, world, db)
        return asker, asked, sources_of(db, asked)

    asker, _, found = await world.database.read(read)
    return Answer(then=[world.whisper(click, *views.sources(found, asker.words))])


def _readable(click: Click, world: World, db: Session) -> tuple[Asker, Asked]:
    """Return who pressed, and an answer that they could read. Raises Refused for another's own answer."""
    asker, asked = asked_for(click, world, db)
    if asked.asked_in is not AskedIn.CHANNEL and asked.user != click.user:
        raise Refused("memory.gone")
    return asker, asked


async def vote(click: Click, world: World) -> Answer:
    """Somebody says whether an answer helped. Only that is kept."""

    def save(db: Session) -> Asker:
        asker, asked = _readable(click, world, db)
        if inbox.first(db, click.team, click.key, world.now()):
            memory.vote(db, asked, click.user, click.argument == "yes", world.now())
        return asker

    asker = await world.write(save)
    return Answer(then=[world.whisper(click, asker.words("memory.thanks"))])


async def wait(click: Click, world: World) -> Answer:
    """Who asked wants the question in the weekly digest."""

    def save(db: Session) -> tuple[Asker, Asked]:
        asker, asked = own_question(click, world, db)
        if not asked.text:
            raise Refused("memory.gone")
        if asked.state is not AskedState.WAITING and inbox.first(db, click.team, click.key, world.now()):
            asked = replace(asked, state=AskedState.WAITING, waits_since=world.now(), region=None)
            memory.save(db, asked)
            follow(db, world, asked)
        return asker, asked

    _, asked = await world.write(save)
    return await _again(click, world, asked)


async def let_go(click: Click, world: World) -> Answer:
    """Who asked does not want to put the question to anybody: its words go."""

    def save(db: Session) -> Asked:
        _, asked = own_question(click, world, db)
        if asked.state is AskedState.UNKNOWN and inbox.first(db, click.team, click.key, world.now()):
            asked = memory.erase(db, asked, AskedState.CLOSED, world.now())
            follow(db, world, asked)
        return asked

    return await _again(click, world, await world.write(save))


async def take_back(click: Click, world: World) -> Answer:
    """Who asked takes the question back, wherever it stands."""

    def save(db: Session) -> Asked | None:
        _, asked = own_question(click, world, db)
        if inbox.first(db, click.team, click.key, world.now()):
            withdraw(db, world, asked)
        return memory.one(db, click.team, asked.id)

    asked = await world.write(save)
    return await _again(click, world, asked) if asked else Answer()


async def close(click: Click, world: World) -> Answer:
    """Who asked has an answer: the question waits for nobody any more, and its words go."""

    def save(db: Session) -> None:
        _, asked = own_question(click, world, db)
        if asked.state is AskedState.WAITING and inbox.first(db, click.team, click.key, world.now()):
            follow(db, world, memory.erase(db, asked, AskedState.CLOSED, world.now()))

    await world.write(save)
    return Answer()


async def open_regions(click: Click, world: World) -> Answer:
    """Who asked wants to put the question to one region."""

    def read(db: Session) -> tuple[Asker, Asked, list[Region]]:
        asker, asked = own_question(click, world, db)
        found = [each for each in programme.regions(db, click.team) if each.channel]
        if not found:
            raise Refused("memory.no_region")
        return asker, asked, found

    asker, asked, found = await world.database.read(read)
    return Answer(then=[world.open(click, memory_asking.region_form(asked.id, asked.text, found, asker.words))])


async def put(click: Click, world: World) -> Answer:
    """The form in which a question is put to a region was handed in."""

    def save(db: Session) -> tuple[Asker, list[Problem], Asked]:
        asker, asked = own_question(replace(click, value=metadata_of(click).get("question", "")), world, db)
        question = read_question(click.text("question"))
        region = programme.region(db, click.team, click.text("region"))
        problems = list(check_texts(db, asker.settings, None, {"question": question.text}).problems)
        if not question.text:
            problems.append(Problem("question", "memory.problem.empty"))
        if len(question.text) > LONGEST:
            problems.append(Problem("question", "memory.problem.too_long", {"most": LONGEST}))
        if region is None or not region.channel:
            problems.append(Problem("region", "memory.problem.region"))
        if problems or region is None or not inbox.first(db, click.team, click.key, world.now()):
            return asker, problems, asked
        asked = replace(asked, text=question.text, state=AskedState.WAITING, waits_since=world.now(), region=region.id)
        memory.save(db, asked)
        key = f"{PUT}:{asked.id}"
        if delivery.parcel(db, asked.team, key) is not None:
            raise Refused("memory.put_already")
        delivery.plan(
            db, team=asked.team, key=key, kind=PUT, arguments={"id": asked.id}, channel=region.channel, now=world.now()
        )
        follow(db, world, asked)
        return asker, problems, asked

    asker, problems, _ = await world.write(save)
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


async def know(click: Click, world: World) -> Answer:
    """Somebody knows something of a question that waits: who asked hears who, so that they find each other."""

    def save(db: Session) -> Asker:
        asker, asked = asked_for(click, world, db)
        if asked.state is not AskedState.WAITING:
            raise Refused("memory.answered_already")
        if asked.user != click.user and inbox.first(db, click.team, click.key, world.now()):
            _tell(db, world, asked, f"{asked.id}:{click.user}", {"user": click.user})
        return asker

    asker = await world.write(save)
    return Answer(then=[world.whisper(click, asker.words("memory.told_asker"))])


async def replied(click: Click, world: World) -> Answer:
    """Somebody wrote below a question that was put to a region: who asked is told where. The words stay in Slack."""
    if not click.thread_ts or click.body.get("bot_id") or click.body.get("subtype"):
        return Answer()

    def about(db: Session) -> Asked | None:
        found = delivery.key_at(db, click.team, click.channel, click.thread_ts)
        if found is None or found[1] != PUT:
            return None
        return memory.one(db, click.team, str(found[2].get("id") or ""))

    def save(db: Session) -> None:
        asked = about(db)
        if asked and asked.state is AskedState.WAITING and asked.user != click.user:
            place = {"channel": click.channel, "ts": click.ts, "user": click.user}
            if inbox.first(db, click.team, f"{click.key}:reply", world.now()):
                _tell(db, world, asked, f"{asked.id}:{click.user}", place)

    if await world.database.read(about) is not None:
        await world.write(save)
    return Answer()


def _tell(db: Session, world: World, asked: Asked, part: str, arguments: dict[str, str]) -> None:
    """Owe who asked a word of somebody who knows more: one for each person, however often they press or write."""
    if delivery.parcel(db, asked.team, f"memory.knows:{part}") is None:
        delivery.plan(
            db,
            team=asked.team,
            key=f"memory.knows:{part}",
            kind="memory.knows",
            arguments={"id": asked.id, **arguments},
            user=asked.user,
            now=world.now(),
        )


async def _again(click: Click, world: World, asked: Asked) -> Answer:
    """Draw the answer anew where it was given by the command; elsewhere its message follows by itself."""
    if asked.asked_in is not AskedIn.COMMAND:
        return Answer()
    body = await world.database.read(partial(body_of, world, asked.team, asked.id))
    return Answer(then=[world.whisper(click, body.text, body.blocks, replace=True)] if body else [])
