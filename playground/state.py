"""What the practice workspace remembers, as plain dataclasses that go to JSON and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter

Json = dict[str, Any]


class Unknown(LookupError):
    """Somebody named a person, channel, message or view that is not here; `str()` is a sentence for whoever asked."""


@dataclass
class Person:
    """Somebody here; `title` and `region` are texts for the page, `locale` and `tz` what users.info tells."""

    id: str
    name: str
    real_name: str
    title: str = ""
    region: str = ""
    locale: str = "nl-NL"
    tz: str = "Europe/Amsterdam"
    guest: bool = False
    stranger: bool = False
    deleted: bool = False
    is_bot: bool = False


@dataclass
class Message:
    """One message. `only_for` names the single person who sees it (ephemeral); `replies` are the ts of its thread."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json | None = None
    subtype: str = ""
    by_bot: bool = False
    edited: str = ""
    files: list[str] = field(default_factory=list)
    only_for: str = ""
    replies: list[str] = field(default_factory=list)
    broadcast: bool = False
    client_msg_id: str = ""
    # What people have selected in this message's menus, without sending it: user -> block_id -> action_id -> value.
    choices: dict[str, Json] = field(default_factory=dict)


@dataclass
class Channel:
    """A channel, or a direct message when `im` names the person at the other side of the bot."""

    id: str
    name: str
    topic: str = ""
    private: bool = False
    im: str = ""
    archived: bool = False
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Slack's own word for it: channel, group or im."""
        return "im" if self.im else "group" if self.private else "channel"


@dataclass
class View:
    """A modal or a Home tab of one person. `content` is what the bot sent, `values` what the person filled in."""

    id: str
    user: str
    content: Json
    hash: str
    values: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    previous: str = ""
    root: str = ""


@dataclass
class FileUpload:
    """A file. It counts as shared once `complete`; `content` is what was uploaded, nothing once it is `deleted`.

    `created` is in epoch seconds of practice time.
    """

    id: str
    name: str
    title: str
    user: str
    size: int
    mimetype: str = "application/octet-stream"
    filetype: str = "binary"
    content: bytes | None = None
    complete: bool = False
    channels: list[str] = field(default_factory=list)
    created: int = 0
    deleted: bool = False

    __pydantic_config__: ClassVar[ConfigDict] = {"ser_json_bytes": "base64", "val_json_bytes": "base64"}


@dataclass
class App:
    """The one app that is installed here."""

    id: str = "A0PRACTICE"
    name: str = "Oogst"
    bot_user: str = "U0OOGST"
    bot_id: str = "B0OOGST"
    bot_token: str = "xoxb-practice"  # noqa: S105 - opens this practice workspace only
    app_token: str = "xapp-practice"  # noqa: S105 - opens this practice workspace only


@dataclass
class Team:
    """The workspace as Slack names it."""

    id: str = "T0OEFEN"
    name: str = "Oefenwerkruimte"
    domain: str = "oefen"


@dataclass
class Workspace:
    """Everything the practice Slack remembers; all of it is saved with --keep.

    `prefix` keeps ids of different runs apart, `serial` those of one run; `now` (ISO) and `moved` are the saved clock.
    """

    prefix: str = ""
    app: App = field(default_factory=App)
    team: Team = field(default_factory=Team)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    files: dict[str, FileUpload] = field(default_factory=dict)
    undelivered: list[Json] = field(default_factory=list)
    serial: int = 0
    last_ts: int = 0
    opened: bool = False
    now: str = ""
    moved: int = 0

    def next_id(self, kind: str) -> str:
        """A fresh id such as V0A1B2C0000017; unique over runs that have another prefix."""
        self.serial += 1
        return f"{kind}{self.prefix}{self.serial:07X}"

    def next_ts(self, seconds: float) -> str:
        """A message ts at this moment (epoch seconds), later than every earlier one."""
        self.last_ts = max(self.last_ts + 1, int(seconds * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def person(self, who: str) -> Person:
        """The person with this id or (first) name. Raises Unknown."""
        if who in self.people:
            return self.people[who]
        for person in self.people.values():
            if who.lower().lstrip("@") in (person.name.lower(), person.real_name.lower()):
                return person
        raise Unknown(f"nobody here is called {who!r}")

    def dm(self, user: str) -> Channel:
        """The direct message channel between this person and the bot; made when first needed."""
        channel = self.channels.get(f"D{user}")
        if channel is None:
            channel = Channel(f"D{user}", "directmessage", im=user, members=[user, self.app.bot_user])
            self.channels[channel.id] = channel
        return channel

    def channel(self, name: str, user: str = "") -> Channel:
        """The channel with this id or name; with a user also "@oogst", their DM with the bot. Raises Unknown."""
        if name in self.channels:
            return self.channels[name]
        if user and name.lower().lstrip("@") in (self.app.name.lower(), self.app.bot_user.lower(), "dm"):
            return self.dm(user)
        for channel in self.channels.values():
            if not channel.im and channel.name == name.lstrip("#"):
                return channel
        raise Unknown(f"there is no channel {name!r}")

    def post(self, message: Message) -> Message:
        """Put a message in its channel, and under its parent when it is a reply."""
        channel = self.channels[message.channel]
        channel.messages[message.ts] = message
        parent = channel.messages.get(message.thread_ts)
        if parent is not None and parent is not message:
            parent.replies.append(message.ts)
        return message

    def visible(self, channel: Channel, user: str) -> Iterator[Message]:
        """What this person sees in a channel, oldest first, their own ephemeral messages included."""
        mine = [message for message in self.ephemerals.get(user, ()) if message.channel == channel.id]
        if not mine:
            yield from channel.messages.values()
        else:
            yield from sorted([*channel.messages.values(), *mine], key=lambda message: message.ts)

    def readable(self, user: str) -> list[Channel]:
        """The channels this person may read: those they are in, and (unless a guest) every public one."""
        person = self.people[user]
        limited = person.guest or person.stranger
        return [
            channel
            for channel in self.channels.values()
            if user in channel.members or not (channel.im or channel.private or limited)
        ]

    def modal(self, user: str) -> View | None:
        """The modal this person has on top, if any."""
        stack = self.stacks.get(user)
        return self.views[stack[-1]] if stack else None

    def home(self, user: str) -> View | None:
        """The Home tab published for this person, if any."""
        return self.views.get(self.homes.get(user, ""))


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Workspace]:
    return TypeAdapter(Workspace)


def save(workspace: Workspace, folder: Path) -> Path:
    """Write everything to `folder`/practice.json, whole or not at all; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "practice.json"
    half = target.with_suffix(".new")
    half.write_bytes(_adapter().dump_json(workspace, indent=1))
    half.replace(target)
    return target


def load(folder: Path) -> Workspace | None:
    """Read what `save` wrote there; None when nothing was saved. Raises ValueError when the file is damaged."""
    source = folder / "practice.json"
    return _adapter().validate_json(source.read_bytes()) if source.exists() else None
