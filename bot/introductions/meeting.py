"""How an introduction comes about: one side asks, the other answers, and nobody hears from whom a no came."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.introductions.records import Introduction, State
from bot.problem import Refused

OPEN_FOR = timedelta(days=28)
"""So long a region can ask for what its digest proposed."""
ANSWER_WITHIN = timedelta(days=10)
"""So long the other side has. Who asked hears at the end of it, whether there was a no or no answer at all."""
LIVING = (State.PROPOSED, State.ASKED, State.DECLINED)
"""States in which something can still come of it."""


def can_be_asked(found: Introduction, now: datetime) -> bool:
    """Say whether the region that asks can still want it."""
    return found.state is State.PROPOSED and now < found.proposed_at + OPEN_FOR


def can_be_answered(found: Introduction, now: datetime) -> bool:
    """Say whether the other side can still say yes or no."""
    return found.state is State.ASKED and found.deadline is not None and now < found.deadline


def ask(found: Introduction, starter: str, answerer: str, now: datetime) -> Introduction:
    """Somebody of the region that asks wants it. Raises Refused when another did before, or it is too late."""
    if not can_be_asked(found, now):
        asked = found.state in (State.ASKED, State.DECLINED, State.MET)
        raise Refused("introductions.asked_already" if asked else "introductions.over")
    return replace(found, state=State.ASKED, starter=starter, answerer=answerer, deadline=now + ANSWER_WITHIN)


def agree(found: Introduction, now: datetime) -> Introduction:
    """The other side wants it too: they meet. Raises Refused when it is over."""
    if not can_be_answered(found, now):
        raise Refused("introductions.over")
    return replace(found, state=State.MET)


def decline(found: Introduction, now: datetime) -> Introduction:
    """The other side would rather not; who asked hears nothing before the deadline. Raises Refused when it is over."""
    if not can_be_answered(found, now):
        raise Refused("introductions.over")
    return replace(found, state=State.DECLINED, refused=True)


def take_back(found: Introduction) -> Introduction:
    """Who asked would rather not after all. Raises Refused when they met, or it is over."""
    if found.state not in (State.ASKED, State.DECLINED):
        raise Refused("introductions.met_already" if found.state is State.MET else "introductions.over")
    return replace(found, state=State.TAKEN_BACK, refused=True)


def close(found: Introduction, now: datetime) -> Introduction:
    """End what nobody agreed to in time; anything else stays as it is."""
    waiting = found.state in (State.ASKED, State.DECLINED)
    over = waiting and found.deadline is not None and found.deadline <= now
    return replace(found, state=State.CLOSED) if over else found
