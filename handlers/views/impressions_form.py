"""The form in which a group's impression is shared or changed: short at first, with a draft that is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.views import View

from bot.impressions import LONGEST, PARTS, Contents, Impression
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.views import frame
from handlers.views.frame import actions, button, context, cut, escaped, form, option, plain, section
from handlers.views.privacy import involved_field
from handlers.views.selection_groups import title
from handlers.words import Words

FIRST = ("takeaway", "easy", "hard", "quote", "question", "offer")
"""The fields that are there at once: more than six is no short form."""
MORE = tuple(part for part in PARTS if part not in FIRST)
DRAFT, NOTE = "draft", "note"
"""The blocks that say that something was typed earlier, and where it comes from."""
_HALF_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Filling:
    """What a form shows: what is filled in, whether all fields are there, and what is said about it.

    `group` is the one that was chosen, `draft` the sentence about words that were typed earlier, and `note` one about
    the message they came from. `warnings` says per field, in mrkdwn, why what it holds is not kept. What somebody
    typed stays on the screen as long as `round` is the same; with another the fields hold what `contents` says.
    """

    contents: Contents = field(default_factory=lambda: Contents(""))
    more: bool = False
    draft: str = ""
    note: str = ""
    warnings: Mapping[str, str] = field(default_factory=dict)
    round: int = 1
    focus: bool = True
    group: str = ""

    @property
    def shows(self) -> tuple[str, ...]:
        """The parts that have a field: never fewer than those with words in them."""
        return FIRST + MORE if self.more or self._holds(MORE) else FIRST

    def _holds(self, parts: Sequence[str]) -> bool:
        return any(str(getattr(self.contents, part)) for part in parts)


def share_form(
    choices: Sequence[tuple[WorkSession, Group]],
    words: Words,
    *,
    metadata: Mapping[str, str],
    filling: Filling | None = None,
) -> View:
    """The form in which a group's impression is shared; with several groups, which one is asked first."""
    filling = filling or Filling()
    blocks = [_group_field(choices, filling.group, words), *_about_words(filling, words), *_fields(filling, words)]
    view = form(
        words,
        "impressions.share",
        words("impressions.form_title"),
        blocks,
        submit=words("impressions.submit"),
        metadata={**metadata, "round": str(filling.round)},
    )
    return _heard(view)


def change_form(
    session: WorkSession, group: Group, impression: Impression, words: Words, filling: Filling | None = None
) -> View:
    """The same form, for what was shared before; `filling` where that is not what it holds now."""
    filling = filling or Filling(impression.contents)
    blocks = [section(_about(session, group, words)), *_about_words(filling, words), *_fields(filling, words)]
    view = form(
        words,
        "impressions.change",
        words("impressions.change_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"impression": impression.id, "version": str(impression.version), "round": str(filling.round)},
    )
    return _heard(view)


def again(view: Mapping[str, Any], filling: Filling, words: Words) -> View:
    """The form that somebody has open, with other fields, warnings or contents; for which group stays as it was.

    What is said about an earlier draft goes when another round begins.
    """
    blocks = list(view["blocks"])
    metadata = json.loads(view.get("private_metadata") or "{}")
    first = next(at for at, block in enumerate(blocks) if block.get("block_id") in PARTS)
    afresh = metadata.get("round") != str(filling.round)
    head = [block for block in blocks[:first] if not afresh or block.get("block_id") not in (DRAFT, NOTE)]
    return _heard(
        View(
            type="modal",
            callback_id=view["callback_id"],
            title=view["title"],
            submit=view["submit"],
            close=view["close"],
            blocks=[*head, *_fields(filling, words)],
            private_metadata=json.dumps({**metadata, "round": str(filling.round)}, sort_keys=True),
        )
    )


def warnings_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the warnings that an open form shows, by field and as they are written there."""
    named = [(str(block.get("block_id", "")).partition(":"), block) for block in view.get("blocks", ())]
    return {part: str(block["elements"][0]["text"]) for (kind, _, part), block in named if kind == "warning"}


def shows_all(view: Mapping[str, Any]) -> bool:
    """Say whether an open form shows every field already."""
    return {block.get("block_id") for block in view.get("blocks", ())} >= set(MORE)


def draft_line(at: datetime, now: datetime, words: Words) -> str:
    """Say that what was typed earlier is still there, and since when."""
    moment = words.time(at) if now - at < _HALF_DAY else f"{words.day(at)}, {words.time(at)}"
    return words("impressions.draft_from", moment=moment)


def _heard(view: View) -> View:
    """Slack tells what is typed in it and that it was closed."""
    view.notify_on_close = True
    return view


def _about_words(filling: Filling, words: Words) -> list[Block]:
    found: list[Block] = []
    if filling.draft:
        found.append(section(filling.draft, button(words("impressions.afresh"), "impressions.afresh"), block_id=DRAFT))
    if filling.note:
        note = context(filling.note)
        note.block_id = NOTE
        found.append(note)
    return found


def _group_field(choices: Sequence[tuple[WorkSession, Group]], chosen: str, words: Words) -> Block:
    if len(choices) == 1:
        return section(_about(*choices[0], words))
    options = [
        option(cut(f"{title(session, group, words)} · {words.day(session.starts_at)}", 75), group.id)
        for session, group in choices[:100]
    ]
    first = next((each for each in options if each.value == chosen), options[0])
    select = StaticSelectElement(
        action_id="group", options=options, placeholder=plain(words("selection.move_choose")), initial_option=first
    )
    return frame.field("group", words("impressions.which_group"), select)


def _about(session: WorkSession, group: Group, words: Words) -> str:
    return words("impressions.about", group=escaped(title(session, group, words)), day=words.day(session.starts_at))


def _fields(filling: Filling, words: Words) -> list[Block]:
    blocks: list[Block] = []
    for part in filling.shows:
        blocks.append(_part(part, filling, words))
        if part in filling.warnings:
            warning = context(filling.warnings[part])
            warning.block_id = f"warning:{part}"
            blocks.append(warning)
    return [*blocks, involved_field(words) if filling.shows != FIRST else _more(words)]


def _part(part: str, filling: Filling, words: Words) -> InputBlock:
    first = part == "takeaway"
    element = PlainTextInputElement(
        action_id=f"impressions.draft:{filling.round}",
        multiline=True,
        max_length=LONGEST,
        initial_value=str(getattr(filling.contents, part)) or None,
        placeholder=plain(words("impressions.example"), 150) if first else None,
        focus_on_load=True if first and filling.focus else None,
        dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_character_entered"]),
    )
    hint = words("impressions.takeaway_hint") if first else ""
    block = frame.field(part, words(f"impressions.part.{part}"), element, hint=hint, optional=not first)
    block.dispatch_action = True
    return block


def _more(words: Words) -> ActionsBlock:
    return actions(button(words("impressions.more"), "impressions.more"))
