"""A drawing apart from its form: boxes, lines and labels on a sheet of so many units, readable without colour.

Nothing is told by colour alone: tones differ in lightness, what is unsure is dashed, and every box has a label.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Tone(StrEnum):
    """How dark something is; five steps that stay apart in grey and for every kind of colour blindness."""

    INK = "ink"
    STRONG = "strong"
    MIDDLE = "middle"
    PALE = "pale"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with an edge; `dashed` says that it is open or unsure."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A thin line."""

    x: float
    y: float
    to_x: float
    to_y: float
    tone: Tone = Tone.MIDDLE


@dataclass(frozen=True, slots=True)
class Label:
    """Words on the sheet; `y` is the line on which they stand, `anchor` which end of them `x` is."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    tone: Tone = Tone.INK
    strong: bool = False


Shape = Box | Stroke | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, in order, on a sheet of `width` by `height` units; a letter is 13 units high."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
