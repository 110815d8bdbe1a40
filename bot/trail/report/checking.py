"""What may not leave in a report: a word that is not what the evidence says, and what is not this reader's to read.

The words go through the verifier of every digest (`bot.harvest.verify`); what only a report can get wrong is here.
"""

import re
from collections.abc import Iterable, Sequence

from bot.document import Bullets, Document, plain, runs, texts
from bot.harvest import Claim, Digest, Note, Problem, Section, Sentence, Theme
from bot.harvest.verify import verify
from bot.trail.records import State
from bot.trail.report.records import Chapter, FinalReport, Item, Reader, Summed, saying_of
from bot.trail.report.summary import summarise
from bot.trail.sheets import SHEETS


def problems(report: FinalReport, notes: Sequence[Note]) -> list[Problem]:
    """Return what is wrong with a report against the stored `notes`; an empty list means that it may leave."""
    return [
        *verify(_digest(report, notes), notes),
        *_twice(report),
        *_readers(report),
        *_recommended(report),
        *_summed(report),
    ]


def _digest(report: FinalReport, notes: Sequence[Note]) -> Digest:
    """The report as what every digest is: chapters for themes, sentences of sessions for claims, all else cited."""
    sections: list[Section] = []
    themes: dict[str, Theme] = {}
    sentences: dict[str, Sentence] = {}
    used: set[str] = set()
    parts: list[tuple[str, Iterable[Item]]] = [(name.value, items) for name, items in report.chapters.items()]
    parts.append(("summary", [item for line in report.summary for item in line.items]))
    for chapter, items in parts:
        everything = [one for item in items for one in item.everything()]
        if not everything:
            continue
        cuts = [(one, each) for one in everything for each in one.cuts.values()]
        cited = {sentence.id: sentence for _, each in cuts for sentence in each.sentences}
        sentences |= cited
        used |= {each.note for _, each in cuts}
        claims = tuple(
            Claim(sentence.text, (sentence.id,), chapter)
            for one, each in cuts
            if one.sentence is not None
            for sentence in each.sentences
        )
        themes[chapter] = Theme(chapter, chapter)
        aside = tuple(dict.fromkeys(cited))
        mine = tuple(dict.fromkeys(each.note for _, each in cuts))
        sections.append(Section(chapter, chapter, mine, (), claims, (), aside))
    unused = tuple(note.id for note in notes if note.id not in used)
    return Digest("harvest", "", tuple(sections), unused, sentences, themes, "embedded")


def _twice(report: FinalReport) -> Iterable[Problem]:
    """A sentence says the same wherever it stands: a true one elsewhere does not hide a false one."""
    known: dict[str, Sentence] = {}
    for one in (*report.items, *(each for line in report.summary for item in line.items for each in item.everything())):
        for each in (sentence for cut in one.cuts.values() for sentence in cut.sentences):
            if known.setdefault(each.id, each) != each:
                yield Problem("quotes", each.id, "one sentence has two texts")


def _readers(report: FinalReport) -> Iterable[Problem]:
    """What a region does not share is in its own report only; who did not say yes is in none as a contact."""
    reader, region = report.evidence.reader, report.evidence.region
    for one in report.items:
        entry = one.entry
        if entry is None:
            if one.told is not None and not one.told.promise.is_public:
                yield Problem("unpublished", one.told.promise.id, "its owner did not say yes")
            continue
        own = entry.region is None if reader is Reader.PROGRAMME else reader is Reader.REGION and entry.region == region
        if entry.state is not State.SHARED and not (own and entry.stands):
            yield Problem("unpublished", entry.id, "it is not shared with who reads this")
        if SHEETS[entry.kind].confirmed and not entry.confirmed:
            yield Problem("contact", entry.id, "the person did not say that it is right")


def _recommended(report: FinalReport) -> Iterable[Problem]:
    """Each recommendation is advice or a conclusion of somebody, with its source, and so is each that says the same."""
    for item in report.chapters.get(Chapter.RECOMMENDATIONS, ()):
        for one in item.everything():
            text = one.main.text[:60] if one.main else ""
            if one.entry is None and one.sentence is None:
                yield Problem("evidence", text, "no source")
            elif saying_of(one) is None:
                yield Problem("evidence", text, "nobody wrote it as advice or as a conclusion")


def _summed(report: FinalReport) -> Iterable[Problem]:
    """The summary counts what the evidence holds, and tells the phase and the advice that the report tells."""
    right = summarise(report.evidence, report.chapters, report.on)
    if len(right) != len(report.summary):
        yield Problem("summary", "", "a line is missing or too many")
    for line, other in zip(report.summary, right, strict=False):
        if line != other:
            yield Problem("summary", line.about.value, "it is not what the evidence gives")


def strays(
    document: Document, chapters: Iterable[Iterable[Item]], summary: Sequence[Summed] | None = None
) -> list[Problem]:
    """Return what a document says otherwise than these chapters of its report: nothing changes on the way to paper.

    Every text that was cut stands in it as it is, and words with a mark are nothing but such a text. Where a `summary`
    is given, the document opens with it, line by line: the words of each as they were cut, or its numbers.
    """
    told = {plain(each.text) for items in chapters for item in items for one in item.everything()
            for each in one.cuts.values() if each.text}  # fmt: skip
    said = set(map(plain, texts(document)))
    missing = [Problem("quotes", text[:60], "it is not in the document") for text in sorted(told - said)]
    if summary is not None:
        missing += _unlike(document, summary)
    return missing + [
        Problem("quotes", run.text[:60], "the words are not in the report")
        for run in runs(document)
        if run.source and run.text and plain(run.text) not in told
    ]


def _unlike(document: Document, summary: Sequence[Summed]) -> Iterable[Problem]:
    """Lines of the summary on paper that do not say what the summary says."""
    said = [line for block in document.sections[0].blocks if isinstance(block, Bullets) for line in block.lines]
    said = said if summary else []
    if len(said) != len(summary):
        yield Problem("summary", "", "a line is missing or too many")
    for line, told in zip(said, summary, strict=False):
        words = [run.text for run in line if not run.strong and run.text.strip()]
        if told.numbers:
            right = tuple(int(each) for each in re.findall(r"\d+", words[0])) == told.numbers
        else:
            main = told.items[0].main
            right = main is not None and plain(main.text) in map(plain, words)
        if not right:
            yield Problem("summary", told.about.value, "it says something else on paper")
