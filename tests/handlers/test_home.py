"""The Home in the order "what waits for me?", and how little is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.followup import Answer, Given
from bot.impressions import Contents, Impression, QuoteUse, SignOff, Source, Verdict
from bot.programme import Role
from bot.promises import Capacity, Event, Promise
from bot.promises import State as Standing
from bot.selection import Group, Pick, Wish
from bot.worksessions import State, WorkSession
from handlers import home, nudges
from handlers.home import Home
from handlers.home.waiting import in_order
from handlers.slack import kinds, router
from handlers.views import home as views
from handlers.waiting import Urgency, Waiting
from playground.linter import lint_view, visible_texts
from storage import followup, impressions, programme, promises, selection, worksessions
from tests.handlers.house import TEAM, House, wall

NOW = wall(2021, 6, 15, 17)
STARTS = wall(2021, 6, 15, 13)
MOST_STATEMENTS = 120
"""So many statements a Home may take, however many people and groups there are."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, NOW)
    for name in ("noor", "sanne", "youssef"):
        made.person(name)
    made.person("ineke", None, Role.COORDINATOR)
    yield made
    made.database.close()


def seen(house: House, user: str) -> Home:
    click = house.click("event", "app_home_opened", user)
    return house.write(lambda db: home.look(house.world, click, db))


def shown(house: House, user: str, language: str = "nl") -> str:
    view = views.home(seen(house, user), house.world.words[language]).to_dict()
    assert lint_view(view) == []
    return "\n".join(visible_texts(view["blocks"]))


def green(house: House, user: str) -> list[str]:
    def find(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [str(part["text"]["text"])] if part.get("style") == "primary" else []
            return own + [each for inner in part.values() for each in find(inner)]
        return [each for inner in part for each in find(inner)] if isinstance(part, list) else []

    return find(views.home(seen(house, user), house.world.words["nl"]).to_dict()["blocks"])


def grouped(house: House, starts: datetime = STARTS, leader: str = "sanne", **more: Any) -> WorkSession:
    session = house.session(starts, **more)
    group = Group(f"gr_{session.id}", session.id, 1, (session.topics[0].id,), leader, ("noor",))
    house.write(lambda db: selection.save_groups(db, TEAM, [group]))
    return session


def choosing(house: House, closes: datetime) -> WorkSession:
    session = house.session(closes + timedelta(hours=1), state=State.CHOOSING, title="Kiezen")
    session = replace(session, closes_at=closes, opened_at=NOW - timedelta(days=1))
    house.write(lambda db: worksessions.save(db, session, NOW))
    return session


# What waits comes first


def test_what_others_wait_for_comes_first_and_what_is_due_first_among_equals() -> None:
    def one(urgency: Urgency, hours: int | None) -> Waiting:
        return Waiting(urgency, lambda words: [], None if hours is None else NOW + timedelta(hours=hours))

    share, late, soon, open_, promise = (
        one(Urgency.SHARE, 9), one(Urgency.SIGN, 8), one(Urgency.SIGN, 1), one(Urgency.SIGN, None),
        one(Urgency.PROMISED, -5),
    )  # fmt: skip
    assert in_order([promise, late, open_, soon, share]) == (share, soon, late, open_, promise)


def test_an_impression_comes_before_choosing_and_choosing_before_an_invitation(house: House) -> None:
    house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september")
    choosing(house, wall(2021, 7, 1, 12))
    grouped(house)
    text = shown(house, "sanne")
    places = [text.index(each) for each in ("De impressie van je groep mist nog", "Je koos nog geen thema", "16 sept")]
    assert places == sorted(places)
    assert [each.urgency for each in seen(house, "sanne").waiting] == [
        Urgency.SHARE, Urgency.CHOOSE, Urgency.INVITED,
    ]  # fmt: skip
    assert green(house, "sanne") == ["Deel impressie"]


def test_what_is_answered_waits_no_more_and_stands_under_what_comes(house: House) -> None:
    dated = house.session(wall(2021, 9, 16, 13), state=State.PLANNED)
    open_ = choosing(house, wall(2021, 7, 1, 12))
    assert len(seen(house, "noor").waiting) == 2
    house.write(lambda db: followup.save_answer(db, dated, "noor", Given(Answer.YES, NOW)))
    pick = Pick("noor", Wish.TOPIC, (open_.topics[0].id,), NOW)
    house.write(lambda db: selection.save_pick(db, TEAM, open_.id, pick))
    found = seen(house, "noor")
    assert found.waiting == ()
    assert [session.id for session, _ in found.upcoming] == [open_.id, dated.id]
    text = shown(house, "noor")
    assert "Er wacht nu niets op jou." in text
    assert "Kiezen" in text and "16 september" in text


def test_of_a_long_series_only_the_next_dates_ask_for_an_answer(house: House) -> None:
    for week in range(1, 13):
        house.session(STARTS + timedelta(days=7 * week), state=State.PLANNED)
    found = seen(house, "noor")
    assert len(found.waiting) == 3 and len(found.upcoming) == 9
    assert "En nog" in shown(house, "noor"), "what a Home cannot hold is counted"


def test_a_session_under_way_stays_on_the_home_however_many_dates_are_set_ahead(house: House) -> None:
    session = grouped(house)
    for week in range(1, 31):
        house.session(STARTS + timedelta(days=7 * week), state=State.PLANNED)
    assert session.id in {each.id for each, _ in seen(house, "sanne").groups}
    assert seen(house, "ineke").desks[0].session.id == session.id, "and it is on top of the coordinator's board"


def test_somebody_in_no_region_of_a_session_is_not_asked_whether_they_come(house: House) -> None:
    region = house.region("Haaglanden")
    house.session(wall(2021, 9, 16, 13), state=State.PLANNED, regions=[region])
    assert seen(house, "noor").waiting == ()


def test_who_sits_in_a_group_reads_where_until_it_is_over(house: House) -> None:
    grouped(house, wall(2021, 6, 17, 13))
    assert "Je zit in deze groep op donderdag 17 juni." in shown(house, "noor")
    assert "Je begeleidt deze groep op donderdag 17 juni." in shown(house, "sanne")
    house.at(wall(2021, 6, 18, 9))
    assert "Je zat in deze groep op donderdag 17 juni." in shown(house, "noor")
    assert "Je zat" not in shown(house, "sanne")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_when_nothing_waits_the_home_says_so_kindly(house: House, language: str) -> None:
    words = house.world.words[language]
    for user in ("noor", "ineke"):
        assert words("home.nothing_waits") in shown(house, user, language)


def test_the_coordinator_reads_her_own_things_before_her_board(house: House) -> None:
    grouped(house, leader="ineke")
    grouped(house, wall(2021, 6, 15, 12), leader="sanne")
    text = shown(house, "ineke")
    assert text.index("De impressie van je groep mist nog") < text.index("Werksessies") < text.index("Herinner")
    assert green(house, "ineke") == ["Deel impressie"]


def ready(house: House) -> None:
    """A work session of 15 June of which only the coordinator's check is missing."""
    session = grouped(house)
    assert "klaar om na te kijken" not in shown(house, "ineke")
    note = Impression(
        id="im_1", team=TEAM, work_session=session.id, group=f"gr_{session.id}", author="sanne", source=Source.FORM,
        contents=Contents(takeaway="Samen kan het."), created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    house.write(lambda db: impressions.save(db, note, []))
    assert "klaar om na te kijken" not in shown(house, "ineke"), "its group can still answer"
    house.write(lambda db: impressions.save_answer(db, note, SignOff("noor", Verdict.AGREES, NOW)))


def test_a_draft_in_which_nothing_is_missing_waits_for_the_coordinator(house: House) -> None:
    ready(house)
    assert "*Het verslag van dinsdag 15 juni is klaar om na te kijken.*" in shown(house, "ineke")
    assert green(house, "ineke") == ["Bekijk concept"]
    assert "klaar om na te kijken" not in shown(house, "sanne")


@pytest.mark.practice("001:1-5")
def test_a_draft_that_waits_counts_the_days_until_it_had_best_be_out(house: House) -> None:
    ready(house)
    for day, told in (
        (16, "Het liefst binnen vijf dagen: nog 4 dagen."),
        (19, "Het liefst binnen vijf dagen: nog 1 dag."),
        (20, "De werksessie was al 5 dagen geleden."),
        (23, "De werksessie was al 8 dagen geleden."),
    ):
        house.at(wall(2021, 6, day, 10))
        assert told in shown(house, "ineke"), day


# Quiet


def ask_quiet(house: House, text: str, user: str = "noor", name: str = "stil") -> str:
    """Type the command; returns what is said back."""
    told: list[str] = []

    class Told(type(house.world)):  # type: ignore[misc]  # a world that keeps what it whispers
        async def whisper(self, click: object, text: str, blocks: object = (), *, replace: bool = False) -> None:
            told.append("\n".join([text, *visible_texts([each.to_dict() for each in blocks])]))

    world = Told(**{k: v for k, v in vars(house.world).items() if not k.startswith("_")})
    answered = house.do(nudges.ROUTES.commands[name](house.click("command", name, user, text), world))
    for work in answered.then:
        house.do(work)
    return told[-1]


def until(house: House, user: str = "noor") -> datetime | None:
    return house.read(lambda db: programme.member(db, TEAM, user)).quiet_until


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", wall(2021, 6, 22)),
        ("tot maandag", wall(2021, 6, 21)),
        ("t/m zondag 20 juni", wall(2021, 6, 21)),
        ("tot en met 30 juni", wall(2021, 7, 1)),
        ("until Monday", wall(2021, 6, 21)),
        ("tot 1 september", wall(2021, 9, 1)),
        ("donderdag 24 juni", wall(2021, 6, 24)),
    ],
)
def test_quiet_lasts_until_the_day_that_was_typed_or_a_week_and_is_said_back(
    house: House, typed: str, day: datetime
) -> None:
    said = ask_quiet(house, typed)
    assert until(house) == day
    assert house.world.words["nl"].date(day) in said and "Weer aan" in said
    assert f"Je krijgt geen herinneringen tot {house.world.words['nl'].date(day)}." in shown(house, "noor")


def test_quiet_ends_by_itself_and_with_a_tap_and_by_command(house: House) -> None:
    ask_quiet(house, "tot maandag")
    house.at(wall(2021, 6, 21, 0))
    assert "geen herinneringen" not in shown(house, "noor")
    house.at(NOW)
    click = house.click("action", "nudges.resume", "noor", view_id="V1")
    house.answer(nudges.ROUTES.actions["nudges.resume"], click)
    assert until(house) is None
    ask_quiet(house, "tot maandag")
    assert "Ik herinner je weer" in ask_quiet(house, "uit")
    assert until(house) is None


@pytest.mark.parametrize("typed", ["tot de hooizolder", "tot gisteren", "elke dinsdag", "tot vandaag"])
def test_what_is_no_day_to_come_is_asked_back_and_changes_nothing(house: House, typed: str) -> None:
    from bot.problem import Refused

    with pytest.raises(Refused, match=r"nudges\.(unclear|past)"):
        ask_quiet(house, typed)
    assert until(house) is None


def test_a_day_that_can_be_two_days_is_asked_back_with_buttons(house: House) -> None:
    assert "dinsdag 22 juni 2021" in ask_quiet(house, "tot dinsdag"), "on a Tuesday that is the next one"
    assert until(house) == wall(2021, 6, 22)
    ask_quiet(house, "uit")
    said = ask_quiet(house, "t/m dinsdag")
    assert "Tot welke dag" in said and "woensdag 16 juni 2021" in said and "woensdag 23 juni 2021" in said
    assert until(house) is None
    house.answer(nudges.pause, house.click("action", "nudges.pause", "noor", "2021-06-23"))
    assert until(house) == wall(2021, 6, 23)


def test_nobody_can_be_silenced_with_a_made_up_day(house: House) -> None:
    from bot.problem import Refused

    for value in ("", "morgen", "2021-06-15", "1999-01-01"):
        with pytest.raises(Refused):
            house.answer(nudges.pause, house.click("action", "nudges.pause", "noor", value))
    with pytest.raises(Refused):
        house.answer(nudges.quiet, house.click("command", "stil", "vreemd", "tot maandag"))


# How much is read


def statements(house: House, user: str) -> int:
    """How many statements it takes to read somebody's Home."""
    counted: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        counted.append(statement)

    def work(db: Session) -> None:
        engine = db.connection().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            home.look(house.world, house.click("event", "app_home_opened", user), db)
        finally:
            event.remove(engine, "before_cursor_execute", note)

    house.write(work)
    return len(counted)


def a_year(house: House, people: int, sessions: int, groups: int) -> None:
    """Sessions of the last months with groups in which everybody sits, and as many to come."""
    topics = [f"Thema {n}" for n in range(groups)]
    users = [f"u{n:03}" for n in range(people)]
    for user in users:
        house.person(user)
    for number in range(sessions):
        ahead = number >= sessions - 2
        starts = NOW + timedelta(days=30 * (number - sessions + 3)) if ahead else NOW - timedelta(days=8 * number + 1)
        session = house.session(starts, topics=topics, title=f"Sessie {number}")
        made = [
            Group(
                f"gr_{number}_{n}", session.id, n + 1, (session.topics[n].id,), users[n], tuple(users[n::groups]),
                "ineke" if n == 0 else None,
            )
            for n in range(groups)
        ]  # fmt: skip

        def save(db: Session, session: WorkSession = session, made: list[Group] = made, old: bool = number > 0) -> None:
            selection.save_groups(db, TEAM, made)
            for group in made[1:] if session.starts_at < NOW else ():
                note = Impression(
                    f"im_{group.id}", TEAM, session.id, group.id, Source.FORM, users[1], Contents("Dit."), NOW, NOW,
                    quote_by=users[2], quote_use=QuoteUse.ASKED,
                )  # fmt: skip
                impressions.save(db, note, [])
                impressions.save_answer(db, note, SignOff(users[3], Verdict.AGREES, NOW))
                if old:  # the clock ended the answering of all but the newest
                    impressions.close(db, note, NOW, NOW)
                promise = Promise(
                    f"pm_{group.id}", TEAM, session.id, group.id, note.id, None, "", users[4], users[1], NOW,
                    state=Standing.CHANGED, due=NOW.date() - timedelta(days=1), due_since=NOW, own_words="Een kaart",
                )  # fmt: skip
                promises.save(db, promise, Event(NOW, users[4], Capacity.OWNER, None, promise.state))

        house.write(save)


def test_a_home_takes_as_many_statements_for_two_hundred_people_as_for_forty(tmp_path: Path) -> None:
    counts: dict[str, list[int]] = {}
    for name, people, groups in (("small", 40, 10), ("large", 200, 40)):
        folder = tmp_path / name
        folder.mkdir()
        house = House(folder, NOW)
        house.person("ineke", None, Role.COORDINATOR)
        a_year(house, people, 12, groups)
        counts[name] = [statements(house, user) for user in ("ineke", "u000", "u002", "u004", "u009")]
        house.database.close()
    assert counts["large"] == counts["small"], counts
    assert max(counts["large"]) <= MOST_STATEMENTS, counts


# The frame


def test_every_source_and_every_button_on_the_home_is_answered(house: House) -> None:
    grouped(house)
    choosing(house, wall(2021, 7, 1, 12))
    house.session(wall(2021, 9, 16, 13), state=State.PLANNED)
    names = router().names("action")
    for user in ("ineke", "sanne", "noor"):
        ask_quiet(house, "", user)
        view = views.home(seen(house, user), house.world.words["nl"]).to_dict()
        actions = {str(each).split(":")[0] for each in _actions(view["blocks"])}
        assert actions <= names
    assert "impressions.ask" in kinds()


def _actions(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["action_id"]] if "action_id" in part else []
        return own + [each for inner in part.values() for each in _actions(inner)]
    return [each for inner in part for each in _actions(inner)] if isinstance(part, list) else []
