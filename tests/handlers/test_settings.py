"""Settings: read from the environment and .env, refused with one clear line each, never telling a secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.clock import SystemClock
from handlers.documents.word import SHIPPED
from handlers.settings import Settings, SlackSettings, WrongSettings, load_settings, names
from handlers.slack import kinds
from handlers.words import catalogues

ROOT = Path(__file__).parents[2]
BOT, APP = "xoxb-1-verysecret", "xapp-1-verysecret"


@pytest.fixture(autouse=True)
def a_quiet_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def write(**lines: str) -> Path:
    tokens = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}
    path = Path(".env")
    path.write_text("".join(f"{name}={value}\n" for name, value in (tokens | lines).items()), encoding="utf-8")
    return path


def problems(**lines: str) -> list[str]:
    with pytest.raises(WrongSettings) as caught:
        load_settings(SlackSettings, write(**lines))
    return caught.value.problems


def test_two_tokens_are_enough() -> None:
    settings = load_settings(SlackSettings, write())
    assert settings.bot_token.get_secret_value() == BOT
    assert settings.app_token.get_secret_value() == APP
    assert settings.api_url == "https://slack.com/api/"
    assert (settings.language, settings.timezone, settings.region_word) == ("nl", "Europe/Amsterdam", "regio")
    assert settings.database_path == Path("oogst.db")
    assert settings.llm_mode == "none"
    assert settings.clock_url is None


def test_commands_without_slack_need_no_token() -> None:
    assert load_settings(Settings, Path("no-such-file")).database_path == Path("oogst.db")


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OOGST_LANGUAGE", "en")
    monkeypatch.setenv("OOGST_TIMEZONE", "")
    settings = load_settings(SlackSettings, write(OOGST_LANGUAGE="nl", OOGST_TIMEZONE="America/Curacao"))
    assert settings.language == "en"
    assert settings.timezone == "America/Curacao", "an empty value counts as not given"


def test_missing_tokens_are_named_both_at_once_with_where_to_find_them() -> None:
    missing = problems(SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="")
    assert len(missing) == 2
    assert any("SLACK_BOT_TOKEN" in line and "oogst setup" in line for line in missing)
    assert any("SLACK_APP_TOKEN" in line and "App-Level Tokens" in line for line in missing)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ({"SLACK_BOT_TOKEN": APP}, "verwisseld"),
        ({"SLACK_APP_TOKEN": BOT}, "verwisseld"),
        ({"SLACK_BOT_TOKEN": "xoxp-1-verysecret"}, "van een persoon"),
        ({"SLACK_BOT_TOKEN": "xoxe.xoxb-1-verysecret"}, "token rotation"),
        ({"SLACK_BOT_TOKEN": "verysecret"}, "begint met xoxb-"),
        ({"SLACK_BOT_TOKEN": "'xoxb-1 verysecret'"}, "op één regel"),
        ({"SLACK_APP_TOKEN": "verysecret"}, "begint met xapp-"),
        ({"SLACK_API_URL": "verysecret"}, "webadres"),
        ({"SLACK_API_URL": "http://slack.com/api/"}, "https://"),
        ({"SLACK_API_URL": "http://[verysecret"}, "webadres"),
        ({"OOGST_CLOCK_URL": "http://127.0.0.1:verysecret/"}, "webadres"),
        ({"OOGST_DATABASE": "postgresql://me:verysecret@db"}, "postgresql://naam"),
        ({"OOGST_DATABASE": "postgresql://me:verysecret@db:door/oogst"}, "postgresql://naam"),
        ({"OOGST_DATABASE": "mysql://verysecret"}, "postgresql://naam"),
        ({"OOGST_DATABASE": "sqlite://"}, "postgresql://naam"),
        ({"OOGST_DATABASE": "no/such/folder/oogst.db"}, "Maak de map"),
        ({"OOGST_DATABASE": "."}, "bestandsnaam"),
        ({"OOGST_LANGUAGE": "verysecret"}, "nl, en"),
        ({"OOGST_TIMEZONE": "Amsterdam"}, "Europe/Amsterdam"),
        ({"OOGST_TIMEZONE": "Europe"}, "Europe/Amsterdam"),
        ({"OOGST_TIMEZONE": "../../etc/passwd"}, "Europe/Amsterdam"),
        ({"OOGST_REGION_WORD": "<!channel>"}, "één kort woord"),
        ({"OOGST_REGION_WORD": "r" * 21}, "één kort woord"),
        ({"OOGST_LLM_MODE": "cloud"}, "none, local, eu"),
        ({"OOGST_LLM_MODE": "eu"}, "OPENAI_BASE_URL"),
        ({"OPENAI_API_KEY": "'sk-1 verysecret'"}, "op één regel"),
        ({"OOGST_LOG_LEVEL": "loud"}, "DEBUG, INFO, WARNING, ERROR"),
        ({"OOGST_TIMEZON": "Europe/Amsterdam"}, "Bedoel je OOGST_TIMEZONE?"),
        ({"OOGST_XYZZY": "verysecret"}, "bestaat niet"),
    ],
)
def test_l5_a_wrong_setting_gets_one_line_with_the_fix_and_without_the_value(lines: dict[str, str], says: str) -> None:
    found = problems(**lines)
    assert len(found) == 1
    assert says in found[0]
    assert next(iter(lines)) in found[0]
    assert "\n" not in found[0]
    assert "verysecret" not in found[0]


def model(mode: str, url: str) -> dict[str, str]:
    return {"OOGST_LLM_MODE": mode, "OPENAI_BASE_URL": url, "OOGST_LLM_MODEL": "m", "OPENAI_API_KEY": "sk-verysecret"}


@pytest.mark.parametrize(
    ("mode", "url", "says"),
    [
        ("local", "https://8.8.8.8/v1", "daarbinnen"),
        ("local", "http://[2001:4860:4860::8888]/v1", "daarbinnen"),
        ("local", "http://[::ffff:8.8.8.8]/v1", "daarbinnen"),
        ("local", "http://169.254.169.254/v1", "daarbinnen"),
        ("local", "http://127.0.0.1@8.8.8.8/v1", "gewoon webadres"),
        ("eu", "https://api.openai.com/v1", "eu.api.openai.com"),
        ("eu", "http://eu.api.openai.com/v1", "https://"),
        ("eu", "https://eu.api.openai.com.verysecret.example/v1", "api.mistral.ai"),
        ("eu", "https://verysecret@eu.api.openai.com/v1", "gewoon webadres"),
        ("eu", "https://eu.api.openai.com./v1", "gewoon webadres"),
        ("eu", "https://eu.api.openai.com:8443/v1", "eu.api.openai.com"),
        ("eu", "https://127.0.0.1/v1", "eu.api.openai.com"),
    ],
)
def test_d8_an_address_that_its_mode_does_not_allow_stops_the_start_in_one_line(mode: str, url: str, says: str) -> None:
    (line,) = problems(**model(mode, url))
    assert says in line
    assert "OOGST_LLM_MODE" in line
    assert "verysecret" not in line


@pytest.mark.parametrize(
    ("mode", "url"), [("local", "http://localhost:11434/v1"), ("eu", "https://eu.api.openai.com/v1")]
)
def test_an_address_that_its_mode_allows_gives_a_model(mode: str, url: str) -> None:
    settings = load_settings(SlackSettings, write(**model(mode, url)))
    door = settings.model(SystemClock(), lambda: 0.0)
    assert (door.is_on, door.mode, door.name) == (True, mode, "m")


def test_without_a_mode_there_is_no_model_whatever_else_is_filled_in() -> None:
    filled = model("none", "https://api.openai.com/v1")
    assert not load_settings(SlackSettings, write(**filled)).model(SystemClock(), lambda: 0.0).is_on


def test_every_wrong_setting_is_told_at_once() -> None:
    assert len(problems(OOGST_LANGUAGE="fr", OOGST_TIMEZONE="Mars", SLACK_BOT_TOKEN=APP, OOGST_TIMEZON="x")) == 4


def test_the_lines_are_english_when_english_was_asked_for() -> None:
    assert problems(OOGST_LANGUAGE="en", OOGST_TIMEZONE="Mars") == [
        "OOGST_TIMEZONE is a time zone such as Europe/Amsterdam. Change the name."
    ]


@pytest.mark.parametrize("value", ["local.db", "sqlite:///local.db", "./local.db"])
def test_the_database_is_a_path_or_an_sqlite_address(value: str) -> None:
    assert load_settings(SlackSettings, write(OOGST_DATABASE=value)).database_path == Path("local.db")


def test_the_database_may_be_on_a_server_and_its_password_is_never_shown() -> None:
    address = "postgresql://me:verysecret@db:5432/oogst"
    settings = load_settings(SlackSettings, write(OOGST_DATABASE=address))
    assert settings.database == address
    assert "verysecret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_the_practice_slack_may_be_reached_without_https() -> None:
    settings = load_settings(SlackSettings, write(SLACK_API_URL="http://127.0.0.1:8017/api"))
    assert settings.api_url == "http://127.0.0.1:8017/api/"


def test_a_file_that_is_no_text_is_refused_in_one_line() -> None:
    Path(".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe\x00")
    with pytest.raises(WrongSettings, match="niet te lezen"):
        load_settings(SlackSettings)


def test_printing_the_settings_tells_no_secret() -> None:
    settings = load_settings(SlackSettings, write(OPENAI_API_KEY="sk-verysecret"))
    assert "verysecret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_every_kind_of_mistake_has_a_text_and_every_text_is_for_a_mistake_that_is_made() -> None:
    rooms = sorted((ROOT / "handlers" / "settings").glob("*.py"))
    source = "".join(room.read_text(encoding="utf-8") for room in rooms)
    for words in catalogues().values():
        for key in words.every_key():
            if key.startswith("settings."):
                assert f'"{key.removeprefix("settings.")}"' in source or f'"{key}"' in source, key


def test_the_example_file_has_every_setting_required_first() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Liever stap voor stap? Gebruik `oogst setup`.")
    given = [line.lstrip("#").split("=")[0] for line in lines if "=" in line and not line.startswith("# ")]
    assert sorted(given) == sorted(names())
    required = [str(f.alias) for f in SlackSettings.model_fields.values() if f.is_required()]
    assert given[: len(required)] == required
    assert [line for line in lines if line[:1].isupper()] == [f"{name}=" for name in required]


def test_the_example_file_shows_what_holds_when_nothing_is_chosen() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for found in SlackSettings.model_fields.values():
        if not found.is_required():
            assert f"#{found.alias}={found.default or ''}\n" in text


def test_the_example_file_works_once_the_tokens_are_filled_in() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    lines = [
        line.lstrip("#") if line.startswith("#") and not line.startswith("# ") else line for line in text.splitlines()
    ]
    filled = "\n".join(lines).replace("BOT_TOKEN=", f"BOT_TOKEN={BOT}").replace("APP_TOKEN=", f"APP_TOKEN={APP}")
    Path(".env").write_text(filled, encoding="utf-8")
    load_settings(SlackSettings)


@pytest.mark.parametrize("command", ["run"])
def test_l5_a_command_with_wrong_settings_ends_with_78_and_one_line_each(command: str) -> None:
    write(OOGST_TIMEZONE="Mars", SLACK_APP_TOKEN=BOT)
    clean = {name: value for name, value in os.environ.items() if name not in names()}
    done = subprocess.run(
        [sys.executable, "-m", "handlers.terminal", command], capture_output=True, text=True, env=clean, check=False
    )
    assert done.returncode == 78, done.stderr
    assert [line.split()[1] for line in done.stderr.splitlines()] == ["OOGST_TIMEZONE", "SLACK_APP_TOKEN"]
    assert "verysecret" not in done.stderr + done.stdout


def test_a_word_template_has_to_be_a_word_file(tmp_path: Path) -> None:
    file = tmp_path / "sjabloon.docx"
    file.write_text("geen Word")
    (problem,) = problems(OOGST_WORD_TEMPLATE=str(file))
    assert "OOGST_WORD_TEMPLATE" in problem
    file.write_bytes(SHIPPED.read_bytes())
    assert load_settings(SlackSettings, write(OOGST_WORD_TEMPLATE=str(file))).word_template == file
    assert callable(kinds(file)["harvest.file"])
