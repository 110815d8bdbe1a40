"""The checklist of an assignment: a button for each thing, that says how far it is and brings it one step on."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.trail import Entry, Kind
from handlers.views.frame import actions, button, context, cut, section
from handlers.words import Words

STEPS = {
    Kind.PRECONDITION: {"unmet": "met", "met": "unmet"},
    Kind.MILESTONE: {"to_do": "busy", "busy": "done", "done": "to_do"},
}
"""What one tap makes of it."""
MARKS = {"met": "✓", "done": "✓", "busy": "◐"}
LABEL = 60
MOST = 12


def checklist(lines: Sequence[Entry], words: Words) -> list[Block]:
    """All preconditions and all parts as buttons: a tap on one ticks it off."""
    blocks: list[Block] = []
    for kind in STEPS:
        mine = [line for line in lines if line.kind is kind]
        if mine:
            blocks.append(section(f"*{words(f'trail.checklist_{kind.value}')}*"))
            blocks.append(actions(*(_tick(line, words) for line in mine[:MOST])))
        if len(mine) > MOST:
            blocks.append(context(words.count("trail.more", len(mine) - MOST)))
    return blocks


def _tick(line: Entry, words: Words) -> ButtonElement:
    now = line.text("standing") if line.text("standing") in STEPS[line.kind] else next(iter(STEPS[line.kind]))
    name = " ".join(line.title.split())
    then = STEPS[line.kind][now]
    says = words(f"trail.tick_says_{then}", name=name)
    return button(f"{MARKS.get(now, '○')} {cut(name, LABEL)}", f"trail.tick:{line.id}", f"{then} {line.id}", says=says)


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
