"""Messages that follow what is kept, and those that are too long for one: what does not fit goes on in the thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.delivery import Operation
from handlers.delivery import Body
from handlers.views.pages import no_longer_needed
from handlers.words import Words
from handlers.world import World
from storage import delivery


def owe_change(db: Session, world: World, team: str, key: str) -> None:
    """Owe what the message of this key says now, unless a change that will show it waits already."""
    if not delivery.is_changing(db, team, key):
        delivery.plan_change(db, team=team, of=key, why=world.ids("ch"), now=world.now())


def owe_pages(
    db: Session,
    *,
    team: str,
    key: str,
    kind: str,
    arguments: Mapping[str, object],
    pages: int,
    version: int | str,
    now: datetime,
    channel: str | None = None,
    user: str | None = None,
    thread_key: str | None = None,
) -> None:
    """Owe a message of so many pages, or the change of one that was owed before, in the caller's transaction.

    The render of `kind` gets `arguments` with the number of its page (from 0). A page that is no longer needed is
    changed too: it must not go on saying what was withdrawn. `version`, a number or an id, is another with every
    change. Further pages go in the thread of the first, or in that of `thread_key`.
    """
    change = version if isinstance(version, str) else f"v{version}"
    page = 0
    while True:
        page_key = key if page == 0 else f"{key}:p{page}"
        known = delivery.parcel(db, team, page_key) is not None
        if page >= pages and not known:
            return
        delivery.plan(
            db,
            team=team,
            key=f"{page_key}:{change}" if known else page_key,
            kind=kind,
            arguments={**arguments, "page": page},
            channel=channel,
            user=user,
            thread_key=None if known else (thread_key or (key if page else None)),
            target_key=page_key if known else None,
            operation=Operation.UPDATE if known else Operation.POST,
            now=now,
        )
        page += 1


def page_of(text: str, pages: Sequence[Sequence[Block]], page: int, words: Words) -> Body:
    """Return one page of a message, or what takes its place when the message needs fewer pages by now."""
    if page >= len(pages):
        return Body(*no_longer_needed(words))
    return Body(text if page == 0 else f"{text} ({page + 1}/{len(pages)})", pages[page])
