"""A note was changed or withdrawn: its promises are found back in it, asked about, or lose their words."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from bot.impressions import Impression
from bot.programme import Programme
from bot.promises import Capacity, Promise, follow_note
from bot.worksessions import WorkSession
from handlers.promises.recording import owe_person, record
from handlers.world import World
from storage import programme, promises


def follow(db: Session, world: World, settings: Programme, session: WorkSession, impression: Impression) -> None:
    """Let the promises of an impression follow it, once the impression was saved and in the same transaction."""
    if impression.withdrawn_at is not None:
        promises.forget_next_step(db, impression)
    for promise in promises.of_impression(db, impression.team, impression.id):
        after = follow_note(promise, impression, world.now())
        gone = impression.withdrawn_at is not None
        record(
            db, world, settings, promise, after, impression.author, Capacity.NOTE,
            lost_words=gone or after.place != promise.place,
        )  # fmt: skip
        if after.lost and not promise.lost and after.stands:
            _ask_what_holds(db, world, settings, session, after)


def mask_words(
    db: Session, world: World, settings: Programme, session: WorkSession, masked: Callable[[str], str]
) -> None:
    """Leave a name out of what owners wrote themselves about their promises; every message that says it follows."""
    for promise in promises.of_session(db, session.team, session.id):
        words = masked(promise.own_words)
        if words != promise.own_words:
            after = replace(promise, own_words=words, version=promise.version + 1)
            record(db, world, settings, promise, after, promise.asked_by, Capacity.NOTE, lost_words=True)


def _ask_what_holds(db: Session, world: World, settings: Programme, session: WorkSession, promise: Promise) -> None:
    """The words somebody said yes to are no longer there: ask them, and tell the coordinators."""
    coordinators = [] if session.is_practice else [m.user for m in programme.coordinators(db, session.team)]
    for user in dict.fromkeys([promise.owner, *coordinators]):
        owe_person(
            db, world, settings, session, key=f"promises.lost:{promise.id}:{user}:{promise.version}",
            kind="promises.lost", arguments={"id": promise.id, "user": user}, user=user,
        )  # fmt: skip
