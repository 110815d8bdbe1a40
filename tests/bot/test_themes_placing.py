"""Placing notes under themes: what is sure, what a person has to say, and what fits nowhere."""

import random

from bot.harvest import Theme
from bot.themes.placing import place_notes, settle
from bot.themes.records import Origin, Placed, State, Told

OUDERS = Theme("th_ouders", "Ouderbetrokkenheid", "", ("betrokken ouders", "oudergesprek", "oudercommissie"))
GELD = Theme("th_geld", "Nationaal Programma Onderwijs (NPO)", "NPO", ("tijdelijke middelen",))
OZA = Theme("th_oza", "Onderwijszorgarrangementen", "OZA", ("zorg op school",))
VERVOER = Theme("th_vervoer", "Leerlingenvervoer", "", ("taxibusje", "reistijd"))
THEMES = [OUDERS, GELD, OZA, VERVOER]


def told(name: str, text: str, *, topics: tuple[str, ...] = (), **more: object) -> Told:
    return Told(name, {"takeaway": text}, topics=topics, **more)  # type: ignore[arg-type]  # fields of a note


def only(note: Told, *taught: Told) -> Placed:
    return place_notes([note], THEMES, taught)[note.id]


def test_the_topics_of_a_group_come_first_and_a_sentence_makes_them_sure() -> None:
    text = "De ouders schoven aan bij het oudergesprek. Het NPO betaalt een extra uur per week."
    found = only(told("n1", text, topics=("th_ouders", "th_oza")))
    assert [under.theme for under in found.themes] == ["th_ouders", "th_geld", "th_oza"]
    assert [under.origin for under in found.themes] == [Origin.TOPIC, Origin.NAMED, Origin.TOPIC]
    spot = found.themes[0].spot
    assert spot is not None and text[spot.start : spot.end] == "De ouders schoven aan bij het oudergesprek."


def test_a_topic_of_which_a_note_says_nothing_is_asked_about_and_not_taken_away() -> None:
    found = only(told("n1", "Het oudergesprek begint nu thuis.", topics=("th_ouders", "th_vervoer")))
    assert found.state is State.PLACED and "th_vervoer" in [under.theme for under in found.themes]
    assert [under.theme for under in found.candidates] == ["th_vervoer"]


def test_the_only_topic_of_a_group_is_what_its_note_is_about_in_whatever_words() -> None:
    found = only(told("n1", "We willen elkaar vaker spreken.", topics=("th_oza",)))
    assert [under.theme for under in found.themes] == ["th_oza"] and not found.candidates


def test_what_a_person_said_is_kept_and_what_a_person_refused_is_not_asked_again() -> None:
    text = "Het oudergesprek begint nu thuis."
    found = only(told("n1", text, topics=("th_ouders", "th_vervoer"), refused=frozenset({"th_vervoer"})))
    assert [under.theme for under in found.themes] == ["th_ouders"] and not found.candidates
    found = only(told("n2", text, fits=("th_geld",)))
    assert found.themes[0].theme == "th_geld" and found.themes[0].certainty == 1.0


def test_a_note_that_resembles_two_themes_is_for_a_person_and_one_that_resembles_none_fits_nowhere() -> None:
    taught = [
        told("e1", "De bus rijdt te vroeg, zodat leerlingen op het plein wachten.", fits=("th_vervoer",)),
        told("e2", "De begeleider in de klas helpt leerlingen met een zorgvraag.", fits=("th_oza",)),
    ]
    unsure = only(told("n1", "Een begeleider helpt leerlingen in de bus en op het plein."), *taught)
    assert unsure.state is State.UNSURE
    assert {under.theme for under in unsure.candidates} == {"th_vervoer", "th_oza"}
    assert all(under.spot for under in unsure.candidates)
    assert only(told("n2", "De koffie was lekker en het dak lekt."), *taught).state is State.NOWHERE


def test_a_confirmed_note_teaches_the_next_one() -> None:
    note = told("n9", "De chauffeur rijdt een omweg en komt te laat op het plein aan.")
    assert only(note).state is State.NOWHERE
    taught = [told("e1", "De chauffeur rijdt elke dag een omweg, dus wij komen te laat.", fits=("th_vervoer",))]
    found = only(note, *taught)
    assert found.state is State.PLACED and found.themes[0].theme == "th_vervoer"


def test_a_merged_theme_stands_for_the_one_it_became() -> None:
    merged = Theme("th_oud", "Ouders in beeld", "", ("koffieochtend",), "", "merged", "th_ouders")
    found = place_notes([told("n1", "De koffieochtend was vol.", topics=("th_oud",))], [*THEMES, merged])["n1"]
    assert [under.theme for under in found.themes] == ["th_ouders"]


def test_no_sentence_of_a_quote_is_shown_to_ask_where_a_note_belongs() -> None:
    parts = {"takeaway": "", "quote": "Een begeleider helpt leerlingen in de bus en op het plein."}
    taught = [
        told("e1", "De bus rijdt te vroeg, zodat leerlingen op het plein wachten.", fits=("th_vervoer",)),
        told("e2", "De begeleider in de klas helpt leerlingen met een zorgvraag.", fits=("th_oza",)),
    ]
    assert all(under.spot is None for under in only(Told("n1", parts), *taught).candidates)


# A year of notes: the same programme, month after month

OPENINGS = ("In onze regio", "Op onze school", "Bij ons", "In het overleg", "Deze maand")
SAYINGS = {
    "th_ouders": ("vertelden ouders hoe zij het oudergesprek zien", "kwam de oudercommissie met een plan"),
    "th_geld": ("liep het potje van het NPO leeg", "vroegen we waar de tijdelijke middelen heen gaan"),
    "th_oza": ("kwam er zorg op school voor drie kinderen", "deelden we een OZA met de buren"),
    "th_vervoer": ("reed het taxibusje een uur om", "werd de reistijd weer langer"),
    "": ("lekte het dak van de gymzaal", "kwam er een nieuwe conciërge", "was de taart snel op"),
}
ENDINGS = ("en dat hielp.", "en dat wringt.", "maar niemand weet hoe verder.", "en we proberen het opnieuw.")


def a_year(seed: int) -> list[Told]:
    draw = random.Random(seed)
    notes = []
    for number in range(240):
        theme = draw.choice(list(SAYINGS))
        text = " ".join(
            f"{draw.choice(OPENINGS)} {draw.choice(SAYINGS[theme])} {draw.choice(ENDINGS)}" for _ in range(3)
        )
        notes.append(told(f"n{number:03}", text, group=f"g{number % 9}"))
    return notes


def test_placing_a_year_of_notes_again_moves_at_most_two_in_a_hundred_and_never_a_confirmed_one() -> None:
    notes = a_year(7)
    before = place_notes(notes, THEMES)
    themes = {note: tuple(under.theme for under in placed.themes) for note, placed in before.items()}
    held = frozenset(note for note in list(themes)[::10] if themes[note])
    renamed = [Theme("th_ouders", "Ouders als partner", "", ("partnerschap",)), GELD, OZA,
               Theme("th_vervoer", "Reizen naar school", "", ("het oudergesprek", "potje"))]  # fmt: skip
    again = place_notes(notes, renamed)
    would = [n for n in themes if themes[n] and {u.theme for u in again[n].themes} != set(themes[n])]
    assert len(would) > len(notes) * 0.1, "the new names would move many, or this test shows nothing"
    changed = settle(themes, again, held)
    moved = [note for note in changed if themes[note]]
    assert len(moved) <= len(notes) * 0.02 and not held & set(changed)


def test_the_order_in_which_notes_come_changes_nothing() -> None:
    notes = a_year(3)[:60]
    shuffled = random.Random(1).sample(notes, len(notes))
    assert place_notes(notes, THEMES) == place_notes(shuffled, THEMES)
