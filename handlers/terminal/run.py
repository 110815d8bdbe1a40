"""`oogst run`: the bot itself."""

from pathlib import Path

from handlers.settings import SlackSettings
from handlers.terminal.screen import make_screen, settings_or_stop


def run(env_file: Path) -> int:
    """Serve until it is told to stop; returns the exit code of the bot."""
    settings = settings_or_stop(SlackSettings, env_file, make_screen(env_file))
    from handlers.run import serve

    return serve(settings)
