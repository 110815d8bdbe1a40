"""Earlier impression articles: what the title, date, themes and group texts are, in plain text or Markdown.

What was written stays as it was written: passages are cut out by offsets, with line numbers, and typing errors stay.
Only an encoding that went wrong is undone, and broken accents ('e?e?n') are repaired where text is shown, not stored.
"""

from bot.dates import announced
from bot.encoding import NotReadable, is_page, repaired
from bot.material.lines import FILES, NEXT, clean, lines_of
from bot.material.opening import apart, dated_line, session_day_of, themes_of, title_line
from bot.material.passages import groups_of, passages_of, with_themes
from bot.material.records import Material, Passage, PassageKind

__all__ = ["Material", "Passage", "PassageKind", "recognise"]


def recognise(original: str) -> Material:
    """Return what an earlier document holds. Raises NotReadable when it has no word, or is a web page.

    Lines `#1`, `#2` (or "Groep 1") open group texts; a list that is introduced as themes gives the themes, and each
    group text gets those it is about. Everything else comes as passages under its heading.
    """
    text = repaired(original)
    lines = lines_of(text)
    if is_page(text) or not any(any(c.isalpha() for c in line.text) for line in lines):
        raise NotReadable("there is no text in this file")
    dated = dated_line(lines)
    day = dated[1] if dated else None
    title = title_line(lines, dated[0] if dated else None)
    themes, theme_lines = themes_of(lines)
    skip = {line.number for line in theme_lines} | {title.number} | ({dated[0].number} if dated else set())
    groups = groups_of(lines, text)
    inside = {n for passage in groups for n in range(passage.first_line - 1, passage.last_line + 1)}
    outside = [line for line in lines if line.number not in inside]
    parts = themes if apart(theme_lines, lines) else ()
    rest = list(passages_of(outside, text, skip, parts))
    announcements = [line.text for line in lines if NEXT.search(line.text)]
    session_day = session_day_of(lines, title, day)
    since = day or session_day
    return Material(
        title=clean(title.text),
        day=day,
        session_day=session_day,
        next_day=announced(announcements, since) if since else None,
        themes=themes,
        passages=tuple(sorted([*with_themes(groups, themes), *rest], key=lambda passage: passage.start)),
        files_named=any(FILES.search(line.text) for line in lines),
        text=text,
        original=original,
    )
