"""The first page of a report, line by line: words as they were cut, numbers of what is told further on."""

from bot.document import Bullets, Line, Run, Section
from bot.trail.report import About, FinalReport, Reader, Saying, Summed, saying_of
from handlers.views.trail_report_lines import Marks, said
from handlers.words import Words

MOST_MARKS = 10
"""Sources beside one number; the chapter that it counts has them all."""


def summary(found: FinalReport, marks: Marks, words: Words) -> list[Section]:
    """The summary with the marks of what it rests on; nothing where there is nothing to tell."""
    lines = [_line(each, marks, words) for each in found.summary]
    return [Section(words("trail.report.summary"), (Bullets(tuple(lines)),))] if lines else []


def _line(told: Summed, marks: Marks, words: Words) -> Line:
    together = marks.reader is Reader.PROGRAMME
    first = told.items[0]
    advised = told.about is not About.ADVICE or saying_of(first) is Saying.ADVICE
    label = words(f"trail.report.sum_{told.about.value}") if advised else words("trail.report.sum_conclusion")
    if not told.numbers:
        own = first.entry.region if first.entry else None
        whose = f" · {marks.region(own)}" if together and own and told.about is About.PHASE else ""
        return said(first, marks, name=f"{label}{whose}")
    done, *whole = told.numbers
    number = words("trail.report.of", done=str(done), whole=str(whole[0])) if whole else str(done)
    regions = {each.entry.region for each in told.items if each.entry and each.entry.region} if together else set()
    among = [Run(" · "), Run(words.count("trail.report.regions", len(regions)))] if regions else []
    numbers = list(dict.fromkeys(marks.of(each) for each in told.items))
    more = [Run(f" {words('trail.report.and_more')}")] if len(numbers) > MOST_MARKS else []
    return (
        Run(f"{label}: ", strong=True), Run(number), *among,
        *(Run("", mark) for mark in numbers[:MOST_MARKS]), *more,
    )  # fmt: skip
