"""Checking what somebody fills in on a sheet."""

from collections.abc import Mapping

from bot.problem import Problem
from bot.steering import without_steering
from bot.trail.fields import Field, Type
from bot.trail.indicators import asks_for
from bot.trail.partial import read_partial
from bot.trail.records import Value
from bot.trail.sheets import Kind, Sheet

LONGEST_LINE = 200
LONGEST_TEXT = 2500
"""Characters; a section of a message takes 3,000 with what stands around it."""


def check(sheet: Sheet, typed: Mapping[str, str]) -> tuple[dict[str, Value], list[Problem]]:
    """Return what can be kept of a filled sheet, by field, and what there is to repair; `typed` has texts by field.

    White space is folded in lines, not in paragraphs. A choice that nobody made is the first one.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for field in sheet.fields:
        said = typed.get(field.name, "").strip()
        if field.type is Type.LINE:
            said = " ".join(said.split())
        if not without_steering(said).strip():  # signs that show nothing are no words
            if field.required:
                problems.append(Problem(field.name, "trail.problem.empty"))
            elif field.type is Type.CHOICE:
                values[field.name] = Value(field.choices[0])
            continue
        problem = _problem(field, said)
        if problem is not None:
            problems.append(problem)
        elif field.type is Type.PERSON:
            values[field.name] = Value("", said)
        elif field.type is Type.DAY:
            values[field.name] = Value(str(read_partial(said)))
        else:
            values[field.name] = Value(said)
    if sheet.kind is Kind.INDICATOR:
        problems += asks_for(typed)
    return values, problems


def _problem(field: Field, said: str) -> Problem | None:
    most = LONGEST_TEXT if field.type is Type.TEXT else LONGEST_LINE
    if len(said) > most:
        return Problem(field.name, "worksessions.problem.too_long", {"most": most, "now": len(said)})
    if field.type is Type.DAY and read_partial(said) is None:
        return Problem(field.name, "trail.problem.day")
    if field.type is Type.CHOICE and said not in field.choices:
        return Problem(field.name, "trail.problem.choice")
    return None
