"""The forms in which a coordinator changes the offer while people choose, and what those concerned read of it."""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    PlainTextInputElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.worksessions import Topic, WorkSession
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    escaped,
    field,
    form,
    option,
    person,
    plain,
    section,
)
from handlers.views.selection import fitting, plainly, when
from handlers.words import Words

ROOM = 300
"""Characters for the topics of one offer in a sentence."""


def merge_form(session: WorkSession, topic: str, into: str, left: Sequence[str], words: Words) -> View:
    """Ask which offer goes on in which other one; filled in with what was pointed at, `into` perhaps empty."""
    blocks: list[Block] = [
        context(words("selection.shape.merge_hint")),
        field("topic", words("selection.shape.merge_what"), _offers(session, "topic", topic, words)),
        field("into", words("selection.shape.merge_into"), _offers(session, "into", into, words)),
    ]
    return _form(
        session, "selection.merge", "selection.shape.merge_title", "selection.shape.merge_do", blocks, left, words
    )


def withdraw_form(session: WorkSession, topic: str, chosen: int, left: Sequence[str], words: Words) -> View:
    """Ask which topic of an offer goes off the list; `chosen` people chose one of them."""
    options = [option(each.name, each.id) for each in session.offer(topic)]
    select = StaticSelectElement(
        action_id="topic", options=options, initial_option=options[0], placeholder=plain(words("selection.shape.which"))
    )
    blocks: list[Block] = [
        section(words.count("selection.shape.withdraw_chosen", chosen)),
        field("topic", words("selection.shape.withdraw_what"), select, hint=words("selection.shape.withdraw_hint")),
    ]
    title, submit = "selection.shape.withdraw_title", "selection.shape.withdraw_do"
    return _form(session, "selection.withdraw", title, submit, blocks, left, words)


def place_form(session: WorkSession, left: Sequence[str], words: Words) -> View:
    """Ask whom to put with which topic."""
    who = UserSelectElement(action_id="person", placeholder=plain(words("programme.people_choose")))
    blocks: list[Block] = [
        field("person", words("selection.move_who"), who, hint=words("selection.shape.place_hint")),
        field("topic", words("selection.shape.place_where"), _offers(session, "topic", "", words)),
    ]
    return _form(session, "selection.place", "selection.outlook.place", "worksessions.save", blocks, left, words)


def limits_form(session: WorkSession, lead: Topic, left: Sequence[str], words: Words) -> View:
    """Ask how many people the group of this topic takes; empty leaves the limits of the session."""
    least, most = lead.minimum, lead.maximum
    now = None if most is None else str(most) if least is None else f"{least}-{most}"
    text = PlainTextInputElement(action_id="sizes", initial_value=now, max_length=INPUT_LENGTH)
    smallest, largest = session.minimum(replace(lead, minimum=None)), session.group_limit
    usual = (
        words("selection.outlook.at_least", least=smallest)
        if largest is None
        else words("selection.outlook.from_to", least=smallest, most=largest)
    )
    blocks: list[Block] = [
        section(f"*{fitting(session.offer(lead.id), ROOM)}*"),
        field(
            "sizes",
            words("selection.outlook.limits"),
            text,
            optional=True,
            hint=words("selection.shape.limits_hint", usual=usual),
        ),
    ]
    return _form(
        session, "selection.limits", "selection.outlook.limits", "worksessions.save", blocks, left, words, lead.id
    )


def closing_form(session: WorkSession, left: Sequence[str], words: Words) -> View:
    """Ask until when people can choose."""
    assert session.closes_at is not None
    local = session.closes_at.astimezone(words.zone)
    day = DatePickerElement(action_id="closes_day", initial_date=local.date().isoformat())
    clock = TimePickerElement(action_id="closes", initial_time=f"{local:%H:%M}")
    blocks: list[Block] = [
        field("closes_day", words("worksessions.closes_day"), day),
        field("closes", words("worksessions.closes"), clock, hint=words("selection.shape.closing_hint")),
    ]
    title = "selection.outlook.closing_time"
    return _form(session, "selection.closing", title, "worksessions.save", blocks, left, words)


def merged(offered: Sequence[Topic], words: Words) -> str:
    """Say which topics make one group now; harmless."""
    return words("selection.shape.merged", topics=fitting(offered, ROOM))


def withdrawn(topic: str, told: int, words: Words) -> str:
    """Say that a topic is off the list, and how many people were asked to choose again; harmless."""
    return words.count("selection.shape.withdrawn", told, topic=escaped(topic))


def put(user: str, offered: Sequence[Topic], words: Words) -> str:
    """Say where somebody was put; harmless."""
    return words("selection.shape.put", name=person(user), topic=fitting(offered, ROOM))


def choose_again(session: WorkSession, topic: str, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody that the only topic they chose is off the list, and ask for another choice."""
    text = words(
        "selection.shape.choose_again", topic=escaped(topic), title=escaped(session.title), closes=when(session, words)
    )
    return text, [section(_linked(text, link, words)), _rest(session, words)]


def placed(session: WorkSession, by: str, topic: str, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody where the coordinator put them, and that they can choose otherwise."""
    text = words(
        "selection.shape.placed",
        name=person(by), topic=fitting(session.offer(topic), ROOM), title=escaped(session.title),
        closes=when(session, words),
    )  # fmt: skip
    return text, [
        section(_linked(text, link, words)),
        actions(button(words("selection.absent"), "selection.absent", session.id)),
    ]


def appointed(session: WorkSession, topic: Topic, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody which topic they facilitate, and give a way to say that they cannot come."""
    text = words(
        "selection.shape.appointed",
        topic=escaped(topic.name), title=escaped(session.title), when=words.moment(session.starts_at),
    )  # fmt: skip
    return text, [section(text), actions(button(words("selection.absent"), "selection.absent", session.id))]


def relieved(session: WorkSession, topic: str, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody that they do not facilitate a topic any more."""
    text = words("selection.shape.relieved", topic=escaped(topic), title=escaped(session.title))
    return text, [section(text)]


def _linked(text: str, link: str | None, words: Words) -> str:
    return f"{text}\n<{link}|{words('selection.to_card')}>" if link else text


def _rest(session: WorkSession, words: Words) -> Block:
    return actions(
        button(words("selection.anywhere"), "selection.anywhere", session.id),
        button(words("selection.absent"), "selection.absent", session.id),
    )


def _offers(session: WorkSession, name: str, chosen: str, words: Words) -> StaticSelectElement:
    options = [option(plainly(offered), offered[0].id) for offered in session.offers]
    return StaticSelectElement(
        action_id=name,
        options=options,
        initial_option=next((each for each in options if each.value == chosen), None),
        placeholder=plain(words("selection.shape.which")),
    )


def _form(
    session: WorkSession,
    callback: str,
    title: str,
    submit: str,
    blocks: Sequence[Block],
    left: Sequence[str],
    words: Words,
    topic: str = "",
) -> View:
    metadata = {"session": session.id, "left": ",".join(left), "topic": topic}
    return form(words, callback, words(title), blocks, submit=words(submit), metadata=metadata)
