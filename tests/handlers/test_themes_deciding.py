"""Themes that live: what notes propose, what a coordinator decides, and what the next note finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.article import Part
from bot.article import State as ArticleState
from bot.problem import Refused
from bot.programme import Role
from bot.proposals import Proposal as ProposalOfSomebody
from bot.selection import Group
from bot.themes import Decided, Kind, State
from handlers import home, impressions, themes
from handlers.themes import timing
from playground.linter import lint_view, visible_texts
from storage import harvest as articles
from storage import impressions as records
from storage import proposals as asked
from storage import selection as groups
from storage import themes as kept
from storage.themes import changing, notes, proposing, queue
from tests.handlers.house import TEAM, House, wall

SAID = (
    "Wij proberen de verlengde schooldag uit. Kinderen die thuis zaten, komen weer.",
    "De verlengde schooldag begint om drie uur, met sport en eten.",
    "Wie betaalt de verlengde schooldag als het jaar om is?",
)
ACTIONS, FORMS = themes.ROUTES.actions, themes.ROUTES.forms


class Room:
    """A session with four groups; Ineke and Petra coordinate, each group has a facilitator of its own."""

    LEADERS = ("sanne", "youssef", "noor", "samir")

    def __init__(self, house: House) -> None:
        self.house = house
        for name in self.LEADERS:
            house.person(name)
        for name in ("ineke", "petra"):
            house.person(name, None, Role.COORDINATOR)
        self.session = house.session(wall(2021, 6, 17, 13), topics=("Verduurzaming", "Leerlingenvervoer"))
        first, second = (topic.id for topic in self.session.topics)
        chosen = ((first,), (first,), (first,), (first, second))
        self.groups = [
            Group(f"gr_{n}", self.session.id, n, of, leader, ())
            for n, (of, leader) in enumerate(zip(chosen, self.LEADERS, strict=True), start=1)
        ]
        house.write(lambda db: groups.save_groups(db, TEAM, self.groups))

    def share(self, group: int, takeaway: str, **parts: str) -> str:
        fields = {"takeaway": takeaway, **parts}
        click = self.house.click(
            "form", "impressions.share", self.LEADERS[group - 1],
            metadata=json.dumps({"group": f"gr_{group}"}), fields=fields,
        )  # fmt: skip
        self.house.answer(impressions.ROUTES.forms["impressions.share"], click)
        found = self.house.read(lambda db: db.exec(select(records.ImpressionRow)).all())
        return next(row.id for row in found if row.takeaway == takeaway)

    def withdraw(self, note: str, user: str) -> None:
        click = self.house.click("action", "impressions.decline", user, note)
        self.house.answer(impressions.ROUTES.actions["impressions.decline"], click)

    def tick(self) -> None:
        self.house.do(themes.RHYTHM.tick(self.house.world, self.house.world.now()))

    def waiting(self, kind: Kind = Kind.NEW) -> list[Any]:
        return [p for p in self.house.read(lambda db: proposing.waiting(db, TEAM)) if p.kind is kind]

    def press(self, name: str, user: str, value: str, argument: str = "", **more: Any) -> Any:
        return self.house.answer(ACTIONS[name], self.house.click("action", name, user, value, argument, **more))

    def hand_in(self, name: str, user: str, fields: dict[str, Any], **metadata: str) -> Any:
        click = self.house.click("form", name, user, fields=fields, metadata=json.dumps(metadata))
        return self.house.answer(FORMS[name], click)

    def about(self, note: str) -> set[str]:
        names = {card.id: card.name for card in self.cards().values()}
        found = self.house.read(lambda db: notes.placed_now(db, TEAM, [note]))
        return {names[theme] for theme in found.get(note, ())}

    def cards(self) -> dict[str, Any]:
        return {card.name: card for card in self.house.read(lambda db: changing.cards(db, TEAM))}

    def state(self, note: str) -> str:
        return self.house.read(lambda db: db.get(kept.ThemePlacementRow, (TEAM, note)).state)

    def weekly(self, user: str = "ineke") -> str:
        rows = [row for row in self.house.owed("themes.proposed") if row.user_id == user]
        body = self.house.draw(rows[-1], themes.MESSAGES)
        assert body is not None
        return body.text + " ".join(visible_texts([block.to_dict() for block in body.blocks]))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15, 50))
    yield made
    made.database.close()


@pytest.fixture
def room(house: House) -> Room:
    return Room(house)


def three(room: Room) -> list[str]:
    return [room.share(number, text) for number, text in enumerate(SAID, start=1)]


def test_three_groups_say_the_same_and_the_coordinator_gets_one_message_with_their_sentences(room: Room) -> None:
    three(room)
    room.tick()
    (proposal,) = room.waiting()
    assert len(proposal.carriers) == 3
    said = room.weekly()
    assert "Verlengde schooldag" in said and "De verlengde schooldag begint om drie uur" in said
    assert len(room.house.owed("themes.proposed")) == 2  # one for each coordinator
    room.tick()
    room.house.at(room.house.world.now() + timedelta(days=1))
    room.tick()
    assert len(room.house.owed("themes.proposed")) == 2


def test_a_confirmed_theme_is_found_by_the_next_note(room: Room) -> None:
    told = three(room)
    room.tick()
    (proposal,) = room.waiting()
    room.press("themes.decide", "ineke", f"{proposal.id} {proposal.version}", "yes")
    card = room.cards()["Verlengde schooldag"]
    assert card.notes == 3 and all("Verlengde schooldag" in room.about(note) for note in told)
    fourth = room.share(4, "Bij ons vraagt een moeder naar de verlengde schooldag. Het vervoer is er dan niet meer.")
    room.tick()
    assert "Verlengde schooldag" in room.about(fourth)
    trail = room.house.read(lambda db: changing.trail(db, TEAM, card.id))
    assert [(change.act, change.by) for change in trail] == [("made", "ineke")]
    assert not room.waiting()


def test_a_refused_proposal_is_not_asked_again(room: Room) -> None:
    three(room)
    room.tick()
    (proposal,) = room.waiting()
    room.press("themes.decide", "ineke", f"{proposal.id} {proposal.version}", "no")
    room.house.at(room.house.world.now() + timedelta(days=8))
    room.share(4, "Nog een verlengde schooldag, zei de vierde groep. Dat gaat ook over verduurzaming.")
    room.tick()
    assert not room.waiting() and "Verlengde schooldag" not in room.cards()


def test_the_proposal_gets_another_name_and_the_same_notes(room: Room) -> None:
    told = three(room)
    room.tick()
    (proposal,) = room.waiting()
    fields = {"name": "Langer naar school", "short": "Langer", "criterion": "", "aliases": "verlengde schooldag"}
    room.hand_in("themes.rename", "ineke", fields, proposal=proposal.id, version="1")
    card = room.cards()["Langer naar school"]
    assert card.aliases == ("verlengde schooldag",) and "Langer naar school" in room.about(told[0])


def test_the_proposal_belongs_to_a_theme_that_is_there_and_teaches_it_a_name(room: Room) -> None:
    told = three(room)
    room.tick()
    (proposal,) = room.waiting()
    theme = room.cards()["Verduurzaming"]
    fields = {"theme": theme.id, "alias": "verlengde schooldag"}
    room.hand_in("themes.belongs", "ineke", fields, proposal=proposal.id, version="1")
    assert "verlengde schooldag" in room.cards()["Verduurzaming"].aliases
    assert room.house.read(lambda db: proposing.one(db, TEAM, proposal.id)).state is Decided.BELONGS
    assert all(room.about(note) == {"Verduurzaming"} for note in told)


def test_two_coordinators_at_once_the_second_is_told(room: Room) -> None:
    three(room)
    room.tick()
    (proposal,) = room.waiting()
    room.press("themes.decide", "ineke", f"{proposal.id} 1", "yes")
    with pytest.raises(Refused, match="decided_already"):
        room.hand_in("themes.rename", "petra", {"name": "Anders"}, proposal=proposal.id, version="1")
    card = room.cards()["Verduurzaming"]
    edit = {"name": "Duurzaam samen", "short": "", "criterion": "", "aliases": ""}
    room.hand_in("themes.edit", "ineke", edit, theme=card.id, version=str(card.version))
    with pytest.raises(Refused, match="changed_meanwhile"):
        room.hand_in("themes.edit", "petra", edit, theme=card.id, version=str(card.version))


def test_only_a_coordinator_decides(room: Room) -> None:
    three(room)
    room.tick()
    (proposal,) = room.waiting()
    for name in ("themes.decide", "themes.proposals", "themes.list", "themes.new"):
        with pytest.raises(Refused):
            room.press(name, "sanne", f"{proposal.id} 1", "yes")


def test_a_double_tap_makes_one_theme(room: Room) -> None:
    three(room)
    room.tick()
    (proposal,) = room.waiting()
    for _ in range(2):
        click = room.house.click("action", "themes.decide", "ineke", f"{proposal.id} 1", "yes", key="same")
        room.house.answer(ACTIONS["themes.decide"], click)
    assert len([name for name in room.cards() if "schooldag" in name]) == 1


# Merging, taking apart, undoing


def test_a_merged_theme_leads_to_the_other_and_comes_back_when_that_is_undone(room: Room) -> None:
    note = room.share(1, "Het leerlingenvervoer rijdt om. Het leerlingenvervoer kost te veel.")
    room.tick()
    transport, lasting = room.cards()["Leerlingenvervoer"], room.cards()["Verduurzaming"]
    assert "Leerlingenvervoer" in room.about(note)
    room.hand_in("themes.merge", "ineke", {"into": lasting.id}, theme=transport.id, version=str(transport.version))
    assert "Leerlingenvervoer" not in room.cards()
    resolved = room.house.read(lambda db: changing.card(db, TEAM, transport.id))
    assert resolved is not None and resolved.id == lasting.id and resolved.merged == ("Leerlingenvervoer",)
    change = room.house.read(lambda db: changing.trail(db, TEAM, lasting.id))[0]
    room.press("themes.undo", "ineke", f"{lasting.id} {change.id}")
    assert room.cards()["Leerlingenvervoer"].id == transport.id and "Leerlingenvervoer" in room.about(note)
    again = room.house.read(lambda db: changing.trail(db, TEAM, lasting.id))[0]
    assert again.undone_by == "ineke"
    with pytest.raises(Refused, match="undo_newest"):
        room.press("themes.undo", "ineke", f"{lasting.id} {change.id}")


def test_a_theme_that_was_made_by_mistake_is_a_proposal_again(room: Room) -> None:
    told = three(room)
    room.tick()
    (proposal,) = room.waiting()
    room.press("themes.decide", "ineke", f"{proposal.id} 1", "yes")
    card = room.cards()["Verlengde schooldag"]
    change = room.house.read(lambda db: changing.trail(db, TEAM, card.id))[0]
    room.press("themes.undo", "ineke", f"{card.id} {change.id}")
    assert "Verlengde schooldag" not in room.cards() and room.about(told[0]) == {"Verduurzaming"}
    assert [each.id for each in room.waiting()] == [proposal.id]
    room.tick()
    room.press("themes.decide", "petra", f"{proposal.id} {room.waiting()[0].version}", "yes")
    again = room.cards()["Verlengde schooldag"]
    assert again.id != card.id and again.notes == 3, "an id is never used again"


def test_taking_a_theme_apart_moves_the_chosen_notes_and_only_those(room: Room) -> None:
    told = three(room)
    room.tick()
    card = room.cards()["Verduurzaming"]
    fields = {"name": "Langer naar school", "short": "", "notes": [told[0], told[2]]}
    room.hand_in("themes.split", "ineke", fields, theme=card.id, version=str(card.version))
    assert [room.about(note) for note in told] == [{"Langer naar school"}, {"Verduurzaming"}, {"Langer naar school"}]
    room.house.at(room.house.world.now() + timedelta(days=8))
    room.tick()
    assert room.about(told[0]) == {"Langer naar school"}
    change = room.house.read(lambda db: changing.trail(db, TEAM, card.id))[0]
    room.press("themes.undo", "ineke", f"{card.id} {change.id}")
    assert all(room.about(note) == {"Verduurzaming"} for note in told)


def test_an_edited_theme_goes_on_being_found_by_its_earlier_name(room: Room) -> None:
    card = room.cards()["Leerlingenvervoer"]
    fields = {"name": "Reizen naar school", "short": "Reizen", "criterion": "Hoe een kind op school komt.",
              "aliases": "taxibusje\nde bus"}  # fmt: skip
    room.hand_in("themes.edit", "ineke", fields, theme=card.id, version=str(card.version))
    after = room.cards()["Reizen naar school"]
    assert after.id == card.id and set(after.aliases) == {"taxibusje", "de bus", "Leerlingenvervoer"}
    again = room.house.write(lambda db: kept.theme_for(db, TEAM, "Leerlingenvervoer", "", (), "th_never"))
    assert again == card.id


def test_what_is_wrong_with_a_theme_is_said_field_by_field(room: Room) -> None:
    card = room.cards()["Leerlingenvervoer"]
    fields = {"name": "Verduurzaming", "short": "x" * 30, "criterion": "Eén zin. En nog een zin.", "aliases": "a" * 80}
    answer = room.hand_in("themes.edit", "ineke", fields, theme=card.id, version=str(card.version))
    assert set(answer.ack["errors"]) == {"name", "short", "criterion", "aliases"}


def test_published_sentences_follow_when_their_note_gets_a_theme_of_its_own(room: Room) -> None:
    told = three(room)
    room.share(4, "Het vervoer is geregeld. De verduurzaming komt later.")
    article = room.house.read(lambda db: articles.of_session(db, TEAM, room.session.id))
    assert article is not None
    out = replace(article, state=ArticleState.PUBLISHED, published_at=room.house.world.now(), published_by="ineke")
    room.house.write(lambda db: articles.save(db, out))
    room.tick()
    (proposal,) = room.waiting()
    room.press("themes.decide", "ineke", f"{proposal.id} 1", "yes")
    made = room.cards()["Verlengde schooldag"].id
    found = room.house.read(lambda db: articles.published_sentences(db, TEAM))
    assert {each.theme for each in found if each.impression in told and "schooldag" in each.text} == {made}


def test_what_people_proposed_and_others_back_is_put_to_the_coordinator_as_a_theme(room: Room) -> None:
    one = ProposalOfSomebody("pr_1", TEAM, "Taal op school", "Taal op school", "", "noor", room.house.world.now())

    def propose(db: Any) -> None:
        asked.save(db, [one])
        for user in ("noor", "samir"):
            asked.back(db, TEAM, one.id, user, room.house.world.now())

    room.house.write(propose)
    room.share(1, "De verduurzaming begint klein.")
    room.tick()
    (proposal,) = room.waiting()
    assert "Taal op school" in room.weekly() and proposal.proposal == "pr_1"
    room.press("themes.decide", "ineke", f"{proposal.id} 1", "yes")
    assert "Taal op school" in room.cards()


def test_another_name_and_a_merge_are_one_tap(room: Room) -> None:
    def more(db: Any) -> None:
        kept.theme_for(db, TEAM, "Nationaal Programma Onderwijs", "", (), "th_np")
        kept.theme_for(db, TEAM, "Vervoer van leerlingen", "", (), "th_vl")

    room.house.write(more)
    room.share(1, "Over het Nationaal Programma Onderwijs (NPO) en verduurzaming zijn vragen.")
    room.tick()
    ((alias,), (merge,)) = room.waiting(Kind.ALIAS), room.waiting(Kind.MERGE)
    assert "NPO" in room.weekly()
    room.press("themes.decide", "ineke", f"{alias.id} 1", "yes")
    assert room.cards()["Nationaal Programma Onderwijs"].aliases == ("NPO",)
    room.press("themes.decide", "ineke", f"{merge.id} 1", "yes")
    names = set(room.cards())
    assert len(names & {"Leerlingenvervoer", "Vervoer van leerlingen"}) == 1
    assert not room.waiting(Kind.ALIAS) and not room.waiting(Kind.MERGE)


def test_a_person_moves_a_sentence_and_it_stays_there_when_the_article_is_saved_again(room: Room) -> None:
    (first, *_), _ = room.house.article(
        room.session, [[(Part.BODY, "Verduurzaming begint met de bus.")], [(Part.BODY, "Het vervoer rijdt om.")]]
    )
    transport = room.cards()["Leerlingenvervoer"]
    room.press("themes.move", "ineke", f"{first} {transport.id}", "0")

    def stands(db: Any) -> Any:
        return next(each for each in articles.published_sentences(db, TEAM) if each.id == first)

    assert room.house.read(stands).theme == transport.id
    article = room.house.read(lambda db: articles.of_session(db, TEAM, room.session.id))
    room.house.write(lambda db: articles.save(db, replace(article, headline="Andere kop")))
    assert room.house.read(stands).theme == transport.id
    lasting = room.cards()["Verduurzaming"]
    version = room.cards()["Leerlingenvervoer"].version
    room.hand_in("themes.merge", "ineke", {"into": lasting.id}, theme=transport.id, version=str(version))
    assert room.house.read(stands).theme == lasting.id
    with pytest.raises(Refused):
        room.press("themes.move", "sanne", f"{first} {lasting.id}", "0")


# Where does this belong?


def test_a_topic_that_a_note_does_not_mention_is_asked_of_its_facilitator_and_a_tap_teaches(room: Room) -> None:
    note = room.share(4, "De verduurzaming van onze regio begint klein. Zonnepanelen komen later.")
    room.tick()
    (question,) = room.house.read(lambda db: queue.questions(db, TEAM, "samir", everything=False, most=5))
    assert question.names == ("Leerlingenvervoer",) and question.also
    assert room.house.read(lambda db: queue.count(db, TEAM, "sanne", everything=False)) == 0
    with pytest.raises(Refused):
        room.press("themes.none", "sanne", note)
    room.press("themes.none", "samir", note)
    assert room.about(note) == {"Verduurzaming"}
    room.house.at(room.house.world.now() + timedelta(days=8))
    room.tick()
    assert room.about(note) == {"Verduurzaming"}
    assert room.house.read(lambda db: queue.count(db, TEAM, "ineke", everything=True)) == 0


def test_what_nobody_is_sure_of_is_on_the_home_and_gone_after_a_tap(room: Room) -> None:
    note = room.share(4, "De verduurzaming van onze regio begint klein.")
    room.tick()
    click = room.house.click("action", "home.refresh", "ineke")
    waits = room.house.write(lambda db: home.look(room.house.world, click, db)).waiting
    drawn = " ".join(
        text for each in waits for block in each.draw(room.house.world.words["nl"])
        for text in visible_texts([block.to_dict()])
    )  # fmt: skip
    assert "Waar hoort dit bij?" in drawn
    theme = room.cards()["Leerlingenvervoer"].id
    room.press("themes.place", "ineke", f"{note} {theme}", "0")
    example = room.house.read(lambda db: db.get(kept.ThemeExampleRow, (TEAM, note, theme)))
    assert example is not None and example.fits and example.by_user == "ineke"
    assert room.house.read(lambda db: queue.count(db, TEAM, "ineke", everything=True)) == 0


def test_a_changed_note_is_placed_anew_and_keeps_what_a_person_said(room: Room) -> None:
    note = room.share(4, "De verduurzaming van onze regio begint klein.")
    room.tick()
    theme = room.cards()["Leerlingenvervoer"].id
    room.press("themes.place", "samir", f"{note} {theme}", "0")
    click = room.house.click(
        "form", "impressions.change", "samir", metadata=json.dumps({"impression": note}),
        fields={"takeaway": "De verduurzaming begint groot."},
    )  # fmt: skip
    room.house.answer(impressions.ROUTES.forms["impressions.change"], click)
    room.tick()
    assert "Leerlingenvervoer" in room.about(note)
    assert room.house.read(lambda db: queue.count(db, TEAM, "ineke", everything=True)) == 0


# Erasure


def test_a_withdrawn_note_is_in_no_proposal_example_or_message(room: Room) -> None:
    told = three(room)
    room.tick()
    assert "drie uur" in room.weekly()
    room.withdraw(told[1], "youssef")
    assert "drie uur" not in room.weekly()
    assert not room.house.read(lambda db: proposing.waiting(db, TEAM)[0].carriers[2:])
    rows = room.house.read(lambda db: db.exec(select(kept.ThemeCarrierRow)).all())
    assert told[1] not in {row.impression_id for row in rows}


# Screens


def test_every_window_stays_within_slacks_limits(room: Room) -> None:
    three(room)
    room.share(4, "De verduurzaming van onze regio begint klein.")
    room.tick()
    world = room.house.world
    (proposal,) = room.waiting()
    card = room.cards()["Verduurzaming"]
    shown: list[Any] = []

    class Window:
        async def views_open(self, trigger_id: str, view: Any) -> None:
            shown.append(view)

        views_push = views_open

    world.slack_of = lambda team: Window()  # type: ignore[assignment,return-value]  # the two calls that open a window
    for name, value in (
        ("themes.proposals", ""), ("themes.rename", f"{proposal.id} 1"), ("themes.belongs", f"{proposal.id} 1"),
        ("themes.queue", ""), ("themes.list", ""), ("themes.new", ""), ("themes.open", card.id),
        ("themes.sentences", card.id), ("themes.merge", f"{card.id} {card.version}"),
        ("themes.split", f"{card.id} {card.version}"),
    ):  # fmt: skip
        answered = room.house.do(ACTIONS[name](room.house.click("action", name, "ineke", value, trigger="t"), world))
        for work in answered.then:
            room.house.do(work)
        assert lint_view(shown[-1]) == [], name
    assert len(shown) == 10


# Scale


def test_placing_and_looking_take_the_same_number_of_statements_for_ten_and_for_a_hundred_notes(room: Room) -> None:
    from sqlalchemy import event

    counted: list[str] = []
    event.listen(room.house.database.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))

    def statements(number: int) -> int:
        def bring(db: Any) -> None:
            for n in range(number):
                db.add(records.ImpressionRow(
                    id=f"im_x{number}_{n:03}", team_id=TEAM, group_id=f"gr_{n % 4 + 1}", source="form",
                    work_session_id=room.session.id, takeaway=f"De verduurzaming van straat {n}. Het helpt.",
                    author="sanne", created_at=room.house.world.now(), updated_at=room.house.world.now(),
                ))  # fmt: skip

        room.house.write(bring)
        counted.clear()
        room.house.do(timing.place_waiting(room.house.world, TEAM, room.house.world.now()))
        room.house.do(timing.find(room.house.world, TEAM, room.house.world.now()))
        return len(counted)

    few = statements(10)
    assert statements(100) <= few + 2
    assert room.state("im_x100_050") == State.PLACED.value
