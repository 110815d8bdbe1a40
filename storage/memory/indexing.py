"""Taking in what was published before there was an index, a piece at a time, so that nobody waits for it."""

from sqlmodel import Session, col, select

from storage import harvest, material, text_index
from storage.harvest import ArticleRow
from storage.impressions import MaterialRow

PIECE = 10
"""Articles or documents of one step; a step takes a few hundredths of a second."""
ALL = "~"
"""Sorts after every id: everything was taken in."""


def is_indexed(db: Session, team: str) -> bool:
    """Say whether everything that was published can be found, in the way this version writes it."""
    state = text_index.state(db, team)
    return state.format == text_index.FORMAT and state.done_to == ALL


def index_more(db: Session, team: str) -> bool:
    """Take in the next few articles and documents; returns whether there are more. To be called until it says no.

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
    some = [*articles, *documents][:PIECE] if at != ALL else []
    for owner, found in some:
        entries = harvest.searchable if owner.startswith("article:") else material.searchable
        text_index.put(db, team, owner, entries(db, team, found))
    text_index.progress(db, team, some[-1][0] if some else ALL, text_index.FORMAT)
    return bool(some)
