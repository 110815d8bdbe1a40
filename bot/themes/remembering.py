"""What a theme brings along from earlier: where it was talked about, what stayed open, and who knows something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from bot.harvest import Note, Theme, final, mentioned, read, split, variants
from bot.harvest.words import folded

T = TypeVar("T")

MOST_SESSIONS = 3
MOST_QUESTIONS = 3
MOST_PEOPLE = 3
MOST_DOCUMENTS = 3
LONGEST_QUESTION = 400
"""Characters. A question is shown whole or not at all; a longer one is counted and stays a link away."""
PRACTICE = "practice"
"""The status of a theme that lives in one person's practice session, and is never the same as anybody else's."""


@dataclass(frozen=True)
class EarlierSession:
    """A session that offered the theme. `groups` are the numbers of those that took it up, `regions` the names of those
    that took part where that was not everybody. `link` leads to the article (`published`) or to a group's thread."""

    id: str
    title: str
    starts_at: datetime
    groups: tuple[int, ...]
    regions: tuple[str, ...] = ()
    link: str | None = None
    published: bool = False


@dataclass(frozen=True)
class OpenQuestion:
    """A question that stayed open: an exact run of a stored note, and where it comes from.

    `group` is a group's number where there is one; `title` and `line` name the document and the line it stands on.
    """

    text: str
    on: date | None
    group: int | None = None
    title: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Knower:
    """Somebody who knows something: led a group on this theme, or wrote down an offer that was published."""

    user: str
    on: datetime
    group: int
    offer: str = ""


@dataclass(frozen=True)
class EarlierMaterial:
    """A document from before Oogst that is about the theme, with the lines (first, last) on which it is."""

    title: str
    on: date | None
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Before:
    """Everything that is remembered of a topic on offer, newest first, and nothing that was not published."""

    name: str
    sessions: tuple[EarlierSession, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    people: tuple[Knower, ...] = ()
    material: tuple[EarlierMaterial, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all is remembered."""
        return not (self.sessions or self.questions or self.people or self.material)


def families(themes: Sequence[Theme]) -> dict[str, str]:
    """Return for each theme id the id that stands for all themes of the same subject.

    Themes are of one subject when one was merged into the other, or when they share a name: a name in full, a short
    one, an alias, or the one before or between brackets.
    """
    root = {theme.id: theme.id for theme in themes}
    owner: dict[str, str] = {}

    def top(theme_id: str) -> str:
        while root[theme_id] != theme_id:
            theme_id = root[theme_id]
        return theme_id

    def join(one: str, other: str) -> None:
        first, second = sorted((top(one), top(other)))
        root[second] = first

    for theme in sorted(themes, key=lambda one: one.id):
        join(theme.id, final(theme.id, themes))
        if theme.status != PRACTICE:
            for name in filter(None, map(folded, variants(theme))):
                join(theme.id, owner.setdefault(name, theme.id))
    return {theme.id: top(theme.id) for theme in themes}


def related(theme_id: str, themes: Sequence[Theme]) -> frozenset[str]:
    """Return the ids of every theme of the same subject as this one, itself included."""
    found = families(themes)
    return frozenset(other for other, root in found.items() if root == found.get(theme_id)) | {theme_id}


def belongs(text: str, about: Iterable[str], themes: Sequence[Theme], own: frozenset[str]) -> bool:
    """Say whether a sentence of a note on several themes (`about`, ids) may stand under the themes `own`.

    It may when it names one of them, or none of the note's: only a sentence that names another theme belongs there.
    """
    others = frozenset(about) - own
    if not others:
        return True
    rivals = [theme for theme in themes if theme.id in others or theme.id in own]
    said = {theme for sentence in mentioned(read([Note("", text)]), rivals)[0] for theme in sentence}
    return not said or bool(said & own)


def questions_in(text: str, first_line: int) -> list[tuple[str, int]]:
    """Return the questions of a passage with the line on which each begins; the passage begins on `first_line`."""
    found = []
    for span in split(text):
        sentence = text[span.start : span.end]
        if sentence.rstrip("\"'’”») ").endswith("?"):
            found.append((sentence, first_line + text.count("\n", 0, span.start)))
    return found


def still_says(stored: str, start: int, end: int, published: str) -> str | None:
    """Cut a published sentence out of the note as it is stored now; None when the note no longer says it.

    The group may have changed its note since: then the words are looked for once more, and never typed.
    """
    if stored[start:end] == published:
        return stored[start:end]
    at = stored.find(published)
    return stored[at : at + len(published)] if at >= 0 else None


def shortlist(found: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """Return the first `most`, and how many there are besides; a list that is one too long is shown whole."""
    return (found, 0) if len(found) <= most + 1 else (found[:most], len(found) - most)


def unique_people(found: Iterable[Knower], active: Mapping[str, bool]) -> tuple[Knower, ...]:
    """Keep of each active person the newest thing they did, an offer first."""
    ordered = sorted(found, key=lambda one: (-one.on.timestamp(), not one.offer, one.group, one.user))
    kept: dict[str, Knower] = {}
    for one in ordered:
        if active.get(one.user) and (one.user not in kept or (one.offer and not kept[one.user].offer)):
            kept[one.user] = one
    return tuple(sorted(kept.values(), key=lambda one: (-one.on.timestamp(), not one.offer, one.group, one.user)))
