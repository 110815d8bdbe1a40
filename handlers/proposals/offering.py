"""From proposals to the topics of a session: what the form is filled with, and what each proposal became."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.proposals import Bundle, Proposal, Status, accepted, become_topics, matched, of_scope
from bot.worksessions import MOST_TOPICS, Plan, State, WorkSession, short_name
from handlers.proposals import telling
from handlers.views.frame import INPUT_LENGTH
from handlers.world import Asker, World
from storage import proposals, worksessions


@dataclass(frozen=True)
class Links:
    """Which lines of the topics form are proposals: line to what was proposed under it, in any words."""

    found: tuple[Bundle, ...] = ()
    of_line: Mapping[str, Bundle] = field(default_factory=dict)

    def aliases(self, name: str) -> tuple[str, ...]:
        """The names under which people proposed a topic: its theme is found by them later."""
        bundle = self.of_line.get(name)
        return tuple(each for each in (bundle.name, *bundle.also) if each != name) if bundle else ()

    def shorts(self, names: Sequence[str], earlier: Mapping[str, str]) -> list[str]:
        """Short names for the list, no two the same: the coordinator's, or the one that the name had `earlier`."""
        chosen: list[str] = []
        for name in names:
            bundle = self.of_line.get(name)
            wanted = bundle.head.short_name if bundle else ""
            wanted = wanted or earlier.get(name, "")
            taken = {each.casefold() for each in chosen}
            fits = wanted and wanted.casefold() not in taken
            chosen.append(wanted if fits else short_name(wanted or name, chosen))
        return chosen


def lines(db: Session, team: str, planned: str | None) -> list[tuple[str, str]]:
    """Return the accepted proposals in their order, as id and name, as far as the form has room for them."""
    found = accepted(of_scope(proposals.waiting(db, team), planned))
    chosen: list[tuple[str, str]] = []
    for bundle in found[:MOST_TOPICS]:
        if sum(len(name) + 1 for _, name in chosen) + len(bundle.name) <= INPUT_LENGTH:
            chosen.append((bundle.id, bundle.name))
    return chosen


def links(db: Session, team: str, data: Mapping[str, Any], names: Sequence[str]) -> Links:
    """Find back which of the lines are proposals, by what the form was filled with."""
    planned = str(data.get("planned") or "") or None
    found = of_scope(proposals.waiting(db, team), planned)
    by_id = {each.id: each for each in found}
    offered = [(str(each[0]), str(each[1])) for each in data.get("proposed") or () if str(each[0]) in by_id]
    known = matched(offered, names)
    return Links(tuple(found), {name: by_id[proposal_id] for name, proposal_id in known.items()})


def settle(db: Session, world: World, session: WorkSession, given: Links) -> None:
    """Link the proposals to the topics that were just made, and let the calls say so, in the caller's transaction."""
    now = world.now()
    topics = {topic.name: topic.id for topic in session.topics}
    became = {bundle.id: topics[name] for name, bundle in given.of_line.items() if name in topics}
    proposals.save(db, become_topics(given.found, became, session.id))
    telling.owe_change(db, session, now, "chosen")
    for other in telling.asked(db, session.team, now):
        telling.owe_change(db, other, now, f"after:{session.id}")


def ask_first(
    db: Session, world: World, asker: Asker, checked: Plan, data: Mapping[str, Any], names: Sequence[str]
) -> WorkSession:
    """Save a session of which only the date is set, and owe its channel the question which themes people want.

    Lines that the coordinator wrote already come along as accepted proposals of their own.
    """
    now = world.now()
    planned = worksessions.one(db, asker.member.team, str(data.get("planned") or ""))
    session = WorkSession(
        id=planned.id if planned else world.ids("ws"),
        team=asker.member.team,
        title=checked.title,
        channel=checked.channel,
        starts_at=checked.starts_at,
        ends_at=checked.ends_at,
        closes_at=None,
        timezone=asker.settings.timezone,
        state=State.PLANNED,
        created_by=planned.created_by if planned else asker.member.user,
        regions=checked.regions,
    )
    worksessions.save(db, session, now)
    given = links(db, asker.member.team, data, names)
    place = len(accepted(list(given.found)))
    for number, name in enumerate(name for name in names if name not in given.of_line):
        own = Proposal(
            world.ids("pr"), session.team, name, name, "", asker.member.user, now, session.id, Status.ACCEPTED,
            position=place + number,
        )  # fmt: skip
        proposals.save(db, [own])
        proposals.back(db, session.team, own.id, asker.member.user, now)
    if not telling.owe_call(db, session, now):
        telling.owe_change(db, session, now, f"asked:{now.isoformat()}")
    return session
