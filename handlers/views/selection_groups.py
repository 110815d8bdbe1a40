"""The groups of a session: the list in the channel, the head of a thread, and putting somebody in a group."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, RadioButtonsElement, StaticSelectElement, UserSelectElement
from slack_sdk.models.views import View

from bot.selection import Group, Wish
from bot.worksessions import WorkSession
from handlers.views.frame import (
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

MOST_NAMES = 40
"""So many people of a group are named; above that the number says the rest."""
ROOM = 8500
"""Characters for a list of groups: Slack refuses a message somewhere above 10,000."""
GROUP_ROOM = 320
"""Characters of a group in that list besides its people: number, topic, facilitator, link."""
NAME_ROOM = 16


def groups(
    session: WorkSession,
    found: Sequence[Group],
    left_over: Sequence[str],
    threads: Mapping[str, str],
    wishes: Mapping[Wish, int],
    waiting: Sequence[str],
    words: Words,
) -> tuple[str, list[Block]]:
    """The list of groups that takes the place of the buttons; `waiting` are those who have no place yet."""
    day = words.day(session.starts_at)
    text = words("selection.groups_text", day=day, groups=words.count("selection.groups", len(found)))
    blocks: list[Block] = [header(words("selection.groups_header", day=day))]
    most = min(MOST_NAMES, max(2, (ROOM // max(1, len(found)) - GROUP_ROOM) // NAME_ROOM))
    for group in found:
        lines = [f"*{escaped(title(session, group, words))}*", duties(group, words), named(group.people, words, most)]
        if group.id in threads:
            lines.append(f"<{threads[group.id]}|{words('selection.thread')}>")
        blocks.append(section("\n".join(lines)))
    if not found:
        blocks.append(section(words("selection.no_groups")))
    names = [topic.short_name for topic in session.topics if topic.id in set(left_over)]
    if names and found:
        blocks.append(context(words("selection.unserved", topics=words.list([escaped(name) for name in names]))))
    if waiting:
        blocks.append(section(words("selection.waiting", people=named(waiting, words))))
    chosen = sum(number for wish, number in wishes.items() if wish is not Wish.ABSENT)
    assert session.closes_at is not None
    blocks.append(
        context(
            words.count(
                "selection.closed", chosen, closes=words.time(session.closes_at), day=words.day(session.closes_at)
            )
        )
    )
    return text, blocks


def group_thread(session: WorkSession, group: Group, words: Words) -> tuple[str, list[Block]]:
    """The message under which a group talks, with the button for its impression."""
    name = escaped(title(session, group, words))
    lines = [f"*{name}*", duties(group, words), named(group.people, words)]
    share = button(
        words("impressions.share"),
        "impressions.share",
        group.id,
        says=words("impressions.share_says", group=group.number),
    )
    return words("selection.group_text", group=name), [
        section("\n".join(lines)),
        actions(share),
        context(words("selection.thread_hint")),
    ]


def duties(group: Group, words: Words) -> str:
    """Say who leads a group, and who writes down what it finds."""
    leads = (
        words("selection.led_by", name=person(group.facilitator))
        if group.facilitator
        else words("selection.led_by_nobody")
    )
    if group.note_taker is None:
        return leads
    return f"{leads} · {words('selection.notes_by', name=person(group.note_taker))}"


def title(session: WorkSession, group: Group, words: Words) -> str:
    """Name a group by its number and its topics; not escaped."""
    topics = [topic.name for topic in session.topics if topic.id in group.topics]
    return words("selection.group", number=group.number, topics=words.list(topics))


def named(people: Sequence[str], words: Words, most: int = MOST_NAMES) -> str:
    """Mention the people of a group, the first of them by name."""
    if not people:
        return words("selection.nobody")
    shown = [person(user) for user in people[:most]]
    more = len(people) - len(shown)
    return words.list([*shown, words.count("selection.more", more)] if more else shown)


def move_form(session: WorkSession, found: Sequence[Group], words: Words) -> View:
    """Give somebody a seat, or a group a facilitator."""
    options = [option(cut(title(session, group, words), 75), group.id) for group in found]
    roles = [
        option(words("selection.as_participant"), "participant"),
        option(words("selection.as_facilitator"), "facilitator"),
    ]
    blocks: list[Block] = [
        field(
            "person",
            words("selection.move_who"),
            UserSelectElement(action_id="person", placeholder=plain(words("programme.people_choose"))),
        ),
        field(
            "group",
            words("selection.move_where"),
            StaticSelectElement(action_id="group", options=options, placeholder=plain(words("selection.move_choose"))),
        ),
        field(
            "as",
            words("selection.move_as"),
            RadioButtonsElement(action_id="as", options=roles, initial_option=roles[0]),
        ),
    ]
    return form(
        words,
        "selection.move",
        words("selection.move_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"session": session.id},
    )
