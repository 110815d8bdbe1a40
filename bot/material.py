"""Earlier impression articles: what the title, date, themes and group texts are, in plain text or Markdown.

What was written stays as it was written: passages are cut out by offsets, with line numbers, and typing errors stay.
Only an encoding that went wrong is undone, and broken accents ('e?e?n') are repaired where text is shown, not stored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.dates import announced
from bot.encoding import NotReadable, repaired
from bot.harvest import Note, Theme, assign


class PassageKind(StrEnum):
    """What a passage is in its document."""

    GROUP = "group"
    TEXT = "text"
    BULLET = "bullet"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document: `text` is `Material.text[start:end]`, on lines `first_line` to `last_line` (from 1).

    `group` is the number of the group whose text it is. `themes` are names out of `Material.themes`, best first.
    """

    kind: PassageKind
    start: int
    end: int
    text: str
    first_line: int
    last_line: int
    heading: str = ""
    group: int | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """An earlier document. `original` is the file as it was decoded; `text` is the same, line for line, with a wrong
    encoding undone. `session_day` is the day it tells about, `next_day` the next meeting it announces."""

    title: str
    day: date | None
    session_day: date | None
    next_day: date | None
    themes: tuple[str, ...]
    passages: tuple[Passage, ...]
    files_named: bool
    text: str
    original: str

    @property
    def groups(self) -> tuple[Passage, ...]:
        """The group texts, in the order of the document; empty when it has none."""
        return tuple(passage for passage in self.passages if passage.kind == PassageKind.GROUP)


_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december "
    "january february march april may june july august september october november december"
)
_MONTH = {name: k % 12 + 1 for k, name in enumerate(_MONTHS.split())}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY = re.compile(rf"\b(\d{{1,2}})\s+({_NAMES})\b(?:\s+(\d{{4}}))?", re.IGNORECASE)
_WHOLE_DATE = re.compile(
    rf"^(?:datum|date|gepubliceerd(?:\sop)?|published(?:\son)?)?\s*:?\s*(?:[a-z]+dag|[a-z]+day)?,?\s*"
    rf"(?:(\d{{1,2}})\s+({_NAMES})\s+(\d{{4}})|(\d{{4}})-(\d\d)-(\d\d)|(\d{{1,2}})[-/](\d{{1,2}})[-/](\d{{4}}))\W*$",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"^\s*(?:\#{1,6}\s+|\*{2})?(?:\#\s?(\d{1,2})|(?:groep(?:je)?|group|tafel|table)\s+(\d{1,2}))\s*[:.]?\s*(?:\*{2})?\s*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+(\S.*?)\s*$")
_BULLET = re.compile(r"^\s*(?:(?:[-–*•·▪◦‣☑☐✓✔]|\d{1,2}[.)])(?:\s+|$))+")
_EMPTY = re.compile(r"^[\s\-–*•·▪◦‣☑☐✓✔_=>#]*$")
_HASHES = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)")
_ABOUT_THEMES = re.compile(r"\b(thema|theme|onderwerp|subject|topic)", re.IGNORECASE)
_CLOSING = re.compile(r"^\W*(downloads?|delen|share|bijlagen?|attachments?)\W*$", re.IGNORECASE)
_NEXT = re.compile(
    r"\b(volgende|eerstvolgende|next)\s+(\w+\s+)?(werksessie|sessie|bijeenkomst|keer|datum|session|meeting|date)\b",
    re.IGNORECASE,
)
_FILES = re.compile(
    r"\b(bestanden|files)\b.*\b(bijgevoegd|attached)\b|^\W*downloads?\W*$", re.IGNORECASE | re.MULTILINE
)
_OPENING, _CLOSED = "‘“\"'„«", "’”\"'»"
_SENTENCE_INSIDE = re.compile(r"[^\W\d][.?!]\s|@")
_LONGEST_HEADING = 110
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    end: int
    text: str

    @property
    def empty(self) -> bool:
        return bool(_EMPTY.match(self.text))


def recognise(original: str) -> Material:
    """Return what an earlier document holds. Raises NotReadable when it has no word.

    Lines `#1`, `#2` (or "Groep 1") open group texts; a list that is introduced as themes gives the themes, and each
    group text gets those it is about. Everything else comes as passages under its heading.
    """
    text = repaired(original)
    lines = _lines(text)
    if not any(any(c.isalpha() for c in line.text) for line in lines):
        raise NotReadable("there is no text in this file")
    dated = _dated(lines)
    day = dated[1] if dated else None
    title = _title(lines, dated[0] if dated else None)
    themes, theme_lines = _themes(lines)
    skip = {line.number for line in theme_lines} | {title.number} | ({dated[0].number} if dated else set())
    groups = _groups(lines, text)
    inside = {n for passage in groups for n in range(passage.first_line - 1, passage.last_line + 1)}
    outside = [line for line in lines if line.number not in inside]
    parts = themes if _apart(theme_lines, lines) else ()
    rest = list(_passages(outside, text, skip, parts))
    announcements = [line.text for line in lines if _NEXT.search(line.text)]
    session_day = _session_day(lines, title, day)
    since = day or session_day
    return Material(
        title=_clean(title.text),
        day=day,
        session_day=session_day,
        next_day=announced(announcements, since) if since else None,
        themes=themes,
        passages=tuple(sorted([*_with_themes(groups, themes), *rest], key=lambda passage: passage.start)),
        files_named=any(_FILES.search(line.text) for line in lines),
        text=text,
        original=original,
    )


def _lines(text: str) -> list[_Line]:
    out, at = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        out.append(_Line(number, at, at + len(line), line))
        at += len(line) + 1
    return out


def _clean(line: str) -> str:
    """A heading without its Markdown signs."""
    return _HASHES.sub("", line).strip().strip("*_").strip()


def _dated(lines: Sequence[_Line]) -> tuple[_Line, date] | None:
    """The line near the top that is a date and nothing else."""
    for line in [line for line in lines if not line.empty][:6]:
        if found := _WHOLE_DATE.match(_clean(line.text)):
            d, month, y, iso_y, iso_m, iso_d, d2, m2, y2 = found.groups()
            try:
                if month:
                    return line, date(int(y), _MONTH[month.lower()], int(d))
                return line, date(int(iso_y or y2), int(iso_m or m2), int(iso_d or d2))
            except ValueError:  # 31 February: a line of text like any other
                continue
    return None


def _title(lines: Sequence[_Line], dated: _Line | None) -> _Line:
    """The first Markdown heading of the first level near the top, else the first line with words that is no date."""
    top = [line for line in lines if not line.empty and line is not dated]
    return next((line for line in top[:4] if re.match(r"#\s+\S", line.text)), top[0] if top else lines[0])


def _session_day(lines: Sequence[_Line], title: _Line, day: date | None) -> date | None:
    """The day the document tells about, from its title or its first lines; without a year the last such day."""
    if day is None:
        return None
    for line in [title, *[line for line in lines if not line.empty][:4]]:
        for d, month, year in _DAY.findall(line.text):
            try:
                found = date(int(year or day.year), _MONTH[month.lower()], int(d))
                if found > day and not year:
                    found = found.replace(year=day.year - 1)
            except ValueError:
                continue
            if line is title or found != day:
                return found
    return None


def _themes(lines: Sequence[_Line]) -> tuple[tuple[str, ...], list[_Line]]:
    """The names in a list that is introduced as themes, and the lines they stand on."""
    full = [line for line in lines if not line.empty]
    for k, line in enumerate(full):
        before = " ".join(other.text for other in full[max(0, k - 2) : k])
        if not _ABOUT_THEMES.search(before) or not _BULLET.match(line.text):
            continue
        numbered = _NUMBERED.match(line.text)
        found = _numbered_run(full[k:]) if numbered else _bullet_run(full[k:])
        if len(found) >= 2 and (not numbered or numbered[1] == "1"):
            names = [_BULLET.sub("", item.text, count=1).strip().rstrip(".;,") for item in found]
            short = [name if len(name) <= _LONGEST_NAME else name.split(" (")[0].strip() for name in names]
            return tuple(dict.fromkeys(short)), found
    return (), []


def _apart(theme_lines: Sequence[_Line], lines: Sequence[_Line]) -> bool:
    """Whether text stands between the themes, so that they are headings of that text and no mere list."""
    if not theme_lines:
        return False
    numbers = {line.number for line in theme_lines}
    between = range(theme_lines[0].number, theme_lines[-1].number)
    return any(n not in numbers and not lines[n - 1].empty for n in between)


def _numbered_run(lines: Sequence[_Line]) -> list[_Line]:
    """Lines 1., 2., 3., in their order, also when text stands between them, until the count starts again."""
    out: list[_Line] = []
    for line in lines:
        found = _NUMBERED.match(line.text)
        if found and int(found[1]) == len(out) + 1 and len(found[2]) <= _LONGEST_HEADING:
            out.append(line)
        elif found or _GROUP.match(line.text):
            break
    return out


def _bullet_run(lines: Sequence[_Line]) -> list[_Line]:
    out: list[_Line] = []
    for line in lines:
        if not _BULLET.match(line.text):
            break
        out.append(line)
    return out


def _groups(lines: Sequence[_Line], text: str) -> list[Passage]:
    """The texts that lines like `#1` open. One such line alone opens nothing: a group has at least one other."""
    marks = [(k, found) for k, line in enumerate(lines) if (found := _GROUP.match(line.text))]
    if len(marks) < 2:
        return []
    out = []
    for n, (k, found) in enumerate(marks):
        stop = marks[n + 1][0] if n + 1 < len(marks) else len(lines)
        body = lines[k + 1 : stop]
        end = next((j for j, line in enumerate(body) if _ends_groups(line, n + 1 == len(marks))), len(body))
        full = [line for line in body[:end] if not line.empty]
        if full:
            start, last = full[0].start, full[-1].start + len(full[-1].text.rstrip())
            start += len(full[0].text) - len(full[0].text.lstrip())
            number = int(found[1] or found[2])
            out.append(
                Passage(PassageKind.GROUP, start, last, text[start:last], full[0].number, full[-1].number, "", number)
            )
    return out


def _ends_groups(line: _Line, last: bool) -> bool:
    """After the last group comes the end of the article: the next date, files, a share button, a heading."""
    if _CLOSING.match(line.text):
        return True
    return last and bool(_HASHES.match(line.text) or (_NEXT.search(line.text) and len(line.text) < 160))


def _with_themes(groups: Sequence[Passage], names: Sequence[str]) -> list[Passage]:
    """Each group text with the themes it is about; a theme that nobody spoke of goes to none."""
    notes = [Note(str(k), passage.text) for k, passage in enumerate(groups)]
    found = assign(notes, [Theme(name, name) for name in names])
    return [replace(passage, themes=found[str(k)]) for k, passage in enumerate(groups)]


def _passages(lines: Sequence[_Line], text: str, skip: set[int], themes: Sequence[str]) -> Iterator[Passage]:
    """Paragraphs, bullets and quotes, each under the heading that stands above it."""
    heading, of_theme = "", ""
    block: list[_Line] = []
    after: list[_Line | None] = [None] * len(lines)  # the next line with something on it
    for k in range(len(lines) - 2, -1, -1):
        after[k] = after[k + 1] if lines[k + 1].empty else lines[k + 1]

    def done() -> Iterator[Passage]:
        if block:
            yield _passage(block, text, heading, of_theme)
            block.clear()

    for k, line in enumerate(lines):
        following = after[k]
        if _GROUP.match(line.text):
            yield from done()
            heading = of_theme = ""
        elif line.number in skip:
            yield from done()
            name = _BULLET.sub("", line.text, count=1).strip().rstrip(".;,")
            of_theme = next((theme for theme in themes if name.startswith(theme)), "")
            heading = name if of_theme else heading
        elif line.empty or _CLOSING.match(line.text) or _FILES.search(line.text):
            if not line.empty or not (block and following and _goes_on(block[-1], following)):
                yield from done()
        elif _is_heading(line, lines[k + 1] if k + 1 < len(lines) else None, not block):
            yield from done()
            heading = _clean(line.text).rstrip(":")
            of_theme = of_theme if of_theme and not heading.isupper() and not _HASHES.match(line.text) else ""
        else:
            listed = block and _BULLET.match(block[0].text)
            if _BULLET.match(line.text) or (listed and not _goes_on(block[-1], line)):
                yield from done()
            block.append(line)
    yield from done()


def _goes_on(line: _Line, following: _Line) -> bool:
    """A wrapped line: the next starts small and is no bullet, and this one has not ended."""
    return (
        not _BULLET.match(following.text)
        and following.text.strip()[:1].islower()
        and line.text.rstrip()[-1:] not in ".!?:;"
    ) or line.text.rstrip().endswith("|")


def _is_heading(line: _Line, following: _Line | None, opens: bool) -> bool:
    """Short, alone or first, begins with a capital and does not end like a sentence."""
    if _HASHES.match(line.text):
        return True
    said = line.text.strip()
    if not opens or len(said) > _LONGEST_HEADING or _BULLET.match(line.text) or _SENTENCE_INSIDE.search(said):
        return False
    if said.isupper():
        return True
    if said[-1:] in ".!?;," or said[-1:] in _CLOSED:
        return False
    if following is None or following.empty:
        return len(said.split()) <= 12 and not said.islower()
    glued = not following.text.strip()[:1].islower() and len(said.split()) <= 16
    return glued and "(" not in said


def _passage(block: Sequence[_Line], text: str, heading: str, of_theme: str) -> Passage:
    first, last = block[0], block[-1]
    marker = _BULLET.match(first.text)
    start = first.start + (marker.end() if marker else len(first.text) - len(first.text.lstrip()))
    end = last.start + len(last.text.rstrip())
    said = text[start:end]
    kind = PassageKind.BULLET if marker else PassageKind.TEXT
    if said[:1] in _OPENING and said.rstrip(".")[-1:] in _CLOSED and len(said) > 2:
        kind = PassageKind.QUOTE
    return Passage(kind, start, end, said, first.number, last.number, heading, themes=(of_theme,) if of_theme else ())
