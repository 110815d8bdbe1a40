"""A question that waits, as an item of the weekly digest: put to every region, until it is answered or taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.digest import ITEM_CHARACTERS, Fixed, Item, ItemKind
from bot.programme import Programme
from handlers.views import memory_asking as views
from handlers.words import Words
from storage import memory, programme
from storage.memory import AskedState

SUBJECT = "asked:"
"""What the subject of a question in a digest begins with."""


def subject_of(question_id: str) -> str:
    """Return by what a digest remembers that it said this question."""
    return f"{SUBJECT}{question_id}"


def offered(db: Session, team: str, regions: Sequence[str], now: datetime) -> Mapping[str, Sequence[Fixed]]:
    """Return the questions that wait for anybody, oldest first; one put to a single region stands in its channel."""
    waits = [asked for asked in memory.waiting_questions(db, team, None) if asked.region is None]
    items = [
        Fixed(Item(ItemKind.INTRODUCTION, subject_of(asked.id)), ITEM_CHARACTERS + len(asked.text)) for asked in waits
    ]
    return dict.fromkeys(regions, items)


def draw(db: Session, settings: Programme, subject: str, words: Words) -> tuple[str, Sequence[Block]] | None:
    """Draw a question in a digest; None once it waits no longer."""
    if not subject.startswith(SUBJECT):
        return None
    asked = memory.one(db, settings.team, subject.removeprefix(SUBJECT))
    if asked is None or asked.state is not AskedState.WAITING or not asked.text:
        return None
    member = programme.member(db, settings.team, asked.user)
    region = programme.region(db, settings.team, member.region) if member.region else None
    return views.in_digest(asked.id, asked.text, region.name if region else "", words)
