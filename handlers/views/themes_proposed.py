"""What is proposed about themes: each with the sentences that carry it, and the buttons to decide."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextInputElement, StaticSelectElement
from slack_sdk.models.views import View

from bot.themes import Card, Kind
from bot.worksessions import short_name
from handlers.views.frame import (
    INPUT_LENGTH,
    actions,
    button,
    context,
    cut,
    divider,
    escaped,
    field,
    form,
    option,
    plain,
    quoted,
    section,
)
from handlers.views.impressions import SIGNS
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.themes.showing import Shown

MOST_IN_WINDOW = 15
MOST_IN_MESSAGE = 5
SENTENCE = 400
"""Characters of a sentence that is shown; a longer one is not shown, for it is never cut off."""
NAME = 90
MOST_OPTIONS = 100


def waits(number: int, words: Words) -> list[Block]:
    """The line on a coordinator's Home."""
    look = button(words("themes.proposals_look"), "themes.proposals", says=words("themes.proposals"), green=True)
    return [section(words.count("themes.proposals_wait", number), look)]


def window(found: Sequence["Shown"], words: Words, *, notice: str = "") -> View:
    """Everything that waits for a decision, as far as a window holds it."""
    blocks: list[Block] = [section(f"*{escaped(notice)}*")] if notice else []
    if not found:
        blocks.append(section(words("themes.proposals_none")))
    for shown in found[:MOST_IN_WINDOW]:
        blocks += [*_proposal(shown, words), divider()]
    more = len(found) - MOST_IN_WINDOW
    if more > 0:
        blocks.append(context(words.count("themes.proposals_more", more)))
    return form(words, "themes.proposals", words("themes.proposals"), blocks, submit=None)


def weekly(found: Sequence["Shown"], words: Words) -> tuple[str, list[Block]]:
    """The one message of a week, with what waits now; thanks when nothing does any more."""
    if not found:
        text = words("themes.weekly_done")
        return text, [section(text)]
    shown = found[:MOST_IN_MESSAGE]
    names = words.list(cut(_title(each), 40) for each in shown)
    text = words.count("themes.weekly_text", len(found), names=escaped(names))
    blocks: list[Block] = [section(words("themes.weekly_intro"))]
    for each in shown:
        blocks += [divider(), *_proposal(each, words)]
    more = len(found) - len(shown)
    if more:
        look = button(words("themes.proposals_look"), "themes.proposals", says=words("themes.proposals"))
        blocks.append(section(words.count("themes.proposals_more", more), look))
    return text, [*blocks, context(words("themes.weekly_foot"))]


def _title(shown: "Shown") -> str:
    return shown.name if shown.name or shown.theme is None else shown.theme.name


def _proposal(shown: "Shown", words: Words) -> list[Block]:
    kind = shown.proposal.kind
    name = escaped(cut(shown.name, NAME))
    if kind is Kind.NEW:
        lines = [f"🌱 *{name[:1].upper()}{name[1:]}*", _carried(shown, words)]
    elif kind is Kind.ALIAS:
        lines = [words("themes.alias_asked", name=name, theme=_name_of(shown.theme))]
    else:
        lines = [words("themes.merge_asked", name=_name_of(shown.theme), other=_name_of(shown.other))]
    lines += [f"{SIGNS['quote']}{quoted(escaped(each))}" for each in shown.sentences if len(each) <= SENTENCE]
    return [section("\n".join(lines)), _decisions(shown, words)]


def _name_of(card: Card | None) -> str:
    return escaped(cut(card.name, NAME)) if card else ""


def _carried(shown: "Shown", words: Words) -> str:
    if shown.proposal.proposal:
        return words.count("themes.proposed_by_people", shown.backers)
    groups = words.count("themes.groups", shown.groups)
    return words("themes.carried", notes=words.count("themes.notes", shown.notes), groups=groups)


def _decisions(shown: "Shown", words: Words) -> Block:
    proposal = shown.proposal
    value, kind = f"{proposal.id} {proposal.version}", proposal.kind
    about = shown.name or _title(shown)

    def one(key: str, action: str) -> ButtonElement:
        label = words(key)
        return button(label, action, value, says=f"{label}: {about}")

    yes = {Kind.NEW: "themes.make", Kind.ALIAS: "themes.alias_yes", Kind.MERGE: "themes.merge_yes"}[kind]
    row = [one(yes, "themes.decide:yes")]
    if kind is Kind.NEW:
        row += [one("themes.rename", "themes.rename"), one("themes.belongs", "themes.belongs")]
    return actions(*row, one("themes.no", "themes.decide:no"))


def rename_form(shown: "Shown", words: Words) -> View:
    """Make the proposed theme under another name."""
    name = f"{shown.name[:1].upper()}{shown.name[1:]}"
    return form(
        words, "themes.rename", words("themes.rename"), theme_fields(name, short_name(name), "", (), words),
        submit=words("themes.make"), metadata=_back(shown),
    )  # fmt: skip


def _back(shown: "Shown") -> dict[str, str]:
    return {"proposal": shown.proposal.id, "version": str(shown.proposal.version), "below": "themes.proposals"}


def theme_fields(name: str, short: str, criterion: str, aliases: Sequence[str], words: Words) -> list[Block]:
    """The fields of a theme, filled with what it is now."""
    return [
        field("name", words("themes.label_name"), _input("name", name)),
        field("short", words("themes.label_short"), _input("short", short), optional=True),
        field(
            "criterion", words("themes.label_criterion"), _input("criterion", criterion),
            hint=words("themes.hint_criterion"), optional=True,
        ),
        field(
            "aliases", words("themes.label_aliases"), _input("aliases", "\n".join(aliases), many=True),
            hint=words("themes.hint_aliases"), optional=True,
        ),
    ]  # fmt: skip


def _input(name: str, value: str, *, many: bool = False) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=name, initial_value=value or None, max_length=INPUT_LENGTH, multiline=many or None
    )


def belongs_form(shown: "Shown", cards: Sequence[Card], words: Words) -> View:
    """Choose the theme under which these notes belong."""
    blocks: list[Block] = [section(f"🌱 *{escaped(cut(shown.name, NAME))}*")]
    if not cards:
        blocks.append(section(words("themes.list_empty")))
    else:
        options = [option(card.name, card.id) for card in cards[:MOST_OPTIONS]]
        select = StaticSelectElement(action_id="theme", options=options, placeholder=plain(words("themes.one")))
        blocks += [
            field("theme", words("themes.belongs_label"), select),
            field(
                "alias", words("themes.belongs_alias"), _input("alias", shown.name),
                hint=words("themes.belongs_alias_hint"), optional=True,
            ),
        ]  # fmt: skip
    return form(
        words, "themes.belongs", words("themes.belongs_title"), blocks,
        submit=words("themes.belongs_submit") if cards else None, metadata=_back(shown),
    )  # fmt: skip
