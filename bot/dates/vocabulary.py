"""The Dutch and English names of days, months and small numbers, as people write them."""

from collections.abc import Iterable, Sequence


def _numbered(names: Sequence[Sequence[str]], start: int) -> dict[str, int]:
    return {name: number for number, alike in enumerate(names, start) for name in alike}


FULL_MONTHS = _numbered(
    (
        ("januari", "january"),
        ("februari", "february"),
        ("maart", "march"),
        ("april",),
        ("mei", "may"),
        ("juni", "june"),
        ("juli", "july"),
        ("augustus", "august"),
        ("september",),
        ("oktober", "october"),
        ("november",),
        ("december",),
    ),
    start=1,
)
"""January is 1. Written in full they are no other word or name, as some are in short."""
SHORT_MONTHS = _numbered(
    (
        ("jan",),
        ("feb",),
        ("mrt", "mar"),
        ("apr",),
        (),
        ("jun",),
        ("jul",),
        ("aug",),
        ("sept", "sep"),
        ("okt", "oct"),
        ("nov",),
        ("dec",),
    ),
    start=1,
)
MONTHS = {**FULL_MONTHS, **SHORT_MONTHS}
WEEKDAYS = _numbered(
    (
        ("maandag", "monday", "ma", "mon"),
        ("dinsdag", "tuesday", "di", "tue"),
        ("woensdag", "wednesday", "wo", "wed"),
        ("donderdag", "thursday", "do", "thu"),
        ("vrijdag", "friday", "vr", "fri"),
        ("zaterdag", "saturday", "za", "sat"),
        ("zondag", "sunday", "zo", "sun"),
    ),
    start=0,
)
"""Monday is 0, as in `datetime.date.weekday`."""
DUTCH_NUMBERS = {
    name: number
    for number, name in enumerate(
        (
            "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht",
            "negen", "tien", "elf", "twaalf", "dertien", "veertien",
            "vijftien", "zestien", "zeventien", "achttien", "negentien", "twintig",
        ),
        start=1,
    )
}  # fmt: skip
"""Whole numbers in letters, up to 20."""
ENGLISH_NUMBERS = {
    name: number
    for number, name in enumerate(
        (
            "one", "two", "three", "four", "five", "six", "seven", "eight",
            "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
            "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
        ),
        start=1,
    )
}  # fmt: skip
NUMBERS = {**DUTCH_NUMBERS, **ENGLISH_NUMBERS}
ORDINALS = _numbered(
    (
        ("eerste", "first", "1e", "1ste", "1st"),
        ("tweede", "second", "2e", "2de", "2nd"),
        ("derde", "third", "3e", "3de", "3rd"),
        ("vierde", "fourth", "4e", "4de", "4th"),
    ),
    start=1,
) | {"laatste": -1, "last": -1}
"""Which of the weekdays in a month: 1 to 4, or -1 for the last."""


def either(words: Iterable[str]) -> str:
    """Return a regular expression for any of these words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))
