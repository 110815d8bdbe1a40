"""What a region reads, on screen: the form, the line on the Home, and who changed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    DatePickerElement,
    Option,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.digest import Change, Every, Stance, Subscription
from bot.programme import Region
from handlers.views.frame import actions, button, context, escaped, field, form, header, notice, option, section
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.digest.settling import Done

MOST_OPTIONS = 100
"""A list takes a hundred lines."""
MOST_NAMED = 5
"""So many names of themes or regions are told in one line."""


@dataclass(frozen=True)
class Settings:
    """What a region reads, with everything to choose from: themes by id, and the other regions."""

    region: Region
    wants: Subscription
    themes: Mapping[str, str]
    others: Sequence[Region]
    now: datetime


def offered_themes(themes: Mapping[str, str], wants: Subscription) -> list[str]:
    """Return the ids of the themes to choose from: those with a stance first, then by name, a hundred at most."""
    return sorted(themes, key=lambda one: (one not in wants.stances, themes[one].casefold(), one))[:MOST_OPTIONS]


def form_(found: Settings, words: Words) -> View:
    """Everything that a region can settle, in five fields."""
    wants = found.wants
    blocks: list[Block] = [
        section(words("digest.form_intro", region=f"*{escaped(found.region.name)}*")),
        field("every", words("digest.every"), _every(wants, words)),
    ]
    if themes := [option(found.themes[one], one) for one in offered_themes(found.themes, wants)]:
        for name, stance in (("follow", Stance.FOLLOW), ("mute", Stance.MUTE)):
            chosen = [each for each in themes if each.value in wants.with_stance(stance)]
            hint = words(f"digest.{name}_hint")
            blocks.append(field(name, words(f"digest.{name}"), _many(name, themes, chosen), hint=hint, optional=True))
    if others := [option(each.name, each.id) for each in found.others[:MOST_OPTIONS]]:
        chosen = [each for each in others if each.value in wants.others]
        blocks.append(field("others", words("digest.others"), _many("others", others, chosen), optional=True))
    paused = wants.paused_until if wants.paused_until and wants.paused_until > found.now else None
    first = paused.astimezone(words.zone).date().isoformat() if paused else None
    until = DatePickerElement(action_id="until", initial_date=first)
    blocks.append(field("until", words("digest.until"), until, hint=words("digest.until_hint"), optional=True))
    metadata = {"region": found.region.id, "version": str(wants.version)}
    title, save = words("digest.form_title"), words("digest.form_save")
    return form(words, "digest.settings", title, blocks, submit=save, metadata=metadata)


def _every(wants: Subscription, words: Words) -> StaticSelectElement:
    options = [option(words(f"digest.every_{each}"), each.value) for each in Every]
    first = next(each for each in options if each.value == wants.every.value)
    return StaticSelectElement(action_id="every", options=options, initial_option=first)


def _many(name: str, options: Sequence[Option], chosen: Sequence[Option]) -> StaticMultiSelectElement:
    return StaticMultiSelectElement(action_id=name, options=list(options), initial_options=list(chosen) or None)


def home_line(found: Settings, preview: bool, words: Words) -> list[Block]:
    """When the region's next digest comes, with the way to change that."""
    name, wants = escaped(found.region.name), found.wants
    if wants.every is Every.STOPPED:
        text = words("digest.home_stopped", region=name)
    elif wants.paused_until and wants.paused_until > found.now:
        text = words("digest.home_paused", region=name, day=words.day(wants.paused_until))
    else:
        text = words("digest.home", region=name, every=words(f"digest.every_{wants.every}").lower())
    row = [button(words("digest.home_change"), "digest.settings", found.region.id, says=words("digest.form_title"))]
    if preview:
        row.append(preview_button(words, found.region.id))
    return [header(words("digest.form_title")), section(text), actions(*row)]


def home_preview(words: Words) -> list[Block]:
    """For who reads the digests of all regions."""
    return [header(words("digest.form_title")), section(words("digest.home_previews")), actions(preview_button(words))]


def preview_button(words: Words, region: str = "") -> ButtonElement:
    """The way to what the next digest will say."""
    return button(words("digest.preview"), "digest.preview", region, says=words("digest.preview_says"))


def phrases(change: Change, names: Mapping[str, str], words: Words) -> list[str]:
    """Say in a few words what was changed: how often, themes, regions, a pause. Names are escaped."""
    before, after = change.before, change.after
    found = []
    if before["every"] != after["every"]:
        found.append(words(f"digest.set_{after['every']}"))
    for stance in Stance:
        new = [one for one, held in after["stances"].items() if held == stance and before["stances"].get(one) != held]
        if new:
            found.append(words(f"digest.set_{stance}", themes=_names(new, names, words)))
    if dropped := [one for one in before["stances"] if one not in after["stances"]]:
        found.append(words("digest.set_plain", themes=_names(dropped, names, words)))
    if along := [one for one in after["others"] if one not in before["others"]]:
        found.append(words("digest.set_others", regions=_names(along, names, words)))
    if without := [one for one in before["others"] if one not in after["others"]]:
        found.append(words("digest.set_without", regions=_names(without, names, words)))
    if before["paused_until"] != after["paused_until"]:
        until = after["paused_until"]
        paused = words("digest.set_pause", day=words.day(datetime.fromisoformat(until))) if until else None
        found.append(paused or words("digest.set_no_pause"))
    return found


def _names(ids: Sequence[str], names: Mapping[str, str], words: Words) -> str:
    shown = [escaped(names[one]) for one in ids if one in names]
    more = [words("digest.more_names", count=len(shown) - MOST_NAMED)] if len(shown) > MOST_NAMED else []
    return words.list([*shown[:MOST_NAMED], *more]) or words("digest.no_theme")


def changed(
    change: Change, region: Region, names: Mapping[str, str], people: Mapping[str, str], words: Words
) -> tuple[str, list[Block]]:
    """The line in the thread of a digest: who changed what, and the way back for everybody of the region."""
    name = escaped(people.get(change.by, ""))
    if change.undone_by:
        text = words("digest.changed_undone", name=name, by=escaped(people.get(change.undone_by, "")))
        return text, [context(text)]
    what = words.list(phrases(change, names, words))
    text = words("digest.changed", name=name, region=escaped(region.name), what=what)
    if change.after["every"] == Every.STOPPED != change.before["every"]:
        text = f"{text} {words('digest.start_again')}"
    return text, [section(text), actions(_undo(change, words))]


def done(found: "Done", words: Words) -> tuple[str, list[Block]]:
    """Tell whoever changed something what is so now, and the way back."""
    text = _done(found, words)
    row = [_undo(found.change, words)] if found.change else []
    return text, [section(text), *([actions(*row)] if row else [])]


def done_form(found: "Done", words: Words) -> View:
    """The same in the window of the form."""
    return notice(_done(found, words), words)


def _done(found: "Done", words: Words) -> str:
    name = escaped(found.region.name)
    if found.change is None:
        return words("digest.unchanged", region=name)
    lines = [words("digest.done", region=name, what=words.list(phrases(found.change, found.names, words)))]
    if found.change.after["every"] == Every.STOPPED:
        lines.append(words("digest.start_again"))
    return " ".join(lines)


def undone(found: "Done", words: Words) -> tuple[str, list[Block]]:
    """Tell who undid something that it is as it was."""
    text = words("digest.undone", region=escaped(found.region.name))
    return text, [section(text)]


def _undo(change: Change, words: Words) -> ButtonElement:
    return button(words("digest.undo"), "digest.undo", change.id, says=words("digest.undo_says"))
