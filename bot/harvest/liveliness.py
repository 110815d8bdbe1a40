"""Which sentences a reader remembers: somebody's own words, a contrast, a strong word; not "there was talk of ...".

Set by the document of June 2021 and by the notes of our own in `tests/evaluate/dutch`; on the development data these
cues cost nothing (ROUGE-1 of meetings +.5, of digests -.3).
"""

import re

_PROCEDURE = re.compile(
    r"""^\W*(?:(?:thank|thanks|good\s(?:morning|afternoon|evening)|welcome|okay|yes|no,|sorry|can\si|could\si
      |hier\swerd\s(?:er\s)?(?:over\s)?gesproken|er\s(?:is|werd|wordt)\s(?:\w+\s)?(?:over\s)?gesproken|besproken\swerd
      |bedankt|dank|welkom|goedemorgen|goedemiddag|(?:ten\s?slotte|verder|daarna|ook)\s(?:is|ging)\shet\s(?:ook\s)?(?:ge)?
      |daarnaast\s(?:is|werd)\s(?:er\s)?gesproken|dat\sis\swat\swe\szagen|(?:het|dit)\s(?:gesprek\s)?ging\s(?:ook\s)?over
      |we\s(?:hebben\shet\sgehad|spraken|hadden\shet)\sover|we\s(?:talked|spoke)\sabout|the\stalk\swas\sabout)\b
      |(?:ook|daarna|verder)\b.{0,60}\bkwam(?:en)?\s(?:ook\s)?(?:aan\sbod|ter\ssprake|langs)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_URGES = re.compile(
    r"""\b(?:moet|moeten|laten\swe|laat|pas\sop|betrek|zorg\sdat|begin\smet|durf|stop\smet|bood\saan|biedt?\saan
      |must|should|let's|let\sus|make\ssure|offer(?:s|ed)?\sto)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ALOUD = re.compile(r"^[“‘\"'„«].{12,}[”’\"'»]\W*$|!\W*$", re.DOTALL)
_SPEAKS = re.compile(r"[“‘\"„«][^“”‘’\"„»]{12,}[”’\"»]")
_CONTRAST = re.compile(
    r"""\b(?:niet\b.{2,60}\b(?:maar|alleen|echt\sniet) | (?:maar|alleen)\b.{2,50}\bniet | in\splaats\svan | pas\sals
      | meer\sdan\b.{0,40}\b(?:heel|hele|ooit) | klinkt\b.{2,40}\bmaar | scheelt
      | not\b.{2,60}\bbut | instead\sof | rather\sthan)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ANYBODY = re.compile(
    r"""^\W*(?:(?:zo|dan|soms|pas\sdan)\s\w+\sje | je\s(?:kan|kunt|ziet|moet|merkt|voelt|bouwt|leert)
      | you\s(?:can|cannot|see))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_STRONG = re.compile(
    r"""\b(?:nooit|niemand|eindelijk|letterlijk|echt | geen\s\w+\smeer | kapot | stil | trots | eerlijk\w* | \w{5,}ste
      |never|nobody|finally|literally|proud|honest\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
LIVELY = 1.0
"""Worth from which on a sentence can stand as a quote."""
_LENGTHS = range(4, 33)
"""Words of a sentence that may be remembered."""


def lively(text: str) -> float:
    """Return how well a sentence is remembered: from LIVELY on it can stand as a quote."""
    worth = 2.0 * (aloud(text) or bool(_SPEAKS.search(text)))
    worth += 1.0 * bool(_CONTRAST.search(text)) + 1.0 * bool(_ANYBODY.match(text)) + 1.0 * urges(text)
    worth += 0.5 * min(2, len(_STRONG.findall(text)))
    if text.rstrip("\"'’”») ").endswith("?"):
        worth -= 1.5
    if len(text.split()) not in _LENGTHS:
        worth -= 1.0
    return worth - 3.0 * procedural(text)


def procedural(text: str) -> bool:
    """Whether a sentence only says that something was talked about: its reader learns nothing from it alone."""
    return bool(_PROCEDURE.match(text))


def aloud(text: str) -> bool:
    """Whether a sentence is somebody's words between quotation marks, or called out."""
    return bool(_ALOUD.search(text))


def urges(text: str) -> bool:
    """Whether a sentence tells others what to do, or offers to do it."""
    return bool(_URGES.search(text))
