"""Proposing a theme, backing one, and taking back what one did."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.impressions import as_typed
from bot.problem import Problem, Refused
from bot.programme import Member
from bot.proposals.matching import folded
from bot.proposals.records import WHY_LENGTH, Bundle, Proposal, Status
from bot.worksessions import TOPIC_LENGTH, State, WorkSession, invited


@dataclass(frozen=True)
class Typed:
    """What the form asks for, checked: one line each."""

    name: str
    why: str = ""


def check(name: str, why: str) -> tuple[Typed | None, list[Problem]]:
    """Check what somebody typed; returns it on one line each, or None with everything there is to repair."""
    typed = Typed(" ".join(name.split()), " ".join(why.split()))
    problems = []
    if not folded(typed.name):
        problems.append(Problem("name", "proposals.problem.no_name"))
    elif len(typed.name) > TOPIC_LENGTH:
        values = {"most": TOPIC_LENGTH, "now": len(typed.name)}
        problems.append(Problem("name", "worksessions.problem.too_long", values))
    if len(typed.why) > WHY_LENGTH:
        values = {"most": WHY_LENGTH, "now": len(typed.why)}
        problems.append(Problem("why", "worksessions.problem.too_long", values))
    return (None, problems) if problems else (typed, [])


def title_of(text: str, most: int = TOPIC_LENGTH) -> str:
    """Make a name of a message or of what stood behind a command: no mentions, links by their label, on one line, cut.

    Ends in "…" when the text was longer.
    """
    plain = _LINK.sub(lambda found: found["label"] or found["at"], _CALLS.sub(" ", text))
    line = " ".join(as_typed(_MARKS.sub(r"\1", plain)).split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    at = head.rfind(" ")
    return (head[:at] if at > most // 2 else head).rstrip(" ,;:.") + "…"


_CALLS = re.compile(r"<(?:[@!][^>]*)>")
"""How Slack writes a mention: `<@U1>`, `<!channel>`; the proposal calls nobody."""
_LINK = re.compile(r"<(?:#\w+\||(?P<at>https?:[^|>]+|mailto:[^|>]+|#\w+)\|?)(?P<label>[^>]*)>")
_MARKS = re.compile(r"(?<!\w)[*_~](\S[^*_~\n]*)[*_~](?!\w)")


def takes_proposals(session: WorkSession, now: datetime) -> bool:
    """Say whether themes can still be proposed for a session: only its date is set, and it has not started."""
    return session.state is State.PLANNED and now < session.starts_at and not session.is_practice


def open_for(sessions: Iterable[WorkSession], member: Member, now: datetime) -> list[WorkSession]:
    """Return the sessions for which this person can propose, earliest first: those to which they are invited."""
    found = [each for each in sessions if takes_proposals(each, now) and concerns(each, member)]
    return sorted(found, key=lambda each: (each.starts_at, each.id))


def concerns(session: WorkSession, member: Member) -> bool:
    """Say whether somebody has to do with a session: coordinating, invited, or of a region that nobody knows yet."""
    return member.coordinates or bool(invited(session, [member])) or (member.takes_part and member.region is None)


def own_equal(found: Iterable[Bundle], user: str, name: str) -> Bundle | None:
    """Return what this person proposed already under the same name, so that nothing is proposed twice."""
    same = folded(name)
    return next(
        (
            bundle
            for bundle in found
            if bundle.status in WAITING
            for each in bundle.members
            if each.proposer == user and same in (folded(each.name), folded(each.original))
        ),
        None,
    )


WAITING = (Status.OPEN, Status.ACCEPTED, Status.LATER)
"""What has not become a topic yet and was not taken back."""


def back(bundle: Bundle, session: WorkSession | None, member: Member, now: datetime) -> bool:
    """Let somebody back a proposal; returns False when they do so already. Raises Refused when it is too late."""
    _must_be_open(bundle, session, member, now)
    return member.user not in bundle.backers


def take_back(bundle: Bundle, session: WorkSession | None, member: Member, now: datetime) -> bool:
    """Let somebody no longer back a proposal; returns False when they did not. Raises Refused when it is too late."""
    _must_be_open(bundle, session, member, now)
    return member.user in bundle.backers


def _must_be_open(bundle: Bundle, session: WorkSession | None, member: Member, now: datetime) -> None:
    if bundle.status not in WAITING:
        raise Refused("proposals.chosen_already", name=bundle.name)
    if session is not None and not concerns(session, member):
        raise Refused("proposals.not_for_you", name=bundle.name)
    if session is not None and not takes_proposals(session, now):
        raise Refused("proposals.closed", title=session.title)


def withdraw(bundle: Bundle, proposal: Proposal) -> list[Proposal]:
    """Take a proposal back: no word of it stays. Returns what changed; what was merged into it goes on without it.

    The oldest of those stands for the others from then on. Raises Refused once the coordinator accepted it.
    """
    if bundle.status in (Status.ACCEPTED, Status.CHOSEN):
        raise Refused("proposals.accepted_already", name=bundle.name)
    return take_out(bundle, proposal)


def take_out(bundle: Bundle, proposal: Proposal) -> list[Proposal]:
    """Do so whatever was decided about it: its words were somebody's who took them back. Returns what changed."""
    gone = replace(
        proposal,
        name="", original="", why="", short_name="", status=Status.WITHDRAWN, position=None, merged_into=None,
        theme=None, origin=None, version=proposal.version + 1,
    )  # fmt: skip
    children = [each for each in bundle.merged if each.merged_into == proposal.id]
    if not children:
        return [gone]
    if proposal.merged_into is not None:
        return [gone, *(replace(each, merged_into=proposal.merged_into) for each in children)]
    heir = replace(
        children[0],
        merged_into=None,
        work_session=proposal.work_session,
        status=proposal.status,
        version=max(children[0].version, proposal.version) + 1,
    )
    return [gone, heir, *(replace(each, merged_into=heir.id) for each in children[1:])]


def heir_of(changed: Iterable[Proposal], bundle: Bundle, gone: Proposal) -> str | None:
    """Return the id of what goes on for a proposal that is gone: who backed it backs that; None where nothing does."""
    if gone.id != bundle.id:
        return bundle.id
    return next((each.id for each in changed if each.id != gone.id and each.merged_into is None), None)


def shown_first(found: Sequence[Bundle], most: int) -> tuple[list[Bundle], int]:
    """Choose what a message shows: the most backed, in the order in which they were proposed; and how many not.

    Not in the order of their counters: a button must not move away under the finger of whoever presses it.
    """
    waiting = [each for each in found if each.status in (Status.OPEN, Status.ACCEPTED)]
    best = sorted(waiting, key=lambda each: (-len(each.backers), each.head.at, each.id))[:most]
    return [each for each in waiting if each in best], len(waiting) - len(best)
