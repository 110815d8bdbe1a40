"""The lines of a report: a stored text with the mark of its source, and our own words around it."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from bot.article import attributed
from bot.document import Line, Run, Source
from bot.trail import SHEETS, Entry, PartialDate, Type, read_partial
from bot.trail.report import Cut, FinalReport, Item, Reader
from handlers.views.trail_forms import label_of
from handlers.words import Words


class Marks:
    """Numbers the sources in the order in which they are cited; what reads the same has one number."""

    def __init__(self, found: FinalReport, words: Words) -> None:
        self.sources: list[Source] = []
        self.reader: Reader = found.evidence.reader
        self.evidence = found.evidence
        self._words = words
        self._known: dict[Line, int] = {}

    def of(self, item: Item) -> int:
        """Return the number of where an item comes from."""
        made = self._source(item)
        if made not in self._known:
            self._known[made] = len(self.sources) + 1
            self.sources.append(Source(self._known[made], made))
        return self._known[made]

    def region(self, region: str | None) -> str:
        """Return the name of a region, that of the programme for none."""
        return self.evidence.regions.get(region or "", "") or self._words("trail.programme")

    def _source(self, item: Item) -> Line:
        words = self._words
        if item.entry is not None:
            return (Run(self._entry(item.entry)),)
        if item.told is not None:
            said = words("trail.report.source_promise", session=item.told.session_title, name=item.told.owner_name)
            return (Run(said),)
        sentence = item.sentence
        assert sentence is not None
        where = attributed(sentence)
        group = where.group_number
        told = [
            where.session_title,
            words.calendar_date(where.on) if where.on else "",
            words("theme_harvest.group", number=group) if group is not None else words("theme_harvest.some_group"),
            words.list(sorted(filter(None, (self.evidence.regions.get(each, "") for each in where.regions)))),
        ]
        link = self.evidence.articles.get(sentence.article, "")
        read = (Run(" · "), Run(words("theme_harvest.read_article"), link=link)) if link else ()
        return (Run(" · ".join(filter(None, told))), *read)

    def _entry(self, entry: Entry) -> str:
        words, origin = self._words, entry.origin
        kind = words(f"trail.kind_{entry.kind.value}")
        place = words("trail.report.page_of", region=self.region(entry.region))
        if origin is not None and origin.document:
            if origin.first_line == origin.last_line:
                found = words("trail.report.found_on", name=origin.document, line=origin.first_line)
            else:
                found = words("trail.found_in", name=origin.document, first=origin.first_line, last=origin.last_line)
            return " · ".join((place, kind, found))
        on = entry.changed_at
        return " · ".join((place, kind, *([words.calendar_date(on)] if on else [])))


def said(item: Item, marks: Marks, *, name: str = "", beside: Sequence[Run] = ()) -> Line:
    """The text by which an item is known and what stands `beside` it, with its mark and those of who says the same."""
    main = item.main
    text = main.text if main else ""
    others = dict.fromkeys(marks.of(each) for each in item.also)
    first = marks.of(item)
    label = (Run(f"{name} " if name.endswith("?") else f"{name}: ", strong=True),) if name else ()
    start = (Run(text), *beside, Run("", first)) if beside else (Run(text, first),)
    return (*label, *start, *(Run("", mark) for mark in others if mark != first))


def fields(item: Item, marks: Marks, words: Words, skip: Sequence[str] = ("title",)) -> list[Line]:
    """The other texts of an entry, each with the name of its field and its mark; dates and choices in our words."""
    mark = Run("", marks.of(item)) if item.entry is not None else Run("")
    return [(*each, mark) for each in unmarked(item, marks, words, skip)]


def unmarked(item: Item, marks: Marks, words: Words, skip: Sequence[str] = ("title",)) -> list[Line]:
    """The same without marks, for where one at the end covers them all."""
    entry = item.entry
    if entry is None:
        return []
    lines: list[Line] = []
    sheet = SHEETS[entry.kind]
    for field in sheet.fields:
        if field.name in skip:
            continue
        name = words(label_of(sheet, field))
        label = Run(f"{name} " if name.endswith("?") else f"{name}: ", strong=True)
        text = entry.text(field.name)
        if field.name in item.cuts:
            lines.append((label, Run(item.cuts[field.name].text)))
        elif field.type is Type.CHOICE and text:
            lines.append((label, Run(words(f"trail.choice_{text}"))))
        elif field.type is Type.DAY and (day := read_partial(text)):
            lines.append((label, Run(partial_date(day, words))))
        elif (
            field.type is Type.PERSON
            and not sheet.confirmed
            and (who := marks.evidence.names.get(entry.user(field.name)))
        ):
            own = words("trail.report.person") if field.name == "person" else name
            lines.append((Run(f"{own}: ", strong=True), Run(who)))
    return lines


def cut_line(item: Item, name: str, marks: Marks) -> Line:
    """One field of an item with its mark."""
    found: Cut | None = item.cuts.get(name)
    return (Run(found.text, marks.of(item)),) if found else ()


def partial_date(day: PartialDate, words: Words) -> str:
    """Say a date as far as it is known: "2006", "maart 2006" or "17 maart 2006"."""
    if day.day:
        return words.calendar_date(day.first)
    if day.month:
        said: str = format_date(day.first, "MMMM y", locale=words.language)
        return said
    return str(day.year)


def period(entry: Entry, words: Words) -> str:
    """From when to when a phase is, as far as that is known."""
    begins, ends = (read_partial(entry.text(name)) for name in ("begins", "ends"))
    first, last = (partial_date(each, words) if each else "" for each in (begins, ends))
    if first and last:
        return words("trail.report.from_to", first=first, last=last)
    if first:
        return words("trail.report.from_on", first=first)
    return words("trail.report.until", last=last) if last else words("trail.report.no_dates")


def first_day(text: str) -> date | None:
    """The first day that a partial date can mean."""
    found = read_partial(text)
    return found.first if found else None


def last_day(text: str) -> date | None:
    """The last day that a partial date can mean."""
    found = read_partial(text)
    return found.last if found else None
