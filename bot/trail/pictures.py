"""The pictures of a region: its phases on a line of years, and how often each point of its agenda was spoken of.

Each is drawn for paper and a wide screen, or `narrow`: for a phone, with names above their bars and no letter smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.drawing import Box, Drawing, Label, Shape, Stroke, Tone

WIDTH = 680.0
NAMES = 232.0
"""Units on the left for names; what two lines cannot hold stands whole in the words beside the picture."""
LONGEST_NAME = 28
"""Letters on one line of a name."""
NARROW = 350.0
"""Units from side to side on a phone of 390: there a unit is a pixel."""
EDGE = 18.0
"""Units on the left of a narrow picture, in which half a year's number fits."""
LONGEST_ABOVE = 42
"""Letters on one line of a name that stands above its bar."""
LONGEST_HEAD = 78
"""Letters of an assignment above its points, on a wide picture."""
ROW, BAR, TOP = 36.0, 16.0, 34.0
LINE = 15.0
"""From one line of a name to the next."""
KNOWN = 4.0
"""Units of the first day of a phase whose end is open."""
MOST_ROWS = 24
"""Rows that fit on one page; the words beside the picture have all of them."""
MOST_TICKS, MOST_TICKS_NARROW = 9, 5


@dataclass(frozen=True, slots=True)
class Span:
    """A phase: `begins` None where nobody knows it, `ends` None where it is open."""

    name: str
    begins: date | None
    ends: date | None


def timeline(spans: Sequence[Span], *, narrow: bool = False) -> Drawing | None:
    """Draw phases under each other on a line of years; None where no phase has a date.

    A phase whose end is open is dashed from its first day to the edge: how long it lasts nobody wrote. What has no date
    at all has a question mark.
    """
    shown = spans[:MOST_ROWS]
    days = [day for span in shown for day in (span.begins, span.ends) if day is not None]
    if not days:
        return None
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    if any(span.begins and not span.ends for span in shown):
        last = date(last.year + 1, 1, 1)  # room for what goes on
    whole = (last - first).days
    sheet = _Sheet(narrow, TOP)
    rows = [sheet.row(span.name) for span in shown]
    height = sheet.top + 8

    def at(day: date) -> float:
        return round(sheet.left + (sheet.width - sheet.left - 8) * (day - first).days / whole, 1)

    shapes: list[Shape] = []
    years = last.year - first.year
    step = max(1, -(-years // (MOST_TICKS_NARROW if narrow else MOST_TICKS)))
    for year in range(first.year, last.year + 1, step):
        x = at(date(year, 1, 1))
        shapes.append(Stroke(x, TOP - 8, x, height - 6, Tone.PALE))
        shapes.append(Label(x, TOP - 14, str(year), "end" if year == last.year else "middle"))
    for span, (named, top) in zip(shown, rows, strict=True):
        shapes += named
        begins = span.begins or span.ends
        if begins is None:
            shapes.append(Label(sheet.left + 4, top + BAR - 3, "?"))
            continue
        start = at(begins)
        if span.ends is not None:
            shapes.append(Box(start, top, max(at(span.ends) - start, 4), BAR, Tone.STRONG, dashed=span.begins is None))
            continue
        shapes.append(Box(start, top, at(last) - start, BAR, Tone.PALE, dashed=True))
        shapes.append(Box(start, top, KNOWN, BAR, Tone.STRONG))
    return Drawing(sheet.width, height, tuple(shapes))


@dataclass(frozen=True, slots=True)
class Count:
    """A point of the agenda with how often it was spoken of, and the assignment that it is `of`."""

    name: str
    count: int
    of: str = ""


def coverage(counts: Sequence[Count], *, narrow: bool = False) -> Drawing | None:
    """Draw how often each point was spoken of, in the order of the agenda; one that nobody spoke of is a dashed box.

    Where points are of several assignments, each assignment stands above its own.
    """
    if not counts:
        return None
    several = len({each.of for each in counts}) > 1
    most = max(1, *(each.count for each in counts))
    sheet = _Sheet(narrow, 8)
    room = sheet.width - sheet.left - 50
    shapes: list[Shape] = []
    above: str | None = None
    left = MOST_ROWS
    for each in counts:
        head = several and each.of != above
        if left < 1 + head:
            break
        left -= 1 + head
        if head:
            above = each.of
            shapes.append(sheet.head(above))
        named, top = sheet.row(each.name)
        shapes += named
        width = round(room * each.count / most, 1) if each.count else 24.0
        shapes.append(
            Box(sheet.left, top, width, BAR, Tone.STRONG if each.count else Tone.PAPER, dashed=not each.count)
        )
        shapes.append(Label(sheet.left + width + 8, top + BAR - 3, str(each.count), strong=True))
    return Drawing(sheet.width, sheet.top + 4, tuple(shapes))


class _Sheet:
    """Where rows go, from `top` down: names on the left of their bars, or above them where it is narrow."""

    def __init__(self, narrow: bool, top: float) -> None:
        self.narrow, self.top = narrow, top
        self.width, self.left = (NARROW, EDGE) if narrow else (WIDTH, NAMES)

    def row(self, name: str) -> tuple[list[Label], float]:
        """Return the words of the next row and the top of its bar."""
        if not self.narrow:
            top = self.top
            self.top += ROW
            return _named(name, top), top
        lines = _lines(name, LONGEST_ABOVE)
        named = [Label(4, self.top + LINE * number - 3, said) for number, said in enumerate(lines, start=1)]
        top = self.top + LINE * len(lines) + 4
        self.top = top + BAR + 12
        return named, top

    def head(self, name: str) -> Label:
        """Return the words above the rows that follow, on one line."""
        room = LONGEST_ABOVE - 4 if self.narrow else LONGEST_HEAD
        said = _lines(name, room)
        label = Label(4, self.top + 13, said[0] if len(said) == 1 else f"{said[0].rstrip(',;:- …')}…", strong=True)
        self.top += LINE + 10
        return label


def _named(name: str, top: float) -> list[Label]:
    """A name beside its bar: on one line level with it, on two with the bar between them."""
    lines = _lines(name)
    first = top + BAR - 3 - LINE / 2 * (len(lines) - 1)
    return [Label(NAMES - 10, first + LINE * number, said, "end") for number, said in enumerate(lines)]


def _lines(name: str, room: int = LONGEST_NAME) -> list[str]:
    """At most two lines, broken between words; only a word that is longer than a line is cut."""
    words = " ".join(name.split())
    if len(words) <= room:
        return [words]
    first, rest = _broken(words, room)
    if len(rest) <= room:
        return [first, rest]
    second, _ = _broken(rest, room - 1)
    return [first, f"{second.rstrip(',;:- ')}…"]


def _broken(words: str, room: int) -> tuple[str, str]:
    """What fits on a line, and the rest."""
    at = words.rfind(" ", 0, room + 1)
    return (words[:at], words[at + 1 :]) if at > 0 else (f"{words[: room - 1]}-", words[room - 1 :])
