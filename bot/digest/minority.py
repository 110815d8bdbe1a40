"""Voices that counting would lose: a group that disagrees with the others, or that alone speaks of something."""

import re
from collections.abc import Sequence

from bot.article import Part, PublishedSentence
from bot.digest.records import ThemeNews
from bot.harvest.duplicates import negations
from bot.harvest.words import features

POINTS = tuple(part for part in Part if part not in (Part.QUESTION, Part.OFFER))
"""Parts that say something, rather than ask or offer it."""
MOST_COMPARED = 60
"""Up to so many sentences of one theme are held beside each other."""
SAME_SUBJECT = 0.5
"""Content words that two sentences must share, of the shorter one, to speak of the same thing."""
FEWEST_SHARED = 2
_DISSENT = re.compile(
    r"\b(oneens|niet mee eens|zien (?:wij|we) anders|ziet het anders|denk\w* (?:er|daar) anders over"
    r"|in tegenstelling tot|juist niet|tegenstrijdig|bezwa\w+|wij (?:vinden|denken|geloven) (?:het |dat )?niet"
    r"|disagree\w*|do not agree|don['’]t agree|object(?:s|ed)? to|see (?:it|this) differently|on the contrary)\b",
    re.IGNORECASE,
)


def minority(news: Sequence[ThemeNews]) -> list[PublishedSentence]:
    """Return the lines of a single group that disagrees, then those of one that stands alone, each in the given order.

    A group disagrees when it says so, or denies what another group says of the same thing (or the other way round) and
    no second group does so with it. A group stands alone with a theme of which no other group spoke, where other
    themes have several groups.
    """
    several = any(theme.groups > 1 for theme in news)
    disagreeing = [sentence for theme in news if theme.groups > 1 for sentence in _disagreeing(theme)]
    alone = [sentence for theme in news if theme.groups == 1 and several for sentence in theme.sentences]
    return [*disagreeing, *alone]


def _disagreeing(theme: ThemeNews) -> list[PublishedSentence]:
    said = [sentence for sentence in theme.sentences if sentence.part in POINTS][:MOST_COMPARED]
    about = {sentence.id: frozenset(features(sentence.text)) for sentence in said}
    denies = {sentence.id: negations(sentence.text) % 2 for sentence in said}

    def same_subject(one: PublishedSentence, other: PublishedSentence) -> bool:
        shared = len(about[one.id] & about[other.id])
        return shared >= max(FEWEST_SHARED, SAME_SUBJECT * min(len(about[one.id]), len(about[other.id])))

    found = []
    for sentence in said:
        related = [other for other in said if other.group != sentence.group and same_subject(sentence, other)]
        against = {other.group for other in related if denies[other.id] != denies[sentence.id]}
        beside = {other.group for other in related if denies[other.id] == denies[sentence.id]}
        alone = against and not beside - against and (len(against) > 1 or denies[sentence.id])
        if alone or _DISSENT.search(sentence.text):
            found.append(sentence)
    return found
