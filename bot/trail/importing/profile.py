"""Who a region is, in any document: coalition, ambition, figures with their year, communities, contact, requests."""

import re
from collections.abc import Sequence

from bot.trail.importing import cues, days
from bot.trail.importing.draft import Draft, trimmed, unquoted
from bot.trail.importing.layout import Form, Piece, Section
from bot.trail.importing.records import Run
from bot.trail.sheets import Kind

_PARTS = re.compile(r"\([^()]*\)|[^,;()]+")
_AND = re.compile(r"\s+(?:en|and)\s+(?=(?:de|het|the)\s|\S+$)")
_OF = re.compile(r"^(?:uit|of|partners:?)\s+")


def figures(draft: Draft, section: Section, source: Run | None) -> None:
    """Lines of a list that count something: "19 gemeenten"; the year is that of the document's own date."""
    year = year_of(draft)
    for piece in section.items:
        if number := cues.MANY.match(piece.text):
            what = trimmed(draft.outline, piece.cut(number.end(), len(piece.text)), " ,;:")
            draft.add(Kind.FACT, what, value=piece.cut(*number.span(1)), year=year, source=source)


def year_of(draft: Draft) -> Run | None:
    """Return where the year stands of which a document speaks: its only one, or the one in its first lines."""
    found = days.years(draft.outline.text)
    said = {draft.outline.said(run) for run in found}
    if len(said) == 1:
        return found[0]
    top = [run for run in found if draft.outline.line(run.start) <= 6]
    return top[0] if top else None


def coalition(draft: Draft, piece: Piece) -> None:
    """A sentence that says of whom the coalition consists: each is a partner, and a number of them is a figure."""
    outline = draft.outline
    for run in piece.sentences():
        said = outline.said(run)
        found = cues.COALITION.search(said)
        if not found or said.count(",") < 2:
            continue
        start = run.end - len(said[found.end() :].lstrip(" :"))
        parts = [trimmed(outline, part) for part in _listed(outline.text, Run(start, run.end))]
        for part in parts:
            words = outline.said(part)
            sector = cues.SECTOR.search(words)
            place = Run(part.start + sector.start(), part.start + sector.end()) if sector else None
            draft.add(Kind.PARTNER, part, sector=place)
        for part in parts:
            if number := cues.MANY.match(outline.said(part)):
                what = Run(part.start + number.end(), part.end)
                value = Run(part.start, part.start + number.end(1))
                draft.add(Kind.FACT, what, value=value, year=year_of(draft))
        outline.take(run)


def _listed(text: str, run: Run) -> list[Run]:
    """What commas part, outside brackets; the last one may hold "x and the y"."""
    ends, depth = [run.start], 0
    for at in range(run.start, run.end):
        depth += (text[at] == "(") - (text[at] == ")")
        if text[at] in ",;" and not depth:
            ends += [at, at + 1]
    ends.append(run.end)
    parts = [Run(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if text[a:b].strip(" .")]
    if parts:
        last = parts.pop()
        both = _AND.search(text[last.start : last.end])
        halves = [last]
        if both:
            halves = [Run(last.start, last.start + both.start()), Run(last.start + both.end(), last.end)]
        parts += halves
    return parts


def prose(draft: Draft, pieces: Sequence[Piece]) -> None:
    """Sentences of a page about a region that say what it wants, asks, does and where it takes part."""
    outline = draft.outline
    for piece in pieces:
        if piece.form is not Form.TEXT or contact(draft, piece):
            continue
        if piece.quoted:
            draft.add(Kind.AMBITION, unquoted(outline, piece.run))
            continue
        coalition(draft, piece)
        sentences = piece.sentences()
        for number, run in enumerate(sentences):
            said = outline.said(run)
            if outline.is_taken(run):
                continue
            if found := cues.COMMUNITY.search(said):
                place = Run(run.start + found.start(), run.start + found.end())
                draft.add(Kind.COMMUNITY, place, note=Run(run.start, sentences[-1].end))
            elif cues.LEARN.search(said):
                since = number
                while since > max(0, number - 3) and not outline.is_taken(sentences[since - 1]):
                    since -= 1
                draft.add(Kind.REQUEST, Run(sentences[since].start, run.end), sort="thinking_along")
            elif cues.MOVED.search(said):
                before = sentences[number - 1] if number and not outline.is_taken(sentences[number - 1]) else run
                if number > 1 and cues.CONFERENCE.search(outline.said(sentences[number - 2])):
                    before = sentences[number - 2]
                period = next(iter(reversed(list(days.periods(said)))), None)
                draft.add(Kind.EVENT, Run(before.start, run.end), on=period.begins if period else "", sort="change")
            elif cues.CHALLENGE.search(said):
                draft.add(Kind.QUESTION, run, sort="bottleneck")
            elif cues.NAMED.search(said):
                draft.add(Kind.EVENT, trimmed(outline, run, " :"), sort="decision")
            elif cues.STARTED.search(said):
                draft.add(Kind.EVENT, run, sort="news")
            elif cues.AMBITION.search(said) and not cues.SUPPORT.search(said):
                draft.add(Kind.AMBITION, run)


def support(draft: Draft, pieces: Sequence[Piece]) -> None:
    """What a region asks for support of: every sentence about it is one request, the last one is where it stands."""
    runs, whom = [], None
    for piece in pieces:
        for run in piece.sentences() if piece.form is Form.TEXT else []:
            said = draft.outline.said(run)
            if cues.SUPPORT.search(said) and not draft.outline.is_taken(run):
                runs.append(run)
                if whom is None and (asked := cues.ASKED_OF.search(said)):
                    whom = trimmed(draft.outline, Run(run.start + asked.start(1), run.start + asked.end(1)))
    if runs:
        draft.add(Kind.REQUEST, tuple(runs), whom=whom, sort="other")


def contact(draft: Draft, piece: Piece) -> bool:
    """A person to turn to, with a mail address; shown to others only after that person said yes."""
    mail = cues.MAIL.search(piece.text)
    asked = cues.CONTACT.search(piece.text)
    if not mail or not asked:
        return False
    name = re.compile(cues.NAME).search(piece.text, asked.end())
    if not name or name.start() > mail.start():
        return False
    draft.add(Kind.CONTACT, piece.cut(*name.span()), address=piece.cut(*mail.span()))
    draft.outline.take(piece)
    return True
