"""The people of a workspace: their region, roles and account, and what was asked of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.programme import STANDINGS, Member, Role, outsider
from storage.portions import portions
from storage.programme.rows import MemberRow


def member(db: Session, team: str, user: str) -> Member:
    """Return how this person counts here; somebody unknown counts as an outsider."""
    row = db.get(MemberRow, (team, user))
    return _member(row) if row else outsider(team, user)


def is_known(db: Session, team: str, user: str) -> bool:
    """Say whether there is a row for this person, of whatever standing."""
    return db.get(MemberRow, (team, user)) is not None


def members(db: Session, team: str, users: Iterable[str] | None = None) -> list[Member]:
    """Return the members of a workspace (or those named), in the order of their user ids."""
    query = select(MemberRow).where(MemberRow.team_id == team).order_by(col(MemberRow.user_id))
    these = [query] if users is None else [query.where(col(MemberRow.user_id).in_(some)) for some in portions(users)]
    return [_member(row) for each in these for row in db.exec(each)]


def coordinators(db: Session, team: str) -> list[Member]:
    """Return the people who set up sessions and publish."""
    return [person for person in members(db, team) if person.coordinates and person.takes_part]


@dataclass(frozen=True)
class Account:
    """What Slack says of somebody: name, locale, and whether the account is a guest's, a stranger's or switched off."""

    user: str
    name: str
    locale: str = ""
    guest: bool = False
    stranger: bool = False
    deleted: bool = False
    timezone: str = ""


def save_account(db: Session, team: str, account: Account) -> bool:
    """Keep what Slack says of somebody; granted roles stay. Returns whether anything changed."""
    row = db.get(MemberRow, (team, account.user))
    granted = read_roles(row.roles) - set(STANDINGS) if row else frozenset({Role.PARTICIPANT})
    standing = (
        Role.OUTSIDER
        if account.stranger
        else Role.DEACTIVATED
        if account.deleted
        else Role.GUEST
        if account.guest
        else None
    )
    roles = _text(granted | {standing} if standing else granted or frozenset({Role.PARTICIPANT}))
    if row is None:
        db.add(
            MemberRow(
                team_id=team,
                user_id=account.user,
                name=account.name,
                roles=roles,
                locale=account.locale,
                timezone=account.timezone,
            )
        )
        db.flush()
        return True
    told = (account.name, roles, account.locale or row.locale, account.timezone or row.timezone)
    changed = (row.name, row.roles, row.locale, row.timezone) != told
    if changed:
        row.name, row.roles, row.locale, row.timezone = told
        db.add(row)
    return changed


def save_member(
    db: Session,
    team: str,
    user: str,
    *,
    name: str | None,
    region_id: str | None,
    roles: frozenset[Role],
    sector: str = "",
) -> bool:
    """Give somebody a region, roles and a sector; the standing of the account stays. Returns whether that is news.

    Without a name, region or sector the known one stays.
    """
    row = db.get(MemberRow, (team, user))
    standing = read_roles(row.roles) & set(STANDINGS) if row else frozenset()
    text = _text(roles | standing)
    if row is None:
        row = MemberRow(team_id=team, user_id=user, name=name or user, roles=text, region_id=region_id, sector=sector)
        db.add(row)
        db.flush()
        return True
    wanted = (text, region_id or row.region_id, name or row.name, sector or row.sector)
    changed = (row.roles, row.region_id, row.name, row.sector) != wanted
    if changed:
        row.roles, row.region_id, row.name, row.sector = wanted
        db.add(row)
    return changed


def set_region(db: Session, team: str, user: str, region_id: str | None, now: datetime) -> None:
    """Record somebody's own answer to the question which region they belong to."""
    row = db.get_one(MemberRow, (team, user))
    row.region_id, row.region_asked_at = region_id, now
    db.add(row)


def region_asked(db: Session, team: str, users: Collection[str], now: datetime) -> None:
    """Remember that these people were asked for their region: that is done once."""
    query = update(MemberRow).where(col(MemberRow.team_id) == team, col(MemberRow.user_id).in_(users))
    db.connection().execute(query.values(region_asked_at=now))
    db.expire_all()


def set_direct_channel(db: Session, team: str, user: str, channel: str) -> None:
    """Remember the channel of the conversation between the bot and this person."""
    row = db.get(MemberRow, (team, user))
    if row is not None:
        row.direct_channel = channel
        db.add(row)


def set_quiet(db: Session, team: str, user: str, until: datetime | None) -> None:
    """Remember until when this person wants no messages that nobody asked for; None ends the pause."""
    row = db.get(MemberRow, (team, user))
    if row is not None:
        row.quiet_until = until
        db.add(row)


def welcome_once(db: Session, team: str, user: str, now: datetime) -> bool:
    """Say whether this person opens the Home for the first time, and remember it."""
    row = db.get(MemberRow, (team, user))
    if row is None or row.welcomed_at is not None:
        return False
    row.welcomed_at = now
    db.add(row)
    return True


def is_welcomed(db: Session, team: str, user: str) -> bool:
    """Say whether this person opened their Home before."""
    row = db.get(MemberRow, (team, user))
    return row is not None and row.welcomed_at is not None


def read_roles(text: str) -> frozenset[Role]:
    """Read roles as they are stored."""
    return frozenset(Role(word) for word in text.split(",") if word)


def _text(roles: Iterable[Role]) -> str:
    return ",".join(sorted(roles))


def _member(row: MemberRow) -> Member:
    roles = read_roles(row.roles)
    return Member(
        row.team_id,
        row.user_id,
        row.name,
        roles,
        row.region_id,
        row.locale,
        row.direct_channel,
        row.sector,
        row.quiet_until,
        row.timezone,
    )
