"""Cards of notes: made harmless when a model wrote them, made by the embedded engine when it did not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.article import PublishedSentence
from bot.harvest import SentenceId, SentenceKind, kind_of
from bot.harvest.verify import unsupported
from bot.writing.records import NoteCard, Placed, Point
from bot.writing.redacting import IsName
from bot.writing.sources import Source
from bot.writing.verifying import breaches


def embedded_card(source: Source) -> NoteCard:
    """Return what is known of a note without a model: every sentence with its kind, under the themes it has."""
    points = tuple(Point((one.id,), "", kind_of(one.text)) for one in source.sentences)
    about = [(theme, tuple(one.id for one in source.sentences if theme in _themes(one))) for theme in source.themes]
    return NoteCard(source.note, points, tuple(Placed(theme, ids) for theme, ids in about if ids))


def harmless(card: NoteCard, source: Source, is_name: IsName, told: str) -> NoteCard | None:
    """Return a card as it may be kept: without proposals, which nobody confirmed, and without a gist that says more
    than its sentences; None where it names a sentence that is not of its note."""
    own = {one.id for one in source.sentences}
    named = {one for part in card.points for one in part.sentences} | {
        i for part in card.themes for i in part.sentences
    }
    if card.note != source.note or not named <= own:
        return None
    said = {one.id: one.text for one in source.sentences}

    def holds(point: Point) -> bool:
        text = " ".join(said[one] for one in point.sentences)
        return not any(breaches(point.gist, is_name, told)) and not any(unsupported(point.gist, text, "", 1))

    points = tuple(replace(one, gist=one.gist if holds(one) else "") for one in card.points)
    return NoteCard(card.note, points, card.themes)


def worth_reading(sentences: Sequence[PublishedSentence], cards: Mapping[str, NoteCard], most: int) -> list[SentenceId]:
    """Return which sentences a section is written from: those that a card makes a point of, note after note in turn.

    A note of which no sentence is a point is read whole, so that no group is passed over; beyond `most` what only tells
    gives way to what is asked, agreed, offered or feared.
    """
    kinds = {one: point.kind for card in cards.values() for point in card.points for one in point.sentences}
    by_note: dict[str, list[SentenceId]] = {}
    for each in sentences:
        by_note.setdefault(each.impression, []).append(each.id)
    turns = []
    for ids in by_note.values():
        told = [one for one in ids if one in kinds] or ids
        turns.append(sorted(told, key=lambda one: kinds.get(one, SentenceKind.FINDING) is SentenceKind.FINDING))
    taken = [turn[at] for at in range(max(map(len, turns), default=0)) for turn in turns if at < len(turn)][:most]
    wanted = set(taken)
    return [one.id for one in sentences if one.id in wanted]


def _themes(sentence: PublishedSentence) -> tuple[str, ...]:
    return (sentence.theme,) if sentence.theme else sentence.themes
