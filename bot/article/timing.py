"""How long an article may wait: what groups said is worth most while they still talk about it."""

from datetime import date, timedelta

PUBLISH_WITHIN = timedelta(days=5)
"""An article in the field came out five days after its session (001: held on 17 June, out on 22 June)."""


def days_left(held: date, today: date) -> int:
    """Return the days until an article is five days old; nothing or less once it is.

    >>> days_left(date(2021, 6, 17), date(2021, 6, 18)), days_left(date(2021, 6, 17), date(2021, 6, 24))
    (4, -2)
    """
    return (held + PUBLISH_WITHIN - today).days
