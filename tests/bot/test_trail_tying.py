"""What the engine ties to a point of an agenda, what it leaves alone, and what is spoken about at all."""

from datetime import UTC, date, datetime

from bot.trail import Entry, Kind, State, Value
from bot.trail.coverage import cover, silent
from bot.trail.tying import (
    MOST_PROPOSED,
    Point,
    Said,
    Thing,
    Tie,
    Tieable,
    TieState,
    points_of,
    propose,
    refused,
    sentences_of,
)
from tests.bot.tying_labelled import labelled, noise

NOW = datetime(2021, 6, 21, 6, tzinfo=UTC)


def things() -> tuple[list[Point], list[Tieable], set[tuple[str, str]]]:
    points, found, right = [], [], set()
    for number, one in enumerate(labelled()):
        points.append(Point(f"p{number}", "rg", one.point))
        for place, (good, text) in enumerate(one.sentences):
            found.append(Tieable(Thing.IMPRESSION, f"i{number}.{place}", (Said(text),)))
            right |= {(f"p{number}", f"i{number}.{place}")} if good else set()
    found += [Tieable(Thing.IMPRESSION, f"n{number}", (Said(text),)) for number, text in enumerate(noise())]
    return points, found, right


def test_nine_in_ten_of_what_is_proposed_is_right_and_most_of_what_is_about_a_point_is_found() -> None:
    points, found, right = things()
    proposed = {(tie.point, tie.thing_id) for tie in propose("T", points, found)}
    assert len(proposed & right) / len(proposed) >= 0.9
    assert len(proposed & right) / len(right) >= 0.85


def test_what_is_about_no_point_at_all_fits_nowhere() -> None:
    points, found, _ = things()
    assert [tie for tie in propose("T", points, found) if tie.thing_id.startswith("n")] == []


def test_a_proposal_says_which_words_are_shared_as_they_were_written_and_where_the_sentence_stands() -> None:
    note = "De koffie was koud. Het vervoer naar de dagbehandeling rijdt samen met de schoolbus."
    thing = Tieable(Thing.IMPRESSION, "im", sentences_of(note, "takeaway"), "im", 2)
    (tie,) = propose("T", [Point("p", "rg", "Leerlingenvervoer naar de dagbehandeling")], [thing])
    assert set(tie.shared) == {"vervoer", "dagbehandeling"}
    assert note[tie.start : tie.end] == "Het vervoer naar de dagbehandeling rijdt samen met de schoolbus."
    assert (tie.impression, tie.version, tie.field, tie.state) == ("im", 2, "takeaway", TieState.PROPOSED)


def test_what_somebody_refused_is_not_proposed_again_and_keeps_no_words() -> None:
    points, found, _ = things()
    first = propose("T", points, found)[0]
    no = refused(first, "noor", NOW)
    assert no.state is TieState.REFUSED and not no.shared and not no.end
    assert first.key not in {tie.key for tie in propose("T", points, found, {no.key})}


def test_only_what_stands_on_the_agenda_of_a_region_is_a_point() -> None:
    def entry(name: str, kind: Kind, state: State = State.KEPT, region: str | None = "rg", parent: str = "") -> Entry:
        return Entry(name, "T", region, kind, {"title": Value(name)}, state, parent or None)

    found = points_of(
        [
            entry("Eén loket", Kind.ASSIGNMENT),
            entry("Wie betaalt?", Kind.POINT, parent="Eén loket"),
            entry("Nog niet", Kind.POINT, State.PROPOSED),
            entry("Van allen", Kind.POINT, region=None),
            entry("Verkennen", Kind.PHASE),
        ]
    )
    assert [(point.id, point.about) for point in found] == [("Eén loket", ""), ("Wie betaalt?", "Eén loket")]


def test_coverage_counts_what_people_said_belongs_there_and_names_the_points_of_which_nobody_speaks() -> None:
    points = [Point("a", "rg", "A"), Point("b", "rg", "B"), Point("c", "rg", "C")]

    def tie(point: str, thing: Thing, name: str, state: TieState = TieState.KEPT, note: str = "") -> Tie:
        return Tie("T", point, thing, name, state, impression=note)

    ties = [
        tie("a", Thing.IMPRESSION, "i1", note="i1"),
        tie("a", Thing.IMPRESSION, "i2", note="i2"),
        tie("a", Thing.PROMISE, "pr1", note="i2"),
        tie("a", Thing.EXAMPLE, "te1"),
        tie("b", Thing.IMPRESSION, "i1", TieState.PROPOSED, "i1"),
    ]
    sessions = {"i1": ("ws1", date(2021, 3, 1)), "i2": ("ws2", date(2021, 6, 17))}
    one, two, three = cover(points, ties, sessions)
    assert (one.impressions, one.promises, one.examples, one.sessions) == (2, 1, 1, 2)
    assert one.last == date(2021, 6, 17)
    assert two.silent and two.proposed == 1
    assert [each.point.id for each in silent([one, two, three])] == ["c", "b"]


def test_people_are_asked_about_a_few_things_at_once_for_each_point_the_likeliest() -> None:
    said = "Het vervoer naar de dagbehandeling rijdt samen met de schoolbus"
    notes = [Tieable(Thing.IMPRESSION, f"i{n:02}", (Said(said + " en zo meer" * n),)) for n in range(20)]
    found = propose("T", [Point("p", "rg", "Leerlingenvervoer naar de dagbehandeling")], notes)
    assert [tie.thing_id for tie in found] == [f"i{n:02}" for n in range(MOST_PROPOSED)]
