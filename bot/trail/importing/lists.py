"""Entries as rows of a list, out and in: one column for each field, by its name in code or on screen.

A list holds one kind or several; its first columns say the kind, the region and what an entry hangs under.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.privacy.cells import guarded, unguarded
from bot.problem import Problem
from bot.trail.fields import Type
from bot.trail.filling import check
from bot.trail.records import Entry, Value
from bot.trail.sheets import SHEETS, Kind, Sheet

KIND, REGION, UNDER = "kind", "region", "under"
FRAME = (KIND, REGION, UNDER)
_SEPARATOR = re.compile(r"sep=[,;\t]\r?\n", re.IGNORECASE)

Name = Callable[[str], Sequence[str]]
"""Gives the names under which a column or a choice goes, by its name in code; the first one is written out."""


@dataclass(frozen=True)
class Listed:
    """A row that can be kept: `line` is where it begins in the file, from 1; `under` is the title of its parent."""

    line: int
    kind: Kind
    region: str
    under: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Wrong:
    """What there is to repair on a line, as a key with its values; `column` as it is called in the file."""

    line: int
    column: str
    problem: Problem


@dataclass
class Table:
    """What a list held."""

    rows: list[Listed] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def write(
    entries: Iterable[Entry], kind: Kind, regions: Mapping[str | None, str], titles: Mapping[str, str], name: Name
) -> str:
    """Return entries of a kind as CSV with semicolons, as Dutch Excel reads them; no cell is taken for a formula.

    `regions` gives the name of a region by its id, `titles` that of an entry by its id.
    """
    sheet = SHEETS[kind]
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([guarded(name(each)[0]) for each in _columns(sheet)])
    for entry in entries:
        row = [name(f"kind_{kind.value}")[0], regions.get(entry.region, ""), titles.get(entry.parent or "", "")]
        head = row if sheet.parents else row[:2]
        table.writerow([guarded(cell) for cell in (*head, *(_cell(sheet, each, entry, name) for each in sheet.names))])
    return out.getvalue()


def _columns(sheet: Sheet) -> tuple[str, ...]:
    return (KIND, REGION, *((UNDER,) if sheet.parents else ()), *sheet.names)


def _cell(sheet: Sheet, column: str, entry: Entry, name: Name) -> str:
    found, value = sheet.field(column), entry.values.get(column)
    if found is None or value is None:
        return ""
    if found.type is Type.CHOICE:
        return name(f"choice_{value.text}")[0]
    return value.user or value.text


def read(text: str, name: Name, kind: Kind | None = None) -> Table:
    """Read a list; `kind` is what every row is where the list has no column for it.

    Commas, semicolons and tabs part columns. What cannot be kept is named by line, all at once; nothing is left out in
    silence: a column that no sheet has is wrong too.
    """
    table = Table()
    if said := _SEPARATOR.match(text):  # Excel writes so which sign parts its columns
        text = "\n" + text[said.end() :]
    head = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    header: list[str] | None = None
    try:
        while True:
            begins = reader.line_num + 1
            row = [unguarded(cell.strip()) for cell in next(reader)]
            if header is None:
                header = row if any(row) else None
                table.wrong += [
                    Wrong(begins, column, Problem("", "import.list_twice"))
                    for at, column in enumerate(row)
                    if column and _folded(column) in map(_folded, row[:at])
                ]
                if table.wrong:  # nobody knows which of the two is meant
                    return table
            elif any(row):
                _row(table, begins, dict(zip(header, row, strict=False)), name, kind, header, len(row))
    except StopIteration:
        pass
    except csv.Error:
        table.wrong.append(Wrong(reader.line_num, "", Problem("", "import.list_broken")))
    return table


def _row(
    table: Table, line: int, row: Mapping[str, str], name: Name, kind: Kind | None, header: Sequence[str], cells: int
) -> None:
    def wrong(column: str, key: str, **values: object) -> None:
        table.wrong.append(Wrong(line, column, Problem("", key, values)))

    named = {_folded(column): column for column in header}

    def cell(column: str) -> tuple[str, str]:
        called = next((named[_folded(each)] for each in (column, *name(column)) if _folded(each) in named), "")
        return called, row.get(called, "")

    called, said = cell(KIND)
    found = next((each for each in Kind if said and _folded(said) in _called(f"kind_{each.value}", each, name)), None)
    if said and found is None:
        return wrong(called, "import.list_kind", value=said)
    found = found or kind
    if found is None:
        return wrong("", "import.list_no_kind")
    if cells > len(header):
        return wrong("", "import.list_cells")
    sheet = SHEETS[found]
    known = {cell(column)[0] for column in (*FRAME, *sheet.names)}
    for column in header:
        if column not in known and row.get(column):
            wrong(column, "import.list_column")
    typed = {column: cell(column)[1] for column in sheet.names}
    for each in sheet.fields:
        if each.type is Type.CHOICE and typed[each.name]:
            said = _folded(typed[each.name])
            typed[each.name] = next(
                (one for one in each.choices if said in _called(f"choice_{one}", one, name)), typed[each.name]
            )
    values, problems = check(sheet, typed)
    table.wrong += [Wrong(line, cell(problem.field)[0] or name(problem.field)[0], problem) for problem in problems]
    under = cell(UNDER)[1]
    if sheet.parents and not under:
        wrong(name(UNDER)[0], "import.list_no_parent")
    if not problems:
        table.rows.append(Listed(line, found, cell(REGION)[1], under, values))
    return None


def _called(code: str, bare: str, name: Name) -> set[str]:
    """Every name of a kind or a choice, as it is compared."""
    return {_folded(each) for each in (bare, *name(code))}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
