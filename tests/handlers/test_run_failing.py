"""Oogst cannot start: it says why, and leaves nothing open."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import aiohttp
import pytest

from handlers.run import opened
from handlers.settings import SlackSettings
from tests.catalogue.http_door import free_port


async def test_a_practice_clock_that_does_not_answer_leaves_no_connection_open(tmp_path: Path) -> None:
    settings = SlackSettings.model_validate(
        {
            "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
            "SLACK_APP_TOKEN": "xapp-1-2-abc",
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "OOGST_DATABASE": str(tmp_path / "oogst.db"),
            "OOGST_CLOCK_URL": f"http://127.0.0.1:{free_port()}/clock",
        }
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with pytest.raises(aiohttp.ClientError):
            async with opened(settings):
                pass
        gc.collect()
    assert [str(each.message) for each in said if "Unclosed" in str(each.message)] == []
