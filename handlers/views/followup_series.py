"""A series of sessions: the form, the check with its first dates, and the questions about dates that fall badly."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from slack_sdk.models.blocks import (
    Block,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.followup import SHOWN, Decision, Hours, Meeting, Series, Warned, a_week_later
from bot.recurrence import Kind
from handlers.views.dates import rhythm
from handlers.views.followup import capital, last
from handlers.views.followup_form import caution
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
from handlers.views.worksessions_fields import channel_field, day_field, hours_fields
from handlers.words import Words

MOST_ASKED = 12
"""So many dates that fall badly are asked about at once; later ones are asked when they come."""


def series_form(
    form_id: str,
    hours: Hours,
    title: str,
    channel: str | None,
    typed: str,
    existing: Series | None,
    words: Words,
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> View:
    """Ask for the first date, the hours, the rhythm and how many times; `typed` is what led here.

    `chosen` is what was filled in before, by the names of the fields.
    """
    day = existing.starts_at.astimezone(words.zone).date() if existing else None
    day = date.fromisoformat(chosen["day"]) if chosen.get("day") else day
    start, end = chosen.get("start") or f"{hours.start:%H:%M}", chosen.get("end") or f"{hours.end:%H:%M}"
    rhythms = [option(words(f"followup.rhythm_{kind}"), kind.value) for kind in Kind]
    rule = next((each for each in rhythms if each.value == chosen.get("rule")), None)
    blocks: list[Block] = []
    if typed:
        blocks.append(section(words("followup.series_typed", typed=escaped(cut(typed, 100)))))
    if existing:
        blocks.append(section(words("followup.series_now", rhythm=rhythm(existing.rule, words))))
    blocks += [
        day_field("day", words("followup.series_first"), day),
        *hours_fields(start, end, words),
        field(
            "rule",
            words("followup.series_rhythm"),
            RadioButtonsElement(action_id="rule", options=rhythms, initial_option=rule),
        ),
        field(
            "times",
            words("followup.series_times"),
            PlainTextInputElement(action_id="times", initial_value=chosen.get("times") or "6", max_length=20),
        ),
        field(
            "title",
            words("worksessions.title"),
            PlainTextInputElement(
                action_id="title", initial_value=chosen.get("title", title) or None, max_length=INPUT_LENGTH
            ),
            hint=words("followup.title_hint"),
            optional=True,
        ),
        channel_field(chosen.get("channel") or channel, words),
    ]
    return form(
        words,
        "followup.series",
        words("followup.series_title"),
        blocks,
        submit=words("worksessions.next"),
        metadata={"form": form_id},
    )


def series_check(
    form_id: str,
    rule: str,
    first: Sequence[Meeting],
    badly: Sequence[tuple[Meeting, Sequence[Warned]]],
    words: Words,
    *,
    is_change: bool,
) -> View:
    """Say the rhythm and the first dates in full, and ask about every date that falls badly."""
    lines = [words("followup.series_will", rhythm=rhythm(rule, words))]
    lines += [f"• {words.period(each.starts_at, each.ends_at)}" for each in first[:SHOWN]]
    blocks: list[Block] = [section("\n".join(lines))]
    for meeting, warned in badly[:MOST_ASKED]:
        says = " ".join(caution(each, words) for each in warned)
        blocks.append(section(f"*{capital(words.date(meeting.day))}*\n{says}"))
        options = decisions(meeting.day, words)
        select = StaticSelectElement(
            action_id="decision",
            options=options,
            initial_option=options[0],
            placeholder=plain(words("followup.series_what")),
        )
        blocks.append(field(f"decide:{meeting.day.isoformat()}", words("followup.series_what"), select))
    if is_change:
        blocks.append(context(words("followup.series_keeps")))
    else:
        blocks.append(context(words("followup.series_one_by_one")))
    return form(
        words,
        "followup.series_check",
        words("followup.check_title"),
        blocks,
        submit=words("followup.series_save") if is_change else words("followup.series_make"),
        metadata={"form": form_id},
    )


def stop_form(series: Series, words: Words) -> View:
    """Ask once more before a series ends."""
    text = words("followup.series_stop_sure", rhythm=rhythm(series.rule, words))
    return form(
        words,
        "followup.series_stop",
        words("followup.series_title"),
        [section(text)],
        submit=words("followup.series_stop"),
        metadata={"series": series.id, "version": str(series.version)},
    )


def saved(series: Series, meeting: Meeting | None, words: Words) -> View:
    """Say what was made, and which date is invited to now."""
    text = words("followup.series_saved", rhythm=rhythm(series.rule, words))
    if meeting is not None:
        text = f"{text}\n{words('followup.series_next', when=words.period(meeting.starts_at, meeting.ends_at))}"
    return last(notice(text, words))


def ask(series: Series, meeting: Meeting, warned: Sequence[Warned], words: Words) -> tuple[str, list[Block]]:
    """Ask the coordinator about the next date of a series, which falls badly: nothing is skipped in silence."""
    text = words("followup.series_ask", when=words.period(meeting.starts_at, meeting.ends_at))
    says = [caution(each, words) for each in warned]
    value = f"{series.id} {meeting.day.isoformat()}"
    row = [
        button(label, f"followup.series_decide:{decision.value}", value)
        for decision, label in _labels(meeting.day, words).items()
    ]
    return text, [section("\n".join([f"*{text}*", *says])), actions(*row)]


def decided(day: date, decision: Decision, moved_to: date | None, words: Words) -> tuple[str, list[Block]]:
    """Say what was decided about a date."""
    values = {"day": words.date(day)} | ({"to": words.date(moved_to)} if moved_to else {})
    text = words(f"followup.series_{decision}", **values)
    return text, [section(text)]


def home_desk(series: Series, meeting: Meeting | None, words: Words) -> list[Block]:
    """A series on the coordinator's Home."""
    name = f"*{escaped(series.title)}*\n" if series.title else ""
    when = words.period(meeting.starts_at, meeting.ends_at) if meeting else ""
    following = words("followup.series_next", when=when) if meeting else words("followup.series_over")
    return [
        section(f"{name}{capital(rhythm(series.rule, words))}\n{following}"),
        actions(
            button(words("followup.change"), "followup.series_change", series.id),
            button(words("followup.series_file"), "followup.series_file", series.id),
            button(words("followup.series_stop"), "followup.series_stop", series.id),
        ),
    ]


def calendar_text(series: Series, words: Words) -> str:
    """Say what the file of a whole series is."""
    return words("followup.series_calendar", rhythm=rhythm(series.rule, words))


def decisions(day: date, words: Words) -> list[Option]:
    """What can be done with a date that falls badly; what is proposed comes first."""
    return [option(label, decision.value) for decision, label in _labels(day, words).items()]


def _labels(day: date, words: Words) -> Mapping[Decision, str]:
    return {
        Decision.SKIP: words("followup.decide_skip"),
        Decision.MOVE: words("followup.decide_move", day=words.day(a_week_later(day))),
        Decision.KEEP: words("followup.decide_keep"),
    }
