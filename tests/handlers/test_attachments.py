"""Dropping files, with the whole bot beside a practice Slack: what is read, kept, refused, tried again and let go."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.attachments import MOST_BYTES, MOST_IN_GROUP, Attachment, Kind, LeftOut, State
from bot.attachments.documents import REASONS
from bot.impressions import Source
from bot.privacy import Kind as Sensitive
from handlers import impressions
from handlers.attachments import MESSAGES, RHYTHM, file_deleted, receiving
from handlers.slack import router
from handlers.words import load
from playground import messaging
from playground.state import Message
from storage import attachments, delivery
from tests import postgres
from tests.bot.test_attachments import with_xml
from tests.handlers.dropped import NOW, QUOTED, TOLD, Afternoon, Json, Slack, bot_of, file, practising, word
from tests.handlers.house import TEAM, House
from tests.handlers.seated import Room

pytestmark = postgres.sqlite_only("a whole bot on the practice clock; on a server its jobs go by the real one")

NL = load("nl")
PHOTO = file("Flap groep 1.jpg", b"\xff\xd8\xff" + b"\0" * 2000)
DOCUMENT = word("Wat nemen we mee?", TOLD, "Citaat", QUOTED)
NUMBER = "111222333"
"""Nine digits that pass the check of a citizen number; nobody's."""


@pytest.fixture
def afternoon(tmp_path: Path) -> Afternoon:
    return Afternoon(tmp_path)


@pytest.fixture
async def slack(afternoon: Afternoon) -> AsyncIterator[Slack]:
    async with practising() as running, bot_of(afternoon, running):
        yield running


async def says(slack: Slack, who: str, *, direct: bool = False) -> list[str]:
    """What the bot said to somebody alone: whispered, or in their own conversation with it."""
    seen = await slack.see(who)
    return [m["plain"] for m in (seen["dm"] if direct else seen["channels"]["werksessie"]) if direct or m["only_you"]]


async def hears(slack: Slack, who: str, has: str) -> str:
    """Wait until the bot has said this to somebody in their own conversation with it, once."""
    for _ in range(200):
        if found := [text for text in await says(slack, who, direct=True) if has in text]:
            (one,) = found
            return one
        await asyncio.sleep(0.1)
    raise AssertionError(f"{who} never heard {has!r}, but {await says(slack, who, direct=True)}")


async def drop(slack: Slack, afternoon: Afternoon, who: str, *files: Json, of: str = "gr_a", text: str = "") -> str:
    """Drop files in the thread of a group, wait until the bot has done what it does; returns the id of the first."""
    dropped = await slack.drop(who, *files, thread_ts=afternoon.thread(of), text=text)
    await slack.settle()
    return dropped


# A file becomes the impression


@pytest.mark.parametrize(
    "dropped",
    [
        file("impressie.docx", DOCUMENT),
        file("oud.txt", f"Wat nemen we mee?\r\n{TOLD}\r\nCitaat\r\n{QUOTED}".encode("cp1252")),
        file("toch word.md", DOCUMENT),
    ],
    ids=lambda dropped: str(dropped["name"]),
)
async def test_a_file_in_the_thread_becomes_the_impression_in_exactly_its_words(
    slack: Slack, afternoon: Afternoon, dropped: Json
) -> None:
    id_ = await drop(slack, afternoon, "sanne", dropped)
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.quote) == (TOLD, QUOTED)
    assert (one.source, one.author, one.group) == (Source.FILE, "sanne", "gr_a")
    assert afternoon.file(id_).state is State.READ and afternoon.files() == []
    assert any(NL.count("attachments.reading", 1, group=1) in text for text in await says(slack, "sanne"))
    thread = [m["plain"] for m in (await slack.see("noor"))["channels"]["werksessie"] if m["thread_ts"]]
    assert any(TOLD in text for text in thread), "the group reads it in its thread"


async def test_one_event_that_comes_three_times_is_one_file_and_one_impression(
    slack: Slack, afternoon: Afternoon
) -> None:
    await slack.post("faults", deliveries={"duplicate": 2})
    await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT), PHOTO)
    assert len(afternoon.kept()) == 1 and len(afternoon.files()) == 1


async def test_who_may_not_hand_in_leaves_an_attachment(slack: Slack, afternoon: Afternoon) -> None:
    await drop(slack, afternoon, "noor", file("a.docx", DOCUMENT))
    assert afternoon.kept() == []
    assert [found.name for found in afternoon.files()] == ["a.docx"]
    assert all(NL("attachments.hand_in") not in text for text in await says(slack, "noor"))


async def test_the_coordinator_drops_an_agenda_and_says_when_it_is_an_impression(
    slack: Slack, afternoon: Afternoon
) -> None:
    await drop(slack, afternoon, "ineke", file("a.docx", DOCUMENT))
    assert (afternoon.kept(), len(afternoon.files())) == ([], 1)
    await slack.do("press", "ineke", label=NL("attachments.hand_in"))
    await slack.settle()
    assert [one.contents.takeaway for one in afternoon.kept()] == [TOLD]
    assert afternoon.files() == []


async def test_a_file_sent_to_the_bot_is_for_ones_own_group(slack: Slack, afternoon: Afternoon) -> None:
    await slack.drop("sanne", file("a.docx", DOCUMENT), channel="@oogst")
    await slack.settle()
    assert [(one.group, one.source) for one in afternoon.kept()] == [("gr_a", Source.FILE)]
    assert NL("attachments.for_group", group=1) in "".join(await says(slack, "sanne", direct=True))


async def test_who_has_two_groups_is_asked_for_which_the_file_is(slack: Slack, afternoon: Afternoon) -> None:
    id_ = await slack.drop("ineke", file("a.docx", DOCUMENT), channel="@oogst")
    await slack.settle()
    assert afternoon.file(id_).state is State.ASKED and afternoon.kept() == []
    assert slack.calls("files.download") == 0, "nothing is fetched before it is known what for"
    options = afternoon.house.read(lambda db: [group.id for group in (afternoon.first, afternoon.second)])
    answer = await slack.do(
        "choose", "ineke", channel="@oogst", action="attachments.group", option=f"{afternoon.file(id_).id}:{options[1]}"
    )
    assert answer["ok"], answer
    await slack.settle()
    assert [one.group for one in afternoon.kept()] == ["gr_b"]
    assert NL("attachments.for_group", group=2) in "".join(await says(slack, "ineke", direct=True))


async def test_who_has_no_open_group_or_sends_a_photo_hears_where_it_can_go(slack: Slack, afternoon: Afternoon) -> None:
    await slack.drop("noor", file("a.docx", DOCUMENT), channel="@oogst")
    await slack.drop("sanne", PHOTO, channel="@oogst")
    await slack.settle()
    assert (afternoon.kept(), afternoon.files()) == ([], [])
    assert NL("programme.refused.share_impression") in "".join(await says(slack, "noor", direct=True))
    assert NL("attachments.refused.direct", name="Flap groep 1.jpg") in "".join(await says(slack, "sanne", direct=True))


async def test_who_sends_a_video_is_not_sent_to_a_thread_that_refuses_it_too(
    slack: Slack, afternoon: Afternoon
) -> None:
    await slack.drop("sanne", file("film.mp4", b"film"), channel="@oogst")
    await slack.settle()
    told = "".join(await says(slack, "sanne", direct=True))
    assert NL("attachments.refused.kind", name="film.mp4") in told
    assert NL("attachments.refused.direct", name="film.mp4") not in told


# What cannot be read


@pytest.mark.parametrize(
    ("dropped", "why"),
    [
        (file("a.docx", b"%PDF-1.7"), "pdf"),
        (file("a.docx", word("", " ")), "empty"),
        (file("a.txt", f"Vraag: {TOLD}"), "no_takeaway"),
        (file("a.txt", "Een lange zin over de school. " * 101), "long"),
        (file("a.txt", "Een lange zin over de school. " * 4000), "long"),
    ],
    ids=["pdf", "empty", "no takeaway", "long", "very long"],
)
async def test_what_cannot_be_an_impression_is_an_attachment_and_its_sender_hears_why(
    slack: Slack, afternoon: Afternoon, dropped: Json, why: str
) -> None:
    await drop(slack, afternoon, "sanne", dropped)
    assert afternoon.kept() == []
    assert [found.name for found in afternoon.files()] == [dropped["name"]]
    told = await hears(slack, "sanne", NL(f"attachments.told.{why}"))
    assert NL("attachments.told.still_kept") in told
    assert b"lange zin over" not in afternoon.raw(), "nothing of its text is kept"


async def test_what_was_not_read_of_a_word_file_is_said(slack: Slack, afternoon: Afternoon) -> None:
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>kader</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    await drop(slack, afternoon, "sanne", file("a.docx", with_xml(f"<w:p><w:r><w:t>{TOLD}</w:t></w:r>{box}</w:p>")))
    assert [one.contents.takeaway for one in afternoon.kept()] == [TOLD]
    await hears(slack, "sanne", NL("attachments.told.parts", places=NL("attachments.place.text_box")))


@pytest.mark.parametrize(
    ("where", "more"), [("gr_a", ""), ("direct", "Een lange zin over de school. " * 4000)], ids=["short", "very long"]
)
async def test_of_a_file_with_what_may_not_be_kept_nothing_is_kept(
    slack: Slack, afternoon: Afternoon, where: str, more: str
) -> None:
    dropped = file("gevoelig.txt", f"{TOLD} Het gaat om leerling {NUMBER}. {more}")
    if where == "direct":
        id_ = await slack.drop("sanne", dropped, channel="@oogst")
        await slack.settle()
    else:
        id_ = await drop(slack, afternoon, "sanne", dropped, of=where)
    assert (afternoon.kept(), afternoon.files()) == ([], [])
    assert (afternoon.file(id_).state, afternoon.file(id_).name) == (State.DECLINED, "")
    await hears(slack, "sanne", NL("attachments.found.citizen_number"))
    (told,) = [m for m in (await slack.see("sanne"))["dm"] if NL("attachments.found.citizen_number") in m["plain"]]
    assert NUMBER not in told["plain"] and NL("impressions.share") in told["buttons"]
    assert NUMBER.encode() not in afternoon.raw()
    assert NUMBER not in str(
        [m["plain"] for m in (await slack.see("noor"))["channels"]["werksessie"] if m["user"] != "Sanne"]
    )


# Fetching that does not go well


async def test_a_file_that_could_not_be_fetched_is_fetched_later(slack: Slack, afternoon: Afternoon) -> None:
    await slack.post("faults", method="files.download", status=503, times=2)
    await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT))
    assert afternoon.kept() == []
    await slack.post("clock/move", by_seconds=30)
    assert (afternoon.kept(), slack.calls("files.download")) == ([], 1)
    await slack.post("clock/move", by_seconds=600)
    await slack.settle()
    assert [one.contents.takeaway for one in afternoon.kept()] == [TOLD]
    assert slack.calls("files.download") == 3


async def test_after_five_times_its_sender_is_told_and_the_file_is_an_attachment(
    slack: Slack, afternoon: Afternoon
) -> None:
    await slack.post("faults", method="files.download", status=503, times=0)
    await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT))
    assert not any(NL("attachments.told.network") in text for text in await says(slack, "sanne", direct=True))
    await slack.post("clock/move", by_seconds=24 * 3600)
    await slack.settle()
    assert slack.calls("files.download") == 5
    assert afternoon.kept() == [] and len(afternoon.files()) == 1
    told = await hears(slack, "sanne", NL("attachments.told.network"))
    assert NL("attachments.told.still_kept") in told


async def test_a_token_that_may_not_read_files_is_said_at_once(slack: Slack, afternoon: Afternoon) -> None:
    await slack.post("faults", method="files.download", status=401, times=0)
    await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT))
    assert slack.calls("files.download") == 1
    await hears(slack, "sanne", NL("attachments.told.no_right"))


async def test_a_bot_that_died_after_writing_the_file_down_fetches_it_when_it_is_back(afternoon: Afternoon) -> None:
    async with practising() as slack:
        afternoon.post(slack.posted)
        id_ = await slack.drop("sanne", file("a.docx", DOCUMENT), thread_ts=afternoon.thread("gr_a"))
        begun = Attachment(
            "at1", TEAM, id_, State.WAITING, "CWS", "7.1", "sanne", NOW, afternoon.session.id, "gr_a",
            name="a.docx", kind=Kind.WORD, size=9, attempts=1, try_at=NOW + timedelta(minutes=5),
        )  # fmt: skip
        await afternoon.house.database.write(lambda db: attachments.save(db, begun))
        async with bot_of(afternoon, slack):
            assert afternoon.kept() == [], "as long as another process may be at it, it is left alone"
            await slack.post("clock/move", by_seconds=301)
            await slack.settle()
            assert [one.contents.takeaway for one in afternoon.kept()] == [TOLD]


# What is kept as a reference


async def test_anybody_in_the_session_leaves_photos_with_a_group_or_the_session(
    slack: Slack, afternoon: Afternoon
) -> None:
    await drop(slack, afternoon, "noor", PHOTO)
    await drop(slack, afternoon, "samir", file("dia's.pptx", "x"), of="session")
    found = {each.name: each for each in afternoon.files()}
    assert (found["Flap groep 1.jpg"].group, found["Flap groep 1.jpg"].kind) == ("gr_a", Kind.PICTURE)
    assert found["Flap groep 1.jpg"].permalink.startswith(slack.base)
    assert (found["dia's.pptx"].group, found["dia's.pptx"].work_session) == (None, afternoon.session.id)
    assert slack.calls("files.download") == slack.calls("files.info") == 0, "no byte of it is fetched"
    (whispered,) = await says(slack, "noor")
    assert NL.count("attachments.kept_group", 1, group=1) in whispered
    assert any(NL.count("attachments.kept_session", 1) in text for text in await says(slack, "samir"))


async def test_a_caption_that_tells_something_is_the_impression_and_the_photo_its_attachment(
    slack: Slack, afternoon: Afternoon
) -> None:
    await drop(slack, afternoon, "sanne", PHOTO, text=TOLD)
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.source) == (TOLD, Source.REPLY)
    assert [found.kind for found in afternoon.files()] == [Kind.PICTURE]


async def test_a_pdf_is_kept_with_the_hint_how_it_could_be_read(slack: Slack, afternoon: Afternoon) -> None:
    await drop(slack, afternoon, "sanne", file("a.pdf", "%PDF-1.7"))
    assert len(afternoon.files()) == 1
    assert any(NL("attachments.tip") in text for text in await says(slack, "sanne"))


async def test_what_is_not_kept_is_refused_with_the_reason_and_the_rest_is_kept(
    slack: Slack, afternoon: Afternoon
) -> None:
    await drop(
        slack, afternoon, "noor", file("klik.exe", "MZ"), file("<!channel>.zip", "PK"), file("leeg.png", ""), PHOTO
    )
    assert [found.name for found in afternoon.files()] == ["Flap groep 1.jpg"]
    (told,) = await says(slack, "noor")
    assert NL("attachments.refused.kind", name="klik.exe") in told
    assert NL("attachments.refused.kind", name="<!channel>.zip") in told, "shown as it was typed, and nobody is called"
    assert NL("attachments.refused.empty", name="leeg.png") in told


async def test_a_file_above_the_limit_is_refused_with_the_limit(slack: Slack, afternoon: Afternoon) -> None:
    id_ = await slack.drop("sanne", PHOTO)
    slack.practice.workspace.files[id_].size = MOST_BYTES + 1
    upload = slack.practice.workspace.files[id_]
    message = Message(slack.practice.ts(), "CWS", "noor", thread_ts=afternoon.thread("gr_a"))
    messaging.share(slack.practice, [upload], message)
    await slack.settle()
    assert afternoon.files() == []
    assert any(NL("attachments.refused.size", name="Flap groep 1.jpg", most=25) in t for t in await says(slack, "noor"))


async def test_a_group_keeps_twenty_files_and_no_more(slack: Slack, afternoon: Afternoon) -> None:
    many = [file(f"foto {number}.png", "x") for number in range(MOST_IN_GROUP + 2)]
    await drop(slack, afternoon, "noor", *many[:15])
    await drop(slack, afternoon, "noor", *many[15:])
    assert len(afternoon.files()) == MOST_IN_GROUP
    assert any(
        NL("attachments.refused.many", name="foto 20.png", most=MOST_IN_GROUP) in t for t in await says(slack, "noor")
    )
    await drop(slack, afternoon, "samir", PHOTO, of="gr_b")
    assert len(afternoon.files()) == MOST_IN_GROUP + 1, "another group has its own room"


async def test_who_is_not_in_the_session_leaves_nothing(slack: Slack, afternoon: Afternoon) -> None:
    afternoon.house.person("vreemd")
    await drop(slack, afternoon, "vreemd", PHOTO)
    assert afternoon.files() == []
    assert any(NL("programme.refused.add_attachment") in text for text in await says(slack, "vreemd"))


async def test_files_elsewhere_are_nobody_s_business(slack: Slack, afternoon: Afternoon) -> None:
    await slack.drop("sanne", PHOTO)
    await slack.drop(
        "sanne",
        file("a.docx", DOCUMENT),
        thread_ts=(await slack.do("say", "noor", channel="werksessie", text="hoi"))["ts"],
    )
    await slack.settle()
    assert (afternoon.kept(), afternoon.files(), await says(slack, "sanne")) == ([], [], [])


@pytest.mark.parametrize(
    ("who", "dropped", "state", "told"),
    [
        ("noor", PHOTO, State.KEPT, ""),
        ("noor", file("a.txt", TOLD), State.KEPT, ""),
        ("noor", file("a.exe", "MZ"), State.DECLINED, "not_kept"),
        ("sanne", file("a.txt", TOLD), State.READ, ""),
    ],
    ids=["photo", "text of a participant", "program", "text of the facilitator"],
)
async def test_a_file_of_which_slack_first_gives_only_the_id_is_looked_up(
    afternoon: Afternoon, who: str, dropped: Json, state: State, told: str
) -> None:
    house = afternoon.house
    async with practising() as slack:
        afternoon.post(slack.posted)
        house.calls(slack.web)
        id_ = await slack.drop(who, dropped)
        body = {
            "type": "message", "subtype": "file_share", "user": who, "ts": "9.1", "thread_ts": afternoon.thread("gr_a"),
            "files": [{"id": id_, "mode": "file_access", "file_access": "check_file_info"}],
        }  # fmt: skip
        click = house.click("event", "message", who, channel="CWS", ts="9.1", thread_ts=body["thread_ts"], body=body)
        for work in (await receiving.heard(click, house.world)).then:
            await work
    found = afternoon.file(id_)
    assert (found.state, found.name) == (state, "" if told else str(dropped["name"]))
    assert [json.loads(row.arguments)["why"] for row in house.owed("attachments.told")] == ([told] if told else [])


# Taking back, and deleting


async def test_who_dropped_a_file_takes_it_back_and_nobody_else_can(slack: Slack, afternoon: Afternoon) -> None:
    id_ = await drop(slack, afternoon, "noor", PHOTO)
    place = f"CWS:{afternoon.file(id_).ts}"
    (whispered,) = [m for m in (await slack.see("noor"))["channels"]["werksessie"] if m["only_you"]]
    await slack.do(
        "press_stale",
        "samir",
        channel="werksessie",
        ts=afternoon.thread("gr_a"),
        action="attachments.decline",
        value=place,
        block="x",
    )
    await slack.settle()
    assert len(afternoon.files()) == 1
    assert NL("attachments.decline") in whispered["buttons"]
    await slack.do("press", "noor", label=NL("attachments.decline"))
    await slack.settle()
    assert afternoon.files() == []
    assert (afternoon.file(id_).state, afternoon.file(id_).name) == (State.DECLINED, "")
    assert any(NL("attachments.declined") in text for text in await says(slack, "noor"))


async def test_only_an_attachment_after_all_takes_the_impression_back(slack: Slack, afternoon: Afternoon) -> None:
    await drop(slack, afternoon, "sanne", file("agenda.docx", DOCUMENT))
    assert len(afternoon.kept()) == 1
    await slack.do("press", "sanne", label=NL("attachments.only_keep"))
    await slack.settle()
    assert afternoon.kept() == []
    assert [found.name for found in afternoon.files()] == ["agenda.docx"]


@pytest.mark.parametrize("how", ["file", "message"])
async def test_what_is_deleted_in_slack_goes_with_the_impression_that_was_read_from_it(
    slack: Slack, afternoon: Afternoon, how: str
) -> None:
    photo = await drop(slack, afternoon, "sanne", PHOTO)
    read = await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT))
    assert (len(afternoon.kept()), len(afternoon.files())) == (1, 1)
    for id_ in (photo, read):
        if how == "file":
            await slack.do("delete_file", "sanne", file=id_)
        else:
            await slack.do("delete", "sanne", channel="werksessie", ts=afternoon.file(id_).ts)
    await slack.settle()
    assert (afternoon.kept(), afternoon.files()) == ([], [])
    assert {afternoon.file(id_).name for id_ in (photo, read)} == {""}


async def test_a_file_that_is_deleted_while_it_waits_is_never_read(slack: Slack, afternoon: Afternoon) -> None:
    await slack.post("faults", method="files.download", status=503)
    id_ = await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT))
    await slack.do("delete_file", "sanne", file=id_)
    await slack.post("clock/move", by_seconds=24 * 3600)
    await slack.settle()
    assert (afternoon.kept(), afternoon.file(id_).state) == ([], State.GONE)
    assert slack.calls("files.download") == 1


async def test_words_of_a_withdrawn_file_stand_nowhere_in_the_thread(slack: Slack, afternoon: Afternoon) -> None:
    id_ = await drop(slack, afternoon, "sanne", file("a.docx", DOCUMENT))
    await slack.do("delete_file", "sanne", file=id_)
    await slack.settle()
    seen = [m["plain"] for m in (await slack.see("noor"))["channels"]["werksessie"]]
    assert not any(TOLD in text for text in seen)


async def test_of_a_file_whose_impression_is_withdrawn_not_even_the_name_is_left(
    slack: Slack, afternoon: Afternoon
) -> None:
    id_ = await drop(slack, afternoon, "sanne", file("gesprek met kanarie.docx", DOCUMENT))
    (one,) = afternoon.kept()
    house = afternoon.house
    await impressions.decline(house.click("action", "impressions.decline", "sanne", value=one.id), house.world)
    assert (afternoon.kept(), afternoon.file(id_).name, afternoon.file(id_).permalink) == ([], "", "")


# In any order


def events(afternoon: Afternoon) -> dict[str, tuple[str, Json]]:
    """What Slack tells about one photo: it comes, its message goes, the file goes."""
    raw = {
        "id": "F1",
        "name": "foto.png",
        "filetype": "png",
        "size": 9,
        "mode": "hosted",
        "permalink": "https://x.slack.com/f",
    }
    at = {"channel": "CWS", "channel_type": "channel"}
    came = {"type": "message", "subtype": "file_share", "user": "noor", "ts": "7.1", "text": "", "files": [raw]}
    buried = {"user": "noor", "ts": "7.1", "files": [{"id": "F1", "mode": "tombstone"}]}
    changed = {"message": buried, "previous_message": {"ts": "7.1", "files": [raw]}, "ts": "8.1"}
    return {
        "came": ("message", came | at | {"thread_ts": afternoon.thread("gr_a")}),
        "message gone": ("message_deleted", {"deleted_ts": "7.1", "previous_message": {"ts": "7.1"}} | at),
        "file gone": ("file_deleted", {"file_id": "F1"}),
        "changed": ("message_changed", changed | at),
    }


@pytest.mark.parametrize("goes", ["message gone", "file gone", "changed"])
def test_in_whatever_order_and_however_often_it_is_told_a_deleted_file_is_gone(afternoon: Afternoon, goes: str) -> None:
    house: House = afternoon.house
    afternoon.post(lambda key: f"1.{len(key)}")
    told, routes = events(afternoon), router()
    Room(house, afternoon.session)  # from here on what is whispered is kept, for there is no Slack here
    runs = 0
    for order in itertools.product(["came", goes], repeat=3):
        if goes not in order or "came" not in order:
            continue
        runs += 1
        number = itertools.count()
        for what in order:
            name, body = told[what]
            click = house.click(
                "event", name, str(body.get("user", "")), channel=str(body.get("channel", "")),
                ts=str(body.get("ts", "")), thread_ts=str(body.get("thread_ts", "")), body=body,
                key=f"{runs}{next(number)}",
            )  # fmt: skip

            async def ack(*_: Any) -> None:
                return None

            house.do(routes.handle(click, house.world, ack))
        assert afternoon.files() == [], order
        house.write(_forget_everything)
    assert runs == 6


def _forget_everything(db: Any) -> None:
    for table in ("attachment", "heard_message"):
        db.connection().execute(text(f"DELETE FROM {table}"))


def test_what_was_remembered_of_unknown_files_is_forgotten_after_a_day(afternoon: Afternoon) -> None:
    house = afternoon.house
    house.answer(file_deleted, house.click("event", "file_deleted", "", body={"file_id": "FX"}))
    assert afternoon.file("FX").state is State.GONE
    house.do(RHYTHM.tick(house.world, NOW))
    assert afternoon.file("FX").state is State.GONE
    house.do(RHYTHM.tick(house.world, NOW + timedelta(days=2)))
    assert house.read(lambda db: attachments.of_file(db, TEAM, "FX")) is None


# What is said


@pytest.mark.parametrize("language", ["nl", "en"])
def test_everything_that_is_told_about_a_file_stays_within_slacks_limits(afternoon: Afternoon, language: str) -> None:
    house = afternoon.house
    base = Attachment("at1", TEAM, "F1", State.KEPT, "CWS", "7.1", "sanne", NOW, afternoon.session.id, "gr_a", "&" * 80)
    reasons = [*REASONS, "large", "long", "empty", "no_takeaway", "no_right", "network", "not_allowed", "not_kept"]
    told = [(why, list[str]()) for why in reasons]
    told += [("sensitive", [kind.value for kind in Sensitive]), ("parts", [place.value for place in LeftOut])]
    for number, (why, found) in enumerate(told):
        house.write(partial(attachments.save, value=base))
        arguments = {"id": "at1", "why": why, "found": found}
        house.write(
            partial(
                delivery.plan, team=TEAM, key=f"k{number}", kind="attachments.told", arguments=arguments, user="sanne",
                now=NOW,
            )
        )  # fmt: skip
    for state in (State.ASKED, State.WAITING, State.DECLINED):
        changed = replace(base, id=f"at_{state}", file=f"F{state}", state=state, added_by="ineke", channel="D1")
        house.write(partial(attachments.save, value=changed))
        about = {"id": changed.id}
        house.write(
            partial(
                delivery.plan, team=TEAM, key=f"w{state}", kind="attachments.which", arguments=about, user="ineke",
                now=NOW,
            )
        )  # fmt: skip
    drawn = [house.draw(row, dict(MESSAGES), language) for kind in MESSAGES for row in house.owed(kind)]
    assert None not in drawn and len({body.text for body in drawn if body}) >= len(told) - 1
