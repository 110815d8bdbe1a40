"""Themes that every group takes along, whatever it chose: what a programme asks everybody to think of (003:25)."""

from collections.abc import Iterable

from bot.trail.records import Entry
from bot.trail.sheets import Kind
from bot.worksessions import WorkSession


def taken_along(entries: Iterable[Entry], session: WorkSession) -> list[str]:
    """Return the names of the themes for everybody that hold in a session, in order, each on one line.

    One that was added after the session was over was not taken along by anybody.
    """
    return [
        " ".join(entry.title.split())
        for entry in entries
        if entry.kind is Kind.CROSS_THEME
        and entry.region is None
        and entry.stands
        and entry.made_at is not None
        and entry.made_at < session.ends_at
    ]
