"""Reads the settings, and says in one line each what is missing or wrong."""

import difflib
import os
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values
from pydantic import ValidationError

from handlers.settings.checks import WrongSettings
from handlers.settings.choices import Settings, SlackSettings
from handlers.words import Words, language_of, load

ENV_FILE = Path(".env")
OUR_PREFIXES = ("OOGST_", "SLACK_")
MISSING = {
    "SLACK_BOT_TOKEN": "settings.bot_token_missing",
    "SLACK_APP_TOKEN": "settings.app_token_missing",
    "SLACK_SIGNING_SECRET": "settings.signing_secret_missing",
}

S = TypeVar("S", bound=Settings)


def load_settings(kind: type[S], env_file: Path = ENV_FILE) -> S:
    """Read the settings: the environment first, then `env_file`, then the defaults.

    Raises WrongSettings with one line for each missing or wrong setting, that names the setting and the fix.
    """
    words = terminal_words(env_file)
    try:
        named = dotenv_values(env_file, encoding="utf-8") if env_file.exists() else {}
    except (UnicodeDecodeError, OSError):
        raise WrongSettings([words("settings.file_unreadable", file=str(env_file))]) from None
    problems = [_unknown(name, words) for name in named if name.startswith(OUR_PREFIXES) and name not in names()]
    try:
        settings = kind(_env_file=env_file)  # type: ignore[call-arg]  # pydantic-settings takes it, its plugin does not
    except ValidationError as error:
        problems += [_line(details["type"], details["loc"], words) for details in error.errors(include_url=False)]
    if problems:
        raise WrongSettings(problems)
    return settings


def names() -> list[str]:
    """Return the name of every setting, as it stands in the environment and in .env.example."""
    return [str(found.alias) for found in SlackSettings.model_fields.values()]


def terminal_words(env_file: Path = ENV_FILE) -> Words:
    """Return the language that was asked for, Dutch otherwise; works also when every other setting is wrong."""
    language = os.environ.get("OOGST_LANGUAGE")
    if not language:
        try:
            language = dotenv_values(env_file, encoding="utf-8").get("OOGST_LANGUAGE")
        except (UnicodeDecodeError, OSError):
            language = None
    return load(language_of(language))


def _unknown(name: str, words: Words) -> str:
    near = difflib.get_close_matches(name, names(), n=1)
    return words("settings.did_you_mean", name=name, other=near[0]) if near else words("settings.unknown", name=name)


def _line(kind: str, place: tuple[int | str, ...], words: Words) -> str:
    """Say in one line what is wrong; the kinds that pydantic itself finds are a missing token and a wrong choice."""
    whole = "SLACK_CLIENT_ID" if kind.startswith("oogst_install") else "OOGST_LLM_MODE"
    name = str(place[0]) if place else whole
    if kind == "missing":
        return words(MISSING[name])
    if kind == "literal_error":
        field = next(found for found in SlackSettings.model_fields.values() if found.alias == name)
        options = ", ".join(field.annotation.__args__)  # type: ignore[union-attr]  # a Literal has them
        return words("settings.choose", name=name, options=options)
    if kind == "oogst_model_eu_host":
        from prompts.places import EU_HOSTS

        return words("settings.model_eu_host", name=name, hosts=words.list(list(EU_HOSTS)))
    return words(f"settings.{kind.removeprefix('oogst_')}", name=name)
