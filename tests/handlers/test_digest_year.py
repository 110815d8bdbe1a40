"""A year of digests in three holiday regions, and a thousand regions that are due at once."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from bot.article import Part
from bot.calendar import holidays_on
from bot.digest import MOST_ITEMS, POST_CHARACTERS
from handlers import digest
from playground.linter import visible_texts
from storage import programme
from storage.delivery import OutboxRow
from storage.digest import DigestItemRow, DigestRow
from tests.handlers.house import AMSTERDAM, TEAM, House, wall

TUESDAY = wall(2021, 6, 22, 9)
SUBJECTS = (
    "ouders", "leerlingen", "wijkteams", "scholen", "gemeenten", "jeugdhulp", "leraren", "kosten", "ruimte",
    "vervoer", "taal", "sport", "muziek", "natuur", "zorgplicht", "wachttijd",
)  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 15, 13), "nl")
    yield made
    made.database.close()


def tick(house: House, at: datetime) -> None:
    house.at(at)
    house.do(digest.tick(house.world, at))


def test_a_year_of_news_rests_in_the_holidays_says_what_was_missed_and_loses_nothing(house: House) -> None:
    regions = {}
    for part in ("Noord", "Midden", "Zuid"):
        region = house.region(f"Regio {part}")
        house.write(lambda db, region=region, part=part: programme.set_holidays(db, TEAM, region, part))
        regions[region] = part
    tick(house, wall(2021, 6, 16, 9))
    draw = random.Random("year")
    told: list[str] = []
    numbers = itertools.count(1)
    for week in range(52):
        house.at(TUESDAY + timedelta(weeks=week, days=-2))
        if week % 3 == 0:
            said = [
                [(part, f"Over {draw.choice(SUBJECTS)} zei groep {next(numbers)} dat het anders kan.")]
                for part in (Part.BODY, Part.BODY, Part.QUESTION, Part.OFFER)
            ]
            told += [one for ids in house.article(house.session(house.clock.now()), said) for one in ids]
        tick(house, wall(*(TUESDAY + timedelta(weeks=week)).astimezone(AMSTERDAM).timetuple()[:3], 9))
        tick(house, house.clock.now() + timedelta(minutes=5))
    made = house.read(lambda db: list(db.exec(select(DigestRow).order_by(col(DigestRow.until)))))
    for region, part in regions.items():
        mine = [row for row in made if row.region_id == region]
        assert max(Counter(row.period_key for row in mine).values()) == 1
        days = [row.until.astimezone(AMSTERDAM).date() for row in mine]
        assert not [day for day in days if holidays_on(day, part).school], "nothing is sent in a school holiday"
        assert len([row for row in mine if row.missed]) >= 5, "after every holiday of the school year"
        query = select(DigestItemRow.subject).where(DigestItemRow.region_id == region)
        read = list(house.read(lambda db, query=query: db.exec(query).all()))
        assert len(read) == len(set(read)), "nothing is said twice"
        out_by = [one for one in told[:-8] if one not in read]
        assert out_by == [], "nothing is lost, but for what waits for the holidays to end"
    posts = house.owed("digest.post")
    assert len(posts) == len([row for row in made if not row.silent])
    words = house.world.words["nl"]
    missed = {row.id for row in made if row.missed and not row.silent}
    for row in posts[::5]:
        body = house.draw(row, digest.MESSAGES)
        assert body is not None
        text = "\n".join(visible_texts([block.to_dict() for block in body.blocks]))
        assert len(text) <= POST_CHARACTERS
        assert (words("digest.missed") in text) == (row.key.partition(":")[2] in missed)
    most = Counter(
        (row.digest_id)
        for row in house.read(lambda db: db.exec(select(DigestItemRow).where(DigestItemRow.part == 0)).all())
    )
    assert max(most.values()) <= MOST_ITEMS


def test_midden_reads_on_31_august_what_it_missed_and_zuid_a_week_later(house: House) -> None:
    for part in ("Midden", "Zuid"):
        region = house.region(part)
        house.write(lambda db, region=region, part=part: programme.set_holidays(db, TEAM, region, part))
    tick(house, wall(2021, 6, 16, 9))
    tick(house, TUESDAY)
    house.at(wall(2021, 7, 22, 12))
    house.article(house.session(wall(2021, 7, 22, 9)), [[(Part.BODY, "In de zomer bleef het buurthuis open.")]])
    for week in range(1, 14):
        tick(house, TUESDAY + timedelta(weeks=week))
    assert [f"{row.created_at.astimezone(AMSTERDAM):%d %m}" for row in house.owed("digest.post")] == ["31 08", "07 09"]


def fan_out(house: House, regions: int) -> tuple[int, float]:
    """Statements, and the part of the work that was done where clicks wait for it, when all regions are due at once."""
    for number in range(regions):
        house.region(f"Regio {number}")
    tick(house, wall(2021, 6, 16, 9))
    house.at(wall(2021, 6, 17, 16))
    line = "Groep {} zei over {} dat het anders kan."
    said = [[(Part.BODY, line.format(g, SUBJECTS[n])) for n in range(5)] for g in range(4)]
    house.article(house.session(wall(2021, 6, 17, 13)), said)
    house.at(TUESDAY)
    seen = counted(house)
    mine, everybody = time.thread_time(), time.process_time()
    tick(house, TUESDAY)
    share = (time.thread_time() - mine) / (time.process_time() - everybody)
    assert len(house.owed("digest.post")) == regions
    return len(seen), share


def counted(house: House) -> list[str]:
    """The statements that the database gets from now on."""
    seen: list[str] = []

    def count(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", count)
    return seen


def test_the_statements_of_a_digest_do_not_grow_with_the_regions(tmp_path: Path) -> None:
    found = {}
    for regions in (5, 40):
        (tmp_path / str(regions)).mkdir()
        house = House(tmp_path / str(regions), wall(2021, 6, 15, 13), "nl")
        found[regions], share = fan_out(house, regions)
        house.database.close()
        assert share < 0.3, "clicks are answered meanwhile"
    each = (found[40] - found[5]) / 35
    assert each <= 25, "a region costs a fixed number: its points, examples, answered rules and values among them"
    assert found[5] - 5 * each < 80, "and the news is read once"


def test_a_tick_with_nothing_due_asks_as_much_for_a_thousand_regions_as_for_ten(tmp_path: Path) -> None:
    counts = []
    for regions in (10, 400):
        (tmp_path / str(regions)).mkdir()
        house = House(tmp_path / str(regions), wall(2021, 6, 15, 13), "nl")
        for number in range(regions):
            house.region(f"Regio {number}")
        tick(house, wall(2021, 6, 16, 9))
        seen = counted(house)
        tick(house, wall(2021, 6, 16, 10))
        counts.append(len(seen))
        house.database.close()
    assert counts[0] == counts[1] <= 6


def test_a_digest_after_years_of_news_reads_what_is_new(house: House) -> None:
    house.region("Haaglanden")
    tick(house, wall(2021, 6, 16, 9))
    costs: list[int] = []
    for week in range(12):
        house.at(TUESDAY + timedelta(weeks=week, days=-2))
        said = [[(Part.BODY, f"In week {week} zei groep {g} iets over {SUBJECTS[g]}.")] for g in range(4)]
        house.article(house.session(house.clock.now(), title=f"Week {week}"), said)
        seen = counted(house)
        tick(house, TUESDAY + timedelta(weeks=week))
        costs.append(len(seen))
    assert max(costs[2:]) <= min(costs[2:]) + 2, costs
    assert house.read(lambda db: len(list(db.exec(select(OutboxRow).where(OutboxRow.kind == "digest.post"))))) == 12
