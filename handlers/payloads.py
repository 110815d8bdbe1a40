"""What Slack sends, read into a `Click`: a button, form, shortcut, command or event, and its stable key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

WRITING = ("message", "app_mention")
"""Events that tell of a message that was just written."""
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Click:
    """What somebody did, read from a payload. Only `team` and `user` may be believed; ids in `value` are looked up.

    `at` is Slack's time of a tap (its ts), for what depends on order; `shared` says that the channel belongs to
    several workspaces, each of which may be ours.
    """

    kind: str
    name: str
    team: str
    user: str
    key: str
    argument: str = ""
    value: str = ""
    channel: str = ""
    ts: str = ""
    thread_ts: str = ""
    trigger: str = ""
    response_url: str = ""
    view_id: str = ""
    at: str = ""
    shared: bool = False
    metadata: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what was typed or chosen in a field of the form; empty when nothing was."""
        found = self.fields.get(name)
        return found if isinstance(found, str) else ""

    @property
    def in_form(self) -> bool:
        """Whether it was done in a form that is open: another one goes on top of it."""
        return (self.body.get("view") or {}).get("type") == "modal"

    def many(self, name: str) -> tuple[str, ...]:
        """Return what was chosen in a field that takes several."""
        found = self.fields.get(name)
        return tuple(str(item) for item in found) if isinstance(found, (list, tuple)) else ()


def read_fields(state: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten a form's state: block id to text, or to a list for what takes several."""
    found: dict[str, Any] = {}
    for block_id, elements in state.items():
        for element in elements.values():
            found[block_id] = _value(element)
    return found


def _value(element: Mapping[str, Any]) -> Any:
    for name in (
        "value",
        "selected_date",
        "selected_time",
        "selected_user",
        "selected_conversation",
        "selected_channel",
    ):
        if element.get(name) is not None:
            return str(element[name])
    if element.get("selected_option"):
        return str(element["selected_option"].get("value", ""))
    for name in ("selected_users", "selected_conversations", "selected_channels"):
        if element.get(name) is not None:
            return [str(item) for item in element[name]]
    if element.get("selected_options") is not None:
        return [str(option.get("value", "")) for option in element["selected_options"]]
    return ""


def read_interaction(body: Mapping[str, Any]) -> Click:
    """Read a button, form or shortcut payload."""
    kind = str(body.get("type"))
    user = body.get("user") or {}
    view = body.get("view") or {}
    # a form that was opened in a shared channel comes with the workspace of whoever fills it in
    team = str(view.get("app_installed_team_id") or (body.get("team") or {}).get("id") or user.get("team_id") or "")
    common: dict[str, Any] = {
        "team": team,
        "user": str(user.get("id", "")),
        "trigger": str(body.get("trigger_id", "")),
        "body": body,
    }
    if kind == "block_actions":
        action = body["actions"][0]
        message = body.get("message") or {}
        container = body.get("container") or {}
        name, _, argument = str(action.get("action_id", "")).partition(":")
        ts = str(message.get("ts") or container.get("message_ts") or "")
        place = ts or str(view.get("id", ""))
        return Click(
            "action",
            name,
            argument=argument,
            value=str(_value(action) or ""),
            channel=str((body.get("channel") or {}).get("id", "")),
            ts=ts,
            thread_ts=str(message.get("thread_ts", "")),
            response_url=str(body.get("response_url") or ""),
            view_id=str(view.get("id", "")),
            at=str(action.get("action_ts") or ""),
            metadata=str(view.get("private_metadata", "")),
            fields=read_fields((view.get("state") or {}).get("values") or {}),
            key=f"a:{common['user']}:{place}:{action.get('action_ts', '')}:{action.get('action_id', '')}",
            **common,
        )
    if kind in ("view_submission", "view_closed"):
        return Click(
            "form" if kind == "view_submission" else "closed",
            str(view.get("callback_id", "")),
            metadata=str(view.get("private_metadata", "")),
            view_id=str(view.get("id", "")),
            fields=read_fields((view.get("state") or {}).get("values") or {}),
            key=f"v:{view.get('id', '')}:{view.get('hash', '')}",
            **common,
        )
    message = body.get("message") or {}
    return Click(
        "shortcut",
        str(body.get("callback_id", "")),
        channel=str((body.get("channel") or {}).get("id", "")),
        ts=str(message.get("ts", "")),
        thread_ts=str(message.get("thread_ts", "")),
        response_url=str(body.get("response_url") or ""),
        key=f"s:{common['user']}:{body.get('action_ts', '')}",
        **common,
    )


def read_command(body: Mapping[str, Any]) -> Click:
    """Read a slash command: its first word is the name, the rest the value."""
    text = str(body.get("text") or "").strip()
    name, _, rest = text.partition(" ")
    return Click(
        "command",
        name.casefold(),
        team=str(body.get("team_id", "")),
        user=str(body.get("user_id", "")),
        value=rest.strip(),
        channel=str(body.get("channel_id", "")),
        trigger=str(body.get("trigger_id", "")),
        response_url=str(body.get("response_url") or ""),
        key=f"c:{body.get('user_id', '')}:{body.get('trigger_id', '')}",
        body=body,
    )


def read_event(body: Mapping[str, Any]) -> Click:
    """Read an event; messages are told apart by subtype (`message`, `message_changed`, `message_deleted`).

    A shared channel of two workspaces delivers through either of them: the team is the one that we are installed in.
    """
    event = body.get("event") or {}
    kind = str(event.get("type", ""))
    subtype = str(event.get("subtype") or "")
    name = subtype if kind == "message" and subtype in ("message_changed", "message_deleted") else kind
    user = event.get("user")
    installed = next(iter(body.get("authorizations") or ()), None) or {}
    found = Click(
        "event",
        name,
        team=str(installed.get("team_id") or body.get("context_team_id") or body.get("team_id") or ""),
        user=str(user.get("id", "") if isinstance(user, Mapping) else user or ""),
        key="",
        channel=str(event.get("channel") or ""),
        ts=str(event.get("ts") or ""),
        thread_ts=str(event.get("thread_ts") or ""),
        at=str(body.get("event_time") or ""),
        shared=bool(body.get("is_ext_shared_channel")),
        body=event,
    )
    return replace(found, key=_event_key(found, str(body.get("event_id") or "")))


def _event_key(click: Click, event_id: str) -> str:
    """What stays the same however often Slack tells it: of a new message the message, of anything else the event.

    One message may come as two events, through two workspaces that share its channel; and as two messages, where
    somebody's Slack sent it twice because it thought that the first had failed.
    """
    if click.name in WRITING and click.channel and click.ts:
        sent = str(click.body.get("client_msg_id") or "")
        return f"e:{click.name}:{click.user}:{sent}" if sent else f"e:{click.name}:{click.channel}:{click.ts}"
    told = f"{click.name}:{click.channel}:{click.body.get('event_ts', '')}"
    return f"e:{event_id or told}"


def is_from_machine(click: Click) -> bool:
    """Say whether an app wrote what this event tells of: our own messages, and those of others, begin nothing."""
    event = click.body
    written = event.get("message") or event.get("previous_message") or event
    return (
        click.kind == "event"
        and isinstance(written, Mapping)
        and bool(written.get("bot_id") or written.get("subtype") == "bot_message" or written.get("user") == SLACKBOT)
    )


def metadata_of(click: Click) -> dict[str, str]:
    """Read what a form carries along: names to ids. What it says is looked up before it is believed."""
    try:
        found = json.loads(click.metadata or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
