"""What people write to Oogst itself and in the thread of their group: read, kept, refused, changed and taken back."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.impressions import LONGEST, PARTS, Source
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from handlers import home, impressions
from handlers.routing import Answer, Click
from handlers.world import World
from storage import harvest as articles
from storage import impressions as impression_store
from storage import selection as groups
from storage import worksessions as sessions
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall

TOLD = "We nodigen de school nu uit vóór we inkopen."
SECOND = "De ouders praten vanaf het begin mee aan tafel."
DICTATED = "we nodigen de school nu uit voordat we inkopen en dat scheelt maanden"
LABELLED = f"{TOLD}\n\nWat ging makkelijk? De start.\nVraag: Wie betaalt de tolk?\nAanbod: Wij maken een kaart."
NUMBER = "Bel de moeder van het kind op 06-12345678."


class Hearing(House):
    """A house in which a test hears what somebody is told at once."""

    def __init__(self, folder: Path, now: Any) -> None:
        super().__init__(folder, now)
        self.said: list[str] = []

    def answer(self, handler: Callable[[Click, World], Coroutine[Any, Any, Answer]], click: Click) -> Answer:
        answered = self.do(handler(click, self.world))
        for work in answered.then:
            given = work.cr_frame.f_locals if work.cr_frame else {}
            told = given.get("told")
            blocks = [b if isinstance(b, dict) else b.to_dict() for b in given.get("blocks") or ()]
            self.said.append(
                str(given.get("text") or (told.text or [p.key for p in told.problems] if told else "")) + str(blocks)
            )
            work.close()
        return answered


class Direct:
    """Conversations with Oogst: each event goes to everybody who listens to it, as the router does."""

    numbers = itertools.count(1)

    def __init__(self, house: Hearing, afternoon: Afternoon) -> None:
        self.house, self.afternoon = house, afternoon

    def tell(self, name: str, body: dict[str, Any], user: str) -> None:
        self.house.said.clear()
        click = self.house.click(
            "event", name, user, channel="D1", ts=body.get("ts", ""), thread_ts=body.get("thread_ts", ""),
            body={"channel_type": "im", **body}, key=f"e:{next(self.numbers)}",
        )  # fmt: skip
        for _ in range(2):  # Slack may tell everything twice
            for routes in (impressions.ROUTES, home.ROUTES):
                for handler in routes.events.get(name, ()):
                    self.house.answer(handler, click)

    def say(self, user: str, text: str, ts: str = "5.1", **more: Any) -> None:
        self.tell("message", {"user": user, "ts": ts, "text": text, **more}, user)

    def edit(self, user: str, text: str, ts: str = "5.1", at: str = "6.1") -> None:
        message = {"user": user, "ts": ts, "text": text, "edited": {"user": user, "ts": at}}
        before = {"user": user, "ts": ts, "text": "iets anders"}
        self.tell("message_changed", {"message": message, "previous_message": before}, "")

    def delete(self, ts: str = "5.1") -> None:
        self.tell("message_deleted", {"deleted_ts": ts, "previous_message": {"ts": ts}}, "")

    def question(self) -> dict[str, Any]:
        """The question of which group a message is, as it stands in the conversation now."""
        row = self.house.owed("impressions.which")[0]
        body = self.house.draw(row, impressions.MESSAGES)
        assert body is not None
        return {"text": body.text, "blocks": json.dumps([b.to_dict() for b in body.blocks], ensure_ascii=False)}

    def press(self, user: str, name: str, value: str = "") -> None:
        row = self.house.owed("impressions.which")[0]
        click = self.house.click("action", name, user, value, channel="D1", ts=f"1.{row.id}")
        self.house.answer(impressions.ROUTES.actions[name], click)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Hearing]:
    opened = Hearing(tmp_path, wall(2021, 6, 17, 15, 40))
    yield opened
    opened.database.close()


@pytest.fixture
def afternoon(house: Hearing) -> Afternoon:
    return Afternoon(house)


@pytest.fixture
def direct(house: Hearing, afternoon: Afternoon) -> Direct:
    return Direct(house, afternoon)


def second_group(house: Hearing, afternoon: Afternoon) -> None:
    """Sanne leads a third group as well."""
    third = Group("gr_c", afternoon.session.id, 3, (), "sanne", ("ineke",))
    house.write(lambda db: groups.save_groups(db, TEAM, [third]))


def confirmation(house: Hearing) -> str:
    body = house.draw(house.owed("impressions.shared")[-1], impressions.MESSAGES)
    assert body is not None
    return body.text + json.dumps([b.to_dict() for b in body.blocks], ensure_ascii=False)


def forms_on_disk(house: House) -> list[str]:
    return house.read(lambda db: [row.data for row in db.exec(select(sessions.FormRow))])


def on_disk(house: House) -> bytes:
    house.do(house.database.tidy())
    return postgres.content(house.database.location)


# One group


@pytest.mark.parametrize("text", [TOLD, DICTATED], ids=["typed", "dictated"])
def test_what_a_facilitator_writes_to_oogst_is_the_impression_of_their_group(
    direct: Direct, afternoon: Afternoon, house: Hearing, text: str
) -> None:
    direct.say("sanne", text)
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.group, one.source, one.author) == (text, "gr_a", Source.DIRECT, "sanne")
    told = confirmation(house)
    assert "Bewaard voor groep 1." in told and "Aanpassen" in told and "Toch niet" in told
    assert len(house.owed("impressions.post")) == 1, "the group reads it in its thread"
    assert house.said == [], "and no help comes with it"


def test_a_note_taker_writes_for_the_group_in_which_they_sit(direct: Direct, afternoon: Afternoon) -> None:
    direct.say("lotte", TOLD)
    assert [one.group for one in afternoon.kept()] == ["gr_a"]


def test_labels_in_a_pasted_text_fill_the_fields(direct: Direct, afternoon: Afternoon) -> None:
    direct.say("sanne", LABELLED)
    (one,) = afternoon.kept()
    assert one.contents.takeaway == TOLD and one.contents.easy == "De start."
    assert (one.contents.question, one.contents.offer) == ("Wie betaalt de tolk?", "Wij maken een kaart.")


def test_a_text_that_does_not_say_what_the_group_took_along_is_kept_and_asked_for(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    direct.say("sanne", "Moeilijk: de tolk kwam veel te laat.")
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.hard) == ("", "de tolk kwam veel te laat.")
    assert "Wat nam de groep mee? Dat staat er nog niet bij." in confirmation(house)


@pytest.mark.parametrize(
    "text",
    ["Top, dank!", "wie neemt straks het woord voor ons", "Wanneer is de volgende keer precies?", ""],
)
def test_a_remark_or_a_question_gets_the_help_and_nothing_is_kept(
    direct: Direct, afternoon: Afternoon, house: Hearing, text: str
) -> None:
    direct.say("sanne", text)
    assert afternoon.kept() == [] and len(house.said) == 1
    assert "Oogst" in house.said[0] or "oogst" in house.said[0]


def test_a_text_that_is_too_long_is_not_kept_and_its_writer_hears_what_to_do(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    direct.say("sanne", "woord " * LONGEST)
    assert afternoon.kept() == [] and len(house.said) == 1 and "in delen" in house.said[0]
    direct.say("sanne", f"{'woord ' * 450}\n\nMoeilijk: {'woord ' * 450}", "5.2")
    assert len(afternoon.kept()) == 1, "labels divide it over fields that are not too long"


def test_what_may_not_be_kept_is_not_and_only_its_writer_hears_why(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    direct.say("sanne", f"{TOLD} {NUMBER}")
    assert afternoon.kept() == [] and "privacy.problem.phone" in house.said[0]
    assert b"12345678" not in on_disk(house) and b"inkopen" not in on_disk(house)
    direct.edit("sanne", TOLD)
    assert afternoon.texts() == [TOLD], "an edit without the number is kept after all"


def test_edits_and_deletion_of_the_message_follow_through(direct: Direct, afternoon: Afternoon, house: Hearing) -> None:
    direct.say("sanne", LABELLED)
    direct.edit("sanne", f"{SECOND}\nMoeilijk: de tolk.")
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.hard, one.contents.question) == (SECOND, "de tolk.", "")
    assert one.source is Source.DIRECT and house.said == []
    direct.delete()
    assert afternoon.kept() == []
    assert "ingetrokken" in confirmation(house)


def test_not_after_all_takes_it_back_and_an_edit_does_not_bring_it_back(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    direct.say("sanne", TOLD)
    (one,) = afternoon.kept()
    house.answer(impressions.decline, house.click("action", "impressions.decline", "sanne", value=one.id))
    direct.edit("sanne", SECOND)
    assert afternoon.kept() == [] and "ingetrokken" in confirmation(house)


def test_what_was_rewritten_in_the_form_no_longer_follows_the_message(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    direct.say("sanne", TOLD)
    (one,) = afternoon.kept()
    fields = dict.fromkeys(PARTS, "") | {"takeaway": TOLD, "quote": "Samen kan het."}
    metadata = json.dumps({"impression": one.id})
    house.answer(
        impressions.save_change,
        house.click("form", "impressions.change", "sanne", metadata=metadata, fields=fields, view_id="V1"),
    )
    direct.edit("sanne", SECOND)
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.quote) == (TOLD, "Samen kan het.")


CREATE = ("say", TOLD, "")
EDIT = ("edit", SECOND, "6.1")
AGAIN = ("edit", f"{TOLD}\nVraag: wie betaalt?", "6.2")
TALK = ("edit", "Laat maar.", "6.3")
GONE = ("delete", "", "")


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([CREATE, EDIT], [SECOND]),
        ([CREATE, EDIT, AGAIN], [TOLD]),
        ([CREATE, AGAIN, TALK], []),
        ([CREATE, EDIT, GONE], []),
    ],
    ids=["edited", "edited twice", "edited into talk", "deleted"],
)
@pytest.mark.parametrize("several", [False, True], ids=["one group", "two groups"])
def test_in_whatever_order_slack_tells_of_a_direct_message_the_end_is_the_same(
    direct: Direct, afternoon: Afternoon, house: Hearing, events: list[Any], left: list[str], several: bool
) -> None:
    if several:
        second_group(house, afternoon)
    for number, order in enumerate(itertools.permutations(events)):
        ts = f"{number + 100}.1"
        for kind, text, at in order:
            if kind == "say":
                direct.say("sanne", text, ts)
            elif kind == "edit":
                direct.edit("sanne", text, ts, at)
            else:
                direct.delete(ts)
        found = [one.contents.takeaway for one in afternoon.kept() if one.ts == ts]
        waiting = [json.loads(data)["text"].split("\n")[0] for data in forms_on_disk(house)]
        assert (waiting[number * len(left) :] if several else found) == left, [kind for kind, _, _ in order]


# Several groups


def test_with_several_groups_the_message_waits_until_its_writer_chooses(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    second_group(house, afternoon)
    direct.say("sanne", LABELLED)
    house.arrive("impressions.which")
    question = direct.question()
    assert afternoon.kept() == [] and question["text"] == "Van welke groep is dit?"
    assert "Groep 1" in question["blocks"] and "Groep 3" in question["blocks"] and "Toch niet" in question["blocks"]
    direct.press("sanne", "impressions.choose", "gr_c")
    (one,) = afternoon.kept()
    assert (one.group, one.contents.takeaway, one.contents.easy) == ("gr_c", TOLD, "De start.")
    assert direct.question()["text"] == "Dit hoort bij groep 3." and forms_on_disk(house) == []
    direct.edit("sanne", SECOND)
    assert afternoon.texts() == [SECOND], "from then on it follows the message"
    direct.press("sanne", "impressions.choose", "gr_a")
    assert [one.group for one in afternoon.kept()] == ["gr_c"], "a second tap changes nothing"


def test_a_message_that_waits_can_be_let_go_edited_and_deleted(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    second_group(house, afternoon)
    direct.say("sanne", "Een bijzonder woord was vandaag: luchtschip.")
    house.arrive("impressions.which")
    direct.edit("sanne", "Een bijzonder woord was vandaag: ballonvaart.")
    assert b"luchtschip" not in on_disk(house) and b"ballonvaart" in on_disk(house)
    direct.edit("sanne", "Laat maar.", at="6.2")
    assert b"ballonvaart" not in on_disk(house) and "geen impressie meer" in direct.question()["text"]
    direct.edit("sanne", TOLD, at="6.3")
    assert direct.question()["text"] == "Van welke groep is dit?"
    direct.press("sanne", "impressions.let_go")
    assert forms_on_disk(house) == [] and "geen impressie meer" in direct.question()["text"]
    direct.edit("sanne", SECOND, at="6.4")
    assert forms_on_disk(house) == [], "no is no"
    direct.press("sanne", "impressions.let_go")
    direct.delete()


def test_a_message_that_was_deleted_before_its_group_was_chosen_is_not_kept(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    second_group(house, afternoon)
    direct.say("sanne", TOLD)
    house.arrive("impressions.which")
    direct.delete()
    with pytest.raises(Refused, match="waiting_gone"):
        direct.press("sanne", "impressions.choose", "gr_a")
    assert afternoon.kept() == [] and b"inkopen" not in on_disk(house)


def test_nobody_else_chooses_and_nobody_chooses_a_group_that_is_not_theirs(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    second_group(house, afternoon)
    direct.say("sanne", TOLD)
    house.arrive("impressions.which")
    with pytest.raises(Refused, match="waiting_gone"):
        direct.press("youssef", "impressions.choose", "gr_a")
    with pytest.raises(Refused, match="share_impression"):
        direct.press("sanne", "impressions.choose", "gr_b")
    assert afternoon.kept() == [] and len(forms_on_disk(house)) == 1


def test_a_waiting_message_with_a_number_in_it_is_not_kept(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    second_group(house, afternoon)
    direct.say("sanne", f"{TOLD} {NUMBER}")
    assert forms_on_disk(house) == [] and house.owed("impressions.which") == []
    assert "privacy.problem.phone" in house.said[0]


def test_a_name_that_is_listed_while_a_message_waits_leaves_it(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    second_group(house, afternoon)
    direct.say("sanne", "De school zag Kevin pas heel laat in het traject.")
    assert "Kevin" in forms_on_disk(house)[0]
    afternoon.share("youssef", "gr_b", takeaway=TOLD, involved="Kevin")
    assert "[naam]" in forms_on_disk(house)[0] and b"Kevin" not in on_disk(house)


def test_a_text_with_a_file_gets_one_answer(direct: Direct, afternoon: Afternoon, house: Hearing) -> None:
    direct.say("sanne", TOLD, subtype="file_share", files=[{"id": "F1"}])
    assert afternoon.texts() == [TOLD]
    direct.say("noor", TOLD, "5.2", subtype="file_share", files=[{"id": "F2"}])
    assert house.said == [], "the file is answered, and that is enough"


def test_an_answer_below_our_question_about_a_group_is_of_that_group(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    from storage import delivery

    second_group(house, afternoon)
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key="impressions.ask:gr_c", kind="impressions.ask", arguments={"id": "gr_c"},
            user="sanne", now=house.world.now(),
        )
    )  # fmt: skip
    house.arrive("impressions.ask")
    (row,) = house.owed("impressions.ask")
    direct.say("sanne", TOLD, thread_ts=f"1.{row.id}")
    assert [one.group for one in afternoon.kept()] == ["gr_c"]


# Who writes, and when


def test_a_participant_hears_who_hands_in_for_their_group(direct: Direct, afternoon: Afternoon, house: Hearing) -> None:
    direct.say("noor", TOLD)
    assert afternoon.kept() == []
    assert len(house.said) == 1 and "De impressie van groep 1 komt van Lotte en Sanne." in house.said[0]
    direct.say("noor", "Top, dank!", "5.2")
    assert len(house.said) == 1 and "komt van" not in house.said[0]


def test_a_participant_of_a_group_without_a_facilitator_is_sent_to_the_coordinator(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    house.person("vera", None, Role.PARTICIPANT)
    house.write(lambda db: groups.save_groups(db, TEAM, [Group("gr_d", afternoon.session.id, 4, (), None, ("vera",))]))
    direct.say("vera", TOLD)
    assert "Niemand begeleidt groep 4" in house.said[0]


@pytest.mark.parametrize("user", ["ineke", "vreemd"])
def test_who_has_no_group_gets_the_help(direct: Direct, afternoon: Afternoon, house: Hearing, user: str) -> None:
    house.person("vreemd")
    direct.say(user, TOLD)
    assert afternoon.kept() == [] and len(house.said) == 1


def test_before_the_session_and_after_publication_nothing_is_kept(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    house.at(wall(2021, 6, 17, 12, 30))
    direct.say("sanne", TOLD)
    assert afternoon.kept() == []
    house.at(afternoon.session.ends_at + timedelta(days=3))
    direct.say("sanne", TOLD, "5.2")
    assert len(afternoon.kept()) == 1
    house.article(afternoon.session, [])
    assert house.read(lambda db: articles.state_of(db, TEAM, afternoon.session.id)) == "published"
    direct.say("sanne", SECOND, "5.3")
    assert len(afternoon.kept()) == 1 and len(house.said) == 1


def test_who_practises_practises_this_too_and_is_left_alone_afterwards(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    house.person("petra", None, Role.COORDINATOR)
    alone = replace(afternoon.session, id="ws_own", channel="D1", topics=(), created_by="petra")
    house.write(lambda db: sessions.save(db, alone, house.world.now()))
    house.write(lambda db: groups.save_groups(db, TEAM, [Group("gr_own", alone.id, 1, (), "petra", ())]))
    direct.say("petra", TOLD)
    (one,) = house.read(lambda db: impression_store.of_session(db, TEAM, "ws_own"))
    assert one.group == "gr_own"
    assert [row.channel_id for row in house.owed("impressions.post")] == ["D1"], "it reaches nobody else"
    house.at(alone.ends_at + timedelta(minutes=1))
    direct.say("petra", SECOND, "5.2")
    assert len(house.read(lambda db: impression_store.of_session(db, TEAM, "ws_own"))) == 1
    assert len(house.said) == 1


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"subtype": "channel_join"}])
def test_bots_and_notices_are_no_conversation(
    direct: Direct, afternoon: Afternoon, house: Hearing, more: dict[str, str]
) -> None:
    direct.say("sanne", TOLD, **more)
    assert afternoon.kept() == [] and house.said == []


def test_the_shortcut_works_on_a_direct_message_but_not_twice(
    direct: Direct, afternoon: Afternoon, house: Hearing
) -> None:
    direct.say("sanne", TOLD)
    message = {"text": TOLD, "ts": "5.1", "user": "sanne"}
    click = house.click("shortcut", "impressions.share", "sanne", channel="D1", ts="5.1", body={"message": message})
    with pytest.raises(Refused, match="taken"):
        house.answer(impressions.open_from_message, click)


# In the thread of a group


def test_labels_in_a_reply_fill_the_fields_and_follow_its_edits(afternoon: Afternoon) -> None:
    afternoon.reply("sanne", LABELLED)
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.question) == (TOLD, "Wie betaalt de tolk?")
    afternoon.edit("sanne", f"{SECOND}\nCitaat: 'Laat ons meedenken.'", before=LABELLED)
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.question) == (SECOND, "")
    assert one.contents.quote == "'Laat ons meedenken.'"


def test_every_label_of_the_form_is_read_in_both_languages(house: Hearing) -> None:
    from bot.impressions import read_fields

    for words in house.world.words.values():
        for part in PARTS:
            label = words(f"impressions.part.{part}")
            assert getattr(read_fields(f"{label}\nDe woorden."), part) == "De woorden.", label
            assert getattr(read_fields(f"{label.rstrip('?')}: de woorden."), part) == "de woorden.", label
