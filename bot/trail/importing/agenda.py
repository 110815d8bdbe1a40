"""A region's page: who it is, and its agenda of numbered assignments with attention points."""

import re

from bot.trail.importing import cues, profile
from bot.trail.importing.draft import Draft, trimmed
from bot.trail.importing.layout import Form, Piece
from bot.trail.importing.records import Run
from bot.trail.sheets import Kind

_BARS = re.compile(r"\s*\|\s*")


def read(draft: Draft) -> None:
    """Read a region's page."""
    outline = draft.outline
    pieces = outline.pieces
    agenda = next((k for k, piece in enumerate(pieces) if _opens(piece)), len(pieces))
    read_assignments(draft)
    before = [piece for piece in pieces[:agenda] if piece.form is Form.TEXT]
    _told(draft)
    profile.support(draft, before)
    profile.prose(draft, [*before, *(piece for piece in pieces[agenda:] if piece.form is Form.TEXT)])
    for section in outline.sections:
        if cues.PROFILE.search(section.name):
            profile.figures(draft, section, None)
        elif cues.INTERESTS.search(section.name):
            for item in section.items:
                draft.add(Kind.INTEREST, item)


def _opens(piece: Piece) -> bool:
    """A numbered assignment."""
    return piece.form in (Form.NUMBER, Form.HEADING) and bool(cues.ASSIGNMENT.search(piece.text))


def read_assignments(draft: Draft) -> None:
    """Every assignment, with what stands under its heading as background, and its attention points."""
    under: int | None = None
    points = False
    between: list[Run] = []
    for piece in draft.outline.pieces:
        if _opens(piece):
            _background(draft, under, between)
            under, points = draft.add(Kind.ASSIGNMENT, trimmed(draft.outline, piece.run, " :")), False
        elif under is None:
            continue
        elif cues.POINTS.search(piece.text) and piece.form in (Form.HEADING, Form.TEXT):
            draft.outline.take(piece)
            _background(draft, under, between)
            points = True
        elif points and piece.listed:
            for cut in split_point(draft, piece):
                draft.add(Kind.POINT, cut, under=under)
        elif piece.form is Form.NUMBER or points:
            under, points = None, False
        elif not points:
            between.append(piece.run)
    _background(draft, under, between)


def _background(draft: Draft, under: int | None, between: list[Run]) -> None:
    """What stood between an assignment and its points."""
    if under is not None and between:
        groups = [run for run in between if cues.GROUP.search(draft.outline.said(run))]
        rest = [run for run in between if run not in groups]
        draft.found[under] = draft.found[under].with_more(group=tuple(groups[:1]), background=(*groups[1:], *rest))
        draft.outline.take(*between)
    between.clear()


def split_point(draft: Draft, piece: Piece) -> list[tuple[Run, ...]]:
    """Part a point that holds several: by its bars, the name before them staying with each; or by its questions."""
    if "|" in piece.text:
        name = re.match(r"[^|:]{1,40}:", piece.text)
        parts = [run for run in _between(piece) if run.start < run.end]
        if not name:
            return [(run,) for run in parts]
        label = piece.cut(0, name.end())
        return [(run,) if run.start == piece.start else (label, run) for run in parts]
    sentences = piece.sentences()
    if len(sentences) > 1 and sum(draft.outline.said(run).endswith("?") for run in sentences) > 0:
        return [(run,) for run in sentences]
    return [(piece.run,)]


def _between(piece: Piece) -> list[Run]:
    """What stands between the bars."""
    out, at = [], 0
    for bar in _BARS.finditer(piece.text):
        out.append(piece.cut(at, bar.start()))
        at = bar.end()
    out.append(piece.cut(at, len(piece.text)))
    return out


def _told(draft: Draft) -> None:
    """A piece of news with a heading of its own, glued to its first paragraph."""
    for section in draft.outline.sections:
        first = section.pieces[0] if section.pieces else None
        glued = first is not None and first.form is Form.TEXT and first.glued and section.heading is not None
        told = glued and first and not first.quoted and not cues.MAIL.search(first.text)
        if told and first and section.heading and not cues.POINTS.search(section.name):
            draft.add(Kind.EVENT, Run(section.heading.start, first.end), sort="news")
