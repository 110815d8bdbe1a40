"""Two workspaces in one database whose Slacks use the same ids: nothing of one is seen or touched from the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.article import Part
from bot.impressions import PARTS
from bot.memory.asking import Question
from bot.programme import Role
from bot.selection import Pick, Wish
from bot.trail import SHEETS, Entry, Value
from bot.trail import Part as Piece
from bot.trail import State as Standing
from bot.worksessions import State
from handlers import digest, impressions
from handlers.home.looking import look
from handlers.selection import closing as shutting
from handlers.slack import FEATURES
from handlers.trail import pages
from handlers.views import home as home_view
from storage import delivery, forgetting, memory, programme, schema, selection, trail, worksessions
from storage import impressions as notes
from tests.handlers.house import House, wall
from tests.statements import faults_of

PEOPLE = ("ineke", "noor", "samir", "sanne", "youssef")
KINDS: dict[str, Any] = {kind: render for feature in FEATURES for kind, render in feature.MESSAGES.items()}


@dataclass(frozen=True)
class Side:
    """One workspace, and the word that stands in everything that is written there."""

    house: House
    word: str
    session: str

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of this workspace, by table."""
        with closing(sqlite3.connect(self.house.database.location)) as file:
            return {
                name: sorted(file.execute(f'SELECT * FROM "{name}" WHERE team_id = ?', (self.house.team,)), key=repr)
                for name, table in schema.METADATA.tables.items()
            }

    def seen(self) -> str:
        """Everything that somebody reads here: messages, Homes and answers."""
        told = [str(self.house.draw(row, KINDS)) for kind in KINDS for row in self.house.owed(kind)]
        for user in PEOPLE:
            click = self.house.click("event", "app_home_opened", user)

            def home(db: Session, click: Any = click) -> str:
                drawn = look(self.house.world, click, db)
                return str(home_view.home(drawn, drawn.asker.words).to_dict())

            told.append(self.house.write(home))

            def found(db: Session, user: str = user) -> str:
                scope = memory.Scope(programme.member(db, self.house.team, user), True)
                asked = Question(f"Wat zeggen groepen over rekenen en {OTHER[self.word]}?")
                return str(self.house.world.searcher.search(db, scope, asked))

            told.append(self.house.read(found))
            told += self._pages(user)
        return "\n".join(told)

    def _pages(self, user: str) -> list[str]:
        """The page of the region with its parts, and every entry of it, as this person reads them."""
        (region,) = self.house.read(lambda db: programme.regions(db, self.house.team))
        click = self.house.click("action", "trail.page", user, region.id)
        told = [self.house.read(partial(pages.page, self.house.world, click, region.id))]
        for part in Piece:
            code = "programme" if part is Piece.PROGRAMME else region.id
            told.append(self.house.read(partial(pages.part, self.house.world, click, code, part.value, 0, "")))
        for kind in SHEETS:
            entry = f"te_{kind}_{self.word}"
            told.append(self.house.read(partial(pages.entry, self.house.world, click, entry, 0, False)))
        return [str(view.to_dict()) for view in told]


WORDS = ("kanarievogel", "nachtegaal")
OTHER = {WORDS[0]: WORDS[1], WORDS[1]: WORDS[0]}


def afternoon(house: House, word: str) -> Side:
    """An afternoon from choosing to the digest, with the same people in the same channels as in the other workspace."""
    region = house.region(f"Regio {word}", channel=None)
    house.write(lambda db: programme.save_region(db, house.team, f"Regio {word}", "CREGION", region))
    for user in PEOPLE:
        house.person(user, region, Role.COORDINATOR if user == "ineke" else Role.PARTICIPANT)
    house.at(wall(2021, 6, 17, 12))
    topics = (f"Rekenen {word}", f"Taal {word}")
    made = house.session(
        wall(2021, 6, 17, 13), regions=[region], title=f"Sessie {word}", state=State.CLOSING, topics=topics
    )

    def choose(db: Session) -> None:
        for user in PEOPLE:
            pick = Pick(user, Wish.TOPIC, (made.topics[0].id,), house.clock.now())
            selection.save_pick(db, house.team, made.id, pick)

    house.write(choose)
    house.do(shutting.form_groups(house.world, house.team, made.id))
    arrive(house)
    house.at(wall(2021, 6, 17, 16))
    (group, *_) = house.read(lambda db: selection.groups_of(db, house.team, made.id))
    share = house.click(
        "form", "impressions.share", group.people[0], metadata=f'{{"group": "{group.id}"}}',
        fields=dict.fromkeys(PARTS, "") | {"takeaway": f"Wij rekenen met {word}."},
    )  # fmt: skip
    house.answer(impressions.share, share)
    house.at(wall(2021, 6, 18, 10))
    said = [(Part.BODY, f"Rekenen gaat beter met {word} erbij.")]
    earlier = house.session(wall(2021, 6, 10, 13), regions=[region], title=f"Eerder {word}", topics=topics)
    house.article(earlier, [said])
    arrive(house)
    for kind, sheet in SHEETS.items():
        values = {"title": Value(f"Rekenen met {word} als {kind}."), "what": Value(f"Wat {word} doet.")}
        of_region = None if sheet.part is Piece.PROGRAMME else region
        entry = Entry(f"te_{kind}_{word}", house.team, of_region, kind, values, Standing.SHARED, confirmed=True)
        house.write(partial(trail.make, entry=entry, by="noor", now=house.clock.now()))
    house.at(wall(2021, 6, 22, 9, 1))
    house.do(digest.RHYTHM.tick(house.world, house.clock.now()))
    return Side(house, word, made.id)


def arrive(house: House) -> None:
    """Let everything arrive in Slack, at the same moments as in the other workspace."""
    for kind in KINDS:
        for number, row in enumerate(house.owed(kind)):
            if row.state == "planned" and row.id is not None:
                now, at, to = house.clock.now(), f"1.{kind}{number}", row.channel_id or "D1"
                key, attempt = row.id, row.attempt

                def save(db: Session, key: int = key, attempt: int = attempt, at: str = at, to: str = to) -> None:
                    delivery.claim(db, key, attempt, now, now)  # noqa: B023 - carried out at once
                    delivery.record_sent(db, key, attempt + 1, at, to, now)  # noqa: B023 - carried out at once

                house.write(save)


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    first = House(tmp_path, wall(2021, 6, 17, 9))
    second = first.beside("T2")
    yield afternoon(first, WORDS[0]), afternoon(second, WORDS[1])
    first.database.close()


def test_i5_two_workspaces_with_the_same_ids_see_nothing_of_each_other(
    sides: tuple[Side, Side], cases: Callable[[int], None]
) -> None:
    tried = 0
    for side in sides:
        seen = side.seen()
        assert side.word in seen
        assert OTHER[side.word] not in seen.replace(f"over rekenen en {OTHER[side.word]}", "")
        rows = side.rows()
        assert side.word in str(rows)
        assert OTHER[side.word] not in str(rows)
        tried += 1
    cases(tried)


def test_i5_what_is_erased_in_one_workspace_leaves_the_other_whole(sides: tuple[Side, Side]) -> None:
    one, other = sides
    before = other.rows()
    house = one.house
    found = house.read(lambda db: notes.of_session(db, house.team, one.session))
    for note in found:
        house.write(lambda db, note=note: forgetting.erase_note(db, house.team, note.id))  # type: ignore[misc] # see B023
    for user in PEOPLE:
        house.write(
            lambda db, user=user: forgetting.forget(  # type: ignore[misc] # the user of this turn
                db, house.team, user, house.clock.now(), lambda: house.world.ids("gone"), lambda text: text
            )
        )
    assert other.rows() == before
    assert one.rows()["member"] != before["member"]


def test_i5_ids_of_one_workspace_open_nothing_in_the_other(sides: tuple[Side, Side]) -> None:
    one, other = sides
    assert other.house.read(lambda db: worksessions.one(db, other.house.team, one.session)) is None
    (group, *_) = one.house.read(lambda db: selection.groups_of(db, one.house.team, one.session))
    assert other.house.read(lambda db: selection.group(db, other.house.team, group.id)) is None
    for kind in SHEETS:
        assert other.house.read(partial(trail.one, team=other.house.team, entry_id=f"te_{kind}_{one.word}")) is None
    before = one.rows()
    other.house.write(lambda db: selection.drop_pick(db, other.house.team, one.session, "noor"))
    with pytest.raises(Exception, match="No row was found"):
        other.house.write(lambda db: selection.lead(db, other.house.team, group.id, "noor"))
    assert one.rows() == before


def test_i5_no_row_is_without_a_workspace(sides: tuple[Side, Side]) -> None:
    with closing(sqlite3.connect(sides[0].house.database.location)) as file:
        for name, table in schema.METADATA.tables.items():
            assert "team_id" in table.c, name
            lost = file.execute(f"SELECT count(*) FROM \"{name}\" WHERE team_id IS NULL OR team_id = ''").fetchone()
            assert lost == (0,), name


@pytest.mark.parametrize(
    ("sql", "faulty"),
    [
        ("SELECT id FROM topic WHERE id = ?", True),
        ("SELECT id FROM topic WHERE team_id = ? AND id = ?", False),
        ("SELECT id FROM topic WHERE team_id = ? OR id = ?", True),
        ("SELECT id FROM topic WHERE (team_id = ? AND id = ?) OR (team_id = ? AND name = ?)", False),
        ("SELECT t.id FROM topic t JOIN theme h ON h.id = t.theme_id WHERE t.team_id = ?", True),
        ("SELECT t.id FROM topic t JOIN theme h ON h.team_id = t.team_id WHERE t.team_id = ?", False),
        ("SELECT t.id FROM topic t LEFT JOIN theme h ON h.id = t.theme_id AND t.team_id = ?", True),
        ("SELECT id FROM topic WHERE team_id = ? AND EXISTS (SELECT 1 FROM pick WHERE topic_id = topic.id)", True),
        ("SELECT id FROM topic WHERE team_id IN (SELECT team_id FROM programme WHERE team_id = ?)", True),
        ("SELECT id FROM topic WHERE team_id <> ?", True),
        ("UPDATE topic SET name = ? WHERE id = ?", True),
        ("UPDATE topic SET team_id = ? WHERE team_id = ? AND id = ?", True),
        ("DELETE FROM topic WHERE id = ? AND team_id = ?", False),
        ("INSERT INTO topic (id, name) VALUES (?, ?)", True),
        ("INSERT INTO topic (id, team_id) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = ?", True),
        ("INSERT INTO topic (id, team_id) VALUES (?, ?) ON CONFLICT (team_id, id) DO UPDATE SET name = ?", False),
        ("SELECT name FROM sqlite_master WHERE type = 'table'", False),
        ("SELECT id FROM topic WHERE team_id = %(t)s::VARCHAR AND id = %(i)s::VARCHAR", False),
    ],
)  # fmt: skip
def test_i5_a_statement_that_could_reach_another_workspace_is_found(sql: str, faulty: bool) -> None:
    assert bool(faults_of(sql)) is faulty


def test_i5_each_workspace_has_its_own_turn_of_a_rule_also_on_the_way_back(tmp_path: Path) -> None:
    location = str(tmp_path / "oogst.db")
    schema.upgrade(location)

    def turns(*new: tuple[str, str, str]) -> list[tuple[str, str, str]]:
        with closing(sqlite3.connect(location)) as file, file:
            at = "2021-06-17 12:00:00.000000"
            file.executemany(
                "INSERT INTO occurrence (team_id, rule_id, period_key, due_at, done_at, state)"
                f" VALUES (?, ?, ?, '{at}', '{at}', 'done')",
                new,
            )
            return file.execute("SELECT team_id, rule_id, period_key FROM occurrence ORDER BY 1, 2").fetchall()

    turns(("T1", "digest", "2021-W25"), ("T2", "digest", "2021-W25"), ("*", "sweep", "2021-06-17"))
    schema.downgrade(location, "0018")
    assert turns() == [("", "sweep", "2021-06-17"), ("T1", "digest", "2021-W25")]
    schema.upgrade(location)
    assert turns(("T2", "digest", "2021-W25"))[0] == ("*", "sweep", "2021-06-17")
    assert len(turns()) == 3
