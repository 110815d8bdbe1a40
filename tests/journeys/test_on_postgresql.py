"""The bot as a process on PostgreSQL: a session is prepared and chosen in, and jobs bring what is owed."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.words import Words
from tests import postgres
from tests.journeys.driver import ROSTER, Oogst, Slack
from tests.journeys.steps import CHANNEL, TOPICS, make_session, pick


@pytest.mark.matrix
def test_a_session_is_chosen_in_and_its_groups_are_formed_on_postgresql(
    slack: Slack, tmp_path: Path, language: str, words: Words
) -> None:
    oogst = Oogst(slack, tmp_path, language, OOGST_DATABASE=postgres.empty())
    try:
        oogst.run("roster", ROSTER)
        oogst.start()
        make_session(slack, words)
        pick(slack.as_("Noor"), TOPICS[0], words)
        oogst.restart()
        pick(slack.as_("Samir"), TOPICS[0], words)
        slack.move_clock("2021-06-17T14:05+02:00")
        slack.as_("Noor").finds(CHANNEL, TOPICS[0])
        slack.as_("Noor").home(TOPICS[0])
        assert slack.rejected() == []
    finally:
        oogst.close()
