"""The reminders of the trail: short messages with the one thing that can be done about it."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block

from bot.trail import Entry, PartialDate
from bot.trail.joining import Missing
from handlers.views.frame import actions, button, context, cut, escaped, section
from handlers.views.trail_joining import to_do
from handlers.views.trail_lines import LINE, LONG_LINE, day, said
from handlers.words import Words

Said = tuple[str, list[Block]]
MOST = 10


def vacancies(found: Sequence[tuple[Entry, Entry | None]], words: Words) -> Said:
    """Every vacancy in one message: fill it, or let it wait."""
    text = words.count("trail.vacancies_wait", len(found))
    blocks: list[Block] = [section(f"*{text}*")]
    for number, (role, assignment) in enumerate(found[:MOST]):
        name = escaped(cut(role.title, LINE))
        line = words("trail.vacancy_in", role=name, name=escaped(cut(assignment.title, LINE))) if assignment else name
        blocks.append(section(line))
        fill = button(
            words("trail.vacancy_fill"), f"trail.entry:{number}", role.id,
            says=words("trail.vacancy_fill_says", name=role.title),
        )  # fmt: skip
        wait = button(
            words("trail.vacancy_wait"), f"trail.wait:{number}", role.id,
            says=words("trail.vacancy_wait_says", name=role.title),
        )  # fmt: skip
        blocks.append(actions(fill, wait))
    if len(found) > MOST:
        blocks.append(context(words.count("trail.more", len(found) - MOST)))
    return text, [*blocks, context(words("trail.vacancy_weekly"))]


def milestone(one: Entry, above: Entry | None, after: bool, words: Words) -> Said:
    """A part that comes due, or of which the day is over: say how far it is, or move it."""
    key = "trail.milestone_over" if after else "trail.milestone_due"
    text = words(key, name=escaped(cut(one.title, LINE)), day=said(one, "due", words))
    lines = [text, words("trail.milestone_of", name=escaped(cut(above.title, LINE)))] if above else [text]
    name = " ".join(one.title.split())
    row = [
        button(words(f"trail.tick_{each}"), f"trail.tick:line-{each}", f"{each} {one.id}",
               says=words(f"trail.tick_says_{each}", name=name), green=each == "done")
        for each in ("busy", "done")
        if one.text("standing") != each
    ]  # fmt: skip
    look = button(words("trail.milestone_move"), "trail.entry", one.id, says=words("trail.open_says", name=one.title))
    return text, [section("\n".join(lines)), actions(*row, look)]


def closing(one: Entry, missing: Sequence[Missing], closes: date, words: Words) -> Said:
    """An application that closes soon, and what it misses."""
    text = words("trail.closing", name=escaped(cut(one.title, LINE)), day=words.calendar_date(closes))
    look = button(words("trail.open"), "trail.entry", one.id, says=words("trail.open_says", name=one.title))
    return text, [section(f"{text}\n{to_do(missing, words)}"), actions(look)]


def ending(one: Entry, ends: PartialDate, words: Words) -> Said:
    """Money or a scheme that ends."""
    text = words("trail.ending", name=escaped(cut(one.title, LINE)), day=day(ends, words))
    note = escaped(cut(one.text("note"), LONG_LINE))
    look = button(words("trail.open"), "trail.entry", one.id, says=words("trail.open_says", name=one.title))
    return text, [section(f"{text}\n{note}".strip()), actions(look)]


def waiting_party(one: Entry, above: Entry, words: Words) -> list[Block]:
    """On a Home: a party is asked to agree."""
    text = words("trail.sign_home", party=escaped(cut(one.title, LINE)), name=escaped(cut(above.title, LINE)))
    says = words("trail.sign_says_agreed", name=" ".join(one.title.split()))
    look = button(words("trail.open"), "trail.entry", one.id, says=words("trail.open_says", name=one.title))
    agree = button(words("trail.sign_agreed"), "trail.sign:agreed", f"agreed {one.id}", green=True, says=says)
    return [section(text), actions(agree, look)]


def waiting_milestone(one: Entry, above: Entry, after: bool, words: Words) -> list[Block]:
    """On a Home: a part that comes due, or of which the day is over."""
    return milestone(one, above, after, words)[1]
