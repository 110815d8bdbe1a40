"""Oogst over HTTP beside a practice Slack: a journey, the health page, the figures, and a start that cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import httpx
import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.run import opened
from handlers.settings import SlackSettings
from handlers.sound import DEEPEST, TooDeep, sound
from playground.http_events import HttpApp, verified
from tests.catalogue.http_door import SECRET, Served, envelope, free_port, message, served
from tests.handlers.dropped import practising, until
from tests.handlers.house import empty_database


async def connected(bot: Served) -> None:
    """Let the practice Slack deliver over HTTP, after it tried the address as Slack does."""
    await bot.oogst.start()
    url = f"{str(bot.requests.http.base_url).rstrip('/')}/slack/events"
    told = await bot.slack.post("app", events_url=url, signing_secret=SECRET)
    assert told == {"ok": True}


async def test_somebody_opens_the_home_and_asks_for_help_over_http(tmp_path: Path) -> None:
    async with served(tmp_path) as bot:
        await connected(bot)
        await bot.slack.do("home", "noor")
        await until(lambda: bot.slack.calls("views.publish") > 0)
        await bot.slack.do("command", "noor", channel="werksessie", text="/oogst hulp")
        await until(lambda: bot.oogst.world.tally.acks["command", True] == 1)
        await bot.slack.settle()
        assert "Oogst" in str(await bot.slack.see("noor"))


async def test_an_address_with_another_secret_is_not_accepted_by_slack(tmp_path: Path) -> None:
    async with served(tmp_path) as bot, aiohttp.ClientSession(trust_env=False) as http:
        url = f"{str(bot.requests.http.base_url).rstrip('/')}/slack/events"
        now = bot.requests.clock.now().timestamp()
        assert await verified(HttpApp(url, SECRET, http), now, "c")
        assert not await verified(HttpApp(url, SECRET + "x", http), now, "c")


def listed(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.startswith("oogst.db")}


async def test_a_secret_of_an_app_in_the_environment_changes_nothing_for_one_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bolt by itself would ask its own files for a token then, and forget ours."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "abcdefgh")
    (tmp_path / "oogst.db").write_bytes(empty_database())
    async with practising() as slack:
        settings = SlackSettings.model_validate(
            {
                "SLACK_BOT_TOKEN": "xoxb-practice", "SLACK_APP_TOKEN": "xapp-practice",
                "SLACK_API_URL": f"{slack.base}/api/", "OOGST_DATABASE": str(tmp_path / "oogst.db"),
            }
        )  # fmt: skip
        async with opened(settings) as oogst:
            asked = AsyncBoltRequest(body=json.loads(envelope(message())), mode="socket_mode")
            assert (await oogst.app.async_dispatch(asked)).status == 200
            assert oogst.world.tally.acks["event", True] == 1
    assert listed(tmp_path) == set()


async def test_the_health_page_and_the_figures_tell_how_it_goes_and_nothing_about_people(tmp_path: Path) -> None:
    from handlers.health import watched
    from handlers.settings import ServerSettings

    port = free_port()
    watching = ServerSettings.model_validate(
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "OOGST_HEALTH_PORT": port, "OOGST_METRICS": "on"}
    )
    async with served(tmp_path) as bot, watched(bot.oogst, watching), httpx.AsyncClient(trust_env=False) as http:
        await bot.oogst.start()
        page = f"http://127.0.0.1:{port}"
        assert (await bot.requests.send(envelope(message()))).status_code == 200
        assert (await bot.requests.http.post("/slack/events", content=b"{}")).status_code == 401
        health = await http.get(f"{page}/health")
        assert (health.status_code, health.json()["ready"], health.json()["problems"]) == (200, True, [])
        assert (await bot.requests.http.get("/health")).json() == {"ready": True}
        told = (await http.get(f"{page}/metrics")).text
        assert 'oogst_acks_total{answered="yes",kind="event"} 1.0' in told
        assert 'oogst_refused_requests_total{reason="unsigned"} 1.0' in told
        assert "oogst_ready 1.0" in told and 'oogst_ack_seconds_bucket{le="+Inf"} 1.0' in told
        for word in ("noor", "CWS", "T1", "kanarie"):
            assert word not in told + health.text
        bot.oogst.world.database.close()
        health = await http.get(f"{page}/health")
        assert (health.status_code, health.json()["ready"]) == (503, False)
        assert "database" in health.json()["problems"]
        assert (await bot.requests.http.get("/health")).status_code == 503
        assert (await http.get(f"{page}/health/live")).status_code == 200


def test_half_a_sign_is_replaced_and_too_many_levels_are_refused() -> None:
    assert sound({"a": ["\ud83d!", "b\x00", "é\U0001f331"]}) == {"a": ["\ufffd!", "b\ufffd", "é\U0001f331"]}
    deep: object = "x"
    for _ in range(DEEPEST):
        deep = [deep]
    assert sound(deep) == deep
    with pytest.raises(TooDeep):
        sound([deep])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": SECRET, "SLACK_CLIENT_ID": "1.2"}, "OOGST_TOKEN_KEY"),
        ({"SLACK_SIGNING_SECRET": "xoxb-verysecret", "SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": "xoxb-1", "OOGST_HTTP_PORT": "70000"}, "65535"),
        ({"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": "xoxb-1", "OOGST_HTTP_HOST": "example.org"}, "0.0.0.0"),
        ({"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": "xoxb-1", "OOGST_TOKEN_KEY": "short"}, "--new-key"),
    ],
)
def test_l5_a_server_with_wrong_settings_ends_with_one_line(tmp_path: Path, given: dict[str, str], says: str) -> None:
    from handlers.settings import names

    clean = {name: value for name, value in os.environ.items() if name not in names()}
    done = subprocess.run(
        [sys.executable, "-m", "handlers.terminal", "serve"], capture_output=True, text=True, check=False,
        env=clean | given | {"PYTHONPATH": str(Path(__file__).parents[2])}, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 78, done.stderr
    (line,) = done.stderr.splitlines()
    assert says in line and "verysecret" not in line
