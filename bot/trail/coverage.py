"""What is spoken about of an agenda: per point how often, in what and when last; and points that nobody mentions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.trail.tying import Point, Thing, Tie, TieState


@dataclass(frozen=True)
class Covered:
    """A point with what is tied to it. `proposed` counts what waits for a yes; `last` is when it was spoken of last."""

    point: Point
    impressions: int = 0
    promises: int = 0
    examples: int = 0
    sessions: int = 0
    proposed: int = 0
    last: date | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing is tied to it, as far as anybody said."""
        return not (self.impressions or self.promises or self.examples)


def cover(
    points: Sequence[Point], ties: Iterable[Tie], sessions: Mapping[str, tuple[str, date]] | None = None
) -> list[Covered]:
    """Return for every point, in order, what is tied to it.

    `sessions` gives the session and its day by impression id. What the engine proposes counts only as proposed. An
    assignment with points of its own is spoken of in those; it has a line where something is tied to it as a whole.
    """
    of_point: dict[str, list[Tie]] = {}
    for tie in ties:
        of_point.setdefault(tie.point, []).append(tie)
    found = [_covered(point, of_point.get(point.id, ()), sessions or {}) for point in points]
    return [one for one in found if not (one.point.has_points and one.silent)]


def assignments(covered: Iterable[Covered]) -> dict[str, str]:
    """Return by the id of a point of which assignment it is, where the agenda of its region has several of them."""
    points = [one.point for one in covered if one.point.about]
    names: dict[str, set[str]] = {}
    for point in points:
        names.setdefault(point.region, set()).add(point.about)
    return {point.id: point.about for point in points if len(names[point.region]) > 1}


def _covered(point: Point, ties: Sequence[Tie], sessions: Mapping[str, tuple[str, date]]) -> Covered:
    kept = [tie for tie in ties if tie.state is TieState.KEPT]
    held = {tie.impression for tie in kept} & sessions.keys()
    return Covered(
        point=point,
        impressions=sum(tie.thing is Thing.IMPRESSION for tie in kept),
        promises=sum(tie.thing is Thing.PROMISE for tie in kept),
        examples=sum(tie.thing is Thing.EXAMPLE for tie in kept),
        sessions=len({sessions[one][0] for one in held}),
        proposed=sum(tie.state is TieState.PROPOSED for tie in ties),
        last=max((sessions[one][1] for one in held), default=None),
    )


def silent(covered: Iterable[Covered]) -> list[Covered]:
    """Return the points that nobody spoke about, those for which nothing is even proposed first."""
    return sorted((one for one in covered if one.silent), key=lambda one: bool(one.proposed))
