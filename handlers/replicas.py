"""One of several processes that do Oogst's work together on one PostgreSQL: jobs go to whichever of them is free.

A job names a channel or person, and holds a lock of that name, so that one replica at a time serves it and the order is
kept. What is due, and what became of it, stands in our own tables: `tick` and `deliver` are the functions that a single
process runs as well, and every job may run twice. A replica that dies is noticed by its heartbeat; what it was sending
is then looked up like after any crash.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from handlers.delivery import Courier
from handlers.ticker import Ticker
from handlers.world import World
from storage import jobs
from storage.delivery import Parcel

log = structlog.get_logger()

EVERY_MINUTE = "* * * * *"
RESCUE = "* * * * * */15"
"""Four times a minute somebody looks for jobs of replicas that died; the sixth field is seconds."""
CLEANING = "17 3 * * *"
KEPT_JOBS = timedelta(days=7)
"""Jobs hold ids only; those that failed stay a week for who looks for the reason."""
HEARTBEAT = 10.0
STALLED = 30.0
"""Seconds without a heartbeat after which a replica counts as dead."""
MOST_AT_ONCE = 100
"""Channels and people that one replica serves at a time; most of them wait for their turn of one a second."""
LOOK_EVERY = 5.0
"""Seconds between two looks at the outbox, for what became due by the clock: a pause or a quarantine that is over."""
CONNECTIONS = 8


class Replica:
    """Takes jobs until it is stopped. `courier` and `ticker` must not be running by themselves.

    `follow` is done by every replica for itself, at each look: a tick is done by one of them only.
    """

    def __init__(self, world: World, courier: Courier, ticker: Ticker, follow: Callable[[], Awaitable[None]]) -> None:
        from procrastinate import App, PsycopgConnector

        self._world = world
        self._courier = courier
        self._ticker = ticker
        self._follow = follow
        connector = PsycopgConnector(
            conninfo=jobs.address(world.database.location), min_size=2, max_size=CONNECTIONS, timeout=10.0
        )
        self._app = App(connector=connector)
        self._running: list[asyncio.Task[None]] = []
        self._awake = asyncio.Event()
        self._name_tasks()

    def _name_tasks(self) -> None:
        """Say what jobs there are. Only a delivery has a lock: a replica that dies keeps it until it is rescued."""
        app = self._app

        @app.task(name=jobs.DELIVER, queue=jobs.QUEUE)
        async def deliver(team: str, place: str) -> None:
            await self._courier.deliver(team, place)

        @app.periodic(cron=EVERY_MINUTE, periodic_id="tick")
        @app.task(name="tick", queue=jobs.QUEUE, queueing_lock="tick")
        async def tick(timestamp: int) -> None:
            await self._ticker.tick()

        @app.periodic(cron=RESCUE, periodic_id="rescue")
        @app.task(name="rescue", queue=jobs.QUEUE, queueing_lock="rescue")
        async def rescue(timestamp: int) -> None:
            await self._rescue()

        @app.periodic(cron=CLEANING, periodic_id="clean")
        @app.task(name="clean", queue=jobs.QUEUE, queueing_lock="clean")
        async def clean(timestamp: int) -> None:
            hours = int(KEPT_JOBS.total_seconds() // 3600)
            await app.job_manager.delete_old_jobs(
                hours, include_failed=True, include_cancelled=True, include_aborted=True
            )

    async def start(self) -> None:
        """Begin taking jobs, and looking for what is due without one."""
        await self._app.open_async()
        loop = asyncio.get_running_loop()
        self._running = [loop.create_task(self._work()), loop.create_task(self._look())]

    async def _work(self) -> None:
        """Take jobs for as long as this process lives: a server that was away may end a worker, but not this."""
        while True:
            try:
                await self._app.run_worker_async(
                    queues=[jobs.QUEUE],
                    concurrency=MOST_AT_ONCE,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED,
                )
            except Exception as error:  # whatever ended it: jobs that it had are rescued, also from ourselves
                log.error("replica", error=type(error).__name__, exc_info=error)
            await self._world.clock.sleep(LOOK_EVERY)

    def wake(self) -> None:
        """Look at the outbox now."""
        self._awake.set()

    async def stop(self, seconds: float) -> None:
        """Take no more jobs, and finish those under way for at most this long; the others are taken up elsewhere."""
        await self._courier.stop(seconds)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        await self._app.close_async()

    async def _look(self) -> None:
        """Ask for a job for each place where something is due and nobody is at work, however it came to be due."""
        while True:
            self._awake.clear()
            try:
                for parcel in await self._courier.due():
                    await self._ask(parcel)
                self._is_alive()
                await self._follow()
            except Exception as error:  # one bad look at the database must not end all delivery
                log.error("replica", error=type(error).__name__, exc_info=error)
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await self._awake.wait()
            except TimeoutError:
                continue

    def _is_alive(self) -> None:
        """Say so to the health page: this process reaches the database; whose turn a tick is, nobody knows before."""
        monotonic = self._world.clock.monotonic()
        self._world.liveness.courier = monotonic
        self._world.liveness.ticked(self._world.now(), monotonic)

    async def _ask(self, parcel: Parcel) -> None:
        from procrastinate.exceptions import AlreadyEnqueued

        lane = jobs.lane_of(parcel.team, parcel.place)
        job = self._app.configure_task(jobs.DELIVER, queue=jobs.QUEUE, lock=lane, queueing_lock=lane)
        try:
            await job.defer_async(team=parcel.team, place=parcel.place)
        except AlreadyEnqueued:
            return  # somebody takes it up soon

    async def _rescue(self) -> None:
        """Take the jobs of replicas that died off their locks; what is due there is given out again at once.

        They are not tried again as they are: for most of them another job waits behind the lock already, and there may
        be only one. What a dead replica was sending counts as unknown once its lease ends.
        """
        from procrastinate.jobs import Status

        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            log.warning("job rescued", task=job.task_name, lock=job.lock)
            await manager.finish_job(job, Status.FAILED, delete_job=True)
        self.wake()
