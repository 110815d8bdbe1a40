"""Proposals: what looks alike, what a merge keeps, and what becomes of them when a session gets its topics."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.problem import Refused
from bot.programme import Member, Role
from bot.proposals import (
    ALIKE,
    Bundle,
    Kind,
    Known,
    Named,
    Proposal,
    Status,
    accept,
    accepted,
    back,
    become_topics,
    bundles,
    check,
    check_names,
    concerns,
    in_order,
    keep_for_later,
    likeness,
    look_alikes,
    matched,
    merge,
    move,
    must_be,
    name_it,
    of_scope,
    open_for,
    own_equal,
    reopen,
    short_of,
    shown_first,
    take_apart,
    take_back,
    title_of,
    withdraw,
)
from bot.worksessions import State, WorkSession

NOW = datetime(2021, 9, 1, 10, tzinfo=UTC)

SAME = [
    ("OZA", "Onderwijszorgarrangementen"), ("oza", "Onderwijs-zorgarrangementen"),
    ("ouder-betrokkenheid", "Betrokkenheid van ouders"), ("Ouderbetrokkenheid", "Ouder betrokkenheid"),
    ("ouder betrokenheid", "Ouderbetrokkenheid"), ("NPO", "Nationaal Programma Onderwijs"),
    ("onderwijs zorg arangementen", "Onderwijszorgarrangementen (OZA)"), ("SWV", "Samenwerkingsverband"),
    ("npo", "Samenwerking Nationaal Programma Onderwijs (NPO)"), ("Vervoer van leerlingen", "Leerlingenvervoer"),
    ("vervoer leerlingen", "leerlingvervoer"), ("Verzuim op school", "Schoolverzuim"),
    ("Verduurzaming van de samenwerking", "Verduurzaming samenwerking"), ("Kansengelijkheid", "Gelijke kansen"),
    ("Samenwerking verduurzamen", "Verduurzamen van de samenwerking"), ("THUISZITTERS", "thuiszitter"),
    ("Regiovisie jeugdhulp", "Jeugdhulp: regiovisie"), ("financiële ruimte", "Financiele ruimte"),
    ("Overgang PO naar VO", "overgang po-vo"), ("Passend onderwijs", "passend onderwijz"),
    ("Werkdruk leraren", "Werkdruk van leraren"), ("Hulp voor jeugd", "Jeugdhulp"),
    ("Parental involvement", "Involvement of parents"), ("inclusief onderwijs", "Inclusiever onderwijs"),
    ("Jeugdzorg in de regio", "regionale jeugdzorg"), ("Aanpak pesten", "Onze aanpak van pesten"),
]  # fmt: skip
"""Pairs that mean the same, by our own judgement, made before the threshold was set."""

OTHER = [
    ("Jeugdhulp", "Jeugdzorg"), ("Ouderbetrokkenheid", "Ouderavonden"), ("Schoolverzuim", "Thuiszitters"),
    ("Verduurzaming", "Duurzaam bouwen"), ("Passend onderwijs", "Passende kinderopvang"),
    ("ONA", "Onderwijszorgarrangementen"), ("ORA", "Onderwijszorgarrangementen"), ("OZA", "Zorg in onderwijs"),
    ("NPO", "Nieuwe visie op onderwijs en ouders"), ("Leerlingenvervoer", "Leerlingenraad"),
    ("Werkdruk leraren", "Werkplekleren"), ("Taal", "Talent"), ("Jeugd", "Jeugdhulp"), ("Pesten", "Testen"),
    ("Onderwijs", "Samenwerking Nationaal Programma Onderwijs"), ("Gezonde school", "Veilige school"),
    ("Positieve gevolgen van corona", "Gevolgen van thuiszitten"), ("Kansengelijkheid", "Kinderopvang"),
    ("Samenwerking met gemeenten", "Samenwerking met ouders"), ("Overgang PO naar VO", "Overgang VO naar MBO"),
    ("Schoolmaatschappelijk werk", "Maatschappelijke stage"), ("Regiovisie", "Regionale samenwerking"),
]  # fmt: skip
"""Pairs that mean something else, although some letters are the same."""

KNOWN_MISTAKES = [("Thuiszitters", "Thuiszittende leerlingen", False), ("Ouders", "Ouderen", True)]
"""What letters alone cannot tell: one pair that is missed, one that is shown although it is something else."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_name_that_means_the_same_is_found_in_both_directions(one: str, other: str) -> None:
    assert likeness([one], [other]) == likeness([other], [one]) >= ALIKE


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_a_name_that_means_something_else_is_not_shown(one: str, other: str) -> None:
    assert likeness([one], [other]) == likeness([other], [one]) < ALIKE


def test_the_threshold_lies_in_the_gap_between_the_labelled_pairs() -> None:
    lowest = min(likeness([a], [b]) for a, b in SAME)
    highest = max(likeness([a], [b]) for a, b in OTHER)
    assert highest < ALIKE - 4 and lowest > ALIKE + 4, (highest, lowest)


@pytest.mark.parametrize(("one", "other", "shown"), KNOWN_MISTAKES)
def test_two_mistakes_are_known(one: str, other: str, shown: bool) -> None:
    assert (likeness([one], [other]) >= ALIKE) is shown


def test_a_theme_is_found_by_each_of_its_aliases_and_of_one_name_the_proposal_counts() -> None:
    theme = Known(Kind.THEME, "th_1", "Samen naar school", ("SNS", "Inclusiever onderwijs"))
    proposal = Known(Kind.PROPOSAL, "pr_1", "Samen naar School")
    assert [each.known.id for each in look_alikes("inclusief onderwijs", [theme])] == ["th_1"]
    assert [each.known.id for each in look_alikes("sns", [theme])] == ["th_1"]
    assert [each.known.id for each in look_alikes("samen-naar-school", [theme, proposal])] == ["pr_1"]
    many = [Known(Kind.THEME, f"th_{n}", f"Ouderbetrokkenheid {n}") for n in range(9)]
    assert len(look_alikes("Ouderbetrokkenheid", many)) == 5


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_name_is_too_strange_to_compare(one: str, other: str) -> None:
    assert 0 <= likeness([one], [other]) <= 100


def proposal(name: str, number: int, **more: object) -> Proposal:
    found = Proposal(f"pr_{number}", "T1", name, name, "", f"u{number}", NOW + timedelta(minutes=number), "ws_1")
    return replace(found, **more)  # type: ignore[arg-type]  # fields of a proposal


def member(user: str, *roles: Role, region: str | None = None) -> Member:
    return Member("T1", user, user, frozenset(roles or (Role.PARTICIPANT,)), region)


def session(**more: object) -> WorkSession:
    found = WorkSession(
        "ws_1", "T1", "Werksessie", "C1", NOW + timedelta(days=15), NOW + timedelta(days=15, hours=3), None,
        "Europe/Amsterdam", State.PLANNED, "ineke",
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]  # fields of a session


class Memory:
    """Proposals that change the way storage changes them."""

    def __init__(self, *found: Proposal, **backing: list[str]) -> None:
        self.rows = {each.id: each for each in found}
        self.backing = {each.id: [each.proposer] for each in found} | backing

    def bundles(self) -> list[Bundle]:
        return bundles(self.rows.values(), self.backing)

    def __getitem__(self, proposal_id: str) -> Bundle:
        return next(each for each in self.bundles() if proposal_id in {one.id for one in each.members})

    def keep(self, changed: list[Proposal]) -> None:
        for each in changed:
            self.rows[each.id] = each


def test_a_merge_keeps_every_original_with_its_proposer_and_counts_nobody_twice() -> None:
    memory = Memory(
        proposal("OZA", 1), proposal("Onderwijszorg", 2), proposal("Arrangementen", 3), pr_2=["u2", "u1", "u9"]
    )
    memory.keep(merge(memory["pr_2"], memory["pr_1"]))
    memory.keep(merge(memory["pr_3"], memory["pr_1"]))
    (bundle,) = memory.bundles()
    assert (bundle.name, bundle.also) == ("OZA", ("Onderwijszorg", "Arrangementen"))
    assert bundle.proposers == ("u1", "u2", "u3")
    assert sorted(bundle.backers) == ["u1", "u2", "u3", "u9"]


def test_a_merge_is_undone_whole_also_when_it_was_merged_on() -> None:
    memory = Memory(proposal("A", 1), proposal("B", 2), proposal("C", 3))
    memory.keep(merge(memory["pr_3"], memory["pr_2"]))
    memory.keep(accept(memory["pr_2"], memory.bundles(), "ws_1"))
    before = [(each.name, each.also, each.backers, each.status) for each in memory.bundles()]
    memory.keep(merge(memory["pr_2"], memory["pr_1"]))
    (together,) = memory.bundles()
    assert together.status is Status.ACCEPTED, "a decision is not lost in a merge"
    memory.keep(take_apart(together, "pr_2"))
    assert [(each.name, each.also, each.backers, each.status) for each in memory.bundles()] == before
    with pytest.raises(Refused, match="apart_already"):
        take_apart(memory["pr_1"], "pr_2")


def test_a_proposal_is_not_merged_with_itself_nor_in_a_circle() -> None:
    memory = Memory(proposal("A", 1), proposal("B", 2))
    with pytest.raises(Refused, match="merge_itself"):
        merge(memory["pr_1"], memory["pr_1"])
    memory.keep(merge(memory["pr_1"], memory["pr_2"]))
    with pytest.raises(Refused, match="merge_itself"):
        merge(memory["pr_2"], memory["pr_1"])


def test_a_renamed_proposal_keeps_the_name_that_was_typed() -> None:
    memory = Memory(proposal("Ouders", 1))
    memory.keep(name_it(memory["pr_1"], Named("Ouderbetrokkenheid", "Ouders", None)))
    assert (memory["pr_1"].name, memory["pr_1"].head.original) == ("Ouderbetrokkenheid", "Ouders")
    assert memory["pr_1"].also == ("Ouders",)
    assert name_it(memory["pr_1"], Named("Ouderbetrokkenheid", "Ouders", None)) == []


def test_the_second_of_two_coordinators_is_told() -> None:
    memory = Memory(proposal("A", 1))
    seen = memory["pr_1"].head.version
    memory.keep(accept(memory["pr_1"], memory.bundles(), "ws_1"))
    with pytest.raises(Refused, match="changed_meanwhile"):
        must_be(memory["pr_1"], seen)
    assert accept(memory["pr_1"], memory.bundles(), "ws_1") == [], "accepting twice changes nothing"


def test_accepted_proposals_keep_the_order_that_the_coordinator_gives_them() -> None:
    memory = Memory(*(proposal(name, n) for n, name in enumerate("ABCD")))
    for number in range(4):
        memory.keep(accept(memory[f"pr_{number}"], memory.bundles(), "ws_1"))
    memory.keep(move(memory["pr_3"], memory.bundles(), 1))
    memory.keep(move(memory["pr_0"], memory.bundles(), 99))
    assert [each.name for each in accepted(memory.bundles())] == ["D", "B", "C", "A"]
    memory.keep(keep_for_later(memory["pr_1"], "ws_1"))
    assert [each.name for each in in_order(memory.bundles())] == ["D", "C", "A", "B"]
    with pytest.raises(Refused, match="not_accepted"):
        move(memory["pr_1"], memory.bundles(), 1)
    memory.keep(reopen(memory["pr_1"]))
    assert memory["pr_1"].status is Status.OPEN


@pytest.mark.parametrize(
    ("name", "short", "place", "problem"),
    [
        ("", "", "", ("name", "proposals.problem.no_name")),
        ("!!!", "", "", ("name", "proposals.problem.no_name")),
        ("x" * 121, "", "", ("name", "worksessions.problem.too_long")),
        ("b", "", "", ("name", "proposals.problem.name_taken")),
        ("Goed", "x" * 21, "", ("short", "worksessions.problem.short_name_long")),
        ("Goed", "", "0", ("place", "proposals.problem.place")),
        ("Goed", "", "drie", ("place", "proposals.problem.place")),
        ("Goed", "", "99999999", ("place", "proposals.problem.place")),
    ],
)
def test_what_is_wrong_with_a_name_or_a_place_is_said_at_its_field(
    name: str, short: str, place: str, problem: tuple[str, str]
) -> None:
    memory = Memory(proposal("A", 1), proposal("B", 2))
    for number in (1, 2):
        memory.keep(accept(memory[f"pr_{number}"], memory.bundles(), "ws_1"))
    named, problems = check_names(memory["pr_1"], memory.bundles(), name=name, short=short, place=place)
    assert named is None
    assert [(each.field, each.key) for each in problems] == [problem]


def test_a_short_name_is_proposed_until_the_coordinator_gives_one() -> None:
    memory = Memory(proposal("Onderwijszorgarrangementen in de regio (OZA)", 1))
    assert short_of(memory["pr_1"]) == "OZA"
    memory.keep(name_it(memory["pr_1"], Named("Onderwijszorg", "Zorg", None)))
    assert short_of(memory["pr_1"]) == "Zorg"


@pytest.mark.parametrize(
    ("name", "why", "field"),
    [("", "", "name"), (" \n ", "", "name"), ("x" * 3000, "", "name"), ("Goed", "y" * 301, "why")],
)
def test_what_is_wrong_with_a_proposal_is_said_at_its_field(name: str, why: str, field: str) -> None:
    typed, problems = check(name, why)
    assert typed is None and [each.field for each in problems] == [field]


def test_a_message_becomes_a_name_that_calls_nobody() -> None:
    text = "<@U1> <!channel> Hoe *betrekken* we <https://school.nl|ouders> &amp; leraren\nbij <#C1|werk>?"
    assert title_of(text) == "Hoe betrekken we ouders & leraren bij werk?"
    long = title_of("woord " * 100)
    assert len(long) <= 120 and long.endswith("woord…")
    assert title_of("x" * 500) == "x" * 119 + "…"
    assert title_of("") == ""


def test_who_is_not_invited_cannot_back_and_nobody_can_after_the_start() -> None:
    bundle = Memory(proposal("A", 1))["pr_1"]
    north = session(regions=("rg_north",))
    assert back(bundle, north, member("noor", region="rg_north"), NOW)
    with pytest.raises(Refused, match="not_for_you"):
        back(bundle, north, member("samir", region="rg_south"), NOW)
    assert concerns(north, member("ineke", Role.COORDINATOR, region="rg_south"))
    assert concerns(north, member("new")), "who did not say yet where they belong is not kept out"
    for late in (session(state=State.CHOOSING), session(starts_at=NOW)):
        with pytest.raises(Refused, match=r"proposals\.closed"):
            take_back(bundle, late, member("noor"), NOW)
    assert open_for([north, session(id="ws_2"), session(channel="D1")], member("x", region="rg_south"), NOW) == [
        session(id="ws_2")
    ]


def test_a_withdrawn_proposal_leaves_no_word_and_what_was_merged_into_it_goes_on() -> None:
    memory = Memory(proposal("A", 1, why="omdat"), proposal("B", 2), proposal("C", 3))
    for number in (2, 3):
        memory.keep(merge(memory[f"pr_{number}"], memory["pr_1"]))
    memory.keep(withdraw(memory["pr_1"], memory.rows["pr_1"]))
    gone = memory.rows["pr_1"]
    assert (gone.name, gone.original, gone.why, gone.status) == ("", "", "", Status.WITHDRAWN)
    (left,) = memory.bundles()
    assert (left.name, left.also) == ("B", ("C",))
    memory.keep(withdraw(memory["pr_3"], memory.rows["pr_3"]))
    assert memory["pr_2"].also == ()


def test_what_was_merged_into_a_merged_proposal_stays_inside_when_that_one_is_withdrawn() -> None:
    memory = Memory(proposal("A", 1), proposal("B", 2), proposal("C", 3))
    memory.keep(merge(memory["pr_3"], memory["pr_2"]))
    memory.keep(merge(memory["pr_2"], memory["pr_1"]))
    memory.keep(withdraw(memory["pr_1"], memory.rows["pr_2"]))
    (left,) = memory.bundles()
    assert (left.name, left.also) == ("A", ("C",))


def test_an_accepted_proposal_cannot_be_withdrawn() -> None:
    memory = Memory(proposal("A", 1))
    memory.keep(accept(memory["pr_1"], memory.bundles(), "ws_1"))
    with pytest.raises(Refused, match="accepted_already"):
        withdraw(memory["pr_1"], memory.rows["pr_1"])


def test_lines_of_the_form_are_found_back_by_name_by_likeness_and_by_place() -> None:
    offered = [("pr_1", "Ouderbetrokkenheid"), ("pr_2", "OZA"), ("pr_3", "Vervoer")]
    assert matched(offered, ["oza", "Betrokkenheid van ouders", "Iets heel anders"]) == {
        "oza": "pr_2", "Betrokkenheid van ouders": "pr_1", "Iets heel anders": "pr_3",
    }  # fmt: skip
    assert matched(offered, ["Iets heel anders", "OZA"]) == {"OZA": "pr_2"}
    assert matched([], ["OZA"]) == {}


def test_what_became_no_topic_waits_for_the_next_session_with_its_backers() -> None:
    memory = Memory(proposal("A", 1), proposal("B", 2), proposal("C", 3), proposal("D", 4, work_session=None))
    memory.keep(merge(memory["pr_2"], memory["pr_1"]))
    memory.keep(accept(memory["pr_1"], memory.bundles(), "ws_1"))
    memory.keep(keep_for_later(memory["pr_3"], "ws_1"))
    memory.keep(become_topics(of_scope(memory.bundles(), "ws_1"), {"pr_1": "tp_1"}, "ws_1"))
    assert [memory.rows[f"pr_{n}"].topic for n in (1, 2, 3, 4)] == ["tp_1", "tp_1", None, None]
    assert [memory.rows[f"pr_{n}"].status for n in (1, 2, 3)] == [Status.CHOSEN, Status.CHOSEN, Status.OPEN]
    assert memory["pr_3"].head.work_session is None and memory["pr_3"].backers == ("u3",)
    assert memory.rows["pr_4"] == proposal("D", 4, work_session=None)
    for decide in (lambda b: accept(b, [], None), lambda b: keep_for_later(b, None), reopen):
        with pytest.raises(Refused, match="chosen_already"):
            decide(memory["pr_1"])


def test_a_message_shows_the_most_backed_in_the_order_in_which_they_came() -> None:
    memory = Memory(*(proposal(f"P{n}", n) for n in range(6)))
    memory.backing |= {"pr_4": ["a", "b", "c"], "pr_1": ["a", "b"]}
    shown, hidden = shown_first(memory.bundles(), 2)
    assert ([each.id for each in shown], hidden) == (["pr_1", "pr_4"], 4)


def test_nobody_proposes_the_same_twice() -> None:
    memory = Memory(proposal("Ouderbetrokkenheid", 1))
    assert own_equal(memory.bundles(), "u1", "OUDER-betrokkenheid") is not None
    assert own_equal(memory.bundles(), "u2", "Ouderbetrokkenheid") is None


@given(st.lists(st.tuples(st.sampled_from("amlrwtuxc"), st.integers(0, 5), st.integers(0, 5)), max_size=40))
@settings(max_examples=150, deadline=None)
def test_whatever_is_decided_in_whatever_order_nothing_is_lost_and_nobody_counts_twice(
    deeds: list[tuple[str, int, int]],
) -> None:
    memory = Memory(*(proposal(f"Thema {n}", n) for n in range(6)))
    withdrawn: set[str] = set()
    for deed, one, other in deeds:
        a, b = f"pr_{one}", f"pr_{other}"
        if a in withdrawn or b in withdrawn:
            continue
        try:
            first, second, found = memory[a], memory[b], memory.bundles()
            if deed == "w":
                memory.keep(withdraw(first, memory.rows[a]))
                withdrawn.add(a)
            else:
                memory.keep(_decided(deed, first, second, found, a, other))
        except Refused:
            continue
    left = memory.bundles()
    inside = [each.id for bundle in left for each in bundle.members]
    assert sorted(inside) == sorted(set(memory.rows) - withdrawn), "every proposal is in exactly one place"
    assert all(memory.rows[each].name == "" for each in withdrawn)
    assert all(memory.rows[each].original for each in inside)
    for bundle in left:
        assert len(set(bundle.backers)) == len(bundle.backers)
        assert bundle.head.merged_into is None
        assert set(bundle.backers) >= {each.proposer for each in bundle.members}


def _decided(deed: str, first: Bundle, second: Bundle, found: list[Bundle], own: str, number: int) -> list[Proposal]:
    if deed == "a":
        return accept(first, found, "ws_1")
    if deed == "m":
        return merge(first, second)
    if deed == "l":
        return keep_for_later(first, "ws_1")
    if deed == "r":
        return reopen(first)
    if deed == "t":
        return take_apart(first, own)
    if deed == "u":
        return move(first, found, number)
    if deed == "x":
        return name_it(first, Named(f"Anders {number}", "", None))
    return become_topics(found, {first.id: "tp_1"}, "ws_1") if first.status is Status.ACCEPTED else []


def test_every_status_has_a_place_in_the_list_or_none() -> None:
    for status, accepted_inside in product(Status, (True, False)):
        inner = proposal("B", 2, merged_into="pr_1", status=Status.ACCEPTED if accepted_inside else Status.OPEN)
        bundle = Bundle(proposal("A", 1, status=status), (inner,), ("u1",))
        assert (bundle in in_order([bundle])) == (bundle.status in (Status.OPEN, Status.ACCEPTED, Status.LATER))
