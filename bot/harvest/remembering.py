"""What is kept between batches, so that ten new notes cost as ten: counts, sums and some examples; all of it bounded.

Kept are: in how many notes each feature stood, the heaviest features of each theme, and per theme the twenty notes with
the lowest hash of their id, a fair sample whatever the order they came in. No old note is read again.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.harvest.records import Example, Memory, NoteId, RememberedTheme, Theme, ThemeId
from bot.harvest.vectors import Vector, total, unit

EXAMPLES = 20
"""Notes kept of a theme."""
WAITING = 200
"""Notes kept that fit nowhere yet: together with later ones they may found a theme."""
EXAMPLE_FEATURES = 30
KEPT_FEATURES = 200
"""Features kept of a theme's sum."""
VOCABULARY = 20_000
"""Features whose frequency is kept; the rarest go first, they connect nobody."""
SLACK = 5_000
"""Features that may come on top, so that they are sorted once in many batches."""

Idf = Mapping[str, float]


def seen(memory: Memory) -> frozenset[NoteId]:
    """The notes among those at hand that were counted before."""
    return frozenset(i for one in memory.themes for i in one.notes) | frozenset(memory.unplaced)


def frequencies(
    memory: Memory, documents: Sequence[Mapping[str, int]], wanted: Iterable[str]
) -> tuple[int, dict[str, int]]:
    """How many notes there were with these, and in how many of them each wanted feature stands."""
    new = Counter(f for document in documents for f in document)
    return memory.counted + len(documents), {f: memory.frequencies.get(f, 0) + new[f] for f in wanted}


def idf_of(n: int, found: Mapping[str, int]) -> Idf:
    """What a feature tells; one of a single note, or of more than half of all, tells nothing."""
    ceiling = max(3.0, 0.5 * n)
    return {f: math.log((1 + n) / (1 + d)) for f, d in found.items() if 2 <= d <= ceiling}


def weighed(document: Mapping[str, int], idf: Idf) -> Vector:
    """A note as a unit vector."""
    return unit({f: (idf[f] if c == 1 else (1 + math.log(c)) * idf[f]) for f, c in document.items() if f in idf})


def counted(memory: Memory, documents: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The frequencies to remember after these notes."""
    found = dict(memory.frequencies)
    for document in documents:
        for f in document:
            found[f] = found.get(f, 0) + 1
    if len(found) > VOCABULARY + SLACK:
        found = dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:VOCABULARY])
    return found


def example(note: NoteId, theme: ThemeId, group: str | None, document: Mapping[str, int], idf: Idf) -> Example:
    """A note as an example: its most telling features, with how often it holds them."""
    heavy = sorted(document, key=lambda f: (-(1 + math.log(document[f])) * idf.get(f, 0.0), f))[:EXAMPLE_FEATURES]
    return Example(note, theme, group, tuple((f, document[f]) for f in sorted(heavy)))


def fair(examples: Iterable[Example]) -> tuple[Example, ...]:
    """Some of each theme and some that wait: those with the lowest hash, whatever order they came in."""
    by_theme: dict[ThemeId, dict[NoteId, Example]] = {}
    for one in examples:
        by_theme.setdefault(one.theme, {})[one.note] = one
    out: list[Example] = []
    for theme in sorted(by_theme):
        room = EXAMPLES if theme else WAITING
        out += sorted(by_theme[theme].values(), key=lambda one: (_lot(one.note), one.note))[:room]
    return tuple(out)


def _lot(note: NoteId) -> bytes:
    return hashlib.blake2b(note.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def grown(
    old: RememberedTheme | None, theme: Theme, joined: Sequence[Vector], notes: Iterable[NoteId]
) -> RememberedTheme:
    """A theme with the notes that are in it; the vectors of those that `joined` now are added to its sum."""
    count, heavy = (old.count, old.features) if old else (0, ())
    if joined:
        summed = total([{f: x * count for f, x in heavy}, *joined])
        count += len(joined)
        heavy = heaviest({f: x / count for f, x in summed.items()})
    known = dict.fromkeys([*(old.notes if old else ()), *notes])
    return RememberedTheme(theme, tuple(sorted(known)), heavy, count)


def heaviest(vector: Vector) -> tuple[tuple[str, float], ...]:
    """The features that weigh most, heaviest first."""
    heavy = sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:KEPT_FEATURES]
    return tuple((f, round(x, 6)) for f, x in heavy)
