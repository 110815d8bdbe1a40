"""Rules that wait for an answer: the reminder to who has to answer, and the list of the month."""

from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block

from bot.trail import Entry
from bot.trail import obstacles as rules
from handlers.views.frame import button, context, cut, escaped, person, section
from handlers.words import Words

Said = tuple[str, list[Block]]
MOST = 12
"""Rules in one list; of more it says how many."""


def overdue(late: Sequence[Entry], regions: Mapping[str, str], zone: str, words: Words) -> Said:
    """What waits too long with one account manager, each with the way to answer."""
    text = words.count("trail.answers.late_with_you", len(late))
    blocks: list[Block] = [section(text)]
    for each in late[:MOST]:
        answer = button(words("trail.answers.i_answer"), f"trail.answer:{each.id}", each.id)
        blocks.append(section(_line(each, regions, zone, words), answer))
    if len(late) > MOST:
        blocks.append(context(words.count("trail.more", len(late) - MOST)))
    return text, blocks


def month(found: rules.Month, regions: Mapping[str, str], zone: str, today: date, words: Words) -> Said:
    """What waits too long, what else waits, and what was answered, the longest waiting first."""
    text = words("trail.answers.month", day=words.calendar_date(today))
    blocks: list[Block] = [section(f"*{text}*")]
    for name, mine in (("late", found.late), ("waiting", found.waiting), ("answered", found.answered)):
        if not mine:
            continue
        lines = [f"*{words(f'trail.answers.month_{name}')}* · {len(mine)}"]
        for each in mine[:MOST]:
            lines.append(f"• {_line(each, regions, zone, words)}")
            if name == "answered":
                lines.append(f">{escaped(cut(' '.join(each.text('answer').split()), 200))}")
        if len(mine) > MOST:
            lines.append(words.count("trail.more", len(mine) - MOST))
        blocks += _sections(lines)
    return text, blocks


def _sections(lines: Sequence[str]) -> list[Block]:
    """Lines in as many paragraphs as they need; a line is never cut in two."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if sum(len(each) + 1 for each in parts[-1]) + len(line) > 2500:
            parts.append([])
        parts[-1].append(line)
    return [section("\n".join(part)) for part in parts]


def _line(entry: Entry, regions: Mapping[str, str], zone: str, words: Words) -> str:
    told = [escaped(cut(" ".join(entry.title.split()), 160)), escaped(regions.get(entry.region or "", "…"))]
    if rules.waits(entry):
        day = rules.due(entry, zone)
        told.append(words("trail.answers.was_due", day=words.calendar_date(day)) if day else "")
        named = entry.user("manager")
        told.append(words("trail.answers.with", person=person(named)) if named else words("trail.answers.with_nobody"))
    return " · ".join(filter(None, told))
