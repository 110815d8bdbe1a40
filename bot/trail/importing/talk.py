"""A talk in which a region tells its own story: phases with what was easy, hard and concluded, and who it is."""

import re

from bot.trail.importing import cues, days, profile
from bot.trail.importing.draft import Draft, trimmed
from bot.trail.importing.layout import Form, Piece, Section
from bot.trail.importing.records import Run
from bot.trail.sheets import Kind

_DATED = re.compile(r"^([^:]{3,40}):\s+")
_BRACKETS = re.compile(r"\s*\(([^()]*\d[^()]*|[^()]*\?)\)\s*$")
_ASPECTS = (("easy", cues.EASY), ("hard", cues.HARD), ("conclusion", cues.CONCLUSION))


def read(draft: Draft) -> None:
    """Read a talk."""
    source = _held(draft)
    phases = _phases(draft)
    for section in draft.outline.sections:
        found = cues.PHASE.match(section.name)
        if found and int(found[1]) in phases:
            draft.outline.take(section.heading)
            _phase(draft, section, phases[int(found[1])])
        elif cues.PROFILE.search(section.name):
            draft.outline.take(section.heading)
            profile.figures(draft, section, source)
        elif cues.INTERESTS.search(section.name):
            draft.outline.take(section.heading)
            for item in section.items:
                draft.add(Kind.INTEREST, item)
        elif cues.TO_COME.search(section.name):
            draft.outline.take(section.heading)
            _to_come(draft, section, phases)
        elif section.items and all(item.text.endswith("?") for item in section.items):
            draft.outline.take(section.heading)
            dilemma = re.search(r"\b(?:en|and|of|or|versus|vs)\b", section.name)
            for item in section.items:
                draft.add(Kind.QUESTION, item, sort="dilemma" if dilemma else "open_question")
    profile.prose(draft, [piece for piece in draft.outline.pieces if piece.form is Form.TEXT])


def _held(draft: Draft) -> Run | None:
    """Where and when it was told, in the first lines."""
    title = draft.outline.pieces[0] if draft.outline.pieces else None
    draft.outline.take(title)
    for piece in draft.outline.pieces[:4]:
        said = days.period(piece.text)
        if said and not piece.listed:
            sort = "meeting" if cues.TALK.search(piece.text) else "news"
            runs = (title.run, piece.run) if title and title is not piece else (piece.run,)
            draft.add(Kind.EVENT, runs, on=said.begins, sort=sort)
            return piece.run
    return None


def _phases(draft: Draft) -> dict[int, int]:
    """The phases by number: from a list of them, else from the headings."""
    phases: dict[int, int] = {}
    for section in draft.outline.sections:
        if cues.PHASE_LIST.search(section.name):
            numbered = [item for item in section.pieces if item.form is Form.NUMBER or cues.PHASE.match(item.text)]
            for item in numbered:
                opening = cues.PHASE.match(item.text)
                number = int(opening[1]) if opening else item.number
                phases.setdefault(number, _add_phase(draft, item, opening.end() if opening else 0))
            draft.outline.take(section.heading)
    if not phases:
        for section in draft.outline.sections:
            opening = cues.PHASE.match(section.name)
            if opening and section.heading:
                phases.setdefault(int(opening[1]), _add_phase(draft, section.heading, opening.end()))
    return phases


def _add_phase(draft: Draft, piece: Piece, start: int) -> int:
    brackets = _BRACKETS.search(piece.text)
    period = days.period(brackets[1]) if brackets else None
    title = piece.cut(start, brackets.start() if brackets else len(piece.text))
    if not trimmed(draft.outline, title, " :").start < trimmed(draft.outline, title, " :").end:
        title = piece.cut(0, brackets.start() if brackets else len(piece.text))  # it has a number and no name
    note = piece.cut(*brackets.span(1)) if brackets else None
    draft.outline.take(piece)
    return draft.add(
        Kind.PHASE, trimmed(draft.outline, title, " :"), begins=period.begins if period else "",
        ends=period.ends if period else "", note=note,
    )  # fmt: skip


def _phase(draft: Draft, section: Section, under: int) -> None:
    """What a talk says of one phase; what has no word of its own before it says what was done, and stays its note."""
    deeds: list[Run] = []
    aspect, depth, asking = "", 0, False
    for item in section.pieces:
        opening = next(((name, found) for name, cue in _ASPECTS if (found := cue.match(item.text))), None)
        if opening:
            aspect, depth, asking = opening[0], item.indent, False
            _experience(draft, item, opening[1].end(), aspect, under)
        elif aspect and item.indent > depth:
            draft.add(Kind.EXPERIENCE, item, under=under, aspect=aspect)
        elif cues.RESEARCH.search(item.text):
            draft.outline.take(item)
            aspect, asking = "", True
        elif asking:
            _asked(draft, item)
        else:
            aspect = ""
            if not _declared(draft, item, under) and not _happened(draft, item):
                _made(draft, item)
                deeds.append(item.run)
    if deeds:
        draft.found[under] = draft.found[under].with_more(note=tuple(deeds))
        draft.outline.take(*deeds)


def _experience(draft: Draft, item: Piece, start: int, aspect: str, under: int) -> None:
    said = item.cut(start, len(item.text))
    draft.add(Kind.EXPERIENCE, said, under=under, aspect=aspect)
    draft.outline.take(item)
    if aspect == "conclusion":
        words = draft.outline.said(said)
        if cues.CHANGED.search(words):
            draft.add(Kind.EVENT, said, sort="change")
        elif cues.DECIDED.search(words):
            draft.add(Kind.EVENT, said, sort="decision")


def _happened(draft: Draft, item: Piece) -> bool:
    """A line that opens with a month or a day is of the timeline."""
    opening = _DATED.match(item.text)
    period = days.period(opening[1]) if opening else None
    if not opening or not period:
        return False
    draft.add(Kind.EVENT, item, on=period.begins, sort="contact")
    return True


def _declared(draft: Draft, item: Piece, under: int) -> bool:
    """Who agreed to what, and when: on the day of the phase where that is one month or day."""
    if not cues.SIGNED.search(item.text):
        return False
    phase = draft.found[under].set
    on = phase.get("begins", "") if phase.get("begins") == phase.get("ends") else ""
    signer = cues.SIGNER.search(item.text)
    who = item.cut(*signer.span(1)) if signer else item.run
    draft.add(Kind.DECLARATION, who, what=item if signer else None, on=on)
    draft.outline.take(item)
    return True


def _made(draft: Draft, item: Piece) -> None:
    """A plan that was drawn up, and roles that were filled."""
    if not cues.MADE.search(item.text):
        return
    if plan := cues.PLAN.search(item.text):
        draft.add(Kind.PLAN, item.cut(*plan.span()))
    known = {draft.outline.said(found.title).casefold() for found in draft.found if found.kind is Kind.ROLE_NAME}
    for role in cues.ROLE_WORD.finditer(item.text):
        if role[0].casefold() not in known:
            draft.add(Kind.ROLE_NAME, item.cut(*role.span()))


def _asked(draft: Draft, item: Piece) -> None:
    """What is looked into: figures become indicators, the rest questions."""
    if cues.BOTTLENECK.search(item.text):
        draft.add(Kind.QUESTION, item, sort="bottleneck")
    elif cues.FIGURES.search(item.text) and not item.text.endswith("?"):
        draft.add(Kind.INDICATOR, item)
    else:
        draft.add(Kind.QUESTION, item, sort="research")


def _to_come(draft: Draft, section: Section, phases: dict[int, int]) -> None:
    """What is still to come: phases that are there already, and what stays open."""
    for item in section.items:
        named = cues.PHASE_NAMED.search(item.text)
        if (named and int(named[1]) in phases) or item.text.endswith(":"):
            draft.outline.take(item)
        elif re.search(r"\b(?:vragen|questions)\b|\?$", item.text, re.IGNORECASE):
            draft.add(Kind.QUESTION, item, sort="open_question")
