"""The pictures of a region: its phases on a line of years, and how often each point of its agenda was spoken of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.drawing import Box, Drawing, Label, Shape, Stroke, Tone

WIDTH = 680.0
NAMES = 232.0
"""Units on the left for names; what two lines cannot hold stands whole in the words beside the picture."""
LONGEST_NAME = 28
"""Letters on one line of a name."""
ROW, BAR, TOP = 36.0, 16.0, 34.0
LINE = 15.0
"""From one line of a name to the next."""
MOST_ROWS = 24
"""Rows that fit on one page; the words beside the picture have all of them."""
MOST_TICKS = 9


@dataclass(frozen=True, slots=True)
class Span:
    """A phase: `begins` None where nobody knows it, `ends` None where it is open."""

    name: str
    begins: date | None
    ends: date | None


def timeline(spans: Sequence[Span]) -> Drawing | None:
    """Draw phases under each other on a line of years; None where no phase has a date.

    A bar whose end is open has a dashed tail to the edge. What has no date at all has a question mark.
    """
    shown = spans[:MOST_ROWS]
    days = [day for span in shown for day in (span.begins, span.ends) if day is not None]
    if not days:
        return None
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    if any(span.begins and not span.ends for span in shown):
        last = date(last.year + 1, 1, 1)  # room for what goes on
    whole = (last - first).days
    height = TOP + ROW * len(shown) + 8

    def at(day: date) -> float:
        return round(NAMES + (WIDTH - NAMES - 8) * (day - first).days / whole, 1)

    shapes: list[Shape] = []
    years = last.year - first.year
    step = max(1, -(-years // MOST_TICKS))
    for year in range(first.year, last.year + 1, step):
        x = at(date(year, 1, 1))
        shapes.append(Stroke(x, TOP - 8, x, height - 6, Tone.PALE))
        shapes.append(Label(x, TOP - 14, str(year), "end" if year == last.year else "middle"))
    for number, span in enumerate(shown):
        top = TOP + number * ROW
        shapes += _named(span.name, top)
        begins = span.begins or span.ends
        if begins is None:
            shapes.append(Label(NAMES + 4, top + BAR - 3, "?"))
            continue
        start = at(begins)
        if span.ends is not None:
            shapes.append(Box(start, top, max(at(span.ends) - start, 4), BAR, Tone.STRONG, dashed=span.begins is None))
            continue
        sure = max(min(at(date(begins.year + 1, begins.month, 1)), at(last)) - start, 4)
        shapes.append(Box(start, top, at(last) - start, BAR, Tone.PALE, dashed=True))
        shapes.append(Box(start, top, sure, BAR, Tone.STRONG))
    return Drawing(WIDTH, height, tuple(shapes))


@dataclass(frozen=True, slots=True)
class Count:
    """A point of the agenda with how often it was spoken of."""

    name: str
    count: int


def coverage(counts: Sequence[Count]) -> Drawing | None:
    """Draw how often each point was spoken of, in the order of the agenda; one that nobody spoke of is a dashed box."""
    shown = counts[:MOST_ROWS]
    if not shown:
        return None
    most = max(1, *(each.count for each in shown))
    room = WIDTH - NAMES - 50
    shapes: list[Shape] = []
    for number, each in enumerate(shown):
        top = 8 + number * ROW
        shapes += _named(each.name, top)
        width = round(room * each.count / most, 1) if each.count else 24.0
        shapes.append(Box(NAMES, top, width, BAR, Tone.STRONG if each.count else Tone.PAPER, dashed=not each.count))
        shapes.append(Label(NAMES + width + 8, top + BAR - 3, str(each.count), strong=True))
    return Drawing(WIDTH, 8 + ROW * len(shown) + 4, tuple(shapes))


def _named(name: str, top: float) -> list[Label]:
    """A name beside its bar: on one line level with it, on two with the bar between them."""
    lines = _lines(name)
    first = top + BAR - 3 - LINE / 2 * (len(lines) - 1)
    return [Label(NAMES - 10, first + LINE * number, said, "end") for number, said in enumerate(lines)]


def _lines(name: str) -> list[str]:
    """At most two lines, broken between words; only a word that is longer than a line is cut."""
    words = " ".join(name.split())
    if len(words) <= LONGEST_NAME:
        return [words]
    first, rest = _broken(words)
    if len(rest) <= LONGEST_NAME:
        return [first, rest]
    second, _ = _broken(rest, LONGEST_NAME - 1)
    return [first, f"{second.rstrip(',;:- ')}…"]


def _broken(words: str, room: int = LONGEST_NAME) -> tuple[str, str]:
    """What fits on a line, and the rest."""
    at = words.rfind(" ", 0, room + 1)
    return (words[:at], words[at + 1 :]) if at > 0 else (f"{words[: room - 1]}-", words[room - 1 :])
