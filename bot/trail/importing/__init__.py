"""Earlier documents become proposals for the trail: every word is cut from the text, and what no sheet took is named.

The recognisers go by how a document is built and by the words over its parts, in Dutch and English. They say what
something could be; a person says that it is.
"""

from collections.abc import Iterable

from bot.material import Material
from bot.trail.importing import agenda, article, card, framework, talk
from bot.trail.importing.cues import FRAME
from bot.trail.importing.draft import Draft
from bot.trail.importing.layout import Form, Outline, lines
from bot.trail.importing.records import Found, Reading, Run, Shape, Unread
from bot.trail.importing.regions import about, named, same
from bot.trail.importing.shapes import shape_of

__all__ = ["Found", "Reading", "Run", "Shape", "Unread", "about", "lines", "named", "read", "same"]


def read(material: Material, known: Iterable[str] = ()) -> Reading:
    """Return what a document gives for the trail; `known` are the names of the regions that there are.

    Entries keep the order of the document, each parent before what hangs under it. Offsets are into `Material.text`.
    """
    names = tuple(known)
    outline = Outline(material.text)
    draft = Draft(outline)
    shape = shape_of(outline, material)
    if shape is Shape.REGION_PAGE:
        agenda.read(draft)
    elif shape is Shape.TALK:
        talk.read(draft)
    elif shape is Shape.FRAMEWORK:
        framework.read(draft)
    elif shape is Shape.CARD:
        card.read(draft)
    elif shape is Shape.ARTICLE:
        article.read(draft, names, material.next_day.isoformat() if material.next_day else "")
        for passage in material.passages:
            outline.take(Run(passage.start, passage.end))
    first = outline.pieces[0] if outline.pieces else None
    region = about(material.title, outline.text[first.end if first else 0 :], names) if first else ""
    _take_frame(outline, material)
    return Reading(shape, region, _ordered(draft.found), outline.unread())


def _take_frame(outline: Outline, material: Material) -> None:
    """Headings over something that was understood are so too; themes and files come in by the rest of the import."""
    for piece in outline.pieces:
        named = " ".join(piece.text.split()).rstrip(".;,")
        if any(named.startswith(theme) for theme in material.themes) or FRAME.search(piece.text):
            outline.take(piece)
    above = False
    for section in reversed(outline.sections):
        if section.heading and (
            section.heading is outline.pieces[0]
            or section.heading.form is Form.GROUP
            or any(outline.is_taken(piece.run) for piece in section.pieces)
            or (above and not section.pieces)  # it stands over the next heading, which was understood
        ):
            outline.take(section.heading)
        above = section.heading is not None and outline.is_taken(section.heading.run)


def _ordered(found: list[Found]) -> tuple[Found, ...]:
    """Entries by their place in the text; a child counts at the place of its own words, after its parent."""
    told = [k for k in range(len(found)) if _is_told(found, k)]
    order = sorted(told, key=lambda k: (_root(found, k), found[k].under is not None, found[k].title))
    place = {old: new for new, old in enumerate(order)}
    return tuple(
        Found(each.kind, each.cuts, each.set, None if each.under is None else place[each.under], each.region)
        for each in (found[k] for k in order)
    )


def _is_told(found: list[Found], number: int) -> bool:
    """Whether there are words by which it is known, and by which what it hangs under is: "Phase 1:" alone has none."""
    under = found[number].under
    return all(found[k].cuts.get("title") for k in (number, *(() if under is None else (under,))))


def _root(found: list[Found], number: int) -> tuple[int, int]:
    under = found[number].under
    top = number if under is None else under
    return found[top].title.start, top
