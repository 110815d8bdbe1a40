"""What people can do about their seat after closing, through the router and on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Operation
from bot.programme import Role
from bot.selection import Duty, Pick, Reason, Wish, duty_of
from bot.worksessions import State
from handlers import selection as selection_feature
from handlers.words import Words
from storage import programme, selection, worksessions
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import STARTS, Room, choosing, close

PEOPLE = ("noor", "samir", "sanne", "youssef", "lotte", "vera")
OVER = STARTS + timedelta(hours=3)


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 12), str(request.param))
    for name in PEOPLE:
        made.person(name, locale=made.settings.language)
    made.person("ineke", None, Role.COORDINATOR, locale=made.settings.language)
    yield made
    made.database.close()


@pytest.fixture
def words(house: House) -> Words:
    return house.world.words[house.settings.language]


@pytest.fixture
def room(house: House) -> Room:
    """Two groups of two, both full: Ouders has Noor and Samir, Verduurzaming Sanne and Youssef."""
    chosen = {"noor": ["Ouders"], "samir": ["Ouders"], "sanne": ["Verduurzaming"], "youssef": ["Verduurzaming"]}
    return close(house, chosen, limit=2)


@pytest.fixture
def wide(house: House) -> Room:
    """The same without a limit."""
    chosen = {"noor": ["Ouders"], "samir": ["Ouders"], "sanne": ["Verduurzaming"], "youssef": ["Verduurzaming"]}
    return close(house, chosen)


def owed_since(room: Room, before: int, kind: str) -> list[str]:
    return [row.key for row in room.house.owed(kind)[before:]]


# Moving


def test_the_coordinator_moves_somebody_and_everything_that_shows_it_is_owed(wide: Room, words: Words) -> None:
    room, house = wide, wide.house
    house.arrive("selection.card", "selection.group")
    cards, heads = len(house.owed("selection.card")), len(house.owed("selection.group"))
    assert room.move("noor", room.at("Verduurzaming")) == {}
    assert room.tables() == {"Ouders": ["samir"], "Verduurzaming": ["noor", "sanne", "youssef"]}
    assert room.reason("noor") is Reason.MOVED
    assert len(owed_since(room, cards, "selection.card")) == 1
    changed = {row.target_key for row in house.owed("selection.group")[heads:]}
    assert changed == {f"selection.group:{group.id}" for group in room.groups}, "both threads, and each is an update"
    where = words("selection.group", number=room.at("Verduurzaming").number, topics="Verduurzaming")
    text = room.told("selection.seated", "noor")
    assert text.startswith(words("selection.seated", title="Werksessie 17 juni", group=where))
    assert words("selection.thread") in text


def test_a_full_group_says_so_under_the_field_and_takes_one_more_on_the_coordinators_word(
    room: Room, words: Words
) -> None:
    full = room.at("Verduurzaming")
    errors = room.move("noor", full)
    assert errors == {"group": words("selection.group_full", number=full.number, limit=2)}
    assert room.tables()["Ouders"] == ["noor", "samir"]
    assert room.move("noor", full, room=["wider"]) == {}
    assert room.tables()["Verduurzaming"] == ["noor", "sanne", "youssef"]
    topic = room.session.topic(room.topic("Verduurzaming"))
    assert topic is not None and room.session.maximum(topic) == 3, "the group is larger, and full again"
    assert room.move("samir", full) == {"group": words("selection.group_full", number=full.number, limit=3)}


@pytest.mark.parametrize("duty", ["facilitator", "note_taker"])
def test_who_led_or_took_notes_in_the_group_they_leave_no_longer_does(wide: Room, duty: str) -> None:
    room = wide
    room.move("noor", room.at("Ouders"), duty)
    assert duty_of(room.at("Ouders"), "noor") is Duty(duty)
    room.move("noor", room.at("Verduurzaming"))
    assert room.at("Ouders").people == ("samir",)
    assert (room.at("Ouders").facilitator, room.at("Ouders").note_taker) == (None, None)
    assert duty_of(room.at("Verduurzaming"), "noor") is Duty.PARTICIPANT


def test_a_new_facilitator_takes_over_and_the_former_hears_it_and_stays(wide: Room, words: Words) -> None:
    room = wide
    room.move("noor", room.at("Ouders"), "facilitator")
    room.move("lotte", room.at("Ouders"), "facilitator")
    group = room.at("Ouders")
    assert group.facilitator == "lotte"
    assert sorted(group.people) == ["lotte", "noor", "samir"]
    assert words("selection.seated_facilitator") in room.told("selection.seated", "lotte")
    assert words("selection.seated_facilitator") not in room.told("selection.seated", "noor")
    assert room.press("selection.why", "noor") == words(
        "selection.why_here", number=group.number, why=words("selection.why.first")
    )


def test_somebody_who_never_chose_can_be_given_a_seat(wide: Room) -> None:
    assert wide.move("vera", wide.at("Ouders")) == {}
    assert wide.reason("vera") is Reason.MOVED
    assert wide.waiting() == []


def test_who_could_not_come_and_is_given_a_seat_counts_as_coming(wide: Room) -> None:
    house = wide.house
    absent = Pick("vera", Wish.ABSENT, (), STARTS)
    house.write(lambda db: selection.save_pick(db, TEAM, wide.id, absent))
    wide.move("vera", wide.at("Ouders"))
    found = house.read(lambda db: selection.pick_of(db, TEAM, wide.id, "vera"))
    assert found is not None and found.wish is Wish.ANYWHERE and found.placed_by == "ineke"


def test_handing_the_form_in_twice_moves_once_and_tells_once(wide: Room) -> None:
    for _ in range(2):
        wide.move("noor", wide.at("Verduurzaming"), key="v:1:1")
    assert len(wide.house.owed("selection.seated")) == 1


def test_only_the_coordinator_moves_and_only_within_the_session(wide: Room, words: Words) -> None:
    before = wide.tables()
    assert wide.move("noor", wide.at("Verduurzaming"), by="samir") == {"person": words("programme.refused.move_seat")}
    other = close(wide.house, {"lotte": ["Ouders"]})
    assert wide.move("noor", other.at("Ouders")) == {"person": words("worksessions.gone")}
    wide.house.stranger("vera", None)
    assert wide.move("vera", wide.at("Ouders")) == {"person": words("selection.move_nobody")}
    assert wide.tables() == before


def test_nobody_is_moved_once_the_session_is_over_but_a_duty_can_still_be_taken_up(wide: Room, words: Words) -> None:
    wide.house.at(OVER)
    over = words("selection.over", title="Werksessie 17 juni")
    assert wide.move("noor", wide.at("Verduurzaming")) == {"person": over}
    assert wide.move("vera", wide.at("Ouders"), "facilitator") == {"person": over}
    assert wide.move("noor", wide.at("Ouders"), "facilitator") == {}
    assert wide.at("Ouders").facilitator == "noor"
    assert wide.press("selection.swap", "samir") == over
    assert wide.press("selection.seat", "vera") == over


def test_the_form_opens_with_the_group_that_misses_somebody(wide: Room) -> None:
    group = wide.at("Ouders")
    wide.press("selection.lead", "ineke", group.id)
    wide.press("selection.move", "ineke")
    preset, plain = [{block["block_id"]: block["element"] for block in view["blocks"]} for view in wide.world.opened]
    assert preset["group"]["initial_option"]["value"] == group.id
    assert preset["as"]["initial_option"]["value"] == "facilitator"
    assert "initial_option" not in plain["group"]
    assert plain["as"]["initial_option"]["value"] == "participant"


# Coming late


def test_who_comes_late_sits_where_they_wanted_with_one_tap(wide: Room, words: Words) -> None:
    room = wide
    late = room.press("selection.pick", "lotte", room.topic("Verduurzaming"))
    assert late == words("selection.late_offer", title="Werksessie 17 juni", closed="14:00")
    assert room.buttons() == [("selection.seat:late", room.topic("Verduurzaming"))]
    where = words("selection.group", number=room.at("Verduurzaming").number, topics="Verduurzaming")
    room.house.arrive("selection.group")
    said = room.press("selection.seat", "lotte", room.topic("Verduurzaming"), "late")
    assert said == words("selection.seat_given", group=where)
    assert "slack.com/archives" in room.world.drawn[-1][0]["text"]["text"]
    assert "lotte" in room.at("Verduurzaming").people
    assert room.reason("lotte") is Reason.LATE
    pick = room.house.read(lambda db: selection.pick_of(db, TEAM, room.id, "lotte"))
    assert pick is not None and pick.topics == (room.topic("Verduurzaming"),), "who comes late counts"
    assert room.press("selection.seat", "lotte") == words("selection.seat_known", group=where)
    assert len([1 for group in room.groups for user in group.people if user == "lotte"]) == 1


def test_a_late_tap_of_who_has_a_seat_says_where(wide: Room, words: Words) -> None:
    before = wide.tables()
    where = words("selection.group", number=wide.at("Ouders").number, topics="Ouders")
    said = wide.press("selection.pick", "noor", wide.topic("Verduurzaming"))
    assert said == words("selection.late_seated", title="Werksessie 17 juni", closed="14:00", group=where)
    assert wide.tables() == before


def test_who_cannot_come_after_all_is_told_whom_to_tell(wide: Room, words: Words) -> None:
    said = wide.press("selection.absent", "noor")
    assert said == words("selection.late_absent", title="Werksessie 17 juni", closed="14:00")


def test_a_late_tap_where_there_is_nothing_to_join_stays_late(house: House, words: Words) -> None:
    room = close(house, {})
    late = words("selection.late", title="Werksessie 17 juni", closed="14:00")
    assert room.press("selection.pick", "noor", room.topic("Ouders")) == late
    assert room.press("selection.seat", "noor") == words("selection.none_made")


def test_a_tap_while_the_groups_are_being_made_says_so(house: House, words: Words) -> None:
    room = choosing(house, {"samir": ["Ouders"]})
    house.write(lambda db: worksessions.set_state(db, room.session.team, room.session.id, State.CLOSING))
    said = room.press("selection.pick", "noor", room.topic("Ouders"))
    assert said == words("selection.late_soon", title="Werksessie 17 juni")


def test_who_comes_late_without_a_wish_sits_with_fewest_of_their_own_region(house: House) -> None:
    one, other = house.region("Haaglanden"), house.region("Rijnmond")
    for user, region in [("noor", one), ("samir", one), ("sanne", other), ("youssef", other), ("lotte", one)]:
        house.person(user, region)
    chosen = {"noor": ["Ouders"], "samir": ["Ouders"], "sanne": ["Verduurzaming"], "youssef": ["Verduurzaming"]}
    room = close(house, chosen)
    room.press("selection.seat", "lotte")
    assert "lotte" in room.at("Verduurzaming").people


def test_many_who_come_late_at_once_are_painted_in_one_go(wide: Room) -> None:
    wide.house.arrive("selection.card", "selection.group")
    before = {kind: len(wide.house.owed(kind)) for kind in ("selection.card", "selection.group")}
    for user in ("lotte", "vera"):
        wide.press("selection.seat", user, wide.topic("Ouders"), "late")
    assert "lotte" in wide.at("Ouders").people and "vera" in wide.at("Ouders").people
    assert len(owed_since(wide, before["selection.card"], "selection.card")) == 1
    assert len(owed_since(wide, before["selection.group"], "selection.group")) == 1
    assert "<@vera>" in wide.list(), "the one that waits shows both"


def test_when_every_group_is_full_who_comes_late_is_listed_as_waiting(room: Room, words: Words) -> None:
    assert room.press("selection.seat", "lotte") == words("selection.no_room")
    assert room.press("selection.seat", "lotte") == words("selection.no_room")
    assert room.waiting() == ["lotte"]
    assert words("selection.waiting", people="<@lotte>") in room.list()
    assert room.of("lotte") is None
    room.move("lotte", room.at("Ouders"), room=["wider"])
    assert room.waiting() == []


def test_who_left_the_workspace_or_is_unknown_takes_no_seat(wide: Room, words: Words) -> None:
    account = programme.Account("vera", "Vera", deleted=True)
    wide.house.write(lambda db: programme.save_account(db, TEAM, account))
    assert wide.press("selection.seat", "vera") == words("programme.refused.take_seat")
    assert wide.press("selection.seat", "lotte", "ws_none") == words("worksessions.gone")
    assert wide.waiting() == []


# Why here?


def test_who_has_no_seat_is_offered_one_where_they_ask_why(wide: Room, words: Words) -> None:
    assert wide.press("selection.why", "lotte") == words("selection.no_seat")
    assert wide.buttons() == [("selection.seat", wide.id)]


def asked(room: Room, user: str) -> str:
    said = room.press("selection.why", user)
    assert "\n" not in said
    return said


def why(words: Words, room: Room, user: str, reason: Reason, **names: str) -> str:
    group = room.of(user)
    assert group is not None
    return words("selection.why_here", number=group.number, why=words(f"selection.why.{reason.value}", **names))


def test_every_reason_of_the_allocation_is_told_as_it_was(house: House, words: Words) -> None:
    room = close(house, {"noor": ["Ouders"], "samir": None}, leads={"sanne": "Ouders"})
    assert asked(room, "noor") == why(words, room, "noor", Reason.FIRST)
    assert asked(room, "samir") == why(words, room, "samir", Reason.ANYWHERE)
    assert asked(room, "sanne") == why(words, room, "sanne", Reason.LEADS)


def test_a_first_choice_that_was_full_is_named(house: House, words: Words) -> None:
    chosen = {user: ["Ouders", "Verduurzaming"] for user in ("noor", "samir", "sanne")}
    room = close(house, chosen, limit=2)
    moved_on = room.at("Verduurzaming").people
    assert len(moved_on) == 1
    assert asked(room, moved_on[0]) == why(words, room, moved_on[0], Reason.SECOND_FULL, first="Ouders")


def test_a_first_choice_that_did_not_go_ahead_is_named(house: House, words: Words) -> None:
    chosen = {"noor": ["Ouders", "Verduurzaming"], "samir": ["Verduurzaming"], "sanne": ["Verduurzaming"]}
    room = close(house, chosen, minimum=2)
    assert asked(room, "noor") == why(words, room, "noor", Reason.SECOND_SMALL, first="Ouders")


FIVE = ("Ouders", "Verduurzaming", "Vervoer", "Zorg", "Taal")


@pytest.mark.parametrize(
    ("ranks", "reason"),
    [
        (["Ouders", "Verduurzaming"], Reason.SECOND_FIT),
        (["Ouders", "Taal", "Verduurzaming"], Reason.THIRD_FIT),
        (["Ouders"], Reason.OUTSIDE_FIT),
    ],
)
def test_who_was_needed_elsewhere_is_told_so(house: House, words: Words, ranks: list[str], reason: Reason) -> None:
    """Youssef wants Verduurzaming badly and needs one more; Sanne minds least, though Ouders is not full."""
    stay = ["Ouders", "Zorg", "Taal"]
    chosen = {"noor": stay, "samir": stay, "sanne": ranks, "youssef": ["Verduurzaming", "Vervoer", "Zorg"]}
    room = close(house, chosen, minimum=2, topics=FIVE)
    assert room.tables() == {"Ouders": ["noor", "samir"], "Verduurzaming": ["sanne", "youssef"]}
    assert asked(room, "sanne") == why(words, room, "sanne", reason, first="Ouders")


def test_who_got_a_third_choice_or_none_reads_what_became_of_the_first(house: House, words: Words) -> None:
    ranks = ["Ouders", "Verduurzaming", "Vervoer"]
    full = close(house, dict.fromkeys(PEOPLE[:3], ranks), limit=1)
    third = full.at("Vervoer").people[0]
    assert asked(full, third) == why(words, full, third, Reason.THIRD_FULL, first="Ouders")
    small = close(house, {"noor": ranks, "samir": ["Vervoer"], "sanne": ["Vervoer"]}, minimum=3)
    assert asked(small, "noor") == why(words, small, "noor", Reason.THIRD_SMALL, first="Ouders")
    outside = close(house, {**dict.fromkeys(PEOPLE[:3], ("Ouders",)), "youssef": ["Vervoer"]}, limit=2)
    away = next(user for user in outside.at("Vervoer").people if user != "youssef")
    assert asked(outside, away) == why(words, outside, away, Reason.OUTSIDE_FULL, first="Ouders")
    alone = close(house, {"noor": ["Ouders"], "samir": ["Vervoer"], "sanne": ["Vervoer"]}, minimum=2)
    assert asked(alone, "noor") == why(words, alone, "noor", Reason.OUTSIDE_SMALL, first="Ouders")


def test_who_was_placed_moved_or_came_late_reads_that(house: House, words: Words) -> None:
    room = close(house, {"noor": ["Ouders"], "samir": ["Verduurzaming"]}, placed=["noor"])
    assert asked(room, "noor") == why(words, room, "noor", Reason.PLACED)
    room.move("samir", room.at("Ouders"))
    assert asked(room, "samir") == why(words, room, "samir", Reason.MOVED)
    room.press("selection.seat", "lotte")
    assert asked(room, "lotte") == why(words, room, "lotte", Reason.LATE)


def test_there_is_a_sentence_for_every_reason_in_both_languages(words: Words) -> None:
    for reason in Reason:
        names = {"first": "Ouders"} if reason.names_first else {"name": "Noor"} if reason is Reason.SWAPPED else {}
        assert words(f"selection.why.{reason.value}", **names)


# Somebody leaves


def leave(room: Room, user: str) -> None:
    body = {"user": {"id": user, "name": user, "team_id": TEAM, "deleted": True}}
    room.do("event", "user_change", user, body=body)


def test_a_group_goes_on_when_its_facilitator_leaves_and_the_coordinator_sees_it(wide: Room, words: Words) -> None:
    wide.house.arrive("selection.card", "selection.group")
    wide.move("noor", wide.at("Ouders"), "facilitator")
    leave(wide, "noor")
    group = wide.at("Ouders")
    assert (group.facilitator, group.people) == (None, ("samir",))
    assert wide.reason("noor") is None
    assert wide.waiting() == [], "who left waits for nothing"
    updates = [row for row in wide.house.owed("selection.group") if row.operation == Operation.UPDATE]
    assert updates[-1].target_key == f"selection.group:{group.id}"
    leave(wide, "noor")
    assert wide.at("Ouders") == group


def test_who_left_while_nobody_was_listening_is_taken_out_at_the_next_tick(wide: Room) -> None:
    house = wide.house
    account = programme.Account("noor", "Noor", deleted=True)
    house.write(lambda db: programme.save_account(db, TEAM, account))
    for _ in range(2):
        house.do(selection_feature.tick(house.world, house.clock.now()))
    assert wide.tables() == {"Ouders": ["samir"], "Verduurzaming": ["sanne", "youssef"]}


def test_the_groups_of_yesterday_stay_as_they_were_when_somebody_leaves(wide: Room) -> None:
    wide.house.at(OVER)
    before = wide.tables()
    leave(wide, "noor")
    assert wide.tables() == before


def test_somebody_whose_account_only_changed_keeps_the_seat(wide: Room) -> None:
    before = wide.tables()
    body = {"user": {"id": "noor", "name": "Noor", "team_id": TEAM}}
    wide.do("event", "user_change", "noor", body=body)
    assert wide.tables() == before
    assert wide.house.read(lambda db: programme.member(db, TEAM, "noor")).takes_part


# Whoever chose gets a place


def test_small_groups_in_ranked_mode_run_without_anybody_naming_a_minimum(house: House) -> None:
    """With a largest group of two, the usual three people a group would leave everybody without a place."""
    room = close(house, dict.fromkeys(PEOPLE[:4], ("Ouders", "Vervoer")), limit=2, minimum=None)
    assert [len(group.people) for group in room.groups] == [2, 2]
    assert room.waiting() == []
