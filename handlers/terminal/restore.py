"""`oogst restore FILE`: put back a copy, and erase again what was erased since it was made, before anybody reads it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from handlers import tombstones
from handlers.clock import SystemClock
from handlers.ids import new_id
from handlers.settings import Settings
from handlers.terminal.backup import DUMP
from handlers.terminal.exclusive import IN_USE
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, CROSS, DONE, Screen, make_screen, settings_or_stop
from handlers.words import catalogues
from handlers.world import World
from storage import backups, programme, schema
from storage import tombstones as store
from storage.database import Database, Unusable, name_of, on_server
from storage.lock import Held, alone


def restore(env_file: Path, file: Path | None, *, replay: bool) -> int:
    """Put back `file`; with `replay` and no file, only erase again in the database as it is. Returns the exit code."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    if on_server(settings.database) and not replay:
        name = name_of(settings.database)
        command = f"pg_restore --clean --if-exists --dbname={name} oogst.dump"
        screen.complain(screen.words("restore.server", command=command, dump=f"{DUMP} {name}"))
        return BAD_SETTINGS
    if file is None and not replay:
        screen.complain(screen.words("restore.no_file"))
        return BAD_DATA
    try:
        with alone(settings.database):
            aside = None
            if file is not None and not on_server(settings.database):
                aside = backups.put_back(settings.database, file, SystemClock().now())
            return _made_ready(settings, screen, file, aside)
    except Held as held:
        screen.complain(screen.words(held.key, **held.values))
        return IN_USE
    except Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        screen.complain(screen.words("restore.nothing_changed"))
        return BAD_DATA
    except OSError as error:
        screen.complain(screen.words("backup.cannot_write", file=settings.database, reason=screen.why(error)))
        return CROSS


def _made_ready(settings: Settings, screen: Screen, file: Path | None, aside: Path | None) -> int:
    """Bring the database to this version, erase again, and say what was done."""
    if file is not None:
        screen.good(screen.words("restore.done", file=file, database=name_of(settings.database)))
    if aside is not None:
        screen.off(screen.words("restore.aside", file=aside))
    if schema.upgrade(settings.database):
        screen.good(screen.words("restore.upgraded"))
    database = Database(settings.database)
    try:
        store.make_room(database.engine)
        world = _world(settings, database)
        teams = [one.team for one in database.read_now(programme.programmes)]
        found = asyncio.run(_erase_again(world))
        database.write_now(partial(tombstones.write_down, teams=teams, erased=found, now=world.now()))
    finally:
        database.close()
    screen.good(screen.words("restore.erased", number=found))
    screen.off(screen.words("restore.may_repeat"))
    screen.off(screen.words("restore.start"))
    return DONE


async def _erase_again(world: World) -> int:
    """On a file what the side file tells and it does not know; on a server all that its table tells."""
    if store.side_file(world.database.location) is not None:
        return await tombstones.catch_up(world)
    return await world.database.write(lambda db: tombstones.replay(db, world, store.all_since(db)))


def _world(settings: Settings, database: Database) -> World:
    """A world without Slack: what Slack is owed waits in the outbox until the bot starts."""
    return World(
        database=database,
        clock=SystemClock(),
        slack_of=lambda team: AsyncWebClient(),
        words=catalogues(settings.timezone),
        ids=new_id,
        settings_language=settings.language,
        settings_timezone=settings.timezone,
    )
