"""What a recogniser writes on: entries as places in the text, that fit their sheets, and note what was understood."""

import re

from bot.trail.fields import Type
from bot.trail.filling import LONGEST_LINE, LONGEST_TEXT
from bot.trail.importing.layout import Outline, Piece
from bot.trail.importing.records import Found, Run
from bot.trail.records import Value
from bot.trail.sheets import SHEETS, Kind

Cut = Run | Piece | tuple[Run, ...]
_POINTED_AT = ("year", "source", "caveat")
"""Fields whose words stand elsewhere in the document, and mean something more there."""
_FIGURE = ("title", "value", "year")
"""By these a figure is the same one."""
_LAST_WORD = re.compile(r"\s+\S*$")


class Draft:
    """The entries of a document so far."""

    def __init__(self, outline: Outline) -> None:
        """Begin with nothing."""
        self.outline = outline
        self.found: list[Found] = []
        self._figures: dict[tuple[Value | None, ...], int] = {}

    def add(
        self, kind: Kind, title: Cut, *, under: int | None = None, region: str = "", **fields: Cut | str | None
    ) -> int:
        """Add an entry and return its number; words are places, a choice or a day is said. Empty fields are left out.

        What is longer than a field takes is cut off at a word; the rest counts as not understood.
        """
        cuts: dict[str, tuple[Run, ...]] = {}
        said: dict[str, str] = {}
        for name, value in {"title": title, **fields}.items():
            field = SHEETS[kind].field(name)
            if field is None:
                raise ValueError(f"{kind} has no field {name}")
            if isinstance(value, str):
                if value:
                    said[name] = value
            elif value:
                runs = _runs(value)
                most = LONGEST_LINE if field.type is Type.LINE else LONGEST_TEXT
                cuts[name] = self._fitting(runs, most)
                if name not in _POINTED_AT:
                    self.outline.take(*cuts[name])
        found = Found(kind, cuts, said, under, region)
        if kind is Kind.FACT:  # the same figure in a sentence and in a list is one figure
            values = found.values(self.outline.text)
            figure = tuple(values.get(name) for name in _FIGURE)
            if (there := self._figures.setdefault(figure, len(self.found))) < len(self.found):
                return there
        self.found.append(found)
        return len(self.found) - 1

    def _fitting(self, runs: tuple[Run, ...], most: int) -> tuple[Run, ...]:
        kept: list[Run] = []
        for run in runs:
            left = most - sum(each.end - each.start + 1 for each in kept)
            words = self.outline.said(run)
            if len(words) > left:
                words = _LAST_WORD.sub("", words[: left + 1]).rstrip(" ,;:-") if left > 0 else ""
            if words.strip():
                kept.append(Run(run.start, run.start + len(words)))
        return tuple(kept)


def _runs(value: Cut) -> tuple[Run, ...]:
    if isinstance(value, Piece):
        return (value.run,)
    return (value,) if isinstance(value, Run) else value


def trimmed(outline: Outline, run: Run, signs: str = " ,;:-–.") -> Run:
    """Return a run without these signs at its end, and without blanks at its beginning."""
    said = outline.said(run)
    start = run.start + len(said) - len(said.lstrip())
    return Run(start, run.start + len(said.rstrip(signs + "\n\u00a0")))


def unquoted(outline: Outline, run: Run) -> Run:
    """Return a run without the quotation marks around it."""
    said = outline.said(run)
    tail = len(said) - len(said.rstrip("’”\"'»."))
    inside = Run(run.start + 1, run.end - tail)
    return inside if said[:1] in "‘“\"'„«" and tail and inside.start < inside.end else run
