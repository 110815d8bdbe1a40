"""The form in which a coordinator says where the schools of each region have their holidays."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, StaticSelectElement
from slack_sdk.models.views import View

from bot.calendar import SCHOOL_REGIONS
from bot.programme import Region
from handlers.views.frame import cut, field, form, option, plain, section
from handlers.words import Words

UNKNOWN = "unknown"
MOST_REGIONS = 95
"""A form takes a hundred blocks."""


def holidays_form(regions: Sequence[Region], region_word: str, words: Words) -> View:
    """One choice a region: Noord, Midden, Zuid, or not known."""
    options = [
        *(option(words("followup.schools", part=part), part) for part in SCHOOL_REGIONS),
        option(words("followup.schools_unknown"), UNKNOWN),
    ]
    blocks: list[Block] = [section(words("followup.holidays_intro" if regions else "followup.holidays_none"))]
    for region in regions[:MOST_REGIONS]:
        chosen = next((found for found in options if found.value == region.holidays), options[-1])
        select = StaticSelectElement(
            action_id="holidays", options=options, initial_option=chosen, placeholder=plain(region_word)
        )
        blocks.append(field(f"holidays:{region.id}", cut(region.name, 150), select))
    title, submit = words("followup.holidays_title"), words("worksessions.save") if regions else None
    return form(words, "followup.holidays", title, blocks, submit=submit)
