"""What is logged of a failure: where it was and what kind it is, and nothing that somebody wrote."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr

import psycopg
import pytest
import structlog
from pydantic import BaseModel
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import IntegrityError

from handlers import log

CANARY = "kanarie-in-de-tekst"


class Number(BaseModel):
    """Something that a text is not."""

    number: int


def _validation() -> None:
    Number.model_validate({"number": CANARY})


def _row() -> None:
    told = f'null value in column "name" violates not-null constraint\nDETAIL:  Failing row contains (T1, {CANARY}).'
    try:
        raise psycopg.errors.NotNullViolation(told)
    except psycopg.Error as error:
        raise IntegrityError("INSERT", None, error, hide_parameters=True) from error


def _slack() -> None:
    answer = {"ok": False, "error": "invalid_blocks", "at": CANARY}
    raise SlackApiError("The request to the Slack API failed.", answer)  # type: ignore[no-untyped-call]  # slack_sdk


def _group() -> None:
    failures: list[Exception] = []
    for one in (_validation, _row):
        try:
            one()
        except (ValueError, IntegrityError) as error:
            failures.append(error)
    raise ExceptionGroup("two of them", failures)


FAILURES: Sequence[Callable[[], None]] = (_validation, _row, _slack, _group)


@pytest.mark.parametrize("whose", ["ours", "a library's"])
@pytest.mark.parametrize("number", range(len(FAILURES)))
def test_a_failure_is_logged_without_the_words_that_it_was_about(number: int, whose: str) -> None:
    fails, screen, root = FAILURES[number], io.StringIO(), logging.getLogger()
    before = list(root.handlers)
    root.handlers.clear()
    try:
        with redirect_stderr(screen):
            log.configure("DEBUG")
            try:
                fails()
            except Exception as error:  # whatever it is, it is logged
                if whose == "ours":
                    structlog.get_logger().error("failed", exc_info=error)
                else:
                    logging.getLogger("asyncio").error("failed", exc_info=error)
    finally:
        root.handlers[:] = before
    told = screen.getvalue()
    assert CANARY not in told
    assert "test_log.py" in told and fails.__name__ in told, "where it happened is still told"
    assert fails is not _slack or "invalid_blocks" in told, "and so is what Slack called it"
