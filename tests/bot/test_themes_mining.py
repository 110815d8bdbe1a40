"""What notes give reason to ask a coordinator about themes, and what is never asked."""

from bot.harvest import Theme
from bot.themes.mining import name_of, suggestions
from bot.themes.records import Kind, Suggestion, Told

THEMES = [
    Theme("th_geld", "Nationaal Programma Onderwijs"),
    Theme("th_ouders", "Ouderbetrokkenheid", "", ("betrokken ouders",)),
]


def told(name: str, text: str, group: str = "") -> Told:
    return Told(name, {"takeaway": text}, group=group or f"g{name}")


POOL = [
    told("n1", "Een kind dat thuis zit, komt terug via de verlengde schooldag. Dat werkt.", "g1"),
    told("n2", "Wij beginnen met een verlengde schooldag op twee plekken.", "g2"),
    told("n3", "Wie betaalt de verlengde schooldag na het eerste jaar?", "g3"),
    told("n4", "De lunch was goed verzorgd.", "g4"),
]


def of(kind: Kind, found: list[Suggestion]) -> list[Suggestion]:
    return [one for one in found if one.kind is kind]


def test_three_notes_of_two_groups_under_no_theme_propose_one_with_the_sentences_that_carry_it() -> None:
    (one,) = of(Kind.NEW, suggestions(POOL, POOL, THEMES))
    assert one.name == "verlengde schooldag" and {c.note for c in one.carriers} == {"n1", "n2", "n3"}
    texts = {(note.id, part): text for note in POOL for part, text in note.parts.items()}
    cut = [texts[c.note, c.spot.field][c.spot.start : c.spot.end] for c in one.carriers]
    assert cut[0] == "Een kind dat thuis zit, komt terug via de verlengde schooldag."
    assert name_of(one.carriers, texts) == "verlengde schooldag"
    assert name_of(one.carriers, {}) == ""


def test_one_group_alone_or_two_notes_propose_nothing() -> None:
    alone = [Told(note.id, note.parts, group="g1") for note in POOL]
    assert not of(Kind.NEW, suggestions(alone, alone, THEMES))
    assert not of(Kind.NEW, suggestions(POOL[:2], POOL[:2], THEMES))


def test_a_theme_that_is_there_already_is_not_proposed() -> None:
    there = [*THEMES, Theme("th_dag", "Verlengde schooldag")]
    assert not of(Kind.NEW, suggestions(POOL, POOL, there))


def test_what_was_refused_is_not_proposed_again_in_other_words_of_the_same_notes() -> None:
    found = suggestions(POOL, POOL, THEMES, refused=[{"n1", "n2"}])
    assert not of(Kind.NEW, found)
    assert of(Kind.NEW, suggestions(POOL, POOL, THEMES, refused=[{"n1", "n4"}]))


def test_an_acronym_that_a_note_explains_is_proposed_as_another_name() -> None:
    note = told("n1", "Veel vragen over het Nationaal Programma Onderwijs (NPO) bleven open.")
    (one,) = of(Kind.ALIAS, suggestions([], [note], THEMES))
    assert (one.theme, one.name) == ("th_geld", "NPO")
    known = [Theme("th_geld", "Nationaal Programma Onderwijs", "NPO")]
    assert not of(Kind.ALIAS, suggestions([], [note], known))


def test_two_themes_whose_names_look_alike_are_proposed_as_one() -> None:
    alike = [*THEMES, Theme("th_zeer", "Betrokkenheid van ouders")]
    (one,) = of(Kind.MERGE, suggestions([], [], alike))
    assert {one.theme, one.other} == {"th_ouders", "th_zeer"}
    assert not of(Kind.MERGE, suggestions([], [], THEMES))


def test_no_word_of_a_quote_or_an_offer_carries_a_proposal() -> None:
    quoted = [Told(note.id, {"quote": note.parts["takeaway"]}, group=note.group) for note in POOL]
    offered = [Told(note.id, {"offer": note.parts["takeaway"]}, group=note.group) for note in POOL]
    assert not suggestions(quoted, quoted, THEMES) and not suggestions(offered, offered, THEMES)


def test_many_notes_that_resemble_each_other_propose_a_theme_without_a_shared_phrase() -> None:
    subjects = (
        (
            "De chauffeur reed om, de bus was vol en het plein leeg.",
            "Zonder chauffeur staat de bus stil bij het plein.",
        ),
        ("De logopedist oefent klanken en luistert naar taal.", "Klanken oefenen met taal lukt bij de logopedist."),
    )
    pool = [
        told(f"n{number:02}", f"{subjects[number % 2][number % 4 // 2]} Dag {number}.", f"g{number % 5}")
        for number in range(30)
    ]
    found = of(Kind.NEW, suggestions(pool, pool, THEMES))
    assert found and all(len(one.carriers) >= 3 for one in found)
