"""What a tap on a topic does: in free mode it is the choice, in ranked mode the next of at most three."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.problem import Refused
from bot.worksessions import Mode, State, Topic, WorkSession

MOST_CHOICES = 3
"""First, second and third choice."""


class Wish(StrEnum):
    """What a pick says: these topics, wherever there is room, or "I cannot come"."""

    TOPIC = "topic"
    ANYWHERE = "anywhere"
    ABSENT = "absent"


@dataclass(frozen=True)
class Pick:
    """The choice that counts for a person in a work session: topic ids, first choice first.

    In free mode there is one topic. `placed_by` is the coordinator who put the person there; the person's own next
    tap takes its place.
    """

    user: str
    wish: Wish
    topics: tuple[str, ...]
    at: datetime
    placed_by: str | None = None


@dataclass(frozen=True)
class Choice:
    """What a press led to; `changed` is False when it said what was chosen already.

    `is_full` says that three topics were chosen before, so that this one could not be added.
    """

    pick: Pick
    changed: bool
    before: Pick | None = None
    is_full: bool = False


def open_until(session: WorkSession, now: datetime) -> datetime:
    """Return when choosing closes. Raises Refused when it has closed, or the session was called off."""
    if session.state is State.CANCELLED:
        raise Refused("followup.is_cancelled", title=session.title)
    if session.state is not State.CHOOSING or session.closes_at is None or now >= session.closes_at:
        raise Refused("selection.late", title=session.title, closed=session.closes_at or session.starts_at)
    return session.closes_at


def choose(
    session: WorkSession,
    user: str,
    wish: Wish,
    topic: str | None,
    before: Pick | None,
    counts: Mapping[str, int],
    now: datetime,
) -> Choice:
    """Decide what one press does. `counts` says how many others have a place at each topic so far, by topic id.

    In free mode another topic takes the place of the first; in ranked mode it becomes the next choice. Raises
    Refused when choosing has closed, when the topic is not on offer, or, in free mode, when its group is full.
    """
    open_until(session, now)
    if wish is not Wish.TOPIC:
        if before and before.wish is wish:
            return Choice(before, changed=False, before=before)
        return Choice(Pick(user, wish, (), now), changed=True, before=before)
    lead = session.lead(topic) if topic else None
    if topic is None or lead is None:
        raise Refused("selection.unknown_topic")
    if before and before.wish is Wish.TOPIC and lead in [session.lead(known) for known in before.topics]:
        own = replace(before, placed_by=None, at=now) if before.placed_by else before
        return Choice(own, changed=own != before, before=before)
    if session.mode is Mode.RANKED:
        had = _own_list(session, before)
        if len(had) >= MOST_CHOICES and before is not None:
            return Choice(before, changed=False, before=before, is_full=True)
        return Choice(Pick(user, wish, (*had, topic), now), changed=True, before=before)
    _refuse_full(session, lead, counts)
    return Choice(Pick(user, wish, (topic,), now), changed=True, before=before)


def rank(session: WorkSession, user: str, at: int, topic: str, before: Pick | None, now: datetime) -> Choice:
    """Make a topic the first (`at` 0), second or third choice; what stood there changes places with it.

    Raises Refused when choosing has closed, when the topic is not on offer, or where choices have no order.
    """
    open_until(session, now)
    if session.mode is not Mode.RANKED or not 0 <= at < MOST_CHOICES or session.lead(topic) is None:
        raise Refused("selection.unknown_topic")
    offer = [offered.id for offered in session.offer(topic)]
    had = list(_own_list(session, before))
    held = next((place for place, known in enumerate(had) if known in offer), None)
    if held is not None and at < len(had):
        had[held], had[at] = had[at], had[held]
    elif held is not None:
        had.append(had.pop(held))
    elif at < len(had):
        had[at] = topic
    else:
        had.append(topic)
    pick = Pick(user, Wish.TOPIC, tuple(had), now)
    same = before is not None and (before.wish, before.topics, before.placed_by) == (pick.wish, pick.topics, None)
    return Choice(before if same and before else pick, changed=not same, before=before)


def clear(session: WorkSession, now: datetime) -> None:
    """Let somebody begin anew, with nothing chosen. Raises Refused when choosing has closed."""
    open_until(session, now)


def place(session: WorkSession, user: str, topic: str, counts: Mapping[str, int], by: str, now: datetime) -> Pick:
    """Put somebody with a topic on the coordinator's word. Raises Refused for a topic that is full or not on offer."""
    open_until(session, now)
    lead = session.lead(topic)
    if lead is None:
        raise Refused("selection.unknown_topic")
    _refuse_full(session, lead, counts)
    return Pick(user, Wish.TOPIC, (topic,), now, placed_by=by)


def drop_topic(pick: Pick, topic: str) -> Pick | None:
    """Return a pick without a topic that is no longer on offer; None where nothing is left of it."""
    left = tuple(known for known in pick.topics if known != topic)
    if pick.wish is not Wish.TOPIC or left == pick.topics:
        return pick
    return replace(pick, topics=left, placed_by=None) if left else None


def place_of(session: WorkSession, user: str, pick: Pick | None) -> str | None:
    """Return the topic at which somebody counts on a place: the one they lead unless they cannot come, or they chose.

    A place is kept for who leads a topic also while they have said nothing.
    """
    if pick is not None and pick.wish is Wish.ABSENT:
        return None
    chosen = pick.topics if pick else ()
    led = led_by(session, user, chosen)
    return led.id if led else next(iter(chosen), None)


def led_by(session: WorkSession, user: str, chosen: Sequence[str]) -> Topic | None:
    """Return the leading topic of the group that somebody was appointed to.

    Who was appointed to several (practising alone, one person leads them all) leads the one they like best, and
    without a choice the one that the offer names first.
    """
    led = [offered[0] for offered in session.offers if any(topic.facilitator == user for topic in offered)]
    liked = (lead for topic in chosen if (lead := session.lead(topic)) in led)
    return next(liked, None) or next(iter(led), None)


def taken(session: WorkSession, counts: Mapping[str, int], leading: Sequence[Pick]) -> Counter[str]:
    """Return how many places are taken at each topic, by topic id.

    `counts` are the people per first choice, `leading` the choices of those who lead a topic.
    """
    found = Counter(counts)
    said = {pick.user: pick for pick in leading}
    for user in {topic.facilitator for topic in session.topics if topic.facilitator}:
        pick = said.get(user)
        found.subtract(pick.topics[:1] if pick else ())
        place = place_of(session, user, pick)
        found.update([place] if place else ())
    return found


def chosen_first(session: WorkSession, counts: Mapping[str, int]) -> Counter[str]:
    """Add up the people per leading topic from the people per topic."""
    found: Counter[str] = Counter()
    for topic, number in counts.items():
        lead = session.lead(topic)
        if lead is not None:
            found[lead.id] += number
    return found


def _refuse_full(session: WorkSession, lead: Topic, counts: Mapping[str, int]) -> None:
    most = session.maximum(lead)
    if most is not None and sum(counts.get(topic.id, 0) for topic in session.offer(lead.id)) >= most:
        raise Refused("selection.full", limit=most)


def ranked_offers(session: WorkSession, topics: Sequence[str]) -> tuple[str, ...]:
    """Return what somebody chose as leading topics, each once, in the order of the choices."""
    leads = [lead.id for topic in topics if (lead := session.lead(topic)) is not None]
    return tuple(dict.fromkeys(leads))


def each_once(session: WorkSession, topics: Sequence[str]) -> tuple[str, ...]:
    """Return choices in their order; of topics that were joined after somebody chose them, only the first counts."""
    first: dict[str, str] = {}
    for topic in topics:
        if (lead := session.lead(topic)) is not None:
            first.setdefault(lead.id, topic)
    return tuple(first.values())


def _own_list(session: WorkSession, before: Pick | None) -> tuple[str, ...]:
    """Return the list that a tap adds to: not what a coordinator chose, which makes place for it."""
    own = before is not None and before.wish is Wish.TOPIC and before.placed_by is None
    return each_once(session, before.topics) if own and before else ()
