"""`oogst digest --dry-run`: what a language model would get to read for the next oogstbericht, to the letter.

It opens no connection, changes nothing, and may run beside the bot. Placeholders and the lines around people's words
are drawn anew at every question, so those differ from what will be sent; all else is the same.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from handlers.settings import Settings
from handlers.terminal.screen import BAD_SETTINGS, DONE, make_screen, settings_or_stop

if TYPE_CHECKING:
    from bot.programme import Programme, Region
    from handlers.terminal.screen import Screen
    from handlers.writing.asking import Asked, Rehearsal
    from handlers.writing.engine import Job

BAD_INPUT = 2


def digest(env_file: Path, region: str | None = None, *, dry_run: bool = False) -> int:
    """Show what would be sent for the next digest of every region, or of one; returns the exit code."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    if not dry_run:
        screen.complain(screen.words("terminal.digest_dry_run_only"))
        return BAD_INPUT
    if settings.llm_mode == "none":
        screen.off(screen.words("terminal.digest_mode_none"))
        return DONE
    return _shown(settings, region, screen)


def _shown(settings: Settings, region: str | None, screen: Screen) -> int:
    from handlers.terminal.opening import open_database
    from storage.database import on_server

    if not on_server(settings.database) and not settings.database_path.exists():
        screen.off(screen.words("terminal.digest_nothing"))
        return DONE
    opened = open_database(settings, screen)
    if opened is None:
        return BAD_SETTINGS
    try:
        found = opened.read_now(partial(_regions, named=region))
        if not found:
            screen.complain(screen.words("terminal.digest_no_region", region=region or ""))
            return BAD_INPUT
        for programme, place in found:
            _region(opened, settings, programme, place, screen)
    finally:
        opened.close()
    return DONE


def _regions(db: Session, named: str | None) -> list[tuple[Programme, Region]]:
    from storage import programme

    return [
        (settings, region)
        for settings in programme.programmes(db)
        for region in programme.regions(db, settings.team)
        if region.channel and (named is None or region.name.casefold() == named.strip().casefold())
    ]


def _region(opened: object, settings: Settings, programme: Programme, region: Region, screen: Screen) -> None:
    """One region: its questions in full, what is held back and why, and how much it all is."""
    from bot.writing import Allowance, Mode
    from handlers.clock import SystemClock
    from handlers.ids import chance, new_id
    from handlers.terminal import moment
    from handlers.words import catalogues
    from handlers.writing.asking import Rehearsal
    from handlers.writing.engine import Writer
    from handlers.writing.jobs import job_for, spent
    from storage.database import Database

    assert isinstance(opened, Database)
    now, words = moment.now(settings), catalogues(programme.timezone)[programme.language]
    look = partial(job_for, settings=programme, region=region, words=words, mode=Mode(settings.llm_mode), now=now)
    job = opened.read_now(look)
    screen.show(f"# {region.name}")
    if job is None or not job.wanted:
        screen.off(screen.words("terminal.digest_region_nothing"))
        return
    so_far = opened.read_now(partial(spent, settings=programme, region=region.id, period=job.period, now=now))
    allowance = Allowance(settings.llm_digest_tokens, settings.llm_month_tokens)
    model = settings.model(SystemClock(), chance)
    asking = Rehearsal(opened, lambda: now, new_id, model, allowance, job.team, job.region, job.period, so_far)
    asyncio.run(Writer(asking, job).write())
    told: set[str] = set()
    for number, one in enumerate(asking.asked, start=1):
        _question(number, one, told, screen)
    _totals(settings, job, asking, screen)


def _question(number: int, one: Asked, told: set[str], screen: Screen) -> None:
    words = screen.words
    screen.show()
    screen.show(
        words(
            "terminal.digest_question", number=number, step=one.step, characters=words.number(one.characters),
            tokens=words.number(one.tokens),
        )
    )  # fmt: skip
    if one.instructions not in told:
        screen.show(one.instructions)
        told.add(one.instructions)
    screen.show(one.request)


def _totals(settings: Settings, job: Job, asking: Rehearsal, screen: Screen) -> None:
    words = screen.words
    screen.show()
    held = [one for one in asking.noted if one.kind == "withheld"]
    for reason in sorted({one.reason for one in held}):
        count = len({one.subject for one in held if one.reason == reason})
        screen.off(words.count("terminal.digest_withheld", count, why=words(f"writing.why_{reason}")))
    if any(one.kind == "fallback" and one.reason == "budget" for one in asking.noted):
        screen.warn(words("terminal.digest_budget"))
    for _ in {one.subject for one in asking.noted if one.kind == "flagged"}:
        screen.warn(words("writing.flagged_title"))
    screen.good(
        words.count(
            "terminal.digest_total", len(asking.asked), place=settings.llm_url or "", model=settings.llm_model or "",
            characters=words.number(sum(one.characters for one in asking.asked)),
            tokens=words.number(sum(one.tokens for one in asking.asked)),
        )
    )  # fmt: skip
    if job.wanted:
        screen.off(words("terminal.digest_more_calls"))
