"""The language model, for who decides over it: where it runs, what it cost, which region wants none, what stood out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.article import PublishedSentence, attributed
from bot.programme import Region
from bot.writing import Limits, Mode
from handlers.views.frame import actions, button, context, cut, divider, escaped, form, header, quoted, section
from handlers.words import Words
from storage.writing import Cost

MOST_REGIONS = 20
MOST_FLAGGED = 5
SHOWN = 400
"""Characters of a sentence that was pointed out: enough to know it by."""


@dataclass(frozen=True)
class Overview:
    """What is shown: the mode, the limits, the regions, the costs of this month, and what was pointed out lately.

    `costs` are those of each region's last prepared digest, by region id. `kept` are ids of notes that never leave.
    """

    mode: Mode
    limits: Limits
    regions: Sequence[Region]
    month: Cost
    costs: Mapping[str, Cost]
    flagged: Sequence[PublishedSentence]


def overview(found: Overview, words: Words) -> View:
    """The whole window."""
    blocks: list[Block] = [section(words(f"writing.mode_{found.limits.workspace.value}"))]
    if found.mode is not Mode.NONE:
        blocks.append(context(words("writing.month", cost=cost(found.month, words))))
        blocks += _workspace(found, words)
        blocks += [divider(), section(f"*{words('writing.regions')}*")]
        for number, region in enumerate(found.regions[:MOST_REGIONS]):
            blocks += _region(number, region, found, words)
        if len(found.regions) > MOST_REGIONS:
            blocks.append(context(words.count("writing.more_regions", len(found.regions) - MOST_REGIONS)))
        if found.flagged:
            blocks += [divider(), section(f"*{words('writing.flagged_title')}*\n{words('writing.flagged_why')}")]
            for number, one in enumerate(found.flagged[:MOST_FLAGGED]):
                blocks += _flagged(number, one, found.limits, words)
    return form(words, "frame.notice", words("writing.title"), blocks, submit=None)


def flagged(found: Sequence[PublishedSentence], words: Words) -> tuple[str, list[Block]]:
    """The message that something stood out; nothing was left out for it, and nothing can be pressed by accident."""
    text = words.count("writing.flagged_text", len(found))
    blocks: list[Block] = [header(words("writing.flagged_title")), section(f"{text} {words('writing.flagged_why')}")]
    blocks += [section(_shown(one, words)) for one in found[:MOST_FLAGGED]]
    blocks.append(actions(button(words("writing.open"), "writing.open")))
    return text, blocks


def cost(spent: Cost, words: Words) -> str:
    """Say what was asked: "3 vragen aan het taalmodel, 4.200 tekens"."""
    characters = words.number(spent.characters)
    return words.count("writing.cost", spent.calls, characters=characters)


def _workspace(found: Overview, words: Words) -> list[Block]:
    if found.limits.workspace is Mode.NONE:
        return [actions(button(words("writing.allow_all"), "writing.allow:all", "workspace"))]
    return [actions(button(words("writing.stop_all"), "writing.stop:all", "workspace"))]


def _region(number: int, region: Region, found: Overview, words: Words) -> list[Block]:
    name = escaped(cut(region.name, 80))
    lines = [f"*{name}*"]
    if (spent := found.costs.get(region.id)) is not None and spent.calls:
        lines.append(words("writing.last_digest", cost=cost(spent, words)))
    if found.limits.workspace is Mode.NONE:
        return [section("\n".join([*lines, words("writing.without")]))]
    if found.limits.of_region(region.id) is Mode.NONE:
        lines.append(words("writing.without"))
        says = words("writing.allow_says", region=region.name)
        choice = button(words("writing.allow"), f"writing.allow:{number}", f"region:{region.id}", says=says)
    else:
        says = words("writing.stop_says", region=region.name)
        choice = button(words("writing.stop"), f"writing.stop:{number}", f"region:{region.id}", says=says)
    return [section("\n".join(lines), choice)]


def _flagged(number: int, one: PublishedSentence, limits: Limits, words: Words) -> list[Block]:
    place = f"note:{one.impression}"
    kept = limits.notes.get(one.impression) is Mode.NONE
    label = words("writing.allow") if kept else words("writing.stop")
    verb = "allow" if kept else "stop"
    return [section(_shown(one, words), button(label, f"writing.{verb}:note{number}", place))]


def _shown(one: PublishedSentence, words: Words) -> str:
    where = attributed(one)
    place = [escaped(cut(where.session_title, 80)), *([words.date(where.on)] if where.on else [])]
    return f"{quoted(escaped(cut(one.text, SHOWN)))}\n{' · '.join(place)}"
