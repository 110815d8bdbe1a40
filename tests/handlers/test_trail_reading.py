"""The windows of the trail as people read them: a region in one screen, its parts, an entry, and the Home's way in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.introductions import Introduction
from bot.introductions import State as Meeting
from bot.programme import Role
from bot.promises import Capacity, Event, Place, Promise
from bot.promises import State as Promised
from bot.trail import Entry, Kind, State, Value
from handlers.words import HABITS
from playground.linter import lint_view, visible_texts
from storage import introductions, programme, promises, trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.trailing import Trail, lived_in
from tests.journeys import trailed

NOW = wall(2021, 6, 17, 16)
HERE, THERE = "rg_0001", "rg_0002"
MOST_ON_PAGE = 25
WINDOW = 100


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    yield from lived_in(tmp_path, NOW)


@pytest.fixture
def scene(house: House) -> Trail:
    """Noor and Sanne are of the first region, Samir is of the second; Ineke coordinates, Olaf reads English."""
    one, two = house.region("Haaglanden"), house.region("Nieuwe Waterweg Noord")
    house.person("noor", one)
    house.person("sanne", one, Role.FACILITATOR)
    house.person("olaf", one, locale="en-GB")
    house.person("samir", two)
    house.person("ineke", None, Role.COORDINATOR)
    return Trail(house)


@pytest.fixture
def full(scene: Trail) -> Trail:
    """The first region has everything that a region has."""

    def save(db: Any) -> None:
        for entry in trailed.entries(TEAM, HERE):
            trail.make(db, entry, "", NOW)

    scene.house.write(save)
    return scene


def made(scene: Trail, kind: Kind, region: str | None = HERE, parent: str | None = None, **texts: str) -> str:
    state = State(texts.pop("state", "kept"))
    values = {name: Value(text) for name, text in texts.items()}
    entry = Entry(scene.world.ids("te"), TEAM, region, kind, values, state, parent)
    scene.house.write(lambda db: trail.make(db, entry, "", NOW))
    return entry.id


def found(scene: Trail, title: str) -> Entry:
    every = scene.house.read(lambda db: trail.entries(db, TEAM, states=list(State)))
    return next(entry for entry in every if entry.title == title)


def elements(view: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in view["blocks"]:
        yield from [block["accessory"]] if "accessory" in block else []
        yield from block.get("elements", []) if block["type"] == "actions" else []


def greens(view: dict[str, Any]) -> int:
    return bool(view.get("submit")) + sum(each.get("style") == "primary" for each in elements(view))


def open_page(scene: Trail, user: str = "noor") -> str:
    return scene.press(user, "trail.page", HERE)


# The page: a stranger understands the region in one screen


@pytest.mark.practice("002:3, 002:14")
@pytest.mark.practice("000:7-15, 000:99-103")
@pytest.mark.practice("000:28-38")
@pytest.mark.practice("002:16")
def test_a_region_is_understood_in_one_screen(full: Trail) -> None:
    said = open_page(full)
    assert len(full.window["blocks"]) <= MOST_ON_PAGE and lint_view(full.window) == []
    assert trailed.AMBITION in said
    assert "Nu: fase 6 van 7, Uitbreiden*, sinds maart 2021" in said
    assert "Coalitie: 11 partijen" in said and "Onderwijs (4): Basisscholen De Linde" in said
    assert "Gemeenten: 16 (2020) · 19 (2009)" in said, "both stand, dated, the newest first"
    assert "3.400 (jaar onbekend)" in said
    assert "Doet mee in 3 community's" in said
    assert "3 opdrachten" in said and "2 van 7 onderdelen klaar · 2 van 5 randvoorwaarden rond · 1 vacature" in said
    assert "maart - mei 2019" in said and "nu, sinds maart 2021" in said and "nog geen datum" in said
    english = open_page(full, "olaf")
    assert "Now: phase 6 of 7, Uitbreiden*, since March 2021" in english and "Coalition: 11 parties" in english


@pytest.mark.practice("002:65")
def test_a_contact_stands_on_the_page_only_once_that_person_said_yes(full: Trail) -> None:
    values = {"title": Value("Noor de Graaf"), "person": Value("", "noor"), "address": Value("noor@example.org")}
    entry = Entry("te_c", TEAM, HERE, Kind.CONTACT, values, State.SHARED)
    full.house.write(lambda db: trail.make(db, entry, "", NOW))
    assert "Noor de Graaf" not in open_page(full) and "wacht op een ja van die persoon" in open_page(full, "sanne")
    assert "Noor de Graaf" not in open_page(full, "samir")
    full.press("noor", "trail.confirm", "te_c", "trail.entry")
    for user in ("sanne", "samir"):
        said = open_page(full, user)
        assert "*Contact:* Noor de Graaf (<@noor>)" in said and "example.org" not in said


def test_an_empty_page_says_what_to_do_next_and_a_guest_of_it_reads_that_nothing_is_shared(scene: Trail) -> None:
    said = open_page(scene)
    for next_step in ("Begin met jullie ambitie", "Voeg een opdracht toe", "Voeg de eerste toe", "Kies wat je wilt"):
        assert next_step in said
    for part in ("profile", "agenda", "phases", "examples", "rules", "asking", "monitoring", "joining", "timeline"):
        said = scene.press("noor", "trail.part", f"{HERE} {part}", "trail.page", region=HERE)
        assert "niets" in said.casefold() or "nog geen" in said.casefold(), part
    assert "Hier is nog niets gedeeld." in open_page(scene, "samir")
    assert not [each for each in elements(scene.window) if str(each.get("action_id")).startswith("trail.part")]


def promise(scene: Trail, owner: str, text: str, **more: Any) -> None:
    session = scene.house.session(NOW - timedelta(days=7), regions=[HERE])
    from bot.article import Part as Said

    scene.house.article(session, [[(Said.OFFER, text)]])

    def save(db: Any) -> None:
        from storage import impressions

        (note,) = impressions.of_session(db, TEAM, session.id)
        place = Place(note.id, "offer", 0, len(text))
        one = Promise(
            scene.world.ids("pr"), TEAM, session.id, note.group, note.id, place, "f", owner, "sanne", NOW, **more
        )
        promises.save(db, one, Event(NOW, owner, Capacity.OWNER, None, one.state))

    scene.house.write(save)


def test_the_page_says_what_people_of_the_region_promised_and_only_to_the_region(full: Trail) -> None:
    promise(full, "noor", "Ik maak een overzicht.", state=Promised.ACCEPTED, agreed_at=NOW, due=NOW.date())
    promise(full, "samir", "Ik bel iedereen.", state=Promised.ACCEPTED, agreed_at=NOW)
    promise(full, "sanne", "Nog niet beloofd.", state=Promised.OFFERED)
    said = open_page(full)
    assert "1 belofte staat open" in said and "Noor: “Ik maak een overzicht.” · voor 17 juni 2021" in said
    assert "Ik bel iedereen" not in said and "Nog niet beloofd" not in said
    assert "Ik maak een overzicht" not in open_page(full, "samir")


def test_the_page_says_whom_the_region_got_to_know_and_what_others_ask_of_it(full: Trail) -> None:
    def meeting(number: int, state: Meeting) -> None:
        one = Introduction(
            f"in_{number}", TEAM, "se_1", f"im_{number}", "se_2", "im_b", HERE, THERE, None, 1.0, NOW, state
        )
        full.house.write(lambda db: introductions.save(db, one))

    meeting(1, Meeting.DECLINED)
    assert "Kwam in contact" not in open_page(full), "of a no nobody else reads"
    meeting(2, Meeting.MET)
    assert "Kwam in contact met *Nieuwe Waterweg Noord*" in open_page(full)
    made(full, Kind.REQUEST, THERE, title="Wie kent een goede spreker?", standing="open", state="shared")
    made(full, Kind.OFFER, THERE, title="Voor Haaglanden: onze aanpak", for_whom="Haaglanden", state="shared")
    made(full, Kind.REQUEST, THERE, title="Dit is nog van ons", standing="open")
    said = open_page(full)
    assert said.index("onze aanpak") < said.index("goede spreker"), "what names the region stands first"
    assert "Dit is nog van ons" not in said and "Wie kent" not in open_page(full, "ineke")


# Parts and entries


@pytest.mark.practice("000:21-26, 000:45-47, 000:74-75, 000:94-97")
def test_phases_are_read_in_order_with_what_was_easy_hard_and_concluded(full: Trail) -> None:
    said = full.press("noor", "trail.part", f"{HERE} phases", "trail.page", region=HERE)
    titles = [title for title, *_ in trailed.PHASES]
    places = [said.index(title) for title in titles]
    assert places == sorted(places)
    assert "*Makkelijk:* Mensen met plezier" in said and "*Moeilijk:*\n• Ieder wil" in said
    assert "*Conclusie:* Zonder proef" in said and "januari - december 2020" in said


@pytest.mark.practice("002:18-63")
@pytest.mark.practice("002:26-44, 002:49-54, 002:61-63")
@pytest.mark.practice("004:3-37")
@pytest.mark.practice("004:39-75")
@pytest.mark.practice("004:77-93")
def test_an_assignment_is_read_with_its_points_parts_preconditions_roles_and_vacancy(full: Trail) -> None:
    said = full.press("noor", "trail.part", f"{HERE} agenda", "trail.page", region=HERE)
    assert all(point in said for _, _, points in trailed.ASSIGNMENTS for point in points)
    said = full.press("noor", "trail.entry", found(full, trailed.ASSIGNMENTS[1][0]).id, "trail.part", region=HERE)
    assert "✓ Alle gemeenten en besturen doen mee · geregeld" in said and "○ Afspraken gelden overal · nog niet" in said
    assert "1. ✓ Bestaande plannen bij elkaar brengen · voor 1 februari 2021 · klaar" in said
    assert "2. ✓ Samen een visie schrijven · voor mei 2021" in said
    assert "Projectleider · *vacant*" in said and "Opdrachtgever: Wethouder van Oosterdam" in said
    goal, steps, why = (
        said.index(text) for text in ("Meer rust voor jongeren", "Alle gemeenten en", "meer dan een uur")
    )
    assert goal < steps < why, "what it is for and how far it is first, the long texts below"


@pytest.mark.practice("000:56-64")
@pytest.mark.practice("003:42-44")
@pytest.mark.practice("003:91-93, 004:61-63, 004:73-75")
def test_interests_and_a_plan_with_its_owners_timeline_and_money_are_read_by_the_region(scene: Trail) -> None:
    made(scene, Kind.INTEREST, title="Kleine scholen willen blijven", who="Dorpsscholen")
    said = scene.press("noor", "trail.part", f"{HERE} profile", "trail.page", region=HERE)
    assert "Kleine scholen willen blijven · Dorpsscholen" in said
    plan = made(
        scene, Kind.PLAN, title="Plan voor twee jaar", goals="Minder reistijd.", owners="De besturen samen.",
        timeline="Eerst tellen, dan kiezen.", money="Uit de gewone begroting, ook later.",
    )  # fmt: skip
    made(scene, Kind.MILESTONE, parent=plan, title="Eerste telling", due="2021-10")
    said = scene.press("noor", "trail.entry", plan)
    for text in ("Minder reistijd.", "De besturen samen.", "Eerst tellen", "Uit de gewone begroting"):
        assert text in said
    assert "1. ○ Eerste telling · voor oktober 2021" in said


@pytest.mark.practice("003:3, 003:7-9")
@pytest.mark.practice("003:61-63")
def test_goals_with_their_caveat_and_the_period_of_the_programme_are_read_by_everybody(scene: Trail) -> None:
    made(scene, Kind.GOAL, None, title="Samen uitproberen", caveat="Voorlopig: hier kan nog iets aan veranderen.")
    made(scene, Kind.MILEPOST, None, title="Looptijd", on="2021-09", until="2023-06", sort="period")
    made(scene, Kind.RESOURCE, None, title="Regeling voor twee jaar", until="2023-08-01")
    for user in ("noor", "samir", "ineke"):
        for value in ("trail.page programme", "trail.part programme programme"):
            action, _, rest = value.partition(" ")
            said = scene.press(user, action, rest)
            assert "Samen uitproberen _(Voorlopig" in said and "*september 2021 - juni 2023* Looptijd" in said
            assert "tot en met 1 augustus 2023" in said


def test_who_may_not_change_an_entry_reads_it_and_who_may_gets_its_form_filled(full: Trail) -> None:
    assignment = found(full, trailed.ASSIGNMENTS[1][0])
    full.press("sanne", "trail.share", assignment.id, "trail.entry")
    said = full.press("samir", "trail.entry", assignment.id)
    assert "Zes gemeenten" in said and "Projectleider" in said and "submit" not in full.window
    assert "Pas aan" not in said and "Zet hoger" not in said and "+ Rol" not in said
    said = full.press("noor", "trail.edit", assignment.id, "trail.entry", below="page:rg_0001")
    assert full.window["submit"] and "Zes gemeenten" in said
    assert full.press("samir", "trail.edit", assignment.id).startswith("Alleen wie erbij hoort")
    point = found(full, "De reis naar school is te lang")
    assert "De reis naar school" in full.press("noor", "trail.entry", point.id) and full.window["submit"]
    back = full.fill(
        "noor", "trail.entry", {"title": "De reis duurt te lang"}, entry=point.id,
        version=str(found(full, point.title).version),
        parent=assignment.id, back=assignment.id, region=HERE, below="page:rg_0001 part:rg_0001:agenda:0",
    )  # fmt: skip
    assert back.count("De reis duurt te lang") >= 2, "the assignment has its place back, and the part below follows"


def test_many_entries_and_changes_stay_within_a_window_and_nothing_is_left_out(scene: Trail) -> None:
    long = {"goal": "x" * 2500, "background": "&" * 2500}
    assignment = made(scene, Kind.ASSIGNMENT, title="Alles tegelijk", **long)
    for number in range(130):
        made(scene, Kind.POINT, parent=assignment, title=f"Punt nummer {number} " + "lang " * 80)
        made(scene, Kind.PARTNER, title=f"Partij {number} {'naam ' * 20}", sector=f"Sector {number % 20}")
    for number in range(15):
        scene.fill(
            "noor", "trail.entry", {"title": f"Alles {number}", **long}, entry=assignment, version=str(number + 1)
        )
    for action, value, titles in (
        ("trail.entry", assignment, "Punt nummer"), ("trail.part", f"{HERE} profile", "Partij"),
    ):  # fmt: skip
        seen = "\n".join(scene.press("noor", action, f"{value} {number}") for number in range(4))
        assert all(f"{titles} {number} " in seen for number in range(130))
        for window in scene.world.opened[-4:]:
            assert lint_view(window) == [] and len(window["blocks"]) <= WINDOW
    open_page(scene)
    assert lint_view(scene.window) == [] and len(scene.window["blocks"]) <= MOST_ON_PAGE
    assert "En 10 veranderingen daarvoor" in scene.press("noor", "trail.entry", assignment)


def test_every_window_has_at_most_one_green_button_and_every_button_says_what_it_is_about(full: Trail) -> None:
    made(full, Kind.FACT, title="Scholen", value="12", state="proposed")
    example = made(full, Kind.EXAMPLE, THERE, title="Koffie", what="Elke week.", state="shared")
    for user in ("noor", "olaf", "samir", "ineke"):
        for action, value in (
            ("trail.regions", ""), ("trail.page", HERE), ("trail.page", "programme"), ("trail.part", f"{HERE} agenda"),
            ("trail.part", f"{HERE} phases"), ("trail.part", f"{HERE} profile"), ("trail.part", "programme programme"),
            ("trail.entry", example), ("trail.entry", found(full, trailed.ASSIGNMENTS[1][0]).id),
            ("trail.entry", found(full, "De reis naar school is te lang").id),
            ("trail.entry", found(full, "Scholen").id),
        ):  # fmt: skip
            full.press(user, action, value)
            assert greens(full.window) <= 1, (user, action, value)
            for each in elements(full.window):
                if (
                    each["type"] == "button"
                    and visible_texts(each)
                    and "".join(visible_texts(each)) in ("Bekijk", "Look")
                ):
                    assert each.get("accessibility_label"), (action, value, each)


# Moved with a trail


def test_a_phase_is_moved_up_and_down_and_a_changed_date_shows_before_and_after(full: Trail) -> None:
    second = found(full, "Verkennen en de aanpak kiezen")
    said = full.press("noor", "trail.line", f"up {second.id}", "trail.part", region=HERE, part="phases", page="0")
    assert said.index("1. Verkennen") < said.index("2. Kennismaken")
    assert full.press("samir", "trail.line", f"up {second.id}").startswith("Alleen wie erbij hoort")
    said = full.press("noor", "trail.entry", second.id)
    assert "17 juni 2021: Noor verplaatste dit van plek 2 naar plek 1." in said
    assert f"up {second.id}" not in {each.get("value") for each in elements(full.window)}, "it is on top already"
    newest = found(full, second.title)
    values = {name: value.text for name, value in newest.values.items()} | {"begins": "2019-07"}
    full.fill("noor", "trail.entry", values, entry=second.id, version=str(newest.version))
    said = full.press("noor", "trail.entry", second.id)
    assert "van “juni 2019” in “juli 2019”" in said and "juli - oktober 2019" in said


def test_the_order_of_what_hangs_under_an_assignment_is_changed_in_its_window(full: Trail) -> None:
    last = found(full, "Planning en begroting")
    said = full.press("noor", "trail.line", f"up {last.id}", "trail.entry", entry=str(last.parent), region=HERE)
    assert said.index("Planning en begroting") < said.index("Laten zien wat er gebeurt"), "the assignment stays open"
    assert (
        full.press("noor", "trail.line", f"open {last.id}", "trail.entry").startswith("Zet hoger")
        or full.window["submit"]
    )


# Windows lie on each other


def test_a_region_is_opened_from_the_list_in_its_place_so_that_three_windows_are_enough(full: Trail) -> None:
    shown: list[tuple[str, bool]] = []
    opened, world = type(full.world).open, full.world

    async def open_(self: Any, click: Any, view: Any, *, push: bool = False) -> None:
        shown.append((view.callback_id, push))
        await opened(self, click, view, push=push)

    type(world).open = open_  # type: ignore[method-assign]  # the world is this test's own
    try:
        full.press("samir", "trail.regions")
        full.press("samir", "trail.page", HERE, "trail.regions")
        full.press("samir", "trail.regions", "", "trail.page", region=HERE)
        assert shown == [("trail.regions", False)], "the list and a page take turns in one window"
        full.press("noor", "trail.part", f"{HERE} agenda", "trail.page", region=HERE)
        full.press("noor", "trail.entry", found(full, "Welke groep leerlingen is waar?").id, "trail.part", region=HERE)
        assert shown[1:] == [("trail.part", True), ("trail.entry", True)]
    finally:
        type(world).open = opened  # type: ignore[method-assign]


def test_what_is_set_aside_is_gone_from_every_window_below_at_once(full: Trail) -> None:
    phase = found(full, "Gewoon gaan doen")
    full.press("noor", "trail.part", f"{HERE} phases", "trail.page", region=HERE)
    part = json.loads(full.window["private_metadata"])
    assert part["below"] == "page:rg_0001"
    full.press("noor", "trail.entry", phase.id, "trail.part", **part)
    entry = json.loads(full.window["private_metadata"])
    assert entry["below"] == "page:rg_0001 part:rg_0001:phases:0"
    before = len(full.world.opened)
    full.press("noor", "trail.drop", phase.id, "trail.entry", **entry)
    drawn = full.world.opened[before:]
    assert {each["callback_id"] for each in drawn} == {"trail.part", "trail.page"}
    assert not [each for each in drawn if "Gewoon gaan doen" in "\n".join(visible_texts(each))]


def test_who_closes_an_entry_sees_below_it_what_somebody_else_changed_meanwhile(full: Trail) -> None:
    phase = found(full, "Gewoon gaan doen")
    full.press(
        "noor", "trail.entry", phase.id, "trail.part", region=HERE, part="phases", page="0", below="page:rg_0001"
    )
    given = json.loads(full.window["private_metadata"])
    assert full.window["notify_on_close"]
    full.fill("sanne", "trail.new", {"title": "Nazorg"}, region=HERE, kind="phase")
    view = {"type": "modal", "callback_id": "trail.entry", "previous_view_id": "V1", "root_view_id": "V0"}
    said = full._send("closed", "trail.entry", "noor", view=view, metadata=given)
    assert said.count("Nazorg") == 2, "in the part, and on the page"


# The command and the Home


def test_a_region_is_opened_by_its_name_whatever_its_capitals_and_one_own_without_a_name(full: Trail) -> None:
    for typed in ("regio", "regio haaglanden", "region HAAG", "regio Háaglanden"):
        assert trailed.AMBITION in say(full, "noor", typed), typed
    full.house.region("Nieuwe Waterweg Zuid")
    assert "Nieuwe Waterweg Noord" in say(full, "noor", "regio waterweg noord")
    for typed in ("regio nieuwe waterweg", "regio <script>"):
        said = say(full, "noor", typed)
        assert "ken ik niet, of er zijn er meer" in said and "<script>" not in said
    assert "Dit zijn alle" not in say(full, "ineke", "regio") and "*Haaglanden*" in say(full, "ineke", "regio")


def say(scene: Trail, user: str, text: str) -> str:
    name, _, rest = text.partition(" ")
    return scene._send("command", name, user, value=rest, view={}, metadata={})


def test_the_home_leads_to_the_pages_below_what_somebody_has_to_do(full: Trail) -> None:
    from handlers import home
    from handlers.views import home as views

    def read(user: str) -> str:
        click = full.house.click("event", "app_home_opened", user)
        seen = full.house.write(lambda db: home.look(full.world, click, db))
        view = views.home(seen, seen.asker.words).to_dict()
        assert lint_view(view) == []
        return "\n".join(visible_texts(view["blocks"]))

    said = read("noor")
    assert (
        said.index("Volgende werksessies") < said.index("Onze pagina") < said.index("Regio's") < said.index("Stel een")
    )
    english = read("olaf")
    assert "Our page\nRegions" in english and "You belong to region *Haaglanden*" in english
    said = read("ineke")
    assert "Onze pagina" not in said and said.index("Nieuwe werksessie") < said.index("Regio's")


# The workspace's own words


def test_every_window_of_the_trail_uses_the_workspaces_own_word_for_a_region(full: Trail) -> None:
    full.house.write(lambda db: programme.save_programme(db, replace(full.house.settings, region_word="netwerk")))
    for title in ("Koffie met ouders",):
        made(full, Kind.EXAMPLE, title=title, what="Elke week.")
    for user in ("noor", "olaf", "sanne", "samir", "ineke"):
        for action, value in (
            ("trail.regions", ""), ("trail.page", HERE), ("trail.page", "programme"),
            *(("trail.part", f"{HERE} {part}") for part in ("profile", "agenda", "phases", "examples", "asking")),
            ("trail.entry", found(full, trailed.ASSIGNMENTS[1][0]).id),
            ("trail.entry", found(full, "Koffie met ouders").id),
            ("trail.add", f"{HERE} ambition"), ("trail.add", f"{HERE} fact"),
        ):  # fmt: skip
            said = full.press(user, action, value).casefold()
            assert "regio" not in said, (user, action, value, said)
    assert "Netwerken" in full.press("noor", "trail.page", HERE)
    assert "Deel met alle netwerken" in full.press("sanne", "trail.entry", found(full, "Koffie met ouders").id)


@pytest.mark.parametrize("language", list(HABITS))
def test_the_usual_word_is_said_in_the_readers_own_language(full: Trail, language: str) -> None:
    user, many = {"nl": ("noor", "Regio's"), "en": ("olaf", "Regions")}[language]
    assert many in open_page(full, user).split("\n")


def test_the_programmes_own_names_are_offered_with_a_new_phase_or_role_and_something_else_can_be_written(
    full: Trail,
) -> None:
    form = full.press("noor", "trail.add", f"{HERE} phase", "trail.part", region=HERE, part="phases")
    assert "Terugkijken" in form and "Of iets anders" in form
    name = found(full, "Terugkijken").id
    full.fill("noor", "trail.new", {"named": name, "begins": "2022"}, region=HERE, kind="phase")
    full.fill("noor", "trail.new", {"named": name, "title": "Vieren"}, region=HERE, kind="phase")
    assert "Vul dit in." in full.fill("noor", "trail.new", {"named": "te_made_up"}, region=HERE, kind="phase")
    phases = [entry.title for entry in full.entries(HERE) if entry.kind is Kind.PHASE]
    assert phases[-2:] == ["Terugkijken", "Vieren"]
    assert "Kies een naam" not in full.press("noor", "trail.add", f"{HERE} fact", "trail.part", region=HERE)


def test_the_programmes_phases_are_taken_over_at_once_and_only_those_that_are_not_there(full: Trail) -> None:
    said = full.press("noor", "trail.part", f"{HERE} phases", "trail.page", region=HERE)
    assert "Neem 1 fase van het programma over" in said, "Kennismaken is there already"
    given = {"region": HERE, "part": "phases", "page": "0", "below": "page:rg_0001"}
    said = full.press("noor", "trail.take_names", f"{HERE} phase_name", "trail.part", **given)
    assert "Terugkijken" in said and "van het programma over" not in said
    assert full.press("samir", "trail.take_names", f"{HERE} phase_name").startswith("Alleen wie erbij hoort")
    made(full, Kind.ROLE_NAME, None, title="Projectleider")
    made(full, Kind.ROLE_NAME, None, title="Klankbord")
    assignment = found(full, trailed.ASSIGNMENTS[1][0]).id
    said = full.press("noor", "trail.take_names", assignment, "trail.entry", entry=assignment, region=HERE)
    assert "Klankbord · *vacant*" in said and said.count("Projectleider") == 1


@pytest.mark.practice("003:33-40")
def test_the_criteria_of_the_framework_are_read_on_the_page_of_the_whole_programme(full: Trail) -> None:
    for user in ("noor", "samir", "ineke"):
        said = full.press(user, "trail.page", "programme")
        assert all(title in said for title, _ in trailed.CRITERIA)
