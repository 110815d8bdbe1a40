"""What sort of document a text is."""

from bot.material import Material
from bot.trail.importing import cues, days, framework_cues
from bot.trail.importing.layout import Form, Outline
from bot.trail.importing.records import Shape


def shape_of(outline: Outline, material: Material) -> Shape:
    """Say what sort of document it is, by the headings that only such a document has; OTHER where none is found."""
    names = [section.name for section in outline.sections]
    pieces = outline.pieces
    phases = sum(1 for name in names if cues.PHASE.match(name) or cues.PHASE_LIST.search(name))
    aspects = sum(1 for piece in pieces for cue in (cues.EASY, cues.HARD, cues.CONCLUSION) if cue.match(piece.text))
    if phases >= 2 or (phases and aspects):
        return Shape.TALK
    assignments = sum(
        1 for piece in pieces if piece.form in (Form.NUMBER, Form.HEADING) and cues.ASSIGNMENT.search(piece.text)
    )
    if assignments and any(cues.POINTS.search(piece.text) for piece in pieces):
        return Shape.REGION_PAGE
    fields = (cues.BACKGROUND, cues.NEEDS, cues.CHALLENGES, cues.GOAL, cues.CONDITIONS, cues.PARTIES, cues.ORGANISATION)
    if sum(any(cue.search(name) for name in names) for cue in fields) >= 3 and any(
        cues.CONDITIONS.search(name) or cues.PARTIES.search(name) for name in names
    ):
        return Shape.CARD
    if len(material.groups) >= 2:
        return Shape.ARTICLE
    listed = any(
        section.items and framework_cues.CRITERIA.search(said)
        for section in outline.sections
        for said in [section.name, *(piece.text for piece in section.prose)]
    )
    if listed and any(days.period(piece.text) for piece in pieces):
        return Shape.FRAMEWORK
    if material.session_day is not None:
        return Shape.ARTICLE
    if any(cues.COALITION.search(piece.text) for piece in pieces) or any(cues.PROFILE.search(name) for name in names):
        return Shape.REGION_PAGE
    return Shape.OTHER
