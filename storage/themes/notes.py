"""Notes as they are placed under themes: which wait, what they say now, and what came of reading them.

Words are only read here; what is kept of them are ids and offsets.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, delete, text
from sqlmodel import Session, col, select

from bot.impressions import PARTS
from bot.themes import Origin, Placed, Told, Under
from storage.themes.rows import (
    ImpressionThemeRow,
    ThemeCandidateRow,
    ThemeExampleRow,
    ThemePlacementRow,
)

CHUNK = 400
"""Notes that are read or written at once."""
_PARTS = ", ".join(f"i.{part}" for part in PARTS)
_NOTES = f"""
SELECT i.id, i.version, i.group_id, i.material_id, i.material_group, i.created_at, {_PARTS}
FROM impression i LEFT JOIN work_session s ON s.team_id = i.team_id AND s.id = i.work_session_id
LEFT JOIN theme_placement p ON p.team_id = i.team_id AND p.impression_id = i.id
WHERE i.team_id = :team AND i.withdrawn_at IS NULL
  AND (s.id IS NULL OR (substr(s.channel_id, 1, 1) <> 'D' AND s.state <> 'cancelled'))
"""  # noqa: S608 - names of columns
_WAITING = text(
    f"{_NOTES} AND (p.impression_id IS NULL OR p.version <> i.version) ORDER BY i.created_at, i.id LIMIT :n"
)
_NEWEST = text(f"{_NOTES} ORDER BY i.created_at DESC, i.id DESC LIMIT :n")
_THESE = text(f"{_NOTES} AND i.id IN :ids ORDER BY i.created_at, i.id").bindparams(
    bindparam("ids", expanding=True, type_=String)
)
_IS_WAITING = text(
    """
SELECT i.team_id FROM impression i LEFT JOIN work_session s ON s.team_id = i.team_id AND s.id = i.work_session_id
LEFT JOIN theme_placement p ON p.team_id = i.team_id AND p.impression_id = i.id
WHERE i.withdrawn_at IS NULL AND (p.impression_id IS NULL OR p.version <> i.version)
  AND (s.id IS NULL OR (substr(s.channel_id, 1, 1) <> 'D' AND s.state <> 'cancelled'))
GROUP BY i.team_id
"""
).execution_options(every_workspace="the clock acts for all of them")
_TAUGHT = text(
    """
SELECT e.impression_id FROM theme_example e JOIN impression i ON i.team_id = e.team_id AND i.id = e.impression_id
WHERE e.team_id = :team AND e.fits AND i.withdrawn_at IS NULL ORDER BY e.at DESC, e.impression_id LIMIT :n
"""
)
MOST_TAUGHT = 300
"""Confirmed notes that teach, the newest: of each theme a handful is enough."""

Versions = dict[str, int]
"""By note id the version that was read."""


def teams_waiting(db: Session) -> list[str]:
    """Return the workspaces in which notes came or changed since they were placed."""
    return [row.team_id for row in db.connection().execute(_IS_WAITING)]


def waiting(db: Session, team: str, most: int = CHUNK) -> tuple[list[Told], Versions]:
    """Return notes that were not placed in the version that they have now, oldest first. Five statements."""
    return _told(db, team, db.connection().execute(_WAITING, {"team": team, "n": most}).all())


def newest(db: Session, team: str, most: int) -> tuple[list[Told], Versions]:
    """Return the newest notes of a workspace, placed or not."""
    return _told(db, team, db.connection().execute(_NEWEST, {"team": team, "n": most}).all())


def these(db: Session, team: str, ids: Collection[str]) -> list[Told]:
    """Return these notes, as far as they were not withdrawn."""
    if not ids:
        return []
    return _told(db, team, db.connection().execute(_THESE, {"team": team, "ids": sorted(ids)}).all())[0]


def taught(db: Session, team: str) -> list[Told]:
    """Return the notes that people placed, newest first, as far as they were not withdrawn."""
    rows = db.connection().execute(_TAUGHT, {"team": team, "n": MOST_TAUGHT})
    return these(db, team, {row.impression_id for row in rows})


def _told(db: Session, team: str, rows: Sequence[Any]) -> tuple[list[Told], Versions]:
    ids = [row.id for row in rows]
    fits: defaultdict[str, list[str]] = defaultdict(list)
    refused: defaultdict[str, list[str]] = defaultdict(list)
    examples = select(ThemeExampleRow).where(
        ThemeExampleRow.team_id == team, col(ThemeExampleRow.impression_id).in_(ids)
    )
    for one in db.exec(examples.order_by(col(ThemeExampleRow.at), col(ThemeExampleRow.theme_id))):
        (fits if one.fits else refused)[one.impression_id].append(one.theme_id)
    topics: defaultdict[str, list[str]] = defaultdict(list)
    about = select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team,
        ImpressionThemeRow.origin == Origin.TOPIC.value,
        col(ImpressionThemeRow.impression_id).in_(ids),
    )
    for row in db.exec(about.order_by(col(ImpressionThemeRow.theme_id))):
        topics[row.impression_id].append(row.theme_id)
    notes = [
        Told(
            row.id,
            {part: getattr(row, part) for part in PARTS if getattr(row, part)},
            row.group_id or (f"{row.material_id}:{row.material_group or ''}" if row.material_id else None),
            on=date.fromisoformat(row.created_at[:10]),
            topics=tuple(topics[row.id]),
            fits=tuple(fits[row.id]),
            refused=frozenset(refused[row.id]),
        )
        for row in rows
    ]
    return notes, {row.id: row.version for row in rows}


def save_placed(db: Session, team: str, placed: Mapping[str, Placed], versions: Versions, now: datetime) -> int:
    """Keep what came of reading these notes, unless one of them changed meanwhile; returns how many were kept.

    The topics of a group stay what they are; what we found ourselves is found anew. A few statements, however many.
    """
    still = text(
        "SELECT id, version FROM impression WHERE team_id = :team AND withdrawn_at IS NULL AND id IN :ids"
    ).bindparams(bindparam("ids", expanding=True, type_=String))
    if not placed:
        return 0
    found = db.connection().execute(still, {"team": team, "ids": sorted(placed)})
    ids = [row.id for row in found if versions.get(row.id) == row.version]
    if not ids:
        return 0
    _forget_found(db, team, ids)
    kept = {(r.impression_id, r.theme_id): r for r in db.exec(_about(team, ids))}
    new = []
    for note in ids:
        for under in placed[note].themes:
            row = kept.pop((note, under.theme), None)
            if row is None:
                values = {"impression_id": note, "theme_id": under.theme, "team_id": team}
                new.append({**values, "certainty": under.certainty, "origin": under.origin.value})
            elif row.certainty != under.certainty:
                row.certainty = under.certainty
                db.add(row)
    db.flush()
    connection = db.connection()
    if new:
        connection.execute(ImpressionThemeRow.__table__.insert(), new)  # type: ignore[attr-defined]  # SQLModel's own
    candidates = [_candidate(team, note, under) for note in ids for under in placed[note].candidates if under.spot]
    if candidates:
        connection.execute(ThemeCandidateRow.__table__.insert(), candidates)  # type: ignore[attr-defined]  # the same
    connection.execute(
        ThemePlacementRow.__table__.insert(),  # type: ignore[attr-defined]  # the same
        [
            {
                "impression_id": note, "team_id": team, "state": placed[note].state.value, "version": versions[note],
                "by_user": "", "at": now,
            }
            for note in ids
        ],
    )  # fmt: skip
    db.expire_all()
    return len(ids)


def _about(team: str, ids: Sequence[str]) -> Any:
    return select(ImpressionThemeRow).where(
        ImpressionThemeRow.team_id == team, col(ImpressionThemeRow.impression_id).in_(ids)
    )


def _candidate(team: str, note: str, under: Under) -> dict[str, Any]:
    assert under.spot is not None
    return {
        "impression_id": note,
        "theme_id": under.theme,
        "team_id": team,
        "certainty": under.certainty,
        "field": under.spot.field,
        "start": under.spot.start,
        "end": under.spot.end,
    }


def _forget_found(db: Session, team: str, ids: Sequence[str]) -> None:
    """What reading them gave before; not their topics, nor what people said."""
    found = (Origin.NAMED.value, Origin.LIKENESS.value)
    for statement in (
        delete(ImpressionThemeRow).where(
            col(ImpressionThemeRow.team_id) == team,
            col(ImpressionThemeRow.impression_id).in_(ids),
            col(ImpressionThemeRow.origin).in_(found),
        ),
        delete(ThemeCandidateRow).where(
            col(ThemeCandidateRow.team_id) == team, col(ThemeCandidateRow.impression_id).in_(ids)
        ),
        delete(ThemePlacementRow).where(
            col(ThemePlacementRow.team_id) == team, col(ThemePlacementRow.impression_id).in_(ids)
        ),
    ):
        db.connection().execute(statement)


def any_placed(db: Session, team: str) -> bool:
    """Say whether notes of this workspace were placed before."""
    return (
        db.exec(select(ThemePlacementRow.team_id).where(ThemePlacementRow.team_id == team).limit(1)).first() is not None
    )


def placed_now(db: Session, team: str, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the themes of these notes, surest first, as they are kept."""
    query = _about(team, sorted(ids)).order_by(
        col(ImpressionThemeRow.certainty).desc(), col(ImpressionThemeRow.theme_id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in db.exec(query):
        found[row.impression_id] = (*found.get(row.impression_id, ()), row.theme_id)
    return found
