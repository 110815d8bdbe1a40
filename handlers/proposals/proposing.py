"""Somebody proposes a theme: what looks like it is shown first, and what they typed is kept until it is posted."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.proposals import (
    Bundle,
    Kind,
    Origin,
    Proposal,
    Typed,
    check,
    look_alikes,
    of_scope,
    open_for,
    own_equal,
    title_of,
)
from bot.worksessions import WorkSession
from handlers.privacy import check_texts
from handlers.proposals import telling
from handlers.proposals.backing import set_backing
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import proposals as views
from handlers.world import Asker, World
from storage import inbox, proposals, selection, worksessions


@dataclass(frozen=True)
class Step:
    """What comes after the form: something to repair, look-alikes to see first, or the proposal that was made."""

    asker: Asker
    problems: tuple[Problem, ...] = ()
    typed: Typed | None = None
    alike: tuple[views.Alike, ...] = ()
    made: Bundle | None = None
    session: WorkSession | None = None


async def open_form(click: Click, world: World) -> Answer:
    """Somebody wants to propose a theme: from the call, the Home, a shortcut, or a command with its name behind it."""
    typed = Typed(title_of(click.value)) if click.kind == "command" else Typed("")
    long = click.kind == "command" and len(typed.name) < len(" ".join(click.value.split()))
    preset = click.value if click.kind == "action" else ""
    return await _open(click, world, typed, {}, preset=preset, cut_off=long)


async def open_from_message(click: Click, world: World) -> Answer:
    """Somebody wants to propose what a message says; who wrote it and where it stands is kept for the coordinator."""
    message = click.body.get("message") or {}
    text = str(message.get("text") or "")
    origin = {}
    if message.get("user") and not message.get("bot_id") and not click.channel.startswith("D"):
        origin = {"author": str(message["user"]), "channel": click.channel, "ts": click.ts}
    name = title_of(text)
    return await _open(click, world, Typed(name), origin, preset="", cut_off=name.endswith("…"))


async def _open(
    click: Click, world: World, typed: Typed, origin: Mapping[str, str], *, preset: str, cut_off: bool
) -> Answer:
    form_id, now = world.ids(proposals.DRAFT), world.now()

    def start(db: Session) -> tuple[Asker, list[WorkSession], Typed, str]:
        asker = world.asker(db, click)
        allow(asker.member, Action.PROPOSE_THEME)
        sessions = open_for(worksessions.after(db, click.team, now), asker.member, now)
        wanted = preset
        if preset and preset not in {each.id for each in sessions}:
            asked = worksessions.one(db, click.team, preset)
            raise Refused("proposals.closed", title=asked.title) if asked else Refused("worksessions.gone")
        shown, kept = typed, {} if typed.name else proposals.draft(db, click.team, click.user)
        if kept:  # what was typed before the form was closed
            shown = Typed(str(kept["name"]), str(kept.get("why") or ""))
            wanted = wanted or str(kept.get("session") or "")
        data = {"session": wanted, "origin": dict(origin) or kept.get("origin") or {}}
        worksessions.save_form(db, form_id, click.team, click.user, data, now)
        return asker, sessions, shown, wanted

    asker, sessions, shown, wanted = await world.database.write(start)
    if preset:
        sessions = [each for each in sessions if each.id == preset]
    view = views.propose_form(form_id, sessions, shown, wanted, asker.words, cut_off=cut_off)
    return Answer(then=[world.open(click, view)])


async def propose(click: Click, world: World) -> Answer:
    """The form was handed in: what looks like it is shown, or else it is posted."""
    return await _hand_in(click, world, insisted=False)


async def insist(click: Click, world: World) -> Answer:
    """Somebody saw what looks like it, and means something else."""
    return await _hand_in(click, world, insisted=True)


async def _hand_in(click: Click, world: World, *, insisted: bool) -> Answer:
    form_id = metadata_of(click).get("form", "")

    def settle(db: Session) -> Step | None:
        return _settle(click, world, db, form_id, insisted=insisted)

    step = await world.write(settle)
    if step is None:
        return Answer()
    if step.problems:
        return Answer(ack=problems_ack(click, world, step.asker.words, step.problems))
    if step.made is None:
        assert step.typed is not None
        alike = await _carried(world, click.team, step.alike)
        view = views.alike_form(form_id, step.typed, alike, click.user, step.asker.words)
        return Answer(ack={"response_action": "update", "view": view.to_dict()})
    telling.repaint(world, click.team, step.session.id if step.session else None)
    view = views.noted(step.made, step.session, step.asker.words)
    return Answer(ack={"response_action": "update", "view": view.to_dict()})


def _settle(click: Click, world: World, db: Session, form_id: str, *, insisted: bool) -> Step | None:
    now = world.now()
    if inbox.seen(db, click.team, click.key):
        return None
    asker, data = _form(click, world, db, form_id)
    typed, problems = check(click.text("name"), str(data.get("why") or "") if insisted else click.text("why"))
    if typed is None:
        return Step(asker, tuple(problems))
    screened = check_texts(db, asker.settings, None, {"name": typed.name, "why": typed.why})
    if screened.problems:
        return Step(asker, tuple(screened.problems))
    sessions = {each.id: each for each in open_for(worksessions.after(db, click.team, now), asker.member, now)}
    wanted = click.text("session") or str(data.get("session") or "")
    session = sessions.get(wanted)
    if wanted and session is None:
        gone = worksessions.one(db, click.team, wanted)
        problem = Problem("name", "proposals.closed", {"title": gone.title if gone else "-"})
        data = {**data, "session": ""}  # handing it in once more proposes it for the next session
        worksessions.save_form(db, form_id, click.team, click.user, {**data, "name": typed.name}, now)
        return Step(asker, (problem,))
    if session is None and not click.text("session") and len(sessions) == 1:
        (session,) = sessions.values()
    data = {**data, "name": typed.name, "why": typed.why, "session": session.id if session else ""}
    found = of_scope(proposals.waiting(db, click.team), session.id if session else None)
    if own_equal(found, click.user, typed.name):
        return Step(asker, (Problem("name", "proposals.problem.own_already"),))
    alike = _alike(db, click.team, typed.name, found)
    shown = {str(each) for each in data.get("shown") or ()}
    if not {each.look.known.id for each in alike} <= shown:
        data["shown"] = sorted(shown | {each.look.known.id for each in alike})
        worksessions.save_form(db, form_id, click.team, click.user, data, now)
        return Step(asker, typed=typed, alike=tuple(alike), session=session)
    inbox.first(db, click.team, click.key, now)
    made = make(db, world, click, typed, session, origin=data.get("origin") or {})
    worksessions.drop_form(db, click.team, form_id)
    proposals.settle_drafts(db, click.team, click.user)
    return Step(asker, typed=typed, made=made, session=session)


def make(
    db: Session,
    world: World,
    click: Click,
    typed: Typed,
    session: WorkSession | None,
    *,
    origin: Mapping[str, str],
    theme: str | None = None,
) -> Bundle:
    """Write a proposal down, backed by who made it."""
    proposal = Proposal(
        id=world.ids("pr"),
        team=click.team,
        name=typed.name,
        original=typed.name,
        why=typed.why,
        proposer=click.user,
        at=world.now(),
        work_session=session.id if session else None,
        theme=theme,
        origin=Origin(**origin) if origin else None,
    )
    proposals.save(db, [proposal])
    proposals.back(db, click.team, proposal.id, click.user, world.now())
    return Bundle(proposal, (), (click.user,))


async def support(click: Click, world: World) -> Answer:
    """Somebody backs what their own idea looks like, or takes that back; the form stays for who wants both."""
    form_id, now = metadata_of(click).get("form", ""), world.now()

    def settle(db: Session) -> Step | None:
        if not inbox.first(db, click.team, click.key, now):
            return None
        asker, data = _form(click, world, db, form_id)
        session = worksessions.one(db, click.team, str(data.get("session") or ""))
        _support(db, world, click, session, str(data.get("why") or ""))
        typed = Typed(" ".join(click.text("name").split()) or str(data.get("name") or ""), str(data.get("why") or ""))
        worksessions.save_form(db, form_id, click.team, click.user, {**data, "settled": False}, now)
        if click.argument == "on":  # who backs another has said it: next time the form is empty
            proposals.settle_drafts(db, click.team, click.user)
        found = of_scope(proposals.waiting(db, click.team), session.id if session else None)
        alike = _alike(db, click.team, str(data.get("name") or typed.name), found)
        return Step(asker, typed=typed, alike=tuple(alike), session=session)

    step = await world.write(settle)
    if step is None:
        return Answer()
    telling.repaint(world, click.team, step.session.id if step.session else None)
    assert step.typed is not None
    alike = await _carried(world, click.team, step.alike)
    view = views.alike_form(form_id, step.typed, alike, click.user, step.asker.words)
    return Answer(then=[world.show(click.team, click.view_id, view)])


def _support(db: Session, world: World, click: Click, session: WorkSession | None, why: str) -> None:
    """Back a proposal; what is not proposed yet (a theme, or what was left over) becomes a proposal by that."""
    kind, _, subject = click.value.partition(":")
    if kind == Kind.PROPOSAL:
        set_backing(db, world, click, subject, on=click.argument == "on")
        return
    found = of_scope(proposals.waiting(db, click.team), session.id if session else None)
    same = next((each for each in found if subject in {one.theme for one in each.members}), None)
    if same is not None:  # somebody made it a proposal since
        set_backing(db, world, click, same.id, on=True)
        return
    known = next((each for each in proposals.known(db, click.team, found) if each.id == subject), None)
    if known is None or known.kind is Kind.PROPOSAL:
        raise Refused("proposals.gone")
    make(db, world, click, Typed(title_of(known.name), why), session, origin={}, theme=known.id)


def _alike(db: Session, team: str, name: str, found: list[Bundle]) -> list[views.Alike]:
    by_id = {each.id: each for each in found}
    looks = look_alikes(name, proposals.known(db, team, found))
    return [views.Alike(look, by_id.get(look.known.id)) for look in looks]


async def _carried(world: World, team: str, alike: Sequence[views.Alike]) -> list[views.Alike]:
    """Say of a theme that nobody served last time that it was left over. Asked only where a theme looks alike.

    It reads whole impressions, and the form has to be answered in three seconds: what takes longer is left out.
    """
    if all(each.look.known.kind is Kind.PROPOSAL for each in alike):
        return list(alike)
    try:
        async with asyncio.timeout(world.trimming_timeout):
            left = {one.theme for one in await world.database.read(partial(selection.left_over, team=team))}
    except TimeoutError:
        return list(alike)
    return [
        replace(each, look=replace(each.look, known=replace(each.look.known, kind=Kind.CARRIED)))
        if each.look.known.kind is Kind.THEME and each.look.known.id in left
        else each
        for each in alike
    ]


def _form(click: Click, world: World, db: Session, form_id: str) -> tuple[Asker, dict[str, Any]]:
    asker = world.asker(db, click)
    allow(asker.member, Action.PROPOSE_THEME)
    data = worksessions.form(db, click.team, click.user, form_id)
    if data is None or not form_id.startswith(f"{proposals.DRAFT}_"):
        raise Refused("proposals.form_gone")
    return asker, data
