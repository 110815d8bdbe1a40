"""A region with a year behind it: ten sessions, a page that was kept, promises, and another region beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlmodel import Session, select

from bot.article import Part
from bot.programme import Role
from bot.promises import Capacity, Event, Place, Promise
from bot.promises import State as Standing
from bot.selection import Group
from bot.trail import Entry, Kind, State, Value
from bot.trail.tying import TieState
from bot.worksessions import WorkSession
from storage import promises, selection, trail
from storage.impressions import ImpressionRow
from storage.trail.tie_rows import TrailTieRow
from tests.handlers.house import TEAM, House, wall

SUBJECTS = (
    "het loket voor ouders", "vervoer naar school", "taal in de klas", "wachttijden", "de overgang naar het mbo",
    "hulp in de klas", "huisvesting", "de overdracht van dossiers", "leerlingen die thuiszitten", "samen inkopen",
)  # fmt: skip
CONCLUSIONS = (
    "Bel ouders voordat er een brief uitgaat.",
    "Spreek per school één vast gezicht af.",
    "Begin klein en laat zien wat het oplevert.",
)


class ReportYear:
    """Five people of Haaglanden and five of the Waterweg; Sanne facilitates Haaglanden, Ineke coordinates."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.own, self.other = house.region("Haaglanden"), house.region("Waterweg")
        for user in ("noor", "femke", "ali", "mira"):
            house.person(user, self.own)
        house.person("sanne", self.own, Role.FACILITATOR)
        for user in ("samir", "youssef", "lotte", "tess", "omar"):
            house.person(user, self.other)
        house.person("ineke", None, Role.COORDINATOR)
        self.days = [date(2021, 1, 14) + timedelta(days=31 * number) for number in range(10)]
        self.sentences: list[list[list[str]]] = []

    def lived(self, sessions: int = 10) -> ReportYear:
        """Let the whole year happen, or its first sessions."""
        self.page()
        for number, day in enumerate(self.days[:sessions]):
            self.sentences.append(self.held(number, day))
        self.tied()
        self.promised()
        return self

    def held(self, number: int, on: date) -> list[list[str]]:
        """One session: a group of Haaglanden and one of the Waterweg, each with five people, and its article."""
        self.house.at(wall(on.year, on.month, on.day, 17))
        session = self.house.session(wall(on.year, on.month, on.day, 13), title=f"Werksessie {number + 1}")
        seats = (("sanne", ("noor", "femke", "ali", "mira")), ("samir", ("youssef", "lotte", "tess", "omar")))
        groups = [
            Group(self.house.world.ids("gr"), session.id, at, (session.topics[at - 1].id,), leader, others)
            for at, (leader, others) in enumerate(seats, start=1)
        ]
        self.house.write(lambda db: selection.save_groups(db, TEAM, groups))
        about = SUBJECTS[number]
        said: Sequence[Sequence[tuple[Part, str]]] = [
            [
                (Part.BODY, f"Over {about} praten scholen en gemeenten nu elke maand met elkaar."),
                (Part.HARD, f"De ene gemeente regelt {about} anders dan de andere."),
                (Part.CONCLUSION, CONCLUSIONS[number % 3]),
                (Part.QUESTION, f"Wie betaalt {about} na dit jaar?"),
                (Part.OFFER, f"Noor maakt een overzicht van wat er is voor {about}."),
            ],
            [
                (Part.BODY, f"In onze wijken gaat {about} via één vast nummer."),
                (Part.QUOTE, f"Met {about} kom je nooit klaar."),
            ],
        ]
        return self.house.article(session, said)

    def page(self) -> None:
        """What people of the two regions wrote down."""
        make, own = self.make, self.own
        make(own, Kind.AMBITION, State.SHARED, title="Elk kind krijgt onderwijs dicht bij huis. Niemand zit thuis.")
        make(own, Kind.FACT, State.SHARED, title="Gemeenten", value="9", year="2019", source="jaarverslag")
        make(own, Kind.FACT, State.SHARED, title="Gemeenten", value="8", year="2021", source="jaarverslag")
        make(own, Kind.PARTNER, title="De Brug", sector="jeugdhulp")
        self.contact = make(own, Kind.CONTACT, title="Femke Ververs", person="femke", address="femke@voorbeeld.nl")
        for name, begins, ends, told in (
            ("Verkennen", "2020-09", "2021-01", ("Iedereen kwam.", "Agenda's liepen uiteen.", "Plan eerst de data.")),
            ("Plan maken", "2021-02", "2021-05", ("De school las mee.", "Het geld stond niet vast.", "")),
            ("Uitvoeren", "2021-06", "", ("", "Personeel wisselt snel.", "")),
        ):
            phase = make(own, Kind.PHASE, title=name, begins=begins, ends=ends)
            for aspect, text in zip(("easy", "hard", "conclusion"), told, strict=True):
                if text:
                    make(own, Kind.EXPERIENCE, parent=phase, title=text, aspect=aspect)
        self.points = []
        for name, background, points in (
            (
                "Eén loket voor ouders",
                "Ouders bellen nu zes loketten. Dat kost weken.",
                ("Wie neemt de telefoon op?", "Ouders lezen mee met het plan."),
            ),
            (
                "Vervoer dichtbij",
                "Kinderen zitten te lang in een busje.",
                ("Hoe lang mag een rit duren?", "Ritten delen met sportclubs."),
            ),
        ):
            kept = make(
                own, Kind.ASSIGNMENT, State.SHARED, title=name, group="Werkgroep " + name.split()[0],
                background=background, goal="Over een jaar merkt elk gezin het.",
            )  # fmt: skip
            self.points += [make(own, Kind.POINT, State.SHARED, parent=kept, title=each) for each in points]
            make(own, Kind.PRECONDITION, parent=kept, title="Alle gemeenten doen mee.", standing="met")
            make(own, Kind.MILESTONE, parent=kept, title="Proef met twee scholen", due="2021-09", standing="busy")
            make(own, Kind.ROLE, parent=kept, title="Projectleider", standing="vacant")
        self.example = make(
            own, Kind.EXAMPLE, State.SHARED, title="Koffie met ouders", what="Elke week staat de deur een uur open.",
            for_whom="ouders van nieuwe leerlingen", success="Het is altijd dezelfde persoon.", failure="In de avond.",
        )  # fmt: skip
        make(self.other, Kind.ADOPTION, State.SHARED, parent=self.example, title="Wij doen het in het buurthuis.")
        make(
            own, Kind.OBSTACLE, State.SHARED, title="Het dossier mag niet mee", effect="Elke school begint opnieuw.",
            asked="Mag het met een handtekening?", standing="answered", answer="Dat mag, als beide ouders tekenen.",
        )  # fmt: skip
        make(own, Kind.REQUEST, State.SHARED, title="Wie helpt ons met een jurist?", sort="expertise", standing="taken")
        for year, reached in (("2020", "64"), ("2021", "41")):
            self.indicator(own, "Thuiszitters", "minder dan 50", reached, year)
        self.indicator(own, "Ritten langer dan een uur", "10", "", "")
        self.indicator(self.other, "Thuiszitters", "minder dan 80", "72", "2021")
        self.evaluation = make(
            own, Kind.EVALUATION, title="Het loket staat er.", approach="We begonnen met twee scholen.",
            intended="Ouders bellen nog maar één nummer.", unintended="Het loket kreeg ook vragen over geld.",
            advice="Zet iemand aan de telefoon die mag beslissen.",
        )  # fmt: skip
        make(own, Kind.REVIEW, title="Vaste data hielpen.", missed="Tijd om te lezen.", advice="Plan de data vooraf.")
        make(own, Kind.DECLARATION, title="De Brug en negen scholen", what="Samen één loket.", on="2020-11-05")
        make(own, Kind.EVENT, title="De wethouder kwam langs.", on="2021-03-11", sort="contact")
        make(own, Kind.QUESTION, title="Wie neemt het loket over na de proef?")

    def indicator(self, region: str, title: str, aimed: str, reached: str, year: str) -> str:
        source = "telling van de regio" if reached else ""
        return self.make(
            region, Kind.INDICATOR, State.SHARED, title=title, aimed=aimed, reached=reached, year=year, source=source,
            effect="intended",
        )  # fmt: skip

    def make(
        self, region: str | None, kind: Kind, state: State = State.KEPT, *, parent: str | None = None, person: str = "",
        **texts: str,
    ) -> str:  # fmt: skip
        values = {name: Value(text) for name, text in texts.items() if text}
        if person:
            values["person"] = Value("", person)
        entry = Entry(self.house.world.ids("te"), TEAM, region, kind, values, state, parent)
        self.house.write(lambda db: trail.make(db, entry, "noor", self.house.clock.at))
        return entry.id

    def tied(self) -> None:
        """Somebody tied the notes of two sessions to the first point, as a whole."""

        def save(db: Session) -> None:
            for words in (SUBJECTS[0], SUBJECTS[5]):
                for row in db.exec(select(ImpressionRow).where(ImpressionRow.team_id == TEAM)):
                    if f"Over {words} praten" in row.takeaway:
                        db.add(
                            TrailTieRow(
                                point_id=self.points[0], kind="impression", thing_id=row.id, team_id=TEAM,
                                state=TieState.KEPT.value, reason="person", impression_id=row.id, version=1,
                                by_user="noor", at=self.house.clock.at,
                            )
                        )  # fmt: skip
            db.flush()

        self.house.write(save)

    def promised(self) -> None:
        """Noor said yes to four offers: one was kept, one moved, one stands and one is off."""

        def save(db: Session) -> None:
            states = (Standing.KEPT, Standing.MOVED, Standing.ACCEPTED, Standing.DROPPED)
            rows = [each for each in db.exec(select(ImpressionRow).where(ImpressionRow.team_id == TEAM)) if each.offer]
            for number, (row, state) in enumerate(zip(sorted(rows, key=lambda r: r.id), states, strict=False)):
                now = self.house.clock.at
                promise = Promise(
                    f"pm_{number}", TEAM, row.work_session_id or "", row.group_id or "", row.id,
                    Place(row.id, "offer", 0, len(row.offer)), "f", "noor", "sanne", now, state,
                    due=date(2021, 12, 1), agreed_at=now,
                )  # fmt: skip
                promises.save(db, promise, Event(now, "noor", Capacity.OWNER, None, state))

        self.house.write(save)

    def confirmed(self) -> None:
        """Femke says that her name may be shown."""

        def save(db: Session) -> None:
            entry = trail.one(db, TEAM, self.contact)
            assert entry is not None
            trail.confirm(db, entry, "femke", self.house.clock.at)

        self.house.write(save)

    def shared(self, entry_id: str) -> None:
        def save(db: Session) -> None:
            entry = trail.one(db, TEAM, entry_id)
            assert entry is not None
            trail.settle(db, replace(entry), State.SHARED, "sanne", self.house.clock.at)

        self.house.write(save)


__all__ = ["CONCLUSIONS", "SUBJECTS", "ReportYear", "WorkSession"]
