"""Which files stand with an article: the coordinator leaves out what does not belong there."""

from dataclasses import replace
from functools import partial

from sqlmodel import Session

from bot.article import Edition, State
from bot.problem import Refused
from bot.programme import Action, Programme
from bot.worksessions import WorkSession
from handlers.harvest.drafting import article_for, owe_article, owe_drafts
from handlers.routing import Answer, Click, metadata_of
from handlers.views import attachments as views
from handlers.world import Asker, World
from storage import attachments, harvest, inbox


async def open_downloads(click: Click, world: World) -> Answer:
    """The coordinator wants to choose which files stand with the article."""
    asker, edition = await world.database.read(partial(_choosable, click, world, click.value))
    return Answer(then=[world.open(click, views.downloads_form(edition, asker.words))])


def _choosable(click: Click, world: World, article_id: str, db: Session) -> tuple[Asker, Edition]:
    asker = world.asker(db, click)
    article = article_for(db, click.team, article_id, asker, Action.EDIT_ARTICLE)
    edition = harvest.edition(db, click.team, article.id)
    if edition is None or not edition.attachments:
        raise Refused("attachments.none")
    return asker, edition


async def save_downloads(click: Click, world: World) -> Answer:
    """What was chosen stands with the article from now on, wherever it was posted. A file that came in while the form
    was open stays: nobody judged it."""

    def save(db: Session) -> None:
        asker, edition = _choosable(click, world, metadata_of(click).get("article", ""), db)
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        seen = {option["value"] for option in _options(click)}
        for file in edition.attachments:
            if file.id in seen:
                attachments.save(db, replace(file, left_out=file.id not in click.many("listed")))
        list_anew(db, world, asker.settings, edition.session)

    await world.write(save)
    return Answer()


def _options(click: Click) -> list[dict[str, str]]:
    blocks = (click.body.get("view") or {}).get("blocks") or []
    return [option for block in blocks for option in (block.get("element") or {}).get("options") or []]


def list_anew(db: Session, world: World, settings: Programme, session: WorkSession) -> None:
    """The files of a session changed: whoever has the article or its draft gets the list as it is now."""
    article = harvest.of_session(db, session.team, session.id)
    if article is None:
        return
    changed = replace(article, version=article.version + 1, updated_at=world.now())
    harvest.save(db, changed)
    owe_drafts(db, world, settings, changed)
    if article.state is State.PUBLISHED:
        owe_article(db, world, settings, changed)
