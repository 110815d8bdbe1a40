"""What the address of the page says: who is in which pane, where they look, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from playground.page.words import LANGUAGES
from playground.state import Channel, Workspace

SIDES = ("links", "rechts")
NOBODY = "-"
HOME, APP = "thuis", "oogst"


@dataclass(frozen=True)
class Pane:
    """One pane: a person (id) who looks at a place (channel id, or APP: what the bot wrote, or HOME) and a thread."""

    side: str
    person: str
    place: str
    thread: str = ""
    editing: str = ""


@dataclass(frozen=True)
class Look:
    """The whole page. `by_default`: the address does not ask for a second pane, so a small screen hides it."""

    left: Pane
    right: Pane | None
    by_default: bool
    language: str = "nl"
    phone: bool = False

    @property
    def panes(self) -> list[Pane]:
        """The panes that are there, left to right."""
        return [self.left, self.right] if self.right else [self.left]

    def pane(self, side: str) -> Pane:
        """The pane on this side; the left one when the other is not there."""
        return self.right if side == "rechts" and self.right else self.left

    def having(self, pane: Pane) -> Look:
        """The same page with another pane on that pane's side."""
        return replace(self, right=pane, by_default=False) if pane.side == "rechts" else replace(self, left=pane)


def read(query: Mapping[str, str], workspace: Workspace) -> Look:
    """Make sense of an address; who or what is not here is replaced by what is."""
    people = [each for each in workspace.people.values() if not (each.is_bot or each.deleted)]
    by_name = {each.name.lower(): each.id for each in people}
    panes: list[Pane | None] = []
    for side, first in zip(SIDES, [*people, *people][:2], strict=True):
        asked = query.get(side, "").lower()
        if asked == NOBODY and side == "rechts":
            panes.append(None)
            continue
        person = by_name.get(asked, first.id)
        place = place_of(query.get(f"{side}_in", ""), workspace, person)
        panes.append(Pane(side, person, place, query.get(f"{side}_draad", ""), query.get(f"{side}_bewerk", "")))
    left, right = panes
    assert left is not None
    spoken = workspace.people[left.person].locale  # an address that says no language has that of whose screen it is
    language = query.get("taal", "") or ("en" if spoken.startswith("en") else "nl")
    language = language if language in LANGUAGES else "nl"
    return Look(left, right, not query.get("rechts"), language, bool(query.get("telefoon")))


def place_of(name: str, workspace: Workspace, person: str) -> str:
    """The place that a name in an address means for this person; their first channel when they cannot go there."""
    if name in (HOME, APP):
        return name
    readable = [channel for channel in workspace.readable(person) if not channel.im]
    found = [channel for channel in readable if name in (channel.name, channel.id)]
    mine = [channel for channel in readable if person in channel.members]
    return next((channel.id for channel in [*found, *mine, *readable]), APP)


def write(look: Look, workspace: Workspace) -> str:
    """The address of this page."""
    query: dict[str, str] = {}
    for pane in look.panes:
        channel = workspace.channels.get(pane.place)
        query[pane.side] = workspace.people[pane.person].name.lower()
        query[f"{pane.side}_in"] = channel.name if channel else pane.place
        query[f"{pane.side}_draad"], query[f"{pane.side}_bewerk"] = pane.thread, pane.editing
    if look.right is None:
        query["rechts"] = NOBODY
    elif look.by_default:
        query = {key: value for key, value in query.items() if not key.startswith("rechts")}
    query |= {"taal": look.language if look.language != "nl" else "", "telefoon": "1" if look.phone else ""}
    return "/?" + urlencode({key: value for key, value in query.items() if value})


def query_of(url: str) -> dict[str, str]:
    """The query of a full address, such as the browser's current one."""
    return dict(parse_qsl(url.partition("?")[2].partition("#")[0]))


def moved(pane: Pane, changes: Mapping[str, str], workspace: Workspace) -> Pane:
    """The pane after a link in it: `als` somebody else, `in` another place, `draad` and `bewerk` a ts (or none)."""
    if "als" in changes:
        person = workspace.person(changes["als"]).id
        channel = workspace.channels.get(pane.place)
        return Pane(pane.side, person, place_of(channel.name if channel else pane.place, workspace, person))
    if "in" in changes:
        pane = Pane(pane.side, pane.person, place_of(changes["in"], workspace, pane.person))
    return replace(pane, thread=changes.get("draad", pane.thread), editing=changes.get("bewerk", ""))


def channel_of(pane: Pane, workspace: Workspace) -> Channel:
    """The channel whose messages the pane shows."""
    return workspace.channels.get(pane.place) or workspace.dm(pane.person)
