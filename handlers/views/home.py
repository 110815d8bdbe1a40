"""The App Home on screen: most urgent on top, and nothing that this person cannot do."""

from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.programme import Action, Member, may
from bot.selection import Choice
from bot.worksessions import State
from handlers.views import followup as followup_views
from handlers.views import proposals as proposal_views
from handlers.views.frame import actions, button, context, divider, escaped, header, section
from handlers.views.programme import name_of, region_select
from handlers.views.selection import closing, own_choice, when
from handlers.views.selection_groups import SECTION_ROOM, fitted
from handlers.views.selection_seats import why
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.home import Desk, Home, OpenChoice

MOST_BLOCKS = 95
"""A Home takes 100 blocks."""


def home(found: "Home", words: Words) -> View:
    """Everything for one person, cut off at what a Home can hold."""
    member = found.asker.member
    blocks: list[Block] = []
    if found.first_time:
        blocks += [section(words("home.welcome", name=escaped(member.name))), divider()]
    blocks += _to_do(found, words)
    if may(member, Action.MAKE_WORK_SESSION):
        blocks += [header(words("home.coordinate"))]
        blocks.append(
            actions(
                button(words("worksessions.new_title"), "worksessions.new", green=not found.desks),
                button(words("programme.people_title"), "programme.people"),
                button(words("home.refresh"), "home.refresh"),
                *_pool(found, words),
            )
        )
        if not found.desks:
            blocks.append(section(words("home.no_sessions")))
        for desk in found.desks:
            blocks += _desk(desk, words)
    elif may(member, Action.MANAGE_PEOPLE):
        blocks.append(actions(button(words("programme.people_title"), "programme.people")))
    blocks += proposal_views.home_section(
        found.proposals, found.proposed_for, member.user, words, can_propose=may(member, Action.PROPOSE_THEME)
    )
    blocks += [header(words("home.upcoming"))]
    for session, answer in found.upcoming:
        blocks += followup_views.home_line(session, answer, words)
    if not found.upcoming:
        blocks.append(section(words("home.nothing_upcoming")))
    blocks += _about(found, words)
    return View(type="home", callback_id="home", blocks=blocks[:MOST_BLOCKS])


def _to_do(found: "Home", words: Words) -> list[Block]:
    blocks: list[Block] = [_open_choice(choice, words) for choice in found.choices]
    for session, group in found.groups:
        name, day = fitted(session, group, words, SECTION_ROOM), words.day(session.starts_at)
        if group.facilitator == found.asker.member.user:
            text = words("home.share", group=name, day=day)
            says = words("impressions.share_says", group=group.number)
            blocks.append(section(text, button(words("impressions.share"), "impressions.share", group.id, says=says)))
        else:
            text = words("home.seat", group=name, day=day)
            if session.id in found.why:
                text = f"{text}\n{why(found.why[session.id], words)}"
            swap = button(words("selection.swap"), "selection.swap", session.id)
            blocks.append(section(text, swap if session.id in found.may_swap else None))
    return [header(words("home.yours")), *blocks] if blocks else []


def _open_choice(choice: "OpenChoice", words: Words) -> Block:
    """What somebody chose so far, or that they can, with the way to the message."""
    session = choice.session
    if choice.pick is None:
        said = words("home.choose", closes=when(session, words))
    else:
        said, _ = own_choice(session, Choice(choice.pick, changed=True), words)
    link = f"\n<{choice.link}|{words('selection.to_card')}>" if choice.link else ""
    return section(f"*{escaped(session.title)}*\n{said}{link}")


def _pool(found: "Home", words: Words) -> list[ButtonElement]:
    """The proposals for "the next session", as long as no session has a date."""
    waiting = [each for each in found.proposals if each.head.work_session is None]
    if not waiting or any(desk.open_for_proposals for desk in found.desks):
        return []
    return [button(words("proposals.review", count=len(waiting)), "proposals.review")]


def _desk(desk: "Desk", words: Words) -> list[Block]:
    session = desk.session
    name = f"*{escaped(session.title)}*\n{words.period(session.starts_at, session.ends_at)}"
    if session.state is State.PLANNED:
        row = [button(words("home.add_topics"), "worksessions.topics", session.id)]
        if desk.proposed or desk.asked:
            row.insert(0, button(words("proposals.review", count=desk.proposed), "proposals.review", session.id))
        if desk.open_for_proposals and not desk.asked:
            row.append(button(words("proposals.ask"), "proposals.ask", session.id))
        return [section(name), actions(*row)]
    if session.state is State.CLOSING:
        return [section(f"{name}\n{words('home.making')}")]
    if session.state is State.CHOOSING:
        return [
            section(f"{name}\n{words.count('home.chosen', desk.chosen)} · {closing(session, words)}"),
            actions(
                button(words("selection.outlook.open"), "selection.outlook", session.id, green=True),
                button(words("worksessions.appoint"), "worksessions.appoint", session.id),
                button(words("home.close"), "selection.close", session.id),
            ),
        ]
    handed_in = sum(1 for group in desk.board if not group.missing)
    lines = words("home.handed_in", day=words.day(session.starts_at), now=handed_in, all=len(desk.board))
    blocks: list[Block] = [section(f"{name}\n{lines}")]
    for group in desk.board:
        if group.missing:
            text = words("home.missing", group=escaped(group.title))
            remind = button(
                words("home.remind"),
                "harvest.remind",
                group.group_id,
                says=words("home.remind_says", group=group.number),
            )
            blocks.append(section(text, remind if group.facilitator else None))
    if desk.leaderless:
        numbers = words.list([str(group.number) for group in desk.leaderless])
        text = words.count("home.leaderless", len(desk.leaderless), groups=numbers)
        blocks.append(section(text, button(words("home.lead"), "selection.lead", desk.leaderless[0].id)))
    if desk.waiting:
        blocks.append(context(words.count("home.waiting", desk.waiting)))
    row = [button(words("home.move"), "selection.move", session.id)]
    row += [button(words("themes.drift"), "themes.drift", session.id)] if desk.board else []
    if desk.article == "published":
        row.insert(0, button(words("home.next_date"), "followup.choose", session.id))
        blocks.append(context(words("home.published")))
    elif desk.board:
        row.insert(0, button(words("home.draft"), "harvest.draft", session.id, green=handed_in == len(desk.board)))
    blocks.append(actions(*row))
    return blocks


def _about(found: "Home", words: Words) -> list[Block]:
    if not found.regions:
        return []
    region = next((known for known in found.regions if known.id == found.asker.member.region), None)
    word = escaped(found.asker.settings.region_word)
    text = words("home.region", word=word, region=name_of(region)) if region else words("home.no_region", word=word)
    return [
        divider(),
        section(text, region_select(found.regions, words, region.id if region else None), block_id="region"),
    ]


def help_(member: Member, words: Words) -> tuple[str, list[Block]]:
    """What Oogst does, and what this person can start from here."""
    text = words("home.help")
    blocks: list[Block] = [section(text), context(words("home.help_threads"))]
    if may(member, Action.MAKE_WORK_SESSION):
        blocks.append(actions(button(words("worksessions.new_title"), "worksessions.new")))
    return text, blocks
