"""What a coordinator may change while people choose: joining topics, taking one off, limits, and placing somebody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.calendar import next_sending_time
from bot.problem import Problem, Refused
from bot.programme import Member
from bot.selection.choosing import Pick, Wish, drop_topic, place
from bot.selection.grouping import leaders
from bot.selection.reminding import LEAST, silent
from bot.worksessions import LARGEST_GROUP, Mode, State, Topic, WorkSession, sizes


@dataclass(frozen=True)
class Withdrawal:
    """What follows from taking a topic off the list: picks that stay with other choices, and people left with none."""

    changed: tuple[Pick, ...]
    bereft: tuple[str, ...]


def still_choosing(session: WorkSession, now: datetime) -> None:
    """Let a change of the offer pass. Raises Refused when choosing has closed, or should have."""
    if session.state is not State.CHOOSING or session.closes_at is None or now >= session.closes_at:
        raise closed(session)


def closed(session: WorkSession) -> Refused:
    """Return the answer to who wants to change the offer too late: where the groups are, or that they are coming."""
    making = session.state in (State.CHOOSING, State.CLOSING)
    return Refused("selection.outlook.closing" if making else "selection.shape.closed", title=session.title)


def is_choosing(session: WorkSession) -> bool:
    """Say whether a message about choosing still means something."""
    return session.state is State.CHOOSING


def on_offer(session: WorkSession, topic: str) -> Topic:
    """Return the topic under which this one is offered. Raises Refused for one that is not on the list (any more)."""
    lead = session.lead(topic)
    if lead is None:
        raise Refused("selection.shape.gone")
    return lead


def merge(
    session: WorkSession, topic: str, into: str, picks: Sequence[Pick]
) -> tuple[tuple[str, ...], str, list[Problem]]:
    """Let two offers make one group. Returns the topics that move, the one they go to, and what is wrong.

    Chains stay flat: whatever was merged into the first goes along, and whatever the second was merged into is what
    they go to. Raises Refused for a topic that is not on the list.
    """
    small, lead = on_offer(session, topic), on_offer(session, into)
    if small is lead:
        return (), lead.id, [Problem("into", "selection.shape.same")]
    moving = tuple(each.id for each in session.offer(small.id))
    most = session.maximum(lead)
    both = len(promised(session, small, picks) | promised(session, lead, picks))
    if most is not None and both > most:
        return (), lead.id, [Problem("into", "selection.shape.too_many", {"now": both, "most": most})]
    return moving, lead.id, []


def apart(session: WorkSession, topic: str) -> tuple[str, ...]:
    """Return the topics that stand by themselves again when an offer is taken apart; none where nothing was merged."""
    return tuple(each.id for each in session.offer(on_offer(session, topic).id)[1:])


def withdraw(session: WorkSession, topic: str, picks: Sequence[Pick]) -> Withdrawal:
    """Take a topic off the list. Raises Refused for one that is not on it, and for the last one."""
    on_offer(session, topic)
    if len(session.topics) == 1:
        raise Refused("selection.shape.last_topic")
    cleaned = [(pick, drop_topic(pick, topic)) for pick in picks if topic in pick.topics]
    return Withdrawal(
        tuple(left for _, left in cleaned if left is not None),
        tuple(pick.user for pick, left in cleaned if left is None),
    )


def limits(
    session: WorkSession, topic: str, text: str, picks: Sequence[Pick]
) -> tuple[int | None, int | None, list[Problem]]:
    """Read a topic's own limits: "3-8", "8", or nothing for those of the session. Returns minimum and maximum.

    They may not be below the people who count on a place. Raises Refused for a topic that is not on the list.
    """
    lead = on_offer(session, topic)
    try:
        least, most = sizes(text)
    except ValueError:
        return None, None, [Problem("sizes", "worksessions.problem.limit", {"most": LARGEST_GROUP})]
    usual = session.minimum(replace(lead, minimum=None))
    if most is not None and least is None and usual > most:
        least = most  # the usual smallest group is larger than what this topic takes at most
    limit, now = session.group_limit if most is None else most, len(promised(session, lead, picks))
    if limit is not None and now > limit:
        return None, None, [Problem("sizes", "selection.shape.below", {"now": now, "most": limit})]
    return least, most, []


def put(
    session: WorkSession, picks: Sequence[Pick], member: Member, topic: str, by: str, now: datetime
) -> tuple[Pick | None, list[Problem]]:
    """Put somebody with a topic on the coordinator's word; None where they are there already.

    Who leads a group sits there, so they are not put elsewhere. Raises Refused for a topic that is not on the list.
    """
    lead = on_offer(session, topic)
    if not member.takes_part:
        return None, [Problem("person", "selection.pair_nobody")]
    led = next((offer for offer, users in leaders(session, picks).items() if member.user in users), lead.id)
    if led != lead.id:
        return None, [Problem("person", "selection.shape.leads", {"topic": on_offer(session, led).name})]
    held = promised(session, lead, picks)
    if member.user in held:
        return None, []
    try:
        return place(session, member.user, lead.id, {lead.id: len(held)}, by, now), []
    except Refused as refused:
        if refused.key != "selection.full":
            raise
        return None, [Problem("topic", refused.key, refused.values)]


def appoint(
    session: WorkSession, wanted: Mapping[str, str | None], picks: Sequence[Pick], members: Sequence[Member]
) -> tuple[dict[str, str], dict[str, str], list[Problem]]:
    """Let these people facilitate these topics (topic id to user id).

    Returns who is new where, who does not lead what any more though they could have come, and what is wrong.

    Nobody leads two groups at once, though one person may lead topics that make one group. Practising alone, one
    person leads them all. Who is new has to take part, must not have said that they cannot come, and has to fit in.
    """
    away = {pick.user for pick in picks if pick.wish is Wish.ABSENT}
    known = {member.user: member for member in members}
    held = {topic.id: wanted.get(topic.id, topic.facilitator) for topic in session.topics}
    arranged = replace(session, topics=tuple(replace(each, facilitator=held[each.id]) for each in session.topics))
    problems: list[Problem] = []
    leads: dict[str, str] = {}
    for topic in session.topics:
        user, lead = held[topic.id], on_offer(session, topic.id)
        if user is None:
            continue
        field, is_new = f"topic-{topic.id}", user != topic.facilitator
        most, now = session.maximum(lead), len(promised(arranged, on_offer(arranged, lead.id), picks))
        if leads.setdefault(user, lead.id) != lead.id and not session.is_practice and topic.id in wanted:
            problems.append(Problem(field, "selection.shape.two_groups"))
        elif is_new and user in known and not known[user].takes_part:
            problems.append(Problem(field, "selection.pair_nobody"))
        elif is_new and user in away:
            problems.append(Problem(field, "selection.shape.cannot_come"))
        elif is_new and most is not None and now > most:
            problems.append(Problem(field, "selection.shape.below", {"now": now, "most": most}))
    changed = [topic for topic in session.topics if held[topic.id] != topic.facilitator]
    new = {topic.id: user for topic in changed if (user := held[topic.id]) is not None}
    old = {topic.id: user for topic in changed if (user := topic.facilitator) is not None and user not in away}
    return new, old, problems


def reminder_on_request(
    session: WorkSession,
    members: Sequence[Member],
    picks: Sequence[Pick],
    now: datetime,
    is_holiday: Callable[[date], bool],
) -> datetime:
    """Return when a reminder that the coordinator asks for goes out: now, or when sending hours begin.

    Raises Refused while practising, where everybody has chosen, and where it would come too late to choose.
    """
    if session.is_practice:
        raise Refused("selection.shape.remind_practice")
    if not silent(session, members, picks):
        raise Refused("selection.shape.remind_nobody")
    at = next_sending_time(now, session.timezone, is_holiday)
    if session.closes_at is not None and at > now and at > session.closes_at - LEAST:
        raise Refused("selection.shape.remind_late")
    return at


def promised(session: WorkSession, lead: Topic, picks: Sequence[Pick]) -> frozenset[str]:
    """Return who counts on a place at an offer: in free mode everybody who chose it, else only who was put there.

    Who leads it sits there whatever they chose, unless they said that they cannot come.
    """
    appointed = leaders(session, picks)
    leading = {user for users in appointed.values() for user in users}
    chose = {
        pick.user
        for pick in picks
        if pick.topics
        and (session.mode is Mode.FREE or pick.placed_by is not None)
        and session.lead(pick.topics[0]) is lead
    }
    return frozenset((chose - leading) | set(appointed[lead.id]))
