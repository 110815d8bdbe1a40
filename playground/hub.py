"""The line to the app: Socket Mode envelopes or signed HTTP, the 3-second ack, and sending again what was not acked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import payloads
from .http_events import HttpApp, post
from .journal import Entry
from .state import Json
from .wire import Connection

if TYPE_CHECKING:
    from .practice import Practice

MOST_SOCKETS = 10
SHUFFLE_WINDOW = 0.3  # seconds in which events are gathered before they go out in reverse


@dataclass(frozen=True)
class Ack:
    """What became of a delivery: acked or not, after how many ms, with what; `error` is what Slack would show."""

    acked: bool
    ms: float = 0.0
    payload: Json = field(default_factory=dict)
    error: str = ""


@dataclass(eq=False)
class Delivery:
    """Something on its way to the app. `first` is known after the first attempt, whatever follows."""

    kind: str
    name: str
    payload: Json
    retried: bool
    first: asyncio.Future[Ack]
    attempt: int = 0
    reason: str = ""
    envelope: str = ""
    sent: float = 0.0
    entry: Entry | None = None
    timer: asyncio.TimerHandle | None = None


class Socket:
    """One Socket Mode connection; what is put in `outbox` is written to it in order."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.outbox: asyncio.Queue[str | None] = asyncio.Queue()
        self.silent = False


class Hub:
    """Delivers to the app, by any one of its sockets or by HTTP, and remembers what is not acked yet."""

    def __init__(self, practice: Practice, wall: Callable[[], float]) -> None:
        self._practice, self.wall = practice, wall
        self.sockets: deque[Socket] = deque()
        self._flying: dict[str, Delivery] = {}
        self._open: dict[Delivery, None] = {}
        self._held: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._went_quiet = asyncio.Event()
        self._went_quiet.set()
        self.http: HttpApp | None = None
        self._left: list[HttpApp] = []
        self.count = 0

    # -- what is delivered ---------------------------------------------------------------------------------------

    def event(self, name: str, body: Json) -> Delivery | None:
        """Send an event, if the manifest subscribes to it (its name there, such as message.channels)."""
        practice = self._practice
        if not practice.manifest.receives(name):
            return None
        workspace = practice.workspace
        now = practice.clock.seconds()
        payload = payloads.event(workspace, body, workspace.next_id("Ev"), now)
        fault = practice.faults.deliveries
        first = self._new("events_api", name, payload, retried=True)
        for each in [first, *(self._new("events_api", name, payload, retried=True) for _ in range(fault.duplicate))]:
            if fault.shuffle:
                self._hold(each)
            elif fault.late:
                each.timer = asyncio.get_running_loop().call_later(fault.late, self._send, each)
            else:
                self._send(each)
        return first

    async def ask(self, kind: str, name: str, payload: Json) -> Ack:
        """Send an interaction or a command, once, and wait for its ack."""
        delivery = self._new(kind, name, payload, retried=False)
        self._send(delivery)
        return await delivery.first

    def _new(self, kind: str, name: str, payload: Json, *, retried: bool) -> Delivery:
        delivery = Delivery(kind, name, payload, retried, asyncio.get_running_loop().create_future())
        self._open[delivery] = None
        self._went_quiet.clear()
        self.count += 1
        return delivery

    def _hold(self, delivery: Delivery) -> None:
        self._held.append(delivery)
        if len(self._held) == 1:
            asyncio.get_running_loop().call_later(SHUFFLE_WINDOW, self._release)

    def _release(self) -> None:
        held, self._held = self._held[::-1], []
        for delivery in held:
            self._send(delivery)

    # -- on the line ---------------------------------------------------------------------------------------------

    def _send(self, delivery: Delivery) -> None:
        practice = self._practice
        delivery.envelope = practice.workspace.next_id("env-")
        delivery.sent = asyncio.get_running_loop().time()
        delivery.entry = practice.journal.note("delivery", delivery.name, delivery.payload)
        delivery.entry.attempt = delivery.attempt + 1
        if self.http:
            self._spawn(self._post(self.http, delivery))
            return
        if not self.sockets:
            self._failed(delivery, "connection_failed")
            return
        self._flying[delivery.envelope] = delivery
        delivery.timer = asyncio.get_running_loop().call_later(
            practice.settings.ack_timeout, self._failed, delivery, "timeout"
        )
        frame: Json = {
            "envelope_id": delivery.envelope,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            frame |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        self.sockets.rotate(-1)
        socket = self.sockets[-1]
        if not socket.silent:
            socket.outbox.put_nowait(json.dumps(frame))

    async def hang_up(self) -> None:
        """Deliver over HTTP no more, and close what was opened for it."""
        for each in (self.http, *self._left):
            if each is not None:
                await each.client.close()
        self.http = None
        self._left.clear()

    async def _post(self, http: HttpApp, delivery: Delivery) -> None:
        answer = await post(http, delivery, self._practice.settings.ack_timeout, self.wall())
        if answer.acked:
            self._acked(delivery, answer.payload)
        else:
            self._failed(delivery, answer.error, final=answer.final)

    def heard(self, text: str) -> None:
        """A frame from the app: the ack of an envelope. Late, double and unknown ones mean nothing, as at Slack."""
        frame = json.loads(text)
        delivery = self._flying.pop(frame.get("envelope_id", ""), None)
        if delivery is not None:
            self._acked(delivery, frame.get("payload") or {})

    def _acked(self, delivery: Delivery, payload: Json) -> None:
        ms = (asyncio.get_running_loop().time() - delivery.sent) * 1000
        entry = self._practice.journal.note("ack", delivery.name)
        entry.response, entry.ms, entry.attempt = payload, ms, delivery.attempt + 1
        self._close(delivery, Ack(True, ms, payload))

    def _failed(self, delivery: Delivery, reason: str, final: bool = False) -> None:
        self._flying.pop(delivery.envelope, None)
        ms = (asyncio.get_running_loop().time() - delivery.sent) * 1000
        entry = self._practice.journal.note("late", delivery.name)
        entry.response, entry.ms, entry.attempt = {"ok": False, "error": reason}, ms, delivery.attempt + 1
        error = "operation_timeout" if reason in ("timeout", "http_timeout") else "dispatch_failed"
        ack = Ack(False, ms, error=error)
        retries = self._practice.settings.retries
        if final or not delivery.retried or delivery.attempt >= len(retries):
            self._close(delivery, ack)
            return
        if not delivery.first.done():
            delivery.first.set_result(ack)
        pause = retries[delivery.attempt]
        delivery.attempt, delivery.reason = delivery.attempt + 1, reason
        delivery.timer = asyncio.get_running_loop().call_later(pause, self._send, delivery)

    def _close(self, delivery: Delivery, ack: Ack) -> None:
        if delivery.timer:
            delivery.timer.cancel()
        self._open.pop(delivery, None)
        if not delivery.first.done():
            delivery.first.set_result(ack)
        if not self._open:
            self._went_quiet.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- sockets -------------------------------------------------------------------------------------------------

    def connect(self, socket: Socket) -> None:
        """Take a socket into use and greet it; the eleventh is sent away."""
        if len(self.sockets) >= MOST_SOCKETS:
            self._say_goodbye(socket, "too_many_websockets")
            return
        if self.http is not None:
            self._left.append(self.http)  # what is on its way there may arrive
            self.http = None
        self.sockets.append(socket)
        self._practice.journal.note("socket", "hello")
        hello = {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": {"app_id": self._practice.workspace.app.id},
            "debug_info": {"host": "practice", "approximate_connection_time": 3600},
        }
        socket.outbox.put_nowait(json.dumps(hello))

    def disconnect(self, socket: Socket) -> None:
        """The socket is gone; what was sent over it and not acked will time out."""
        if socket in self.sockets:
            self.sockets.remove(socket)
            self._practice.journal.note("socket", "closed")

    def disturb(self, how: str) -> None:
        """Do to every socket of now what a network or Slack may do: silent, close, or a disconnect with that reason."""
        for socket in list(self.sockets):
            if how == "silent":
                socket.silent = True
                socket.connection.silence()
            elif how == "close":
                socket.connection.cut()
            else:
                self._say_goodbye(socket, "refresh_requested" if how == "refresh" else how)
        self._practice.journal.note("socket", how)

    def _say_goodbye(self, socket: Socket, reason: str) -> None:
        socket.outbox.put_nowait(
            json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "practice"}})
        )
        if reason != "warning":
            socket.outbox.put_nowait(None)

    @property
    def connected(self) -> bool:
        """Whether the app is there."""
        return bool(self.sockets or self.http)

    # -- for who waits -------------------------------------------------------------------------------------------

    @property
    def is_quiet(self) -> bool:
        """Whether every delivery is acked or given up."""
        return not self._open

    async def quiet(self, within: float) -> bool:
        """Wait until every delivery is acked or given up; False after `within` seconds."""
        try:
            await asyncio.wait_for(self._went_quiet.wait(), within)
        except TimeoutError:
            return False
        return True

    def waiting(self) -> list[str]:
        """The names of deliveries that are not acked."""
        return [delivery.name for delivery in self._open]

    def undelivered(self) -> list[Json]:
        """The events that the app still has to get, to be saved."""
        return [
            {"name": each.name, "payload": each.payload, "attempt": each.attempt} for each in self._open if each.retried
        ]

    def resume(self, saved: list[Json]) -> None:
        """Send what an earlier run could not deliver."""
        for each in saved:
            delivery = self._new("events_api", each["name"], each["payload"], retried=True)
            delivery.attempt, delivery.reason = each["attempt"], "timeout"
            self._send(delivery)

    def forget(self) -> None:
        """Drop everything that is on its way (the workspace starts afresh)."""
        for delivery in list(self._open):
            self._flying.pop(delivery.envelope, None)
            self._close(delivery, Ack(False, error="reset"))
