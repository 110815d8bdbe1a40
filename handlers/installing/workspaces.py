"""Which workspaces Oogst works in at this moment, and as whom: the one of the settings, and those that installed it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from slack_bolt.authorization import AuthorizeResult
from sqlmodel import Session

from handlers.clients import Clients
from storage import installations, leaving, programme
from storage.database import Database
from storage.installations import Installation

if TYPE_CHECKING:
    from handlers.installing.sealing import Seal
    from handlers.world import World

log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """Who we are in a workspace: our user there, and the id under which our messages are recognised."""

    user: str
    id: str = ""


class Workspaces:
    """Keeps the clients in step with what is installed: also what another replica installed, or saw taken back."""

    def __init__(self, clients: Clients, database: Database, seal: "Seal | None" = None) -> None:
        """Without a seal nobody can install: then there is the workspace of the settings alone."""
        self.clients = clients
        self._database = database
        self._seal = seal
        self._bots: dict[str, Bot] = {}
        self._settled: str | None = None
        self._own: tuple[Bot, str] | None = None
        self.left: Callable[[str], None] = lambda team: None
        """What this process still has to let go of when a workspace left."""

    @property
    def teams(self) -> frozenset[str]:
        """The workspaces for which Slack can be called now."""
        return self.clients.teams

    def settle(self, team: str, bot: Bot, token: str) -> None:
        """Work in the workspace whose token stands in the settings, until it is taken back."""
        self._settled, self._own = team, (bot, token)
        self._bots[team] = bot
        self.clients.add(team, token)

    def leave(self, team: str) -> None:
        """Call Slack no more for this workspace."""
        self.clients.drop(team)
        self._bots.pop(team, None)
        self.left(team)

    async def refresh(self) -> None:
        """Take over what is installed now: new workspaces, new tokens, and workspaces that are gone.

        That of the settings may be gone as well, and be back since another replica started.
        """
        if self._settled is not None and self._own is not None:
            away = await self._database.read(partial(leaving.is_away, team=self._settled))
            if away and self._settled in self.teams:
                self.leave(self._settled)
            elif not away and self._settled not in self.teams:
                self.settle(self._settled, *self._own)
        if self._seal is None:
            return
        installed = await self._database.read(_installed)
        for team in self.teams - {one.team for one, _ in installed}:
            if team != self._settled:
                self.leave(team)
        for one, bot in installed:
            if one.team != self._settled:
                await self._take(self._seal, one, bot)

    async def _take(self, seal: "Seal", one: Installation, bot: Bot) -> None:
        from handlers.installing.sealing import Unsealable

        try:
            token = seal.open(one.team, one.sealed_token)
        except Unsealable:
            if one.team in self.teams or one.team not in self._bots:
                log.error("token cannot be opened", team=one.team)
            self.clients.drop(one.team)
            self._bots[one.team] = bot
            return
        self._bots[one.team] = bot
        self.clients.add(one.team, token)
        if not seal.is_newest(one.sealed_token):
            after = seal.close(one.team, token)
            again = partial(installations.seal_anew, team=one.team, before=one.sealed_token, after=after)
            await self._database.write(again)

    async def tick(self, world: "World", now: datetime) -> None:
        """Follow, every thirty seconds, what other replicas did."""
        await self.refresh()

    async def authorize(self, team_id: str | None) -> AuthorizeResult | None:
        """Say as whom Bolt hears something of this workspace; None where we are not installed.

        With one workspace, in the settings, everything that Slack sends is for it, also what somebody of another
        workspace did in a channel that both share.
        """
        team = self._settled if self._seal is None else team_id
        if team is not None and team not in self._bots:
            await self.refresh()
        bot = self._bots.get(team or "")
        if bot is None or team is None or team not in self.teams:
            return None
        token = self.clients.of(team).token
        return AuthorizeResult(
            enterprise_id=None, team_id=team, bot_user_id=bot.user, bot_id=bot.id or None, bot_token=token
        )


def _installed(db: Session) -> Sequence[tuple[Installation, Bot]]:
    found: list[tuple[Installation, Bot]] = []
    for one in installations.active(db):
        settings = programme.programme(db, one.team)
        found.append((one, Bot(settings.bot_user if settings else "")))
    return found


def nothing_due(db: Session, now: datetime) -> datetime | None:
    """Nobody waits for a refresh."""
    return None
