"""Notes of which a person has to say under which theme they belong: "waar hoort dit bij?"."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, bindparam, text
from sqlmodel import Session

from bot.impressions import PARTS
from bot.themes import MOST_CANDIDATES, Origin, Question, Spot, Under

_PARTS = ", ".join(f"i.{part}" for part in PARTS)
_FROM = """
FROM theme_candidate c
JOIN theme t ON t.team_id = c.team_id AND t.id = c.theme_id AND t.status = 'active'
JOIN impression i ON i.team_id = c.team_id AND i.id = c.impression_id AND i.withdrawn_at IS NULL
LEFT JOIN "group" g ON g.team_id = i.team_id AND g.id = i.group_id
LEFT JOIN work_session s ON s.team_id = i.team_id AND s.id = i.work_session_id
LEFT JOIN material m ON m.team_id = i.team_id AND m.id = i.material_id
LEFT JOIN theme_placement p ON p.team_id = i.team_id AND p.impression_id = i.id
WHERE c.team_id = :team AND (:everything OR g.facilitator = :user OR g.note_taker = :user OR i.author = :user)
"""
_COUNT = text(f"SELECT count(DISTINCT c.impression_id) {_FROM}")
_FIRST = text(
    f"SELECT c.impression_id AS id {_FROM} GROUP BY c.impression_id"
    " ORDER BY min(CASE WHEN p.state = 'unsure' THEN 0 ELSE 1 END), max(i.created_at) DESC, c.impression_id LIMIT :most"
)
_ROWS = text(
    'SELECT c.impression_id, c.theme_id, c.certainty, c.field, c.start, c."end", t.name, p.state,'
    f" g.id AS group_id, g.number, g.facilitator, g.note_taker, i.author, i.work_session_id, s.title, s.starts_at,"
    f" m.title AS document, {_PARTS} {_FROM} AND c.impression_id IN :ids"
    " ORDER BY c.impression_id, c.certainty DESC, c.theme_id"
).bindparams(bindparam("ids", expanding=True, type_=String))


def count(db: Session, team: str, user: str, *, everything: bool) -> int:
    """Return how many notes wait for somebody: their own groups', or with `everything` all of them. One statement."""
    found = db.connection().execute(_COUNT, {"team": team, "user": user, "everything": everything})
    return int(found.scalar_one())


def questions(db: Session, team: str, user: str, *, everything: bool, most: int) -> list[Question]:
    """Return the first `most` notes that wait for somebody, those without any place first. Two statements."""
    values = {"team": team, "user": user, "everything": everything}
    ids = [row.id for row in db.connection().execute(_FIRST, {**values, "most": most})]
    return _asked(db, values, ids) if ids else []


def question(db: Session, team: str, note: str) -> Question | None:
    """Return what is asked of one note; None where nothing is any more."""
    found = _asked(db, {"team": team, "user": "", "everything": True}, [note])
    return found[0] if found else None


def _asked(db: Session, values: dict[str, Any], ids: Sequence[str]) -> list[Question]:
    rows: dict[str, list[Any]] = {each: [] for each in ids}
    for row in db.connection().execute(_ROWS, {**values, "ids": list(ids)}):
        rows[row.impression_id].append(row)
    return [_question(rows[each][:MOST_CANDIDATES]) for each in ids if rows[each]]


def _question(rows: Sequence[Any]) -> Question:
    first = rows[0]
    under = [Under(r.theme_id, r.certainty, Origin.LIKENESS, Spot(r.field, r.start, r.end)) for r in rows]
    cut = [getattr(r, r.field)[r.start : r.end] for r in rows]
    return Question(
        note=first.impression_id,
        candidates=tuple(under),
        names=tuple(r.name for r in rows),
        cut=tuple(cut),
        sentences=tuple(dict.fromkeys(filter(None, cut))),
        also=first.state == "placed",
        title=first.title or first.document or "",
        group=first.group_id,
        number=first.number,
        session=first.work_session_id,
        own=frozenset(filter(None, (first.facilitator, first.note_taker, first.author))),
    )
