"""The words a model is told, one Markdown file for each step, with blanks that have a name: `{{language}}`."""

import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_BLANK = re.compile(r"\{\{(\w+)\}\}")


class WrongBlanks(ValueError):
    """A prompt got less or more than its blanks; the message names them."""


def fill(name: str, **blanks: str) -> str:
    """Return a prompt with its blanks filled in; what is filled in is not looked at again.

    Raises WrongBlanks when one is missing or surplus, FileNotFoundError when there is no such prompt. Only words of
    ours belong in a blank: what people wrote goes in the question (`prompts.requests`).
    """
    text = _read(name)
    wanted = set(_BLANK.findall(text))
    if wanted != set(blanks):
        missing, surplus = sorted(wanted - set(blanks)), sorted(set(blanks) - wanted)
        raise WrongBlanks(f"{name}: missing {missing}, surplus {surplus}")
    return _BLANK.sub(lambda found: blanks[found[1]], text)


def version(name: str) -> str:
    """Return twelve letters that change whenever the words of a prompt do."""
    return hashlib.sha256(_read(name).encode()).hexdigest()[:12]


def every_name() -> list[str]:
    """Return the name of each prompt."""
    return sorted(file.name.removesuffix(".md") for file in _folder().iterdir() if file.name.endswith(".md"))


@cache
def _read(name: str) -> str:
    if not re.fullmatch(r"\w+", name):
        raise FileNotFoundError(name)
    return (_folder() / f"{name}.md").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files(__package__) / "text"
