"""Looking a question up, and the message that tells what was found; it is drawn from live rows and follows them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.impressions import speaks_for
from bot.memory.answering import compose, differing
from bot.memory.asking import Question
from bot.memory.records import Answer, Source, SourceKind
from bot.memory.terms import meaning
from bot.problem import Refused
from bot.programme import Action, Programme, allow
from handlers.delivery import Body
from handlers.digest.owing import say_again
from handlers.memory.waiting import subject_of
from handlers.posts import owe_change
from handlers.routing import Click
from handlers.views import memory as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, memory, programme, themes, writing
from storage.memory import Asked, AskedIn, AskedState, Scope
from storage.trail.terms import own_terms

ANSWER = "memory.answer"
PUT = "memory.question"
"""The question as it is put to a region."""


def key_of(asked: Asked) -> str:
    """Return the key of the message that answers a question."""
    return f"{ANSWER}:{asked.id}"


async def look_up(world: World, asked: Asked) -> None:
    """Find what answers a question, keep where it stands, and owe the message that tells it."""

    def find(db: Session) -> tuple[Answer | None, str | None]:
        member = programme.member(db, asked.team, asked.user)
        scope = Scope(member, asked.asked_in is not AskedIn.CHANNEL)
        found = world.searcher.search(db, scope, Question(asked.text))
        made = compose(found.sources)
        told = {one.themes for one in made.sources} if made else set()
        (only,) = told if len(told) == 1 else ((),)
        return made, found.theme or (only[0] if len(only) == 1 else None)

    answer, theme = await world.database.read(find)

    def save(db: Session) -> None:
        now = memory.one(db, asked.team, asked.id)
        if now is None or now.state is not AskedState.SEARCHING or now.text != asked.text:
            return
        state = AskedState.ANSWERED if answer else AskedState.UNKNOWN
        memory.save(db, replace(now, state=state, theme=theme, differs=bool(answer and answer.differs)))
        memory.save_sources(db, now, answer)
        if asked.asked_in is not AskedIn.COMMAND:
            owe_change(db, world, asked.team, key_of(asked))

    await world.write(save)
    if answer is not None and asked.asked_in is not AskedIn.COMMAND:
        world.tasks.start(_write_along(world, asked))


async def _write_along(world: World, asked: Asked) -> None:
    """The answer stands; what a model can say of it in short comes above it, if it comes."""
    from handlers.writing.answering import write_answer  # writing prepares digests, and a digest tells questions

    def find(db: Session) -> tuple[str | None, list[str]]:
        now = memory.one(db, asked.team, asked.id)
        return (now.theme, _published(sources_of(db, now))) if now else (None, [])

    theme, sentences = await world.database.read(find)
    if await write_answer(world, asked.team, theme, sentences):
        await world.write(lambda db: owe_change(db, world, asked.team, key_of(asked)))


def _published(found: Sequence[tuple[int, Source]]) -> list[str]:
    return [one.ref for _, one in found if one.kind is SourceKind.SENTENCE]


def answer(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message below a question, as it stands now."""
    asked = memory.one(db, settings.team, str(arguments["id"]))
    if asked is None:
        return None
    if asked.state is AskedState.SEARCHING:
        return Body(searching(asked, words, db))
    return _body(db, asked, words)


def body_of(world: World, team: str, question_id: str, db: Session) -> Body | None:
    """Return what is told of a question in the language of who asked it; for answers that are not in the outbox."""
    asked = memory.one(db, team, question_id)
    if asked is None or asked.state is AskedState.SEARCHING:
        return None
    member = programme.member(db, team, asked.user)
    return _body(db, asked, world.words_for(member, programme.programme(db, team)))


def searching(asked: Asked, words: Words, db: Session) -> str:
    """Say in how much it is being looked up."""
    return views.searching(*memory.counts(db, _scope(db, asked)), words)


def sources_of(db: Session, asked: Asked) -> list[tuple[int, Source]]:
    """Return what an answer tells of and may still be read by who reads the answer, each with its number."""
    private = asked.asked_in is not AskedIn.CHANNEL
    member = programme.member(db, asked.team, asked.user) if private else None
    places = memory.places(db, asked.team, asked.id)
    found = memory.resolve(db, asked.team, [place for _, place in places], member)
    return [(number, one) for (number, _), one in zip(places, found, strict=True) if one is not None]


def withdraw(db: Session, world: World, asked: Asked) -> None:
    """Its asker takes a question back: its words go everywhere, and whoever was asked reads so."""
    left = memory.erase(db, asked, AskedState.WITHDRAWN, world.now())
    memory.save_sources(db, left, None)
    follow(db, world, left)


def follow(db: Session, world: World, asked: Asked) -> None:
    """Owe every message that shows this question as it stands now."""
    for key in (key_of(asked), f"{PUT}:{asked.id}", *delivery.keys(db, asked.team, "memory.knows", asked.id)):
        owe_change(db, world, asked.team, key)
    say_again(db, asked.team, [subject_of(asked.id)], world.ids("ch"), world.now())


def asked_for(click: Click, world: World, db: Session) -> tuple[Asker, Asked]:
    """Return who pressed, and the question below which they did. Raises Refused when it is not there any more."""
    asker = world.asker(db, click)
    allow(asker.member, Action.ASK_MEMORY)
    asked = memory.one(db, click.team, click.value)
    if asked is None or asked.state is AskedState.WITHDRAWN:
        raise Refused("memory.gone")
    return asker, asked


def own_question(click: Click, world: World, db: Session) -> tuple[Asker, Asked]:
    """Do the same for what only who asked may do. Raises Refused for anybody else."""
    asker, asked = asked_for(click, world, db)
    if asked.user != click.user:
        raise Refused("memory.not_yours" if asked.asked_in is AskedIn.CHANNEL or asked.region else "memory.gone")
    return asker, asked


def _scope(db: Session, asked: Asked) -> Scope:
    return Scope(programme.member(db, asked.team, asked.user), asked.asked_in is not AskedIn.CHANNEL)


def _body(db: Session, asked: Asked, words: Words) -> Body:
    explained = Question(asked.text).term if asked.text else ""
    term = meaning(explained, own_terms(db, asked.team)) if explained else None
    documents, impressions = memory.counts(db, _scope(db, asked))
    region = programme.region(db, asked.team, asked.region) if asked.region else None
    shown = views.Shown(
        asked=asked.id,
        command=asked.asked_in is AskedIn.COMMAND,
        term=term,
        documents=documents,
        impressions=impressions,
        theme=_theme(db, asked),
        group=_own_group(db, asked),
        region=region.name if region else "",
    )
    if asked.state is AskedState.WITHDRAWN:
        return Body(*views.withdrawn(words))
    found = sources_of(db, asked)
    if found and asked.state is not AskedState.UNKNOWN:
        differs = bool(differing([one for _, one in found]))
        written = None
        if asked.asked_in is not AskedIn.COMMAND:
            written = writing.section(db, asked.team, asked.theme, _published(found))
        text, blocks = views.answer(shown, found, differs, words, written)
    elif asked.state is AskedState.ANSWERED:
        text, blocks = views.taken_back(shown, words)
    else:
        text, blocks = views.nothing(shown, asked.state is AskedState.UNKNOWN, words)
    if asked.state is AskedState.WAITING:
        blocks = [*blocks, *views.waiting(shown, words)]
    elif asked.state is AskedState.CLOSED and not found:
        return Body(*views.closed(words))
    return Body(text, blocks)


def _theme(db: Session, asked: Asked) -> tuple[str, str] | None:
    """The theme that a question names, as far as it still stands: id and name."""
    found = next((one for one in themes.themes(db, asked.team) if one.id == asked.theme), None)
    return (found.id, found.name) if found else None


def _own_group(db: Session, asked: Asked) -> tuple[str, int] | None:
    """The group of which this could have been the impression: id and number; for a message to the bot alone."""
    if asked.asked_in is not AskedIn.DIRECT:
        return None
    from handlers.impressions.sharing import open_groups  # impressions tell the digest, and the digest tells questions

    member = programme.member(db, asked.team, asked.user)
    for session, group in open_groups(db, asked.team).values():
        if speaks_for(member, group) and session.starts_at <= asked.asked_at and not session.is_practice:
            return group.id, group.number
    return None
