"""The practice Slack as its own process: it says when it is ready, saves with --keep, and goes away when told."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import httpx

from playground import scenario
from tests.playground.world import World, a_manifest, until


async def start(*options: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", "--port", "0", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().split()
    assert line[0] == "ready"
    return process, line[1]


async def test_it_keeps_messages_and_time_over_a_restart(tmp_path: Path) -> None:
    manifest, keep = tmp_path / "manifest.json", tmp_path / "keep"
    manifest.write_text(json.dumps(a_manifest()))
    options = ("--manifest", str(manifest), "--keep", str(keep))
    process, base = await start(*options)
    async with httpx.AsyncClient(trust_env=False) as client:
        said = {"as": "Noor", "channel": "werksessie-17-juni", "text": "hoi", "files": [{"name": "a.txt", "text": "é"}]}
        assert (await client.post(f"{base}/_mens/say", json=said)).json()["acked"] is False
        await client.post(f"{base}/_mens/clock/move", json={"by_seconds": 86400})
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0

        process, base = await start(*options)
        seen = (await client.get(f"{base}/_mens/see?as=Samir")).json()
        message = seen["channels"]["werksessie-17-juni"][0]
        assert message["text"] == "hoi" and seen["now"].startswith("2021-06-18T11:00")
        assert (await client.get(f"{base}/_mens/files/{message['files'][0]['id']}")).text == "é"
        waiting = (await client.get(f"{base}/_mens/state")).json()["undelivered"]
        assert [each["name"] for each in waiting] == ["message.channels"]
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_what_was_not_delivered_is_delivered_after_a_restart(slack_with: Any, tmp_path: Path) -> None:
    slack: World = await slack_with(keep=tmp_path)
    await slack.do("say", channel="plein", text="bewaard")
    slack.practice.save()
    again: World = await slack_with(keep=tmp_path)
    heard: list[str] = []
    app = again.app()

    @app.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    await again.connect(app)
    await until(lambda: heard)
    assert heard == ["bewaard"]


async def test_a_wrong_start_says_what_is_wrong(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    for content, said in (
        ("{", "Expecting"),
        ('{"settings": {"event_subscriptions": {"bot_events": ["x.y"]}}}', "x.y"),
    ):
        manifest.write_text(content)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "playground",
            "--port",
            "0",
            "--manifest",
            str(manifest),
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await process.communicate()
        assert process.returncode == 78 and said in errors.decode()


def test_the_scenario_that_comes_with_it_holds_the_six_personas() -> None:
    plot = scenario.read()
    workspace = scenario.build(plot, "T")
    names = {person.name for person in workspace.people.values() if not person.is_bot}
    assert names == {"Noor", "Samir", "Sanne", "Youssef", "Lotte", "Ineke"}
    assert plot.starts.isoformat() == "2021-06-17T11:00:00+00:00"
    assert all(workspace.app.bot_user in channel.members for channel in workspace.channels.values())
    assert sum(channel.name.startswith("regio-") for channel in workspace.channels.values()) == 12


async def test_the_opening_is_done_once_when_the_app_connects_and_again_after_a_reset(slack: World) -> None:
    slack.practice.plot.opening.append({"as": "Noor", "do": "say", "channel": "plein", "text": "welkom"})
    app = slack.app()

    @app.event("message")
    async def message() -> None: ...

    await slack.connect(app)
    try:
        await until(lambda: slack.practice.workspace.channel("plein").messages)
        await slack.connect(app)
        assert len(slack.practice.workspace.channel("plein").messages) == 1
        await slack.do("say", channel="plein", text="weg hiermee")
        assert (await slack.post("reset"))["ok"]
        await until(lambda: len(slack.practice.workspace.channel("plein").messages) == 1)
    finally:
        slack.practice.plot.opening.clear()
