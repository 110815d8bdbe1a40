"""What other features tell in a region's digest: one item at most, in a place of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.digest import Fixed
from bot.programme import Programme
from handlers.words import Words


@dataclass(frozen=True)
class Extra:
    """One feature's part. `offered(db, team, region ids, now)` gives per region the items (kind INTRODUCTION, any
    subject that lasts) that wait to be told, with the characters they take; what a region has read is left out by its
    subject. `draw(db, settings, subject, words)` makes the blocks when the digest is sent, and a few words for the
    notification; None where it is no longer so."""

    offered: Callable[[Session, str, Sequence[str], datetime], Mapping[str, Sequence[Fixed]]]
    draw: Callable[[Session, Programme, str, Words], tuple[str, Sequence[Block]] | None]


def extras() -> tuple[Extra, ...]:
    """Return every feature that tells something of its own.

    They are looked up when a digest is made: such a feature asks things of digests itself, so neither comes first.
    """
    from handlers.introductions import telling as introductions
    from handlers.memory import waiting as questions
    from handlers.trail import examples, precedents, yields

    return (
        Extra(introductions.offered, introductions.draw),
        Extra(questions.offered, questions.draw),
        Extra(precedents.offered, precedents.draw),
        Extra(examples.offered, examples.draw),
        Extra(yields.offered, yields.draw),
    )
