"""The forms that make a work session, and what the coordinator sees of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    TimePickerElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.programme import Region
from bot.themes import LeftOver, offer_again, shortlist
from bot.trail.theming import Suggestion
from bot.worksessions import SHORT_NAME_LENGTH, TITLE_LENGTH, Extra, Mode, Plan, Silence, WorkSession
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    escaped,
    field,
    form,
    notice,
    option,
    plain,
    section,
)
from handlers.views.pages import paragraphs
from handlers.views.programme import region_options
from handlers.views.trail_theming import choices
from handlers.views.worksessions_fields import channel_field, day_field, hours_fields
from handlers.words import Words

MOST_LEFT_OVER = 6
"""Topics that a line of what was left over names; the rest is counted, and all of them stand in the field."""


@dataclass(frozen=True)
class Given:
    """What a form begins with that is opened for something: a name, a channel ("" for none) and regions (none: all)."""

    title: str
    channel: str
    regions: tuple[str, ...]


def plan_form(
    form_id: str,
    regions: Sequence[Region],
    words: Words,
    *,
    now: datetime,
    channel: str,
    planned: WorkSession | None,
    given: Given | None = None,
) -> View:
    """Step one: name, date, times, channel and regions, filled in as far as they are known."""
    local = now.astimezone(words.zone)
    starts = planned.starts_at.astimezone(words.zone) if planned else None
    ends = planned.ends_at.astimezone(words.zone) if planned else None
    day = (starts or local).date()
    title = (
        planned.title if planned else given.title if given else words("worksessions.default_title", day=words.day(day))
    )
    start = f"{starts:%H:%M}" if starts else "13:00"
    end = f"{ends:%H:%M}" if ends else "16:00"
    channel = given.channel if given else channel
    place = planned.channel if planned else channel if channel.startswith("C") else None
    taking_part = planned.regions if planned else given.regions if given else ()
    blocks: list[Block] = [
        field("title", words("worksessions.title"), _line("title", title)),
        day_field("day", words("worksessions.day"), day),
        *hours_fields(start, end, words),
        channel_field(place, words),
    ]
    if regions:
        options = region_options(regions)
        chosen = [found for found in options if found.value in taking_part] or options
        select = StaticMultiSelectElement(
            action_id="regions",
            options=options,
            initial_options=chosen,
            placeholder=plain(words("programme.region_choose")),
        )
        blocks.append(field("regions", words("worksessions.regions"), select))
    return form(
        words,
        "worksessions.plan",
        words("worksessions.new_title"),
        blocks,
        submit=words("worksessions.next"),
        metadata={"form": form_id},
    )


def topics_form(
    form_id: str,
    checked: Plan,
    lines: Sequence[str],
    words: Words,
    left: Sequence[LeftOver] = (),
    agendas: tuple[Sequence[Suggestion], Mapping[str, str]] = ((), {}),
    points: Sequence[str] = (),
) -> View:
    """Step two: one field, one topic a line, filled with `lines` and with what earlier sessions left over; or let
    participants propose topics first. What the agendas of the regions ask for can be ticked (`agendas`, with the names
    of the regions). `points` are the open ones of the assignment that the session is for."""
    again = offer_again(lines, left, INPUT_LENGTH)
    text = PlainTextInputElement(
        action_id="topics",
        multiline=True,
        initial_value="\n".join([*lines, *points, *(one.name for one in again)]) or None,
        max_length=INPUT_LENGTH,
        placeholder=plain(words("worksessions.topics_example"), 150),
    )
    blocks: list[Block] = [
        section(f"*{escaped(checked.title)}*\n{words.period(checked.starts_at, checked.ends_at)}"),
        field("topics", words("worksessions.topics"), text, hint=words("worksessions.topics_hint"), optional=True),
        field(
            "first",
            words("proposals.first"),
            CheckboxesElement(action_id="first", options=[option(words("proposals.first_option"), "first")]),
            hint=words("proposals.first_hint"),
            optional=True,
        ),
    ]
    if (ticks := choices(*agendas, words)) is not None:
        blocks.insert(2, ticks)
    if lines:
        blocks.insert(1, context(words("proposals.prefilled")))
    if points:
        blocks.insert(1, context(words("trail.follow_up_points")))
    told = [*again, *(one for one in left if one.had_group)]
    if told:
        blocks.insert(-2, context(_left_over(told, words)))
    return form(
        words,
        "worksessions.topics",
        words("worksessions.topics_title"),
        blocks,
        submit=words("worksessions.next"),
        metadata={"form": form_id},
    )


def _left_over(again: Sequence[LeftOver], words: Words) -> str:
    """Say by date which topics nobody served, and which had a group of which no impression speaks of them."""
    lines = []
    for on, had_group in dict.fromkeys((one.on, one.had_group) for one in again):
        names = [one.short_name or one.name for one in again if (one.on, one.had_group) == (on, had_group)]
        shown, more = shortlist([escaped(name) for name in names], MOST_LEFT_OVER)
        told = ", ".join([*shown, *([words.count("themes.more", more)] if more else [])])
        key = "themes.left_unsaid" if had_group else "themes.left_over"
        lines.append(words(key, day=words.day(on), topics=told))
    return "\n".join(lines)


def asked_first(session: WorkSession, words: Words) -> View:
    """Say back that the channel is asked for themes, and until when."""
    until = words.moment(session.starts_at)
    return notice(words("proposals.asked", channel=f"<#{session.channel}>", until=until), words)


def check_form(
    form_id: str,
    checked: Plan,
    names: Sequence[str],
    shorts: Sequence[str],
    closes: datetime,
    earlier: Mapping[str, int],
    words: Words,
) -> View:
    """Step three: everything at a glance, with the short names, the closing time and the largest group to change."""
    modes = [option(words(f"worksessions.mode_{mode.value}"), mode.value) for mode in Mode]
    silences = [option(words(f"worksessions.silence_{each.value}"), each.value) for each in Silence]
    extras = [option(words(f"worksessions.extra_{extra.value}"), extra.value) for extra in Extra]
    lines = []
    for name in names:
        known = earlier.get(name, 0)
        lines.append(f"• {escaped(name)}" + (f" · {words.count('worksessions.earlier', known)}" if known else ""))
    blocks: list[Block] = [
        section(
            f"*{escaped(checked.title)}*\n{words.period(checked.starts_at, checked.ends_at)}\n<#{checked.channel}>"
        ),
        *paragraphs("\n".join(lines)),
        field(
            "shorts",
            words("worksessions.shorts"),
            PlainTextInputElement(
                action_id="shorts", multiline=True, initial_value="\n".join(shorts), max_length=INPUT_LENGTH
            ),
            hint=words("worksessions.shorts_hint", most=SHORT_NAME_LENGTH),
        ),
        field(
            "closes_day",
            words("worksessions.closes_day"),
            DatePickerElement(action_id="closes_day", initial_date=closes.astimezone(words.zone).date().isoformat()),
        ),
        field(
            "closes",
            words("worksessions.closes"),
            TimePickerElement(action_id="closes", initial_time=words.time(closes)),
            hint=words("worksessions.closes_hint"),
        ),
        field(
            "mode",
            words("worksessions.mode"),
            RadioButtonsElement(action_id="mode", options=modes, initial_option=modes[0]),
        ),
        field(
            "limit",
            words("worksessions.limit"),
            _line("limit", None),
            hint=words("worksessions.limit_hint"),
            optional=True,
        ),
        field(
            "extras",
            words("worksessions.extras"),
            CheckboxesElement(action_id="extras", options=extras),
            optional=True,
        ),
        field(
            "silence",
            words("worksessions.silence"),
            RadioButtonsElement(action_id="silence", options=silences, initial_option=silences[0]),
            hint=words("worksessions.silence_hint"),
        ),
    ]
    return form(
        words,
        "worksessions.offer",
        words("worksessions.check_title"),
        blocks,
        submit=words("worksessions.post"),
        metadata={"form": form_id},
    )


def posted(session: WorkSession, words: Words) -> list[Block]:
    """Tell the coordinator that the message is on its way, and what comes next."""
    return [
        section(words("worksessions.posted")),
        actions(button(words("worksessions.appoint"), "worksessions.appoint", session.id)),
    ]


def appoint_form(session: WorkSession, words: Words, left: Sequence[str] = ()) -> View:
    """Say who facilitates which topic; a topic may be left open."""
    blocks: list[Block] = [context(words("worksessions.appoint_hint"))]
    for topic in session.topics:
        select = UserSelectElement(
            action_id="facilitator",
            initial_user=topic.facilitator,
            placeholder=plain(words("worksessions.appoint_choose")),
        )
        blocks.append(field(f"topic-{topic.id}", topic.name, select, optional=True))
    return form(
        words,
        "worksessions.appoint",
        words("worksessions.appoint_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"session": session.id, "left": ",".join(left)},
    )


def _line(name: str, value: str | None) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=name, initial_value=value and cut(value, TITLE_LENGTH), max_length=INPUT_LENGTH
    )
