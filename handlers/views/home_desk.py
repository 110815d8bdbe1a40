"""One session on the coordinator's Home: where it stands, what groups miss, and what can be done now."""

from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement

from bot.worksessions import State
from handlers.views import followup_moving as moving_views
from handlers.views import prompting as prompting_views
from handlers.views.frame import actions, button, context, escaped, section
from handlers.views.selection import closing
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.home import Desk


def desk(found: "Desk", words: Words) -> list[Block]:
    """The session with its buttons; once it began, each thing that a group misses with a button to remind."""
    session = found.session
    name = f"*{escaped(session.title)}*\n{words.period(session.starts_at, session.ends_at)}"
    if session.state is State.PLANNED:
        return [section(name), _planned(found, words), *_missing(found, words)]
    if session.state is State.CLOSING:
        return [section(f"{name}\n{words('home.making')}")]
    if session.state is State.CHOOSING:
        return [
            section(f"{name}\n{words.count('home.chosen', found.chosen)} · {closing(session, words)}"),
            actions(
                button(words("selection.outlook.open"), "selection.outlook", session.id, green=True),
                button(words("worksessions.appoint"), "worksessions.appoint", session.id),
                button(words("home.close"), "selection.close", session.id),
                *_dates(found, words),
            ),
        ]
    return _grouped(found, name, words)


def _planned(found: "Desk", words: Words) -> Block:
    session = found.session
    row = [button(words("home.add_topics"), "worksessions.topics", session.id)]
    if found.proposed or found.asked:
        row.insert(0, button(words("proposals.review", count=found.proposed), "proposals.review", session.id))
    if found.open_for_proposals and not found.asked:
        row.append(button(words("proposals.ask"), "proposals.ask", session.id))
    return actions(*row, *_dates(found, words))


def _dates(found: "Desk", words: Words) -> list[ButtonElement]:
    """Another date, or none, for as long as it did not begin; practising concerns nobody else."""
    return [] if found.begun or found.session.is_practice else moving_views.desk_buttons(found.session, words)


def _grouped(found: "Desk", name: str, words: Words) -> list[Block]:
    session = found.session
    if found.begun:
        day = words.day(session.starts_at)
        standing = words("home.handed_in", day=day, now=found.handed_in, all=found.groups)
    else:
        standing = words.count("home.groups_ready", found.groups)
    blocks: list[Block] = [section(f"{name}\n{standing}"), *_missing(found, words)]
    if found.leaderless:
        numbers = words.list([str(group.number) for group in found.leaderless])
        text = words.count("home.leaderless", len(found.leaderless), groups=numbers)
        blocks.append(section(text, button(words("home.lead"), "selection.lead", found.leaderless[0].id)))
    if found.waiting:
        blocks.append(context(words.count("home.waiting", found.waiting)))
    row = [button(words("home.move"), "selection.move", session.id)]
    row += [button(words("themes.drift"), "themes.drift", session.id)] if found.groups else []
    if found.published:
        row.insert(0, button(words("home.next_date"), "followup.choose", session.id))
        blocks.append(context(words("home.published")))
    elif found.groups:
        complete = found.begun and found.handed_in == found.groups
        row.insert(0, button(words("home.draft"), "harvest.draft", session.id, green=complete))
    blocks.append(actions(*row))
    return blocks


def _missing(found: "Desk", words: Words) -> list[Block]:
    return prompting_views.board(found.board, words) if found.board else []
