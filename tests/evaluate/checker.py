"""A second opinion on harvests: is every quote a sentence that stands in its note, and does every note have its place?

Knows nothing of the engine: no splitter, no offsets, no record of it. It reads the notes and what was printed, and
draws sentence borders in two ways: ends that nobody can doubt, and ends that are possible at all. A quote must begin
and end at a possible border, hold no certain one inside, and its number must lie between the two counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

CLOSING = "\"'’”»)]"
_FINAL = ".!?…"
_BLANKS = " \t\u00a0"
_LINE_ENDS = "\n\r\u2028\u2029"
_POSSIBLE = re.compile(rf"[.!?…]+[{re.escape(CLOSING)}]*|[\n\r\u2028\u2029]+")
_CERTAIN = re.compile(
    rf"""(?P<word>[^\W\d_]{{2,}}|\d{{2,}}\s[^\W\d_]{{3,}})[.!?]+[{re.escape(CLOSING)}]*\ +(?=[A-ZÀ-Þ][a-zß-ÿ])
    |(?P<asked>\w)[!?]+[{re.escape(CLOSING)}]*\ +(?=[A-ZÀ-Þ][a-zß-ÿ])
    |(?P<line>\w[.!?][ \t]*(?:\r\n|\n)+[ \t]*)(?=[A-ZÀ-Þ])
    |(?P<gap>\w[ \t]*\n[ \t]*\n\s*)(?=\w)""",
    re.VERBOSE,
)
_TITLES = frozenset(["bijv", "mevr", "incl", "excl", "resp", "approx", "prof", "drs", "dhr"])
"""Nothing ends with these."""
_ABBREVIATIONS = """bv evt mw burg weth dr ir ing mr mrs ms st nr nrs no art blz p max min tel enz etc vgl mln mld jan
feb mrt apr jun jul aug sep sept okt nov dec ca jl gem vs fig vol hon inc ltd co mt zgn mbt tav oa ed vz plv ex ev"""
_SHORTENED = _TITLES | set(_ABBREVIATIONS.split())
"""A sentence may end with these, and may go on after them: nobody can be sure."""
_MARKER = re.compile(r"(?:\d{1,2}[.)]|[A-Za-z][.)]|#{1,6}|#\d+|[-–—•·*▪◦‣☑☐✓✔>])\s*")
_ID = re.compile(r"^(?P<note>.+)\.s(?P<number>[1-9][0-9]*)$", re.DOTALL)


def problems(printed: Any, notes: Sequence[Mapping[str, Any]], *, written: bool = False) -> list[str]:
    """Return what is wrong with a printed harvest; an empty list means that every rule holds.

    `notes` are the rows that went in (`id`, `text`). With `written` a point may be in a model's own words, and only
    its evidence is checked; without it every point must be a sentence of the note that its first evidence names.
    """
    if wrong := _shape(printed):
        return [wrong]
    texts = {str(note["id"]): str(note["text"]) for note in notes}
    found = _coverage(printed, texts)
    said: dict[str, str] = {}
    for theme in printed["themes"]:
        for point in theme["points"]:
            found += _point(point, theme, texts, said, written)
        for quote in theme["quotes"]:
            if quote["note"] not in theme["notes"]:
                found.append(f"quote from {quote['note']}, which is not in theme {theme['id']}")
            if not occurrences(quote["text"], texts.get(quote["note"], "")):
                found.append(f"quote is no sentence of {quote['note']}: {quote['text'][:60]!r}")
    return found


def occurrences(quote: str, note: str) -> list[int]:
    """Return where in a note these words stand, to the byte, as whole sentences."""
    found, at = [], note.find(quote) if any(c.isalnum() for c in quote) else -1
    while at >= 0:
        if _begins(note, at) and _ends(note, at, at + len(quote)) and not _certain(note, at, at + len(quote)):
            found.append(at)
        at = note.find(quote, at + 1)
    return found


def numbers(note: str, at: int) -> range:
    """Return which sentence numbers, from 1, a sentence that begins here can have."""
    parts = [m.end() for m in _POSSIBLE.finditer(note) if m.end() <= at]
    return range(1 + len(_certain(note, 0, at)), 2 + len(parts))


def _begins(note: str, at: int) -> bool:
    """Whether a sentence can begin here: at the front, on a new line, after an end, or after a list marker there."""
    if note[at].isspace() or _inside_token(note, at):
        return False
    before = note[:at].rstrip(_BLANKS)
    while before and before[-1] not in _LINE_ENDS:
        core = before.rstrip(CLOSING)
        if core and core[-1] in _FINAL:
            return re.split(r"[^\w.]+", core)[-1].rstrip(".").lower() not in _TITLES
        line = max(before.rfind(c) for c in _LINE_ENDS + _FINAL) + 1
        opening = before[line:].lstrip(_BLANKS)
        if not _MARKER.fullmatch(opening):
            return False
        before = before[: len(before) - len(opening)].rstrip(_BLANKS)
    return True


def _inside_token(note: str, at: int) -> bool:
    """Whether a border here would run through a number, an abbreviation or an address: "3.|5", "o.|a.", "www.|x.nl"."""
    if not 0 < at < len(note) or note[at - 1].isspace():
        return False
    if note[at - 1].isalnum():
        return note[at].isalnum()
    glued = note[at].islower() and note[at - 1] in ".@/" and not re.match(r"[a-z]\)\s", note[at:])
    return glued or bool(re.match(r"\d\.\d(?!\d?[.)]\s)", note[max(0, at - 2) :]))


def _ends(note: str, start: int, at: int) -> bool:
    if note[at - 1].isspace() or _inside_token(note, at):
        return False
    rest = note[at:].lstrip(_BLANKS)
    if not rest or rest[0] in _LINE_ENDS:
        return True
    said = note[start:at].rstrip(CLOSING)
    return bool(said) and said[-1] in _FINAL and note[at] not in CLOSING + _FINAL


def _certain(note: str, start: int, end: int) -> list[int]:
    """Ends of sentences that nobody can doubt, strictly inside this part of the note or at its very end."""
    ends = []
    for m in _CERTAIN.finditer(note, max(0, start)):
        if m.end() > end:
            break
        word = (m["word"] or "").lower()
        if word not in _SHORTENED:
            ends.append(m.end())
    return ends


def _shape(printed: Any) -> str:
    if not isinstance(printed, Mapping) or not all(isinstance(printed.get(k), list) for k in ("themes", "unplaced")):
        return "not an object with the lists 'themes' and 'unplaced'"
    for theme in printed["themes"]:
        if not {"id", "name", "notes", "points", "quotes"} <= theme.keys():
            return f"a theme without id, name, notes, points or quotes: {str(theme)[:60]}"
        for point in theme["points"]:
            if not isinstance(point.get("text"), str) or not isinstance(point.get("evidence"), list):
                return f"theme {theme['id']}: a point without text or evidence"
        for quote in theme["quotes"]:
            if not isinstance(quote.get("text"), str) or not isinstance(quote.get("note"), str):
                return f"theme {theme['id']}: a quote without text or note"
    return ""


def _coverage(printed: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """Every note is in a theme or listed as left over, never both; nothing else is."""
    placed = [i for theme in printed["themes"] for i in theme["notes"]]
    left = printed["unplaced"]
    found = [f"note {i} is nowhere" for i in texts if i not in {*placed, *left}]
    found += [f"note {i} does not exist" for i in [*placed, *left] if i not in texts]
    found += [f"note {i} is in a theme and left over" for i in left if i in set(placed)]
    ids = [theme["id"] for theme in printed["themes"]]
    found += [f"theme {i} is listed twice" for i in {i for i in ids if ids.count(i) > 1}]
    for theme in printed["themes"]:
        if len(set(theme["notes"])) != len(theme["notes"]):
            found.append(f"theme {theme['id']} lists a note twice")
    return found


def _point(
    point: Mapping[str, Any], theme: Mapping[str, Any], texts: Mapping[str, str], said: dict[str, str], written: bool
) -> list[str]:
    where = f"point {point['text'][:50]!r}"
    if not point["evidence"]:
        return [f"{where}: no evidence"]
    found = []
    for i in point["evidence"]:
        known = _ID.match(i) if isinstance(i, str) else None
        if not known or known["note"] not in texts:
            found.append(f"{where}: {i!r} is no sentence of these notes")
        elif known["note"] not in theme["notes"]:
            found.append(f"{where}: {i} is from a note outside theme {theme['id']}")
        elif int(known["number"]) > 1 + len(_POSSIBLE.findall(texts[known["note"]])):
            found.append(f"{where}: {i} is beyond the end of its note")
    if found or written:
        return found
    first = point["evidence"][0]
    known = _ID.match(first)
    assert known
    note = texts[known["note"]]
    places = occurrences(point["text"], note)
    if not places:
        return [f"{where}: is no sentence of {known['note']}"]
    if not any(int(known["number"]) in numbers(note, at) for at in places):
        return [f"{where}: is not sentence {known['number']} of {known['note']}"]
    if said.setdefault(first, point["text"]) != point["text"]:
        return [f"{where}: {first} said something else before"]
    return []
