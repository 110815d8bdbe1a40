"""Earlier material: documents from before Oogst, kept as they were, and the passages that count as impressions."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.harvest import split
from bot.impressions import Source
from bot.material import Material, Passage, PassageKind
from storage import text_index, themes
from storage.impressions import ImpressionRow, MaterialRow
from storage.themes import ImpressionThemeRow


def fingerprint(data: bytes) -> str:
    """Return by what a file is known again, whatever its name."""
    return hashlib.sha256(data).hexdigest()


def is_known(db: Session, team: str, sha: str) -> bool:
    """Say whether this file was brought in before."""
    return (
        db.exec(select(MaterialRow.id).where(MaterialRow.team_id == team, MaterialRow.sha == sha)).first() is not None
    )


def theme_ids(
    db: Session, team: str, names: Sequence[str], shorts: Sequence[str], new_id: Callable[[str], str]
) -> dict[str, str]:
    """Return the theme of each name that a document gives, made where it was not there yet."""
    pairs = zip(names, shorts, strict=True)
    return {name: themes.theme_for(db, team, name, short, (), new_id("th")) for name, short in pairs}


def save(
    db: Session,
    team: str,
    material: Material,
    about: Mapping[Passage, Sequence[str]],
    *,
    file_name: str,
    sha: str,
    told_at: datetime,
    now: datetime,
    new_id: Callable[[str], str],
) -> None:
    """Keep a document and its passages, each with its line numbers, its group and the themes (ids) it is about.

    `told_at` is the moment that counts for the passages: the day the document tells about.
    """
    document = new_id("ma")
    db.add(
        MaterialRow(
            id=document,
            team_id=team,
            title=material.title,
            on=material.session_day or material.day,
            file_name=file_name,
            sha=sha,
            text=material.text,
            imported_at=now,
        )
    )
    db.flush()
    for passage in material.passages:
        impression = new_id("im")
        quoted = passage.kind is PassageKind.QUOTE
        db.add(
            ImpressionRow(
                id=impression,
                team_id=team,
                material_id=document,
                material_group=str(passage.group) if passage.group is not None else None,
                first_line=passage.first_line,
                last_line=passage.last_line,
                source=Source.MATERIAL.value,
                takeaway="" if quoted else passage.text,
                quote=passage.text if quoted else "",
                created_at=told_at,
                updated_at=now,
            )
        )
        db.flush()
        for theme in dict.fromkeys(about.get(passage, ())):
            db.add(ImpressionThemeRow(impression_id=impression, theme_id=theme, team_id=team))
    db.flush()
    text_index.put(db, team, f"material:{document}", searchable(db, team, document))


def searchable(db: Session, team: str, document: str) -> list[text_index.Entry]:
    """Return what can be found of a document: every sentence of its passages."""
    query = (
        select(ImpressionRow, MaterialRow)
        .join(MaterialRow, col(MaterialRow.id) == ImpressionRow.material_id)
        .where(
            ImpressionRow.team_id == team,
            MaterialRow.team_id == team,
            ImpressionRow.material_id == document,
            col(ImpressionRow.withdrawn_at).is_(None),
        )
        .order_by(col(ImpressionRow.first_line), col(ImpressionRow.id))
    )
    return [
        text_index.Entry(field, passage.id, span.start, span.end, found.on, said[span.start : span.end])
        for passage, found in db.exec(query)
        for field, said in (("takeaway", passage.takeaway), ("quote", passage.quote))
        for span in split(said)
    ]
