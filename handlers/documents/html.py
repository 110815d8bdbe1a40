"""HTML: one page that needs nothing else, for a screen, a screen reader and a printer."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.document import DEEPEST, Document, Picture
from bot.drawing import Drawing
from handlers.documents.svg import as_svg


def as_html(document: Document) -> str:
    """Return the page; what people typed is escaped by the template engine."""
    return _environment().get_template("document.html").render(document=document, deepest=DEEPEST)


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
    made.filters["drawn"] = _drawn
    return made


def _drawn(picture: Picture, drawing: Drawing) -> Markup:
    """One drawing of a picture that says in words what it shows, whatever cannot see it."""
    said = "; ".join("".join(run.text for run in line) for line in picture.lines)
    return Markup(as_svg(drawing, picture.title, said))  # what people typed in it was escaped by `as_svg`
