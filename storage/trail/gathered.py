"""What was gathered out of notes: what is known of them already, what follows when they change, what was looked at."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast
from sqlmodel import Session, col, select

from bot.article import State as ArticleState
from bot.harvest.words import folded
from bot.impressions import PARTS, Impression
from bot.trail.gathering import Seen, follow
from bot.trail.records import State
from bot.trail.sheets import Kind
from bot.trail.tying import TIED
from storage.harvest.rows import ArticleRow
from storage.portions import portions
from storage.promises.records import PromiseRow
from storage.trail.following import follow_words
from storage.trail.keeping import take_out
from storage.trail.reading import one
from storage.trail.rows import TrailChangeRow, TrailRow, TrailValueRow
from storage.trail.searchable import index
from storage.trail.themed import let_themes_go, says
from storage.trail.tie_rows import TrailLookedRow
from storage.trail.ties import untie

CUT = ("title", "what", "effect")
"""The fields that hold words of a note; the others say which choice the engine made."""


def seen(db: Session, team: str, region: str, impressions: Collection[str]) -> Seen:
    """Return what a region's trail holds already, also what was set aside."""
    runs = set()
    for some in portions(impressions):
        query = select(TrailRow).where(
            TrailRow.team_id == team, TrailRow.region_id == region, col(TrailRow.impression_id).in_(some)
        )
        runs |= {(Kind(row.kind), str(row.impression_id), row.field, row.start, row.end) for row in db.exec(query)}
    titled = db.exec(
        select(TrailRow.kind, TrailValueRow.text)
        .join(TrailValueRow, col(TrailValueRow.trail_id) == TrailRow.id)
        .where(
            TrailRow.team_id == team,
            TrailValueRow.team_id == team,
            TrailRow.region_id == region,
            TrailValueRow.name == "title",
        )
    ).all()
    return Seen(frozenset(runs), frozenset((Kind(kind), folded(text)) for kind, text in titled))


def follow_note(db: Session, impression: Impression, now: datetime) -> None:
    """A note was changed or withdrawn: what was gathered out of it follows its words, or goes with them.

    Also what somebody kept: words of a note stand nowhere that the note no longer says. What somebody wrote over them
    is theirs, and stays.
    """
    untie(db, impression.team, impression)
    is_gone = impression.withdrawn_at is not None
    text = "" if is_gone else "\n".join(impression.text(part) for part in PARTS)
    let_themes_go(db, impression.team, impression.id, says(text), now)
    if is_gone:
        follow_words(db, impression.team, take_out(db, impression.team, [impression.id]), now)
        return
    rows = db.exec(
        select(TrailRow).where(TrailRow.team_id == impression.team, TrailRow.impression_id == impression.id)
    ).all()
    for row in rows:
        _follow(db, row, impression, now)
    follow_words(db, impression.team, [row.id for row in rows], now)


def _follow(db: Session, row: TrailRow, impression: Impression, now: datetime) -> None:
    entry = one(db, row.team_id, row.id)
    values = db.exec(
        select(TrailValueRow).where(TrailValueRow.team_id == row.team_id, TrailValueRow.trail_id == row.id)
    ).all()
    cut_out = {value.name: value for value in values if value.impression_id and value.name in CUT}
    if entry is None or not cut_out:
        return
    followed = follow(entry, cut_out.keys(), impression)
    if followed is None:
        _go(db, row)
        return
    said, start, end = followed
    for name, value in cut_out.items():
        if value.text != said[name].text:  # no change is kept of it: that would keep what the group took out
            value.text = said[name].text
            db.add(value)
            row.version, row.changed_at = row.version + 1, now
    if "title" in cut_out:
        row.start, row.end = start, end
    db.add(row)
    db.flush()
    index(db, row.team_id, [row.id])


def take_out_said(db: Session, team: str, impression: str, said: Collection[str], now: datetime) -> None:
    """Sentences of a note were taken out of its published article: what was cut out of them goes."""
    taken = [says(text) for text in said]
    let_themes_go(db, team, impression, lambda words: not any(within(words) for within in taken), now)
    rows = db.exec(select(TrailRow).where(TrailRow.team_id == team, TrailRow.impression_id == impression)).all()
    gone = []
    for row in rows:
        value = db.get(TrailValueRow, (team, row.id, "title"))
        title = value.text.removesuffix("…") if value and value.impression_id else ""
        if title and any(title in text for text in said):
            _go(db, row)
            gone.append(row.id)
    follow_words(db, team, gone, now)


def _go(db: Session, row: TrailRow) -> None:
    """Take the words of one entry out, as `take_out` does for a whole note; it is not proposed again."""
    for table in (TrailValueRow, TrailChangeRow):
        of_entry = (col(table.team_id) == row.team_id, col(table.trail_id) == row.id)
        for each in db.exec(select(table).where(*of_entry)).all():
            db.delete(each)
    row.state, row.version = State.DROPPED.value, row.version + 1
    db.add(row)
    db.flush()
    index(db, row.team_id, [row.id])


def to_look_at(db: Session, team: str, since: datetime, most: int) -> list[str]:
    """Return what the engine has not looked at: articles published since, points and examples as they are now, and
    promises to which somebody said yes.

    Each as "article:<id>", "entry:<id>:<version>" or "promise:<id>".
    """
    found: list[str] = []
    article = "article:" + col(ArticleRow.id)
    articles = select(article).where(
        ArticleRow.team_id == team,
        ArticleRow.state == ArticleState.PUBLISHED.value,
        col(ArticleRow.published_at) >= since,
        ~_looked(team, article),
    )
    entry = "entry:" + col(TrailRow.id) + ":" + cast(col(TrailRow.version), String)
    entries = select(entry).where(
        TrailRow.team_id == team,
        col(TrailRow.kind).in_([kind.value for kind in (*TIED, Kind.EXAMPLE)]),
        col(TrailRow.state).in_([State.KEPT.value, State.SHARED.value]),
        col(TrailRow.region_id).is_not(None),
        ~_looked(team, entry),
    )
    promise = "promise:" + col(PromiseRow.id)
    promises = select(promise).where(
        PromiseRow.team_id == team, col(PromiseRow.agreed_at).is_not(None), ~_looked(team, promise)
    )
    for query in (
        articles.order_by(col(ArticleRow.published_at)),
        entries.order_by(col(TrailRow.id)),
        promises.order_by(col(PromiseRow.id)),
    ):
        found += db.exec(query.limit(most)).all()
    return found[:most]


def look(db: Session, team: str, subject: str, now: datetime) -> bool:
    """Remember that the engine looked at something; returns False when it had already."""
    if db.get(TrailLookedRow, (team, subject)) is not None:
        return False
    db.add(TrailLookedRow(team_id=team, subject=subject, at=now))
    db.flush()
    return True


def _looked(team: str, subject: ColumnElement[str]) -> ColumnElement[bool]:
    return (
        select(TrailLookedRow.subject).where(TrailLookedRow.team_id == team, TrailLookedRow.subject == subject).exists()
    )
