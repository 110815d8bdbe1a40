"""`oogst setup`: five steps at a real terminal, in front of the practice Slack; stopped, repeated, and lied to."""

import json
import re
import sqlite3
import stat
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.handlers.terminal_practice import Terminal
from tests.journeys.driver import ROOT, Slack

SETUP = ["setup", "--no-open"]
TOKENS = [("xapp- \\(je.*: ", "xapp-practice\r"), ("xoxb- \\(je.*: ", "xoxb-practice\r")]
PEOPLE = [("coördinator\\? .*: ", "Ineke\r"), ("Regio.*: ", "#regio-haaglanden\r"), ("Regio.*: ", "\r")]
BROWSER = [("Open dat in je browser", "\r"), ("dan Next en Create", "\r"), ("dan Allow", "\r")]


@pytest.fixture
def terminal(slack: Slack, terminal: Terminal) -> Terminal:
    """A terminal of somebody who has nothing yet but the address of the practice Slack."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        terminal.environment.pop(name)
    return terminal


def rows(terminal: Terminal, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(terminal.folder / "oogst.db") as connection:
        return list(connection.execute(query))


def test_five_steps_lead_from_nothing_to_a_bot_that_can_start(terminal: Terminal) -> None:
    shown, code = terminal.talk(SETUP, [*BROWSER, *TOKENS, *PEOPLE])
    assert code == 0, shown
    for number in range(1, 6):
        assert f"Stap {number} van 5" in shown
    assert "Gevonden: werkruimte Oefenwerkruimte." in shown
    assert "✗" not in shown
    assert "Klaar. Start met `oogst run`." in shown
    assert terminal.run("doctor").returncode == 0
    assert rows(terminal, "SELECT name FROM member WHERE roles LIKE '%coordinator%'") == [("Ineke",)]
    assert rows(terminal, "SELECT name FROM region") == [("Haaglanden",)]
    ((told,),) = rows(terminal, "SELECT details FROM audit WHERE action = 'roles_changed'")
    assert told == '{"door":"setup","roles":"coordinator,participant"}', "who became coordinator stands in the trail"


def test_tokens_are_never_shown_and_only_the_owner_reads_them(terminal: Terminal) -> None:
    shown, _ = terminal.talk(SETUP, [*BROWSER, *TOKENS, *PEOPLE])
    assert "-practice" not in shown
    env = terminal.folder / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert "SLACK_BOT_TOKEN=xoxb-practice" in env.read_text()
    assert sorted(path.name for path in terminal.folder.iterdir() if "db" not in path.name) == [".env"]


def test_an_env_file_that_others_could_read_is_closed_and_its_lines_stay(terminal: Terminal) -> None:
    env = terminal.folder / ".env"
    env.write_text("# van ons\nOOGST_REGION_WORD=regio\n")
    env.chmod(0o644)
    _, code = terminal.talk(SETUP, [*BROWSER, *TOKENS, *PEOPLE])
    assert code == 0
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert env.read_text().startswith("# van ons\nOOGST_REGION_WORD=regio\n")


def test_slacks_page_opens_with_our_manifest_filled_in(terminal: Terminal) -> None:
    shown, _ = terminal.talk(SETUP, [("Open dat in je browser", "\r"), ("dan Next en Create", "\x03")])
    address = re.search(r"https://api\.slack\.com/apps\S+", shown)
    assert address
    query = parse_qs(urlsplit(address.group()).query)
    assert query["new_app"] == ["1"]
    assert json.loads(query["manifest_json"][0]) == json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    assert len(address.group()) < 4000, "a browser or Slack may refuse a longer address"


def test_each_scope_is_explained_before_the_app_is_made(terminal: Terminal) -> None:
    shown, _ = terminal.talk(SETUP, [("Open dat in je browser", "\x03")])
    for scope in json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]:
        assert re.search(rf"^  {scope} +\S", shown, re.MULTILINE), scope
    assert "Moet een beheerder dit goedkeuren?" in shown


def test_stopping_halfway_goes_on_at_the_same_step(terminal: Terminal) -> None:
    shown, code = terminal.talk(SETUP, [*BROWSER[:2], ("dan Allow", "\x03")])
    assert code == 130
    assert "Gestopt. Start `oogst setup` opnieuw" in shown
    shown, code = terminal.talk(SETUP, [("dan Allow", "\r"), TOKENS[0], ("xoxb- \\(je.*: ", "\x03")])
    assert code == 130
    assert "Dit is al gedaan." in shown
    shown, code = terminal.talk(SETUP, [TOKENS[1], *PEOPLE])
    assert code == 0
    assert shown.count("Dit is al gedaan.") == 2


def test_doing_it_again_asks_nothing_twice_and_changes_nothing(terminal: Terminal) -> None:
    terminal.talk(SETUP, [*BROWSER, *TOKENS, *PEOPLE])
    before = [rows(terminal, f"SELECT * FROM {table}") for table in ("member", "region", "programme")]
    env = (terminal.folder / ".env").read_text()
    shown, code = terminal.talk(SETUP, [("Regio.*: ", "\r")])
    assert code == 0
    assert "Coördinator: Ineke." in shown
    assert [rows(terminal, f"SELECT * FROM {table}") for table in ("member", "region", "programme")] == before
    assert (terminal.folder / ".env").read_text() == env


def test_swapped_tokens_are_put_right(terminal: Terminal) -> None:
    swapped = [("xapp- \\(je.*: ", "xoxb-practice\r"), ("Dat was het bot-token[^:]*xapp- \\(je.*: ", "xapp-practice\r")]
    shown, code = terminal.talk(SETUP, [*BROWSER, *swapped, *PEOPLE])
    assert code == 0, shown
    assert "Ik bewaar het voor stap 4." in shown


def test_a_token_is_believed_only_after_slack_took_it(terminal: Terminal) -> None:
    wrong = [("xapp- \\(je.*: ", "xapp-wrong\r"), ("Slack kent dit token niet", ""), ("xapp- \\(je.*: ", "nonsense\r")]
    shown, code = terminal.talk(SETUP, [*BROWSER, *wrong, ("xapp- \\(je.*: ", "\r"), *TOKENS, *PEOPLE])
    assert code == 0
    assert shown.count("SLACK_APP_TOKEN begint met xapp-") == 2


def test_an_app_token_without_its_scope_is_told_the_exact_repair(terminal: Terminal, slack: Slack) -> None:
    slack("faults", method="apps.connections.open", error="missing_scope")
    shown, code = terminal.talk(SETUP, [*BROWSER, *TOKENS[:1], ("connections:write.*\n[^:]*xapp- \\(je.*: ", "\x03")])
    assert code == 130
    assert not (terminal.folder / ".env").exists(), "it is kept only when it works"
    assert "Maak een app-token met connections:write" in shown


def test_slack_that_asks_to_wait_is_waited_for(terminal: Terminal, slack: Slack) -> None:
    slack("faults", method="apps.connections.open", status=429, retry_after=1)
    shown, code = terminal.talk(SETUP, [*BROWSER, *TOKENS, *PEOPLE])
    assert code == 0
    assert "Ik wacht 1 seconden." in shown


def test_nobody_becomes_coordinator_by_half_a_name_that_two_people_have(terminal: Terminal) -> None:
    answers = [("coördinator\\? .*: ", "nobody\r"), ("vind ik niet[^:]*coördinator\\? .*: ", "sa\r")]
    answers += [("Dat kan Samir.* en Sanne[^:]*coördinator\\? .*: ", "1\r"), ("Regio.*: ", "\r")]
    shown, code = terminal.talk(SETUP, [*BROWSER, *TOKENS, *answers])
    assert code == 0
    assert rows(terminal, "SELECT name FROM member WHERE roles LIKE '%coordinator%'") == [("Ineke",)], shown


def test_all_channels_of_regions_are_taken_over_with_one_sign(terminal: Terminal) -> None:
    answers = [*PEOPLE[:1], ("Regio.*: ", "#\r"), ("Regio.*: ", "Nog een\r"), ("Regio.*: ", "#bestaat-niet\r")]
    shown, code = terminal.talk(SETUP, [*BROWSER, *TOKENS, *answers, ("Regio.*: ", "\r")])
    assert code == 0
    assert "Het kanaal #bestaat-niet zie ik niet" in shown
    named = dict(rows(terminal, "SELECT name, channel_id FROM region"))
    assert set(named) == {"Haaglanden", "Nieuwe Waterweg Noord", "Nog een"}
    assert named["Haaglanden"]
    assert named["Nog een"] is None


def test_a_slack_that_is_gone_ends_the_setup_with_what_to_do(terminal: Terminal) -> None:
    terminal.environment["SLACK_API_URL"] = "http://127.0.0.1:9/api/"
    _, code = terminal.talk(SETUP, [*BROWSER, TOKENS[0], ("niet te bereiken[^:]*xapp- \\(je.*: ", "\x03")])
    assert code == 130
    assert not (terminal.folder / ".env").exists()


def test_the_setup_speaks_english_when_asked(terminal: Terminal) -> None:
    terminal.environment["OOGST_LANGUAGE"] = "en"
    shown, code = terminal.talk(SETUP, [("Open it in your browser", "\x03")])
    assert code == 130
    assert "We take five steps" in shown
    assert "Stap" not in shown
