"""Where does this belong? Somebody taps the theme of a note that nobody was sure of, and that teaches."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Place, allow, may
from bot.themes import Question
from handlers.routing import Answer, Click
from handlers.themes import showing
from handlers.views import themes_queue as views
from handlers.world import Asker, World
from storage import inbox
from storage.themes import following, queue, teaching

SHOWN = 5
"""Notes asked about at a time: more is work, five is a minute."""


async def open_queue(click: Click, world: World) -> Answer:
    """Somebody wants to place what waits for them."""
    return Answer(then=[world.open(click, await world.database.read(partial(_view, click, world)))])


def _view(click: Click, world: World, db: Session, notice: str = "") -> View:
    asker = world.asker(db, click)
    everything = may(asker.member, Action.PLACE_NOTE)
    allow(asker.member, Action.PLACE_NOTE, Place(wrote=True))  # what is listed is theirs
    number = queue.count(db, click.team, click.user, everything=everything)
    found = queue.questions(db, click.team, click.user, everything=everything, most=SHOWN)
    return views.window([_shown(db, click, each) for each in found], number - len(found), asker.words, notice=notice)


def _shown(db: Session, click: Click, question: Question) -> Question:
    """The question without the sentences that somebody outside the group may not read."""
    if click.user in question.own:
        return question
    spots = [(under.spot.field, under.spot.start, under.spot.end) for under in question.candidates if under.spot]
    places = [showing.Place(question.note, question.session, *spot) for spot in spots]
    allowed = showing.readable(db, click.team, places)
    return question.only({spot for spot in spots if (question.note, *spot) in allowed})


async def place(click: Click, world: World) -> Answer:
    """Somebody says under which theme a note belongs."""
    return await _decide(click, world)


async def none_of_these(click: Click, world: World) -> Answer:
    """Somebody says that a note belongs under none of what was asked."""
    return await _decide(click, world)


async def _decide(click: Click, world: World) -> Answer:
    asker, refused = await world.write(partial(_write, click, world))
    notice = world.say(asker.words, refused.key, refused.values) if refused else ""
    return Answer(then=[_redraw(click, world, notice)])


async def _redraw(click: Click, world: World, notice: str) -> None:
    await world.show(click.team, click.view_id, await world.database.read(partial(_view, click, world, notice=notice)))


def _write(click: Click, world: World, db: Session) -> tuple[Asker, Refused | None]:
    asker = world.asker(db, click)
    note, _, theme = click.value.partition(" ")
    question = queue.question(db, click.team, note)
    own = question is not None and click.user in question.own
    allow(asker.member, Action.PLACE_NOTE, Place(wrote=own))
    if not inbox.first(db, click.team, click.key, world.now()):
        return asker, None
    asked = [under.theme for under in question.candidates] if question else []
    if question is None or (theme and theme not in asked):
        return asker, Refused("themes.placed_already")
    refused = [] if theme else asked  # a yes to one theme says nothing of the others: a note can have several
    teaching.confirm(db, click.team, note, theme or None, click.user, world.now(), refused=refused)
    following.theme_sentences(db, click.team, [note])
    return asker, None
