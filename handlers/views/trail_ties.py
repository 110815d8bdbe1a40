"""What is tied to a point of an agenda, on its page and beside what can be tied; and points that nobody mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, StaticSelectElement

from bot.trail.coverage import Covered, assignments, silent
from bot.trail.tying import Point, Reason, Thing, Tie, TieState
from handlers.views.frame import actions, button, context, cut, escaped, option, plain, section
from handlers.words import Words

POINT = 60
"""Characters of a point where it stands beside something else."""
TEXT = 300
MOST_KEPT, MOST_PROPOSED = 3, 2
MOST_LINES = 8
MOST_CHOICES = 60
"""Points to choose from in a message: all its words together have a limit of their own in Slack."""


@dataclass(frozen=True)
class Shown:
    """A tie with what of it may be read: the words, "" where they are not public.

    `group` and `on` say of which group of a session, `name` who promised it or the example's region.
    """

    tie: Tie
    text: str = ""
    group: int | None = None
    on: date | None = None
    name: str = ""


def named(point: Point, words: Words) -> str:
    """A point as it stands in a sentence; safe in mrkdwn."""
    return words("trail.tie_point", point=escaped(cut(" ".join(point.text.split()), POINT)))


def of_point(point: Point, found: Sequence[Shown], keeps: bool, words: Words) -> list[Block]:
    """What belongs to a point, and what the engine proposes with its reason, to say yes or no to."""
    kept = [one for one in found if one.tie.state is TieState.KEPT]
    asked = [one for one in found if one.tie.state is TieState.PROPOSED] if keeps else []
    blocks: list[Block] = []
    if kept:
        blocks.append(section(words("trail.tie_here")))
    for number, one in enumerate(kept[:MOST_KEPT]):
        away = button(words("trail.tie_away"), f"trail.tie:no-kept{number}", value_of(one.tie)) if keeps else None
        blocks.append(section(_line(one, words), away))
    if len(kept) > MOST_KEPT:
        blocks.append(context(words.count("trail.more", len(kept) - MOST_KEPT)))
    if asked:
        blocks.append(section(words("trail.tie_ask")))
    for number, one in enumerate(asked[:MOST_PROPOSED]):
        blocks += [section(f"{_line(one, words)}\n{_because(one.tie, words)}"), _answers(one.tie, number, words)]
    return blocks


def _answers(tie: Tie, number: int, words: Words) -> Block:
    return actions(
        button(words("trail.tie_yes"), f"trail.tie:yes{number}", value_of(tie)),
        button(words("trail.tie_no"), f"trail.tie:no{number}", value_of(tie)),
    )


def _line(one: Shown, words: Words) -> str:
    where = f"_{_where(one, words)}_"
    return f"{words('trail.tie_said', text=escaped(cut(one.text, TEXT)))} · {where}" if one.text else where


def _where(one: Shown, words: Words) -> str:
    if one.tie.thing is not Thing.IMPRESSION:
        return words(f"trail.tie_{one.tie.thing.value}", name=escaped(one.name))
    if one.on is None:
        return words("trail.tie_unpublished")
    day = words.calendar_date(one.on)
    return words("trail.tie_group", number=one.group, day=day) if one.group else words("trail.tie_small", day=day)


def _because(tie: Tie, words: Words) -> str:
    if tie.reason is Reason.PERSON or not tie.shared:
        return ""
    return words("trail.tie_because", words=words.list([f"“{escaped(each)}”" for each in tie.shared]))


def value_of(tie: Tie) -> str:
    """By what a button names a tie."""
    return f"{tie.thing.value} {tie.thing_id} {tie.point}"


def of_thing(
    thing: Thing, thing_id: str, kept: Sequence[Point], maybe: Tie | None, points: Sequence[Point], words: Words
) -> list[Block]:
    """Under something that can be tied: to which points it belongs, the one that the engine sees, and all others."""
    blocks: list[Block] = []
    if kept:
        names = words.list([named(point, words) for point in kept[:MOST_KEPT]])
        blocks.append(context(words("trail.tie_belongs", points=names)))
    by_id = {point.id: point for point in points}
    if maybe is not None and maybe.point in by_id:
        asks = words("trail.tie_maybe", point=named(by_id[maybe.point], words))
        blocks += [section("\n".join(filter(None, (asks, _because(maybe, words))))), _answers(maybe, 0, words)]
    held = {point.id for point in kept}
    rest = [point for point in points if point.id not in held][:MOST_CHOICES]
    if rest:
        select = StaticSelectElement(
            action_id="trail.tie:yes-chosen",
            options=[option(" ".join(each.text.split()), f"{thing.value} {thing_id} {each.id}") for each in rest],
            placeholder=plain(words("trail.tie_which")),
        )
        blocks.append(actions(select))
    return blocks


def coverage(found: Sequence[Covered], words: Words) -> list[Block]:
    """Per point what was said about it and when last, most first; then the points that nobody speaks about.

    Each says of which assignment it is, where there are several.
    """
    about = assignments(found)
    spoken = sorted((one for one in found if not one.silent), key=lambda one: -one.impressions)
    blocks: list[Block] = []
    if spoken:
        lines = [words("trail.cover_head"), *(_covered(one, about, words) for one in spoken[:MOST_LINES])]
        lines += [words.count("trail.more", len(spoken) - MOST_LINES)] if len(spoken) > MOST_LINES else []
        blocks.append(section("\n".join(lines)))
    quiet = silent(found)
    if quiet and not spoken:
        blocks.append(context(words.count("trail.cover_none", len(quiet))))
    elif quiet:
        lines = [words("trail.cover_silent"), *(f"• {_short(one.point, about)}" for one in quiet[:MOST_LINES])]
        lines += [words.count("trail.more", len(quiet) - MOST_LINES)] if len(quiet) > MOST_LINES else []
        blocks.append(section("\n".join(lines)))
    return blocks


def in_short(found: Sequence[Covered], words: Words) -> list[Block]:
    """The same in one line, for the page of a region."""
    spoken = sum(not one.silent for one in found)
    waits = sum(one.proposed for one in found)
    lines = [words("trail.cover_page", spoken=spoken, all=len(found))]
    lines += [words.count("trail.cover_waits", waits)] if waits else []
    return [context(" ".join(lines))]


def _covered(one: Covered, about: Mapping[str, str], words: Words) -> str:
    parts = [
        words.count(f"trail.cover_{name}", number)
        for name, number in (
            ("impressions", one.impressions),
            ("promises", one.promises),
            ("examples", one.examples),
            ("sessions", one.sessions),
        )
        if number
    ]
    parts += [words("trail.cover_last", day=words.calendar_date(one.last))] if one.last else []
    return f"• {_short(one.point, about)} · {' · '.join(parts)}"


def _short(point: Point, about: Mapping[str, str]) -> str:
    shown = [cut(" ".join(point.text.split()), 2 * POINT)]
    shown += [cut(" ".join(about[point.id].split()), POINT)] if point.id in about else []
    return " · ".join(map(escaped, shown))
