"""The note to the coordinators that Oogst was away for too long to post digests: one note for all of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.calendar import Turn
from bot.programme import Programme
from handlers.delivery import Body, Render
from handlers.views.frame import section
from handlers.words import Words
from storage import delivery, programme

SKIPPED = "digest.skipped"


def owe_note(db: Session, team: str, skipped: Sequence[Turn], now: datetime) -> None:
    """Owe each coordinator one note about what was skipped; for other regions that wake up late, none again."""
    if not skipped:
        return
    newest = max(skipped, key=lambda turn: turn.at)
    for member in programme.coordinators(db, team):
        delivery.plan(
            db,
            team=team,
            key=f"{SKIPPED}:{newest.period}:{member.user}",
            kind=SKIPPED,
            arguments={"at": newest.at.isoformat()},
            user=member.user,
            now=now,
        )


def note(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body:
    """The note itself: up to which day nothing was posted, and that nothing is lost by it."""
    at = datetime.fromisoformat(str(arguments["at"]))
    text = words("digest.skipped", moment=words.moment(at))
    return Body(text, [section(text)])


MESSAGES: dict[str, Render] = {SKIPPED: note}
