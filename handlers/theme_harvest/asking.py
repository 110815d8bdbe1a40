"""Somebody asks for the document of a theme: by its name, from the list, or as a file."""

from functools import partial

from sqlmodel import Session

from bot.delivery import Operation
from bot.harvest import Theme
from bot.problem import Refused
from bot.programme import Action, allow
from handlers.documents import COMMAND, FORMATS, installed
from handlers.posts import owe_pages
from handlers.routing import Answer, Click
from handlers.theme_harvest.following import remember
from handlers.theme_harvest.telling import made
from handlers.views import theme_harvest as views
from handlers.world import Asker, World
from storage import delivery, inbox
from storage import theme_harvest as store


async def open_choice(click: Click, world: World) -> Answer:
    """Somebody wants a document and chooses the theme from a list."""
    return await _choice(click, world)


async def _choice(click: Click, world: World, unknown: str = "") -> Answer:
    asker, themes = await world.database.read(partial(_choosable, click, world))
    return Answer(then=[world.open(click, views.choose_form(themes, asker.words, unknown))])


def _choosable(click: Click, world: World, db: Session) -> tuple[Asker, list[Theme]]:
    asker = world.asker(db, click)
    allow(asker.member, Action.SEE_PUBLISHED)
    return asker, store.shown(db, click.team)


async def ask(click: Click, world: World) -> Answer:
    """`/oogst oogst OZA`: the document of that theme; without a name, or with one nobody knows, the list."""
    name = click.value.strip()

    def find(db: Session) -> Theme | None:
        allow(world.asker(db, click).member, Action.SEE_PUBLISHED)
        return store.named(db, click.team, name)

    theme = await world.database.read(find) if name else None
    if theme is None:
        return await _choice(click, world, name)
    asker = await world.write(partial(_owe, click, world, theme.id))
    return Answer(then=[world.whisper(click, asker.words("theme_harvest.coming"))])


async def choose(click: Click, world: World) -> Answer:
    """A theme was chosen from the list; its document comes in the messages of who chose."""
    await world.write(partial(_owe, click, world, click.text("theme")))
    return Answer()


def _owe(click: Click, world: World, theme_id: str, db: Session) -> Asker:
    asker, now = world.asker(db, click), world.now()
    allow(asker.member, Action.SEE_PUBLISHED)
    found = made(db, click.team, theme_id)
    if found is None:
        raise Refused("theme_harvest.gone")
    if not inbox.first(db, click.team, click.key, now):
        return asker
    key = f"theme_harvest.document:{found.theme.id}:{world.ids('td')}"
    pages = len(views.document(found, asker.words)[1])
    owe_pages(
        db,
        team=click.team,
        key=key,
        kind="theme_harvest.document",
        arguments={"id": found.theme.id, "user": click.user},
        pages=pages,
        version=1,
        now=now,
        user=click.user,
    )
    remember(db, click.team, key, found)
    return asker


async def take_along(click: Click, world: World) -> Answer:
    """The menu beside the document: the same as a file."""
    kind, _, theme_id = click.value.partition(":")

    def save(db: Session) -> Asker:
        asker = world.asker(db, click)
        allow(asker.member, Action.SEE_PUBLISHED)
        found = made(db, click.team, theme_id)
        if found is None or kind not in FORMATS:
            raise Refused("theme_harvest.gone")
        if not installed(kind):
            raise Refused("documents.not_installed", command=COMMAND)
        inbox.first(db, click.team, click.key, world.now())
        key = f"theme_harvest.file:{found.theme.id}:{kind}:{click.key}"
        delivery.plan(
            db,
            team=click.team,
            key=key,
            kind="theme_harvest.file",
            arguments={"id": found.theme.id, "format": kind},
            user=click.user,
            operation=Operation.FILE,
            now=world.now(),
        )
        remember(db, click.team, key, found)
        return asker

    asker = await world.write(save)
    return Answer(then=[world.whisper(click, asker.words("harvest.file_coming"))])
