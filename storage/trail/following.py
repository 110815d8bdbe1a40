"""Messages that say what stands in an entry say what is true now, also after it changed or is gone."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, or_, select

from bot.delivery import Operation
from bot.trail import Kind
from storage import delivery, introductions
from storage.delivery.rows import OutboxRow
from storage.digest.issues import saying, saying_session
from storage.moments import packed
from storage.portions import DEEP, portions
from storage.trail.follow_ups import posts_of
from storage.trail.rows import TrailRow
from storage.trail.taken_along import follow_sessions

TOLD = "trail."
"""With what the kinds of messages begin that say what stands in an entry; their keys are "<kind>:<entry>:<whom>"."""
LISTS = ("trail.overdue", "trail.rules_list", "trail.intervision")
"""Kinds of messages that tell of many entries, which their keys do not name."""
FOLLOWED = (
    Kind.EXAMPLE, Kind.OBSTACLE, Kind.REQUEST, Kind.ASSIGNMENT, Kind.ROLE, Kind.CROSS_THEME, Kind.INDICATOR,
)  # fmt: skip
"""Entries about which there can be such messages."""
EXAMPLE = "example:"
"""What the subject of an example in a digest begins with."""
YIELD = "yield:"
"""What the subject of a value that was reached in a digest begins with."""
ANSWER = "answer:"
"""What the subject of an answered rule in a digest begins with; then come its id, an @ and the region's own rule."""


def follow_words(db: Session, team: str, ids: Collection[str], now: datetime) -> None:
    """Words of entries are gone, for a note was withdrawn or somebody is forgotten: no message goes on saying them.

    Also messages about what hangs under them, which may name them, and lists.
    """
    if not ids:
        return
    told = set(ids)
    for some in portions(ids):
        told |= set(db.exec(select(TrailRow.id).where(TrailRow.team_id == team, col(TrailRow.parent_id).in_(some))))
    why = f"gone {packed(now)}"
    for some in portions(told, DEEP):
        follow(db, team, some, why, now)
    lists = select(OutboxRow.key).where(
        OutboxRow.team_id == team, OutboxRow.operation == Operation.POST.value, col(OutboxRow.kind).in_(LISTS)
    )
    for key in list(db.exec(lists)):
        delivery.plan_change(db, team=team, of=key, why=why, now=now)
    follow_sessions(db, team, told, why, now, held=True)


def follow(db: Session, team: str, ids: Collection[str], why: str, now: datetime) -> None:
    """Entries changed or are gone: owe every message and digest that tells them what there is to say of them now."""
    if not ids:
        return
    named = [col(OutboxRow.key).contains(f":{one}:", autoescape=True) for one in sorted(ids)]
    query = select(OutboxRow.key).where(
        OutboxRow.team_id == team,
        OutboxRow.operation == Operation.POST.value,
        col(OutboxRow.kind).startswith(TOLD),
        or_(*named),
    )
    for key in [*db.exec(query), *posts_of(db, team, ids)]:
        delivery.plan_change(db, team=team, of=key, why=why, now=now)
    follow_sessions(db, team, ids, f"{min(ids)} {why}", now, held=False)
    meeting = introductions.follow(db, team, ids, why, now)
    answers = {each for one in sorted(ids) for each in saying_session(db, team, f"{ANSWER}{one}")}
    for digest_id, part in sorted(
        {*saying(db, team, [*(f"{told}{one}" for told in (EXAMPLE, YIELD) for one in sorted(ids)), *meeting]), *answers}
    ):
        key = f"digest.post:{digest_id}" if part == 0 else f"digest.post:{digest_id}:{part}"
        posted = delivery.parcel(db, team, key)
        if posted is not None:
            arguments = {**posted.arguments, "again": True}
            delivery.plan_change(db, team=team, of=key, why=f"trail:{why}", arguments=arguments, now=now)
