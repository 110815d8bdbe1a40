"""Part A of the catalogue: what is longer than one message (A9)."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from aiohttp import web
from slack_sdk.models.blocks import Block
from sqlmodel import col, select

from bot.article import Part
from bot.delivery import RowState
from handlers import digest
from handlers.views.frame import section
from handlers.views.pages import PARAGRAPH, paginate, paragraphs, size
from playground.linter import lint_message, visible_texts
from storage.delivery import OutboxRow
from tests.catalogue.scripted_slack import Call, Cut, Slack, office
from tests.handlers.house import House, wall

Cases = Callable[[int], None]

WORDS = ("school", "ouders", "samen", "kind", "afspraak", "&amp;", "“ja”", "regio", "wij", "leraar", "é", "🌱", "thuis")


def prose(chance: random.Random, length: int) -> str:
    found = (chance.choice(WORDS) if chance.random() > 0.02 else "x" * chance.randrange(1, 400) for _ in range(length))
    return " ".join(islice(found, length // 4 + 1))[:length]


def texts_of(blocks: list[Block]) -> str:
    return "".join("\n".join(visible_texts([block.to_dict() for block in blocks])).split())


@pytest.mark.parametrize("seeds", [range(60), pytest.param(range(60, 300), marks=pytest.mark.matrix)])
def test_a9_what_is_cut_into_parts_keeps_its_order_and_loses_nothing(cases: Cases, seeds: range) -> None:
    tried = 0
    for seed in seeds:
        chance = random.Random(seed)
        whole = [prose(chance, chance.choice((20, 400, 2899, 2901, 9000))) for _ in range(chance.randrange(1, 20))]
        head, tail = [section("Kop")], [section("Staart")]
        body = [block for text in whole for block in paragraphs(text)]
        pages = paginate(head, body, tail)
        assert texts_of(pages[0]).startswith("Kop")
        assert texts_of(pages[0]).endswith("Staart")
        middle = [*pages[0][1:-1], *(block for page in pages[1:] for block in page)]
        assert texts_of(middle) == "".join("".join(whole).split()), seed
        for page in pages:
            assert len(page) <= 50, seed
            assert size(page) < 10_000, seed
            assert all(len(text) <= PARAGRAPH for text in visible_texts([block.to_dict() for block in page])), seed
        tried += 1
    cases(tried)


NOTES = {
    "sixty notes of 750": (60, 750),
    "sixty short ones": (60, 40),
    "one long one": (1, 2900),
    "twelve groups": (12, 2000),
}


@pytest.mark.parametrize(
    "what",
    [
        "sixty notes of 750",
        "one long one",
        pytest.param("sixty short ones", marks=pytest.mark.matrix),
        pytest.param("twelve groups", marks=pytest.mark.matrix),
    ],
)
def test_a9_a_digest_of_sixty_notes_fits_slack_part_for_part(tmp_path: Path, what: str) -> None:
    number, length = NOTES[what]
    house = House(tmp_path, wall(2021, 6, 17, 13, 55))
    house.region("Haaglanden")
    notes = [f"Noot {n:02}: {prose(random.Random(n), length - 9)}." for n in range(number)]
    topics = [f"Thema nummer {n}" for n in range(6)]
    house.article(house.session(wall(2021, 6, 17, 13), topics=topics), [[(Part.BODY, note)] for note in notes])
    house.at(wall(2021, 6, 22, 9))
    house.do(digest.tick(house.world, house.clock.now()))
    query = (
        select(OutboxRow).where(col(OutboxRow.kind).in_(["digest.post", "digest.details"])).order_by(col(OutboxRow.id))
    )
    rows = house.read(lambda db: list(db.exec(query)))
    assert rows[0].kind == "digest.post", "the parent first"
    assert {row.thread_key for row in rows[1:]} <= {rows[0].key}
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        body = house.draw(row, digest.MESSAGES)
        assert body is not None
        blocks = [block.to_dict() for block in body.blocks]
        assert lint_message({"text": body.text, "blocks": blocks}) == []
        assert len(blocks) <= 50
        assert all(len(text) <= 3000 for text in visible_texts(blocks))
    house.database.close()


async def test_a9_after_a_crash_in_the_middle_each_part_stands_once_and_one_look_tells(tmp_path: Path) -> None:
    cut: list[bool] = []

    def script(slack: Slack, call: Call) -> web.StreamResponse | None:
        if call.method == "chat.postMessage" and call.said["text"] == "deel 4" and not cut:
            cut.append(True)
            slack.store(call)
            return Cut()
        return None

    async with office(tmp_path, script) as at:
        at.owe("post", "kop", kind="digest.post", channel="C1")
        for number in range(12):
            at.owe(f"post:{number}", f"deel {number}", kind="digest.details", channel="C1", thread_key="post")
        await at.live(300)
        assert set(at.states().values()) == {RowState.SENT}
        assert [message.body["text"] for message in at.slack.messages] == ["kop", *(f"deel {n}" for n in range(12))]
        assert {message.thread_ts for message in at.slack.messages[1:]} == {at.slack.messages[0].ts}
        assert len(at.slack.of("conversations.replies")) == 1
        assert at.slack.of("conversations.history") == []
