"""What people read of an introduction, made from live rows: the item in the digest, the question, who meets whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.article import Part, PublishedSentence, attributed
from bot.digest import ITEM_CHARACTERS, Fixed, Item, ItemKind, Stance, length
from bot.introductions import OPEN_FOR, Basis, Introduction, State, can_be_answered
from bot.programme import Programme, Region
from bot.trail import Entry, Kind
from bot.trail import State as Standing
from handlers.delivery import Body, Render
from handlers.views import introductions as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from storage import digest, harvest, introductions, programme, trail

LINES = 3
"""An introduction takes as much of a digest as so many items, besides its words: a heading, two speakers, a button."""


@dataclass(frozen=True)
class Side:
    """What one region said: the words as they stand now, and where they stand.

    Of a published sentence `part` and `group` say where; of an entry of the trail `entry` is the whole of it.
    """

    id: str
    text: str
    part: Part | None = None
    group: str | None = None
    entry: Entry | None = None

    @property
    def kind(self) -> Kind | None:
        """What sort of entry it is, None for a sentence."""
        return self.entry.kind if self.entry else None


@dataclass(frozen=True)
class Told:
    """An introduction with what both regions said as it stands now, and the two regions."""

    introduction: Introduction
    question: Side
    answer: Side
    asking: Region
    answering: Region


def live(db: Session, found: Introduction) -> Told | None:
    """Read what an introduction rests on; None where words were withdrawn, or a region may no longer be named."""
    if found.basis is Basis.TRAIL:
        return _from_trail(db, found)
    sentences = {
        sentence.id: sentence
        for sentence in harvest.published_sentences(db, found.team, ids=[found.question, found.answer])
    }
    question, answer = sentences.get(found.question), sentences.get(found.answer)
    asking = programme.region(db, found.team, found.asking_region)
    answering = programme.region(db, found.team, found.answering_region)
    if question is None or answer is None or asking is None or answering is None:
        return None
    named = asking.id in attributed(question).regions and answering.id in attributed(answer).regions
    return Told(found, _spoken(question), _spoken(answer), asking, answering) if named else None


def _spoken(sentence: PublishedSentence) -> Side:
    return Side(sentence.id, sentence.text, sentence.part, sentence.group)


def written(entry: Entry) -> Side:
    """What a region wrote in its trail, as one side of an introduction."""
    return Side(entry.id, " ".join(entry.title.split()), entry=entry)


def _from_trail(db: Session, found: Introduction) -> Told | None:
    """Both entries still stand, and the other region still shares its own with everybody."""
    question, answer = (trail.one(db, found.team, each) for each in (found.question, found.answer))
    asking = programme.region(db, found.team, found.asking_region)
    answering = programme.region(db, found.team, found.answering_region)
    if question is None or answer is None or asking is None or answering is None:
        return None
    stands = question.stands and question.region == asking.id
    if not stands or answer.state is not Standing.SHARED or answer.region != answering.id:
        return None
    return Told(found, written(question), written(answer), asking, answering)


# In the digest of the region that asks


def offered(db: Session, team: str, regions: Sequence[str], now: datetime) -> Mapping[str, Sequence[Fixed]]:
    """Return per region what its digest may propose, newest first, with the characters it takes there."""
    items: dict[str, list[Fixed]] = {}
    stances = {region: digest.stances(db, team, region) for region in regions}
    for found in introductions.proposed(db, team, regions, now - OPEN_FOR):
        told = live(db, found)
        muted = stances[found.asking_region].get(found.theme or "") == Stance.MUTE
        if told is not None and not muted:
            item = Item(ItemKind.INTRODUCTION, found.id, found.theme)
            taken = LINES * ITEM_CHARACTERS + length(told.question.text) + length(told.answer.text)
            items.setdefault(found.asking_region, []).append(Fixed(item, taken))
    return items


def draw(db: Session, settings: Programme, subject: str, words: Words) -> tuple[str, Sequence[Block]] | None:
    """Make the item of a digest; None where its words are gone. Once somebody asked, it says so and has no button."""
    found = introductions.one(db, settings.team, subject)
    told = live(db, found) if found is not None and found.state is not State.GONE else None
    return views.item(told, words) if told is not None else None


# To the two people


def asked(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To who asked: that it was put to the other side, and what became of it."""
    found = introductions.one(db, settings.team, str(arguments["id"]))
    if found is None or found.starter is None:
        return None
    return Body(*views.asked(found, live(db, found), words))


def ask(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To the other side: the question, until it is answered; what no longer waits when it leaves, stays away."""
    found = introductions.one(db, settings.team, str(arguments["id"]))
    if found is None:
        return None
    told = live(db, found)
    if told is not None and found.state is State.ASKED:
        return Body(*views.ask(told, words))
    return Body(*views.answered(found, told, words)) if arguments.get("again") else None


def met(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To each of the two: who the other is."""
    found = introductions.one(db, settings.team, str(arguments["id"]))
    if found is None or found.starter is None or found.answerer is None:
        return None
    to = str(arguments["user"])
    other = found.answerer if to == found.starter else found.starter
    return Body(*views.met(live(db, found), other, to == found.starter, words))


def over(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To who asked, at the deadline: it did not come about, whether there was a no or no answer."""
    found = introductions.one(db, settings.team, str(arguments["id"]))
    return Body(*views.over(found, live(db, found), words)) if found is not None else None


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """Return the introductions that somebody is asked for: also when this week's messages to them are spent."""
    found = (live(db, one) for one in introductions.waiting(db, team, user) if can_be_answered(one, now))
    return [
        Waiting(Urgency.ASKED, partial(views.waiting, told), told.introduction.deadline)
        for told in found
        if told is not None
    ]


MESSAGES: dict[str, Render] = {
    "introductions.asked": asked,
    "introductions.ask": ask,
    "introductions.met": met,
    "introductions.over": over,
}
