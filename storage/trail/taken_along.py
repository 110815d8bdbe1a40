"""The messages of sessions that name a theme for everybody: they say what holds, also after it changed or is gone."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.trail import Kind
from storage import delivery, selection, worksessions
from storage.portions import portions
from storage.trail.rows import TrailRow


def follow_sessions(db: Session, team: str, ids: Collection[str], why: str, now: datetime, *, held: bool) -> None:
    """Of entries that changed some may be themes for everybody: owe the messages of sessions what they say now.

    `held` is whether those of sessions that are over follow too: they do where words have to go, and keep what was
    taken along where only the theme changed.
    """
    made: list[datetime] = []
    for some in portions(ids):
        query = select(func.min(TrailRow.made_at)).where(
            TrailRow.team_id == team, TrailRow.kind == Kind.CROSS_THEME.value, col(TrailRow.id).in_(some)
        )
        made += [moment for moment in db.exec(query) if moment is not None]
    if not made:
        return
    about = worksessions.since(db, team, min(made) if held else now)
    groups = selection.groups_of_all(db, team, [session.id for session in about])
    for session in about:
        keys = [f"selection.card:{session.id}", *(f"selection.group:{each.id}" for each in groups.get(session.id, []))]
        for key in keys:
            delivery.plan_change(db, team=team, of=key, why=why, now=now)
