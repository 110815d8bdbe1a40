"""The coordinator's list of themes: names, criterion, merging, taking apart, and undoing that."""

from collections.abc import Callable
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action, allow
from bot.themes import Card
from bot.themes.deciding import check_theme, must_be, must_differ, must_leave_some, undoable
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.themes import showing
from handlers.themes.deciding import number_in, pointed_at
from handlers.themes.proposing import below_of, in_window
from handlers.themes.telling import repaint
from handlers.themes.unnaming import name_again
from handlers.views import themes_list as views
from handlers.world import Asker, World
from storage import inbox, programme
from storage.themes import changing

FIELDS = ("name", "short", "criterion", "aliases")
Save = Callable[[Session, Asker], list[Problem]]


async def open_list(click: Click, world: World) -> Answer:
    """The coordinator wants to see every theme, or another page of them."""
    page = number_in(click.value) if click.kind == "action" else 0
    view = await world.database.read(partial(_list, click, world, page))
    if in_window(click, "themes.list"):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view)])


def _asker(db: Session, world: World, click: Click) -> Asker:
    asker = world.asker(db, click)
    allow(asker.member, Action.CURATE_THEMES)
    return asker


def _list(click: Click, world: World, page: int, db: Session) -> View:
    asker = _asker(db, world, click)
    return views.listing(changing.cards(db, click.team), page, asker.words)


async def open_theme(click: Click, world: World) -> Answer:
    """The coordinator opens one theme."""
    view = await world.database.read(partial(_theme, click, world, click.value))
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _theme(click: Click, world: World, theme: str, db: Session) -> View:
    asker, card = _asker(db, world, click), changing.card(db, click.team, theme)
    if card is None:
        raise Refused("themes.no_theme")
    trail = changing.trail(db, click.team, card.id)
    users = {change.by for change in trail} | {change.undone_by for change in trail}
    names = {member.user: member.name for member in programme.members(db, click.team, users)}
    return views.theme(card, trail, names, asker.words)


async def open_new(click: Click, world: World) -> Answer:
    """The coordinator wants to make a theme."""
    asker = await world.database.read(partial(_asker, world=world, click=click))
    return Answer(then=[world.open(click, views.new(asker.words), push=click.in_form)])


async def open_merge(click: Click, world: World) -> Answer:
    """The coordinator wants a theme to go on in another."""

    def look(db: Session) -> View:
        asker, card = _asker(db, world, click), _card(db, click, *pointed_at(click.value))
        return views.merge_form(card, changing.cards(db, click.team), asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


async def open_split(click: Click, world: World) -> Answer:
    """The coordinator wants some notes of a theme under a new one."""

    def look(db: Session) -> View:
        asker, card = _asker(db, world, click), _card(db, click, *pointed_at(click.value))
        found = changing.notes_of(db, click.team, card.id, views.MOST_NOTES)
        begins = showing.first_sentences(db, click.team, found)
        return views.split_form(card, begins, asker.words)

    return Answer(then=[world.open(click, await world.database.read(look), push=click.in_form)])


def _card(db: Session, click: Click, theme: str, version: int) -> Card:
    return must_be(changing.card(db, click.team, theme), version)


def _given(db: Session, click: Click) -> Card:
    """The theme of a form, as it was when the form was opened. Raises Refused."""
    given = metadata_of(click)
    return _card(db, click, given.get("theme", ""), number_in(given.get("version", "")))


async def save_new(click: Click, world: World) -> Answer:
    """A theme that nobody proposed was handed in."""

    def save(db: Session, asker: Asker) -> list[Problem]:
        fields = {name: click.text(name) for name in FIELDS}
        named, problems = check_theme(fields, changing.names_taken(db, click.team))
        problems = [*problems, *check_texts(db, asker.settings, None, fields).problems]
        if named is not None and not problems:
            changing.make(db, click.team, world.ids("th"), named, click.user, world.now())
        return problems

    return await _save(click, world, save)


async def save_edit(click: Click, world: World) -> Answer:
    """The names, the criterion and the aliases of a theme were handed in."""

    def save(db: Session, asker: Asker) -> list[Problem]:
        card = _given(db, click)
        fields = {name: click.text(name) for name in FIELDS}
        named, problems = check_theme(fields, changing.names_taken(db, click.team), card.id)
        problems = [*problems, *check_texts(db, asker.settings, None, fields).problems]
        if named is not None and not problems:
            changing.edit(db, click.team, card, named, click.user, world.now())
            name_again(db, world, asker.settings, card.id, card.name)
        return problems

    return await _save(click, world, save)


async def save_merge(click: Click, world: World) -> Answer:
    """A theme goes on in another."""

    def save(db: Session, asker: Asker) -> list[Problem]:
        card, into = _given(db, click), changing.card(db, click.team, click.text("into"))
        if into is None:
            raise Refused("themes.no_theme")
        must_differ(card, into)
        changing.merge(db, click.team, card, into, click.user, world.now())
        return []

    return await _save(click, world, save)


async def save_split(click: Click, world: World) -> Answer:
    """Some notes of a theme go under a new one."""

    def save(db: Session, asker: Asker) -> list[Problem]:
        card = _given(db, click)
        fields = {name: click.text(name) for name in ("name", "short")}
        named, problems = check_theme(fields, changing.names_taken(db, click.team))
        problems = [*problems, *check_texts(db, asker.settings, None, fields).problems]
        if named is None or problems:
            return problems
        chosen = click.many("notes")
        must_leave_some(chosen, changing.notes_of(db, click.team, card.id, views.MOST_NOTES))
        new = world.ids("th")
        changing.take_apart(db, click.team, card, new, named, chosen, click.user, world.now())
        return []

    return await _save(click, world, save)


async def _save(click: Click, world: World, save: Save) -> Answer:
    """Do it once, whatever Slack delivers twice; then let the windows below and the messages follow."""

    def work(db: Session) -> tuple[Asker, list[Problem]]:
        asker = _asker(db, world, click)
        if inbox.seen(db, click.team, click.key):
            return asker, []
        problems = save(db, asker)
        if not problems:
            inbox.first(db, click.team, click.key, world.now())
            repaint(db, world, click.team)
        return asker, problems

    asker, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, asker.words, problems))
    below = below_of(click)
    return Answer(then=[_redraw_list(click, world, below)] if below else [])


async def _redraw_list(click: Click, world: World, below: str) -> None:
    """The window below is the list, or the theme whose form this was: it shows what is true now."""
    theme = metadata_of(click).get("theme", "")
    above_theme = bool(theme) and not in_window(click, "themes.edit")
    look = partial(_theme, click, world, theme) if above_theme else partial(_list, click, world, 0)
    await world.show(click.team, below, await world.database.read(look))


async def undo(click: Click, world: World) -> Answer:
    """The coordinator takes the last change of a theme back."""

    def work(db: Session) -> str:
        _asker(db, world, click)
        theme, _, change = click.value.partition(" ")
        card = changing.card(db, click.team, theme)
        if card is None or card.id != theme:
            raise Refused("themes.no_theme")
        if inbox.first(db, click.team, click.key, world.now()):
            found = undoable(changing.trail(db, click.team, theme), number_in(change))
            changing.undo(db, click.team, found, click.user, world.now())
            repaint(db, world, click.team)
        return theme

    theme = await world.write(work)
    return Answer(then=[_redraw(click, world, theme)] if click.view_id else [])


async def _redraw(click: Click, world: World, theme: str) -> None:
    """The theme as it is now; a theme that was taken back is a line of the list no more."""

    def look(db: Session) -> View:
        stands = changing.card(db, click.team, theme)
        return _theme(click, world, theme, db) if stands else _list(click, world, 0, db)

    await world.show(click.team, click.view_id, await world.database.read(look))
