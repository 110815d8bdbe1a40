"""A region's page: a stranger understands it in one screen, and every part of it is one tap away."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.programme import Action, Region
from bot.trail import SHEETS, Entry, Kind, Part, kinds_of
from bot.trail.profile import Tense, by_sector, current, day_of, figures, in_order, progress
from handlers.views.frame import actions, button, context, cut, divider, escaped, form, header, one_green, section
from handlers.views.trail_lines import LINE, Called, called, figure, going_on, line_of, period_of, said
from handlers.views.trail_lines import day as day_in
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.trail.extras import Draw
    from handlers.trail.places import Spot

MOST_REGIONS = 40
LINES = 4
"""So many entries of a part are named on the page itself."""
MANY_LINES = 12
"""So many of what is read whole: the assignments, the phases, the framework's criteria."""
COALITION = 480
"""Characters in which partners are named on the page itself; a coalition that takes more is told by its sectors."""
NAMES = 8
"""So many communities are named."""
TITLE = 24
"""Characters of a window's title; a longer name is said in full below it."""
AMBITION = 220
"""Characters of the ambition on the page itself, so that the rest is on one screen with it."""


class Place(StrEnum):
    """Where on the page stands what features add: under the phases, under the agenda, before the rest, at the end."""

    PHASES = "phases"
    AGENDA = "agenda"
    BETWEEN = "between"
    LAST = "last"


def regions(found: Sequence[Region], own: str | None, word: Called, words: Words, notice: str = "") -> View:
    """Every region with the button to its page, one's own first; and what is of the whole programme."""
    blocks: list[Block] = [section(notice)] if notice else []
    blocks.append(section(words("trail.regions_intro", many=escaped(word.many))))
    blocks.append(actions(_programme(words)))
    for region in sorted(found, key=lambda region: region.id != own)[:MOST_REGIONS]:
        mine = f" · {words('trail.your_own')}" if region.id == own else ""
        look = button(words("trail.open"), "trail.page", region.id, says=words("trail.open_says", name=region.name))
        blocks.append(section(f"*{escaped(region.name)}*{mine}", look))
    if not found:
        blocks.append(section(words("trail.no_regions", many=escaped(word.many))))
    if len(found) > MOST_REGIONS:
        blocks.append(context(words.count("trail.more", len(found) - MOST_REGIONS)))
        blocks.append(context(words("trail.by_name")))
    return form(words, "trail.regions", word.title, blocks, submit=None)


def title(here: "Spot", words: Words) -> str:
    """The name of a window: the region's, or the programme."""
    return here.region.name if here.region else words("trail.programme")


def page(
    here: "Spot",
    entries: Sequence[Entry],
    waiting: int,
    more: Mapping[Place, Sequence["Draw"]],
    today: date,
    words: Words,
) -> View:
    """Who a region is, how far it is and what it works on; then each of its parts with a count and a button."""
    word = called(here.asker.settings, words)
    blocks: list[Block] = [header(title(here, words))] if len(title(here, words)) > TITLE else []
    if waiting:
        look = button(words("trail.proposed_look"), "trail.proposed", here.code, green=True)
        blocks.append(section(words.count("trail.proposed_waits", waiting), look))
    added = {place: [block for draw in more.get(place, ()) for block in draw(words)] for place in Place}
    if here.region is None:
        blocks += [*_programme_blocks(here, entries, words), *(each for place in Place for each in added[place])]
        row = [_all_regions(word)]
    else:
        blocks += _profile(here, entries, today, words)
        blocks += [*_phases(here, entries, today, words), *added[Place.PHASES]]
        blocks += [*_agenda(here, entries, words), *added[Place.AGENDA], *added[Place.BETWEEN]]
        blocks += [*_rest(here, entries, word, today, words), *added[Place.LAST]]
        row = [_all_regions(word), _programme(words)]
    blocks.append(actions(*row))
    name = title(here, words)
    return form(words, "trail.page", name, one_green(blocks[:98]), submit=None, metadata={"region": here.code})


def _programme(words: Words) -> ButtonElement:
    return button(words("trail.programme"), "trail.page:programme", "programme")


def _all_regions(word: Called) -> ButtonElement:
    return button(word.title, "trail.regions")


def part_name(part: Part, word: Called, words: Words) -> str:
    """The name of a part of the page; "regioagenda" only where a region is called so."""
    own = part is Part.AGENDA and not word.usual
    return words("trail.agenda_elsewhere" if own else f"trail.part_{part.value}")


def _look(here: "Spot", part: Part, words: Words) -> ButtonElement:
    name = part_name(part, called(here.asker.settings, words), words)
    return button(
        words("trail.open"), f"trail.part:{part.value}", f"{here.code} {part.value}",
        says=words("trail.open_says", name=name),
    )  # fmt: skip


def _of(entries: Sequence[Entry], kind: Kind) -> list[Entry]:
    return [entry for entry in entries if entry.kind is kind]


def _lines(title: str, lines: Sequence[str], most: int, words: Words) -> str:
    shown = [*([f"*{title}*"] if title else []), *(f"• {line}" for line in lines[:most])]
    return "\n".join([*shown, words.count("trail.more", len(lines) - most)] if len(lines) > most else shown)


def _profile(here: "Spot", entries: Sequence[Entry], today: date, words: Words) -> list[Block]:
    """The ambition, the phase, the coalition by sector, contact, communities, and figures with their year."""
    blocks: list[Block] = []
    ambition = "\n".join(each.title for each in _of(entries, Kind.AMBITION))
    keeps = here.may(Action.KEEP_TRAIL)
    if ambition:
        quoted = "\n".join(f"> {line}" for line in escaped(cut(ambition, AMBITION)).splitlines())
        blocks.append(section(f"*{words('trail.kind_ambition')}*", _look(here, Part.PROFILE, words)))
        blocks.append(section(quoted))  # below the button, over the whole width of a telephone
    elif keeps:
        blocks.append(section(words("trail.no_ambition"), _look(here, Part.PROFILE, words)))
    if now := _now(_of(entries, Kind.PHASE), today, words):
        blocks.append(section(now))
    if partners := _of(entries, Kind.PARTNER):
        told = words.count("trail.coalition", len(partners))
        sectors = [_sector(name, found, words) for name, found in by_sector(partners)]
        named = _lines(told, sectors, MANY_LINES, words)
        blocks.append(section(named if len(named) <= COALITION else f"*{told}*\n{_sectors(partners, words)}"))
    small = []
    if communities := _of(entries, Kind.COMMUNITY):
        names = words.list(escaped(cut(each.title, 60)) for each in communities[:NAMES])
        small.append(words.count("trail.communities", len(communities), names=names))
    contacts = _of(entries, Kind.CONTACT)
    small += [words("trail.contact", who=_who(each, words)) for each in contacts if each.confirmed]
    if keeps and contacts and not any(each.confirmed for each in contacts):
        small.append(words("trail.contact_waits"))
    if small:
        blocks.append(section("\n".join(small)))
    if facts := _of(entries, Kind.FACT):
        told = words("trail.figures")
        rows = [
            f"{escaped(cut(name, LINE))}: {' · '.join(figure(each, words) for each in found)}"
            for name, found in figures(facts)
        ]
        blocks.append(section(_lines(told, rows, MANY_LINES, words)))
    if not blocks:
        blocks.append(section(words("trail.nothing_shared")))
    return blocks


def _who(contact: Entry, words: Words) -> str:
    name = escaped(cut(contact.title, 80))
    return f"{name} ({said(contact, 'person', words)})" if contact.user() else name


def _sector(name: str, partners: Sequence[Entry], words: Words) -> str:
    named = escaped(cut(name, 60)) or words("trail.no_sector")
    return f"{named} ({len(partners)}): {', '.join(escaped(cut(each.title, 60)) for each in partners)}"


def _sectors(partners: Sequence[Entry], words: Words) -> str:
    """Of a large coalition the sectors, with how many are of each; who they are is one tap away."""
    found = by_sector(partners)
    names = [f"{escaped(cut(name, 60)) or words('trail.no_sector')} ({len(of_it)})" for name, of_it in found]
    more = [words.count("trail.more_names", len(names) - MANY_LINES)] if len(names) > MANY_LINES else []
    return ", ".join([*names[:MANY_LINES], *more])


def _now(phases: Sequence[Entry], today: date, words: Words) -> str:
    """In which phase the region is; "" where no phase has a date."""
    found = current(phases, today)
    if found is None:
        return ""
    name = escaped(cut(found.phase.title, LINE))
    said_ = words(f"trail.phase_{found.tense.value}", number=found.number, total=found.total, name=name)
    begins = day_of(found.phase, "begins")
    if begins and found.tense is Tense.NOW:
        return f"{said_}, {words('trail.since', day=day_in(begins, words))}"
    when = period_of(found.phase, words, today)
    return f"{said_}, {when}" if when else said_


def _phases(here: "Spot", entries: Sequence[Entry], today: date, words: Words) -> list[Block]:
    """Every phase in order with its dates; the one that goes on is bold, and says so."""
    phases = _of(entries, Kind.PHASE)
    if not phases:
        return [section(words("trail.empty_phases"), _look(here, Part.PHASES, words))] if _keeps(here) else []
    now = current(phases, today)
    lines = []
    for number, phase in enumerate(phases[:MANY_LINES], start=1):
        name = escaped(cut(phase.title, 80))
        here_now = now is not None and now.phase.id == phase.id and now.tense is Tense.NOW
        when = going_on(phase, words, today) if here_now else period_of(phase, words, today)
        shown = f"*{name}*" if here_now else name
        lines.append(f"{number}. {shown} · {when or words('trail.no_dates')}")
    if len(phases) > MANY_LINES:
        lines.append(words.count("trail.more", len(phases) - MANY_LINES))
    head = f"*{words('trail.part_phases')}* · {len(phases)}"
    return [section(head, _look(here, Part.PHASES, words)), section("\n".join(lines))]


def _agenda(here: "Spot", entries: Sequence[Entry], words: Words) -> list[Block]:
    """What the region works on: every assignment with what hangs under it, counted."""
    assignments = _of(entries, Kind.ASSIGNMENT)
    word = called(here.asker.settings, words)
    if not assignments:
        return [section(words("trail.empty_agenda"), _look(here, Part.AGENDA, words))] if _keeps(here) else []
    lines = [f"{escaped(cut(each.title, LINE))}{_small(tally(each, words))}" for each in assignments]
    head = f"*{part_name(Part.AGENDA, word, words)}* · {words.count('trail.assignments', len(assignments))}"
    return [section(head, _look(here, Part.AGENDA, words)), section(_lines("", lines, MANY_LINES, words))]


def _small(text: str) -> str:
    return f"\n   _{text}_" if text else ""


def tally(assignment: Entry, words: Words) -> str:
    """An assignment in numbers: points, steps done, preconditions met, vacancies; "" where nothing hangs under it."""
    found = progress(assignment)
    told = [words.count("trail.points", found.points)] if found.points else []
    told += (
        [words("trail.steps_done", done=found.milestones[0], all=found.milestones[1])] if found.milestones[1] else []
    )
    told += (
        [words("trail.in_place", met=found.preconditions[0], all=found.preconditions[1])]
        if found.preconditions[1]
        else []
    )
    told += [words.count("trail.vacancies", found.vacancies)] if found.vacancies else []
    return " · ".join(told)


def _keeps(here: "Spot") -> bool:
    return here.may(Action.KEEP_TRAIL)


def _rest(here: "Spot", entries: Sequence[Entry], word: Called, today: date, words: Words) -> list[Block]:
    """The other parts: what is there with a count and a button; what is empty in one row, for who can fill it."""
    blocks: list[Block] = []
    empty = []
    for part in Part:
        if part in (Part.PROFILE, Part.PHASES, Part.AGENDA, Part.PROGRAMME):
            continue
        mine = in_order((entry for entry in entries if SHEETS[entry.kind].part is part), kinds_of(part))
        if not mine:
            name = part_name(part, word, words)
            go = words("trail.open_says", name=name)
            empty.append(button(name, f"trail.part:{part.value}", f"{here.code} {part.value}", says=go))
            continue
        told = f"{part_name(part, word, words)} · {len(mine)}"
        blocks.append(section(_lines(told, [line_of(each, words, today=today) for each in mine], LINES, words),
                              _look(here, part, words)))  # fmt: skip
    if empty and _keeps(here):
        blocks += [divider(), context(words("trail.empty_parts")), actions(*empty)]
    return blocks


def _programme_blocks(here: "Spot", entries: Sequence[Entry], words: Words) -> list[Block]:
    """What holds for everybody: the framework's criteria in full, and the rest by kind."""
    look = _look(here, Part.PROGRAMME, words)
    blocks: list[Block] = []
    for kind in kinds_of(Part.PROGRAMME):
        mine = _of(entries, kind)
        if not mine:
            continue
        told = f"{words(f'trail.several_{kind.value}')} · {len(mine)}"
        most = MANY_LINES if kind is Kind.CRITERION else LINES
        blocks.append(section(_lines(told, [line_of(each, words) for each in mine], most, words)))
    if not blocks:
        return [section(words("trail.empty_programme"), look if _keeps(here) else None)]
    return [section(words("trail.programme_intro"), look), *blocks]
