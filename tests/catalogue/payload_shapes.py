"""What Slack sends, one of every shape, and ways to spoil it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

from tests.handlers.house import TEAM

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PLAIN = {"type": "plain_text", "text": "Ja", "emoji": True}
CARD = [
    {"type": "section", "block_id": "b1", "text": {"type": "mrkdwn", "text": "*Thema*"}},
    {"type": "actions", "block_id": "b2", "elements": [{"type": "button", "action_id": "home.help", "text": PLAIN}]},
]
WHO: Json = {
    "team": {"id": TEAM, "domain": "oefen"}, "user": {"id": "noor", "name": "noor", "team_id": TEAM},
    "api_app_id": "A1", "token": "t", "trigger_id": "1.2.3", "enterprise": None, "is_enterprise_install": False,
}  # fmt: skip
VIEW: Json = {
    "id": "V1", "team_id": TEAM, "type": "modal", "blocks": CARD, "private_metadata": '{"session": "ws1"}',
    "callback_id": "worksessions.save", "hash": "1.h", "title": PLAIN, "submit": PLAIN, "close": None,
    "root_view_id": "V1", "previous_view_id": None, "app_installed_team_id": TEAM, "external_id": "",
    "state": {"values": {"title": {"x": {"type": "plain_text_input", "value": "Groen"}},
                         "people": {"x": {"type": "multi_users_select", "selected_users": ["noor"]}},
                         "mode": {"x": {"type": "static_select", "selected_option": {"text": PLAIN, "value": "free"}}},
                         "when": {"x": {"type": "datepicker", "selected_date": "2021-06-17"}}}},
}  # fmt: skip
MESSAGE: Json = {"type": "message", "user": "noor", "ts": "1.1", "text": "Vraag eerst", "blocks": CARD, "team": TEAM}


def _event(**event: Any) -> Json:
    return {
        "token": "t", "team_id": TEAM, "api_app_id": "A1", "type": "event_callback", "event_id": "Ev1",
        "event_time": 1623938100, "event_context": "4-x", "is_ext_shared_channel": False, "context_team_id": TEAM,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "UBOT", "is_bot": True}],
        "event": {"event_ts": "1.1", **event},
    }  # fmt: skip


SHAPES: tuple[Json, ...] = (
    {**WHO, "type": "block_actions", "channel": {"id": "CWS", "name": "werksessie"}, "message": MESSAGE,
     "container": {"type": "message", "message_ts": "1.1", "channel_id": "CWS"}, "response_url": "",
     "actions": [{"action_id": "home.help", "block_id": "b2", "action_ts": "1.2", "type": "button", "value": "x"}]},
    {**WHO, "type": "block_actions", "view": {**VIEW, "type": "home"}, "container": {"type": "view", "view_id": "V1"},
     "actions": [{"action_id": "selection.join:tp1", "block_id": "b2", "action_ts": "1.2", "type": "static_select",
                  "selected_option": {"text": PLAIN, "value": "rg1"}}]},
    {**WHO, "type": "view_submission", "view": VIEW, "response_urls": []},
    {**WHO, "type": "view_closed", "view": VIEW, "is_cleared": False},
    {**WHO, "type": "shortcut", "callback_id": "worksessions.new", "action_ts": "1.2"},
    {**WHO, "type": "message_action", "callback_id": "impressions.share", "action_ts": "1.2", "message": MESSAGE,
     "message_ts": "1.1", "channel": {"id": "CWS", "name": "werksessie"}, "response_url": ""},
    {"command": "/oogst", "text": "thema", "team_id": TEAM, "user_id": "noor", "channel_id": "CWS", "token": "t",
     "trigger_id": "1.2.3", "response_url": "", "api_app_id": "A1"},
    _event(**{**MESSAGE, "channel": "CWS", "channel_type": "channel", "client_msg_id": "c1"}),
    _event(**{**MESSAGE, "channel": "D1", "channel_type": "im", "subtype": "file_share", "thread_ts": "1.0",
              "files": [{"id": "F1", "name": "a.txt", "filetype": "text", "size": 3, "user": "noor"}]}),
    _event(type="message", subtype="message_changed", hidden=True, channel="CWS", ts="1.3", message=MESSAGE,
           previous_message={**MESSAGE, "text": "Vraag"}),
    _event(type="message", subtype="message_deleted", hidden=True, channel="CWS", ts="1.3", deleted_ts="1.1",
           previous_message=MESSAGE),
    _event(type="app_mention", user="noor", channel="CWS", ts="1.1", text="<@UBOT> thema"),
    _event(type="app_home_opened", user="noor", channel="D1", tab="home", view={**VIEW, "type": "home"}),
    _event(type="user_change", user={"id": "noor", "team_id": TEAM, "name": "noor", "deleted": False, "locale": "nl-NL",
                                     "profile": {"display_name": "Noor", "real_name": "Noor"}, "is_bot": False}),
    _event(type="file_deleted", file_id="F1"),
    _event(type="tokens_revoked", tokens={"oauth": ["U1"], "bot": []}),
    _event(type="nobody_knows_this", user="noor"),
)  # fmt: skip


def written(payload: Json, text: str | None = None) -> tuple[bytes, str]:
    """The bytes of a payload as Slack writes it, and their kind; `text` is the JSON when it is no longer a value."""
    if "command" in payload and text is None:
        fields = {n: v if isinstance(v, str) else json.dumps(v) for n, v in payload.items()}
        return urlencode(fields, errors="surrogatepass").encode(), FORM
    told = json.dumps(payload) if text is None else text
    if "event" in payload:
        return told.encode("utf-8", "surrogatepass"), JSON
    return urlencode({"payload": told.encode("utf-8", "surrogatepass")}).encode(), FORM


STRANGE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(""),
    st.text(max_size=20), st.just([]), st.just({}), st.just([None]), st.just([[]]), st.just({"id": None}),
    st.just("x" * 5000), st.just("\x00"), st.just("\ud83d"), st.just("<!channel>"), st.just({"": {"": {}}}),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.just(10**30), st.just(-1), st.just("2021-13-45"), st.just(float(2**60)),
)  # fmt: skip


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a payload, from the top down."""
    found = [at] if at else []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in steps:
        found += places(each, (*at, name))
    return found


def changed(value: Any, at: tuple[str | int, ...], new: Any, *, drop: bool) -> Any:
    """The same payload with one place changed or left out."""
    if not at:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    if len(at) == 1 and drop:
        del copied[at[0]]
    else:
        copied[at[0]] = changed(copied[at[0]], at[1:], new, drop=drop)
    return copied


PLACES = [places(shape) for shape in SHAPES]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[bytes, str]:
    """A payload with up to three places changed, and sometimes its bytes as well."""
    number = draw(st.integers(0, len(SHAPES) - 1))
    payload: Any = SHAPES[number]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.sampled_from(PLACES[number]))
        try:
            payload = changed(payload, at, draw(STRANGE), drop=draw(st.booleans()))
        except (KeyError, IndexError, TypeError):  # that place went with an earlier change
            continue
    body, kind = written(payload)
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(body) - 1))
        body = body[:place] + draw(st.binary(max_size=4)) + body[place + draw(st.integers(0, 3)) :]
    if draw(st.integers(0, 19)) == 0:
        kind = draw(st.sampled_from([FORM, JSON, "text/plain", "", "application/json; charset=utf-16"]))
    return body, kind
