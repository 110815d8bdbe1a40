"""H5 and H7: nobody installs what they did not begin, and no token can be read from what is stored."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlmodel import select

from handlers.clients import NoInstallation
from handlers.installing.beginning import make_state
from handlers.installing.door import COOKIE
from handlers.installing.sealing import Seal, Unsealable, new_key
from handlers.run import Opened, opened
from handlers.serving import by_http
from handlers.settings import ServerSettings
from storage import delivery, installations, leaving, programme
from tests.catalogue.http_door import SECRET, Requests, envelope, free_port
from tests.handlers.house import SetClock, empty_database

Cases = Callable[[int], None]
PLACES = {"code-a": ("TA", "Noord"), "code-b": ("TB", "Zuid")}


class Slack:
    """The few methods of Slack that an installation calls, for two workspaces."""

    def __init__(self) -> None:
        self.revoked: list[str] = []
        self.calls: list[tuple[str, str]] = []
        self.answers: dict[str, Any] = {}

    async def answer(self, request: web.Request) -> web.Response:
        method, given = request.match_info["method"], dict(await request.post())
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append((method, token))
        team = token.rpartition("-")[2]
        if method == "oauth.v2.access":
            if given.get("code") not in PLACES or "Basic" not in request.headers.get("Authorization", "Basic"):
                return web.json_response({"ok": False, "error": "invalid_code"})
            team, name = PLACES[str(given["code"])]
            told = {
                "ok": True, "access_token": f"xoxb-verysecret-{team}", "token_type": "bot", "scope": "chat:write",
                "bot_user_id": "UBOT", "team": {"id": team, "name": name}, "authed_user": {"id": "UADMIN"},
            }  # fmt: skip
            return web.json_response(told | self.answers)
        if method == "auth.revoke":
            self.revoked.append(token)
            return web.json_response({"ok": True, "revoked": True})
        if method == "auth.test":
            return web.json_response({"ok": True, "team_id": team, "user_id": "UBOT", "bot_id": "BBOT"})
        if method == "users.list":
            return web.json_response({"ok": True, "members": [{"id": f"U{team}", "name": "noor"}]})
        return web.json_response({"ok": True})


class House:
    """The bot with its pages, and browsers that visit them."""

    def __init__(self, oogst: Opened, slack: Slack, base: str, settings: ServerSettings) -> None:
        self.oogst, self.slack, self.base, self.settings = oogst, slack, base, settings
        self.browsers: list[httpx.AsyncClient] = []

    def browser(self) -> httpx.AsyncClient:
        made = httpx.AsyncClient(base_url=self.base, trust_env=False)
        self.browsers.append(made)
        return made

    @property
    def seal(self) -> Seal:
        assert self.settings.token_key is not None
        return Seal([self.settings.token_key.get_secret_value()])

    async def begin(self, browser: httpx.AsyncClient, query: str = "") -> str:
        """Go to Slack; returns the state that goes with it."""
        answer = await browser.get(f"/slack/install{query}")
        assert answer.status_code == 302, answer.text
        at = urlsplit(answer.headers["Location"])
        assert at.path == "/oauth/v2/authorize"
        return parse_qs(at.query)["state"][0]

    async def back(self, browser: httpx.AsyncClient, state: str, code: str = "code-a") -> httpx.Response:
        return await browser.get("/slack/oauth_redirect", params={"code": code, "state": state})

    async def installed(self) -> list[str]:
        return [one.team for one in await self.oogst.world.database.read(installations.active)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "oogst.db").write_bytes(empty_database())
    slack, app, port = Slack(), web.Application(), free_port()
    app.router.add_route("*", "/api/{method}", slack.answer)
    server = TestServer(app)
    await server.start_server()
    base = f"http://127.0.0.1:{port}"
    settings = ServerSettings.model_validate(
        {
            "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": str(server.make_url("/api/")), "OOGST_HTTP_PORT": port,
            "OOGST_DATABASE": str(tmp_path / "oogst.db"), "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "abcdefgh12",
            "OOGST_TOKEN_KEY": new_key(), "OOGST_PUBLIC_URL": base,
        }
    )  # fmt: skip
    async with opened(settings) as oogst, by_http(oogst, settings):
        found = House(oogst, slack, base, settings)
        yield found
        for browser in found.browsers:
            await browser.aclose()
        await oogst.world.tasks.drain(5)
    await server.close()


async def test_h5_an_installation_counts_once_in_the_browser_that_began_it_and_in_time(
    house: House, cases: Cases
) -> None:
    noor, samir = house.browser(), house.browser()
    refused = []
    for state in ("", "x", "0" * 64, "é" * 40, "a" * 5000, "' OR 1=1 --"):
        await house.begin(noor)
        refused.append(await house.back(noor, state))
    state = await house.begin(noor)
    refused.append(await house.back(samir, state))  # a state that somebody else was sent
    await house.begin(samir)
    refused.append(await house.back(samir, state))  # with an own installation under way
    await house.begin(noor)
    old = make_state(house.seal, "", noor.cookies[COOKIE], house.oogst.world.now() - timedelta(seconds=1))
    refused.append(await house.back(noor, old))  # ten minutes later
    await house.begin(noor)
    other = make_state(Seal([new_key()]), "", noor.cookies[COOKIE], house.oogst.world.now() + timedelta(minutes=5))
    refused.append(await house.back(noor, other))  # made with another key than ours
    await house.begin(noor)
    refused.append(await house.back(noor, house.seal.close("TA", "xoxb-1")))  # sealed, but no state
    state = await house.begin(noor, "?team=TB")
    refused.append(await house.back(noor, state, "code-a"))  # begun for one workspace, allowed in another
    assert house.slack.revoked == ["xoxb-verysecret-TA"]
    for strange in (
        {"is_enterprise_install": True},
        {"access_token": "xoxe.xoxb-1"},
        {"team": None},
        {"access_token": 3},
    ):
        house.slack.answers = strange
        refused.append(await house.back(noor, await house.begin(noor)))
    house.slack.answers = {}
    refused.append(await house.back(noor, await house.begin(noor), "code-of-nobody"))
    assert {answer.status_code for answer in refused} == {400}
    assert await house.installed() == []
    state = await house.begin(noor)
    assert (await house.back(noor, state)).status_code == 200
    assert await house.installed() == ["TA"]
    used = len(house.slack.calls)
    await house.begin(noor)
    again = await house.back(noor, state)
    assert (again.status_code, len(house.slack.calls)) == (400, used)  # Slack is not even asked
    cases(len(refused) + 1)


async def test_h5_who_only_begins_keeps_nobody_from_installing(house: House) -> None:
    noor, stranger = house.browser(), house.browser()
    state = await house.begin(noor)
    for _ in range(20):
        await house.begin(stranger)
        stranger.cookies.clear()
    kept = await house.oogst.world.database.read(lambda db: db.exec(select(installations.BegunRow)).all())
    assert kept == [], "nothing is kept of who only begins"
    assert (await house.back(noor, state)).status_code == 200
    assert await house.installed() == ["TA"]


async def test_h5_who_chooses_a_wrong_workspace_where_oogst_works_already_does_not_take_it_away_there(
    house: House,
) -> None:
    noor = house.browser()
    await house.back(noor, await house.begin(noor), "code-a")
    answer = await house.back(noor, await house.begin(noor, "?team=TB"), "code-a")
    assert answer.status_code == 400
    assert house.slack.revoked == []  # it is the token under which Oogst works there
    assert await house.installed() == ["TA"]


async def test_h5_who_declines_at_slack_is_told_that_nothing_changed(house: House) -> None:
    noor = house.browser()
    state = await house.begin(noor)
    answer = await noor.get("/slack/oauth_redirect", params={"error": "access_denied", "state": state})
    assert "er is niets veranderd" in answer.text
    assert await house.installed() == []


async def test_two_workspaces_install_by_themselves_and_each_is_called_under_its_own_token(house: House) -> None:
    world = house.oogst.world
    for code, (team, name) in PLACES.items():
        browser = house.browser()
        answer = await house.back(browser, await house.begin(browser), code)
        assert name in answer.text
        assert world.slack_of(team).token == f"xoxb-verysecret-{team}"
    await world.tasks.drain(5)
    known = await world.database.read(programme.programmes)
    assert [one.team for one in known] == ["TA", "TB"]
    for team in ("TA", "TB"):
        people = await world.database.read(lambda db, team=team: programme.members(db, team))
        assert [person.user for person in people] == [f"U{team}"]


async def test_a_workspace_that_takes_its_token_back_is_called_no_more_and_the_other_goes_on(house: House) -> None:
    world = house.oogst.world
    for code in PLACES:
        browser = house.browser()
        await house.back(browser, await house.begin(browser), code)
    clock = SetClock(datetime.fromtimestamp(time.time(), UTC))  # noqa: TID251 - Slack signs by the real time
    requests = Requests(house.browser(), clock)
    mine = {"type": "tokens_revoked", "tokens": {"oauth": ["UNOOR"], "bot": []}, "event_ts": f"{clock.monotonic()}"}
    assert (await requests.send(envelope(mine, "Ev1", "TA"))).status_code == 200
    assert await house.installed() == ["TA", "TB"]  # a token of a person is none of ours
    for number, kind in enumerate(("tokens_revoked", "app_uninstalled")):
        event = {"type": kind, "tokens": {"oauth": [], "bot": ["UBOT"]}, "event_ts": "1.1"}
        assert (await requests.send(envelope(event, f"Ev{number + 2}", "TA", clock.monotonic() + 1))).status_code == 200
    assert await house.installed() == ["TB"]
    with pytest.raises(NoInstallation):
        world.slack_of("TA")
    assert world.slack_of("TB").token == "xoxb-verysecret-TB"
    assert await world.database.read(lambda db: leaving.is_away(db, "TA"))
    tap = {"type": "app_home_opened", "user": "UTA", "tab": "home", "event_ts": "9.9", "channel": "D1"}
    heard = sum(world.tally.acks.values())
    assert (await requests.send(envelope(tap, "Ev9", "TA"))).status_code == 200
    assert sum(world.tally.acks.values()) == heard  # nothing of that workspace is heard
    await clock.sleep(2)
    browser = house.browser()
    await house.back(browser, await house.begin(browser), "code-a")
    assert await house.installed() == ["TA", "TB"]
    assert not await world.database.read(lambda db: leaving.is_away(db, "TA"))


async def test_a_workspace_that_installs_again_is_sent_to_at_once_also_what_waited_for_a_right(house: House) -> None:
    world, now = house.oogst.world, house.oogst.world.now()
    for time_of in ("first", "second"):
        browser = house.browser()
        await house.back(browser, await house.begin(browser), "code-a")
        if time_of == "second":
            break
        for needs in (delivery.EVERYTHING, "chat:write", "files:write"):
            await world.database.write(
                lambda db, needs=needs: delivery.pause(db, "TA", needs, "invalid_auth", now, now + timedelta(hours=1))
            )
    waiting = await world.database.read(lambda db: delivery.pauses(db, "TA"))
    assert [each.needs for each in waiting] == ["files:write"], "the right that Slack did not give is still missing"


def stored(folder: Path) -> bytes:
    """Every byte on disk: the database and what stands in its log."""
    return b"".join(file.read_bytes() for file in folder.glob("oogst.db*"))


async def test_h7_no_token_can_be_read_from_the_database_or_what_is_told_of_it(
    capfd: pytest.CaptureFixture[str], house: House, tmp_path: Path, cases: Cases
) -> None:
    for code in PLACES:
        browser = house.browser()
        await house.back(browser, await house.begin(browser), code)
    raw = stored(tmp_path)
    assert raw.count(b"TA") and not re.search(rb"xox[a-z]-|verysecret", raw)
    with sqlite3.connect(tmp_path / "oogst.db") as connection:
        dump = "\n".join(connection.iterdump())
    assert "gAAAA" in dump and not re.search(r"xox[a-z]-|verysecret", dump)
    told = capfd.readouterr()
    assert "verysecret" not in told.out + told.err + repr(house.settings)
    cases(3)


async def test_h7_a_key_is_replaced_while_oogst_runs_on_and_a_lost_key_stops_one_workspace_only(
    house: House, tmp_path: Path
) -> None:
    for code in PLACES:
        browser = house.browser()
        await house.back(browser, await house.begin(browser), code)
    assert house.settings.token_key is not None
    old, new = house.settings.token_key.get_secret_value(), new_key()
    rotated = house.settings.model_copy(update={"token_key": type(house.settings.token_key)(f"{new}, {old}")})
    async with opened(rotated) as second:
        assert second.world.slack_of("TA").token == "xoxb-verysecret-TA"
        (kept, _) = await second.world.database.read(installations.active)
    assert Seal([new]).open("TA", kept.sealed_token) == "xoxb-verysecret-TA"
    with pytest.raises(Unsealable):
        Seal([old]).open("TA", kept.sealed_token)
    with pytest.raises(Unsealable):
        Seal([new]).open("TB", kept.sealed_token)  # a token that was put in another row
    lost = house.settings.model_copy(update={"token_key": type(house.settings.token_key)(new_key())})
    async with opened(lost) as third:
        with pytest.raises(NoInstallation):
            third.world.slack_of("TA")
