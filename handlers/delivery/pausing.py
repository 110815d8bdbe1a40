"""When Slack does not let Oogst in, or a right is missing: nothing more is asked there but whether it is over."""

from datetime import datetime, timedelta
from functools import partial

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.delivery import Reply, is_shut_out
from handlers.clients import NoInstallation
from handlers.delivery.sending import SCOPES, reply_of
from handlers.world import World
from storage import delivery, programme
from storage.delivery import EVERYTHING, Pause

log = structlog.get_logger()

PROBE_EVERY = timedelta(minutes=30)
"""Two questions an hour, so that with the call that failed Slack hears from us at most three times in any hour."""
MISSING = "missing_scope"


def needs_of(reply: Reply, method: str) -> str | None:
    """Return what a workspace lacks according to this reply: a scope, or access at all (""); None where nothing is."""
    if is_shut_out(reply):
        return EVERYTHING
    if reply.error == MISSING:
        return SCOPES.get(method) or reply.needed or None
    return None


async def pause(world: World, team: str, needs: str, why: str) -> None:
    """Ask nothing more of this workspace that needs this; the administrator reads it once in the log, and in doctor."""
    now = world.now()
    if await world.database.write(
        partial(delivery.pause, team=team, needs=needs, why=why, now=now, probe_at=now + PROBE_EVERY)
    ):
        log.error("workspace paused", team=team, needs=needs or "access", why=why)


async def probe(world: World, now: datetime) -> None:
    """Ask each paused workspace, at most twice an hour, whether Slack lets Oogst in again, and with which rights."""
    for settings in await world.database.read(programme.programmes):
        waiting = await world.database.read(partial(delivery.pauses, team=settings.team))
        if waiting and min(each.probe_at for each in waiting) <= now:
            await _probe(world, settings.team, waiting, now)


async def _probe(world: World, team: str, waiting: list[Pause], now: datetime) -> None:
    await world.database.write(partial(delivery.probe_later, team=team, probe_at=now + PROBE_EVERY))
    try:
        answer = await world.slack_of(team).auth_test()
    except NoInstallation:
        return
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        reason = reply_of(error).error if isinstance(error, SlackApiError) else type(error).__name__
        log.info("workspace still paused", team=team, why=reason)
        return
    told = answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or ""
    granted = frozenset(scope.strip() for scope in told.split(",")) if told else None
    await world.write(partial(resume, team=team, granted=granted, now=now))


def resume(db: Session, team: str, granted: frozenset[str] | None, now: datetime) -> None:
    """Send again in a workspace that lets Oogst in: all but what lacks a right. `granted` is None where unknown."""
    for each in delivery.pauses(db, team):
        if each.needs == EVERYTHING or granted is None or each.needs in granted:
            again = delivery.resume(db, team, each.needs, now)
            log.info("workspace resumed", team=team, needs=each.needs or "access", planned_again=again)
