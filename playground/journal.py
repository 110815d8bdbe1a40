"""The journal: every Web API call, delivery, ack and deed of a person, in order and in plain words."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice

from .state import Json

# kind -> what happened, in the page's two languages; filled in with the entry's own values.
WORDS = {
    "call": ("Oogst called {method}: {outcome}", "Oogst riep {method} aan: {outcome}"),
    "delivery": (
        "Slack sent {method} to the app (attempt {attempt})",
        "Slack stuurde {method} naar de app (poging {attempt})",
    ),
    "ack": ("the app confirmed {method} in {ms:.0f} ms", "de app bevestigde {method} in {ms:.0f} ms"),
    "late": ("the app did not confirm {method}: {outcome}", "de app bevestigde {method} niet: {outcome}"),
    "deed": ("{who} did: {method}: {outcome}", "{who} deed: {method}: {outcome}"),
    "socket": ("socket: {method}", "verbinding: {method}"),
    "respond": ("Oogst answered by its response_url: {outcome}", "Oogst antwoordde via zijn response_url: {outcome}"),
}
KEPT = 5000


@dataclass
class Entry:
    """One thing that happened; `at` is practice time, `ms` how long it took in real time."""

    number: int
    at: datetime
    kind: str
    method: str
    request: Json = field(default_factory=dict)
    response: Json = field(default_factory=dict)
    status: int = 0
    ms: float = 0.0
    attempt: int = 0
    who: str = ""

    def as_json(self) -> Json:
        """The entry with a sentence about it in English and Dutch."""
        outcome = self.response.get("error") or ("ok" if self.response.get("ok", True) else "?")
        english, dutch = (
            words.format(method=self.method, outcome=outcome, attempt=self.attempt, ms=self.ms, who=self.who)
            for words in WORDS[self.kind]
        )
        return asdict(self) | {"at": self.at.isoformat(), "summary": {"en": english, "nl": dutch}}


class Journal:
    """The last few thousand entries; older ones fall off."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self.last = 0

    def note(self, kind: str, method: str, request: Json | None = None) -> Entry:
        """Add an entry; whoever noted it fills in the rest when it is known."""
        self.last += 1
        entry = Entry(self.last, self._now(), kind, method, request or {})
        self._entries.append(entry)
        return entry

    def since(self, number: int) -> list[Entry]:
        """The entries after this number, oldest first."""
        first = self._entries[0].number if self._entries else 0
        return list(islice(self._entries, max(0, number + 1 - first), None))
