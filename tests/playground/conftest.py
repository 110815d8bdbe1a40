"""Starts practice Slacks on free ports, in the loop of the test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground import manifest
from playground.practice import Practice, Settings
from playground.server import running
from tests.playground.world import PLOT, Json, World, a_manifest


@pytest.fixture
def settings() -> Settings:
    """Time as a test can bear it; a test module may have its own."""
    return Settings(ack_timeout=0.5, retries=(0.0, 0.1, 0.2), rates=0)


@pytest.fixture
async def slack_with(settings: Settings) -> AsyncIterator[Callable[..., Awaitable[World]]]:
    """Starts practice Slacks: await slack_with(manifest=..., **settings)."""
    async with AsyncExitStack() as stack:

        async def start(raw: Json | None = None, keep: Path | None = None, **changed: Any) -> World:
            practice = Practice(
                PLOT,
                manifest.parse(raw or a_manifest()),
                settings=replace(settings, **changed),
                real=asyncio.get_running_loop().time,
                wall=time.time,  # noqa: TID251 - signatures carry the real time
                prefix="T",
                keep=keep,
            )
            base = await stack.enter_async_context(running(practice))
            # the server closes what is idle for five seconds: who asks at that very moment would be cut off
            idle = httpx.Limits(keepalive_expiry=2)
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=base, trust_env=False, timeout=30, limits=idle)
            )
            return World(practice, stack, client)

        yield start


@pytest.fixture
async def slack(slack_with: Callable[..., Awaitable[World]]) -> World:
    """A practice Slack."""
    return await slack_with()
