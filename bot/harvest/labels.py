"""What to call a theme nobody named: the phrase its notes share and others do not, in the form people wrote it."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from bot.harvest.reading import Reading
from bot.harvest.words import feature, words

_GAP = re.compile(r"[.,;:!?()\[\]\"“”…\n]")
_PHRASE_BONUS = 1.6

Key = tuple[str, ...]
"""One feature, or two that stand side by side."""


def labels(clusters: Sequence[Sequence[Reading]]) -> list[str]:
    """Return a name per cluster of notes, each different: its most telling phrase, and one more word where it helps."""
    found = [_keys(cluster) for cluster in clusters]
    spread: Counter[Key] = Counter()
    for counts, _ in found:
        spread.update(counts)
    whole = sum(len(cluster) for cluster in clusters)
    taken: dict[str, int] = {}
    out = []
    for cluster, (counts, forms) in zip(clusters, found, strict=True):
        least = 2 if len(cluster) >= 4 else 1
        worth = {
            key: n / len(cluster) * math.log(1 + whole / spread[key]) * (_PHRASE_BONUS if len(key) == 2 else 1.0)
            for key, n in counts.items()
            if n >= least
        }
        best = sorted(worth, key=lambda key: (-worth[key], key))[:12]
        name = _name(best, forms)
        taken[name] = taken.get(name, 0) + 1
        out.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return out


def _name(best: Sequence[Key], forms: dict[Key, Counter[str]]) -> str:
    if not best:
        return "…"
    first = best[0]
    second = next((key for key in best[1:] if not set(key) & set(first)), None)
    said = [_form(forms[first])] + ([_form(forms[second])] if second else [])
    name = ", ".join(said)
    return name[:1].upper() + name[1:]


def _form(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))


def _keys(cluster: Sequence[Reading]) -> tuple[Counter[Key], dict[Key, Counter[str]]]:
    """In how many notes each key stands, and how it is written there."""
    counts: Counter[Key] = Counter()
    forms: dict[Key, Counter[str]] = {}
    for reading in cluster:
        seen: dict[Key, str] = {}
        for piece in _GAP.split(reading.note.text):
            before: tuple[str, str] | None = None
            for word in words(piece):
                f = feature(word)
                shown = word if word[1:] != word[1:].lower() else word.lower()
                if f and len(word) > 1:
                    seen.setdefault((f,), shown)
                    if before and before[0] != f:
                        seen.setdefault((before[0], f), f"{before[1]} {shown}")
                before = (f, shown) if f else None
        for key, form in seen.items():
            counts[key] += 1
            forms.setdefault(key, Counter())[form] += 1
    return counts, forms
