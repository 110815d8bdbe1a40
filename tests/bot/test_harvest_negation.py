"""A claim that says yes where its evidence says no, or the other way round."""

import pytest

from bot.harvest.negation import turned_round
from bot.harvest.verify import unsupported


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("De regeling is populair.", "De regeling is niet populair."),
        ("De regeling is niet populair.", "De regeling is populair."),
        ("De helft belt, vooral ouders niet.", "De helft belt nooit, vooral ouders niet."),
        ("De lamp wordt meer gebruikt tot er uitleg is.", "De lamp wordt niet meer gebruikt tot er geen klacht is."),
        ("It helps when there is news.", "It helps when there is no news."),
        ("De bus rijdt op zondag.", "De bus rijdt op zondag niet."),
        ("Zij betalen en dat helpt.", "Zij betalen niet. Dat helpt wel."),
    ],
)
def test_a_claim_that_turns_its_evidence_round_is_refused(claim: str, evidence: str) -> None:
    assert turned_round(claim, evidence)
    assert "opposite" in dict(unsupported(claim, evidence, "", 1))


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("De regeling is niet populair.", "De regeling is niet populair."),
        ("Het vinkje wordt niet gebruikt.", "Het vinkje stuurt post. Het vinkje wordt niet meer gebruikt."),
        ("De bus rijdt op zaterdag.", "De bus rijdt op zaterdag. Op zondag rijdt hij niet."),
        ("Ouders komen graag.", "Ouders komen graag, maar niemand belt."),
        ("Niemand belt.", "Ouders komen graag, maar niemand belt."),
    ],
)
def test_a_claim_that_says_no_where_its_evidence_does_stays(claim: str, evidence: str) -> None:
    assert turned_round(claim, evidence) == []
