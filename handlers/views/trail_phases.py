"""Phases across regions: what others say of the same one, who passed it, and a phase that stands elsewhere in time."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.trail import Entry, read_partial
from bot.trail.phases import ASPECTS, Elsewhere
from handlers.views.frame import actions, button, context, cut, escaped, section
from handlers.views.trail_lines import LONG_LINE, period, period_of
from handlers.words import Words

MOST_REGIONS, MOST_LINES = 3, 2


@dataclass(frozen=True)
class Other:
    """Another region with what it says; `meet` is the value of the button that brings both in touch, "" for none."""

    name: str
    told: Elsewhere
    meet: str
    region: str


def others(found: Sequence[Other], words: Words) -> list[Block]:
    """What other regions found easy, hard and concluded in the same phase, those that passed it first."""
    blocks: list[Block] = [section(f"*{words('trail.phase_elsewhere')}*")]
    for other in found[:MOST_REGIONS]:
        blocks.append(section(_told(other, words)))
        if other.meet:
            says = words("introductions.connect_says", region=other.name)
            meet = button(words("introductions.connect"), f"introductions.begin:{other.region}", other.meet, says=says)
            blocks.append(actions(meet))
    if len(found) > MOST_REGIONS:
        blocks.append(context(words.count("trail.more", len(found) - MOST_REGIONS)))
    return blocks


def _told(other: Other, words: Words) -> str:
    name = f"*{escaped(other.name)}*"
    lines = [name]
    if other.told.passed and other.told.phase is not None:
        lines = [words("trail.phase_passed", region=name, when=period_of(other.told.phase, words))]
    elif other.told.phase is not None:
        lines = [words("trail.phase_there", region=name)]
    for aspect in ASPECTS:
        told = other.told.of(aspect)
        lines += [
            f"• {words(f'trail.aspect_{aspect}')}: {escaped(cut(' '.join(each.title.split()), LONG_LINE))}"
            for each in told[:MOST_LINES]
        ]
        if len(told) > MOST_LINES:
            lines.append(words.count("trail.more", len(told) - MOST_LINES))
    return "\n".join(lines)


def moved(phase: Entry, begins: str, ends: str, words: Words) -> tuple[str, list[Block]]:
    """To a region: which phase moved, from when to when."""
    before = period(read_partial(begins), read_partial(ends), words) or words("trail.no_dates")
    after = period_of(phase, words) or words("trail.no_dates")
    name = escaped(cut(phase.title, LONG_LINE))
    text = words("trail.phase_moved", name=name, before=before, after=after)
    look = button(words("trail.open"), "trail.entry", phase.id, says=words("trail.open_says", name=phase.title))
    return words("trail.phase_moved_text", name=name), [section(text), actions(look)]
