"""Good examples: the second yes, what is found, and what is news to a region."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.programme import Member, Role
from bot.trail import Change, Entry, Kind, Origin, State, Value, examples
from bot.trail.tying import Point

NOW = datetime(2021, 6, 17, 9, tzinfo=UTC)


def example(entry_id: str, title: str, *users: str, region: str = "rg_2", **more: object) -> Entry:
    values = {"title": Value(title), "what": Value("Elke week een uur open.")}
    below = tuple(Entry(f"{entry_id}_{n}", "T1", user, Kind.ADOPTION, {}, State.SHARED) for n, user in enumerate(users))
    made = Entry("", "T1", region, Kind.EXAMPLE, values, State.SHARED, made_at=NOW, children=below)
    return replace(made, id=entry_id, **more)  # type: ignore[arg-type]  # whatever field a test is about


def person(user: str, *roles: Role, region: str | None = "rg_2") -> Member:
    return Member("T1", user, user.title(), frozenset(roles or (Role.PARTICIPANT,)), region=region)


def test_the_second_yes_is_of_another_person_of_the_region_or_of_its_facilitator_alone() -> None:
    mine = example("te_1", "Koffie", state=State.KEPT, made_by="samir")
    assert not examples.second_yes(person("samir"), mine, [])
    assert examples.second_yes(person("youssef"), mine, [])
    assert examples.second_yes(person("samir", Role.FACILITATOR), mine, [])
    assert not examples.second_yes(person("noor", region="rg_1"), mine, [])
    found = replace(mine, made_by="")
    kept = Change("te_1", "state", "proposed", "kept", "youssef", NOW)
    assert not examples.second_yes(person("youssef"), found, [kept])
    assert examples.second_yes(person("samir"), found, [kept])
    assert not examples.second_yes(person("youssef"), replace(mine, state=State.SHARED), [])


def test_examples_stand_by_use_and_then_the_newest_first() -> None:
    old, new = example("te_1", "Oud", made_at=NOW - timedelta(days=9)), example("te_2", "Nieuw")
    used = example("te_3", "Gebruikt", "rg_1", "rg_1", "rg_3", made_at=NOW - timedelta(days=99))
    assert len(examples.users(used)) == 2, "a region counts once"
    assert [each.id for each in examples.ranked([old, new, used])] == ["te_3", "te_2", "te_1"]


def test_an_example_is_found_by_its_words_and_by_its_theme() -> None:
    coffee, bus = example("te_1", "Koffie met ouders"), example("te_2", "Samen in het leerlingenvervoer")
    assert [each.id for each in examples.find([coffee, bus], "vervoer")] == ["te_2"]
    assert [each.id for each in examples.find([coffee, bus], "")] == ["te_1", "te_2"]
    assert examples.find([coffee, bus], "huisvesting van scholen") == []
    noted = replace(bus, origin=Origin(impression="im_1"))
    assert [each.id for each in examples.about([coffee, noted], ["Ouders"], ["im_1"])] == ["te_1", "te_2"]


def test_a_contact_is_named_only_once_that_person_said_yes() -> None:
    shown = replace(example("te_1", "Koffie"), values={"title": Value("Koffie"), "contact": Value("Samir  Test")})
    held = Entry("te_c", "T1", "rg_2", Kind.CONTACT, {"title": Value("samir test")})
    assert examples.contact(shown, [held]) == ""
    assert examples.contact(shown, [replace(held, confirmed=True)]) == "samir test"
    assert examples.contact(shown, [replace(held, confirmed=True, region="rg_1")]) == ""


def test_news_is_what_others_shared_lately_about_a_point_of_the_region() -> None:
    points = [Point("te_p", "rg_1", "Hoe betrekken wij ouders bij het begin van het schooljaar?")]
    found = example("te_1", "Ouders drinken koffie bij het begin van het schooljaar")
    told = examples.news("rg_1", points, [found], {"te_1": NOW}, NOW)
    assert told is not None and told.example.id == "te_1" and told.point.id == "te_p" and len(told.shared) > 1
    long_ago = {"te_1": NOW - timedelta(days=40)}
    for none in (
        examples.news("rg_1", points, [found], long_ago, NOW),
        examples.news("rg_2", [replace(points[0], region="rg_2")], [found], {"te_1": NOW}, NOW),
        examples.news("rg_1", points, [example("te_1", found.title, "rg_1")], {"te_1": NOW}, NOW),
        examples.news("rg_1", points, [replace(found, state=State.KEPT)], {"te_1": NOW}, NOW),
    ):
        assert none is None
