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
"""Characters for the groups in the list: Slack refuses a message somewhere above 10,000."""
SMALL_ROOM = 500
"""Characters for the topics that nobody chose, and as many for the people without a place."""
SECTION_ROOM = 2200
"""Characters of a title in a section of its own, which takes 3,000."""


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
    blocks += [section(lines) for lines in _group_lines(session, found, threads, words)]
    if not found:
        blocks.append(section(words("selection.no_groups")))
    names = [escaped(topic.short_name) for topic in session.topics if topic.id in set(left_over)]
    if names and found:
        blocks.append(context(words("selection.unserved", topics=_listed(names, words))))
    if waiting:
        people = _listed([person(user) for user in waiting], words)
        blocks.append(section(words("selection.waiting", people=people)))
    if found:
        blocks.append(actions(*group_buttons(session, words)))
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


def _group_lines(session: WorkSession, found: Sequence[Group], threads: Mapping[str, str], words: Words) -> list[str]:
    """One paragraph per group, all together within what a message takes.

    Long titles become short names first, then fewer people are named, in small groups last.
    """
    rest = [_rest(group, threads, words) for group in found]
    numbers = sum(len(named(group.people, words, 0)) for group in found)
    room = ROOM - numbers - sum(len("".join(lines)) + 5 for lines in rest)
    titles = [fitted(session, group, words, SECTION_ROOM) for group in found]
    if sum(map(len, titles)) > room:
        titles = [fitted(session, group, words, max(1, room // len(found))) for group in found]
    left = room + numbers - sum(map(len, titles))
    most = MOST_NAMES
    while most and sum(len(named(group.people, words, most)) for group in found) > left:
        most -= 1
    return [
        "\n".join([f"*{name}*", lines[0], named(group.people, words, most), *lines[1:]])
        for group, name, lines in zip(found, titles, rest, strict=True)
    ]


def _rest(group: Group, threads: Mapping[str, str], words: Words) -> list[str]:
    link = threads.get(group.id)
    return [duties(group, words), *([f"<{link}|{words('selection.thread')}>"] if link else [])]


def _listed(names: Sequence[str], words: Words) -> str:
    """Name as many as there is room for; the number says the rest."""
    shown = list(names[:MOST_NAMES])
    while len(text := _with_rest(shown, len(names) - len(shown), words)) > SMALL_ROOM:
        shown.pop()
    return text


def _with_rest(shown: Sequence[str], more: int, words: Words) -> str:
    return words.list([*shown, words.count("selection.more", more)] if more else shown)


def group_buttons(session: WorkSession, words: Words) -> list[InteractiveElement]:
    """What everybody can ask under the list of groups."""
    return [
        button(words("selection.why_button"), "selection.why", session.id),
        button(words("selection.swap"), "selection.swap", session.id),
        button(words("selection.seat"), "selection.seat", session.id),
    ]


def group_thread(session: WorkSession, group: Group, words: Words) -> tuple[str, list[Block]]:
    """The message under which a group talks, with the button for its impression."""
    name = fitted(session, group, words, SECTION_ROOM)
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


def fitted(session: WorkSession, group: Group, words: Words, room: int) -> str:
    """Name a group within so many characters of a message, harmless: in full, by short names, or cut off."""
    topics = [topic.short_name for topic in _topics(session, group)]
    short = words("selection.group", number=group.number, topics=words.list(topics))
    for text in (title(session, group, words), short):
        if len(escaped(text)) <= room:
            return escaped(text)
    while len(escaped(short)) > room and len(short) > 1:
        short = cut(short, len(short) * 3 // 4)
    return escaped(short)


def named(people: Sequence[str], words: Words, most: int = MOST_NAMES) -> str:
    """Mention the people of a group, the first of them by name; none by name leaves their number."""
    if not people:
        return words("selection.nobody")
    if most == 0:
        return words.count("selection.people", len(people))
    return _with_rest([person(user) for user in people[:most]], max(0, len(people) - most), words)


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
