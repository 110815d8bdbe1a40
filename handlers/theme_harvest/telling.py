"""The harvest document as its reader gets it, made from live rows at the moment of sending."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.programme import Action, Programme, may
from bot.theme_harvest import ThemeHarvest, compose
from handlers.delivery import Body
from handlers.documents import write
from handlers.posts import page_of
from handlers.views import theme_harvest as views
from handlers.views import theme_harvest_document as documents
from handlers.words import Words
from storage import programme
from storage import theme_harvest as store


def made(db: Session, team: str, theme_id: str) -> ThemeHarvest | None:
    """Return the document on a confirmed theme as it is now."""
    theme = store.one(db, team, theme_id)
    return compose(store.gather(db, team, theme)) if theme else None


def document(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """One page of the document in the messages of who asked."""
    found = made(db, settings.team, str(arguments["id"]))
    reader = programme.member(db, settings.team, str(arguments["user"]))
    allowed = found is not None and may(reader, Action.SEE_PUBLISHED)
    text, pages = views.document(found, words) if found is not None and allowed else views.gone(words)
    return page_of(text, pages, int(arguments["page"]), words)


def file(
    db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words, template: bytes | None = None
) -> Body | None:
    """The document as a file; `template` is the organisation's own for Word."""
    found = made(db, settings.team, str(arguments["id"]))
    if found is None:
        return None
    kind = str(arguments["format"])
    name = documents.file_name(found, kind, words)
    key = "theme_harvest.file_again" if arguments.get("again") else "theme_harvest.file"
    content = write(documents.theme_document(found, words), kind, template)
    return Body(words(key, name=name), file=content, file_name=name)
