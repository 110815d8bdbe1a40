"""Where a promise has its words: proposed from what a group wrote, found back after a change, withheld before a yes."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.harvest import SentenceKind, kind_of, split
from bot.impressions import PARTS, Impression
from bot.promises.records import WAITING, Place, Promise, State, sentence_of

MOST_SENTENCES = 10
"""What a radio of a form takes."""
LONGEST = 1000
"""Characters of a sentence that somebody can stand for; a longer one is a story, and would fill a message."""


@dataclass(frozen=True)
class Candidate:
    """A sentence in which somebody may offer something, as a place and as it stands there."""

    place: Place
    text: str


def candidates(impression: Impression) -> list[Candidate]:
    """Return the sentences that may be promises: all of the offer, and elsewhere those that read as an offer."""
    if impression.withdrawn_at is not None:
        return []
    offered = sentences(impression, "offer")
    told = [
        each
        for part in PARTS
        if part != "offer"
        for each in sentences(impression, part)
        if kind_of(each.text) is SentenceKind.OFFER
    ]
    return [*offered, *told]


def every_sentence(impression: Impression) -> list[Candidate]:
    """Return all sentences, those that may be promises first: a person may see an offer that no cue shows."""
    first = candidates(impression)
    rest = [each for part in PARTS for each in sentences(impression, part) if each not in first]
    return [*first, *rest] if impression.withdrawn_at is None else []


def sentences(impression: Impression, part: str) -> list[Candidate]:
    """Return the sentences of one part, in order."""
    text = impression.text(part)
    return [
        Candidate(Place(impression.id, part, span.start, span.end), text[span.start : span.end])
        for span in split(text)
        if span.end - span.start <= LONGEST
    ]


def fingerprint(text: str) -> str:
    """Return what stands for some words, white space aside, without holding them."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def follow_note(promise: Promise, impression: Impression, now: datetime) -> Promise:
    """Return the promise after its note was changed or withdrawn; itself when nothing is new for it.

    The same words found again are the same promise. Without them a question or a no ends, for there is nothing left to
    stand for; what was agreed stays, and is `lost` until somebody says which words it has now. After a withdrawal it
    has no words of any kind.
    """
    if impression.withdrawn_at is not None:
        if promise.place is None and not promise.own_words and not promise.fingerprint:
            return promise
        over = promise.state in (State.KEPT, State.DROPPED)
        return replace(
            promise,
            place=None,
            fingerprint="",
            own_words="",
            lost=False,
            state=promise.state if over else State.DROPPED,
            closed_at=promise.closed_at or now,
            version=promise.version + 1,
        )
    if not promise.fingerprint or promise.state is State.DROPPED:
        return promise
    place = find(promise, impression)
    if place is not None:
        same = place == promise.place and not promise.lost
        return promise if same else replace(promise, place=place, lost=False, version=promise.version + 1)
    if promise.lost:
        return promise
    if promise.state in WAITING:
        return replace(
            promise, place=None, fingerprint="", state=State.DROPPED, closed_at=now, version=promise.version + 1
        )
    return replace(promise, place=None, lost=True, version=promise.version + 1)


def find(promise: Promise, impression: Impression) -> Place | None:
    """Find the words of a promise in its impression as it is now: where they were, else anywhere as whole sentences."""
    if promise.place is not None and fingerprint(sentence_of(promise.place, impression)) == promise.fingerprint:
        return promise.place
    first = promise.place.part if promise.place else "offer"
    for part in (first, *(part for part in PARTS if part != first)):
        text, spans = impression.text(part), split(impression.text(part))
        for number, span in enumerate(spans):
            for last in spans[number:]:
                if fingerprint(text[span.start : last.end]) == promise.fingerprint:
                    return Place(impression.id, part, span.start, last.end)
    return None


def anchor_anew(promise: Promise, chosen: Candidate) -> Promise:
    """Give a promise whose words were lost other words of its note; the owner who chose them stands for them."""
    return replace(
        promise, place=chosen.place, fingerprint=fingerprint(chosen.text), lost=False, version=promise.version + 1
    )


def ask_anew(promise: Promise, chosen: Candidate) -> Promise:
    """Somebody else chose other words for a promise whose words were lost: its owner is asked whether it is theirs."""
    again = anchor_anew(promise, chosen)
    return replace(again, state=State.OFFERED, agreed_at=None, due_since=None, own_words="")


def withheld(
    promise: Promise, impression: Impression, owner_name: str, beside: Sequence[Promise], published_at: datetime | None
) -> list[Place]:
    """Return what of an impression may not be published as long as nobody stands for this promise.

    The whole offer, for its other sentences say more about the same, unless somebody stands for another of them;
    elsewhere its own sentence, and those of the same part that name the person. Who was asked about words that were
    public already (`published_at`) takes nothing away by not having answered; a no does, where the words name them.
    """
    if promise.state not in WAITING or promise.place is None or impression.withdrawn_at is not None:
        return []
    part, own = promise.place.part, sentence_of(promise.place, impression)
    named = [each.place for each in sentences(impression, part) if names(each.text, owner_name)]
    if published_at is not None and published_at <= promise.asked_at:
        return [promise.place, *named] if promise.state is State.DECLINED and (named or names(own, owner_name)) else []
    others = [each.place for each in beside if each.is_public and each.place is not None and each.place.part == part]
    if part == "offer" and not others:
        return [Place(impression.id, part, 0, len(impression.text(part)))]
    return [promise.place, *(place for place in named if not any(place.overlaps(other) for other in others))]


def names(text: str, name: str) -> bool:
    """Say whether a text names this person, by the whole name or the first one."""
    parts = [name.strip(), *name.split()[:1]]
    return any(
        part and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.IGNORECASE) is not None for part in parts
    )


def of_impression(promises: Iterable[Promise], impression_id: str) -> list[Promise]:
    """Keep the promises of one impression."""
    return [each for each in promises if each.impression == impression_id]
