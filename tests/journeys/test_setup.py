"""Journey (a): an administrator goes from nothing to a bot that works, and the coordinator's first conversation."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.words import Words
from tests.handlers.terminal_practice import Terminal
from tests.journeys.driver import Oogst, Slack

CTRL_C, ENTER = "\x03", "\r"


@pytest.fixture
def fresh(slack: Slack, tmp_path: Path, language: str) -> Iterator[Oogst]:
    """A computer on which nothing was set up; the bot finds its tokens in .env alone."""
    bot = Oogst(slack, tmp_path, language)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        bot.environment.pop(name)
    yield bot
    bot.close()
    assert "Traceback" not in bot.log() and "level=error" not in bot.log(), bot.log()


def answers(words: Words) -> dict[str, tuple[str, str]]:
    """What the administrator types at each question; the first words of a text are enough to know it by."""
    typed = {
        "setup.create_address": ENTER,
        "setup.create_done": ENTER,
        "setup.install_done": ENTER,
        "setup.app_token_ask": f"xapp-practice{ENTER}",
        "setup.bot_token_ask": f"xoxb-practice{ENTER}",
        "setup.coordinator_ask": f"Ineke{ENTER}",
        "setup.region_ask": f"#{ENTER}",
        "setup.region_ask again": ENTER,
    }
    questions = {key: words(key.split()[0]) for key in typed}
    return {key: (f"{_literal(question)}.* ?", typed[key]) for key, question in questions.items()}


def _literal(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter == " " else "." for letter in text)


def test_from_nothing_to_a_workspace_with_a_coordinator_who_practises(
    slack: Slack, fresh: Oogst, words: Words, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path)
    terminal.environment = fresh.environment
    typed = answers(words)

    stopped = [typed["setup.create_address"], typed["setup.create_done"], (typed["setup.install_done"][0], CTRL_C)]
    shown, code = terminal.talk(["setup", "--no-open"], stopped)
    assert code == 130
    assert words("setup.stopped") in shown

    rest = [typed[key] for key in typed if key not in ("setup.create_address", "setup.create_done")]
    shown, code = terminal.talk(["setup", "--no-open"], rest)
    assert code == 0, shown
    assert words("setup.done_already") in shown, "it goes on where it was"
    assert words("setup.ready") in shown
    assert "xapp-practice" not in shown and "xoxb-practice" not in shown
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600

    before = fresh.rows("SELECT * FROM region ORDER BY id"), fresh.rows("SELECT * FROM outbox")
    _, code = terminal.talk(["setup", "--no-open"], [typed["setup.region_ask again"]])
    assert code == 0
    assert (fresh.rows("SELECT * FROM region ORDER BY id"), fresh.rows("SELECT * FROM outbox")) == before

    fresh.start()
    ineke = slack.as_("Ineke")
    first = ineke.finds("@oogst", words("practice.ready"))
    assert words("practice.purpose") in first["plain"], "the bot begins with what it is for"
    for name in ("Noor", "Sanne"):
        assert slack.as_(name).messages("@oogst") == [], "nobody else gets a message"

    ineke.press(words("practice.yes"), channel="@oogst")
    card = ineke.finds("@oogst", words("practice.topic_lunch"))
    ineke.press(words("selection.choose_says", topic=words("practice.topic_trip")), channel="@oogst", ts=card["ts"])
    ineke.finds("@oogst", words("selection.own", topic="*", closes="13:20").split("*")[0])
    slack.move_clock("2021-06-17T13:25+02:00")
    ineke.until(lambda: len([m for m in ineke.messages("@oogst") if words("practice.topic_trip") in m["plain"]]) > 1)
    slack.settle()
    for name in ("Noor", "Sanne"):
        seen = slack.as_(name).sees()
        assert all(messages == [] for messages in [*seen["channels"].values(), seen["dm"]]), "only she sees it"
    assert fresh.rows("SELECT count(*) FROM theme WHERE status = 'active'") == [(0,)], "practice leaves no theme"

    fresh.restart()
    slack.settle()
    assert len([m for m in ineke.messages("@oogst") if words("practice.ready") in m["plain"]]) <= 1, "one first message"


def test_a_coordinator_who_needs_no_practice_makes_a_real_session(slack: Slack, oogst: Oogst, words: Words) -> None:
    oogst.stop()
    terminal = Terminal(oogst.folder)
    terminal.environment = oogst.environment
    _, code = terminal.talk(["setup", "--no-open"], [answers(words)["setup.region_ask again"]])
    assert code == 0
    oogst.start()
    ineke = slack.as_("Ineke")
    ineke.finds("@oogst", words("practice.ready"))
    ineke.press(words("practice.no"), channel="@oogst")
    ineke.modal(words("worksessions.new_title"))
