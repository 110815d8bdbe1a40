"""What stands beside a region's trail on its page, in one paragraph each."""

from collections.abc import Callable, Sequence

from slack_sdk.models.blocks import Block

from bot.promises import Told
from bot.trail import Entry, Kind
from handlers.views.frame import button, cut, escaped, quoted, section
from handlers.views.trail_lines import LINE
from handlers.words import Words

Draw = Callable[[Words], list[Block]]
MOST = 4


def promised(found: Sequence[Told]) -> Draw:
    """What people of the region promised, the first that is due on top."""

    def draw(words: Words) -> list[Block]:
        lines = []
        for told in found[:MOST]:
            values = {"who": escaped(told.owner_name), "what": quoted(escaped(cut(told.words, LINE)))}
            due = told.promise.due
            lines.append(
                words("trail.promise_due", **values, day=words.calendar_date(due))
                if due
                else words("trail.promise_by", **values)
            )
        return [section(_list(words.count("trail.promises_open", len(found)), lines, len(found), words))]

    return draw


def met(regions: Sequence[str]) -> Draw:
    """Whom the region got to know."""
    return lambda words: [section(words("trail.met", names=words.list(f"*{escaped(name)}*" for name in regions)))]


def from_others(found: Sequence[tuple[str, Entry]]) -> Draw:
    """What other regions ask and offer, with the button to the first."""

    def draw(words: Words) -> list[Block]:
        blocks: list[Block] = [section(words("trail.from_others"))]
        for region, entry in found[:MOST]:
            does = words("trail.offers_others" if entry.kind is Kind.OFFER else "trail.asks_others")
            what = escaped(cut(" ".join(entry.title.split()), LINE))
            look = button(words("trail.open"), "trail.entry", entry.id, says=words("trail.open_says", name=entry.title))
            blocks.append(section(words("trail.from_other", region=f"*{escaped(region)}*", does=does, what=what), look))
        return blocks

    return draw


def _list(title: str, lines: Sequence[str], number: int, words: Words) -> str:
    shown = [title, *(f"• {line}" for line in lines)]
    return "\n".join([*shown, words.count("trail.more", number - len(lines))] if number > len(lines) else shown)
