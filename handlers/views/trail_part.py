"""A part of a region's page: everything in it, in an order in which it can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.programme import Action
from bot.trail import Entry, Kind, Part, kinds_of
from bot.trail.profile import Tense, current, in_order
from handlers.views.frame import actions, button, cut, divider, escaped, form, one_green, section
from handlers.views.trail_lines import LONG_LINE, called, going_on, line_of, period_of
from handlers.views.trail_listed import RICH, adding, by_kind, listed, paged, pager
from handlers.views.trail_page import part_name, tally
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.extras import Draw
    from handlers.trail.places import Spot

ROOM_TEXT = 2800
"""Characters of what hangs under one entry in a list; its own window has all of it."""
ASPECTS = ("easy", "hard", "conclusion")


@dataclass(frozen=True)
class Reading:
    """What a part is drawn from besides its entries: the page of it, today, what may be taken over, what lies below."""

    number: int
    today: date
    names: int = 0
    below: str = ""


def part(
    here: "Spot", wanted: Part, entries: Sequence[Entry], more: Sequence["Draw"], reading: Reading, words: Words
) -> View:
    """All of one part of a page, by kind and in order, each entry with the button to it, and what can be added."""
    kinds = kinds_of(wanted)
    ordered = in_order(entries, kinds)
    shown = paged(ordered, reading.number)
    blocks: list[Block] = []
    groups = by_kind(shown.entries, [*kinds, *(each.kind for each in shown.entries if each.kind not in kinds)])
    for kind, mine in groups.items():
        if len(kinds) > 1:
            number = sum(entry.kind is kind for entry in ordered)
            blocks.append(section(f"*{words(f'trail.several_{kind.value}')}* · {number}"))
        for entry in mine:
            at = ordered.index(entry) + 1
            if kind in RICH:
                blocks += _rich(entry, at, ordered, reading.today, words)
            else:
                blocks.append(listed(here, entry, words))
    keeps = here.may(Action.KEEP_TRAIL)
    if not entries:
        known = words.knows(f"trail.empty_{wanted.value}")
        blocks.append(section(words(f"trail.empty_{wanted.value}" if keeps and known else "trail.nothing_shared")))
    blocks += [block for draw in more for block in draw(words)]
    blocks += pager(shown, "trail.part", f"{here.code} {wanted.value}", words)
    if keeps:
        row = adding(here, kinds, "", words)
        if reading.names:
            take = words.count("trail.take_phases", reading.names)
            row.append(button(take, "trail.take_names", f"{here.code} phase_name", green=not entries))
        blocks += [divider(), actions(*row)]
    metadata = {"region": here.code, "part": wanted.value, "page": str(shown.number), "below": reading.below}
    name = part_name(wanted, called(here.asker.settings, words), words)
    return form(words, "trail.part", name, one_green(blocks), submit=None, metadata=metadata)


def _rich(entry: Entry, at: int, all_: Sequence[Entry], today: date, words: Words) -> list[Block]:
    """The name with the button beside it, and below that, over the whole width, what hangs under it."""
    look = button(words("trail.open"), "trail.entry", entry.id, says=words("trail.open_says", name=entry.title))
    name = escaped(cut(" ".join(entry.title.split()), LONG_LINE))
    if entry.kind is Kind.PHASE:
        now = current(all_, today)
        here_now = now is not None and now.tense is Tense.NOW and now.phase.id == entry.id
        when = going_on(entry, words, today) if here_now else period_of(entry, words, today)
        head = [f"*{at}. {name}*", when or words("trail.no_dates")]
        lines = _experiences(entry, words)
    elif entry.kind is Kind.ASSIGNMENT:
        counted = tally(entry, words)
        head = [f"*{name}*", escaped(entry.text("group")), f"_{counted}_" if counted else ""]
        lines = [f"• {line_of(child, words, LONG_LINE)}" for child in entry.under(Kind.POINT)]
    else:
        rest = line_of(entry, words, LONG_LINE, today)
        head = [f"*{name}*", rest.removeprefix(name).removeprefix(" · ") if rest.startswith(name) else rest]
        lines = [f"• {line_of(child, words)}" for child in entry.children]
    blocks: list[Block] = [section("\n".join(filter(None, head)), look)]
    return [*blocks, section(_fitted(lines, words))] if lines else blocks


def _experiences(phase: Entry, words: Words) -> list[str]:
    """What was easy, hard and concluded in a phase, in whole sentences."""
    lines = []
    for aspect in ASPECTS:
        mine = [each for each in phase.under(Kind.EXPERIENCE) if (each.text("aspect") or "easy") == aspect]
        told = [escaped(cut(" ".join(each.title.split()), LONG_LINE)) for each in mine]
        if len(told) == 1:
            lines.append(f"*{words(f'trail.aspect_{aspect}')}:* {told[0]}")
        elif told:
            lines += [f"*{words(f'trail.aspect_{aspect}')}:*", *(f"• {each}" for each in told)]
    return lines


def _fitted(lines: Sequence[str], words: Words) -> str:
    """As many lines as one paragraph holds, and a count of the others."""
    room, kept = ROOM_TEXT, 0
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept += 1
    shown = list(lines[:kept])
    return "\n".join([*shown, words.count("trail.more", len(lines) - kept)] if kept < len(lines) else shown)
