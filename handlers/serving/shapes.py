"""What the fields may be that we, and Bolt, read from a payload; whatever else Slack sends is left alone."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers.serving.payload import Malformed, kind_of

Text = str | None
Whole = dict[str, Any] | None
Several = list[dict[str, Any]] | None


class Shape(BaseModel):
    """A part of a payload, of which only what is named here is looked at."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Owner(Shape):
    """A workspace, person, channel or organisation."""

    id: Text = None
    team_id: Text = None
    name: Text = None


class Metadata(Shape):
    """What a message carries for the app that wrote it."""

    event_type: Text = None
    event_payload: Whole = None


class Message(Shape):
    """A message, in an event or under a button."""

    ts: Text = None
    thread_ts: Text = None
    text: Text = None
    type: Text = None
    subtype: Text = None
    user: Text = None
    bot_id: Text = None
    client_msg_id: Text = None
    blocks: Several = None
    files: Several = None
    attachments: Several = None
    metadata: Metadata | None = None
    edited: Whole = None


class Chosen(Shape):
    """An option that was chosen."""

    value: Text = None


class Filled(Shape):
    """What was filled in or chosen in one element."""

    type: Text = None
    value: Text = None
    selected_option: Chosen | None = None
    selected_options: list[Chosen] | None = None
    selected_users: list[str] | None = None
    selected_conversations: list[str] | None = None
    selected_channels: list[str] | None = None


class Tap(Filled):
    """What was pressed."""

    action_id: str
    block_id: Text = None
    action_ts: Text = None


class State(Shape):
    """What was filled in: per block, per element."""

    values: dict[str, dict[str, Filled]] | None = None


class View(Shape):
    """A form or a Home."""

    id: Text = None
    team_id: Text = None
    app_installed_team_id: Text = None
    type: Text = None
    hash: Text = None
    callback_id: Text = None
    external_id: Text = None
    root_view_id: Text = None
    previous_view_id: Text = None
    private_metadata: Text = None
    state: State | None = None
    blocks: Several = None
    title: Whole = None
    submit: Whole = None
    close: Whole = None


class Envelope(Shape):
    """What Bolt reads of anything, whatever it is."""

    response_url: Text = None
    response_urls: list[dict[str, Any]] = []
    function_data: Whole = None
    bot_access_token: Text = None


class Interaction(Envelope):
    """A button, form or shortcut."""

    type: str
    team: Owner | None = None
    enterprise: Owner | None = None
    user: Owner | None = None
    channel: Owner | None = None
    view: View | None = None
    message: Message | None = None
    container: Whole = None
    actions: list[Tap] | None = Field(None, min_length=1, max_length=100)
    trigger_id: Text = None
    callback_id: Text = None
    action_ts: Text = None
    is_enterprise_install: bool | str | None = None


class Happening(Message):
    """What an event tells of: a message, a person, a file, a Home that was opened."""

    type: str
    user: str | Owner | None = None  # type: ignore[assignment]  # of `user_change` it is the whole person
    channel: str | Owner | None = None
    channel_type: Text = None
    event_ts: Text = None
    tab: Text = None
    file_id: Text = None
    deleted_ts: Text = None
    view: View | None = None
    message: Message | None = None
    previous_message: Message | None = None
    tokens: dict[str, list[str] | None] | None = None


class Authorization(Shape):
    """Through which workspace an event comes."""

    team_id: Text = None
    enterprise_id: Text = None
    user_id: Text = None
    is_enterprise_install: bool | None = None


class Event(Envelope):
    """An event with its envelope."""

    type: Literal["event_callback"]
    event: Happening
    team_id: Text = None
    api_app_id: Text = None
    enterprise_id: Text = None
    event_id: Text = None
    event_time: int | None = None
    context_team_id: Text = None
    context_enterprise_id: Text = None
    is_ext_shared_channel: bool | None = None
    authorizations: list[Authorization] | None = None


class Command(Envelope):
    """A slash command: flat text."""

    command: str
    team_id: Text = None
    user_id: Text = None
    channel_id: Text = None
    enterprise_id: Text = None
    text: Text = None
    trigger_id: Text = None


NEEDED: Mapping[str, str] = {
    "block_actions": "actions",
    "view_submission": "view",
    "view_closed": "view",
    "shortcut": "callback_id",
    "message_action": "callback_id",
}
"""Every kind of interaction that we asked Slack for, with what says which one it is."""
NAMED = ("callback_id", "type")
"""What a form always has."""
SHAPES: Mapping[str, type[Shape]] = {"event": Event, "command": Command, "interaction": Interaction}


def check(body: Mapping[str, Any]) -> None:
    """Raise Malformed when a field that somebody reads holds something else than it may."""
    kind = kind_of(body)
    try:
        SHAPES[kind].model_validate(body)
    except ValidationError:
        raise Malformed("shape") from None
    if kind != "interaction":
        return
    needed = NEEDED.get(body["type"])
    if needed is None:
        raise Malformed("kind")
    named = body.get(needed)
    if not named or (
        needed == "view" and not all(isinstance(named.get(each), str) for each in ("callback_id", "type"))
    ):
        raise Malformed("shape")
