"""What a model wrote and may be used again: cards of notes, and sections that are still about the published words."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import String, bindparam, text
from sqlmodel import Session, col, select

from bot.harvest import Claim, SentenceKind
from bot.writing import NoteCard, Placed, Point, Section, section_key
from storage.writing.records import (
    WritingCardRow,
    WritingClaimRow,
    WritingSectionRow,
    WritingSourceRow,
    erase_sections,
)

_PUBLISHED = text("""
SELECT s.id, s.text, s.impression_id FROM article_sentence s
JOIN article a ON a.team_id = s.team_id AND a.id = s.article_id AND a.state = 'published'
JOIN work_session w ON w.team_id = a.team_id AND w.id = a.work_session_id AND substr(w.channel_id, 1, 1) <> 'D'
WHERE s.team_id = :team AND s.id IN :ids
""").bindparams(bindparam("ids", expanding=True, type_=String))
_OF_NOTES = text("""
SELECT s.id FROM article_sentence s
JOIN article a ON a.team_id = s.team_id AND a.id = s.article_id AND a.state = 'published'
WHERE s.team_id = :team AND s.impression_id IN :notes ORDER BY s.article_id, s.position
""").bindparams(bindparam("notes", expanding=True, type_=String))


def section(db: Session, team: str, theme_id: str | None, sentence_ids: Collection[str]) -> Section | None:
    """Return what a model wrote about a theme from exactly these published sentences, as they read now.

    None where it wrote nothing, where nothing passed, or where one of them was changed, withdrawn or is not published:
    then the sentences are shown themselves. The order of the ids makes no difference.
    """
    if theme_id is None or not sentence_ids:
        return None
    now = _published(db, team, sentence_ids)
    if len(now) != len(set(sentence_ids)):
        return None
    key = section_key(theme_id, ((one, said) for one, (said, _) in now.items()))
    row = db.get(WritingSectionRow, (team, key))
    query = select(WritingClaimRow).where(WritingClaimRow.team_id == team, WritingClaimRow.section_key == key)
    claims = db.exec(query.order_by(col(WritingClaimRow.position))).all() if row else []
    if row is None or not claims:
        return None
    made = tuple(Claim(claim.text, tuple(json.loads(claim.evidence)), theme_id) for claim in claims)
    return Section(theme_id, made, tuple(json.loads(row.quotes)))


def sentences_of(db: Session, team: str, notes: Collection[str]) -> list[str]:
    """Return the ids of the published sentences of these notes."""
    found = db.connection().execute(_OF_NOTES, {"team": team, "notes": sorted(set(notes))})
    return [row.id for row in found]


def is_written(db: Session, team: str, key: str, made_with: str) -> bool:
    """Say whether this was asked already, with whatever result, so that nobody asks it again."""
    row = db.get(WritingSectionRow, (team, key))
    return row is not None and row.made_with == made_with


def save_section(
    db: Session,
    team: str,
    theme_id: str,
    sentences: Mapping[str, str],
    made_with: str,
    written: Section | None,
    now: datetime,
) -> bool:
    """Keep a section, or that nothing came of it (`written` is None). `sentences` is what the model read, by id.

    Returns False, and keeps nothing, when one of the sentences does not say that any more.
    """
    published = _published(db, team, list(sentences))
    if {one: said for one, (said, _) in published.items()} != dict(sentences):
        return False
    key = section_key(theme_id, sentences.items())
    erase_sections(db, team, [key])
    quotes = json.dumps(written.quotes if written else ())
    db.add(
        WritingSectionRow(
            team_id=team, key=key, theme_id=theme_id, made_with=made_with, quotes=quotes, made_at=now
        )
    )  # fmt: skip
    for one, (_, note) in sorted(published.items()):
        db.add(WritingSourceRow(team_id=team, section_key=key, sentence_id=one, impression_id=note))
    for position, claim in enumerate(written.claims if written else ()):
        db.add(
            WritingClaimRow(
                team_id=team, section_key=key, position=position, text=claim.text, evidence=json.dumps(claim.evidence)
            )
        )
    db.flush()
    return True


def cards(db: Session, team: str, keys: Collection[str]) -> dict[str, NoteCard]:
    """Return the cards that are kept under these keys."""
    found: dict[str, NoteCard] = {}
    wanted = sorted(keys)
    for at in range(0, len(wanted), 500):
        query = select(WritingCardRow).where(
            WritingCardRow.team_id == team, col(WritingCardRow.key).in_(wanted[at : at + 500])
        )
        found |= {row.key: _card(row) for row in db.exec(query)}
    return found


def save_cards(db: Session, team: str, made: Iterable[tuple[str, NoteCard]], now: datetime) -> None:
    """Keep cards under their keys; of a note that is not published any more nothing is kept."""
    found = list(made)
    here = _still_here(db, team, [card.note for _, card in found])
    for key, card in found:
        if card.note in here and db.get(WritingCardRow, (team, key)) is None:
            db.add(WritingCardRow(team_id=team, key=key, impression_id=card.note, data=_packed(card), made_at=now))
    db.flush()


def _published(db: Session, team: str, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), 500):
        rows = db.connection().execute(_PUBLISHED, {"team": team, "ids": wanted[at : at + 500]})
        found |= {row.id: (row.text, row.impression_id) for row in rows}
    return found


def _still_here(db: Session, team: str, notes: Sequence[str]) -> set[str]:
    query = text(
        "SELECT id FROM impression WHERE team_id = :team AND withdrawn_at IS NULL AND id IN :ids"
    ).bindparams(bindparam("ids", expanding=True, type_=String))  # fmt: skip
    return {row.id for row in db.connection().execute(query, {"team": team, "ids": sorted(set(notes))})}


def _packed(card: NoteCard) -> str:
    return json.dumps(
        {
            "points": [[list(one.sentences), one.gist, one.kind.value] for one in card.points],
            "themes": [[one.theme, list(one.sentences)] for one in card.themes],
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _card(row: WritingCardRow) -> NoteCard:
    data = json.loads(row.data)
    points = tuple(Point(tuple(ids), gist, SentenceKind(kind)) for ids, gist, kind in data["points"])
    return NoteCard(row.impression_id, points, tuple(Placed(theme, tuple(ids)) for theme, ids in data["themes"]))
