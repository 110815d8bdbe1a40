"""How the practice Slack says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Slack would refuse this: `error` is its code, `more` goes into the answer, status mostly 200."""

    def __init__(self, error: str, *, status: int = 200, retry_after: int = 0, **more: Any) -> None:
        super().__init__(error)
        self.error, self.status, self.retry_after, self.more = error, status, retry_after, more
