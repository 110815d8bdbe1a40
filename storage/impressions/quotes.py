"""Who was asked whether their words may be used, and which quotes were taken back; their words stand elsewhere."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, col, select

from bot.impressions import Impression, QuoteUse
from bot.impressions.consent import Asked, Permission, Withdrawal
from storage import tombstones
from storage.impressions.records import ImpressionRow, impression_of
from storage.impressions.versions import ImpressionVersionRow, rewrite
from storage.moments import Moment
from storage.rows import Row


class QuoteRow(Row, table=True):
    """Somebody was asked about the quote in a version: its words are those of that version."""

    __tablename__ = "quote"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    version: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    team_id: str
    asked_by: str
    answer: str = ""
    at: datetime = Field(sa_type=Moment)


class QuoteWithdrawalRow(Row, table=True):
    """A quote was taken back: by whom, where it stood, and in which sentences its words stand besides (by offsets)."""

    __tablename__ = "quote_withdrawal"
    impression_id: str = Field(primary_key=True, foreign_key="impression.id")
    version: int = Field(primary_key=True)
    team_id: str
    by: str
    at: datetime = Field(sa_type=Moment)
    mark: str
    places: str
    also: str
    also_in: int


def set_quote(db: Session, impression: Impression) -> None:
    """Write who said the quote and what may be done with it; the version stays."""
    row = db.get_one(ImpressionRow, (impression.team, impression.id))
    row.quote_by, row.quote_use = impression.quote_by, impression.quote_use.value
    db.add(row)
    db.flush()


def ask_speaker(db: Session, impression: Impression, by: str, now: datetime) -> None:
    """Write down that whoever said the quote in the current version is asked."""
    row = db.get(QuoteRow, (impression.team, impression.id, impression.version, impression.quote_by))
    if row is None:
        row = QuoteRow(
            impression_id=impression.id,
            version=impression.version,
            user_id=impression.quote_by,
            team_id=impression.team,
            asked_by=by,
            at=now,
        )
    row.asked_by, row.at, row.answer = by, now, ""
    db.add(row)
    db.flush()


def asked_speakers(db: Session, team: str, impression_id: str) -> list[Asked]:
    """Return everybody who was ever asked about a quote of this impression, in the order in which they were."""
    query = select(QuoteRow).where(QuoteRow.team_id == team, QuoteRow.impression_id == impression_id)
    rows = db.exec(query.order_by(col(QuoteRow.at), col(QuoteRow.version)))
    return [Asked(r.user_id, r.version, r.asked_by, r.at, Permission(r.answer) if r.answer else None) for r in rows]


def save_permission(db: Session, impression: Impression, permission: Permission) -> None:
    """Write what whoever is quoted allows, wherever they were asked about these words."""
    for one in asked_speakers(db, impression.team, impression.id):
        if one.user == impression.quote_by and (
            asked_words(db, impression.team, impression.id, one.version) == impression.contents.quote
        ):
            row = db.get_one(QuoteRow, (impression.team, impression.id, one.version, one.user))
            row.answer = permission.value
            db.add(row)
    db.flush()


def asked_words(db: Session, team: str, impression_id: str, version: int) -> str:
    """Return the quote of a version as it is kept; empty once it was taken back."""
    row = db.get(ImpressionVersionRow, (team, impression_id, version))
    return row.quote if row else ""


def refused_words(db: Session, team: str, impression_ids: Sequence[str]) -> set[str]:
    """Return the quotes of these impressions, of whatever version, to which whoever said them said no."""
    query = (
        select(ImpressionVersionRow.quote)
        .join(
            QuoteRow,
            (col(QuoteRow.impression_id) == ImpressionVersionRow.impression_id)
            & (col(QuoteRow.version) == ImpressionVersionRow.version),
        )
        .where(
            QuoteRow.team_id == team,
            ImpressionVersionRow.team_id == team,
            QuoteRow.answer == Permission.NO.value,
            col(QuoteRow.impression_id).in_(impression_ids),
        )
    )
    return {words for words in db.exec(query) if words} if impression_ids else set()


def quotes_of(db: Session, team: str, user: str) -> list[tuple[Impression, int]]:
    """Return the impressions with a quote about which somebody was asked and that still stands, each with the newest
    version in which they were."""
    query = (
        select(ImpressionRow, QuoteRow.version)
        .join(QuoteRow, col(QuoteRow.impression_id) == ImpressionRow.id)
        .where(
            QuoteRow.team_id == team,
            ImpressionRow.team_id == team,
            QuoteRow.user_id == user,
            col(ImpressionRow.withdrawn_at).is_(None),
        )
        .order_by(col(QuoteRow.at), col(QuoteRow.version))
    )
    found = {row.id: (impression_of(row), version) for row, version in db.exec(query)}
    return [(one, version) for one, version in found.values() if asked_words(db, team, one.id, version)]


def erase_quote(db: Session, impression: Impression, version: int, now: datetime) -> None:
    """Take the quote of a version out of every version, and out of the impression where it still says it.

    Another quote about which somebody else was asked stays. A backup may end with any of these versions, so each of
    them is remembered as erased.
    """
    words = asked_words(db, impression.team, impression.id, version)
    speakers = {one.version: one.user for one in asked_speakers(db, impression.team, impression.id)}
    own = speakers.get(version)
    row = db.get_one(ImpressionRow, (impression.team, impression.id))
    query = select(ImpressionVersionRow).where(
        ImpressionVersionRow.team_id == impression.team, ImpressionVersionRow.impression_id == impression.id
    )
    for kept in db.exec(query).all():
        stands = kept.version == impression.version and row.quote != words
        if kept.quote == words or (not stands and speakers.get(kept.version) in (None, own)):
            kept.quote = ""
            db.add(kept)
            tombstones.record(db, impression.team, "quote", f"{impression.id}:{kept.version}", now)
    if row.quote == words:
        row.quote, row.quote_by, row.quote_use = "", "", QuoteUse.KEPT.value
        db.add(row)
    db.flush()


def erase_words(db: Session, team: str, impression_id: str, sentences: Sequence[str]) -> None:
    """Take these sentences out of every version."""

    def without(part: str, text: str) -> str:
        for sentence in sentences:
            text = text.replace(sentence, "")
        return text

    rewrite(db, team, impression_id, without)


def withdrew(db: Session, team: str, value: Withdrawal) -> None:
    """Write down that a quote was taken back."""
    row = db.get(QuoteWithdrawalRow, (team, value.impression, value.version))
    row = row or QuoteWithdrawalRow(
        impression_id=value.impression, version=value.version, team_id=team, by=value.by, at=value.at, mark=value.mark,
        places="", also="", also_in=value.also_in,
    )  # fmt: skip
    row.by, row.at, row.mark, row.also_in = value.by, value.at, value.mark, value.also_in
    row.places, row.also = json.dumps(value.places), json.dumps(value.also)
    db.add(row)
    db.flush()


def withdrawal(db: Session, team: str, impression_id: str, version: int) -> Withdrawal | None:
    """Return how the quote of a version was taken back, if it was."""
    row = db.get(QuoteWithdrawalRow, (team, impression_id, version))
    return _withdrawal(row) if row else None


def taken_back(db: Session, impression: Impression) -> set[str]:
    """Return the marks of the words that were taken back as a quote of this impression."""
    query = select(QuoteWithdrawalRow.mark).where(
        QuoteWithdrawalRow.team_id == impression.team, QuoteWithdrawalRow.impression_id == impression.id
    )
    return set(db.exec(query))


def forget(db: Session, team: str, impression_id: str) -> None:
    """The impression was withdrawn: nobody is asked about its quote any more."""
    db.connection().execute(
        delete(QuoteRow).where(col(QuoteRow.team_id) == team, col(QuoteRow.impression_id) == impression_id)
    )
    db.expire_all()


def _withdrawal(row: QuoteWithdrawalRow) -> Withdrawal:
    also = tuple((str(part), int(start), int(end)) for part, start, end in json.loads(row.also))
    places = tuple(json.loads(row.places))
    return Withdrawal(row.impression_id, row.version, row.by, row.at, row.mark, places, also, row.also_in)
