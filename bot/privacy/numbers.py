"""Finds citizen numbers and phone numbers in a text that was made plain, as (start, end)."""

import re
from collections.abc import Iterator


def passes_elfproef(digits: str) -> bool:
    """Say whether 8 or 9 digits can be a Dutch citizen number: weights 9 to 2 and -1, divisible by eleven."""
    number = digits.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return int(number) > 0 and sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0


# What looks like a number of somebody and is none

_BETWEEN = r"[ ./_*~'\-]{0,3}"
_RUN = re.compile(rf"[0-9](?:{_BETWEEN}[0-9])*")
_DATE = r"(?:0?[1-9]|[12]\d|3[01])([-./ ])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d"
_ISO_DATE = r"(?:19|20)\d\d([-./ ])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01])"
_COMPACT_DATE = (
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)
_TIMES = r"(?:[01]?\d|2[0-4])\.[0-5]\d ?[-/ ] ?(?:[01]?\d|2[0-4])\.[0-5]\d"
_YEARS = r"(?:19|20)\d\d ?[-/ ] ?(?:19|20)\d\d"
_EXPLAINED = re.compile(rf"(?:\d )?(?:{_DATE}|{_ISO_DATE}|{_COMPACT_DATE}|{_TIMES}|{_YEARS})(?: \d)?")
_BEGINS_WITH_MOMENT = re.compile(rf"{_DATE}|{_ISO_DATE}|{_TIMES}|\d\d\.\d\d(?![.\d])")
_CURRENCY = re.compile(r"(?:[€$£]|\beuro?) ?\Z", re.IGNORECASE)
_COUNTED = re.compile(
    r" ?(?:€|eur(?:o|os)?\b|,-|,\d\d(?!\d)|miljoen|miljard|leerlingen|kinderen|inwoners|mensen|stuks|keer\b|km|kwh|m2)",
    re.IGNORECASE,
)


_ROUND = re.compile(r"\d{1,3}(?:\.\d{3})*\.000")


def _is_amount(text: str, start: int, end: int) -> bool:
    if _ROUND.fullmatch(text, start, end):
        return True
    return bool(_CURRENCY.search(text[max(0, start - 6) : start]) or _COUNTED.match(text, end))


# Citizen numbers

_CITIZEN = re.compile(
    r"(?:bsn|burger[ -]?service[ -]?(?:nummer|nr)|sofi[ -]?(?:nummer|nr)?)[ -]?(?:nummer|nr)?"
    rf"(?:[\s:=.\-]{{0,10}}|[^\d\n]{{0,40}})(?=([0-9](?:{_BETWEEN}[0-9]){{0,39}}))",
    re.IGNORECASE,
)
_LAYOUTS = frozenset(
    {(3, 3, 3), (4, 2, 3), (4, 3, 2), (2, 3, 4), (2, 2, 2, 3), (3, 2, 2, 2), (2, 3, 3), (4, 5), (5, 4)}
)
"""How a citizen number is spaced by habit; inside a longer row of numbers only these count."""


def citizen_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield numbers of 8 or 9 digits that pass the test of eleven, and any that stand behind their name."""
    found = {*_named_numbers(text), *_bare_numbers(text)}
    yield from sorted(found, key=lambda span: (span[0], -span[1]))


def _named_numbers(text: str) -> Iterator[tuple[int, int]]:
    for word in _CITIZEN.finditer(text):
        ends = [end for end, digits in _sums(_groups(word[1], word.end())) if digits in (8, 9)]
        if ends and not _EXPLAINED.fullmatch(text[word.end() : ends[-1]]):
            yield word.end(), ends[-1]


def _sums(groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield for every end how many digits stand between the first start and there."""
    total = 0
    for start, end in groups:
        total += end - start
        yield end, total


def _groups(run: str, offset: int) -> list[tuple[int, int]]:
    return [(found.start() + offset, found.end() + offset) for found in re.finditer(r"\d+", run)]


def _bare_numbers(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        if run.end() - run.start() < 8:
            continue
        groups = _groups(run.group(), run.start())
        sizes = [end - start for start, end in groups]
        for first, last in _candidates(sizes):
            start, end = groups[first][0], groups[last][1]
            if _is_citizen_number(text, start, end):
                yield start, end


def _candidates(sizes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last group of what can be a number: a whole run, one group, or a habitual layout."""
    if len(sizes) > 1 and sum(sizes) in (8, 9):
        yield 0, len(sizes) - 1
    for first, size in enumerate(sizes):
        if size in (8, 9):
            yield first, first
        elif 1 < size < 6:
            for count in (2, 3, 4):
                layout = tuple(sizes[first : first + count])
                if len(layout) == count and layout in _LAYOUTS:
                    yield first, first + count - 1


def _is_citizen_number(text: str, start: int, end: int) -> bool:
    raw = text[start:end]
    digits = "".join(re.findall(r"\d+", raw))
    return passes_elfproef(digits) and not _EXPLAINED.fullmatch(raw) and not _is_amount(text, start, end)


# Phone numbers

_APART = r"[ ./_*~()\-]{0,3}"
_NATIONAL = re.compile(rf"(?<!\d)(?<!\d[.,])0{_APART}[1-9](?:{_APART}\d){{8}}(?!\d)")
_ABROAD = re.compile(
    rf"(?<![\w+])\+ ?[1-9](?:{_APART}\d){{6,13}}(?!\d)|(?<![\w.,:])00 ?[1-9](?:{_APART}\d){{8,13}}(?!\d)"
)
_DUTCH_BARE = re.compile(r"(?<!\d)31[ -]?6[ -]?\d{8}(?!\d)")
_NAMED_PHONE = re.compile(
    r"\b(?:tel(?:efoon|ephone)?(?:[ -]?(?:nummer|nr))?|mobiel|gsm|phone)\b[.: ]{0,3}"
    rf"(\d(?:{_APART}\d){{5,11}})(?!\d)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\+ ?\d{1,3}(?:\.\d{3})+")


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Yield Dutch numbers of ten digits, numbers with a country code, and shorter ones behind "tel."."""
    found = {match.span() for match in _NATIONAL.finditer(text) if _dials(match.group())}
    for match in _ABROAD.finditer(text):
        if not _THOUSANDS.fullmatch(match.group()) and not _is_amount(text, *match.span()):
            found.add(match.span())
    found.update(match.span() for match in _DUTCH_BARE.finditer(text))
    for match in _NAMED_PHONE.finditer(text):
        if not _BEGINS_WITH_MOMENT.match(match.group(1)) and not _EXPLAINED.fullmatch(match.group(1)):
            found.add(match.span(1))
    last = 0
    for start, end in sorted(found):
        if start >= last:
            yield start, end
            last = end


def _dials(raw: str) -> bool:
    """Say whether ten digits are spaced as people space a phone number, and are no date or times with more behind."""
    if _BEGINS_WITH_MOMENT.match(raw):
        return False
    sizes = [len(group) for group in re.findall(r"\d+", raw)]
    if sizes[0] == 1:
        return len(sizes) == 10
    if sizes[0] == 2:
        return raw.startswith("06") or set(sizes) == {2}
    return True
