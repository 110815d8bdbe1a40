"""The next work session: the coordinator's form, the invitation with its three buttons, and the file for an agenda."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.followup import Answer, DatePoll
from bot.worksessions import TITLE_LENGTH, State, WorkSession
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
    section,
)
from handlers.views.worksessions_fields import channel_field, day_field, hours_fields
from handlers.words import Words


def proposal(
    previous: WorkSession, found: date | None, following: WorkSession | None, poll: DatePoll | None, words: Words
) -> tuple[str, list[Block]]:
    """Ask the coordinator for the next date, with the one that the groups announced; or say which one was set, or that
    people are asked for one.
    """
    if following is not None:
        text = words("followup.is_set", when=words.period(following.starts_at, following.ends_at))
        return text, [section(text), actions(_choose(words("followup.other_date"), previous, words))]
    if poll is not None:
        text = words("followup.is_asked", deadline=words.moment(poll.deadline))
        return text, [section(text, button(words("followup.show_result"), "followup.poll_show", poll.id))]
    ask = button(words("followup.ask_dates"), "followup.poll", previous.id, says=words("followup.ask_dates_says"))
    if found is None:
        text = words("followup.when")
        return text, [section(text), actions(_choose(words("followup.choose"), previous, words), ask)]
    day = words.date(found)
    text = words("followup.make_this", day=capital(day))
    start, end = words.time(previous.starts_at), words.time(previous.ends_at)
    make = button(
        words("followup.make"),
        "followup.make",
        f"{previous.id} {found.isoformat()}",
        green=True,
        says=words("followup.make_says", day=day),
    )
    return text, [
        section(text),
        context(words("followup.make_like_before", start=start, end=end, channel=f"<#{previous.channel}>")),
        actions(make, _choose(words("followup.other_date"), previous, words), ask),
    ]


def plan_form(
    previous: WorkSession, found: date | None, following: WorkSession | None, today: date, words: Words
) -> View:
    """Ask for date, times, title and channel, filled in as far as they are known."""
    like = following or previous
    starts, ends = like.starts_at.astimezone(like.zone), like.ends_at.astimezone(like.zone)
    day = starts.date() if following else found if found and found >= today else None
    title = cut(following.title, TITLE_LENGTH) if following and not named_after_day(following, words) else None
    text = PlainTextInputElement(action_id="title", initial_value=title, max_length=INPUT_LENGTH)
    blocks: list[Block] = [
        day_field("day", words("worksessions.day"), day),
        *hours_fields(f"{starts:%H:%M}", f"{ends:%H:%M}", words),
        field("title", words("worksessions.title"), text, hint=words("followup.title_hint"), optional=True),
        channel_field(like.channel, words),
    ]
    return form(
        words,
        "followup.plan",
        words("followup.form_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"session": previous.id},
    )


def planned(session: WorkSession, words: Words) -> View:
    """Say back in full what was set, and where the invitation goes."""
    when = words.period(session.starts_at, session.ends_at)
    return notice(words("followup.planned", when=when, channel=f"<#{session.channel}>"), words)


def invitation(session: WorkSession, counts: Mapping[Answer, int], trail: str, words: Words) -> tuple[str, list[Block]]:
    """Invite everybody, with three buttons, how many said what, and `trail`: the dates that it had before."""
    when = words.period(session.starts_at, session.ends_at)
    text = words("followup.invitation", when=when)
    blocks: list[Block] = [
        section("\n".join(filter(None, [f"📅 *{text}*{name_line(session, words)}", trail]))[:2900]),
        answers(session, words),
    ]
    if session.series:
        blocks.append(actions(button(words("followup.series_file"), "followup.series_file", session.series)))
    if counted := tally(counts, words):
        blocks.append(context(counted))
    return text, blocks


def answers(session: WorkSession, words: Words) -> Block:
    """The three buttons; they work in any message, and until the session starts."""
    when = words.day(session.starts_at)
    return actions(
        *(
            button(
                words(f"followup.answer_{given}"),
                f"followup.answer:{given}",
                session.id,
                says=words(f"followup.answer_{given}_says", day=when),
            )
            for given in Answer
        )
    )


def tally(counts: Mapping[Answer, int], words: Words) -> str:
    """Say how many people answered what; empty when nobody did."""
    return " · ".join(words.count(f"followup.count_{given}", counts[given]) for given in Answer if counts.get(given))


def noted(session: WorkSession, given: Answer, words: Words, timezone: str = "") -> tuple[str, list[Block]]:
    """Confirm an answer to one person, with the date in full, and in their own time where that differs."""
    text = words(f"followup.noted_{given}", when=words.period(session.starts_at, session.ends_at))
    there = "" if given is Answer.NO else own_time(session.starts_at, session.ends_at, session.zone, timezone, words)
    return text, [section(f"{text}\n{there}" if there else text)]


def own_time(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, timezone: str, words: Words) -> str:
    """Say a period in somebody's own time, where the clock there shows another one; else nothing."""
    try:
        own = ZoneInfo(timezone) if timezone else zone
    except (ZoneInfoNotFoundError, ValueError):  # a name that Slack knows and this machine does not
        return ""
    if starts_at.astimezone(own).utcoffset() == starts_at.astimezone(zone).utcoffset():
        return ""
    return words("followup.own_time", when=words.in_zone(own).period(starts_at, ends_at))


def reminder(session: WorkSession, given: Answer | None, words: Words) -> tuple[str, list[Block]]:
    """Remind one person; who did not answer gets the three buttons, who comes only the one to say that they cannot."""
    when = words.period(session.starts_at, session.ends_at)
    text = words("followup.reminder", when=when, title=escaped(session.title))
    if given is Answer.YES:
        cannot = button(
            words("followup.answer_no"),
            "followup.answer:no",
            session.id,
            says=words("followup.answer_no_says", day=words.day(session.starts_at)),
        )
        return text, [section(f"{text}\n{words('followup.you_come')}"), actions(cannot)]
    return text, [section(f"{text}\n{words('followup.do_you_come')}"), answers(session, words)]


def home_line(session: WorkSession, given: Answer | None, words: Words) -> list[Block]:
    """Show a session to come in somebody's Home, with their own answer and the buttons to change it."""
    standing = words(f"followup.own_{given}") if given else words("followup.own_none")
    when = words.period(session.starts_at, session.ends_at)
    moved = button(words("followup.trail"), "followup.trail", session.id) if session.calendar_sequence else None
    return [
        section(f"📅 *{capital(when)}*{name_line(session, words)}\n{standing}", moved),
        answers(session, words),
    ]


def calendar_text(session: WorkSession, words: Words) -> str:
    """Say what the file is, or that it takes the session out."""
    when = words.period(session.starts_at, session.ends_at)
    title = called(session, words)
    if session.state is State.CANCELLED:
        return words("followup.calendar_off", title=title, when=when)
    if session.calendar_sequence:
        return words("followup.calendar_moved", title=title, when=when)
    return words("followup.calendar", title=title, when=when)


def named_after_day(session: WorkSession, words: Words) -> bool:
    """Say whether nobody gave this session a name, so that another date gives it another one."""
    return session.title == words("worksessions.default_title", day=words.day(session.starts_at))


def called(session: WorkSession, words: Words) -> str:
    """The name of a session in a sentence; harmless. One that is named after its day is just "the work session"."""
    return words("followup.this_session") if named_after_day(session, words) else escaped(session.title)


def name_line(session: WorkSession, words: Words) -> str:
    """The session's name on a line of its own, for under its date; nothing when the name only says the date again."""
    return "" if named_after_day(session, words) else f"\n{escaped(session.title)}"


def last(view: View) -> View:
    """Let a window close the forms below it as well: what they asked is done."""
    view.clear_on_close = True
    return view


def capital(text: str) -> str:
    """Start a line with a capital."""
    return text[:1].upper() + text[1:]


def _choose(label: str, previous: WorkSession, words: Words) -> ButtonElement:
    return button(label, "followup.choose", previous.id, says=words("followup.choose_says"))
