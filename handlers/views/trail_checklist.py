"""The checklist of an assignment: a button under each line, that brings it one step on."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.trail import Entry, Kind
from handlers.views.frame import actions, button, context
from handlers.words import Words

STEPS = {
    Kind.PRECONDITION: {"unmet": "met", "met": "unmet"},
    Kind.MILESTONE: {"to_do": "busy", "busy": "done", "done": "to_do"},
}
"""What one tap makes of it."""


def tick(line: Entry, words: Words) -> ButtonElement:
    """The button under a line of a list that brings it one step on; the line itself says how far it is."""
    now = line.text("standing") if line.text("standing") in STEPS[line.kind] else next(iter(STEPS[line.kind]))
    then = STEPS[line.kind][now]
    says = words(f"trail.tick_says_{then}", name=" ".join(line.title.split()))
    return button(words(f"trail.tick_it_{then}"), f"trail.tick:{line.id}", f"{then} {line.id}", says=says)


def line(one: Entry, words: Words) -> list[Block]:
    """Every standing that a line can have as a button, but for the one that it has."""
    now = one.text("standing")
    row = [
        button(words(f"trail.tick_{each}"), f"trail.tick:line-{each}", f"{each} {one.id}",
               says=words(f"trail.tick_says_{each}", name=" ".join(one.title.split())))
        for each in STEPS[one.kind]
        if each != now
    ]  # fmt: skip
    return [actions(*row)]


def vacancy(role: Entry, words: Words) -> list[Block]:
    """A vacancy: that it is told every week, and the way to let it wait."""
    name = " ".join(role.title.split())
    wait = button(words("trail.vacancy_wait"), "trail.wait", role.id, says=words("trail.vacancy_wait_says", name=name))
    return [context(words("trail.vacancy_weekly")), actions(wait)]
