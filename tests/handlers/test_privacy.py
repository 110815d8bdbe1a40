"""What must not be kept is refused at every door, names that were listed are masked, and none of it is ever logged."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.article import Part
from bot.followup import version_of
from bot.impressions import PARTS, Contents, Draft, Impression, QuoteUse, Source
from bot.privacy import problems
from bot.problem import Refused
from bot.programme import Role
from bot.worksessions import State as Stage
from handlers import attachments as attached
from handlers import followup, harvest, impressions, inbox, privacy, proposals
from handlers import worksessions as making
from handlers.routing import Answer, Click
from handlers.views import impressions_form as views
from handlers.views.privacy import INVOLVED
from handlers.world import World
from playground.linter import lint_message
from storage import attachments, delivery, drafts
from storage import harvest as articles
from storage import impressions as store
from storage import privacy as names
from storage.digest import DigestItemRow, DigestRow
from storage.worksessions import FormRow
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall
from tests.handlers.promising import Promising

TOLD = "We nodigen de school nu uit vóór we inkopen."
SPELLINGS = [
    "157552676",
    "157 552 676",
    "157.552.676",
    "1575.52.676",
    "157-552-676",
    "1 5 7 5 5 2 6 7 6",
    "１５７５５２６７６",
    "１５７．５５２．６７６",
    "1\u200b5\u200b7\u200b5\u200b5\u200b2\u200b6\u200b7\u200b6",
    "157\u00a0552\u00a0676",
    "157\u2011552\u2011676",
    "١٥٧٥٥٢٦٧٦",
]
"""Twelve ways to write one made-up citizen number."""
OTHERS = ["06-12345678", "noor@voorbeeld.nl", "1234 AB 12", "geb. 3-4-2012"]
"""One made-up example of every other kind."""


class Hearing(House):
    """A house in which a test hears what Slack would be asked to say at once."""

    said: str = ""

    def answer(self, handler: Callable[[Click, World], Coroutine[Any, Any, Answer]], click: Click) -> Answer:
        answered = self.do(handler(click, self.world))
        for work in answered.then:
            given = work.cr_frame.f_locals if work.cr_frame else {}
            blocks = [b if isinstance(b, dict) else b.to_dict() for b in given.get("blocks") or ()]
            self.said += json.dumps([str(given.get("text", "")), blocks], ensure_ascii=False)
            work.close()
        return answered

    def bytes(self) -> bytes:
        """Everything on disk: the database, and its log as it is left after tidying up."""
        self.do(self.database.tidy())
        return postgres.content(self.database.location)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Hearing]:
    made = Hearing(tmp_path, wall(2021, 6, 17, 16))
    yield made
    made.database.close()


@pytest.fixture
def room(house: Hearing) -> Afternoon:
    return Afternoon(house)


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every test here runs with all logs at DEBUG, and none of what people wrote may be in them."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield
    logged = f"{lines} {caplog.text}"
    for secret in (*SPELLINGS, *OTHERS, "Kevin", "Amrani"):
        assert secret not in logged


def change(house: House, one: Impression, user: str = "sanne", **parts: str) -> Any:
    click = house.click(
        "form", "impressions.change", user, metadata=json.dumps({"impression": one.id}),
        fields=dict.fromkeys(PARTS, "") | parts,
    )  # fmt: skip
    return house.answer(impressions.save_change, click)


# Refused


@pytest.mark.parametrize("spelled", [*SPELLINGS, *OTHERS])
def test_k12_a_form_keeps_the_text_says_what_to_take_out_and_stores_nothing(
    room: Afternoon, house: Hearing, spelled: str
) -> None:
    answer = room.share("sanne", takeaway=TOLD, question=f"Wat doen we met {spelled}?")
    assert answer.ack["response_action"] == "errors", "the form stays open with what was typed"
    (sentence,) = answer.ack["errors"].values()
    assert list(answer.ack["errors"]) == ["question"]
    assert sentence.startswith("Haal d") and "•••" in sentence and spelled not in sentence
    assert room.kept() == [] and not house.owed("impressions.post")
    assert spelled.encode() not in house.bytes() and TOLD.encode() not in house.bytes()


@pytest.mark.parametrize("spelled", [*SPELLINGS, *OTHERS])
def test_a_reply_is_not_stored_and_its_writer_alone_is_told(room: Afternoon, house: Hearing, spelled: str) -> None:
    room.reply("sanne", f"Wij spraken over {spelled} en over de school.")
    assert room.kept() == [] and not house.owed("impressions.post")
    assert "Ik heb je bericht niet bewaard." in house.said
    assert "Haal het daar zelf weg." in house.said, "Slack still has the message"
    assert '"action_id": "impressions.share"' in house.said and '"value": "gr_a"' in house.said
    assert spelled not in house.said and spelled.encode() not in house.bytes()


def test_a_reply_that_becomes_sensitive_goes_with_everything_it_said(room: Afternoon, house: Hearing) -> None:
    room.reply("sanne", TOLD)
    assert room.texts() == [TOLD]
    room.edit("sanne", f"{TOLD} Bel 06-12345678.", before=TOLD)
    assert room.texts() == []
    assert "Haal dit telefoonnummer weg: 06•••" in house.said
    assert TOLD.encode() not in house.bytes() and b"12345678" not in house.bytes()
    room.edit("sanne", f"{TOLD} Bel de school.", before="-", at="8.2")
    assert room.texts() == [f"{TOLD} Bel de school."], "taken out, it is kept again"


def test_sensitive_then_late_events_end_the_same(room: Afternoon) -> None:
    room.edit("sanne", f"{TOLD} Bel 06-12345678.", before=TOLD, at="8.1")
    room.reply("sanne", TOLD)
    assert room.texts() == [], "the newest words of the message may not be kept"


def test_talk_is_not_stored_so_nobody_is_lectured_about_it(room: Afternoon, house: Hearing) -> None:
    room.reply("noor", "Bel me straks even op 06-12345678, dan praten we verder.")
    room.reply("sanne", "06-12345678", "7.2")
    assert house.said == ""


def test_a_message_shared_by_shortcut_passes_the_same_check(room: Afternoon, house: Hearing) -> None:
    form = room.shortcut("sanne", f"{TOLD} Mail noor@voorbeeld.nl.", ts="9.1")
    assert b"voorbeeld.nl" not in house.bytes()
    answer = room.hand_in("sanne", form, takeaway=f"{TOLD} Mail noor@voorbeeld.nl.")
    assert "Haal dit e-mailadres weg: no•••" in answer.ack["errors"]["takeaway"]
    assert room.kept() == []


def test_a_shared_message_that_becomes_sensitive_is_withdrawn(room: Afternoon, house: Hearing) -> None:
    form = room.shortcut("sanne", TOLD, ts="9.1")
    room.hand_in("sanne", form, takeaway=TOLD)
    room.edit("noor", f"{TOLD} BSN 123456789", before=TOLD, ts="9.1")
    assert room.texts() == []
    assert b"123456789" not in house.bytes()


def test_a_change_passes_the_same_check_and_the_old_words_stay(room: Afternoon, house: Hearing) -> None:
    room.share("sanne", takeaway=TOLD)
    (one,) = room.kept()
    answer = change(house, one, takeaway=f"{TOLD} geboren 3 april 2012")
    assert "Haal deze geboortedatum weg: 3 •••" in answer.ack["errors"]["takeaway"]
    assert room.texts() == [TOLD]


def test_everything_in_one_field_is_said_at_once(room: Afternoon) -> None:
    answer = room.share("sanne", takeaway="157552676, 06-12345678, noor@voorbeeld.nl")
    sentence = answer.ack["errors"]["takeaway"]
    assert "dit nummer" in sentence and "dit telefoonnummer" in sentence and "dit e-mailadres" in sentence


@pytest.mark.parametrize(("field", "typed"), [("name", "Zorg voor 157552676"), ("why", "Vraag noor@voorbeeld.nl")])
def test_a_proposal_passes_the_same_check(room: Afternoon, house: Hearing, field: str, typed: str) -> None:
    house.answer(proposals.open_form, house.click("action", "proposals.open", "noor"))
    form = house.read(lambda db: list(db.exec(select(FormRow))))[-1].id
    fields = {"name": "Zorg op school", "why": ""} | {field: typed}
    click = house.click("form", "proposals.propose", "noor", metadata=json.dumps({"form": form}), fields=fields)
    answer = house.answer(proposals.propose, click)
    assert answer.ack["response_action"] == "errors" and list(answer.ack["errors"]) == [field]
    assert typed.encode() not in house.bytes()


# Names


def test_names_are_masked_before_anything_is_stored_and_the_list_cannot_be_read(
    room: Afternoon, house: Hearing
) -> None:
    told = "Kevins moeder vroeg naar Fatima el Amrani. Mevrouw Amrani zei: Kévin leert."
    room.share("sanne", takeaway=told, quote="KEVIN wil naar school.", involved="Kevin\nFatima el Amrani")
    (one,) = room.kept()
    assert one.contents.takeaway == "[naam]s moeder vroeg naar [naam]. Mevrouw [naam] zei: [naam] leert."
    assert one.contents.quote == "[naam] wil naar school."
    everything = house.bytes().lower()
    assert b"kevin" not in everything and b"fatima" not in everything and b"amrani" not in everything
    assert house.read(lambda db: len(names.involved(db, TEAM, room.session.id))) >= 3


def test_whatever_comes_later_by_another_way_or_group_is_masked_too(room: Afternoon, house: Hearing) -> None:
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    room.reply("youssef", "Wij praatten over Kevin en zijn school vandaag.", "7.1", group="gr_b")
    room.edit("youssef", "Wij praatten lang over kevins school vandaag.", before="-", group="gr_b")
    form = room.shortcut("sanne", "Kevin wil graag terug naar school.", ts="9.1")
    room.hand_in("sanne", form, takeaway="Kevin wil graag terug naar school.")
    assert room.texts() == [
        TOLD,
        "Wij praatten lang over [naam]s school vandaag.",
        "[naam] wil graag terug naar school.",
    ]
    assert b"kevin" not in house.bytes().lower()
    shared = room.kept()[-1]
    assert shared.follows_message, "masking is no rewriting: the message still leads"
    room.edit("noor", "Kevin gaat weer naar school.", before="-", ts="9.1")
    assert room.texts()[-1] == "[naam] gaat weer naar school."


def test_another_session_has_its_own_names(room: Afternoon, house: Hearing) -> None:
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    other = house.session(wall(2021, 9, 16, 13))
    texts = {"takeaway": "Kevin is onze nieuwe begeleider."}
    assert house.read(lambda db: privacy.check_texts(db, house.settings, other.id, texts)).texts == texts


def test_a_short_name_is_refused_and_nothing_is_stored(room: Afternoon) -> None:
    answer = room.share("sanne", takeaway=TOLD, involved="Kevin\nBo")
    assert answer.ack["errors"] == {
        "involved": "De naam “Bo” is te kort om te herkennen. Gebruik drie letters of meer."
    }
    assert room.kept() == []


def test_a_name_that_is_listed_later_leaves_what_was_stored_before(room: Afternoon, house: Hearing) -> None:
    room.share("sanne", takeaway="Kevin leert thuis.", quote="Laat Kevin leren.")
    room.share("youssef", "gr_b", takeaway="Ook wij kennen Kevin. Dat is goed.")
    (draft,) = [house.read(lambda db: articles.of_session(db, TEAM, room.session.id))]
    assert draft is not None and any("Kevin" in sentence.run.text for sentence in draft.sentences)
    one = room.kept()[0]
    change(house, one, takeaway="Kevin leert thuis.", quote="Laat Kevin leren.", involved="Kevin")
    assert room.texts() == ["[naam] leert thuis.", "Ook wij kennen [naam]. Dat is goed."]
    assert [found.version for found in room.kept()] == [2, 2]
    updates = [row.operation for row in house.owed("impressions.post")]
    assert updates == ["post", "post", "update", "update"], "both threads follow"
    draft = house.read(lambda db: articles.of_session(db, TEAM, room.session.id))
    assert draft is not None and draft.sentences[0].run.text == "[naam] leert thuis."
    assert b"kevin" not in house.bytes().lower()


def test_masking_changes_neither_consent_nor_who_said_a_quote(room: Afternoon, house: Hearing) -> None:
    kept_back = Impression(
        "im_q", TEAM, room.session.id, "gr_a", Source.FORM, "sanne", Contents(TOLD, quote="Kevin wil terug."),
        house.clock.now(), house.clock.now(), quote_by="noor", quote_use=QuoteUse.KEPT,
    )  # fmt: skip
    house.write(lambda db: store.save(db, kept_back, []))
    room.share("sanne", takeaway="Tot ziens allemaal.", involved="Kevin")
    (one,) = (found for found in room.kept() if found.id == "im_q")
    assert (one.contents.quote, one.quote_by, one.quote_use) == ("[naam] wil terug.", "noor", QuoteUse.KEPT)


def test_a_published_sentence_and_every_digest_that_said_it_follow(room: Afternoon, house: Hearing) -> None:
    region = house.region("Haaglanden")
    told = [(Part.BODY, "Kevin leert thuis."), (Part.QUOTE, "Laat Kevin leren.")]
    (ids, _) = house.article(room.session, [told, [(Part.BODY, "Dat is goed.")]])

    def digest_said(db: Any) -> None:
        now = house.clock.now()
        db.add(DigestRow(id="dg1", team_id=TEAM, region_id=region, period_key="w", since=now, until=now, silent=False))
        db.flush()
        db.add(
            DigestItemRow(
                digest_id="dg1", position=0, team_id=TEAM, region_id=region, kind="quote", subject=ids[1]
            )
        )  # fmt: skip
        delivery.plan(
            db, team=TEAM, key="digest.post:dg1", kind="digest.post", arguments={"id": "dg1"}, channel="C", now=now
        )

    house.write(digest_said)
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    article = house.read(lambda db: articles.of_session(db, TEAM, room.session.id))
    assert article is not None
    texts = {sentence.id: sentence.run.text for sentence in article.sentences}
    assert texts[ids[0]] == "[naam] leert thuis." and texts[ids[1]] == "Laat [naam] leren."
    assert [row.operation for row in house.owed("digest.post")] == ["post", "update"]
    assert house.owed("harvest.article")[-1].operation == "update"
    assert b"kevin" not in house.bytes().lower()


def test_names_of_an_english_programme_become_name(tmp_path: Path) -> None:
    house = Hearing(tmp_path, wall(2021, 6, 17, 16), "en")
    room = Afternoon(house)
    room.share("sanne", takeaway="Kevin learns at home.", involved="Kevin")
    assert room.texts() == ["[name] learns at home."]
    house.database.close()


def test_a_text_full_of_names_does_not_outgrow_its_field(room: Afternoon) -> None:
    room.share("sanne", takeaway="Kim, " * 600, involved="Kim")
    assert room.texts() == ["…, " * 600]


def test_the_field_for_names_is_in_both_forms_and_always_empty(room: Afternoon, house: Hearing) -> None:
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    (one,) = room.kept()
    words = house.world.words["nl"]
    for view in (
        views.share_form([(room.session, room.first)], words, metadata={}, filling=views.Filling(more=True)),
        views.change_form(room.session, room.first, one, words, views.Filling(one.contents, more=True)),
    ):
        (field,) = [block for block in view.to_dict()["blocks"] if block.get("block_id") == INVOLVED]
        assert "initial_value" not in field["element"]


def test_what_the_writer_is_told_fits_slack_in_both_languages(house: Hearing) -> None:
    found = problems("takeaway", "157552676, 06-12345678, noor@voorbeeld.nl, 1234 AB 12, geb. 3-4-2012")
    for language in ("nl", "en"):
        text, blocks = privacy.refusal("gr_a", found, house.world.words[language])
        assert lint_message({"text": text, "blocks": [block.to_dict() for block in blocks]}) == []


def test_only_who_shares_for_the_group_adds_names(room: Afternoon, house: Hearing) -> None:
    house.person("vera", None, Role.PARTICIPANT)
    with pytest.raises(Refused):
        room.share("vera", takeaway=TOLD, involved="Kevin")
    assert house.read(lambda db: names.involved(db, TEAM, room.session.id)) == {}


def test_a_draft_holds_no_name_that_stands_in_the_field_below_it(room: Afternoon, house: Hearing) -> None:
    fields = dict.fromkeys(PARTS, "") | {"takeaway": "Kevin leert thuis.", INVOLVED: "Kevin"}
    click = house.click(
        "closed", "impressions.share", "sanne", metadata=json.dumps({"group": "gr_a"}), fields=fields, view_id="V1"
    )
    house.answer(impressions.closed, click)
    draft = house.read(lambda db: drafts.newest(db, TEAM, "sanne", "gr_a"))
    assert draft is not None and draft.contents.takeaway == "[naam] leert thuis."
    assert b"kevin" not in house.bytes().lower()
    assert house.read(lambda db: names.involved(db, TEAM, room.session.id)) == {}, "nothing was handed in yet"


def test_a_draft_of_somebody_else_is_masked_when_a_name_is_listed(room: Afternoon, house: Hearing) -> None:
    typed = Draft("gr_b", "gr_b", Contents("Kevin leert thuis, zei Noor."), house.clock.now())
    house.write(lambda db: drafts.save(db, TEAM, "youssef", typed))
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    draft = house.read(lambda db: drafts.newest(db, TEAM, "youssef", "gr_b"))
    assert draft is not None and draft.contents.takeaway == "[naam] leert thuis, zei Noor."


def test_a_headline_passes_the_same_check(room: Afternoon, house: Hearing) -> None:
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    room.share("youssef", "gr_b", takeaway="De ouders praten vanaf het begin mee.")
    article = house.read(lambda db: articles.of_session(db, TEAM, room.session.id))
    assert article is not None

    def type_headline(headline: str) -> Any:
        house.answer(harvest.open_edit, house.click("action", "harvest.edit", "ineke", value=article.id))
        form = house.read(lambda db: [row.id for row in db.exec(select(FormRow)) if '"article"' in row.data])[-1]
        metadata = json.dumps({"form": form})
        return house.answer(
            harvest.save_edit,
            house.click("form", "harvest.edit", "ineke", metadata=metadata, fields={"headline": headline}),
        )

    assert list(type_headline("Bel 06-12345678").ack["errors"]) == ["headline"]
    type_headline("Kevin gaat naar school")
    article = house.read(lambda db: articles.of_session(db, TEAM, room.session.id))
    assert article is not None and article.headline == "[naam] gaat naar school"


def test_the_name_of_a_file_and_its_link_say_no_name_and_no_number(room: Afternoon, house: Hearing) -> None:
    def drop(file: str, name: str) -> None:
        link = f"https://s.slack.com/f/{file}/{name}"
        raw = {"id": file, "name": name, "size": 10, "filetype": "pdf", "permalink": link}
        body = {
            "type": "message", "user": "sanne", "ts": f"30.{file[1:]}", "thread_ts": room.thread("gr_a"), "text": "",
            "subtype": "file_share", "files": [raw],
        }  # fmt: skip
        house.answer(attached.heard, room.event("message", body))

    drop("F1", "plan_kevin_157552676.pdf")
    room.share("sanne", takeaway=TOLD, involved="Kevin")
    drop("F2", "Brief van Kevin.pdf")
    found = house.read(lambda db: attachments.of_session(db, TEAM, room.session.id))
    assert [file.name for file in found] == ["plan_[naam]_….pdf", "Brief van [naam].pdf"]
    assert [file.permalink for file in found] == ["https://s.slack.com/f/F1/file", "https://s.slack.com/f/F2/file"]
    assert b"kevin" not in house.bytes().lower() and b"157552676" not in house.bytes()


@postgres.sqlite_only("the copy beside a file")
def test_the_copy_from_before_an_update_goes_after_a_week(house: Hearing) -> None:
    now = house.clock.now()
    old, new = (Path(f"{house.database.location}.before-{revision}") for revision in ("0003", "0008"))
    for copy, age in ((old, timedelta(days=7, minutes=1)), (new, timedelta(days=6))):
        copy.write_bytes(b"words that are withdrawn later")
        os.utime(copy, times=((now - age).timestamp(), (now - age).timestamp()))
    house.do(inbox.tick(house.world, now))
    assert new.exists() and not old.exists()


def test_a_promise_stays_the_same_promise_when_a_name_in_it_is_masked(house: Hearing) -> None:
    told = Promising(house, offer="Ik praat met Kevin over de regels.")
    promise = told.agreed()
    told.change(involved="Kevin")
    after = told.only()
    assert (after.id, after.state, after.lost) == (promise.id, promise.state, False)
    assert "Ik praat met [naam] over de regels." in told.shown("promises.ask")
    assert b"kevin" not in house.bytes().lower()


def test_the_owners_own_words_and_their_messages_lose_a_name_that_is_listed_later(house: Hearing) -> None:
    told = Promising(house)
    told.agreed()
    told.submit("change", "lotte", {"own_words": "Ik bel Kevin over één pagina.", "due": ""})
    told.change(involved="Kevin")
    assert told.only().own_words == "Ik bel [naam] over één pagina."
    assert "Ik bel [naam]" in told.shown("promises.ask")
    assert b"kevin" not in house.bytes().lower()


def test_why_a_session_moves_passes_the_same_check(room: Afternoon, house: Hearing) -> None:
    later = house.session(wall(2021, 9, 16, 13), state=Stage.CHOOSING)

    def cancel(session: str, reason: str) -> Any:
        click = house.click(
            "form", "followup.cancel", "ineke", fields={"reason": reason},
            metadata=json.dumps({"session": session, "shown": version_of(later)}),
        )  # fmt: skip
        return house.answer(followup.ROUTES.forms["followup.cancel"], click)

    assert list(cancel(later.id, "Bel 06-12345678 als je vragen hebt.").ack["errors"]) == ["reason"]
    assert b"12345678" not in house.bytes()


@pytest.mark.parametrize("text", [SPELLINGS[1], *OTHERS])
def test_the_forms_that_make_a_session_refuse_it_under_the_field(house: House, text: str) -> None:
    Afternoon(house)

    def hand_in(handler: Callable[[Click, World], Coroutine[Any, Any, Answer]], fields: dict[str, Any]) -> Any:
        form = house.read(lambda db: db.exec(select(FormRow.id)).one())
        click = house.click("form", "worksessions.plan", "ineke", metadata=json.dumps({"form": form}), fields=fields)
        return (house.answer(handler, click).ack or {}).get("errors", {})

    house.answer(making.open_form, house.click("command", "worksessions.new", "ineke", channel="CWS"))
    plan = {"day": "2021-09-16", "start": "13:00", "end": "16:00", "title": "Werksessie", "channel": "CWS"}
    assert list(hand_in(making.hand_in_plan, {**plan, "title": f"Bel {text}"})) == ["title"]
    assert hand_in(making.hand_in_plan, plan) == {}
    for ticked in ({}, {"first": ["first"]}):
        assert list(hand_in(making.hand_in_topics, {"topics": f"Verduurzaming\nBel {text}", **ticked})) == ["topics"]
    assert hand_in(making.hand_in_topics, {"topics": "Verduurzaming\nOuders"}) == {}
    offer = {"shorts": f"Bel {text}\nOuders", "closes": "12:00", "closes_day": "2021-09-15", "limit": ""}
    assert "shorts" in hand_in(making.hand_in_offer, offer)
    assert text.encode() not in house.bytes()
