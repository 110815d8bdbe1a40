"""What nobody may do in the trail by a forged press or in a roundabout way: speak, agree or count for somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.programme import Role
from bot.trail import SHEETS, Entry, Kind, Part, State, Type, Value
from handlers.personal.forgetting import forget_person
from handlers.trail import ROUTES
from handlers.trail.awaiting import waiting_for
from storage import audit, trail
from storage.audit import Deed
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, two_regions

HERE = "rg_0001"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Trail]:
    """Two regions: Noor and Sanne are of the first, Samir of the second."""
    house = House(tmp_path, wall(2021, 6, 17, 16))
    yield two_regions(house)
    house.database.close()


def made(scene: Trail, kind: Kind, values: dict[str, Value], parent: str | None = None, *, is_confirmed: bool = False,
         state: State = State.KEPT) -> str:  # fmt: skip
    entry = Entry(scene.world.ids("te"), TEAM, HERE, kind, values, state, parent, confirmed=is_confirmed)
    scene.house.write(lambda db: trail.make(db, entry, "noor", scene.house.clock.at))
    return entry.id


def entry(scene: Trail, entry_id: str) -> Entry:
    found = scene.house.read(lambda db: trail.one(db, TEAM, entry_id))
    assert found is not None
    return found


def test_a_contact_who_said_yes_did_not_say_yes_to_what_somebody_writes_about_them_later(scene: Trail) -> None:
    values = {"title": Value("Lotte"), "person": Value("", "samir")}
    contact = made(scene, Kind.CONTACT, values, is_confirmed=True, state=State.SHARED)
    scene.fill("noor", "trail.entry", {"title": "Ineke van de school", "person": "sanne"}, entry=contact, version="1")
    assert entry(scene, contact).title == "Ineke van de school"
    assert not entry(scene, contact).confirmed, "sanne was never asked"


def test_who_changes_their_own_contact_need_not_say_yes_again(scene: Trail) -> None:
    values = {"title": Value("Noor"), "person": Value("", "noor")}
    contact = made(scene, Kind.CONTACT, values, is_confirmed=True, state=State.SHARED)
    scene.fill("noor", "trail.entry", {"title": "Noor, kwartiermaker", "person": "noor"}, entry=contact, version="1")
    assert entry(scene, contact).title == "Noor, kwartiermaker" and entry(scene, contact).confirmed


def test_a_signature_falls_when_the_party_under_which_it_stands_gets_another_name(scene: Trail) -> None:
    application = made(scene, Kind.APPLICATION, {"title": Value("Aanmelding"), "standing": Value("draft")})
    signed = {"title": Value("Gemeente Zuid"), "standing": Value("agreed"), "on": Value("2021-06-01")}
    party = made(scene, Kind.PARTY, signed, application)
    scene.fill("noor", "trail.entry", {"title": "Gemeente Noord"}, entry=party, version="1")
    assert entry(scene, party).title == "Gemeente Noord"
    assert entry(scene, party).text("standing") == "asked", "nobody of Noord agreed"


def test_nobody_writes_by_hand_that_an_example_is_used(scene: Trail) -> None:
    example = made(scene, Kind.EXAMPLE, {"title": Value("Eén loket"), "what": Value("Een loket.")}, state=State.SHARED)
    scene.fill("noor", "trail.new", {"title": "wij ook"}, region=HERE, kind="adoption", parent=example)
    assert entry(scene, example).children == ()


def test_an_application_is_not_rewritten_once_it_was_handed_in(scene: Trail) -> None:
    values = {"title": Value("Aanmelding"), "question": Value("Wie helpt?"), "standing": Value("handed_in")}
    application = made(scene, Kind.APPLICATION, values)
    party = made(scene, Kind.PARTY, {"title": Value("Gemeente"), "standing": Value("agreed")}, application)
    scene.fill("noor", "trail.entry", {"title": "Iets anders"}, entry=application, version="1")
    scene.fill("noor", "trail.entry", {"title": "Iemand anders"}, entry=party, version="1")
    assert entry(scene, application).title == "Aanmelding"
    assert entry(scene, party).title == "Gemeente"


def put_to_lotte(scene: Trail) -> str:
    """Lotte is account manager; a rule was put to her, and she answered another one."""
    for user in ("lotte", "youssef"):
        scene.house.person(user)
        values = {"title": Value(user.title()), "person": Value("", user)}
        one = Entry(f"te_{user}", TEAM, None, Kind.ACCOUNT_MANAGER, values)
        scene.house.write(partial(trail.make, entry=one, by="", now=scene.house.clock.at))
    rule = made(scene, Kind.OBSTACLE, {"title": Value("Geen les op een andere school"), "effect": Value("-")})
    scene.fill("noor", "trail.route", {"manager": "lotte"}, entry=rule, region=HERE, below="page:x")
    assert entry(scene, rule).user("manager") == "lotte"
    return rule


def test_who_is_account_manager_no_longer_answers_nothing_and_somebody_else_is_chosen(scene: Trail) -> None:
    rule, done = put_to_lotte(scene), made(scene, Kind.OBSTACLE, {"title": Value("Andere regel"), "effect": Value("-")})
    scene.fill("noor", "trail.route", {"manager": "lotte"}, entry=done, region=HERE, below="page:x")
    scene.fill("lotte", "trail.answer", {"answer": "Dit mag.", "reach": "own"}, entry=done)
    assert scene.press("lotte", "trail.answer", rule)
    scene.press("ineke", "trail.drop", "te_lotte", "trail.entry")
    for asked in (rule, done):  # the form was open already
        scene.fill("lotte", "trail.answer", {"answer": "Toch iets anders.", "reach": "own"}, entry=asked)
    assert entry(scene, rule).text("answer") == "" and entry(scene, done).text("answer") == "Dit mag."
    assert not entry(scene, rule).user("manager") and entry(scene, rule).text("standing") == "open"
    assert "Nog geen accountmanager heeft deze vraag" in scene.press("noor", "trail.entry", rule)
    said = scene.house.read(lambda db: waiting_for(db, TEAM, "ineke", scene.house.clock.at))
    assert len(said) == 1, "the coordinator reads that nobody was asked"
    scene.fill("noor", "trail.route", {"manager": "youssef"}, entry=rule, region=HERE, below="page:x")
    scene.fill("youssef", "trail.answer", {"answer": "Dit mag ook.", "reach": "own"}, entry=rule)
    assert entry(scene, rule).text("answer") == "Dit mag ook."
    told = [row.user_id for row in scene.house.owed("trail.answered") if rule in row.key]
    assert told == ["noor"], "who put it to them hears it, not who took the first off the list"


def test_what_was_put_to_an_account_whose_owner_left_waits_for_somebody_else(scene: Trail) -> None:
    rule = put_to_lotte(scene)
    scene.house.person("lotte", None, Role.DEACTIVATED)
    assert "lotte" not in scene.press("noor", "trail.entry", rule)
    assert scene.house.read(lambda db: waiting_for(db, TEAM, "ineke", scene.house.clock.at))
    scene.fill("noor", "trail.route", {"manager": "lotte"}, entry=rule, region=HERE, below="page:x")
    assert entry(scene, rule).version == 2, "nobody puts it to them again"


def test_what_was_put_to_somebody_who_is_forgotten_was_put_to_nobody(scene: Trail) -> None:
    rule = put_to_lotte(scene)
    house = scene.house
    house.write(lambda db: forget_person(db, house.world, house.settings, "lotte", by="lotte"))
    assert entry(scene, rule).text("standing") == "open" and not entry(scene, rule).user("manager")


@pytest.mark.matrix
def test_who_has_no_region_or_no_part_in_the_programme_reads_and_changes_nothing_of_what_a_region_keeps(
    scene: Trail,
) -> None:
    """Every button and form of the trail, pressed by a guest, somebody of another organisation, somebody who left and
    somebody without a region, on everything that a region keeps for itself."""
    house = scene.house
    for user, role in (("gast", Role.GUEST), ("ander", Role.OUTSIDER), ("weg", Role.DEACTIVATED), ("los", None)):
        house.person(user, None, *([role] if role else []))
    for kind, sheet in SHEETS.items():
        if sheet.part is Part.PROGRAMME:
            continue
        values = {
            field.name: Value("Kanariewoorden.") for field in sheet.fields if field.type in (Type.LINE, Type.TEXT)
        }
        one = Entry(f"te_{kind}", TEAM, HERE, kind, values, State.KEPT, confirmed=True,
                    parent=f"te_{sheet.parents[0]}" if sheet.parents else None)  # fmt: skip
        house.write(partial(trail.make, entry=one, by="noor", now=house.clock.at))
    assert "Kanariewoorden." in scene.press("noor", "trail.entry", "te_event")

    def kept() -> str:
        tables = ("trail", "trail_value", "trail_change", "trail_tie", "proposal", "trail_follow_up")
        return house.read(lambda db: str([db.connection().execute(text(f"SELECT * FROM {name}")).all()
                                          for name in tables]))  # fmt: skip

    before, tried = kept(), 0
    ids = [f"te_{kind}" for kind, sheet in SHEETS.items() if sheet.part is not Part.PROGRAMME]
    shaped = {"trail.page": ["{r}"], "trail.proposed": ["{r}"], "trail.keep_all": ["{r}"],
              "trail.part": [f"{{r}} {part}" for part in Part], "trail.report": ["md:{r}"],
              "trail.picture": ["phases:{r}"], "trail.line": ["open {e}", "up {e}"], "trail.tick": ["met {e}"],
              "trail.sign": ["agreed {e}"], "trail.tie": ["example te_example {e}"], "trail.add": ["{r} event {e}"],
              "trail.reuse": ["{e} {e}"], "trail.send_example": ["{e} rg_0002"]}  # fmt: skip
    for user in ("gast", "ander", "weg", "los"):
        for action in ROUTES.actions:
            for shape in shaped.get(action, ["{e}"]):
                for entry_id in ids if "{e}" in shape else ids[:1]:
                    said = scene.press(user, action, shape.format(e=entry_id, r=HERE), "trail.entry", entry=entry_id,
                                       region=HERE)  # fmt: skip
                    assert "Kanariewoorden" not in said, (user, action, entry_id)
                    tried += 1
        for form in ROUTES.forms:
            for entry_id in ids:
                typed = {
                    "title": "Iets anders",
                    "answer": "Ja",
                    "reach": "own",
                    "manager": "los",
                    "outcome": "accepted",
                }
                said = scene.fill(user, form, typed, entry=entry_id, region=HERE, kind="event", version="1",
                                  parent=entry_id)  # fmt: skip
                assert "Kanariewoorden" not in said, (user, form, entry_id)
                tried += 1
    assert kept() == before and tried > 1_000


def test_every_yes_no_and_answer_about_the_trail_is_written_down_without_a_word_of_it(scene: Trail) -> None:
    rule, house = put_to_lotte(scene), scene.house
    example = made(scene, Kind.EXAMPLE, {"title": Value("Kanarieloket"), "what": Value("Eén loket.")})
    plan = made(scene, Kind.APPLICATION, {"title": Value("Kanarieplan"), "standing": Value("draft")})
    party = made(scene, Kind.PARTY, {"title": Value("Kanariestad"), "person": Value("", "samir")}, plan)
    other = made(scene, Kind.APPLICATION, {"title": Value("Kanarieplan"), "standing": Value("handed_in")})
    found = made(scene, Kind.EVENT, {"title": Value("Kanarievondst")}, state=State.PROPOSED)
    steps: tuple[tuple[Deed, Callable[[], str]], ...] = (
        (Deed.SHARED, lambda: scene.press("sanne", "trail.vouch", example, "trail.entry")),
        (Deed.CONFIRMED, lambda: scene.press("samir", "trail.sign", f"agreed {party}", "trail.entry")),
        (Deed.ANSWERED, lambda: scene.press("samir", "trail.sign", f"against {party}", "trail.entry")),
        (Deed.ANSWERED, lambda: scene.fill("lotte", "trail.answer", {"answer": "Ja.", "reach": "own"}, entry=rule)),
        (Deed.ANSWERED, lambda: scene.fill("ineke", "trail.decide", {"outcome": "accepted", "contact": "Ineke",
                                                                     "decided_on": "2021-06-01"}, entry=other)),
        (Deed.KEPT, lambda: scene.fill("noor", "trail.entry", {"title": "Anders"}, entry=found, version="1")),
    )  # fmt: skip
    for number, (deed, step) in enumerate(steps):
        step()
        rows = house.read(lambda db: list(db.exec(select(audit.AuditRow).order_by(col(audit.AuditRow.number)))))
        assert len(rows) == number + 1 and rows[-1].action == deed, (deed, [row.action for row in rows])
        assert "kanarie" not in str(rows[-1].model_dump()).casefold()


def test_signs_that_nobody_sees_are_no_words(scene: Trail) -> None:
    """A line of a list without a name cannot be opened, and an answer of nothing answers nothing."""
    rule, hidden = put_to_lotte(scene), "\u202e\u200b\u2060"
    event = made(scene, Kind.EVENT, {"title": Value("Bezoek")})
    scene.fill("noor", "trail.entry", {"title": hidden}, entry=event, version="1")
    assert entry(scene, event).title == "Bezoek"
    scene.fill("noor", "trail.new", {"title": hidden}, region=HERE, kind="event")
    assert [each.title for each in scene.entries(HERE) if each.kind is Kind.EVENT] == ["Bezoek"]
    scene.fill("lotte", "trail.answer", {"answer": hidden, "reach": "own"}, entry=rule)
    assert entry(scene, rule).text("answer") == ""
