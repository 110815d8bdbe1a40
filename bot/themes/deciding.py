"""What a coordinator may make of a theme, and what is wrong with what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.harvest import split
from bot.harvest.words import folded
from bot.problem import Problem, Refused
from bot.themes.records import Card, Change, Decided, Kind, Proposal
from bot.worksessions import SHORT_NAME_LENGTH, TOPIC_LENGTH, short_name

CRITERION_LENGTH = 200
MOST_ALIASES = 20
ALIAS_LENGTH = 75


@dataclass(frozen=True)
class Named:
    """What the form of a theme asks for, checked. `aliases` are other names than the name and the short one."""

    name: str
    short_name: str
    criterion: str = ""
    aliases: tuple[str, ...] = ()


def check_theme(
    fields: Mapping[str, str], taken: Mapping[str, str], own: str | None = None
) -> tuple[Named | None, list[Problem]]:
    """Check the form of a theme: its fields "name", "short", "criterion" and "aliases" (one a line).

    `taken` says which theme (id) goes by each folded name, `own` which one this is. Returns what to do, or None with
    everything there is to repair.
    """
    name, short, criterion = (" ".join(fields.get(each, "").split()) for each in ("name", "short", "criterion"))
    lines = (" ".join(line.split()) for line in fields.get("aliases", "").splitlines())
    aliases = tuple(dict.fromkeys(line for line in lines if line and folded(line) != folded(name)))
    problems = []
    if not folded(name):
        problems.append(Problem("name", "proposals.problem.no_name"))
    elif len(name) > TOPIC_LENGTH:
        problems.append(Problem("name", "worksessions.problem.too_long", {"most": TOPIC_LENGTH, "now": len(name)}))
    elif taken.get(folded(name), own) != own:
        problems.append(Problem("name", "themes.problem.name_taken"))
    if len(short) > SHORT_NAME_LENGTH:
        values = {"name": short[:40], "most": SHORT_NAME_LENGTH}
        problems.append(Problem("short", "worksessions.problem.short_name_long", values))
    elif short and taken.get(folded(short), own) != own:
        problems.append(Problem("short", "themes.problem.name_taken"))
    if len(criterion) > CRITERION_LENGTH:
        values = {"most": CRITERION_LENGTH, "now": len(criterion)}
        problems.append(Problem("criterion", "worksessions.problem.too_long", values))
    elif len(split(criterion)) > 1:
        problems.append(Problem("criterion", "themes.problem.one_sentence"))
    long = next((alias for alias in aliases if len(alias) > ALIAS_LENGTH), "")
    other = next((alias for alias in aliases if taken.get(folded(alias), own) != own), "")
    if len(aliases) > MOST_ALIASES:
        problems.append(Problem("aliases", "themes.problem.many_aliases", {"most": MOST_ALIASES}))
    elif long:
        problems.append(Problem("aliases", "themes.problem.long_alias", {"name": long[:40], "most": ALIAS_LENGTH}))
    elif other:
        problems.append(Problem("aliases", "themes.problem.alias_taken", {"name": other}))
    if problems:
        return None, problems
    return Named(name, short or short_name(name), criterion, aliases), []


def must_be(card: Card | None, version: int) -> Card:
    """Return the theme, if it is as the coordinator saw it. Raises Refused when it went or somebody changed it."""
    if card is None:
        raise Refused("themes.no_theme")
    if card.version != version:
        raise Refused("themes.changed_meanwhile", name=card.name)
    return card


def must_wait(proposal: Proposal | None, version: int) -> Proposal:
    """Return the proposal, if nobody decided on it yet. Raises Refused."""
    if proposal is None or proposal.state is not Decided.OPEN or proposal.version != version:
        raise Refused("themes.decided_already")
    return proposal


def must_differ(card: Card, into: Card) -> None:
    """Raises Refused when a theme would go on in itself."""
    if card.id == into.id:
        raise Refused("themes.merge_itself")


def must_leave_some(chosen: Sequence[str], of_theme: Sequence[str]) -> None:
    """Raises Refused when taking a theme apart would move none of its notes, or one that is no longer under it."""
    if not chosen or not set(chosen) <= set(of_theme):
        raise Refused("themes.split_nothing")


def undoable(changes: Sequence[Change], change: int) -> Change:
    """Return the change to undo: the newest one of its theme that still counts. Raises Refused for another."""
    still = [each for each in changes if not each.undone_by]
    newest = max(still, key=lambda each: each.id, default=None)
    if newest is None or newest.id != change:
        raise Refused("themes.undo_newest")
    return newest


def is_enough(proposal: Proposal, groups: int, fewest_notes: int = 3, fewest_groups: int = 2) -> bool:
    """Say whether a proposal still rests on enough: notes that were withdrawn no longer carry it."""
    if proposal.kind is Kind.NEW and proposal.proposal is None:
        return len(proposal.carriers) >= fewest_notes and groups >= fewest_groups
    return proposal.kind is not Kind.ALIAS or bool(proposal.carriers)
