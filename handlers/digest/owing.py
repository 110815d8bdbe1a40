"""What Slack is owed of a digest: the post with its thread, and a change when what it says is no longer so."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.article import Article
from bot.digest import Digest
from bot.worksessions import WorkSession
from storage import delivery, digest, introductions


def key_of(digest_id: str) -> str:
    """Return the key of a digest's post in the outbox."""
    return f"digest.post:{digest_id}"


def owe(db: Session, team: str, channel: str, made: Digest, now: datetime, not_before: datetime) -> None:
    """Owe a region its digest: the post, and each message of its thread."""
    key = key_of(made.id)
    delivery.plan(
        db,
        team=team,
        key=key,
        kind="digest.post",
        arguments={"id": made.id},
        channel=channel,
        now=now,
        not_before=not_before,
    )
    for number in range(len(made.thread)):
        delivery.plan(
            db,
            team=team,
            key=f"{key}:{number + 1}",
            kind="digest.details",
            arguments={"id": made.id, "part": number},
            channel=channel,
            thread_key=key,
            now=now,
            not_before=not_before,
        )


def take_out(db: Session, team: str, sentences: Sequence[str], article: Article, now: datetime) -> None:
    """Sentences of a published article were withdrawn: owe every digest that said them a change."""
    digest.forget(db, team, sentences)
    why = f"without:{article.id}:v{article.version}"
    say_again(db, team, [*sentences, *introductions.take_out(db, team, sentences, why, now)], why, now)


def say_again(db: Session, team: str, sentences: Sequence[str], why: str, now: datetime) -> None:
    """Owe every digest that said these sentences what there is to say of them now, once for each `why`."""
    _change(db, team, digest.saying(db, team, sentences), why, now)


def session_moved(db: Session, session: WorkSession, why: str, now: datetime) -> None:
    """Owe every digest that names this session's date a change: it moved, or was cancelled."""
    _change(db, session.team, digest.saying_session(db, session.team, session.id), why, now)


def _change(db: Session, team: str, parts: Sequence[tuple[str, int]], why: str, now: datetime) -> None:
    """The post follows whenever a message of its thread does: it counts what stands below it."""
    for digest_id, part in sorted({*parts, *((digest_id, 0) for digest_id, _ in parts)}):
        key = key_of(digest_id) if part == 0 else f"{key_of(digest_id)}:{part}"
        posted = delivery.parcel(db, team, key)
        if posted is not None:
            arguments = {**posted.arguments, "again": True}
            delivery.plan_change(db, team=team, of=key, why=why, arguments=arguments, now=now)
