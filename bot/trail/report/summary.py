"""The first page of a report: its ambition, where it stands in numbers, and what was advised most often.

Every line rests on things that the report tells, so that it never says more than what follows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.promises import State as Standing
from bot.trail.phases import tense_of
from bot.trail.profile import Tense
from bot.trail.records import Entry
from bot.trail.report.records import About, Chapter, Evidence, Item, Reader, Summed
from bot.trail.sheets import Kind

MOST_ADVICE = 3


def summarise(found: Evidence, chapters: Mapping[Chapter, Sequence[Item]], on: date) -> tuple[Summed, ...]:
    """Return the summary of a report as it is on a day; numbers are counted in the evidence, not in the report."""
    told = {one.entry.id: one for items in chapters.values() for item in items for one in item.everything()
            if one.entry}  # fmt: skip
    flat = [each for top in found.entries for each in (top, *top.children) if each.id in told]
    whole = found.reader is Reader.PROGRAMME

    def of(kind: Kind) -> list[Entry]:
        return [each for each in flat if each.kind is kind]

    def counted(about: About, among: Sequence[Entry], done: Iterable[Entry]) -> list[Summed]:
        number = len(list(done))
        return [Summed(about, tuple(told[each.id] for each in among), number, len(among))] if among else []

    lines = [
        Summed(About.AMBITION, (told[each.id],))
        for each in of(Kind.AMBITION)
        if not whole or each.region is None
    ]  # fmt: skip
    lines += [Summed(About.PHASE, (told[each.id],)) for each in of(Kind.PHASE) if tense_of(each, on) is Tense.NOW]
    points, parts, needs = of(Kind.POINT), of(Kind.MILESTONE), of(Kind.PRECONDITION)
    lines += counted(About.POINTS, points, (each for each in points if found.ties.get(each.id)))
    lines += counted(About.PARTS, parts, (each for each in parts if each.text("standing") == "done"))
    lines += counted(About.PRECONDITIONS, needs, (each for each in needs if each.text("standing") == "met"))
    lines += _sessions(found, chapters)
    lines += _promises(found, chapters)
    rules = of(Kind.OBSTACLE)
    lines += counted(About.RULES, rules, (each for each in rules if each.text("answer")))
    aimed = [each for each in of(Kind.INDICATOR) if each.text("aimed")]
    lines += counted(About.INDICATORS, aimed, (each for each in aimed if each.text("reached")))
    advice = sorted(chapters.get(Chapter.RECOMMENDATIONS, ()), key=lambda item: -len(list(item.everything())))
    return (*lines, *(Summed(About.ADVICE, (item,)) for item in advice[:MOST_ADVICE]))


def _sessions(found: Evidence, chapters: Mapping[Chapter, Sequence[Item]]) -> list[Summed]:
    """Sessions of which something was published; one sentence of each group is enough to lead there."""
    first: dict[tuple[str, str], Item] = {}
    for items in chapters.values():
        for one in (each for item in items for each in item.everything()):
            if one.sentence is not None:
                first.setdefault((one.sentence.work_session, one.sentence.group), one)
    held = len({one.work_session for one in found.sentences})
    return [Summed(About.SESSIONS, tuple(first.values()), held)] if held and first else []


def _promises(found: Evidence, chapters: Mapping[Chapter, Sequence[Item]]) -> list[Summed]:
    items = tuple(chapters.get(Chapter.PROMISES, ()))
    mine = {item.told.promise.id for item in items if item.told}
    kept = sum(1 for one in found.promises if one.promise.id in mine and one.promise.state is Standing.KEPT)
    return [Summed(About.PROMISES, items, kept, len(items))] if items else []
