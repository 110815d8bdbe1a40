"""The final report and the page of a region apart from their form: what goes where, and where each word comes from."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.document import Block, Bullets, Document, Line, Paragraph, Run, Section, line
from bot.trail import State
from bot.trail.report import Chapter, FinalReport, Item, Reader
from handlers.views import trail_report_parts as parts
from handlers.views.harvest_document import labels, slug
from handlers.views.trail_report_lines import Marks
from handlers.views.trail_report_summary import summary
from handlers.words import Words

Draw = Callable[[Sequence[Item], Marks, Words], tuple[tuple[Block, ...], tuple[Section, ...]]]

DRAWN: dict[Chapter, Draw] = {
    Chapter.WHO: parts.who,
    Chapter.JOINING: parts.entries,
    Chapter.AGENDA: parts.agenda,
    Chapter.PHASES: parts.phases,
    Chapter.TIMELINE: parts.events,
    Chapter.SESSIONS: parts.sessions,
    Chapter.PROMISES: parts.promises,
    Chapter.EXAMPLES: parts.entries,
    Chapter.RULES: parts.entries,
    Chapter.ASKING: parts.listed,
    Chapter.INDICATORS: parts.indicators,
    Chapter.EFFECTS: parts.effects,
    Chapter.REVIEWS: parts.reviews,
    Chapter.QUESTIONS: parts.listed,
    Chapter.RECOMMENDATIONS: parts.recommendations,
}
ON_PAGE = (
    Chapter.WHO, Chapter.JOINING, Chapter.AGENDA, Chapter.PHASES, Chapter.TIMELINE, Chapter.PROMISES,
    Chapter.EXAMPLES, Chapter.RULES, Chapter.ASKING, Chapter.INDICATORS,
)  # fmt: skip
"""What a region's page has of it, so that a stranger knows who it is."""
TOGETHER = (Chapter.SESSIONS, Chapter.PROMISES, Chapter.INDICATORS, Chapter.RECOMMENDATIONS)
"""Chapters in which regions stand beside each other, not one after another."""


def report_document(found: FinalReport, on: date, words: Words) -> Document:
    """Return the whole report; `on` is the day on which it was made."""
    name = _name(found)
    title = words("trail.report.title_region", region=name) if name else words("trail.report.title_programme")
    return _document(found, tuple(Chapter), title, on, words, summed=True)


def page_document(found: FinalReport, on: date, words: Words) -> Document:
    """Return the page of a region as something to take along."""
    return _document(found, ON_PAGE, _name(found) or words("trail.programme"), on, words)


def file_name(found: FinalReport, kind: str, on: date, words: Words, *, page: bool = False) -> str:
    """Return a file name that is safe everywhere."""
    name = _name(found) or words("trail.programme")
    title = name if page else words("trail.report.title_region", region=name)
    return f"{slug(title, on)}.{kind}"


def _name(found: FinalReport) -> str:
    return found.evidence.regions.get(found.evidence.region or "", "")


def _document(
    found: FinalReport, chapters: Sequence[Chapter], title: str, on: date, words: Words, *, summed: bool = False
) -> Document:
    marks = Marks(found, words)
    sections = summary(found, marks, words) if summed else []
    sections += [
        section for chapter in chapters for section in _chapter(chapter, found.chapters.get(chapter, ()), marks, words)
    ]
    own = [one.entry for one in found.items if one.entry is not None and one.entry.state is not State.SHARED]
    private = found.evidence.reader is Reader.REGION and bool(own)
    coverage = found.coverage
    meta = [words("trail.report.made_on", day=words.calendar_date(on))]
    if summed and coverage.first and coverage.last:
        said = words(
            "theme_harvest.said_between",
            first=words.calendar_date(coverage.first),
            last=words.calendar_date(coverage.last),
        )
        meta.append(said)
    return Document(
        language=words.language,
        title=title,
        labels=labels(words),
        on=on,
        meta=tuple(meta),
        notice=words("trail.report.own_only") if private else "",
        sections=(*sections, *_rests_on(found, tuple(chapters), words)),
        sources=tuple(marks.sources),
        last=words("trail.report.without_model"),
    )


def _chapter(chapter: Chapter, items: Sequence[Item], marks: Marks, words: Words) -> list[Section]:
    if not items:
        return []
    title, draw = words(f"trail.report.chapter_{chapter.value}"), DRAWN[chapter]
    if marks.reader is not Reader.PROGRAMME or chapter in TOGETHER:
        blocks, inner = draw(items, marks, words)
        return [Section(title, blocks, inner)]
    sections: list[Section] = []
    together = [item for item in items if item.entry is None or item.entry.region is None]
    blocks, inner = draw(together, marks, words) if together else ((), ())
    sections += inner
    for region in dict.fromkeys(item.entry.region for item in items if item.entry and item.entry.region):
        mine = [item for item in items if item.entry and item.entry.region == region]
        sections.append(Section(marks.region(region), *draw(mine, marks, words)))
    return [Section(title, blocks, tuple(sections))]


def _rests_on(found: FinalReport, chapters: Sequence[Chapter], words: Words) -> list[Section]:
    """On how much it rests, how much it leaves out, and what nobody filled in; a page tells of no sessions.

    What is not there for who reads what a region shares, may well be there for the region.
    """
    coverage, whole = found.coverage, Chapter.SESSIONS in chapters
    told = {one.entry.id for chapter in chapters for item in found.chapters.get(chapter, ())
            for one in item.everything() if one.entry}  # fmt: skip
    entries = words.count("trail.report.entries", coverage.entries if whole else len(told))
    rests = f"{entries}."
    if whole:
        rests = words(
            "trail.report.rests_on",
            entries=entries,
            sentences=words.count("theme_harvest.sentences", coverage.sentences),
            groups=words.count("selection.groups", coverage.groups),
            sessions=words.count("theme_harvest.sessions", coverage.sessions),
        )
    missing: list[Line] = [
        line(words.count(f"trail.report.missing_{name}", number))
        for name, number in (
            ("left_out", coverage.left_out if whole else 0),
            ("silent_groups", coverage.silent_groups if whole else 0),
            ("silent_points", coverage.silent_points),
            ("conclusions", coverage.phases_without_conclusion),
            ("results", coverage.indicators_without_result),
            ("answers", coverage.rules_without_answer),
        )
        if number
    ]
    empty = [words(f"trail.report.chapter_{chapter.value}") for chapter in chapters if not found.chapters.get(chapter)]
    if empty:
        shared = found.evidence.reader is Reader.OUTSIDE
        key = "trail.report.missing_shared" if shared else "trail.report.missing_chapters"
        missing.append((Run(words(key, names=words.list(empty))),))
    blocks: list[Block] = [Paragraph(line(rests), soft=True)]
    if missing:
        blocks.append(Bullets(tuple(missing)))
    return [Section(words("trail.report.coverage"), tuple(blocks))]
