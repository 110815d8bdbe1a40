"""What changed in a published article, for its readers; the coordinator also reads the words that it had."""

from slack_sdk.models.blocks import Block

from bot.article import Changes, Edition, Turn
from handlers.views.frame import context, divider, escaped
from handlers.views.pages import paragraphs
from handlers.words import Words


def changed(changes: Changes, edition: Edition, words: Words, *, old_words: bool = False) -> list[Block]:
    """What is new, says something else, or is gone, under its own heading; nothing while nothing changed."""
    told = lines(changes, edition, words, old_words=old_words)
    if not told:
        return []
    listed = "\n".join(f"• {group}: {escaped(text)}" for group, text in told)
    version = context(words("harvest.version", number=changes.number))
    return [divider(), *paragraphs(f"*{title(changes, words)}*\n{listed}"), version]


def title(changes: Changes, words: Words) -> str:
    """Say since when."""
    assert changes.since is not None
    return words("harvest.changed_title", at=words.moment(changes.since))


def lines(changes: Changes, edition: Edition, words: Words, *, old_words: bool = False) -> list[tuple[str, str]]:
    """Return each change as a group and a line, not escaped.

    What a sentence said before is for the coordinator alone: somebody may have wanted it changed for a reason.
    """
    if changes.since is None or not changes.items:
        return []
    numbers = {found.group.id: found.group.number for found in edition.contributions}
    told: list[tuple[str, str]] = []
    for one in changes.items:
        group = words("harvest.changed_group", number=numbers.get(one.group, "-"))
        new = one.new.run.text if one.new else ""
        if one.turn is Turn.GONE:
            told.append((group, words("harvest.changed_gone")))  # never what it said: that went for a reason
        elif one.turn is Turn.CHANGED and old_words and one.old:
            told.append((group, words("harvest.changed_words", old=one.old, new=new)))
        else:
            told.append((group, words(f"harvest.changed_{one.turn}", new=new)))
    return list(dict.fromkeys(told))
