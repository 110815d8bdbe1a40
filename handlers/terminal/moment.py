"""What time it is for a command of the terminal: the computer's, or in practice that of the practice Slack."""

import asyncio
from datetime import datetime

from handlers.clock import PracticeClock, SystemClock
from handlers.settings import Settings


def now(settings: Settings) -> datetime:
    """Return the moment, aware, in UTC. Raises aiohttp.ClientError when the practice Slack cannot be reached."""
    if not settings.clock_url:
        return SystemClock().now()
    clock = PracticeClock(settings.clock_url)
    asyncio.run(clock.set())
    return clock.now()
