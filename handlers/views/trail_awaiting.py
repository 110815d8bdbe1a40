"""What of the trail waits for somebody, on their Home: each in one line that says what, with the way to it."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.trail import Entry
from handlers.views.frame import button, cut, escaped, section
from handlers.words import Words

LINE = 160


def second_yes(waiting: Sequence[Entry], words: Words) -> list[Block]:
    """Which examples wait for another yes of the region; after that everybody reads them."""
    first = waiting[0]
    text = words.count("trail.awaiting_second", len(waiting))
    return [section(f"{text}\n>{_short(first)}", _look("trail.entry:second", first, words))]


def rules(key: str, waiting: Sequence[Entry], names: Mapping[str, str], words: Words) -> list[Block]:
    """How many rules wait, and the one that waits longest, with its region where who reads has more than one."""
    first = waiting[0]
    place = f" · {escaped(names[first.region])}" if first.region and first.region in names else ""
    text = f"{words.count(key, len(waiting))}\n>{_short(first)}{place}"
    return [section(text, _look(f"trail.entry:{key.rpartition('_')[2]}", first, words))]


def _look(action: str, entry: Entry, words: Words) -> ButtonElement:
    """The way there; who listens hears of which entry."""
    return button(words("trail.open"), action, entry.id, says=words("trail.open_says", name=entry.title))


def _short(entry: Entry) -> str:
    return escaped(cut(" ".join(entry.title.split()), LINE))
