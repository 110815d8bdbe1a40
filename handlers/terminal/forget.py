"""`oogst forget USER`: forget a person who asked for it outside Slack, or who has no account there any more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.programme import Programme
from handlers.clients import NoInstallation
from handlers.clock import SystemClock
from handlers.ids import new_id
from handlers.personal.forgetting import forget_person
from handlers.settings import Settings
from handlers.terminal.opening import open_database
from handlers.terminal.screen import BAD_SETTINGS, CROSS, DONE, Screen, make_screen, settings_or_stop
from handlers.words import catalogues
from handlers.world import World
from storage import programme
from storage.database import Database

KINDS = ("notes", "quotes", "promises", "answers", "questions", "files", "mentions")


def forget(env_file: Path, user: str, *, sure: bool = False) -> int:
    """Forget a person in every workspace that knows them; without `sure` only say who that is. Returns the exit code.

    What they said leaves the tables now, and Slack as soon as the bot runs again.
    """
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    database = open_database(settings, screen)
    if database is None:
        return BAD_SETTINGS
    try:
        every = database.read_now(programme.programmes)
        found = [each for each in every if database.read_now(partial(programme.is_known, team=each.team, user=user))]
        if not found:
            screen.complain(screen.words("forget.nobody", user=user))
            return CROSS
        for each in found:
            _forget(database, settings, each, user, screen, sure=sure)
    finally:
        database.close()
    return DONE


def _forget(database: Database, settings: Settings, each: Programme, user: str, screen: Screen, *, sure: bool) -> None:
    words = screen.words
    name = database.read_now(partial(programme.member, team=each.team, user=user)).name
    if not sure:
        screen.good(words("forget.would", name=name, user=user))
        return
    world = World(
        database=database,
        clock=SystemClock(),
        slack_of=_nobody,
        words=catalogues(settings.timezone),
        ids=new_id,
        settings_language=settings.language,
        settings_timezone=settings.timezone,
    )
    done = database.write_now(lambda db: forget_person(db, world, each, user))
    screen.good(words("forget.done", user=user))
    for kind in KINDS:
        if done.counts[kind]:
            screen.good(words.count(f"personal.gone.{kind}", done.counts[kind]))


def _nobody(team: str) -> AsyncWebClient:
    """Slack is not asked from here: what it is owed goes when the bot runs."""
    raise NoInstallation(team)
