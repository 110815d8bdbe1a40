"""What waits for a yes, on screen: by document, with the lines where it was found, and the lines nobody understood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, Option, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.models.views import View

from bot.encoding import shown
from bot.problem import Problem
from bot.programme import Action, Region
from bot.trail import Entry
from bot.trail.importing import Unread
from handlers.views.frame import actions, button, context, cut, escaped, field, form, option, plain, section
from handlers.views.trail_lines import Called, line_of, lines_of
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.places import Spot
    from storage.trail.importing import Paper

Draw = Callable[[Words], list[Block]]
PAGE = 30
"""Entries on one page: with the headings of thirty documents between them there is room in a window of 100 blocks."""
MOST_REGIONS = 98
"""Choices in one list: Slack takes 100, and there are two for a region that is not there yet."""
LONGEST_NAME = 60
PROGRAMME = "programme"
NEW, OTHER = "new", "other"
"""In the choice of a region: the one that the document names, and one that somebody names; neither is there yet."""
MOST_PAPERS = 9
MOST_UNREAD = 40
LINE = 150


@dataclass(frozen=True)
class Bundle:
    """One document with what was found in it; `material` is "" for what came out of impressions.

    Where it waits for a region: those there are, and the name that the document itself gives; `new` where that one
    is not there yet. `waits` is how much of it is of a region.
    """

    material: str
    entries: Sequence[Entry]
    regions: tuple[Region, ...] = ()
    named: str = ""
    new: bool = False
    waits: int = 0

    @property
    def ready(self) -> int:
        """How much of it can be kept now: all, unless nobody knows of which region it is."""
        return len(self.entries) - (0 if self.named else self.waits)


@dataclass(frozen=True)
class Done:
    """What somebody just did here.

    They kept so much, these documents still wait for their region, and these regions are new; or so much was brought
    to a region.
    """

    kept: int = 0
    left: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    region: Region | None = None
    moved: int = 0


@dataclass(frozen=True)
class Shown:
    """A window of what was found: its documents, the page from 0, what lies below it, and what was just done.

    `elsewhere` is how much still waits with the programme, for who may look there.
    """

    bundles: Sequence[Bundle]
    number: int = 0
    below: str = ""
    done: Done | None = None
    elsewhere: int = 0


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


def waits(count: int, code: str, region: str, words: Words) -> list[Block]:
    """The line on somebody's Home; `region` is "" for what waits with the programme."""
    told = words.count("trail.found_waits", count, name=escaped(region))
    if not region:
        told = words.count("trail.found_waits_programme", count)
    look = button(words("trail.found_look"), "trail.proposed", code, says=words("trail.proposed_look"), green=True)
    return [section(told, look)]


def proposed(here: "Spot", seen: Shown, words: Words) -> View:
    """What was found and waits for a yes: one by one, a document at once, or everything at once."""
    bundles = seen.bundles
    total, ready = sum(len(bundle.entries) for bundle in bundles), sum(bundle.ready for bundle in bundles)
    blocks: list[Block] = [section(each) for each in _done(seen.done, words)] if seen.done else []
    blocks.append(section(words("trail.proposed_intro" if total else "trail.proposed_none")))
    approves = here.may(Action.APPROVE_TRAIL)
    row: list[InteractiveElement] = []
    if ready and approves:
        row.append(button(words.count("trail.keep_all", ready), "trail.keep_all", here.code))
    if seen.elsewhere:
        row.append(button(words.count("trail.found_elsewhere", seen.elsewhere), "trail.proposed", PROGRAMME))
    if row:
        blocks.append(actions(*row))
    pages = max(1, -(-total // PAGE))
    number = min(max(seen.number, 0), pages - 1)
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
    metadata = {"region": here.code, "page": str(number), "below": seen.below}
    return form(words, "trail.proposed", words("trail.proposed"), blocks, submit=None, metadata=metadata)


def _done(done: Done, words: Words) -> list[str]:
    """What was just done, and what it did not do."""
    if done.region:
        return [f"*{words.count('trail.found_moved', done.moved, name=escaped(done.region.name))}*"]
    told = [f"*{words.count('trail.found_kept', done.kept)}*" if done.kept else f"*{words('trail.found_kept_none')}*"]
    if done.made:
        told.append(words("trail.found_made", names=escaped(words.list(done.made))))
    if done.left:
        named = words.list([f"“{cut(' '.join(shown(each).split()), LINE)}”" for each in done.left[:MOST_PAPERS]])
        told.append(words.count("trail.found_left", len(done.left), names=escaped(named)))
    return ["\n".join(told)]


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
    if approves and bundle.ready:
        label = words.count("trail.keep_document", bundle.ready)
        keep = button(label, "trail.keep_all:document", f"{here.code} {bundle.material}")
    blocks: list[Block] = [section(whole, keep)]
    row: list[InteractiveElement] = []
    if bundle.waits:
        named = words("trail.region_named", name=escaped(bundle.named)) if bundle.named else words("trail.region_ask")
        blocks.append(context(named))
        row.append(_regions(bundle, words))
    row.append(button(words("trail.unread_look"), "trail.unread", f"{here.code} {bundle.material}"))
    blocks.append(actions(*row))
    return blocks


def _regions(bundle: Bundle, words: Words) -> StaticSelectElement:
    new = [option(words("trail.region_new", name=bundle.named), f"{NEW} {bundle.material}")] if bundle.new else []
    return _choice(new, bundle.regions, bundle.material, words)


def _choice(first: Sequence[Option], regions: Sequence[Region], what: str, words: Words) -> StaticSelectElement:
    """The regions there are, and one that is not there yet."""
    options = [*first, *(option(region.name, f"{region.id} {what}") for region in regions[:MOST_REGIONS])]
    options.append(option(words("trail.region_other"), f"{OTHER} {what}"))
    chosen = plain(words("trail.region_choose"))
    return StaticSelectElement(action_id="trail.region_of", options=options, placeholder=chosen)


def region_of_one(entry: Entry, regions: Sequence[Region], words: Words) -> list[Block]:
    """On one thing that was found: of which region it is, where the rest of its document may be of another one."""
    return [context(words("trail.region_of_one")), actions(_choice((), regions, entry.id, words))]


def other_region(what: str, name: str, single: bool, below: str, word: Called, words: Words) -> View:
    """The form with the name of a region that is not there yet, for a document or for one thing in it."""
    about = escaped(cut(" ".join(shown(name).split()), LINE))
    typed = PlainTextInputElement(action_id="name", max_length=LONGEST_NAME)
    back = ("trail.entry", what) if single else ("trail.proposed", PROGRAMME)
    blocks = [
        section(words("trail.region_other_intro", name=about, many=escaped(word.many))),
        actions(button(words("trail.back"), *back)),
        field("name", words("trail.region_name"), typed, hint=words("trail.region_hint")),
    ]
    metadata = {"what": what, "below": below}
    title = words("trail.region_new_title")
    return form(words, "trail.region_other", title, blocks, submit=words("trail.region_make"), metadata=metadata)


def wrong_name(name: str) -> list[Problem]:
    """Return what there is to repair in the name of a region."""
    return [] if any(sign.isalpha() for sign in name) else [Problem("name", "trail.problem.empty")]


def _found(entry: Entry, words: Words, *, below: bool) -> Block:
    """One of them: what it is, its words, and the lines where it stands."""
    look = button(words("trail.open"), "trail.entry", entry.id, says=words("trail.open_says", name=entry.title))
    kind = words(f"trail.kind_{entry.kind.value}")
    mark = "↳ " if below else ""
    origin = entry.origin
    lines = ""
    if origin and origin.material:
        lines = f" · {lines_of(origin.first_line, origin.last_line, words)}"
    why = f" · {words(entry.reason)}" if entry.reason and words.knows(entry.reason) else ""
    return section(f"{mark}_{kind}_{lines}{why}\n{line_of(entry, words)}", look)


def unread(here: "Spot", title: str, found: Sequence[Unread], words: Words) -> View:
    """The lines of a document that no sheet took."""
    key = "trail.unread_intro" if found else "trail.unread_none"
    blocks: list[Block] = [section(words(key, name=escaped(cut(shown(title), LINE))))]
    for each in found[:MOST_UNREAD]:
        blocks.append(section(f"_{lines_of(each.line, each.line, words)}_\n{escaped(cut(shown(each.text), 600))}"))
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
