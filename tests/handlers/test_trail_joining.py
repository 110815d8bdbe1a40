"""Joining a programme: what an application misses, who signs, handing in, the decision, declarations and dates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.programme import Role
from bot.trail import Entry, Kind
from storage import trail
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_trail_working import HERE, made, one, owed, tick
from tests.handlers.trailing import Trail, lived_in


@pytest.fixture(params=["nl"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    yield from lived_in(tmp_path, wall(2012, 1, 10, 11), request.param)


@pytest.fixture
def scene(house: House) -> Trail:
    """Noor is of the first region, which Sanne leads; Samir of the second; Ineke coordinates."""
    one_, two = house.region("Haaglanden"), house.region("Waterweg")
    locale = {"nl": "nl-NL", "en": "en-GB"}[house.settings.language]
    for user, region, roles in (
        ("noor", one_, ()), ("lotte", one_, ()), ("sanne", one_, (Role.FACILITATOR,)),
        ("samir", two, ()), ("youssef", two, (Role.FACILITATOR,)), ("ineke", None, (Role.COORDINATOR,)),
    ):  # fmt: skip
        house.person(user, region, *roles, locale=locale)
    scene = Trail(house)
    for asks in ("parties", "question", "approach", "result", "indicator"):
        made(scene, Kind.CRITERION, region=None, title=f"Vereist: {asks}.", asks=asks)
    made(scene, Kind.MILEPOST, region=None, title="Sluiting", on="2012-01-31", sort="deadline")
    return scene


WRITTEN = {"question": "Wie haalt wie op?", "approach": "Samen aan tafel.", "result": "Eén route."}


def application(scene: Trail, **more: str) -> str:
    texts = {"title": "Samen naar school", "standing": "draft", **WRITTEN, **more}
    return made(scene, Kind.APPLICATION, **texts)


def party(scene: Trail, parent: str, title: str, person: str = "") -> str:
    return made(scene, Kind.PARTY, parent, person=person, title=title, standing="asked")


def window(scene: Trail, user: str, action: str, value: str, entry: str) -> str:
    return scene.press(user, action, value, "trail.entry", entry=entry, region=HERE, part="joining")


@pytest.mark.practice("003:33-40")
@pytest.mark.parametrize("house", ["nl", "en"], indirect=True)
def test_an_application_says_what_is_still_to_do_and_how_many_days_are_left(scene: Trail) -> None:
    words = scene.world.words[scene.house.settings.language]
    draft = application(scene)
    for title in ("Gemeente", "Bestuur"):
        party(scene, draft, title)
    said = scene.press("noor", "trail.entry", draft)
    what = words.list([words.count("trail.joining_parties", 2), words("trail.joining_indicator")])
    assert words("trail.joining_to_do", what=what) in said
    assert words.count("trail.joining_days", 21, day=words.calendar_date(wall(2012, 1, 31))) in said
    if scene.house.settings.language == "nl":
        assert "Nog te doen: handtekening van 2 partijen en indicator." in said


def test_an_application_is_held_against_the_framework_in_its_own_words_also_when_it_is_decided_on(scene: Trail) -> None:
    made(scene, Kind.CRITERION, region=None, title="Het past bij *ons* <verhaal>.", asks="other")
    draft = application(scene)
    party(scene, draft, "Gemeente")
    said = scene.press("noor", "trail.entry", draft)
    for line in ("✓ Vereist: question.", "○ Vereist: parties.", "○ Vereist: indicator."):
        assert line in said
    assert "• Het past bij *ons* &lt;verhaal&gt;." in said, "what no field answers is the coordinator's to judge"
    full = application(scene, standing="handed_in", indicator="Minder thuiszitters.")
    said = scene.press("ineke", "trail.decide", full)
    assert "✓ Vereist: indicator." in said and "○ Vereist: parties." in said


def test_an_application_is_handed_in_only_when_complete_in_time_and_by_who_leads_the_region(scene: Trail) -> None:
    draft = application(scene)
    assert "nog niet compleet" in window(scene, "sanne", "trail.hand_in", draft, draft)
    full = application(scene, indicator="Minder thuiszitters.")
    gemeente = party(scene, full, "Gemeente")
    window(scene, "noor", "trail.sign", f"agreed {gemeente}", full)
    window(scene, "noor", "trail.hand_in", full, full)
    assert one(scene, full).text("standing") == "draft", "a participant does not hand in for the region"
    scene.house.at(wall(2012, 2, 1, 9))
    assert "gesloten" in window(scene, "sanne", "trail.hand_in", full, full)
    scene.house.at(wall(2012, 1, 31, 23, 30))
    window(scene, "sanne", "trail.hand_in", full, full)
    window(scene, "sanne", "trail.hand_in", full, full)
    assert one(scene, full).text("standing") == "handed_in"
    ((to, said),) = owed(scene, "trail.handed_in")
    assert to == "ineke" and "Haaglanden diende een aanmelding in" in said
    (row,) = scene.house.owed("trail.handed_in")
    assert row.not_before == wall(2012, 2, 1, 8, 30), "not at night"
    assert "al ingediend" in window(scene, "noor", "trail.sign", f"against {gemeente}", full)


def test_the_standing_of_an_application_or_a_signature_cannot_be_typed_in_a_form(scene: Trail) -> None:
    draft = application(scene)
    other = party(scene, draft, "Bestuur", "samir")
    typed = {"title": "Samen naar school", **WRITTEN, "standing": "accepted", "contact": "Ik"}
    scene.fill("noor", "trail.entry", typed, entry=draft, version="1")
    scene.fill("noor", "trail.entry", {"title": "Bestuur", "person": "samir", "standing": "agreed"}, entry=other,
               version="1")  # fmt: skip
    assert one(scene, draft).text("standing") == "draft" and one(scene, draft).text("contact") == ""
    assert one(scene, other).text("standing") == "asked"


def test_a_party_in_slack_is_asked_once_signs_itself_and_nobody_signs_for_it(scene: Trail) -> None:
    draft = application(scene, indicator="Minder thuiszitters.")
    mine = party(scene, draft, "Bestuur", "samir")
    for _ in range(2):
        window(scene, "noor", "trail.ask_parties", draft, draft)
    ((to, said),) = owed(scene, "trail.sign")
    assert to == "samir" and "Is Bestuur akkoord?" in said and "Wie haalt wie op?" in said
    for user in ("noor", "sanne", "ineke", "youssef"):
        scene.press(user, "trail.sign", f"agreed {mine}")
    assert one(scene, mine).text("standing") == "asked"
    scene.house.arrive("trail.sign")
    assert "Bestuur is akkoord." in scene.press("samir", "trail.sign", f"agreed {mine}")
    assert one(scene, mine).text("standing") == "agreed" and one(scene, mine).text("on") == "2012-01-10"
    typed = {"title": "Samen naar school", **WRITTEN, "result": "Iets anders.", "indicator": "Minder thuiszitters."}
    scene.fill("noor", "trail.entry", typed, entry=draft, version="1")
    assert one(scene, mine).text("standing") == "asked", "who agreed to other words did not agree to these"


def test_an_application_that_closes_reminds_three_times_and_is_silent_once_it_is_complete(scene: Trail) -> None:
    draft = application(scene)
    for day in (17, 24, 30):
        tick(scene, wall(2012, 1, day, 9, 29))
        tick(scene, wall(2012, 1, day, 9, 30))
        tick(scene, wall(2012, 1, day, 9, 30))
        scene.house.arrive("trail.closing")
    told = owed(scene, "trail.closing")
    assert [to for to, _ in told] == ["sanne"] * 3, "the thirtieth is the Monday after two days before"
    assert "sluit op 31 januari 2012" in told[0][1] and "partijen die meedoen en indicator" in told[0][1]
    gemeente = party(scene, draft, "Gemeente")
    window(scene, "noor", "trail.sign", f"agreed {gemeente}", draft)
    typed = {"title": "Samen naar school", **WRITTEN, "indicator": "Minder thuiszitters."}
    scene.fill("noor", "trail.entry", typed, entry=draft, version="1")
    window(scene, "noor", "trail.sign", f"agreed {gemeente}", draft)
    assert [said for _, said in owed(scene, "trail.closing")] == ["", "", ""]


def test_after_a_time_of_standing_still_only_the_newest_countdown_is_given(scene: Trail) -> None:
    application(scene)
    tick(scene, wall(2012, 1, 26, 14))
    assert len(scene.house.owed("trail.closing")) == 1
    tick(scene, wall(2012, 1, 27, 14))
    assert len(scene.house.owed("trail.closing")) == 1


@pytest.mark.practice("003:57-59")
def test_the_coordinator_decides_with_a_day_and_a_contact_and_the_region_hears_it(scene: Trail) -> None:
    full = application(scene, standing="handed_in", indicator="Minder thuiszitters.")
    typed = {"outcome": "accepted", "contact": "Ineke van het programma", "decided_on": "2012-03-20"}
    scene.fill("sanne", "trail.decide", typed, entry=full)
    assert one(scene, full).text("standing") == "handed_in", "a region does not decide on its own application"
    assert "Schrijf een dag" in scene.fill("ineke", "trail.decide", {**typed, "decided_on": "2012"}, entry=full)
    assert "Wie is de contactpersoon?" in scene.press("ineke", "trail.decide", full)
    scene.fill("ineke", "trail.decide", typed, entry=full)
    ((to, said),) = owed(scene, "trail.decided")
    assert to == f"C{HERE}" and "Toegelaten op 20 maart 2012. Contactpersoon: Ineke van het programma." in said
    assert "Toegelaten op 20 maart 2012" in scene.press("noor", "trail.entry", full)


@pytest.mark.practice("000:66-70")
def test_a_register_says_who_signed_what_and_when(scene: Trail) -> None:
    for who, on in (("Bestuur Zuid", "2006-11-02"), ("Gemeente", "2006-10"), ("Bestuur Noord", "2006-12-01")):
        made(scene, Kind.DECLARATION, title=who, what="Intentie om samen te werken", on=on)
    said = scene.press("noor", "trail.part", f"{HERE} joining")
    assert "*Intentie om samen te werken* · 3 keer getekend" in said
    register = said[said.index("keer getekend") :]
    assert register.index("Gemeente") < register.index("Bestuur Zuid") < register.index("Bestuur Noord")
    assert "2 november 2006" in register


@pytest.mark.practice("003:42-44", "003:91-93, 004:61-63, 004:73-75")
def test_a_plan_keeps_goals_owners_time_and_money_and_its_parts_remind(scene: Trail) -> None:
    typed = {"title": "Regioplan", "goals": "Ieder kind een plek.", "owners": "Gemeente en besturen",
             "timeline": "Voor 1 april.", "money": "Uit vaste middelen."}  # fmt: skip
    scene.fill("noor", "trail.new", typed, region=HERE, kind="plan", part="joining")
    (plan,) = scene.house.read(lambda db: trail.entries(db, TEAM, kinds=[Kind.PLAN]))
    said = scene.press("noor", "trail.entry", plan.id)
    assert all(text in said for text in typed.values())
    made(scene, Kind.MILESTONE, plan.id, person="noor", title="Vaststellen", due="2012-04-01", standing="to_do")
    tick(scene, wall(2012, 3, 26, 9, 30))
    assert [to for to, _ in owed(scene, "trail.milestone")] == ["noor"]


@pytest.mark.practice("003:61-63", "003:77-79")
def test_the_programmes_period_conferences_and_visits_stand_on_its_page_and_near_ones_on_a_regions(
    scene: Trail,
) -> None:
    made(scene, Kind.MILEPOST, region=None, title="Looptijd", on="2012", until="2013", sort="period")
    made(scene, Kind.MILEPOST, region=None, title="Startconferentie", on="2012-02-20", sort="conference")
    made(scene, Kind.MILEPOST, region=None, title="Werkbezoek", on="2013-02", sort="visit")
    everything = scene.press("noor", "trail.part", "programme programme")
    assert all(title in everything for title in ("Looptijd", "Startconferentie", "Werkbezoek"))
    page = scene.press("noor", "trail.page", HERE)
    assert "Datums van het programma" in page and "*20 februari 2012* Startconferentie · conferentie" in page
    assert "*2012 - 2013* Looptijd" in page and "Werkbezoek" not in page


@pytest.mark.practice("001:46")
def test_money_that_ends_is_told_to_the_coordinator_and_to_the_regions_that_use_it(scene: Trail) -> None:
    money = made(scene, Kind.RESOURCE, region=None, title="Tijdelijke regeling", until="2012-04", note="Twee jaar.")
    for _ in range(2):
        window(scene, "samir", "trail.use_resource", money, money)
    assert "1 regio gebruikt dit: Waterweg." in scene.press("noor", "trail.entry", money)
    tick(scene, wall(2012, 3, 5, 9, 29))
    assert scene.house.owed("trail.ending") == []
    for _ in range(2):
        tick(scene, wall(2012, 3, 5, 9, 30))
    told = owed(scene, "trail.ending")
    assert [to for to, _ in told] == ["ineke", "youssef"]
    assert "*Tijdelijke regeling* loopt af op april 2012." in told[0][1]


def test_who_reads_an_application_of_another_region_is_refused(scene: Trail) -> None:
    draft = application(scene)
    for action in ("trail.entry", "trail.ask_parties", "trail.hand_in", "trail.decide"):
        assert "Samen naar school" not in scene.press("samir", action, draft)
    found: Entry = one(scene, draft)
    assert found.version == 1
