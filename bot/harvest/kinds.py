"""What a sentence does: ask, offer, worry, agree, request, or tell. By cues, so that questions and offers are not lost.

Centrality alone prefers telling sentences; an impression is mostly questions and advice.
"""

import re

from bot.harvest.records import SentenceKind

_OFFER = re.compile(
    r"""\b(
      (bied|biedt|bood|bieden|boden)\b.{0,60}\baan | aangeboden\s+om | aanbod\s+(om|van) | stelt?\s.{0,40}\bbeschikbaar
      | (wil|wilt|kan|kunnen|willen|zal|zullen|gaat|ga|gaan)\s(?:\w+\s){0,6}?
        (delen|meedenken|meehelpen|helpen|opsturen|rondsturen|toesturen|langskomen|presenteren|uitzoeken)
      | (is|ben|zijn)\s+bereid\s+om | (offer|offers|offered)\s+to | (is|are|am)\s+(happy|willing|glad)\s+to
      | (?:will|can|\w+'ll)\s(?:\w+\s){0,3}?(share|help|send|present|prepare)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_REQUEST = re.compile(
    r"""\b(
      behoefte\s+aan | (we|wij|ik)\s+(zoek|zoeken|vragen|verzoeken)\b | verzoek\s+(om|aan)
      | (wie|kan\s+iemand|kunnen\s+jullie)\s.{0,50}\b(helpen|delen|weet|kent|ervaring)
      | (graag|liefst)\s.{0,30}\b(horen|ontvangen|weten|zien|contact|hulp)
      | (need|needs|need\s+for)\s+(help|support|an?\s+overview|advice) | (can|could)\s+(anyone|someone|somebody)
      | (we|i)\s+(ask|request|urge|call)\b | (looking|call)\s+for | please\s+(share|send|help)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CONCERN = re.compile(
    r"""\b(
      zorgen\s+(over|om|dat) | zorgelijk\w* | zorgwekkend\w* | bezorgd\w* | pas\s+op | bang\s+(dat|voor)
      | risico\w* | gevaar\w* | knelpunt\w* | dreig(?:t|en|ing)\w* | desastreu\w* | machteloos | onder\s+druk
      | tekort\w* | vastlopen | loopt\s+vast | lastig\w* | moeilijk\w* | pervers\w* | onvoldoende | ontbreekt
      | ontbreken | (te|niet)\s+(weinig|genoeg|voldoende|duidelijk)
      | concern(?:s|ed|ing)? | worr(?:y|ies|ied|ying) | risk(?:s|y)? | danger\w* | difficult\w* | struggl\w+
      | shortage\w* | afraid | barrier\w* | not\s+enough | lack(?:s|ing)? | problem(?:s|atic)?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AGREEMENT = re.compile(
    r"""\b(
      afgesproken | (we|wij|groep|iedereen|allen)\s+(spreken|sprak|spraken)\s.{0,40}\baf | afspraak\s+(is|was|om|dat)
      | besloten\s+(om|is|dat|wordt) | eens\s+(over|dat|met) | (we|wij)\s+(besluiten|besloten) | vastgesteld\s+dat
      | (volgende|eerste)\s+stap\s+is | (we|they|it\s+was)\s+(agreed|decided) | agreed\s+(to|that|on)
      | (decision|next\s+step)\s+(is|was)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKING = re.compile(
    r"""^\W*(hoe|wat|waar|wie|welke?|waarom|wanneer|hoeveel|in\s+hoeverre|moet(?:en)?\s+we|kan|kunnen|zou(?:den)?
      |is\s+er|zijn\s+er|how|what|where|who|which|why|when|to\s+what\s+extent|should|could|can|is\s+there|are\s+there
      |do|does)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def kind_of(sentence_text: str, language: str | None = None) -> SentenceKind:
    """Return what a sentence does. A question mark wins, but a named offer or a call for help inside it wins from that.

    `language` is accepted for callers that know it; the cues of Dutch and English do not clash.
    """
    text = " ".join(sentence_text.split())
    asks = text.rstrip("\"'’”») ").endswith("?")
    if _REQUEST.search(text) and (asks or not _CONCERN.search(text)):
        return SentenceKind.REQUEST
    if asks:
        return SentenceKind.QUESTION
    if _OFFER.search(text):
        return SentenceKind.OFFER
    if _AGREEMENT.search(text):
        return SentenceKind.AGREEMENT
    if _CONCERN.search(text):
        return SentenceKind.CONCERN
    if _ASKING.match(text) and not text.endswith((".", "!")):
        return SentenceKind.QUESTION
    return SentenceKind.FINDING
