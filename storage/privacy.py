"""What is kept of the names that a session leaves out: keyed hashes, from which no name can be read."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Field, Session, col, select

from bot.promises import fingerprint
from storage import impressions, selection, tombstones
from storage.attachments import AttachmentRow
from storage.digest import DigestAnswerRow
from storage.followup.moving import SessionMoveRow
from storage.impressions import ImpressionRow, SignOffRow
from storage.promises import PromiseRow
from storage.rows import Row
from storage.worksessions import FormRow


class InvolvedNameRow(Row, table=True):
    """One spelling of a name that a session leaves out, as a keyed hash; `capital`: only when written with one."""

    __tablename__ = "involved_name"
    team_id: str = Field(primary_key=True)
    work_session_id: str = Field(primary_key=True, foreign_key="work_session.id")
    mac: str = Field(primary_key=True)
    capital: bool = False


def involved(db: Session, team: str, session_id: str) -> dict[str, bool]:
    """Return the hashes of a session, each with whether it only counts for a word with a capital."""
    query = select(InvolvedNameRow).where(
        InvolvedNameRow.team_id == team, InvolvedNameRow.work_session_id == session_id
    )
    return {row.mac: row.capital for row in db.exec(query)}


def involve(db: Session, team: str, session_id: str, macs: Mapping[str, bool], now: datetime) -> bool:
    """Add names to those that a session leaves out. Returns whether any of it was new."""
    known = involved(db, team, session_id)
    new = {mac: capital for mac, capital in macs.items() if known.get(mac, True) and known.get(mac) != capital}
    for mac, capital in new.items():
        row = db.get(InvolvedNameRow, (team, session_id, mac))
        row = row or InvolvedNameRow(team_id=team, work_session_id=session_id, mac=mac)
        row.capital = capital
        db.add(row)
        tombstones.record(db, team, "name", name_id(session_id, mac, capital), now)
    db.flush()
    return bool(new)


def name_id(session_id: str, mac: str, capital: bool) -> str:
    """Name what was masked, as the table of names does: by its keyed hash."""
    return f"{session_id}:{mac}:{int(capital)}"


def forget(db: Session, team: str, session_id: str) -> None:
    """Take away every name of a session; what was masked stays masked."""
    query = delete(InvolvedNameRow).where(
        col(InvolvedNameRow.team_id) == team, col(InvolvedNameRow.work_session_id) == session_id
    )
    db.connection().execute(query)
    db.expire_all()


def rewrite(db: Session, team: str, session_id: str, masked: Callable[[str], str]) -> None:
    """Mask what is stored around the impressions of a session: versions, drafts, reasons, promises, answers and files.

    The impressions themselves come after it, for a promise is found back in them by what its words now are.
    """
    of_session = select(ImpressionRow).where(ImpressionRow.team_id == team, ImpressionRow.work_session_id == session_id)
    notes = {row.id: row for row in db.exec(of_session)}
    for note in notes.values():
        impressions.rewrite(db, team, note.id, lambda _, text: masked(text))
    for answer in db.exec(
        select(SignOffRow).where(SignOffRow.team_id == team, col(SignOffRow.impression_id).in_(notes))
    ).all():
        answer.reason = masked(answer.reason)
        db.add(answer)
    for promise in db.exec(
        select(PromiseRow).where(PromiseRow.team_id == team, PromiseRow.work_session_id == session_id)
    ).all():
        note_of = notes.get(promise.impression_id)
        words = str(getattr(note_of, promise.part, ""))[promise.start or 0 : promise.end or 0]
        if fingerprint(words) == promise.fingerprint:
            promise.fingerprint = fingerprint(masked(words))
            db.add(promise)
    for file in db.exec(
        select(AttachmentRow).where(AttachmentRow.team_id == team, AttachmentRow.work_session_id == session_id)
    ).all():
        name = masked(file.name)
        if name != file.name:
            file.name, file.permalink = name, f"{file.permalink.rpartition('/')[0]}/file"
            db.add(file)
    for move in db.exec(
        select(SessionMoveRow).where(SessionMoveRow.team_id == team, SessionMoveRow.work_session_id == session_id)
    ).all():
        move.reason = masked(move.reason)
        db.add(move)
    for known in db.exec(
        select(DigestAnswerRow).where(DigestAnswerRow.team_id == team, DigestAnswerRow.work_session_id == session_id)
    ).all():
        known.text = masked(known.text)
        db.add(known)
    _mask_drafts(db, team, {group.id for group in selection.groups_of(db, team, session_id)}, masked)
    db.flush()


def _mask_drafts(db: Session, team: str, groups: set[str], masked: Callable[[str], str]) -> None:
    """Mask what was typed and not shared yet, and messages that wait until their group is known (`storage.drafts`)."""
    kinds = or_(col(FormRow.id).startswith("draft:"), col(FormRow.id).startswith("direct:"))
    for row in db.exec(select(FormRow).where(FormRow.team_id == team, kinds)).all():
        data = json.loads(row.data)
        if groups.intersection(data.get("groups") or [data.get("group")]):
            if "text" in data:
                data["text"] = masked(str(data["text"]))
            else:
                data["contents"] = {part: masked(str(text)) for part, text in data["contents"].items()}
            row.data = json.dumps(data, ensure_ascii=False, sort_keys=True)
            db.add(row)
