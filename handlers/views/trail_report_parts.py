"""The chapters of a report, one function each: items in, blocks and sections out."""

from collections.abc import Iterable, Sequence

from bot.article import Part
from bot.document import Block, Bullets, Line, Paragraph, Picture, Quote, Run, Section, Table, line
from bot.promises import State as Standing
from bot.trail import Kind
from bot.trail.pictures import Count, Span, coverage, timeline
from bot.trail.report import Item, Reader, Saying, saying_of, series
from handlers.views.trail_report_lines import Marks, cut_line, fields, first_day, last_day, period, said, unmarked
from handlers.words import Words

Drawn = tuple[tuple[Block, ...], tuple[Section, ...]]
ASPECTS = ("easy", "hard", "conclusion")
NAMED = frozenset({Kind.APPLICATION, Kind.PLAN, Kind.DECLARATION})
"""Kinds that share a chapter, so that each says which it is."""
BELOW = (Kind.PRECONDITION, Kind.MILESTONE, Kind.ROLE)


def who(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """The ambition first, as it was written; then figures with their years, and who takes part."""
    blocks: list[Block] = [Quote(said(item, marks)) for item in _of(items, Kind.AMBITION)]
    facts = [_fact(item, marks) for item in _of(items, Kind.FACT)]
    inner = [Section(words("trail.report.facts"), (Bullets(tuple(facts)),))] if facts else []
    for kind in (Kind.PARTNER, Kind.CONTACT, Kind.COMMUNITY, Kind.INTEREST, Kind.GOAL, Kind.CROSS_THEME, Kind.CRITERION,
                 Kind.MILEPOST):  # fmt: skip
        lines = tuple(_with_fields(item, marks, words) for item in _of(items, kind))
        if lines:
            inner.append(Section(words(f"trail.report.all_{kind.value}"), (Bullets(lines),)))
    return tuple(blocks), tuple(inner)


def _fact(item: Item, marks: Marks) -> Line:
    """A figure with its year: two of other years both stand."""
    runs = [Run(item.cuts["title"].text)] if "title" in item.cuts else []
    for name, before, after in (("value", ": ", ""), ("year", " (", ")"), ("source", " · ", "")):
        if name in item.cuts:
            runs += [Run(before), Run(item.cuts[name].text), *([Run(after)] if after else [])]
    return (*runs, Run("", marks.of(item)))


def phases(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """When each was, drawn and in words; what was easy and hard in it, and what was concluded."""
    spans: list[Span] = []
    lines: list[Line] = []
    inner: list[Section] = []
    for item in items:
        if item.entry is not None and item.main is not None:
            begins, ends = first_day(item.entry.text("begins")), last_day(item.entry.text("ends"))
            spans.append(Span(item.main.text, begins, ends))
            lines.append((Run(item.main.text), Run(f": {period(item.entry, words)}"), Run("", marks.of(item))))
    for item in items:
        title = item.main.text if item.main else ""
        blocks: list[Block] = [Paragraph(cut_line(item, "note", marks))] if "note" in item.cuts else []
        told = []
        for aspect in ASPECTS:
            mine = [each for each in item.below if each.entry and each.entry.text("aspect") == aspect]
            if mine:
                text = words(f"trail.report.aspect_{aspect}")
                told.append(Section(text, (Bullets(tuple(said(each, marks) for each in mine)),)))
        if blocks or told:
            inner.append(Section(title, tuple(blocks), tuple(told)))
    drawing = timeline(spans)
    if drawing is None:
        return (Bullets(tuple(lines)),), tuple(inner)
    narrow = timeline(spans, narrow=True)
    return (Picture(words("trail.report.timeline"), tuple(lines), drawing, narrow),), tuple(inner)


def agenda(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """How often each point was spoken of, drawn and in words; then assignment by assignment.

    Where points are of several assignments, each says of which it is.
    """
    points = [(item.main.text if item.main else "", each) for item in items for each in _of(item.below, Kind.POINT)]
    several = len({assignment for assignment, _ in points}) > 1
    counts: list[Count] = []
    lines: list[Line] = []
    for assignment, point in points:
        text = point.main.text if point.main else ""
        heard = len(marks.evidence.ties.get(point.entry.id, ())) if point.entry else 0
        counts.append(Count(text, heard, assignment))
        where = (Run(" · "), Run(assignment)) if several and assignment else ()
        lines.append((Run(text), *where, Run(f" · {_times(heard, words)}"), Run("", marks.of(point))))
    drawing, narrow = coverage(counts), coverage(counts, narrow=True)
    title = words("trail.report.covered")
    blocks: tuple[Block, ...] = (Picture(title, tuple(lines), drawing, narrow),) if drawing else ()
    return blocks, tuple(_assignment(item, marks, words) for item in items)


def _times(heard: int, words: Words) -> str:
    return words.count("trail.report.heard", heard) if heard else words("trail.report.silent")


def _assignment(item: Item, marks: Marks, words: Words) -> Section:
    told = fields(item, marks, words)
    kind = words("trail.kind_assignment")
    blocks: list[Block] = [Paragraph((Run(kind), Run("", marks.of(item))), soft=True)]
    if told:
        blocks.append(Bullets(tuple(told)))
    inner = []
    points = [each for each in _of(item.below, Kind.POINT) if each.heard]
    if points:
        inner.append(Section(words("trail.report.points"), *_points(points, marks)))
    for which in BELOW:
        lines = tuple(_with_fields(each, marks, words) for each in _of(item.below, which))
        if lines:
            inner.append(Section(words(f"trail.report.all_{which.value}"), (Bullets(lines),)))
    if item.heard:
        inner.append(Section(words("trail.report.said_about"), _sentences(item.heard, marks)))
    return Section(item.main.text if item.main else kind, tuple(blocks), tuple(inner))


def _points(points: Sequence[Item], marks: Marks) -> Drawn:
    """What sessions said about each; one that nobody spoke of stands beside the picture, and once is enough."""
    return (), tuple(Section(each.main.text if each.main else "", _sentences(each.heard, marks)) for each in points)


def sessions(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """What else sessions said, the newest first."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.sentence.work_session if item.sentence else "", []).append(item)
    inner = []
    for mine in found.values():
        first = mine[0].sentence
        when = words.calendar_date(first.on) if first and first.on else ""
        name = " · ".join(filter(None, [first.session_title if first else "", when]))
        inner.append(Section(name, _sentences(mine, marks)))
    return (), tuple(inner)


def _sentences(items: Iterable[Item], marks: Marks) -> tuple[Block, ...]:
    """Sentences in a list, quotes set apart."""
    blocks: list[Block] = []
    lines: list[Line] = []
    for item in items:
        if item.sentence is not None and item.sentence.part is Part.QUOTE:
            blocks.append(Quote(said(item, marks)))
        else:
            lines.append(said(item, marks))
    return (Bullets(tuple(lines)), *blocks) if lines else tuple(blocks)


def promises(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """What became of what was promised: kept, moved, still to come, or not coming."""
    inner = []
    for state, among in (
        ("kept", (Standing.KEPT,)),
        ("moved", (Standing.MOVED,)),
        ("stands", (Standing.ACCEPTED, Standing.CHANGED)),
        ("dropped", (Standing.DROPPED,)),
    ):
        lines = [_promise(item, marks, words) for item in items if item.told and item.told.promise.state in among]
        if lines:
            inner.append(Section(words(f"trail.report.promises_{state}"), (Bullets(tuple(lines)),)))
    return (), tuple(inner)


def _promise(item: Item, marks: Marks, words: Words) -> Line:
    told = item.told
    assert told is not None
    due = told.promise.due
    when = f" · {words('trail.report.due', day=words.calendar_date(due))}" if due else ""
    return said(item, marks, beside=(Run(f" · {told.owner_name}{when}"),))


def entries(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """Each entry under its own name, with all that is written on it."""
    inner = []
    for item in items:
        if item.entry is None:
            continue
        kind = words(f"trail.kind_{item.entry.kind.value}")
        lines = fields(item, marks, words)
        users = [each for each in item.below if each.entry and each.entry.kind is Kind.ADOPTION]
        others = [each for each in item.below if each not in users]
        lines += [(Run(f"{words(f'trail.kind_{each.entry.kind.value}')}: ", strong=True), *said(each, marks))
                  for each in others if each.entry]  # fmt: skip
        for each in users:
            name = words("trail.report.used_by", region=marks.region(each.entry.region if each.entry else None))
            text = (Run(": "), *said(each, marks)) if each.main else (Run("", marks.of(each)),)
            lines.append((Run(name), *text))
        blocks: list[Block] = [Bullets(tuple(lines))] if lines else []
        if item.entry.kind in NAMED or not lines:
            blocks.insert(0, Paragraph((Run(kind), Run("", marks.of(item))), soft=True))
        inner.append(Section(item.main.text if item.main else kind, tuple(blocks)))
    return (), tuple(inner)


def listed(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """One line each, with what is written beside it."""
    return (Bullets(tuple(_with_fields(item, marks, words) for item in items)),), ()


def events(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """What happened, in the order of the days."""
    ordered = sorted(items, key=lambda item: item.entry.text("on") if item.entry else "")
    return listed(ordered, marks, words)


def indicators(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """Every indicator with what was aimed at and reached, year after year; by name and never by who did best."""
    by_id = {item.entry.id: item for item in items if item.entry}
    several = marks.reader is Reader.PROGRAMME
    names = ("title", "aimed", "reached", "year", "source")
    header = [words(f"trail.report.column_{name}") for name in (*(["region"] if several else []), *names, "effect")]
    rows, notes = [], []
    for found in series([item.entry for item in items if item.entry], marks.evidence.regions):
        for entry in found.years:
            item = by_id[entry.id]
            cells: list[Line] = [line(marks.region(entry.region))] if several else []
            for name in names:
                text = item.cuts[name].text if name in item.cuts else "–"
                cells.append((Run(text), Run("", marks.of(item))) if name == "title" else line(text))
            cells.append(line(words(f"trail.choice_{entry.text('effect') or 'intended'}")))
            rows.append(tuple(cells))
            if "note" in item.cuts:
                notes.append(cut_line(item, "note", marks))
    caption = words("trail.report.compared" if several else "trail.report.indicators")
    blocks: list[Block] = [Table(caption, tuple(header), tuple(rows))]
    if notes:
        blocks.append(Bullets(tuple(notes)))
    return tuple(blocks), ()


def effects(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """What came of it that was wanted, and what came of it that was not."""
    inner = []
    for name in ("intended", "unintended"):
        lines = [cut_line(item, name, marks) for item in items if name in item.cuts]
        if lines:
            inner.append(Section(words(f"trail.report.effects_{name}"), (Bullets(tuple(lines)),)))
    counted = [item for item in items if item.entry and item.entry.kind is Kind.INDICATOR]
    if counted:
        lines = [said(item, marks) for item in counted]
        inner.append(Section(words("trail.report.effects_counted"), (Bullets(tuple(lines)),)))
    return (), tuple(inner)


def reviews(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """What people looked back on; effects and advice have chapters of their own."""
    apart = ("title", "intended", "unintended", "advice")
    inner = []
    for kind in (Kind.EVALUATION, Kind.REVIEW):
        for item in _of(items, kind):
            name = words(f"trail.title_{kind.value}")
            lines = [said(item, marks, name=name), *fields(item, marks, words, apart)]
            inner.append(Section(words(f"trail.kind_{kind.value}"), (Bullets(tuple(lines)),)))
    return (), tuple(inner)


def recommendations(items: Sequence[Item], marks: Marks, words: Words) -> Drawn:
    """What people advise and concluded, each with all of its sources, apart by where they said it.

    It says first that these are their words, and where a conclusion stands in the report a second time.
    """
    blocks = [Paragraph(line(words("trail.report.by_people")), soft=True)]
    if any(saying_of(one) is not Saying.ADVICE for item in items for one in item.everything()):
        blocks.append(Paragraph(line(words("trail.report.also_there")), soft=True))
    inner = []
    for which in Saying:
        lines = tuple(said(item, marks) for item in items if saying_of(item) is which)
        if lines:
            inner.append(Section(words(f"trail.report.saying_{which.value}"), (Bullets(lines),)))
    return tuple(blocks), tuple(inner)


def _with_fields(item: Item, marks: Marks, words: Words) -> Line:
    """An entry on one line: its text, what else is written on it, and then the mark of all that."""
    beside: list[Run] = []
    for each in unmarked(item, marks, words):
        beside += [Run(" · "), *(Run(run.text, run.source, run.link) for run in each)]
    return said(item, marks, beside=beside)


def _of(items: Iterable[Item], kind: Kind) -> list[Item]:
    return [item for item in items if item.entry and item.entry.kind is kind]
