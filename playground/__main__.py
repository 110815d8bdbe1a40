"""`python -m playground`: serve the practice Slack until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import signal
import sys
import time
from pathlib import Path

from . import manifest, scenario
from .practice import Practice, Settings
from .server import running

AGAIN = 3
"""The exit code that asks whoever started it to start everything afresh."""


def options() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    parser = argparse.ArgumentParser(prog="python -m playground", description="A practice Slack on this computer.")
    parser.add_argument("--port", type=int, default=8017, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest.json")
    parser.add_argument("--scenario", type=Path, default=scenario.DEFAULT)
    parser.add_argument("--keep", type=Path, help="a folder to save everything in, and go on from")
    parser.add_argument("--ack-timeout", type=float, default=3.0, help="seconds an app has to confirm")
    parser.add_argument("--retries", default="0,60,300", help="pauses in seconds before unconfirmed events come again")
    parser.add_argument("--rates", type=float, default=1.0, help="multiplies how often methods may be called; 0: any")
    parser.add_argument("--reset-exits", action="store_true", help=f"end with code {AGAIN} when somebody starts afresh")
    parser.add_argument("--history", choices=("internal", "distributed"), default="internal")
    return parser


async def serve(chosen: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT, or until somebody starts afresh; returns the exit code.

    Raises OSError or ValueError when the files or the port are no good.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    settings = Settings(
        ack_timeout=chosen.ack_timeout,
        retries=tuple(float(each) for each in chosen.retries.split(",") if each),
        rates=chosen.rates,
        distributed=chosen.history == "distributed",
        reset_exits=chosen.reset_exits,
    )
    practice = Practice(
        scenario.read(chosen.scenario),
        manifest.read(chosen.manifest),
        settings=settings,
        real=loop.time,
        wall=time.time,  # noqa: TID251 - signatures carry the real time
        prefix=secrets.token_hex(3).upper(),
        keep=chosen.keep,
    )
    async with running(practice, chosen.host, chosen.port) as base:
        sys.stdout.write(f"ready {base}\n")
        sys.stdout.flush()
        ends = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(practice.again.wait())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
    return AGAIN if practice.again.is_set() else 0


def main() -> int:
    """Run it; 0 after a stop, 3 when everything is to start afresh, 78 when it cannot start with these settings."""
    try:
        return asyncio.run(serve(options().parse_args()))
    except (OSError, ValueError, LookupError) as problem:
        sys.stderr.write(f"The practice Slack cannot start: {problem}\n")
        return 78


if __name__ == "__main__":
    sys.exit(main())
