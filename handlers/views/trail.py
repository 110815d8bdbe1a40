"""What was found in a document or an impression and waits for a yes: one by one, or all at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.programme import Action
from bot.trail import Entry
from handlers.views.frame import actions, button, context, form, section
from handlers.views.trail_entry import about
from handlers.views.trail_lines import line_of
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.places import Spot

MOST = 36


def proposed(here: "Spot", found: Sequence[Entry], words: Words) -> View:
    """What was found and waits for a yes: one by one, or all at once."""
    blocks: list[Block] = [section(words("trail.proposed_intro" if found else "trail.proposed_none"))]
    if found and here.may(Action.APPROVE_TRAIL):
        blocks.append(actions(button(words.count("trail.keep_all", len(found)), "trail.keep_all", here.code)))
    for each in found[:MOST]:
        look = button(words("trail.open"), "trail.entry", each.id, says=words("trail.open_says", name=each.title))
        kind = words(f"trail.kind_{each.kind.value}")
        blocks.append(section(f"_{kind}_ · {line_of(each, words)}\n{about(each, here, words)}", look))
    if len(found) > MOST:
        blocks.append(context(words.count("trail.more", len(found) - MOST)))
    return form(words, "trail.proposed", words("trail.proposed"), blocks, submit=None, metadata={"region": here.code})
