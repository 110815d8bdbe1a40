"""One entry: a page to read, or the form to change it, with what hangs under it and how it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject
from slack_sdk.models.views import View

from bot.programme import Action
from bot.trail import SHEETS, Change, Entry, Kind, State, Type, children_of
from bot.trail.partial import read_partial
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, cut, divider, escaped, form, one_green, plain, section
from handlers.views.pages import paragraphs
from handlers.views.trail_checklist import STEPS
from handlers.views.trail_follow_ups import soon
from handlers.views.trail_forms import fields_of, label_of
from handlers.views.trail_lines import DAYS, LINE, called, day, lines_of, period_of, said
from handlers.views.trail_listed import ORDERED, RICH, adding, by_kind, listed, paged, pager, ticked
from handlers.views.trail_page import tally
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.extras import Draw
    from handlers.trail.places import Spot

MOST_CHANGES = 5
ASPECTS = ("easy", "hard", "conclusion")
LEADS = ("goal", "challenge", "needs", "background")
"""What says in one text what an assignment is for; the first that is short enough."""
LEAD = 360
"""Characters of it: ten lines on a telephone."""


@dataclass(frozen=True)
class Opened:
    """An entry as somebody opened it.

    `below` hangs under it and may be read; `fields` may be read too. `place` is its place among those of its kind,
    from 1, and how many there are. `form` asks for the form where otherwise the entry would be read. `names` is how
    many of the programme's own role names it does not have yet. `under` is what lies below this window, `soon` the next
    session of an assignment.
    """

    entry: Entry
    below: Sequence[Entry]
    fields: Sequence[str]
    changes: Sequence[Change]
    people: Mapping[str, str]
    today: date
    place: tuple[int, int] = (1, 1)
    number: int = 0
    form: bool = False
    names: int = 0
    under: str = ""
    more: Sequence["Draw"] = field(default=())
    soon: WorkSession | None = None


def entry(here: "Spot", found: Opened, words: Words) -> View:
    """One entry: what hangs under it is read first; an entry by itself is a form at once for who may change it."""
    one = found.entry
    keeps = here.may(Action.KEEP_TRAIL, one)
    if keeps and (found.form or one.kind not in RICH):
        blocks, submit = _form(here, found, words), words("worksessions.save")
    else:
        blocks, submit = _page(here, found, words, keeps=keeps), None
    metadata = {
        "region": here.code,
        "part": SHEETS[one.kind].part.value,
        "entry": one.id,
        "version": str(one.version),
        "parent": one.parent or "",
        "back": one.id if submit and one.kind in RICH else one.parent or "",
        "below": found.under,
    }
    blocks = one_green(blocks, seen=submit is not None)
    view = form(words, "trail.entry", words(f"trail.kind_{one.kind.value}"), blocks, submit=submit, metadata=metadata)
    view.notify_on_close = True  # the windows below show then what is true by now
    return view


def _form(here: "Spot", found: Opened, words: Words) -> list[Block]:
    """What can be done with it, its fields filled, and how it changed."""
    one = found.entry
    blocks: list[Block] = [context(about(one, here, words, found.place))]
    row = [button(words("trail.back"), "trail.entry", one.id)] if found.form else _deeds(here, found, words)
    if row:
        blocks.append(actions(*row))
    if not found.form:
        blocks += [block for draw in found.more for block in draw(words)]
    blocks += fields_of(SHEETS[one.kind], one, words)
    return [*blocks, *_history(found, words)]


def _page(here: "Spot", found: Opened, words: Words, *, keeps: bool) -> list[Block]:
    """What it says and what hangs under it; then what features know of it, and what can be done."""
    one = found.entry
    blocks: list[Block] = list(paragraphs(f"*{escaped(one.title)}*")) if one.title else []
    when = period_of(one, words, found.today) if one.kind is Kind.PHASE else ""
    counted = tally(one, words) if one.kind is Kind.ASSIGNMENT else ""
    told = [when, counted, soon(found.soon, words) if found.soon else "", about(one, here, words, found.place)]
    blocks.append(context("\n".join(filter(None, told))))
    if one.state is State.PROPOSED and keeps:
        blocks.append(actions(button(words("trail.keep"), "trail.keep", one.id, green=True)))
    first, last = _told_first(found)
    blocks += [*_read(found, first, words), *_children(here, found, words)]
    blocks += [block for draw in found.more for block in draw(words)]
    kinds = [kind for kind in children_of(one.kind) if kind is not Kind.ADOPTION] if keeps else []
    if kinds:
        row = adding(here, kinds, one.id, words)
        if found.names:
            row.append(button(words.count("trail.take_roles", found.names), "trail.take_names", one.id))
        blocks += [divider(), actions(*row)]
    if deeds := _deeds(here, found, words):
        blocks.append(actions(*deeds))
    if texts := _read(found, last, words):
        blocks += [divider(), *texts]
    return [*blocks, *_history(found, words)]


def _told_first(found: Opened) -> tuple[Sequence[str], Sequence[str]]:
    """The fields that are read before what hangs under it, and those after that.

    Of an assignment that is one short text: how far it is must stand on the first screen of a telephone.
    """
    one, names = found.entry, [name for name in found.fields if name != "title"]
    if one.kind is not Kind.ASSIGNMENT or not found.below:
        return names, ()
    lead = next((name for name in LEADS if name in names and 0 < len(one.text(name)) <= LEAD), "")
    first = [name for name in names if name in ("group", lead)]
    return first, [name for name in names if name not in first]


def _children(here: "Spot", found: Opened, words: Words) -> list[Block]:
    """What hangs under it, by kind in the order of the sheets; experiences by what they were."""
    # who uses an example stands with it by name, see `trail_examples`
    kinds = [kind for kind in children_of(found.entry.kind) if found.entry.kind is not Kind.EXAMPLE]
    ordered = [child for kind in kinds for child in found.below if child.kind is kind]
    if not ordered:
        known = words.knows(f"trail.empty_{found.entry.kind.value}")
        keeps = here.may(Action.KEEP_TRAIL, found.entry)
        return [section(words(f"trail.empty_{found.entry.kind.value}"))] if known and keeps else []
    if found.entry.kind is Kind.PHASE:
        ordered.sort(key=lambda child: ASPECTS.index(child.text("aspect") or "easy"))
    shown = paged(ordered, found.number)
    blocks: list[Block] = []
    for kind, mine in by_kind(shown.entries, kinds).items():
        if kind is Kind.EXPERIENCE:
            for aspect in ASPECTS:
                of_it = [child for child in mine if (child.text("aspect") or "easy") == aspect]
                blocks += [section(f"*{words(f'trail.aspect_{aspect}')}*")] if of_it else []
                blocks += [_experience(here, child, words) for child in of_it]
            continue
        number = sum(child.kind is kind for child in ordered)
        blocks.append(section(f"*{words(f'trail.several_{kind.value}')}* · {number}"))
        numbered = kind is Kind.MILESTONE
        for child in mine:
            lead = f"{found.below.index(child) + 1 - _before(found.below, kind)}. " if numbered else ""
            shows = ticked(here, child, words, lead) if kind in STEPS else [listed(here, child, words, lead=lead)]
            blocks += shows
    return [*blocks, *pager(shown, "trail.entry", found.entry.id, words)]


def _before(below: Sequence[Entry], kind: Kind) -> int:
    """How many stand before the first of this kind."""
    return next((at for at, child in enumerate(below) if child.kind is kind), 0)


def _experience(here: "Spot", child: Entry, words: Words) -> Block:
    from handlers.views.trail_listed import choices

    return section(f"• {escaped(cut(' '.join(child.title.split()), 600))}", choices(here, child, words))


def _deeds(here: "Spot", found: Opened, words: Words) -> list[ButtonElement]:
    """What can be done with an entry besides changing its words."""
    one, member = found.entry, here.asker.member
    keeps = here.may(Action.KEEP_TRAIL, one)
    name = " ".join(one.title.split())
    row = []
    if one.parent:
        row.append(button(words("trail.back"), "trail.entry", one.parent))
    if keeps and one.kind in RICH:
        row.append(button(words("trail.edit"), "trail.edit", one.id, says=words("trail.edit_says", name=name)))
    elif keeps and one.state is State.PROPOSED:
        row.append(button(words("trail.keep"), "trail.keep", one.id, green=True))
    if keeps and one.kind in ORDERED and one.state is not State.PROPOSED:
        at, last = found.place
        for verb, fits in (("up", at > 1), ("down", at < last)):
            if fits:
                says = words(f"trail.{verb}_says", name=name)
                row.append(button(words(f"trail.line_{verb}"), f"trail.line:{verb}", f"{verb} {one.id}", says=says))
    if one.state is State.KEPT and one.region and here.may(Action.APPROVE_TRAIL, one):
        many = called(here.asker.settings, words).many
        row.append(button(words("trail.share", many=many), "trail.share", one.id))
    if keeps:
        row.append(_drop(one, name, words))
    used = {child.region for child in one.under(Kind.ADOPTION)}
    if one.kind is Kind.EXAMPLE and one.stands and member.region and member.region not in (one.region, *used):
        row.append(button(words("trail.adopt"), "trail.adopt", one.id, green=True))
    if SHEETS[one.kind].confirmed and not one.confirmed and one.user() == member.user:
        row.append(button(words("trail.confirm"), "trail.confirm", one.id, green=True))
    return row


def _drop(one: Entry, name: str, words: Words) -> ButtonElement:
    """Setting aside asks once more: from then on nobody sees it."""
    found = button(words("trail.drop"), "trail.drop", one.id, says=words("trail.drop_says", name=name))
    found.confirm = ConfirmObject(
        title=plain(words("trail.drop_sure"), 100),
        text=plain(words("trail.drop_sure_says", name=cut(name, 120)), 300),
        confirm=plain(words("trail.drop"), 30),
        deny=plain(words("trail.drop_not"), 30),
    )
    return found


def about(one: Entry, here: "Spot", words: Words, place: tuple[int, int] = (1, 1)) -> str:
    """How far an entry is, its place among those of its kind, and where it was found."""
    many = called(here.asker.settings, words).many
    everybodys = one.region is None and one.stands  # what is of the programme everybody reads
    told = [words("trail.state_shared", many=many) if one.state is State.SHARED or everybodys else
            words(f"trail.state_{one.state.value}")]  # fmt: skip
    if here.region and here.asker.member.region != here.region.id:
        told.insert(0, escaped(here.region.name))  # who comes from elsewhere sees whose it is
    if one.kind in ORDERED and place[1] > 1:
        told.append(words("trail.place_of", kind=words(f"trail.kind_{one.kind.value}"), at=place[0], of=place[1]))
    origin = one.origin
    if origin and origin.material:
        told.append(
            words("trail.found_at", name=escaped(cut(origin.document, LINE)),
                  lines=lines_of(origin.first_line, origin.last_line, words))
        )  # fmt: skip
    if one.reason and words.knows(one.reason):
        told.append(words(one.reason))
    return " · ".join(told)


def _read(found: Opened, names: Sequence[str], words: Words) -> list[Block]:
    """Those of these fields that are filled, each under its name; what the heading says already is left out."""
    one, blocks, short = found.entry, [], []
    sheet = SHEETS[one.kind]
    dates = ("begins", "ends") if one.kind is Kind.PHASE else ()
    for name in names:
        each = sheet.field(name)
        if each is None or name == "title" or name in dates or not (told := said(one, name, words)):
            continue
        label = words(label_of(sheet, each))
        if each.type is Type.TEXT:
            blocks += paragraphs(f"*{label}*\n{told}")
        else:
            # "Werkgroep: Werkgroep Kapstok" would say it twice
            named = told.casefold().startswith(label.casefold())
            short.append(f"*{told}*" if named else f"*{label}{'' if label.endswith('?') else ':'}* {told}")
    return [*([section("\n".join(short))] if short else []), *blocks]


def _history(found: Opened, words: Words) -> list[Block]:
    """How it changed, the newest last."""
    told = [_changed(found.entry, change, found.people, words) for change in found.changes[-MOST_CHANGES:]]
    if len(found.changes) > MOST_CHANGES:
        told.insert(0, words.count("trail.earlier_changes", len(found.changes) - MOST_CHANGES))
    return [context(each) for each in told]


def _changed(one: Entry, change: Change, people: Mapping[str, str], words: Words) -> str:
    when, by = words.calendar_date(change.at), escaped(people.get(change.by, "…"))
    before, after = escaped(cut(change.before, LINE)) or "…", escaped(cut(change.after, LINE)) or "…"
    if change.name == "position":
        return words("trail.changed_place", day=when, by=by, before=before, after=after)
    if change.name == "state":
        name = words("trail.state")
        before, after = (words(f"trail.was_{each}") for each in (change.before, change.after))
    elif change.name == "confirmed":
        return words("trail.changed_confirmed", day=when, by=by)
    elif change.name == "region":
        return words("trail.changed_region" if change.by else "trail.changed_region_read", day=when, by=by, name=after)
    else:
        sheet = SHEETS[one.kind]
        known = sheet.field(change.name)
        name = words(label_of(sheet, known)) if known else change.name
        before, after = _as_said(change.name, change.before, before, words), _as_said(
            change.name, change.after, after, words
        )  # fmt: skip
    return words("trail.changed", name=name, before=before, after=after, day=when, by=by)


def _as_said(name: str, raw: str, otherwise: str, words: Words) -> str:
    """A date or a choice as people read it; anything else as it was written."""
    if name in DAYS and (found := read_partial(raw)):
        return day(found, words)
    return words(f"trail.choice_{raw}") if words.knows(f"trail.choice_{raw}") else otherwise
