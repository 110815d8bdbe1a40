"""Which point of a region's own agenda a sentence is about, for its digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.article import Part, PublishedSentence
from bot.trail.tying import Point, Thing, Tie, TieState
from storage.trail import ties


@dataclass(frozen=True)
class Touch:
    """A sentence is about this point; `sure` where a person said so, and not only the engine."""

    point: Point
    sure: bool


def touching(db: Session, team: str, region: str, said: Sequence[PublishedSentence]) -> dict[str, Touch]:
    """Return by sentence id which point of a region it is about, for those that are about one.

    What people said comes before what the engine proposed, and that before what it was less sure of. A region without
    an agenda costs one statement.
    """
    points = {point.id: point for point in ties.points(db, team, [region])} if said else {}
    if not points:
        return {}
    notes = {sentence.impression for sentence in said}
    known = [tie for tie in ties.of_points(db, team, points, thing=Thing.IMPRESSION) if tie.thing_id in notes]
    known.sort(key=lambda tie: tie.state is not TieState.KEPT)
    found: dict[str, Touch] = {}
    for sentence in said:
        tie = next((one for one in known if _is_about(one, sentence)), None)
        if tie is not None:
            found[sentence.id] = Touch(points[tie.point], tie.state is TieState.KEPT)
    return found


def _is_about(tie: Tie, sentence: PublishedSentence) -> bool:
    """A tie by hand is about the whole note, one of the engine about the sentence in which it saw the point."""
    if tie.thing_id != sentence.impression or sentence.part is Part.QUOTE:
        return False
    if not tie.end:
        return tie.state is TieState.KEPT
    return tie.field == sentence.field and tie.start < sentence.end and sentence.start < tie.end
