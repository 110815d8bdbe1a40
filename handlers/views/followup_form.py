"""The forms in which a coordinator proposes dates: pickers first, then one text field; and the check before posting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    TimePickerElement,
)
from slack_sdk.models.views import View

from bot.followup import MOST_DATES, DateOption, DatePoll, Doubt, Hours, Slot, Warned
from handlers.views.followup import capital, last
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
from handlers.views.worksessions_fields import channel_field, day_field
from handlers.words import Words

MOST_REGIONS_NAMED = 3


@dataclass(frozen=True)
class Line:
    """One date of the check: the date, and what is good to know about it."""

    slot: Slot
    warned: Sequence[Warned] = ()
    stands: bool = False


def dates_form(
    form_id: str,
    rows: int,
    filled: Mapping[str, str],
    typed: str,
    hours: Hours,
    standing: Sequence[DateOption],
    words: Words,
) -> View:
    """Ask for dates: those that stand in the poll with a tick, `rows` rows of pickers, and lines of text.

    `filled` holds what was chosen so far, by the name of the field.
    """
    blocks: list[Block] = [section(words("followup.dates_intro"))]
    if standing:
        options = [option(words.period(each.starts_at, each.ends_at), each.id) for each in standing]
        kept = CheckboxesElement(action_id="keep", options=options, initial_options=options)
        hint = words("followup.keep_hint")
        blocks.append(field("keep", words("followup.keep"), kept, hint=hint, optional=True))
    start, end = f"{hours.start:%H:%M}", f"{hours.end:%H:%M}"
    for number in range(1, rows + 1):
        day = filled.get(f"day_{number}") or None
        blocks += [
            field(
                f"day_{number}",
                words("followup.date_number", number=number),
                DatePickerElement(action_id="day", initial_date=day),
                optional=True,
            ),
            field(
                f"start_{number}",
                words("worksessions.start"),
                TimePickerElement(action_id="start", initial_time=filled.get(f"start_{number}") or start),
                optional=True,
            ),
            field(
                f"end_{number}",
                words("worksessions.end"),
                TimePickerElement(action_id="end", initial_time=filled.get(f"end_{number}") or end),
                optional=True,
            ),
        ]
    if rows + len(standing) < MOST_DATES:
        blocks.append(actions(button(words("followup.another_date"), "followup.poll_row")))
    text = PlainTextInputElement(
        action_id="typed",
        multiline=True,
        initial_value=typed or None,
        max_length=INPUT_LENGTH,
        placeholder=plain(words("followup.typed_example"), 150),
    )
    blocks.append(
        field("typed", words("followup.typed"), text, hint=words("followup.typed_hint", start=start), optional=True)
    )
    return form(
        words,
        "followup.poll",
        words("followup.poll_title"),
        blocks,
        submit=words("worksessions.next"),
        metadata={"form": form_id},
    )


def check_form(
    form_id: str,
    lines: Sequence[Line],
    doubts: Sequence[Doubt],
    removed: Sequence[DateOption],
    deadline: datetime,
    quorum: int,
    channel: str | None,
    words: Words,
    *,
    is_change: bool,
    asks_channel: bool,
) -> View:
    """Say every date in full, with what is good to know; ask what is not sure, the deadline and the quorum."""
    blocks: list[Block] = [section(words("followup.check_intro"))]
    for line in lines:
        when = words.period(line.slot.starts_at, line.slot.ends_at)
        blocks.append(section("\n".join([f"*{capital(when)}*", *(caution(each, words) for each in line.warned)])))
    for gone in removed:
        blocks.append(context(words("followup.goes", when=words.period(gone.starts_at, gone.ends_at))))
    for number, doubt in enumerate(doubts):
        options = [option(words.period(slot.starts_at, slot.ends_at), str(at)) for at, slot in enumerate(doubt.slots)]
        label = words("followup.which", typed=cut(doubt.typed, 60))
        blocks.append(field(f"doubt_{number}", label, RadioButtonsElement(action_id="doubt", options=options)))
    if asks_channel:
        blocks.append(channel_field(channel, words))
    blocks += deadline_fields(deadline, words)
    least = PlainTextInputElement(action_id="quorum", initial_value=str(quorum) if quorum else None, max_length=20)
    hint = words("followup.quorum_hint")
    blocks.append(field("quorum", words("followup.quorum"), least, hint=hint, optional=True))
    return form(
        words,
        "followup.poll_check",
        words("followup.check_title"),
        blocks,
        submit=words("followup.poll_save") if is_change else words("followup.poll_post"),
        metadata={"form": form_id},
    )


def with_way_back(view: View, action: str, words: Words) -> View:
    """A check that took the place of the form, with the button to that form; else the form lies below it."""
    view.blocks = [*(view.blocks or []), actions(button(words("followup.dates_again"), action))]
    return view


def deadline_fields(deadline: datetime, words: Words) -> list[Block]:
    """The two pickers of a deadline, filled in."""
    local = deadline.astimezone(words.zone)
    return [
        day_field("deadline_day", words("followup.deadline_day"), local.date()),
        field(
            "deadline",
            words("followup.deadline"),
            TimePickerElement(action_id="clock", initial_time=f"{local:%H:%M}"),
            hint=words("followup.deadline_hint"),
        ),
    ]


def extend_form(poll: DatePoll, deadline: datetime, words: Words) -> View:
    """Ask until when people can answer instead."""
    return form(
        words,
        "followup.poll_extend",
        words("followup.extend_title"),
        deadline_fields(deadline, words),
        submit=words("followup.extend"),
        metadata={"poll": poll.id, "version": str(poll.version)},
    )


def pick_form(poll: DatePoll, ranked: Sequence[DateOption], words: Words) -> View:
    """Ask which date becomes the session, the best on top."""
    options = [option(words.period(each.starts_at, each.ends_at), each.id) for each in ranked]
    radio = RadioButtonsElement(action_id="option", options=options)
    blocks: list[Block] = [field("option", words("followup.pick_which"), radio, hint=words("followup.pick_hint"))]
    return form(
        words,
        "followup.poll_pick",
        words("followup.pick_title"),
        blocks,
        submit=words("followup.pick_submit"),
        metadata={"poll": poll.id, "version": str(poll.version)},
    )


def stop_form(poll: DatePoll, answered: int, words: Words) -> View:
    """Ask once more before nobody is asked any longer."""
    return form(
        words,
        "followup.poll_stop",
        words("followup.stop_title"),
        [section(words.count("followup.stop_sure", answered))],
        submit=words("followup.stop"),
        metadata={"poll": poll.id, "version": str(poll.version)},
    )


def answers_form(poll: DatePoll, own: Mapping[str, str], beside: Mapping[str, str], words: Words) -> View:
    """Ask one person for all dates at once, filled in with what they said; `beside` is the time where they are."""
    blocks: list[Block] = []
    for each in poll.standing:
        options = [option(words(f"followup.say_{word}"), word) for word in ("yes", "if_needed", "no")]
        chosen = next((found for found in options if found.value == own.get(each.id)), None)
        select = StaticSelectElement(
            action_id="say", options=options, initial_option=chosen, placeholder=plain(words("followup.say_choose"))
        )
        label = capital(words.period(each.starts_at, each.ends_at))
        blocks.append(field(f"say:{each.id}", label, select, hint=beside.get(each.id, ""), optional=True))
    return form(
        words,
        "followup.vote_all",
        words("followup.vote_all_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"poll": poll.id},
    )


def posted(poll: DatePoll, words: Words, *, is_change: bool) -> View:
    """Say where the poll is, and until when people answer."""
    key = "followup.poll_changed" if is_change else "followup.poll_posted"
    text = words(key, channel=f"<#{poll.channel}>", deadline=words.moment(poll.deadline))
    return last(notice(text, words))


def caution(warned: Warned, words: Words) -> str:
    """Say what is good to know about a date; harmless."""
    values = dict(warned.values)
    regions = values.get("regions")
    if isinstance(regions, tuple):
        values["regions"] = named([str(region) for region in regions], words)
    parts = values.get("parts")
    if isinstance(parts, tuple):
        values["parts"] = words.list([str(part) for part in parts])
    safe = {name: escaped(cut(value, 100)) if isinstance(value, str) else value for name, value in values.items()}
    return words(f"followup.caution.{warned.caution}", **safe)


def named(regions: Sequence[str], words: Words) -> str:
    """Name a few regions, and count the rest; not yet harmless."""
    shown = [cut(region, 30) for region in regions[:MOST_REGIONS_NAMED]]
    rest = len(regions) - len(shown)
    return words.list([*shown, *([words.count("followup.more_regions", rest)] if rest else [])])
