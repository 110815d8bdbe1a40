"""What a poll says of each date, and which serves most regions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.followup.polling import Availability, DateOption, DatePoll, Said
from bot.programme import Member


@dataclass(frozen=True)
class RegionCount:
    """How many people of one region said what to a date; `region` is None for who belongs to none that takes part."""

    region: str | None
    yes: int = 0
    if_needed: int = 0
    no: int = 0

    @property
    def can(self) -> int:
        """How many can come, if need be."""
        return self.yes + self.if_needed


@dataclass(frozen=True)
class Result:
    """What a poll says of one date: over all, per region, and which regions miss the quorum."""

    option: DateOption
    yes: int
    if_needed: int
    no: int
    regions: tuple[RegionCount, ...]
    missing: tuple[str, ...]

    @property
    def enough(self) -> int:
        """How many regions that take part have enough people."""
        return sum(1 for count in self.regions if count.region is not None) - len(self.missing)


def ranking(poll: DatePoll, said: Iterable[Said], members: Sequence[Member], regions: Sequence[str]) -> list[Result]:
    """Return what the poll says of each date that stands, the best first.

    Most regions with enough people, then most who say yes, then most who can if need be, then the earliest. Counted
    is who takes part now; `regions` are those that were asked. Who belongs to none of them counts for the date as a
    whole, and for no region.
    """
    asked = dict.fromkeys(regions)
    home = {member.user: member.region for member in members if member.takes_part}
    per_option: dict[str, dict[str | None, Counter[Availability]]] = {option.id: {} for option in poll.standing}
    for each in said:
        if each.user in home and each.option in per_option:
            region = home[each.user] if home[each.user] in asked else None
            per_option[each.option].setdefault(region, Counter())[each.availability] += 1
    found = []
    for option in poll.standing:
        counted = per_option[option.id]
        places: list[str | None] = [*asked, *([None] if None in counted else [])]
        rows = tuple(_region_count(region, counted.get(region, Counter())) for region in places)
        missing = tuple(row.region for row in rows if row.region is not None and row.can < poll.quorum)
        found.append(
            Result(
                option,
                sum(row.yes for row in rows),
                sum(row.if_needed for row in rows),
                sum(row.no for row in rows),
                rows,
                missing,
            )
        )
    return sorted(found, key=lambda result: (-result.enough, -result.yes, -result.if_needed, _order(result.option)))


def _region_count(region: str | None, counted: Mapping[Availability, int]) -> RegionCount:
    return RegionCount(
        region,
        counted.get(Availability.YES, 0),
        counted.get(Availability.IF_NEEDED, 0),
        counted.get(Availability.NO, 0),
    )


def _order(option: DateOption) -> tuple[datetime, datetime, str]:
    return option.starts_at, option.ends_at, option.id
