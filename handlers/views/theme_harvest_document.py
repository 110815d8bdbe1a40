"""The harvest document of a theme apart from its form: what goes where, and to which source each mark leads."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from bot.article import Attribution, Part, attributed
from bot.document import Block, Bullets, Document, Line, Paragraph, Quote, Run, Section, Source, Table, line
from bot.promises import State, Told
from bot.theme_harvest import Contrast, Figure, Offer, Said, ThemeHarvest
from handlers.views.frame import quoted
from handlers.views.harvest_document import labels, slug
from handlers.words import Words

UNDATED = date(2000, 1, 1)
"""The day of the file where nothing in it has a date."""
FEWEST_ROUNDS = 3
"""Sessions from which on a table says more than a sentence; a chart of so few numbers never does."""


def theme_document(found: ThemeHarvest, words: Words) -> Document:
    """Return the document; its day is that of the newest thing in it, so that the same words are the same file."""
    marks = _Marks(found, words)
    sections = [
        *_claims(found, marks, words),
        *_told(found, marks, words),
        *_list("minority", found.minority, marks, words),
        *_quotes(found.quotes, marks, words),
        *_list("examples", found.examples, marks, words),
        *_list("questions", found.questions, marks, words),
        *_offers(found.offers, marks, words),
        *_contrasts(found.contrasts, marks, words),
        *_figures(found.figures, marks, words),
        *_material(found.material, marks, words),
        *_rounds(found, words),
    ]
    made = words("theme_harvest.with_ai" if found.claims else "theme_harvest.without_ai")
    return Document(
        language=words.language,
        title=words("theme_harvest.title", theme=found.theme.name),
        labels=labels(words),
        on=_day(found),
        meta=tuple(_meta(found, words)),
        sections=tuple(sections),
        closing=(Paragraph(line(coverage_line(found, words)), soft=True),),
        sources=tuple(marks.sources),
        last=made,
    )


def file_name(found: ThemeHarvest, kind: str, words: Words) -> str:
    """Return a file name that is safe everywhere."""
    return f"{slug(words('theme_harvest.title', theme=found.theme.short_name or found.theme.name), _day(found))}.{kind}"


def coverage_line(found: ThemeHarvest, words: Words) -> str:
    """Say on how much the document rests, and how much it leaves out."""
    coverage = found.coverage
    parts = []
    if coverage.sentences:
        parts.append(
            words(
                "theme_harvest.coverage",
                sentences=words.count("theme_harvest.sentences", coverage.sentences),
                groups=words.count("selection.groups", coverage.groups),
                sessions=words.count("theme_harvest.sessions", coverage.sessions),
            )
        )
    if coverage.documents:
        parts.append(words.count("theme_harvest.documents", coverage.documents))
    if coverage.left_out:
        parts.append(words.count("theme_harvest.left_out", coverage.left_out))
    return " ".join(parts)


class _Marks:
    """Numbers the sources in the order in which they are cited; what may not be told apart has one number."""

    def __init__(self, found: ThemeHarvest, words: Words) -> None:
        self.sources: list[Source] = []
        self._found, self._words = found, words
        self._known: dict[object, int] = {}

    def of(self, said: Said) -> int:
        key, made = self._source(said)
        if key not in self._known:
            self._known[key] = len(self.sources) + 1
            self.sources.append(Source(self._known[key], made))
        return self._known[key]

    @cached_property
    def several(self) -> bool:
        """Whether regions differ in this document: one name before every line tells nothing."""
        found = self._found
        listed = (*found.told, *found.minority, *found.examples, *found.questions, *(o.said for o in found.offers))
        return len({self.regions(one) for one in listed}) > 1

    def regions(self, said: Said) -> str:
        """The regions that said it, as far as they may be named."""
        names = self._found.regions
        shown = attributed(said.sentence).regions if said.sentence else ()
        return self._words.list(sorted(names[each] for each in shown if each in names))

    def _source(self, said: Said) -> tuple[object, Line]:
        words = self._words
        if said.sentence is None:
            assert said.passage is not None
            passage = said.passage
            when = words.date(passage.on) if passage.on else ""
            if not when:
                year = passage.year
                when = words("theme_harvest.from_year", year=year) if year else words("theme_harvest.undated")
            text = words("theme_harvest.material_source", title=passage.title, when=when, line=said.line)
            return (passage.document, said.line), line(text)
        where = attributed(said.sentence)
        link = self._found.articles.get(said.sentence.article, "")
        told = _where(where, self.regions(said), words)
        read = (Run(" · "), Run(words("theme_harvest.read_article"), link=link)) if link else ()
        key = (said.sentence.work_session, where.group_number, where.regions)
        return key, (Run(told), *read)


def _where(found: Attribution, regions: str, words: Words) -> str:
    group = words("theme_harvest.group", number=found.group_number) if found.group_number is not None else ""
    day = words.date(found.on) if found.on else ""
    return " · ".join(filter(None, [found.session_title, day, group or words("theme_harvest.some_group"), regions]))


def _day(found: ThemeHarvest) -> date:
    return found.coverage.last or UNDATED


def _meta(found: ThemeHarvest, words: Words) -> list[str]:
    first, last = found.coverage.first, found.coverage.last
    if first is None or last is None:
        return []
    if first == last:
        return [words("theme_harvest.said_on", day=words.date(first))]
    return [words("theme_harvest.said_between", first=words.date(first), last=words.date(last))]


def _line(said: Said, marks: _Marks, *, named: bool = True) -> Line:
    text = quoted(said.text) if said.part is Part.QUOTE else said.text
    regions = marks.regions(said) if named and marks.several else ""
    own = (Run(text, marks.of(said)), *_others(said, marks))
    return (Run(f"{regions}: ", strong=True), *own) if regions else own


def _others(said: Said, marks: _Marks) -> Line:
    """The marks of who said the same at another time or place."""
    first = marks.of(said)
    return tuple(Run("", mark) for mark in dict.fromkeys(map(marks.of, said.also)) if mark != first)


def _claims(found: ThemeHarvest, marks: _Marks, words: Words) -> list[Section]:
    """What a model wrote and code verified, each claim with the marks of the sentences that carry it."""
    by_id = {one.id: one for one in found.carrying}
    lines = []
    for claim in found.claims:
        carrying = list(dict.fromkeys(marks.of(by_id[each]) for each in claim.evidence if each in by_id))
        if carrying:
            lines.append((Run(claim.text, carrying[0]), *(Run("", mark) for mark in carrying[1:])))
    return [Section(words("theme_harvest.in_short"), (Bullets(tuple(lines)),))] if lines else []


def _told(found: ThemeHarvest, marks: _Marks, words: Words) -> list[Section]:
    """What regions say, session by session, the newest first."""
    if not found.told:
        return []
    sessions: dict[str, list[Said]] = {}
    for one in found.told:
        sessions.setdefault(one.sentence.work_session if one.sentence else "", []).append(one)
    inner = []
    for mine in sessions.values():
        first = mine[0]
        title = first.sentence.session_title if first.sentence else ""
        regions = "" if marks.several else marks.regions(first)
        name = " · ".join(filter(None, [title, words.date(first.on) if first.on else "", regions]))
        inner.append(Section(name, (Bullets(tuple(_line(one, marks) for one in mine)),)))
    return [Section(words("theme_harvest.told"), (), tuple(inner))]


def _list(what: str, said: Sequence[Said], marks: _Marks, words: Words) -> list[Section]:
    if not said:
        return []
    return [Section(words(f"theme_harvest.{what}"), (Bullets(tuple(_line(one, marks) for one in said)),))]


def _quotes(said: Sequence[Said], marks: _Marks, words: Words) -> list[Section]:
    blocks = tuple(Quote(_line(one, marks, named=False)) for one in said)
    return [Section(words("theme_harvest.quotes"), blocks)] if blocks else []


def _offers(offers: Sequence[Offer], marks: _Marks, words: Words) -> list[Section]:
    lines = [(*_line(offer.said, marks), Run(f" {_became(offer.promises, words)}")) for offer in offers]
    return [Section(words("theme_harvest.offers"), (Bullets(tuple(lines)),))] if lines else []


def _became(promises: Sequence[Told], words: Words) -> str:
    """What became of an offer, in a template: nobody's words are added to it."""
    if not promises:
        return words("theme_harvest.offer_open")
    said = []
    for told in promises:
        promise = told.promise
        if promise.state is State.MOVED and promise.due:
            said.append(words("theme_harvest.offer_moved", name=told.owner_name, day=words.date(promise.due)))
        elif promise.stands and promise.due:
            said.append(words("theme_harvest.offer_due", name=told.owner_name, day=words.date(promise.due)))
        elif promise.state in (State.KEPT, State.DROPPED):
            said.append(words(f"theme_harvest.offer_{promise.state}", name=told.owner_name))
        else:
            said.append(words("theme_harvest.offer_taken", name=told.owner_name))
    return " ".join(said)


def _contrasts(found: Sequence[Contrast], marks: _Marks, words: Words) -> list[Section]:
    """Sentences that do not agree beside each other, the earlier one first."""
    if not found:
        return []
    rows = tuple(
        (_dated(one.one, marks, words), _dated(one.other, marks, words), line(words(f"theme_harvest.why_{one.why}")))
        for one in found
    )
    header = (words("theme_harvest.one_says"), words("theme_harvest.other_says"), words("theme_harvest.differs"))
    table = Table(words("theme_harvest.contrasts_caption"), header, rows)
    return [Section(words("theme_harvest.contrasts"), (table,))]


def _figures(found: Sequence[Figure], marks: _Marks, words: Words) -> list[Section]:
    inner = [
        Section(figure.counted, (Bullets(tuple(_dated(one, marks, words) for one in figure.said)),)) for figure in found
    ]
    rule = Paragraph(line(words("theme_harvest.figures_rule")), soft=True)
    return [Section(words("theme_harvest.figures"), (rule,), tuple(inner))] if inner else []


def _dated(said: Said, marks: _Marks, words: Words) -> Line:
    year = str(said.year) if said.year else words("theme_harvest.undated")
    when = words.date(said.on) if said.on and said.sentence else year
    return (Run(f"{when}: ", strong=True), Run(quoted(said.text), marks.of(said)), *_others(said, marks))


def _material(said: Sequence[Said], marks: _Marks, words: Words) -> list[Section]:
    if not said:
        return []
    lines = tuple(_dated(one, marks, words) for one in said)
    return [Section(words("theme_harvest.material"), (Bullets(lines),))]


def _rounds(found: ThemeHarvest, words: Words) -> list[Section]:
    if len(found.rounds) < FEWEST_ROUNDS:
        return []
    rows: tuple[tuple[Line, ...], ...] = tuple(
        (line(words.date(one.on) if one.on else one.title), line(str(one.groups)), line(str(one.sentences)))
        for one in found.rounds
    )
    header = tuple(words(f"theme_harvest.column_{name}") for name in ("session", "groups", "sentences"))
    blocks: tuple[Block, ...] = (Table(words("theme_harvest.rounds_caption"), header, rows),)
    return [Section(words("theme_harvest.rounds"), blocks)]
