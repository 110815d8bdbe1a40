"""Forms that are being filled in, so that a restart loses nothing of them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from storage.worksessions.rows import FormRow


def save_form(db: Session, form_id: str, team: str, user: str, data: Mapping[str, Any], now: datetime) -> None:
    """Keep what was filled in so far."""
    row = db.get(FormRow, (team, form_id)) or FormRow(id=form_id, team_id=team, user_id=user, data="", at=now)
    row.data, row.at = json.dumps(data, ensure_ascii=False, sort_keys=True), now
    db.add(row)


def form(db: Session, team: str, user: str, form_id: str) -> dict[str, Any] | None:
    """Return what this person filled in so far in this form."""
    row = db.get(FormRow, (team, form_id))
    if row is None or row.user_id != user:
        return None
    data: dict[str, Any] = json.loads(row.data)
    return data


def drop_form(db: Session, team: str, form_id: str) -> None:
    """Forget a form that has been handed in."""
    row = db.get(FormRow, (team, form_id))
    if row is not None:
        db.delete(row)


def forget_forms(db: Session, before: datetime) -> int:
    """Drop forms that nobody finished; returns how many."""
    return (
        db.connection()
        .execute(delete(FormRow).where(col(FormRow.at) < before).execution_options(every_workspace="what is old goes"))
        .rowcount
    )
