"""Who is told what of the trail: who leads a region, the coordinators, and who an entry concerns."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.programme import Role
from bot.trail import Entry, Kind
from bot.trail.reminding import principals
from storage import programme


def coordinators(db: Session, team: str) -> list[str]:
    """Return who coordinates the programme, as far as they take part."""
    found = programme.members(db, team)
    return sorted(each.user for each in found if Role.COORDINATOR in each.roles and each.takes_part)


def facilitators(db: Session, team: str, region: str) -> list[str]:
    """Return who leads a region, as far as they take part."""
    found = programme.members(db, team)
    return sorted(
        each.user for each in found if each.region == region and Role.FACILITATOR in each.roles and each.takes_part
    )


def concerned(db: Session, entry: Entry, above: Entry | None = None) -> list[str]:
    """Return who is told about an entry; `above` is what it hangs under.

    A part of an assignment: its own person. Else whoever gave the assignment, then who leads the region, then the
    coordinators. A resource: the coordinators and who leads the regions that use it. People who left are not told.
    """
    team = entry.team
    if entry.kind is Kind.RESOURCE:
        users = [child.region for child in entry.under(Kind.ADOPTION) if child.region]
        leading = [user for region in users for user in facilitators(db, team, region)]
        return list(dict.fromkeys([*coordinators(db, team), *leading]))
    if entry.kind is Kind.APPLICATION:
        people = [entry.made_by, *facilitators(db, team, entry.region or "")]
        return _present(db, team, people) or coordinators(db, team)
    above = above or entry
    for people in ([entry.user()], principals(above), facilitators(db, team, entry.region or "")):
        if found := _present(db, team, people):
            return found
    return coordinators(db, team)


def _present(db: Session, team: str, users: Sequence[str]) -> list[str]:
    wanted = [user for user in dict.fromkeys(users) if user]
    known = {member.user for member in programme.members(db, team, wanted) if member.takes_part} if wanted else set()
    return [user for user in wanted if user in known]
