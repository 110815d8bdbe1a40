"""A workspace in which Noor's things stand beside somebody else's, and a second workspace that has people of hers.

Whatever a button or form can name is there twice: `own` for Noor, `other` for a group, region or person not hers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session, select

from bot.article import Part
from bot.attachments import Attachment, Kind
from bot.attachments import State as FileState
from bot.impressions import PARTS, Contents, Impression, QuoteUse, Source
from bot.impressions.consent import Withdrawal
from bot.introductions import Introduction
from bot.introductions import State as Meeting
from bot.problem import Refused
from bot.programme import Programme, Role
from bot.promises import candidates
from bot.proposals import Proposal
from bot.selection import Group
from bot.selection.pairs import Pair, PairState
from bot.trail import Entry, Origin, Value
from bot.trail import Kind as Sort
from bot.trail import State as Standing
from bot.trail.looking_back import Round
from bot.worksessions import State
from handlers.clients import NoInstallation
from handlers.routing import Answer, Click
from handlers.slack import FEATURES
from handlers.views.promises import value_of
from handlers.world import World, read_account
from storage import (
    attachments,
    delivery,
    drafts,
    impressions,
    introductions,
    memory,
    programme,
    proposals,
    selection,
    trail,
)
from storage import harvest as articles
from storage import promises as given
from storage.digest.changes import DigestChangeRow
from storage.impressions import MaterialRow
from storage.memory import Asked, AskedIn, AskedState
from storage.programme import MemberRow
from storage.themes.rows import ThemeCandidateRow
from tests.handlers import polled
from tests.handlers.house import TEAM, House, wall
from tests.handlers.seated import Hearing

ELSEWHERE = "T2"
"""Another workspace in the same database."""
ACTOR = "noor"
NOW = wall(2021, 6, 17, 15)
KINDS = {"action": "actions", "form": "forms", "closed": "closed", "command": "commands", "shortcut": "shortcuts"}
ROUTES: Mapping[tuple[str, str], Callable[[Click, World], Coroutine[Any, Any, Answer]]] = {
    (kind, name): handler
    for feature in FEATURES
    for kind, table in KINDS.items()
    for name, handler in getattr(feature.ROUTES, table).items()
}
SECRET = {"own": "Het eigen kanariegeheim blijft hier.", "other": "Het andere kanariegeheim blijft daar."}


def not_installed(team: str) -> Any:
    """There is no Slack here."""
    raise NoInstallation(team)


@dataclass
class Watching(Hearing):
    """A world that also keeps what a form that is open shows next, and knows what Slack says of people."""

    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def show(self, team: str, view_id: str, view: View) -> None:
        self.opened.append(view.to_dict())

    async def open(self, click: Click, view: View, *, push: bool = False) -> None:
        self.opened.append(view.to_dict())

    async def enrol(self, team: str, user: str) -> None:
        account = read_account(self.accounts[user], team) if user in self.accounts else None
        if account is not None:
            await self.database.write(lambda db: programme.save_account(db, team, account))


@dataclass
class Scene:
    """The house, what can be named in it, and a copy of it to go back to."""

    house: House
    own: dict[str, str]
    other: dict[str, str]
    shared: dict[str, str]
    keep: sqlite3.Connection = field(repr=False, default_factory=lambda: sqlite3.connect(":memory:"))

    def things(self, where: str) -> dict[str, str]:
        """The ids that a button or form carries: Noor's own, or those of others; of both what is everybody's."""
        return {**self.shared, **(self.own if where == "own" else self.other)}

    def remember(self) -> None:
        """From now on `restore` goes back to how it is now."""
        with closing(sqlite3.connect(self.house.database.location)) as file:
            file.backup(self.keep)

    def snapshot(self) -> sqlite3.Connection:
        """Return a copy of how it is now."""
        copy = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.house.database.location)) as file:
            file.backup(copy)
        return copy

    def restore(self, copy: sqlite3.Connection | None = None) -> None:
        """Put everything back to how it was at the beginning, or in this copy."""
        with closing(sqlite3.connect(self.house.database.location)) as file:
            (copy or self.keep).backup(file)

    def role(self, user: str, role: Role, team: str = TEAM, *also: Role) -> None:
        """Give somebody this role; a standing comes with granted roles that must not count any more."""
        granted = {Role.OUTSIDER, Role.DEACTIVATED, Role.GUEST}
        roles = ",".join(sorted({role, *also, *((Role.COORDINATOR, Role.ADMIN) if role in granted else ())}))

        def save(db: Session) -> None:
            row = db.get_one(MemberRow, (team, user))
            row.roles = roles
            db.add(row)

        self.house.write(save)

    def dump(self, team: str | None = TEAM) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of a workspace (None: of all), but for the trail of refusals and the keys of what was handled."""
        found = {}
        with closing(sqlite3.connect(self.house.database.location)) as file:
            names = [n for (n,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
            for name in names:
                columns = [each[1] for each in file.execute(f'PRAGMA table_info("{name}")')]
                if "team_id" in columns and name not in ("audit", "audit_head", "inbox"):
                    query, values = (f'SELECT * FROM "{name}"', ())
                    if team is not None:
                        query, values = f"{query} WHERE team_id = ?", (team,)
                    found[name] = sorted(file.execute(query, values), key=repr)
        return found

    def changed(self, before: dict[str, list[tuple[Any, ...]]], team: str | None = TEAM) -> list[str]:
        """The tables in which rows of this workspace are others than before."""
        after = self.dump(team)
        return [name for name in after if after[name] != before[name]]

    async def outcome(self, click: Click) -> str:
        """Let the real handler answer: the key of its refusal, "problems" for a form that stays open, else ""."""
        try:
            answer = await ROUTES[click.kind, click.name](click, self.house.world)
        except Refused as refused:
            return refused.key
        for work in answer.then:
            work.close()
        return "problems" if (answer.ack or {}).get("response_action") == "errors" else ""

    @property
    def versions(self) -> sqlite3.Connection:
        """A connection that sees by `PRAGMA data_version` whether anything at all was written."""
        return sqlite3.connect(self.house.database.location)


def note(scene_id: str, session: str, group: str, author: str, text: str, **more: Any) -> Impression:
    return Impression(
        scene_id,
        TEAM,
        session,
        group,
        Source.FORM,
        author,
        Contents(text, quote=more.pop("quote", ""), **more),
        NOW,
        NOW,
    )


def build(folder: Path) -> Scene:
    """Make both workspaces. Noor sits in the first group and region, Samir in the second."""
    house = House(folder, NOW)
    reached = {each.name: getattr(house.world, each.name) for each in fields(World) if not each.name.startswith("_")}
    house.world = Watching(**{**reached, "slack_of": not_installed})
    own: dict[str, str] = {}
    other: dict[str, str] = {}
    one, two = house.region("Haaglanden"), house.region("Waterweg")
    own["region"], other["region"] = one, two
    for user in ("noor", "sanne", "lotte", *(f"a{n}" for n in range(5))):
        house.person(user, one)
    for user in ("samir", "youssef", *(f"b{n}" for n in range(5))):
        house.person(user, two)
    house.person("ineke", None, Role.COORDINATOR)
    session = house.session(wall(2021, 6, 17, 13))
    first, second = session.topics
    groups = [
        Group("gr_a", session.id, 1, (first.id,), "sanne", ("noor", "lotte")),
        Group("gr_b", session.id, 2, (second.id,), "youssef", ("samir",)),
    ]
    choosing = house.session(wall(2021, 6, 24, 13), title="Werksessie 24 juni", state=State.CHOOSING)
    planned = house.session(wall(2021, 9, 16, 13), title="Werksessie 16 september", state=State.PLANNED)
    house.write(lambda db: selection.save_groups(db, TEAM, groups))
    for mine, group, who, leader, partner in (
        (own, "gr_a", "noor", "sanne", "lotte"), (other, "gr_b", "samir", "youssef", "youssef"),
    ):  # fmt: skip
        where, secret = ("own", SECRET["own"]) if mine is own else ("other", SECRET["other"])
        topic = first if mine is own else second
        texts = {"offer": f"Wij delen het kanarieplan {where}."}
        made = {
            "note": note(f"im_{where}", session.id, group, leader, secret, quote=f"Kanariecitaat {where}.", **texts),
            "mine": note(f"im_{where}_mine", session.id, group, who, f"{secret} Ook dit.", **texts),
        }
        made["note"] = replace(made["note"], quote_by=who, quote_use=QuoteUse.ASKED)
        for key, each in made.items():
            house.write(lambda db, e=each, t=topic: impressions.save(db, e, [t.theme]))
            mine[key] = each.id
        house.write(lambda db, e=made["note"]: impressions.set_quote(db, e))
        house.write(lambda db, e=made["note"], by=leader: impressions.ask_speaker(db, e, by, NOW))
        gone = Withdrawal(mine["note"], 9, who, NOW, "m", (), (("takeaway", 0, 5),), 1)
        house.write(lambda db, g=gone: impressions.withdrew(db, TEAM, g))
        press(house, "action", "digest.less", who, value=mine["region"])
        mine["change"] = house.read(lambda db, r=mine["region"]: _changes(db, r))
        mine |= {"group": group, "person": who, "partner": partner, "topic": topic.id}
        _promises(house, mine, made, who, partner)
        _attachments(house, mine, session.id, group, who, where)
        asked = Asked(
            f"qu_{where}", TEAM, who, f"Wat kost {where} vervoer?", AskedIn.DIRECT, f"D{who}", f"9{len(own)}.1", "",
            AskedState.UNKNOWN, NOW,
        )  # fmt: skip
        house.write(lambda db, a=asked: memory.save(db, a))
        proposal = Proposal(f"pr_{where}", TEAM, f"Kanarievoorstel {where}", f"Kanarievoorstel {where}", "", who, NOW)
        house.write(lambda db, p=proposal: proposals.save(db, [p]))
        house.write(lambda db, p=proposal.id, w=who: proposals.back(db, TEAM, p, w, NOW))
        pair = Pair(f"pa_{where}", choosing.id, "ineke" if mine is own else "lotte", who, PairState.ASKED, NOW)
        house.write(lambda db, p=pair: selection.ask_pair(db, TEAM, p))
        candidate = ThemeCandidateRow(impression_id=mine["mine"], theme_id=topic.theme, team_id=TEAM, certainty=0.5,
                                      field="takeaway", start=0, end=5)  # fmt: skip
        house.write(lambda db, c=candidate: db.add(c))
        mine |= {"asked": asked.id, "proposal": proposal.id, "pair": pair.id, "theme": str(topic.theme)}
    shared = {"session": session.id, "choosing": choosing.id, "planned": planned.id, "offer": choosing.topics[0].id}
    shared["offer2"] = choosing.topics[1].id
    _introductions(house, own, other, one, two)
    _trail(house, own, other)
    shared["unplaced"] = _documents(house, own, other)
    _dates(house, shared)
    shared["asked_file"] = own["file_asked"]
    shared["which_ts"] = _waiting(house)
    _elsewhere(house)
    scene = Scene(house, own, other, shared)
    scene.remember()
    return scene


def press(house: House, kind: str, name: str, user: str, **more: Any) -> Answer:
    metadata = more.pop("metadata", None)
    click = house.click(kind, name, user, metadata=json.dumps(metadata) if metadata else "", **more)
    return house.answer(ROUTES[kind, name], click)


def _promises(house: House, mine: dict[str, str], made: Mapping[str, Impression], who: str, partner: str) -> None:
    """One that this person is asked for, one that they said yes to, and one that they had somebody else asked for."""
    for key, source, by, owner in (
        ("promise", "note", made["note"].author, who), ("given", "mine", who, partner),
    ):  # fmt: skip
        (sentence, *_) = candidates(made[source])
        fields_ = {"sentence": value_of(sentence), "owner": owner, "due": "2021-09-09"}
        press(house, "form", "promises.ask", by, fields=fields_)
        (found,) = house.read(lambda db, s=made[source].id: given.of_impression(db, TEAM, s))
        mine[key] = found.id
        mine["sentence_value"] = value_of(sentence)


def _attachments(house: House, mine: dict[str, str], session: str, group: str, who: str, where: str) -> None:
    for number, (key, state) in enumerate((("file", FileState.KEPT), ("file_asked", FileState.ASKED))):
        of_group = {"work_session": session, "group": group} if state is FileState.KEPT else {}
        file = Attachment(
            f"at_{where}_{number}", TEAM, f"F{where}{number}", state, "CWS", f"8{number}.{len(where)}", who, NOW,
            name=f"kanariebrief-{where}.txt", kind=Kind.TEXT, size=5, permalink="https://voorbeeld.slack.com/files/F",
            **of_group,
        )  # fmt: skip
        house.write(lambda db, f=file: attachments.save(db, f))
        mine[key] = file.id
        mine[f"{key}_at"] = f"{file.channel}:{file.ts}"


def _introductions(house: House, own: dict[str, str], other: dict[str, str], one: str, two: str) -> None:
    """A session of last week, published, in which each region had a group; and who was put in touch over it."""
    held = house.session(wall(2021, 6, 10, 13), title="Werksessie 10 juni")
    topics = [topic.id for topic in held.topics]
    groups = [
        Group("gr_asks", held.id, 1, (topics[0],), "sanne", ("lotte", *(f"a{n}" for n in range(5)))),
        Group("gr_knows", held.id, 2, (topics[1],), "youssef", ("samir", *(f"b{n}" for n in range(5)))),
    ]
    house.write(lambda db: selection.save_groups(db, TEAM, groups))
    said = [
        [(Part.QUESTION, "Wie betaalt het vervoer naar de opvang?")],
        [(Part.EXAMPLE, "Drie gemeenten betalen het.")],
    ]
    ((question,), (answer,)) = house.article(held, said)
    notes = {s.id: s.run.impression for a in [_article(house, held.id)] for s in a.sentences}
    own["held"] = other["held"] = held.id
    own["sentence"], other["sentence"] = question, answer
    own["article"] = other["article"] = _article(house, held.id).id
    for mine, asks, knows, us, them, who, whom in (
        (own, question, answer, one, two, "noor", "samir"), (other, answer, question, two, one, "samir", "lotte"),
    ):  # fmt: skip
        base = Introduction("", TEAM, asks, notes[asks], knows, notes[knows], us, them, None, 1.0, NOW)
        asked = {"state": Meeting.ASKED, "deadline": NOW + timedelta(days=7)}
        for key, more in (
            ("intro", {}),
            ("intro_started", {"starter": who, "answerer": whom, "question_impression": f"{who}1", **asked}),
            ("intro_asked", {"starter": "sanne", "answerer": who, "question_impression": f"{who}2", **asked}),
        ):  # fmt: skip
            new = replace(base, id=f"in_{who}_{key}", **more)
            house.write(lambda db, n=new: introductions.save(db, n))
            mine[key] = new.id


def _trail(house: House, own: dict[str, str], other: dict[str, str]) -> None:
    """Each region has an assignment, something that was found, a contact and an example; both read the second's."""
    for mine, where in ((own, "own"), (other, "other")):
        for kind, name, state, values in (
            (Sort.ASSIGNMENT, "assignment", Standing.KEPT, {"title": Value(f"Kanarieopdracht {where}.")}),
            (Sort.PHASE, "phase", Standing.KEPT, {"title": Value(f"Kanariefase {where}."), "begins": Value("2021-03")}),
            (Sort.PHASE, "reached", Standing.SHARED, {"title": Value(f"Fase {where}."), "ends": Value("2020")}),
            (Sort.APPLICATION, "draft", Standing.KEPT,
             {"title": Value(f"Kanarieplan {where}"), "question": Value("Hoe?"), "standing": Value("draft")}),
            (Sort.APPLICATION, "handed", Standing.KEPT,
             {"title": Value(f"Kanarieplan {where}"), "standing": Value("handed_in")}),
            (Sort.EVENT, "found", Standing.PROPOSED, {"title": Value(f"Kanarievondst {where}.")}),
            (Sort.CONTACT, "contact", Standing.KEPT, {"title": Value("Naam"), "person": Value("", mine["person"])}),
            (
                Sort.QUESTION,
                "dilemma",
                Standing.KEPT,
                {"title": Value(f"Kanariekeuze {where}?"), "sort": Value("dilemma")},
            ),
            (Sort.EXAMPLE, "example", Standing.SHARED, {"title": Value("Samen"), "what": Value("Eén huis.")}),
            (Sort.EXAMPLE, "unshared", Standing.KEPT, {"title": Value(f"Kanarie {where}"), "what": Value("Een huis.")}),
            (Sort.OBSTACLE, "rule", Standing.KEPT, {"title": Value(f"Kanarieregel {where}"), "effect": Value("-")}),
            (Sort.OBSTACLE, "settled_rule", Standing.KEPT,
             {"title": Value(f"Kanarieregel {where}"), "answer": Value("Het mag."), "standing": Value("answered")}),
            (Sort.OBSTACLE, "asked_rule", Standing.KEPT,
             {"title": Value(f"Kanariewet {where}"), "manager": Value("", mine["person"])}),
            (Sort.REQUEST, "asked", Standing.KEPT,
             {"title": Value(f"Kanarievraag {where}"), "manager": Value("", mine["person"])}),
        ):  # fmt: skip
            entry = Entry(f"te_{name}_{where}", TEAM, mine["region"], kind, values, state)
            by = mine["partner"] if name in ("unshared", "reached") else ""
            house.write(lambda db, e=entry, by=by: trail.make(db, e, by, NOW))
            mine[name] = entry.id
        for kind, name, above, values in (
            (Sort.PRECONDITION, "needed", "assignment", {"title": Value("Samen"), "standing": Value("unmet")}),
            (Sort.ROLE, "vacancy", "assignment", {"title": Value("Trekker"), "standing": Value("vacant")}),
            (Sort.PARTY, "party", "unsigned",
             {"title": Value("Bestuur"), "person": Value("", mine["person"]), "standing": Value("asked")}),
        ):  # fmt: skip
            parent = mine.get(above) or f"te_{above}_{where}"
            if above == "unsigned":
                plan = Entry(parent, TEAM, mine["region"], Sort.APPLICATION, {"title": Value("Plan")})
                house.write(lambda db, e=plan: trail.make(db, e, "", NOW))
            below = Entry(f"te_{name}_{where}", TEAM, mine["region"], kind, values, parent=parent)
            house.write(lambda db, e=below: trail.make(db, e, "", NOW))
            mine[name] = below.id
        asked = Round(f"rn_{where}", TEAM, Sort.REVIEW, "Voorjaar", "ineke", NOW, NOW + timedelta(days=9))
        house.write(lambda db, a=asked: trail.open_round(db, a, ()))
        mine["round"] = asked.id
    own["own_example"], other["own_example"] = own["example"], other["example"]
    own["reached"], other["reached"] = other["reached"], own["reached"]
    for kind, name, values in (
        (Sort.CRITERION, "criterion", {"title": Value("Een vraag."), "asks": Value("question")}),
        (Sort.RESOURCE, "money", {"title": Value("Regeling"), "until": Value("2022")}),
    ):
        shared = Entry(f"te_{name}", TEAM, None, kind, values)
        house.write(lambda db, e=shared: trail.make(db, e, "ineke", NOW))
        own[name] = other[name] = shared.id
    own["elsewhere"], other["elsewhere"] = other["region"], own["region"]
    own["example"] = other["example"]
    for user in ("youssef", own["person"], other["person"]):  # who is on no list answers nothing
        manager = {"title": Value("Accountmanager"), "person": Value("", user)}
        one = Entry(f"te_manager_{user}", TEAM, None, Sort.ACCOUNT_MANAGER, manager)
        house.write(lambda db, e=one: trail.make(db, e, "ineke", NOW))


def _documents(house: House, own: dict[str, str], other: dict[str, str]) -> str:
    """Each region has a document in which something was found; one more waits for a region, and its id is returned."""
    for name, mine in (("own", own), ("other", other), ("nowhere", None)):
        region = mine["region"] if mine else None
        row = MaterialRow(id=f"ma_{name}", team_id=TEAM, title="Verslag", file_name=f"{name}.txt", sha=name,
                          text=f"Verslag\n\nKanarieregel {name}.", imported_at=NOW)  # fmt: skip
        entry = Entry(f"te_read_{name}", TEAM, region, Sort.EVENT, {"title": Value(f"Kanarieregel {name}.")},
                      Standing.PROPOSED, origin=Origin(row.id, row.title, 3, 3))  # fmt: skip
        house.write(lambda db, r=row: db.add(r))
        house.write(lambda db, e=entry: trail.make(db, e, "", NOW))
        if mine:
            mine["paper"] = f"ma_{name}"
    return "ma_nowhere"


def _article(house: House, session: str) -> Any:
    return house.read(lambda db: articles.of_session(db, TEAM, session))


def _changes(db: Session, region: str) -> str:
    return db.exec(select(DigestChangeRow.id).where(DigestChangeRow.region_id == region)).one()


def _waiting(house: House) -> str:
    """Noor wrote to the bot, which asks her of which group that is; returns the ts of the question."""

    def ask(db: Session) -> None:
        drafts.keep_waiting(db, TEAM, ACTOR, "DNOOR", "7.7", "Wij gaan eerder praten.", ["gr_a", "gr_b"], NOW)
        arguments = {"user": ACTOR, "channel": "DNOOR", "ts": "7.7"}
        key = "impressions.which:DNOOR:7.7"
        delivery.plan(db, team=TEAM, key=key, kind="impressions.which", arguments=arguments, user=ACTOR, now=NOW)

    house.write(ask)
    house.arrive("impressions.which")
    at = house.read(lambda db: delivery.sent(db, TEAM, "impressions.which:DNOOR:7.7"))
    assert at is not None
    return at[1]


def _dates(house: House, shared: dict[str, str]) -> None:
    held = house.read(lambda db: _newest_held(db))
    poll = polled.make_poll(house, held)
    shared |= {"poll": poll.id, "option": poll.standing[0].id, "poll_version": str(poll.version)}


def _newest_held(db: Session) -> Any:
    from storage import worksessions

    return next(each for each in worksessions.newest(db, TEAM) if each.title == "Werksessie 10 juni")


def _elsewhere(house: House) -> None:
    """The other workspace: the same user ids, a region, a session with a group; none of it knows the first."""
    settings = Programme(ELSEWHERE, "nl", "Europe/Amsterdam", "regio", "ander geheim", "UBOT2")

    def save(db: Session) -> None:
        programme.save_programme(db, settings)
        region, _ = programme.save_region(db, ELSEWHERE, "Elders", "CELDERS", "rg_elsewhere")
        for user in ("noor", "samir", "ineke"):
            programme.save_account(db, ELSEWHERE, programme.Account(user, user.title(), "nl-NL"))
            programme.save_member(
                db, ELSEWHERE, user, name=user.title(), region_id=region, roles=frozenset({Role.PARTICIPANT})
            )

    house.write(save)


def note_fields(takeaway: str, **parts: str) -> dict[str, str]:
    """Everything that stands in the form in which an impression is shared."""
    return dict.fromkeys(PARTS, "") | {"takeaway": takeaway} | parts
