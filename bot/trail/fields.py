"""What a sheet asks: one thing a field, with what it takes."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Type(StrEnum):
    """What a field takes.

    `line`: one line of text. `text`: a paragraph. `day`: a date of which the day or the month may be unknown, as
    "2006", "2006-03" or "2006-03-17". `person`: somebody in the workspace, by user id. `choice`: one of the field's.
    """

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    PERSON = "person"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One thing that a sheet asks. `private` is shown only to who may change the entry; `answered` is filled by who
    answers for the national partners, and not in the region's own form."""

    name: str
    type: Type = Type.LINE
    required: bool = False
    choices: tuple[str, ...] = ()
    private: bool = False
    answered: bool = False


def line(name: str, *, required: bool = False, private: bool = False) -> Field:
    """One line of text."""
    return Field(name, Type.LINE, required, private=private)


def text(name: str, *, required: bool = False) -> Field:
    """A paragraph."""
    return Field(name, Type.TEXT, required)


def day(name: str) -> Field:
    """A date, of which the day or the month may be unknown."""
    return Field(name, Type.DAY)


def person(name: str = "person") -> Field:
    """Somebody in the workspace."""
    return Field(name, Type.PERSON)


def choice(name: str, *choices: str) -> Field:
    """The first choice is what holds as long as nobody says otherwise."""
    return Field(name, Type.CHOICE, choices=choices)


def answered(field: Field) -> Field:
    """The same field, filled by who answers for the national partners."""
    return replace(field, answered=True)
