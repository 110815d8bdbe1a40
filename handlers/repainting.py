"""Counters that move while people click, painted at most once every two seconds however many there are.

Several sessions may be choosing at once: all messages of a workspace together are painted at most once a second.
"""

from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.delivery import Outcome, Reply, classify, is_hopeless, wait_before_retry
from handlers.clients import NoInstallation
from handlers.delivery import Render, reply_of
from handlers.world import World
from storage import delivery, programme
from storage.crashpoints import crashpoint

log = structlog.get_logger()


class Repainter:
    """Keeps a message up to date while people click: at most one `chat.update` every two seconds per message.

    What Slack was too busy for is painted later. A restart paints everything anew, and the final state goes through
    the outbox.
    """

    EVERY = 2.0
    """Seconds between two updates of one message."""
    TEAM_EVERY = 1.2
    """Seconds between two updates in one workspace."""

    def __init__(self, world: World, kinds: Mapping[str, Render]) -> None:
        self._world = world
        self._kinds = kinds
        self._pending: set[tuple[str, str, str]] = set()
        self._last: dict[tuple[str, str, str], float] = {}
        self._team_last: dict[str, float] = {}
        self._failed: dict[tuple[str, str, str], int] = {}
        self._waiting: set[tuple[str, str, str]] = set()

    def mark(self, team: str, kind: str, subject: str) -> None:
        """Say that the message of this kind about this subject has changed."""
        place = (team, kind, subject)
        if place not in self._pending:
            self._pending.add(place)
            self._world.tasks.start(self._paint(place))

    async def _paint(self, place: tuple[str, str, str]) -> None:
        team, kind, subject = place
        clock = self._world.clock
        turn = max(
            clock.monotonic(),
            self._last.get(place, -self.EVERY) + self.EVERY,
            self._team_last.get(team, -self.TEAM_EVERY) + self.TEAM_EVERY,
        )
        self._last[place] = self._team_last[team] = turn  # taken now, so that the next message waits behind this one
        if turn > clock.monotonic():
            await clock.sleep(turn - clock.monotonic())
        await self._world.turns.wait(team, "chat.update")
        self._pending.discard(place)

        def make(db: Session) -> tuple[str, list[dict[str, Any]], str, str] | None:
            settings = programme.programme(db, team)
            at = delivery.sent(db, team, f"{kind}:{subject}")
            if settings is None or at is None:
                return None
            body = self._kinds[kind](db, settings, {"id": subject}, self._world.channel_words(settings))
            return (body.text, [block.to_dict() for block in body.blocks], *at) if body else None

        made = await self._world.database.read(make)
        if made is None:
            return
        text, blocks, channel, ts = made
        crashpoint("paint.before")
        try:
            await self._world.slack_of(team).chat_update(channel=channel, ts=ts, text=text[:4000], blocks=blocks)
        except NoInstallation:
            return  # painted anew when it is installed again
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("not repainted", kind=kind, subject=subject, error=type(error).__name__)
            reply = reply_of(error) if isinstance(error, SlackApiError) else Reply(error=type(error).__name__)
            await self._later(place, reply)
            return
        self._failed.pop(place, None)
        # What the outbox sent meanwhile (the groups, at closing time) may have been overtaken by this update.
        if await self._world.database.read(make) != made:
            self.mark(team, kind, subject)

    async def _later(self, place: tuple[str, str, str], reply: Reply) -> None:
        """Paint again what was surely or perhaps not painted: nobody may tap any more, and then it would stay so."""
        attempt = self._failed[place] = self._failed.get(place, 0) + 1
        if place in self._waiting or classify(reply) is Outcome.REFUSED or is_hopeless(reply, attempt):
            return
        self._waiting.add(place)
        await self._world.clock.sleep(wait_before_retry(reply, attempt))
        self._waiting.discard(place)
        self.mark(*place)
