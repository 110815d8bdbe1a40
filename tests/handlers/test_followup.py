from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot.article import Part
from bot.delivery import Operation
from bot.followup import Answer
from bot.problem import Refused
from bot.programme import Role
from bot.worksessions import State, WorkSession
from handlers import followup
from handlers.delivery import Body
from handlers.routing import Click
from playground.linter import lint_view, visible_texts
from storage import delivery, worksessions
from storage import followup as memory
from tests.handlers.house import TEAM, House, wall

SESSION = wall(2021, 6, 17, 13)
PUBLISHED = wall(2021, 6, 22, 17, 10)
PLAN = {"day": "2021-09-16", "start": "13:00", "end": "16:00", "title": "Werksessie september", "channel": "CWS"}


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, PUBLISHED, str(request.param))
    made.person("ineke", None, Role.COORDINATOR, locale=made.settings.language)
    yield made
    made.database.close()


@pytest.fixture
def previous(house: House) -> WorkSession:
    return house.session(SESSION)


def hand_in(
    house: House, previous: WorkSession, user: str = "ineke", key: str = "v:1", **changed: str
) -> dict[str, object]:
    fields = {**PLAN, **changed}
    metadata = f'{{"session": "{previous.id}"}}'
    click = house.click("form", "followup.plan", user, key=key, fields=fields, metadata=metadata)
    return dict(house.answer(followup.hand_in_plan, click).ack or {})


def planned(house: House, previous: WorkSession) -> WorkSession:
    found = house.read(lambda db: worksessions.follower(db, TEAM, previous.id))
    assert found is not None
    return found


def say(house: House, user: str, session: WorkSession, wish: str, **more: str) -> None:
    house.answer(followup.give_answer, house.click("action", "followup.answer", user, session.id, wish, **more))


def tick(house: House, at: datetime) -> None:
    house.at(at)
    house.do(followup.tick(house.world, at))


def reminded(house: House) -> list[str | None]:
    return [row.user_id for row in house.owed("followup.reminder")]


def shown(body: Body | None) -> str:
    assert body is not None
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks]))


# Setting the date


def test_a_date_that_the_groups_announced_is_proposed_in_full(house: House, previous: WorkSession) -> None:
    house.article(previous, [[(Part.BODY, "We gaan verder op 16 september.")]])
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key=f"followup.proposal:{previous.id}", kind="followup.proposal",
            arguments={"id": previous.id}, user="ineke", now=PUBLISHED,
        )
    )  # fmt: skip
    (row,) = house.owed("followup.proposal")
    body = house.draw(row, followup.MESSAGES)
    says = {
        "nl": "Donderdag 16 september 2021: volgende werksessie maken?",
        "en": "Thursday 16 September 2021: make the next work session?",
    }
    assert shown(body).startswith(says[house.settings.language])
    assert body is not None
    make = body.blocks[-1].to_dict()["elements"][0]
    assert (make["action_id"], make["value"]) == ("followup.make", f"{previous.id} 2021-09-16")
    house.arrive("followup.proposal")
    for key in ("a:1", "a:1", "a:2"):
        house.answer(followup.make, house.click("action", "followup.make", "ineke", make["value"], key=key))
    made = planned(house, previous)
    assert (made.starts_at, made.ends_at) == (wall(2021, 9, 16, 13), wall(2021, 9, 16, 16))
    assert made.state is State.PLANNED
    assert len(house.owed("followup.invitation")) == 1
    _, update = house.owed("followup.proposal")
    assert update.operation == Operation.UPDATE
    words = house.world.words[house.settings.language]
    assert words("followup.is_set", when=words.period(made.starts_at, made.ends_at)) in shown(
        house.draw(update, followup.MESSAGES)
    )


def test_without_a_sure_date_the_coordinator_is_asked(house: House, previous: WorkSession) -> None:
    house.article(previous, [[(Part.BODY, "Misschien gaan we verder op 16 september.")]])
    words = house.world.words[house.settings.language]
    body = house.read(lambda db: followup.proposal(db, house.settings, {"id": previous.id}, words))
    assert shown(body).startswith(words("followup.when"))


def test_setting_the_date_makes_one_session_and_one_invitation_however_often_it_is_sent(
    house: House, previous: WorkSession
) -> None:
    said = hand_in(house, previous)
    again = hand_in(house, previous)
    other = hand_in(house, previous, key="v:2")
    assert said == again == other
    view = said["view"]
    assert lint_view(view) == []  # type: ignore[arg-type] - the ack carries a view
    words = house.world.words[house.settings.language]
    made = planned(house, previous)
    assert words.period(made.starts_at, made.ends_at) in str(view)
    sessions = house.read(lambda db: worksessions.newest(db, TEAM))
    assert len(sessions) == 2
    (row,) = house.owed("followup.invitation")
    assert (row.key, row.channel_id) == (f"followup.invitation:{made.id}", "CWS")
    text = shown(house.draw(row, followup.MESSAGES))
    assert words("followup.invitation", when=words.period(made.starts_at, made.ends_at)) in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", "2021-06-01"),
        ("day", "2021-02-31"),
        ("day", ""),
        ("end", "12:00"),
        ("start", "later"),
        ("channel", ""),
        ("title", "x" * 300),
        ("end", "13:00"),
    ],
)
def test_a_date_that_cannot_be_is_told_under_its_field_and_nothing_is_made(
    house: House, previous: WorkSession, field: str, value: str
) -> None:
    ack = hand_in(house, previous, **{field: value})
    assert ack["response_action"] == "errors"
    assert field in ack["errors"]  # type: ignore[operator] - the errors are a mapping
    assert house.read(lambda db: worksessions.follower(db, TEAM, previous.id)) is None
    assert house.owed("followup.invitation") == []


def test_a_session_without_a_name_is_named_after_its_day(house: House, previous: WorkSession) -> None:
    hand_in(house, previous, title="")
    words = house.world.words[house.settings.language]
    assert planned(house, previous).title == words("worksessions.default_title", day=words.day(wall(2021, 9, 16, 13)))


@pytest.mark.parametrize("user", ["noor", "sanne", "vreemd", "iemand"])
def test_only_the_coordinator_sets_the_date(house: House, previous: WorkSession, user: str) -> None:
    house.person("noor")
    house.person("sanne", None, Role.FACILITATOR, Role.ADMIN)
    house.stranger("vreemd", None)
    with pytest.raises(Refused, match="set_next_date"):
        hand_in(house, previous, user)
    for handler, name in ((followup.choose, "followup.choose"), (followup.make, "followup.make")):
        with pytest.raises(Refused, match="set_next_date"):
            house.answer(handler, house.click("action", name, user, f"{previous.id} 2021-09-16"))
    assert house.owed("followup.invitation") == []


def test_the_command_takes_the_newest_session_with_groups(house: House) -> None:
    with pytest.raises(Refused, match=r"followup\.no_previous"):
        house.answer(followup.choose, house.click("command", "volgende", "ineke"))
    house.session(SESSION)
    assert len(house.answer(followup.choose, house.click("command", "next", "ineke")).then) == 1


def test_the_form_keeps_within_the_limits_and_is_filled_in(house: House, previous: WorkSession) -> None:
    from handlers.views import followup as views

    words = house.world.words[house.settings.language]
    day = wall(2021, 9, 16, 13).date()
    empty = views.plan_form(previous, day, None, PUBLISHED.date(), words).to_dict()
    assert lint_view(empty) == []
    found = {block["block_id"]: block["element"] for block in empty["blocks"]}
    assert (found["start"]["initial_time"], found["end"]["initial_time"]) == ("13:00", "16:00")
    assert (found["day"]["initial_date"], found["channel"]["initial_channel"]) == ("2021-09-16", "CWS")
    hand_in(house, previous, title="T" * 100)
    filled = views.plan_form(previous, None, planned(house, previous), PUBLISHED.date(), words).to_dict()
    assert lint_view(filled) == []


# Answers


def test_the_last_answer_counts_and_the_counters_say_so(house: House, previous: WorkSession) -> None:
    for user in ("noor", "samir", "lotte"):
        house.person(user)
    hand_in(house, previous)
    made = planned(house, previous)
    say(house, "noor", made, "yes")
    say(house, "samir", made, "maybe")
    say(house, "lotte", made, "yes")
    say(house, "noor", made, "no")
    say(house, "lotte", made, "yes", key="k-double")
    say(house, "lotte", made, "yes", key="k-double")
    counts = house.read(lambda db: memory.counts(db, TEAM, made.id))
    assert counts == {Answer.YES: 1, Answer.MAYBE: 1, Answer.NO: 1}
    text = shown(house.draw(house.owed("followup.invitation")[0], followup.MESSAGES))
    assert {"nl": "1 komt · 1 misschien · 1 kan niet", "en": "1 will join · 1 maybe"}[house.settings.language] in text
    assert house.read(lambda db: memory.own_answers(db, TEAM, "noor", PUBLISHED)) == {made.id: Answer.NO}
    ((upcoming, answer),) = house.read(lambda db: memory.upcoming(db, TEAM, "samir", PUBLISHED))
    assert (upcoming.id, answer) == (made.id, Answer.MAYBE)


def test_a_name_that_only_says_the_date_is_not_shown_beside_it(house: House, previous: WorkSession) -> None:
    hand_in(house, previous, title="")
    text = shown(house.draw(house.owed("followup.invitation")[0], followup.MESSAGES))
    assert planned(house, previous).title not in text.splitlines()


def test_an_answer_after_the_start_is_refused_kindly_and_changes_nothing(house: House, previous: WorkSession) -> None:
    house.person("noor")
    hand_in(house, previous)
    made = planned(house, previous)
    house.at(made.starts_at)
    with pytest.raises(Refused) as refused:
        say(house, "noor", made, "yes")
    words = house.world.words[house.settings.language]
    assert made.title in house.world.say(words, refused.value.key, refused.value.values)
    assert house.owed("followup.calendar") == []


def test_a_made_up_session_or_answer_and_a_stranger_get_nowhere(house: House, previous: WorkSession) -> None:
    house.person("noor")
    house.stranger("vreemd", None)
    hand_in(house, previous)
    made = planned(house, previous)
    with pytest.raises(Refused, match=r"followup\.gone"):
        house.answer(followup.give_answer, house.click("action", "followup.answer", "noor", "ws_9999", "yes"))
    with pytest.raises(Refused):
        say(house, "noor", made, "sure")
    with pytest.raises(Refused, match="answer_invitation"):
        say(house, "vreemd", made, "yes")
    elsewhere = Click("action", "followup.answer", team="T2", user="noor", key="x", value=made.id, argument="yes")
    with pytest.raises(Refused):
        house.answer(followup.give_answer, elsewhere)
    assert house.read(lambda db: memory.counts(db, TEAM, made.id)) == {}


# The file for an agenda


def test_a_yes_gets_a_calendar_file_in_the_right_zone_and_again_after_a_no(house: House, previous: WorkSession) -> None:
    house.person("noor")
    hand_in(house, previous, title="Werksessie; met, tekens\\ 🌱")
    made = planned(house, previous)
    for wish in ("yes", "maybe", "no", "yes", "yes"):
        say(house, "noor", made, wish)
    former, row = house.owed("followup.calendar")
    assert (row.user_id, row.operation) == ("noor", Operation.FILE)
    assert house.draw(former, followup.MESSAGES) is None, "only the newest file is sent"
    body = house.draw(row, followup.MESSAGES)
    assert body is not None
    assert body.file is not None
    assert body.file_name.endswith("-2021-09-16.ics")
    calendar = icalendar.Calendar.from_ical(body.file)
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Amsterdam"
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == datetime(2021, 9, 16, 13, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert event["DTEND"].dt == datetime(2021, 9, 16, 16, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert event["DTSTAMP"].dt == PUBLISHED
    assert str(event["SUMMARY"]) == made.title
    assert (made.id in str(event["UID"]), TEAM in str(event["UID"])) == (True, True)
    assert "CWS" in str(event["URL"])
    assert body.file == (house.draw(row, followup.MESSAGES) or body).file, "the same answer gives the same file"
    assert all(len(line) <= 75 for line in body.file.split(b"\r\n"))


def test_who_says_no_before_the_file_left_gets_none(house: House, previous: WorkSession) -> None:
    house.person("noor")
    hand_in(house, previous)
    say(house, "noor", planned(house, previous), "yes")
    say(house, "noor", planned(house, previous), "no")
    assert house.draw(house.owed("followup.calendar")[0], followup.MESSAGES) is None


def test_another_date_asks_again_moves_the_invitation_and_gives_another_file(
    house: House, previous: WorkSession
) -> None:
    for user in ("noor", "samir", "lotte"):
        house.person(user)
    hand_in(house, previous)
    made = planned(house, previous)
    house.arrive("followup.invitation")
    for user, wish in (("noor", "yes"), ("samir", "maybe"), ("lotte", "no")):
        say(house, user, made, wish)
    house.at(PUBLISHED + timedelta(days=1))
    hand_in(house, previous, key="v:2", day="2021-09-23")
    moved = planned(house, previous)
    assert (moved.id, moved.starts_at) == (made.id, wall(2021, 9, 23, 13))
    assert house.read(lambda db: memory.counts(db, TEAM, made.id)) == {}
    asked = house.owed("followup.moved")
    assert [row.user_id for row in asked] == ["noor", "samir"]
    assert "23" in shown(house.draw(asked[0], followup.MESSAGES))
    card, update = house.owed("followup.invitation")
    assert (update.operation, update.target_key) == (Operation.UPDATE, card.key)
    assert [row.user_id for row in house.owed("followup.calendar")] == ["noor", "samir", "noor", "samir"]
    say(house, "noor", moved, "yes")
    newest = house.owed("followup.calendar")[2]
    assert len(house.owed("followup.calendar")) == 4, "who has the new file already is not sent it twice"
    body = house.draw(newest, followup.MESSAGES)
    assert body is not None
    assert body.file is not None
    assert b"20210923T130000" in body.file
    assert b"SEQUENCE:1" in body.file


# The reminder


@pytest.fixture
def invited(house: House) -> WorkSession:
    one, two, three = house.region("Haaglanden"), house.region("Waterweg"), house.region("Elders")
    for user, region in [("noor", one), ("samir", two), ("sanne", one), ("youssef", three), ("lotte", None)]:
        house.person(user, region)
    house.stranger("vreemd", one)
    house.stranger("weg", two, deleted=True)
    previous = house.session(SESSION, regions=[one, two])
    hand_in(house, previous)
    return planned(house, previous)


NINE = wall(2021, 9, 15, 9)


def test_the_reminder_goes_once_to_who_comes_or_did_not_answer(house: House, invited: WorkSession) -> None:
    say(house, "samir", invited, "no")
    say(house, "sanne", invited, "yes")
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) == NINE
    tick(house, NINE - timedelta(seconds=1))
    assert reminded(house) == []
    for seconds in (0, 0, 30, 7200):
        tick(house, NINE + timedelta(seconds=seconds))
    assert reminded(house) == ["noor", "sanne"]
    assert house.read(lambda db: followup.next_due(db, house.clock.now())) is None
    for row in house.owed("followup.reminder"):
        text = shown(house.draw(row, followup.MESSAGES))
        assert "13:00-16:00" in text


def test_maybe_is_not_reminded_and_a_no_in_the_last_minute_still_counts(house: House, invited: WorkSession) -> None:
    say(house, "samir", invited, "maybe")
    tick(house, NINE)
    assert reminded(house) == ["noor", "sanne"]
    say(house, "noor", invited, "no")
    first, second = house.owed("followup.reminder")
    assert house.draw(first, followup.MESSAGES) is None
    assert house.draw(second, followup.MESSAGES) is not None


def test_a_session_without_regions_reminds_everybody_who_takes_part(house: House, invited: WorkSession) -> None:
    everyone = house.session(SESSION, title="Voor iedereen")
    hand_in(house, everyone, key="v:2")
    tick(house, NINE)
    rows = [row for row in house.owed("followup.reminder") if planned(house, everyone).id in row.key]
    assert [row.user_id for row in rows] == ["ineke", "lotte", "noor", "samir", "sanne", "youssef"]


def test_a_reminder_is_never_for_a_session_that_has_started(house: House, invited: WorkSession) -> None:
    tick(house, invited.starts_at)
    assert reminded(house) == []
    tick(house, invited.starts_at + timedelta(days=30))
    assert reminded(house) == []


def test_after_a_night_down_the_reminder_comes_on_the_day_itself_and_is_of_no_use_later(
    house: House, invited: WorkSession
) -> None:
    tick(house, wall(2021, 9, 16, 10))
    assert reminded(house) == ["noor", "samir", "sanne"]
    assert {row.not_after for row in house.owed("followup.reminder")} == {invited.starts_at}


def test_a_session_that_is_set_the_day_before_is_not_reminded_of_on_top(house: House) -> None:
    house.person("noor")
    previous = house.session(SESSION)
    house.at(wall(2021, 9, 15, 10))
    hand_in(house, previous)
    tick(house, wall(2021, 9, 15, 10))
    tick(house, wall(2021, 9, 16, 8))
    assert reminded(house) == []


def test_a_session_to_which_topics_were_added_is_still_reminded_of(house: House, invited: WorkSession) -> None:
    house.write(lambda db: worksessions.set_state(db, invited.team, invited.id, State.CHOOSING))
    tick(house, NINE)
    assert reminded(house) == ["noor", "samir", "sanne"]


def test_a_session_that_was_never_an_invitation_reminds_only_who_said_yes(house: House) -> None:
    house.person("noor")
    house.person("samir")
    direct = house.session(wall(2021, 9, 16, 13), state=State.CHOOSING)
    say(house, "noor", direct, "yes")
    tick(house, NINE)
    assert reminded(house) == ["noor"]


def test_a_home_line_shows_the_answer_and_the_buttons(house: House, invited: WorkSession) -> None:
    from handlers.views import followup as views

    words = house.world.words[house.settings.language]
    for answer in (None, *Answer):
        blocks = views.home_line(invited, answer, words)
        assert lint_view({"type": "home", "blocks": [block.to_dict() for block in blocks]}) == []
