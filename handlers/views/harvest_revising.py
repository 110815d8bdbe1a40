"""What a coordinator is asked after publication: published words, what the group says now, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.article import Sentence
from bot.impressions import SignOffState, Standing
from bot.impressions.revising import Touched
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, escaped, section
from handlers.views.impressions_signing import reason, until
from handlers.views.pages import paginate, paragraphs
from handlers.words import Words


def changed(
    session: WorkSession, group: Group, found: Sequence[Touched], standing: Standing, value: str, words: Words
) -> tuple[str, list[list[Block]]]:
    """List every published sentence that a change touches, old and new, with the choice."""
    text = words.count("harvest.touched", len(found), group=group.number)
    body: list[Block] = []
    for one in found:
        new = escaped(one.new.text) if one.new else words("harvest.touched_gone_words")
        old = words("harvest.touched_old", text=escaped(one.sentence.run.text))
        body += paragraphs(f"{old}\n{words('harvest.touched_new', text=new)}")
    takes_away = all(one.new is None for one in found)
    label = words("harvest.take_out" if takes_away else "harvest.update")
    tail: list[Block] = []
    if not takes_away and standing.state is SignOffState.OPEN:
        tail.append(context(words("harvest.touched_open", until=until(session, standing, words))))
    elif not takes_away and standing.state is not SignOffState.AGREED:
        tail.append(context(words("harvest.revise_not_agreed")))
    return text, paginate([section(f"*{text}*")], body, [*tail, _choice(label, value, words)])


def objected(
    group: Group,
    cited: Sequence[Sentence],
    standing: Standing,
    names: Mapping[str, str],
    value: str,
    words: Words,
) -> tuple[str, list[list[Block]]]:
    """Say who objects to what is published, and list it, with the choice."""
    text = words("harvest.objected_after", group=group.number)
    body: list[Block] = []
    for one in standing.objections:
        body += paragraphs(reason(names.get(one.user, ""), one.reason, words))
    for sentence in cited:
        body += paragraphs(words("harvest.touched_old", text=escaped(sentence.run.text)))
    return text, paginate([section(f"*{text}*")], body, [_choice(words("harvest.take_out"), value, words)])


def _choice(label: str, value: str, words: Words) -> Block:
    return actions(
        button(label, "harvest.revise:update", value), button(words("harvest.leave"), "harvest.revise:leave", value)
    )


def decided(decision: str, name: str, at: datetime, words: Words) -> tuple[str, list[list[Block]]]:
    """Say who decided what, without the words that it was about."""
    text = words(f"harvest.decided_{decision}", name=escaped(name), at=words.stamp(at))
    return text, [[section(text)]]


def over(why: str, words: Words) -> tuple[str, list[list[Block]]]:
    """Say that there is nothing to choose any more."""
    text = words(f"harvest.revise_over_{why}")
    return text, [[context(text)]]
