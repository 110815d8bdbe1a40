"""Proposing a theme: the form, what it looks like already, the call in the channel, and the lists of proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.proposals import Bundle, Kind, LookAlike, Proposal, Status, Typed, shown_first
from bot.worksessions import TOPIC_LENGTH, State, WorkSession
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    header,
    option,
    person,
    plain,
    section,
)
from handlers.views.pages import size
from handlers.words import Words

MOST_SESSIONS = 90
"""Sessions to choose from in a form; a select takes 100 options."""
MOST_SHOWN = 25
"""Proposals in the call: as many as people read through. The rest is a tap away, in the Home."""
ROOM = 8500
"""Characters of the call: Slack refuses a message somewhere above 10,000."""
WHY_SHOWN = 150
ALSO_IN_CALL = 2
ALSO_LENGTH = 60
MOST_PEOPLE = 5
PAGE = 20
"""Proposals on one page of the list: two blocks each, in a form that takes 100."""
MOST_CHOSEN = 40
IN_HOME = 5


@dataclass(frozen=True)
class Alike:
    """Something that a new name looks like, with the proposal that it is, if it is one."""

    look: LookAlike
    bundle: Bundle | None = None


def propose_form(
    form_id: str, sessions: Sequence[WorkSession], typed: Typed, preset: str | None, words: Words, *, cut_off: bool
) -> View:
    """Ask for a name, in one line why, and for which session where there is something to choose."""
    name = PlainTextInputElement(
        action_id="name",
        initial_value=typed.name or None,
        max_length=INPUT_LENGTH,
        placeholder=plain(words("worksessions.topics_example"), 150),
    )
    why = PlainTextInputElement(action_id="why", initial_value=typed.why or None, max_length=INPUT_LENGTH)
    blocks: list[Block] = [
        field("name", words("proposals.name"), name, hint=words("proposals.name_hint", most=TOPIC_LENGTH)),
        field("why", words("proposals.why"), why, optional=True),
    ]
    if cut_off:
        blocks.insert(0, context(words("proposals.cut_off")))
    if len(sessions) > 1:
        options = [option(_when(each, words), each.id) for each in sessions[:MOST_SESSIONS]]
        first = next((each for each in options if each.value == preset), options[0])
        select = StaticSelectElement(action_id="session", options=options, initial_option=first)
        blocks.append(field("session", words("proposals.session"), select))
    else:
        blocks.append(context(for_which(sessions[0] if sessions else None, words)))
    return form(
        words, "proposals.propose", words("proposals.form_title"), blocks,
        submit=words("proposals.propose"), metadata={"form": form_id},
    )  # fmt: skip


def for_which(session: WorkSession | None, words: Words) -> str:
    """Say for which session a proposal is."""
    if session is None:
        return words("proposals.for_next")
    return words("proposals.for_session", title=escaped(session.title), day=words.day(session.starts_at))


def alike_form(form_id: str, typed: Typed, alike: Sequence[Alike], user: str, words: Words) -> View:
    """Show what is there already, each with a button to back it; handing the form in posts the proposal after all."""
    blocks: list[Block] = [section(words("proposals.alike_intro"))]
    for each in alike:
        known = each.look.known
        lines = [f"*{escaped(cut(known.name, TOPIC_LENGTH))}*"]
        if each.bundle is not None:
            lines += [_standing(each.bundle, words), *_also(each.bundle, words)]
        else:
            lines.append(words(f"proposals.is_{known.kind.value}"))
        backed = each.bundle is not None and user in each.bundle.backers
        if backed:
            lines.append(words("proposals.you_back"))
        value = f"{Kind.PROPOSAL}:{each.bundle.id}" if each.bundle else f"{known.kind}:{known.id}"
        blocks.append(section("\n".join(lines), _support(value, known.name, backed, words), block_id=f"alike-{value}"))
    name = PlainTextInputElement(action_id="name", initial_value=typed.name, max_length=INPUT_LENGTH)
    blocks.append(field("name", words("proposals.own_name"), name, hint=words("proposals.own_name_hint")))
    return form(
        words, "proposals.insist", words("proposals.alike_title"), blocks,
        submit=words("proposals.insist"), metadata={"form": form_id},
    )  # fmt: skip


def _support(value: str, name: str, backed: bool, words: Words) -> ButtonElement:
    label = words("proposals.take_back" if backed else "proposals.back")
    says = words("proposals.take_back_says" if backed else "proposals.back_says", name=name)
    return button(label, f"proposals.support:{'off' if backed else 'on'}", value, says=says)


def noted(bundle: Bundle, session: WorkSession | None, words: Words) -> View:
    """Say back what was proposed and for when, with a way to take it back."""
    text = words("proposals.noted", name=escaped(bundle.name))
    blocks: list[Block] = [
        section(f"{text}\n{for_which(session, words)}"),
        actions(button(words("proposals.withdraw"), "proposals.withdraw", bundle.id)),
        context(words("proposals.noted_hint")),
    ]
    return form(words, "proposals.noted", words("proposals.form_title"), blocks, submit=None)


def backed(bundle: Bundle, pressed: Proposal, changed: bool, words: Words) -> tuple[str, list[Block]]:
    """Confirm to one person that they back a proposal, with a way back. What they pressed may have been merged."""
    key = "proposals.backed" if changed else "proposals.backed_already"
    text = words(key, name=escaped(bundle.name))
    if pressed.id != bundle.id:
        text = f"{words('proposals.went_on', name=escaped(pressed.name))} {text}"
    off = button(
        words("proposals.take_back"), "proposals.take_back:own", bundle.id,
        says=words("proposals.take_back_says", name=bundle.name),
    )  # fmt: skip
    return text, [section(text), actions(off)]


def no_longer_backed(bundle: Bundle, words: Words) -> tuple[str, list[Block]]:
    """Confirm to one person that they no longer back a proposal."""
    text = words("proposals.not_backed", name=escaped(bundle.name))
    on = button(
        words("proposals.back"), "proposals.back:own", bundle.id, says=words("proposals.back_says", name=bundle.name)
    )
    return text, [section(text), actions(on)]


def call(session: WorkSession, found: Sequence[Bundle], words: Words, *, is_open: bool) -> tuple[str, list[Block]]:
    """Ask everybody in the channel for themes, and show those that are there with a button each."""
    day = words.day(session.starts_at)
    if not is_open:
        return _closed_call(session, found, words)
    text = words("proposals.call_text", day=day)
    head: list[Block] = [
        header(words("proposals.call_header", day=day)),
        section(words("proposals.call_intro", title=escaped(session.title), until=words.moment(session.starts_at))),
        actions(button(words("proposals.propose_one"), "proposals.new", session.id, green=True)),
    ]
    shown, hidden = _that_fit(found, head, words)
    if not shown:
        return text, [*head, context(words("proposals.none_yet"))]
    rest = [context(words.count("proposals.more_in_home", hidden))] if hidden else []
    return text, [*head, *(_line(each, words) for each in shown), *rest]


def _that_fit(found: Sequence[Bundle], head: Sequence[Block], words: Words) -> tuple[list[Bundle], int]:
    """The most backed proposals for which there is room; names full of `&` and `<` are longer than they look."""
    most = MOST_SHOWN
    while True:
        shown, hidden = shown_first(found, most)
        if size([*head, *(_line(each, words) for each in shown)]) <= ROOM or most == 1:
            return shown, hidden
        most = min(most, len(shown)) - 1


def _line(bundle: Bundle, words: Words) -> Block:
    lines = [f"*{escaped(bundle.name)}* · {words.count('proposals.backers', len(bundle.backers))}"]
    why = next((each.why for each in bundle.members if each.why), "")
    if why:
        lines.append(escaped(cut(why, WHY_SHOWN)))
    lines += _also(bundle, words, ALSO_IN_CALL, ALSO_LENGTH)
    return section("\n".join(lines), _back(bundle, words), block_id=bundle.id)


def _back(bundle: Bundle, words: Words) -> ButtonElement:
    return button(
        words("proposals.back"), "proposals.back", bundle.id, says=words("proposals.back_says", name=bundle.name)
    )


def _closed_call(session: WorkSession, found: Sequence[Bundle], words: Words) -> tuple[str, list[Block]]:
    """What takes the place of the call: the themes that came of it, or only that it is over."""
    day = words.day(session.starts_at)
    chosen = [each for each in found if each.status is Status.CHOSEN]
    if session.state is State.PLANNED:
        text = words("proposals.call_over", day=day)
        return text, [header(words("proposals.call_header", day=day)), section(text)]
    text = words("proposals.chosen_text", day=day)
    blocks: list[Block] = [header(words("proposals.chosen_header", day=day))]
    by_topic = {member.topic: each for each in chosen for member in each.members}
    for topic in session.topics[:MOST_CHOSEN]:
        bundle = by_topic.get(topic.id)
        lines = [f"*{escaped(topic.name)}*"]
        if bundle is not None:
            lines.append(words("proposals.proposed_by", people=people(bundle.proposers, words)))
        blocks.append(section("\n".join(lines)))
    blocks.append(context(words("proposals.chosen_rest")))
    if size(blocks) > ROOM:  # with the longest names there is no room for who proposed them
        blocks = [header(words("proposals.chosen_header", day=day)), *_names_only(session, words)]
    return text, blocks


def _names_only(session: WorkSession, words: Words) -> list[Block]:
    each = max(40, ROOM // max(1, len(session.topics)) - 10)
    lines = [f"• {escaped(cut(topic.name, each // 5))}" for topic in session.topics[:MOST_CHOSEN]]
    half = len(lines) // 2
    parts = [part for part in (lines[:half], lines[half:]) if part]
    return [*(section("\n".join(part)) for part in parts), context(words("proposals.chosen_rest"))]


def people(users: Sequence[str], words: Words, most: int = MOST_PEOPLE) -> str:
    """Mention people, the first of them by name."""
    shown = [person(user) for user in users[:most]]
    more = len(users) - len(shown)
    return words.list([*shown, words.count("selection.more", more)] if more else shown)


def _standing(bundle: Bundle, words: Words) -> str:
    """Who proposed it and how many back it, in one line."""
    proposed = words("proposals.proposed_by", people=people(bundle.proposers, words))
    return f"{proposed} · {words.count('proposals.backers', len(bundle.backers))}"


def _also(bundle: Bundle, words: Words, most: int = MOST_PEOPLE, length: int = TOPIC_LENGTH) -> list[str]:
    """The other names of a proposal in one line, the first of them written out."""
    names = [f"“{escaped(cut(name, length))}”" for name in bundle.also[:most]]
    more = len(bundle.also) - len(names)
    names += [words.count("selection.more", more)] if more else []
    return [words("proposals.also", names=words.list(names))] if names else []


def home_section(
    found: Sequence[Bundle], sessions: Mapping[str, WorkSession], user: str, words: Words, *, can_propose: bool
) -> list[Block]:
    """What people proposed, in everybody's Home: one's own first with where it stands, and a way to the rest."""
    row = [button(words("proposals.propose_one"), "proposals.new")] if can_propose else []
    if found:
        row.append(button(words("proposals.all", count=len(found)), "proposals.list"))
    if not row:
        return []
    blocks: list[Block] = [header(words("proposals.header")), actions(*row)]
    mine = [each for each in found if user in each.proposers]
    first = [*mine, *(each for each in found if each not in mine)][:IN_HOME]
    for each in first:
        blocks.append(_home_line(each, sessions, user, words))
    return blocks


def _home_line(bundle: Bundle, sessions: Mapping[str, WorkSession], user: str, words: Words) -> Block:
    lines = [f"*{escaped(bundle.name)}* · {words.count('proposals.backers', len(bundle.backers))}"]
    session = sessions.get(bundle.head.work_session or "")
    lines.append(f"{for_which(session, words)} {_state(bundle, words)}".strip())
    return section("\n".join(lines), _toggle(bundle, user, words))


def _state(bundle: Bundle, words: Words) -> str:
    known = {Status.ACCEPTED: "proposals.state_accepted", Status.LATER: "proposals.state_later"}
    return words(known[bundle.status]) if bundle.status in known else ""


def _toggle(bundle: Bundle, user: str, words: Words) -> ButtonElement:
    if user in bundle.backers:
        says = words("proposals.take_back_says", name=bundle.name)
        return button(words("proposals.take_back"), "proposals.take_back", bundle.id, says=says)
    return _back(bundle, words)


def list_view(found: Sequence[Bundle], sessions: Mapping[str, WorkSession], user: str, page: int, words: Words) -> View:
    """Every proposal, a page at a time, to back or to take back; one's own can be withdrawn."""
    pages = max(1, -(-len(found) // PAGE))
    page = max(0, min(page, pages - 1))
    blocks: list[Block] = []
    for bundle in found[page * PAGE : (page + 1) * PAGE]:
        lines = [f"*{escaped(bundle.name)}*"]
        why = next((each.why for each in bundle.members if each.why), "")
        lines += [escaped(why)] if why else []
        session = sessions.get(bundle.head.work_session or "")
        lines += [_standing(bundle, words), *_also(bundle, words)]
        lines.append(f"{for_which(session, words)} {_state(bundle, words)}".strip())
        blocks.append(section("\n".join(lines), _toggle(bundle, user, words)))
        own = [each for each in bundle.members if each.proposer == user]
        if own and bundle.status is not Status.ACCEPTED:
            says = words("proposals.withdraw_says", name=own[0].name)
            blocks.append(actions(button(words("proposals.withdraw"), "proposals.withdraw", own[0].id, says=says)))
    if not found:
        blocks.append(section(words("proposals.none_yet")))
    if pages > 1:
        blocks.append(pager("proposals.list", page, pages, words))
        blocks.append(context(words("proposals.page", now=page + 1, all=pages)))
    return form(words, "proposals.list", words("proposals.header"), blocks, submit=None, metadata={"page": str(page)})


def pager(action: str, page: int, pages: int, words: Words) -> Block:
    """The buttons to the page before and the page after, as far as there is one."""
    row = []
    if page > 0:
        row.append(button(words("proposals.previous"), f"{action}:previous", str(page - 1)))
    if page < pages - 1:
        row.append(button(words("proposals.following"), f"{action}:next", str(page + 1)))
    return actions(*row)


def _when(session: WorkSession, words: Words) -> str:
    return f"{words.day(session.starts_at)} · {session.title}"
