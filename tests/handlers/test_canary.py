"""A note goes through every way in which it can be remembered, is withdrawn, and is nowhere any more.

Every word of the note holds the canary, so that no part of it can hide: what is looked for are bytes of the database
and of its log, what every message would say, exports, and log lines.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.attachments import Attachment, Kind, State
from bot.impressions import PARTS, Contents, Impression, Source
from bot.impressions.consent import mark_of
from bot.promises import candidates
from handlers import inbox
from handlers.clients import NoInstallation
from handlers.slack import FEATURES, kinds, rhythms
from handlers.terminal import export
from handlers.views.privacy import INVOLVED
from handlers.views.promises import value_of
from storage import attachments as files
from storage import forgetting, schema
from storage import harvest as articles
from storage import impressions as store
from storage import promises as given
from storage.delivery import OutboxRow
from storage.themes import teaching as about
from storage.worksessions import WorkSessionRegionRow
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import TEAM, House, wall
from tests.handlers.test_documents import READ

CANARY = "kanarie"
NAME = "Bontekanarie"
PHRASES = {
    "takeaway": "Kanarietakeaway vloog met ons mee naar school. Kanarietweede zong voor alle ouders.",
    "easy": "Kanariemakkelijk ging het overleg met de ouders.",
    "hard": "Kanariemoeilijk was de planning van het vervoer.",
    "conclusion": "Kanarieconclusie is dat wij eerder gaan praten.",
    "quote": "Kanariecitaat zei dat vragen beter is dan inkopen.",
    "question": "Kanarievraag of de gemeente dit ook betaalt?",
    "example": "Kanarievoorbeeld van een school die het anders doet. Kanarieparkiet keek daar mee.",
    "obstacle": "Kanarieregel zegt dat het budget niet mag schuiven. Kanariekooi staat dicht.",
    "offer": "Ik maak één kanarieaanbod over de regels.",
}
OTHER = "Ook hier zong een kanariezanger mee in de klas."
ROUTES = {
    (kind, name): handler
    for feature in FEATURES
    for kind, table in (
        ("action", feature.ROUTES.actions),
        ("form", feature.ROUTES.forms),
        ("closed", feature.ROUTES.closed),
        ("shortcut", feature.ROUTES.shortcuts),
    )
    for name, handler in table.items()
}


def not_installed(team: str) -> Any:
    """There is no Slack here to look in."""
    raise NoInstallation(team)


class Town:
    """The afternoon with the whole bot behind it; what is owed arrives at once."""

    def __init__(self, folder: Path, location: str | None = None) -> None:
        self.folder = folder
        self.house = House(folder, wall(2021, 6, 17, 15), location=location)
        self.house.world.slack_of = not_installed
        self.region = self.house.region("Haaglanden", "CHL")
        self.room = Afternoon(self.house)
        self.session = self.room.session
        self.house.write(self._in_region)
        self.logged: list[str] = []

    def _in_region(self, db: Any) -> None:
        db.add(WorkSessionRegionRow(work_session_id=self.session.id, region_id=self.region, team_id=TEAM))

    # what people do

    def press(self, name: str, user: str, value: str = "", argument: str = "") -> Any:
        return self.house.answer(ROUTES["action", name], self.house.click("action", name, user, value, argument))

    def hand_in(self, name: str, user: str, fields: dict[str, str], kind: str = "form", **metadata: str) -> Any:
        blank = dict.fromkeys((*PARTS, INVOLVED), "") if name.startswith("impressions.") else {}
        click = self.house.click(
            kind, name, user, fields=blank | fields, metadata=json.dumps(metadata), view_id=f"V{len(self.logged)}",
        )  # fmt: skip
        answer = self.house.answer(ROUTES[kind, name], click)
        assert not answer.ack or answer.ack.get("response_action") != "errors", answer.ack
        return answer

    def say(self, user: str, text: str, ts: str) -> None:
        """Write to the bot alone."""
        body = {"type": "message", "user": user, "ts": ts, "text": text, "channel_type": "im"}
        for feature in FEATURES:
            for handler in feature.ROUTES.events.get("message", ()):
                click = self.house.click("event", "message", user, channel="DL", ts=ts, body=body, key=f"e:{ts}")
                self.house.answer(handler, click)

    def delete(self, ts: str, channel: str) -> None:
        """Take a message away."""
        body = {"deleted_ts": ts, "previous_message": {"ts": ts}, "channel_type": "im"}
        for feature in FEATURES:
            for handler in feature.ROUTES.events.get("message_deleted", ()):
                click = self.house.click("event", "message_deleted", "", channel=channel, body=body, key=f"d:{ts}")
                self.house.answer(handler, click)

    def note(self, source: Source) -> Impression:
        (found,) = [one for one in self.room.kept() if one.source is source and one.author != "youssef"]
        return found

    def tick(self, at: datetime) -> None:
        self.house.at(at)
        for rhythm in rhythms():
            self.house.do(rhythm.tick(self.house.world, at))
        self.arrive()

    def arrive(self) -> None:
        self.house.arrive(*{row.kind for row in self.rows()})

    # where the words can be

    def rows(self) -> list[OutboxRow]:
        return self.house.read(lambda db: list(db.exec(select(OutboxRow).order_by(col(OutboxRow.id)))))

    def drawn(self) -> dict[str, str]:
        """What every message says, as it is drawn now: the newest state of each."""
        renders, said = kinds(), dict[str, str]()
        for row in self.rows():
            if row.operation != "remove":
                body = self.house.draw(row, renders)
                said[row.target_key or row.key] = (
                    f"{body.text} {[block.to_dict() for block in body.blocks]} {body.file!r}" if body else ""
                )
        return said

    def bytes(self) -> bytes:
        """Everything on disk, after what Oogst does itself to tidy up."""
        self.house.do(self.house.database.tidy())
        return postgres.content(self.house.database.location)

    def exported(self) -> str:
        """What `oogst export` writes for somebody who works beside the bot."""
        out = self.folder / f"export{len(self.logged)}"
        self.logged.append("")
        settings = self.folder / "settings.env"
        settings.write_text(f"OOGST_DATABASE={self.house.database.location}\nOOGST_LANGUAGE=nl\n")
        export.export(settings, out)
        return "".join(READ[path.suffix[1:]](path.read_bytes())[0] for path in sorted(out.glob("*")))

    def tables(self, words: str = CANARY) -> str:
        """Where in the tables the canary still is, for the message of a failing test."""
        found = []
        with self.house.database.engine.connect() as connection:
            for name in inspect(connection).get_table_names():
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                    if words in str(row).casefold():
                        found.append(f"{name}: {row}")
        return "\n".join(found)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.house.database.close()


def live(town: Town, *, kept: bool = False) -> dict[str, Impression]:
    """Let a note go everywhere: typed, shared, changed, objected to, promised, quoted, published, told, reminded."""
    room = town.room
    # a form that is closed halfway, opened again and shared; then changed, with a draft of that change left behind
    town.hand_in("impressions.share", "sanne", {"takeaway": PHRASES["takeaway"]}, kind="closed", group="gr_a")
    town.hand_in("impressions.share", "sanne", {**PHRASES, INVOLVED: f"{NAME} Vogel"}, group="gr_a")
    form = town.note(Source.FORM)
    changed = {**PHRASES, "easy": f"{PHRASES['easy']} Kanarieversie is nieuw."}
    town.hand_in("impressions.change", "sanne", changed, impression=form.id)
    town.hand_in("impressions.change", "sanne", {**changed, "hard": "Kanarieklad."}, kind="closed", impression=form.id)
    # a reply and a message to the bot
    room.reply("lotte", "Ook wij zagen kanarieantwoord bij ons op school.", "7.1")
    town.say("lotte", "Wij zagen een kanariebericht dat iedereen moet horen.", "7.2")
    town.house.at(town.house.clock.now() + timedelta(minutes=1))
    # a file that was read, and one that is kept beside it
    read = Impression(
        "im_file", TEAM, town.session.id, "gr_a", Source.FILE, "sanne", Contents("Kanariebestand zegt genoeg."),
        town.house.clock.now(), town.house.clock.now(),
    )  # fmt: skip
    town.house.write(lambda db: store.save(db, read, []))
    for number, (state, note) in enumerate(((State.READ, read.id), (State.KEPT, None))):
        one = Attachment(
            f"at_{number}", TEAM, f"F{number}", state, "CWS", "8.1", "sanne", town.house.clock.now(),
            work_session=town.session.id, group="gr_a", impression=note, name=f"kanariebrief{number}.txt",
            kind=Kind.TEXT, size=5, permalink=f"https://voorbeeld.slack.com/files/F{number}/kanariebrief.txt",
        )  # fmt: skip
        town.house.write(lambda db, one=one: files.save(db, one))
    # somebody objects, and takes that back; the others say yes
    form = town.note(Source.FORM)
    town.hand_in(
        "impressions.object", "noor", {"reason": "Kanariebezwaar tegen dit verslag."}, impression=form.id,
        version=str(form.version),
    )  # fmt: skip
    town.arrive()
    assert CANARY in str(town.drawn()).casefold()
    town.press("impressions.agree", "noor", f"{form.id}:{form.version}")
    town.press("impressions.agree", "lotte", f"{form.id}:{form.version}")
    # whose the quote is, and that it may be used with a name
    town.press("impressions.quote_by", "sanne", "noor", form.id)
    town.press("impressions.quote_answer", "noor", f"{form.id}:{mark_of(form.contents.quote)}", "named")
    # a promise, in the words of who gives it, wanted by somebody else
    (candidate, *_) = candidates(form)
    town.hand_in("promises.ask", "sanne", {"sentence": value_of(candidate), "owner": "lotte", "due": "2021-09-09"})
    (promise,) = town.house.read(lambda db: given.of_impression(db, TEAM, form.id))
    town.press("promises.accept", "lotte", promise.id)
    town.hand_in("promises.change", "lotte", {"own_words": "Kanariebelofte: één blad.", "due": ""}, promise=promise.id)
    town.press("promises.want", "youssef", promise.id)
    # the other group, so that there is an article; read as files, published, told to the region, reminded
    room.share("youssef", "gr_b", takeaway="De ouders praten vanaf het begin mee.")
    # the other group says the same word, so that it is proposed as a theme; and one note is an example of a theme
    room.share("youssef", "gr_b", takeaway=OTHER)
    other = next(one for one in room.kept() if one.contents.takeaway == OTHER)
    theme = town.session.topics[0].theme
    assert theme
    town.house.write(lambda db: about.confirm(db, TEAM, form.id, theme, "ineke", town.house.clock.now()))
    town.arrive()
    town.house.at(wall(2021, 6, 21, 9))
    article = town.house.read(lambda db: articles.of_session(db, TEAM, town.session.id))
    assert article is not None
    for form_of in ("html", "md"):
        town.press("harvest.more", "ineke", f"{form_of}:{article.id}")
    town.tick(wall(2021, 6, 21, 10))
    article = town.house.read(lambda db: articles.of_session(db, TEAM, town.session.id))
    assert article is not None
    town.press("harvest.publish", "ineke", f"{article.id}:{article.version}")
    town.arrive()
    town.say("noor", "Wat vloog met ons mee naar school?", "7.3")  # and somebody asks
    town.tick(wall(2021, 6, 22, 9))
    town.tick(wall(2021, 6, 22, 9, 5))
    if kept:
        town.press("promises.done", "lotte", promise.id)
        town.arrive()
    assert town.note(Source.DIRECT)
    # somebody reads the harvest document of the theme, and takes it along
    theme = town.session.topics[0].theme
    town.hand_in("theme_harvest.choose", "lotte", {"theme": theme})
    for form_ in ("docx", "md"):
        town.press("theme_harvest.file", "lotte", f"{form_}:{theme}")
    town.arrive()
    return {"form": town.note(Source.FORM), "reply": town.note(Source.REPLY), "file": read, "other": other}


def withdraw(town: Town, notes: dict[str, Impression]) -> None:
    """Each by the way that its writer has: a button, deleting the message, taking back the files."""
    town.press("impressions.decline", "sanne", notes["form"].id)
    town.delete("7.1", "CWS")
    town.delete("7.2", "DL")
    town.press("attachments.decline", "sanne", "CWS:8.1")
    town.press("impressions.decline", "youssef", notes["other"].id)
    town.arrive()


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(False, id="with a promise that stands", marks=pytest.mark.matrix),
        pytest.param(True, id="with a promise that was kept"),
    ],
)
def test_k1_a_withdrawn_note_is_nowhere(
    town: Town, caplog: pytest.LogCaptureFixture, cases: Callable[[int], None], kept: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary = set(Path(tempfile.gettempdir()).iterdir())
    with capture_logs() as lines:
        notes = live(town, kept=kept)
        before = town.drawn()
        told = {key.split(":")[0] for key, said in before.items() if CANARY in said.casefold()}
        expected = {
            "impressions.post", "harvest.draft", "harvest.article", "harvest.file", "digest.post", "promises.ask",
            "impressions.consent", "themes.proposed", *(["promises.kept"] if kept else []),
        }  # fmt: skip
        assert expected <= told, "the note went everywhere, else this test says nothing"
        assert CANARY in town.exported().casefold()
        assert CANARY.encode() in town.bytes().lower()
        canaries = sorted(set(re.findall(rb"kanarie[a-z]+", town.bytes().lower())))
        # a file also has what was typed before, in its log; a server only shows what is in the tables now
        assert len(canaries) >= (15 if postgres.ON_POSTGRESQL else 20), canaries
        assert NAME.lower().encode() not in town.bytes().lower(), "a listed name is kept nowhere, not for a moment"

        withdraw(town, notes)
        town.tick(wall(2021, 6, 22, 10))
        assert CANARY not in town.tables().casefold(), town.tables()
        assert CANARY.encode() not in town.bytes().lower(), "the tables are clean, and yet the file is not"
        for key, said in town.drawn().items():
            assert CANARY not in said.casefold(), f"{key} still says it"
        assert CANARY not in town.exported().casefold()

        # whatever stands in Slack that said it is owed a change, and files are taken away
        changed = {row.target_key for row in town.rows() if row.operation in ("update", "remove")}
        now_said = town.drawn()
        for key, said in before.items():
            if CANARY in said.casefold():
                assert key in changed, f"{key} stands in Slack as it was"
                assert now_said[key], f"{key} is owed a change that says nothing, and stands as it was"

        # later: next week's digest, the reminder of the promise, the opening of the next session, a restart
        for later in (wall(2021, 6, 29, 9), wall(2021, 9, 2, 9), wall(2021, 9, 9, 9), wall(2021, 9, 16, 13)):
            town.tick(later)
        assert CANARY not in str(town.drawn()).casefold()
        town.house.do(inbox.tick(town.house.world, wall(2021, 9, 17, 9)))
        assert CANARY.encode() not in town.bytes().lower()
        left = town.bytes()
        for canary in canaries:
            assert canary not in left and canary.capitalize() not in left and canary not in left.lower(), canary
        assert town.house.read(lambda db: [forgetting.note_left(db, TEAM, note.id) for note in notes.values()]) == [
            [] for _ in notes
        ]
    assert CANARY not in f"{lines} {caplog.text}".casefold()
    for made in set(Path(tempfile.gettempdir()).iterdir()) - temporary:
        assert not made.is_file() or CANARY.encode() not in made.read_bytes().lower(), "a temporary file"
    cases(len(canaries))


@postgres.sqlite_only("the copy beside a file")
def test_k1_a_copy_made_before_an_update_holds_the_note_until_it_is_deleted(town: Town) -> None:
    town.room.share("sanne", **PHRASES)
    location = str(town.folder / "oogst.db")
    schema.downgrade(location, "0007")
    schema.upgrade(location)
    town.press("impressions.decline", "sanne", town.note(Source.FORM).id)
    assert not town.tables()
    assert CANARY.encode() in town.bytes().lower(), "docs/privacy.md says so"
    schema.forget_copies(location, datetime.max.replace(tzinfo=town.house.clock.now().tzinfo))
    assert CANARY.encode() not in town.bytes().lower()


def test_k1_a_quote_that_its_speaker_takes_back_is_nowhere_and_the_rest_stays(town: Town) -> None:
    form, quote = live(town)["form"], "kanariecitaat"
    before = town.drawn()
    assert sum(quote in said.casefold() for said in before.values()) >= 4
    town.press("impressions.quote_withdraw", "noor", f"{form.id}:{form.version}")
    town.arrive()
    town.tick(wall(2021, 6, 22, 10))
    town.tick(wall(2021, 6, 29, 9))
    assert not town.tables(quote)
    assert quote.encode() not in town.bytes().lower()
    changed, now_said = {row.target_key for row in town.rows() if row.operation in ("update", "remove")}, town.drawn()
    for key, said in before.items():
        assert quote not in now_said[key].casefold(), f"{key} still says it"
        if quote in said.casefold():
            assert key in changed and now_said[key], f"{key} stands in Slack as it was"
    exported = town.exported().casefold()
    assert quote not in exported and "kanarieconclusie" in exported
