"""`oogst serve`: the bot itself, for Slack over HTTP."""

from pathlib import Path

from handlers.settings import ServerSettings
from handlers.terminal.screen import CROSS, DONE, make_screen, settings_or_stop

EXTRA = ("cryptography", "prometheus_client", "starlette", "uvicorn")
"""What the extra `server` brings; without it `oogst run` works as always."""


def serve(env_file: Path, *, new_key: bool) -> int:
    """Serve until it is told to stop, or show a new key for OOGST_TOKEN_KEY; returns the exit code."""
    screen = make_screen(env_file)
    try:
        if new_key:
            from handlers.installing.sealing import new_key as drawn

            screen.show(drawn())
            return DONE
        settings = settings_or_stop(ServerSettings, env_file, screen)
        from handlers.serving import serve as serve_http
    except ModuleNotFoundError as missing:
        if missing.name not in EXTRA:
            raise
        screen.complain(screen.words("serve.extra_missing"))
        return CROSS
    return serve_http(settings)
