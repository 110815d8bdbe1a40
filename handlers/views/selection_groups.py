"""The groups of a session: the list in the channel, the head of a thread, and putting somebody in a group."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.models.views import View

from bot.selection import Duty, Group, Wish
from bot.worksessions import Topic, WorkSession
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
    if found:
        blocks.append(actions(*group_buttons(session, words)))
    assert session.closes_at is not None
    blocks.append(
        context(
            words.count(
                "selection.closed", chosen, closes=words.time(session.closes_at), day=words.day(session.closes_at)
            )
        )
    )
    return text, blocks


def group_buttons(session: WorkSession, words: Words) -> list[InteractiveElement]:
    """What everybody can ask under the list of groups."""
    return [
        button(words("selection.why_button"), "selection.why", session.id),
        button(words("selection.swap"), "selection.swap", session.id),
        button(words("selection.seat"), "selection.seat", session.id),
    ]


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
    topics = [topic.name for topic in _topics(session, group)]
    return words("selection.group", number=group.number, topics=words.list(topics))


def brief_title(session: WorkSession, group: Group, words: Words) -> str:
    """Name a group by its number and the short names of its topics; not escaped."""
    topics = [topic.name if len(group.topics) == 1 else topic.short_name for topic in _topics(session, group)]
    return words("selection.group", number=group.number, topics=words.list(topics))


def _topics(session: WorkSession, group: Group) -> list[Topic]:
    return [topic for topic in session.topics if topic.id in group.topics]


def named(people: Sequence[str], words: Words, most: int = MOST_NAMES) -> str:
    """Mention the people of a group, the first of them by name."""
    if not people:
        return words("selection.nobody")
    shown = [person(user) for user in people[:most]]
    more = len(people) - len(shown)
    return words.list([*shown, words.count("selection.more", more)] if more else shown)


def move_form(session: WorkSession, found: Sequence[Group], words: Words, chosen: Group | None = None) -> View:
    """Give somebody a seat, or a group somebody who leads it or takes its notes.

    With a group `chosen` the form asks who leads it.
    """
    options = [option(_with_size(session, group, words), group.id) for group in found]
    roles = [option(words(f"selection.as_{duty.value}"), duty.value) for duty in Duty]
    blocks: list[Block] = [
        field(
            "person",
            words("selection.move_who"),
            UserSelectElement(action_id="person", placeholder=plain(words("programme.people_choose"))),
        ),
        field(
            "group",
            words("selection.move_where"),
            StaticSelectElement(
                action_id="group",
                options=options,
                initial_option=next((each for each in options if chosen and each.value == chosen.id), None),
                placeholder=plain(words("selection.move_choose")),
            ),
        ),
        field(
            "as",
            words("selection.move_as"),
            RadioButtonsElement(action_id="as", options=roles, initial_option=roles[1] if chosen else roles[0]),
        ),
        field(
            "room",
            words("selection.move_room"),
            CheckboxesElement(action_id="room", options=[option(words("selection.move_wider"), "wider")]),
            optional=True,
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


def _with_size(session: WorkSession, group: Group, words: Words) -> str:
    people = words.count("selection.people", len(group.people))
    return f"{cut(title(session, group, words), 74 - len(people) - 3)} · {people}"
