"""What of the agendas of regions may become a theme, where a session gets its themes and on the page of an entry."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, CheckboxesElement, Option

from bot.trail import Entry
from bot.trail.theming import Suggestion
from handlers.views.frame import actions, button, context, cut, escaped, field, plain, section
from handlers.words import Words

SHOWN, ABOUT = 140, 40


def waiting(found: Sequence[Suggestion], names: Mapping[str, str], session: str, words: Words) -> list[Block]:
    """Each with its region and why, and the button that takes it over as a proposal. `names` is by region id."""
    if not found:
        return []
    blocks: list[Block] = [section(words("trail.themes_waiting"))]
    for number, one in enumerate(found):
        take = button(
            words("trail.theme_take"), f"trail.theme:{number}", f"{one.entry} {session}".strip(),
            says=f"{words('trail.theme_take')}: {one.title}",
        )  # fmt: skip
        blocks.append(section(f"{escaped(cut(one.title, SHOWN))}\n_{escaped(_why(one, names, words))}_", take))
    return blocks


def choices(found: Sequence[Suggestion], names: Mapping[str, str], words: Words) -> Block | None:
    """The same to tick in the form in which the coordinator writes the themes of a session."""
    if not found:
        return None
    options = [
        Option(value=one.entry, text=plain(one.title), description=plain(_why(one, names, words))) for one in found
    ]
    element = CheckboxesElement(action_id="agenda", options=options)
    return field("agenda", words("trail.themes_label"), element, optional=True)


def _why(one: Suggestion, names: Mapping[str, str], words: Words) -> str:
    why = words("trail.theme_silent") if one.why == "silent" else words(f"trail.choice_{one.why.value}")
    about = cut(" ".join(one.about.split()), ABOUT)
    return " · ".join(filter(None, (names.get(one.region, ""), why, about)))


def taken_over(entry: Entry, words: Words) -> list[Block]:
    """On an entry that is proposed already."""
    return [context(words("trail.theme_taken", name=escaped(cut(entry.title, SHOWN))))]


def to_take(entry: Entry, words: Words) -> list[Block]:
    """On an entry that may become a theme."""
    return [actions(button(words("trail.theme_take"), "trail.theme", entry.id))]
