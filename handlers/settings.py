"""What the administrator decides, read from the environment and from .env, with one clear line for each mistake."""

from __future__ import annotations

import difflib
import ipaddress
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.programme import Programme
from handlers.words import Words, language_of, load

if TYPE_CHECKING:
    from handlers.clock import Clock
    from prompts.asking import Model
    from prompts.places import Place

ENV_FILE = Path(".env")
OUR_PREFIXES = ("OOGST_", "SLACK_")


WRONG_PLACES = {
    "address": "model_address",
    "local_public": "model_local_public",
    "eu_host": "model_eu_host",
    "eu_https": "model_eu_https",
}
"""What is wrong with the address of a language model, with the key of its text."""


class WrongSettings(Exception):
    """One or more settings are missing or wrong; `problems` has one line for each, in the language that was asked."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the lines; none of them repeats a value, since that may be a secret in the wrong place."""
        super().__init__("\n".join(problems))
        self.problems = problems


def wrong(kind: str, **values: str) -> PydanticCustomError:
    """Make the error whose text is `settings.<kind>` in the catalogue."""
    return PydanticCustomError(f"oogst_{kind}", "wrong setting", values)


def bot_token_problem(token: str) -> str | None:
    """Tell by its looks what is wrong with a bot token: the last part of a text key, or None when it may be one."""
    if token.startswith("xoxe."):
        return "token_rotates"
    if token.startswith("xapp-"):
        return "bot_token_is_app_token"
    if token.startswith("xoxp-"):
        return "bot_token_is_user_token"
    return None if token.startswith("xoxb-") and one_word(token) else "bot_token_looks_wrong"


def app_token_problem(token: str) -> str | None:
    """Tell by its looks what is wrong with an app token: the last part of a text key, or None when it may be one."""
    if token.startswith(("xoxb-", "xoxp-", "xoxe.")):
        return "app_token_is_bot_token"
    return None if token.startswith("xapp-") and one_word(token) else "app_token_looks_wrong"


def one_word(token: str) -> bool:
    """Tell whether a token can be sent in a header: printable ASCII without spaces."""
    return token.isascii() and token.isprintable() and " " not in token


def _bot_token(token: SecretStr) -> SecretStr:
    if problem := bot_token_problem(token.get_secret_value()):
        raise wrong(problem)
    return token


def _app_token(token: SecretStr) -> SecretStr:
    if problem := app_token_problem(token.get_secret_value()):
        raise wrong(problem)
    return token


def _model_key(key: SecretStr) -> SecretStr:
    if not one_word(key.get_secret_value()):
        raise wrong("model_key_looks_wrong")
    return key


def on_this_computer(host: str | None) -> bool:
    """Tell whether a host name or address never leaves this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _address(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong("address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise wrong("address")
    return address


def _safe_address(address: str) -> str:
    """Refuse plain http to another computer: a token would cross the network for all to read."""
    if address.startswith("http:") and not on_this_computer(urlsplit(address).hostname):
        raise wrong("address_not_safe")
    return address


def _with_slash(address: str) -> str:
    return address if address.endswith("/") else f"{address}/"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, a folder such as "Europe"
        raise wrong("zone") from None
    return name


def _word_template(path: Path) -> Path:
    """A Word file is a zip; what stands in it is looked at when a document is made."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        raise wrong("word_template")
    return path


def _database(value: str) -> str:
    """Turn a path or sqlite:/// address into a path whose folder exists."""
    scheme, found, rest = value.partition("://")
    if found and scheme.startswith("postgres"):
        raise wrong("database_postgresql")
    if found and (scheme != "sqlite" or not rest.startswith("/") or len(rest) == 1):
        raise wrong("database_address")
    path = Path(rest[1:] if found else value).expanduser()
    try:
        if path.is_dir():
            raise wrong("database_is_folder")
        if not path.parent.is_dir():
            raise wrong("database_folder")
    except PermissionError:
        raise wrong("database_closed") from None
    return str(path)


def _region_word(word: str) -> str:
    if not word.strip() or len(word) > 20 or not all(letter.isalpha() or letter in " -'" for letter in word):
        raise wrong("region_word")
    return word.strip()


def _tokens(value: object) -> int:
    """Read a whole number of tokens, with or without the dots that people write in it."""
    digits = str(value).replace(".", "").replace("_", "").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 12:
        raise wrong("tokens")
    return int(digits)


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What every command needs: where Oogst remembers, its language and zone, and where Slack and the clock are."""

    model_config = SettingsConfigDict(
        env_file=None,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    database: Annotated[str, AfterValidator(_database)] = Field("oogst.db", alias="OOGST_DATABASE")
    language: Annotated[Literal["nl", "en"], BeforeValidator(_lower)] = Field("nl", alias="OOGST_LANGUAGE")
    timezone: Annotated[str, AfterValidator(_zone)] = Field("Europe/Amsterdam", alias="OOGST_TIMEZONE")
    region_word: Annotated[str, AfterValidator(_region_word)] = Field("regio", alias="OOGST_REGION_WORD")
    llm_mode: Annotated[Literal["none", "local", "eu"], BeforeValidator(_lower)] = Field("none", alias="OOGST_LLM_MODE")
    llm_url: Annotated[str, AfterValidator(_address)] | None = Field(None, alias="OPENAI_BASE_URL")
    llm_key: Annotated[SecretStr, AfterValidator(_model_key)] | None = Field(None, alias="OPENAI_API_KEY")
    llm_model: str | None = Field(None, alias="OOGST_LLM_MODEL")
    llm_digest_tokens: Annotated[int, BeforeValidator(_tokens)] = Field(60_000, alias="OOGST_LLM_DIGEST_TOKENS")
    llm_month_tokens: Annotated[int, BeforeValidator(_tokens)] = Field(1_000_000, alias="OOGST_LLM_MONTH_TOKENS")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        "INFO", alias="OOGST_LOG_LEVEL"
    )
    word_template: Annotated[Path, AfterValidator(_word_template)] | None = Field(None, alias="OOGST_WORD_TEMPLATE")
    api_url: Annotated[str, AfterValidator(_address), AfterValidator(_safe_address), AfterValidator(_with_slash)] = (
        Field("https://slack.com/api/", alias="SLACK_API_URL")
    )
    clock_url: Annotated[str, AfterValidator(_address), AfterValidator(_safe_address)] | None = Field(
        None, alias="OOGST_CLOCK_URL"
    )

    @model_validator(mode="after")
    def _model_is_complete(self) -> Settings:
        if self.llm_mode != "none" and not (self.llm_url and self.llm_model):
            raise wrong("model_incomplete")
        if self.llm_mode != "none":
            self._model_place()
        return self

    def model(self, clock: Clock, chance: Callable[[], float]) -> Model:
        """Return the door to the language model; before the first question nothing is opened, in mode `none` ever."""
        from prompts.asking import NoModel

        place = self._model_place()
        if place is None:
            return NoModel()
        from prompts.endpoint import Endpoint

        key = self.llm_key.get_secret_value() if self.llm_key else ""
        return Endpoint(place, self.llm_model or "", key, clock, chance)

    def _model_place(self) -> Place | None:
        """Read where texts may go; what that takes is loaded only where somebody wants a model."""
        from bot.writing import Mode
        from prompts.places import WrongPlace, place

        try:
            return place(Mode(self.llm_mode), self.llm_url or "")
        except WrongPlace as refused:
            raise wrong(WRONG_PLACES[refused.kind]) from None

    @property
    def zone(self) -> ZoneInfo:
        """Return the programme's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def database_path(self) -> Path:
        """Return the SQLite file; its folder exists, the file itself may not yet."""
        return Path(self.database)

    def programme(self, team: str, bot_user: str, secret: str) -> Programme:
        """Return the programme of a workspace under these settings; a secret that is stored already is kept."""
        return Programme(team, self.language, self.timezone, self.region_word, secret, bot_user)


class SlackSettings(Settings):
    """What the commands that talk with Slack need besides: the two tokens."""

    bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] = Field(alias="SLACK_BOT_TOKEN")
    app_token: Annotated[SecretStr, AfterValidator(_app_token)] = Field(alias="SLACK_APP_TOKEN")


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
    name = str(place[0]) if place else "OOGST_LLM_MODE"
    if kind == "missing":
        return words("settings.bot_token_missing" if name == "SLACK_BOT_TOKEN" else "settings.app_token_missing")
    if kind == "literal_error":
        field = next(found for found in SlackSettings.model_fields.values() if found.alias == name)
        options = ", ".join(field.annotation.__args__)  # type: ignore[union-attr]  # a Literal has them
        return words("settings.choose", name=name, options=options)
    if kind == "oogst_model_eu_host":
        from prompts.places import EU_HOSTS

        return words("settings.model_eu_host", name=name, hosts=words.list(list(EU_HOSTS)))
    return words(f"settings.{kind.removeprefix('oogst_')}", name=name)
