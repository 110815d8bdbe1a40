"""What Slack is owed of an introduction: messages to its two people, and nothing to anybody else."""

from datetime import datetime

from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.introductions import Introduction
from bot.programme import Programme
from storage import delivery, digest, introductions, nudges


def owe_asked(db: Session, found: Introduction, now: datetime) -> None:
    """Owe who asked that it is on its way, with the way back."""
    delivery.plan(
        db,
        team=found.team,
        key=f"introductions.asked:{found.id}",
        kind="introductions.asked",
        arguments={"id": found.id},
        user=found.starter,
        now=now,
    )


def owe_ask(db: Session, found: Introduction, settings: Programme, now: datetime) -> None:
    """Owe the other side the question, within their week's two messages; what does not fit waits on their Home."""
    if found.answerer is not None:
        nudges.plan_nudge(
            db,
            team=found.team,
            key=introductions.ask_key(found),
            kind="introductions.ask",
            arguments={"id": found.id},
            user=found.answerer,
            zone=settings.timezone,
            now=now,
            not_after=found.deadline,
        )


def owe_digest(db: Session, found: Introduction, now: datetime) -> None:
    """Owe the digest that proposed it a change: somebody asked, so its button goes."""
    for digest_id, _ in digest.saying(db, found.team, [found.id]):
        key = f"digest.post:{digest_id}"
        arguments = {"id": digest_id, "again": True}
        delivery.plan_change(db, team=found.team, of=key, why=f"introduced:{found.id}", arguments=arguments, now=now)


def owe_met(db: Session, found: Introduction, now: datetime) -> None:
    """Owe each of the two the other's name, and their earlier messages an end."""
    for user in (found.starter, found.answerer):
        if user is not None:
            delivery.plan(
                db,
                team=found.team,
                key=introductions.met_key(found, user),
                kind="introductions.met",
                arguments={"id": found.id, "user": user},
                user=user,
                now=now,
            )


def owe_over(db: Session, found: Introduction, settings: Programme, now: datetime) -> None:
    """Owe who asked that it did not come about, and the other side that nothing is asked any more."""
    nudges.drop(db, found.team, "introductions.ask", found.id)
    introductions.say_again(db, found, "over", now)
    delivery.plan(
        db,
        team=found.team,
        key=f"introductions.over:{found.id}",
        kind="introductions.over",
        arguments={"id": found.id},
        user=found.starter,
        now=now,
        not_before=next_sending_time(now, settings.timezone, is_dutch_holiday),
    )
