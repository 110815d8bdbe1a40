"""A name that was listed after publication leaves the published article too, and every digest that said it."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from bot.article import State
from bot.article.masking import mask_sentence
from bot.programme import Programme
from bot.worksessions import WorkSession
from handlers import digest, theme_harvest
from handlers.harvest.drafting import owe_article, owe_drafts
from handlers.world import World
from storage import attachments, harvest, impressions


def mask_article(
    db: Session, world: World, settings: Programme, session: WorkSession, masked: Callable[[str], str]
) -> None:
    """Mask the article of a session, whose impressions were masked before; owe the changes to whoever read it."""
    article = harvest.of_session(db, session.team, session.id)
    if article is None:
        return
    stored = {found.id: found for found in impressions.of_session(db, session.team, session.id)}
    sentences = article.sentences
    if article.state is State.PUBLISHED:  # a draft was cut anew already
        each = (mask_sentence(s, stored[s.run.impression], masked) for s in sentences if s.run.impression in stored)
        sentences = tuple(sentence for sentence in each if sentence is not None)
    left = replace(article, headline=masked(article.headline), news=masked(article.news), sentences=sentences)
    if left == article and not attachments.of_session(db, session.team, session.id):
        return  # else the name of a file may be another
    left = replace(left, version=article.version + 1, updated_at=world.now())
    harvest.save(db, left)
    if article.state is State.PUBLISHED:
        texts = {sentence.id: sentence.run.text for sentence in left.sentences}
        changed = [s.id for s in article.sentences if texts.get(s.id) != s.run.text]
        digest.take_out(db, left.team, changed, left, world.now())
        theme_harvest.follow(db, world, left.team, changed, f"{left.id}v{left.version}")
        owe_article(db, world, settings, left)
    owe_drafts(db, world, settings, left)
