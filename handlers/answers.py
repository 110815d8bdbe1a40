"""What Slack's answers have to hold before anybody reads them; whatever else comes is one typed error, no crash."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

UNREADABLE = "unreadable"
"""What stands as Slack's error where an answer says "ok" and lacks what it is for, or is no answer at all."""


class _Shape(BaseModel):
    """What has to be there; all else is let through as it is."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Named(_Shape):
    id: str


class _Posted(_Shape):
    ts: str


class _Opened(_Shape):
    channel: _Named


class _Messages(_Shape):
    messages: list[Any]


class _Members(_Shape):
    members: list[Any]


class _Channels(_Shape):
    channels: list[Any]


class _User(_Shape):
    user: _Named


class _File(_Shape):
    file: _Named


class _Place(_Shape):
    upload_url: str
    file_id: str


class _View(_Shape):
    view: _Named


class _Who(_Shape):
    team_id: str
    user_id: str


SHAPES: Mapping[str, type[_Shape]] = {
    "auth.test": _Who,
    "chat.postMessage": _Posted,
    "conversations.history": _Messages,
    "conversations.list": _Channels,
    "conversations.open": _Opened,
    "conversations.replies": _Messages,
    "files.getUploadURLExternal": _Place,
    "files.info": _File,
    "users.info": _User,
    "users.list": _Members,
    "views.open": _View,
    "views.push": _View,
    "views.update": _View,
}
"""What is read from the answers of each method. Of the others only "ok" counts."""


class Client(AsyncWebClient):
    """A client whose answers can be read: any other is a SlackApiError, with `UNREADABLE` as its error."""

    async def _send(self, http_verb: str, api_url: str, req_args: dict[str, Any]) -> AsyncSlackResponse:
        try:
            answer = await super()._send(http_verb, api_url, req_args)
        except (AttributeError, TypeError, KeyError, RecursionError, UnicodeError) as error:
            # the SDK reads "ok" of what is no object, or follows a nesting without end
            raise _unreadable(api_url) from error
        if not isinstance(answer.data, dict):
            raise _unreadable(api_url)
        shape = SHAPES.get(api_url.rsplit("/", 1)[-1])
        if shape is not None:
            try:
                shape.model_validate(answer.data)
            except ValidationError:
                raise _unreadable(api_url) from None
        return answer


def _unreadable(api_url: str) -> SlackApiError:
    method = api_url.rsplit("/", 1)[-1]
    answer = {"ok": False, "error": UNREADABLE}
    return SlackApiError(f"the answer to {method} cannot be read", answer)  # type: ignore[no-untyped-call]  # slack_sdk has no types here
