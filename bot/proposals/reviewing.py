"""What a coordinator decides on: accept, keep for later, merge, take apart, rename, order, and the topics of a session.

Every decision returns the proposals that changed, each one version further. Two coordinators may decide at once: who
looks at an older version is refused with a sentence and sees the newer one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.problem import Problem, Refused
from bot.proposals.matching import ALIKE, folded, likeness
from bot.proposals.proposing import WAITING
from bot.proposals.records import Bundle, Proposal, Status
from bot.worksessions import SHORT_NAME_LENGTH, TOPIC_LENGTH, short_name


@dataclass(frozen=True)
class Named:
    """What the form of one proposal asks for, checked; `place` counts from 1, None leaves it where it is."""

    name: str
    short_name: str
    place: int | None


def in_order(found: Sequence[Bundle]) -> list[Bundle]:
    """Return them as a coordinator reads them: the accepted ones in their order, then the most backed, then later."""
    ranks = {Status.ACCEPTED: 0, Status.OPEN: 1, Status.LATER: 2}
    waiting = [each for each in found if each.status in WAITING]

    def key(bundle: Bundle) -> tuple[int, int, int, str, str]:
        place = bundle.position if bundle.status is Status.ACCEPTED else 0
        return ranks[bundle.status], place, -len(bundle.backers), bundle.head.at.isoformat(), bundle.id

    return sorted(waiting, key=key)


def accepted(found: Sequence[Bundle]) -> list[Bundle]:
    """Return the accepted ones in their order."""
    return [each for each in in_order(found) if each.status is Status.ACCEPTED]


def must_be(bundle: Bundle, version: int) -> None:
    """Make sure that a decision is about what the coordinator saw. Raises Refused when somebody changed it since."""
    if bundle.head.version != version:
        raise Refused("proposals.changed_meanwhile", name=bundle.name)


def accept(bundle: Bundle, found: Sequence[Bundle], session: str | None) -> list[Proposal]:
    """Take a proposal along to the topics, after those that were accepted before."""
    _must_wait(bundle)
    if bundle.status is Status.ACCEPTED:
        return []
    last = max((_place(each) for each in accepted(found)), default=-1)
    return [_next(bundle.head, status=Status.ACCEPTED, position=last + 1, work_session=session)]


def keep_for_later(bundle: Bundle, session: str | None) -> list[Proposal]:
    """Not now: it does not come along and is not shown in the channel; the next session starts with it again."""
    _must_wait(bundle)
    heads = [_next(bundle.head, status=Status.LATER, position=None, work_session=session)]
    inside = [each for each in bundle.merged if each.status is Status.ACCEPTED]
    return heads + [_next(each, status=Status.OPEN, position=None) for each in inside]


def reopen(bundle: Bundle) -> list[Proposal]:
    """Put a proposal back with those that wait, from the accepted ones or from later."""
    _must_wait(bundle)
    inside = [each for each in bundle.merged if each.status is not Status.OPEN]
    changed = [_next(each, status=Status.OPEN, position=None) for each in inside]
    return [_next(bundle.head, status=Status.OPEN, position=None), *changed]


def merge(bundle: Bundle, into: Bundle) -> list[Proposal]:
    """Let one proposal go on in another. It stays as it was, so that taking them apart gives it back whole."""
    _must_wait(bundle)
    _must_wait(into)
    if bundle.id == into.id:
        raise Refused("proposals.merge_itself")
    return [_next(bundle.head, merged_into=into.id), _next(into.head)]


def take_apart(bundle: Bundle, proposal_id: str) -> list[Proposal]:
    """Undo one merge: this proposal stands by itself again, with what had been merged into it before."""
    _must_wait(bundle)
    found = next((each for each in bundle.merged if each.id == proposal_id), None)
    if found is None:
        raise Refused("proposals.apart_already")
    return [_next(found, merged_into=None), _next(bundle.head)]


def move(bundle: Bundle, found: Sequence[Bundle], place: int) -> list[Proposal]:
    """Give an accepted proposal the place (from 1) among the accepted ones; the others move up."""
    order = accepted(found)
    if bundle.id not in {each.id for each in order}:
        raise Refused("proposals.not_accepted", name=bundle.name)
    others = [each for each in order if each.id != bundle.id]
    at = max(0, min(place - 1, len(others)))
    wanted = [*others[:at], bundle, *others[at:]]
    return [
        replace(each.head, position=number, version=each.head.version + (each.id == bundle.id))
        for number, each in enumerate(wanted)
        if each.head.position != number or each.id == bundle.id
    ]


def name_it(bundle: Bundle, named: Named) -> list[Proposal]:
    """Give a proposal another name or short name; what its proposer typed is kept beside it."""
    _must_wait(bundle)
    if (bundle.head.name, bundle.head.short_name) == (named.name, named.short_name):
        return []
    return [_next(bundle.head, name=named.name, short_name=named.short_name)]


def check_names(
    bundle: Bundle, found: Sequence[Bundle], *, name: str, short: str, place: str
) -> tuple[Named | None, list[Problem]]:
    """Check the form of one proposal; returns what to do, or None with everything there is to repair."""
    problems = []
    name, short, place = (" ".join(text.split()) for text in (name, short, place))
    if not folded(name):
        problems.append(Problem("name", "proposals.problem.no_name"))
    elif len(name) > TOPIC_LENGTH:
        problems.append(Problem("name", "worksessions.problem.too_long", {"most": TOPIC_LENGTH, "now": len(name)}))
    elif any(folded(each.name) == folded(name) for each in accepted(found) if each.id != bundle.id):
        problems.append(Problem("name", "proposals.problem.name_taken"))
    if len(short) > SHORT_NAME_LENGTH:
        values = {"name": short[:40], "most": SHORT_NAME_LENGTH}
        problems.append(Problem("short", "worksessions.problem.short_name_long", values))
    most = len(accepted(found))
    number = int(place) if place.isdecimal() and len(place) < 6 else 0
    if place and not 1 <= number <= most:
        problems.append(Problem("place", "proposals.problem.place", {"most": most}))
    return (None, problems) if problems else (Named(name, short, number or None), [])


def short_of(bundle: Bundle, taken: Sequence[str] = ()) -> str:
    """Return the short name that was given, else a proposal for one."""
    return bundle.head.short_name or short_name(bundle.name, taken)


def matched(offered: Sequence[tuple[str, str]], names: Sequence[str]) -> dict[str, str]:
    """Find back which lines of the topics form are proposals: (id, name) as they stood there, and the lines now.

    Returns line to proposal id. An equal name counts first; then a name that was changed a little; then, when no line
    came or went, the place. A line that fits none of these is a topic of its own.
    """
    left, links = list(offered), dict[str, str]()
    for name in names:
        same = next((each for each in left if folded(each[1]) == folded(name)), None)
        if same is not None:
            links[name] = same[0]
            left.remove(same)
    for name in [name for name in names if name not in links]:
        scored = [(likeness([each[1]], [name]), each) for each in left]
        score, best = max(scored, key=lambda pair: pair[0], default=(0.0, ("", "")))
        if score >= ALIKE:
            links[name] = best[0]
            left.remove(best)
    if len(names) == len(offered):
        for name, each in zip(names, offered, strict=True):
            if name not in links and each in left:
                links[name] = each[0]
                left.remove(each)
    return links


def become_topics(found: Sequence[Bundle], links: Mapping[str, str], session: str) -> list[Proposal]:
    """Settle the proposals when the session gets its topics. `links` says which proposal became which topic id.

    What did not become a topic waits for the next session, with its backers. Of what was cut out of a note it stays
    known of which: the name goes when the note is withdrawn.
    """
    changed: list[Proposal] = []
    for bundle in found:
        topic = links.get(bundle.id)
        for each in bundle.members:
            if topic is not None:
                note = each.origin if each.origin and each.origin.note else None
                changed.append(_next(each, status=Status.CHOSEN, topic=topic, work_session=session, origin=note))
            elif each.work_session == session or each.status in (Status.ACCEPTED, Status.LATER):
                changed.append(_next(each, status=Status.OPEN, work_session=None, position=None))
    return changed


def go_on(proposal: Proposal) -> Proposal:
    """Let what was proposed for a session that never got topics wait for the next one, as decided as it was."""
    return _next(proposal, work_session=None)


def _place(bundle: Bundle) -> int:
    return bundle.position if bundle.position < 1_000_000 else 0


def _must_wait(bundle: Bundle) -> None:
    if bundle.status not in WAITING:
        raise Refused("proposals.chosen_already", name=bundle.name)


def _next(proposal: Proposal, **changes: object) -> Proposal:
    return replace(proposal, version=proposal.version + 1, **changes)  # type: ignore[arg-type]  # names of its fields
