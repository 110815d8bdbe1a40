"""A region's trail in the size of a real one, with invented texts: seven phases, three assignments, seven parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from bot.trail import Entry, Kind, State, Value
from storage import programme, trail
from storage.database import Database

AT = datetime(2021, 6, 1, 9, tzinfo=UTC)
AMBITION = "In onze dorpen en wijken groeit elk kind op met school dichtbij en hulp op tijd."
PARTNERS = (
    ("Basisscholen De Linde", "Onderwijs"), ("Stichting Voortgezet Leren", "Onderwijs"), ("Mbo De Werf", "Onderwijs"),
    ("Speciaal onderwijs De Brug", "Onderwijs"), ("Kinderopvang Zonnehof", "Kinderopvang"),
    ("Gemeente Oosterdam", "Gemeenten"), ("Gemeente Westerkoog", "Gemeenten"), ("Gemeente Noordeind", "Gemeenten"),
    ("Wijkteams Samen", "Zorg en welzijn"), ("Jeugdgezondheid Delta", "Zorg en welzijn"),
    ("Hogeschool aan het Water", "Kennis"),
)  # fmt: skip
FACTS = (
    ("Gemeenten", "19", "2009"),
    ("Gemeenten", "16", "2020"),
    ("Leerlingen in het speciaal onderwijs", "3.400", ""),
)
PHASES = (
    ("Kennismaken", "2019-03", "2019-05", ("Mensen met plezier in het werk vinden",), ("Wie schuift zeker aan?",),
     ("Wij gaan ervoor",)),
    ("Verkennen en de aanpak kiezen", "2019-06", "2019-10", ("In gesprek komen",),
     ("Ieder wil iets anders", "Draagvlak kost tijd"), ("Zonder proef gaan we door",)),
    ("Afspreken en tekenen", "2019-10", "2019-10", (), (), ()),
    ("Tellen waar we staan", "2019-11", "2020-01", ("Scholen delen hun cijfers",),
     ("Cijfers verschillen per gemeente",), ()),
    ("Richting geven: wat doen we nu, en wat doen we op de lange termijn in alle dorpen en wijken samen", "2020-01",
     "2020-12", ("Korte lijnen",), ("Geld voor later vinden",), ()),
    ("Uitbreiden", "2021-03", "", (), (), ()),
    ("Gewoon gaan doen", "", "", (), (), ()),
)  # fmt: skip
ASSIGNMENTS = (
    ("Eén lijn van opvang tot vervolgonderwijs", "Werkgroep Doorgaan",
     ("Op tijd zien wat een kleuter nodig heeft", "Wanneer werkt een knooppunt goed?", "Houden we dit vol?",
      "Hoe gaat het met de kinderen zonder zorgvraag?", "Een warme overstap naar het voortgezet onderwijs")),
    ("Onderwijs dichtbij voor wie meer nodig heeft", "Ontwikkeltafel Dichtbij",
     ("Welke groep leerlingen is waar?", "De reis naar school is te lang")),
    ("Een plan voor onze schoolgebouwen", "Werkgroep Gebouwen",
     ("Een school in elk dorp, kan dat?", "Opvang en school onder één dak")),
)  # fmt: skip
PARTS = (
    ("Bestaande plannen bij elkaar brengen", "2021-02-01", "done"), ("Samen een visie schrijven", "2021-05", "done"),
    ("Nieuwe vormen uitproberen", "2021-09-01", "busy"), ("Afspraken over geld", "2021-12", "to_do"),
    ("Volgen wat het oplevert", "", "to_do"), ("Laten zien wat er gebeurt", "", "to_do"),
    ("Planning en begroting", "2021-07-01", "to_do"),
)  # fmt: skip
PRECONDITIONS = (
    ("Alle gemeenten en besturen doen mee", "met"), ("Afspraken gelden overal", "unmet"),
    ("Eén lijn in het beleid", "unmet"), ("We delen wat we weten", "met"), ("Iemand houdt de cijfers bij", "unmet"),
)  # fmt: skip
ROLES = (
    ("Opdrachtgever", "Wethouder van Oosterdam", "filled"), ("Opdrachtnemer", "Directeur van De Brug", "filled"),
    ("Projectleider", "", "vacant"), ("Projectgroep", "Iemand van elke gemeente", "filled"),
)  # fmt: skip
CRITERIA = (
    ("Alle partijen staan achter de aanmelding", "parties"), ("De vraag is duidelijk", "question"),
    ("De aanpak past bij de vraag", "approach"), ("Het resultaat is omschreven", "result"),
    ("Er is een indicator bij elk resultaat", "indicator"),
)  # fmt: skip


def seed(database: Path, region: str = "Haaglanden") -> None:
    """Write it all into a database of which no bot runs."""
    opened = Database(str(database))
    try:
        opened.write_now(lambda db: _seed(db, region))
    finally:
        opened.close()


def _seed(db: Session, name: str) -> None:
    (team,) = [each.team for each in programme.programmes(db)]
    (region,) = [each.id for each in programme.regions(db, team) if each.name == name]
    for entry in entries(team, region):
        trail.make(db, entry, "", AT)


def entries(team: str, region: str) -> Iterator[Entry]:
    """Every entry, parents first."""
    number = iter(range(1, 1000))

    def made(kind: Kind, parent: str | None = None, place: str | None = region, **texts: str) -> Entry:
        values = {name: Value(text) for name, text in texts.items() if text}
        return Entry(f"te_t{next(number):03}", team, place, kind, values, State.KEPT, parent)

    yield made(Kind.AMBITION, title=AMBITION)
    for title, sector in PARTNERS:
        yield made(Kind.PARTNER, title=title, sector=sector)
    for title, value, year in FACTS:
        yield made(Kind.FACT, title=title, value=value, year=year)
    for title in ("Ouders als bondgenoot", "Thuiszitters", "Netwerken leren"):
        yield made(Kind.COMMUNITY, title=title)
    for title, begins, ends, *said in PHASES:
        phase = made(Kind.PHASE, title=title, begins=begins, ends=ends)
        yield phase
        for aspect, texts in zip(("easy", "hard", "conclusion"), said, strict=True):
            for text in texts:
                yield made(Kind.EXPERIENCE, phase.id, title=text, aspect=aspect)
    for number_, (title, group, points) in enumerate(ASSIGNMENTS):
        about = {} if number_ != 1 else {
            "background": "Veel leerlingen reizen elke dag meer dan een uur naar school.",
            "challenge": "Zes gemeenten, negen besturen en een kaart vol grenzen.",
            "goal": "Meer rust voor jongeren en ouders, in hun eigen omgeving.",
        }  # fmt: skip
        assignment = made(Kind.ASSIGNMENT, title=title, group=group, **about)
        yield assignment
        for text in points:
            yield made(Kind.POINT, assignment.id, title=text)
        if number_ == 1:
            for title_, due, standing in PARTS:
                yield made(Kind.MILESTONE, assignment.id, title=title_, due=due, standing=standing)
            for title_, standing in PRECONDITIONS:
                yield made(Kind.PRECONDITION, assignment.id, title=title_, standing=standing)
            for title_, who, standing in ROLES:
                yield made(Kind.ROLE, assignment.id, title=title_, who=who, standing=standing)
    for title, asks in CRITERIA:
        yield made(Kind.CRITERION, place=None, title=title, asks=asks)
    yield made(Kind.PHASE_NAME, place=None, title="Kennismaken")
    yield made(Kind.PHASE_NAME, place=None, title="Terugkijken")
    yield made(Kind.REQUEST, title="Een spreker over samen plannen maken", sort="speaker", standing="open")
    yield made(Kind.EVENT, title="Het eerste gesprek met de gemeenten.", on="2019-03-12", sort="contact")
