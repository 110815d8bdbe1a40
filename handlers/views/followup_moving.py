"""Another date for a session, or none: the forms, and what everybody concerned reads."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement
from slack_sdk.models.views import View

from bot.followup import SessionMove, Warned, version_of
from bot.worksessions import Plan, State, WorkSession
from handlers.views.followup import answers, called, capital, last, name_line
from handlers.views.followup_form import caution
from handlers.views.frame import INPUT_LENGTH, button, context, escaped, field, form, notice, section
from handlers.views.worksessions_fields import day_field, hours_fields
from handlers.words import Words

MOST_MOVES_SHOWN = 5


def move_form(session: WorkSession, words: Words) -> View:
    """Ask for the new date, filled in with the hours of the old one, and why."""
    starts, ends = (moment.astimezone(words.zone) for moment in (session.starts_at, session.ends_at))
    blocks: list[Block] = [
        section(words("followup.move_now", title=called(session, words), when=words.period(starts, ends))),
        day_field("day", words("worksessions.day"), starts.date()),
        *hours_fields(f"{starts:%H:%M}", f"{ends:%H:%M}", words),
        _reason(words),
    ]
    if session.state is State.CHOOSING:
        blocks.append(context(words("followup.closing_moves")))
    return form(
        words,
        "followup.move",
        words("followup.move_title"),
        blocks,
        submit=words("worksessions.next"),
        metadata={"session": session.id, "shown": version_of(session)},
    )


def move_check(
    form_id: str, session: WorkSession, plan: Plan, warned: Sequence[Warned], told: int, words: Words
) -> View:
    """Say what will happen, and to how many people."""
    lines = [
        words(
            "followup.move_sure",
            title=called(session, words),
            was=words.period(session.starts_at, session.ends_at),
            when=words.period(plan.starts_at, plan.ends_at),
        ),
        *(caution(each, words) for each in warned),
        words.count("followup.told", told),
    ]
    return form(
        words,
        "followup.move_check",
        words("followup.move_title"),
        [section("\n".join(lines))],
        submit=words("followup.move"),
        metadata={"form": form_id},
    )


def cancel_form(session: WorkSession, told: int, words: Words) -> View:
    """Ask why, and say how many people will hear of it."""
    when = words.period(session.starts_at, session.ends_at)
    sure = words("followup.cancel_sure", title=called(session, words), when=when)
    return form(
        words,
        "followup.cancel",
        words("followup.cancel_title"),
        [section(f"{sure}\n{words.count('followup.told', told)}"), _reason(words)],
        submit=words("followup.cancel"),
        metadata={"session": session.id, "shown": version_of(session)},
    )


def done(session: WorkSession, told: int, words: Words) -> View:
    """Say what was done."""
    when = words.period(session.starts_at, session.ends_at)
    key = "followup.cancel_done" if session.state is State.CANCELLED else "followup.move_done"
    text = words(key, title=called(session, words), when=when)
    return last(notice(f"{text}\n{words.count('followup.are_told', told)}", words))


def desk_buttons(session: WorkSession, words: Words) -> list[ButtonElement]:
    """The two buttons by which a coordinator changes the date of a session."""
    day = words.day(session.starts_at)
    return [
        button(words("followup.move"), "followup.move", session.id, says=words("followup.move_says", day=day)),
        button(words("followup.cancel"), "followup.cancel", session.id, says=words("followup.cancel_says", day=day)),
    ]


def trail(moves: Sequence[SessionMove], words: Words) -> str:
    """Say from which date to which a session went, the newest move first; empty where it stands as it was set."""
    lines = []
    for move in reversed([each for each in moves if each.to_starts_at is not None][-MOST_MOVES_SHOWN:]):
        assert move.to_starts_at is not None
        assert move.to_ends_at is not None
        lines.append(
            words(
                "followup.moved_from",
                was=words.period(move.from_starts_at, move.from_ends_at),
                when=words.period(move.to_starts_at, move.to_ends_at),
            )
        )
        if move.reason:
            lines.append(words("followup.because", reason=escaped(move.reason)))
    return "\n".join(lines)


def moved(session: WorkSession, moves: Sequence[SessionMove], words: Words) -> tuple[str, list[Block]]:
    """Tell somebody concerned that the date changed, from what to what and why, and ask again."""
    when = words.period(session.starts_at, session.ends_at)
    text = words("followup.moved", when=when, title=called(session, words))
    said = trail(moves[-1:], words)
    return text, [section(f"{text}\n{said}" if said else text), answers(session, words)]


def cancelled(session: WorkSession, moves: Sequence[SessionMove], words: Words) -> tuple[str, list[Block]]:
    """Say that a session does not take place, and why; for a channel, and for who counted on it."""
    when = words.period(session.starts_at, session.ends_at)
    text = capital(words("followup.cancelled", when=when, title=called(session, words)))
    reason = next((move.reason for move in reversed(moves) if move.to_starts_at is None), "")
    because = f"\n{words('followup.because', reason=escaped(reason))}" if reason else ""
    return text, [section(f"*{text}*{because}")]


def carried(session: WorkSession, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody that the date became one to which they said yes, so that they need not say it again."""
    when = words.period(session.starts_at, session.ends_at)
    text = words("followup.carried", when=when)
    cannot = button(
        words("followup.answer_no"),
        "followup.answer:no",
        session.id,
        says=words("followup.answer_no_says", day=words.day(session.starts_at)),
    )
    return text, [section(f"{capital(text)}{name_line(session, words)}", cannot)]


def trail_window(session: WorkSession, moves: Sequence[SessionMove], words: Words) -> View:
    """Every move of a session, for whoever asks."""
    when = words.period(session.starts_at, session.ends_at)
    told = trail(moves, words) or words("followup.never_moved")
    return notice(f"*{capital(when)}*\n{told}"[:2900], words)


def _reason(words: Words) -> Block:
    text = PlainTextInputElement(action_id="reason", max_length=INPUT_LENGTH)
    return field("reason", words("followup.reason"), text, hint=words("followup.reason_hint"), optional=True)
