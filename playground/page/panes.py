"""What one pane shows: the places one person can go to, the messages, the thread, Home, the modal on top."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from playground import forms
from playground.page import address
from playground.page.address import APP, HOME, Look, Pane
from playground.page.drawing import Drawing
from playground.state import Channel, Json, Message, View
from playground.words import readable

if TYPE_CHECKING:
    from playground.page.words import Words
    from playground.practice import Practice

COLOURS = 6
MOST = 120  # messages in a list; older ones are left out
NOTICES = ("channel_join", "channel_leave", "tombstone")
# Elements that are a group of boxes: their label is not one of a single field.
GROUPS = {f"multi_{each}_select" for each in ("static", "users", "channels", "conversations")}
GROUPS |= {"checkboxes", "radio_buttons"}


@dataclass
class Marks:
    """How far each person has read each channel: (person, channel) -> ts of the last message they saw."""

    read: dict[tuple[str, str], str] = field(default_factory=dict)

    def unread(self, practice: Practice, person: str, channel: Channel) -> bool:
        """Whether there is something new for this person here."""
        last = self.read.get((person, channel.id), "")
        visible = practice.workspace.visible(channel, person)
        return any(each.ts > last and each.user != person and _in_list(each) for each in visible)


def _in_list(message: Message) -> bool:
    return message.thread_ts in ("", message.ts) or message.broadcast


def view(practice: Practice, look: Look, pane: Pane, words: Words, marks: Marks, notice: str = "") -> Json:
    """Everything that the template of a pane needs. Marks as read what it shows."""
    return _Builder(practice, look, pane, words, marks).build(notice)


class _Builder:
    def __init__(self, practice: Practice, look: Look, pane: Pane, words: Words, marks: Marks) -> None:
        self.practice, self.workspace = practice, practice.workspace
        self.look, self.pane, self.words, self.marks = look, pane, words, marks
        self.person = self.workspace.people[pane.person]
        self.channel = address.channel_of(pane, self.workspace)
        self.draw = Drawing(self.workspace, self.person, self.inside)

    # -- links -------------------------------------------------------------------------------------------------------

    def link(self, **changes: str) -> dict[str, str]:
        """The address that a link in this pane leads to, and what htmx fetches for it."""
        there = self.look.having(address.moved(self.pane, changes, self.workspace))
        href = address.write(there, self.workspace)
        return {"href": href, "go": f"/_page/go/{self.pane.side}?{urlencode(changes)}"}

    def go(self, **changes: str) -> Markup:
        """The attributes of such a link."""
        found = self.link(**changes)
        return Markup('href="{}" hx-get="{}"').format(found["href"], found["go"])

    def inside(self, url: str) -> Mapping[str, str] | None:
        """Where the permalink of a message (this server's, or Slack's own) leads: its channel, with its thread open."""
        here = rf"(?:{re.escape(self.practice.base)}|https://(?:[\w-]+\.)?slack\.com)"
        found = re.fullmatch(here + r"/archives/(\w+)/p(\d+)(\d{6})(?:\?.*)?", url)
        if not found or found[1] not in self.workspace.channels:
            return None
        return self.link(**permalink(self.workspace.channels[found[1]], f"{found[2]}.{found[3]}"))

    # -- parts -------------------------------------------------------------------------------------------------------

    def build(self, notice: str) -> Json:
        pane, workspace = self.pane, self.workspace
        everything = list(workspace.visible(self.channel, self.person.id))
        if pane.place != HOME and everything:
            self.marks.read[self.person.id, self.channel.id] = everything[-1].ts
        thread = pane.thread if pane.place != HOME and pane.thread in self.channel.messages else ""
        modal, home = workspace.modal(self.person.id), workspace.home(self.person.id)
        manifest = self.practice.manifest
        shown: Json = {
            "side": pane.side,
            "person": self.person.id,
            "who": self.person.name,
            "place": pane.place,
            "channel": self.channel.id,
            "title": workspace.app.name if self.channel.im else f"{_sign(self.channel)}{self.channel.name}",
            "topic": readable(workspace, self.channel.topic),
            "member": self.person.id in self.channel.members,
            "places": self.places(),
            "tabs": self.tabs() if self.channel.im else [],
            "messages": self.messages([each for each in everything if _in_list(each)][-MOST:]),
            "thread": thread,
            "replies": self.messages([m for m in everything if thread and thread in (m.ts, m.thread_ts)], "t"),
            "editing": pane.editing,
            "home": home.content["blocks"] if home else None,
            "home_at": self.at(f"h-{pane.side}", "home", home.content["blocks"], values=home.values) if home else None,
            "modal": modal and self.modal(modal),
            "notice": notice,
        }
        personas = self.personas()
        shortcuts = manifest.shortcuts.values() if manifest.interactive else []
        return {
            "pane": shown,
            "look": self.look,
            "t": self.words,
            "draw": self.draw,
            "go": self.go,
            "inside": self.inside,
            "app_name": workspace.app.name,
            "personas": personas,
            "people": [
                (each.id, each.name, "") for each in workspace.people.values() if not (each.is_bot or each.deleted)
            ],
            "channels": [(each.id, f"#{each.name}", "") for each in workspace.readable(self.person.id) if not each.im],
            "message_shortcuts": [each for each in shortcuts if each["type"] == "message"],
            "global_shortcuts": [each for each in shortcuts if each["type"] == "global"],
            "commands": list(manifest.commands.values()),
            "pairs_of": self.pairs,
            "texts_of": lambda options: [each["text"]["text"] for each in options or []],
            "label_of": lambda block: readable(workspace, forms.Found(block, {}).label),
            "groups": GROUPS,
            "nth": lambda at, element: at["order"].get(id(element), 0),
        }

    def personas(self) -> list[Json]:
        people = [each for each in self.workspace.people.values() if not (each.is_bot or each.deleted)]
        titles = {p.id: self.words.get(f"role {p.title}") or p.title for p in people}
        return [
            {"id": p.id, "value": p.name.lower(), "shown": f"{p.name} ({titles[p.id]})" if p.title else p.name}
            for p in people
        ]

    def places(self) -> list[tuple[str, list[Json], bool]]:
        """The places by heading; the last word says whether they are folded away."""
        readable = sorted(
            (c for c in self.workspace.readable(self.person.id) if not c.im), key=lambda each: each.private
        )
        mine = [self.place(each) for each in readable if self.person.id in each.members]
        others = [self.place(each) for each in readable if self.person.id not in each.members]
        dm = self.workspace.dm(self.person.id)
        app = {
            "key": APP,
            "name": self.workspace.app.name,
            "sign": "",
            "app": True,
            "current": self.pane.place in (APP, HOME),
            "unread": self.marks.unread(self.practice, self.person.id, dm),
        }
        return [
            (self.words("channels"), mine, False),
            (self.words("apps"), [app], False),
            (self.words("other_channels"), others, True),
        ]

    def place(self, channel: Channel) -> Json:
        member = self.person.id in channel.members
        return {
            "key": channel.name,
            "name": channel.name,
            "sign": _sign(channel),
            "current": self.pane.place == channel.id,
            "unread": member and self.marks.unread(self.practice, self.person.id, channel),
        }

    def tabs(self) -> list[Json]:
        named = ((APP, self.words("tab_messages")), (HOME, self.words("tab_home")))
        return [{"key": key, "name": name, "current": self.pane.place == key} for key, name in named]

    def pairs(self, element: Json) -> list[tuple[str, Markup, Markup]]:
        """The options of a group of boxes: value (its text), what is shown, and the description under it."""
        return [
            (each["text"]["text"], self.draw.text(each["text"]), self.draw.text(each.get("description")))
            for each in forms.options(element)
        ]

    def at(self, id_: str, where: str, blocks: list[Json], **more: Any) -> Json:
        """Where elements stand. They are told apart by action and order: block ids change with every repaint."""
        order: dict[int, int] = {}
        count: Counter[str] = Counter()
        for each in forms.elements(blocks):
            action = each.element.get("action_id", "")
            order[id(each.element)] = count[action]
            count[action] += 1
        more["order"] = order
        return {"side": self.pane.side, "id": id_, "where": where, "channel": "", "ts": "", "errors": {}} | more

    def modal(self, modal: View) -> Json:
        content = modal.content
        at = self.at(f"v-{self.pane.side}", "modal", content["blocks"], values=modal.values, errors=modal.errors)
        return {
            "id": modal.id,
            "title": content["title"]["text"],
            "blocks": content["blocks"],
            "submit": (content.get("submit") or {}).get("text"),
            "close": (content.get("close") or {}).get("text"),
            "depth": len(self.workspace.stacks[modal.user]),
            "at": at,
        }

    def messages(self, found: Iterable[Message], prefix: str = "m") -> list[Json]:
        made: list[Json] = []
        day = ""
        for message in found:
            before, day = day, self.draw.moment(message.ts, "EEEE d MMMM y")
            made.append(self.message(message, prefix) | {"day": day if day != before else ""})
        return made

    def message(self, message: Message, prefix: str) -> Json:
        workspace = self.workspace
        author = workspace.people.get(message.user)
        ts = message.ts
        values = forms.initial(message.blocks, message.choices.get(self.person.id))
        place = {"channel": message.channel, "ts": ts, "values": values}
        notice = message.subtype in NOTICES and self.words(message.subtype, who=author.name if author else "")
        return {
            "ts": ts,
            "channel": message.channel,
            "who": author.real_name if author else message.user,
            "initial": (author.name if author else "?")[:1].upper(),
            "colour": f"c{list(workspace.people).index(author.id) % COLOURS}" if author else "c0",
            "is_bot": bool(author and author.is_bot),
            "time": self.draw.moment(ts, "HH:mm"),
            "iso": datetime.fromtimestamp(float(ts), UTC).isoformat(),
            "text": message.text,
            "typed": readable(workspace, message.text),
            "blocks": message.blocks,
            "attachments": message.attachments,
            "at": self.at(f"{prefix}-{self.pane.side}-{ts.replace('.', '-')}", "message", message.blocks, **place),
            "only_you": bool(message.only_for),
            "edited": bool(message.edited),
            "own": message.user == self.person.id,
            "actions": self.person.id in self.channel.members,
            "replies": len(message.replies),
            "notice": notice,
            "files": [self.file(each) for each in message.files],
        }

    def file(self, id_: str) -> Json:
        found = self.workspace.files[id_]
        size = f"{max(1, round(found.size / 1000))} kB"
        picture = found.mimetype in ("image/png", "image/jpeg", "image/gif", "image/webp")
        own = found.user == self.person.id
        shown = {"id": found.id, "name": found.name, "title": found.title, "size": size, "picture": picture}
        return shown | {"deleted": found.deleted, "own": own}


def permalink(channel: Channel, ts: str) -> dict[str, str]:
    """The place on the page of a message: its channel, and the thread it is in or starts."""
    message = channel.messages.get(ts)
    thread = (message.thread_ts or (ts if message.replies or message.by_bot else "")) if message else ""
    return {"in": APP if channel.im else channel.name, "draad": thread}


def confirm(question: Json) -> str:
    """A confirmation dialog (Slack's object, or plain words) as JSON for page.js."""

    def said(key: str) -> str:
        thing = question.get(key) or ""
        return str(thing.get("text", "") if isinstance(thing, dict) else thing)

    keys = ("title", "text", "confirm", "deny")
    return json.dumps({key: said(key) for key in keys} | {"style": question.get("style", "")})


def _sign(channel: Channel) -> str:
    return "🔒 " if channel.private else "#"
