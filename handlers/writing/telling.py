"""Telling the coordinators which notes hold words that look meant for a language model: nothing is left out for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.article import PublishedSentence
from bot.programme import Programme
from bot.writing import suspicious
from handlers.delivery import Body, Render
from handlers.views import writing as views
from handlers.words import Words
from handlers.writing.engine import Job
from storage import harvest, programme, writing
from storage.nudges import plan_nudge


def tell_coordinators(db: Session, settings: Programme, job: Job, now: datetime) -> None:
    """Owe every coordinator one message about a digest in which notes were pointed out."""
    if not writing.events(db, job.team, job.region, job.period, "flagged"):
        return
    for member in programme.coordinators(db, job.team):
        plan_nudge(
            db,
            team=job.team,
            key=f"writing.flagged:{job.region}:{job.period}:{member.user}",
            kind="writing.flagged",
            arguments={"region": job.region, "period": job.period},
            user=member.user,
            zone=settings.timezone,
            now=now,
        )


def flagged(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message itself; None where nothing of it is published any more."""
    region, period = str(arguments["region"]), str(arguments["period"])
    notes = [one.subject for one in writing.events(db, settings.team, region, period, "flagged")]
    found = pointed_out(db, settings.team, notes)
    return Body(*views.flagged(found, words)) if found else None


def pointed_out(db: Session, team: str, notes: list[str]) -> list[PublishedSentence]:
    """Return of each of these notes the published sentence that was pointed out, or its first; as it is now."""
    said: dict[str, list[PublishedSentence]] = {}
    for one in harvest.published_sentences(db, team, ids=writing.sentences_of(db, team, notes)):
        said.setdefault(one.impression, []).append(one)
    return [
        next((one for one in said[note] if suspicious(one.text)), said[note][0])
        for note in dict.fromkeys(notes)
        if note in said
    ]


MESSAGES: dict[str, Render] = {"writing.flagged": flagged}
