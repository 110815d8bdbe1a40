"""Asking to sit with somebody: one wish a person, and only what both want counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.problem import Refused
from bot.programme import Member
from bot.selection.choosing import open_until
from bot.worksessions import WorkSession


class PairState(StrEnum):
    """What became of a wish to sit together."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True)
class Pair:
    """Somebody's wish to sit with one other person in a session."""

    id: str
    work_session: str
    asker: str
    partner: str
    state: PairState
    at: datetime


def ask(session: WorkSession, asker: Member, partner: Member, new_id: str, now: datetime) -> Pair:
    """Ask to sit with somebody.

    Raises Refused when choosing has closed, for oneself, for who takes no part, and while practising alone.
    """
    open_until(session, now)
    if session.is_practice:
        raise Refused("selection.pair_practice")
    if partner.user == asker.user:
        raise Refused("selection.pair_self")
    if not partner.takes_part:
        raise Refused("selection.pair_nobody")
    return Pair(new_id, session.id, asker.user, partner.user, PairState.ASKED, now)


def answered(session: WorkSession, found: Pair, user: str, agrees: bool, now: datetime) -> PairState:
    """Say yes or no to a wish; the last answer counts. Raises Refused when closed, or for who was not asked."""
    if found.partner != user:
        raise Refused("slack.unknown")
    open_until(session, now)
    return PairState.AGREED if agrees else PairState.DECLINED


def together(pairs: Sequence[Pair]) -> tuple[tuple[str, str], ...]:
    """Return the pairs that both want, each sorted, without doubles: agreed to, or asked from both sides."""
    asked = {(pair.asker, pair.partner) for pair in pairs if pair.state is not PairState.DECLINED}
    both = {(pair.asker, pair.partner) for pair in pairs if pair.state is PairState.AGREED}
    both |= {(asker, partner) for asker, partner in asked if (partner, asker) in asked}
    return tuple(sorted({(min(two), max(two)) for two in both}))
