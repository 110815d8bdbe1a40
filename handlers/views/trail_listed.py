"""Entries one under the other: headings by kind, what can be done with each, and pages where there are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, OverflowMenuElement
from slack_sdk.models.blocks.block_elements import InteractiveElement

from bot.programme import Action
from bot.trail import Entry, Kind, children_of
from handlers.views.frame import actions, button, context, option, section
from handlers.views.trail_checklist import STEPS, tick
from handlers.views.trail_lines import LONG_LINE, line_of
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.places import Spot

ROOM = 36
"""Entries on one page of a window, which takes 100 blocks with everything else in it."""
WEIGHT = 3
"""An entry under which others hang takes the room of so many; a line to tick off that of two."""
RICH = frozenset(kind for kind in Kind if children_of(kind))
"""Kinds under which others hang: they are read in a window of their own, and changed in another."""
ORDERED = frozenset({Kind.PHASE, Kind.MILESTONE, Kind.PRECONDITION, Kind.CRITERION, Kind.PHASE_NAME, Kind.ROLE_NAME,
                     Kind.ASSIGNMENT, Kind.POINT, Kind.ROLE, Kind.GOAL, Kind.EXPERIENCE})  # fmt: skip
"""Kinds whose order says something: people move these up and down."""


@dataclass(frozen=True)
class Page:
    """A run of entries, and where it is: page `number` (from 0) of `of`."""

    entries: Sequence[Entry]
    number: int
    of: int


def paged(entries: Sequence[Entry], number: int) -> Page:
    """Return the page of this number, or the nearest that there is."""
    pages: list[list[Entry]] = [[]]
    room = ROOM
    for entry in entries:
        weight = WEIGHT if entry.kind in RICH and not entry.parent else 2 if entry.kind in STEPS else 1
        if weight > room:
            pages.append([])
            room = ROOM
        pages[-1].append(entry)
        room -= weight
    number = min(max(number, 0), len(pages) - 1)
    return Page(pages[number], number, len(pages))


def pager(page: Page, action: str, where: str, words: Words) -> list[Block]:
    """The buttons to the page before and after; nothing where there is one page."""
    if page.of == 1:
        return []
    row = [
        button(words(f"proposals.{key}"), f"{action}:{key}", f"{where} {at}")
        for key, at in (("previous", page.number - 1), ("following", page.number + 1))
        if 0 <= at < page.of
    ]
    return [context(words("trail.page_of", number=page.number + 1, of=page.of)), actions(*row)]


def listed(here: "Spot", entry: Entry, words: Words, most: int = LONG_LINE, lead: str = "") -> Block:
    """An entry in one line, and beside it what can be done with it by who may change it; others open it."""
    text = f"{lead}{line_of(entry, words, most)}"
    return section(text, choices(here, entry, words))


def ticked(here: "Spot", entry: Entry, words: Words, lead: str = "") -> list[Block]:
    """A line of a checklist in full, and under it the button that ticks it off beside what else can be done."""
    if not (entry.stands and here.may(Action.KEEP_TRAIL, entry)):
        return [listed(here, entry, words, lead=lead)]
    line = section(f"{lead}{line_of(entry, words, LONG_LINE)}")
    return [line, actions(tick(entry, words), choices(here, entry, words))]


def choices(here: "Spot", entry: Entry, words: Words) -> InteractiveElement:
    """A menu, which leaves the words their room on a telephone; a button where there is only one thing to do."""
    if entry.kind in ORDERED and here.may(Action.KEEP_TRAIL, entry):
        return OverflowMenuElement(
            action_id="trail.line",
            options=[option(words(f"trail.line_{verb}"), f"{verb} {entry.id}") for verb in ("open", "up", "down")],
        )
    says = words("trail.open_says", name=" ".join(entry.title.split()))
    return button(words("trail.open"), "trail.entry", entry.id, says=says)


def by_kind(entries: Sequence[Entry], kinds: Sequence[Kind]) -> Mapping[Kind, list[Entry]]:
    """Return entries by kind, in the order of the kinds; only those of which there are any."""
    found = {kind: [entry for entry in entries if entry.kind is kind] for kind in kinds}
    return {kind: mine for kind, mine in found.items() if mine}


def adding(here: "Spot", kinds: Sequence[Kind], parent: str, words: Words) -> list[ButtonElement]:
    """A button for each kind of thing that can be added here."""
    return [
        button(
            words("trail.add", kind=words(f"trail.kind_{kind.value}")), f"trail.add:{kind.value}",
            f"{here.code} {kind.value} {parent}".strip(),
            says=words("trail.add_says", kind=words(f"trail.kind_{kind.value}")),
        )
        for kind in kinds
    ]  # fmt: skip
