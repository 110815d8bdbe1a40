"""Everything is opened here, once, and closed on the way out: the bot as a process."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.writing import Allowance, Failure, Mode
from handlers import followup, log, promises, proposals, selection
from handlers import programme as people
from handlers.clients import Clients
from handlers.clock import PracticeClock, SystemClock
from handlers.delivery import Courier
from handlers.ids import chance, new_id, new_secret
from handlers.repainting import Repainter
from handlers.settings import SlackSettings
from handlers.slack import kinds, make_app, rhythms, router
from handlers.solving import solved_apart
from handlers.ticker import Ticker
from handlers.words import catalogues
from handlers.world import World
from prompts.asking import ModelFailed
from storage import programme, schema
from storage.database import Database, Unusable, check
from storage.lock import Held, alone

EX_CONFIG = 78
EX_LOCKED = 73
DRAIN_SECONDS = 8.0

logger = structlog.get_logger()


class LeadsOutside(Exception):
    """The host of the language model has an address outside the own network, and mode `local` promises otherwise."""


def serve(settings: SlackSettings) -> int:
    """Run until told to stop. Returns 0, 73 when the database is in use, 78 when something must be put right."""
    log.configure(settings.log_level)
    words = catalogues(settings.timezone)[settings.language]
    try:
        with alone(settings.database):
            check(settings.database)
            schema.upgrade(settings.database)
            return asyncio.run(_serve(settings))
    except Held as held:
        print(held, file=sys.stderr)  # noqa: T201 - for the administrator, who has no log open
        return EX_LOCKED
    except (Unusable, OSError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG
    except LeadsOutside:
        print(words("run.model_leads_outside"), file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG
    except SlackApiError as error:
        reason = str(error.response.get("error"))
        print(words("run.slack_refuses", reason=reason), file=sys.stderr)  # noqa: T201 - the same
        return EX_CONFIG


async def _serve(settings: SlackSettings) -> int:
    await _check_model(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with opened(settings) as connect:
        handler = await connect()
        _spare_the_collector()
        logger.info("connected")
        await stop.wait()
        await handler.close_async()  # type: ignore[no-untyped-call]  # slack-bolt gives no types here
    return 0


async def _check_model(settings: SlackSettings) -> None:
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


@asynccontextmanager
async def opened(settings: SlackSettings) -> AsyncIterator[Callable[[], Awaitable[AsyncSocketModeHandler]]]:
    """Open the world around one workspace; what is given connects it to Slack. All is closed at the end."""
    clients = Clients(settings.api_url)
    token = settings.bot_token.get_secret_value()
    clock = PracticeClock(settings.clock_url) if settings.clock_url else SystemClock()
    if isinstance(clock, PracticeClock):
        await clock.set()
    who = await clients.client(token).auth_test()
    team, bot_user = str(who["team_id"]), str(who["user_id"])
    client = clients.add(team, token)
    database = Database(settings.database)
    world = World(
        database=database,
        clock=clock,
        slack_of=clients.of,
        words=catalogues(settings.timezone),
        ids=new_id,
        settings_language=settings.language,
        settings_timezone=settings.timezone,
        solve=solved_apart,
        model=settings.model(clock, chance),
        model_mode=Mode(settings.llm_mode),
        allowance=Allowance(settings.llm_digest_tokens, settings.llm_month_tokens),
    )
    value = settings.programme(team, bot_user, new_secret())
    await database.write(lambda db: programme.save_programme(db, value, str(who.get("team") or "")))
    courier = Courier(world, kinds(settings.word_template))
    repainter = Repainter(world, kinds())
    world.wake_courier, world.repaint = courier.wake, repainter.mark
    ticker = Ticker(world, rhythms(), lambda: courier.idle)
    app = make_app(client, router(), world)
    handler = AsyncSocketModeHandler(app, settings.app_token.get_secret_value())
    following: list[asyncio.Task[None]] = []

    async def connect() -> AsyncSocketModeHandler:
        await courier.start()
        await handler.connect_async()  # type: ignore[no-untyped-call]  # the same
        world.tasks.start(people.sync(world, team))
        world.tasks.start(_get_to_know(world))
        for owner, session_id in await database.read(selection.repaint_all):
            repainter.mark(owner, "selection.card", session_id)
        for place in await database.read(lambda db: followup.repaint_all(db, clock.now())):
            repainter.mark(*place)
        for place in await database.read(promises.repaint_all):
            repainter.mark(*place)
        for owner, session_id in await database.read(lambda db: proposals.repaint_all(db, clock.now())):
            repainter.mark(owner, "proposals.call", session_id)
        if isinstance(clock, PracticeClock):
            following.append(asyncio.create_task(clock.keep_in_step(ticker.standing)))
        else:
            ticker.start()
            await ticker.tick()
        return handler

    try:
        yield connect
    finally:
        for task in following:
            task.cancel()
        ticker.stop()
        await world.tasks.drain(DRAIN_SECONDS)
        await courier.stop(DRAIN_SECONDS)
        await world.model.aclose()
        database.close()
        await clients.aclose()
