"""The words of the page itself, in Dutch and English, from words.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("nl", "en")
FILE = Path(__file__).with_name("words.yaml")


class Words:
    """The words in one language: `words("moving", to=..., steps=3)`. Raises KeyError for a key that is not there."""

    def __init__(self, catalogue: dict[str, Any], language: str) -> None:
        self._words = catalogue
        self._place = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        return str(self._words[key][self._place]).format(**values)

    def get(self, key: str, **values: object) -> str | None:
        """The same, or None when there is no such key."""
        return self(key, **values) if key in self._words else None


def read(path: Path = FILE) -> dict[str, Words]:
    """The words by language."""
    catalogue = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {language: Words(catalogue, language) for language in LANGUAGES}
