"""What could not be sent, on screen: what, for whom and why in plain words, and the buttons that settle it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.delivery import Reason
from handlers.views.frame import actions, button, context, escaped, form, person, section
from handlers.words import Words

MOST_GROUPS = 15
"""Groups in one message: with a line and a row of buttons each they stay below Slack's fifty blocks."""
DECISIONS = ("again", "there", "leave")


@dataclass(frozen=True)
class Group:
    """Parcels that wait for the same reason at the same place: what they are, and what became of them.

    `kind` is the feature whose message it is, `code` Slack's word or the missing right. `outcome` is what a person
    decided; "" as long as nobody did. `asked` are the numbers that a button stands for.
    """

    kind: str
    channel: str | None
    users: Sequence[str]
    reason: Reason
    code: str
    numbers: Sequence[int]
    outcome: str = ""

    @property
    def asked(self) -> str:
        """What the buttons carry."""
        return ",".join(map(str, self.numbers))


def notice(groups: Sequence[Group], more: int, words: Words) -> tuple[str, list[Block]]:
    """Say what waits, with buttons; what was decided stays to be read."""
    waiting = [group for group in groups if not group.outcome]
    number = sum(len(group.numbers) for group in waiting) + more
    if not number:
        return words("delivery.done"), [*_settled(groups, words), section(words("delivery.done"))]
    head = words.count("delivery.head", number)
    blocks: list[Block] = [section(head), section(words("delivery.intro"))]
    for group in waiting[:MOST_GROUPS]:
        blocks += [section(_line(group, words)), actions(*_buttons(group, words))]
    blocks += _settled(groups, words)
    hidden = more + sum(len(group.numbers) for group in waiting[MOST_GROUPS:])
    if hidden:
        blocks.append(context(words.count("delivery.more", hidden)))
    return words("delivery.text"), blocks


def notice_form(groups: Sequence[Group], more: int, words: Words) -> View:
    """The same, above the Home."""
    _, blocks = notice(groups, more, words)
    return form(words, "frame.notice", words("delivery.title"), blocks, submit=None)


def waiting(number: int, words: Words) -> list[Block]:
    """One line of the Home, for who can settle it."""
    return [section(words.count("delivery.waiting", number), button(words("delivery.open"), "delivery.open"))]


def _settled(groups: Sequence[Group], words: Words) -> list[Block]:
    done = [group for group in groups if group.outcome][:MOST_GROUPS]
    return [context(f"{_what(group, words)}: {words(f'delivery.outcome.{group.outcome}')}") for group in done]


def _line(group: Group, words: Words) -> str:
    return _what(group, words) + "\n" + _why(group, words)


def _what(group: Group, words: Words) -> str:
    name = f"delivery.what.{group.kind}"
    what = words(name if words.knows(name) else "delivery.what.other")
    said: Mapping[str, object] = {"what": what, "where": _where(group, words)}
    number = len(group.numbers)
    return words("delivery.lines", number=number, **said) if number > 1 else words("delivery.line", **said)


def _where(group: Group, words: Words) -> str:
    if group.channel is not None:
        return f"<#{group.channel}>"
    users = list(dict.fromkeys(group.users))
    return person(users[0]) if len(users) == 1 else words("delivery.direct_many", number=len(users))


def _why(group: Group, words: Words) -> str:
    key = f"delivery.why.{group.reason.value}"
    if group.reason is Reason.NO_RIGHT:
        return words(key, scope=escaped(group.code))
    return words(key, code=escaped(group.code)) if group.reason is Reason.NOT_MADE else words(key)


def _buttons(group: Group, words: Words) -> list[ButtonElement]:
    sure = group.reason is not Reason.UNSURE
    return [
        button(words(f"delivery.{name}"), f"delivery.decide:{name}", group.asked)
        for name in DECISIONS
        if not (sure and name == "there")
    ]
