"""A region's page on screen, its parts, one entry, and what was proposed; at most three windows on each other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.programme import Action, Region
from bot.trail import SHEETS, Change, Entry, Kind, Part, State, Type, children_of, kinds_of
from handlers.views.frame import actions, button, context, cut, divider, escaped, form, person, section
from handlers.views.trail_forms import fields_of
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.extras import Draw
    from handlers.trail.places import Spot

PAGE = 12
MOST_REGIONS = 40
MOST_CHANGES = 10
LINE = 150
LINES = 4
"""So many entries of a part are named on the page itself."""


def regions(found: Sequence[Region], region_word: str, words: Words) -> View:
    """Every region, with the button to its page; and what is of the whole programme."""
    blocks: list[Block] = [section(words("trail.regions_intro", word=escaped(region_word)))]
    blocks.append(actions(button(words("trail.programme"), "trail.page", "programme")))
    for region in found[:MOST_REGIONS]:
        look = button(words("trail.open"), "trail.page", region.id, says=words("trail.open_says", name=region.name))
        blocks.append(section(f"*{escaped(region.name)}*", look))
    return form(words, "trail.regions", words("trail.regions"), blocks, submit=None)


def page(here: "Spot", entries: Sequence[Entry], waiting: int, more: Sequence["Draw"], words: Words) -> View:
    """Who a region is, how far it is and what it works on, on one screen; each part with the button to all of it."""
    parts = [Part.PROGRAMME] if here.region is None else [part for part in Part if part is not Part.PROGRAMME]
    blocks: list[Block] = []
    if waiting:
        look = button(words("trail.proposed_look"), "trail.proposed", here.code, green=True)
        blocks.append(section(words.count("trail.proposed_waits", waiting), look))
    blocks += [block for draw in more for block in draw(words)]
    for part in parts:
        mine = [entry for entry in entries if SHEETS[entry.kind].part is part]
        blocks += _summary(here, part, mine, words)
    return form(words, "trail.page", title(here, words), blocks, submit=None, metadata={"region": here.code})


def title(here: "Spot", words: Words) -> str:
    """The name of a window: the region's, or the programme."""
    return here.region.name if here.region else words("trail.programme")


def _summary(here: "Spot", part: Part, mine: Sequence[Entry], words: Words) -> list[Block]:
    look = button(
        words("trail.open"), f"trail.part:{part.value}", f"{here.code} {part.value}",
        says=words("trail.open_says", name=words(f"trail.part_{part.value}")),
    )  # fmt: skip
    lines = [f"• {line_of(entry, words)}" for entry in mine[:LINES]]
    if len(mine) > LINES:
        lines.append(words.count("trail.more", len(mine) - LINES))
    text = "\n".join(lines) or words("trail.nothing_yet")
    return [section(f"*{words(f'trail.part_{part.value}')}*\n{text}", look)]


def line_of(entry: Entry, words: Words) -> str:
    """An entry in one line of mrkdwn."""
    said = escaped(cut(" ".join(entry.title.split()), LINE))
    if entry.kind is Kind.FACT:
        year = f" ({escaped(entry.text('year'))})" if entry.text("year") else ""
        said = f"{said}: {escaped(entry.text('value'))}{year}"
    standing = entry.text("standing")
    return f"{said} · {words(f'trail.choice_{standing}')}" if standing else said


def part(
    here: "Spot", wanted: Part, entries: Sequence[Entry], number: int, more: Sequence["Draw"], words: Words
) -> View:
    """All of one part of a page, each entry with the button to it, and what can be added."""
    pages = max(1, -(-len(entries) // PAGE))
    number = min(max(number, 0), pages - 1)
    blocks: list[Block] = [block for draw in more for block in draw(words)]
    for entry in entries[number * PAGE : (number + 1) * PAGE]:
        blocks += _listed(entry, words)
    if not entries:
        blocks.append(section(words("trail.nothing_yet")))
    if pages > 1:
        blocks.append(_pager(here, wanted, number, pages, words))
    if here.may(Action.KEEP_TRAIL):
        blocks += [divider(), actions(*_adding(here, kinds_of(wanted), "", words))]
    metadata = {"region": here.code, "part": wanted.value}
    name = words(f"trail.part_{wanted.value}")
    return form(words, "trail.part", name, blocks, submit=None, metadata=metadata)


def _pager(here: "Spot", wanted: Part, number: int, pages: int, words: Words) -> Block:
    row = []
    for key, at, other in (("previous", number - 1, number > 0), ("following", number + 1, number < pages - 1)):
        if other:
            row.append(button(words(f"proposals.{key}"), f"trail.part:{key}", f"{here.code} {wanted.value} {at}"))
    return actions(*row)


def _listed(entry: Entry, words: Words) -> list[Block]:
    kind = words(f"trail.kind_{entry.kind.value}")
    look = button(words("trail.open"), "trail.entry", entry.id, says=words("trail.open_says", name=entry.title))
    lines = [f"*{line_of(entry, words)}*", f"_{kind}_"]
    lines += [f"• {line_of(child, words)}" for child in entry.children[:LINES]]
    if len(entry.children) > LINES:
        lines.append(words.count("trail.more", len(entry.children) - LINES))
    return [section("\n".join(lines), look)]


def _adding(here: "Spot", kinds: Sequence[Kind], parent: str, words: Words) -> list[ButtonElement]:
    return [
        button(words("trail.add", kind=words(f"trail.kind_{kind.value}")), f"trail.add:{kind.value}",
               f"{here.code} {kind.value} {parent}".strip())
        for kind in kinds
    ]  # fmt: skip


def entry(
    here: "Spot",
    found: Entry,
    below: Sequence[Entry],
    fields: Sequence[str],
    more: Sequence["Draw"],
    changes: Sequence[Change],
    names: Mapping[str, str],
    words: Words,
) -> View:
    """One entry: its words to read or to change, what hangs under it, where it was found, and how it changed."""
    keeps = here.may(Action.KEEP_TRAIL, found)
    blocks: list[Block] = [context(_about(found, words))]
    if row := _deeds(here, found, words, keeps=keeps):
        blocks.append(actions(*row))
    blocks += [block for draw in more for block in draw(words)]
    for child in below:
        look = button(words("trail.open"), "trail.entry", child.id, says=words("trail.open_says", name=child.title))
        kind = words(f"trail.kind_{child.kind.value}")
        blocks.append(section(f"_{kind}_ · {line_of(child, words)}", look))
    if keeps and (kinds := [kind for kind in children_of(found.kind) if kind is not Kind.ADOPTION]):
        blocks.append(actions(*_adding(here, kinds, found.id, words)))
    blocks += fields_of(SHEETS[found.kind], found, words) if keeps else _read(found, fields, words)
    for change in changes[-MOST_CHANGES:]:
        blocks.append(context(_changed(change, names, words)))
    metadata = {
        "region": here.code,
        "part": SHEETS[found.kind].part.value,
        "entry": found.id,
        "version": str(found.version),
        "parent": found.parent or "",
    }
    if found.parent:
        metadata["back"] = "1"
    name = words(f"trail.kind_{found.kind.value}")
    submit = words("worksessions.save") if keeps else None
    return form(words, "trail.entry", name, blocks, submit=submit, metadata=metadata)


def _deeds(here: "Spot", found: Entry, words: Words, *, keeps: bool) -> list[ButtonElement]:
    """What can be done with an entry besides changing its words."""
    row = []
    if found.parent:
        row.append(button(words("trail.back"), "trail.entry", found.parent))
    if keeps and found.state is State.PROPOSED:
        row.append(button(words("trail.keep"), "trail.keep", found.id, green=True))
    if found.state is State.KEPT and found.region and here.may(Action.APPROVE_TRAIL, found):
        row.append(button(words("trail.share"), "trail.share", found.id))
    if keeps:
        row.append(button(words("trail.drop"), "trail.drop", found.id))
    member = here.asker.member
    if found.kind is Kind.EXAMPLE and found.stands and member.region and member.region != found.region:
        row.append(button(words("trail.adopt"), "trail.adopt", found.id, green=True))
    if SHEETS[found.kind].confirmed and not found.confirmed and found.user() == member.user:
        row.append(button(words("trail.confirm"), "trail.confirm", found.id, green=True))
    return row


def _about(found: Entry, words: Words) -> str:
    said = [words(f"trail.state_{found.state.value}")]
    origin = found.origin
    if origin and origin.material:
        said.append(
            words("trail.found_in", name=escaped(cut(origin.document, LINE)), first=origin.first_line,
                  last=origin.last_line)
        )  # fmt: skip
    if found.reason and words.knows(found.reason):
        said.append(words(found.reason))
    return " · ".join(said)


def _read(found: Entry, fields: Sequence[str], words: Words) -> list[Block]:
    blocks: list[Block] = []
    sheet = SHEETS[found.kind]
    for name in fields:
        field, value = sheet.field(name), found.values.get(name)
        if field is None or value is None:
            continue
        said = person(value.user) if value.user else escaped(value.text)
        if field.type is Type.CHOICE:
            said = words(f"trail.choice_{value.text}")
        blocks.append(section(f"*{words(f'trail.field_{name}')}*\n{said}"))
    return blocks


def _changed(change: Change, names: Mapping[str, str], words: Words) -> str:
    name = words("trail.state") if change.name == "state" else words(f"trail.field_{change.name}")
    before = escaped(cut(change.before, LINE)) or "…"
    after = escaped(cut(change.after, LINE)) or "…"
    if change.name == "state":
        before, after = (words(f"trail.state_{each}") for each in (change.before, change.after))
    return words(
        "trail.changed", name=name, before=before, after=after, day=words.calendar_date(change.at),
        by=escaped(names.get(change.by, "…")),
    )  # fmt: skip


def proposed(here: "Spot", found: Sequence[Entry], words: Words) -> View:
    """What was found and waits for a yes: one by one, or all at once."""
    blocks: list[Block] = [section(words("trail.proposed_intro" if found else "trail.proposed_none"))]
    if found and here.may(Action.APPROVE_TRAIL):
        blocks.append(actions(button(words.count("trail.keep_all", len(found)), "trail.keep_all", here.code)))
    for each in found[: PAGE * 3]:
        look = button(words("trail.open"), "trail.entry", each.id, says=words("trail.open_says", name=each.title))
        kind = words(f"trail.kind_{each.kind.value}")
        blocks.append(section(f"_{kind}_ · {line_of(each, words)}\n{_about(each, words)}", look))
    if len(found) > PAGE * 3:
        blocks.append(context(words.count("trail.more", len(found) - PAGE * 3)))
    return form(words, "trail.proposed", words("trail.proposed"), blocks, submit=None, metadata={"region": here.code})
