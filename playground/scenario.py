"""Reads the scenario: who is in the practice workspace, which channels there are, when it starts and how it opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from .state import App, Channel, Json, Person, Team, Workspace

DEFAULT = Path(__file__).with_name("scenario.yaml")


@dataclass(frozen=True)
class Scenario:
    """A scenario as read: `starts` in UTC, `zone` for local times, `opening` and `tour` the steps people take."""

    starts: datetime
    zone: ZoneInfo
    app: Json = field(default_factory=dict)
    team: Json = field(default_factory=dict)
    people: list[Json] = field(default_factory=list)
    channels: list[Json] = field(default_factory=list)
    opening: list[Json] = field(default_factory=list)
    tour: list[Json] = field(default_factory=list)


def read(path: Path = DEFAULT) -> Scenario:
    """Read a scenario file. Raises OSError, or ValueError that names what is wrong."""
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as problem:
        raise ValueError(f"{path} is not YAML: {problem}") from problem
    return parse(raw)


def parse(raw: Json) -> Scenario:
    """Make a scenario of what the YAML holds; `starts` is a local ISO time and a zone name. Raises ValueError."""
    if not isinstance(raw, dict) or "starts" not in raw:
        raise ValueError("a scenario is a mapping with at least 'starts'")
    if strange := sorted(raw.keys() - {"app", "team", "starts", "people", "channels", "opening", "tour"}):
        raise ValueError(f"a scenario knows no {', '.join(strange)}")
    moment, _, zone = str(raw["starts"]).partition(" ")
    local = ZoneInfo(zone or "Europe/Amsterdam")
    starts = datetime.fromisoformat(moment)
    starts = starts if starts.tzinfo else starts.replace(tzinfo=local)
    given = {key: value for key, value in raw.items() if key != "starts" and value}
    return Scenario(starts.astimezone(UTC), local, **given)


def person(raw: Json) -> Person:
    """A person as the scenario (or POST /_mens/people) describes one. Raises ValueError on a word it does not know."""
    name = str(raw.get("name", "")).strip()
    if not name:
        raise ValueError("a person needs a name")
    fields = {"id": "U0" + "".join(c for c in name.upper() if c.isascii() and c.isalnum()), "real_name": name, **raw}
    if strange := sorted(fields.keys() - Person.__dataclass_fields__.keys()):
        raise ValueError(f"a person has no {', '.join(strange)}")
    return Person(**fields)


def channel(raw: Json, workspace: Workspace) -> Channel:
    """A channel as the scenario (or POST /_mens/channels) describes one; `members` is "all" or a list of names.

    Raises ValueError without a name, Unknown for a member who is not here.
    """
    name = str(raw.get("name", "")).lstrip("#")
    if not name:
        raise ValueError("a channel needs a name")
    who = raw.get("members", "all")
    people = (
        [p for p in workspace.people.values() if not (p.is_bot or p.guest or p.deleted)]
        if who == "all"
        else [workspace.person(each) for each in who]
    )
    members = [each.id for each in people]
    if raw.get("bot", False):
        members.append(workspace.app.bot_user)
    given = raw.get("id") or "C0" + "".join(c for c in name.upper() if c.isascii() and c.isalnum())
    return Channel(given, name, raw.get("topic", ""), bool(raw.get("private", False)), members=members)


def build(scenario: Scenario, prefix: str) -> Workspace:
    """The workspace with which this scenario starts; ids made in it begin with `prefix`. Raises ValueError, Unknown."""
    workspace = Workspace(prefix, App(**scenario.app), Team(**scenario.team))
    bot = Person(workspace.app.bot_user, workspace.app.name.lower(), workspace.app.name, is_bot=True)
    for each in [bot, *map(person, scenario.people)]:
        if each.id in workspace.people:
            raise ValueError(f"two people have the id {each.id}")
        workspace.people[each.id] = each
    for raw in scenario.channels:
        made = channel(raw, workspace)
        if made.id in workspace.channels:
            raise ValueError(f"two channels have the id {made.id}")
        workspace.channels[made.id] = made
    return workspace
