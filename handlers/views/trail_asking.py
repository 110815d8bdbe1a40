"""What another region gives that may help, beside the question that somebody looks at."""

from collections.abc import Callable, Mapping, Sequence

from slack_sdk.models.blocks import Block

from bot.trail.matching import Match
from handlers.views.frame import actions, button, context, cut, escaped, section
from handlers.words import Words

Draw = Callable[[Words], list[Block]]


def beside(found: Sequence[Match], names: Mapping[str, str], meet: Mapping[str, str], words: Words) -> list[Block]:
    """Each with why, and the buttons to read it and to meet; `meet` has the values of those, by id."""
    blocks: list[Block] = []
    for each in found:
        region = names.get(each.gives.region or "", "…")
        title = escaped(cut(" ".join(each.gives.title.split()), 300))
        blocks.append(section(words(f"trail.matching.{each.gives.kind.value}", region=escaped(region), title=title)))
        blocks.append(context(words("trail.matching.why", words=escaped(words.list(each.shared)))))
        row = [button(words("trail.open"), f"trail.entry:{each.gives.id}", each.gives.id)]
        if each.gives.id in meet:
            says = words("introductions.connect_says", region=region)
            action = f"introductions.begin:{each.gives.id}"
            row.append(button(words("introductions.connect"), action, meet[each.gives.id], says=says))
        blocks.append(actions(*row))
    return blocks
