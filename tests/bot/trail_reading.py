"""What a document gave, in one line for each entry: what it is, where its words stand, and what was read of them.

So an expectation can be written down, and counted, without the words of the document themselves.
"""

from __future__ import annotations

from bot.material import Material
from bot.trail import SHEETS, Kind, Type
from bot.trail.importing import Found, Reading, Run

BY_PLACE = ("who", "organisation", "contact", "address", "whom", "about", "source", "sector")
PEOPLE = (Kind.CONTACT, Kind.OFFER)
"""Of these a title is shown by its place only: it names people."""


def rows(found: Reading, material: Material) -> list[str]:
    """Every entry as a line; `under` gives the first line of its parent."""
    return [_row(each, found, material.text) for each in found.found]


def _row(each: Found, found: Reading, text: str) -> str:
    said = [each.kind.value, _lines(each.title, text)]
    title = each.values(text)["title"].text.split()
    said.append(_place(each.title, text) if each.kind in PEOPLE else f"{title[0]}…{title[-1]}")
    if each.under is not None:
        said.append(f"under={_line(found.found[each.under].title.start, text)}")
    if each.region:
        said.append(f"region={each.region}")
    for field in SHEETS[each.kind].fields[1:]:
        if field.name in each.set:
            said.append(f"{field.name}={each.set[field.name]}")
        elif runs := each.cuts.get(field.name):
            whole = Run(runs[0].start, runs[-1].end)
            value = each.values(text)[field.name].text.replace(" ", "_")
            placed = field.type is not Type.LINE or field.name in BY_PLACE or len(runs) > 1 or len(value) >= 25
            said.append(f"{field.name}={_where(field.name, whole, text) if placed else value}")
    return " ".join(said)


def _where(name: str, run: Run, text: str) -> str:
    return _place(run, text) if name in BY_PLACE else _lines(run, text)


def _line(at: int, text: str) -> int:
    return text.count("\n", 0, at) + 1


def _lines(run: Run, text: str) -> str:
    first, last = _line(run.start, text), _line(run.end - 1, text)
    return str(first) if first == last else f"{first}-{last}"


def _place(run: Run, text: str) -> str:
    start = text.rfind("\n", 0, run.start) + 1
    return f"{_line(run.start, text)}@{run.start - start}-{run.end - start}"
