"""What a region's next digest will say, with a choice beside every sentence: keep, a week later, or leave out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slack_sdk.models.blocks import Block, StaticSelectElement
from slack_sdk.models.views import View

from bot.article import PublishedSentence
from bot.digest import Item, ItemKind, Reason
from bot.programme import Region
from bot.steering import without_steering
from handlers.views.digest import Drawn, item_of
from handlers.views.frame import (
    actions,
    button,
    context,
    cut,
    divider,
    escaped,
    form,
    option,
    plain,
    quoted,
    section,
)
from handlers.views.programme import region_options
from handlers.words import Words

if TYPE_CHECKING:
    from handlers.digest.previewing import Preview

MOST_BELOW = 20
MOST_HELD = 10
SHOWN = 1000
"""Characters of one sentence."""
SENTENCES = (ItemKind.THEME, ItemKind.QUESTION, ItemKind.OFFER)


def which(regions: Sequence[Region], words: Words) -> View:
    """Ask a coordinator of which region."""
    if not regions:
        return form(words, "digest.preview", words("digest.preview_title"), [section(words("digest.no_channels"))],
                    submit=None)  # fmt: skip
    select = StaticSelectElement(
        action_id="digest.preview_of",
        placeholder=plain(words("programme.region_choose")),
        options=region_options(regions),
    )
    blocks = [section(words("digest.preview_which")), actions(select)]
    return form(words, "digest.preview", words("digest.preview_title"), blocks, submit=None)


def preview(found: "Preview", words: Words) -> View:
    """Everything that will come and everything that stays out."""
    made, name = found.live.digest, escaped(found.region.name)
    if found.at is None:
        intro = words("digest.preview_stopped", region=name)
    elif made.silent:
        intro = words("digest.preview_silent", region=name, when=words.moment(found.at))
    else:
        intro = words("digest.preview_intro", region=name, when=words.moment(found.at))
    blocks: list[Block] = [section(intro), context(words("digest.preview_rule"))]
    for number, item in enumerate(made.post):
        blocks += _item(found, item, number, words)
    below = [item for part in made.thread for item in part if item.subject in found.live.sentences]
    if below:
        blocks += [divider(), context(words.count("digest.preview_below", len(below)))]
        for number, item in enumerate(below[:MOST_BELOW], start=len(made.post)):
            blocks += _item(found, item, number, words)
    kept_out = [found.words_of[one] for one in found.held if one in found.words_of]
    if kept_out:
        blocks += [divider(), context(words.count("digest.preview_held", len(kept_out)))]
        for number, sentence in enumerate(kept_out[:MOST_HELD]):
            reason = words(f"digest.reason_{found.held[sentence.id].reason}")
            again = button(words("digest.put_back"), f"digest.keep_out:back{number}", f"back {sentence.id}")
            blocks.append(section(f"{_said(sentence)}\n_{reason}_", again))
    title = words("digest.preview_title")
    return form(words, "digest.preview", title, blocks, submit=None, metadata={"region": found.region.id})


def _item(found: "Preview", item: Item, number: int, words: Words) -> list[Block]:
    """What will stand there, without its buttons, and the choice whether it stays."""
    sentence = found.live.sentences.get(item.subject)
    if item.kind not in SENTENCES or sentence is None:
        drawn: Drawn | None = item_of(found.live, item, number, words)
        return [context(drawn[0])] if drawn else []
    name = escaped(found.live.names.get(item.theme, ""))
    head = words(f"digest.head_{item.kind}", theme=name)
    options = [option(words(f"digest.reason_{reason}"), f"{reason} {sentence.id}") for reason in Reason]
    select = StaticSelectElement(
        action_id=f"digest.keep_out:{number}", placeholder=plain(words("digest.keep_out")), options=options
    )
    return [section(f"*{head}*\n{_said(sentence)}", select)]


def _said(sentence: PublishedSentence) -> str:
    return quoted(escaped(cut(without_steering(sentence.text), SHOWN)))
