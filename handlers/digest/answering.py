"""Somebody knows something about a question that another group left open: their own words, where that group reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.article import PublishedSentence
from bot.digest import KnownHere, read_answer
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, Region, allow
from handlers.delivery import Body, Render
from handlers.digest.owing import key_of
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, Handler, metadata_of, problems_ack
from handlers.views import digest_answers as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, digest, harvest, inbox, programme, worksessions


@dataclass(frozen=True)
class Asked:
    """A question as a digest told it, to somebody of a region. `mine` is what they answered already."""

    asker: Asker
    digest: str
    region: Region
    sentence: PublishedSentence
    mine: KnownHere | None


async def open_answer(click: Click, world: World) -> Answer:
    """Somebody knows something about a question: ask for it in a short form, or show what they answered."""
    digest_id, _, sentence_id = click.value.partition(" ")
    asked = await world.database.read(lambda db: _asked(db, world, click, digest_id, sentence_id))
    if asked.mine is not None:
        return Answer(then=[world.whisper(click, *views.answered(asked.mine, asked.asker.words))])
    return Answer(then=[world.open(click, views.form_(asked, asked.asker.words), push=click.in_form)])


async def save_answer(click: Click, world: World) -> Answer:
    """The form was handed in: its words go in the thread of the digest, and below the article with the question."""

    def save(db: Session) -> tuple[Asker, list[Problem], View | None]:
        metadata = metadata_of(click)
        asked = _asked(db, world, click, metadata.get("digest", ""), metadata.get("sentence", ""))
        words = asked.asker.words
        if asked.mine is not None:  # a doubled hand-in, or a form that stood open on two screens
            return asked.asker, [], views.thanks(asked.mine, words)
        text, problems = read_answer(click.text("answer"))
        screened = check_texts(db, asked.asker.settings, asked.sentence.work_session, {"answer": text})
        if problems or screened.problems:
            return asked.asker, [*problems, *screened.problems], None
        if not inbox.first(db, click.team, click.key, world.now()):
            return asked.asker, [], None
        known = KnownHere(
            world.ids("da"),
            asked.digest,
            asked.sentence.id,
            asked.sentence.work_session,
            asked.sentence.article,
            click.user,
            screened.texts["answer"],
            world.now(),
        )
        digest.add_answer(db, click.team, known)
        _owe(db, world, click.team, asked, known)
        return asked.asker, [], views.thanks(known, words)

    asker, problems, view = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    return Answer(ack={"response_action": "update", "view": view.to_dict()} if view else {"response_action": "clear"})


async def withdraw(click: Click, world: World) -> Answer:
    """Somebody takes back what they answered: its words go, in both places."""

    def save(db: Session) -> Asker:
        asker = world.asker(db, click)
        known = digest.answer(db, click.team, click.value)
        if known is None or known.user != click.user:
            raise Refused("digest.answer_not_yours")
        if not known.withdrawn and inbox.first(db, click.team, click.key, world.now()):
            take_back(db, world, click.team, known)
        return asker

    asker = await world.write(save)
    return Answer(then=[world.whisper(click, asker.words("digest.answer_gone"))])


def take_back(db: Session, world: World, team: str, known: KnownHere) -> None:
    """Erase the words of an answer, and owe both messages that tell it the change."""
    digest.withdraw_answer(db, team, known.id, world.now())
    for key in keys_of(known.id):
        delivery.plan_change(db, team=team, of=key, why="withdrawn", now=world.now())


def keys_of(answer_id: str) -> tuple[str, str]:
    """Return the keys of the two messages that tell an answer."""
    return f"digest.answer:{answer_id}", f"digest.answer:{answer_id}:article"


def _asked(db: Session, world: World, click: Click, digest_id: str, sentence_id: str) -> Asked:
    asker = world.asker(db, click)
    allow(asker.member, Action.ANSWER_OPEN_QUESTION)
    made = digest.one(db, click.team, digest_id)
    region = programme.region(db, click.team, made.region) if made else None
    found = harvest.published_sentences(db, click.team, ids=[sentence_id]) if made else []
    told = made and sentence_id in {item.subject for part in (made.post, *made.thread) for item in part}
    if made is None or region is None or not found or not told:
        raise Refused("digest.question_gone")
    return Asked(asker, made.id, region, found[0], digest.own_answer(db, click.team, made.id, sentence_id, click.user))


def _owe(db: Session, world: World, team: str, asked: Asked, known: KnownHere) -> None:
    session = worksessions.one(db, team, known.work_session)
    places = [(key_of(asked.digest), asked.region.channel)]
    places.append((f"harvest.article:{known.article}", session.channel if session else None))
    for key, (below, channel) in zip(keys_of(known.id), places, strict=True):
        if channel and delivery.parcel(db, team, below) is not None:
            delivery.plan(
                db,
                team=team,
                key=key,
                kind="digest.answer",
                arguments={"id": known.id},
                channel=channel,
                thread_key=below,
                now=world.now(),
            )


def told(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The answer in a thread, or that it was taken back."""
    known = digest.answer(db, settings.team, str(arguments["id"]))
    if known is None:
        return None
    question = harvest.published_sentences(db, settings.team, ids=[known.sentence])
    member = programme.member(db, settings.team, known.user)
    region = programme.region(db, settings.team, member.region) if member.region else None
    text = question[0].text if question else ""
    return Body(*views.told(known, member, region.name if region else "", text, words))


ACTIONS: dict[str, Handler] = {"digest.know": open_answer, "digest.unsay": withdraw}
FORMS: dict[str, Handler] = {"digest.know": save_answer}
MESSAGES: dict[str, Render] = {"digest.answer": told}
"""What is kept of a question is its id: its words are read when they are shown."""
