"""One document in four forms: Markdown, HTML, Word and PDF. All say the same words and lead to the same sources.

PDF needs the extra `documents` (typst and its fonts); the others always work.
"""

from handlers.documents.forms import COMMAND, FORMATS, BadTemplate, NotInstalled, installed, write

__all__ = ["COMMAND", "FORMATS", "BadTemplate", "NotInstalled", "installed", "write"]
