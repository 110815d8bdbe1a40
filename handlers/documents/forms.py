"""Which forms there are, and making a document in one of them."""

from collections.abc import Mapping
from importlib.util import find_spec

from bot.document import Document, tidied

FORMATS = ("docx", "pdf", "html", "md")
"""In the order in which people are offered them."""
EXTRA = {"pdf": "typst"}
COMMAND = "uv sync --extra documents"
"""Makes the rest of the forms, where Oogst runs."""


class NotInstalled(RuntimeError):
    """This form needs the extra `documents`, which is not installed; its text is the form."""


class BadTemplate(ValueError):
    """The template is no Word file that can be read."""


def installed(kind: str, needs: Mapping[str, str] = EXTRA) -> bool:
    """Say whether this form can be made here; `needs` names the package that a form cannot do without."""
    return kind not in needs or find_spec(needs[kind]) is not None


def write(document: Document, kind: str, template: bytes | None = None) -> bytes:
    """Return the document as one of `FORMATS`; the same document gives the same bytes.

    `template` is a Word file of the organisation whose styles, header and footer a docx takes over. Raises KeyError
    for another form, NotInstalled for one whose extra is missing, and BadTemplate for a file that is no Word file.
    """
    if kind not in FORMATS:
        raise KeyError(kind)
    if not installed(kind):
        raise NotInstalled(kind)
    harmless = tidied(document)
    if kind == "md":
        from handlers.documents.markdown import as_markdown

        return as_markdown(harmless).encode()
    if kind == "html":
        from handlers.documents.html import as_html

        return as_html(harmless).encode()
    if kind == "docx":
        from handlers.documents.word import as_word

        return as_word(harmless, template)
    from handlers.documents.pdf import as_pdf

    return as_pdf(harmless)
