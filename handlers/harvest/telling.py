"""The article as its readers get it: draft, part to read along, post in the channel, file."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.article import State, readers
from bot.programme import Action, Programme, may
from handlers.delivery import Body
from handlers.documents import write
from handlers.harvest.drafting import draft_pages
from handlers.posts import page_of
from handlers.views import harvest as views
from handlers.views import harvest_document as documents
from handlers.words import Words
from storage import article_versions, harvest, memory, programme


def draft(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The draft in the coordinator's messages."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None:
        return None
    reader = programme.member(db, settings.team, str(arguments["user"]))
    if not may(reader, Action.SEE_DRAFT) or not readers(edition.session, [reader]):
        return page_of("", [], int(arguments["page"]), words)
    text, pages = draft_pages(db, settings, edition, words)
    return page_of(text, pages, int(arguments["page"]), words)


def preview(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The draft in a facilitator's messages, without the other groups: those are not everybody's yet."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None:
        return None
    text, pages = views.preview(edition, str(arguments["user"]), words)
    return page_of(text, pages, int(arguments["page"]), words)


def article(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The published article in the channel of its session."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None or edition.article.state is not State.PUBLISHED:
        return None
    text, pages = views.article(edition, words, article_versions.changes(db, edition.article))
    return page_of(text, pages, int(arguments["page"]), words)


def file(
    db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words, template: bytes | None = None
) -> Body | None:
    """The article as a file; `template` is the organisation's own for Word."""
    edition = harvest.edition(db, settings.team, str(arguments["id"]))
    if edition is None:
        return None
    kind, words = str(arguments["format"]), words.in_zone(edition.session.zone)
    name = documents.file_name(edition, kind, words)
    posts = memory.posts(db, [i for c in edition.contributions for i in c.impressions])
    content = write(
        documents.article_document(edition, words, posts, article_versions.changes(db, edition.article)), kind, template
    )
    key = "harvest.file_again" if arguments.get("again") else "harvest.file"
    return Body(words(key, name=name), file=content, file_name=name)
