"""Asking regions to look back: the coordinator's form, the message with its button, and who answered."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.programme import Region
from bot.trail import Part
from bot.trail.looking_back import KINDS, Asked, Round
from handlers.views.frame import INPUT_LENGTH, actions, button, escaped, field, form, option, section
from handlers.words import Words

MOST_ROUNDS = 3
"""Rounds on the part of the programme; older ones are in the evaluations themselves."""
MOST_LINES = 95
"""Pieces of text in the window of who answered; Slack takes a hundred."""


def ask_form(below: str, words: Words) -> View:
    """Which of the two forms, and about which period; `below` names the windows under it."""
    kinds = [option(words(f"trail.kind_{kind.value}"), kind.value) for kind in KINDS]
    blocks: list[Block] = [
        section(words("trail.round.intro")),
        field("kind", words("trail.round.kind"), StaticSelectElement(
            action_id="kind", options=kinds, initial_option=kinds[0])),
        field("title", words("trail.round.title"), PlainTextInputElement(
            action_id="title", max_length=INPUT_LENGTH), hint=words("trail.round.title_hint")),
    ]  # fmt: skip
    return form(
        words,
        "trail.round_new",
        words("trail.round.ask"),
        blocks,
        submit=words("trail.round.ask"),
        metadata={"below": below},
    )


def ask(found: Round, region: Region, again: bool, words: Words) -> tuple[str, list[Block]]:
    """The message to somebody of a region."""
    kind = found.kind.value
    key = f"trail.round.message_again_{kind}" if again else f"trail.round.message_{kind}"
    text = words(key, region=escaped(region.name), period=escaped(found.title))
    fill = button(words("trail.round.fill"), "trail.add", f"{region.id} {found.kind.value}", green=True)
    return text, [section(text), actions(fill)]


def sent(regions: Sequence[Region], asked: Sequence[Asked], words: Words) -> str:
    """To who asked: how many regions the question goes to, and where nobody can be asked."""
    among = {one.region for one in asked}
    nobody = sorted(each.name for each in regions if each.id not in among)
    lines = [words.count("trail.round.sent_to", len(among))]
    lines += [words("trail.round.nobody_in", regions=escaped(words.list(nobody)))] if nobody else []
    return "\n".join(lines)


def thanks(found: Round, region: Region, words: Words) -> tuple[str, list[Block]]:
    """The message to who answered: where their answer stands, who can read it, and the way there."""
    text = words("trail.round.thanks", region=escaped(region.name), period=escaped(found.title))
    return text, [section(text, button(words("trail.open"), "trail.part", f"{region.id} {Part.MONITORING.value}"))]


def waiting(found: Round, region: str, name: str, words: Words) -> list[Block]:
    """On the Home of who was asked: what, about which period, and the form."""
    kind = found.kind.value
    text = words(f"trail.round.message_{kind}", region=escaped(name), period=escaped(found.title))
    fill = button(words("trail.round.fill"), f"trail.add:{kind}", f"{region} {kind}", green=True)
    return [section(f"*{words(f'trail.kind_{kind}')}*\n{text}", fill)]


def rounds(counted: Sequence[tuple[Round, Sequence[Asked]]], words: Words) -> list[Block]:
    """The button to ask, and how far each round is."""
    blocks: list[Block] = [actions(button(words("trail.round.ask"), "trail.round_new"))]
    for found, asked in counted:
        regions = {one.region for one in asked}
        answered = {one.region for one in asked if one.answered_at}
        text = words(
            "trail.round.standing", kind=words(f"trail.kind_{found.kind.value}"), period=escaped(found.title),
            answered=len(answered), regions=len(regions),
        )  # fmt: skip
        blocks.append(section(text, button(words("trail.round.who"), "trail.round", found.id)))
    return blocks


def answers(
    found: Round, regions: Sequence[Region], asked: Sequence[Asked], names: Mapping[str, str], below: str, words: Words
) -> View:
    """Who answered, with the way to what they said, region by region in the order of their names.

    Also the regions where nobody could be asked. `below` names the windows under it.
    """
    blocks: list[Block] = []
    for region in sorted(regions, key=lambda one: one.name.casefold()):
        blocks += _of_region(region, [one for one in asked if one.region == region.id], names, words)
    if len(blocks) > MOST_LINES:
        left = len(blocks) - MOST_LINES
        blocks = [*blocks[:MOST_LINES], section(words.count("trail.more", left))]
    title = words(f"trail.kind_{found.kind.value}")
    blocks = blocks or [section(words("trail.nothing_yet"))]
    return form(words, "trail.round", title, blocks, submit=None, metadata={"below": below})


def _of_region(region: Region, mine: Sequence[Asked], names: Mapping[str, str], words: Words) -> list[Block]:
    """Who answered, each with the button to it, and in one piece who did not."""
    lines: list[tuple[str, ButtonElement | None]] = []
    for one in mine:
        if one.answered_at:
            name, day = names.get(one.user, "…"), words.calendar_date(one.answered_at)
            look = button(words("trail.open"), "trail.entry", one.answer, says=f"{words('trail.open')}: {name}")
            lines.append((words("trail.round.answered", name=escaped(name), day=day), look))
    waits = [words("trail.round.waits", name=escaped(names.get(one.user, "…"))) for one in mine if not one.answered_at]
    if waits or not mine:
        lines.append(("\n".join(waits) or words("trail.round.nobody"), None))
    heading = f"*{escaped(region.name)}*\n"
    return [section((heading if not at else "") + text, look) for at, (text, look) in enumerate(lines)]
