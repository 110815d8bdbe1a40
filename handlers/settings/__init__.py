"""What the administrator decides, read from the environment and from .env, with one clear line for each mistake."""

from handlers.settings.checks import WrongSettings, app_token_problem, bot_token_problem, on_this_computer
from handlers.settings.choices import ServerSettings, Settings, SlackSettings
from handlers.settings.reading import ENV_FILE, load_settings, names, terminal_words

__all__ = [
    "ENV_FILE",
    "ServerSettings",
    "Settings",
    "SlackSettings",
    "WrongSettings",
    "app_token_problem",
    "bot_token_problem",
    "load_settings",
    "names",
    "on_this_computer",
    "terminal_words",
]
