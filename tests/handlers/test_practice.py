"""What a coordinator practises stays between her and the bot."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.article import Part
from bot.article import State as ArticleState
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from bot.worksessions import State, WorkSession
from handlers import followup, harvest, home, impressions, prompting, selection, worksessions
from storage import harvest as articles
from storage import impressions as notes
from storage import selection as choices
from storage import worksessions as sessions
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 17, 14)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path, NOW)
    for user in ("ineke", "lotte"):
        made.person(user, None, Role.COORDINATOR)
    return made


@pytest.fixture
def practice(house: House) -> WorkSession:
    session = replace(house.session(NOW), channel="D1", closes_at=NOW)
    house.write(lambda db: sessions.save(db, session, NOW))
    return session


def test_after_practising_no_next_date_can_be_set_that_invites_everybody(house: House, practice: WorkSession) -> None:
    house.article(practice, [[(Part.BODY, "Dit is maar een oefening, meer niet.")]])
    found = house.read(lambda db: articles.of_session(db, TEAM, practice.id))
    assert found is not None
    house.write(lambda db: articles.save(db, replace(found, state=ArticleState.DRAFT, published_at=None)))
    click = house.click("action", "harvest.publish", "ineke", f"{found.id}:{found.version}")
    house.answer(harvest.ROUTES.actions["harvest.publish"], click)
    assert house.owed("followup.proposal") == []
    with pytest.raises(Refused):
        house.answer(followup.make, house.click("action", "followup.make", "ineke", f"{practice.id} 2021-09-16"))
    with pytest.raises(Refused):
        house.answer(followup.choose, house.click("command", "volgende", "ineke"))


def test_practising_asks_and_tells_and_reminds_nobody_else(house: House, practice: WorkSession) -> None:
    house.person("noor")
    choosing = replace(practice, state=State.CHOOSING, closes_at=wall(2021, 6, 17, 15))
    house.write(lambda db: sessions.save(db, choosing, NOW))
    about = json.dumps({"session": practice.id})
    ask = house.click("form", "selection.pair", "ineke", metadata=about, fields={"partner": "noor"})
    with pytest.raises(Refused, match="pair_practice"):
        house.answer(selection.ROUTES.forms["selection.pair"], ask)
    group = Group("gr_1", practice.id, 1, (practice.topics[0].id,), None)
    house.write(lambda db: sessions.set_state(db, practice.team, practice.id, State.GROUPED))
    house.write(lambda db: choices.save_groups(db, TEAM, [group]))
    seat = {"person": "noor", "group": group.id, "as": "facilitator", "room": []}
    move = house.click("form", "selection.move", "ineke", metadata=about, fields=seat)
    house.answer(selection.ROUTES.forms["selection.move"], move)
    assert [
        found.facilitator for found in house.read(lambda db: choices.groups_of(db, practice.team, practice.id))
    ] == ["noor"]
    with pytest.raises(Refused, match="remind_practice"):
        value = f"{practice.id}/impression:{group.id}"
        house.answer(prompting.ROUTES.actions["prompting.remind"], house.click("action", "r", "ineke", value))
    kinds = ("selection.pair", "selection.seated", "impressions.ask")
    assert [row.user_id for kind in kinds for row in house.owed(kind)] == []


def test_another_coordinator_does_not_see_who_practises_what(house: House, practice: WorkSession) -> None:
    shown = {
        user: house.write(partial(home.look, house.world, house.click("action", "home.refresh", user))).desks
        for user in ("ineke", "lotte")
    }
    assert [len(shown["ineke"]), len(shown["lotte"])] == [1, 0]


def test_another_coordinator_cannot_take_along_the_draft_of_who_practises(house: House, practice: WorkSession) -> None:
    house.article(practice, [[(Part.BODY, "Dit is maar een oefening, meer niet.")]])
    found = house.read(lambda db: articles.of_session(db, TEAM, practice.id))
    assert found is not None
    with pytest.raises(Refused):
        house.answer(harvest.ROUTES.actions["harvest.more"], house.click("action", "m", "lotte", f"html:{found.id}"))
    assert house.owed("harvest.file") == []


@pytest.mark.parametrize("chosen", [["rg_0002"], []])
def test_the_form_for_topics_says_which_regions_take_part_and_those_of_the_date_do_not_linger(
    house: House, chosen: list[str]
) -> None:
    one, other = house.region("Haaglanden"), house.region("Twente")
    assert other == "rg_0002"
    planned = house.session(wall(2021, 9, 16, 13), state=State.PLANNED, regions=[one])
    plan = {
        "title": "Werksessie", "channel": "CWS", "regions": chosen, "starts_at": planned.starts_at.isoformat(),
        "ends_at": planned.ends_at.isoformat(),
    }  # fmt: skip
    data = {"planned": planned.id, "plan": plan, "topics": ["Thema"]}
    house.write(lambda db: sessions.save_form(db, "fm_1", TEAM, "ineke", data, NOW))
    fields = {"shorts": "Thema", "closes": "13:00", "limit": ""}
    click = house.click("form", "worksessions.offer", "ineke", metadata='{"form": "fm_1"}', fields=fields)
    house.answer(worksessions.hand_in_offer, click)
    found = house.read(lambda db: sessions.one(db, TEAM, planned.id))
    assert found is not None
    assert (found.state, list(found.regions)) == (State.CHOOSING, chosen)


def test_a_date_to_which_two_forms_put_topics_keeps_those_of_the_first(house: House) -> None:
    planned = house.session(wall(2021, 9, 16, 13), state=State.PLANNED)

    def form(number: int) -> str:
        plan = {
            "title": "Werksessie", "channel": "CWS", "regions": [], "starts_at": planned.starts_at.isoformat(),
            "ends_at": planned.ends_at.isoformat(),
        }  # fmt: skip
        data = {"planned": planned.id, "plan": plan, "topics": [f"Thema {number}"]}
        house.write(lambda db: sessions.save_form(db, f"fm_{number}", TEAM, "ineke", data, NOW))
        return f'{{"form": "fm_{number}"}}'

    first, second = (
        house.click(
            "form", "worksessions.offer", "ineke", metadata=form(number),
            fields={"shorts": f"Thema {number}", "closes": "13:00", "limit": ""},
        )
        for number in (1, 2)
    )  # fmt: skip
    assert house.answer(worksessions.hand_in_offer, first).ack is None
    with pytest.raises(Refused):
        house.answer(worksessions.hand_in_offer, second)
    kept = house.read(lambda db: sessions.one(db, TEAM, planned.id))
    assert kept is not None
    assert [topic.name for topic in kept.topics] == ["Thema 1"]


def handed_in(house: House, practice: WorkSession) -> str:
    """Noor was seated in the group of a practice session, to see how that goes; returns what was handed in for it."""
    house.person("noor")
    group = Group("gr_1", practice.id, 1, (practice.topics[0].id,), "ineke", ("noor",))
    house.write(lambda db: choices.save_groups(db, TEAM, [group]))
    fields = {"takeaway": "Dit is maar een oefening, meer niet."}
    share = house.click("form", "impressions.share", "ineke", metadata=json.dumps({"group": "gr_1"}), fields=fields)
    house.answer(impressions.ROUTES.forms["impressions.share"], share)
    return house.read(lambda db: notes.of_session(db, TEAM, practice.id))[0].id


def test_nobody_is_asked_whether_what_somebody_practised_is_right(house: House, practice: WorkSession) -> None:
    handed_in(house, practice)
    assert house.read(lambda db: impressions.waiting_for(db, TEAM, "noor", NOW)) == []
    (note,) = house.read(lambda db: notes.of_session(db, TEAM, practice.id))
    group = house.read(lambda db: choices.group(db, TEAM, "gr_1"))
    assert group is not None
    assert house.read(lambda db: notes.standing_of(db, practice, group, note, NOW)).asked == ()


def test_the_groups_of_a_practice_session_are_offered_to_nobody_else(house: House, practice: WorkSession) -> None:
    handed_in(house, practice)
    message = {"text": "We nodigen de school nu uit.", "user": "noor", "ts": "5.1"}
    for user in ("lotte", "noor"):
        taken = house.click("shortcut", "impressions.share", user, channel="C9", ts="5.1", body={"message": message})
        with pytest.raises(Refused):
            house.answer(impressions.ROUTES.shortcuts["impressions.share"], taken)
    about = json.dumps({"group": "gr_1"})
    forged = house.click("form", "impressions.share", "lotte", metadata=about, fields={"takeaway": "Van mij."})
    with pytest.raises(Refused, match="no_group"):
        house.answer(impressions.ROUTES.forms["impressions.share"], forged)
    written = {
        "text": "We nodigen de school nu uit en dat gaat goed.",
        "channel_type": "im",
        "user": "noor",
        "ts": "6.1",
    }
    heard = house.click("event", "message", "noor", channel="D7", ts="6.1", body=written)
    for handler in impressions.ROUTES.events["message"]:
        assert not house.answer(handler, heard).then, "who was only seated hears nothing of it"
    assert len(house.read(lambda db: notes.of_session(db, TEAM, practice.id))) == 1
