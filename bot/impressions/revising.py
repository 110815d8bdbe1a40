"""What a change of an impression means for the sentences of it that were published."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bot.article import Run, Sentence
from bot.article.composing import WHOLE, run_at
from bot.harvest import Span, split
from bot.impressions.records import PARTS, Contents, Impression

CONSENTED = ("quote", "offer")
"""Parts that are published only when somebody agreed to them: a sentence does not wander into them by itself."""
ALIKE = 0.4
"""From this likeness on (difflib's ratio, over words) a new sentence is the old one in other words."""


@dataclass(frozen=True)
class Touched:
    """A published sentence whose words no longer stand in the note; `new` is what stands there instead, if anything."""

    sentence: Sentence
    new: Run | None


@dataclass(frozen=True)
class Revision:
    """What a change does: `moved` are sentences that say the same from another place, `touched` those that do not."""

    moved: tuple[Sentence, ...] = ()
    touched: tuple[Touched, ...] = ()


def touched(sentences: Sequence[Sentence], before: Contents | None, after: Impression) -> Revision:
    """Hold published sentences, read from `before`, against what their note says now.

    A sentence stands when its words are there as whole sentences; it is then pointed at its new place. Of the others
    the words that came in their place are found by comparing the notes sentence by sentence. What is new in the note
    belongs to no published sentence, and is not added.
    """
    moved, changed = [], []
    for sentence in sentences:
        found = _standing(sentence.run, after)
        if found is not None:
            moved.append(replace(sentence, run=replace(found, part=sentence.run.part)))
        else:
            changed.append(Touched(sentence, _successor(sentence.run, before, after) if before else None))
    return Revision(tuple(moved), tuple(changed))


def _standing(run: Run, after: Impression) -> Run | None:
    """Return where exactly these words stand as whole sentences: nearest to where they stood, else in another part."""
    for part in (run.field, *(name for name in PARTS if name != run.field and name not in CONSENTED)):
        text = after.text(part)
        spans = split(text)
        starts, ends = {span.start for span in spans}, {span.end for span in spans}
        places = []
        at = text.find(run.text) if run.text else -1
        while at >= 0:
            end = at + len(run.text)
            if (at in starts and end in ends) or text.strip() == run.text:
                places.append(at)
            at = text.find(run.text, at + 1)
        if places:
            start = min(places, key=lambda place: abs(place - run.start))
            return run_at(after, part, start, start + len(run.text))
    return None


def _successor(run: Run, before: Contents, after: Impression) -> Run | None:
    old_text, new_text = str(getattr(before, run.field)), after.text(run.field)
    if old_text.strip() == run.text and (run.field == "quote" or len(new_text.strip()) <= WHOLE):
        start = len(new_text) - len(new_text.lstrip())
        return run_at(after, run.field, start, len(new_text.rstrip())) if new_text.strip() else None
    old, new = split(old_text), split(new_text)
    pairs = _paired([old_text[s.start : s.end] for s in old], [new_text[s.start : s.end] for s in new])
    mine = [number for number, span in enumerate(old) if span.start < run.end and run.start < span.end]
    found = sorted({pairs[number] for number in mine if number in pairs})
    if not found:
        return None
    first = last = found[0]
    for number in found[1:]:  # what was put between them is new, and not added by itself
        if number != last + 1:
            break
        last = number
    return _run(after, run.field, new[first], new[last])


def _run(after: Impression, part: str, first: Span, last: Span) -> Run:
    return run_at(after, part, first.start, last.end)


def _paired(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return which sentence of the new text each of the old one became."""
    pairs: dict[int, int] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            pairs |= dict(zip(range(i1, i2), range(j1, j2), strict=True))
        elif tag == "replace":
            alike = sorted(
                ((_ratio(old[i], new[j]), -i, -j) for i in range(i1, i2) for j in range(j1, j2)), reverse=True
            )
            taken: set[int] = set()
            for ratio, i, j in alike:
                if ratio >= ALIKE and -i not in pairs and -j not in taken:
                    pairs[-i] = -j
                    taken.add(-j)
    return pairs


def _ratio(one: str, other: str) -> float:
    first, second = re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
