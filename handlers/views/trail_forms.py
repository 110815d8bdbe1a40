"""The form of an entry: one field for each line of its sheet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.blocks.block_elements import UserSelectElement
from slack_sdk.models.views import View

from bot.trail import Entry, Field, Kind, Sheet, Type
from handlers.views.frame import INPUT_LENGTH, context, field, form, option, plain
from handlers.views.trail_aims import FIELD
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.places import Spot

NAMED = "named"
"""The field in which somebody chooses one of the programme's own names."""
MOST_NAMES = 100


def fields_of(sheet: Sheet, filled: Entry | None, words: Words) -> list[Block]:
    """The fields of a sheet, filled with what an entry holds."""
    return [_listening(sheet, _field(sheet, each, filled, words)) for each in sheet.fields if not each.answered]


def _field(sheet: Sheet, each: Field, filled: Entry | None, words: Words) -> InputBlock:
    hint = f"trail.hint_{sheet.kind.value}_{each.name}"
    return field(
        each.name,
        words(label_of(sheet, each)),
        _element(each, filled, words),
        hint=words(hint) if words.knows(hint) else "",
        optional=not each.required,
    )


def _listening(sheet: Sheet, block: InputBlock) -> InputBlock:
    """What is aimed at is looked at while somebody writes it, so that a caution can speak up."""
    if sheet.kind is Kind.INDICATOR and block.block_id == FIELD and isinstance(block.element, PlainTextInputElement):
        block.dispatch_action = True
        block.element.action_id = "trail.aimed"
        block.element.dispatch_action_config = DispatchActionConfig(trigger_actions_on=["on_character_entered"])
    return block


def label_of(sheet: Sheet, each: Field) -> str:
    """Return the key of a field's name: a sheet can have its own word for it."""
    own = {"title": f"trail.title_{sheet.kind.value}"}
    if sheet.kind is Kind.OBSTACLE:
        own["due"] = "trail.field_answer_by"
    if sheet.kind is Kind.DECLARATION:
        own["what"] = "trail.field_declared"
    return own.get(each.name, f"trail.field_{each.name}")


def _element(each: Field, filled: Entry | None, words: Words) -> InputInteractiveElement:
    value = filled.values.get(each.name) if filled else None
    if each.type is Type.PERSON:
        return UserSelectElement(action_id=each.name, initial_user=value.user or None if value else None)
    if each.type is Type.CHOICE:
        options = [option(words(f"trail.choice_{choice}"), choice) for choice in each.choices]
        chosen = next((one for one in options if value and one.value == value.text), options[0])
        return StaticSelectElement(action_id=each.name, options=options, initial_option=chosen)
    return PlainTextInputElement(
        action_id=each.name,
        initial_value=value.text or None if value else None,
        multiline=each.type is Type.TEXT or None,
        max_length=INPUT_LENGTH,
        placeholder=plain(words("trail.day_example")) if each.type is Type.DAY else None,
    )


def new(
    here: "Spot", sheet: Sheet, parent: str, words: Words, *, names: Mapping[str, str] | None = None, below: str = ""
) -> View:
    """The form of an entry that is not there yet.

    `names` are the programme's own for what this is, by id; who chooses one need not type. `below` lies under this
    window.
    """
    blocks: list[Block] = []
    if words.knows(f"trail.intro_{sheet.kind.value}"):
        blocks.append(context(words(f"trail.intro_{sheet.kind.value}")))
    fields = fields_of(sheet, None, words)
    if names:
        known = [option(name, key) for key, name in list(names.items())[:MOST_NAMES]]
        choice = StaticSelectElement(action_id=NAMED, options=known, placeholder=plain(words("trail.choose_name")))
        blocks.append(field(NAMED, words("trail.named"), choice, optional=True))
        own = PlainTextInputElement(action_id="title", max_length=INPUT_LENGTH)
        fields[0] = field("title", words("trail.other_name"), own, hint=words("trail.other_name_hint"), optional=True)
    metadata = {"region": here.code, "part": sheet.part.value, "kind": sheet.kind.value, "parent": parent}
    metadata |= {"back": parent, "below": below}
    name = words(f"trail.kind_{sheet.kind.value}")
    view = form(words, "trail.new", name, [*blocks, *fields], submit=words("worksessions.save"), metadata=metadata)
    view.notify_on_close = True  # the windows below show then what is true by now
    return view
