"""How much may be asked of a language model: tokens for one digest, and for a month of a workspace."""

from dataclasses import dataclass

OUT_OF_IN = 0.5
"""Tokens that an answer takes for each one of its question, when it is not known yet: rather too many."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tokens, in and out together, that a digest and a month may cost; above it, all is done without a model."""

    digest: int = 60_000
    month: int = 1_000_000

    def left(self, spent_digest: int, spent_month: int) -> int:
        """Return how many tokens may still be spent; never below zero."""
        return max(0, min(self.digest - spent_digest, self.month - spent_month))


def priced(question: int, answer: int | None = None) -> int:
    """Return what is set aside for a question of so many tokens, its answer included."""
    return question + (answer if answer is not None else round(question * OUT_OF_IN))
