"""How many tokens a text takes, without a tokenizer: those download tables when they are first used."""

import math

CHARACTERS_A_TOKEN = 3.0
"""Where the estimate starts: Dutch compounds make more tokens than the four characters of English suggest."""
WEIGHT = 0.2
"""How much the newest count says against all earlier ones."""
LEAST, MOST = 1.0, 8.0
"""Characters a token that are believed: an endpoint may tell anything."""


class TokenEstimate:
    """An estimate that learns from what an endpoint counts: an exponential mean of characters a token."""

    def __init__(self) -> None:
        """Start at CHARACTERS_A_TOKEN."""
        self._ratio = CHARACTERS_A_TOKEN

    def of(self, characters: int) -> int:
        """Return the tokens that so many characters will take, rounded up."""
        return math.ceil(characters / self._ratio)

    def learn(self, characters: int, tokens: int) -> None:
        """Take in one count."""
        if characters > 0 and tokens > 0:
            seen = min(max(characters / tokens, LEAST), MOST)
            self._ratio += WEIGHT * (seen - self._ratio)
