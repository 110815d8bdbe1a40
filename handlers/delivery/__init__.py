"""The one way out: what the outbox owes is made from live rows, sent once, and looked up when nobody knows."""

from handlers.delivery.courier import Courier
from handlers.delivery.letters import Body, Render, fingerprint
from handlers.delivery.sending import reply_of

__all__ = ["Body", "Courier", "Render", "fingerprint", "reply_of"]
