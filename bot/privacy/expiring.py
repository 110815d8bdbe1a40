"""How long what is kept: the days of everything that goes by itself."""

from datetime import datetime, timedelta

KEPT_KEYS = timedelta(days=7)
"""Slack repeats an event for at most a day; a week leaves room for a computer that was off."""
KEPT_SENT = timedelta(days=7)
"""What was sent: so long it keeps what Slack said of it, and the direct messages that nobody will change any more."""
KEPT_COPIES = timedelta(days=7)
"""The copy made before an update is for going back in the first days; words withdrawn later would stay in it."""
KEPT_EXPORTS = timedelta(hours=24)
KEPT_BACKUPS = timedelta(days=30)
"""Whoever was erased is gone everywhere after that."""
KEPT_FORMS = timedelta(days=30)
KEPT_QUESTIONS = timedelta(days=7)
KEPT_COUNTS = timedelta(days=730)
"""What a language model cost, and what it did wrong: numbers and ids."""
KEPT_JOBS = timedelta(days=7)
GRACE = timedelta(days=30)
"""So long everything of a workspace that took the app away is kept, in case that was a mistake."""


def is_over(since: datetime, kept: timedelta, now: datetime) -> bool:
    """Say whether something that came at `since` is past its time: at the very end of it, it still counts."""
    return now - since > kept
