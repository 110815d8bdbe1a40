"""What was said before about a topic: found under whatever name, cut from what was published, and for one reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.models.blocks import ActionsBlock
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.article import Part
from bot.impressions import PARTS, withdraw
from bot.material import recognise
from bot.problem import Refused
from bot.programme import Programme, Role
from bot.selection import Group, Pick, Wish
from bot.themes import (
    Before,
    Drift,
    DriftReport,
    EarlierMaterial,
    EarlierSession,
    Evidence,
    Knower,
    LeftOver,
    OpenQuestion,
    TopicDrift,
    drift,
)
from bot.worksessions import MOST_TOPICS, TITLE_LENGTH, TOPIC_LENGTH, Plan, State, Topic, WorkSession
from handlers import impressions, themes
from handlers import worksessions as sessions
from handlers.harvest.drafting import follow
from handlers.routing import Click
from handlers.views import themes as views
from handlers.views import worksessions as session_views
from handlers.words import Words, load
from playground.linter import lint_message, lint_view, visible_texts
from storage import delivery, material, memory, practice, programme, worksessions
from storage import harvest as articles
from storage import impressions as notes
from storage import selection as seats
from storage import themes as kept
from tests.handlers.house import TEAM, House, wall

JUNE, SEPTEMBER = wall(2021, 6, 17, 13), wall(2021, 9, 16, 13)
ASKED = "Welk deel van het arrangement betaalt de gemeente?"
TOLD = "Twee scholen delen nu één begeleider."
GIFT = "Wij sturen ons stappenplan graag rond."
SAID = [[(Part.BODY, TOLD), (Part.QUESTION, ASKED), (Part.OFFER, GIFT)]]
OZA = "Onderwijszorgarrangementen (OZA)"


@pytest.fixture(params=["nl", "en"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    made = House(tmp_path, wall(2021, 6, 17, 16), str(request.param))
    for name in ("noor", "sanne", "youssef"):
        made.person(name, locale=f"{request.param}-NL")
    made.person("ineke", None, Role.COORDINATOR, locale=f"{request.param}-NL")
    yield made
    made.database.close()


@pytest.fixture(params=["nl", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    return load(str(request.param))


def grouped(house: House, session: WorkSession, *leaders: str | None) -> list[Group]:
    """A group for each topic, led by these people."""
    groups = [
        Group(house.world.ids("gr"), session.id, number, (topic.id,), leader, ("noor",) if number == 1 else ())
        for number, (topic, leader) in enumerate(zip(session.topics, leaders, strict=False), start=1)
    ]
    house.write(lambda db: seats.save_groups(db, TEAM, groups))
    return groups


def june(house: House, **more: Any) -> WorkSession:
    """A session of which the article is out: Sanne led the group on arrangements, which asked and offered."""
    session = house.session(JUNE, **more)
    grouped(house, session, "sanne", "youssef")
    house.article(session, SAID)
    return session


def september(house: House, *topics: str, **more: Any) -> WorkSession:
    house.at(wall(2021, 9, 16, 12))
    return house.session(
        SEPTEMBER, state=State.CHOOSING, title="Werksessie 16 september", topics=topics or (OZA,), **more
    )


def share(house: House, group: Group, **parts: str) -> None:
    """Hand in what a group took away, as its facilitator does it."""
    fields = dict.fromkeys(PARTS, "") | parts
    data = json.dumps({"group": group.id})
    click = house.click("form", "impressions.share", group.facilitator or "", metadata=data, fields=fields)
    house.answer(impressions.share, click)


def found(house: House, session: WorkSession, number: int = 0) -> Before:
    return house.read(lambda db: memory.before(db, TEAM, session, session.topics[number]))


def remembered(house: House, session: WorkSession, practising: str = "") -> list[int]:
    ids = [topic.theme for topic in session.topics]
    counted = house.read(lambda db: kept.remembered(db, TEAM, ids, practising))
    return [counted[theme] for theme in ids]


def card(house: House, session: WorkSession, number: int = 0) -> str:
    words = house.world.words[house.settings.language]
    text, blocks = views.before(found(house, session, number), words)
    assert lint_message({"text": text, "blocks": [block.to_dict() for block in blocks]}) == []
    return "\n".join(visible_texts([block.to_dict() for block in blocks]))


async def asked_in_slack(house: House, click: Click) -> list[dict[str, Any]]:
    """Let somebody ask for the card, and return what their Slack gets back over the click's response_url."""
    received: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        received.append(await request.json())
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/answer", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    answer = await themes.before(replace(click, response_url=f"http://127.0.0.1:{port}/answer"), house.world)
    for work in answer.then:
        await work
    await runner.cleanup()
    return received


async def test_the_card_is_for_the_presser_alone_and_in_their_own_language(house: House) -> None:
    june(house)
    session = september(house)
    house.person("lotte", locale="en-GB" if house.settings.language == "nl" else "nl-NL")
    (answer,) = await asked_in_slack(house, house.click("action", "themes.before", "lotte", session.topics[0].id))
    assert answer["response_type"] == "ephemeral"
    assert answer.get("replace_original", False) is False
    told = "\n".join(visible_texts(answer["blocks"]))
    assert ASKED in told
    assert ("Questions that stayed open" if house.settings.language == "nl" else "Vragen die open bleven") in told


def test_the_card_tells_sessions_questions_and_people_with_a_link_to_the_article(house: House) -> None:
    earlier = june(house)
    session = september(house)
    known = found(house, session)
    assert [(one.id, one.groups, one.link) for one in known.sessions] == [(earlier.id, (1,), None)]
    assert known.questions == (OpenQuestion(ASKED, date(2021, 6, 17), 1),)
    assert known.people == (Knower("sanne", JUNE, 1, GIFT),)
    house.arrive("harvest.article")
    (told,) = found(house, session).sessions
    assert told.published
    assert told.link is not None
    shown = card(house, session)
    assert told.link in shown
    assert {"nl": "donderdag 17 juni 2021", "en": "Thursday 17 June 2021"}[house.settings.language] in shown
    assert TOLD not in shown, "what a group found is in the article, one link away"


def test_without_an_article_the_link_leads_to_the_thread_of_the_group(house: House) -> None:
    earlier = house.session(JUNE)
    groups = grouped(house, earlier, "sanne")
    session = september(house)
    house.write(lambda db: delivery.plan(
        db, team=TEAM, key=f"selection.group:{groups[0].id}", kind="selection.group", arguments={"id": groups[0].id},
        channel="CWS", now=house.clock.now(),
    ))  # fmt: skip
    assert found(house, session).sessions[0].link is None
    house.arrive("selection.group")
    (told,) = found(house, session).sessions
    assert told.link is not None
    assert not told.published


def test_a_session_for_some_regions_names_them_and_one_for_all_does_not(house: House) -> None:
    ours, _ = house.region("Haaglanden"), house.region("Waterweg")
    house.session(JUNE, regions=[ours])
    house.session(wall(2021, 5, 17, 13))
    known = found(house, september(house))
    assert [one.regions for one in known.sessions] == [("Haaglanden",), ()]


def test_a_draft_and_an_impression_that_nobody_published_never_show(house: House) -> None:
    earlier = house.session(JUNE)
    groups = grouped(house, earlier, "sanne", "youssef")
    for group in groups:
        share(house, group, takeaway=TOLD, question=ASKED, offer=GIFT)
    draft = house.read(lambda db: articles.of_session(db, TEAM, earlier.id))
    assert draft is not None
    assert draft.sentences
    session = september(house)
    known = found(house, session)
    assert known.questions == ()
    assert known.people == (Knower("sanne", JUNE, 1),), "the list of groups stands in the channel"
    assert not any(said in card(house, session) for said in (TOLD, ASKED, GIFT))


def test_a_withdrawn_question_disappears_from_the_card(house: House) -> None:
    earlier = june(house)
    session = september(house)
    assert ASKED in card(house, session)
    for one in house.read(lambda db: notes.of_session(db, TEAM, earlier.id)):
        gone = withdraw(one, house.clock.now())

        def save(db: Any, gone: Any = gone) -> None:
            notes.save(db, gone, [])
            if gone.contents.question:  # before the article has followed, and after it
                follow(db, house.world, house.settings, earlier)

        house.write(save)
    shown = card(house, session)
    assert ASKED not in shown
    assert GIFT not in shown


def test_a_question_that_the_group_changed_since_is_no_longer_its_question(house: House) -> None:
    earlier = june(house)
    session = september(house)
    (asking,) = [one for one in house.read(lambda db: notes.of_session(db, TEAM, earlier.id)) if one.contents.question]
    themes_of = [earlier.topics[0].theme]

    def rewrite(question: str) -> None:
        changed = replace(asking, contents=replace(asking.contents, question=question), version=2)
        house.write(lambda db: notes.save(db, changed, themes_of))

    rewrite(f"Nog iets. {ASKED}")
    assert found(house, session).questions[0].text == ASKED, "it still says so, at another place"
    rewrite("Wie betaalt?")
    assert found(house, session).questions == ()


def test_only_people_who_are_still_active_know_something(house: House) -> None:
    june(house)
    session = september(house)
    assert [one.user for one in found(house, session).people] == ["sanne"]
    house.stranger("sanne", None, deleted=True)
    assert found(house, session).people == ()


def test_a_renamed_and_a_merged_theme_find_their_memory_by_alias(house: House) -> None:
    june(house, topics=("Ouderbetrokkenheid", "Verduurzaming"))
    renamed = september(house, "Betrokken volwassenen", "Iets nieuws")
    assert remembered(house, renamed) == [0, 0]

    def accept(db: Any) -> None:  # a coordinator merges the new name into the old theme
        old = kept.theme_for(db, TEAM, "Ouderbetrokkenheid", "", ("Meedenken van ouders",), "th_unused")
        row = db.get(kept.ThemeRow, (TEAM, renamed.topics[0].theme))
        row.status, row.merged_into = "merged", old
        db.add(row)

    house.write(accept)
    assert remembered(house, renamed) == [1, 0]
    assert ASKED in card(house, renamed)
    again = september(house, "Meedenken van ouders", "betrokken volwassenen")
    old = house.read(lambda db: {theme.name: theme.id for theme in kept.themes(db, TEAM)})["Ouderbetrokkenheid"]
    assert {topic.theme for topic in again.topics} == {old}, "by alias, and past the merge"
    assert found(house, again).questions[0].text == ASKED


def test_a_name_with_its_abbreviation_and_the_abbreviation_alone_are_one_subject(house: House) -> None:
    june(house, topics=(OZA,))
    session = september(house, "OZA", "Onderwijszorgarrangementen", "OZB")
    assert remembered(house, session) == [1, 1, 0]
    assert [len(found(house, session, number).questions) for number in range(3)] == [1, 1, 0]


def test_a_sentence_that_names_another_topic_of_the_group_stays_with_that_topic(house: House) -> None:
    earlier = house.session(JUNE, topics=("Ouderbetrokkenheid", "Verduurzaming"))
    both = "Hoe houden we de verduurzaming vol als het geld op is?"
    open_ = "Wie neemt de eerste stap?"
    said = [[(Part.QUESTION, both), (Part.QUESTION, open_)]]
    house.article(earlier, said)
    for one in house.read(lambda db: notes.of_session(db, TEAM, earlier.id)):
        about = [topic.theme for topic in earlier.topics]
        house.write(lambda db, one=one, about=about: notes.save(db, one, about))
    session = september(house, "Ouderbetrokkenheid", "Verduurzaming")
    assert [one.text for one in found(house, session, 0).questions] == [open_]
    assert [one.text for one in found(house, session, 1).questions] == [both, open_]


def test_earlier_material_shows_its_date_and_lines_and_asks_its_own_questions(house: House) -> None:
    text = (
        "Impressie van de werksessie\n\n12 maart 2019\n\nDe groepen kozen uit deze thema's:\n\n"
        "1. Verduurzaming\n2. Ouderbetrokkenheid\n\n#1\n\nDe verduurzaming vraagt om een vaste plek.\n"
        "Wie houdt de verduurzaming bij als de coach vertrekt?\n\n#2\n\nOuderbetrokkenheid begint bij de voordeur.\n"
    )
    document = recognise(text)

    def bring_in(db: Any) -> None:
        ids = material.theme_ids(db, TEAM, document.themes, document.themes, house.world.ids)
        about = {passage: [ids[name] for name in passage.themes] for passage in document.passages}
        material.save(
            db, TEAM, document, about, file_name="oud.txt", sha="s", told_at=house.clock.now(), now=house.clock.now(),
            new_id=house.world.ids,
        )  # fmt: skip

    house.write(bring_in)
    session = september(house, "Verduurzaming", "Iets nieuws")
    assert remembered(house, session) == [1, 0]
    known = found(house, session)
    (question,) = [one for one in known.questions if "coach" in one.text]
    assert text.splitlines()[(question.line or 0) - 1] == question.text, "the line number leads to it"
    (old,) = known.material
    assert old.on == date(2019, 3, 12)
    assert any(first <= (question.line or 0) <= last for first, last in old.lines)
    assert old.title in card(house, session)


def test_what_somebody_practises_is_nobody_elses_memory(house: House) -> None:
    def practise(number: int, user: str, state: State) -> WorkSession:
        theme = f"th_p{number}"
        found = WorkSession(
            f"ws_p{number}", TEAM, "Oefensessie", f"D{user}", JUNE, JUNE, JUNE, "Europe/Amsterdam", state, user,
            (Topic(f"tp_p{number}", OZA, "OZA", theme),),
        )  # fmt: skip

        def save(db: Any) -> None:
            practice.save_themes(db, TEAM, [(theme, OZA)])
            worksessions.save(db, found, house.clock.now())

        house.write(save)
        return found

    mine = practise(1, "ineke", State.GROUPED)
    session = september(house)
    assert remembered(house, session) == [0]
    assert found(house, session).empty
    theirs = practise(2, "noor", State.CHOOSING)
    assert found(house, theirs).empty
    again = replace(mine, id="ws_p9", state=State.CHOOSING)
    assert [one.id for one in found(house, again).sessions] == [mine.id], "her own practice is hers to remember"
    assert found(house, replace(again, created_by="noor")).empty, "even on the very same theme"
    assert found(house, replace(again, channel="CWS")).empty
    assert remembered(house, mine, "ineke") == [1]
    assert remembered(house, mine, "noor") == [0]
    with pytest.raises(Refused, match=r"themes\.gone"):
        house.answer(themes.before, house.click("action", "themes.before", "noor", mine.topics[0].id))


def test_the_topic_of_another_workspace_is_refused(house: House) -> None:
    other = Programme("T2", "nl", "Europe/Amsterdam", "regio", "secret", "UBOT")
    house.write(lambda db: programme.save_programme(db, other))
    house.write(lambda db: programme.save_account(db, "T2", programme.Account("spion", "Spion")))
    june(house)
    session = september(house)
    with pytest.raises(Refused, match=r"themes\.gone"):
        house.answer(
            themes.before, replace(house.click("action", "themes.before", "spion", session.topics[0].id), team="T2")
        )
    with pytest.raises(Refused, match=r"themes\.gone"):
        house.answer(themes.before, house.click("action", "themes.before", "noor", "tp_made_up"))


def test_somebody_who_does_not_take_part_reads_no_memory(house: House) -> None:
    session = september(house)
    house.stranger("lotte", None)
    with pytest.raises(Refused):
        house.answer(themes.before, house.click("action", "themes.before", "lotte", session.topics[0].id))


def test_an_empty_memory_teaches_what_will_stand_there(house: House) -> None:
    session = september(house)
    assert remembered(house, session) == [0]
    shown = card(house, session)
    assert OZA in shown
    assert "❓" in shown


LONG = "<!channel> & " + "&" * 3000


def longest(number: int) -> Before:
    """More of everything than can be shown, each as long as it may be."""
    link = "https://slack.com/archives/C0123456789/p1234567890123456"
    return Before(
        LONG[:TOPIC_LENGTH],
        tuple(
            EarlierSession(f"ws_{n}", LONG[:100], JUNE, tuple(range(1, 41)), (LONG[:200],) * 20, link, True)
            for n in range(number)
        ),
        tuple(
            OpenQuestion(f"{n} {LONG[:390]}?"[:400], date(2021, 6, 17), None, LONG[:200], 12_345) for n in range(number)
        ),
        tuple(Knower(f"U{n:010}", JUNE, 40, LONG[:400]) for n in range(number)),
        tuple(EarlierMaterial(LONG[:300], None, tuple((k, k + 9) for k in range(40))) for _ in range(number)),
    )  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 4, 5, 200])
def test_the_card_keeps_to_slacks_limits_with_the_longest_inputs(words: Words, number: int) -> None:
    text, blocks = views.before(longest(number), words)
    assert lint_message({"channel": "C1", "text": text, "blocks": [block.to_dict() for block in blocks]}) == []
    told = "\n".join(visible_texts([block.to_dict() for block in blocks]))
    assert "<!" not in text + told
    if number == 200:
        assert {"nl": "en nog 19", "en": "and 19"}[words.language] in told


def test_a_question_too_long_to_show_whole_is_counted_and_never_cut(words: Words) -> None:
    short = OpenQuestion("Wie belt?", date(2021, 6, 17), 1)
    known = Before("OZA", questions=(OpenQuestion("Hoe " + "lang " * 200 + "?", date(2021, 6, 18), 2), short))
    told = "\n".join(visible_texts([block.to_dict() for block in views.before(known, words)[1]]))
    assert "Wie belt?" in told
    assert "lang" not in told
    assert {"nl": "en nog 1", "en": "and 1 more"}[words.language] in told


def test_the_list_in_the_channel_holds_every_topic_with_a_memory(words: Words) -> None:
    topics = [Topic(f"tp_{n:016}", LONG[:TOPIC_LENGTH], f"{n}", f"th_{n}") for n in range(MOST_TOPICS)]
    select = views.before_select(topics, words)
    assert select is not None
    block = ActionsBlock(elements=[select]).to_dict()
    assert lint_message({"channel": "C1", "text": "x", "blocks": [block]}) == []
    assert views.before_select([], words) is None


# What became of the topics


def evening(house: House) -> tuple[WorkSession, list[Group]]:
    """A session with three topics, of which two have a group: Sanne's and Youssef's."""
    session = house.session(JUNE, topics=("Ouderbetrokkenheid", "Verduurzaming", "Veilig op straat"))
    return session, grouped(house, session, "sanne", "youssef")


def verdicts(house: House, session: WorkSession) -> dict[str, list[str]]:
    held = house.read(lambda db: seats.outcome(db, session))
    report = drift(held.session, held.groups, held.picks, held.impressions, held.themes)
    found: dict[str, list[str]] = {}
    for claim in report.claims:
        found.setdefault(claim.drift.value, []).append(claim.topic.name)
    return found


async def opened(house: House, user: str, session: str) -> dict[str, Any]:
    """Press the button on the Home, and return the form that Slack is asked to open."""
    asked: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(dict(await request.post()) or await request.json())
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post("/api/views.open", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.calls(AsyncWebClient("xoxb-none", base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/"))
    answer = await themes.show_drift(house.click("action", "themes.drift", user, session, trigger="t"), house.world)
    for work in answer.then:
        await work
    await runner.cleanup()
    (one,) = asked
    view = one["view"]
    return json.loads(view) if isinstance(view, str) else view


def test_the_coordinator_reads_what_became_of_the_topics_with_links_to_the_impressions(house: House) -> None:
    session, groups = evening(house)
    share(house, groups[0], takeaway="De ouderbetrokkenheid groeit. Een oma leest nu voor. Veilig op straat kan beter.")
    house.arrive("selection.group", "impressions.post")
    view = house.do(opened(house, "ineke", session.id))
    assert lint_view(view) == []
    told = "\n".join(visible_texts(view["blocks"]))
    words = house.world.words[house.settings.language]
    assert words.count("themes.drift_missing", 1, numbers="2") in told
    for kind in ("discussed", "elsewhere", "waiting"):
        assert words(f"themes.drift_{kind}") in told
    assert "“De ouderbetrokkenheid groeit.”" in told
    assert "“Veilig op straat kan beter.”" in told
    assert "https://slack.com/archives/CWS/p" in told


def test_the_report_quotes_nobody_who_did_not_say_yes(house: House) -> None:
    session, groups = evening(house)
    house.person("lotte")
    quote = "De ouderbetrokkenheid kost ons de zolder."
    share(house, groups[0], takeaway="Veilig op straat kan beter.", quote=quote)
    (one,) = house.read(lambda db: notes.of_session(db, TEAM, session.id))

    def says() -> str:
        return "\n".join(visible_texts(house.do(opened(house, "ineke", session.id))["blocks"]))

    assert quote in says()
    press = impressions.ROUTES.actions["impressions.quote_by"]
    by = groups[0].facilitator or ""
    house.answer(press, house.click("action", "impressions.quote_by", by, "lotte", one.id))
    assert quote not in says() and "“Veilig op straat kan beter.”" in says()
    assert "Ouderbetrokkenheid" in verdicts(house, session)["discussed"], "that it was talked about is no secret"


def test_an_alias_that_was_learned_later_changes_the_verdict(house: House) -> None:
    session, groups = evening(house)
    share(house, groups[0], takeaway="Meedenkende vaders en moeders kwamen binnen. Dat was nieuw.")
    share(house, groups[1], takeaway="De verduurzaming loopt. Wie houdt die vast?")
    assert verdicts(house, session)["hardly"] == ["Ouderbetrokkenheid"]
    alias = ("meedenkende vaders en moeders",)
    house.write(lambda db: kept.theme_for(db, TEAM, "Ouderbetrokkenheid", "", alias, "th_unused"))
    assert verdicts(house, session) == {
        "discussed": ["Ouderbetrokkenheid", "Verduurzaming"], "unserved": ["Veilig op straat"],
    }  # fmt: skip


def test_what_was_withdrawn_is_no_evidence(house: House) -> None:
    session, groups = evening(house)
    share(house, groups[0], takeaway="De ouderbetrokkenheid groeit. Dat merken we elke ochtend.")
    assert "discussed" in verdicts(house, session)
    for one in house.read(lambda db: notes.of_session(db, TEAM, session.id)):
        house.write(lambda db, one=one: notes.save(db, withdraw(one, house.clock.now()), []))
    assert verdicts(house, session)["waiting"] == ["Ouderbetrokkenheid", "Verduurzaming"]


def test_only_a_coordinator_reads_it_and_only_of_groups_that_are_known(house: House) -> None:
    session, _ = evening(house)

    def press(user: str, value: str) -> None:
        house.answer(themes.show_drift, house.click("action", "themes.drift", user, value))

    for user in ("noor", "sanne"):
        with pytest.raises(Refused, match="see_drift"):
            press(user, session.id)
    with pytest.raises(Refused, match="gone"):
        press("ineke", "ws_made_up")
    with pytest.raises(Refused, match="gone"):
        press("ineke", september(house).id)
    house.person("lotte", None, Role.COORDINATOR)
    house.write(lambda db: worksessions.save(db, replace(session, channel="Dlotte", created_by="lotte"), JUNE))
    with pytest.raises(Refused, match="gone"):
        press("ineke", session.id)
    press("lotte", session.id)


def test_the_report_on_the_longest_topics_keeps_to_slacks_limits(words: Words) -> None:
    topics = tuple(Topic(f"tp_{n}", LONG[:TOPIC_LENGTH], f"{n}", f"th_{n}") for n in range(MOST_TOPICS))
    session = WorkSession(
        "ws_1", TEAM, LONG[:TITLE_LENGTH], "C1", JUNE, JUNE, JUNE, "Europe/Amsterdam", State.GROUPED, "U1", topics
    )
    proof = tuple(Evidence(f"im_{n}", n, 12_345, "takeaway", 0, 300, LONG[:300]) for n in range(MOST_TOPICS))
    links = {one.impression: "https://slack.com/archives/C0123456789/p1234567890123456" for one in proof}
    numbers = tuple(range(1, MOST_TOPICS + 1))
    claims = [
        TopicDrift(topic, kind, 15_000, 15_000, 15_000, numbers, proof)
        for kind in (Drift.DISCUSSED, Drift.ELSEWHERE)
        for topic in topics
    ]
    view = views.drift(session, DriftReport(tuple(claims), numbers), links, words)
    assert lint_view(view.to_dict()) == []
    assert "<!" not in json.dumps(view.to_dict())
    assert lint_view(views.drift(session, DriftReport((), ()), {}, words).to_dict()) == []


# What was left over


def names_left(house: House, *besides: str) -> list[tuple[str, int]]:
    return [(one.name, one.chosen) for one in house.read(lambda db: seats.left_over(db, TEAM, besides))]


def choose(house: House, session: WorkSession, user: str, topic: int) -> None:
    pick = Pick(user, Wish.TOPIC, (session.topics[topic].id,), house.clock.now())
    house.write(lambda db: seats.save_pick(db, TEAM, session.id, pick))


def plan_of(house: House) -> Any:
    """Walk through the first step of a new session, and return the second."""
    click = house.click("action", "worksessions.new", "ineke", trigger="t")
    house.answer(sessions.open_form, click)
    form_id = house.read(lambda db: db.exec(select(worksessions.FormRow.id)).all())[-1]
    fields = {"title": "Nieuw", "channel": "CWS", "day": "2022-01-20", "start": "13:00", "end": "16:00"}
    data = json.dumps({"form": form_id})
    click = house.click("form", "worksessions.plan", "ineke", fields=fields, metadata=data)
    answer = house.answer(sessions.hand_in_plan, click)
    assert answer.ack is not None
    assert lint_view(answer.ack["view"]) == []
    return answer.ack["view"]


def test_what_nobody_served_starts_the_list_of_the_next_session(house: House) -> None:
    session, groups = evening(house)
    choose(house, session, "noor", 2)
    share(house, groups[0], takeaway="De ouderbetrokkenheid groeit. Dat merken we elke ochtend.")
    assert names_left(house) == [("Veilig op straat", 1)], "group 2 may still speak of its topic"
    share(house, groups[1], takeaway="We raakten aan de praat over de fietsenstalling.")
    assert names_left(house) == [("Verduurzaming", 0), ("Veilig op straat", 1)]
    view = plan_of(house)
    (field,) = [block for block in view["blocks"] if block.get("block_id") == "topics"]
    assert field["element"]["initial_value"] == "Veilig op straat", "a topic that had a group is only named"
    told = "\n".join(visible_texts(view["blocks"]))
    for line in {
        "nl": (
            "Bleef liggen op donderdag 17 juni en staat er al bij: Veilig op straat.",
            "staat in geen impressie: Verd",
        ),
        "en": ("Left over from Thursday 17 June, and in the list already: Veilig op straat.", "in no impression: Verd"),
    }[house.settings.language]:
        assert line in told


def test_what_was_left_over_is_proposed_under_the_short_name_it_had(house: House) -> None:
    evening(house)
    house.write(lambda db: renamed_short(db, "Veilig op straat", "Straat"))
    data = json.dumps({"form": json.loads(plan_of(house)["private_metadata"])["form"]})
    click = house.click("form", "worksessions.topics", "ineke", fields={"topics": "Veilig op straat"}, metadata=data)
    ack = house.answer(sessions.hand_in_topics, click).ack
    assert ack is not None
    (field,) = [block for block in ack["view"]["blocks"] if block.get("block_id") == "shorts"]
    assert field["element"]["initial_value"] == "Straat"


def renamed_short(db: Session, name: str, short: str) -> None:
    """Give a theme another short name."""
    row = db.exec(select(kept.ThemeRow).where(kept.ThemeRow.name == name)).one()
    row.short_name = short
    db.add(row)


def test_a_topic_on_offer_since_is_left_over_no_longer_under_whatever_name(house: House) -> None:
    evening(house)
    assert [name for name, _ in names_left(house)] == ["Veilig op straat"]
    house.write(lambda db: kept.theme_for(db, TEAM, "Veilig op straat", "", ("Straatveiligheid",), "th_unused"))
    assert names_left(house, "straatveiligheid") == [], "it stands among the proposals already"
    september(house, "Straatveiligheid")
    assert names_left(house) == []


def test_after_two_sessions_it_was_passed_over_often_enough(house: House) -> None:
    evening(house)
    for month in (7, 8):
        assert [name for name, _ in names_left(house)] == ["Veilig op straat"]
        session = house.session(wall(2021, month, 1, 13), topics=("Iets anders",))
        grouped(house, session, "sanne")
    assert names_left(house) == []


def test_the_session_of_august_comes_before_that_of_june(house: House) -> None:
    evening(house)
    house.session(wall(2021, 8, 1, 13), topics=("Later thuis",))
    assert [name for name, _ in names_left(house)] == ["Later thuis", "Veilig op straat"]
    assert lint_view(plan_of(house)) == []


def test_nothing_of_a_practice_session_or_of_another_workspace_is_left_over(house: House) -> None:
    session, _ = evening(house)
    assert house.read(lambda db: seats.left_over(db, "T2")) == []
    house.write(lambda db: worksessions.save(db, replace(session, channel="Dineke"), JUNE))
    assert names_left(house) == []


def test_a_full_list_of_the_longest_left_over_topics_fits_the_form(words: Words) -> None:
    again = [
        LeftOver(f"tp_{n}", f"{n:02} {LONG}"[:TOPIC_LENGTH], f"{n:02} {LONG}"[:20], "th", "ws", JUNE, 1, n % 3 == 0)
        for n in range(80)
    ]
    checked = Plan(LONG[:TITLE_LENGTH], "C1", JUNE, JUNE)
    for lines in ([], ["Een voorstel"], [f"{n:02} kort" for n in range(MOST_TOPICS)]):
        view = session_views.topics_form("fm_1", checked, lines, words, again)
        assert lint_view(view.to_dict()) == []
        assert "<!" not in json.dumps([block for block in view.to_dict()["blocks"] if block["type"] == "context"])
