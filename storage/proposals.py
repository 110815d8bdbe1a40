"""Themes that people proposed, who backs them, and what was typed but not posted yet."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, col, select

from bot.programme import Member
from bot.proposals import WAITING, Bundle, Kind, Known, Origin, Proposal, Status, bundles, concerns
from bot.worksessions import State, WorkSession
from storage import delivery, themes, worksessions
from storage.moments import Moment
from storage.rows import Row
from storage.worksessions import FormRow, WorkSessionRow

DRAFT = "pf"
"""What the id of a form begins with in which somebody proposes a theme."""
NOTE = "note"
"""Stands for a channel where the name was cut out of a note, of which the id stands for the moment of a message."""


class ProposalRow(Row, table=True):
    """What one person proposed. A merged one stays a row of its own, with its name and its backers."""

    __tablename__ = "proposal"
    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    work_session_id: str | None = Field(default=None, foreign_key="work_session.id")
    name: str
    original: str
    why: str = ""
    short_name: str = ""
    proposer: str
    status: str
    position: int | None = None
    merged_into: str | None = Field(default=None, foreign_key="proposal.id")
    theme_id: str | None = None
    topic_id: str | None = None
    origin_author: str = ""
    origin_channel: str = ""
    origin_ts: str = ""
    version: int = 1
    at: datetime = Field(sa_type=Moment)


class BackingRow(Row, table=True):
    """Somebody backs a proposal."""

    __tablename__ = "proposal_backing"
    proposal_id: str = Field(primary_key=True, foreign_key="proposal.id")
    user_id: str = Field(primary_key=True)
    team_id: str
    at: datetime = Field(sa_type=Moment)


def save(db: Session, changed: Iterable[Proposal]) -> None:
    """Write proposals, each in the place of its earlier version."""
    for value in changed:
        row = db.get(ProposalRow, (value.team, value.id)) or ProposalRow(
            id=value.id, team_id=value.team, proposer=value.proposer, at=value.at, name="", original="", status=""
        )
        row.work_session_id, row.theme_id, row.topic_id = value.work_session, value.theme, value.topic
        row.name, row.original, row.why, row.short_name = value.name, value.original, value.why, value.short_name
        row.status, row.position, row.merged_into = value.status.value, value.position, value.merged_into
        origin = value.origin or Origin()
        row.origin_author = origin.author
        row.origin_channel, row.origin_ts = (NOTE, origin.note) if origin.note else (origin.channel, origin.ts)
        row.version = value.version
        db.add(row)
        db.flush()


def one(db: Session, team: str, proposal_id: str) -> Proposal | None:
    """Return a proposal of this workspace, also one that was taken back."""
    row = db.get(ProposalRow, (team, proposal_id))
    return _proposal(row) if row else None


def waiting(db: Session, team: str) -> list[Bundle]:
    """Return everything that has not become a topic yet and was not taken back, first proposed first."""
    return _bundles(db, team, _WAITING)


def chosen(db: Session, team: str, session_id: str) -> list[Bundle]:
    """Return the proposals that became topics of a session."""
    return _bundles(db, team, _chosen_for(session_id))


def bundle_of(db: Session, team: str, proposal_id: str) -> tuple[Bundle, Proposal] | None:
    """Return a proposal and what stands for it now: itself, or that in which it was merged; None when it is no more."""
    found = one(db, team, proposal_id)
    if found is None or found.status is Status.WITHDRAWN:
        return None
    head = found
    while head.merged_into is not None and (above := one(db, team, head.merged_into)) is not None:
        head = above
    members, level = [head], [head.id]
    while level:
        below = _proposals(db, team, col(ProposalRow.merged_into).in_(level))
        members, level = [*members, *below], [each.id for each in below]
    return bundles(members, _backing(db, team, [each.id for each in members]))[0], found


def back(db: Session, team: str, proposal_id: str, user: str, now: datetime) -> None:
    """Write down that somebody backs a proposal; once is enough."""
    values = {"proposal_id": proposal_id, "user_id": user, "team_id": team, "at": now}
    db.connection().execute(insert(BackingRow).values(**values).on_conflict_do_nothing())


def take_back(db: Session, team: str, bundle: Bundle, user: str) -> None:
    """Somebody no longer backs a proposal, nor any that was merged into it."""
    theirs = col(BackingRow.user_id) == user
    inside = col(BackingRow.proposal_id).in_([each.id for each in bundle.members])
    db.connection().execute(delete(BackingRow).where(col(BackingRow.team_id) == team, theirs, inside))
    db.expire_all()


def of_note(db: Session, team: str, note: str) -> list[str]:
    """Return the ids of what was proposed in words of this note and became no topic yet."""
    query = select(ProposalRow.id).where(
        ProposalRow.team_id == team, _WAITING, ProposalRow.origin_channel == NOTE, ProposalRow.origin_ts == note
    )
    return list(db.exec(query.order_by(col(ProposalRow.id))))


def chosen_of_note(db: Session, team: str, note: str) -> list[Proposal]:
    """Return what was proposed in words of this note and is a topic now."""
    chosen = col(ProposalRow.status) == Status.CHOSEN.value
    return _proposals(
        db, team, and_(chosen, col(ProposalRow.origin_channel) == NOTE, col(ProposalRow.origin_ts) == note)
    )


def hand_over(db: Session, team: str, withdrawn: Proposal, heir: str | None) -> None:
    """Let who backed a withdrawn proposal back the one that goes on for it; without one nothing of it is left."""
    mine = (col(BackingRow.team_id) == team, col(BackingRow.proposal_id) == withdrawn.id)
    if heir is not None:
        for row in db.exec(select(BackingRow).where(*mine).order_by(col(BackingRow.at))).all():
            if row.user_id != withdrawn.proposer:
                back(db, team, heir, row.user_id, row.at)
    db.connection().execute(delete(BackingRow).where(*mine))
    db.expire_all()


def visible(db: Session, member: Member) -> tuple[list[Bundle], dict[str, WorkSession]]:
    """Return the waiting proposals that concern this person, with the sessions they are for, by id."""
    found = waiting(db, member.team)
    ids = {each.head.work_session for each in found if each.head.work_session}
    sessions = {each: session for each in ids if (session := worksessions.one(db, member.team, each)) is not None}
    mine = [
        each
        for each in found
        if (session := sessions.get(each.head.work_session or "")) is None or concerns(session, member)
    ]
    return mine, sessions


def overdue(db: Session, now: datetime) -> list[Proposal]:
    """Return, for every workspace, what waits for a session that is over without ever having got topics."""
    query = (
        select(ProposalRow)
        .join(
            WorkSessionRow,
            (col(WorkSessionRow.team_id) == ProposalRow.team_id)
            & (col(WorkSessionRow.id) == ProposalRow.work_session_id),
        )
        .where(_WAITING, WorkSessionRow.state == State.PLANNED.value, WorkSessionRow.ends_at <= now)
    )
    query = query.order_by(col(ProposalRow.at), col(ProposalRow.id))
    return [
        _proposal(row) for row in db.exec(query.execution_options(every_workspace="the clock acts for all of them"))
    ]


def was_asked(db: Session, team: str, session_id: str) -> bool:
    """Say whether the channel was asked for themes for this session."""
    return delivery.parcel(db, team, f"proposals.call:{session_id}") is not None


def known(db: Session, team: str, found: Sequence[Bundle]) -> list[Known]:
    """Return what a new name is held against: these proposals, and every theme with all its names."""
    proposed = [
        Known(Kind.PROPOSAL, each.id, each.name, (*each.also, *filter(None, [each.head.short_name]))) for each in found
    ]
    taken = {each.theme for bundle in found for each in bundle.members if each.theme}
    others = [
        Known(Kind.THEME, theme.id, theme.name, (theme.short_name, *theme.aliases))
        for theme in themes.themes(db, team)
        if theme.id not in taken
    ]
    return [*proposed, *others]


def draft(db: Session, team: str, user: str) -> dict[str, Any]:
    """Return what this person typed last in a proposal that was not posted; empty when there is nothing."""
    for row in _forms(db, team, user):
        data: dict[str, Any] = json.loads(row.data)
        if data.get("name") and not data.get("settled"):
            return data
    return {}


def settle_drafts(db: Session, team: str, user: str) -> None:
    """Somebody posted a proposal or backed another: what they typed before does not come back in an empty form.

    The forms themselves stay, for they may be open in another window.
    """
    for row in _forms(db, team, user):
        data = json.loads(row.data)
        if data.get("name"):
            row.data = json.dumps({**data, "settled": True}, ensure_ascii=False, sort_keys=True)
            db.add(row)
    db.flush()


def _forms(db: Session, team: str, user: str) -> Sequence[FormRow]:
    query = select(FormRow).where(
        FormRow.team_id == team, FormRow.user_id == user, col(FormRow.id).startswith(f"{DRAFT}_", autoescape=True)
    )
    return db.exec(query.order_by(col(FormRow.at).desc(), col(FormRow.id))).all()


_WAITING = col(ProposalRow.status).in_([status.value for status in WAITING])


def _chosen_for(session_id: str) -> ColumnElement[bool]:
    return and_(col(ProposalRow.status) == Status.CHOSEN.value, col(ProposalRow.work_session_id) == session_id)


def _bundles(db: Session, team: str, which: ColumnElement[bool]) -> list[Bundle]:
    found = _proposals(db, team, which)
    return bundles(found, _backing(db, team, [each.id for each in found]))


def _proposals(db: Session, team: str, which: ColumnElement[bool]) -> list[Proposal]:
    return [_proposal(row) for row in db.exec(select(ProposalRow).where(ProposalRow.team_id == team, which))]


def _backing(db: Session, team: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Who backs each of these; thousands of rows at times, so no objects are made of them."""
    backing: dict[str, list[str]] = {}
    query = select(BackingRow.proposal_id, BackingRow.user_id).where(
        BackingRow.team_id == team, col(BackingRow.proposal_id).in_(ids)
    )
    for proposal_id, user in db.exec(query.order_by(col(BackingRow.at), col(BackingRow.user_id))):
        backing.setdefault(proposal_id, []).append(user)
    return backing


def _proposal(row: ProposalRow) -> Proposal:
    origin = None
    if row.origin_channel == NOTE:
        origin = Origin(note=row.origin_ts)
    elif row.origin_ts:
        origin = Origin(row.origin_author, row.origin_channel, row.origin_ts)
    return Proposal(
        id=row.id,
        team=row.team_id,
        name=row.name,
        original=row.original,
        why=row.why,
        proposer=row.proposer,
        at=row.at,
        work_session=row.work_session_id,
        status=Status(row.status),
        short_name=row.short_name,
        position=row.position,
        merged_into=row.merged_into,
        theme=row.theme_id,
        topic=row.topic_id,
        origin=origin,
        version=row.version,
    )
