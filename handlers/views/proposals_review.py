"""The coordinator's screens of proposals: all of them at a glance, the names and the place of one, and merging."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.proposals import Bundle, Status, accepted, in_order, short_of
from bot.trail.theming import Suggestion
from bot.worksessions import SHORT_NAME_LENGTH, WorkSession
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    divider,
    escaped,
    field,
    form,
    option,
    person,
    plain,
    section,
)
from handlers.views.proposals import pager, people
from handlers.views.trail_theming import waiting as from_agendas
from handlers.words import Words

PAGE = 12
"""Proposals on one page: three blocks each, and text that people still read through."""
MOST_OPTIONS = 100
MOST_MERGED = 40
NAMES_SHOWN = 5


def review(
    session: WorkSession | None,
    found: Sequence[Bundle],
    alike: Mapping[str, Sequence[str]],
    links: Mapping[str, str],
    page: int,
    words: Words,
    *,
    notice: str = "",
    agendas: tuple[Sequence[Suggestion], Mapping[str, str]] = ((), {}),
) -> View:
    """Every proposal with who proposed and backs it, and the buttons to decide.

    `alike` names what each looks like, `links` leads to the message that one came from; both by id. `agendas` is what
    the agendas of regions ask for, with the names of the regions.
    """
    order = in_order(found)
    taken = accepted(found)
    pages = max(1, -(-len(order) // PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Block] = [section(f"*{escaped(notice)}*")] if notice else []
    blocks.append(section(_about(session, len(order), len(taken), words)))
    ready = "worksessions.proposed" if session else "worksessions.new"
    if taken:
        value = session.id if session else ""
        blocks.append(actions(button(words("proposals.ready"), ready, value, green=True)))
    place = {each.id: number for number, each in enumerate(taken, start=1)}
    for bundle in on_page(found, page):
        blocks += [divider(), section(_told(bundle, place.get(bundle.id), alike.get(bundle.id, ()), links, words))]
        blocks.append(_decisions(bundle, place.get(bundle.id), len(taken), words))
    if pages > 1:
        blocks += [divider(), pager("proposals.review", page, pages, words)]
        blocks.append(context(words("proposals.page", now=page + 1, all=pages)))
    if ordered := from_agendas(*agendas, session.id if session else "", words):
        blocks += [divider(), *ordered]
    return form(
        words, "proposals.review", words("proposals.header"), blocks, submit=None,
        metadata={"session": session.id if session else "", "page": str(page)},
    )  # fmt: skip


def on_page(found: Sequence[Bundle], page: int) -> list[Bundle]:
    """Return the proposals on one page of the list; beyond the last page those of the last."""
    order = in_order(found)
    page = min(max(page, 0), max(0, (len(order) - 1) // PAGE))
    return order[page * PAGE : (page + 1) * PAGE]


def _about(session: WorkSession | None, number: int, taken: int, words: Words) -> str:
    title = f"*{escaped(session.title)}*\n" if session else ""
    if not number:
        return title + words("proposals.none_yet")
    told = {"count": words.count("proposals.count", number), "taken": words.count("proposals.taken", taken)}
    return title + words("proposals.review_intro", **told)


def _told(bundle: Bundle, place: int | None, alike: Sequence[str], links: Mapping[str, str], words: Words) -> str:
    number = f"{place}. " if place else ""
    lines = [f"*{number}{escaped(bundle.name)}* · {words('proposals.short', name=escaped(short_of(bundle)))}"]
    if bundle.status is Status.LATER:
        lines.append(words("proposals.state_later"))
    lines += [f"_{words('proposals.because')}_ {escaped(each.why)}" for each in bundle.members if each.why][:2]
    lines.append(words("proposals.proposed_by", people=people(bundle.proposers, words)))
    backers = words.count("proposals.backers", len(bundle.backers))
    lines.append(f"{backers}: {people(bundle.backers, words)}" if bundle.backers else backers)
    if bundle.head.original != bundle.name:
        lines.append(words("proposals.original", name=escaped(bundle.head.original)))
    if bundle.merged:
        names = [f"“{escaped(each.name)}” ({person(each.proposer)})" for each in bundle.merged[:NAMES_SHOWN]]
        more = len(bundle.merged) - len(names)
        names += [words.count("selection.more", more)] if more else []
        lines.append(words("proposals.also", names=words.list(names)))
    if alike:
        shown = [f"“{escaped(cut(name, 60))}”" for name in alike[:3]]
        lines.append(words("proposals.looks_like", names=words.list(shown)))
    for each in bundle.members:
        if each.origin is not None and each.id in links:
            at = f"<{links[each.id]}|{words('proposals.message')}>"
            lines.append(words("proposals.origin", message=at, name=person(each.origin.author)))
            break
    return "\n".join(lines)


def _decisions(bundle: Bundle, place: int | None, taken: int, words: Words) -> Block:
    value = f"{bundle.id} {bundle.head.version}"

    def decide(verb: str) -> ButtonElement:
        says = f"{words(f'proposals.{verb}')}: {bundle.name}"
        return button(words(f"proposals.{verb}"), f"proposals.decide:{verb}", value, says=says)

    if place is not None:
        row = [decide("up")] if place > 1 else []
        row += [decide("down")] if place < taken else []
        row.append(decide("reopen"))
    elif bundle.status is Status.LATER:
        row = [decide("reopen")]
    else:
        row = [decide("accept"), decide("later")]
    row += [
        button(words("proposals.merge"), "proposals.merge", value, says=f"{words('proposals.merge')}: {bundle.name}"),
        button(words("proposals.edit"), "proposals.edit", value, says=f"{words('proposals.edit')}: {bundle.name}"),
    ]
    return actions(*row)


def edit_form(bundle: Bundle, found: Sequence[Bundle], back: Mapping[str, str], words: Words) -> View:
    """Change the name, the short name and the place of one proposal; the name as it was typed is kept."""
    taken = accepted(found)
    place = next((number for number, each in enumerate(taken, start=1) if each.id == bundle.id), None)
    others = [each.head.short_name for each in found if each.id != bundle.id and each.head.short_name]
    name = PlainTextInputElement(action_id="name", initial_value=bundle.name, max_length=INPUT_LENGTH)
    short = PlainTextInputElement(action_id="short", initial_value=short_of(bundle, others), max_length=INPUT_LENGTH)
    blocks: list[Block] = [
        field("name", words("worksessions.title"), name),
        field(
            "short", words("proposals.short_label"), short,
            hint=words("proposals.short_hint", most=SHORT_NAME_LENGTH), optional=True,
        ),
    ]  # fmt: skip
    if place is not None:
        number = PlainTextInputElement(action_id="place", initial_value=str(place), max_length=INPUT_LENGTH)
        hint = words("proposals.place_hint", most=len(taken))
        blocks.append(field("place", words("proposals.place"), number, hint=hint, optional=True))
    if bundle.head.original != bundle.name:
        blocks.append(context(words("proposals.original", name=escaped(bundle.head.original))))
    return form(
        words, "proposals.edit", words("proposals.edit_title"), blocks, submit=words("worksessions.save"),
        metadata={**back, "proposal": bundle.id, "version": str(bundle.head.version)},
    )  # fmt: skip


def merge_form(
    bundle: Bundle, others: Sequence[Bundle], alike: Sequence[str], back: Mapping[str, str], words: Words
) -> View:
    """Choose in which proposal this one goes on, those that look alike first; and take earlier merges apart."""
    blocks: list[Block] = [section(words("proposals.merge_intro", name=escaped(bundle.name)))]
    order = sorted(others, key=lambda each: (each.id not in alike, -len(each.backers)))[:MOST_OPTIONS]
    if order:
        select = StaticSelectElement(
            action_id="into",
            options=[option(f"{each.name} ({len(each.backers)})", each.id) for each in order],
            placeholder=plain(words("proposals.merge_choose")),
        )
        blocks.append(field("into", words("proposals.merge_into"), select))
    else:
        blocks.append(section(words("proposals.merge_nothing")))
    if bundle.merged:
        blocks += [divider(), section(words("proposals.merged_here"))]
    for each in bundle.merged[:MOST_MERGED]:
        apart = button(
            words("proposals.apart"), "proposals.apart", f"{each.id} {bundle.head.version}",
            says=f"{words('proposals.apart')}: {each.name}",
        )  # fmt: skip
        blocks.append(section(f"“{escaped(each.name)}” · {person(each.proposer)}", apart))
    return form(
        words, "proposals.merge", words("proposals.merge_title"), blocks,
        submit=words("proposals.merge_submit") if order else None,
        metadata={**back, "proposal": bundle.id, "version": str(bundle.head.version)},
    )  # fmt: skip
