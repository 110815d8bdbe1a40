"""The page that a browser shows to who installs Oogst."""

from collections.abc import Mapping
from html import escape

from handlers.words import Words

PAGE = """<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>body{{font:1.25rem/1.5 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}}</style>
</head>
<body><main><h1>{title}</h1><p>{text}</p></main></body>
</html>
"""


def page(words: Words, key: str, values: Mapping[str, object]) -> str:
    """Return a whole page with one message: its title is `<key>_title`."""
    return PAGE.format(
        language=escape(words.language), title=escape(words(f"{key}_title")), text=escape(words(key, **values))
    )
