"""K2, K3, K4 and K14: words that are taken back in Slack, in digests, before sending; and what never gets in a log."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest
import structlog

from bot.impressions import Source
from handlers import log as logs
from handlers.slack import kinds
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import House, wall
from tests.handlers.test_canary import Town, live, withdraw

SAID = "Wij nodigen de school voortaan uit voordat wij iets inkopen."
NEW = "Wij vragen het voortaan eerst aan de ouders en dan aan de school."
SECRET = "Wij bellen met leerling 157552676 over het vervoer naar school."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 16))
    yield made
    made.database.close()


Steps = Callable[[Afternoon], object]
IN_SLACK: list[tuple[str, list[Steps], list[str]]] = [
    ("deleted", [lambda r: r.reply("lotte", SAID), lambda r: r.delete()], []),
    ("deleted before it was heard", [lambda r: r.delete(), lambda r: r.reply("lotte", SAID)], []),
    ("deleted twice", [lambda r: r.reply("lotte", SAID), lambda r: r.delete(), lambda r: r.delete()], []),
    ("changed", [lambda r: r.reply("lotte", SAID), lambda r: r.edit("lotte", NEW, SAID)], [NEW]),
    ("changed before it was heard", [lambda r: r.edit("lotte", NEW, SAID), lambda r: r.reply("lotte", SAID)], [NEW]),
    ("changed and deleted", [
        lambda r: r.reply("lotte", SAID), lambda r: r.edit("lotte", NEW, SAID), lambda r: r.delete(),
    ], []),
    ("deleted and then changed", [
        lambda r: r.reply("lotte", SAID), lambda r: r.delete(), lambda r: r.edit("lotte", NEW, SAID),
    ], []),
    ("everything the wrong way round", [
        lambda r: r.delete(), lambda r: r.edit("lotte", NEW, SAID), lambda r: r.reply("lotte", SAID),
    ], []),
    ("changed back by an older event", [
        lambda r: r.reply("lotte", SAID), lambda r: r.edit("lotte", NEW, SAID, at="8.2"),
        lambda r: r.edit("lotte", SAID, SAID, at="8.1"),
    ], [NEW]),
    ("changed into what must not be kept", [
        lambda r: r.reply("lotte", SAID), lambda r: r.edit("lotte", SECRET, SAID),
    ], []),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "left"), [each[1:] for each in IN_SLACK], ids=[name for name, *_ in IN_SLACK])
def test_k2_a_message_that_is_deleted_or_changed_in_slack_is_followed(
    house: House, steps: list[Steps], left: list[str]
) -> None:
    room = Afternoon(house)
    for step in steps:
        step(room)
    assert room.texts() == left
    house.do(house.database.tidy())
    kept = postgres.content(house.database.location)
    for text in (SECRET, "157552676", *(() if left else (SAID, NEW))):  # of a note that stays, its versions stay too
        assert text.encode() not in kept, text


def test_k3_digests_that_are_out_follow_each_note_that_is_deleted(tmp_path: Path, cases: Callable[[int], None]) -> None:
    town = Town(tmp_path)
    try:
        notes = live(town)
        before = {key: said for key, said in town.drawn().items() if "kanarie" in said.casefold()}
        digests = [key for key in before if key.startswith("digest.post")]
        assert digests
        withdraw(town, notes)
        changed = {row.target_key for row in town.rows() if row.operation in ("update", "remove")}
        now = town.drawn()
        for key in before:
            assert key in changed, f"{key} stands in Slack as it was"
            assert now[key] and "kanarie" not in now[key].casefold(), key
        assert town.room.kept() == [one for one in town.room.kept() if one.source is not Source.FILE or one.author]
        cases(len(before))
    finally:
        town.house.database.close()


def test_k4_a_note_that_is_deleted_between_planning_and_sending_is_in_no_message(
    house: House, cases: Callable[[int], None]
) -> None:
    room = Afternoon(house)
    for number in range(10):
        room.reply("lotte", f"Kanarie {number} vloog met ons mee naar de school.", ts=f"7.{number + 1}")
    assert len(room.kept()) == 10
    planned = [row for kind in kinds() for row in house.owed(kind) if row.state == "planned"]
    renders = kinds()
    said = [
        body.text + str([b.to_dict() for b in body.blocks]) for row in planned if (body := house.draw(row, renders))
    ]
    assert "Kanarie" in "".join(said), "else this test says nothing"
    for number in range(10):
        room.delete(ts=f"7.{number + 1}")
        said = [
            body.text + str([block.to_dict() for block in body.blocks])
            for row in planned
            if (body := house.draw(row, renders))
        ]
        assert f"Kanarie {number} vloog" not in "".join(said)
    cases(10)


CANARIES = [
    *(f"xox{kind}-{number}-kanarie" for number, kind in enumerate("bpares")),
    "xapp-1-A0-kanarie", "sk-kanarie-0001", "sk-proj-kanarie-0002", "8f742231b10e8888abcd99yyyzzz85a5",
    "https://hooks.slack.com/actions/T1/2/kanarie", "https://hooks.slack.com/services/T1/B1/kanarie",
    "https://hooks.slack.com/commands/T1/3/kanarie", "postgresql://oogst:kanariewoord@db/oogst",
    "157552676", "157 552 676", "06-12345678", "noor@voorbeeld.nl", "1234 AB 12", "geb. 3-4-2012",
    "NL91ABNA0417164300", "Kevin Kanarie", "kevin kanarie", "Bontekanarie", "Kanarietakeaway", "Kanariecitaat",
    "Kanariebezwaar", "kanariebericht", "Kanariebelofte", "kanarieaanbod", "Kanarieklad",
]  # fmt: skip


def test_k14_nothing_of_thirty_canaries_is_in_any_line_that_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, cases: Callable[[int], None]
) -> None:
    """Everything that happens to notes, under DEBUG for every library, and failures with secrets at hand."""
    caplog.set_level(logging.DEBUG)
    out = io.StringIO()
    before = structlog.get_config()
    with redirect_stderr(out):
        logs.configure("DEBUG")
        try:
            town = Town(tmp_path)
            try:
                withdraw(town, live(town))
                for secret in CANARIES:
                    _fail(town, secret)
            finally:
                town.house.database.close()
        finally:
            structlog.configure(**before)
    written = f"{out.getvalue()}{caplog.text}"
    assert "failed" in written and "RuntimeError" in written, "else this test says nothing"
    assert [secret for secret in CANARIES if secret in written] == []
    assert len(set(CANARIES)) >= 30
    cases(len(set(CANARIES)))


def _fail(town: Town, secret: str) -> None:
    """Let a handler fail with a secret in everything it holds: local variables, the click, the statement."""
    from sqlalchemy import text

    from handlers.routing import Answer, Click, Router, Routes
    from handlers.world import World

    async def breaks(click: Click, world: World) -> Answer:
        held = {"secret": click.value, "url": click.response_url}
        try:
            await world.database.write(
                lambda db: db.connection().execute(text("INSERT INTO inbox VALUES (:a)"), {"a": held["secret"]})
            )
        except Exception as error:
            assert traceback.format_exception(error)
            raise RuntimeError("a handler broke") from error
        return Answer()

    async def ack(*_: object, **__: object) -> None: ...

    async def unknown(click: Click, world: World) -> Answer:
        return Answer()

    click = town.house.click("form", "x", "noor", secret, fields={"takeaway": secret}, response_url=secret)
    town.house.do(Router([Routes(forms={"x": breaks})], unknown).handle(click, town.house.world, ack))
