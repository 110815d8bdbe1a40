"""The two pages with which a workspace installs Oogst: one that leads to Slack, and one to which Slack leads back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode, urljoin

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from handlers import programme as people
from handlers.delivery.pausing import resume
from handlers.ids import new_secret
from handlers.installing.beginning import hash_of, make_state, team_of
from handlers.installing.granting import Granted, NotGranted, ask
from handlers.installing.sealing import Seal
from handlers.manifest import wanted_scopes
from handlers.run import Opened
from handlers.settings import ServerSettings
from handlers.views import installing as views
from handlers.words import Words
from storage import installations, leaving, programme
from storage.installations import Installation

IN_TIME = timedelta(minutes=10)
"""So long somebody may take at Slack; Slack's own code lives as long."""
COOKIE = "oogst_install"
BACK = "/slack/oauth_redirect"
LONGEST = 1024
QUIET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}

log = structlog.get_logger()


def routes(oogst: Opened, settings: ServerSettings) -> Sequence[Route]:
    """Return the pages; none where the settings name one workspace only."""
    if not settings.installs:
        return ()
    installing = Installing(oogst, settings)
    return (
        Route("/slack/install", installing.begin, methods=["GET"]),
        Route(BACK, installing.finish, methods=["GET"]),
    )


class Installing:
    """Both pages. What goes to Slack and comes back is bound to the browser that began, and counts once."""

    def __init__(self, oogst: Opened, settings: ServerSettings) -> None:
        """Take the app's own id and secret from the settings, which have them all when this is made."""
        assert settings.client_id and settings.client_secret and settings.token_key and settings.public_url
        self._world = oogst.world
        self._workspaces = oogst.workspaces
        self._settings = settings
        self._client_id = settings.client_id
        self._client_secret = settings.client_secret
        self._seal = Seal([key.strip() for key in settings.token_key.get_secret_value().split(",")])
        self._public_url = settings.public_url
        self._words: Words = self._world.words[settings.language]

    async def begin(self, request: Request) -> Response:
        """Lead to Slack; `?team=T…` binds the installation to one workspace."""
        team = request.query_params.get("team", installations.NO_WORKSPACE)
        if len(team) > 20 or not (team == installations.NO_WORKSPACE or (team.isascii() and team.isalnum())):
            return self._page("installing.again", 400)
        browser = new_secret()
        state = make_state(self._seal, team, browser, self._world.now() + IN_TIME)
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(wanted_scopes()),
            "state": state,
            "redirect_uri": self._public_url + BACK,
        }
        if team:
            asked["team"] = team
        slack = urljoin(self._settings.api_url, "../oauth/v2/authorize")
        answer = RedirectResponse(f"{slack}?{urlencode(asked)}", 302, headers=QUIET)
        answer.set_cookie(
            COOKIE,
            browser,
            max_age=int(IN_TIME.total_seconds()),
            path="/slack",
            secure=self._public_url.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def finish(self, request: Request) -> Response:
        """Take a token from Slack for whoever comes back, if they are the one who began."""
        state, browser = request.query_params.get("state", ""), request.cookies.get(COOKIE, "")
        code = request.query_params.get("code", "")
        if max(len(state), len(browser), len(code)) > LONGEST:
            return self._refused("too_long")
        now = self._world.now()
        team = team_of(self._seal, state, browser, now)
        used = partial(installations.is_used, state_hash=hash_of(state))
        if team is None or await self._world.database.read(used):
            return self._refused("state")
        if not code:
            return self._page("installing.declined", 200)
        clients, secret = self._workspaces.clients, self._client_secret.get_secret_value()
        installed = {one.team for one in await self._world.database.read(installations.active)} | clients.teams
        try:
            granted = await ask(clients, self._client_id, secret, code, self._public_url + BACK, team, installed)
        except NotGranted as refused:
            return self._refused(refused.reason)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return self._refused(type(error).__name__)
        if not await self._install(granted, hash_of(state)):
            return self._refused("state")
        return self._page("installing.done", 200, {"workspace": granted.name})

    async def _install(self, granted: Granted, state_hash: str) -> bool:
        """Keep what was granted, once for each state."""
        now = self._world.now()
        value = self._settings.programme(granted.team, granted.bot.user, new_secret())
        sealed = self._seal.close(granted.team, granted.token)

        def save(db: Session) -> bool:
            if not installations.use(db, state_hash, granted.team, now, now + IN_TIME):
                return False
            programme.save_programme(db, value, granted.name)
            leaving.come_back(db, granted.team, now)
            resume(db, granted.team, frozenset(granted.scopes.split(",")), now)
            installations.save(db, Installation(granted.team, sealed, granted.scopes, granted.installer, now))
            return True

        if not await self._world.write(save):
            return False
        await self._workspaces.refresh()
        log.info("installed", team=granted.team)
        self._world.tasks.start(people.sync(self._world, granted.team))
        return True

    def _refused(self, reason: str) -> Response:
        incident = self._world.ids("in")
        self._world.tally.refused[f"install_{reason}"] += 1
        log.warning("installation refused", incident=incident, reason=reason)
        return self._page("installing.again", 400)

    def _page(self, key: str, status: int, values: Mapping[str, object] | None = None) -> Response:
        answer = HTMLResponse(views.page(self._words, key, values or {}), status, headers=QUIET)
        answer.delete_cookie(COOKIE, path="/slack")
        return answer
