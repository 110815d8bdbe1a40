"""Finds a date that people announced, in Dutch or English: explicit forms only, and when in doubt none.

Whoever uses it shows the date in full, with weekday and year, and asks before anything is done with it.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.dates.vocabulary import MONTHS, WEEKDAYS, either
from bot.harvest import split

LONGEST = 20_000
"""Characters that are read of one text; a form takes 3,000."""
HORIZON = timedelta(days=270)
"""How far ahead a next meeting is announced at most; beyond it "17 June" speaks of the June that was."""

_WEEKDAY = rf"(?:\b(?P<weekday>{either(WEEKDAYS)})\b\.?[\s,(]{{0,3}}(?:de\s|the\s)?\s?)?"
_YEAR = r"(?:,?\s{1,2}(?P<year>(?:19|20)\d\d)(?![\d:]|\.\d))?"
_MONTH = rf"(?P<month>{either(MONTHS)})\b\.?"
_FORMS = (
    re.compile(
        rf"{_WEEKDAY}(?<![\d.,/:-])(?P<day>\d{{1,2}})(?:e|ste|de|st|nd|rd|th)?\s{{1,2}}(?:of\s|van\s)?{_MONTH}{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(rf"{_WEEKDAY}\b{_MONTH}\s{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.:,]?\d){_YEAR}", re.IGNORECASE),
    re.compile(
        rf"{_WEEKDAY}(?<![\d.,/:-])(?P<day>\d{{1,2}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"{_WEEKDAY}(?<![\d-])(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])", re.IGNORECASE),
)
_DAY_AFTER = re.compile(rf"[\s,(]{{1,3}}(?P<weekday>{either(name for name in WEEKDAYS if len(name) > 3)})\b", re.I)
_ANOTHER_DAY = re.compile(r"\d(?:e|ste|de|st|nd|rd|th)?\s*(?:en|of|and|or|tot|to|t/m|[-–—/&,])\s*$", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:vóór|voor|uiterlijk|tot|t/m|na|vanaf|sinds|before|by|until|till|after|since|from)\s+(?:op\s|on\s|de\s|the\s)?$",
    re.IGNORECASE,
)
_OR_ANOTHER = re.compile(r"[\s,)]{0,3}(?:of|or)\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"""\b(?: misschien | wellicht | mogelijk | waarschijnlijk | vermoedelijk | eventueel | voorlopige? | ongeveer
      | rond | omstreeks | circa | ca | onder\svoorbehoud | nog\s(?:onzeker|te\sbepalen) | onzeker | niet | geen
      | zou | zouden | liever | maybe | perhaps | possibly | probably | likely | tentative(?:ly)? | provisional(?:ly)?
      | about | around | roughly | not | unsure | uncertain | might | could | would )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AGAIN = re.compile(
    r"""\b(?: elke | elk | iedere | ieder | om\sde | dagelijkse? | wekelijkse? | tweewekelijkse? | maandelijkse?
      | jaarlijkse? | telkens | steeds | per\s(?:week|maand|jaar) | every | each | daily | weekly | fortnightly
      | biweekly | monthly | yearly | annual(?:ly)? )\b""",
    re.IGNORECASE | re.VERBOSE,
)


class _Unclear(Exception):
    """There is a date, but what it means has to be asked."""


def announced(texts: Iterable[str], after: date) -> date | None:
    """Return the one date, later than `after`, that these texts announce; None when there is none, or any doubt.

    A date without a year is the next such day. A weekday that does not fit, a day that does not exist, two days, a
    word of doubt or of repetition: None. A limit ("before 9 September"), a question, and a day that is past or more
    than nine months ahead are passed over.
    """
    found: set[date] = set()
    try:
        for text in texts:
            text = text[:LONGEST]
            for span in split(text):
                found.update(_in_sentence(text[span.start : span.end], after))
    except _Unclear:
        return None
    near = {day for day in found if timedelta(0) < day - after <= HORIZON}
    return near.pop() if len(near) == 1 else None


def _in_sentence(sentence: str, after: date) -> list[date]:
    matches = [match for form in _FORMS for match in form.finditer(sentence)]
    if not matches or sentence.rstrip("\"'”’)» ").endswith("?"):
        return []
    said = [match for match in matches if not _LIMIT.search(sentence[: match.start()])]
    if said and (_DOUBT.search(sentence) or _AGAIN.search(sentence)):
        raise _Unclear
    return [_read(match, sentence, after) for match in said]


def _read(match: re.Match[str], sentence: str, after: date) -> date:
    if _ANOTHER_DAY.search(sentence[: match.start()]) or _OR_ANOTHER.match(sentence, match.end()):
        raise _Unclear
    month = match["month"]
    number = MONTHS.get(month.casefold()) or (int(month) if month.isdigit() else 0)
    day = _day(int(match["year"]), number, int(match["day"])) if match["year"] else None
    if not match["year"]:
        years = range(after.year, min(after.year + 9, date.max.year + 1))
        coming = [found for year in years if (found := _day(year, number, int(match["day"]))) and found > after]
        day = coming[0] if coming else None
    behind = _DAY_AFTER.match(sentence, match.end())
    for name in filter(None, (match["weekday"], behind["weekday"] if behind else None)):
        if day is not None and WEEKDAYS.get(name.casefold()) != day.weekday():
            raise _Unclear
    if day is None:
        raise _Unclear
    return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
