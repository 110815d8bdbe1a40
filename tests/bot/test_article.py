"""An article says what groups wrote: whole sentences, with their place, and nothing else."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article import (
    MOST_SENTENCES,
    Article,
    Contribution,
    Misquoted,
    Part,
    Sentence,
    State,
    check,
    compose,
    coverage,
    cut,
    headline_topics,
    read_lines,
    readers,
)
from bot.impressions import Contents, Impression, Source, change
from bot.programme import Member, Role
from bot.selection import Group
from bot.worksessions import State as SessionState
from bot.worksessions import Topic, WorkSession

NOW = datetime(2021, 6, 17, 13, tzinfo=UTC)
TAKEAWAY = (
    "We nodigen de school nu uit vóór we inkopen. Ouders praten vanaf het begin mee. Wie betaalt dit volgend jaar?"
)
LONG = " ".join(f"Punt {n} gaat over de afspraken tussen school en gemeente." for n in range(1, 21))


def group(number: int = 1) -> Group:
    return Group(f"gr_{number}", "ws_1", number, (f"tp_{number}",), "sanne", ("noor", "samir"))


def impression(name: str = "im_1", contents: Contents | None = None, number: int = 1) -> Impression:
    return Impression(
        name, "T1", "ws_1", f"gr_{number}", Source.FORM, "sanne", contents or Contents(TAKEAWAY), NOW, NOW
    )


def article(sentences: tuple[Sentence, ...], *impressions: Impression, edited: bool = False) -> Article:
    sources = {i.id: i.version for i in impressions}
    return Article(
        "ar_1", "T1", "ws_1", State.DRAFT, "Kop", NOW, NOW, sentences=sentences, sources=sources, edited=edited
    )


def new_ids() -> "itertools.count[int]":
    return itertools.count(1)


def draft(*contributions: Contribution, before: Article | None = None) -> Article:
    numbers = new_ids()
    impressions = [i for c in contributions for i in c.impressions]
    return article(compose(before, contributions, lambda: f"as_{next(numbers)}"), *impressions)


def lines(*found: Impression) -> list[str]:
    return [run.text for run in cut(found)]


def test_a_short_impression_is_printed_whole_with_its_question_among_the_questions() -> None:
    runs = cut(
        [
            impression(
                contents=Contents(TAKEAWAY, "Met ouders, niet over ouders.", "Wie begint?", "Sanne deelt de brief.")
            )
        ]
    )
    assert [(run.part, run.text) for run in runs] == [
        (Part.BODY, "We nodigen de school nu uit vóór we inkopen."),
        (Part.BODY, "Ouders praten vanaf het begin mee."),
        (Part.QUOTE, "Met ouders, niet over ouders."),
        (Part.QUESTION, "Wie betaalt dit volgend jaar?"),
        (Part.QUESTION, "Wie begint?"),
        (Part.OFFER, "Sanne deelt de brief."),
    ]


def test_a_long_note_is_shortened_to_six_sentences_in_their_own_order_and_the_rest_is_counted() -> None:
    long = impression(contents=Contents(LONG))
    contribution = Contribution(group(), (long,))
    found = draft(contribution)
    texts = [s.run.text for s in found.sentences]
    assert len(texts) == MOST_SENTENCES
    assert texts == sorted(texts, key=LONG.index)
    assert coverage([contribution], found).left_out == 20 - MOST_SENTENCES


def test_of_several_long_notes_each_is_heard() -> None:
    notes = [impression(f"im_{n}", Contents(LONG.replace("Punt", f"Onderwerp {n}:"))) for n in range(3)]
    assert {run.impression for run in cut(notes)} == {"im_0", "im_1", "im_2"}


def test_a_quote_is_printed_as_one_piece_also_over_two_lines() -> None:
    assert lines(impression(contents=Contents("", quote="  Niet wachten.\nBellen!  "))) == ["Niet wachten.\nBellen!"]


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=400), min_size=4, max_size=4))
def test_whatever_people_type_every_sentence_is_an_exact_run_of_it(parts: list[str]) -> None:
    one = impression(contents=Contents(*parts))
    found = draft(Contribution(group(), (one,)))
    check(found.sentences, {one.id: one})
    for sentence in found.sentences:
        run = sentence.run
        assert one.text(run.field)[run.start : run.end] == run.text


def spoiled() -> list[tuple[str, Sentence]]:
    (first, *_) = draft(Contribution(group(), (impression(),))).sentences
    run = first.run
    return [
        ("a word was changed", replace(first, run=replace(run, text=run.text.replace("school", "gemeente")))),
        ("a word was left out", replace(first, run=replace(run, text=run.text.replace("nu ", "")))),
        ("the offsets point elsewhere", replace(first, run=replace(run, start=run.start + 1))),
        ("the offsets are outside", replace(first, run=replace(run, end=9999))),
        ("another part", replace(first, run=replace(run, field="quote"))),
        ("no part at all", replace(first, run=replace(run, field="author"))),
        ("another impression", replace(first, run=replace(run, impression="im_9"))),
        ("another version", replace(first, run=replace(run, version=2))),
        ("another group", replace(first, group="gr_2")),
        ("nothing", replace(first, run=replace(run, end=run.start, text=""))),
    ]


@pytest.mark.parametrize("sentence", [s for _, s in spoiled()], ids=[why for why, _ in spoiled()])
def test_an_altered_sentence_is_refused(sentence: Sentence) -> None:
    with pytest.raises(Misquoted):
        check([sentence], {"im_1": impression()})


def test_a_sentence_of_a_withdrawn_impression_is_refused() -> None:
    found = draft(Contribution(group(), (impression(),)))
    with pytest.raises(Misquoted):
        check(found.sentences, {"im_1": replace(impression(), withdrawn_at=NOW)})


def test_a_draft_follows_its_impressions_and_keeps_the_ids_of_what_stayed() -> None:
    first = draft(Contribution(group(), (impression(),)))
    second = draft(
        Contribution(group(), (impression(), impression("im_2", Contents("Er is één kalender.")))), before=first
    )
    assert [s.id for s in second.sentences if s.run.impression == "im_1"] == [s.id for s in first.sentences]
    assert "Er is één kalender." in [s.run.text for s in second.sentences]


def test_what_the_coordinator_removed_stays_removed_until_its_impression_changes() -> None:
    one = impression()
    first = draft(Contribution(group(), (one,)))
    edited = replace(first, sentences=first.sentences[1:], edited=True)
    with_other = draft(Contribution(group(), (one, impression("im_2", Contents("Er is één kalender.")))), before=edited)
    said = [s.run.text for s in with_other.sentences]
    assert "We nodigen de school nu uit vóór we inkopen." not in said and "Er is één kalender." in said
    changed = change(one, Contents("We nodigen de school nu uit vóór we inkopen."), NOW)
    assert [s.run.text for s in draft(Contribution(group(), (changed,)), before=edited).sentences] == [
        changed.contents.takeaway
    ]


def test_coverage_counts_people_once_and_names_the_groups_that_are_missing() -> None:
    contributions = [Contribution(group(1), (impression(),)), Contribution(group(2), ())]
    found = coverage(contributions, draft(*contributions))
    assert (found.impressions, found.groups, found.people, found.missing, found.left_out) == (1, 1, 3, (2,), 0)


def test_the_headline_names_the_two_topics_with_most_voices() -> None:
    topics = (
        Topic("tp_1", "Ouderbetrokkenheid", "Ouders"),
        Topic("tp_2", "Verduurzaming " + "x" * 60, "Verduurzaming"),
        Topic("tp_3", "NPO", "NPO"),
    )
    session = WorkSession(
        "ws_1", "T1", "Sessie", "C1", NOW, NOW, None, "Europe/Amsterdam", SessionState.GROUPED, "ineke", topics
    )
    big = replace(group(2), people=("a", "b", "c", "d"))
    alone = replace(group(3), people=("e",))
    found = [Contribution(g, (impression(number=g.number),)) for g in (group(1), big, alone)]
    assert headline_topics(session, found) == ["Verduurzaming", "Ouderbetrokkenheid"]
    assert headline_topics(session, [Contribution(big, ())]) == []


def read(text: str, *found: Impression) -> tuple[list[str], list[str]]:
    contribution = Contribution(group(), found or (impression(),))
    known = [s.run for s in draft(contribution).sentences]
    runs, problems = read_lines("lines", text, contribution, known)
    return [run.text for run in runs], [problem.key for problem in problems]


def test_lines_may_be_removed_and_moved() -> None:
    text = "Ouders praten vanaf het begin mee.\n\nWe nodigen de school nu uit vóór we inkopen."
    assert read(text) == (text.split("\n\n"), [])
    assert read("") == ([], [])


def test_a_line_that_nobody_wrote_is_refused_with_its_beginning() -> None:
    contribution = Contribution(group(), (impression(),))
    text = "Ouders praten vanaf het begin mee.\nOuders praten vanaf het einde mee."
    _, (problem,) = read_lines("lines:gr_1:1", text, contribution, [])
    assert (problem.field, problem.key) == ("lines:gr_1:1", "harvest.problem.not_theirs")
    assert problem.values["start"] == "Ouders praten vanaf het einde mee."


def test_half_a_sentence_is_refused_as_it_can_say_the_opposite() -> None:
    one = impression(contents=Contents("We willen niet wachten op de gemeente. Samen lukt het wel."))
    assert read("We willen", one)[1] == ["harvest.problem.half"]
    assert read("wachten op de gemeente.", one)[1] == ["harvest.problem.half"]
    assert read("We willen niet wachten op de gemeente. Samen lukt het wel.", one)[1] == []


def test_a_sentence_that_was_left_out_can_be_put_back() -> None:
    long = impression(contents=Contents(LONG))
    shown = [s.run.text for s in draft(Contribution(group(), (long,))).sentences]
    missing = next(
        f"Punt {n} gaat over de afspraken tussen school en gemeente."
        for n in range(1, 21)
        if f"Punt {n} gaat" not in " ".join(shown)
    )
    assert read(missing, long) == ([missing], [])


def test_a_sentence_of_another_group_is_refused() -> None:
    assert read("Er is één kalender.")[1] == ["harvest.problem.not_theirs"]


def test_white_space_that_a_form_changed_misquotes_nobody() -> None:
    one = impression(contents=Contents("", quote="Niet wachten.\n  Bellen!"))
    assert read("Niet wachten. Bellen!", one) == (["Niet wachten.\n  Bellen!"], [])


def test_the_draft_of_a_practice_session_is_for_the_one_who_practises() -> None:
    ineke, other = (Member("T1", user, user.title(), frozenset({Role.COORDINATOR})) for user in ("ineke", "wil"))
    zone, state = "Europe/Amsterdam", SessionState.GROUPED
    shared, own = (WorkSession("ws", "T1", "S", where, NOW, NOW, None, zone, state, "ineke") for where in ("C1", "D1"))
    assert readers(shared, [ineke, other]) == [ineke, other]
    assert readers(own, [ineke, other]) == [ineke]
