"""What of a model's words may be read by people: claims whose every word, number and name their evidence carries.

The rules are those of `bot.harvest.verify`, with those for words that nobody wrote: no link, mention, markup or
placeholder, no words of our own instructions, nothing that rests on words which were meant for a model.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.harvest import Claim, SentenceId, ThemeId
from bot.harvest.duplicates import negations
from bot.harvest.verify import BALANCED_FROM, QUOTES, SHARE, SUPPORT, support, unsupported
from bot.harvest.words import feature, fold, folded, words
from bot.writing.records import WrittenClaim, WrittenSection
from bot.writing.redacting import PLACEHOLDER, IsName, residue
from bot.writing.suspicion import suspicious

LEAST_SUPPORT = 0.35
"""Share of a claim's content words below which no second look can save it."""
COPIED = 8
"""Words in a row that a claim may not have in common with the instructions."""
SHORTEST_CLAIM = 3
_MARKUP = re.compile(
    r"[<>{}\[\]*_`|#~\\^=]|:[a-z0-9_+\-]+:|https?|www\.|@|[\u0000-\u001f\u200b-\u200f\u202a-\u202e]", re.I
)
_SYMBOL = re.compile(r"[\u2190-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff\U000e0000-\U000e007f]")


_LETTERED = re.compile(r"\b(?i:groep(?:en)?|groups?)\s+[A-Z]{1,2}\b")
"""A group by the letter that only the model knew it by."""


class Standing(StrEnum):
    """What is to become of a claim: shown, looked at once more, or left out."""

    SOUND = "sound"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Carried:
    """A sentence that may carry a claim: its words as the model read them, its note, its group, and whether its note
    is one that was pointed out."""

    text: str
    note: str
    group: str
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with what was found wrong with it: rules, never words."""

    claim: WrittenClaim
    standing: Standing
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """What may be said about one theme, in words of a model that were held against the sentences they rest on.

    `claims` are best first, at least one. `quotes` are ids of sentences that the model would print whole.
    """

    theme: ThemeId
    claims: tuple[Claim, ...]
    quotes: tuple[SentenceId, ...] = ()

    @property
    def lead(self) -> Claim:
        """The one claim to show where there is room for one."""
        return self.claims[0]


def judge(
    claim: WrittenClaim, evidence: Mapping[SentenceId, Carried], aliases: str, is_name: IsName, told: str
) -> Judged:
    """Hold a claim against what it may rest on. `told` are the instructions, `aliases` the names of the theme."""
    hard = [*breaches(claim.text, is_name, told)]
    if not claim.evidence:
        hard.append("evidence")
    elif any(one not in evidence for one in claim.evidence):
        return Judged(claim, Standing.REFUSED, tuple(dict.fromkeys([*hard, "ids"])))
    cited = [evidence[one] for one in claim.evidence]
    if any(one.suspect for one in cited) or _tainted(claim.text, cited, evidence, aliases):
        hard.append("suspect")
    said = PLACEHOLDER.sub(" ", " ".join(one.text for one in cited))
    found = [rule for rule, _ in unsupported(claim.text, said, aliases, len({one.group for one in cited}))]
    soft = [rule for rule in found if rule in ("support", "negation")]
    hard += [rule for rule in found if rule not in soft]
    if "support" in soft and support(claim.text, said) < LEAST_SUPPORT:
        hard.append("support")
    if "negation" in soft and not _alone(claim.text, cited):
        hard.append("negation")
    standing = Standing.REFUSED if hard else Standing.DOUBTFUL if soft else Standing.SOUND
    return Judged(claim, standing, tuple(dict.fromkeys([*hard, *soft])))


def breaches(text: str, is_name: IsName, told: str) -> Iterable[str]:
    """Yield the rules that words of a model break, whatever they rest on: what they may never hold."""
    if len(words(text)) < SHORTEST_CLAIM:
        yield "length"
    if PLACEHOLDER.search(text):
        yield "placeholder"
    if _MARKUP.search(text) or _SYMBOL.search(text):
        yield "markup"
    if (left := residue(text, is_name)) is not None:
        yield left
    if suspicious(text) is not None:
        yield "order"
    if _LETTERED.search(text):
        yield "group"
    if runs(text) & runs(told):
        yield "instructions"


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every row of eight words of a text, folded."""
    parts = folded(text).split()
    return {tuple(parts[at : at + COPIED]) for at in range(len(parts) - COPIED + 1)}


def _tainted(text: str, cited: Sequence[Carried], evidence: Mapping[SentenceId, Carried], aliases: str) -> bool:
    """Whether a word of the claim comes from a note that was pointed out, and not from what the claim rests on."""
    suspect = " ".join(one.text for one in evidence.values() if one.suspect)
    if not suspect:
        return False
    own = _stems(" ".join([aliases, *(one.text for one in cited)]))
    return bool((_stems(text) - own) & _stems(suspect))


def _stems(text: str) -> set[str]:
    """The content words of a text by their first five letters, as support counts them."""
    return {fold(word)[:5] for word in words(text) if feature(word)}


def _alone(text: str, cited: Sequence[Carried]) -> bool:
    """Whether one sentence carries the claim by itself and says "not" where the claim does."""
    return any(
        bool(negations(one.text)) == bool(negations(text)) and support(text, one.text) >= SUPPORT for one in cited
    )


def settled(
    theme: ThemeId, written: WrittenSection, good: Sequence[WrittenClaim], evidence: Mapping[SentenceId, Carried]
) -> Section | None:
    """Return the section of the claims that passed, in the order in which they were written; None without any.

    No claim twice, and from five notes on no note carries more than its share of them; the last claims go first.
    """
    passed = [claim for claim in dict.fromkeys([written.lead, *written.claims]) if claim in good]
    once: dict[str, WrittenClaim] = {}
    for claim in passed:
        once.setdefault(folded(claim.text), claim)
    kept = list(once.values())
    while len({evidence[one].note for claim in kept for one in claim.evidence}) >= BALANCED_FROM:
        cited = Counter(evidence[one].note for one in {one for claim in kept for one in claim.evidence})
        note, most = min(cited.items(), key=lambda item: (-item[1], item[0]))
        if most <= SHARE * cited.total():
            break
        kept.remove(
            next(claim for claim in reversed(kept) if any(evidence[one].note == note for one in claim.evidence))
        )
    if not kept:
        return None
    quotes = [one for one in written.quotes if one in evidence and not evidence[one].suspect]
    return Section(
        theme, tuple(Claim(claim.text, claim.evidence, theme) for claim in kept), tuple(dict.fromkeys(quotes))[:QUOTES]
    )
