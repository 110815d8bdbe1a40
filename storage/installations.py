"""Workspaces that installed Oogst, with their tokens as sealed text, and installations that somebody began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Field, Session, col, select

from storage.moments import Moment
from storage.rows import Row

NO_WORKSPACE = ""
"""The workspace of an installation that was begun without naming one: it is chosen at Slack."""
UNDECIDED = "an installation that was begun belongs to a browser, not yet to a workspace"


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
    """An installation that somebody began; only hashes, and only until it is finished or too late."""

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


def begin(
    db: Session, state_hash: str, browser_hash: str, team: str, now: datetime, expires_at: datetime, *, most: int
) -> bool:
    """Remember that this browser began an installation, for this workspace or for any.

    What was begun and is too late now goes. Returns False, and remembers nothing, while `most` are under way.
    """
    late = delete(BegunRow).where(col(BegunRow.expires_at) <= now).execution_options(every_workspace=UNDECIDED)
    db.connection().execute(late)
    under_way = select(func.count()).select_from(BegunRow).execution_options(every_workspace=UNDECIDED)
    if db.exec(under_way).one() >= most:
        return False
    db.add(BegunRow(state_hash=state_hash, team_id=team, browser_hash=browser_hash, expires_at=expires_at))
    return True


def finish(db: Session, state_hash: str, browser_hash: str, now: datetime) -> str | None:
    """Return the workspace for which this browser began this installation ("" is any), if it did and is in time.

    It counts once; what another browser began stays for that one.
    """
    ours = [
        col(BegunRow.state_hash) == state_hash,
        col(BegunRow.browser_hash) == browser_hash,
        col(BegunRow.expires_at) > now,
    ]
    team = db.exec(select(BegunRow.team_id).where(*ours).execution_options(every_workspace=UNDECIDED)).first()
    gone = db.connection().execute(delete(BegunRow).where(*ours).execution_options(every_workspace=UNDECIDED))
    return team if gone.rowcount == 1 else None


def _installation(row: InstallationRow) -> Installation:
    return Installation(row.team_id, row.sealed_token, row.scopes, row.installed_by, row.installed_at)
