"""Good examples as a document for a newsletter or a website: each with why it worked, who uses it, and its source."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.document import Block, Bullets, Document, Line, Paragraph, Run, Section, Source, line
from bot.trail import Entry, Kind
from bot.trail.examples import contact, users
from handlers.views.harvest_document import labels, slug
from handlers.words import Words

UNDATED = date(2000, 1, 1)
TOLD = ("what", "for_whom", "success", "failure")


def examples_document(
    found: Sequence[Entry],
    contacts: Sequence[Entry],
    names: Mapping[str, str],
    shared_at: Mapping[str, datetime],
    words: Words,
) -> Document:
    """Return the document, the most used first; its day is that of the newest example, so that the same examples are
    the same file. Whom to ask stands in it only where that person said yes."""
    sections = [_section(one, mark, contact(one, contacts), names, words) for mark, one in enumerate(found, 1)]
    return Document(
        language=words.language,
        title=words("trail.examples.document"),
        labels=labels(words),
        on=_day(shared_at, words),
        meta=(words.count("trail.examples.found", len(found)),),
        sections=tuple(sections),
        sources=tuple(Source(mark, _source(one, names, shared_at, words)) for mark, one in enumerate(found, 1)),
    )


def file_name(kind: str, shared_at: Mapping[str, datetime], words: Words) -> str:
    """Return a file name that is safe everywhere."""
    return f"{slug(words('trail.examples.document'), _day(shared_at, words))}.{kind}"


def _section(one: Entry, mark: int, ask: str, names: Mapping[str, str], words: Words) -> Section:
    blocks: list[Block] = [Paragraph((Run(names.get(one.region or "", "…"), mark),), soft=True)]
    lines: list[Line] = [
        (Run(f"{words(f'trail.field_{name}')} ", strong=True), Run(one.text(name))) for name in TOLD if one.text(name)
    ]
    if ask:
        lines.append(line(words("trail.examples.ask", name=ask)))
    blocks.append(Bullets(tuple(lines)))
    changed = [
        (Run(f"{names.get(each.region or '', '…')}: ", strong=True), Run(each.title))
        for each in one.under(Kind.ADOPTION)
        if each.title
    ]
    if number := len(users(one)):
        blocks.append(Paragraph(line(words.count("trail.examples.used", number))))
    if changed:
        blocks.append(Bullets(tuple(changed)))
    return Section(one.title, tuple(blocks))


def _source(one: Entry, names: Mapping[str, str], shared_at: Mapping[str, datetime], words: Words) -> Line:
    told = [names.get(one.region or "", "…")]
    if one.id in shared_at:
        told.append(words("trail.examples.shared_on", day=words.calendar_date(shared_at[one.id])))
    if one.text("source"):
        told.append(one.text("source"))
    if one.origin and one.origin.document:
        lines = {"first": one.origin.first_line, "last": one.origin.last_line}
        told.append(words("trail.found_in", name=one.origin.document, **lines))
    return line(" · ".join(told))


def _day(shared_at: Mapping[str, datetime], words: Words) -> date:
    return max(shared_at.values()).astimezone(words.zone).date() if shared_at else UNDATED
