"""An assignment card: background, needs, challenge, goal, preconditions, parts, and who does what with a vacancy."""

import re
from collections.abc import Sequence

from bot.trail.importing import cues, profile
from bot.trail.importing.draft import Draft, unquoted
from bot.trail.importing.layout import Form, Piece, Section
from bot.trail.importing.records import Found, Run
from bot.trail.sheets import Kind

_AMOUNT = re.compile(
    r"\b((?:ongeveer|circa|ca\.|ruim|bijna|about|some|nearly|over)\s+\d[\d.,]*|(?:tussen de|between)\s+\d+\s*%?\s+(?:en|and)\s+(?:de\s+)?\d+\s*%|\d+\s*%)\s+([^.;]+)",  # noqa: E501  one pattern, read from left to right
    re.IGNORECASE,
)
_FIELDS = (
    ("background", cues.BACKGROUND), ("needs", cues.NEEDS), ("challenge", cues.CHALLENGES), ("goal", cues.GOAL),
)  # fmt: skip


def read(draft: Draft) -> None:
    """Read a card; what stands before its first known heading introduces it, and is background too."""
    outline = draft.outline
    title = next((piece for piece in outline.pieces if piece.form in (Form.HEADING, Form.TEXT)), None)
    if title is None:
        return
    card = draft.add(Kind.ASSIGNMENT, title)
    gathered: dict[str, list[Run]] = {}
    place, role = "background", None
    for section in outline.sections:
        if section.heading is title:
            _gather(draft, gathered, place, section.pieces)
            continue
        kind = _place_of(section)
        if section.heading and _labelled(draft, section.heading, card):
            place, role = "organisation", None
        elif kind == "party":
            role = section.heading
            place = "party"
        elif kind:
            place, role = kind, None
        if section.heading and kind:
            outline.take(section.heading)
        if place == "conditions":
            for piece in section.pieces:
                draft.add(Kind.PRECONDITION, piece, under=card)
        elif place == "parts" and any(piece.form is Form.NUMBER for piece in section.pieces):
            _parts(draft, section, card)
        elif place == "party" and role:
            _roles(draft, section, role, card)
        elif place == "organisation":
            for piece in section.pieces:
                _labelled(draft, piece, card)
        else:
            own = [section.heading] if section.heading and not kind else []
            _gather(draft, gathered, "background" if place in ("parts", "party") else place, [*own, *section.pieces])
    money = [run for each in draft.found if each.kind is Kind.MILESTONE for run in _of_money(draft, each)]
    told = {name: _merged(draft, runs) for name, runs in gathered.items()}
    draft.found[card] = draft.found[card].with_more(**told, money=tuple(money))
    _amounts(draft, gathered.get("background", []))


def _place_of(section: Section) -> str:
    """Where what stands under a heading belongs, "" where the heading says nothing of that."""
    for name, cue in _FIELDS:
        if cue.search(section.name):
            return name
    if cues.CONDITIONS.search(section.name):
        return "conditions"
    if cues.PARTIES.search(section.name):
        return "party"
    if cues.ORGANISATION.search(section.name):
        return "organisation"
    if cues.CARD.search(section.name):
        return "parts" if any(piece.form is Form.NUMBER for piece in section.pieces) else "background"
    return ""


def _gather(draft: Draft, gathered: dict[str, list[Run]], place: str, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        if piece.quoted:
            draft.add(Kind.AMBITION, unquoted(draft.outline, piece.run))
            continue
        gathered.setdefault(place, []).append(piece.run)
        draft.outline.take(piece)


def _merged(draft: Draft, runs: list[Run]) -> tuple[Run, ...]:
    """Pieces between which nothing but blanks and list marks stands are one run."""
    out: list[Run] = []
    for run in runs:
        if out and not re.search(r"[^\W\d]", draft.outline.text[out[-1].end : run.start]):
            out[-1] = Run(out[-1].start, run.end)
        else:
            out.append(run)
    return tuple(out)


def _parts(draft: Draft, section: Section, card: int) -> None:
    """Numbered parts, each with the text under it as its note."""
    part: int | None = None
    for piece in section.pieces:
        if piece.form is Form.NUMBER:
            part = draft.add(Kind.MILESTONE, piece, under=card)
        elif piece.quoted:
            draft.add(Kind.AMBITION, unquoted(draft.outline, piece.run))
        elif part is not None:
            draft.found[part] = draft.found[part].with_more(note=(piece.run,))
            draft.outline.take(piece)
            if cues.MONITOR.search(draft.outline.said(draft.found[part].title)):
                _effects(draft, piece)


def _effects(draft: Draft, piece: Piece) -> None:
    """What is measured: "both a and b"."""
    if both := cues.BOTH.search(piece.text):
        for group in (1, 2):
            draft.add(Kind.INDICATOR, piece.cut(*both.span(group)))


def _of_money(draft: Draft, part: Found) -> list[Run]:
    note = part.cuts.get("note", ())
    title = draft.outline.said(part.title)
    return [run for run in note if cues.MONEY.search(title)]


def _roles(draft: Draft, section: Section, role: Piece, card: int) -> None:
    """Who does what: names with where they are from, a board that may come together, and a place that is free."""
    for piece in section.pieces:
        if piece.quoted:
            draft.add(Kind.AMBITION, unquoted(draft.outline, piece.run))
            continue
        if _labelled(draft, piece, card):
            continue
        people = list(cues.PERSON.finditer(piece.text))
        for person in people:
            draft.add(
                Kind.ROLE, role.run if not role.text.endswith(":") else role.cut(0, len(role.text) - 1), under=card,
                who=piece.cut(*person.span(1)), organisation=piece.cut(*person.span(2)), standing="filled",
            )  # fmt: skip
        for run in piece.sentences():
            said = draft.outline.said(run)
            if vacancy := cues.VACANT.search(said):
                group = "first" if vacancy["first"] else "second"
                place = Run(run.start + vacancy.start(group), run.start + vacancy.end(group))
                draft.add(Kind.ROLE, place, under=card, standing="vacant")
                draft.outline.take(run)
            elif board := cues.BOARD.search(said):
                who = Run(run.start + board.start(2), run.start + board.end(2)) if board[2] else None
                draft.add(Kind.ROLE, Run(run.start + board.start(1), run.start + board.end(1)), under=card, who=who)
                draft.outline.take(run)
        if people:
            draft.outline.take(Run(piece.start + people[0].start(), piece.start + people[-1].end()))
        elif piece.listed and piece.form is Form.BULLET and len(piece.text.split()) <= 6:
            draft.add(Kind.ROLE, role, under=card, who=piece, standing="filled")


def _labelled(draft: Draft, piece: Piece, card: int) -> bool:
    """A role with who has it on one line: "Contractor: ..."; or with a word that says that nobody has it yet."""
    label = cues.LABELLED.match(piece.text)
    if not label or not (cues.PARTIES.search(label[1]) or cues.ROLE_WORD.search(label[1])):
        return False
    title = piece.cut(*label.span(1))
    people = list(cues.PERSON.finditer(piece.text, label.start(2)))
    if cues.FREE.match(label[2]):
        draft.add(Kind.ROLE, title, under=card, standing="vacant")
    for person in people:
        draft.add(
            Kind.ROLE, title, under=card, who=piece.cut(*person.span(1)), organisation=piece.cut(*person.span(2)),
            standing="filled",
        )  # fmt: skip
    if not people and not cues.FREE.match(label[2]):
        draft.add(Kind.ROLE, title, under=card, who=piece.cut(*label.span(2)), standing="filled")
    draft.outline.take(piece)
    return True


def _amounts(draft: Draft, runs: list[Run]) -> None:
    """Figures in the background; each number once, where least stands behind it."""
    counted: dict[str, tuple[Run, Run]] = {}
    for run in sorted(runs):
        for amount in _AMOUNT.finditer(draft.outline.said(run)):
            value = Run(run.start + amount.start(1), run.start + amount.end(1))
            what = Run(run.start + amount.start(2), run.start + amount.end(2))
            known = counted.get(amount[1].casefold())
            if known is None or known[1].end - known[1].start > what.end - what.start:
                counted[amount[1].casefold()] = value, what
    year = profile.year_of(draft)
    for value, what in counted.values():
        draft.add(Kind.FACT, what, value=value, year=year)
