"""What waits for a yes, on screen: by document, with the lines where it was found, and the lines nobody understood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, StaticSelectElement
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.models.views import View

from bot.encoding import shown
from bot.programme import Action, Region
from bot.trail import Entry
from bot.trail.importing import Unread
from handlers.views.frame import actions, button, context, cut, escaped, form, option, plain, section
from handlers.views.trail_lines import line_of
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.places import Spot
    from storage.trail.importing import Paper

Draw = Callable[[Words], list[Block]]
PAGE = 30
"""Entries on one page: with the headings of thirty documents between them there is room in a window of 100 blocks."""
MOST_REGIONS = 98
"""Choices in one list: Slack takes 100, and there is one for a region that is not there yet."""
MOST_PAPERS = 9
MOST_UNREAD = 40
LINE = 150


@dataclass(frozen=True)
class Bundle:
    """One document with what was found in it; `material` is "" for what came out of impressions.

    Where it `waits` for a region: those there are, and the name that the document itself gives; `new` where that one
    is not there yet.
    """

    material: str
    entries: Sequence[Entry]
    regions: tuple[Region, ...] = ()
    named: str = ""
    new: bool = False
    waits: bool = False


def by_document(found: Sequence[Entry]) -> Mapping[str, list[Entry]]:
    """Return what was found by document, in the order of its lines; what hangs under something comes right after it."""
    bundles: dict[str, list[Entry]] = {}
    places = {entry.id: entry.origin for entry in found}

    def order(entry: Entry) -> tuple[str, str, int, int, bool, int, str]:
        origin = entry.origin
        above = places.get(entry.parent or "") or origin
        lines = (above.first_line, above.start) if above else (0, 0)
        top = entry.parent if entry.parent in places else entry.id
        own = origin.first_line if origin else 0
        material = origin.material if origin else ""
        return material, origin.document if origin else "", *lines, str(top) != entry.id, own, entry.id

    for entry in sorted(found, key=order):
        bundles.setdefault(entry.origin.material if entry.origin else "", []).append(entry)
    return bundles


def proposed(here: "Spot", bundles: Sequence[Bundle], number: int, below: str, words: Words) -> View:
    """What was found and waits for a yes: one by one, a document at once, or everything at once."""
    total = sum(len(bundle.entries) for bundle in bundles)
    blocks: list[Block] = [section(words("trail.proposed_intro" if total else "trail.proposed_none"))]
    approves = here.may(Action.APPROVE_TRAIL)
    if total and approves:
        blocks.append(actions(button(words.count("trail.keep_all", total), "trail.keep_all", here.code)))
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 0), pages - 1)
    at = 0
    for bundle in bundles:
        first, last = max(number * PAGE - at, 0), min((number + 1) * PAGE - at, len(bundle.entries))
        at += len(bundle.entries)
        if first < last:
            blocks += _heading(here, bundle, words, approves=approves and len(bundles) > 1)
            inside = {entry.id for entry in bundle.entries}
            blocks += [_found(entry, words, below=entry.parent in inside) for entry in bundle.entries[first:last]]
    if pages > 1:
        blocks.append(context(words("trail.proposed_page", number=number + 1, pages=pages)))
        blocks.append(_pager(here, number, pages, words))
    metadata = {"region": here.code, "page": str(number), "below": below}
    return form(words, "trail.proposed", words("trail.proposed"), blocks, submit=None, metadata=metadata)


def _pager(here: "Spot", number: int, pages: int, words: Words) -> Block:
    row: list[InteractiveElement] = []
    for key, at, other in (("previous", number - 1, number > 0), ("following", number + 1, number < pages - 1)):
        if other:
            row.append(button(words(f"proposals.{key}"), f"trail.proposed:{key}", f"{here.code} {at}"))
    return actions(*row)


def _heading(here: "Spot", bundle: Bundle, words: Words, *, approves: bool) -> list[Block]:
    """A document by its name, what can be done with all of it, and of which region it is where nobody said so yet."""
    count = len(bundle.entries)
    if not bundle.material:
        return [section(f"*{words('trail.proposed_heard')}*")]
    origin = bundle.entries[0].origin
    name = escaped(cut(shown(origin.document if origin else ""), LINE))
    whole = words.count("trail.proposed_document", count, name=name)
    keep: ButtonElement | None = None
    if approves:
        keep = button(
            words.count("trail.keep_document", count), "trail.keep_all:document", f"{here.code} {bundle.material}"
        )
    blocks: list[Block] = [section(whole, keep)]
    row: list[InteractiveElement] = []
    if bundle.waits:
        named = words("trail.region_named", name=escaped(bundle.named)) if bundle.named else words("trail.region_ask")
        blocks.append(context(named))
        row.append(_regions(bundle, words))
    row.append(button(words("trail.unread_look"), "trail.unread", f"{here.code} {bundle.material}"))
    blocks.append(actions(*row))
    return blocks


def _regions(bundle: Bundle, words: Words) -> InteractiveElement:
    options = [option(region.name, f"{region.id} {bundle.material}") for region in bundle.regions[:MOST_REGIONS]]
    if bundle.new:
        options.append(option(words("trail.region_new", name=bundle.named), f"new {bundle.material}"))
    if not options:
        return button(words("trail.regions"), "trail.regions")
    return StaticSelectElement(
        action_id="trail.region_of", options=options, placeholder=plain(words("trail.region_choose"))
    )


def _found(entry: Entry, words: Words, *, below: bool) -> Block:
    """One of them: what it is, its words, and the lines where it stands."""
    look = button(words("trail.open"), "trail.entry", entry.id, says=words("trail.open_says", name=entry.title))
    kind = words(f"trail.kind_{entry.kind.value}")
    mark = "↳ " if below else ""
    origin = entry.origin
    lines = ""
    if origin and origin.material:
        lines = f" · {_lines(origin.first_line, origin.last_line, words)}"
    why = f" · {words(entry.reason)}" if entry.reason and words.knows(entry.reason) else ""
    return section(f"{mark}_{kind}_{lines}{why}\n{line_of(entry, words)}", look)


def _lines(first: int, last: int, words: Words) -> str:
    return words("trail.line", first=first) if first == last else words("trail.lines", first=first, last=last)


def unread(here: "Spot", title: str, found: Sequence[Unread], words: Words) -> View:
    """The lines of a document that no sheet took."""
    key = "trail.unread_intro" if found else "trail.unread_none"
    blocks: list[Block] = [section(words(key, name=escaped(cut(shown(title), LINE))))]
    for each in found[:MOST_UNREAD]:
        blocks.append(section(f"_{_lines(each.line, each.line, words)}_\n{escaped(cut(shown(each.text), 600))}"))
    if len(found) > MOST_UNREAD:
        blocks.append(context(words.count("trail.more", len(found) - MOST_UNREAD)))
    return form(words, "trail.unread", words("trail.unread"), blocks, submit=None, metadata={"region": here.code})


def papers(here: "Spot", found: "Sequence[Paper]", words: Words) -> list[Block]:
    """The documents that were read for this place, each with the button to what was not understood."""
    blocks: list[Block] = [context(words("trail.papers"))]
    for each in found:
        look = button(words("trail.unread_look"), "trail.unread", f"{here.code} {each.id}")
        blocks.append(section(escaped(cut(shown(each.title), LINE)), look))
    return blocks
