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
from handlers.views.trail_lines import LONG_LINE, called, line_of, period_of
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
    blocks: list[Block] = [block for draw in more for block in draw(words)]
    groups = by_kind(shown.entries, [*kinds, *(each.kind for each in shown.entries if each.kind not in kinds)])
    for kind, mine in groups.items():
        if len(kinds) > 1:
            number = sum(entry.kind is kind for entry in ordered)
            blocks.append(section(f"*{words(f'trail.several_{kind.value}')}* · {number}"))
        for entry in mine:
            at = ordered.index(entry) + 1
            blocks.append(_rich(here, entry, at, ordered, reading.today, words) if kind in RICH else
                          listed(here, entry, words))  # fmt: skip
    keeps = here.may(Action.KEEP_TRAIL)
    if not entries:
        known = words.knows(f"trail.empty_{wanted.value}")
        blocks.append(section(words(f"trail.empty_{wanted.value}" if keeps and known else "trail.nothing_shared")))
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


def _rich(here: "Spot", entry: Entry, at: int, all_: Sequence[Entry], today: date, words: Words) -> Block:
    look = button(words("trail.open"), "trail.entry", entry.id, says=words("trail.open_says", name=entry.title))
    name = escaped(cut(" ".join(entry.title.split()), LONG_LINE))
    if entry.kind is Kind.PHASE:
        lines = _phase(entry, name, at, all_, today, words)
    elif entry.kind is Kind.ASSIGNMENT:
        lines = _assignment(entry, name, words)
    else:
        lines = [f"*{name}*", *(f"• {line_of(child, words)}" for child in entry.children[:8])]
    return section(_fitted(lines, words), look)


def _phase(entry: Entry, name: str, at: int, all_: Sequence[Entry], today: date, words: Words) -> list[str]:
    """A phase with its dates, and what was easy, hard and concluded in it in whole sentences."""
    now = current(all_, today)
    mark = f" · {words('trail.now')}" if now and now.tense is Tense.NOW and now.phase.id == entry.id else ""
    lines = [f"*{at}. {name}*{mark}", period_of(entry, words, today) or words("trail.no_dates")]
    for aspect in ASPECTS:
        mine = [each for each in entry.under(Kind.EXPERIENCE) if each.text("aspect") == aspect]
        if mine:
            told = [f"*{words(f'trail.aspect_{aspect}')}*"]
            lines += told + [f"• {escaped(cut(' '.join(each.title.split()), LONG_LINE))}" for each in mine]
    return lines


def _assignment(entry: Entry, name: str, words: Words) -> list[str]:
    """An assignment with its working group, its attention points in full, and the rest of it in numbers."""
    lines = [f"*{name}*"]
    if entry.text("group"):
        lines.append(words("trail.by_group", group=escaped(entry.text("group"))))
    if counted := tally(entry, words):
        lines.append(f"_{counted}_")
    return lines + [f"• {line_of(child, words, LONG_LINE)}" for child in entry.under(Kind.POINT)]


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
