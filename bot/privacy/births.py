"""Finds dates of birth in a text that was made plain: a date right beside a word that says so, as (start, end)."""

import re
from collections.abc import Iterator

_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|m(?:aa)?rt|mar(?:ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|aug(?:ustus|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_OF_MONTH = r"(?:0?[1-9]|1[0-2])"
_DATED = (
    rf"(?:{_DAY} ?[-./ ] ?{_DAY} ?[-./ ] ?'?(?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|(?:19|20)\d\d ?[-./ ]? ?{_OF_MONTH} ?[-./ ]? ?{_DAY}(?!\d)"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|{_DAY}(?:e|de|ste|st|nd|rd|th)? ?(?:of )?[-./]?{_MONTH}(?:[ ,\-'/.]{{0,3}}(?:(?:19|20)\d\d|\d\d)(?!\d))?"
    rf"|{_MONTH} {_DAY}(?:st|nd|rd|th)?(?!\d)(?:,? (?:19|20)\d\d(?!\d))?)"
)
_BORN = re.compile(
    r"\b(?:geb(?:oren|oorte(?:datum|dag|dat)?)?\b\.?(?:[ -]?dat(?:um)?\b\.?)?"
    r"|born|birth ?(?:date|day)|date of birth|dob)(?!\w)",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_BEFORE_DATE = re.compile(
    rf"[\s:,=.(\-]{{0,6}}(?:(?:is|was)[ :]{{1,3}})?(?:(?:in|te|at)(?: [^\s\d]{{1,20}}){{1,3}}?[ ,]{{1,3}})?"
    rf"(?:(?:op|on|de|den|the)\b ?){{0,2}}(?:{_WEEKDAY},? {{1,2}})?({_DATED})",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(rf"(?<![\d.])({_DATED}) {{1,2}}\(?\Z", re.IGNORECASE)


def births(text: str) -> Iterator[tuple[int, int]]:
    """Yield dates with a day and a month beside "geboren", "geb." or "born"; a year alone says of nobody who it is."""
    last = 0
    for word in _BORN.finditer(text):
        found = None
        if text[max(0, word.start() - 1) : word.start()] in (" ", "("):
            found = _DATE_BEFORE.search(text, max(last, word.start() - 24), word.start())
        found = found or _BEFORE_DATE.match(text, word.end())
        if found and found.start(1) >= last:
            yield found.span(1)
            last = found.end(1)
