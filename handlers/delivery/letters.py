"""What a parcel says and where it goes, made from live rows at the moment of sending."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.delivery import LOST, NO_PARENT, Operation, Reply, RowState, Whereabouts, whereabouts
from bot.programme import Programme
from handlers.words import Words
from handlers.world import World
from storage import delivery, programme
from storage.delivery import Parcel

log = structlog.get_logger()

NOTHING = "nothing to say"


@dataclass(frozen=True)
class Body:
    """What a parcel says, made from live rows at the moment of sending. A `file` goes up instead of blocks.

    `alt` says in words what a picture shows.
    """

    text: str
    blocks: Sequence[Block] = ()
    file: bytes | None = None
    file_name: str = ""
    alt: str = ""


Render = Callable[[Session, Programme, Mapping[str, Any], Words], Body | None]
"""Makes the body of one kind of parcel; None when there is nothing left to say."""


@dataclass(frozen=True)
class Letter:
    """A parcel made ready: its body, where it goes, and the mark by which it is found again."""

    body: Body
    channel: str
    thread_ts: str | None
    target_ts: str | None
    fingerprint: str


def fingerprint(settings: Programme, key: str) -> str:
    """Return the opaque mark that a post carries in its metadata; it says nothing to who does not hold the secret."""
    return hmac.new(settings.secret.encode(), key.encode(), hashlib.sha256).hexdigest()[:32]


class Maker:
    """Makes parcels ready, from live rows."""

    def __init__(self, world: World, kinds: Mapping[str, Render]) -> None:
        """Keep how each kind of message is made."""
        self._world = world
        self._kinds = kinds

    async def make(self, parcel: Parcel, *, looking: bool = False) -> Letter | str | Reply:
        """Return what to send and where, or in a word why not; a Reply where the making itself failed.

        `looking` for what may have arrived needs no more than its place: it may be there with words that are gone.
        """
        work = partial(make, self._world, self._kinds, parcel, looking=looking)
        try:
            return await self._world.database.read(work)
        except Exception as error:  # one message that cannot be made must not hold up its channel
            log.error("parcel not made", key=parcel.key, kind=parcel.kind, error=type(error).__name__, exc_info=error)
            return Reply(error=type(error).__name__)


def make(
    world: World, kinds: Mapping[str, Render], parcel: Parcel, db: Session, *, looking: bool = False
) -> Letter | str:
    """Return what to send and where, or in a word why not.

    `looking` for what may have arrived needs no more than its place: it may be there with words that are gone.
    """
    settings = programme.programme(db, parcel.team)
    render = kinds.get(parcel.kind)
    if settings is None or render is None:
        return "unknown kind"
    thread = target = None
    channel = parcel.channel or ""
    if parcel.thread_key:
        thread = delivery.sent(db, parcel.team, parcel.thread_key)
        if thread is None:
            above = delivery.parcel(db, parcel.team, parcel.thread_key)
            return NOTHING if above is not None and above.state is RowState.DROPPED else NO_PARENT
        channel = thread[0]
    if parcel.target_key:
        target = delivery.sent(db, parcel.team, parcel.target_key)
        if target is None:
            return _unplaced(delivery.parcel(db, parcel.team, parcel.target_key))
        channel = target[0]
    words = world.channel_words(settings)
    if parcel.user:
        member = programme.member(db, parcel.team, parcel.user)
        words = world.words_for(member, settings)
        channel = channel or member.direct_channel or ""
    no_words = parcel.operation is Operation.REMOVE or (looking and parcel.operation is not Operation.FILE)
    body = Body("") if no_words else render(db, settings, parcel.arguments, words)
    if body is None:
        return NOTHING
    return Letter(
        body,
        channel,
        # below our own message, or below one that somebody wrote to us
        thread[1] if thread else str(parcel.arguments.get("thread_ts") or "") or None,
        target[1] if target else None,
        fingerprint(settings, parcel.key),
    )


def _unplaced(target: Parcel | None) -> str:
    """Say in a word why a message cannot be changed of which we know no place."""
    known = Whereabouts.NOWHERE if target is None else whereabouts(target.state, target.error)
    return {Whereabouts.NOWHERE: NOTHING, Whereabouts.OPEN: NO_PARENT, Whereabouts.LOST: LOST}[known]
