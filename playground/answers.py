"""How the outcome of a verb is told to who asked for it."""

from __future__ import annotations

from .hub import Ack, Delivery
from .state import Json


def acked(ack: Ack | None, **more: object) -> Json:
    """The answer of a verb, from the ack of what it caused (None: the app hears nothing of it)."""
    if ack is None:
        return {"ok": True, "acked": None, **more}
    answer: Json = {"ok": ack.acked, "acked": ack.acked, "ack_ms": round(ack.ms, 2), **more}
    return answer if ack.acked else answer | {"error": ack.error}


async def told(sent: Delivery | None, **more: object) -> Json:
    """The answer of a verb, after the first attempt to deliver what it caused."""
    return acked(await sent.first if sent else None, **more)
