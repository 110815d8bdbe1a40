"""What each tap and each form of proposing does, and what a coordinator makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.followup import version_of
from bot.problem import Refused
from bot.programme import Role
from bot.proposals import WHY_LENGTH, Bundle, Kind, Known, LookAlike, Origin, Proposal, Status, Typed
from bot.selection import Group
from bot.worksessions import MOST_TOPICS, SHORT_NAME_LENGTH, TITLE_LENGTH, TOPIC_LENGTH, State, Topic, WorkSession
from handlers import followup, home, proposals
from handlers import worksessions as forms
from handlers.delivery import Body
from handlers.followup import moving
from handlers.home import Desk, Home
from handlers.proposals import backing, offering, proposing, reviewing, telling
from handlers.routing import Answer
from handlers.views import home as home_views
from handlers.views import proposals as views
from handlers.views import proposals_call as call_views
from handlers.views import proposals_review as review_views
from handlers.words import Words
from handlers.world import Asker
from playground.linter import lint_message, lint_view, visible_texts
from storage import programme, themes, worksessions
from storage import proposals as memory
from storage import selection as groups
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 17, 14)
STARTS = wall(2021, 7, 1, 13)
SHOUT = "<!channel> <@U1> & *vet*"
LONG = "<!channel> & " + "&<>Ŵ" * 200


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, NOW, str(request.param))
    for name in ("noor", "samir", "lotte"):
        made.person(name, locale=made.settings.language)
    for name in ("ineke", "youssef"):
        made.person(name, None, Role.COORDINATOR, locale=made.settings.language)
    made.repainted = []  # type: ignore[attr-defined]  # what these tests look at
    made.world.repaint = lambda *place: made.repainted.append(place[1:])
    yield made
    made.database.close()


@pytest.fixture
def session(house: House) -> WorkSession:
    found = house.session(STARTS, state=State.PLANNED, title="Werksessie 1 juli")
    house.write(lambda db: telling.owe_call(db, found, NOW))
    house.arrive("proposals.call")
    return found


@pytest.fixture
def words(house: House) -> Words:
    return house.world.words[house.settings.language]


def open_form(house: House, user: str, preset: str = "") -> str:
    """Open the form; returns its id."""
    house.answer(proposing.open_form, house.click("action", "proposals.new", user, preset))
    return f"pf_{next(house._number) - 1:04}"


def hand_in(house: House, user: str, name: str, form: str = "", *, insist: bool = False, **more: Any) -> dict[str, Any]:
    """Fill in the form and hand it in; returns the ack."""
    form = form or open_form(house, user)
    key = more.pop("key", f"v:{form}:{insist}:{name}")
    fields = {"name": name, **({} if insist else {"why": ""}), **more}
    click = house.click("form", "x", user, key=key, fields=fields, metadata=json.dumps({"form": form}))
    return dict(house.answer(proposing.insist if insist else proposing.propose, click).ack or {})


def proposed(house: House, user: str, name: str, **more: Any) -> Bundle:
    """Let somebody propose a theme, whatever it looks like."""
    form = open_form(house, user)
    ack = hand_in(house, user, name, form, **more)
    if ack["view"]["callback_id"] == "proposals.insist":
        ack = hand_in(house, user, name, form, insist=True)
    assert ack["view"]["callback_id"] == "proposals.noted", ack
    return next(each for each in waiting(house) if name in {one.name for one in each.members})


def waiting(house: House) -> list[Bundle]:
    return house.read(lambda db: memory.waiting(db, TEAM))


def press(house: House, handler: Any, user: str, value: str, argument: str = "", **more: Any) -> Answer:
    return house.answer(handler, house.click("action", "x", user, value, argument, **more))


def decide(house: House, session: WorkSession | None, verb: str, bundle: Bundle, user: str = "ineke") -> Refused | None:
    """A coordinator presses a button in the list of proposals, as drawn at the version of `bundle`."""
    value = f"{bundle.id} {bundle.head.version}"
    metadata = json.dumps({"session": session.id if session else "", "page": "0"})
    before = waiting(house)
    press(house, reviewing.decide, user, value, verb, metadata=metadata, view_id="V1")
    return Refused("-") if before == waiting(house) else None


def in_form(
    house: House, handler: Any, session: WorkSession, bundle: Bundle, user: str = "ineke", **fields: str
) -> Any:
    metadata = {"session": session.id, "page": "0", "proposal": bundle.id, "version": str(bundle.head.version)}
    key = fields.pop("key", f"v:{bundle.id}:{bundle.head.version}:{sorted(fields.items())}:{user}")
    click = house.click("form", "x", user, key=key, fields=fields, metadata=json.dumps(metadata))
    return house.answer(handler, click).ack


def call_body(house: House) -> Body:
    body = house.draw(house.owed("proposals.call")[0], proposals.MESSAGES)
    assert body is not None
    return body


def call_text(house: House) -> str:
    return "\n".join(visible_texts([block.to_dict() for block in call_body(house).blocks]))


# Proposing


def test_a_proposal_is_kept_backed_by_its_proposer_and_shown_in_the_call(
    house: House, session: WorkSession, words: Words
) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer", why="Het loopt vast.")
    assert (found.head.work_session, found.backers, found.head.why) == (session.id, ("noor",), "Het loopt vast.")
    assert house.repainted == [("proposals.call", session.id)]
    text = call_text(house)
    assert f"*Leerlingenvervoer* · {words.count('proposals.backers', 1)}\nHet loopt vast." in text


def test_handing_the_same_form_in_twice_makes_one_proposal(house: House, session: WorkSession) -> None:
    form = open_form(house, "noor")
    for _ in range(2):
        hand_in(house, "noor", "Leerlingenvervoer", form, key="v:1")
    with pytest.raises(Refused, match="form_gone"):
        hand_in(house, "noor", "Leerlingenvervoer", form, key="v:2")
    assert [each.name for each in waiting(house)] == ["Leerlingenvervoer"]
    other = hand_in(house, "noor", "leerlingen-vervoer")
    assert other["response_action"] == "errors", "nor from a second window"


def test_what_looks_like_it_is_shown_before_anything_is_posted(
    house: House, session: WorkSession, words: Words
) -> None:
    house.write(lambda db: themes.theme_for(db, TEAM, "Ouderbetrokkenheid", "Ouders", ("Samen met ouders",), "th_1"))
    proposed(house, "noor", "Onderwijszorgarrangementen")
    for typed, shown in (("OZA", "Onderwijszorgarrangementen"), ("samen met de ouders", "Ouderbetrokkenheid")):
        form = open_form(house, "samir")
        view = hand_in(house, "samir", typed, form)["view"]
        assert view["callback_id"] == "proposals.insist" and shown in str(view)
        assert len(waiting(house)) == 1
        assert view["submit"]["text"] == words("proposals.insist")
        kept = house.read(lambda db, f=form: worksessions.form(db, TEAM, "samir", f))
        assert kept is not None and kept["name"] == typed
    assert hand_in(house, "samir", "samen met de ouders", form, insist=True)["view"]["callback_id"] == "proposals.noted"


def test_another_name_in_the_second_step_is_held_against_everything_once_more(
    house: House, session: WorkSession
) -> None:
    proposed(house, "noor", "Leerlingenvervoer")
    proposed(house, "noor", "Kansengelijkheid")
    form = open_form(house, "samir")
    hand_in(house, "samir", "Vervoer van leerlingen", form)
    again = hand_in(house, "samir", "Gelijke kansen", form, insist=True)
    assert again["view"]["callback_id"] == "proposals.insist" and "Kansengelijkheid" in str(again["view"])
    assert (
        hand_in(house, "samir", "Gelijke kansen", form, insist=True, key="2")["view"]["callback_id"]
        == "proposals.noted"
    )


def test_backing_a_look_alike_keeps_the_form_for_who_wants_both(house: House, session: WorkSession) -> None:
    first = proposed(house, "noor", "Leerlingenvervoer")
    form = open_form(house, "samir")
    hand_in(house, "samir", "Vervoer van leerlingen", form)
    metadata = json.dumps({"form": form})
    value, fields = f"proposal:{first.id}", {"name": "Vervoer van leerlingen"}
    for argument, backers in (("on", ("noor", "samir")), ("off", ("noor",)), ("on", ("noor", "samir"))):
        press(house, proposing.support, "samir", value, argument, metadata=metadata, fields=fields, view_id="V1")
        assert waiting(house)[0].backers == backers
    assert house.read(lambda db: memory.draft(db, TEAM, "samir")) == {}
    hand_in(house, "samir", "Vervoer van leerlingen", form, insist=True)
    assert [each.name for each in waiting(house)] == ["Leerlingenvervoer", "Vervoer van leerlingen"]


def test_backing_a_theme_of_earlier_makes_it_a_proposal_once(house: House, session: WorkSession) -> None:
    house.write(lambda db: themes.theme_for(db, TEAM, "Ouderbetrokkenheid", "Ouders", (), "th_1"))
    given = {user: json.dumps({"form": open_form(house, user)}) for user in ("noor", "samir")}
    for user, form in given.items():
        assert "Ouderbetrokkenheid" in str(hand_in(house, user, "Betrokkenheid van ouders", json.loads(form)["form"]))
        if user == "noor":
            continue
        for each in given:  # samir presses what he saw before noor's press made it a proposal
            press(house, proposing.support, each, "theme:th_1", "on", metadata=given[each], view_id="V1")
    (only,) = waiting(house)
    assert (only.name, only.head.theme, only.backers) == ("Ouderbetrokkenheid", "th_1", ("noor", "samir"))
    with pytest.raises(Refused, match=r"proposals\.gone"):
        press(house, proposing.support, "noor", "theme:th_forged", "on", metadata=given["noor"], view_id="V1")


@pytest.mark.parametrize("name", ["", " \n ", "?!", "x" * 121, "y" * 3000])
def test_a_name_that_cannot_be_is_told_under_its_field_and_nothing_is_made(
    house: House, session: WorkSession, name: str
) -> None:
    ack = hand_in(house, "noor", name)
    assert ack["response_action"] == "errors" and set(ack["errors"]) == {"name"}
    assert hand_in(house, "noor", "Goed", why="z" * 3000)["errors"].keys() == {"why"}
    assert waiting(house) == []


def test_a_form_of_somebody_else_or_of_another_kind_cannot_be_handed_in(house: House, session: WorkSession) -> None:
    form = open_form(house, "noor")
    for user, forged in (("samir", form), ("noor", "fm_0001"), ("noor", "")):
        with pytest.raises(Refused, match="form_gone"):
            hand_in(house, user, "Goed", forged or "pf_nothing", key="x")
    assert waiting(house) == []


def test_a_session_that_started_meanwhile_is_told_and_the_next_try_is_for_the_next_one(
    house: House, session: WorkSession
) -> None:
    form = open_form(house, "noor", session.id)
    house.at(STARTS + timedelta(minutes=1))
    ack = hand_in(house, "noor", "Leerlingenvervoer", form)
    assert session.title in ack["errors"]["name"]
    hand_in(house, "noor", "Leerlingenvervoer", form, key="2")
    assert waiting(house)[0].head.work_session is None
    with pytest.raises(Refused, match=r"proposals\.closed"):
        open_form(house, "noor", session.id)


def test_without_a_planned_session_a_proposal_is_for_the_next_one_and_stands_in_its_call(house: House) -> None:
    proposed(house, "noor", "Leerlingenvervoer")
    assert waiting(house)[0].head.work_session is None
    later = house.session(STARTS, state=State.PLANNED)
    house.write(lambda db: telling.owe_call(db, later, NOW))
    assert "Leerlingenvervoer" in call_text(house)


def test_the_command_takes_the_text_behind_it_and_a_message_who_wrote_it(house: House, session: WorkSession) -> None:
    message = {"text": "Het &lt;vervoer&gt; loopt <@U9> vast", "user": "youssef", "ts": "5.1"}
    click = house.click("shortcut", "proposals.message", "noor", channel="C9", ts="5.1", body={"message": message})
    house.answer(proposing.open_from_message, click)
    form = f"pf_{next(house._number) - 1:04}"
    hand_in(house, "noor", "Leerlingenvervoer", form)
    assert waiting(house)[0].head.origin == Origin("youssef", "C9", "5.1")
    private = house.click("shortcut", "proposals.message", "noor", channel="D9", ts="5.2", body={"message": message})
    house.answer(proposing.open_from_message, private)
    hand_in(house, "noor", "Kansengelijkheid", f"pf_{next(house._number) - 1:04}")
    assert waiting(house)[1].head.origin is None, "nobody is told of a conversation with the bot"


# Rights


@pytest.mark.parametrize("who", ["outsider", "deactivated", "unknown"])
def test_who_does_not_take_part_can_do_nothing(house: House, session: WorkSession, who: str) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer")
    if who != "unknown":
        house.stranger(who, None, deleted=who == "deactivated")
    for handler, value in (
        (proposing.open_form, ""), (backing.back, found.id), (backing.take_back, found.id),
        (backing.withdraw_own, found.id), (backing.show_list, ""), (reviewing.ask, session.id),
        (reviewing.open_review, session.id),
    ):  # fmt: skip
        with pytest.raises(Refused, match=r"programme\.refused"):
            press(house, handler, who, value)
    assert waiting(house) == [found]
    house.write(lambda db: memory.save(db, [replace(found.head, work_session=None)]))
    click = house.click("event", "app_home_opened", who)
    seen = house.write(lambda db: home.look(house.world, click, db))
    assert seen.proposals == (), "nor read what others propose"


def test_a_guest_proposes_and_backs_but_decides_nothing(house: House, session: WorkSession) -> None:
    house.write(lambda db: programme.save_account(db, TEAM, programme.Account("gast", "Gast", guest=True)))
    found = proposed(house, "gast", "Leerlingenvervoer")
    with pytest.raises(Refused, match="review_proposals"):
        decide(house, session, "accept", found, "gast")
    press(house, backing.withdraw_own, "gast", found.id)
    assert waiting(house) == []


def test_only_who_proposed_a_theme_withdraws_it(house: House, session: WorkSession) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer")
    for user in ("samir", "ineke"):
        with pytest.raises(Refused, match="withdraw_proposal"):
            press(house, backing.withdraw_own, user, found.id)


def test_ids_of_another_workspace_or_made_up_are_nothing(house: House, session: WorkSession) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer")
    house.write(lambda db: programme.save_programme(db, replace(house.settings, team="T2")))
    house.write(lambda db: programme.save_account(db, "T2", programme.Account("spion", "Spion")))
    for value in (found.id, "pr_nothing", "", "' OR 1=1 --"):
        for handler in (backing.back, backing.take_back, backing.withdraw_own):
            with pytest.raises(Refused, match=r"proposals\.gone|programme\.refused"):
                house.answer(handler, replace(house.click("action", "x", "spion", value), team="T2"))
    assert waiting(house) == [found]


# Backing


def test_a_tap_counts_once_however_often_it_is_sent_and_can_be_taken_back(house: House, session: WorkSession) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer")
    house.repainted.clear()
    for key in ("a:1", "a:1", "a:2"):
        press(house, backing.back, "samir", found.id, key=key)
    assert waiting(house)[0].backers == ("noor", "samir")
    assert len(house.repainted) == 1, "what changed nothing paints nothing"
    for _ in range(2):
        press(house, backing.take_back, "samir", found.id)
    press(house, backing.take_back, "noor", found.id)
    assert waiting(house)[0].backers == ()
    press(house, backing.back, "samir", found.id, key="a:1")
    assert waiting(house)[0].backers == (), "a tap that Slack sends again late does not come back"


def test_backing_a_merged_proposal_backs_what_it_went_on_in_and_says_so(
    house: House, session: WorkSession, words: Words
) -> None:
    first, second = proposed(house, "noor", "Leerlingenvervoer"), proposed(house, "lotte", "Taxi naar school")
    in_form(house, reviewing.save_merge, session, second, into=first.id)
    press(house, backing.back, "samir", second.id)
    (bundle,) = waiting(house)
    assert set(bundle.backers) == {"noor", "lotte", "samir"}
    text, blocks = views.backed(bundle, bundle.merged[0], True, words)
    assert "Taxi naar school" in text and "Leerlingenvervoer" in text
    assert lint_message({"text": text, "blocks": [each.to_dict() for each in blocks]}) == []


def test_a_withdrawn_proposal_is_gone_for_whoever_backs_it_and_from_the_channel(
    house: House, session: WorkSession
) -> None:
    first, second = proposed(house, "noor", "Leerlingenvervoer"), proposed(house, "lotte", "Taxi naar school")
    in_form(house, reviewing.save_merge, session, second, into=first.id)
    press(house, backing.back, "samir", first.id)
    press(house, backing.withdraw_own, "noor", first.id)
    (left,) = waiting(house)
    assert (left.name, left.backers, left.also) == ("Taxi naar school", ("lotte", "samir"), ())
    assert [row.target_key for row in house.owed("proposals.call")][1:] == [f"proposals.call:{session.id}"]
    assert "Leerlingenvervoer" not in call_text(house)
    for handler in (backing.back, backing.take_back, backing.withdraw_own):
        with pytest.raises(Refused, match=r"proposals\.gone|programme\.refused"):
            press(house, handler, "noor", first.id)


def test_after_the_start_nobody_backs_any_more_and_the_call_says_so_once(
    house: House, session: WorkSession, words: Words
) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer")
    assert house.read(lambda db: telling.next_due(db, NOW)) == STARTS
    house.at(STARTS)
    for _ in range(3):
        house.do(telling.tick(house.world, STARTS))
    assert len(house.owed("proposals.call")) == 2
    assert house.read(lambda db: telling.next_due(db, STARTS)) is None
    assert words("proposals.call_over", day=words.day(STARTS)) in call_text(house)
    with pytest.raises(Refused, match=r"proposals\.closed"):
        press(house, backing.back, "samir", found.id)


# The coordinator


def test_the_call_is_asked_for_once_and_only_for_a_session_that_is_to_come(house: House) -> None:
    session = house.session(STARTS, state=State.PLANNED)
    for _ in range(2):
        press(house, reviewing.ask, "ineke", session.id)
    assert [row.key for row in house.owed("proposals.call")] == [f"proposals.call:{session.id}"]
    grouped = house.session(NOW, state=State.GROUPED)
    for value in (grouped.id, "ws_nothing"):
        with pytest.raises(Refused):
            press(house, reviewing.ask, "ineke", value)
    with pytest.raises(Refused, match="review_proposals"):
        press(house, reviewing.ask, "noor", session.id)


def test_two_coordinators_at_once_leave_one_decision_and_the_second_is_told(
    house: House, session: WorkSession, words: Words
) -> None:
    seen = proposed(house, "noor", "Leerlingenvervoer")
    assert decide(house, session, "accept", seen, "ineke") is None
    assert decide(house, session, "later", seen, "youssef") is not None, "she saw an older list"
    assert waiting(house)[0].status is Status.ACCEPTED
    with pytest.raises(Refused, match="open_again"):
        in_form(house, reviewing.save_edit, session, seen, "youssef", name="Anders", short="", place="")
    other, before = proposed(house, "lotte", "Kansengelijkheid"), waiting(house)[0]
    in_form(house, reviewing.save_merge, session, other, into=seen.id)
    with pytest.raises(Refused, match="open_again"):
        in_form(house, reviewing.save_edit, session, before, "youssef", name="Anders", short="", place="")
    with pytest.raises(Refused, match="open_again"):
        in_form(house, reviewing.save_merge, session, other, "youssef", into=seen.id)
    assert decide(house, session, "accept", other, "youssef") is not None
    assert [each.name for each in waiting(house)] == ["Leerlingenvervoer"]


def test_a_merge_is_undone_and_both_are_as_they_were(house: House, session: WorkSession) -> None:
    first, second = proposed(house, "noor", "Leerlingenvervoer"), proposed(house, "lotte", "Taxi naar school")
    press(house, backing.back, "samir", second.id)
    second = waiting(house)[1]
    in_form(house, reviewing.save_merge, session, second, into=first.id)
    (together,) = waiting(house)
    assert together.also == ("Taxi naar school",) and together.proposers == ("noor", "lotte")
    given = {"session": session.id, "page": "0", "proposal": first.id, "version": "2"}
    press(house, reviewing.apart, "ineke", f"{second.id} 2", metadata=json.dumps(given), view_id="V2")
    assert [(each.name, each.backers) for each in waiting(house)] == [
        ("Leerlingenvervoer", ("noor",)), ("Taxi naar school", ("lotte", "samir")),
    ]  # fmt: skip
    with pytest.raises(Refused, match="apart_already"):
        press(house, reviewing.apart, "ineke", f"{second.id} 2", metadata=json.dumps(given), view_id="V2")


def test_names_and_places_are_checked_and_kept(house: House, session: WorkSession) -> None:
    for name in ("Leerlingenvervoer", "Kansengelijkheid"):
        decide(house, session, "accept", proposed(house, "noor", name))
    second = waiting(house)[1]
    ack = in_form(house, reviewing.save_edit, session, second, name="y" * 3000, short="x" * 3000, place="7")
    assert set(ack["errors"]) == {"name", "short", "place"}
    assert (
        in_form(house, reviewing.save_edit, session, second, name="Gelijke kansen", short="Kansen", place="1") is None
    )
    second = waiting(house)[1]
    assert (second.name, second.head.original, second.head.short_name) == (
        "Gelijke kansen",
        "Kansengelijkheid",
        "Kansen",
    )
    assert house.read(lambda db: offering.lines(db, TEAM, session.id)) == [
        (second.id, "Gelijke kansen"), (waiting(house)[0].id, "Leerlingenvervoer"),
    ]  # fmt: skip


def test_a_decision_that_nobody_can_ask_for_does_nothing(house: House, session: WorkSession) -> None:
    found = proposed(house, "noor", "Leerlingenvervoer")
    with pytest.raises(Refused, match=r"slack\.unknown"):
        decide(house, session, "explode", found)
    for value in ("", "pr_x", f"{found.id} veel", f"{found.id} 99999999999999"):
        metadata = json.dumps({"session": session.id, "page": "-4"})
        press(house, reviewing.decide, "ineke", value, "accept", metadata=metadata, view_id="V1")
    with pytest.raises(Refused, match=r"worksessions\.gone"):
        press(house, reviewing.open_review, "ineke", "ws_forged")
    assert waiting(house) == [found]


def test_a_session_that_moves_takes_its_call_along(house: House, words: Words) -> None:
    previous = house.session(NOW - timedelta(days=1))
    plan = {"day": "2021-07-01", "start": "13:00", "end": "16:00", "title": "", "channel": "CWS"}
    metadata = json.dumps({"session": previous.id})
    house.answer(followup.hand_in_plan, house.click("form", "x", "ineke", fields=plan, metadata=metadata))
    session = house.read(lambda db: worksessions.follower(db, TEAM, previous.id))
    assert session is not None
    press(house, reviewing.ask, "ineke", session.id)
    house.arrive("proposals.call")
    house.at(STARTS)
    house.do(telling.tick(house.world, STARTS))
    later = {**plan, "day": "2021-07-08", "reason": ""}
    metadata = json.dumps({"session": session.id, "shown": version_of(session)})
    checked = house.answer(moving.hand_in_move, house.click("form", "x", "ineke", fields=later, metadata=metadata)).ack
    assert checked is not None
    metadata = checked["view"]["private_metadata"]
    house.answer(moving.move, house.click("form", "x", "ineke", metadata=metadata))
    assert words("proposals.call_text", day=words.day(STARTS + timedelta(days=7))) in call_body(house).text
    assert [row.operation for row in house.owed("proposals.call")] == ["post", "update", "update"]
    proposed(house, "noor", "Leerlingenvervoer")
    assert "Leerlingenvervoer" in call_text(house), "people can propose again"


def test_what_nobody_served_last_time_is_named_so(house: House, words: Words) -> None:
    last = house.session(NOW - timedelta(days=1), topics=("Onderwijszorgarrangementen", "Verduurzaming"))
    house.write(
        lambda db: groups.save_groups(db, TEAM, [Group("gr_1", last.id, 1, (last.topics[0].id,), None, ("noor",))])
    )
    view = hand_in(house, "samir", "Verduurzamen")["view"]
    assert words("proposals.is_carried") in str(view)
    view = hand_in(house, "samir", "OZA")["view"]
    assert words("proposals.is_theme") in str(view)


def test_what_waits_for_a_session_that_never_got_topics_goes_on_to_the_next(house: House, session: WorkSession) -> None:
    decide(house, session, "accept", proposed(house, "noor", "Leerlingenvervoer"))
    proposed(house, "samir", "Kansengelijkheid")
    for at, waits_for in ((STARTS, session.id), (session.ends_at, None), (session.ends_at, None)):
        house.at(at)
        house.do(telling.tick(house.world, at))
        assert {each.head.work_session for each in waiting(house)} == {waits_for}
    assert [each.status for each in waiting(house)] == [Status.ACCEPTED, Status.OPEN]
    press(house, backing.back, "lotte", waiting(house)[0].id)


# From proposals to topics


def make_session(house: House, planned: WorkSession, topics: str | None, shorts: str | None = None) -> WorkSession:
    """Go through the three steps of the form; None takes what is filled in."""
    click = house.click("action", "worksessions.topics", "ineke", planned.id)
    house.answer(forms.open_planned, click)
    form = json.dumps({"form": f"fm_{next(house._number) - 1:04}"})
    fields: dict[str, Any] = {
        "title": planned.title, "channel": "CWS", "day": "2021-07-01", "start": "13:00", "end": "16:00", "regions": [],
    }  # fmt: skip
    step = house.answer(forms.hand_in_plan, house.click("form", "x", "ineke", fields=fields, metadata=form)).ack
    assert step is not None
    filled = field_of(step["view"], "topics").get("initial_value", "")
    names = filled if topics is None else topics
    click = house.click("form", "x", "ineke", fields={"topics": names, "first": []}, metadata=form)
    step = house.answer(forms.hand_in_topics, click).ack
    assert step is not None and step["response_action"] == "update", step
    given = {
        "shorts": shorts or field_of(step["view"], "shorts")["initial_value"], "closes": "15:00", "limit": "",
        "closes_day": "2021-07-01", "mode": "free", "extras": [],
    }  # fmt: skip
    click = house.click("form", "x", "ineke", fields=given, metadata=form)
    assert house.answer(forms.hand_in_offer, click).ack is None
    found = house.read(lambda db: worksessions.one(db, TEAM, planned.id))
    assert found is not None and found.state is State.CHOOSING
    return found


def field_of(view: Any, name: str) -> dict[str, Any]:
    return next(dict(block["element"]) for block in view["blocks"] if block.get("block_id") == name)


def test_the_topics_are_filled_with_what_was_accepted_in_its_order_and_nothing_else(
    house: House, session: WorkSession
) -> None:
    for name in ("Leerlingenvervoer", "Kansengelijkheid", "Verduurzaming"):
        proposed(house, "noor", name)
    for user in ("samir", "lotte"):
        press(house, backing.back, user, waiting(house)[2].id)
    for number in (1, 0):
        decide(house, session, "accept", waiting(house)[number])
    made = make_session(house, session, None)
    assert [topic.name for topic in made.topics] == ["Kansengelijkheid", "Leerlingenvervoer"]
    (left,) = waiting(house)
    assert (left.name, left.head.work_session, len(left.backers)) == ("Verduurzaming", None, 3)


def test_each_proposal_is_linked_to_its_topic_and_the_theme_knows_every_name(
    house: House, session: WorkSession, words: Words
) -> None:
    first, second = proposed(house, "noor", "Leerlingenvervoer"), proposed(house, "lotte", "Taxi naar school")
    in_form(house, reviewing.save_merge, session, second, into=first.id)
    in_form(house, reviewing.save_edit, session, waiting(house)[0], name="Vervoer naar school", short="Vervoer")
    decide(house, session, "accept", waiting(house)[0])
    decide(house, session, "accept", proposed(house, "samir", "Kansengelijkheid"))
    made = make_session(house, session, "Vervoer van en naar school\nIets anders")
    topic = made.topics[0]
    assert topic.short_name == "Vervoer"
    chosen = house.read(lambda db: memory.chosen(db, TEAM, session.id))
    assert [(each.head.topic, each.proposers) for each in chosen] == [
        (topic.id, ("noor", "lotte")), (made.topics[1].id, ("samir",)),
    ]  # fmt: skip
    (theme,) = [each for each in house.read(lambda db: themes.themes(db, TEAM)) if each.id == topic.theme]
    assert {"Vervoer naar school", "Leerlingenvervoer", "Taxi naar school", "Vervoer"} <= set(theme.aliases)
    last = house.owed("proposals.call")[-1]
    assert last.target_key == f"proposals.call:{session.id}"
    text = call_text(house)
    assert words("proposals.proposed_by", people=words.list(["<@noor>", "<@lotte>"])) in text
    with pytest.raises(Refused, match="chosen_already"):
        press(house, backing.back, "samir", first.id)
    with pytest.raises(Refused, match="accepted_already"):
        press(house, backing.withdraw_own, "noor", first.id)


def test_a_line_that_was_taken_out_waits_for_the_next_session(house: House, session: WorkSession) -> None:
    for name in ("Leerlingenvervoer", "Kansengelijkheid"):
        decide(house, session, "accept", proposed(house, "noor", name))
    made = make_session(house, session, "Kansengelijkheid")
    assert len(made.topics) == 1
    assert [(each.name, each.status, each.head.work_session) for each in waiting(house)] == [
        ("Leerlingenvervoer", Status.OPEN, None)
    ]


def test_the_list_leads_straight_to_the_topics_of_a_session_that_has_a_date(house: House, session: WorkSession) -> None:
    decide(house, session, "accept", proposed(house, "noor", "Leerlingenvervoer"))
    press(house, forms.open_proposed, "ineke", session.id)
    form = f"fm_{next(house._number) - 1:04}"
    kept = house.read(lambda db: worksessions.form(db, TEAM, "ineke", form))
    assert kept is not None and [name for _, name in kept["proposed"]] == ["Leerlingenvervoer"]
    fields = {"topics": "Leerlingenvervoer", "first": []}
    click = house.click("form", "x", "ineke", fields=fields, metadata=json.dumps({"form": form}))
    step = house.answer(forms.hand_in_topics, click).ack
    assert step is not None and step["view"]["callback_id"] == "worksessions.offer"
    with pytest.raises(Refused, match="make_work_session"):
        press(house, forms.open_proposed, "noor", session.id)
    for gone in ("ws_forged", house.session(NOW).id):
        with pytest.raises(Refused, match=r"worksessions\.gone"):
            press(house, forms.open_proposed, "ineke", gone)


def ask_first(house: House, topics: str, **changed: str) -> Any:
    house.answer(forms.open_form, house.click("command", "nieuw", "ineke"))
    form = json.dumps({"form": f"fm_{next(house._number) - 1:04}"})
    fields: dict[str, Any] = {
        "title": "Nieuw", "channel": "CWS", "day": "2021-07-01", "start": "13:00", "end": "16:00", "regions": [],
    } | changed  # fmt: skip
    house.answer(forms.hand_in_plan, house.click("form", "x", "ineke", fields=fields, metadata=form))
    given = {"topics": topics, "first": ["first"]}
    ack = None
    for _ in range(2):
        click = house.click("form", "x", "ineke", key=f"v:{form}", fields=given, metadata=form)
        ack = ack or house.answer(forms.hand_in_topics, click).ack
    return ack


def test_participants_propose_first_and_what_the_coordinator_wrote_comes_along(house: House, words: Words) -> None:
    ack = ask_first(house, "Leerlingenvervoer\nKansengelijkheid")
    assert lint_view(ack["view"]) == []
    (made,) = house.read(lambda db: worksessions.newest(db, TEAM))
    assert (made.state, made.topics) == (State.PLANNED, ())
    assert len(house.owed("proposals.call")) == 1
    assert [(each.name, each.status, each.proposers) for each in waiting(house)] == [
        ("Leerlingenvervoer", Status.ACCEPTED, ("ineke",)), ("Kansengelijkheid", Status.ACCEPTED, ("ineke",)),
    ]  # fmt: skip
    house.arrive("proposals.call")
    assert [topic.name for topic in make_session(house, made, None).topics] == ["Leerlingenvervoer", "Kansengelijkheid"]


def test_proposing_first_takes_no_topics_but_a_session_that_is_to_come(house: House, words: Words) -> None:
    assert ask_first(house, "")["response_action"] == "update"
    started = ask_first(house, "", day="2021-06-17", start="13:30")
    assert started["errors"] == {"first": words("proposals.problem.started")}
    wrong = ask_first(house, "x" * 300)
    assert set(wrong["errors"]) == {"topics"}
    assert len(house.read(lambda db: worksessions.newest(db, TEAM))) == 1
    assert waiting(house) == []


# Within Slack's limits, with the longest inputs


def longest(number: int, **more: Any) -> Bundle:
    def one(inner: int) -> Proposal:
        name = f"{number}.{inner} {LONG}"[:TOPIC_LENGTH]
        found = Proposal(f"pr_{number:08}{inner:08}", TEAM, name, f"{name[:-2]}!!", LONG[:WHY_LENGTH], "U", NOW, "ws_1")
        origin = Origin("U0000000001", "C0000000001", "1.1")
        by = f"U{number:05}{inner:05}"
        found = replace(found, proposer=by, short_name="&" * SHORT_NAME_LENGTH, position=number, origin=origin)
        return replace(found, **more)

    return Bundle(one(0), tuple(one(inner) for inner in range(1, 60)), tuple(f"U{n:010}" for n in range(500)))


def a_session(state: State = State.PLANNED) -> WorkSession:
    topics = tuple(Topic(f"tp_{n}", f"{n} {LONG}"[:TOPIC_LENGTH], "&" * 20, "th") for n in range(MOST_TOPICS))
    return WorkSession(
        "ws_1", TEAM, LONG[:TITLE_LENGTH], "C0123456789", STARTS, STARTS + timedelta(hours=3), STARTS,
        "Europe/Amsterdam", state, "ineke", topics if state is not State.PLANNED else (),
    )  # fmt: skip


def fits(text: str, blocks: list[Any]) -> str:
    assert lint_message({"channel": "C1", "text": text, "blocks": [each.to_dict() for each in blocks]}) == []
    shown = "\n".join(visible_texts([each.to_dict() for each in blocks]))
    assert "<!channel>" not in shown and "<!channel>" not in text
    return shown


def fits_view(view: View) -> str:
    assert lint_view(view.to_dict()) == []
    return "\n".join(visible_texts(view.to_dict()["blocks"]))


@pytest.mark.parametrize("number", [0, 1, 60, 200])
def test_the_call_keeps_to_slacks_limits_with_any_number_of_proposals(words: Words, number: int) -> None:
    many = [longest(n) for n in range(number)]
    plain = [
        Bundle(replace(each.head, name=f"Thema {n}", original=f"Thema {n}", why=""), (), ("U1",))
        for n, each in enumerate(many)
    ]
    fits(*call_views.call(a_session(), many, words, is_open=True))
    text, blocks = call_views.call(a_session(), plain, words, is_open=True)
    shown = fits(text, blocks)
    assert shown.count(words("proposals.back")) == min(number, call_views.MOST_SHOWN)
    if number > call_views.MOST_SHOWN:
        assert words.count("proposals.more_in_home", number - call_views.MOST_SHOWN) in shown
    fits(*call_views.call(a_session(), many, words, is_open=False))
    chosen = [longest(n, status=Status.CHOSEN, topic=f"tp_{n}") for n in range(min(number, MOST_TOPICS))]
    fits(*call_views.call(a_session(State.CHOOSING), chosen, words, is_open=False))


def test_every_form_and_list_keeps_to_slacks_limits(words: Words) -> None:
    many = [longest(n, status=list(Status)[n % 3]) for n in range(70)]
    sessions = [replace(a_session(), id=f"ws_{n}") for n in range(120)]
    typed = Typed(LONG[:TOPIC_LENGTH], LONG[:WHY_LENGTH])
    for number in (0, 1, 120):
        fits_view(views.propose_form("pf_1", sessions[:number], typed, "ws_7", words, cut_off=True))
    kinds = [Known(kind, f"id_{n}", LONG, (LONG,)) for n, kind in enumerate(Kind)]
    alike = [views.Alike(LookAlike(each, 100.0)) for each in kinds[1:]]
    alike += [views.Alike(LookAlike(replace(kinds[0], id=f"pr_{n}"), 99.0), many[n]) for n in range(3)]
    fits_view(views.alike_form("pf_1", typed, alike, "U0000000001", words))
    fits_view(views.noted(many[0], sessions[0], words))
    for changed in (True, False):
        fits(*views.backed(many[0], many[0].merged[0], changed, words))
    fits(*views.no_longer_backed(many[0], words))
    by_id = {each.id: each for each in sessions}
    for page in range(-1, 6):
        fits_view(views.list_view(many, by_id, "U0000100001", page, words))
        names = {each.id: [LONG] * 9 for each in many}
        links = {one.id: "https://slack.com/archives/C0123456789/p12345678901" for each in many for one in each.members}
        fits_view(review_views.review(a_session(), many, names, links, page, words, notice=LONG[:2000]))
    fits_view(views.list_view([], {}, "U1", 0, words))
    fits_view(review_views.review(None, [], {}, {}, 0, words))
    back = {"session": "ws_1", "page": "3"}
    accepted = longest(1, status=Status.ACCEPTED)
    for bundle in (accepted, replace(accepted, merged=())):
        fits_view(review_views.edit_form(bundle, [bundle, *many], back, words))
        fits_view(review_views.merge_form(bundle, many * 3, [many[0].id], back, words))
        fits_view(review_views.merge_form(bundle, [], [], back, words))


def test_the_home_keeps_to_slacks_limits_with_proposals_in_it(house: House, words: Words) -> None:
    member = house.read(lambda db: programme.member(db, TEAM, "ineke"))
    desks = tuple(
        Desk(replace(a_session(), id=f"ws_{n}"), proposed=70, asked=n % 2 == 0, open_for_proposals=True)
        for n in range(9)
    )
    many = tuple(longest(n, work_session=None if n % 2 else "ws_1") for n in range(70))
    full = Home(
        Asker(member, house.settings, words), True, (), desks, (), (), many, {"ws_1": a_session()},
    )  # fmt: skip
    shown = fits_view(home_views.home(full, words))
    assert words("proposals.review", count=70) in shown and words("proposals.ask") in shown
    assert words("proposals.all", count=70) in shown
    fits_view(home_views.home(replace(full, desks=()), words))


def test_what_a_screen_reader_says_of_a_button_holds_the_words_on_it(words: Words) -> None:
    many = [longest(n, status=list(Status)[n % 3]) for n in range(9)]
    shown = [
        views.list_view(many, {}, "U0000000001", 0, words).to_dict()["blocks"],
        review_views.review(a_session(), many, {}, {}, 0, words).to_dict()["blocks"],
        [each.to_dict() for each in call_views.call(a_session(), many, words, is_open=True)[1]],
    ]
    buttons = [each for blocks in shown for block in blocks for each in elements(block)]
    assert len(buttons) > 30
    for each in buttons:
        assert each["text"]["text"] in each.get("accessibility_label", each["text"]["text"])


def elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found = [block.get("accessory"), *(block.get("elements") or ())]
    return [each for each in found if each and each.get("type") == "button"]
