"""An answer that stands already gets its sentences in short, where a model can say them and every word holds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from bot.programme import Programme
from bot.writing import Mode
from handlers.world import World
from handlers.writing.asking import Questions
from handlers.writing.engine import FEWEST_SENTENCES, Job, Wanted, Writer
from handlers.writing.jobs import names, spent
from handlers.writing.preparing import endpoint_of
from storage import harvest, programme, themes, writing
from storage.writing import Event

PATIENCE = 45.0
"""Seconds after which an answer stays as it is."""
ANSWERS = ""
"""The region under which questions for answers are counted: they are of none."""


@dataclass(frozen=True)
class _Found:
    settings: Programme
    job: Job
    so_far: tuple[int, int]


async def write_answer(world: World, team: str, theme_id: str | None, sentence_ids: Sequence[str]) -> bool:
    """Let a model say in short what these published sentences on a theme tell; `storage.writing.section` then has it.

    The question that somebody asked is not sent. Returns whether it is there; nobody waits for it.
    """
    if endpoint_of(world) is Mode.NONE or theme_id is None or len(sentence_ids) < FEWEST_SENTENCES:
        return False
    found = await world.database.read(partial(_look, world, team, theme_id, sentence_ids))
    if found is None:
        return False
    job = found.job
    questions = Questions(
        world.database, world.now, world.ids, world.model, world.allowance, team, job.region, job.period, found.so_far
    )
    writer = Writer(questions, job)
    try:
        async with asyncio.timeout(PATIENCE):
            await writer.write()
    except TimeoutError:
        await questions.note([Event("fallback", "late")])
    return writer.kept > 0


def _look(world: World, team: str, theme_id: str, sentence_ids: Sequence[str], db: Session) -> _Found | None:
    settings, now = programme.programme(db, team), world.now()
    theme = next((one for one in themes.themes(db, team) if one.id == theme_id), None)
    sentences = tuple(harvest.published_sentences(db, team, ids=list(sentence_ids)))
    mode = endpoint_of(world)
    limits = writing.limits(db, team, mode)
    if settings is None or theme is None or limits.workspace is Mode.NONE or len(sentences) < FEWEST_SENTENCES:
        return None
    period = now.date().isoformat()
    job = Job(
        team=team,
        region=ANSWERS,
        period=period,
        language=settings.language,
        endpoint=mode,
        limits=limits,
        is_name=names(db, settings, {one.work_session for one in sentences}),
        wanted=(Wanted(theme, sentences),),
    )
    return _Found(settings, job, spent(db, settings, ANSWERS, period, now))
