"""Who met whom, as sets of people who all met: an earlier group of nineteen is one set, not 171 pairs.

A linear program sees what a set costs when it is spread over the options, and sees next to nothing of a pair.
"""

from collections.abc import Mapping


def cliques(people: int, met: Mapping[tuple[int, int], int]) -> tuple[tuple[int, ...], ...]:
    """Split meetings into sets, such that two people share as many sets as they have met times.

    It finds earlier groups back in most cases; where it does not, the sets are smaller and the total is the same.
    """
    left: list[dict[int, int]] = [{} for _ in range(people)]
    for (one, other), times in met.items():
        left[one][other] = left[other][one] = left[one].get(other, 0) + times
    found = []
    for start in range(people):
        while left[start]:
            members = _grown(start, left)
            for one in members:
                for other in members:
                    if one != other:
                        left[one][other] -= 1
                        if not left[one][other]:
                            del left[one][other]
            found.append(tuple(sorted(members)))
    return tuple(found)


def _grown(start: int, left: list[dict[int, int]]) -> list[int]:
    """Add whoever met all so far and shares the most acquaintances with those who could still be added."""
    members, candidates = [start], set(left[start])
    while candidates:
        best = max(sorted(candidates), key=lambda one: len(candidates & left[one].keys()))
        members.append(best)
        candidates &= left[best].keys()
    return members
