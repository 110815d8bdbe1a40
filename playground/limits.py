"""Block Kit's limits as one table: what each block, element and object may hold. Lengths in characters.

The numbers are those of Slack's documentation (docs.slack.dev/reference/block-kit); where it gives none, what is
reported from practice. `loose` objects are so new that fields beyond the known ones are let through.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_BLOCK_TEXT = 10_000  # undocumented msg_blocks_too_long; measured by others to strike above about 11,000
MARKDOWN_TEXT = 12_000
MESSAGE_TEXT, UPDATE_TEXT, EPHEMERAL_BYTES = 40_000, 4_000, 4_000
ATTACHMENTS = 100
ID = 255


@dataclass(frozen=True)
class Rule:
    """What one field must be."""

    required: bool = False


@dataclass(frozen=True)
class Text(Rule):
    """A text object; `plain` ones may not be mrkdwn."""

    most: int = 3000
    plain: bool = False


@dataclass(frozen=True)
class Line(Rule):
    """A string; `shape` is "" or one of url, date, time."""

    most: int = 3000
    least: int = 1
    shape: str = ""


@dataclass(frozen=True)
class Number(Rule):
    """A whole number."""

    least: int = 0
    most: int = 2**53


@dataclass(frozen=True)
class Flag(Rule):
    """True or false."""


@dataclass(frozen=True)
class Choice(Rule):
    """One of a few words."""

    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anything(Rule):
    """Not judged."""


@dataclass(frozen=True)
class Thing(Rule):
    """An object described under one of these names in THINGS."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Many(Rule):
    """A list of `of`."""

    of: Rule = field(default_factory=Anything)
    most: int = 10**6
    least: int = 1


@dataclass(frozen=True)
class Kind:
    """One type of object: its fields, of which groups one must be there, and on which surfaces it may stand."""

    fields: dict[str, Rule]
    one_of: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ("message", "modal", "home")
    loose: bool = False


def plain(most: int, required: bool = False) -> Text:
    """A plain_text object of at most so many characters."""
    return Text(required, most, True)


_CONFIRM = Thing(names=("confirm",))
_PLACEHOLDER = plain(150)
_FOCUS = Flag()
_OPTION, _RICH_OPTION, _MENU_OPTION = (Thing(names=(name,)) for name in ("option", "rich_option", "menu_option"))
_IDS = Many(of=Line(), least=0)
_SELECT: dict[str, Rule] = {
    "action_id": Line(most=ID),
    "placeholder": _PLACEHOLDER,
    "confirm": _CONFIRM,
    "focus_on_load": _FOCUS,
}
_STATIC = _SELECT | {
    "options": Many(of=_OPTION, most=100),
    "option_groups": Many(of=Thing(names=("option_group",)), most=100),
}
_MOST_SELECTED: dict[str, Rule] = {"max_selected_items": Number(least=1)}
_CONVERSATIONS = _SELECT | {"default_to_current_conversation": Flag(), "filter": Thing(names=("filter",))}
_INPUT: dict[str, Rule] = {
    "action_id": Line(most=ID),
    "placeholder": _PLACEHOLDER,
    "focus_on_load": _FOCUS,
    "dispatch_action_config": Anything(),
}
_TEXT_INPUT = _INPUT | {"initial_value": Line(least=0)}
_IMAGE: dict[str, Rule] = {
    "image_url": Line(shape="url"),
    "slack_file": Anything(),
    "alt_text": Line(True, 2000),
}

_CHOOSERS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTIPLE = tuple(f"multi_{name}" for name in _CHOOSERS)
_PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
SECTION = ("button", "overflow", "image", "workflow_button", *_CHOOSERS, *_MULTIPLE, *_PICKERS)
ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *_CHOOSERS, *_PICKERS)
TEXT_INPUTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
INPUTS = (*TEXT_INPUTS, "file_input", "datetimepicker", *_CHOOSERS, *_MULTIPLE, *_PICKERS)
RICH = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
RICH_PARTS = ("text", "link", "user", "usergroup", "channel", "emoji", "broadcast", "date", "color")

_RICH_PARTS = Many(of=Thing(names=RICH_PARTS), least=0)
_TASK: dict[str, Rule] = {
    "task_id": Line(True),
    "title": Line(True),
    "status": Choice(words=("pending", "in_progress", "complete", "error")),
}
_CARD: dict[str, Rule] = {
    "title": Text(most=150),
    "subtitle": Text(most=150),
    "body": Text(most=200),
    "actions": Many(of=Thing(names=("button",)), most=3),
    "hero_image": Anything(),
    "icon": Anything(),
}
_MESSAGES = ("message",)

BLOCKS: dict[str, Kind] = {
    "section": Kind(
        {
            "text": Text(),
            "fields": Many(of=Text(most=2000), most=10),
            "accessory": Thing(names=SECTION),
            "expand": Flag(),
        },
        one_of=("text", "fields"),
    ),
    "header": Kind({"text": plain(150, True)}),
    "divider": Kind({}),
    "context": Kind({"elements": Many(True, Thing(names=("image", "mrkdwn", "plain_text")), 10)}),
    "actions": Kind({"elements": Many(True, Thing(names=ACTIONS), 25)}),
    "context_actions": Kind(
        {"elements": Many(True, Thing(names=("feedback_buttons", "icon_button")), 5)}, (), _MESSAGES
    ),
    "image": Kind(_IMAGE | {"title": plain(2000)}, one_of=("image_url", "slack_file")),
    "input": Kind(
        {
            "label": plain(2000, True),
            "hint": plain(2000),
            "element": Thing(True, INPUTS),
            "optional": Flag(),
            "dispatch_action": Flag(),
        }
    ),
    "rich_text": Kind({"elements": Many(True, Thing(names=RICH), least=0)}),
    "markdown": Kind({"text": Line(True, MARKDOWN_TEXT)}, (), _MESSAGES),
    "table": Kind(
        {
            "rows": Many(True, Many(of=Thing(names=("raw_text", "raw_number", "rich_text")), most=20), 100),
            "column_settings": Many(of=Anything(), most=20, least=0),
        },
        surfaces=_MESSAGES,
    ),
    "data_table": Kind(
        {"rows": Many(True, Anything(), 101, 2), "page_size": Number(least=1, most=100), "caption": Line(True)},
        (),
        _MESSAGES,
        True,
    ),
    "data_visualization": Kind({"title": Line(True, 50)}, (), _MESSAGES, True),
    "card": Kind(_CARD, loose=True),
    "carousel": Kind({"elements": Many(True, Thing(names=("card",)), 10)}, loose=True),
    "alert": Kind(
        {"text": Text(True, 200), "level": Choice(words=("default", "info", "warning", "error", "success"))},
        (),
        ("modal",),
        True,
    ),
    "container": Kind(
        {"title": Text(most=150), "subtitle": Text(most=150), "child_blocks": Many(True, Anything(), 10)}, loose=True
    ),
    "plan": Kind({"title": Line(True), "tasks": Many(True, Thing(names=("task_card",)), 50)}, (), _MESSAGES, True),
    "task_card": Kind(_TASK, (), _MESSAGES, True),
    "video": Kind(
        {
            "title": plain(199, True),
            "title_url": Line(shape="url"),
            "description": plain(200),
            "video_url": Line(True, shape="url"),
            "thumbnail_url": Line(True, shape="url"),
            "alt_text": Line(True),
            "author_name": Line(most=49),
            "provider_name": Line(),
            "provider_icon_url": Line(shape="url"),
        }
    ),
    "file": Kind({"external_id": Line(True), "source": Choice(True, ("remote",))}, (), _MESSAGES),
}

THINGS: dict[str, Kind] = {
    "button": Kind(
        {
            "text": plain(75, True),
            "action_id": Line(most=ID),
            "url": Line(shape="url"),
            "value": Line(most=2000),
            "style": Choice(words=("primary", "danger")),
            "confirm": _CONFIRM,
            "accessibility_label": Line(most=75),
            "agent_prompt": Line(most=4000),
        }
    ),
    "workflow_button": Kind(
        {"text": plain(75, True), "action_id": Line(most=ID), "workflow": Anything(True)}, loose=True
    ),
    "feedback_buttons": Kind(
        {"action_id": Line(most=ID), "positive_button": Anything(True), "negative_button": Anything(True)}
    ),
    "icon_button": Kind({"action_id": Line(most=ID), "icon": Line(True), "text": plain(75, True)}, loose=True),
    "static_select": Kind(_STATIC | {"initial_option": _OPTION}, ("options", "option_groups")),
    "multi_static_select": Kind(
        _STATIC | _MOST_SELECTED | {"initial_options": Many(of=_OPTION, most=100)}, ("options", "option_groups")
    ),
    "external_select": Kind(_SELECT | {"initial_option": _OPTION, "min_query_length": Number()}),
    "multi_external_select": Kind(
        _SELECT | _MOST_SELECTED | {"initial_options": Many(of=_OPTION, most=100), "min_query_length": Number()}
    ),
    "users_select": Kind(_SELECT | {"initial_user": Line()}),
    "multi_users_select": Kind(_SELECT | _MOST_SELECTED | {"initial_users": _IDS}),
    "conversations_select": Kind(_CONVERSATIONS | {"initial_conversation": Line(), "response_url_enabled": Flag()}),
    "multi_conversations_select": Kind(_CONVERSATIONS | _MOST_SELECTED | {"initial_conversations": _IDS}),
    "channels_select": Kind(_SELECT | {"initial_channel": Line(), "response_url_enabled": Flag()}),
    "multi_channels_select": Kind(_SELECT | _MOST_SELECTED | {"initial_channels": _IDS}),
    "overflow": Kind(
        {"action_id": Line(most=ID), "options": Many(True, _MENU_OPTION, 5), "confirm": _CONFIRM},
    ),
    "datepicker": Kind(_SELECT | {"initial_date": Line(shape="date")}),
    "timepicker": Kind(_SELECT | {"initial_time": Line(shape="time"), "timezone": Line()}),
    "datetimepicker": Kind(
        {
            "action_id": Line(most=ID),
            "confirm": _CONFIRM,
            "focus_on_load": _FOCUS,
            "initial_date_time": Number(least=10**9, most=10**10 - 1),
        }
    ),
    "checkboxes": Kind(
        {
            "action_id": Line(most=ID),
            "options": Many(True, _RICH_OPTION, 10),
            "confirm": _CONFIRM,
            "initial_options": Many(of=_RICH_OPTION, most=10),
            "focus_on_load": _FOCUS,
        }
    ),
    "radio_buttons": Kind(
        {
            "action_id": Line(most=ID),
            "options": Many(True, _RICH_OPTION, 10),
            "confirm": _CONFIRM,
            "initial_option": _RICH_OPTION,
            "focus_on_load": _FOCUS,
        }
    ),
    "plain_text_input": Kind(
        _TEXT_INPUT | {"multiline": Flag(), "min_length": Number(most=3000), "max_length": Number(least=1, most=3000)}
    ),
    "number_input": Kind(_TEXT_INPUT | {"is_decimal_allowed": Flag(True), "min_value": Line(), "max_value": Line()}),
    "email_text_input": Kind(_TEXT_INPUT),
    "url_text_input": Kind(_TEXT_INPUT),
    "rich_text_input": Kind(
        _INPUT
        | {"initial_value": Anything(), "min_lines": Number(least=1, most=100), "max_lines": Number(least=1, most=100)}
    ),
    "file_input": Kind(
        {"action_id": Line(most=ID), "filetypes": _IDS, "max_files": Number(least=1, most=10)}, (), ("modal",)
    ),
    "image": Kind(_IMAGE, one_of=("image_url", "slack_file")),
    "confirm": Kind(
        {
            "title": plain(100, True),
            "text": Text(True, 300),
            "confirm": plain(30),
            "deny": plain(30),
            "style": Choice(words=("primary", "danger")),
        }
    ),
    "filter": Kind(
        {
            "include": Many(of=Choice(words=("im", "mpim", "private", "public"))),
            "exclude_bot_users": Flag(),
            "exclude_external_shared_channels": Flag(),
        }
    ),
    "option": Kind({"text": plain(75, True), "value": Line(True, 150), "description": plain(75)}),
    "rich_option": Kind({"text": Text(True, 75), "value": Line(True, 150), "description": Text(most=75)}),
    "menu_option": Kind(
        {"text": plain(75, True), "value": Line(True, 150), "description": plain(75), "url": Line(shape="url")}
    ),
    "option_group": Kind({"label": plain(75, True), "options": Many(True, _OPTION, 100)}),
    "mrkdwn": Kind({"text": Line(True), "verbatim": Flag()}),
    "plain_text": Kind({"text": Line(True), "emoji": Flag()}),
    "raw_text": Kind({"text": Line(True)}),
    "raw_number": Kind({"value": Anything(True), "text": Line()}),
    "rich_text": BLOCKS["rich_text"],
    "card": BLOCKS["card"],
    "task_card": BLOCKS["task_card"],
    "rich_text_section": Kind({"elements": _RICH_PARTS}),
    "rich_text_list": Kind(
        {
            "elements": Many(True, Thing(names=("rich_text_section",)), least=0),
            "style": Choice(True, ("bullet", "ordered")),
            "indent": Number(most=8),
            "border": Number(most=1),
            "offset": Number(),
        }
    ),
    "rich_text_preformatted": Kind({"elements": _RICH_PARTS, "border": Number(most=1), "language": Line()}),
    "rich_text_quote": Kind({"elements": _RICH_PARTS, "border": Number(most=1)}),
    "text": Kind({"text": Line(True), "style": Anything()}),
    "link": Kind({"url": Line(True), "text": Line(least=0), "unsafe": Flag(), "style": Anything()}),
    "user": Kind({"user_id": Line(True), "style": Anything()}),
    "usergroup": Kind({"usergroup_id": Line(True), "style": Anything()}),
    "channel": Kind({"channel_id": Line(True), "style": Anything()}),
    "emoji": Kind({"name": Line(True), "unicode": Line(), "style": Anything(), "skin_tone": Number(), "url": Line()}),
    "broadcast": Kind({"range": Choice(True, ("here", "channel", "everyone")), "style": Anything()}),
    "date": Kind(
        {"timestamp": Number(True), "format": Line(True), "url": Line(), "fallback": Line(), "style": Anything()}
    ),
    "color": Kind({"value": Line(True)}),
}

_FORM: dict[str, Rule] = {
    "type": Choice(True, ("modal", "home")),
    "blocks": Anything(True),
    "private_metadata": Line(least=0),
    "callback_id": Line(most=ID, least=0),
    "external_id": Line(most=ID, least=0),
}
VIEWS: dict[str, Kind] = {
    "modal": Kind(
        _FORM
        | {
            "title": plain(24, True),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        }
    ),
    "home": Kind(_FORM),
}
