"""Proposing a theme: the form, what it looks like already, the confirmations, and the lists of proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.proposals import Bundle, Kind, LookAlike, Proposal, Status, Typed
from bot.worksessions import TOPIC_LENGTH, WorkSession
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
from handlers.words import Words

MOST_SESSIONS = 90
"""Sessions to choose from in a form; a select takes 100 options."""
MOST_PEOPLE = 5
PAGE = 20
"""Proposals on one page of the list: two blocks each, in a form that takes 100."""
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
            lines += [_standing(each.bundle, words), *also(each.bundle, words)]
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


def back_button(bundle: Bundle, words: Words) -> ButtonElement:
    """The button with which somebody backs a proposal; it works in any message and view."""
    return button(
        words("proposals.back"), "proposals.back", bundle.id, says=words("proposals.back_says", name=bundle.name)
    )


def people(users: Sequence[str], words: Words, most: int = MOST_PEOPLE) -> str:
    """Mention people, the first of them by name."""
    shown = [person(user) for user in users[:most]]
    more = len(users) - len(shown)
    return words.list([*shown, words.count("selection.more", more)] if more else shown)


def _standing(bundle: Bundle, words: Words) -> str:
    """Who proposed it and how many back it, in one line."""
    proposed = words("proposals.proposed_by", people=people(bundle.proposers, words))
    return f"{proposed} · {words.count('proposals.backers', len(bundle.backers))}"


def also(bundle: Bundle, words: Words, most: int = MOST_PEOPLE, length: int = TOPIC_LENGTH) -> list[str]:
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
    return back_button(bundle, words)


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
        lines += [_standing(bundle, words), *also(bundle, words)]
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
