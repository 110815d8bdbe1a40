"""Asking for an introduction from the trail: what a region wrote meets what another one shares, at somebody's own wish.

Any feature of the trail offers one with a button to `introductions.begin` and the value `pair(question, answer)`:
`question` is an entry of the reader's own region, `answer` one that another region shares. The press shows the text
that will be sent; handing it in is the first yes, and the second is that of one person of the other region, who
decides in their own time. Nothing is kept before the first, and no name is told before the second. A feature that
finds pairs by itself lays one in the digest of the region that asks with `propose_entries`.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.introductions import Basis, Introduction, ask, can_be_asked
from bot.problem import Refused
from bot.programme import Action, Place, allow, missing
from bot.trail import Entry, Kind, State, place_of, readable
from handlers.introductions.pressing import put
from handlers.introductions.telling import Told, live
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.themes.proposing import in_window
from handlers.views import introductions as views
from handlers.world import Asker, World
from storage import introductions, trail

NAMES_ONLY = frozenset({Kind.PHASE})
"""Of these no more than the name is sent, so that anybody of the region may ask about one that it keeps to itself."""


def pair(question: Entry, answer: Entry) -> str:
    """Return the value of a button to `introductions.begin`."""
    return f"{question.id} {answer.id}"


async def begin(click: Click, world: World) -> Answer:
    """Somebody wants to meet the region that shares something: show the text that will be sent, before anything is."""
    question, _, answer = click.value.partition(" ")
    told, asker = await world.database.read(partial(_drafted, world, click, question, answer))
    view = views.begin_form(told, asker.words)
    if in_window(click, "trail.entry"):  # which may lie on two others, and Slack piles no more than three
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def start(click: Click, world: World) -> Answer:
    """The text was read and is to be sent: keep the introduction, and put it to one person of the other region."""

    def save(db: Session) -> tuple[Told, Asker]:
        given = metadata_of(click)
        told, asker = _drafted(world, click, given.get("question", ""), given.get("answer", ""), db)
        found = told.introduction
        if not found.id:
            told = replace(told, introduction=replace(found, id=world.ids("in")))
            introductions.save(db, told.introduction)
        return put(db, click, asker, told, world.now()), asker

    told, asker = await world.write(save)
    return Answer(ack={"response_action": "update", "view": views.sent(told, asker.words).to_dict()})


def propose_entries(
    db: Session, world: World, question: Entry, answer: Entry, score: float, now: datetime
) -> Introduction | None:
    """Lay two entries that meet in the next digest of the region that asks; None where that was done before.

    Both are shared: the digest shows them to a whole region before anybody of it said yes.
    """
    team, shared = question.team, State.SHARED
    if question.state is not shared or answer.state is not shared or not _apart(question, answer):
        return None
    if introductions.of_pair(db, team, question.id, answer.id) is not None:
        return None
    made = replace(_introduction(question, answer, now), id=world.ids("in"), score=score)
    introductions.save(db, made)
    return made


def _drafted(world: World, click: Click, question: str, answer: str, db: Session) -> tuple[Told, Asker]:
    """What would be asked, with both entries as they are now; one that is under way already as it is kept.

    Raises Refused to who may not ask for this region, may not read an entry, or is too late.
    """
    asker = world.asker(db, click)
    mine, theirs = (trail.one(db, click.team, each) for each in (question, answer))
    if mine is None or theirs is None or not readable(asker.member, mine) or not readable(asker.member, theirs):
        raise missing(asker.member, Action.ASK_INTRODUCTION, "introductions.over")
    allow(asker.member, Action.ASK_INTRODUCTION, Place(seated=_ours(asker, mine)))
    if not _apart(mine, theirs):
        raise Refused("introductions.over")
    if mine.kind not in NAMES_ONLY and mine.state is not State.SHARED:
        allow(asker.member, Action.APPROVE_TRAIL, place_of(asker.member, mine.region, mine))
    found = introductions.of_pair(db, click.team, question, answer)
    doubled = found is not None and found.starter == click.user
    found = found or _introduction(mine, theirs, world.now())
    if not doubled and not can_be_asked(found, world.now()):
        ask(found, click.user, "", world.now())  # says why not
    told = live(db, found)
    if told is None:
        raise Refused("introductions.over")
    return told, asker


def _ours(asker: Asker, entry: Entry) -> bool:
    return entry.region is not None and asker.member.region == entry.region


def _apart(question: Entry, answer: Entry) -> bool:
    return question.region is not None and answer.region is not None and question.region != answer.region


def _introduction(question: Entry, answer: Entry, now: datetime) -> Introduction:
    """An introduction that nobody asked for yet, without an id."""
    return Introduction(
        id="",
        team=question.team,
        question=question.id,
        question_impression=question.id,
        answer=answer.id,
        answer_impression=answer.id,
        asking_region=question.region or "",
        answering_region=answer.region or "",
        theme=None,
        score=0.0,
        proposed_at=now,
        basis=Basis.TRAIL,
    )


ACTIONS: dict[str, Handler] = {"introductions.begin": begin}
FORMS: dict[str, Handler] = {"introductions.begin": start}
