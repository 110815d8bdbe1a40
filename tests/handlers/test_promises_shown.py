"""Promises where others read them and in time: card, digest, who wants it too, reminders, the next session."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.problem import Refused
from bot.worksessions import State as SessionState
from bot.worksessions import WorkSession
from handlers import digest, harvest, impressions, promises
from handlers.documents import FORMATS, write
from handlers.views import harvest_document as documents
from playground.linter import lint_message
from storage import delivery, nudges, worksessions
from storage import harvest as articles
from storage import promises as store
from tests.handlers.house import TEAM, House, wall
from tests.handlers.promising import AFTERNOON, DUE, KINDS, OFFER, REST, TOLD, Promising
from tests.handlers.test_documents import READ


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, AFTERNOON)
    yield made
    made.database.close()


@pytest.fixture
def scene(house: House) -> Promising:
    return Promising(house)


def repainted(house: House) -> list[tuple[str, str, str]]:
    marked: list[tuple[str, str, str]] = []
    house.world.repaint = lambda *place: marked.append(place)
    return marked


# In the thread of the article


def test_a_published_promise_has_a_card_under_the_article(scene: Promising, house: House) -> None:
    scene.agreed()
    assert house.owed("promises.card") == []
    scene.publish()
    (card,) = house.owed("promises.card")
    article = house.owed("harvest.article")[0]
    assert (card.channel_id, card.thread_key) == ("CWS", article.key)
    said = scene.shown("promises.card")
    assert f"Lotte: “{OFFER}” (klaar op donderdag 9 september)" in said
    assert "Ik wil dit ook" in said


def test_what_is_accepted_after_publication_gets_its_card_then(scene: Promising, house: House) -> None:
    scene.ask(due=DUE)
    scene.publish()
    assert OFFER not in scene.article()
    assert house.owed("promises.card") == []
    scene.press("accept", "lotte")
    assert len(house.owed("promises.card")) == 1
    assert OFFER not in scene.article(), "what is published stays as it was read"


def test_asking_after_publication_takes_nothing_out_and_a_yes_puts_the_name_beside_it(scene: Promising) -> None:
    scene.publish()
    assert OFFER in scene.article()
    scene.ask(due=DUE)
    assert OFFER in scene.article()
    assert "(Lotte" not in scene.article()
    scene.press("accept", "lotte")
    assert f"{OFFER} {REST} (Lotte doet dit: klaar op donderdag 9 september)" in scene.article()
    assert scene.article().count(OFFER) == 1, "what is promised is said once"
    scene.press("dropped", "lotte")
    assert "(Lotte" not in scene.article()


def test_an_offer_that_nobody_accepted_is_in_no_card_digest_or_article(scene: Promising, house: House) -> None:
    house.region("Haaglanden")
    scene.ask(due=DUE)
    scene.press("decline", "lotte")
    scene.publish()
    turn(house, wall(2021, 6, 22, 9))
    assert house.owed("promises.card") == []
    for kind in ("harvest.article", "digest.post", "digest.details"):
        for number in range(len(house.owed(kind))):
            assert OFFER not in scene.shown(kind, number)


def test_the_card_follows_what_becomes_of_the_promise(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.publish()
    house.arrive("promises.card")
    scene.submit("move", "lotte", {"due": "2021-10-07"})
    assert "(klaar op donderdag 7 oktober)" in scene.shown("promises.card")
    scene.press("done", "lotte")
    said = scene.shown("promises.card")
    assert "(gedaan)" in said
    assert "Ik wil dit ook" not in said
    scene.withdraw()
    assert scene.shown("promises.card").count("Deze belofte is ingetrokken.") == 2
    assert [row.operation for row in house.owed("promises.card")] == ["post", "update", "update", "update"]


# In the digest


def turn(house: House, at: Any) -> None:
    house.at(at)
    house.do(digest.tick(house.world, at))


def test_the_digest_says_whose_offer_it_is_and_by_when(scene: Promising, house: House) -> None:
    house.region("Haaglanden")
    scene.agreed()
    scene.publish()
    turn(house, wall(2021, 6, 22, 9))
    said = scene.shown("digest.post")
    assert "*Aanbod van Lotte*" in said
    assert "Klaar op donderdag 9 september." in said
    assert "Ik wil dit ook" in said
    assert len(said.splitlines()[0]) < 150
    body = house.draw(house.owed("digest.post")[0], KINDS, "en")
    assert body is not None
    assert lint_message({"text": body.text, "blocks": [b.to_dict() for b in body.blocks]}) == []


def test_a_digest_that_was_posted_follows_a_promise_that_ends_and_a_note_that_goes(
    scene: Promising, house: House
) -> None:
    house.region("Haaglanden")
    scene.agreed()
    scene.publish()
    turn(house, wall(2021, 6, 22, 9))
    house.arrive("digest.post")
    scene.press("dropped", "lotte")
    assert "Lotte" not in scene.shown("digest.post")
    assert OFFER in scene.shown("digest.post")
    scene.withdraw()
    assert OFFER not in scene.shown("digest.post")


# Who wants it too


def test_wanting_it_counts_once_and_can_be_taken_back(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.publish()
    marked = repainted(house)
    for key in ("a:1", "a:1", "a:2"):
        scene.press("want", "noor", key=key)
    scene.press("want", "samir")
    assert "2 mensen willen dit ook." in scene.shown("promises.card")
    scene.press("want_not", "noor")
    assert "1 persoon wil dit ook." in scene.shown("promises.card")
    assert marked[-1] == (TEAM, "promises.card", scene.only().id)
    with pytest.raises(Refused, match="your_own"):
        scene.press("want", "lotte")


@pytest.mark.parametrize("step", ["done", "dropped"])
def test_what_is_over_cannot_be_wanted_any_more(scene: Promising, step: str) -> None:
    scene.agreed()
    scene.press(step, "lotte")
    with pytest.raises(Refused, match="no_more_wanting"):
        scene.press("want", "noor")


def test_what_nobody_agreed_to_cannot_be_wanted(scene: Promising) -> None:
    scene.ask()
    for press in ("want", "want_not"):
        with pytest.raises(Refused, match=r"promises\.gone") as said:
            scene.press(press, "noor")
        assert said.value.values == {}, "who did not say yes is not named to anybody"


def test_the_giver_hears_once_a_day_who_wants_it_in_one_message(scene: Promising, house: House) -> None:
    region = house.region("Haaglanden")
    house.person("noor", region)
    scene.agreed()
    scene.tick(wall(2021, 6, 17, 16))
    for user in ("noor", "samir"):
        scene.press("want", user)
    scene.tick(wall(2021, 6, 17, 16, 30))
    (first,) = house.owed("promises.news")
    assert first.user_id == "lotte"
    assert "2 mensen willen ook wat jij aanbood:" in scene.shown("promises.news")
    assert "Noor (Haaglanden) en Samir" in scene.shown("promises.news")
    scene.press("want", "youssef")
    scene.tick(wall(2021, 6, 17, 17))
    scene.tick(wall(2021, 6, 18, 8, 59))
    assert len(house.owed("promises.news")) == 1
    scene.tick(wall(2021, 6, 18, 9))
    assert len(house.owed("promises.news")) == 2
    assert "1 persoon wil ook" in scene.shown("promises.news")
    assert "Youssef" in scene.shown("promises.news")
    scene.press("want_not", "youssef")
    scene.press("want", "youssef")
    scene.tick(wall(2021, 6, 21, 9))
    assert len(house.owed("promises.news")) == 2, "who comes back is no news"


def test_who_took_it_back_before_the_giver_heard_is_not_told(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.press("want", "noor")
    scene.press("want_not", "noor")
    scene.tick(wall(2021, 6, 18, 9))
    assert house.owed("promises.news") == []
    scene.press("want", "noor")
    scene.tick(wall(2021, 6, 18, 9, 1))
    scene.press("want_not", "noor")
    assert scene.shown("promises.news") == ""


def test_in_the_weekend_and_on_holidays_the_giver_is_left_alone(scene: Promising, house: House) -> None:
    scene.agreed()
    house.at(wall(2021, 6, 18, 18))
    scene.press("want", "noor")
    for moment in ((2021, 6, 18, 19), (2021, 6, 19, 9), (2021, 6, 20, 12)):
        scene.tick(wall(*moment))
    assert house.owed("promises.news") == []
    due = house.read(lambda db: promises.RHYTHM.next_due(db, house.world.now()))
    assert due == wall(2021, 6, 21, 9)
    scene.tick(wall(2021, 6, 21, 9))
    assert len(house.owed("promises.news")) == 1


def test_who_wanted_it_hears_once_that_it_is_done(scene: Promising, house: House) -> None:
    scene.agreed()
    for user in ("noor", "samir"):
        scene.press("want", user)
    scene.press("want_not", "samir")
    scene.press("done", "lotte")
    house.arrive("promises.kept")
    scene.press("reopen", "lotte")
    assert f"Toch nog niet klaar. Lotte werkt er nog aan: “{OFFER}”" in scene.shown("promises.kept")
    scene.press("done", "lotte")
    assert [row.user_id for row in house.owed("promises.kept") if row.operation == "post"] == ["noor"]
    assert f"Lotte deed wat jij ook wilde: “{OFFER}”" in scene.shown("promises.kept")


# Reminders


def test_the_owner_is_reminded_a_week_before_and_on_the_day(scene: Promising, house: House) -> None:
    scene.agreed()
    assert house.read(lambda db: promises.RHYTHM.next_due(db, house.world.now())) == wall(2021, 9, 2, 9)
    for moment in ((2021, 9, 2, 8, 59), (2021, 9, 2, 9), (2021, 9, 2, 9, 1), (2021, 9, 9, 9), (2021, 9, 9, 12)):
        scene.tick(wall(*moment))
    rows = house.owed("promises.reminder")
    assert [(row.user_id, row.nudge, row.not_before) for row in rows] == [
        ("lotte", True, wall(2021, 9, 2, 9)),
        ("lotte", True, wall(2021, 9, 9, 9)),
    ]
    said = scene.shown("promises.reminder")
    assert f"Je beloofde dit voor donderdag 9 september 2021: “{OFFER}”" in said
    assert all(label in said for label in ("Gedaan", "Verschoven", "Vervallen"))


@pytest.mark.parametrize("step", ["done", "dropped"])
def test_reminders_stop_at_once_when_it_is_over(scene: Promising, house: House, step: str) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 2, 9))
    scene.press(step, "lotte")
    assert scene.shown("promises.reminder", 0) == "", "also one that was owed already"
    scene.tick(wall(2021, 9, 9, 9))
    assert [row.operation for row in house.owed("promises.reminder")] == ["post", "update"]


def test_a_reminder_that_arrived_says_how_it_ended(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 2, 9))
    house.arrive("promises.reminder")
    scene.press("done", "lotte")
    assert "Gedaan: “" in scene.shown("promises.reminder")
    assert "Toch niet" in scene.shown("promises.reminder")


def test_a_moved_day_moves_its_reminders(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 2, 9))
    scene.submit("move", "lotte", {"due": "2021-11-03"})
    for moment in ((2021, 9, 9, 9), (2021, 10, 27, 9), (2021, 11, 3, 9)):
        house.arrive("promises.reminder")
        scene.tick(wall(*moment))
    posts = [row.not_before for row in house.owed("promises.reminder") if row.operation == "post"]
    assert posts == [wall(2021, 9, 2, 9), wall(2021, 10, 27, 9), wall(2021, 11, 3, 9)], "nine on the wall, all winter"


def test_after_a_time_out_of_order_the_newest_reminder_is_given_and_an_old_one_is_not(
    scene: Promising, house: House
) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 10, 11))
    assert [row.not_before for row in house.owed("promises.reminder")] == [wall(2021, 9, 10, 11)]
    scene.submit("move", "lotte", {"due": "2021-10-07"})
    scene.tick(wall(2021, 11, 1, 9))
    assert len([row for row in house.owed("promises.reminder") if row.operation == "post"]) == 1


def test_somebody_with_two_automatic_messages_this_week_is_not_sent_a_third(scene: Promising, house: House) -> None:
    scene.agreed()
    at = wall(2021, 9, 1, 9)

    def two(db: Any) -> None:
        for number in range(2):
            nudges.plan_nudge(
                db, team=TEAM, key=f"other:{number}", kind="promises.news", arguments={}, user="lotte",
                zone="Europe/Amsterdam", now=at,
            )  # fmt: skip

    house.write(two)
    scene.tick(wall(2021, 9, 2, 9))
    assert house.owed("promises.reminder") == []
    waits = house.read(lambda db: promises.waiting_for(db, TEAM, "lotte", house.world.now()))
    assert len(waits) == 1, "it waits on their Home"


# The next session opens with it


@pytest.fixture
def following(house: House, scene: Promising) -> WorkSession:
    return house.session(wall(2021, 9, 16, 13), title="Werksessie september", follows=scene.session.id)


def test_the_next_session_opens_with_what_was_promised(scene: Promising, house: House, following: WorkSession) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 16, 12, 59))
    assert house.owed("promises.opening") == []
    scene.tick(wall(2021, 9, 16, 13))
    scene.tick(wall(2021, 9, 16, 13, 1))
    (row,) = house.owed("promises.opening")
    assert row.channel_id == "CWS"
    said = scene.shown("promises.opening")
    assert "Wat beloofden we?" in said
    assert f"*Lotte*: “{OFFER}”\nLoopt nog." in said
    assert all(label in said for label in ("Gedaan", "Verschoven", "Vervallen"))
    for word in ("te laat", "verlopen", "9 september"):
        assert word not in said, "nobody is called late before the others"


def test_the_opening_follows_on_its_own_day_and_is_history_after_it(
    scene: Promising, house: House, following: WorkSession
) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 16, 13))
    house.arrive("promises.opening")
    with pytest.raises(Refused, match="mark_promise"):
        scene.press("done", "noor", channel="CWS")
    answer = scene.press("done", "lotte", channel="CWS")
    assert len(answer.then) == 1, "who tapped in the channel reads that it was noted"
    assert "Gedaan." in scene.shown("promises.opening")
    house.at(wall(2021, 9, 17, 9))
    scene.press("reopen", "lotte")
    assert [row.operation for row in house.owed("promises.opening")] == ["post", "update"]
    scene.withdraw()
    assert OFFER not in scene.shown("promises.opening"), "words that went are gone from every day"


def test_with_nothing_to_say_there_is_no_opening(scene: Promising, house: House, following: WorkSession) -> None:
    scene.ask()
    scene.tick(wall(2021, 9, 16, 13))
    scene.press("accept", "lotte")
    scene.tick(wall(2021, 9, 16, 13, 5))
    assert house.owed("promises.opening") == []


def test_what_ended_is_read_out_once_and_what_stands_every_time(
    scene: Promising, house: House, following: WorkSession
) -> None:
    scene.agreed()
    scene.ask("noor", number=1)
    scene.press("accept", "noor", scene.all()[-1].id)
    third = house.session(wall(2021, 12, 2, 13), title="Werksessie december")
    scene.press("done", "noor", scene.all()[-1].id)
    scene.tick(wall(2021, 9, 16, 13))
    scene.tick(wall(2021, 12, 2, 13))
    found = [house.read(lambda db, s=s: store.opening(db, TEAM, s.id)) for s in (following, third)]
    assert [len(each) for each in found] == [2, 1]


def test_a_session_that_was_missed_or_practised_has_no_opening(scene: Promising, house: House) -> None:
    scene.agreed()
    house.session(wall(2021, 9, 16, 13), title="Gemist")
    scene.tick(wall(2021, 9, 17, 9))
    assert house.owed("promises.opening") == []


def test_a_session_that_was_called_off_opens_with_nothing(
    scene: Promising, house: House, following: WorkSession
) -> None:
    scene.agreed()
    house.write(lambda db: worksessions.set_state(db, following.team, following.id, SessionState.CANCELLED))
    scene.tick(wall(2021, 9, 16, 13))
    assert house.owed("promises.opening") == []


def test_after_a_short_outage_the_session_that_is_held_still_opens(
    scene: Promising, house: House, following: WorkSession
) -> None:
    scene.agreed()
    scene.tick(wall(2021, 9, 16, 14, 30))
    assert len(house.owed("promises.opening")) == 1


# The longest words, in both languages


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("letter", ["w ", "<", "é"])
def test_the_longest_sentences_stay_within_slacks_limits(house: House, language: str, letter: str) -> None:
    offers = "\n".join((letter * 999)[:990] + f"{n}." for n in range(3))
    scene = Promising(house, offer=offers)
    for number in range(3):
        scene.ask("lotte" if number else "noor", due=DUE, number=number)
    for each in scene.all():
        scene.press("accept", each.owner, each.id)
        scene.press("want", "samir", each.id)
    scene.publish()
    house.session(wall(2021, 9, 16, 13), follows=scene.session.id)
    for moment in ((2021, 6, 21, 9), (2021, 9, 2, 9), (2021, 9, 16, 13)):
        scene.tick(wall(*moment))
    for kind in ("ask", "card", "news", "reminder", "opening"):
        rows = house.owed(f"promises.{kind}")
        assert rows, kind
        for row in rows:
            assert house.draw(row, KINDS, language) is not None


def test_a_reminder_that_the_coordinator_sends_stays_away_when_there_is_nothing_to_remind_of(
    scene: Promising, house: House
) -> None:
    scene.agreed()
    house.at(wall(2021, 9, 10, 9))
    (gap,) = house.read(lambda db: promises.gaps(db, TEAM, [scene.session], house.world.now()))
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key=f"{gap.kind}:{gap.subject}:lotte:2021-09-10", kind=gap.kind,
            arguments={**gap.arguments, "user": "lotte"}, user="lotte", now=house.world.now(),
        )
    )  # fmt: skip
    assert "Hoe staat het ermee?" in scene.shown("promises.reminder")
    scene.press("dropped", "lotte")
    assert scene.shown("promises.reminder", 0) == ""


# Where there is more than one, or more than was promised


def test_a_digest_names_somebody_for_their_own_sentence_and_for_no_other(scene: Promising, house: House) -> None:
    house.region("Haaglanden")
    scene.agreed()
    scene.ask("noor", number=1)
    scene.press("accept", "noor", scene.all()[-1].id)
    scene.publish()
    turn(house, wall(2021, 6, 22, 9))
    said = scene.shown("digest.post")
    lotte, noor = said.index("*Aanbod van Lotte*"), said.index("*Aanbod van Noor*")
    assert lotte < said.index(f"“{OFFER}”") < noor < said.index(f"“{REST}”")
    assert said.count("Ik wil dit ook") >= 2


def test_a_document_says_who_promised_what_by_when(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.publish()
    article = house.read(lambda db: articles.of_session(db, TEAM, scene.session.id))
    assert article is not None
    edition = house.read(lambda db: articles.edition(db, TEAM, article.id))
    assert edition is not None
    for kind in FORMATS:
        text, _ = READ[kind](write(documents.article_document(edition, house.world.words["nl"]), kind))
        said = f"{OFFER} {REST} (Lotte doet dit: klaar op donderdag 9 september)"
        assert said in " ".join(text.split())


def test_the_draft_says_which_offer_waits_and_lets_nobody_put_it_back(scene: Promising, house: House) -> None:
    scene.draft()
    scene.ask(due=DUE)
    assert "Groep 1: een aanbod ontbreekt nog. Lotte zei nog niet of het klopt." in scene.article()
    article = house.read(lambda db: articles.of_session(db, TEAM, scene.session.id))
    assert article is not None
    house.answer(
        harvest.ROUTES.actions["harvest.edit"], house.click("action", "harvest.edit", "ineke", article.id, trigger="t")
    )
    forms = house.read(lambda db: list(db.exec(select(worksessions.FormRow))))
    form = next(each.id for each in forms if article.id in each.data)
    fields = {"headline": "Kop", "lines:gr_a:1": f"{TOLD}\n{OFFER}"}
    click = house.click("form", "harvest.edit", "ineke", metadata=f'{{"form": "{form}"}}', fields=fields)
    answer = house.answer(harvest.ROUTES.forms["harvest.edit"], click)
    assert answer.ack is not None
    assert list(answer.ack["errors"]) == ["lines:gr_a:1"]
    scene.press("decline", "lotte")
    assert "Groep 1: een aanbod ontbreekt. Lotte zegt: niet van mij." in scene.article()
    scene.press("release", "sanne")
    assert "een aanbod ontbreekt" not in scene.article()


def test_a_sentence_of_running_text_waits_alone_for_its_giver(house: House) -> None:
    scene = Promising(house, takeaway=f"{TOLD} Noor wil haar lijst delen. Dat helpt.", offer="")
    scene.draft()
    scene.ask("noor", due=DUE)
    assert "lijst delen" not in scene.article()
    assert TOLD in scene.article()
    assert "Dat helpt." in scene.article()
    scene.press("accept", "noor")
    assert "Noor wil haar lijst delen." in scene.article()
    assert "Noor wil haar lijst delen. (Noor doet dit: klaar op donderdag 9 september)" in scene.article()


# What the group objects to


def objects(scene: Promising) -> None:
    """Noor says that the record of her group is not right."""
    note = scene.impression()
    metadata = json.dumps({"impression": note.id, "version": str(note.version)})
    fields = {"reason": "Dat zeiden we niet."}
    click = scene.house.click("form", "impressions.object", "noor", metadata=metadata, fields=fields)
    scene.house.answer(impressions.ROUTES.forms["impressions.object"], click)


def revise(scene: Promising, cause: str) -> None:
    article = scene.house.read(lambda db: articles.of_session(db, TEAM, scene.session.id))
    assert article is not None
    note = scene.impression()
    value = f"{article.id}:{note.id}:{note.version}:{cause}"
    click = scene.house.click("action", "harvest.revise", "ineke", value, "update")
    scene.house.answer(harvest.ROUTES.actions["harvest.revise"], click)


@pytest.mark.parametrize("own_words", ["", "Ik maak die pagina."])
def test_words_that_the_group_objects_to_are_not_read_out_at_the_next_session(
    scene: Promising, house: House, own_words: str
) -> None:
    scene.agreed()
    scene.submit("change", "lotte", {"own_words": own_words, "due": DUE})
    objects(scene)
    house.session(wall(2021, 9, 16, 13), title="Werksessie 16 september", follows=scene.session.id)
    scene.tick(wall(2021, 9, 16, 13, 5))
    opened = scene.shown("promises.opening") if house.owed("promises.opening") else ""
    assert OFFER not in opened
    assert (own_words in opened) and bool(opened) is bool(own_words), "what she says herself is hers"


def test_a_promise_that_was_taken_out_of_the_article_leaves_its_card_too(scene: Promising, house: House) -> None:
    scene.agreed()
    scene.publish()
    house.arrive("promises.card")
    objects(scene)
    assert OFFER in scene.shown("promises.card"), "until the coordinator decides it stays as it was read"
    revise(scene, "objection")
    assert house.owed("promises.card")[-1].operation == "update"
    assert OFFER not in scene.shown("promises.card") and "Lotte" not in scene.shown("promises.card")


@pytest.mark.parametrize("said", ["", "decline", "accept"])
def test_a_published_offer_takes_no_new_words_before_its_giver_stands_for_them(
    scene: Promising, house: House, said: str
) -> None:
    scene.publish()
    new = "Lotte maakt de pagina over de regels."
    note = scene.impression()
    metadata = json.dumps({"impression": note.id, "version": str(note.version)})
    fields = {**vars(note.contents), "offer": f"{new} {REST}"}
    click = house.click("form", "impressions.correct", "noor", metadata=metadata, fields=fields)
    house.answer(impressions.ROUTES.forms["impressions.correct"], click)
    scene.ask()
    if said:
        scene.press(said, "lotte")
    note = scene.impression()
    for user in ("sanne", "lotte"):
        agrees = house.click("action", "impressions.agree", user, f"{note.id}:{note.version}")
        house.answer(impressions.ROUTES.actions["impressions.agree"], agrees)
    if said in ("accept", "decline"):
        revise(scene, "change")
    else:
        with pytest.raises(Refused, match="revise_promise"):
            revise(scene, "change")
    assert (new in scene.article()) is (said == "accept")
