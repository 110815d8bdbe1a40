"""What Oogst keeps of somebody, in plain words: on the Home, in a window, and before somebody is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.writing import Mode
from handlers.views.frame import actions, button, context, form, section
from handlers.words import Words

SHOWN: Mapping[str, tuple[str, ...]] = {
    "notes": ("impression",),
    "quotes": ("quote",),
    "promises": ("promise", "promise_taker"),
    "answers": ("digest_answer", "sign_off", "proposal", "session_move"),
    "choices": ("pick", "seat", "invitation", "date_answer", "proposal_backing", "answer_vote"),
    "questions": ("question",),
    "drafts": ("form",),
    "files": ("attachment",),
    "messages": ("outbox",),
}
"""Kinds of things as people know them, with the tables they stand in."""


@dataclass(frozen=True)
class Kept:
    """How many rows there are of somebody, by table, and whether a language model may read their region's texts."""

    words: Words
    tables: Mapping[str, int]
    mode: Mode

    def number(self, kind: str) -> int:
        """Return how many things of a kind there are."""
        return sum(self.tables.get(name, 0) for name in SHOWN[kind])


def home_lines(mode: Mode, words: Words) -> list[Block]:
    """Two small lines at the end of the Home: what is kept and who reads it, and the way to more."""
    said = f"{words('personal.home')} {words(f'personal.mode.{mode.value}')}"
    return [context(said), actions(button(words("personal.show"), "personal.show"))]


def kept_form(kept: Kept) -> View:
    """Everything of one person in numbers, how long it is kept, who reads it, and what they can do about it."""
    words = kept.words
    lines = [f"• {words.count(f'personal.kept.{kind}', kept.number(kind))}" for kind in SHOWN if kept.number(kind)] or [
        words("personal.kept.nothing")
    ]
    blocks: list[Block] = [
        section(f"{words('personal.kept.intro')}\n" + "\n".join(lines)),
        section(f"*{words('personal.how_long')}*\n{words('personal.how_long_says')}"),
        section(f"*{words('personal.who_reads')}*\n{words(f'personal.mode.{kept.mode.value}')}"),
        actions(
            button(words("personal.export"), "personal.export"), button(words("personal.forget"), "personal.forget")
        ),
        context(words("personal.export_says")),
    ]
    return form(words, "frame.notice", words("personal.title"), blocks, submit=None)


def forget_form(words: Words) -> View:
    """What goes and what stays, before somebody says yes."""
    blocks: list[Block] = [
        section(f"*{words('personal.forget.goes')}*\n{words('personal.forget.goes_says')}"),
        section(f"*{words('personal.forget.stays')}*\n{words('personal.forget.stays_says')}"),
        context(words("personal.forget.for_ever")),
    ]
    return form(words, "personal.forget", words("personal.forget"), blocks, submit=words("personal.forget.yes"))


def forgotten(counts: Mapping[str, int], words: Words) -> View:
    """It is done; in numbers."""
    kinds = ("notes", "quotes", "promises", "answers", "questions", "files", "mentions")
    lines = [f"• {words.count(f'personal.gone.{kind}', counts[kind])}" for kind in kinds if counts[kind]]
    said = "\n".join([words("personal.gone.done"), *lines])
    blocks: list[Block] = [section(said), context(words("personal.gone.in_slack"))]
    view = form(words, "frame.notice", words("personal.forget"), blocks, submit=None)
    view.clear_on_close = True  # the window below still counts what was kept
    return view


def empty_home(words: Words) -> View:
    """The Home of somebody who is forgotten."""
    return View(type="home", callback_id="home", blocks=[section(words("personal.gone.home"))])
