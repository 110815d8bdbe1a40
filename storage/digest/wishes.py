"""What a region wants to read: how often, which themes and other regions; and what somebody kept out of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Session, col, select

from bot.digest import Every, Reason, Stance, Subscription
from storage.moments import Moment, packed
from storage.rows import Row
from storage.themes import ImpressionThemeRow


class DigestSubscriptionRow(Row, table=True):
    """How often a region reads its digest; one without a row reads every week."""

    __tablename__ = "digest_subscription"
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    team_id: str = Field(index=True)
    every: str
    paused_until: datetime | None = Field(default=None, sa_type=Moment)
    version: int = 0


class DigestStanceRow(Row, table=True):
    """A theme that a region follows or mutes."""

    __tablename__ = "digest_stance"
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    theme_id: str = Field(primary_key=True, foreign_key="theme.id")
    team_id: str = Field(index=True)
    stance: str


class DigestRegionRow(Row, table=True):
    """Another region whose sentences a region reads as well."""

    __tablename__ = "digest_region"
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    other_id: str = Field(primary_key=True, foreign_key="region.id")
    team_id: str = Field(index=True)


class DigestHoldRow(Row, table=True):
    """A sentence that somebody keeps out of a region's digest, until a moment or for good. Holds no words."""

    __tablename__ = "digest_hold"
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    subject: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    reason: str
    until: datetime | None = Field(default=None, sa_type=Moment)
    by_user: str
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True)
class Held:
    """A sentence that stays out of a digest: why, who said so, and until when (None for good)."""

    subject: str
    reason: Reason
    by: str
    until: datetime | None


def subscriptions(db: Session, team: str, regions: Iterable[str] | None = None) -> dict[str, Subscription]:
    """Return by region id what each region of a workspace (or those named) wants; three statements for all of them."""
    wanted = None if regions is None else sorted(set(regions))
    rows = select(DigestSubscriptionRow).where(DigestSubscriptionRow.team_id == team)
    stances_of = select(DigestStanceRow).where(DigestStanceRow.team_id == team)
    others_of = select(DigestRegionRow).where(DigestRegionRow.team_id == team)
    if wanted is not None:
        rows = rows.where(col(DigestSubscriptionRow.region_id).in_(wanted))
        stances_of = stances_of.where(col(DigestStanceRow.region_id).in_(wanted))
        others_of = others_of.where(col(DigestRegionRow.region_id).in_(wanted))
    found = {row.region_id: row for row in db.exec(rows)}
    themes: dict[str, dict[str, Stance]] = {}
    for stance in db.exec(stances_of.order_by(DigestStanceRow.theme_id)):
        themes.setdefault(stance.region_id, {})[stance.theme_id] = Stance(stance.stance)
    others: dict[str, set[str]] = {}
    for other in db.exec(others_of):
        others.setdefault(other.region_id, set()).add(other.other_id)
    made = {}
    for region in wanted if wanted is not None else sorted({*found, *themes, *others}):
        row = found.get(region)
        made[region] = Subscription(
            region,
            Every(row.every) if row else Every.WEEK,
            themes.get(region, {}),
            frozenset(others.get(region, ())),
            row.paused_until if row else None,
            row.version if row else 0,
        )
    return made


def subscription(db: Session, team: str, region_id: str) -> Subscription:
    """Return what one region wants to read."""
    return subscriptions(db, team, [region_id])[region_id]


def stances(db: Session, team: str, region_id: str) -> dict[str, str]:
    """Return by theme id what a region wants of it: "follow" or "mute"."""
    return {theme: stance.value for theme, stance in subscription(db, team, region_id).stances.items()}


def save_subscription(db: Session, team: str, value: Subscription) -> None:
    """Write what a region wants, in the place of what it wanted; its version is counted on by the caller."""
    row = db.get(DigestSubscriptionRow, (team, value.region))
    row = row or DigestSubscriptionRow(region_id=value.region, team_id=team, every=value.every.value)
    row.every, row.paused_until, row.version = value.every.value, value.paused_until, value.version
    db.add(row)
    known = {
        one.theme_id: one
        for one in db.exec(
            select(DigestStanceRow).where(DigestStanceRow.team_id == team, DigestStanceRow.region_id == value.region)
        )
    }
    for theme, one in known.items():
        if theme not in value.stances:
            db.delete(one)
    for theme, stance in value.stances.items():
        kept = known.get(theme) or DigestStanceRow(region_id=value.region, theme_id=theme, team_id=team, stance="")
        kept.stance = stance.value
        db.add(kept)
    along = {
        one.other_id: one
        for one in db.exec(
            select(DigestRegionRow).where(DigestRegionRow.team_id == team, DigestRegionRow.region_id == value.region)
        )
    }
    for other, gone in along.items():
        if other not in value.others:
            db.delete(gone)
    for other in value.others - set(along):
        db.add(DigestRegionRow(region_id=value.region, other_id=other, team_id=team))
    db.flush()


def hold(
    db: Session, team: str, region_id: str, subject: str, reason: Reason, until: datetime | None, by: str, now: datetime
) -> None:
    """Keep a sentence out of a region's digest, until a moment or for good."""
    row = db.get(DigestHoldRow, (team, region_id, subject)) or DigestHoldRow(
        region_id=region_id, subject=subject, team_id=team, reason="", by_user=by, at=now
    )
    row.reason, row.until, row.by_user, row.at = reason.value, until, by, now
    db.add(row)
    db.flush()


def let_go(db: Session, team: str, region_id: str, subject: str) -> bool:
    """Let a sentence be said after all. False where nothing kept it out."""
    row = db.get(DigestHoldRow, (team, region_id, subject))
    if row is None:
        return False
    db.delete(row)
    db.flush()
    return True


def held(db: Session, team: str, regions: Iterable[str], now: datetime) -> dict[str, dict[str, Held]]:
    """Return by region and subject what stays out of its digest at this moment."""
    query = select(DigestHoldRow).where(
        DigestHoldRow.team_id == team, col(DigestHoldRow.region_id).in_(sorted(set(regions)))
    )
    found: dict[str, dict[str, Held]] = {}
    for row in db.exec(query):
        if row.until is None or now < row.until:
            one = Held(row.subject, Reason(row.reason), row.by_user, row.until)
            found.setdefault(row.region_id, {})[row.subject] = one
    return found


_CHOSEN = text("""
SELECT m.region_id AS region, t.theme_id AS theme, count(DISTINCT m.user_id) AS people
FROM (
    SELECT p.user_id AS user_id, p.topic_id AS topic_id
    FROM pick p JOIN work_session s ON s.team_id = p.team_id AND s.id = p.work_session_id
    WHERE p.team_id = :team AND s.ends_at > :since AND substr(s.channel_id, 1, 1) <> 'D' AND p.topic_id IS NOT NULL
    UNION
    SELECT e.user_id, g.topic_id
    FROM seat e JOIN work_session s ON s.team_id = e.team_id AND s.id = e.work_session_id
    JOIN group_topic g ON g.team_id = e.team_id AND g.group_id = e.group_id
    WHERE e.team_id = :team AND s.ends_at > :since AND substr(s.channel_id, 1, 1) <> 'D'
) AS had
JOIN member m ON m.team_id = :team AND m.user_id = had.user_id AND m.region_id IS NOT NULL
JOIN topic t ON t.team_id = :team AND t.id = had.topic_id AND t.theme_id IS NOT NULL
GROUP BY m.region_id, t.theme_id
""")


def chosen_themes(db: Session, team: str, since: datetime) -> Mapping[str, Counter[str]]:
    """Count by region and theme the people who chose it, or sat in a group about it, in sessions since this moment."""
    found: dict[str, Counter[str]] = {}
    for region, theme, people in db.connection().execute(_CHOSEN, {"team": team, "since": packed(since)}):
        found.setdefault(region, Counter())[theme] = people
    return found


def themes_of(db: Session, team: str, impression_id: str) -> set[str]:
    """Return the ids of the themes of an impression."""
    query = select(ImpressionThemeRow.theme_id).where(
        ImpressionThemeRow.team_id == team, ImpressionThemeRow.impression_id == impression_id
    )
    return set(db.exec(query))


def released(db: Session, team: str, regions: Iterable[str], now: datetime) -> dict[str, set[str]]:
    """Return by region the sentences that were held back for a while which is over, and that wait to be said."""
    query = select(DigestHoldRow).where(
        DigestHoldRow.team_id == team,
        col(DigestHoldRow.region_id).in_(sorted(set(regions))),
        col(DigestHoldRow.until) <= now,
    )
    found: dict[str, set[str]] = {}
    for row in db.exec(query):
        found.setdefault(row.region_id, set()).add(row.subject)
    return found
