"""The form in which a draft is edited: one sentence a line, shared out over as many fields as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, PlainTextInputElement
from slack_sdk.models.views import View

from bot.article import HEADLINE_LENGTH, NEWS_LENGTH, Edition
from handlers.views.frame import context, cut, field, form, section
from handlers.views.selection_groups import title
from handlers.words import Words

LINES = 3000
"""Characters that a field of a form takes."""
MOST_FIELDS = 90
"""A form takes 100 blocks; some are needed for the headline and the explanation."""
MOST_LETTERS = 60_000
"""A form takes 250 kB; a letter can take four bytes."""


@dataclass(frozen=True)
class Field:
    """A field of the form in which a draft is edited: some lines of one group."""

    name: str
    group: str
    label: str
    lines: tuple[str, ...]


def fields(edition: Edition, words: Words) -> tuple[list[Field], list[int]]:
    """Share the lines of every group out over fields that fit; returns them and the numbers of groups without room."""
    found: list[Field] = []
    without: list[int] = []
    letters = 0
    for contribution in edition.contributions:
        group = contribution.group
        lines = [" ".join(s.run.text.split()) for s in edition.article.sentences if s.group == group.id]
        if not contribution.impressions:
            continue
        parts = _filled(lines)
        if len(found) + len(parts) > MOST_FIELDS or letters + sum(map(len, lines)) > MOST_LETTERS:
            without.append(group.number)
            continue
        letters += sum(map(len, lines))
        name = cut(title(edition.session, group, words), 150)
        for number, part in enumerate(parts, start=1):
            label = name if len(parts) == 1 else f"{name} ({number}/{len(parts)})"
            found.append(Field(f"lines:{group.id}:{number}", group.id, label, tuple(part)))
    return found, without


def _filled(lines: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if parts[-1] and sum(map(len, parts[-1])) + len(parts[-1]) + len(line) > LINES:
            parts.append([])
        parts[-1].append(line)
    return parts


def edit_form(form_id: str, edition: Edition, words: Words) -> View:
    """The form in which lines are removed or moved; what nobody wrote does not come in."""
    found, without = fields(edition, words)
    blocks: list[Block] = [
        field(
            "headline",
            words("harvest.headline_label"),
            PlainTextInputElement(
                action_id="headline", initial_value=edition.article.headline, max_length=HEADLINE_LENGTH
            ),
        ),
        field(
            "news",
            words("harvest.news_label"),
            PlainTextInputElement(
                action_id="news",
                multiline=True,
                max_length=NEWS_LENGTH,
                initial_value=edition.article.news or None,
            ),
            hint=words("harvest.news_hint"),
            optional=True,
        ),
        section(words("harvest.edit_rule")),
    ]
    if without:
        numbers = words.list(map(str, without))
        blocks.append(context(words.count("harvest.edit_no_room", len(without), numbers=numbers)))
    for each in found:
        element = PlainTextInputElement(
            action_id="lines", multiline=True, max_length=LINES, initial_value="\n".join(each.lines) or None
        )
        blocks.append(field(each.name, each.label, element, optional=True))
    return form(
        words,
        "harvest.edit",
        words("harvest.edit_title"),
        blocks,
        submit=words("worksessions.save"),
        metadata={"form": form_id},
    )
