"""Where somebody sits and why, a place for who comes late, and changing places with somebody."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, OptionGroup, StaticSelectElement, UserSelectElement
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot.programme import Member
from bot.selection import Duty, Group, Swap, SwapState, Why, duty_of
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, escaped, field, form, option, person, plain, section
from handlers.views.selection_groups import brief_title, fitted, title
from handlers.words import Words

MOST_PARTNERS = 100
"""So many options a select takes; with more people somebody is looked up by name."""
GROUP_ROOM = 200
"""Characters for the name of a group in a question about it."""


def own_seat(
    session: WorkSession, group: Group | None, link: str | None, known: bool, words: Words
) -> tuple[str, list[Block]]:
    """Tell one person where they sit; without a group, that every group is full and who looks for a place."""
    if group is None:
        text = words("selection.no_room")
        return text, [section(text)]
    key = "selection.seat_known" if known else "selection.seat_given"
    text = words(key, group=escaped(brief_title(session, group, words)))
    return text, [section(_with_link(text, link, words))]


def late(
    session: WorkSession, value: str, group: Group | None, link: str | None, words: Words
) -> tuple[str, list[Block]]:
    """Answer who chooses after closing; `value` is the topic they wanted, or the session."""
    assert session.closes_at is not None
    closed = words.time(session.closes_at)
    if group is not None:
        where = escaped(brief_title(session, group, words))
        text = words("selection.late_seated", title=escaped(session.title), closed=closed, group=where)
        return text, [section(_with_link(text, link, words))]
    text = words("selection.late_offer", title=escaped(session.title), closed=closed)
    return text, [section(text), actions(button(words("selection.seat"), "selection.seat:late", value))]


def seated(
    session: WorkSession, group: Group | None, user: str, link: str | None, words: Words
) -> tuple[str, list[Block]]:
    """Tell somebody where they sit now, after somebody else decided it."""
    if group is None:
        text = words("selection.seat_lost", title=escaped(session.title))
        return text, [section(text), _find_place(session, words)]
    values = {"title": escaped(session.title), "group": escaped(brief_title(session, group, words))}
    text = words("selection.seated", **values)
    duty = duty_of(group, user)
    if duty is not Duty.PARTICIPANT:
        text = f"{text} {words(f'selection.seated_{duty.value}')}"
    return text, [section(_with_link(text, link, words))]


def why_here(session: WorkSession, found: Why | None, words: Words) -> tuple[str, list[Block]]:
    """Answer why somebody sits where they sit, in one line."""
    if found is None:
        text = words("selection.no_seat")
        return text, [section(text), _find_place(session, words)]
    text = words("selection.why_here", number=found.number, why=why(found, words))
    return text, [section(text)]


def why(found: Why, words: Words) -> str:
    """Say why somebody sits in their group."""
    values = {}
    if found.first:
        values["first"] = escaped(found.first)
    if found.partner:
        values["name"] = person(found.partner)
    return words(f"selection.why.{found.reason.value}", **values)


def swap_form(
    session: WorkSession,
    groups: Sequence[Group],
    partners: Mapping[str, Sequence[str]],
    members: Mapping[str, Member],
    words: Words,
) -> View:
    """Ask with whom somebody wants to change places; `partners` are those who can, by the id of their group."""
    select: InputInteractiveElement
    placeholder = plain(words("programme.people_choose"))
    if sum(len(people) for people in partners.values()) <= MOST_PARTNERS:
        offered = [
            OptionGroup(
                label=plain(title(session, group, words)),
                options=[option(members[user].name or user if user in members else user, user) for user in people],
            )
            for group in groups
            if (people := partners.get(group.id))
        ]
        select = StaticSelectElement(action_id="partner", option_groups=offered, placeholder=placeholder)
    else:
        select = UserSelectElement(action_id="partner", placeholder=placeholder)
    return form(
        words,
        "selection.swap",
        words("selection.swap_title"),
        [field("partner", words("selection.swap_who"), select, hint=words("selection.swap_hint"))],
        submit=words("selection.swap_submit"),
        metadata={"session": session.id},
    )


def swap_asked(partner: str, words: Words) -> View:
    """Say that the other was asked."""
    blocks: list[Block] = [section(words("selection.swap_asked", name=person(partner)))]
    return form(words, "frame.notice", words("selection.swap_title"), blocks, submit=None)


def swap_question(swap: Swap, session: WorkSession, groups: Sequence[Group], words: Words) -> tuple[str, list[Block]]:
    """Ask the other to change places, or say what became of it; they sit where they sat when it was asked."""
    asker = person(swap.asker)
    names = {group.id: fitted(session, group, words, GROUP_ROOM) for group in groups}
    question = words(
        "selection.swap_question",
        name=asker, title=escaped(session.title), yours=names[swap.asker_group], theirs=names[swap.partner_group],
    )  # fmt: skip
    if swap.state is SwapState.ASKED:
        return question, [
            section(question),
            actions(
                button(words("selection.swap_agree"), "selection.swap_answer:yes", swap.id, green=True),
                button(words("selection.swap_decline"), "selection.swap_answer:no", swap.id),
            ),
        ]
    after = words(f"selection.swap_then.{swap.state.value}", name=asker)
    return after, [section(f"{question}\n{after}")]


def swap_outcome(swap: Swap, number: int, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Tell the asker what became of the proposal; `number` is that of the group they wanted to go to."""
    text = words(f"selection.swap_outcome.{swap.state.value}", name=person(swap.partner), number=number)
    return text, [section(_with_link(text, link if swap.state is SwapState.DONE else None, words))]


def _find_place(session: WorkSession, words: Words) -> Block:
    return actions(button(words("selection.seat"), "selection.seat", session.id))


def _with_link(text: str, link: str | None, words: Words) -> str:
    return f"{text}\n<{link}|{words('selection.thread')}>" if link else text
