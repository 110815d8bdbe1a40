"""What is told of a question: whole sentences that cover it, newest first; nothing where too little is there."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.harvest.words import fold, folded, words
from bot.memory.records import Answer, Says, Source
from bot.memory.stems import content_words, stem

FLOOR = 0.6
"""Share of what is asked about that a sentence must cover to be told (calibrated in tests/storage/test_asking.py)."""
NEAR_BEST = 0.75
"""A sentence that covers less than this share of what the best one covers stays away."""
LONGEST = 120
"""Words of an answer, with what is said of its sources."""
SOURCE_WORDS = 11
"""Words that number, session, group, region and date of a source take."""
AROUND_WORDS = 30
"""Words of headings and closing lines."""
SHARED = 2
"""Words besides the unit that two sentences share which count the same thing; of a shorter one all."""
MOST = {Says.TELLS: 4, Says.ASKS: 2, Says.OFFERS: 2}
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:[.\s]\d{3})+|\d+)(?:,\d+)?\s+(?:[^\W\d_]+\s+){0,1}?([^\W\d_]{4,})")


def compose(found: Sequence[Source]) -> Answer | None:
    """Choose from what was found (best first) what is told; None where nothing covers the question.

    Related is not enough: what covers less than `FLOOR` is no answer, however much of it there is.
    """
    fit = [one for one in found if one.coverage >= FLOOR]
    if not fit:
        return None
    best = max(one.coverage for one in fit)
    near = [one for one in fit if one.coverage >= best * NEAR_BEST]
    # where figures of two years differ, both are told: one alone would mislead
    pairs = [one for one in differing(fit) if not {*differing(fit)}.isdisjoint(near)]
    fit = _unlike([*near, *(one for one in pairs if one not in near)])
    order = [*pairs, *(one for one in fit if one not in pairs)]
    chosen: list[Source] = []
    left = LONGEST - AROUND_WORDS
    for one in order:
        taken = len(words(one.text)) + SOURCE_WORDS
        full = sum(1 for other in chosen if other.says is one.says) >= MOST[one.says]
        if not full and taken <= left:
            chosen.append(one)
            left -= taken
    if not chosen:  # the words are too many to be told here; where they stand still is
        chosen = [replace(fit[0], text="")]
    kinds = list(Says)
    ordered = sorted(chosen, key=lambda one: (kinds.index(one.says), one.newest_first))
    return Answer(tuple(ordered), bool(differing(chosen)), len(fit) - len(chosen))


def differing(found: Sequence[Source]) -> list[Source]:
    """Return the sentences that give another number of the same thing for another year.

    The same word behind the number is not enough: three schools with a lift and twelve without a counsellor differ in
    what they count. Both sentences are about the same besides.
    """
    said: dict[str, dict[str, Source]] = {}
    for one in found:
        for number, thing in [one.figure] if one.figure else _NUMBER.findall(one.text):
            if one.year is not None and not re.fullmatch(r"(?:19|20)\d\d", number):
                said.setdefault(stem(fold(thing)), {}).setdefault(re.sub(r"\D", "", number), one)
    for numbers in said.values():
        counted = list(numbers.values())
        differ = [one for one in counted if any(o.year != one.year and _same_thing(one, o) for o in counted)]
        if differ:
            return differ
    return []


def _same_thing(one: Source, other: Source) -> bool:
    """Whether two sentences with the same unit share what else they are about; a bare figure is about all of it."""
    a, b = (set(content_words(each.text)) for each in (one, other))
    a, b = ({stem(word) for word in each if not word.isdigit()} for each in (a, b))
    return len(a & b) > min(SHARED, len(a) - 1, len(b) - 1)


def _unlike(found: Sequence[Source]) -> list[Source]:
    """Leave out what says the same as another in the same words, however it is written."""
    kept: dict[str, Source] = {}
    for one in found:
        kept.setdefault(folded(one.text), one)
    return list(kept.values())
