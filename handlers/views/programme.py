"""Regions and people on screen."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, CheckboxesElement, Option, StaticSelectElement, UserMultiSelectElement
from slack_sdk.models.views import View

from bot.programme import GRANTED, Region, Role
from handlers.views.frame import actions, button, escaped, field, form, option, plain, section
from handlers.words import Words

MOST_BUTTONS = 24
"""A row of buttons takes 25; one is kept for "mine is not here"."""
MOST_OPTIONS = 100


def name_of(region: Region | None) -> str:
    """A region's name, made harmless."""
    return escaped(region.name) if region else ""


def region_question(regions: Sequence[Region], words: Words) -> list[Block]:
    """Ask once to which region somebody belongs: one tap for up to 24 regions, a list above that."""
    question = section(words("programme.region_question"))
    if len(regions) <= MOST_BUTTONS:
        buttons = [button(region.name, f"programme.region:{region.id}", region.id) for region in regions]
        return [question, actions(*buttons, button(words("programme.region_none"), "programme.region:none", "none"))]
    return [question, actions(region_select(regions, words))]


def region_select(regions: Sequence[Region], words: Words, chosen: str | None = None) -> StaticSelectElement:
    """A list of regions to choose from."""
    options = region_options(regions)
    first = next((found for found in options if found.value == chosen), None)
    return StaticSelectElement(
        action_id="programme.region",
        placeholder=plain(words("programme.region_choose")),
        options=options,
        initial_option=first,
    )


def region_options(regions: Sequence[Region]) -> list[Option]:
    """Regions as lines of a choice; a list takes a hundred."""
    return [option(region.name, region.id) for region in regions[:MOST_OPTIONS]]


def people_form(regions: Sequence[Region], words: Words) -> View:
    """The form with which a coordinator adds people."""
    people = UserMultiSelectElement(action_id="people", placeholder=plain(words("programme.people_choose")))
    roles = [option(words(f"programme.role.{role.value}"), role.value) for role in GRANTED]
    chosen = [found for found in roles if found.value == Role.PARTICIPANT]
    blocks: list[Block] = [field("people", words("programme.people_who"), people)]
    if regions:
        select = StaticSelectElement(
            action_id="region", placeholder=plain(words("programme.region_choose")), options=region_options(regions)
        )
        blocks.append(field("region", words("programme.people_region"), select, optional=True))
    checkboxes = CheckboxesElement(action_id="roles", options=roles, initial_options=chosen)
    blocks.append(field("roles", words("programme.people_roles"), checkboxes))
    return form(
        words, "programme.people", words("programme.people_title"), blocks, submit=words("programme.people_save")
    )
