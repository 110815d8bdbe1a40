"""Composing a report: which evidence goes in which chapter. Pure, and the same again for the same evidence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.article import Part, PublishedSentence, says_little
from bot.harvest import Note, SentenceKind, kind_of
from bot.harvest.duplicates import same_statement, statement_key
from bot.trail.fields import Type
from bot.trail.records import Entry
from bot.trail.report.records import Chapter, Coverage, Evidence, FinalReport, Item, Reader, cut
from bot.trail.report.summary import summarise
from bot.trail.sheets import SHEETS, Kind

MOST_TOLD = 60
"""Sentences of sessions that a report prints by themselves, beside those that stand under a point of the agenda."""
PER_GROUP = 3
HEARD = 6
"""Sentences of sessions under one point."""
MOST_QUESTIONS = 20
MOST_RECOMMENDATIONS = 40
TELLING = (Part.BODY, Part.EASY, Part.HARD, Part.CONCLUSION, Part.QUOTE)

CHAPTER_OF: Mapping[Kind, Chapter] = {
    **dict.fromkeys((Kind.AMBITION, Kind.PARTNER, Kind.CONTACT, Kind.FACT, Kind.INTEREST, Kind.COMMUNITY), Chapter.WHO),
    **dict.fromkeys((Kind.GOAL, Kind.CROSS_THEME, Kind.MILEPOST, Kind.CRITERION), Chapter.WHO),
    Kind.ASSIGNMENT: Chapter.AGENDA,
    Kind.PHASE: Chapter.PHASES,
    Kind.EXAMPLE: Chapter.EXAMPLES,
    Kind.OBSTACLE: Chapter.RULES,
    **dict.fromkeys((Kind.REQUEST, Kind.OFFER), Chapter.ASKING),
    Kind.QUESTION: Chapter.QUESTIONS,
    Kind.INDICATOR: Chapter.INDICATORS,
    **dict.fromkeys((Kind.EVALUATION, Kind.REVIEW), Chapter.REVIEWS),
    **dict.fromkeys((Kind.APPLICATION, Kind.PLAN, Kind.DECLARATION), Chapter.JOINING),
    Kind.EVENT: Chapter.TIMELINE,
}
EFFECTS = ("intended", "unintended")
"""What an evaluation says of effects has a chapter of its own."""
PEOPLE = frozenset({"who", "contact"})
"""Fields that name somebody in words: only the region itself reads them, or whoever that person let read it."""


def compose(found: Evidence, on: date | None = None) -> FinalReport:
    """Return the report of everything there is, as it stands `on` a day: the last of which anything is known."""
    notes = {note.id: note for note in found.notes}
    published = {one.id: _said(one, notes) for one in found.sentences}
    contacts = {entry.title.casefold() for entry in found.entries if entry.kind is Kind.CONTACT and entry.confirmed}
    told: dict[Chapter, list[Item]] = {chapter: [] for chapter in Chapter}
    heard: set[str] = set()
    for top in found.entries:
        chapter = CHAPTER_OF.get(top.kind)
        if chapter is None or (top.kind is Kind.CONTACT and not top.confirmed):
            continue
        item = _item(top, found, notes, published, contacts, heard)
        if item is not None:
            told[chapter].append(item)
    told[Chapter.EFFECTS] = _effects(told[Chapter.REVIEWS], told[Chapter.INDICATORS])
    told[Chapter.RECOMMENDATIONS] = _recommendations(found, told, published)
    advised = {
        each.sentence.id for item in told[Chapter.RECOMMENDATIONS] for each in item.everything() if each.sentence
    }
    rest = [one for one in found.sentences if one.id not in heard | advised]
    asked = [one for one in rest if _asks(one)]
    told[Chapter.QUESTIONS] += [published[one.id] for one in asked[:MOST_QUESTIONS]]
    told[Chapter.SESSIONS] = [published[one.id] for one in _worth(rest, MOST_TOLD)]
    told[Chapter.PROMISES] = [
        Item({"": cut(notes[key])}, told=one) for one in found.promises if (key := f"{one.promise.id}:") in notes
    ]
    chapters = {chapter: tuple(_with_words(items)) for chapter, items in told.items()}
    used = {each.note for items in chapters.values() for item in items for one in item.everything()
            for each in one.cuts.values()}  # fmt: skip
    unused = tuple(note for note in notes if note not in used)
    at = on or _last_day(found)
    return FinalReport(found, chapters, unused, _coverage(found, chapters), at, summarise(found, chapters, at))


def _last_day(found: Evidence) -> date:
    """The last day of which anything is known."""
    days = [one.on for one in found.sentences if one.on]
    days += [each.changed_at.date() for each in found.entries if each.changed_at]
    return max(days, default=date.min)


def told_fields(entry: Entry, reader: Reader, contacts: Iterable[str] = ()) -> list[str]:
    """Return the fields of an entry whose words a reader of the report gets."""
    names = []
    for field in SHEETS[entry.kind].fields:
        if field.private or field.type not in (Type.LINE, Type.TEXT):
            continue
        if field.name in PEOPLE and reader is not Reader.REGION and entry.text(field.name).casefold() not in contacts:
            continue
        if field.name == "contact" and entry.text("contact").casefold() not in contacts:
            continue
        names.append(field.name)
    return names


def _item(
    entry: Entry,
    found: Evidence,
    notes: Mapping[str, Note],
    published: Mapping[str, Item],
    contacts: set[str],
    heard: set[str],
) -> Item | None:
    fields = told_fields(entry, found.reader, contacts)
    cuts = {name: cut(notes[key]) for name in fields if (key := f"{entry.id}:{name}") in notes}
    children = [*entry.children, *found.adopters.get(entry.id, ())]
    below = [_item(each, found, notes, published, contacts, heard) for each in children]
    said = [published[one] for one in found.ties.get(entry.id, ()) if one in published][:HEARD]
    heard.update(each.sentence.id for each in said if each.sentence)
    item = Item(cuts, entry=entry, below=tuple(one for one in below if one is not None), heard=tuple(said))
    return item if any(each.sentences for each in cuts.values()) or entry.kind is Kind.ADOPTION else None


def _said(one: PublishedSentence, notes: Mapping[str, Note]) -> Item:
    return Item({"": cut(notes[one.id])}, sentence=one)


def _effects(reviews: Sequence[Item], indicators: Sequence[Item]) -> list[Item]:
    """What came of it, wanted or not; as evaluations say it, and as indicators count it."""
    out = []
    for item in reviews:
        cuts = {name: item.cuts[name] for name in EFFECTS if name in item.cuts}
        if cuts:
            out.append(Item(cuts, entry=item.entry))
    return out + [each for each in indicators if each.entry and each.entry.text("effect") == "side_effect"]


def _recommendations(
    found: Evidence, told: Mapping[Chapter, Sequence[Item]], published: Mapping[str, Item]
) -> list[Item]:
    """Advice of evaluations, conclusions of phases and sessions; one that was said more often has all its sources."""
    said = [Item({"advice": item.cuts["advice"]}, entry=item.entry)
            for item in told[Chapter.REVIEWS] if "advice" in item.cuts]  # fmt: skip
    said += [
        below
        for item in told[Chapter.PHASES]
        for below in item.below
        if below.entry and below.entry.text("aspect") == "conclusion"
    ]
    said += [published[one.id] for one in found.sentences if one.part is Part.CONCLUSION and not says_little(one.text)]
    groups: dict[str, list[Item]] = {}
    out: list[list[Item]] = []
    for item in said:
        text = item.main.text if item.main else ""
        alike = groups.setdefault(statement_key(text), [])
        same = next((group for group in out if group[0] in alike and _same(group[0], text)), None)
        if same is not None:
            same.append(item)
            continue
        alike.append(item)
        out.append([item])
    return [
        Item(first.cuts, first.entry, first.sentence, first.told, also=tuple(more))
        for first, *more in out[:MOST_RECOMMENDATIONS]
    ]


def _same(one: Item, text: str) -> bool:
    return one.main is not None and same_statement(one.main.text, text)


def _asks(one: PublishedSentence) -> bool:
    return one.part is Part.QUESTION or kind_of(one.text) is SentenceKind.QUESTION


def _worth(sentences: Sequence[PublishedSentence], most: int) -> list[PublishedSentence]:
    """What sessions said, the newest session first, of each group as much as there is room for in all fairness."""
    telling = [one for one in sentences if one.part in TELLING and not _asks(one) and not says_little(one.text)]
    groups: dict[str, list[PublishedSentence]] = {}
    for one in telling:
        groups.setdefault(one.group, []).append(one)
    each = PER_GROUP if len(telling) > most else most
    while each > 1 and sum(min(each, len(mine)) for mine in groups.values()) > most:
        each -= 1
    kept = {one.id for mine in groups.values() for one in mine[:each]}
    chosen = [one for one in telling if one.id in kept]
    chosen.sort(key=lambda one: (-(one.on.toordinal() if one.on else 0), one.work_session, one.group_number))
    return chosen[:most]


def _with_words(items: Iterable[Item]) -> Iterable[Item]:
    return (item for item in items if any(each.text for each in item.cuts.values()))


def _coverage(found: Evidence, chapters: Mapping[Chapter, Sequence[Item]]) -> Coverage:
    everything = [one for items in chapters.values() for item in items for one in item.everything()]
    printed = {one.sentence.id for one in everything if one.sentence}
    days = [one.on for one in found.sentences if one.on]
    flat = [each for top in found.entries for each in (top, *top.children)]
    points = [each for each in flat if each.kind is Kind.POINT]
    phases = [each for each in flat if each.kind is Kind.PHASE]
    concluded = {top.id for top in phases for each in top.children if each.text("aspect") == "conclusion"}
    return Coverage(
        entries=len({one.entry.id for one in everything if one.entry}),
        sentences=len(printed),
        groups=len({one.group for one in found.sentences if one.id in printed}),
        sessions=len({one.work_session for one in found.sentences if one.id in printed}),
        left_out=sum(1 for one in found.sentences if one.id not in printed),
        silent_groups=found.silent,
        silent_points=sum(1 for each in points if not found.ties.get(each.id)),
        phases_without_conclusion=sum(1 for each in phases if each.id not in concluded),
        indicators_without_result=sum(1 for each in flat if each.kind is Kind.INDICATOR and not each.text("reached")),
        rules_without_answer=sum(1 for each in flat if each.kind is Kind.OBSTACLE and not each.text("answer")),
        first=min(days, default=None),
        last=max(days, default=None),
    )
