"""What people typed and did not hand in yet: in a form that they closed, or in a message whose group is not known.

These are people's words: whatever withdraws or deletes what they became has to drop them here too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.impressions import Contents
from bot.impressions.drafts import Draft
from storage.worksessions import FormRow, drop_form, form, save_form


def _draft_id(team: str, subject: str, user: str) -> str:
    return f"draft:{team}:{subject}:{user}"


def save(db: Session, team: str, user: str, draft: Draft) -> None:
    """Keep a draft in place of the earlier one about this subject; an empty one is dropped."""
    form_id = _draft_id(team, draft.subject, user)
    if draft.is_empty:
        drop_form(db, team, form_id)
        return
    data = {**vars(draft), "contents": vars(draft.contents), "at": draft.at.isoformat()}
    save_form(db, form_id, team, user, data, draft.at)


def one(db: Session, team: str, user: str, subject: str) -> Draft | None:
    """Return what this person typed about a subject."""
    data = form(db, team, user, _draft_id(team, subject, user))
    if data is None:
        return None
    return Draft(**{**data, "contents": Contents(**data["contents"]), "at": datetime.fromisoformat(data["at"])})


def newest(db: Session, team: str, user: str, subject: str) -> Draft | None:
    """Return what this person typed last about a group or an impression, also in a form in which they chose it."""
    own, loose = one(db, team, user, subject), one(db, team, user, "")
    found = [draft for draft in (own, loose if loose and loose.group == subject else None) if draft]
    return max(found, key=lambda draft: draft.at, default=None)


def drop(db: Session, team: str, user: str, subject: str, group: str = "") -> None:
    """Forget what this person typed about a subject; with a group, also what they typed for it in another form."""
    drop_form(db, team, _draft_id(team, subject, user))
    if group:
        drop_form(db, team, _draft_id(team, group, user))
        loose = one(db, team, user, "")
        if loose is not None and loose.group == group:
            drop_form(db, team, _draft_id(team, "", user))


def drop_about(db: Session, team: str, subject: str) -> None:
    """Forget what anybody typed about a subject."""
    begins = col(FormRow.id).startswith(f"draft:{team}:{subject}:", autoescape=True)
    db.connection().execute(delete(FormRow).where(col(FormRow.team_id) == team, begins))


def drop_of_message(db: Session, team: str, channel: str, ts: str) -> None:
    """Forget a message that waits for its group, and what anybody typed in a form that was opened from it."""
    drop_waiting(db, team, channel, ts)
    place = json.dumps({"channel": channel})[1:-1], json.dumps({"ts": ts})[1:-1]
    of_message = (
        col(FormRow.team_id) == team,
        col(FormRow.id).startswith(f"draft:{team}:", autoescape=True),
        *(col(FormRow.data).contains(each, autoescape=True) for each in place),
    )
    db.connection().execute(delete(FormRow).where(*of_message))


def waiting_id(team: str, channel: str, ts: str) -> str:
    """Name the row of a message that waits until its writer says of which group it is."""
    return f"direct:{team}:{channel}:{ts}"


def keep_waiting(
    db: Session, team: str, user: str, channel: str, ts: str, text: str, groups: Sequence[str], now: datetime
) -> None:
    """Keep a message until its writer says of which of these groups it is."""
    save_form(db, waiting_id(team, channel, ts), team, user, {"text": text, "groups": list(groups)}, now)


def drop_waiting(db: Session, team: str, channel: str, ts: str) -> None:
    """Forget a message that waits for its group."""
    drop_form(db, team, waiting_id(team, channel, ts))


@dataclass(frozen=True)
class Waiting:
    """A message whose writer did not say yet of which of these groups it is."""

    text: str
    groups: tuple[str, ...]


def waiting(db: Session, team: str, user: str, channel: str, ts: str) -> Waiting | None:
    """Return this person's message if it waits for its group."""
    data = form(db, team, user, waiting_id(team, channel, ts))
    return Waiting(str(data["text"]), tuple(data["groups"])) if data is not None else None
