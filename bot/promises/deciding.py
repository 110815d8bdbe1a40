"""What can become of a promise, step by step. Every step returns the promise one version further, or is Refused."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.problem import Problem, Refused
from bot.promises.anchoring import names
from bot.promises.records import OWN_WORDS_LENGTH, STANDING, WAITING, Capacity, Event, Place, Promise, State

FURTHEST = timedelta(days=731)
"""Two years ahead; beyond it a mistake in the year is likelier than a plan."""


def taken(place: Place, promises: Iterable[Promise]) -> Promise | None:
    """Return the promise that has these words already: one person is asked per sentence, and no second one after it."""
    free = (State.DECLINED, State.DROPPED)
    return next((p for p in promises if p.place is not None and p.place.overlaps(place) and p.state not in free), None)


def given_up(place: Place, promises: Iterable[Promise]) -> list[Promise]:
    """Return the declined ones of these words, which end when somebody else is asked."""
    return [p for p in promises if p.state is State.DECLINED and p.place is not None and p.place.overlaps(place)]


def accept(promise: Promise, now: datetime) -> Promise:
    """The owner says yes, also after a no that nobody acted on yet. Said twice it stays as it was."""
    if promise.stands:
        return promise
    _unanswered(promise)
    since = now if promise.due else None
    return _next(promise, state=State.ACCEPTED, agreed_at=now, due_since=since, closed_at=None)


def decline(promise: Promise, now: datetime) -> Promise:
    """The owner says that it is not theirs. After a yes a promise is dropped, not declined."""
    if promise.state is State.DECLINED:
        return promise
    _unanswered(promise)
    return _next(promise, state=State.DECLINED, closed_at=now)


def change(promise: Promise, own_words: str, due: date | None, now: datetime) -> Promise:
    """The owner says yes in their own words, or puts it in other words later; with another date if they give one."""
    if promise.stands:
        dated = set_due(promise, due, now) if due else promise
        if own_words == promise.own_words:
            return dated
        state = State.MOVED if dated.state is State.MOVED else State.CHANGED if own_words else State.ACCEPTED
        return _next(promise, state=state, own_words=own_words, due=dated.due, due_since=dated.due_since)
    _unanswered(promise)
    other = own_words or (promise.due is not None and due not in (None, promise.due))
    ready = due or promise.due
    return _next(
        promise,
        state=State.CHANGED if other else State.ACCEPTED,
        own_words=own_words,
        due=ready,
        due_since=now if ready else None,
        agreed_at=now,
        closed_at=None,
    )


def set_due(promise: Promise, due: date, now: datetime) -> Promise:
    """The owner says when it is ready. A first date is no move; the same date again changes nothing."""
    _standing(promise)
    if promise.due is not None:
        return move(promise, due, now)
    return _next(promise, due=due, due_since=now)


def move(promise: Promise, due: date, now: datetime) -> Promise:
    """It will be ready on another day."""
    _standing(promise)
    if promise.due == due:
        return promise
    return _next(promise, state=State.MOVED, due=due, due_since=now)


def keep(promise: Promise, now: datetime) -> Promise:
    """It was done."""
    if promise.state is State.KEPT:
        return promise
    _standing(promise)
    return _next(promise, state=State.KEPT, closed_at=now)


def drop(promise: Promise, now: datetime) -> Promise:
    """It will not come."""
    if promise.state is State.DROPPED and promise.agreed_at is not None:
        return promise
    _standing(promise)
    return _next(promise, state=State.DROPPED, closed_at=now)


def reopen(promise: Promise, events: Iterable[Event], others: Iterable[Promise]) -> Promise:
    """It was marked kept or dropped by mistake: it stands again as it did before.

    Raises Refused for one that its owner never agreed to, whose words are gone, or whose words somebody else has now.
    """
    if promise.stands:
        return promise
    if promise.state not in (State.KEPT, State.DROPPED) or not promise.is_public:
        raise Refused("promises.over")
    if promise.place is not None and taken(promise.place, (each for each in others if each.id != promise.id)):
        raise Refused("promises.asked_another")
    before = next((each.before for each in reversed(list(events)) if each.before in STANDING), State.ACCEPTED)
    return _next(promise, state=before, closed_at=None)


def take_back(promise: Promise, now: datetime) -> Promise:
    """Who asked takes the question back, or asks somebody else after a no: nobody stands for it any more."""
    if promise.state is State.DROPPED and promise.agreed_at is None:
        return promise
    if promise.state not in (State.OFFERED, State.DECLINED):
        raise Refused("promises.answered_already")
    return _next(promise, state=State.DROPPED, closed_at=now)


def make_next_step(promise: Promise, sentence: str, owner_name: str, now: datetime) -> Promise:
    """Nobody stands for it: it becomes a next step without a name.

    Raises Refused while the sentence itself still names the person who did not say yes.
    """
    if names(sentence, owner_name):
        raise Refused("promises.still_named", name=owner_name)
    return take_back(promise, now)


def check_due(
    day: str, today: date, *, field: str = "due", required: bool = False
) -> tuple[date | None, list[Problem]]:
    """Read the date of a picker; returns it, or None with what has to be repaired."""
    if not day and not required:
        return None, []
    try:
        due = date.fromisoformat(day)
    except ValueError:
        return None, [Problem(field, "promises.problem.no_date")]
    if due < today:
        return None, [Problem(field, "promises.problem.past")]
    if due - today > FURTHEST:
        return None, [Problem(field, "promises.problem.far")]
    return due, []


def check_own_words(text: str) -> tuple[str, list[Problem]]:
    """Read what the owner typed in place of the sentence; empty leaves the sentence."""
    words = " ".join(text.split())
    if len(words) > OWN_WORDS_LENGTH:
        values = {"most": OWN_WORDS_LENGTH, "now": len(words)}
        return "", [Problem("own_words", "worksessions.problem.too_long", values)]
    return words, []


def event_of(before: Promise | None, after: Promise, by: str, capacity: Capacity, now: datetime) -> Event:
    """Return the step from one version of a promise to another, for its trail."""
    return Event(
        now, by, capacity, before.state if before else None, after.state, before.due if before else None, after.due
    )


def _unanswered(promise: Promise) -> None:
    if promise.state not in WAITING:
        raise Refused("promises.agreed_already" if promise.stands else "promises.over")


def _standing(promise: Promise) -> None:
    if not promise.stands:
        raise Refused("promises.over" if promise.state not in WAITING else "promises.not_agreed")


def _next(promise: Promise, **changes: object) -> Promise:
    return replace(promise, version=promise.version + 1, **changes)  # type: ignore[arg-type]  # names of its fields
