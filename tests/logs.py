"""A test that starts the bot leaves the log of the next test as it was.

A start tells structlog and `logging` to write to standard error as it is at that moment. In a test that is pytest's
own, which is closed when the test ends: whoever logs later would write to a closed file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from _pytest.logging import LogCaptureHandler


@contextmanager
def as_it_was() -> Iterator[None]:
    """Put back, at the end, where structlog and `logging` write and from which level on."""
    set_up, ours = structlog.is_configured(), structlog.get_config()
    root = logging.getLogger()
    handlers = list(root.handlers)
    known = [each for each in list(root.manager.loggerDict.values()) if isinstance(each, logging.Logger)]
    levels = [(logger, logger.level) for logger in [root, *known]]
    try:
        yield
    finally:
        structlog.reset_defaults()
        if set_up:
            structlog.configure(**ours)
        for handler in [each for each in root.handlers if each not in handlers]:
            if not isinstance(handler, LogCaptureHandler):  # pytest takes away its own
                root.removeHandler(handler)
        for logger, level in levels:
            if logger.level != level:
                logger.setLevel(level)


@pytest.fixture(autouse=True)
def _logs_stay_as_they_are() -> Iterator[None]:
    """For every test: nobody has to remember it."""
    with as_it_was():
        yield
