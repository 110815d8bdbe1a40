"""What the thread, the author and a facilitator read."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.impressions import withdraw
from bot.programme import Programme
from handlers import promises
from handlers.delivery import Body
from handlers.impressions.keeping import group_of
from handlers.posts import page_of
from handlers.trail.tying import under_note
from handlers.views import impressions as views
from handlers.words import Words
from storage import harvest as articles
from storage import impressions, programme


def post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The impression in the thread of its group; a thread that it left does not hear what another group says."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    _, group = group_of(db, settings.team, str(arguments["group"]))
    if impression.group != group.id:
        impression = withdraw(impression, impression.updated_at)
    author = programme.member(db, settings.team, impression.author)
    text, pages = views.post(group, impression, author, words)
    return page_of(text, pages, int(arguments["page"]), words)


def shared(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """What its author is told."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    session, group = group_of(db, settings.team, impression.group)
    article = articles.of_session(db, settings.team, session.id)
    too_late = article is not None and article.published_at is not None and impression.id not in article.sources
    text, blocks = views.shared(group, impression, too_late, words)
    tied = under_note(db, impression, words)
    return Body(text, [*blocks, *promises.offer_row(db, impression, words), *tied])
