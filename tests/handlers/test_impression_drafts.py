"""Words that were typed and not shared yet: kept while typing, back in the form by every way, and gone when done."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.impressions import LONGEST, PARTS
from bot.problem import Refused
from handlers import impressions
from handlers.payloads import read_interaction
from handlers.routing import Answer, Click, Handler
from handlers.views.impressions_form import FIRST, MORE
from handlers.world import World
from playground import forms
from playground.linter import lint_view
from storage import worksessions as sessions
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall

TOLD = "We nodigen de school nu uit vóór we inkopen."
NUMBER = "Bel de moeder op 06-12345678."


class Screens(House):
    """A house in which a test sees the form that somebody has on the screen."""

    shown: dict[str, Any] | None = None

    def answer(self, handler: Callable[[Click, World], Coroutine[Any, Any, Answer]], click: Click) -> Answer:
        answered = self.do(handler(click, self.world))
        self.shown = (answered.ack or {}).get("view")
        for work in answered.then:
            view = work.cr_frame.f_locals.get("view") if work.cr_frame else None
            self.shown = view.to_dict() if view is not None else self.shown
            work.close()
        if self.shown is not None:
            assert lint_view(self.shown) == []
        return answered


class Form:
    """A form as somebody has it open: what they type stays where block and action keep their ids, as in Slack."""

    numbers = itertools.count(1)

    def __init__(self, house: Screens, user: str, content: dict[str, Any] | None) -> None:
        assert content is not None, "a form was opened"
        self.house, self.user, self.id = house, user, f"V{next(self.numbers)}"
        self.values: dict[str, Any] = {}
        self.put(content)

    def put(self, content: dict[str, Any]) -> None:
        self.content = content
        self.values = forms.initial(content["blocks"], self.values)

    def text(self, part: str) -> str:
        (element,) = self.values[part].values()
        return str(element["value"] or "")

    @property
    def plain(self) -> str:
        return json.dumps(self.content, ensure_ascii=False)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.values if part in PARTS)

    def payload(self, kind: str, **more: Any) -> dict[str, Any]:
        state = {"values": json.loads(json.dumps(self.values))}
        view = {**self.content, "id": self.id, "hash": f"h{next(self.numbers)}", "state": state}
        return {"type": kind, "user": {"id": self.user}, "team": {"id": TEAM}, "view": view, **more}

    def typing(self, part: str, text: str, at: str = "") -> dict[str, Any]:
        """What Slack tells of a pause in typing."""
        (name,) = self.values[part]
        self.values[part][name]["value"] = text
        at = at or f"{1000 + next(self.numbers)}.0"
        action = {"type": "plain_text_input", "block_id": part, "action_id": name, "value": text, "action_ts": at}
        return self.payload("block_actions", actions=[action])

    def type(self, part: str, text: str, at: str = "") -> Form:
        return self.tell(impressions.ROUTES.actions["impressions.draft"], self.typing(part, text, at))

    def press(self, name: str) -> Form:
        action = {"type": "button", "block_id": "b", "action_id": name, "action_ts": f"{next(self.numbers)}.0"}
        return self.tell(impressions.ROUTES.actions[name], self.payload("block_actions", actions=[action]))

    def close(self) -> Form:
        return self.tell(impressions.ROUTES.closed[self.content["callback_id"]], self.payload("view_closed"))

    def submit(self) -> Answer:
        handler = impressions.ROUTES.forms[self.content["callback_id"]]
        answer = self.house.answer(handler, read_interaction(self.payload("view_submission")))
        if self.house.shown is not None:
            self.put(self.house.shown)
        return answer

    def tell(self, handler: Handler, payload: dict[str, Any]) -> Form:
        self.house.answer(handler, read_interaction(payload))
        if self.house.shown is not None:
            self.put(self.house.shown)
        return self


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Screens]:
    opened = Screens(tmp_path, wall(2021, 6, 17, 14, 5))
    yield opened
    opened.database.close()


@pytest.fixture
def afternoon(house: Screens) -> Afternoon:
    return Afternoon(house)


def open_form(house: Screens, user: str = "sanne", group: str = "gr_a") -> Form:
    house.answer(impressions.open_form, house.click("action", "impressions.share", user, value=group))
    return Form(house, user, house.shown)


def drafts(house: House) -> list[str]:
    query = select(sessions.FormRow)
    return house.read(lambda db: [row.data for row in db.exec(query) if row.id.startswith("draft:")])


def on_disk(house: House) -> bytes:
    house.do(house.database.tidy())
    return postgres.content(house.database.location)


# Short first


def test_the_form_is_short_and_shows_all_fields_at_one_tap_with_what_was_typed(
    afternoon: Afternoon, house: Screens
) -> None:
    form = open_form(house)
    assert form.parts == FIRST and len(form.parts) == 6
    form.type("takeaway", TOLD).press("impressions.more")
    assert set(form.parts) == {*FIRST, *MORE} and form.text("takeaway") == TOLD
    assert "involved" in form.values and "impressions.more" not in form.plain


def test_a_change_shows_every_field_that_holds_words(afternoon: Afternoon, house: Screens) -> None:
    afternoon.share("sanne", takeaway=TOLD, quote="Mooi.")
    (one,) = afternoon.kept()
    change = house.click("action", "impressions.change", "sanne", value=one.id)
    house.answer(impressions.open_change, change)
    form = Form(house, "sanne", house.shown)
    assert form.parts == FIRST and form.text("quote") == "Mooi."
    form.press("impressions.more").type("obstacle", "De termijn van zes weken.").submit()
    house.answer(impressions.open_change, change)
    again = Form(house, "sanne", house.shown)
    assert again.text("obstacle") == "De termijn van zes weken." and again.text("quote") == "Mooi."


def test_a_field_that_was_not_on_the_screen_stays_as_it_was(afternoon: Afternoon, house: Screens) -> None:
    afternoon.share("sanne", takeaway=TOLD)
    (one,) = afternoon.kept()
    change = house.click("action", "impressions.change", "sanne", value=one.id)
    house.answer(impressions.open_change, change)
    short = Form(house, "sanne", house.shown)
    short.content["private_metadata"] = json.dumps({"impression": one.id, "round": "1"})
    house.answer(impressions.open_change, change)
    Form(house, "sanne", house.shown).press("impressions.more").type("example", "De brede school.").submit()
    short.type("hard", "De tolk.").submit()
    (one,) = afternoon.kept()
    assert (one.contents.example, one.contents.hard) == ("De brede school.", "De tolk.")


# Kept while typing


def test_what_was_typed_is_back_after_closing_with_a_line_that_says_so(afternoon: Afternoon, house: Screens) -> None:
    open_form(house).type("takeaway", TOLD).type("quote", "Samen kan het.").close()
    house.at(house.world.now() + timedelta(hours=1))
    form = open_form(house)
    assert (form.text("takeaway"), form.text("quote")) == (TOLD, "Samen kan het.")
    assert "Je concept van 14:05 staat er nog." in form.plain
    assert len(drafts(house)) == 1
    assert open_form(house, "lotte").text("takeaway") == "", "a draft is of one person"


def test_the_next_day_the_line_names_the_day(afternoon: Afternoon, house: Screens) -> None:
    open_form(house).type("takeaway", TOLD)
    house.at(house.world.now() + timedelta(days=1))
    assert "Je concept van donderdag 17 juni, 14:05 staat er nog." in open_form(house).plain


def test_an_app_that_was_killed_in_mid_form_costs_no_words(afternoon: Afternoon, house: Screens) -> None:
    open_form(house).type("takeaway", TOLD)
    assert open_form(house).text("takeaway") == TOLD, "Slack never said that the form was closed"


def test_closing_brings_the_last_letters_and_an_empty_form_leaves_nothing(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("takeaway", "We nodigen")
    form.typing("takeaway", TOLD)
    form.close()
    again = open_form(house)
    assert again.text("takeaway") == TOLD
    again.type("takeaway", "  ").close()
    assert drafts(house) == []


def test_slack_closing_without_values_keeps_what_was_heard_before(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("takeaway", TOLD)
    payload = form.payload("view_closed")
    del payload["view"]["state"]
    form.tell(impressions.ROUTES.closed["impressions.share"], payload)
    assert open_form(house).text("takeaway") == TOLD


def test_typing_that_arrives_late_does_not_overwrite_what_was_typed_later(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house)
    early = form.typing("takeaway", "We nodigen", at="1000.9")
    form.type("takeaway", TOLD, at="10000.1")
    form.tell(impressions.ROUTES.actions["impressions.draft"], early)
    assert json.loads(drafts(house)[0])["contents"]["takeaway"] == TOLD


def test_starting_over_empties_the_form_and_the_database(afternoon: Afternoon, house: Screens) -> None:
    open_form(house).type("takeaway", "Een bijzonder woord: zeppelinkapitein.").close()
    form = open_form(house)
    late = form.typing("takeaway", "Een bijzonder woord: zeppelinkapitein. En meer.")
    form.press("impressions.afresh")
    assert form.text("takeaway") == "" and "staat er nog" not in form.plain
    form.tell(impressions.ROUTES.actions["impressions.draft"], late)
    assert b"zeppelinkapitein" not in on_disk(house)
    form.type("takeaway", TOLD).close()
    assert open_form(house).text("takeaway") == TOLD


def test_what_was_shared_leaves_no_draft_whatever_comes_late(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("takeaway", TOLD)
    late = form.typing("takeaway", TOLD)
    form.submit()
    form.tell(impressions.ROUTES.actions["impressions.draft"], late)
    form.close()
    assert afternoon.texts() == [TOLD] and drafts(house) == []
    assert open_form(house).text("takeaway") == ""


def test_a_form_that_is_refused_keeps_its_draft(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("hard", "De tolk kwam niet.")
    assert form.submit().ack["errors"]["takeaway"]  # type: ignore[index]  # it is refused
    assert len(drafts(house)) == 1


def test_a_draft_of_a_change_waits_with_its_impression_and_goes_with_it(afternoon: Afternoon, house: Screens) -> None:
    afternoon.reply("sanne", TOLD)
    (one,) = afternoon.kept()
    change = house.click("action", "impressions.change", "sanne", value=one.id)
    house.answer(impressions.open_change, change)
    Form(house, "sanne", house.shown).type("takeaway", "Een bijzonder woord: luchtschip.").close()
    house.answer(impressions.open_change, change)
    form = Form(house, "sanne", house.shown)
    assert "luchtschip" in form.text("takeaway")
    form.press("impressions.afresh")
    assert form.text("takeaway") == TOLD, "starting over is what was shared"
    form.type("takeaway", "Een bijzonder woord: luchtschip.")
    afternoon.delete()
    assert drafts(house) == [] and b"luchtschip" not in on_disk(house)


# From a message


def from_message(house: Screens, afternoon: Afternoon, text: str, ts: str = "9.1", user: str = "sanne") -> Form:
    afternoon.shortcut(user, text, ts)
    return Form(house, user, house.shown)


def test_a_draft_comes_back_by_the_shortcut_with_the_message_below_it(afternoon: Afternoon, house: Screens) -> None:
    open_form(house).type("takeaway", "Wij beginnen eerder.").close()
    form = from_message(house, afternoon, TOLD)
    assert form.text("takeaway") == f"Wij beginnen eerder.\n\n{TOLD}"
    assert "staat er nog" in form.plain and "onder je concept" in form.plain
    form.press("impressions.afresh")
    assert form.text("takeaway") == "" and "onder je concept" not in form.plain


def test_a_draft_that_leaves_no_room_for_the_message_says_so(afternoon: Afternoon, house: Screens) -> None:
    open_form(house).type("takeaway", "w" * LONGEST).close()
    form = from_message(house, afternoon, TOLD)
    assert form.text("takeaway") == "w" * LONGEST and "past er niet meer bij" in form.plain


def test_a_draft_from_a_message_stays_tied_to_it_by_whatever_way_it_is_shared(
    afternoon: Afternoon, house: Screens
) -> None:
    form = from_message(house, afternoon, TOLD)
    form.type("quote", "Samen kan het.").close()
    again = open_form(house)
    assert (again.text("takeaway"), again.text("quote")) == (TOLD, "Samen kan het.")
    again.submit()
    (one,) = afternoon.kept()
    assert (one.channel, one.ts, one.follows_message) == ("CWS", "9.1", True)


def test_a_message_that_is_deleted_takes_the_draft_from_it_along(afternoon: Afternoon, house: Screens) -> None:
    form = from_message(house, afternoon, "Een bijzonder woord: luchtschip.")
    form.type("quote", "Mooi.")
    other = open_form(house, "youssef", "gr_b").type("takeaway", TOLD)
    gone = afternoon.event("message_deleted", {"deleted_ts": "9.1", "previous_message": {"ts": "9.1"}})
    for handler in impressions.ROUTES.events["message_deleted"]:
        house.answer(handler, gone)
    assert len(drafts(house)) == 1 and b"luchtschip" not in on_disk(house)
    assert open_form(house, "youssef", "gr_b").text("takeaway") == other.text("takeaway")


def test_who_leads_two_groups_finds_the_draft_with_the_group_they_chose(afternoon: Afternoon, house: Screens) -> None:
    form = from_message(house, afternoon, TOLD, user="ineke")
    form.values["group"]["group"]["selected_option"] = next(
        each for block in form.content["blocks"] if block.get("block_id") == "group"
        for each in block["element"]["options"] if each["value"] == "gr_b"
    )  # fmt: skip
    form.type("takeaway", TOLD).close()
    assert open_form(house, "ineke", "gr_a").text("takeaway") == ""
    assert open_form(house, "ineke", "gr_b").text("takeaway") == TOLD
    again = from_message(house, afternoon, TOLD, user="ineke")
    assert again.values["group"]["group"]["selected_option"]["value"] == "gr_b"
    again.submit()
    assert [one.group for one in afternoon.kept()] == ["gr_b"] and drafts(house) == []


# What may not be kept


def test_a_draft_with_a_phone_number_is_not_kept_and_the_field_says_so(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("hard", "De tolk kwam niet.").type("takeaway", NUMBER)
    assert form.text("takeaway") == NUMBER, "it stays on the screen"
    assert "Haal dit telefoonnummer weg" in form.plain and "bewaar ik niet als concept" in form.plain
    assert b"12345678" not in on_disk(house)
    kept = json.loads(drafts(house)[0])["contents"]
    assert (kept["takeaway"], kept["hard"]) == ("", "De tolk kwam niet.")
    form.press("impressions.more")
    assert "Haal dit telefoonnummer weg" in form.plain
    form.type("takeaway", TOLD)
    assert "Haal dit" not in form.plain
    assert json.loads(drafts(house)[0])["contents"]["takeaway"] == TOLD


def test_only_a_new_warning_draws_the_form_again(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("takeaway", TOLD)
    assert house.shown is None
    form.type("takeaway", NUMBER)
    assert house.shown is not None
    form.type("takeaway", f"{NUMBER} Vandaag nog.")
    assert house.shown is None


def test_a_listed_name_is_not_in_a_draft(afternoon: Afternoon, house: Screens) -> None:
    afternoon.share("sanne", takeaway=TOLD, involved="Kevin")
    open_form(house).type("takeaway", "De school zag Kevin pas laat.")
    assert "Kevin" not in drafts(house)[0] and "[naam]" in drafts(house)[0]


def test_who_may_not_share_keeps_no_draft_and_hears_so_when_they_hand_in(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house)
    form.user = "noor"
    form.type("takeaway", TOLD).close()
    assert drafts(house) == []
    with pytest.raises(Refused, match="share_impression"):
        form.submit()


# A pasted block


def test_a_pasted_block_is_read_into_its_fields(afternoon: Afternoon, house: Screens) -> None:
    block = f"{TOLD}\n\nMakkelijk: de start.\nVraag: Wie betaalt de tolk?\nCitaat: 'Laat ons meedenken.'"
    open_form(house).type("takeaway", block).submit()
    (one,) = afternoon.kept()
    assert vars(one.contents) | {"quote": "'Laat ons meedenken.'"} == vars(one.contents)
    assert (one.contents.takeaway, one.contents.easy) == (TOLD, "de start.")
    assert one.contents.question == "Wie betaalt de tolk?"


def test_a_block_beside_filled_fields_stays_as_it_was_pasted(afternoon: Afternoon, house: Screens) -> None:
    block = f"{TOLD}\nVraag: Wie betaalt de tolk?"
    open_form(house).type("hard", "De tolk.").type("takeaway", block).submit()
    (one,) = afternoon.kept()
    assert one.contents.takeaway == block and one.contents.question == ""


def test_a_block_that_does_not_say_what_the_group_took_along_asks_for_it(afternoon: Afternoon, house: Screens) -> None:
    form = open_form(house).type("takeaway", "Moeilijk: de tolk.\nRegel die knelt: de termijn.")
    form.submit()
    assert afternoon.kept() == []
    assert (form.text("takeaway"), form.text("hard"), form.text("obstacle")) == ("", "de tolk.", "de termijn.")
    assert "Schrijf op wat de groep meenam" in form.plain
    form.type("takeaway", TOLD).submit()
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.hard, one.contents.obstacle) == (TOLD, "de tolk.", "de termijn.")
