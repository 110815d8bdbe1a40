"""A workspace's own word for region reads as if our sentences had been written with it."""

import pytest

from bot.calling import Calling
from bot.plural import plural


@pytest.mark.parametrize(
    ("word", "text", "says"),
    [
        ("netwerk", "Deze regio deelt het met alle regio's.", "Dit netwerk deelt het met alle netwerken."),
        ("netwerk", "Alleen voor de regio zelf.", "Alleen voor het netwerk zelf."),
        ("netwerk", "Kies de andere regio.", "Kies het andere netwerk."),
        ("netwerk", "Dit is van een andere regio.", "Dit is van een ander netwerk."),
        ("netwerk", "Welke regio? Elke regio.", "Welk netwerk? Elk netwerk."),
        ("netwerk", "Regio's en je eigen regio", "Netwerken en je eigen netwerk"),
        ("netwerk", "Regioagenda", "Agenda"),
        ("netwerk", "Minstens hoeveel mensen per regio?", "Minstens hoeveel mensen per netwerk?"),
        ("netwerk", "Je ziet straks welke regio te weinig heeft.", "Je ziet straks welk netwerk te weinig heeft."),
        ("coalitie", "Deze regio en die van een andere regio.", "Deze coalitie en die van een andere coalitie."),
        ("lokale kring", "De regio's", "De lokale kringen"),
        (
            "netwerk",
            "Typ `/oogst regio` in #regio-haaglanden, of --regio.",
            "Typ `/oogst regio` in #regio-haaglanden, of --regio.",
        ),
        ("netwerk", "Regiovisie Jeugdhulp, inspiratieregio's", "Regiovisie Jeugdhulp, inspiratieregio's"),
    ],
)
def test_dutch_sentences_take_the_word_with_its_article(word: str, text: str, says: str) -> None:
    assert Calling(word, "nl").put(text, "nl") == says


def test_english_sentences_take_it_too() -> None:
    assert Calling("alliance", "en").put("A region and all regions.", "en") == "An alliance and all alliances."
    assert Calling("netwerk", "nl").put("{region} of {regions}", "en") == "{region} of {regions}"
    assert Calling("netwerk", "nl").put("the region's page, Regions", "en") == "the netwerk's page, Netwerken"


def test_a_word_that_the_setting_would_not_take_changes_nothing() -> None:
    for word in ("regio", "Region", "", "<!channel>", "x" * 21, "a_b"):
        assert not Calling(word, "nl").fits
    assert Calling("lokale kring", "nl").fits


def test_the_words_that_networks_go_by_have_their_plural() -> None:
    dutch = {
        "regio": "regio's", "netwerk": "netwerken", "coalitie": "coalities", "kring": "kringen", "tafel": "tafels",
        "gemeente": "gemeenten", "groep": "groepen", "cluster": "clusters", "district": "districten",
        "gebied": "gebieden", "team": "teams", "partnerschap": "partnerschappen", "stad": "steden", "wijk": "wijken",
        "samenwerkingsverband": "samenwerkingsverbanden", "provincie": "provincies", "school": "scholen",
        "raad": "raden", "huis": "huizen", "bedrijf": "bedrijven", "rayon": "rayons", "community": "community's",
        "gewest": "gewesten", "stadsdeel": "stadsdelen", "kern": "kernen", "hub": "hubs", "campus": "campussen",
        "keten": "ketens", "werkplaats": "werkplaatsen", "consortium": "consortiums", "kanton": "kantons",
        "alliantie": "allianties", "sector": "sectoren", "afdeling": "afdelingen", "kennisplatform": "kennisplatforms",
    }  # fmt: skip
    assert {word: plural(word, "nl") for word in dutch} == dutch
    english = {"region": "regions", "network": "networks", "community": "communities", "branch": "branches"}
    assert {word: plural(word, "en") for word in english} == english
