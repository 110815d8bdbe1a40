"""What is put to account managers: who they are, what they were asked, and who is told what they said."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery import Operation
from bot.trail import Entry, Kind
from storage import delivery
from storage.delivery.rows import OutboxRow
from storage.trail.reading import changes_of, entries

TOLD = ("trail.asked", "trail.answered", "trail.example")
"""Kinds of messages that say what stands in an entry; their keys begin with the kind and the entry."""


def account_managers(db: Session, team: str) -> dict[str, Entry]:
    """Return by user id who answers for the national partners, in the order in which they are listed."""
    found = entries(db, team, regions=[None], kinds=[Kind.ACCOUNT_MANAGER])
    return {entry.user(): entry for entry in found if entry.user()}


def obstacles(db: Session, team: str, region: str | None = None) -> list[Entry]:
    """Return the rules that obstruct, of one region or of all, that somebody said are right."""
    return entries(db, team, regions=None if region is None else [region], kinds=[Kind.OBSTACLE])


def asked_by(db: Session, entry: Entry) -> str:
    """Return who put it to the account manager last: they hear what becomes of it."""
    routed = [change for change in changes_of(db, entry.team, [entry.id]) if change.name == "manager" and change.by]
    return routed[-1].by if routed else entry.made_by


def follow(db: Session, team: str, ids: Collection[str], why: str, now: datetime) -> None:
    """Entries changed or are gone: owe every message that tells them what there is to say of them now."""
    for entry_id in ids:
        query = select(OutboxRow.key).where(
            OutboxRow.team_id == team,
            OutboxRow.operation == Operation.POST.value,
            col(OutboxRow.kind).in_(TOLD),
            col(OutboxRow.key).contains(f":{entry_id}:", autoescape=True),
        )
        for key in list(db.exec(query)):
            delivery.plan_change(db, team=team, of=key, why=why, now=now)
