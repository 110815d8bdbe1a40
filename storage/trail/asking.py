"""What is put to account managers: who they are, what they were asked, and who is told what they said."""

from sqlmodel import Session, select

from bot.trail import Entry, Kind
from storage import programme
from storage.trail.reading import changes_of, entries, one
from storage.trail.rows import TrailValueRow


def account_managers(db: Session, team: str) -> dict[str, Entry]:
    """Return by user id who answers for the national partners, in the order in which they are listed.

    Whose account is closed, or who is a guest without a part in the programme, answers nothing.
    """
    found = entries(db, team, regions=[None], kinds=[Kind.ACCOUNT_MANAGER])
    named = {entry.user() for entry in found if entry.user()}
    present = {member.user for member in programme.members(db, team, named) if member.takes_part} if named else set()
    return {entry.user(): entry for entry in found if entry.user() in present}


def obstacles(db: Session, team: str, region: str | None = None) -> list[Entry]:
    """Return the rules that obstruct, of one region or of all, that somebody said are right."""
    return entries(db, team, regions=None if region is None else [region], kinds=[Kind.OBSTACLE])


def asked_by(db: Session, entry: Entry) -> str:
    """Return who put it to the account manager last: they hear what becomes of it."""
    routed = [change for change in changes_of(db, entry.team, [entry.id]) if change.name == "manager" and change.by]
    return routed[-1].by if routed else entry.made_by


def put_to(db: Session, team: str, user: str) -> list[Entry]:
    """Return what was put to somebody to be answered, in whatever standing; one statement where there is nothing."""
    query = select(TrailValueRow.trail_id).where(
        TrailValueRow.team_id == team, TrailValueRow.user_id == user, TrailValueRow.name == "manager"
    )
    found = (one(db, team, entry_id) for entry_id in db.exec(query).all())
    return sorted((entry for entry in found if entry is not None), key=lambda entry: entry.id)
