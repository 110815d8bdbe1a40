"""The visible words of messages and views, as a person reads them."""

from __future__ import annotations

import html
import re
from typing import Any

from .state import Json, Message, Workspace

_MARKUP = re.compile(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>")
# Where words stand in blocks, in the order in which people read them.
_PARTS = (
    "title", "label", "text", "subtitle", "fields", "body", "rows", "elements", "child_blocks", "accessory", "element",
    "placeholder", "initial_option", "options", "option_groups", "description", "hint", "alt_text", "actions", "tasks",
)  # fmt: skip


def readable(workspace: Workspace, text: str) -> str:
    """mrkdwn with names instead of ids: mentions, channels, links and dates as they show."""

    def shown(found: re.Match[str]) -> str:
        sign, target, label = found.groups()
        if sign == "@":
            person = workspace.people.get(target)
            return f"@{person.name if person else label or target}"
        if sign == "#":
            channel = workspace.channels.get(target)
            return f"#{channel.name if channel else label or target}"
        if sign == "!":
            return label or f"@{target.partition('^')[0]}"
        return label or target.removeprefix("mailto:")

    return html.unescape(_MARKUP.sub(shown, text))


def plain(workspace: Workspace, thing: Any) -> str:
    """All visible words of blocks (or part of one), joined by spaces and line ends."""
    if isinstance(thing, str):
        return readable(workspace, thing)
    if isinstance(thing, list):
        return "\n".join(filter(None, (plain(workspace, each) for each in thing)))
    if not isinstance(thing, dict):
        return ""
    kind = thing.get("type")
    if kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        return "".join(_rich(workspace, part) for part in thing.get("elements", []))
    if kind in ("plain_text", "raw_text"):
        return str(thing.get("text", ""))
    return "\n".join(filter(None, (plain(workspace, thing[part]) for part in _PARTS if part in thing)))


def _rich(workspace: Workspace, part: Json) -> str:
    match part["type"]:
        case "user":
            return readable(workspace, f"<@{part['user_id']}>")
        case "channel":
            return readable(workspace, f"<#{part['channel_id']}>")
        case "link":
            return str(part.get("text") or part["url"])
        case "emoji":
            return f":{part['name']}:"
        case "broadcast":
            return f"@{part['range']}"
        case "date":
            return str(part.get("fallback", ""))
        case _:
            return str(part.get("text", ""))


def of_message(workspace: Workspace, message: Message) -> str:
    """What one reads in a message: its blocks when it has them, else its text; and the names of its files."""
    body = plain(workspace, message.blocks) if message.blocks else readable(workspace, message.text)
    files = [workspace.files[each] for each in message.files]
    names = ["This file was deleted." if file.deleted else file.title for file in files]
    more = [plain(workspace, each.get("blocks") or each.get("text", "")) for each in message.attachments]
    return "\n".join(filter(None, [body, *more, *names]))


def written(workspace: Workspace, text: str) -> str:
    """What Slack makes of what a person types: & < > escaped, @name and #channel as links to who and what they mean."""
    names = {person.name.lower(): f"<@{person.id}>" for person in workspace.people.values()}
    names |= {each: f"<!{each}>" for each in ("here", "channel", "everyone")}
    places = {channel.name: channel for channel in workspace.channels.values() if not channel.im}

    def mention(found: re.Match[str]) -> str:
        return names.get(found[1].lower(), found[0])

    def place(found: re.Match[str]) -> str:
        channel = places.get(found[1])
        return f"<#{channel.id}|{channel.name}>" if channel else found[0]

    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"(?<!\w)#([\w-]+)", place, re.sub(r"(?<!\w)@(\w+)", mention, escaped))


def rich_text(block_id: str, text: str) -> Json:
    """The rich_text block that Slack adds to what a person wrote; `text` is already escaped and linked."""
    parts: list[Json] = []
    at = 0
    for found in re.finditer(r"<([@#!])([^>|]*)(?:\|[^>]*)?>", text):
        if found.start() > at:
            parts.append({"type": "text", "text": html.unescape(text[at : found.start()])})
        kind, key = {"@": ("user", "user_id"), "#": ("channel", "channel_id"), "!": ("broadcast", "range")}[found[1]]
        parts.append({"type": kind, key: found[2]})
        at = found.end()
    if at < len(text):
        parts.append({"type": "text", "text": html.unescape(text[at:])})
    return {"type": "rich_text", "block_id": block_id, "elements": [{"type": "rich_text_section", "elements": parts}]}
