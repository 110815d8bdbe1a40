from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.article import Part
from bot.digest import POST_CHARACTERS
from bot.programme import Role
from bot.worksessions import State
from handlers import digest, followup
from handlers.delivery import Body
from playground.linter import visible_texts
from storage import worksessions
from storage.delivery import OutboxRow
from storage.digest import DigestItemRow, DigestRow
from storage.harvest import ArticleSentenceRow
from storage.timetable import OccurrenceRow
from tests.handlers.house import House, wall

SESSION = wall(2021, 6, 17, 13)
TUESDAY = wall(2021, 6, 22, 9)
SOMETHING = [[(Part.BODY, "We nodigen de school nu uit vóór we iets inkopen.")]]


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 13, 55), str(request.param))
    yield made
    made.database.close()


def tick(house: House, at: datetime | None = None) -> None:
    if at is not None:
        house.at(at)
    house.do(digest.tick(house.world, house.clock.now()))


def weeks(house: House, until: datetime) -> None:
    """Step through every moment at which a digest is due, as the practice clock does."""
    while (due := house.read(lambda db: digest.next_due(db, house.clock.now()))) is not None and due <= until:
        tick(house, due)
    house.at(until)


def posts(house: House) -> list[OutboxRow]:
    return house.owed("digest.post")


def rows(house: House) -> list[DigestRow]:
    return house.read(lambda db: list(db.exec(select(DigestRow).order_by(col(DigestRow.until)))))


def states(house: House) -> list[tuple[str, str]]:
    found = house.read(lambda db: list(db.exec(select(OccurrenceRow).order_by(col(OccurrenceRow.due_at)))))
    return [(row.period_key, row.state) for row in found]


def shown(body: Body | None) -> str:
    assert body is not None
    return "\n".join(visible_texts([block.to_dict() for block in body.blocks]))


def test_a_digest_comes_on_tuesday_at_nine_and_a_second_tick_sends_no_second_one(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    house.article(house.session(SESSION), SOMETHING)
    tick(house, TUESDAY - timedelta(seconds=1))
    assert posts(house) == []
    assert house.read(lambda db: digest.next_due(db, house.clock.now())) == TUESDAY
    for seconds in (0, 0, 30, 3600):
        tick(house, TUESDAY + timedelta(seconds=seconds))
    assert len(posts(house)) == 1
    assert [row.period_key for row in rows(house)] == ["2021-W25"]
    text = shown(house.draw(posts(house)[0], digest.MESSAGES))
    assert "We nodigen de school nu uit vóór we iets inkopen." in text
    title = {"nl": "Oogst van 15 tot 22 juni", "en": "Harvest from 15 to 22 June"}[house.settings.language]
    assert text.startswith(title)
    assert {"nl": "zonder AI gemaakt", "en": "made without AI"}[house.settings.language] in text


def test_every_region_reads_it_in_its_own_channel_and_who_did_not_take_part_reads_nothing(house: House) -> None:
    one, two, _ = house.region("Haaglanden"), house.region("Waterweg"), house.region("Elders")
    house.region("Zonder kanaal", None)
    tick(house)
    house.article(house.session(SESSION, regions=[one, two]), SOMETHING)
    tick(house, TUESDAY)
    assert [row.channel_id for row in posts(house)] == [f"C{one}", f"C{two}"]
    assert sorted(row.silent for row in rows(house)) == [False, False, True]


def test_an_empty_week_is_silent(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    weeks(house, TUESDAY + timedelta(weeks=3))
    assert posts(house) == []
    assert [row.silent for row in rows(house)] == [True] * 4


def test_nothing_is_said_twice_and_what_came_in_time_is_said_next_week(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    first = house.article(house.session(SESSION), SOMETHING)
    tick(house, TUESDAY)
    house.at(TUESDAY)  # published in the same instant in which the digest was made
    second = house.article(house.session(SESSION, title="Tweede"), [[(Part.QUESTION, "Wie betaalt welk deel?")]])
    weeks(house, TUESDAY + timedelta(weeks=4))
    said = house.read(lambda db: list(db.exec(select(DigestItemRow.subject))))
    assert sorted(said) == sorted([*first[0], *second[0]])
    assert [row.silent for row in rows(house)] == [False, False, True, True, True]


def test_a_jump_over_thirteen_weeks_sends_each_digest_in_its_turn(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region)
    tick(house)
    previous = house.session(SESSION)
    house.article(previous, SOMETHING)
    house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september", follows=previous.id)
    weeks(house, wall(2021, 9, 16, 12))
    assert len(rows(house)) == 13
    assert [row.period_key for row in rows(house)] == [f"2021-W{week}" for week in range(25, 38)]
    assert len(posts(house)) == 1, "all that was new was said in the first week"
    assert all(f"{row.until.astimezone(SESSION.tzinfo):%a}" == "Tue" for row in rows(house))


@pytest.mark.parametrize(("hours", "done"), [(47, True), (49, False)])
def test_a_digest_that_was_missed_comes_up_to_two_days_late(house: House, hours: int, done: bool) -> None:
    house.region("Haaglanden")
    tick(house)
    house.article(house.session(SESSION), SOMETHING)
    tick(house, TUESDAY + timedelta(hours=hours))
    assert len(posts(house)) == done
    assert states(house)[-1] == ("2021-W25", "done" if done else "skipped")
    tick(house, TUESDAY + timedelta(weeks=1))
    assert len(posts(house)) == 1, "what was skipped is said a week later"
    assert "vóór we iets inkopen" in shown(house.draw(posts(house)[0], digest.MESSAGES))


def test_after_two_months_down_there_is_one_digest_at_most_and_all_of_it_is_in_there(house: House) -> None:
    regions = [house.region(f"Inspiratieregio {number}") for number in range(12)]
    tick(house)
    house.article(house.session(SESSION), SOMETHING)
    back = TUESDAY + timedelta(days=56, minutes=20)
    tick(house, back)
    assert len(posts(house)) == len(regions)
    leave = sorted(row.not_before - back for row in posts(house))
    assert leave[0] == timedelta(0)
    assert leave[-1] < timedelta(minutes=10)
    assert len(set(leave)) == len(regions), "late digests do not all leave at once"
    assert sum(state == "skipped" for _, state in states(house)) == 12 * 9


def test_a_digest_comes_at_nine_on_the_wall_when_the_clocks_change(house: House) -> None:
    house.region("Haaglanden")
    house.at(wall(2021, 10, 20, 12))
    tick(house)
    weeks(house, wall(2021, 11, 10, 12))
    first, *on_time = [row.until.astimezone(UTC).hour for row in rows(house)]
    assert first == 10, "the first one is made when Oogst starts"
    assert on_time == [7, 8, 8]


def test_what_was_withdrawn_after_the_digest_was_made_is_not_in_the_post(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    house.article(house.session(SESSION), SOMETHING)
    tick(house, TUESDAY)
    house.write(lambda db: [db.delete(row) for row in db.exec(select(ArticleSentenceRow))])
    assert house.draw(posts(house)[0], digest.MESSAGES) is None


def full(house: House, groups: int, length: int, sign: str = "m") -> None:
    def text(part: str, number: int) -> str:
        start = f"{part} {number} "
        return (start + f"{sign * 9} " * length)[:length].rstrip()

    said = [
        [
            *((Part.BODY, text(f"punt {n}", g)) for n in range(6)),
            (Part.QUOTE, text("citaat", g)),
            (Part.QUESTION, text("vraag", g)),
            (Part.OFFER, text("aanbod", g)),
        ]
        for g in range(groups)
    ]
    topics = [f"Thema {g} " + "lang " * 22 for g in range(groups)]
    house.article(house.session(SESSION, topics=topics), said)


@pytest.mark.parametrize(("length", "sign"), [(80, "m"), (300, "m"), (3000, "m"), (3000, "&"), (290, "<")])
def test_the_longest_inputs_stay_within_the_limits_and_every_sentence_is_there_whole(
    house: House, length: int, sign: str
) -> None:
    house.region("Haaglanden")
    tick(house)
    full(house, 8, length, sign)
    house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="T" * 100)
    house.arrive("harvest.article")
    tick(house, TUESDAY)
    bodies = [house.draw(row, digest.MESSAGES) for row in [*posts(house), *house.owed("digest.details")]]
    first = bodies[0]
    assert first is not None
    assert len(first.blocks) <= 10
    assert len(shown(first)) <= POST_CHARACTERS
    everything = "\n".join(map(shown, bodies))
    plain = "".join(everything.replace("&lt;", "<").replace("&amp;", "&").split())
    for group in range(8):
        for name in ("punt 0", "punt 5", "citaat", "vraag", "aanbod"):
            whole = (f"{name} {group} " + f"{sign * 9} " * length)[:length].rstrip()
            assert plain.count("".join(whole.split())) == 1
    for body in bodies:
        assert body is not None
        assert body.text.strip()
        assert len(body.text) < 4000


def test_four_items_with_a_link_to_the_article_and_the_rest_in_the_thread(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    full(house, 3, 80)
    planned = house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="Werksessie september")
    house.arrive("harvest.article")
    tick(house, TUESDAY)
    body = house.draw(posts(house)[0], digest.MESSAGES)
    assert body is not None
    blocks = [block.to_dict() for block in body.blocks]
    rows = [element for block in blocks for element in [block.get("accessory", {}), *block.get("elements", [])]]
    links = [element for element in rows if element.get("action_id", "").startswith("digest.read")]
    assert [link["action_id"] for link in links] == ["digest.read:0", "digest.read:1", "digest.read:2"]
    assert all(link["url"].startswith("https://slack.com/archives/CWS/p") for link in links)
    answers = [element for element in rows if element.get("action_id", "").startswith("followup.answer")]
    assert [button["action_id"] for button in answers] == [f"followup.answer:{word}" for word in ("yes", "maybe", "no")]
    assert {button["value"] for button in answers} == {planned.id}
    assert all(row.thread_key == posts(house)[0].key for row in house.owed("digest.details"))
    words = house.world.words[house.settings.language]
    assert words.count("digest.more", 27 - 3) in shown(body)
    assert words("digest.text_date", day=words.day(planned.starts_at)) in body.text


def test_a_date_alone_is_news_once_and_again_when_it_moved(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    planned = house.session(wall(2021, 9, 16, 13), state=State.PLANNED)
    tick(house, TUESDAY)
    tick(house, TUESDAY + timedelta(weeks=1))
    assert len(posts(house)) == 1
    moved = replace(planned, starts_at=wall(2021, 9, 23, 13), ends_at=wall(2021, 9, 23, 16))
    house.write(lambda db: worksessions.save(db, moved, house.clock.now()))
    tick(house, TUESDAY + timedelta(weeks=2))
    assert len(posts(house)) == 2
    text = shown(house.draw(posts(house)[1], digest.MESSAGES))
    words = house.world.words[house.settings.language]
    assert words("digest.moved", when=words.period(moved.starts_at, moved.ends_at)) in text


def test_an_answer_can_be_given_from_the_digest(house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region, Role.PARTICIPANT)
    planned = house.session(wall(2021, 9, 16, 13), state=State.PLANNED)
    house.answer(followup.give_answer, house.click("action", "followup.answer", "noor", planned.id, "yes"))
    assert len(house.owed("followup.calendar")) == 1


def test_what_people_wrote_cannot_ping_anybody_from_a_digest(house: House) -> None:
    house.region("Haaglanden")
    tick(house)
    said = "<!channel> kijk <https://kwaad.example|hier> en <@U1> & klaar met deze zin."
    house.article(house.session(SESSION, topics=["<!here> thema"]), [[(Part.BODY, said), (Part.OFFER, said)]])
    house.session(wall(2021, 9, 16, 13), state=State.PLANNED, title="<!everyone>")
    tick(house, TUESDAY)
    for row in [*posts(house), *house.owed("digest.details")]:
        body = house.draw(row, digest.MESSAGES)
        assert body is not None
        assert "<" not in shown(body) + body.text
