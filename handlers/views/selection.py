"""Topics to choose from, and one's own choice: in free mode one topic, in ranked mode three in order of liking."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from slack_sdk.models.blocks import Block, StaticSelectElement, UserSelectElement
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.models.views import View

from bot.selection import MOST_CHOICES, Choice, Pair, PairState, Wish, each_once, led_by
from bot.worksessions import Mode, State, Topic, WorkSession
from handlers.views.frame import (
    actions,
    as_dicts,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    header,
    notice,
    option,
    person,
    plain,
    section,
)
from handlers.views.themes import before_select
from handlers.words import Words

ROOM = 9000
"""Characters for a list of topics: Slack refuses a message somewhere above 10,000."""
TOPIC_ROOM = 90
"""Characters of a topic in that list besides its name: the counter, "full", the button and what it says."""


def choices(
    session: WorkSession,
    counts: Mapping[str, int],
    wishes: Mapping[Wish, int],
    words: Words,
    remembered: Sequence[Topic] = (),
    places: Mapping[str, int] | None = None,
) -> tuple[str, list[Block]]:
    """One section per offer with its counter and its button; no buttons any more while the groups are being made.

    `counts` are the people per leading topic; in a session with hidden results only how many chose is shown.
    `remembered` are the topics that were talked about before; what was said then is one tap away. `places` are those
    that are taken, per leading topic, where it is not just the people who chose it.
    """
    assert session.closes_at is not None
    taken = counts if places is None else places
    closes, day = when(session, words), words.day(session.starts_at)
    ranked, open_ = session.mode is Mode.RANKED, session.state is State.CHOOSING
    text = words("selection.invitation", day=day, topics=len(session.offers), closes=closes)
    intro = words(
        "selection.intro_ranked" if ranked else "selection.intro", title=escaped(session.title), closes=closes
    )
    if session.close_when_all:
        intro += f" {words('selection.closes_early')}"
    blocks: list[Block] = [
        header(words("selection.header", day=day)),
        section(intro if open_ else words("selection.making", title=escaped(session.title))),
    ]
    room = ROOM // max(1, len(session.offers)) - TOPIC_ROOM
    for offered in session.offers:
        lead = offered[0]
        line = f"*{fitting(offered, room)}*"
        if not session.hidden:
            line += (
                f" · {words.count('selection.first_choices' if ranked else 'selection.people', counts.get(lead.id, 0))}"
            )
        most = session.maximum(lead)
        if most is not None and not ranked and taken.get(lead.id, 0) >= most:
            line += f" · {words('selection.full_short')}"
        says = words("selection.choose_says", topic=lead.name)
        choose = button(words("selection.choose"), "selection.pick", lead.id, says=says) if open_ else None
        blocks.append(section(line, choose, block_id=lead.id))
    if open_:
        row: list[InteractiveElement] = [
            button(words("selection.anywhere"), "selection.anywhere", session.id),
            button(words("selection.absent"), "selection.absent", session.id),
        ]
        if before := before_select(remembered, words):
            row.append(before)
        blocks.append(actions(*row))
    said = sum(number for wish, number in wishes.items() if wish is not Wish.ABSENT)
    if session.hidden:
        blocks.append(context(words.count("selection.hidden", said)))
    elif wishes.get(Wish.ANYWHERE):
        blocks.append(context(words.count("selection.undecided", wishes[Wish.ANYWHERE])))
    return text, blocks


def when(session: WorkSession, words: Words) -> str:
    """Say when choosing closes: the time, and the day too where it is not the day of the session."""
    assert session.closes_at is not None
    local = session.closes_at.astimezone(words.zone).date()
    same = local == session.starts_at.astimezone(words.zone).date()
    clock = words.time(session.closes_at)
    return clock if same else words("selection.closes_on", day=words.day(session.closes_at), time=clock)


def closing(session: WorkSession, words: Words) -> str:
    """Say to a coordinator when choosing closes, as part of a line."""
    key = "home.closes_early" if session.close_when_all else "home.closes"
    return words(key, closes=when(session, words)) if session.closes_at else ""


def fitting(offered: Sequence[Topic], room: int) -> str:
    """Name the topics of an offer within so many characters of a message, harmless."""
    full = " + ".join(topic.name for topic in offered)
    for text in (full, " + ".join(topic.short_name for topic in offered)):
        if len(escaped(text)) <= room:
            return escaped(text)
    shorter = full
    while len(escaped(shorter)) > room:
        shorter = cut(shorter, len(shorter) * 3 // 4)
    return escaped(shorter)


def own_choice(session: WorkSession, choice: Choice, words: Words) -> tuple[str, list[dict[str, Any]]]:
    """Tell one person what they chose, with a way to change it."""
    pick = choice.pick
    led = led_by(session, pick.user, pick.topics)
    return _own(session, pick.wish, pick.topics, choice.changed, choice.is_full, led, words)


@lru_cache(maxsize=512)
def _own(
    session: WorkSession,
    wish: Wish,
    topics: tuple[str, ...],
    changed: bool,
    is_full: bool,
    led: Topic | None,
    words: Words,
) -> tuple[str, list[dict[str, Any]]]:
    """Everybody who chose the same gets the same answer, so it is made once: in a rush this is what costs most."""
    closes, topics = when(session, words), each_once(session, topics)
    buttons: list[InteractiveElement] = []
    if wish is Wish.ABSENT:
        text = words("selection.own_absent")
    elif wish is Wish.ANYWHERE:
        text = words("selection.own_anywhere", closes=closes)
    elif session.mode is Mode.RANKED:
        text = _ranking(session, topics, is_full, closes, words)
    else:
        topic = session.topic(topics[0])
        key = "selection.own" if changed else "selection.own_already"
        if led is not None and session.lead(led.id) is not session.lead(topics[0]):
            key = "selection.own_noted"
        text = words(key, topic=escaped(topic.name if topic else ""), closes=closes)
    if led is not None and wish is not Wish.ABSENT:
        text = f"{text}\n{words('selection.own_leads', topic=escaped(led.name))}"
    if session.mode is Mode.RANKED and wish is not Wish.ABSENT:
        # while the list still grows by taps, three lists under each answer would only fill the screen of a phone
        if len(topics) in (0, min(MOST_CHOICES, len(session.offers))):
            buttons += _rank_selects(session, topics, words)
    elif select := _switch(session, topics, words):
        buttons.append(select)
    if wish is not Wish.ABSENT:
        buttons.append(button(words("selection.absent"), "selection.absent:switch", session.id))
        buttons.append(button(words("selection.pair"), "selection.pair", session.id))
    if session.mode is Mode.RANKED and topics:
        buttons.append(button(words("selection.clear"), "selection.clear:switch", session.id))
    return text, as_dicts([section(text), actions(*buttons)] if buttons else [section(text)])


def _ranking(session: WorkSession, topics: Sequence[str], is_full: bool, closes: str, words: Words) -> str:
    names = [topic.name for each in topics if (topic := session.topic(each))]
    lines = [f"{number}. *{escaped(cut(name, 150))}*" for number, name in enumerate(names, start=1)]
    more = "selection.ranked_full" if is_full else "selection.ranked_more" if len(names) < MOST_CHOICES else ""
    after = words(more) if more else ""
    return "\n".join(
        [words("selection.own_ranked"), *lines, " ".join([after, words("selection.may_change", closes=closes)]).strip()]
    )


def _rank_selects(session: WorkSession, topics: Sequence[str], words: Words) -> list[InteractiveElement]:
    options = [option(plainly(offered), offered[0].id) for offered in session.offers]
    leads = [lead.id for topic in topics if (lead := session.lead(topic))]
    found: list[InteractiveElement] = []
    for place in range(min(MOST_CHOICES, len(options), len(leads) + 1)):
        chosen = next((each for each in options if place < len(leads) and each.value == leads[place]), None)
        found.append(
            StaticSelectElement(
                action_id=f"selection.rank:{place}",
                placeholder=plain(words(f"selection.rank_{place + 1}")),
                options=options,
                initial_option=chosen,
            )
        )
    return found


def _switch(session: WorkSession, topics: Sequence[str], words: Words) -> StaticSelectElement | None:
    mine = [lead.id for topic in topics if (lead := session.lead(topic))]
    others = [offered for offered in session.offers if offered[0].id not in mine]
    if not others:
        return None
    return StaticSelectElement(
        action_id="selection.pick:switch",
        placeholder=plain(words("selection.switch")),
        options=[option(plainly(offered), offered[0].id) for offered in others],
    )


def plainly(offered: Sequence[Topic]) -> str:
    """Name the topics of an offer for a choice or a button, which read no commands."""
    return " + ".join(topic.name if len(offered) == 1 else topic.short_name for topic in offered)


def pair_form(session: WorkSession, partner: str | None, words: Words) -> View:
    """Ask with whom somebody likes to sit."""
    select = UserSelectElement(
        action_id="partner", initial_user=partner, placeholder=plain(words("programme.people_choose"))
    )
    blocks: list[Block] = [field("partner", words("selection.pair_who"), select, hint=words("selection.pair_hint"))]
    return form(
        words,
        "selection.pair",
        words("selection.pair_title"),
        blocks,
        submit=words("selection.pair_submit"),
        metadata={"session": session.id},
    )


def pair_asked(partner: str, words: Words) -> View:
    """Say that the other was asked, and when it counts."""
    return notice(words("selection.pair_asked", name=person(partner)), words)


def pair_question(session: WorkSession, pair: Pair, words: Words) -> tuple[str, list[Block]]:
    """Ask the other whether they like that too; or what they said, with the way back to the other answer."""
    name = person(pair.asker)
    text = words("selection.pair_question", name=name, title=escaped(session.title))
    agree = button(words("selection.pair_agree"), "selection.pair_answer:yes", pair.id)
    decline = button(words("selection.pair_decline"), "selection.pair_answer:no", pair.id)
    if pair.state is PairState.ASKED:
        return text, [section(text), actions(agree, decline)]
    agreed = pair.state is PairState.AGREED
    after = words("selection.pair_yes" if agreed else "selection.pair_no", name=name)
    return after, [section(f"{text}\n{after}"), actions(decline if agreed else agree)]


def reminder(session: WorkSession, link: str | None, words: Words) -> tuple[str, list[Block]]:
    """Remind one person to choose."""
    text = words("selection.reminder", title=escaped(session.title), closes=when(session, words))
    rest = [
        button(words("selection.anywhere"), "selection.anywhere", session.id),
        button(words("selection.absent"), "selection.absent", session.id),
    ]
    return text, [section(f"{text}\n<{link}|{words('selection.to_card')}>" if link else text), actions(*rest)]


def facilitator_away(session: WorkSession, topic: Topic, words: Words) -> tuple[str, list[Block]]:
    """Tell the coordinator that a topic has no facilitator any more."""
    text = words("selection.gap", name=person(topic.facilitator or ""), topic=escaped(topic.name))
    return text, [section(text), actions(button(words("worksessions.appoint"), "worksessions.appoint", session.id))]
