"""Groups for intervision on screen: to the coordinator with every reason, and to the facilitators of a group."""

from collections.abc import Callable, Mapping, Sequence

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.trail import Entry, State
from bot.trail.intervision import Reason, Together
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, cut, divider, escaped, form, section
from handlers.words import Words

Draw = Callable[[Words], list[Block]]
Said = tuple[str, list[Block]]
WINDOW = "trail.intervision"
MOST, LINE = 20, 160


def offer(words: Words) -> list[Block]:
    """The way to the groups."""
    return [actions(button(words("trail.intervision.offer"), "trail.intervision", "0"))]


def window(
    found: Sequence[Together],
    known: Sequence[Sequence[str]],
    out: Sequence[str],
    names: Mapping[str, str],
    coming: WorkSession | None,
    seed: int,
    words: Words,
) -> View:
    """Each group with why, and the button that makes it known; then who was together within the year."""
    blocks: list[Block] = [section(words("trail.intervision.intro"))]
    if coming is not None:
        day = words.date(coming.starts_at)
        blocks.append(context(words("trail.intervision.session", title=escaped(coming.title), day=day)))
    for group in found[:MOST]:
        title = escaped(words.list([names.get(each, "…") for each in group.regions]))
        lines = [f"*{title}*", *(f"• {_reason(each, names, words)}" for each in group.reasons)]
        value = " ".join((str(seed), *group.regions))
        tell = button(words("trail.intervision.tell"), f"trail.intervision_tell:{group.regions[0]}", value)
        blocks.append(section("\n".join(lines)[:2900], tell))
    if not found:
        key = "trail.intervision.nobody_left" if known or out else "trail.intervision.nobody"
        blocks.append(section(words(key)))
    else:
        again = button(words("trail.intervision.again"), "trail.intervision", str(seed + 1))
        blocks.append(actions(again))
    if out:
        left_out = escaped(words.list([names.get(each, "…") for each in out]))
        blocks.append(context(words("trail.intervision.out", names=left_out)))
    if known:
        lines = [f"• {escaped(words.list([names.get(each, '…') for each in group]))}" for group in known[:MOST]]
        blocks += [divider(), section("\n".join([f"*{words('trail.intervision.known')}*", *lines]))]
    return form(words, WINDOW, words("trail.intervision.title"), blocks, submit=None)


def _reason(reason: Reason, names: Mapping[str, str], words: Words) -> str:
    """Why, with what both sides wrote."""
    return words(
        f"trail.intervision.{reason.help.value}",
        giver=escaped(names.get(reason.giver, "…")),
        taker=escaped(names.get(reason.taker, "…")),
        gives=_short(reason.gives),
        lacks=_short(reason.lacks),
    )


def _short(entry: Entry) -> str:
    return escaped(cut(" ".join(entry.title.split()), LINE))


def told(
    reasons: Sequence[Reason],
    group: str,
    mine: str,
    others: Sequence[str],
    names: Mapping[str, str],
    coming: Sequence[WorkSession],
    words: Words,
) -> Said:
    """With whom a region comes together and why; words of another region only where that shared them."""
    text = words("trail.intervision.together", names=escaped(words.list([names.get(each, "…") for each in others])))
    blocks: list[Block] = [section(text)]
    lines = [f"• {_readable(each, mine, names, words)}" for each in reasons]
    if lines:
        blocks.append(section("\n".join(dict.fromkeys(lines))[:2900]))
    if coming:
        day = words.date(coming[0].starts_at)
        blocks.append(context(words("trail.intervision.session", title=escaped(coming[0].title), day=day)))
    blocks.append(context(words("trail.intervision.no_hint")))
    blocks.append(actions(button(words("trail.intervision.no"), "trail.intervision_no", f"{group} {mine}")))
    return text, blocks


def not_together(words: Words, *, said_no: bool) -> Said:
    """To a facilitator: their own region said no, or nobody is left to be together with."""
    text = words("trail.intervision.no_thanks" if said_no else "trail.intervision.off")
    return text, [section(text)]


def declined(who: str, others: Sequence[str], left: Sequence[str], names: Mapping[str, str], words: Words) -> Said:
    """To a coordinator: whom it does not suit, who stays together, and the way to look again."""

    def named(regions: Sequence[str]) -> str:
        return escaped(words.list([names.get(each, "…") for each in regions]))

    text = words("trail.intervision.declined", who=named([who]), names=named(others))
    rest = (
        words("trail.intervision.stays", names=named(left))
        if left
        else words("trail.intervision.free", names=named(others))
    )
    return text, [section(f"{text}\n{rest}"), *offer(words)]


def _readable(reason: Reason, mine: str, names: Mapping[str, str], words: Words) -> str:
    """A reason as one region may read it."""
    theirs = reason.gives if reason.taker == mine else reason.lacks
    if theirs.state is State.SHARED:
        return _reason(reason, names, words)
    own = reason.lacks if reason.taker == mine else reason.gives
    other = reason.giver if reason.taker == mine else reason.taker
    key = "trail.intervision.they_help" if reason.taker == mine else "trail.intervision.you_help"
    return words(key, region=escaped(names.get(other, "…")), own=_short(own))
