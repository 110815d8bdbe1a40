"""Notes, agendas and harvests as files: JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.harvest import Digest, Note, Theme, theme_id_of


class BadInput(Exception):
    """A file that cannot be used: `key` and `values` make the one line that says why and where."""

    def __init__(self, key: str, **values: object) -> None:
        """Keep what the line needs."""
        super().__init__(key)
        self.key = key
        self.values = values


def read_notes(path: Path) -> list[Note]:
    """Return the notes of a JSON Lines file. Raises BadInput on the first line that cannot be used."""
    notes: list[Note] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise BadInput("terminal.harvest_not_json", file=path, line=number) from None
        note = _note(row, path, number)
        if note.id in lines:
            raise BadInput("terminal.harvest_twice", file=path, line=number, id=note.id, other=lines[note.id])
        lines[note.id] = number
        notes.append(note)
    if not notes:
        raise BadInput("terminal.harvest_empty", file=path)
    return notes


def _note(row: Any, path: Path, number: int) -> Note:
    """Check one line by hand: a validation library would take longer to load than most harvests."""
    if not isinstance(row, dict):
        raise BadInput("terminal.harvest_not_json", file=path, line=number)
    for field in ("id", "text"):
        if not isinstance(row.get(field), str) or (field == "id" and not row["id"].strip()):
            raise BadInput("terminal.harvest_field", file=path, line=number, field=field)
    for field in ("at", "group", "region", "author", "lang", "kind"):
        if not isinstance(row.get(field), str | None):
            raise BadInput("terminal.harvest_field", file=path, line=number, field=field)
    themes = row.get("themes") or []
    if not isinstance(themes, list) or not all(isinstance(name, str) for name in themes):
        raise BadInput("terminal.harvest_field", file=path, line=number, field="themes")
    try:
        at = date.fromisoformat(row["at"][:10]) if row.get("at") else None
    except ValueError:
        raise BadInput("terminal.harvest_field", file=path, line=number, field="at") from None
    return Note(
        id=row["id"],
        text=row["text"],
        at=at,
        group=row.get("group"),
        region=row.get("region"),
        author=row.get("author"),
        language=row.get("lang"),
        themes=tuple(themes),
        kind=row.get("kind"),
    )


def read_agenda(path: Path | None, notes: Sequence[Note]) -> list[Theme]:
    """Return the announced themes, and after them those that only a confirmed note names. Raises BadInput."""
    rows = [] if path is None else _json(path)
    if not isinstance(rows, list):
        raise BadInput("terminal.harvest_no_agenda", file=path)
    themes: dict[str, Theme] = {}
    for row in rows:
        name = row.get("name") if isinstance(row, dict) else None
        aliases = (row.get("aliases") or []) if isinstance(row, dict) else None
        if not isinstance(name, str) or not name.strip() or not isinstance(aliases, list):
            raise BadInput("terminal.harvest_no_agenda", file=path)
        if name in themes or not all(isinstance(alias, str) for alias in aliases):
            raise BadInput("terminal.harvest_no_agenda", file=path)
        themes[name] = Theme(theme_id_of([name]), name, aliases=tuple(aliases))
    for name in sorted({name for note in notes for name in note.themes if name.strip()} - themes.keys()):
        themes[name] = Theme(theme_id_of([name]), name)
    return list(themes.values())


def as_interchange(digest: Digest) -> str:
    """Return the harvest as the interchange JSON: themes, points and quotes best first, every note listed."""
    themes = [
        {
            "id": section.theme_id,
            "name": section.name,
            "notes": list(section.notes),
            "points": [{"text": claim.text, "evidence": list(claim.evidence)} for claim in section.claims],
            "quotes": [{"note": digest.sentences[i].note_id, "text": digest.cut(i)} for i in section.quotes],
        }
        for section in digest.sections
    ]
    out = {"themes": themes, "unplaced": list(digest.unused), "headline": digest.headline, "engine": digest.engine}
    plain = json.dumps(out, ensure_ascii=False, indent=1)
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError:  # half an emoji in a note: JSON can say it, UTF-8 cannot
        return json.dumps(out, indent=1)
    return plain


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except ValueError:
        raise BadInput("terminal.harvest_not_json", file=path, line=1) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("terminal.harvest_unreadable", file=path, reason="UTF-8") from None
    except OSError as error:
        raise BadInput("terminal.harvest_unreadable", file=path, reason=error) from None
