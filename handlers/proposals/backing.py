"""Backing a proposal with one tap, taking that back, and withdrawing what one proposed."""

from dataclasses import dataclass
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Place, allow, missing
from bot.proposals import Bundle, Proposal, heir_of, withdraw
from bot.proposals import back as decide_back
from bot.proposals import take_back as decide_take_back
from handlers.proposals import telling
from handlers.routing import Answer, Click, metadata_of
from handlers.views import proposals as views
from handlers.views.frame import notice
from handlers.world import Asker, World
from storage import inbox, proposals, worksessions


@dataclass(frozen=True)
class Backed:
    """What one tap led to."""

    asker: Asker
    bundle: Bundle
    proposal: Proposal
    changed: bool


async def back(click: Click, world: World) -> Answer:
    """Somebody backs a proposal."""
    return await _set(click, world, on=True)


async def take_back(click: Click, world: World) -> Answer:
    """Somebody no longer backs a proposal."""
    return await _set(click, world, on=False)


async def _set(click: Click, world: World, *, on: bool) -> Answer:
    found = await world.write(partial(_write, click, world, on))
    if found is None:
        return Answer()
    if found.changed:
        telling.repaint(world, click.team, found.bundle.head.work_session)
    if _view(click) == "home":
        return Answer()
    if _view(click) == "proposals.list":
        return Answer(then=[_show_list(click, world)])
    if on:
        text, blocks = views.backed(found.bundle, found.proposal, found.changed, found.asker.words)
    else:
        text, blocks = views.no_longer_backed(found.bundle, found.asker.words)
    return Answer(then=[world.whisper(click, text, blocks, replace=click.argument == "own")])


def _write(click: Click, world: World, on: bool, db: Session) -> Backed | None:
    """All of it or none of it: who backs what, and the key that makes a second delivery harmless."""
    if not inbox.first(db, click.team, click.key, world.now()):
        return None
    return set_backing(db, world, click, click.value, on=on)


def set_backing(db: Session, world: World, click: Click, proposal_id: str, *, on: bool) -> Backed:
    """Let who clicked back this proposal or not, in the caller's transaction. Raises Refused when that cannot be."""
    asker, now = world.asker(db, click), world.now()
    allow(asker.member, Action.BACK_PROPOSAL)
    found = proposals.bundle_of(db, click.team, proposal_id)
    if found is None:
        raise Refused("proposals.gone")
    bundle, proposal = found
    session = worksessions.one(db, click.team, bundle.head.work_session or "")
    if on:
        changed = decide_back(bundle, session, asker.member, now)
        proposals.back(db, click.team, bundle.id, click.user, now)
    else:
        changed = decide_take_back(bundle, session, asker.member, now)
        proposals.take_back(db, click.team, bundle, click.user)
    return Backed(asker, bundle, proposal, changed)


async def withdraw_own(click: Click, world: World) -> Answer:
    """Somebody takes back what they proposed; no word of it stays anywhere."""

    def save(db: Session) -> Asker:
        asker, now = world.asker(db, click), world.now()
        found = proposals.bundle_of(db, click.team, click.value)
        if found is None:
            raise missing(asker.member, Action.WITHDRAW_PROPOSAL, "proposals.gone")
        bundle, proposal = found
        allow(asker.member, Action.WITHDRAW_PROPOSAL, Place(wrote=proposal.proposer == click.user))
        inbox.first(db, click.team, click.key, now)
        changed = withdraw(bundle, proposal)
        proposals.save(db, changed)
        proposals.hand_over(db, click.team, proposal, heir_of(changed, bundle, proposal))
        for session in telling.asked(db, click.team, now, bundle.head.work_session):
            telling.owe_change(db, session, now, f"withdrawn:{proposal.id}")
        return asker

    asker = await world.write(save)
    if _view(click) == "home":
        return Answer()
    if _view(click) == "proposals.list":
        return Answer(then=[_show_list(click, world)])
    text = asker.words("proposals.withdrawn")
    if click.view_id:
        return Answer(then=[world.show(click.team, click.view_id, notice(text, asker.words))])
    return Answer(then=[world.whisper(click, text)])


async def show_list(click: Click, world: World) -> Answer:
    """Somebody wants to see every proposal, or another page of them."""
    if _view(click) == "proposals.list":
        return Answer(then=[_show_list(click, world, click.value)])
    view = await world.database.read(partial(_list, click, world, 0))
    return Answer(then=[world.open(click, view)])


async def _show_list(click: Click, world: World, page: str = "") -> None:
    page = page or metadata_of(click).get("page", "0")
    await world.show(
        click.team, click.view_id, await world.database.read(partial(_list, click, world, number_in(page)))
    )


def number_in(text: str) -> int:
    """Read a page or a version that came back with a click; 0 for whatever is no number."""
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _list(click: Click, world: World, page: int, db: Session) -> View:
    asker = world.asker(db, click)
    allow(asker.member, Action.BACK_PROPOSAL)
    found, sessions = proposals.visible(db, asker.member)
    return views.list_view(found, sessions, click.user, page, asker.words)


def _view(click: Click) -> str:
    """In which view somebody pressed: "home", the name of a form, or nothing for a message."""
    view = click.body.get("view") or {}
    return str(view.get("callback_id", "")) if click.view_id else ""
