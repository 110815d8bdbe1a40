"""HTML: one page that needs nothing else, for a screen, a screen reader and a printer."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.document import DEEPEST, Document


def as_html(document: Document) -> str:
    """Return the page; what people typed is escaped by the template engine."""
    return _environment().get_template("document.html").render(document=document, deepest=DEEPEST)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
