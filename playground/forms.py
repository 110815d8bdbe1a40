"""What people can fill in and press: finds elements in blocks, keeps values, checks what Slack's own client checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .state import Json, Unknown, Workspace

# element type -> the key of its value in state.values, and that of its initial value
SINGLE = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
}
SEVERAL = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", ""),
}
REQUIRED = {"nl": "Vul dit veld in.", "en": "Please complete this required field."}
TOO_SHORT = {"nl": "Vul minstens {} tekens in.", "en": "Please enter at least {} characters."}
TOO_LONG = {"nl": "Vul hoogstens {} tekens in.", "en": "Please enter at most {} characters."}
NOT_A = {"nl": "Dit is geen geldige waarde.", "en": "This is not a valid value."}


@dataclass(frozen=True)
class Found:
    """An element and the block in which it stands."""

    block: Json
    element: Json

    @property
    def label(self) -> str:
        """The words by which a person knows it: an input's label, a button's text, else the section's text."""
        words = self.block.get("label") or self.element.get("text") or self.element.get("placeholder")
        return str((words or self.block.get("text") or {}).get("text", ""))

    @property
    def names(self) -> list[str]:
        """All labels by which it may be pointed at."""
        placeholder = (self.element.get("placeholder") or {}).get("text", "")
        beside = "" if self.element["type"] == "button" else (self.block.get("text") or {}).get("text", "")
        names = (self.label, self.element.get("accessibility_label", ""), placeholder, beside)
        return [name for name in names if name]

    @property
    def key(self) -> str:
        """The key of its value in state.values; "" for buttons and menus, which keep none."""
        kind = self.element["type"]
        return (SINGLE.get(kind) or SEVERAL.get(kind) or ("", ""))[0]


def elements(blocks: list[Json]) -> Iterator[Found]:
    """Every interactive element in blocks, in the order in which people meet them."""
    for block in blocks:
        inside = block.get("elements", []) if block["type"] in ("actions", "context_actions") else []
        for element in [block.get("accessory"), block.get("element"), *inside]:
            if element and element["type"] != "image":
                yield Found(block, element)
        if block["type"] == "container":
            yield from elements(block.get("child_blocks", []))
        for card in (
            [block] if block["type"] == "card" else block.get("elements", []) if block["type"] == "carousel" else []
        ):
            for element in card.get("actions", []):
                yield Found(block, element)


def options(element: Json) -> list[Json]:
    """The options of a select, menu or group of boxes."""
    return [*element.get("options", []), *(o for group in element.get("option_groups", []) for o in group["options"])]


def initial(blocks: list[Json], before: Json | None = None) -> Json:
    """The values these blocks start with: what was filled in `before` under the same ids, else what they bring."""
    values: Json = {}
    for found in elements(blocks):
        kind, action = found.element["type"], found.element.get("action_id")
        if not found.key or not action:
            continue
        kept = (before or {}).get(found.block["block_id"], {}).get(action)
        if kept is None or kept["type"] != kind:
            start = found.element.get((SINGLE.get(kind) or SEVERAL[kind])[1])
            kept = {"type": kind, found.key: start if start is not None else [] if kind in SEVERAL else None}
        values.setdefault(found.block["block_id"], {})[action] = kept
    return values


def filled(workspace: Workspace, found: Found, request: Json) -> Json:
    """The state of an element after somebody chose or typed what `request` says. Raises Unknown if that cannot be."""
    kind, element = found.element["type"], found.element
    if kind in ("plain_text_input", "number_input", "email_text_input", "url_text_input"):
        return {"type": kind, "value": str(request.get("text", "")) or None}
    if kind == "rich_text_input":
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(request.get("text", ""))}]}
        return {"type": kind, "rich_text_value": {"type": "rich_text", "elements": [section]}}
    wanted = next(
        (request[k] for k in ("options", "option", "users", "user", "channels", "channel") if k in request), None
    )
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        moment = request.get("date" if kind == "datepicker" else "time" if kind == "timepicker" else "datetime", wanted)
        return {"type": kind, found.key: _moment(kind, moment)}
    several = kind in SEVERAL
    given = wanted if isinstance(wanted, list) else [] if wanted in (None, "") else [wanted]
    if "users" in kind:
        chosen: list[Any] = [workspace.person(str(each)).id for each in given]
    elif "channels" in kind or "conversations" in kind:
        chosen = [workspace.channel(str(each)).id for each in given]
    else:
        chosen = [_option(options(element), str(each)) for each in given]
    most = element.get("max_selected_items", len(chosen))
    if len(chosen) > (most if several else 1):
        raise Unknown(f"no more than {most if several else 1} can be chosen here")
    return {"type": kind, found.key: chosen if several else chosen[0] if chosen else None}


def _option(among: list[Json], wanted: str) -> Json:
    for matches in (
        [o for o in among if o["text"]["text"] == wanted],
        [o for o in among if o["text"]["text"].startswith(wanted)],
        [o for o in among if o["value"] == wanted],
    ):
        if len(matches) == 1 or (matches and matches[0]["text"]["text"] == wanted):
            return matches[0]
    raise Unknown(f"there is no option {wanted!r} among {[o['text']['text'] for o in among]}")


def _moment(kind: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    try:
        if kind == "datepicker":
            return date.fromisoformat(str(value)).isoformat()
        if kind == "timepicker":
            return datetime.strptime(str(value), "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a time of day has no zone
        return int(value)
    except ValueError:
        raise Unknown(f"{value!r} cannot be chosen in a {kind}") from None


def complaints(blocks: list[Json], values: Json, locale: str) -> dict[str, str]:
    """What Slack's own client would refuse to submit, by block_id, in the person's language."""
    language = "nl" if locale.startswith("nl") else "en"
    found: dict[str, str] = {}
    for each in elements(blocks):
        if each.block["type"] != "input" or not each.element.get("action_id"):
            continue
        value = values[each.block["block_id"]][each.element["action_id"]].get(each.key)
        if value in (None, "", []):
            if not each.block.get("optional"):
                found[each.block["block_id"]] = REQUIRED[language]
        elif wrong := _wrong(each.element, str(value), language):
            found[each.block["block_id"]] = wrong
    return found


def _wrong(element: Json, value: str, language: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return TOO_SHORT[language].format(element["min_length"])
        if len(value) > element.get("max_length", 3000):
            return TOO_LONG[language].format(element.get("max_length", 3000))
    shapes = {
        "number_input": r"-?\d+([.,]\d+)?" if element.get("is_decimal_allowed") else r"-?\d+",
        "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
        "url_text_input": r"https?://\S+",
    }
    return "" if kind not in shapes or re.fullmatch(shapes[kind], value) else NOT_A[language]


def pointed_at(among: Iterator[Found], request: Json) -> list[Found]:
    """The elements that a verb's label, action, block and value point at: by exact label, else by prefix."""
    label, action, block, value = (request.get(key) for key in ("label", "action", "block", "value"))
    fitting = [
        each
        for each in among
        if (action is None or each.element.get("action_id") == action)
        and (block is None or each.block.get("block_id") == block)
        and (value is None or each.element.get("value") == value or each.element["type"] == "overflow")
    ]
    if label is None:
        return fitting if action is not None or block is not None or value is not None else []
    exact = [each for each in fitting if label in each.names or label in menu(each)]
    if exact:
        return exact
    return [each for each in fitting if any(name.startswith(label) for name in [*each.names, *menu(each)])]


def menu(found: Found) -> list[str]:
    """The choices of an overflow menu; nothing for other elements."""
    return [o["text"]["text"] for o in found.element["options"]] if found.element["type"] == "overflow" else []
