"""What the top of a document tells: its title, its days and its themes."""

import re
from collections.abc import Sequence
from datetime import date

from bot.dates.vocabulary import FULL_MONTHS, either
from bot.material.lines import BULLET, GROUP, LONGEST_HEADING, Line, clean

_NAMES = either(FULL_MONTHS)
_DAY = re.compile(rf"\b(\d{{1,2}})\s+({_NAMES})\b(?:\s+(\d{{4}}))?", re.IGNORECASE)
_WHOLE_DATE = re.compile(
    rf"^(?:datum|date|gepubliceerd(?:\sop)?|published(?:\son)?)?\s*:?\s*(?:[a-z]+dag|[a-z]+day)?,?\s*"
    rf"(?:(\d{{1,2}})\s+({_NAMES})\s+(\d{{4}})|(\d{{4}})-(\d\d)-(\d\d)|(\d{{1,2}})[-/](\d{{1,2}})[-/](\d{{4}}))\W*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+(\S.*?)\s*$")
_ABOUT_THEMES = re.compile(r"\b(thema|theme|onderwerp|subject|topic)", re.IGNORECASE)
_LONGEST_NAME = 80


def dated_line(lines: Sequence[Line]) -> tuple[Line, date] | None:
    """The line near the top that is a date and nothing else."""
    for line in [line for line in lines if not line.empty][:6]:
        if found := _WHOLE_DATE.match(clean(line.text)):
            d, month, y, iso_y, iso_m, iso_d, d2, m2, y2 = found.groups()
            try:
                if month:
                    return line, date(int(y), FULL_MONTHS[month.lower()], int(d))
                return line, date(int(iso_y or y2), int(iso_m or m2), int(iso_d or d2))
            except ValueError:  # 31 February: a line of text like any other
                continue
    return None


def title_line(lines: Sequence[Line], dated: Line | None) -> Line:
    """The first Markdown heading of the first level near the top, else the first line with words that is no date."""
    top = [line for line in lines if not line.empty and line is not dated]
    return next((line for line in top[:4] if re.match(r"#\s+\S", line.text)), top[0] if top else lines[0])


def session_day_of(lines: Sequence[Line], title: Line, day: date | None) -> date | None:
    """The day the document tells about, from its title or its first lines; without a year the last such day."""
    if day is None:
        return None
    for line in [title, *[line for line in lines if not line.empty][:4]]:
        for d, month, year in _DAY.findall(line.text):
            try:
                found = date(int(year or day.year), FULL_MONTHS[month.lower()], int(d))
                if found > day and not year:
                    found = found.replace(year=day.year - 1)
            except ValueError:
                continue
            if line is title or found != day:
                return found
    return None


def themes_of(lines: Sequence[Line]) -> tuple[tuple[str, ...], list[Line]]:
    """The names in a list that is introduced as themes, and the lines they stand on."""
    full = [line for line in lines if not line.empty]
    for k, line in enumerate(full):
        before = " ".join(other.text for other in full[max(0, k - 2) : k])
        if not _ABOUT_THEMES.search(before) or not BULLET.match(line.text):
            continue
        numbered = _NUMBERED.match(line.text)
        found = _numbered_run(full[k:]) if numbered else _bullet_run(full[k:])
        if len(found) >= 2 and (not numbered or numbered[1] == "1"):
            names = [BULLET.sub("", item.text, count=1).strip().rstrip(".;,") for item in found]
            short = [name if len(name) <= _LONGEST_NAME else name.split(" (")[0].strip() for name in names]
            return tuple(dict.fromkeys(short)), found
    return (), []


def apart(theme_lines: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether text stands between the themes, so that they are headings of that text and no mere list."""
    if not theme_lines:
        return False
    numbers = {line.number for line in theme_lines}
    between = range(theme_lines[0].number, theme_lines[-1].number)
    return any(n not in numbers and not lines[n - 1].empty for n in between)


def _numbered_run(lines: Sequence[Line]) -> list[Line]:
    """Lines 1., 2., 3., in their order, also when text stands between them, until the count starts again."""
    out: list[Line] = []
    for line in lines:
        found = _NUMBERED.match(line.text)
        if found and int(found[1]) == len(out) + 1 and len(found[2]) <= LONGEST_HEADING:
            out.append(line)
        elif found or GROUP.match(line.text):
            break
    return out


def _bullet_run(lines: Sequence[Line]) -> list[Line]:
    out: list[Line] = []
    for line in lines:
        if not BULLET.match(line.text):
            break
        out.append(line)
    return out
