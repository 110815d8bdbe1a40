"""The harvest document: months of sessions on one theme, for whoever asks, and never what was withdrawn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.article import Part
from bot.harvest import Claim
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from bot.theme_harvest import ThemeHarvest, compose
from bot.worksessions import WorkSession
from handlers import harvest, impressions, theme_harvest
from handlers.documents import write
from handlers.views.theme_harvest_document import theme_document
from storage import harvest as articles
from storage import selection
from storage import theme_harvest as store
from storage.impressions import ImpressionRow, MaterialRow
from storage.themes import ImpressionThemeRow, ThemeRow
from tests.handlers.house import TEAM, House, wall

KINDS = {**theme_harvest.MESSAGES, **harvest.MESSAGES}
OZA = "Onderwijszorgarrangementen (OZA)"


class Year:
    """Three sessions with OZA; five people from Haaglanden in its group, two from the Waterweg in the other."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.haaglanden, self.waterweg = house.region("Haaglanden"), house.region("Nieuwe Waterweg Noord")
        for user in ("sanne", "noor", "femke", "ali", "mira"):
            house.person(user, self.haaglanden)
        for user in ("youssef", "samir"):
            house.person(user, self.waterweg)
        house.person("ineke", None, Role.COORDINATOR)

    def held(self, on: date, said: Sequence[Sequence[tuple[Part, str]]]) -> WorkSession:
        """A session whose article is out: what each of its two groups said, both on OZA."""
        self.house.at(wall(on.year, on.month, on.day, 17))
        title = f"Werksessie {on.isoformat()}"
        session = self.house.session(wall(on.year, on.month, on.day, 13), title=title, topics=(OZA,))
        people = (("sanne", ("noor", "femke", "ali", "mira")), ("youssef", ("samir",)))
        groups = [
            Group(self.house.world.ids("gr"), session.id, number, (session.topics[0].id,), leader, others)
            for number, (leader, others) in enumerate(people, start=1)
        ]
        self.house.write(lambda db: selection.save_groups(db, TEAM, groups))
        self.house.article(session, said)
        return session

    def material(self, title: str, on: date | None, text: str, first_line: int = 1, themed: bool = True) -> None:
        def save(db: Any) -> None:
            id_ = self.house.world.ids("ma")
            db.add(MaterialRow(id=id_, team_id=TEAM, title=title, on=on, file_name="x", sha=id_, text=text,
                               imported_at=self.house.clock.now()))  # fmt: skip
            db.flush()
            row = ImpressionRow(
                id=self.house.world.ids("im"), team_id=TEAM, material_id=id_, first_line=first_line,
                last_line=first_line,
                source="material", takeaway=text, quote="", created_at=self.house.clock.now(),
                updated_at=self.house.clock.now(),
            )  # fmt: skip
            db.add(row)
            db.flush()
            if themed:
                theme = store.named(db, TEAM, "OZA")
                assert theme is not None
                db.add(ImpressionThemeRow(impression_id=row.id, theme_id=theme.id, team_id=TEAM))
            db.flush()

        self.house.write(save)

    def found(self) -> ThemeHarvest:
        def read(db: Any) -> ThemeHarvest:
            theme = store.named(db, TEAM, "oza")
            assert theme is not None
            return compose(store.gather(db, TEAM, theme))

        return self.house.read(read)

    def text(self, language: str = "nl") -> str:
        return write(theme_document(self.found(), self.house.world.words[language]), "md").decode()

    def ask(self, user: str = "noor", name: str = "oza", **more: Any) -> None:
        self.house.answer(
            theme_harvest.ROUTES.commands["oogst"], self.house.click("command", "oogst", user, name, **more)
        )

    def shown(self, kind: str = "theme_harvest.document") -> str:
        said = []
        for row in self.house.owed(kind):
            if row.operation == "post":
                body = self.house.draw(row, KINDS)
                assert body is not None
                said.append(json.dumps([block.to_dict() for block in body.blocks], ensure_ascii=False))
        return "\n".join(said)

    def withdraw(self, words: str) -> None:
        rows = self.house.read(
            lambda db: list(db.exec(select(ImpressionRow).where(col(ImpressionRow.withdrawn_at).is_(None))))
        )
        (note,) = [row for row in rows if words in f"{row.takeaway}{row.quote}{row.offer}{row.question}"]
        self.house.answer(impressions.ROUTES.actions["impressions.decline"],
                          self.house.click("action", "impressions.decline", "sanne", note.id))  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 17))
    yield opened
    opened.database.close()


@pytest.fixture
def year(house: House) -> Year:
    body, question = Part.BODY, Part.QUESTION
    asked = "Wie betaalt de begeleider in de klas?"
    made = Year(house)
    made.held(
        date(2021, 6, 17),
        [
            [
                (body, "Scholen vragen de zorg nu vóór de aanvraag aan tafel."),
                (question, asked),
                (Part.OFFER, "Noor maakt een lijst met alle afspraken."),
                (Part.QUOTE, "Vraag het ons eerst."),
            ],
            [
                (body, "In onze regio lukt het overleg met de zorg niet."),
                (body, "Er doen nu 4 scholen mee aan de proef."),
            ],
        ],
    )
    made.held(
        date(2021, 9, 16),
        [
            [
                (body, "In onze regio lukt het overleg met de zorg goed."),
                (Part.EXAMPLE, "Een school zette een zorgtafel in de hal."),
            ],
            [(body, "Er doen nu 9 scholen mee aan de proef."), (question, asked)],
        ],
    )
    made.held(
        date(2021, 11, 18),
        [
            [(body, "Ouders kennen de weg naar het loket nog niet.")],
            [(Part.CONCLUSION, "Eén vast gezicht werkt beter dan een formulier.")],
        ],
    )
    return made


def test_the_document_tells_per_theme_what_was_said_and_where(year: Year) -> None:
    text = year.text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        "Wat regio's zeggen",
        "Citaten",
        "Voorbeelden",
        "Vragen die openstaan",
        "Aanbod, en wat ervan kwam",
        "Hier zeggen bronnen iets anders",
        "Hoe vaak het terugkwam",
        "Bronnen",
    ]
    assert "**Haaglanden:**" in text and "donderdag 16 september 2021" in text
    (asked,) = [row for row in text.splitlines() if "Wie betaalt de begeleider in de klas?" in row]
    assert asked.count("#bron-") == 2, "what is asked again is told once, with both who asked"
    assert "Gezegd tussen donderdag 17 juni 2021 en donderdag 18 november 2021" in text
    assert "12 gepubliceerde zinnen van 6 groepen in 3 werksessies" in text
    assert "| donderdag 17 juni 2021 | 2 | 6 |" in text
    assert "zonder AI gemaakt" in text


def test_sentences_that_do_not_agree_stand_beside_each_other(year: Year) -> None:
    pairs = {(one.one.text, one.other.text, one.why) for one in year.found().contrasts}
    assert ("In onze regio lukt het overleg met de zorg niet.", "In onze regio lukt het overleg met de zorg goed.",
            "negation") in pairs  # fmt: skip
    assert ("Er doen nu 4 scholen mee aan de proef.", "Er doen nu 9 scholen mee aan de proef.", "number") in pairs


def test_figures_of_different_years_both_stand_with_their_year(year: Year) -> None:
    year.material("Zorgplicht in Noordland", date(2007, 3, 1), "De regio Noordland telt 19 gemeenten met een OZA.", 34)
    year.material("Noordland nu", None, "In Noordland werken 16 gemeenten aan een OZA sinds 2020.", 3)
    text = year.text()
    part = text[text.index("## Cijfers verschillen per jaar") : text.index("## Hoe vaak")]
    assert part.index("**2007:** “De regio Noordland telt 19 gemeenten") < part.index(
        "**2020:** “In Noordland werken 16"
    )
    assert "Zorgplicht in Noordland · donderdag 1 maart 2007 · regel 34" in text
    assert "Noordland nu · het stuk noemt 2020 · regel 3" in text


def test_a_small_group_is_named_by_neither_number_nor_region(year: Year) -> None:
    text = year.text()
    assert "een kleine groep" in text and "groep 2" not in text and "Waterweg" not in text
    assert "groep 1 · Haaglanden" in text


def test_every_sentence_is_cut_and_has_a_source_with_a_date(year: Year) -> None:
    found = year.found()
    published = {one.id: one.text for one in year.house.read(lambda db: articles.published_sentences(db, TEAM))}
    listed = [*found.told, *found.examples, *found.questions, *found.quotes, *(offer.said for offer in found.offers)]
    assert listed and all(published[one.id] == one.text for one in listed)
    document = theme_document(found, year.house.world.words["nl"])
    assert all(re.search(r"\b20\d\d\b", "".join(run.text for run in source.line)) for source in document.sources)


def test_a_theme_that_is_only_proposed_has_no_document(year: Year, house: House) -> None:
    def propose(db: Any) -> None:
        for row in db.exec(select(ThemeRow)):
            row.status = "proposed"
            db.add(row)

    house.write(propose)
    assert house.read(lambda db: store.shown(db, TEAM)) == []
    assert house.read(lambda db: store.named(db, TEAM, "OZA")) is None


def test_who_asks_gets_it_once_and_in_their_own_messages(year: Year, house: House) -> None:
    for _ in range(2):
        year.ask(key="c:1")
    (sent,) = [row for row in house.owed("theme_harvest.document") if ":p" not in row.key]
    assert sent.user_id == "noor"
    assert "Scholen vragen de zorg" in year.shown()
    house.stranger("weg", None, deleted=True)
    with pytest.raises(Refused):
        year.ask("weg")


@pytest.mark.parametrize("kind", ["docx", "pdf", "html", "md"])
def test_it_is_taken_along_as_a_file(year: Year, house: House, kind: str) -> None:
    theme = year.found().theme
    click = house.click("action", "theme_harvest.file", "noor", f"{kind}:{theme.id}")
    house.answer(theme_harvest.ROUTES.actions["theme_harvest.file"], click)
    (row,) = house.owed("theme_harvest.file")
    body = house.draw(row, KINDS)
    assert body is not None and body.file and body.file_name.endswith(f"-oogstdocument-onderwijszorgarrange.{kind}")


def test_what_is_withdrawn_leaves_the_documents_that_people_have(year: Year, house: House) -> None:
    theme = year.found().theme
    year.ask()
    house.answer(theme_harvest.ROUTES.actions["theme_harvest.file"],
                 house.click("action", "theme_harvest.file", "noor", f"md:{theme.id}"))  # fmt: skip
    house.arrive("theme_harvest.document", "theme_harvest.file")
    assert "Scholen vragen de zorg" in year.shown()
    year.withdraw("Scholen vragen de zorg")
    assert "Scholen vragen de zorg" not in year.shown() and "Scholen vragen de zorg" not in year.text()
    assert [row.operation for row in house.owed("theme_harvest.file")] == ["file", "remove", "file"]
    assert "update" in [row.operation for row in house.owed("theme_harvest.document")]


def test_the_same_sentences_give_the_same_document_in_any_order(year: Year) -> None:
    def read(db: Any) -> Any:
        theme = store.named(db, TEAM, "oza")
        assert theme is not None
        return store.gather(db, TEAM, theme)

    found = year.house.read(read)
    turned = type(found)(**{name: getattr(found, name) for name in found.__dataclass_fields__} | {
        "sentences": tuple(reversed(found.sentences))})  # fmt: skip
    assert compose(found) == compose(turned)


def test_the_longest_documents_stay_within_slacks_limits(house: House) -> None:
    made = Year(house)
    parts = (Part.BODY, Part.QUESTION, Part.OFFER)
    long = "Woord & " * 60 + "einde {}."
    for month in range(1, 5):
        made.held(date(2021, month, 7), [
            [(part, long.format(f"{month} {part} {n}")) for part in parts for n in range(6)]
            for _ in range(2)
        ])  # fmt: skip
    made.ask()
    assert len(house.owed("theme_harvest.document")) > 1
    made.shown()


def test_earlier_material_that_does_not_name_the_theme_stays_out_and_so_do_contact_details(year: Year) -> None:
    year.material("Jaarverslag", date(2020, 3, 1), "Wij kochten nieuwe tafels voor de kantine van het gebouw.")
    year.material("Folder", date(2020, 3, 1), "Over de OZA weet Ineke meer. Mail haar op ineke@voorbeeld.nl voor hulp.")
    text = year.text()
    assert "kantine" not in text and "@" not in text
    assert "**2020:** “Over de OZA weet Ineke meer.”" in text


def test_claims_stand_above_the_sentences_with_the_marks_of_what_they_rest_on(year: Year) -> None:
    def read(db: Any) -> Any:
        theme = store.named(db, TEAM, "oza")
        assert theme is not None
        return store.gather(db, TEAM, theme)

    found = year.house.read(read)
    (one, other) = (s for s in found.sentences if "scholen mee" in s.text)
    written = Claim("Het aantal scholen in de proef verschilt per keer.", (one.id, other.id), found.theme.id)
    made = theme_document(compose(replace(found, written=(written,))), year.house.world.words["nl"])
    text = write(made, "md").decode()
    assert text.index("## In het kort") < text.index("## Wat regio's zeggen")
    assert re.search(r"verschilt per keer\. \[\\\[1\\\]\]\(#bron-1\) \[\\\[2\\\]\]\(#bron-2\)", text), text
    assert "met AI geschreven" in text and "zonder AI gemaakt" not in text
