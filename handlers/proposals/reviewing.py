"""The coordinator goes through the proposals: accept, keep for later, merge, take apart, name, and put in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.proposals import (
    ALIKE,
    Bundle,
    Proposal,
    accept,
    accepted,
    check_names,
    keep_for_later,
    likeness,
    merge,
    move,
    must_be,
    name_it,
    of_scope,
    reopen,
    take_apart,
    takes_proposals,
)
from bot.worksessions import State, WorkSession
from handlers import home
from handlers.proposals import telling
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import proposals_review as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, proposals, worksessions

Decide = Callable[[Bundle, Sequence[Bundle], str | None], list[Proposal]]


@dataclass(frozen=True)
class Table:
    """What lies before a coordinator: the session (None: for the next one), and what is proposed for it."""

    asker: Asker
    session: WorkSession | None
    found: tuple[Bundle, ...]

    def bundle(self, proposal_id: str) -> Bundle:
        """Return one of them. Raises Refused for one that is no more, or that was merged into another."""
        one = next((each for each in self.found if each.id == proposal_id), None)
        if one is None:
            inside = next((b for b in self.found if proposal_id in {each.id for each in b.members}), None)
            raise Refused("proposals.changed_meanwhile", name=inside.name) if inside else Refused("proposals.gone")
        return one


async def ask(click: Click, world: World) -> Answer:
    """The coordinator wants the channel to be asked for themes, for a session of which only the date was set."""

    def save(db: Session) -> None:
        allow(world.asker(db, click).member, Action.REVIEW_PROPOSALS)
        session = worksessions.one(db, click.team, click.value)
        if session is None:
            raise Refused("worksessions.gone")
        if not takes_proposals(session, world.now()):
            raise Refused("proposals.closed", title=session.title)
        telling.owe_call(db, session, world.now())

    await world.write(save)
    return Answer(then=[home.publish(world, click)])


async def open_review(click: Click, world: World) -> Answer:
    """The coordinator opens the proposals of a session (or of the next one), or turns a page."""
    if _in_review(click):
        page = int(click.value) if click.value.isdecimal() and len(click.value) < 6 else 0
        return Answer(then=[_redraw(click, world, click.view_id, metadata_of(click).get("session", ""), page)])

    def look(db: Session) -> Table:
        return _table(db, world, click, click.value)

    return Answer(then=[_open(click, world, await world.database.read(look))])


async def _open(click: Click, world: World, table: Table) -> None:
    await world.open(click, await _draw(world, table, 0))


async def decide(click: Click, world: World) -> Answer:
    """One tap on accept, not now, put back, up or down."""
    verbs: dict[str, Decide] = {
        "accept": accept,
        "later": lambda bundle, _, session: keep_for_later(bundle, session),
        "reopen": lambda bundle, *_: reopen(bundle),
        "up": partial(_step, by=-1),
        "down": partial(_step, by=1),
    }
    verb = verbs.get(click.argument)
    if verb is None:
        raise Refused("slack.unknown")
    given = metadata_of(click)
    problem = await world.write(partial(_decide, click, world, verb, given.get("session", "")))
    page = int(given.get("page", "0")) if given.get("page", "0").isdecimal() else 0
    _repaint(click, world)
    return Answer(then=[_redraw(click, world, click.view_id, given.get("session", ""), page, problem)])


def _step(bundle: Bundle, found: Sequence[Bundle], session: str | None, *, by: int) -> list[Proposal]:
    order = [each.id for each in accepted(found)]
    place = order.index(bundle.id) + 1 if bundle.id in order else 0
    return move(bundle, found, place + by)


def _decide(click: Click, world: World, verb: Decide, session_id: str, db: Session) -> Problem | None:
    """Decide, or return why not: the list is drawn anew with that above it, for it shows what is true now."""
    if not inbox.first(db, click.team, click.key, world.now()):
        return None
    table = _table(db, world, click, session_id)
    proposal_id, version = _pointed_at(click.value)
    try:
        bundle = table.bundle(proposal_id)
        must_be(bundle, version)
        changed = verb(bundle, table.found, table.session.id if table.session else None)
    except Refused as refused:
        return Problem("", refused.key, refused.values)
    proposals.save(db, changed)
    return None


def _repaint(click: Click, world: World) -> None:
    """Let the calls in the channels follow a decision."""
    telling.repaint(world, click.team, metadata_of(click).get("session") or None)


async def open_edit(click: Click, world: World) -> Answer:
    """The coordinator wants to give a proposal another name, a short name or another place."""
    return await _push(click, world, views.edit_form)


async def open_merge(click: Click, world: World) -> Answer:
    """The coordinator wants to let a proposal go on in another one, or to take merged ones apart."""

    def form(bundle: Bundle, found: Sequence[Bundle], back: dict[str, str], words: Words) -> View:
        others = [each for each in found if each.id != bundle.id]
        return views.merge_form(bundle, others, [each.id for each in _alike(bundle, others)], back, words)

    return await _push(click, world, form)


async def _push(
    click: Click,
    world: World,
    form: Callable[[Bundle, Sequence[Bundle], dict[str, str], Words], View],
) -> Answer:
    given = metadata_of(click)

    def look(db: Session) -> tuple[Table, Bundle]:
        table = _table(db, world, click, given.get("session", ""))
        return table, table.bundle(_pointed_at(click.value)[0])

    table, bundle = await world.database.read(look)
    back = {name: given.get(name, "") for name in ("session", "page")}
    return Answer(then=[world.open(click, form(bundle, table.found, back, table.asker.words), push=True)])


async def save_edit(click: Click, world: World) -> Answer:
    """The names and the place were handed in."""
    given = metadata_of(click)

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        table = _table(db, world, click, given.get("session", ""))
        if inbox.seen(db, click.team, click.key):
            return table.asker, []
        bundle = _as_it_was(table, given)
        fields = {name: click.text(name) for name in ("name", "short", "place")}
        named, problems = check_names(bundle, table.found, **fields)
        if named is None:
            return table.asker, problems
        inbox.first(db, click.team, click.key, world.now())
        proposals.save(db, name_it(bundle, named))
        if named.place is not None:
            again = _table(db, world, click, given.get("session", ""))
            proposals.save(db, move(again.bundle(bundle.id), again.found, named.place))
        return table.asker, []

    asker, problems = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    _repaint(click, world)
    return Answer(then=[_redraw_below(click, world)])


async def save_merge(click: Click, world: World) -> Answer:
    """A proposal goes on in another one."""
    given = metadata_of(click)

    def save(db: Session) -> None:
        table = _table(db, world, click, given.get("session", ""))
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        bundle = _as_it_was(table, given)
        proposals.save(db, merge(bundle, table.bundle(click.text("into"))))

    await world.write(save)
    _repaint(click, world)
    return Answer(then=[_redraw_below(click, world)])


async def apart(click: Click, world: World) -> Answer:
    """A merge is undone: the proposal stands by itself again."""
    given = metadata_of(click)

    def save(db: Session) -> None:
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        table = _table(db, world, click, given.get("session", ""))
        bundle = table.bundle(given.get("proposal", ""))
        proposals.save(db, take_apart(bundle, _pointed_at(click.value)[0]))

    def look(db: Session) -> View:
        table = _table(db, world, click, given.get("session", ""))
        bundle = table.bundle(given.get("proposal", ""))
        others = [each for each in table.found if each.id != bundle.id]
        back = {name: given.get(name, "") for name in ("session", "page")}
        alike = [each.id for each in _alike(bundle, others)]
        return views.merge_form(bundle, others, alike, back, table.asker.words)

    await world.write(save)
    view = await world.database.read(look)
    _repaint(click, world)
    return Answer(then=[world.show(click.view_id, view), _redraw_below(click, world)])


def _as_it_was(table: Table, given: dict[str, str]) -> Bundle:
    """The proposal of a form, if nobody changed it since the form was opened."""
    version = given.get("version", "")
    try:
        bundle = table.bundle(given.get("proposal", ""))
        must_be(bundle, int(version) if version.isdecimal() else 0)
    except Refused as refused:
        if refused.key == "proposals.changed_meanwhile":
            raise Refused("proposals.open_again", **refused.values) from refused
        raise
    return bundle


def _table(db: Session, world: World, click: Click, session_id: str) -> Table:
    asker = world.asker(db, click)
    allow(asker.member, Action.REVIEW_PROPOSALS)
    session = worksessions.one(db, click.team, session_id) if session_id else None
    if session_id and (session is None or session.state is not State.PLANNED):
        raise Refused("worksessions.gone")
    scope = session.id if session else None
    return Table(asker, session, tuple(of_scope(proposals.waiting(db, click.team), scope)))


def _pointed_at(value: str) -> tuple[str, int]:
    proposal_id, _, version = value.partition(" ")
    return proposal_id, int(version) if version.isdecimal() and len(version) < 9 else 0


def _alike(bundle: Bundle, others: Sequence[Bundle]) -> list[Bundle]:
    names = [bundle.name, *bundle.also]
    return [each for each in others if likeness(names, [each.name, *each.also]) >= ALIKE]


async def _draw(world: World, table: Table, page: int, notice: str = "") -> View:
    def draw(db: Session) -> View:
        links = {
            each.id: delivery.link(each.origin.channel, each.origin.ts)
            for bundle in table.found
            for each in bundle.members
            if each.origin is not None
        }
        shown = views.on_page(table.found, page)
        alike = {each.id: [other.name for other in _alike(each, _others(table, each))] for each in shown}
        return views.review(table.session, table.found, alike, links, page, table.asker.words, notice=notice)

    return await world.database.read(draw)  # comparing names takes a while: not on the event loop


def _others(table: Table, bundle: Bundle) -> list[Bundle]:
    return [each for each in table.found if each.id != bundle.id]


async def _redraw(
    click: Click, world: World, view_id: str, session_id: str, page: int, problem: Problem | None = None
) -> None:
    table = await world.database.read(lambda db: _table(db, world, click, session_id))
    notice = world.say(table.asker.words, problem.key, problem.values) if problem else ""
    await world.show(view_id, await _draw(world, table, page, notice))


async def _redraw_below(click: Click, world: World) -> None:
    """Draw the list under a form anew that was pushed on top of it."""
    given, view = metadata_of(click), click.body.get("view") or {}
    below = str(view.get("previous_view_id") or view.get("root_view_id") or "")
    page = given.get("page", "0")
    if below and below != click.view_id:
        number = int(page) if page.isdecimal() and len(page) < 6 else 0
        await _redraw(click, world, below, given.get("session", ""), number)


def _in_review(click: Click) -> bool:
    return str((click.body.get("view") or {}).get("callback_id", "")) == "proposals.review"
