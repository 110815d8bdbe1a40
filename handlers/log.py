"""Logs: one line per event, with ids and never with what people wrote."""

import json
import logging
import re
import sys
from types import TracebackType
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from bot.steering import without_steering

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
_NAME = re.compile(r"[a-z_.]{1,40}")
_QUOTED = re.compile(r"""'[^']*'?|"[^"]*"?""")
_CODE = re.compile(r"'error': '([a-z_]{1,60})'")
"""What Slack calls a failure, within what it answered."""
_frames = ExceptionDictTransformer(show_locals=False)


def _wordless(told: str) -> str:
    """Return what an error says of itself, without what it quotes: a row, a field, an answer of somebody.

    What follows on the first line is where pydantic and PostgreSQL show the value that they did not take.
    """
    first, *rest = told.splitlines() or [""]
    code = _CODE.search(told)
    kept = _QUOTED.sub(lambda found: found[0] if _NAME.fullmatch(found[0][1:-1]) else "'…'", first)
    return kept[:200] + (f" [{code[1]}]" if code else "") + (" …" if rest else "")


def _without_words(traces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for trace in traces:
        trace["exc_value"] = _wordless(str(trace.get("exc_value", "")))
        trace["exc_notes"] = []
        if trace.get("syntax_error"):
            trace["syntax_error"] = None
        for inner in trace.get("exceptions") or []:
            _without_words(inner)
    return traces


def failure(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """Return what is logged of a failure: the kinds and places of all that led to it, without anybody's words."""
    return _without_words(_frames(exc_info))


class _Line(logging.Formatter):
    """A line of a library's own log, in which a failure looks as it does in ours."""

    def formatException(self, ei: Any) -> str:
        """Return it in one line."""
        return json.dumps(failure(ei), ensure_ascii=False) if ei and ei[0] else ""


def configure(level: str) -> None:
    """Write our own log lines to standard error, and keep the libraries from printing payloads."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(_Line("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[lines])
    for name in ("slack_bolt", "slack_sdk", "aiohttp", "apscheduler"):
        logging.getLogger(name).setLevel(logging.ERROR if name.startswith("slack") else logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            on_one_line,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(failure),
            structlog.processors.LogfmtRenderer(bool_as_flag=False)
            if not sys.stderr.isatty()
            else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def on_one_line(logger: object, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out of what is logged whatever would turn, hide or break its line on a screen."""
    return {name: without_steering(value) if isinstance(value, str) else value for name, value in event.items()}
