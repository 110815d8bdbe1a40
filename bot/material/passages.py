"""The group texts, and everything else under its heading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.harvest import Note, Theme, assign
from bot.material.lines import BULLET, FILES, GROUP, HASHES, LONGEST_HEADING, NEXT, Line, clean
from bot.material.records import Passage, PassageKind

_CLOSING = re.compile(r"^\W*(downloads?|delen|share|bijlagen?|attachments?)\W*$", re.IGNORECASE)
_OPENING, _CLOSED = "‘“\"'„«", "’”\"'»"
_SENTENCE_INSIDE = re.compile(r"[^\W\d][.?!]\s|@")


def groups_of(lines: Sequence[Line], text: str) -> list[Passage]:
    """The texts that lines like `#1` open. One such line alone opens nothing: a group has at least one other."""
    marks = [(k, found) for k, line in enumerate(lines) if (found := GROUP.match(line.text))]
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


def _ends_groups(line: Line, last: bool) -> bool:
    """After the last group comes the end of the article: the next date, files, a share button, a heading."""
    if _CLOSING.match(line.text):
        return True
    return last and bool(HASHES.match(line.text) or (NEXT.search(line.text) and len(line.text) < 160))


def with_themes(groups: Sequence[Passage], names: Sequence[str]) -> list[Passage]:
    """Each group text with the themes it is about; a theme that nobody spoke of goes to none."""
    notes = [Note(str(k), passage.text) for k, passage in enumerate(groups)]
    found = assign(notes, [Theme(name, name) for name in names])
    return [replace(passage, themes=found[str(k)]) for k, passage in enumerate(groups)]


def passages_of(lines: Sequence[Line], text: str, skip: set[int], themes: Sequence[str]) -> Iterator[Passage]:
    """Paragraphs, bullets and quotes, each under the heading that stands above it."""
    heading, of_theme = "", ""
    block: list[Line] = []
    after: list[Line | None] = [None] * len(lines)  # the next line with something on it
    for k in range(len(lines) - 2, -1, -1):
        after[k] = after[k + 1] if lines[k + 1].empty else lines[k + 1]

    def done() -> Iterator[Passage]:
        if block:
            yield _passage(block, text, heading, of_theme)
            block.clear()

    for k, line in enumerate(lines):
        following = after[k]
        if GROUP.match(line.text):
            yield from done()
            heading = of_theme = ""
        elif line.number in skip:
            yield from done()
            name = BULLET.sub("", line.text, count=1).strip().rstrip(".;,")
            of_theme = next((theme for theme in themes if name.startswith(theme)), "")
            heading = name if of_theme else heading
        elif line.empty or _CLOSING.match(line.text) or FILES.search(line.text):
            if not line.empty or not (block and following and _goes_on(block[-1], following)):
                yield from done()
        elif _is_heading(line, lines[k + 1] if k + 1 < len(lines) else None, not block):
            yield from done()
            heading = clean(line.text).rstrip(":")
            of_theme = of_theme if of_theme and not heading.isupper() and not HASHES.match(line.text) else ""
        else:
            listed = block and BULLET.match(block[0].text)
            if BULLET.match(line.text) or (listed and not _goes_on(block[-1], line)):
                yield from done()
            block.append(line)
    yield from done()


def _goes_on(line: Line, following: Line) -> bool:
    """A wrapped line: the next starts small and is no bullet, and this one has not ended."""
    return (
        not BULLET.match(following.text)
        and following.text.strip()[:1].islower()
        and line.text.rstrip()[-1:] not in ".!?:;"
    ) or line.text.rstrip().endswith("|")


def _is_heading(line: Line, following: Line | None, opens: bool) -> bool:
    """Short, alone or first, begins with a capital and does not end like a sentence."""
    if HASHES.match(line.text):
        return True
    said = line.text.strip()
    if not opens or len(said) > LONGEST_HEADING or BULLET.match(line.text) or _SENTENCE_INSIDE.search(said):
        return False
    if said.isupper():
        return True
    if said[-1:] in ".!?;," or said[-1:] in _CLOSED:
        return False
    if following is None or following.empty:
        return len(said.split()) <= 12 and not said.islower()
    glued = not following.text.strip()[:1].islower() and len(said.split()) <= 16
    return glued and "(" not in said


def _passage(block: Sequence[Line], text: str, heading: str, of_theme: str) -> Passage:
    first, last = block[0], block[-1]
    marker = BULLET.match(first.text)
    start = first.start + (marker.end() if marker else len(first.text) - len(first.text.lstrip()))
    end = last.start + len(last.text.rstrip())
    said = text[start:end]
    kind = PassageKind.BULLET if marker else PassageKind.TEXT
    if said[:1] in _OPENING and said.rstrip(".")[-1:] in _CLOSED and len(said) > 2:
        kind = PassageKind.QUOTE
    return Passage(kind, start, end, said, first.number, last.number, heading, themes=(of_theme,) if of_theme else ())
