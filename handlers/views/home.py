"""The App Home on screen: what waits first, at most one green button, and nothing that this person cannot do."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.article import days_left
from bot.programme import Action, Member, may
from bot.selection import Choice, Group
from bot.worksessions import WorkSession
from handlers.views import followup as followup_views
from handlers.views import nudges as nudge_views
from handlers.views import personal as personal_views
from handlers.views import proposals as proposal_views
from handlers.views import theme_harvest as theme_harvest_views
from handlers.views.frame import actions, button, context, divider, escaped, header, one_green, section
from handlers.views.home_desk import desk as desk_blocks
from handlers.views.programme import name_of, region_select
from handlers.views.selection import own_choice, when
from handlers.views.selection_groups import SECTION_ROOM, fitted
from handlers.views.selection_seats import why
from handlers.views.trail_lines import called
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.home import Home, OpenChoice

MOST_BLOCKS = 95
"""A Home takes 100 blocks."""
ROOM_WAITING = 26
ROOM_DESKS = 40
ROOM_COMING = 12
ROOM_QUOTES = 6
"""Blocks for each part; what does not fit is counted in a line below it."""
MOST_PAST = 3
"""So many groups of sessions that are over are shown, the newest ones."""


def home(found: "Home", words: Words) -> View:
    """Everything for one person, each part cut off with a count where a Home cannot hold it."""
    member = found.asker.member
    blocks: list[Block] = []
    if found.first_time:
        blocks += [section(words("home.welcome", name=escaped(member.name))), divider()]
    blocks += _waiting(found, words)
    if found.quiet and member.quiet_until is not None:
        blocks.append(nudge_views.home_line(member.quiet_until, words))
    if may(member, Action.MAKE_WORK_SESSION):
        blocks += _desks(found, words)
    elif may(member, Action.MANAGE_PEOPLE):
        blocks.append(actions(button(words("programme.people_title"), "programme.people")))
    blocks += _coming(found, words)
    blocks += _ways(found, words)
    blocks += _past(found, words)
    if found.quotes:
        parts = [draw(words) for draw in found.quotes]
        blocks += [header(words("home.quotes")), *within(parts, ROOM_QUOTES, "home.more_quotes", words)]
    blocks += proposal_views.home_section(
        found.proposals, found.proposed_for, member.user, words, can_propose=may(member, Action.PROPOSE_THEME)
    )
    blocks += [block for draw in found.digests for block in draw(words)]
    blocks += _about(found, words)
    kept = personal_views.home_lines(found.model, words)
    return View(type="home", callback_id="home", blocks=one_green([*blocks[:MOST_BLOCKS], *kept]))


def within(parts: Sequence[Sequence[Block]], room: int, key: str, words: Words) -> list[Block]:
    """Return as many parts as fit, whole, and a line that counts the others."""
    blocks: list[Block] = []
    for number, part in enumerate(parts):
        if len(blocks) + len(part) > room:
            return [*blocks, context(words.count(key, len(parts) - number))]
        blocks += part
    return blocks


def _waiting(found: "Home", words: Words) -> list[Block]:
    if not found.waiting:
        missing = any(desk.board and desk.board.gaps for desk in found.desks)
        return [section(words("home.nothing_waits_but" if missing else "home.nothing_waits"))]
    parts = [each.draw(words) for each in found.waiting]
    return [header(words("home.waits")), *within(parts, ROOM_WAITING, "home.more_waits", words)]


def _desks(found: "Home", words: Words) -> list[Block]:
    row = [
        button(words("worksessions.new_title"), "worksessions.new", green=not found.desks),
        button(words("programme.people_title"), "programme.people"),
        button(words("home.refresh"), "home.refresh"),
        *_pool(found, words),
    ]
    parts = [*(draw(words) for draw in found.dates), *(desk_blocks(each, words) for each in found.desks)]
    # What goes on comes before what could be begun: on a telephone the buttons alone fill half the screen.
    return [
        header(words("home.coordinate")),
        *(within(parts, ROOM_DESKS, "home.more_sessions", words) or [section(words("home.no_sessions"))]),
        actions(*row),
        actions(
            button(words("followup.ask_dates"), "followup.poll", says=words("followup.ask_dates_says")),
            button(words("followup.series_title"), "followup.series"),
            button(words("followup.holidays_title"), "followup.holidays"),
            button(words("themes.list"), "themes.list"),
        ),
    ]


def _pool(found: "Home", words: Words) -> list[ButtonElement]:
    """The proposals for "the next session", as long as no session has a date."""
    waiting = [each for each in found.proposals if each.head.work_session is None]
    if not waiting or any(desk.open_for_proposals for desk in found.desks):
        return []
    return [button(words("proposals.review", count=len(waiting)), "proposals.review")]


def _coming(found: "Home", words: Words) -> list[Block]:
    """What this person takes part in, or is invited to and answered: their seats, their choices, the next dates."""
    ahead = [
        (session, group)
        for session, group in found.groups
        if session.id in found.why and not _owes(found, session, group)
    ]
    parts: list[list[Block]] = [[_seat(found, session, group, words)] for session, group in reversed(ahead)]
    parts += [open_choice(choice, words) for choice in found.choices]
    parts += [followup_views.home_line(session, answer, words) for session, answer in found.upcoming]
    parts += [each.draw(words) for each in found.ahead]
    blocks: list[Block] = [header(words("home.upcoming"))]
    if not parts:
        return [*blocks, section(words("home.nothing_upcoming"))]
    return [*blocks, *within(parts, ROOM_COMING, "home.more_sessions", words)]


def _ways(found: "Home", words: Words) -> list[Block]:
    """The way to one's own page, to those of the others, and to what was harvested; below what somebody has to do."""
    member = found.asker.member
    if not may(member, Action.SEE_PUBLISHED):
        return []
    many = button(called(found.asker.settings, words).title, "trail.regions", says=words("trail.regions_says"))
    own = button(words("trail.own_page"), "trail.page", member.region or "", says=words("trail.own_page_says"))
    row = [*([own] if member.region else []), many, theme_harvest_views.home_button(words)]
    return [header(words("trail.home_pages")), actions(*row)]


def _owes(found: "Home", session: WorkSession, group: Group) -> bool:
    """Whether it stands under what waits already: a group that this person leads and that misses its impression."""
    leads = group.facilitator == found.asker.member.user
    return leads and session.id in found.begun and group.id not in found.handed_in


def _seat(found: "Home", session: WorkSession, group: Group, words: Words) -> Block:
    leads = group.facilitator == found.asker.member.user
    name, day = fitted(session, group, words, SECTION_ROOM), words.day(session.starts_at)
    text = words("home.leads" if leads else "home.seat", group=name, day=day)
    if leads:
        return section(text, _share(group, words) if session.id in found.begun else None)
    text = f"{text}\n{why(found.why[session.id], words)}"
    swap = button(words("selection.swap"), "selection.swap", session.id)
    return section(text, swap if session.id in found.may_swap else None)


def _past(found: "Home", words: Words) -> list[Block]:
    """The groups of sessions that are over, of who can tell more about them."""
    me = found.asker.member.user
    over = [(session, group) for session, group in found.groups if session.id not in found.why]
    blocks: list[Block] = []
    for session, group in over[:MOST_PAST]:
        name, day = fitted(session, group, words, SECTION_ROOM), words.day(session.starts_at)
        if me in (group.facilitator, group.note_taker) and group.id in found.handed_in:
            blocks.append(section(words("home.handed_in_own", group=name, day=day), _share(group, words)))
        elif me not in (group.facilitator, group.note_taker):
            blocks.append(section(words("home.sat", group=name, day=day)))
    return [header(words("home.groups")), *blocks] if blocks else []


def _share(group: Group, words: Words) -> ButtonElement:
    says = words("impressions.share_says", group=group.number)
    return button(words("impressions.share"), "impressions.share", group.id, says=says)


def open_choice(choice: "OpenChoice", words: Words) -> list[Block]:
    """What somebody chose so far, or that they can, with the way to the message."""
    session = choice.session
    if choice.pick is None:
        said = words("home.choose", closes=when(session, words))
    else:
        said, _ = own_choice(session, Choice(choice.pick, changed=True), words)
    link = f"\n<{choice.link}|{words('selection.to_card')}>" if choice.link else ""
    return [section(f"*{escaped(session.title)}*\n{said}{link}")]


def invitation(session: WorkSession, words: Words) -> list[Block]:
    """Somebody did not say yet whether they come."""
    return followup_views.home_line(session, None, words)


def draft(session: WorkSession, now: datetime, words: Words) -> list[Block]:
    """A draft that only waits for its coordinator, with the days until it had best be out."""
    look = button(words("home.draft"), "harvest.draft", session.id, green=True)
    held, today = (moment.astimezone(words.zone).date() for moment in (session.starts_at, now))
    left = days_left(held, today)
    clock = words.count("home.draft_days", left) if left > 0 else words.count("home.draft_late", (today - held).days)
    return [section(f"{words('home.draft_waits', day=words.day(session.starts_at))} {clock}", look)]


def _about(found: "Home", words: Words) -> list[Block]:
    if not found.regions:
        return []
    region = next((known for known in found.regions if known.id == found.asker.member.region), None)
    text = words("home.region", region=name_of(region)) if region else words("home.no_region")
    return [
        divider(),
        section(text, region_select(found.regions, words, region.id if region else None), block_id="region"),
    ]


def help_(member: Member, words: Words) -> tuple[str, list[Block]]:
    """What Oogst does, and what this person can start from here."""
    text = words("home.help")
    said = f"{text}\n{words('memory.help')}\n{words('home.help_direct')}"
    blocks: list[Block] = [section(said), context(words("home.help_threads"))]
    if may(member, Action.MAKE_WORK_SESSION):
        blocks.append(actions(button(words("worksessions.new_title"), "worksessions.new")))
    return text, blocks
