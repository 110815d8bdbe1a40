"""Taking in what was published before there was an index, a piece at a time, so that nobody waits for it."""

from sqlmodel import Session, col, select

from storage import harvest, material, text_index
from storage.harvest import ArticleRow
from storage.impressions import MaterialRow
from storage.trail import searchable as trail

PIECE = 10
"""Articles, documents or entries of one step; a step takes a few hundredths of a second."""
SEARCHABLE = {"article": harvest.searchable, "material": material.searchable, "trail": trail.searchable}
"""By whose sentences they are: what can be found of one article, document or entry of the trail."""
ALL = "~"
"""Sorts after every id: everything was taken in."""


def is_indexed(db: Session, team: str) -> bool:
    """Say whether everything that was published can be found, in the way this version writes it."""
    state = text_index.state(db, team)
    return state.format == text_index.FORMAT and state.done_to == ALL


def index_more(db: Session, team: str) -> bool:
    """Take in the next few articles, documents and entries of the trail; returns whether there are more. To be called
    until it says no.

    What is published meanwhile is taken in by its own saving. An index of an older version is written anew, and finds
    what it found until then.
    """
    state = text_index.state(db, team)
    at = state.done_to if state.format == text_index.FORMAT else ""
    articles = [
        (f"article:{found}", found)
        for found in db.exec(
            select(ArticleRow.id)
            .where(ArticleRow.team_id == team, ArticleRow.state == "published")
            .where(col(ArticleRow.id) > (at.removeprefix("article:") if at.startswith("article:") else ""))
            .order_by(col(ArticleRow.id))
            .limit(PIECE)
        )
        if at < "material:"
    ]
    documents = [
        (f"material:{found}", found)
        for found in db.exec(
            select(MaterialRow.id)
            .where(MaterialRow.team_id == team)
            .where(col(MaterialRow.id) > (at.removeprefix("material:") if at.startswith("material:") else ""))
            .order_by(col(MaterialRow.id))
            .limit(PIECE)
        )
    ]
    after = at.removeprefix(trail.OWNER) if at.startswith(trail.OWNER) else ""
    of_trail = [(f"{trail.OWNER}{found}", found) for found in trail.ids_after(db, team, after, PIECE)]
    if at.startswith(trail.OWNER):
        documents = []
    some = [*articles, *documents, *of_trail][:PIECE] if at != ALL else []
    for owner, found in some:
        kind, _, _ = owner.partition(":")
        text_index.put(db, team, owner, SEARCHABLE[kind](db, team, found))
    text_index.progress(db, team, some[-1][0] if some else ALL, text_index.FORMAT)
    return bool(some)
