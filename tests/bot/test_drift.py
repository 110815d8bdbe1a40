"""Topics chosen against topics talked about: decided on people's own sentences, each claim with its evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.harvest import Theme
from bot.impressions import Contents, Impression, Source
from bot.selection import Group, Pick, Wish
from bot.themes import LONGEST_EXAMPLE, Drift, DriftReport, TopicDrift, drift, left_over, offer_again
from bot.worksessions import MOST_TOPICS, State, Topic, WorkSession

NOW = datetime(2021, 6, 17, 16, tzinfo=UTC)
NAMES = {
    "corona": ("Positieve gevolgen van corona", "Gevolgen corona"),
    "regie": ("Regiovisie Jeugdhulp (Norm van opdrachtgeverschap)", "Regiovisie Jeugdhulp"),
    "ouders": ("Ouderbetrokkenheid", "Ouderbetrokkenheid"),
    "duur": ("Verduurzaming regionale samenwerking", "Verduurzaming"),
    "npo": ("Samenwerking Nationaal Programma Onderwijs", "NPO"),
    "oza": ("Onderwijszorgarrangementen", "OZA"),
}
SESSION = WorkSession(
    "ws_1", "T1", "Werksessie 17 juni", "C1", NOW - timedelta(hours=3), NOW, None, "Europe/Amsterdam", State.GROUPED,
    "ineke", tuple(Topic(key, name, short, f"th_{key}") for key, (name, short) in NAMES.items()),
)  # fmt: skip
THEMES = {
    f"th_{key}": Theme(f"th_{key}", name, short, ((short,) if key != "ouders" else ("ouders die meedenken",)))
    for key, (name, short) in NAMES.items()
}
GROUPS = [
    Group("gr_1", "ws_1", 1, ("ouders",), "sanne", ("noor", "samir")),
    Group("gr_2", "ws_1", 2, ("regie",), "lotte", ("pim", "ans")),
    Group("gr_3", "ws_1", 3, ("duur", "oza"), "youssef", ("tess", "dirk")),
    Group("gr_4", "ws_1", 4, ("npo", "oza"), None, ("rik", "fleur", "daan")),
]
"""Six topics, four groups, of which the last two have two topics."""
ONE = (
    "We schoven de stoelen in een kring en dat hielp meteen. Iedereen bracht een voorbeeld van thuis mee. "
    "Ouders die meedenken komen niet vanzelf binnen. Een kop koffie bij de poort doet meer dan een brief."
)
TWO = (
    "De raad vroeg vooral naar de cijfers van vorig jaar. Wij vertelden liever wat een gezin in een week meemaakt. "
    "De gevolgen daarvan voelde iedereen aan tafel. Twee wethouders spraken af om een dag mee te lopen. "
    "Onze samenwerking met het onderwijs moet nog groeien."
)
THREE = (
    "Verduurzaming lukt pas als iemand de agenda vasthoudt. Bij ons is dat nu de leerplichtambtenaar. "
    "Daarna ging het over OZA's in de wijk. Wie houdt bij welke plekken er zijn?"
)
FOUR = (
    "Met het NPO begonnen we aan een zomerschool. Die loopt volgend jaar door. "
    "Ook de ouderbetrokkenheid kwam langs. Een vader leest nu voor in de pauze. "
    "Tot slot de onderwijszorgarrangementen: drie scholen delen een orthopedagoog."
)


def impression(number: int, takeaway: str, **parts: str) -> Impression:
    contents = Contents(takeaway, **parts)
    return Impression(f"im_{number}", "T1", "ws_1", f"gr_{number}", Source.FORM, "sanne", contents, NOW, NOW)


ALL = [impression(1, ONE), impression(2, TWO), impression(3, THREE), impression(4, FOUR)]
PICKS = [
    Pick(user, Wish.TOPIC, (topic,), NOW)
    for user, topic in {
        "noor": "ouders", "samir": "ouders", "pim": "regie", "ans": "corona", "tess": "duur", "dirk": "oza",
        "rik": "npo", "fleur": "npo", "daan": "ouders",
    }.items()
]  # fmt: skip


def report(impressions: list[Impression] = ALL, groups: list[Group] = GROUPS) -> DriftReport:
    return drift(SESSION, groups, PICKS, impressions, THEMES)


def claims(found: DriftReport, kind: Drift) -> list[str]:
    return [claim.topic.id for claim in found.of(kind)]


def claim(found: DriftReport, kind: Drift, topic: str) -> TopicDrift:
    (one,) = [one for one in found.of(kind) if one.topic.id == topic]
    return one


def test_every_topic_gets_the_verdict_that_the_impressions_give_it() -> None:
    found = report()
    assert claims(found, Drift.DISCUSSED) == ["ouders", "duur", "npo", "oza"]
    assert claims(found, Drift.HARDLY) == ["regie"], "its group spoke of something else"
    assert claims(found, Drift.ELSEWHERE) == ["ouders"], "group 4 came to it without having it"
    assert claims(found, Drift.UNSERVED) == ["corona"], "'gevolgen' alone is not the topic"
    assert claims(found, Drift.WAITING) == []
    assert found.missing == ()


def test_each_claim_shows_which_impressions_carry_it_and_an_exact_sentence() -> None:
    found = report()
    stored = {one.id: one for one in ALL}
    oza = claim(found, Drift.DISCUSSED, "oza")
    assert [(one.impression, one.group, one.sentences) for one in oza.evidence] == [("im_3", 3, 2), ("im_4", 4, 1)]
    assert [one.text for one in oza.evidence] == [
        "Daarna ging het over OZA's in de wijk.",
        "Tot slot de onderwijszorgarrangementen: drie scholen delen een orthopedagoog.",
    ]
    (elsewhere,) = claim(found, Drift.ELSEWHERE, "ouders").evidence
    assert (elsewhere.group, elsewhere.sentences) == (4, 2)
    for one in found.claims:
        for proof in one.evidence:
            assert stored[proof.impression].text(proof.field)[proof.start : proof.end] == proof.text


def test_who_chose_a_topic_and_sat_elsewhere_is_counted_as_such() -> None:
    parents = claim(report(), Drift.DISCUSSED, "ouders")
    assert (parents.chosen, parents.sat, parents.away, parents.groups) == (3, 2, 1, (1,))
    corona = claim(report(), Drift.UNSERVED, "corona")
    assert (corona.chosen, corona.sat, corona.away, corona.groups) == (1, 0, 1, ())


def test_the_topics_of_a_group_prove_nothing_by_themselves() -> None:
    """The same words in another group: what was said stays the same, only who said it changes."""
    moved = [replace(group, topics=("corona",)) if group.number == 3 else group for group in GROUPS]
    found = report(groups=moved)
    assert claim(found, Drift.HARDLY, "corona").evidence == ()
    assert [one.group for one in claim(found, Drift.ELSEWHERE, "duur").evidence] == [3]


def test_a_group_that_shared_nothing_is_named_and_its_topic_waits_instead_of_being_judged() -> None:
    found = report([one for one in ALL if one.group != "gr_2"])
    assert found.missing == (2,)
    assert claims(found, Drift.WAITING) == ["regie"]
    assert claims(found, Drift.HARDLY) == []
    nothing = report([])
    assert nothing.missing == (1, 2, 3, 4)
    assert claims(nothing, Drift.WAITING) == ["regie", "ouders", "duur", "npo", "oza"]
    assert claims(nothing, Drift.UNSERVED) == ["corona"]


def test_a_topic_that_came_up_in_passing_was_hardly_discussed() -> None:
    long = impression(2, f"{TWO} We liepen uit. We lachten ook. Iemand noemde nog de regiovisie jeugdhulp.")
    one = claim(report([ALL[0], long, *ALL[2:]]), Drift.HARDLY, "regie")
    assert [proof.text for proof in one.evidence] == ["Iemand noemde nog de regiovisie jeugdhulp."]
    short = impression(2, "De regiovisie jeugdhulp is af.")
    assert "regie" in claims(report([ALL[0], short, *ALL[2:]]), Drift.DISCUSSED), "one of one is all of it"


def test_in_its_own_group_a_kindred_word_counts_and_elsewhere_only_the_name() -> None:
    kin = impression(1, "Ouders kwamen langs in de pauze. Hoe houden we die ouder erbij? We lachten veel.")
    other = impression(4, f"{FOUR.split('Ook de')[0]} De ouders van de buurt deden mee.")
    found = report([kin, *ALL[1:3], other])
    one = claim(found, Drift.DISCUSSED, "ouders")
    assert [(proof.group, proof.sentences, proof.text) for proof in one.evidence] == [
        (1, 2, "Ouders kwamen langs in de pauze.")
    ]
    assert claims(found, Drift.ELSEWHERE) == []
    shared = impression(2, "De samenwerking groeit. Het onderwijs doet mee.")
    npo = [replace(group, topics=("npo",)) if group.number == 2 else group for group in GROUPS]
    assert [proof.group for proof in claim(report([shared], npo), Drift.HARDLY, "npo").evidence] == [], (
        "a word of two topics is kin of neither"
    )


def test_an_open_question_and_an_offer_count_as_much_as_the_takeaway() -> None:
    asks = impression(2, "Het was gezellig.", question="Wanneer komt de regiovisie jeugdhulp in de raad?")
    one = claim(report([ALL[0], asks, *ALL[2:]]), Drift.DISCUSSED, "regie")
    assert [(proof.field, proof.text) for proof in one.evidence] == [("question", asks.contents.question)]


def test_a_sentence_too_long_to_show_is_counted_and_left_out_as_example() -> None:
    endless = "De regiovisie jeugdhulp " + "en nog wat " * 40 + "is klaar."
    assert len(endless) > LONGEST_EXAMPLE
    one = claim(report([ALL[0], impression(2, endless), *ALL[2:]]), Drift.DISCUSSED, "regie")
    assert [(proof.text, proof.sentences) for proof in one.evidence] == [("", 1)]


def test_the_verdict_does_not_depend_on_the_order_of_the_impressions() -> None:
    assert report() == report(ALL[::-1])


def test_a_merged_topic_is_judged_on_its_own_words() -> None:
    both = [Group("gr_1", "ws_1", 1, ("ouders", "corona"), None, ("noor",))]
    found = drift(SESSION, both, PICKS, [impression(1, ONE)], THEMES)
    assert claims(found, Drift.DISCUSSED) == ["ouders"]
    assert claims(found, Drift.HARDLY) == ["corona"]


def test_left_over_is_what_no_group_had_and_what_no_impression_touched() -> None:
    told = [(one.topic, one.chosen, one.had_group) for one in left_over(SESSION, report())]
    assert told == [("corona", 1, False), ("regie", 1, True)]
    waiting = report([one for one in ALL if one.group != "gr_2"])
    assert [one.topic for one in left_over(SESSION, waiting)] == ["corona"], "group 2 may still speak of its topic"
    one = left_over(SESSION, report())[0]
    assert (one.name, one.short_name, one.theme, one.session, one.on) == (
        *NAMES["corona"], "th_corona", "ws_1", SESSION.starts_at,
    )  # fmt: skip


def test_a_topic_without_a_group_that_another_group_really_discussed_is_not_left_over() -> None:
    without = [replace(group, topics=("duur",)) if group.number == 3 else group for group in GROUPS]
    without = [replace(group, topics=("npo",)) if group.number == 4 else group for group in without]
    found = report(groups=without)
    assert "oza" in claims(found, Drift.ELSEWHERE)
    assert "oza" not in [one.topic for one in left_over(SESSION, found)]


@pytest.mark.parametrize("impressions", [19, 40])
def test_a_large_session_is_judged_on_sentences_too(impressions: int) -> None:
    """From twenty notes on the engine learns likeness; one word of a name is still no evidence."""
    groups = [Group(f"gr_{n}", "ws_1", n, ("regie",), None, (f"u{n}",)) for n in range(1, impressions + 1)]
    texts = [ONE, TWO, THREE, FOUR]
    told = [replace(impression(n, texts[n % 4]), id=f"im_{n:03}", group=f"gr_{n}") for n in range(1, impressions + 1)]
    found = drift(SESSION, groups, [], told, THEMES)
    assert claims(found, Drift.UNSERVED) == ["corona"]
    stored = {one.id: one for one in told}
    for one in found.claims:
        for proof in one.evidence:
            assert stored[proof.impression].text(proof.field)[proof.start : proof.end] == proof.text
            assert proof.text


def test_a_session_without_topics_or_groups_gives_an_empty_report() -> None:
    bare = replace(SESSION, topics=())
    assert drift(bare, [], [], [], {}) == DriftReport((), ())
    assert {one.drift for one in drift(SESSION, [], [], [], {}).claims} == {Drift.UNSERVED}


def test_left_over_topics_fill_a_list_up_to_what_a_session_and_a_field_can_hold() -> None:
    again = left_over(SESSION, drift(SESSION, [], [], [], {}))
    assert len(again) == len(NAMES)
    assert offer_again(["ouderbetrokkenheid"], again, 3000) == [one for one in again if one.topic != "ouders"]
    assert [one.topic for one in offer_again([], again, len(NAMES["corona"][0]) + 1)] == ["corona"]
    assert offer_again([f"Thema {n}" for n in range(MOST_TOPICS)], again, 3000) == []
    assert len(offer_again([f"Thema {n}" for n in range(MOST_TOPICS - 2)], again, 3000)) == 2
    assert offer_again([], [replace(one, had_group=True) for one in again], 3000) == []
