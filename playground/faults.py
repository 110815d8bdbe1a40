"""What goes wrong on purpose: faults scripted per Web API method, for deliveries, and for the sockets."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .state import Json

CUTS = ("silent", "close", "refresh", "warning", "link_disabled")


@dataclass
class CallFault:
    """One fault for calls of `method` ("*" is any), `times` times (0 is always); delays in seconds of real time.

    `status` or `error` is answered instead of the effect, or after it with `after_store`; `cut_after_store` stores and
    then breaks the connection before a byte is answered; `cut` breaks it without storing. The method "files.download"
    is the fetching of a file: there `location` sends the asker elsewhere, and `cut` and `delay_after` come half-way.
    """

    method: str = "*"
    status: int = 0
    error: str = ""
    retry_after: int = 0
    delay_before: float = 0.0
    delay_after: float = 0.0
    after_store: bool = False
    cut_after_store: bool = False
    cut: bool = False
    location: str = ""
    times: int = 1


@dataclass
class DeliveryFault:
    """For events on their way to the app: send each `duplicate` times more, `late` seconds later, or `shuffle`d."""

    duplicate: int = 0
    shuffle: bool = False
    late: float = 0.0


class Faults:
    """The faults that are switched on."""

    def __init__(self) -> None:
        self._calls: list[CallFault] = []
        self.deliveries = DeliveryFault()

    def add(self, request: Json) -> str:
        """Switch a fault on as a body of POST /_mens/faults asks.

        Returns what is to be done to the sockets now ("" for nothing). Raises ValueError on a word it does not know.
        """
        if "deliveries" in request:
            self.deliveries = DeliveryFault(**_known(request["deliveries"], DeliveryFault))
        if "method" in request:
            one = {key: value for key, value in request.items() if key not in ("deliveries", "socket")}
            self._calls.append(CallFault(**_known(one, CallFault)))
        if not request.keys() & {"deliveries", "method", "socket"}:
            raise ValueError("name a method, deliveries or socket")
        socket = str(request.get("socket", ""))
        if socket and socket not in CUTS:
            raise ValueError(f"socket is one of {', '.join(CUTS)}")
        return socket

    def clear(self) -> None:
        """Switch every fault off."""
        self._calls.clear()
        self.deliveries = DeliveryFault()

    def strike(self, method: str) -> CallFault | None:
        """The fault that this call meets, counted off; None for a call that goes well."""
        for fault in self._calls:
            if fault.method in ("*", method):
                if fault.times == 1:
                    self._calls.remove(fault)
                elif fault.times > 1:
                    fault.times -= 1
                return fault
        return None


def _known(request: Json, kind: type[CallFault] | type[DeliveryFault]) -> Json:
    if strange := sorted(request.keys() - {each.name for each in fields(kind)}):
        raise ValueError(f"a fault knows no {', '.join(strange)}")
    return request
