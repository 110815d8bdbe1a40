"""The card of a promise in the thread of the article: owed once it is published and its owner stands for it.

And which promises everybody may read: an owner's yes does not put words in a channel that their group objects to.
"""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from bot.article import Article, Contribution, State
from bot.article.composing import run_at
from bot.promises import Promise
from bot.worksessions import WorkSession
from handlers.world import World
from storage import delivery, impressions, promises, worksessions
from storage import harvest as articles


def owe_cards(db: Session, world: World, session: WorkSession, article: Article) -> None:
    """Owe the thread of a published article a card for each promise in it that has none yet."""
    contributions = articles.contributions(db, session)
    for promise in promises.of_session(db, session.team, session.id):
        key = f"promises.card:{promise.id}"
        posted = delivery.parcel(db, session.team, key)
        if posted is not None:
            if not delivery.is_changing(db, session.team, key) and not readable(db, [promise]):  # it was taken out
                delivery.plan_change(db, team=session.team, of=key, why=f"out:v{article.version}", now=world.now())
            continue
        if not promise.is_public or promise.place is None or promise.impression not in article.sources:
            continue
        if not promise.stands:
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


def readable(db: Session, found: Sequence[Promise]) -> list[Promise]:
    """Keep the promises of which everybody may read the words: all of it the owner's own, or what may leave the group.

    Before publication that is what may stand in the article. Afterwards it is what stands there, and what nobody of
    the group objects to.
    """
    kept: list[Promise] = []
    rules: dict[str, Callable[[Promise], bool]] = {}
    for promise in found:
        if promise.work_session not in rules:
            rules[promise.work_session] = _rule_of(db, promise.team, promise.work_session)
        if promise.own_words or rules[promise.work_session](promise):
            kept.append(promise)
    return kept


def _rule_of(db: Session, team: str, session_id: str) -> Callable[[Promise], bool]:
    """What decides for the promises of one session, with everything read that it needs."""
    session, article = worksessions.one(db, team, session_id), articles.of_session(db, team, session_id)
    if session is None:
        return lambda promise: False
    contributions = articles.contributions(db, session)
    if article is None or article.state is not State.PUBLISHED:
        return lambda promise: _shows(contributions, promise)
    notes = [note for contribution in contributions for note in contribution.impressions]
    stands = impressions.standings(db, session, [contribution.group for contribution in contributions], notes)

    def reads(promise: Promise) -> bool:
        (told,) = promises.told(db, [promise])
        if any(told.stands_in(s.run.impression, s.run.field, s.run.text) for s in article.sentences):
            return True
        standing = stands.get(promise.impression)
        return standing is not None and not standing.objections

    return reads


def _shows(contributions: list[Contribution], promise: Promise) -> bool:
    """Whether the words of a promise may be read outside its group."""
    return any(
        contribution.shows(run_at(impression, promise.place.part, promise.place.start, promise.place.end))
        for contribution in contributions
        for impression in contribution.impressions
        if promise.place is not None and impression.id == promise.impression
    )
