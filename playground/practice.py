"""The running practice Slack: the workspace with its clock, journal, faults and the line to the app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from . import scenario, state
from .changes import Changes
from .clock import PracticeClock
from .errors import Refused
from .faults import Faults
from .hub import Hub
from .journal import Journal
from .manifest import Manifest
from .rates import Rates
from .state import Json, Workspace
from .tickets import Tickets


@dataclass(frozen=True)
class Settings:
    """How strict time is, in real seconds; Slack's own values unless said.

    `retries`: when an unacked event is sent again, each counted from the failure before. `rates` multiplies how often
    methods may be called, 0 is no limit. `distributed`: the history limits of commercially distributed apps.
    `reset_exits`: starting afresh ends the process, so that whoever started it starts the app afresh as well.
    """

    ack_timeout: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    trigger_life: float = 3.0
    response_life: float = 1800.0
    response_uses: int = 5
    rates: float = 1.0
    distributed: bool = False
    reset_exits: bool = False


class Practice:
    """Everything the routes, the Web API methods and the people's verbs work on. Lives on one event loop.

    `real` gives rising real seconds (loop.time), `wall` epoch seconds for signatures; `prefix` keeps the ids of this
    run apart from those of other runs. With `keep` the workspace goes on from what was saved there.
    """

    def __init__(
        self,
        plot: scenario.Scenario,
        manifest: Manifest,
        *,
        settings: Settings,
        real: Callable[[], float],
        wall: Callable[[], float],
        prefix: str,
        keep: Path | None = None,
    ) -> None:
        self.plot, self.manifest, self.settings, self.keep = plot, manifest, settings, keep
        self.real, self._prefix = real, prefix
        self.base = ""  # http://host:port, set when the server knows it
        self.closing, self.again = asyncio.Event(), asyncio.Event()
        self.openings: set[asyncio.Task[None]] = set()
        self.changes, self.faults = Changes(), Faults()
        self.rates = Rates(settings.rates, settings.distributed)
        self.tickets = Tickets(real, settings.trigger_life, settings.response_life, settings.response_uses)
        saved = state.load(keep) if keep else None
        self.workspace: Workspace = saved or scenario.build(plot, prefix)
        starts = datetime.fromisoformat(saved.now) if saved and saved.now else plot.starts
        self.clock = PracticeClock(starts, real, lambda: self.hub.connected, self.workspace.moved)
        self.workspace.prefix = prefix
        self.journal = Journal(self.clock.now)
        self.hub = Hub(self, wall)

    def ts(self) -> str:
        """A fresh message ts at practice time."""
        return self.workspace.next_ts(self.clock.seconds())

    def trigger(self, user: str) -> str:
        """A fresh trigger id for this person."""
        return self.tickets.trigger(f"{self.workspace.next_id('')}.{self.workspace.team.id}", user)

    def response_url(self, user: str, channel: str, ts: str = "", ephemeral: bool = False, thread_ts: str = "") -> str:
        """A fresh response url; see `tickets.ResponseUrl` for what the arguments mean."""
        key = self.tickets.response_url(self.workspace.next_id("R"), user, channel, ts, ephemeral, thread_ts)
        return f"{self.base}/_respond/{key}"

    def channel(self, name: str) -> state.Channel:
        """The channel that the app names by id, name or user id. Raises Refused channel_not_found."""
        if name in self.workspace.people and name != self.workspace.app.bot_user:
            return self.workspace.dm(name)
        try:
            return self.workspace.channel(name)
        except state.Unknown:
            raise Refused("channel_not_found") from None

    def save(self) -> None:
        """Write the workspace to the --keep folder, if there is one."""
        if self.keep:
            self.workspace.now, self.workspace.moved = self.clock.now().isoformat(), self.clock.moved
            self.workspace.undelivered = self.hub.undelivered()
            state.save(self.workspace, self.keep)

    def reset(self) -> None:
        """Start the scenario afresh: people, channels, clock. The app stays connected and the opening is done again.

        With `reset_exits` the process ends instead: an app that remembers would not be afresh.
        """
        if self.settings.reset_exits:
            self.again.set()
            return
        serial = self.workspace.serial
        self.workspace = scenario.build(self.plot, self._prefix)
        self.workspace.serial = serial
        self.hub.forget()
        self.faults.clear()
        self.rates = Rates(self.settings.rates, self.settings.distributed)
        self.clock.restart(self.plot.starts)
        self.changes.tell("reset")

    async def settled(self, within: float) -> Json:
        """Wait until every delivery is acked and the bot said it is idle after the last of them.

        For at most `within` seconds of whoever waits: the clock of the practice may be moved meanwhile.
        """
        passed = asyncio.get_running_loop().time
        deadline = passed() + within
        while (left := deadline - passed()) > 0:
            if not await self.hub.quiet(left):
                break
            count = self.hub.count
            if self.clock.followed and not await self.clock.idle(max(0.0, deadline - passed())):
                continue
            if count == self.hub.count and self.hub.is_quiet:
                return {"ok": True, "settled": True, "reported": self.clock.followed}
        return {"ok": False, "settled": False, "unacked": self.hub.waiting()}
