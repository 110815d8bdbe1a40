"""What somebody asks: told apart from an impression, freed of what stands around it, and never too long."""

import re
from dataclasses import dataclass

from bot.harvest.sentences import split
from bot.memory.stems import content_words

LONGEST = 300
"""Characters of a question; who asks more asks for a conversation."""
MOST_A_MINUTE = 6
"""Questions of one person in a minute; a person types fewer."""

_MENTION = re.compile(r"<[@#!][^<>]*>")
_OPENING = re.compile(
    r"^\W*(?:wat (?:weet|weten|is|zijn|betekent)\b|weet (?:je|jij|iemand)\b|weten (?:we|jullie)\b"
    r"|zoek(?:en)?\b(?! \w+ naar)|wie (?:weet|heeft|kent|biedt)\b|vertel (?:me|mij|ons|eens)\b"
    r"|what (?:do|is|are|does)\b|who (?:knows|has|offers)\b"
    r"|does (?:anybody|anyone)\b|search\b|tell (?:me|us)\b)",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"^\W*(?:wat (?:is|zijn|betekent)(?: (?:een|de|het))?|what (?:is|are|does)(?: (?:an?|the))?)\s+"
    r"(?P<term>[^?]{2,60}?)(?: mean)?\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?[\"'’”»)\s]*$")


@dataclass(frozen=True)
class Question:
    """What somebody wants to know: their words on one line, without mentions and surroundings."""

    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words that say what it is about; empty when it says nothing to look for."""
        return tuple(content_words(self.text))

    @property
    def term(self) -> str:
        """What is asked to be explained ("wat is OZA"), else empty."""
        found = _WHAT_IS.match(self.text)
        return found["term"].strip() if found else ""


def read_question(text: str) -> Question:
    """Read what was typed: mentions, line breaks and repeated blanks go, nothing else."""
    return Question(" ".join(_MENTION.sub(" ", text).split()))


def reads_as_question(text: str) -> bool:
    """Say whether a message to the bot asks and does nothing else: every sentence of it asks.

    An impression that holds a question tells something besides, and is none; see `impressions.reads_as_impression`.
    """
    typed = _MENTION.sub(" ", text).strip()
    sentences = [typed[span.start : span.end] for span in split(typed)]
    if not sentences or len(typed) > LONGEST or len(sentences) > 3:
        return False
    if all(_ASKS.search(each) for each in sentences):
        return True
    return len(sentences) == 1 and bool(_OPENING.match(typed)) and not typed.endswith((".", "!"))
