"""What a sentence does: ask, offer, worry, agree, request, or tell. By cues, so that questions and offers are not lost.

Centrality alone prefers telling sentences; an impression is mostly questions and advice. How often the cues are right
is measured on sentences of our own: `tests/bot/test_harvest_kinds.py` holds the figures, also where they are low.
"""

from bot.harvest import cues
from bot.harvest.records import SentenceKind


def kind_of(sentence_text: str, language: str | None = None) -> SentenceKind:
    """Return what a sentence does. A question mark wins, but a named offer or a call for help inside it wins from that.

    `language` is accepted for callers that know it; the cues of Dutch and English do not clash.
    """
    text = " ".join(sentence_text.split())
    asks = text.rstrip("\"'’”») ").endswith("?")
    wonders = bool(cues.WONDER.search(text))
    if not wonders and (cues.REQUEST.search(text) or cues.REQUEST_OPENS.match(text)):
        return SentenceKind.REQUEST
    if asks:
        return SentenceKind.QUESTION
    if cues.OFFER.search(text):
        return SentenceKind.OFFER
    if cues.AGREEMENT_OPENS.match(text) or cues.AGREEMENT.search(text):
        return SentenceKind.AGREEMENT
    if wonders or cues.ASKS_ANYHOW.match(text):
        return SentenceKind.QUESTION
    if cues.CONCERN.search(text):
        return SentenceKind.CONCERN
    if cues.ASKING.match(text) and not text.endswith((".", "!")):
        return SentenceKind.QUESTION
    return SentenceKind.FINDING
