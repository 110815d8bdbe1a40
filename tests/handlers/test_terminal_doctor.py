"""`oogst doctor`: everything is tested by using it, and every cross names its repair."""

import json
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers.terminal.doctor import school_holidays
from handlers.words import load
from storage import delivery, programme
from storage.database import Database
from tests.handlers.terminal_practice import Terminal, connected
from tests.journeys.driver import ROOT, ROSTER, SCENARIO, Slack


def test_all_is_well_in_a_workspace_that_is_set_up(terminal: Terminal) -> None:
    assert terminal.run("roster", ROSTER).returncode == 0
    done = terminal.run("doctor")
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout
    for said in ("Instellingen kloppen", "Bot-token werkt", "App-token werkt", "Rechten: 12 van 12", "Programma: "):
        assert said in done.stdout
    assert "Klok van de oefen-Slack: donderdag 17 juni 2021" in done.stdout


def test_programs_read_the_same_as_json(terminal: Terminal) -> None:
    done = terminal.run("doctor", "--json")
    found = {each["check"]: each for each in json.loads(done.stdout)}
    assert {"settings", "bot_token", "app_token", "scopes", "database", "model", "clock", "holidays"} <= found.keys()
    assert {each["state"] for each in found.values()} <= {"good", "off"}
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-verysecret", "Slack kent dit token niet"),
        ("SLACK_APP_TOKEN", "xapp-verysecret", "App-token werkt niet"),
        ("SLACK_API_URL", "http://127.0.0.1:9/", "Slack is niet te bereiken"),
        ("OOGST_CLOCK_URL", "http://127.0.0.1:9/", "antwoordt niet"),
        ("SLACK_BOT_TOKEN", "xapp-verysecret", "verwisseld"),
        ("OOGST_TIMEZONE", "Mars", "Europe/Amsterdam"),
    ],
)
def test_a_cross_names_the_repair_tells_no_secret_and_ends_with_1(
    terminal: Terminal, name: str, value: str, says: str
) -> None:
    done = terminal.run("doctor", **{name: value})
    assert done.returncode == 1
    assert any(line.startswith("✗") and says in line for line in done.stdout.splitlines()), done.stdout
    assert "verysecret" not in done.stdout + done.stderr


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "not_allowed_token_type", "fatal_error"])
def test_each_refusal_of_slack_has_its_own_repair(terminal: Terminal, slack: Slack, error: str) -> None:
    slack("faults", method="auth.test", error=error)
    done = terminal.run("doctor")
    assert done.returncode == 1
    assert "Bot-token werkt niet" in done.stdout
    assert "App-token werkt: " in done.stdout


def test_an_app_token_that_was_tested_just_now_is_no_mistake(terminal: Terminal, slack: Slack) -> None:
    slack("faults", method="apps.connections.open", status=429, retry_after=30)
    done = terminal.run("doctor")
    assert done.returncode == 0
    assert "! App-token bestaat, maar Slack laat het maar één keer per minuut testen" in done.stdout


def test_scopes_that_were_not_granted_are_named(tmp_path: Path) -> None:
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("im:write")
    manifest["oauth_config"]["scopes"]["bot"].append("pins:write")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    slack = Slack(tmp_path, "nl", SCENARIO, "--manifest", str(tmp_path / "manifest.json"))
    try:
        done = Terminal(tmp_path, **connected(slack)).run("doctor")
    finally:
        slack.stop()
    assert done.returncode == 1
    assert "✗ Rechten ontbreken: im:write" in done.stdout
    assert "! Slack gaf meer rechten dan nodig: pins:write" in done.stdout


def test_a_database_that_is_none_is_a_cross(terminal: Terminal) -> None:
    (terminal.folder / "oogst.db").write_text("Dit is een brief.")
    done = terminal.run("doctor")
    assert done.returncode == 1
    assert any(line.startswith("✗ Database: oogst.db") for line in done.stdout.splitlines()), done.stdout


def test_a_region_whose_channel_misses_the_bot_is_told_with_what_to_type(terminal: Terminal, slack: Slack) -> None:
    slack("channels", name="regio-zonder-bot", members=["Ineke"])
    (terminal.folder / "r.csv").write_text("user,region,channel,roles\nIneke,Nieuw,regio-zonder-bot,coördinator\n")
    told = "De bot mist in: {}. Typ daar: /invite @oogst"
    roster = terminal.run("roster", "r.csv")
    assert told.format("#regio-zonder-bot") in roster.stdout, roster.stderr
    done = terminal.run("doctor")
    assert told.format("Nieuw") in done.stdout
    assert done.returncode == 0


@pytest.mark.matrix
def test_a_workspace_without_a_coordinator_is_warned_about(terminal: Terminal) -> None:
    (terminal.folder / "r.csv").write_text("user,region\nNoor,Haaglanden\n")
    assert terminal.run("roster", "r.csv").returncode == 0
    assert "! Er is nog geen coördinator." in terminal.run("doctor").stdout


@pytest.mark.matrix
def test_what_is_not_sent_for_want_of_access_is_told_in_one_line_until_it_is_over(terminal: Terminal) -> None:
    assert terminal.run("roster", ROSTER).returncode == 0
    since = datetime(2021, 6, 17, 7, tzinfo=UTC)
    with closing(Database(str(terminal.folder / "oogst.db"))) as database:
        team = database.read_now(programme.programmes)[0].team

        def shut(db: Session) -> None:
            delivery.pause(db, team, delivery.EVERYTHING, "account_inactive", since, since)
            delivery.pause(db, team, "chat:write", "missing_scope", since, since)

        database.write_now(shut)
        done = terminal.run("doctor")
        assert done.returncode == 1
        (line,) = [line for line in done.stdout.splitlines() if "verstuurd sinds" in line]
        assert line.startswith("✗ Er wordt niets verstuurd sinds donderdag 17 juni 2021, 09:00: Slack weigert Oogst"), (
            line
        )
        assert "(account_inactive)" in line
        database.write_now(partial(delivery.resume, team=team, needs=delivery.EVERYTHING, now=since))
        done = terminal.run("doctor", OOGST_LANGUAGE="en")
        assert done.returncode == 1
        assert (
            "✗ Not everything is sent since Thursday 17 June 2021, 09:00: Slack gives no right to chat:write"
            in done.stdout
        )
        database.write_now(partial(delivery.resume, team=team, needs="chat:write", now=since))
    assert terminal.run("doctor").returncode == 0


def test_the_doctor_speaks_english_when_asked(terminal: Terminal) -> None:
    done = terminal.run("doctor", OOGST_LANGUAGE="en")
    assert "Bot token works" in done.stdout
    assert "werkt" not in done.stdout


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2021, 6, 17), "good"),
        (date(2029, 8, 16), "good"),
        (date(2029, 8, 18), "warning"),
        (date(2031, 1, 1), "warning"),
    ],
)
def test_it_is_said_a_year_ahead_that_the_school_holidays_run_out(today: date, state: str) -> None:
    finding = school_holidays(today, date(2030, 8, 18), load("nl"))
    assert finding.state == state
    assert "zondag 18 augustus 2030" in finding.text
