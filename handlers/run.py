"""Everything is opened here, once, and closed on the way out: the bot as a process."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.writing import Allowance, Failure, Mode
from handlers import followup, log, promises, proposals, selection, tombstones
from handlers import programme as people
from handlers.clients import Clients
from handlers.clock import PracticeClock, SystemClock
from handlers.delivery import Courier
from handlers.health import watched
from handlers.ids import chance, new_id, new_secret
from handlers.installing.workspaces import Bot, Workspaces, nothing_due
from handlers.refusals import why
from handlers.repainting import Repainter
from handlers.replicas import Replica
from handlers.settings import ServerSettings, Settings, SlackSettings
from handlers.slack import kinds, make_app, rhythms, router
from handlers.solving import solved_apart
from handlers.ticker import Rhythm, Ticker
from handlers.watching import Line, LineLost, held
from handlers.words import Words, catalogues
from handlers.world import World
from prompts.asking import ModelFailed
from storage import leaving, programme, schema
from storage.database import Database, Unusable, check, on_server
from storage.lock import Held, alone

if TYPE_CHECKING:
    from handlers.installing.sealing import Seal

EX_CONFIG = 78
EX_TEMPFAIL = 75
EX_LOCKED = 73
DRAIN_SECONDS = 8.0

logger = structlog.get_logger()


class LeadsOutside(Exception):
    """The host of the language model has an address outside the own network, and mode `local` promises otherwise."""


Door = Callable[["Opened"], AbstractAsyncContextManager[None]]
"""Lets Slack in, for as long as the context lasts."""


def serve(settings: SlackSettings) -> int:
    """Run over a socket until told to stop; returns what `keep_running` does."""
    return keep_running(settings, partial(by_socket, settings=settings))


def keep_running(settings: Settings, door: Door) -> int:
    """Run until told to stop. Returns 0, 73 when the database is in use, 75 when Slack is out of reach,
    78 when something must be put right.
    """
    log.configure(settings.log_level)
    words = catalogues(settings.timezone)[settings.language]
    try:
        with alone(settings.database):
            check(settings.database)
            schema.upgrade(settings.database)
            return asyncio.run(_until_stopped(settings, door))
    except Held as held:
        print(words(held.key, **held.values), file=sys.stderr)  # noqa: T201 - for the administrator, who has no log open
        return EX_LOCKED
    except Unusable as problem:
        print(words(problem.key, **problem.values), file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG
    except OSError as problem:
        print(_cannot(problem, words), file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG
    except LineLost:
        print(words("run.line_lost"), file=sys.stderr)  # noqa: T201 - the same
        return EX_TEMPFAIL
    except LeadsOutside:
        print(words("run.model_leads_outside"), file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG
    except SlackApiError as error:
        reason = str(error.response.get("error"))
        print(words("run.slack_refuses", reason=reason), file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG


def _cannot(problem: OSError, words: Words) -> str:
    """Say which file cannot be used, or why else the bot cannot start: a port that is taken, for instance."""
    reason = why(problem, words)
    if problem.filename is None:
        return words("run.cannot_start", reason=reason)
    return words("run.cannot_use", file=problem.filename, reason=reason)


async def _until_stopped(settings: Settings, door: Door) -> int:
    await _check_model(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with opened(settings) as oogst, watched(oogst, settings), door(oogst):
        await oogst.start()
        _spare_the_collector()
        logger.info("connected")
        await stop.wait()
    return 0


@asynccontextmanager
async def by_socket(oogst: "Opened", settings: SlackSettings) -> AsyncIterator[None]:
    """Let Slack in over a socket that we open; no address of ours has to be known outside."""
    async with held(Line(oogst.world, oogst.app, settings.app_token.get_secret_value())):
        yield


async def _check_model(settings: Settings) -> None:
    """Refuse to start when the model's host is outside the own network; one that is away may return."""
    try:
        await settings.model(SystemClock(), chance).check()
    except ModelFailed as failed:
        if failed.reason is Failure.NOT_ALLOWED:
            raise LeadsOutside from None
        logger.warning("model not found", reason=failed.reason.value)


async def _get_to_know(world: World) -> None:
    """Learn how the language model wants to be asked before anybody waits for it; nobody's words are in that."""
    if world.model.is_on:
        try:
            await world.model.probe()
        except ModelFailed as failed:
            logger.warning("model does not answer", reason=failed.reason.value)


def _spare_the_collector() -> None:
    """Keep Python's search for garbage in circles away from what lives as long as the process.

    Measured in a burst of a thousand taps: half of all time went into it. What circles there are is found later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@dataclass(frozen=True)
class Opened:
    """The open bot. It hears nothing yet: a door brings payloads to `app`, `start` begins sending and ticking."""

    app: AsyncApp
    world: World
    workspaces: Workspaces
    start: Callable[[], Awaitable[None]]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Opened]:
    """Open the world, for whichever door Slack comes through. All is closed at the end."""
    clock = PracticeClock(settings.clock_url) if settings.clock_url else SystemClock()
    if isinstance(clock, PracticeClock):
        await clock.set()
    database = Database(settings.database)
    clients = Clients(settings.api_url)  # what may fail came before: this opens connections
    workspaces = Workspaces(clients, database, _seal(settings))
    world = World(
        database=database,
        clock=clock,
        slack_of=clients.of,
        leave=workspaces.leave,
        words=catalogues(settings.timezone),
        ids=new_id,
        settings_language=settings.language,
        settings_timezone=settings.timezone,
        solve=solved_apart,
        model=settings.model(clock, chance),
        model_mode=Mode(settings.llm_mode),
        allowance=Allowance(settings.llm_digest_tokens, settings.llm_month_tokens),
    )
    courier = Courier(world, kinds(settings.word_template))
    repainter = Repainter(world, kinds())
    workspaces.left = world.searcher.forget
    world.wake_courier, world.repaint = courier.wake, repainter.mark
    ticker = Ticker(world, [*rhythms(), Rhythm(workspaces.tick, nothing_due)], lambda: courier.idle)
    replica = None
    if on_server(settings.database):
        replica = Replica(world, courier, ticker, workspaces.refresh)
        world.wake_courier = replica.wake
    gone = world.words[settings.language]("installing.gone")
    app = make_app(clients.client(""), router(), world, workspaces.authorize, gone)
    following: list[asyncio.Task[None]] = []

    async def start() -> None:
        await (replica or courier).start()
        for team in workspaces.teams:
            world.tasks.start(people.sync(world, team))
        world.tasks.start(_get_to_know(world))
        await _repaint_all(world)
        if isinstance(clock, PracticeClock):
            following.append(asyncio.create_task(clock.keep_in_step(ticker.standing)))
        elif replica is None:
            ticker.start()
            await ticker.tick()

    try:
        await tombstones.catch_up(world)
        await _settle(settings, clients, world, workspaces)
        yield Opened(app, world, workspaces, start)
    finally:
        for task in following:
            task.cancel()
        ticker.stop()
        await world.tasks.drain(DRAIN_SECONDS)
        await (replica or courier).stop(DRAIN_SECONDS)
        await world.model.aclose()
        database.close()
        await clients.aclose()


def _seal(settings: Settings) -> "Seal | None":
    if not isinstance(settings, ServerSettings) or not settings.installs or settings.token_key is None:
        return None
    from handlers.installing.sealing import Seal

    return Seal([key.strip() for key in settings.token_key.get_secret_value().split(",")])


async def _settle(settings: Settings, clients: Clients, world: World, workspaces: Workspaces) -> None:
    """Find out where we are: the workspace of the token in the settings, and those that installed Oogst."""
    if isinstance(settings, SlackSettings | ServerSettings) and settings.bot_token is not None:
        token = settings.bot_token.get_secret_value()
        who = await clients.client(token).auth_test()
        team, bot = str(who["team_id"]), Bot(str(who["user_id"]), str(who.get("bot_id") or ""))
        value = replace(settings.programme(team, bot.user, new_secret()), bot_id=bot.id)
        await world.database.write(lambda db: programme.save_programme(db, value, str(who.get("team") or "")))
        await world.database.write(partial(leaving.come_back, team=team, now=world.now()))
        workspaces.settle(team, bot, token)
    await workspaces.refresh()


async def _repaint_all(world: World) -> None:
    """Paint what people may have clicked on just before we stopped."""
    now = world.now()
    for owner, session_id in await world.database.read(selection.repaint_all):
        world.repaint(owner, "selection.card", session_id)
    for place in await world.database.read(lambda db: followup.repaint_all(db, now)):
        world.repaint(*place)
    for place in await world.database.read(promises.repaint_all):
        world.repaint(*place)
    for owner, session_id in await world.database.read(lambda db: proposals.repaint_all(db, now)):
        world.repaint(owner, "proposals.call", session_id)
