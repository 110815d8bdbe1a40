"""What goes along to Slack when somebody begins to install, and comes back: sealed, so that nothing has to be kept.

Whoever only begins, however often, fills no table and keeps nobody else from installing. A state that installed
something is remembered until it would be too late anyway, so that it counts once.
"""

import json
from datetime import datetime
from hashlib import sha256

from handlers.installing.sealing import Seal, Unsealable

PURPOSE = "/slack/install"
"""In the place of a workspace under the seal: a state opens no token, and a token is no state."""


def hash_of(secret: str) -> str:
    """Return what may be kept of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def make_state(seal: Seal, team: str, browser: str, until: datetime) -> str:
    """Return the state for this browser (its secret) and workspace ("" is any), good until a moment."""
    return seal.close(PURPOSE, json.dumps([team, hash_of(browser), until.timestamp()]))


def team_of(seal: Seal, state: str, browser: str, now: datetime) -> str | None:
    """Return the workspace ("" is any) for which this browser began; None where it did not, or too long ago."""
    try:
        team, owner, until = json.loads(seal.open(PURPOSE, state))
    except Unsealable:
        return None
    return str(team) if owner == hash_of(browser) and now.timestamp() < float(until) else None
