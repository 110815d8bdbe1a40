"""Published sentences under a theme, each of which a coordinator can put under another."""

from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, allow
from handlers.routing import Answer, Click, metadata_of
from handlers.views import themes_list as views
from handlers.world import World
from storage import harvest, inbox
from storage.themes import articles, changing, teaching

MOST = 25
"""Sentences in one window, the newest."""


async def open_sentences(click: Click, world: World) -> Answer:
    """The coordinator wants to see which published sentences stand under a theme."""
    view = await world.database.read(partial(_view, click, world, click.value))
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _view(click: Click, world: World, theme: str, db: Session) -> View:
    asker = world.asker(db, click)
    allow(asker.member, Action.CURATE_THEMES)
    cards = changing.cards(db, click.team)
    card = changing.card(db, click.team, theme)
    if card is None:
        raise Refused("themes.no_theme")
    family = changing.family(db, click.team, card.id)
    ids = articles.under(db, click.team, family, MOST)
    found = {each.id: each for each in harvest.published_sentences(db, click.team, ids=ids)} if ids else {}
    shown = [found[each] for each in ids if each in found and found[each].theme == card.id]
    return views.sentences(card, shown, cards, asker.words)


async def move(click: Click, world: World) -> Answer:
    """The coordinator puts one sentence under another theme: that teaches, and stays when the article changes."""

    def save(db: Session) -> None:
        asker, now = world.asker(db, click), world.now()
        allow(asker.member, Action.CURATE_THEMES)
        sentence, _, theme = click.value.partition(" ")
        card = changing.card(db, click.team, theme)
        found = harvest.published_sentences(db, click.team, ids=[sentence])
        if card is None or not found:
            raise Refused("themes.no_theme")
        if inbox.first(db, click.team, click.key, now):
            articles.move_sentence(db, click.team, sentence, card.id, click.user)
            teaching.confirm(db, click.team, found[0].impression, card.id, click.user, now)

    await world.write(save)
    theme = metadata_of(click).get("theme", "")
    return Answer(then=[_redraw(click, world, theme)] if click.view_id else [])


async def _redraw(click: Click, world: World, theme: str) -> None:
    await world.show(click.team, click.view_id, await world.database.read(partial(_view, click, world, theme)))
