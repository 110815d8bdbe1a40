"""The coordinator's view before closing: how it would come out now, what needs attention, and what can be done."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ConfirmObject, OverflowMenuElement
from slack_sdk.models.views import View

from bot.selection import Outlook, Prospect, suggestion
from bot.worksessions import Mode, State, WorkSession
from handlers.views.frame import (
    actions,
    button,
    escaped,
    form,
    header,
    option,
    person,
    plain,
    section,
)
from handlers.views.pages import paragraphs
from handlers.views.selection import closing, fitting
from handlers.views.selection_groups import named
from handlers.words import Words

MOST_NAMES = 30
"""So many people are named in one line; above that the number says the rest."""
NAME_ROOM = 300
"""Characters for the topics of one offer, above its numbers."""
SHORT_ROOM = 60
"""Characters for the topics of one offer in a list of them."""


def computing(session: WorkSession, notice: str, left: Sequence[str], words: Words) -> View:
    """What stands in the window while the groups are tried out; `notice` says what was just done, harmless."""
    blocks: list[Block] = [section(f"*{escaped(session.title)}*")]
    if notice:
        blocks.append(section(notice))
    return _frame(session, [*blocks, section(words("selection.outlook.computing"))], left, words)


def failed(session: WorkSession, left: Sequence[str], words: Words) -> View:
    """Say that trying out the groups did not work, and let it be tried again."""
    again = button(words("home.refresh"), "selection.outlook_again", session.id)
    return _frame(session, [section(words("selection.outlook.failed")), actions(again)], left, words)


def closed(session: WorkSession, words: Words) -> View:
    """Say that choosing has closed: there is nothing to change here any more."""
    making = session.state in (State.CHOOSING, State.CLOSING)
    text = words("selection.outlook.closing" if making else "selection.outlook.closed", title=escaped(session.title))
    return _frame(session, [section(text)], (), words)


def board(session: WorkSession, found: Outlook, notice: str, left: Sequence[str], words: Words) -> View:
    """Everything at a glance. `notice` says what was just done, harmless; `left` are small offers to leave alone."""
    blocks: list[Block] = [section(notice)] if notice else []
    blocks += [section(_summary(session, found, words)), _row(session, found, words)]
    blocks += _suggested(session, found, left, words)
    notes = attention(session, found, words)
    blocks.append(header(words("selection.outlook.attention")))
    for note in notes or [words("selection.outlook.all_well")]:
        blocks += paragraphs(note)
    blocks.append(header(words("selection.outlook.topics")))
    blocks += [_offer(session, each, len(found.prospects), words) for each in found.prospects]
    return _frame(session, blocks, left, words)


def attention(session: WorkSession, found: Outlook, words: Words) -> list[str]:
    """What a coordinator may want to do something about, the most pressing first; all harmless mrkdwn."""
    notes: list[str] = []

    def people(key: str, users: Sequence[str]) -> None:
        if users:
            notes.append(words.count(key, len(users), people=named(users, words, MOST_NAMES)))

    def topics(key: str, prospects: Sequence[Prospect]) -> None:
        if prospects:
            notes.append(words.count(key, len(prospects), topics=words.list([_short(session, p) for p in prospects])))

    people("selection.outlook.unseated", found.unseated)
    if found.too_small:
        lines = [
            words("selection.outlook.few", topic=_short(session, each), now=each.first, least=each.minimum)
            for each in found.too_small
        ]
        notes.append(words("selection.outlook.too_small", topics=words.list(lines)))
    topics("selection.outlook.unchosen", found.unchosen)
    if found.without_facilitator:
        lines = [
            words("selection.outlook.gone", topic=_short(session, each), people=named(each.away, words, 3))
            if each.away
            else _short(session, each)
            for each in found.without_facilitator
        ]
        notes.append(words("selection.outlook.no_facilitator", topics=words.list(lines)))
    topics("selection.outlook.no_note_taker", found.without_note_taker)
    people("selection.outlook.outside", found.outside)
    people("selection.outlook.last", found.last)
    if found.apart:
        shown = [f"{person(one)} + {person(other)}" for one, other in found.apart[:MOST_NAMES]]
        more = len(found.apart) - len(shown)
        listed = words.list([*shown, words.count("selection.more", more)] if more else shown)
        notes.append(words.count("selection.outlook.apart", len(found.apart), pairs=listed))
    if found.without_buddy:
        notes.append(words.count("selection.outlook.no_buddy", found.without_buddy))
    people("selection.outlook.silent", found.silent)
    return notes


def _summary(session: WorkSession, found: Outlook, words: Words) -> str:
    lines = [
        f"*{escaped(session.title)}* · {closing(session, words)}",
        words("selection.outlook.chosen", chosen=words.number(found.chosen), invited=words.number(found.invited)),
    ]
    if found.besides:
        lines[-1] += f" {words.count('selection.outlook.besides', found.besides)}"
    if found.absent:
        lines[-1] += f" {words.count('selection.outlook.absent', found.absent)}"
    groups = sum(each.runs for each in found.prospects)
    lines.append(words("selection.outlook.if_now", groups=words.count("selection.groups", groups)))
    ranked = session.mode is Mode.RANKED
    names = ["first", "second", "third", "outside", "anywhere"] if ranked else ["first", "outside", "anywhere"]
    shown = [words(f"selection.outlook.at_{name}", count=getattr(found.standing, name)) for name in names]
    lines.append(" · ".join(shown))
    if found.gap is None:
        lines.append(words("selection.outlook.proven"))
    else:
        goal = words(f"selection.outlook.goal_{found.gap.name}")
        lines.append(words("selection.outlook.gap", goal=goal, gap=round(found.gap.value - found.gap.bound)))
    return "\n".join(lines)


def _row(session: WorkSession, found: Outlook, words: Words) -> Block:
    sure = ConfirmObject(
        title=plain(words("selection.outlook.close_title"), 100),
        text=plain(words("selection.outlook.close_sure"), 300),
        confirm=plain(words("home.close"), 30),
        deny=plain(words("selection.outlook.not_yet"), 30),
    )
    close = button(words("home.close"), "selection.close_here", session.id)
    close.confirm = sure
    remind = [button(words("selection.outlook.remind"), "selection.remind", session.id)] if found.silent else []
    return actions(
        button(words("selection.outlook.place"), "selection.place", session.id),
        button(words("worksessions.appoint"), "worksessions.appoint", session.id),
        button(words("selection.outlook.closing_time"), "selection.closing", session.id),
        *remind,
        close,
        button(words("home.refresh"), "selection.outlook_again", session.id),
    )


def _suggested(session: WorkSession, found: Outlook, left: Sequence[str], words: Words) -> list[Block]:
    proposed = suggestion(found.prospects, left)
    if proposed is None:
        return []
    by_lead = {each.lead: each for each in found.prospects}
    small, into = by_lead[proposed.small], by_lead[proposed.into]
    text = words(
        "selection.outlook.suggestion",
        one=_short(session, small), few=small.first, other=_short(session, into), more=into.first,
    )  # fmt: skip
    return [
        section(f"*{text}*"),
        actions(
            button(words("selection.outlook.merge_with"), "selection.merge", f"{small.lead},{into.lead}", green=True),
            button(words("selection.outlook.leave"), "selection.leave", small.lead),
        ),
    ]


def _offer(session: WorkSession, found: Prospect, offers: int, words: Words) -> Block:
    offered = session.offer(found.lead)
    numbers = [words.count("selection.outlook.now", found.chosen)]
    if session.mode is Mode.RANKED:
        numbers.append(words.count("selection.first_choices", found.first))
    numbers.append(
        words.count("selection.outlook.then", found.seated) if found.runs else words("selection.outlook.not_running")
    )
    if found.maximum is not None or found.minimum > 1:
        numbers.append(_limits(found, words))
    if found.facilitator:
        numbers.append(words("selection.led_by", name=person(found.facilitator)))
    menu = [option(words("selection.outlook.merge_with"), f"merge:{found.lead}")] if offers > 1 else []
    if len(found.topics) > 1:
        menu.append(option(words("selection.outlook.take_apart"), f"apart:{found.lead}"))
    menu.append(option(words("selection.outlook.limits"), f"limits:{found.lead}"))
    if len(session.topics) > 1:
        menu.append(option(words("selection.outlook.withdraw"), f"withdraw:{found.lead}"))
    return section(
        f"*{fitting(offered, NAME_ROOM)}*\n{' · '.join(numbers)}",
        OverflowMenuElement(action_id="selection.shape", options=menu),
        block_id=found.lead,
    )


def _limits(found: Prospect, words: Words) -> str:
    if found.maximum is not None:
        return words("selection.outlook.from_to", least=found.minimum, most=found.maximum)
    return words("selection.outlook.at_least", least=found.minimum)


def _short(session: WorkSession, found: Prospect) -> str:
    return fitting(session.offer(found.lead), SHORT_ROOM)


def _frame(session: WorkSession, blocks: Sequence[Block], left: Sequence[str], words: Words) -> View:
    return form(
        words,
        "selection.outlook",
        words("selection.outlook.title"),
        blocks,
        submit=None,
        metadata={"session": session.id, "left": ",".join(left)},
    )
