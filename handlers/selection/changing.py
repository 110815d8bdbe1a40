"""What follows from every change of seats, in its transaction: rows, list, threads, and word to who is concerned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.selection import Change, Group, Swap, SwapState, is_stale
from bot.worksessions import WorkSession
from handlers.selection.cards import owe_change, owe_group_change
from handlers.selection.telling import tell
from storage import delivery, selection


def carry_out(
    db: Session, session: WorkSession, groups: Sequence[Group], change: Change, now: datetime, why: str
) -> None:
    """Write a change of seats, and owe whatever shows it; `groups` are those before it, `why` makes the keys."""
    selection.reseat(db, session.team, change)
    owe_list(db, session, now, why)
    for group in change.groups:
        if not delivery.is_changing(db, session.team, f"selection.group:{group.id}"):
            owe_group_change(db, session, group.id, now, why)
    for user in change.told:
        tell(db, session, "selection.seated", f"{session.id}:{user}:{why}", user, {"id": session.id, "user": user}, now)
    after = {group.id: group for group in (*groups, *change.groups)}
    for swap in selection.open_swaps(db, session.team, session.id):
        if is_stale(list(after.values()), swap):
            settle(db, session, replace(swap, state=SwapState.VOID), now)


def owe_list(db: Session, session: WorkSession, now: datetime, why: str) -> None:
    """Owe the list of groups as it is now; one that waits to be sent will show this as well."""
    if not delivery.is_changing(db, session.team, f"selection.card:{session.id}"):
        owe_change(db, session, now, why)


def settle(db: Session, session: WorkSession, swap: Swap, now: datetime) -> None:
    """Write what became of a proposal: its buttons go, and the asker hears it (but not that they asked anew)."""
    selection.save_swap(db, session.team, swap)
    delivery.plan_change(
        db,
        team=session.team,
        of=f"selection.swap:{swap.id}",
        why=swap.state.value,
        kind="selection.swap_settled",
        now=now,
    )
    if swap.state is not SwapState.REPLACED:
        delivery.plan(
            db,
            team=session.team,
            key=f"selection.swap_outcome:{swap.id}",
            kind="selection.swap_outcome",
            arguments={"id": swap.id},
            user=swap.asker,
            now=now,
            not_after=session.ends_at,
        )
