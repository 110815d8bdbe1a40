"""Every setting by its name, with what holds when nothing is chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.programme import Programme
from handlers.settings import checks
from handlers.settings.checks import wrong

if TYPE_CHECKING:
    from handlers.clock import Clock
    from prompts.asking import Model
    from prompts.places import Place

WRONG_PLACES = {
    "address": "model_address",
    "local_public": "model_local_public",
    "eu_host": "model_eu_host",
    "eu_https": "model_eu_https",
}
"""What is wrong with the address of a language model, with the key of its text."""


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

    database: Annotated[str, AfterValidator(checks.database), PlainSerializer(checks.without_password)] = Field(
        "oogst.db", alias="OOGST_DATABASE", repr=False
    )
    language: Annotated[Literal["nl", "en"], BeforeValidator(checks.lower)] = Field("nl", alias="OOGST_LANGUAGE")
    timezone: Annotated[str, AfterValidator(checks.zone)] = Field("Europe/Amsterdam", alias="OOGST_TIMEZONE")
    region_word: Annotated[str, AfterValidator(checks.region_word)] = Field("regio", alias="OOGST_REGION_WORD")
    llm_mode: Annotated[Literal["none", "local", "eu"], BeforeValidator(checks.lower)] = Field(
        "none", alias="OOGST_LLM_MODE"
    )
    llm_url: Annotated[str, AfterValidator(checks.address)] | None = Field(None, alias="OPENAI_BASE_URL")
    llm_key: Annotated[SecretStr, AfterValidator(checks.model_key)] | None = Field(None, alias="OPENAI_API_KEY")
    llm_model: str | None = Field(None, alias="OOGST_LLM_MODEL")
    llm_digest_tokens: Annotated[int, BeforeValidator(checks.tokens)] = Field(60_000, alias="OOGST_LLM_DIGEST_TOKENS")
    llm_month_tokens: Annotated[int, BeforeValidator(checks.tokens)] = Field(1_000_000, alias="OOGST_LLM_MONTH_TOKENS")
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(checks.upper)] = Field(
        "INFO", alias="OOGST_LOG_LEVEL"
    )
    word_template: Annotated[Path, AfterValidator(checks.word_template)] | None = Field(
        None, alias="OOGST_WORD_TEMPLATE"
    )
    api_url: Annotated[
        str,
        AfterValidator(checks.address),
        AfterValidator(checks.safe_address),
        AfterValidator(checks.with_slash),
    ] = Field("https://slack.com/api/", alias="SLACK_API_URL")
    clock_url: Annotated[str, AfterValidator(checks.address), AfterValidator(checks.safe_address)] | None = Field(
        None, alias="OOGST_CLOCK_URL"
    )

    health_host: Annotated[str, AfterValidator(checks.host)] = Field("127.0.0.1", alias="OOGST_HEALTH_HOST")
    health_port: Annotated[int, BeforeValidator(checks.port)] | None = Field(None, alias="OOGST_HEALTH_PORT")
    metrics: Annotated[Literal["on", "off"], BeforeValidator(checks.lower)] = Field("off", alias="OOGST_METRICS")
    http_host: Annotated[str, AfterValidator(checks.host)] = Field("127.0.0.1", alias="OOGST_HTTP_HOST")
    http_port: Annotated[int, BeforeValidator(checks.port)] = Field(3000, alias="OOGST_HTTP_PORT")
    signing_secret: Annotated[SecretStr, AfterValidator(checks.secret_word)] | None = Field(
        None, alias="SLACK_SIGNING_SECRET"
    )
    public_url: Annotated[str, AfterValidator(checks.public_url)] | None = Field(None, alias="OOGST_PUBLIC_URL")
    client_id: Annotated[str, AfterValidator(checks.client_id)] | None = Field(None, alias="SLACK_CLIENT_ID")
    client_secret: Annotated[SecretStr, AfterValidator(checks.secret_word)] | None = Field(
        None, alias="SLACK_CLIENT_SECRET"
    )
    token_key: Annotated[SecretStr, AfterValidator(checks.token_key)] | None = Field(None, alias="OOGST_TOKEN_KEY")

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
    """What the commands that talk with Slack over a socket need besides: the two tokens."""

    bot_token: Annotated[SecretStr, AfterValidator(checks.bot_token)] = Field(alias="SLACK_BOT_TOKEN")
    app_token: Annotated[SecretStr, AfterValidator(checks.app_token)] = Field(alias="SLACK_APP_TOKEN")


class ServerSettings(Settings):
    """What `oogst serve` needs besides: Slack's signing secret, and a bot token or all that an installation takes."""

    bot_token: Annotated[SecretStr, AfterValidator(checks.bot_token)] | None = Field(None, alias="SLACK_BOT_TOKEN")
    signing_secret: Annotated[SecretStr, AfterValidator(checks.secret_word)] = Field(alias="SLACK_SIGNING_SECRET")

    @model_validator(mode="after")
    def _installs_completely(self) -> ServerSettings:
        given = [self.client_id, self.client_secret, self.token_key, self.public_url]
        if any(given[:2]) and not all(given):
            raise wrong("install_incomplete")
        if self.bot_token is None and not all(given):
            raise wrong("install_or_token")
        return self

    @property
    def installs(self) -> bool:
        """Whether workspaces can install Oogst by themselves; without, it serves the one of the bot token."""
        return self.client_id is not None
