"""The coordinator goes through the proposals: accept, keep for later, merge, take apart, name, and put in order."""

from collections.abc import Callable, Sequence
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.proposals import (
    Bundle,
    Proposal,
    accept,
    accepted,
    check_names,
    keep_for_later,
    merge,
    move,
    must_be,
    name_it,
    reopen,
    take_apart,
    takes_proposals,
)
from handlers.privacy import check_texts
from handlers.proposals import telling
from handlers.proposals.backing import number_in
from handlers.proposals.table import Table, draw, lay, looks_like, redraw, redraw_below
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import proposals_review as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import inbox, proposals, worksessions

Decide = Callable[[Bundle, Sequence[Bundle], str | None], list[Proposal]]


async def ask(click: Click, world: World) -> Answer:
    """The coordinator wants the channel to be asked for themes, for a session of which only the date was set."""

    def save(db: Session) -> None:
        allow(world.asker(db, click).member, Action.REVIEW_PROPOSALS)
        session = worksessions.one(db, click.team, click.value)
        if session is None:
            raise Refused("worksessions.gone")
        if not takes_proposals(session, world.now()):
            raise Refused("proposals.closed", title=session.title)
        inbox.first(db, click.team, click.key, world.now())
        telling.owe_call(db, session, world.now())

    await world.write(save)
    return Answer()


async def open_review(click: Click, world: World) -> Answer:
    """The coordinator opens the proposals of a session (or of the next one), or turns a page."""
    if _in_review(click):
        session_id = metadata_of(click).get("session", "")
        return Answer(then=[redraw(click, world, click.view_id, session_id, number_in(click.value))])

    def look(db: Session) -> Table:
        return lay(db, world, click, click.value)

    return Answer(then=[_open(click, world, await world.database.read(look))])


async def _open(click: Click, world: World, table: Table) -> None:
    await world.open(click, await draw(table, 0))


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
    _repaint(click, world)
    page = number_in(given.get("page", ""))
    return Answer(then=[redraw(click, world, click.view_id, given.get("session", ""), page, problem)])


def _step(bundle: Bundle, found: Sequence[Bundle], session: str | None, *, by: int) -> list[Proposal]:
    order = [each.id for each in accepted(found)]
    place = order.index(bundle.id) + 1 if bundle.id in order else 0
    return move(bundle, found, place + by)


def _decide(click: Click, world: World, verb: Decide, session_id: str, db: Session) -> Problem | None:
    """Decide, or return why not: the list is drawn anew with that above it, for it shows what is true now."""
    if not inbox.first(db, click.team, click.key, world.now()):
        return None
    table = lay(db, world, click, session_id)
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
        return views.merge_form(bundle, others, [each.id for each in looks_like(bundle, others)], back, words)

    return await _push(click, world, form)


async def _push(
    click: Click,
    world: World,
    form: Callable[[Bundle, Sequence[Bundle], dict[str, str], Words], View],
) -> Answer:
    given = metadata_of(click)

    def look(db: Session) -> tuple[Table, Bundle]:
        table = lay(db, world, click, given.get("session", ""))
        return table, table.bundle(_pointed_at(click.value)[0])

    table, bundle = await world.database.read(look)
    back = {name: given.get(name, "") for name in ("session", "page")}
    return Answer(then=[world.open(click, form(bundle, table.found, back, table.asker.words), push=True)])


async def save_edit(click: Click, world: World) -> Answer:
    """The names and the place were handed in."""
    given = metadata_of(click)

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        table = lay(db, world, click, given.get("session", ""))
        if inbox.seen(db, click.team, click.key):
            return table.asker, []
        bundle = _as_it_was(table, given)
        fields = {name: click.text(name) for name in ("name", "short", "place")}
        named, problems = check_names(bundle, table.found, **fields)
        screened = check_texts(db, table.asker.settings, None, {name: fields[name] for name in ("name", "short")})
        if named is None or screened.problems:
            return table.asker, [*problems, *screened.problems]
        inbox.first(db, click.team, click.key, world.now())
        proposals.save(db, name_it(bundle, named))
        if named.place is not None:
            again = lay(db, world, click, given.get("session", ""))
            proposals.save(db, move(again.bundle(bundle.id), again.found, named.place))
        return table.asker, []

    asker, problems = await world.write(save)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    _repaint(click, world)
    return Answer(then=[redraw_below(click, world)])


async def save_merge(click: Click, world: World) -> Answer:
    """A proposal goes on in another one."""
    given = metadata_of(click)

    def save(db: Session) -> None:
        table = lay(db, world, click, given.get("session", ""))
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        bundle = _as_it_was(table, given)
        proposals.save(db, merge(bundle, table.bundle(click.text("into"))))

    await world.write(save)
    _repaint(click, world)
    return Answer(then=[redraw_below(click, world)])


async def apart(click: Click, world: World) -> Answer:
    """A merge is undone: the proposal stands by itself again."""
    given = metadata_of(click)

    def save(db: Session) -> None:
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        table = lay(db, world, click, given.get("session", ""))
        bundle = table.bundle(given.get("proposal", ""))
        proposals.save(db, take_apart(bundle, _pointed_at(click.value)[0]))

    def look(db: Session) -> View:
        table = lay(db, world, click, given.get("session", ""))
        bundle = table.bundle(given.get("proposal", ""))
        others = [each for each in table.found if each.id != bundle.id]
        back = {name: given.get(name, "") for name in ("session", "page")}
        alike = [each.id for each in looks_like(bundle, others)]
        return views.merge_form(bundle, others, alike, back, table.asker.words)

    await world.write(save)
    view = await world.database.read(look)
    _repaint(click, world)
    return Answer(then=[world.show(click.team, click.view_id, view), redraw_below(click, world)])


def _as_it_was(table: Table, given: dict[str, str]) -> Bundle:
    """The proposal of a form, if nobody changed it since the form was opened."""
    try:
        bundle = table.bundle(given.get("proposal", ""))
        must_be(bundle, number_in(given.get("version", "")))
    except Refused as refused:
        if refused.key == "proposals.changed_meanwhile":
            raise Refused("proposals.open_again", **refused.values) from refused
        raise
    return bundle


def _pointed_at(value: str) -> tuple[str, int]:
    proposal_id, _, version = value.partition(" ")
    return proposal_id, number_in(version)


def _in_review(click: Click) -> bool:
    return str((click.body.get("view") or {}).get("callback_id", "")) == "proposals.review"
