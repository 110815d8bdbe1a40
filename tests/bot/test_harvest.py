"""The embedded engine as its callers know it: where notes go, which sentences are printed, and that none is made up."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.harvest import (
    Claim,
    Digest,
    DigestKind,
    Memory,
    Note,
    Placement,
    Theme,
    UnusableNotes,
    assign,
    compose,
    picks,
    place,
    read,
    verify,
)
from bot.harvest.duplicates import same_statement

THEMES = [
    Theme("th_ouders", "Ouderbetrokkenheid", aliases=("ouders", "ouderavond")),
    Theme("th_geld", "Geld en regels", aliases=("budget", "subsidie", "aanbesteding")),
    Theme("th_oza", "Onderwijszorgarrangementen"),
    Theme("th_corona", "Positieve gevolgen van corona"),
]
NOTES = [
    Note(
        "n1",
        "Ouders willen eerder meepraten over hun kind. Een ouderavond in de wijk werkte beter dan op school. "
        "Hoe bereiken we ouders die nooit komen?",
        date(2021, 6, 17),
        group="1",
        language="nl",
    ),
    Note(
        "n2",
        "Het budget voor hulp is op in oktober. De subsidie loopt maar twee jaar. "
        "Samir bood aan om de regels op een rij te zetten.",
        date(2021, 6, 17),
        group="2",
        language="nl",
    ),
    Note(
        "n3",
        "OZA's vragen om onderwijs en zorg in één plan. Ouders horen daar vanaf het begin bij. "
        "De zorg komt nu in de klas, dat geeft rust.",
        date(2021, 6, 17),
        group="3",
        language="nl",
    ),
    Note("n4", "De lunch was goed en het regende.", date(2021, 6, 17), group="4", language="nl"),
]


def test_a_note_goes_to_every_theme_it_speaks_of_and_to_none_when_it_fits_nowhere() -> None:
    found = assign(NOTES, THEMES)
    assert found["n1"] == ("th_ouders",)
    assert found["n2"] == ("th_geld",)
    assert set(found["n3"]) == {"th_oza", "th_ouders"}
    assert found["n4"] == ()
    assert not any("th_corona" in themes for themes in found.values())


def test_a_note_is_placed_alone_as_well_as_among_others() -> None:
    assert assign([NOTES[0]], THEMES)["n1"] == ("th_ouders",)


def test_what_a_person_confirmed_is_kept() -> None:
    note = replace(NOTES[3], themes=("th_geld",))
    assert assign([*NOTES[:3], note], THEMES)["n4"] == ("th_geld",)


def test_a_merged_theme_lives_on_in_the_one_it_was_merged_into() -> None:
    merged = [THEMES[0], replace(THEMES[1], status="merged", merged_into="th_ouders")]
    assert assign(NOTES, merged)["n2"] == ("th_ouders",)


def test_an_acronym_finds_the_compound_it_stands_for() -> None:
    alone = Note("a", "De OZA's lopen goed, met onderwijs en zorg samen.", group="1")
    assert assign([alone], THEMES)["a"] == ("th_oza",)


def test_part_of_a_long_name_is_no_mention_of_it() -> None:
    assert assign([Note("a", "Het onderwijs staat onder druk.")], THEMES)["a"] == ()


def test_picks_are_cut_from_the_notes_and_each_group_is_heard() -> None:
    chosen = picks(NOTES, 4)
    by_id = {note.id: note.text for note in NOTES}
    assert len(chosen) == 4
    assert {s.note_id for s in chosen} == {"n1", "n2", "n3", "n4"}
    for sentence in chosen:
        assert by_id[sentence.note_id][sentence.start : sentence.end] == sentence.text


def test_no_note_takes_the_floor() -> None:
    talker = Note("t", " ".join(f"Ouders praten mee over plan {k} van de school." for k in range(30)), group="9")
    assert sum(s.note_id == "t" for s in picks([*NOTES, talker], 8)) <= 2


def test_a_session_digest_passes_its_own_check() -> None:
    digest = compose(NOTES, THEMES, kind="session")
    assert verify(digest, NOTES) == []
    assert digest.unused == ("n4",)
    assert {section.theme_id for section in digest.sections} == {"th_ouders", "th_geld", "th_oza"}
    questions = [digest.cut(i) for section in digest.sections for i in section.open_questions]
    claims = [claim.text for section in digest.sections for claim in section.claims]
    assert "Hoe bereiken we ouders die nooit komen?" in questions + claims


def test_a_note_on_two_themes_gives_each_only_what_is_about_it() -> None:
    text = "Het budget is op. Dat merken we nu al. Ook de ouders kwamen aan bod. Zij willen eerder meepraten."
    digest = compose([Note("a", text, group="1")], THEMES, kind="session")
    said = {s.theme_id: {i for claim in s.claims for i in claim.evidence} for s in digest.sections}
    assert said == {"th_geld": {"a.s1", "a.s2"}, "th_ouders": {"a.s4"}}  # a.s3 only opens the talk


def test_a_week_without_notes_has_no_digest_to_show() -> None:
    assert compose([], THEMES, kind="weekly").sections == ()


def test_notes_without_a_word_are_listed_and_not_shown() -> None:
    digest = compose([Note("a", ""), Note("b", " \n "), Note("c", "?!")], [], kind="harvest")
    assert set(digest.unused) == {"a", "b", "c"}
    assert verify(digest, [Note("a", ""), Note("b", " \n "), Note("c", "?!")]) == []


def test_two_notes_with_one_id_are_refused() -> None:
    with pytest.raises(UnusableNotes, match="n1"):
        compose([NOTES[0], NOTES[0]], THEMES, kind="session")


SUBJECTS = (
    ("wachtlijst", "jeugdhulp", "behandeling", "intake", "psycholoog"),
    ("busvervoer", "leerlingen", "ritten", "chauffeur", "halte"),
    ("sportveld", "jongeren", "training", "vrijwilligers", "club"),
)


def many(count: int) -> list[Note]:
    """Notes on three subjects, in turn; each uses four of the five words of its subject."""
    out = []
    for k in range(count):
        said = [w for n, w in enumerate(SUBJECTS[k % 3]) if n != k % 5]
        text = f"Wijk {k} sprak over {said[0]} en {said[1]}. Bij {said[2]} hoort ook {said[3]}, zegt straat {k}."
        out.append(Note(f"m{k:03d}", text, date(2021, 1 + k % 6, 1), group=str(k % 5)))
    return out


def home(placement: Placement, notes: list[Note]) -> dict[str, str]:
    """In which theme each note is."""
    readings = read(notes)
    return {readings[i].note.id: theme for theme, rows in placement.members.items() for i in rows}


def test_the_order_of_the_notes_changes_nothing() -> None:
    notes = many(45)
    shuffled = random.Random(4).sample(notes, len(notes))
    assert compose(notes, [], kind="harvest") == compose(shuffled, [], kind="harvest")


def test_themes_nobody_announced_are_found_and_proposed() -> None:
    placement = place(read(many(45)), [], Memory())
    assert len(placement.themes) == 3
    assert all(theme.status == "proposed" for theme in placement.themes)


def test_a_note_keeps_its_theme_when_new_notes_come_in() -> None:
    notes = many(60)
    first = place(read(notes[:36]), [], Memory())
    second = place(read(notes), [], first.memory)
    before, after = home(first, notes[:36]), home(second, notes)
    assert before and all(after[note] == theme for note, theme in before.items())


def test_new_notes_join_their_theme_also_when_the_old_notes_stay_away() -> None:
    notes = many(60)
    first = place(read(notes[:36]), [], Memory())
    second = place(read(notes[36:]), [], first.memory)
    assert {theme.id for theme in second.themes} == {theme.id for theme in first.themes}
    kept = {note for one in second.memory.themes for note in one.notes}
    assert kept == {note.id for note in notes}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("De middelen voor dit plan zijn eindig.", "De middelen voor dit plan zijn niet eindig."),
        ("Het plan loopt nog 2 jaar in de regio.", "Het plan loopt nog 3 jaar in de regio."),
        ("Het plan loopt nog twee jaar in de regio.", "Het plan loopt nog drie jaar in de regio."),
    ],
)
def test_a_not_or_another_number_makes_it_another_statement(one: str, other: str) -> None:
    assert not same_statement(one, other)


def test_a_repeated_sentence_is_printed_once_with_both_sources() -> None:
    same = "De wachtlijst voor hulp is dit jaar langer geworden."
    notes = [Note("a", same, group="1"), Note("b", same.upper(), group="2"), Note("c", "Het loopt goed.", group="3")]
    digest = compose(notes, [], kind="harvest")
    evidence = [set(claim.evidence) for section in digest.sections for claim in section.claims]
    assert {"a.s1", "b.s1"} in evidence


WORDS = [
    "ouders",
    "budget",
    "bus",
    "Wie",
    "niet",
    "3",
    "OZA",
    "school",
    ".",
    "?",
    "!",
    "\n",
    "“",
    "”",
    "e\u0301",
    "Noor bood aan om",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
KINDS: list[DigestKind] = ["session", "weekly", "harvest"]


@settings(max_examples=60, deadline=None)
@example(
    [
        ("ouders", "1"),
        ("ouders", "2"),  # says nothing but what the first says, and is a group of its own
        ("ouders ouders", "1"),
        ("ouders Wie", "1"),
        ("bus", "1"),
        ("ouders ouders ouders", "1"),
        ("budget . Noor bood aan om", "1"),
    ],
    "session",
)
@given(st.lists(st.tuples(TEXTS, st.sampled_from(["1", "2", "3", None])), max_size=32), st.sampled_from(KINDS))
def test_whatever_people_write_the_digest_passes_its_own_check(
    rows: list[tuple[str, str | None]], kind: DigestKind
) -> None:
    notes = [Note(f"n{k}", text, group=group) for k, (text, group) in enumerate(rows)]
    for themes in (THEMES, []):
        assert verify(compose(notes, themes, kind=kind), notes) == []


def changed(digest: Digest, **claim: object) -> Digest:
    """The same digest with one word of its first claim typed by somebody else."""
    section = digest.sections[0]
    first = replace(section.claims[0], **claim)  # type: ignore[arg-type]  # the fields of a Claim
    return replace(digest, sections=(replace(section, claims=(first, *section.claims[1:])), *digest.sections[1:]))


@pytest.mark.parametrize(
    ("rule", "claim"),
    [
        ("evidence", Claim("Ouders willen meepraten.", (), "th_ouders")),
        ("ids", Claim("Ouders willen meepraten.", ("n9.s1",), "th_ouders")),
        ("support", Claim("Kernfusie verandert de wereldeconomie.", ("n1.s1",), "th_ouders")),
        ("numbers", Claim("Ouders willen 40 keer eerder meepraten over hun kind.", ("n1.s1",), "th_ouders")),
        ("names", Claim("Ouders van Zevenaar willen eerder meepraten over hun kind.", ("n1.s1",), "th_ouders")),
        ("negation", Claim("Ouders willen niet eerder meepraten over hun kind.", ("n1.s1",), "th_ouders")),
        ("breadth", Claim("Iedereen wil eerder meepraten: ouders, over hun kind.", ("n1.s1",), "th_ouders")),
        ("themes", Claim("Ouders willen eerder meepraten over hun kind.", ("n1.s1",), "th_geld")),
        ("length", Claim("Ouders willen eerder meepraten over hun kind. " * 8, ("n1.s1",), "th_ouders")),
    ],
)
def test_a_claim_that_its_evidence_does_not_carry_is_stopped(rule: str, claim: Claim) -> None:
    digest = compose(NOTES, [THEMES[0]], kind="session")
    first = next(s for s in read(NOTES)[0].spans)
    sentence = read(NOTES)[0].sentence(0)
    assert first.start == 0
    digest = replace(digest, sentences={**digest.sentences, sentence.id: sentence})
    wrong = changed(digest, text=claim.text, evidence=claim.evidence, theme_id=claim.theme_id)
    assert rule in {problem.rule for problem in verify(wrong, NOTES)}


def test_a_written_claim_that_its_evidence_carries_passes() -> None:
    digest = compose(NOTES, [THEMES[0]], kind="session")
    sentence = read(NOTES)[0].sentence(0)
    digest = replace(digest, sentences={**digest.sentences, sentence.id: sentence})
    good = changed(digest, text="Ouders willen over hun kind meepraten.", evidence=("n1.s1",))
    assert verify(good, NOTES) == []


def test_a_quote_is_stopped_when_the_note_was_changed_since() -> None:
    digest = compose(NOTES, THEMES, kind="session")
    edited = [replace(NOTES[0], text=NOTES[0].text.replace("eerder", "niet")), *NOTES[1:]]
    assert "quotes" in {problem.rule for problem in verify(digest, edited)}


def test_a_note_that_is_neither_used_nor_listed_is_found() -> None:
    digest = compose(NOTES, THEMES, kind="session")
    later = Note("n5", "Nog een bericht.", group="5")
    assert [(p.rule, p.where) for p in verify(digest, [*NOTES, later])] == [("coverage", "n5")]
