"""The tests themselves: one that starts the bot does not break the log of those after it."""

import io
import logging
from contextlib import redirect_stderr

import pytest
import structlog

from handlers import log
from tests.logs import as_it_was


def test_a_start_in_a_test_leaves_no_log_on_a_closed_screen() -> None:
    before = structlog.get_config()
    levels = logging.getLogger().level, logging.getLogger("aiohttp").level
    with as_it_was():
        screen = io.StringIO()
        with redirect_stderr(screen):
            log.configure("DEBUG")
        screen.close()
        logging.getLogger().addHandler(logging.StreamHandler(screen))
        logging.getLogger().setLevel(logging.DEBUG)
    assert structlog.get_config() == before
    assert all(getattr(each, "stream", None) is not screen for each in logging.getLogger().handlers)
    assert (logging.getLogger().level, logging.getLogger("aiohttp").level) == levels
    structlog.get_logger().error("after it")


def test_every_test_is_kept_so(request: pytest.FixtureRequest) -> None:
    assert "_logs_stay_as_they_are" in request.fixturenames
