"""Files as people see them: what became of a file that they dropped, and the list under an article."""

import re
from collections.abc import Sequence

from slack_sdk.models.blocks import Block, StaticMultiSelectElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.article import Edition
from bot.attachments import MEGABYTE, Attachment
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views.frame import actions, button, context, cut, escaped, field, form, option, plain, section
from handlers.views.pages import paragraphs
from handlers.views.selection_groups import title
from handlers.words import Words

MOST_OPTIONS = 100
"""What a list in a form takes."""
_ADDRESS = re.compile(r"https?://[^\s<>|\"'()\[\]\\`]{1,500}")


def address(file: Attachment) -> str:
    """Return where a file can be opened, or nothing when what Slack gave is no plain address."""
    return file.permalink if _ADDRESS.fullmatch(file.permalink) else ""


def weight(size: int, words: Words) -> str:
    """Return "840 kB" or "2,3 MB"."""
    if size < MEGABYTE:
        return f"{words.number(max(1, round(size / 1024)))} kB"
    return f"{words.number(round(size / MEGABYTE, 1))} MB"


def details(file: Attachment, edition: Edition, words: Words) -> str:
    """Return what stands behind a name in a list: the kind of file, its size, and its group."""
    kind = words(f"attachments.kind.{file.kind.value}") if file.kind else ""
    numbers = {found.group.id: found.group.number for found in edition.contributions}
    number = numbers.get(file.group or "")
    group = words("attachments.of_group", group=number) if number else ""
    return " · ".join(filter(None, [kind, weight(file.size, words), group]))


def downloads(edition: Edition, words: Words) -> list[Block]:
    """The list under an article in Slack; nothing where there are no files."""
    lines = [f"• {_linked(file)} · {details(file, edition, words)}" for file in edition.downloads]
    return paragraphs("\n".join([f"*{words('attachments.downloads')}*", *lines])) if lines else []


def _linked(file: Attachment) -> str:
    name = escaped(file.name).replace("|", "¦")  # the bar would end the label of the link
    return f"<{address(file).replace('&', '&amp;')}|{name}>" if address(file) else name


def downloads_form(edition: Edition, words: Words) -> View:
    """The form in which the coordinator says which files stand with the article."""
    files = edition.attachments[:MOST_OPTIONS]
    options = {file.id: option(cut(f"{file.name} · {details(file, edition, words)}", 75), file.id) for file in files}
    chosen = [options[file.id] for file in files if not file.left_out]
    select = StaticMultiSelectElement(
        action_id="listed",
        options=list(options.values()),
        initial_options=chosen or None,
        placeholder=plain(words("attachments.choose_placeholder"), 150),
    )
    blocks: list[Block] = [field("listed", words("attachments.listed"), select, optional=True)]
    blocks.append(context(words("attachments.listed_hint")))
    return form(
        words,
        "harvest.downloads",
        words("attachments.listed_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"article": edition.article.id},
    )


def received(
    lines: Sequence[str], place: str, words: Words, *, takes_back: bool, only_keep: bool, hand_in: bool
) -> tuple[str, list[Block]]:
    """Tell whoever dropped files what became of them; `place` names their message for the buttons."""
    text = "\n".join(lines)
    offered = [
        button(words("attachments.hand_in"), "attachments.hand_in", place) if hand_in else None,
        button(words("attachments.only_keep"), "attachments.only_keep", place) if only_keep else None,
        button(words("attachments.decline"), "attachments.decline", place) if takes_back else None,
    ]
    buttons = [each for each in offered if each is not None]
    return text, [section(text), *([actions(*buttons)] if buttons else [])]


def which_group(
    file: Attachment, choices: Sequence[tuple[WorkSession, Group]], words: Words
) -> tuple[str, list[Block]]:
    """Ask for which group a file is that somebody sent to the bot."""
    text = words("attachments.which")
    options = [
        option(cut(f"{title(session, group, words)} · {words.day(session.starts_at)}", 75), f"{file.id}:{group.id}")
        for session, group in choices[:MOST_OPTIONS]
    ]
    select = StaticSelectElement(
        action_id="attachments.group", options=options, placeholder=plain(words("selection.move_choose"))
    )
    return text, [section(text), actions(select, button(words("attachments.decline"), "attachments.drop", file.id))]


def being_read(file: Attachment, group: Group, words: Words) -> tuple[str, list[Block]]:
    """Say that a file is read, or was, with a way out."""
    text = words("attachments.for_group", group=group.number)
    return text, [section(text), actions(button(words("attachments.decline"), "attachments.drop", file.id))]


def outcome(text: str, group_id: str | None, words: Words) -> tuple[str, list[Block]]:
    """Tell somebody, alone, what came of a file; with the form where its text is still missing."""
    blocks: list[Block] = [section(text)]
    if group_id:
        blocks.append(actions(button(words("impressions.share"), "impressions.share", group_id)))
    return text, blocks
