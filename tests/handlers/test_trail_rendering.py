"""The windows of the trail show what people typed as they typed it, and keep to Slack's limits however much that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.programme import Role
from bot.trail import SHEETS, Entry, Kind, Part, State, Type, Value
from bot.trail.looking_back import Asked, Round
from handlers.trail import MESSAGES, examples
from playground.linter import lint_message, lint_view
from storage import trail
from storage.trail import together
from tests.catalogue.rendering_scene import REFERENCE, Drawn
from tests.catalogue.test_j_rendering import HOSTILE, Reader, targets
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in

HERE = "rg_0001"
LINE, TEXT = 150, 2500
"""Characters of the longest line and text."""
WORST = ("<!channel>", "<@U1|noor>", "<http://kwaad.example|intranet>", "&lt;!channel&gt;",
         "<!date^1623900000^{date}|x>", "><!here><", "@here", "<#C1>")  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2021, 6, 17, 16))


@pytest.fixture
def scene(house: House) -> Trail:
    region = house.region("Haaglanden")
    house.person("noor", region, Role.FACILITATOR, Role.COORDINATOR)
    house.person("samir", house.region("Waterweg"))
    return Trail(house)


def rows(texts: Sequence[str], longest: int) -> Iterator[str]:
    """Put as many texts beside each other as a line takes."""
    row = ""
    for text in texts:
        if len(f"{row} {text}") > longest:
            yield row
            row = ""
        row = f"{row} {text}".strip()
    yield row


def fill(scene: Trail, words: dict[Type, str], *, children: int = 1) -> None:
    """Put an entry of every kind with these words in every field, one that waits, and what hangs under each."""

    def put(kind: Kind, entry: str, state: State, parent: str | None = None) -> None:
        sheet = SHEETS[kind]
        values = {field.name: Value(words[field.type]) for field in sheet.fields if field.type in words}
        values |= {field.name: Value("", "noor") for field in sheet.fields if field.type is Type.PERSON}
        region = None if sheet.part is Part.PROGRAMME else HERE
        made = Entry(entry, TEAM, region, kind, values, state, parent, confirmed=True)
        scene.house.write(partial(trail.make, entry=made, by="noor", now=scene.house.clock.at))

    for kind, sheet in SHEETS.items():
        if sheet.parents:
            continue
        put(kind, f"te_{kind}", State.SHARED)
        put(kind, f"te_found_{kind}", State.PROPOSED)
    for kind, sheet in SHEETS.items():
        for parent in sheet.parents:
            for number in range(children):
                put(kind, f"te_{kind}_{parent}_{number}", State.SHARED, f"te_{parent}")


def windows(scene: Trail, people: Sequence[str] = ("noor", "samir")) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that opens: pages, parts, entries with their forms, what is added, and what waits."""
    ways = [("trail.regions", ""), ("trail.proposed", HERE), ("trail.proposed", "programme")]
    for code in (HERE, "programme"):
        ways.append(("trail.page", code))
        ways += [("trail.part", f"{code} {part}") for part in Part]
    for kind, sheet in SHEETS.items():
        code = "programme" if sheet.part is Part.PROGRAMME else HERE
        for entry in [f"te_{kind}", f"te_found_{kind}"] if not sheet.parents else [f"te_{kind}_{sheet.parents[0]}_0"]:
            ways += [("trail.entry", entry), ("trail.edit", entry)]
        ways.append(("trail.add", f"{code} {kind} " + (f"te_{sheet.parents[0]}" if sheet.parents else "")))
    for user in people:
        for action, value in ways:
            before = len(scene.world.opened)
            scene.press(user, action, value)
            for number, view in enumerate(scene.world.opened[before:]):
                yield f"{user} {action} {value} {number}", view
            scene.world.opened.clear()


def drawn(scene: Trail, people: Sequence[str]) -> Drawn:
    found = Drawn()
    for name, view in windows(scene, people):
        assert lint_view(view) == [], name
        found.add(name, view)
    return found


def type_(scene: Trail, text: str) -> None:
    """Let this stand in every field, in the names of the regions and in that of who is shown."""

    def write(db: Any) -> None:
        for table in ("trail_value", "region", "member"):
            column = "text" if table == "trail_value" else "name"
            where = "text != ''" if table == "trail_value" else "1 = 1"
            db.connection().execute(
                sql(f"UPDATE {table} SET {column} = :text WHERE team_id = :team AND {where}"),
                {"text": text, "team": TEAM},
            )

    scene.house.write(write)


@pytest.mark.parametrize(
    "texts", [WORST, pytest.param(HOSTILE, marks=pytest.mark.matrix)], ids=["the worst", "everything"]
)
def test_what_people_type_in_the_trail_shows_as_they_typed_it_in_every_window(
    scene: Trail, texts: Sequence[str]
) -> None:
    reader, people = Reader(), ("noor",) if texts is WORST else ("noor", "samir")
    fill(scene, {Type.LINE: "gewoon", Type.TEXT: "gewoon"})
    scene.house.write(
        lambda db: db.connection().execute(sql("UPDATE region SET folded = id WHERE team_id = 'T1'")) and None
    )
    type_(scene, "gewoon".ljust(LINE, "z"))
    calm = drawn(scene, people)
    assert len(calm.markup) > 200 and sum("gewoon" in each for each in calm.markup.values()) > 50
    for text in rows(texts, LINE - 4):
        type_(scene, text.ljust(LINE, "z"))
        seen = drawn(scene, people)
        assert seen.elements == calm.elements, text
        for name, said in seen.markup.items():
            assert reader.elements(said) == reader.elements(calm.markup[name]), f"{text!r} in {name}: {said!r}"
            assert "<" not in REFERENCE.sub("", said), f"a raw sign in {name}: {said!r}"
            assert targets(said) == targets(calm.markup[name]), name


@pytest.mark.matrix
def test_the_windows_keep_to_slacks_limits_with_the_longest_texts_and_forty_children(scene: Trail) -> None:
    line, long = ("w" * 40 + " &<> ") * 4, ("Woorden & <tekens> die blijven. " * 90)[:TEXT]
    fill(scene, {Type.LINE: line[:LINE], Type.TEXT: long}, children=40)
    number = 0
    for name, view in windows(scene):
        assert lint_view(view) == [], name
        number += 1
    assert number > 100


@pytest.mark.matrix
def test_the_windows_keep_to_slacks_limits_with_a_hundred_entries_of_every_kind(scene: Trail) -> None:
    fill(scene, {Type.LINE: "w" * LINE, Type.TEXT: "&" * TEXT}, children=40)
    for kind, sheet in SHEETS.items():
        for at in range(100 if not sheet.parents else 0):
            region = None if sheet.part is Part.PROGRAMME else HERE
            values = {"title": Value(f"{at} " + "&" * 140)}
            state = State.PROPOSED if at % 2 else State.KEPT
            made = Entry(f"te_{kind}_many{at}", TEAM, region, kind, values, state)
            scene.house.write(partial(trail.make, entry=made, by="", now=scene.house.clock.at))
    for name, view in windows(scene):
        assert lint_view(view) == [], name


def told(scene: Trail) -> dict[str, Sequence[Any]]:
    """One message of every kind that the trail sends, by its name: its blocks and the line of its notification."""
    house, now = scene.house, scene.house.clock.at
    on = now.date().isoformat()
    sent: dict[str, tuple[Any, str, dict[str, Any]]] = {
        "asked rule": (MESSAGES["trail.asked"], "te_obstacle", {}),
        "asked for help": (MESSAGES["trail.asked"], "te_request", {}),
        "answered rule": (MESSAGES["trail.answered"], "te_done", {}),
        "overdue": (MESSAGES["trail.overdue"], "", {"on": on}),
        "the list of the month": (MESSAGES["trail.rules_list"], "", {"on": on}),
        "asked to sign": (MESSAGES["trail.sign"], "te_party", {}),
        "signed": (MESSAGES["trail.sign"], "te_signed", {}),
        "handed in": (MESSAGES["trail.handed_in"], "te_handed", {}),
        "decided": (MESSAGES["trail.decided"], "te_accepted", {}),
        "closing": (MESSAGES["trail.closing"], "te_draft", {"closes": "2021-07-01"}),
        "milestone": (MESSAGES["trail.milestone"], "te_part", {"due": "2021-07-01", "name": "before"}),
        "over": (MESSAGES["trail.milestone"], "te_part", {"due": "2021-07-01", "name": "after"}),
        "vacancies": (MESSAGES["trail.vacancies"], "", {"week": "2021-W24"}),
        "ending": (MESSAGES["trail.ending"], "te_money", {"until": "2021-08-01"}),
        "moved": (MESSAGES["trail.phase_moved"], "te_moved", {"version": 2, "since": "2021-06-01T10:00:00+00:00"}),
        "example": (MESSAGES["trail.example"], "te_good", {"region": "rg_0002"}),
        "together": (MESSAGES["trail.intervision"], "gr_1", {"region": HERE, "on": now.isoformat()}),
        "not together": (MESSAGES["trail.intervision_no"], "", {"region": HERE, "left": [HERE], "others": ["rg_0002"]}),
        "asked to look back": (MESSAGES["trail.round_ask"], "rn_1", {"region": HERE}),
    }  # fmt: skip
    found: dict[str, Sequence[Any]] = {}
    for name, (render, subject, more) in sent.items():
        arguments = {"id": subject, "user": "noor", **more}
        draw = partial(render, settings=house.settings, arguments=arguments, words=scene.world.words["nl"])
        body = house.read(draw)
        assert body is not None, name
        blocks = [block.to_dict() for block in body.blocks]
        assert lint_message({"text": body.text, "blocks": blocks}) == [], name
        found[name] = [blocks, {"type": "mrkdwn", "text": body.text}]
    line = house.read(lambda db: examples.draw(db, house.settings, "example:te_good", scene.world.words["nl"]))
    assert line is not None
    found["in the digest"] = [[block.to_dict() for block in line[1]], {"type": "mrkdwn", "text": line[0]}]
    return found


def send(scene: Trail) -> None:
    """Let there be something to say in every message: each with ordinary words in every field."""
    house, people = scene.house, {"person": Value("", "noor"), "manager": Value("", "noor")}

    def put(name: str, kind: Kind, parent: str | None = None, region: str | None = HERE, **values: str) -> None:
        sheet = SHEETS[kind]
        texts = {field.name: Value("gewoon") for field in sheet.fields if field.type in (Type.LINE, Type.TEXT)}
        texts |= {field.name: people.get(field.name, Value("", "noor")) for field in sheet.fields
                  if field.type is Type.PERSON} | {key: Value(each) for key, each in values.items()}  # fmt: skip
        made = Entry(name, TEAM, region, kind, texts, State.SHARED, parent, confirmed=True)
        house.write(partial(trail.make, entry=made, by="noor", now=house.clock.at))

    put("te_manager", Kind.ACCOUNT_MANAGER, region=None)
    put("te_obstacle", Kind.OBSTACLE, standing="routed", due="2021-06-01", answer="")
    put("te_done", Kind.OBSTACLE, standing="answered", answered_on="2021-06-02")
    put("te_request", Kind.REQUEST, standing="open", answer="")
    put("te_deadline", Kind.MILEPOST, region=None, sort="deadline", on="2021-07-01")
    put("te_criterion", Kind.CRITERION, region=None, asks="indicator")
    for name, standing in (("draft", "draft"), ("handed", "handed_in"), ("accepted", "accepted")):
        put(f"te_{name}", Kind.APPLICATION, standing=standing, indicator="" if name == "draft" else "gewoon")
    put("te_party", Kind.PARTY, "te_draft", standing="asked")
    put("te_signed", Kind.PARTY, "te_draft", standing="agreed", on="2021-06-03")
    put("te_task", Kind.ASSIGNMENT)
    put("te_part", Kind.MILESTONE, "te_task", due="2021-07-01", standing="busy")
    put("te_role", Kind.ROLE, "te_task", standing="vacant")
    put("te_money", Kind.RESOURCE, region=None, until="2021-08-01")
    put("te_good", Kind.EXAMPLE)
    put("te_moved", Kind.PHASE, begins="2021-01", ends="2021-09")
    put("te_asks", Kind.QUESTION, sort="open_question")
    put("te_there", Kind.EXAMPLE, region="rg_0002")
    moved = house.read(lambda db: trail.one(db, TEAM, "te_moved"))
    assert moved is not None
    later = {**moved.values, "ends": Value("2021-10")}
    house.write(lambda db: trail.change(db, moved, later, "noor", house.clock.at) and None)
    regions = [HERE, "rg_0002"]
    house.write(lambda db: together.put_together(db, TEAM, "gr_1", regions, "noor", house.clock.at))
    asked = Round("rn_1", TEAM, Kind.REVIEW, "gewoon", "noor", house.clock.at, house.clock.at)
    house.write(lambda db: trail.open_round(db, asked, [Asked("noor", HERE)]))


def typed_in(scene: Trail, text: str) -> None:
    """Let this stand in place of the ordinary words, and in every name."""

    def write(db: Any) -> None:
        for change in (
            "UPDATE trail_value SET text = :text WHERE team_id = :team AND text NOT IN ('') AND text LIKE '%z'",
            "UPDATE region SET name = :text WHERE team_id = :team",
            "UPDATE member SET name = :text WHERE team_id = :team",
            "UPDATE trail_round SET title = :text WHERE team_id = :team",
        ):
            db.connection().execute(sql(change), {"text": text, "team": TEAM})

    scene.house.write(write)


@pytest.mark.parametrize(
    "texts", [WORST, pytest.param(HOSTILE, marks=pytest.mark.matrix)], ids=["the worst", "everything"]
)
def test_what_people_type_in_the_trail_shows_as_they_typed_it_in_every_message(
    scene: Trail, texts: Sequence[str]
) -> None:
    reader = Reader()
    send(scene)
    scene.house.write(
        lambda db: [db.connection().execute(sql(each)) for each in (
            "UPDATE region SET folded = id", "UPDATE trail_value SET text = 'gewoonz' WHERE text = 'gewoon'")] and None
    )  # fmt: skip
    typed_in(scene, "gewoon".ljust(LINE, "z"))
    calm = said_in(scene)
    assert sum("gewoon" in each for each in calm.markup.values()) > 25
    for text in rows(texts, LINE - 4):
        typed_in(scene, text.ljust(LINE, "z"))
        seen = said_in(scene)
        assert seen.elements == calm.elements, text
        for name, said in seen.markup.items():
            assert reader.elements(said) == reader.elements(calm.markup[name]), f"{text!r} in {name}: {said!r}"
            assert "<" not in REFERENCE.sub("", said), f"a raw sign in {name}: {said!r}"
            assert targets(said) == targets(calm.markup[name]), name


def said_in(scene: Trail) -> Drawn:
    found = Drawn()
    for name, parts in told(scene).items():
        for number, part in enumerate(parts):
            found.add(f"{name} {number}", part)
    return found
