"""All themes with their numbers, one theme with its trail, and the forms to merge it or take it apart."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.article import PublishedSentence, attributed
from bot.themes import Act, Card, Change
from handlers.views.frame import (
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
from handlers.views.proposals import pager
from handlers.views.themes_proposed import MOST_OPTIONS, SENTENCE, theme_fields
from handlers.words import Words

PAGE = 20
MOST_NOTES = 100
MOST_STEPS = 12
NAMES = 4
NAME = 90


def listing(cards: Sequence[Card], page: int, words: Words) -> View:
    """Every theme with how many notes are about it, and the button to open it."""
    pages = max(1, -(-len(cards) // PAGE))
    page = min(max(page, 0), pages - 1)
    new = actions(button(words("themes.new"), "themes.new", green=True))
    blocks: list[Block] = [section(words("themes.list_intro" if cards else "themes.list_empty")), new]
    for card in cards[page * PAGE : (page + 1) * PAGE]:
        look = button(
            words("themes.open_theme"), "themes.open", card.id, says=words("themes.open_says", name=card.name)
        )
        blocks.append(section(_line(card, words), look))
    if pages > 1:
        blocks += [divider(), pager("themes.list", page, pages, words)]
    return form(words, "themes.list", words("themes.list"), blocks, submit=None)


def _line(card: Card, words: Words) -> str:
    lines = [f"*{escaped(cut(card.name, NAME))}*", words.count("themes.notes", card.notes)]
    if card.criterion:
        lines.append(escaped(card.criterion))
    if card.aliases:
        lines.append(words("themes.known_as", names=_names(card.aliases, words)))
    if card.merged:
        lines.append(words("themes.merged_names", names=_names(card.merged, words)))
    return "\n".join(lines)


def _names(names: Sequence[str], words: Words) -> str:
    shown = [escaped(cut(name, NAME)) for name in names[:NAMES]]
    more = [words.count("selection.more", len(names) - NAMES)] if len(names) > NAMES else []
    return words.list([*shown, *more])


def new(words: Words) -> View:
    """The form of a theme that nobody proposed."""
    return form(
        words, "themes.new", words("themes.new"), theme_fields("", "", "", (), words), submit=words("themes.new_submit")
    )


def theme(card: Card, trail: Sequence[Change], names: Mapping[str, str], words: Words) -> View:
    """One theme: its fields, what else can be done with it, and what became of it so far."""
    value = f"{card.id} {card.version}"
    blocks: list[Block] = [
        section(_line(card, words)),
        actions(
            button(words("themes.merge"), "themes.merge", value),
            button(words("themes.split"), "themes.split", value),
            button(words("themes.sentences"), "themes.sentences", card.id),
        ),
        *theme_fields(card.name, card.short_name, card.criterion, card.aliases, words),
    ]
    if trail:
        blocks += [divider(), section(f"*{words('themes.trail')}*")]
    newest = next((change for change in trail if not change.undone_by), None)
    for change in trail[:MOST_STEPS]:
        undo = None
        if change is newest:
            undo = button(words("themes.undo"), "themes.undo", f"{card.id} {change.id}")
        text = _step(change, names, words)
        blocks.append(section(text, undo) if undo else context(text))
    return form(
        words, "themes.edit", words("themes.one"), blocks, submit=words("worksessions.save"),
        metadata={"theme": card.id, "version": str(card.version)},
    )  # fmt: skip


def _step(change: Change, names: Mapping[str, str], words: Words) -> str:
    values: dict[str, str] = {"day": words.date(change.at), "name": escaped(names.get(change.by, change.by))}
    if change.act in (Act.RENAMED, Act.SHORTENED):
        values |= {"before": escaped(cut(change.before, NAME)), "after": escaped(cut(change.after, NAME))}
    elif change.act is Act.MERGED:
        values["before"] = escaped(cut(change.before, NAME))
    elif change.act is Act.SPLIT:
        values["after"] = escaped(cut(change.after, NAME))
    text = words(f"themes.act_{change.act.value}", **values)
    if change.undone_by:
        undone = words("themes.undone", name=escaped(names.get(change.undone_by, change.undone_by)))
        return f"~{text}~ ({undone})"
    return text


def merge_form(card: Card, cards: Sequence[Card], words: Words) -> View:
    """Choose in which theme this one goes on."""
    others = [each for each in cards if each.id != card.id][:MOST_OPTIONS]
    blocks: list[Block] = [section(words("themes.merge_intro", name=escaped(card.name)))]
    if others:
        select = StaticSelectElement(
            action_id="into",
            options=[option(f"{cut(each.name, 65)} ({each.notes})", each.id) for each in others],
            placeholder=plain(words("themes.one")),
        )
        blocks.append(field("into", words("themes.merge_into"), select))
    return form(
        words, "themes.merge", words("themes.merge_title"), blocks,
        submit=words("themes.merge_submit") if others else None, metadata=_back(card),
    )  # fmt: skip


def split_form(card: Card, begins: Mapping[str, str], words: Words) -> View:
    """Choose which notes go to a new theme; `begins` says by note id how each begins."""
    if not begins:
        blocks: list[Block] = [section(words("themes.split_none"))]
        return form(words, "themes.split", words("themes.split_title"), blocks, submit=None, metadata=_back(card))
    choose = StaticMultiSelectElement(
        action_id="notes",
        options=[option(" ".join(text.split()) or note, note) for note, text in list(begins.items())[:MOST_NOTES]],
        placeholder=plain(words("themes.split_notes")),
    )
    blocks = [
        section(words("themes.split_intro", name=escaped(card.name))),
        field("notes", words("themes.split_notes"), choose),
        *theme_fields("", "", "", (), words)[:2],
    ]
    return form(
        words, "themes.split", words("themes.split_title"), blocks, submit=words("themes.split_submit"),
        metadata=_back(card),
    )  # fmt: skip


def sentences(card: Card, found: Sequence[PublishedSentence], cards: Sequence[Card], words: Words) -> View:
    """Published sentences under a theme, each with a list of the themes under which it can be put."""
    blocks: list[Block] = [
        section(words("themes.sentences_intro" if found else "themes.sentences_none", name=escaped(card.name)))
    ]
    offered = [card, *(each for each in cards if each.id != card.id)][:MOST_OPTIONS]
    for number, each in enumerate(each for each in found if len(each.text) <= SENTENCE):
        options = [option(one.name, f"{each.id} {one.id}") for one in offered]
        choose = StaticSelectElement(
            action_id=f"themes.move:{number}", options=options, initial_option=options[0],
            placeholder=plain(words("themes.one")),
        )  # fmt: skip
        said = attributed(each)
        where = [escaped(cut(said.session_title, NAME))]
        where += [words("themes.group", number=said.group_number)] if said.group_number is not None else []
        blocks.append(section(f"{SIGNS['quote']}{quoted(escaped(each.text))}\n_{' · '.join(where)}_", choose))
    return form(words, "themes.sentences", words("themes.sentences"), blocks, submit=None, metadata={"theme": card.id})


def _back(card: Card) -> dict[str, str]:
    return {"theme": card.id, "version": str(card.version)}
