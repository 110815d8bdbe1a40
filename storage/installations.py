"""Workspaces that installed Oogst, with their tokens as sealed text, and the states that were used for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, col, select

from storage.moments import Moment
from storage.rows import Row

NO_WORKSPACE = ""
"""The workspace of an installation that was begun without naming one: it is chosen at Slack."""
UNDECIDED = "a state that was used counts for no other workspace either"


class InstallationRow(Row, table=True):
    """One workspace and the token it gave us; the token is sealed, and goes at once when it is revoked."""

    __tablename__ = "installation"
    team_id: str = Field(primary_key=True)
    sealed_token: str
    scopes: str
    installed_by: str
    installed_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class BegunRow(Row, table=True):
    """An installation that somebody began and finished; a hash, and only until its state would be too old anyway."""

    __tablename__ = "installation_begun"
    state_hash: str = Field(primary_key=True)
    team_id: str = NO_WORKSPACE
    browser_hash: str
    expires_at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class Installation:
    """A workspace that let Oogst in: its sealed token, the rights that come with it, and who gave them when."""

    team: str
    sealed_token: str
    scopes: str
    installed_by: str
    installed_at: datetime


def save(db: Session, value: Installation) -> None:
    """Keep an installation; one of before is replaced, also one that was revoked."""
    row = db.get(InstallationRow, value.team) or InstallationRow(
        team_id=value.team, sealed_token="", scopes="", installed_by="", installed_at=value.installed_at
    )
    row.sealed_token, row.scopes = value.sealed_token, value.scopes
    row.installed_by, row.installed_at, row.revoked_at = value.installed_by, value.installed_at, None
    db.add(row)
    db.flush()


def one(db: Session, team: str) -> Installation | None:
    """Return the installation of a workspace; None where there is none, or where it was revoked."""
    row = db.get(InstallationRow, team)
    return _installation(row) if row and row.revoked_at is None else None


def active(db: Session) -> Sequence[Installation]:
    """Return every installation that was not revoked, in the order of their workspaces."""
    query = select(InstallationRow).where(col(InstallationRow.revoked_at).is_(None)).order_by(InstallationRow.team_id)
    everywhere = query.execution_options(every_workspace="which workspaces there are to call Slack for")
    return [_installation(row) for row in db.exec(everywhere)]


def seal_anew(db: Session, team: str, before: str, after: str) -> None:
    """Keep the same token under another key, unless it was replaced or revoked meanwhile."""
    row = db.get(InstallationRow, team)
    if row is not None and row.sealed_token == before:
        row.sealed_token = after
        db.add(row)


def revoke(db: Session, team: str, now: datetime) -> bool:
    """Forget the token of a workspace that took it back; returns whether there was one."""
    row = db.get(InstallationRow, team)
    if row is None or row.revoked_at is not None:
        return False
    row.sealed_token, row.revoked_at = "", now
    db.add(row)
    return True


def revoked_at(db: Session, team: str) -> datetime | None:
    """Return when a workspace took its token back; None where it did not."""
    row = db.get(InstallationRow, team)
    return row.revoked_at if row else None


def is_used(db: Session, state_hash: str) -> bool:
    """Say whether an installation that was begun with this state is done already."""
    query = select(BegunRow.team_id).where(BegunRow.state_hash == state_hash)
    return db.exec(query.execution_options(every_workspace=UNDECIDED)).first() is not None


def use(db: Session, state_hash: str, team: str, now: datetime, until: datetime) -> bool:
    """Remember, `until` it would be too late anyway, that this state installed a workspace; False when it did before.

    What is too late by now goes.
    """
    late = delete(BegunRow).where(col(BegunRow.expires_at) <= now).execution_options(every_workspace=UNDECIDED)
    db.connection().execute(late)
    if is_used(db, state_hash):
        return False
    db.add(BegunRow(state_hash=state_hash, team_id=team, browser_hash="", expires_at=until))
    db.flush()
    return True


def _installation(row: InstallationRow) -> Installation:
    return Installation(row.team_id, row.sealed_token, row.scopes, row.installed_by, row.installed_at)
