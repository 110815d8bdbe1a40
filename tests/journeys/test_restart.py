"""The bot is stopped and started between every two steps, and nobody can tell."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.words import Words, load
from storage.moments import Moment
from storage.schema import METADATA
from tests.journeys.driver import ROSTER, SCENARIO, Oogst, Slack
from tests.journeys.steps import (
    CHANNEL,
    OTHER,
    TOPICS,
    appoint,
    make_session,
    pick,
    share_by_reply,
    sign_off,
)

PEOPLE = ("Noor", "Samir", "Sanne", "Youssef", "Lotte", "Ineke")
FLEETING = {"inbox", "form"}
"""Keys of clicks and half-filled forms: no content of the programme."""
KEYED = {
    ("digest_statement", "key"), ("audit_head", "hash"),
    ("audit", "actor"), ("audit", "subject"), ("audit", "previous"), ("audit", "hash"),
}  # fmt: skip
"""Hashes under the secret of a workspace, or over moments and ids, which each run draws anew."""


@pytest.fixture
def language() -> str:
    return "nl"


def steps(slack: Slack, words: Words) -> Iterator[Callable[[], Any]]:
    """The chain, cut between every two things that people do; forms stay open over a cut."""
    ineke, noor, samir, sanne = (slack.as_(name) for name in ("Ineke", "Noor", "Samir", "Sanne"))
    yield lambda: make_session(slack, words)
    yield lambda: appoint(slack, words, **{TOPICS[0]: "Sanne", TOPICS[2].replace(" ", "_"): "Youssef"})
    yield lambda: pick(noor, TOPICS[0], words)
    yield lambda: pick(samir, TOPICS[1], words)
    yield lambda: pick(samir, TOPICS[2], words)
    yield lambda: slack.move_clock("2021-06-17T14:05+02:00")
    yield lambda: sanne.press(words("impressions.share_says", group=1), channel=CHANNEL)
    yield lambda: sanne.modal(words("impressions.form_title"))
    yield lambda: sanne.type(
        words("impressions.part.takeaway"), "We drinken eerst koffie met ouders. Dan pas praten we."
    )
    yield sanne.submit
    yield lambda: share_by_reply(slack, words)
    yield lambda: ineke.finds("@oogst", OTHER.split(". ")[0])
    yield lambda: ineke.press(words("harvest.edit"), channel="@oogst")
    yield lambda: ineke.type(words("harvest.headline_label"), "Koffie, sleutels en één afspraak")
    yield ineke.submit
    yield lambda: ineke.finds("@oogst", "Koffie, sleutels en één afspraak")
    yield lambda: sign_off(slack, words)
    yield lambda: ineke.press(_publish_label(ineke, words), channel="@oogst")
    yield lambda: noor.finds(CHANNEL, "Koffie, sleutels en één afspraak")
    yield lambda: ineke.finds("@oogst", words("followup.choose"))
    yield lambda: ineke.press(words("followup.choose"), channel="@oogst")
    yield lambda: ineke.choose(words("worksessions.day"), date="2021-09-16")
    yield ineke.submit
    yield lambda: ineke.close_forms()
    yield lambda: noor.finds(CHANNEL, words("followup.invitation", when="")[:12])
    yield lambda: noor.press(words("followup.answer_yes"), channel=CHANNEL)
    yield lambda: slack.move_clock("2021-06-22T09:01+02:00")
    yield lambda: slack.move_clock("2021-06-29T09:01+02:00")
    yield lambda: slack.move_clock("2021-09-15T09:01+02:00")


def _publish_label(ineke: Any, words: Words) -> str:
    draft = ineke.finds("@oogst", "Koffie, sleutels")
    return next(str(label) for label in draft["buttons"] if label.startswith(words("harvest.publish")))


def play(folder: Path, between: Callable[[Oogst], None]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Play the chain with something done between every two steps; return what was kept and what people read."""
    folder.mkdir()
    # Slack lets an app connect once a minute and repeats an event after a minute; nobody wants to wait for that here.
    slack, words = Slack(folder, "nl", SCENARIO, "--rates", "0", "--retries", "0,1,2,5"), load("nl")
    oogst = Oogst(slack, folder, "nl")
    try:
        oogst.run("roster", ROSTER)
        oogst.start()
        for step in steps(slack, words):
            step()
            between(oogst)
        slack.settle()
        assert slack.rejected() == []
        read = {name: _read(slack, name) for name in PEOPLE}
        return kept(oogst.database), read
    finally:
        oogst.close()
        slack.stop()


def _read(slack: Slack, name: str) -> list[str]:
    seen = slack.as_(name).sees()
    places = {**seen["channels"], "@oogst": seen["dm"]}
    texts = [f"{place}: {m['plain']}" for place, messages in places.items() for m in messages if not m["only_you"]]
    return sorted(_plain(text) for text in texts)


def kept(database: Path) -> dict[str, list[str]]:
    """Every table without moments and with ids cut to their kind, so that two runs can be compared."""
    found = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for name, table in sorted(METADATA.tables.items()):
            if name in FLEETING:
                continue
            columns = [
                c.name
                for c in table.columns
                if not isinstance(c.type, Moment)
                and c.name not in ("id", "ts", "body_hash", "secret", "attempt", "source_ts")
                and (name, c.name) not in KEYED
            ]
            rows = connection.execute(
                f'SELECT {", ".join(chr(34) + c + chr(34) for c in columns)} FROM "{name}"'
            ).fetchall()
            found[name] = sorted(_plain(json.dumps(row, ensure_ascii=False)) for row in rows)
    return found


def _plain(text: str) -> str:
    text = re.sub(r"\b([a-z]{2})_[0-9a-f]{16}\b", r"\1_", text)
    text = re.sub(r"[Vv]:V\w+:[\w.]+|a:U\w+:[\w.]+:[\w.]+:[\w.:]+", "click", text)
    text = re.sub(r"\b\d{10}\.\d{6}\b|p\d{16}", "ts", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(?:\+\d\d:\d\d|Z)?", "moment", text)
    return re.sub(r"\b\d{1,2}:\d{2}\b", "hh:mm", text)


def _nothing(oogst: Oogst) -> None:
    pass


def _stop_gently(oogst: Oogst) -> None:
    oogst.restart(signal.SIGTERM)


def _kill(oogst: Oogst) -> None:
    oogst.slack.settle()
    oogst.restart(signal.SIGKILL)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What is kept and read when nothing goes wrong."""
    return play(tmp_path_factory.mktemp("calm") / "play", _nothing)


@pytest.mark.xdist_group("restart")
@pytest.mark.parametrize("between", [_stop_gently, _kill], ids=["SIGTERM", "SIGKILL"])
def test_a_restart_between_every_two_steps_changes_nothing(
    tmp_path: Path, between: Callable[[Oogst], None], calm: tuple[dict[str, list[str]], dict[str, list[str]]]
) -> None:
    kept_after, read = play(tmp_path / "play", between)
    for name, rows in calm[0].items():
        assert kept_after[name] == rows, f"table {name}"
    for name in PEOPLE:
        assert read[name] == calm[1][name], f"what {name} reads"
