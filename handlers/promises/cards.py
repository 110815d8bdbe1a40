"""The card of a promise in the thread of the article: owed once it is published and its owner stands for it."""

from sqlmodel import Session

from bot.article import Article, Contribution
from bot.article.composing import run_at
from bot.promises import Promise
from bot.worksessions import WorkSession
from handlers.world import World
from storage import delivery, promises
from storage import harvest as articles


def owe_cards(db: Session, world: World, session: WorkSession, article: Article) -> None:
    """Owe the thread of a published article a card for each promise in it that has none yet."""
    contributions = articles.contributions(db, session)
    for promise in promises.of_session(db, session.team, session.id):
        key = f"promises.card:{promise.id}"
        if not promise.is_public or promise.place is None or promise.impression not in article.sources:
            continue
        if not promise.stands or delivery.parcel(db, session.team, key) is not None:
            continue
        if _shows(contributions, promise):
            delivery.plan(
                db,
                team=session.team,
                key=key,
                kind="promises.card",
                arguments={"id": promise.id},
                channel=session.channel,
                thread_key=f"harvest.article:{article.id}",
                now=world.now(),
            )


def _shows(contributions: list[Contribution], promise: Promise) -> bool:
    """Whether the words of a promise may be read outside its group."""
    return any(
        contribution.shows(run_at(impression, promise.place.part, promise.place.start, promise.place.end))
        for contribution in contributions
        for impression in contribution.impressions
        if promise.place is not None and impression.id == promise.impression
    )
