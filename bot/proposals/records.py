"""The values of proposals: what somebody proposed, and what becomes of those that say the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

WHY_LENGTH = 300


class Status(StrEnum):
    """Where a proposal is: waiting, taken along to the topics, kept for later, a topic now, or taken back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    LATER = "later"
    CHOSEN = "chosen"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Origin:
    """The message that somebody proposed as a theme: who wrote it and where it stands.

    `note` is the id of the impression out of which the name was cut; there is no message then.
    """

    author: str = ""
    channel: str = ""
    ts: str = ""
    note: str = ""


@dataclass(frozen=True)
class Proposal:
    """What one person proposed. `original` is the name as it was typed; renaming leaves it alone.

    `work_session` is None for "the next session"; `merged_into` is the proposal in which this one goes on. `version`
    counts the coordinators' decisions about it, so that who decides on an older screen is told.
    """

    id: str
    team: str
    name: str
    original: str
    why: str
    proposer: str
    at: datetime
    work_session: str | None = None
    status: Status = Status.OPEN
    short_name: str = ""
    position: int | None = None
    merged_into: str | None = None
    theme: str | None = None
    topic: str | None = None
    origin: Origin | None = None
    version: int = 1


@dataclass(frozen=True)
class Bundle:
    """A proposal that stands by itself with everything that was merged into it, and whoever backs any of them once."""

    head: Proposal
    merged: tuple[Proposal, ...] = ()
    backers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the proposal that stands for all."""
        return self.head.id

    @property
    def name(self) -> str:
        """The name under which it goes now."""
        return self.head.name

    @property
    def members(self) -> tuple[Proposal, ...]:
        """All proposals in it, the one that stands for all first."""
        return (self.head, *self.merged)

    @property
    def proposers(self) -> tuple[str, ...]:
        """Whoever proposed one of them, first come first."""
        return tuple(dict.fromkeys(each.proposer for each in sorted(self.members, key=_age)))

    @property
    def status(self) -> Status:
        """Accepted as soon as one of them is: merging loses no decision, and taking a merge apart restores both."""
        own = self.head.status
        accepted = own in (Status.OPEN, Status.LATER) and any(each.status is Status.ACCEPTED for each in self.merged)
        return Status.ACCEPTED if accepted else own

    @property
    def position(self) -> int:
        """Where it stands among the accepted ones; without a place of its own at the end."""
        places = [each.position for each in self.members if each.position is not None]
        return self.head.position if self.head.position is not None else min(places, default=1_000_000)

    @property
    def also(self) -> tuple[str, ...]:
        """The other names under which people proposed it, each once."""
        return tuple(
            dict.fromkeys(
                name for each in self.members for name in (each.original, each.name) if name and name != self.name
            )
        )


def bundles(proposals: Iterable[Proposal], backing: Mapping[str, Sequence[str]]) -> list[Bundle]:
    """Put proposals with those that were merged into them, first proposed first.

    `backing` says who backs each proposal, by its id. What was taken back does not count.
    """
    alive = sorted((each for each in proposals if each.status is not Status.WITHDRAWN), key=_age)
    known = {each.id: each for each in alive}
    inside: dict[str, list[Proposal]] = {}
    heads = []
    for each in alive:
        top = head_of(each, known)
        if top is each:
            heads.append(each)
        else:
            inside.setdefault(top.id, []).append(each)
    found = []
    for head in heads:
        merged = tuple(inside.get(head.id, ()))
        backers = dict.fromkeys(user for each in (head, *merged) for user in backing.get(each.id, ()))
        found.append(Bundle(head, merged, tuple(backers)))
    return found


def head_of(proposal: Proposal, known: Mapping[str, Proposal]) -> Proposal:
    """Follow a merged proposal to the one that stands for it."""
    seen = {proposal.id}
    while (above := known.get(proposal.merged_into or "")) is not None and above.id not in seen:
        proposal = above
        seen.add(proposal.id)
    return proposal


def of_scope(found: Iterable[Bundle], session: str | None) -> list[Bundle]:
    """Keep what is proposed for this session or for the next one; with None only what has no session yet."""
    return [each for each in found if each.head.work_session in (session, None)]


def _age(proposal: Proposal) -> tuple[datetime, str]:
    return proposal.at, proposal.id
