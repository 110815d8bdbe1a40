"""Questions: what counts as one, where it is answered, from what, and what becomes of it when nothing is known."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.article import Part
from bot.encoding import decode
from bot.harvest.words import words as words_of
from bot.impressions import Contents, Impression, Source
from bot.material import Material, Passage, PassageKind, recognise
from bot.memory.records import Says, SourceKind
from bot.memory.records import Source as Found
from bot.problem import Refused
from bot.programme import Role
from bot.selection import Group
from handlers import digest, memory
from handlers.routing import Answer
from handlers.slack import router
from handlers.views import memory as views
from handlers.words import catalogues
from storage import delivery, harvest, impressions, material, selection
from storage import memory as store
from storage.memory import AskedState
from storage.themes import theme_for
from storage.themes.rows import ThemeRow
from tests import postgres
from tests.conftest import ROOT
from tests.handlers.house import TEAM, House, wall

OZA = "Onderwijszorgarrangementen (OZA)"
PAYS = "De school en de gemeente betalen de zorg in de klas nu elk voor de helft."
WHO = "Welk deel betaalt de gemeente straks?"
PAGE = "Ik maak één pagina met wat er speelt rond OZA."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 15))
    region = made.region("Haaglanden", "CHL")
    made.person("noor", region)
    made.person("samir", region)
    made.person("sanne", region, Role.FACILITATOR)
    made.person("ineke", None, Role.COORDINATOR)
    yield made
    made.database.close()


@pytest.fixture
def told(house: House) -> House:
    """The house with one published article."""
    session = house.session(wall(2021, 6, 17, 13))
    house.article(
        session,
        [
            [(Part.BODY, PAYS), (Part.QUESTION, WHO), (Part.OFFER, PAGE)],
            [(Part.BODY, "Zonnepanelen op het schooldak leveren meer op dan wij dachten.")],
        ],
    )
    return house


def event(house: House, name: str, user: str, text: str, **more: Any) -> None:
    """Let every feature hear an event, in the order in which the bot does."""
    ts = more.pop("ts", "9.1")
    body = {"type": name, "user": user, "text": text, "ts": ts, **more.pop("body", {})}
    key = more.pop("key", f"e:{name}:{user}:{text}:{ts}")
    click = house.click("event", name, user, channel=more.pop("channel", "DN"), ts=ts, body=body, key=key, **more)
    handlers = every_route()._events[name]

    async def hear() -> None:
        for handler in handlers:
            answer = await handler(click, house.world)
            for work in answer.then:
                if "whisper" in getattr(work, "__qualname__", "") or "help" in getattr(work, "__qualname__", ""):
                    work.close()
                else:
                    await work

    house.do(hear())


every_route = cache(router)


def ask(house: House, text: str, user: str = "noor", **more: Any) -> None:
    event(house, "message", user, text, body={"channel_type": "im"}, **more)


def mention(house: House, text: str, user: str = "noor", thread: str = "", **more: Any) -> None:
    body = {"channel_type": "channel", "thread_ts": thread}
    event(house, "app_mention", user, f"<@UBOT> {text}", body=body, channel="CWS", thread_ts=thread, **more)


def command(house: House, text: str, user: str = "noor") -> list[str]:
    """Use the command, and return what was whispered back."""
    name, _, rest = text.partition(" ")
    click = house.click("command", name.casefold(), user, rest, body={"text": text}, channel="CWS")
    whispered: list[str] = []

    async def hear(_click: Any, said: str, blocks: Any = (), **_: Any) -> None:
        whispered.append(shown(blocks) or said)

    async def use() -> None:
        for work in (await memory.ROUTES.commands["*"](click, house.world)).then:
            await work

    house.world.whisper = hear
    house.do(use())
    return whispered


def said(house: House, kind: str = "memory.answer", language: str | None = None) -> str:
    """The newest message of a kind, as it is drawn now: its text and all blocks."""
    row = [each for each in house.owed(kind) if each.operation == "post"][-1]
    body = house.draw(row, dict(memory.MESSAGES), language)
    assert body is not None
    return shown(body.blocks) or body.text


def shown(blocks: Any) -> str:
    """What a message says without its buttons."""
    found = []
    for block in (each.to_dict() for each in blocks):
        texts = [block.get("text"), *block.get("elements", [])] if block["type"] != "actions" else []
        found += [str(each["text"]) for each in texts if each and "text" in each and each["type"] != "button"]
    return "\n".join(found)


def the_question(house: House) -> store.Asked:
    (row,) = [each for each in house.owed("memory.answer") if each.operation == "post"][-1:]
    found = house.read(lambda db: store.one(db, TEAM, row.key.split(":")[1]))
    assert found is not None
    return found


def press(house: House, name: str, user: str = "noor", argument: str = "") -> Answer:
    click = house.click("action", name, user, the_question(house).id, argument)
    return house.answer(memory.ROUTES.actions[name], click)


def test_a_direct_message_that_asks_gets_sentences_with_source_and_date(told: House) -> None:
    ask(told, "Wat weten we over onderwijszorgarrangementen?")
    answer = said(told)
    assert PAYS in answer and WHO in answer and PAGE in answer
    assert "Zonnepanelen" not in answer
    assert "[1] Werksessie 17 juni · " in answer and "17 juni 2021" in answer
    assert "Gezocht in 4 impressies" in answer


def test_every_sentence_of_an_answer_has_a_number_and_every_number_a_source(told: House) -> None:
    ask(told, "Wat weten we over OZA?")
    answer = said(told)
    for line in answer.splitlines():
        if line.startswith(("“", "*Lotte")):
            assert line.rstrip().endswith("]"), line
    for number in (1, 2, 3):
        assert answer.count(f"[{number}]") == 2, "once behind the sentence, once before its source"


def test_an_answer_has_at_most_a_hundred_and_twenty_words(house: House) -> None:
    session = house.session(wall(2021, 6, 17, 13))
    long = (
        "Over onderwijszorgarrangementen zeggen wij in punt {} dat het "
        + "samen met de ouders en de school " * 3
        + "gaat."
    )
    house.article(session, [[(Part.BODY, long.format(number)) for number in range(12)]])
    for language in ("nl", "en"):
        ask(house, "Wat weten we over OZA?", key=f"k{language}")
        assert 40 < len(words_of(said(house, language=language))) <= 120


def test_the_same_event_twice_is_answered_once(told: House) -> None:
    for _ in range(2):
        ask(told, "Wat weten we over OZA?", key="e:same")
    assert len([row for row in told.owed("memory.answer") if row.operation == "post"]) == 1


def test_a_mention_is_answered_in_its_thread_and_for_everybody(told: House) -> None:
    mention(told, "wat weten we over OZA", ts="7.5")
    (row,) = [each for each in told.owed("memory.answer") if each.operation == "post"]
    assert (row.channel_id, '"thread_ts": "7.5"' in row.arguments) == ("CWS", True)
    mention(told, "wat weten we over OZA", thread="7.0", ts="7.6")
    assert (
        '"thread_ts": "7.0"' in [each for each in told.owed("memory.answer") if each.operation == "post"][-1].arguments
    )


@pytest.mark.parametrize("typed", ["oza", "wat weten we over OZA", "Onderwijs-zorg-arangementen?", "WAT IS OZA"])
def test_the_command_looks_up_whatever_is_no_command(told: House, typed: str) -> None:
    *_, answer = command(told, typed)  # on a slow machine a word that it is looked up comes first
    assert PAYS in answer and "Zonnepanelen" not in answer
    assert told.owed("memory.answer") == [], "it is answered where it was typed, and nowhere else"


def test_a_known_command_stays_a_command() -> None:
    table = every_route()._tables["command"]
    assert table["hulp"] is not table["*"] and table["nieuw"] is not table["*"]


def test_what_nobody_knows_is_said_so_and_can_wait_for_the_digest(told: House) -> None:
    ask(told, "Wie heeft ervaring met een zwembad voor kleuters?")
    assert "Hier weten we nog niets over. Zal ik de vraag in het oogstbericht zetten?" in said(told)
    assert told.read(lambda db: store.waiting_questions(db, TEAM, None)) == []
    press(told, "memory.wait")
    (waits,) = told.read(lambda db: store.waiting_questions(db, TEAM, None))
    assert waits.text == "Wie heeft ervaring met een zwembad voor kleuters?"
    assert "gaat mee in het oogstbericht" in said(told)
    press(told, "memory.take_back")
    assert told.read(lambda db: store.waiting_questions(db, TEAM, None)) == []
    assert "Je vraag is weggehaald." in said(told)
    assert the_question(told).text == ""


def test_who_says_no_leaves_no_words_behind(told: House) -> None:
    ask(told, "Wie heeft ervaring met een zwembad voor kleuters?")
    press(told, "memory.let_go")
    assert the_question(told).text == "" and the_question(told).state is AskedState.CLOSED


def test_nobody_else_can_let_a_question_wait(told: House) -> None:
    ask(told, "Wie heeft ervaring met een zwembad voor kleuters?")
    with pytest.raises(Refused, match="gone"):
        press(told, "memory.wait", "samir")


def test_a_question_with_what_must_not_be_kept_is_not_kept(told: House) -> None:
    ask(told, "Wat weten we over de leerling met nummer 111222333?")
    assert told.owed("memory.answer") == []
    assert told.read(lambda db: db.connection().exec_driver_sql("SELECT count(*) FROM question").scalar()) == 0


def test_a_question_to_a_region_stands_in_its_channel_and_answers_come_back(told: House) -> None:
    other = told.region("Zuid", "CZ")
    told.person("lotte", other)
    ask(told, "Wie heeft ervaring met een zwembad voor kleuters?")
    question = the_question(told)
    fields = {"region": other, "question": "Wie heeft een zwembad voor kleuters?"}
    click = told.click("form", "memory.put", "noor", fields=fields, metadata=f'{{"question": "{question.id}"}}')
    answered = told.answer(memory.ROUTES.forms["memory.put"], click)
    assert not answered.ack
    (row,) = [each for each in told.owed("memory.question") if each.operation == "post"]
    assert row.channel_id == f"CZ{other}"
    assert "Iemand uit Haaglanden vraagt:" in said(told, "memory.question")
    assert "Wie heeft een zwembad voor kleuters?" in said(told, "memory.question")
    told.arrive("memory.question")
    ts = told.owed("memory.question")[0].ts or ""
    body = {"channel_type": "channel", "thread_ts": ts}
    event(told, "message", "lotte", "Ja, wij!", body=body, channel=f"CZ{other}", thread_ts=ts, ts="8.8")
    event(told, "message", "lotte", "Nog iets.", body=body, channel=f"CZ{other}", thread_ts=ts, ts="8.9")
    (row,) = told.owed("memory.knows")
    assert row.user_id == "noor"
    assert "<@lotte> (Zuid) schreef iets bij je vraag" in said(told, "memory.knows")
    press(told, "memory.close")
    assert "Deze vraag is beantwoord." in said(told, "memory.question")
    assert the_question(told).text == ""


def test_a_channel_never_reads_what_is_not_published(house: House) -> None:
    session = house.session(wall(2021, 6, 17, 13))
    group = Group("gr_1", session.id, 1, (session.topics[0].id,), "sanne", ("noor",))
    secret = "De wethouder twijfelt nog over onderwijszorgarrangementen."
    now = house.clock.now()
    note = Impression("im_1", TEAM, session.id, "gr_1", Source.FORM, "sanne", Contents(secret), now, now)
    house.write(lambda db: selection.save_groups(db, TEAM, [group]))
    house.write(lambda db: impressions.save(db, note, [session.topics[0].theme]))
    ask(house, "Wat weten we over OZA?", "noor", key="k1")
    assert secret in said(house) and "alleen jij leest dit" in said(house)
    for text, user in (("Wat weten we over OZA?", "samir"),):
        ask(house, text, user, key=f"k{user}")
        assert secret not in said(house)
    mention(house, "Wat weten we over OZA?", "noor")
    assert secret not in said(house)


def test_figures_of_different_years_are_marked(house: House) -> None:
    for number, (on, count) in enumerate(((date(2007, 3, 1), 19), (date(2020, 9, 1), 16))):
        text = f"De regio Zuidrand telt {count} gemeenten en werkt met scholen samen."
        passage = Passage(PassageKind.TEXT, 0, len(text), text, 3, 3)
        document = Material(f"Verslag {number}", on, None, None, (), (passage,), False, text, text)
        house.write(
            lambda db, document=document, number=number: material.save(
                db, TEAM, document, {}, file_name=f"{number}.txt", sha=str(number), told_at=house.clock.now(),
                now=house.clock.now(), new_id=house.world.ids,
            )
        )  # fmt: skip
    ask(house, "Hoeveel gemeenten telt de regio Zuidrand?")
    answer = said(house)
    assert answer.index("16 gemeenten") < answer.index("19 gemeenten"), "newest first"
    assert "De cijfers verschillen per jaar." in answer
    assert "[1] Verslag 1 · regel 3 · 1 september 2020" in answer


@pytest.mark.parametrize(
    "hostile",
    [
        '"" OR * NEAR(a b) terms:x?', "x" * 50_000 + "?", "🙈🙉🙊?", "<!channel> <@U1> OZA?",
        "' ; DROP TABLE search_entry; --?", "AND OR NOT (?", "OZA" + "\u0301" * 40 + "?",
    ],
)  # fmt: skip
def test_a_hostile_question_harms_nothing(told: House, hostile: str) -> None:
    ask(told, hostile)
    command(told, hostile)
    ask(told, "Wat weten we over OZA?", "samir", key="after")
    assert PAYS in said(told)


@pytest.mark.parametrize("typed", ["Wat zeggen groepen over OZA?", "Wat vertelden mensen over OZA?"])
def test_who_is_asked_after_is_not_what_is_asked_about(told: House, typed: str) -> None:
    ask(told, typed)
    assert PAYS in said(told)


def test_a_message_that_is_only_the_name_of_a_theme_is_looked_up_and_other_short_words_are_not(told: House) -> None:
    ask(told, "Fijn gesprek", key="first")
    assert told.owed("memory.answer") == []
    ask(told, "oza", key="second")
    assert PAYS in said(told)


def test_a_person_asks_six_times_a_minute_at_most(told: House) -> None:
    for number in range(9):
        ask(told, "Wat weten we over OZA?", key=f"k{number}")
    assert len([row for row in told.owed("memory.answer") if row.operation == "post"]) == 6


def test_a_thumb_is_kept_without_words(told: House) -> None:
    ask(told, "Wat weten we over OZA?")
    press(told, "memory.vote", argument="no")
    press(told, "memory.vote", argument="yes")
    rows = told.read(lambda db: db.connection().exec_driver_sql("SELECT user_id, helpful FROM answer_vote").fetchall())
    assert [tuple(row) for row in rows] == [("noor", 1)]


@pytest.mark.parametrize(
    "typed", ["Wat weten we over onderwijszorgarrangementen", "Wie betaalt het vervoer van leerlingen?"]
)
def test_a_question_of_who_leads_a_group_is_looked_up_and_never_kept_as_its_impression(told: House, typed: str) -> None:
    session = told.session(wall(2021, 6, 17, 13), title="Vervolg")
    group = Group("gr_open", session.id, 1, (session.topics[0].id,), "sanne", ("noor",))
    told.write(lambda db: selection.save_groups(db, TEAM, [group]))
    ask(told, typed, "sanne")
    assert told.read(lambda db: impressions.of_session(db, TEAM, session.id)) == []
    assert "niet bewaard als impressie van groep 1" in said(told)
    assert told.owed("impressions.which") == []


def test_what_somebody_tells_is_an_impression_and_never_looked_up(told: House) -> None:
    session = told.session(wall(2021, 6, 17, 13), title="Vervolg")
    group = Group("gr_open", session.id, 1, (session.topics[0].id,), "sanne", ("noor",))
    told.write(lambda db: selection.save_groups(db, TEAM, [group]))
    ask(told, "Wij gaan eerst met ouders praten. Wie betaalt het vervoer?", "sanne")
    (kept,) = told.read(lambda db: impressions.of_session(db, TEAM, session.id))
    assert "ouders praten" in kept.contents.takeaway
    assert told.owed("memory.answer") == []


def test_naming_the_bot_in_the_thread_of_a_group_hands_nothing_in(told: House) -> None:
    session = told.session(wall(2021, 6, 17, 13), title="Vervolg")
    group = Group("gr_open", session.id, 1, (session.topics[0].id,), "sanne", ("noor",))
    told.write(lambda db: selection.save_groups(db, TEAM, [group]))
    told.write(
        lambda db: delivery.plan(
            db, team=TEAM, key="selection.group:gr_open", kind="selection.group", arguments={"id": "gr_open"},
            channel="CWS", now=told.clock.now(),
        )
    )  # fmt: skip
    told.arrive("selection.group")
    ts = told.owed("selection.group")[0].ts or ""
    body = {"channel_type": "channel", "thread_ts": ts}
    typed = "<@UBOT> wat weten we over onderwijszorgarrangementen"
    event(told, "message", "sanne", typed, body=body, channel="CWS", thread_ts=ts, ts="9.4")
    assert told.read(lambda db: impressions.of_session(db, TEAM, session.id)) == []


def test_a_question_that_waits_stands_in_the_digest_until_it_is_taken_back(told: House) -> None:
    ask(told, "Wie heeft ervaring met een zwembad voor kleuters?")
    press(told, "memory.wait")
    told.at(wall(2021, 6, 22, 9))
    told.do(digest.RHYTHM.tick(told.world, told.clock.now()))
    row = told.owed("digest.post")[0]
    told.arrive("digest.post")

    def reads() -> str:
        body = told.draw(row, dict(digest.MESSAGES))
        return shown(body.blocks) if body else ""

    assert "Iemand uit Haaglanden vraagt:" in reads() and "zwembad voor kleuters" in reads()
    press(told, "memory.take_back")
    assert "zwembad" not in reads()
    assert [each for each in told.owed("digest.post") if each.operation == "update"], "it is changed where it stands"


def test_what_was_published_before_there_was_an_index_is_taken_in_piece_by_piece(told: House) -> None:
    everything = ["DELETE FROM search_entry", "DELETE FROM search_word", "DELETE FROM search_state"]
    if not postgres.ON_POSTGRESQL:  # there the index has no rows of its own
        everything.append("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    told.write(lambda db: [db.connection().exec_driver_sql(each) for each in everything])
    ask(told, "Wat weten we over OZA?", key="before")
    assert "Hier weten we nog niets over" in said(told)
    assert not told.read(lambda db: store.is_indexed(db, TEAM))
    told.do(memory.RHYTHM.tick(told.world, told.clock.now()))
    assert told.read(lambda db: store.is_indexed(db, TEAM))
    ask(told, "Wat weten we over OZA?", key="after")
    assert PAYS in said(told)


def test_a_question_cut_off_by_a_restart_is_answered_after_it(told: House) -> None:
    click = told.click(
        "event",
        "message",
        "noor",
        channel="DN",
        ts="9.1",
        body={"channel_type": "im", "text": "Wat weten we over OZA?", "ts": "9.1"},
    )
    told.answer(memory.ROUTES.events["message"][0], click)
    assert "Ik zoek in 4 impressies" in said(told)
    told.at(wall(2021, 6, 17, 16))
    told.do(memory.RHYTHM.tick(told.world, told.clock.now()))
    assert PAYS in said(told)


def test_a_message_that_is_deleted_takes_its_question_along(told: House) -> None:
    ask(told, "Wie heeft ervaring met een zwembad voor kleuters?", ts="9.7")
    press(told, "memory.wait")
    event(told, "message_deleted", "noor", "", body={"deleted_ts": "9.7", "channel_type": "im"}, ts="9.9")
    assert the_question(told).text == ""
    assert told.read(lambda db: store.waiting_questions(db, TEAM, None)) == []


def test_a_merged_theme_is_found_by_its_old_name_too(told: House) -> None:
    def merge(db: Any) -> None:
        theme_for(db, TEAM, "Zorg in de klas", "Zorg in de klas", (), "th_old")
        into = select(ThemeRow.id).where(ThemeRow.team_id == TEAM, col(ThemeRow.name).startswith("Onderwijszorg"))
        old = db.exec(select(ThemeRow).where(ThemeRow.team_id == TEAM, ThemeRow.id == "th_old")).one()
        old.status, old.merged_into = "merged", db.exec(into).one()

    told.write(merge)
    ask(told, "Wat weten we over zorg in de klas?")
    assert WHO in said(told), "it does not say those words, but belongs to what the theme became"


def test_who_speaks_english_is_answered_in_english_and_reads_quotes_as_they_were_said(told: House) -> None:
    told.person("lotte", None, locale="en-GB")
    ask(told, "What do we know about OZA?", "lotte")
    answer = said(told, language="en")
    assert "What groups tell" in answer and PAYS in answer and "17 June 2021" in answer


def test_an_answer_follows_a_sentence_that_is_taken_out(told: House) -> None:
    ask(told, "Wat weten we over OZA?")
    told.arrive("memory.answer")
    article = told.read(lambda db: db.connection().exec_driver_sql("SELECT id FROM article").scalar())

    def take_out(db: Any) -> None:
        found = harvest.one(db, TEAM, article)
        assert found is not None
        harvest.save(db, replace(found, sentences=tuple(s for s in found.sentences if s.run.text != PAYS)))

    told.write(take_out)
    assert PAYS not in said(told) and WHO in said(told)
    before = len(told.owed("memory.answer"))
    told.do(memory.RHYTHM.tick(told.world, told.clock.now()))
    assert len(told.owed("memory.answer")) == before + 1, "where it stands in Slack it is changed"
    told.do(memory.RHYTHM.tick(told.world, told.clock.now()))
    assert len(told.owed("memory.answer")) == before + 1, "and only once"


DOCUMENTS = ROOT.parent / "shared" / "source-documents"


@pytest.mark.skipif(
    not DOCUMENTS.is_dir() and os.environ.get("CI") != "true", reason="the source documents are not on this machine"
)
def test_two_documents_that_count_differently_are_both_told_with_their_years(house: House) -> None:
    assert DOCUMENTS.is_dir(), "the source documents must be there where everything is checked"
    for file in sorted(DOCUMENTS.glob("00[02]*.txt")):
        found = recognise(decode(file.read_bytes()))
        ids = house.world.ids
        house.write(
            lambda db, found=found, file=file, ids=ids: material.save(
                db, TEAM, found, {}, file_name=file.name, sha=file.name, told_at=house.clock.now(),
                now=house.clock.now(), new_id=ids,
            )
        )  # fmt: skip
    ask(house, "Hoeveel gemeenten telt Zuid-Limburg?")
    answer = said(house)
    assert answer.index("noemt 2020") < answer.index("noemt 2007")
    assert "“19 gemeenten” [2]" in answer and "regel 34" in answer
    assert "De cijfers verschillen per jaar." in answer


@pytest.mark.parametrize(("group", "marks"), [(3, "[1] [1]"), (None, "[1] [2]")])
def test_sentences_of_one_group_share_a_source_and_those_of_a_small_group_are_not_put_together(
    group: int | None, marks: str
) -> None:
    said = [
        Found(SourceKind.SENTENCE, f"s{k}", "im1", "takeaway", k, k + 9, f"Zin {k}.", Says.TELLS, None, "Sessie", group)
        for k in (1, 2)
    ]
    around = views.Shown("Wat weten we?", False, None, 0, 2)
    _, blocks = views.answer(around, list(enumerate(said, 1)), False, catalogues()["nl"])
    told, places = blocks[0].to_dict()["text"]["text"], blocks[1].to_dict()["elements"][0]["text"]
    assert " ".join(re.findall(r"\[\d\]", told)) == marks
    assert len(places.splitlines()) == len(set(marks.split()))
