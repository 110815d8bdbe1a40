"""From an offer to a promise: nobody is named before they said yes, and every tap counts once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from bot.problem import Refused
from bot.programme import Role
from bot.promises import Capacity, State
from handlers import promises
from handlers.world import World
from playground.linter import lint_view
from storage import harvest as articles
from storage import programme, worksessions
from storage import promises as store
from tests import postgres
from tests.handlers.house import TEAM, House, wall
from tests.handlers.promising import AFTERNOON, DUE, OFFER, REST, TOLD, Promising


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, AFTERNOON)
    yield made
    made.database.close()


@pytest.fixture
def scene(house: House) -> Promising:
    return Promising(house)


# From an offer to a question


def test_under_a_shared_impression_stands_whether_somebody_offers_it(scene: Promising) -> None:
    assert "Biedt iemand dit aan?" in scene.shown("impressions.shared")
    scene.press("next_step", "sanne", scene.note)
    assert "Genoteerd als volgende stap." in scene.shown("impressions.shared")
    assert "Biedt iemand" not in scene.shown("impressions.shared")
    scene.ask()
    said = scene.shown("impressions.shared")
    assert f"Gevraagd aan Lotte: “{OFFER}”" in said
    assert "volgende stap" not in said
    scene.press("accept", "lotte")
    assert f"Lotte doet dit: “{OFFER}”" in scene.shown("impressions.shared")


def test_an_impression_without_an_offer_asks_nothing(house: House) -> None:
    scene = Promising(house, offer="")
    assert "Biedt iemand" not in scene.shown("impressions.shared")
    assert scene.candidates() == []


def test_an_offer_in_running_text_is_proposed_as_it_stands_there(house: House) -> None:
    scene = Promising(house, takeaway=f"{TOLD} Noor wil haar lijst delen.", offer="")
    assert "“Noor wil haar lijst delen.”" in scene.shown("impressions.shared")
    scene.ask("noor")
    assert scene.only().place is not None
    assert "Noor wil haar lijst delen." in scene.shown("promises.ask")


def test_a_plain_reply_with_an_offer_is_asked_about_to_its_writer_alone(house: House) -> None:
    scene = Promising(house)
    answer = scene.afternoon.reply("sanne", "Wij spraken lang. Lotte kan de lijst rondsturen.", "8.9")
    assert len(answer.then) == 1
    note = next(each for each in scene.afternoon.kept() if "rondsturen" in each.contents.takeaway)
    words = house.world.words["nl"]
    row = house.read(lambda db: promises.offer_row(db, note, words))
    assert [block.to_dict()["type"] for block in row] == ["section", "actions"]


def test_the_form_shows_every_sentence_whole_and_asks_who_and_when(scene: Promising, house: House) -> None:
    views = []
    click = house.click("action", "promises.choose", "sanne", scene.note, trigger="t")
    answer = house.do(promises.ROUTES.actions["promises.choose"](click, house.world))
    for work in answer.then:
        views.append(work.cr_frame.f_locals["view"].to_dict())  # type: ignore[attr-defined]  # what would be opened
        work.close()
    (view,) = views
    assert lint_view(view) == []
    shown = str(view)
    assert OFFER in shown
    assert REST in shown
    assert {"sentence", "owner", "due"} <= {block.get("block_id") for block in view["blocks"]}


def test_the_owner_is_asked_in_a_message_of_their_own_and_nothing_is_public(scene: Promising, house: House) -> None:
    scene.ask(due=DUE)
    (row,) = house.owed("promises.ask")
    assert row.user_id == "lotte"
    said = scene.shown("promises.ask")
    assert f"Sanne noteerde een aanbod van jou: “{OFFER}” Klopt dat?" in said
    assert "Klaar op donderdag 9 september 2021." in said
    scene.draft()
    assert OFFER not in scene.article()
    assert REST not in scene.article()
    assert TOLD in scene.article()
    scene.publish()
    assert TOLD in scene.article()
    assert "Lotte" not in scene.article()


def test_after_a_yes_the_article_says_who_what_and_by_when(scene: Promising) -> None:
    scene.draft()
    scene.agreed()
    assert OFFER in scene.article()
    assert "(Lotte doet dit: klaar op donderdag 9 september)" in scene.article()
    assert "Genoteerd: donderdag 9 september 2021. Ik herinner je een week ervoor." in scene.shown("promises.ask")


def test_a_yes_without_a_day_asks_for_the_day(scene: Promising) -> None:
    scene.ask()
    scene.press("accept", "lotte")
    assert "Wanneer is het klaar?" in scene.shown("promises.ask")
    scene.choose_day("lotte", DUE)
    assert scene.only().due == date(2021, 9, 9)
    assert "Genoteerd: donderdag 9 september 2021." in scene.shown("promises.ask")
    for wrong in ("2021-06-16", "2030-01-01", "niets"):
        with pytest.raises(Refused, match="problem"):
            scene.choose_day("lotte", wrong)


def test_the_owner_may_say_it_in_their_own_words(scene: Promising) -> None:
    scene.ask()
    answer = scene.submit("change", "lotte", {"own_words": "Ik maak  een korte lijst.", "due": DUE})
    assert answer.ack is None
    assert (scene.only().state, scene.only().own_words) == (State.CHANGED, "Ik maak een korte lijst.")
    scene.draft()
    assert "Lotte: “Ik maak een korte lijst.” (klaar op donderdag 9 september)" in scene.article()
    assert OFFER in scene.article()


def test_own_words_pass_the_same_door_as_everything_people_hand_in(scene: Promising) -> None:
    scene.ask()
    answer = scene.submit("change", "lotte", {"own_words": "Bel me op 06-12345678.", "due": ""})
    assert list(answer.ack["errors"]) == ["own_words"]
    answer = scene.submit("change", "lotte", {"own_words": "x" * 301, "due": "2021-01-01"})
    assert set(answer.ack["errors"]) == {"own_words", "due"}
    assert (scene.only().state, scene.only().own_words) == (State.OFFERED, "")


def test_a_no_is_told_to_who_asked_and_to_the_coordinators_and_names_nobody(scene: Promising, house: House) -> None:
    house.person("bo", None, Role.COORDINATOR)
    scene.draft()
    scene.ask(due=DUE)
    scene.press("decline", "lotte")
    told = house.owed("promises.declined")
    assert [row.user_id for row in told] == ["sanne", "bo", "ineke"]
    assert "Lotte zegt: niet van mij." in scene.shown("promises.declined")
    assert OFFER not in scene.article()
    assert "Je zei: niet van mij." in scene.shown("promises.ask")


def test_after_a_no_somebody_else_can_be_asked_and_only_then(scene: Promising, house: House) -> None:
    scene.ask()
    answer = scene.ask("noor")
    assert "Lotte" in answer.ack["errors"]["sentence"]
    scene.press("decline", "lotte")
    first = scene.only()
    assert scene.ask("noor").ack["response_action"] == "update"
    assert [each.state for each in scene.all()] == [State.DROPPED, State.OFFERED]
    assert [row.user_id for row in house.owed("promises.ask") if row.operation == "post"] == ["lotte", "noor"]
    with pytest.raises(Refused, match=r"promises\.over"):
        scene.press("accept", "lotte", first.id)
    scene.press("accept", "noor", scene.all()[-1].id)
    assert "Het aanbod waarvoor Lotte gevraagd was, is afgehandeld." in scene.shown("promises.declined")


def test_after_a_no_the_sentence_is_published_only_as_a_next_step_without_a_name(house: House) -> None:
    scene = Promising(house, offer="Lotte maakt één pagina over de regels.")
    scene.draft()
    scene.ask()
    scene.press("decline", "lotte")
    with pytest.raises(Refused) as refused:
        scene.press("release", "sanne")
    assert (refused.value.key, refused.value.values["name"]) == ("promises.still_named", "Lotte")
    scene.change(offer=OFFER)
    assert scene.all()[0].state is State.DROPPED, "other words are another offer"
    assert OFFER in scene.article()


def test_a_sentence_without_a_name_becomes_a_next_step(scene: Promising) -> None:
    scene.draft()
    scene.ask()
    scene.press("decline", "lotte")
    scene.press("release", "sanne")
    assert OFFER in scene.article()
    assert "Lotte" not in scene.article()
    assert "Genoteerd als volgende stap." in scene.shown("impressions.shared")


def test_a_no_by_mistake_is_taken_back_as_long_as_nobody_acted_on_it(scene: Promising) -> None:
    scene.ask()
    scene.press("decline", "lotte")
    scene.press("accept", "lotte")
    assert scene.only().stands
    assert [(each.before, each.after) for each in scene.trail()] == [
        (None, State.OFFERED), (State.OFFERED, State.DECLINED), (State.DECLINED, State.ACCEPTED),
    ]  # fmt: skip


def test_who_asked_can_take_the_question_back(scene: Promising) -> None:
    scene.draft()
    scene.ask()
    scene.press("take_back", "sanne")
    assert scene.all()[0].state is State.DROPPED
    assert OFFER in scene.article()
    assert "Deze vraag is niet meer nodig." in scene.shown("promises.ask")
    with pytest.raises(Refused):
        scene.press("accept", "lotte", scene.all()[0].id)


def test_who_offers_it_themselves_has_said_yes_by_that(scene: Promising) -> None:
    scene.ask("sanne", due=DUE)
    assert scene.only().state is State.ACCEPTED
    assert [(each.capacity, each.after) for each in scene.trail()] == [
        (Capacity.GROUP, State.OFFERED), (Capacity.OWNER, State.ACCEPTED),
    ]  # fmt: skip
    assert "Genoteerd: donderdag 9 september 2021." in scene.shown("promises.ask")


def test_the_coordinator_can_ask_from_the_draft(scene: Promising, house: House) -> None:
    scene.draft()
    scene.ask("noor", by="ineke", number=1)
    assert scene.trail()[0].capacity is Capacity.COORDINATOR
    assert house.owed("promises.ask")[0].user_id == "noor"


def test_a_question_at_night_waits_for_the_morning(house: House) -> None:
    house.at(wall(2021, 6, 18, 21))
    scene = Promising(house)
    scene.ask()
    assert house.owed("promises.ask")[0].not_before == wall(2021, 6, 21, 8, 30)


def test_in_a_practice_session_only_who_practises_is_asked(house: House) -> None:
    scene = Promising(house)
    practice = replace(scene.session, channel="D1", created_by="sanne")
    house.write(lambda db: worksessions.save(db, practice, AFTERNOON))
    answer = scene.ask("lotte")
    assert "oefensessie" in answer.ack["errors"]["owner"]
    scene.ask("sanne", due=DUE)
    scene.tick(wall(2021, 9, 2, 9))
    assert house.owed("promises.reminder") == []


# Who may, and what is not there


@pytest.mark.parametrize("user", ["noor", "samir", "youssef", "vreemd"])
def test_only_who_speaks_for_the_note_asks(scene: Promising, user: str) -> None:
    with pytest.raises(Refused, match="ask_promise"):
        scene.ask(by=user)
    assert scene.all() == []


@pytest.mark.parametrize("name", ["accept", "decline", "change"])
@pytest.mark.parametrize("user", ["sanne", "ineke", "noor"])
def test_only_the_owner_answers(scene: Promising, name: str, user: str) -> None:
    scene.ask()
    with pytest.raises(Refused, match="answer_promise"):
        scene.press(name, user)
    with pytest.raises(Refused, match="answer_promise"):
        scene.choose_day(user, DUE)
    with pytest.raises(Refused, match="answer_promise"):
        scene.submit("change", user, {"own_words": "Van mij.", "due": ""})


def test_ids_that_somebody_made_up_or_that_are_of_another_workspace_do_not_exist(scene: Promising) -> None:
    promise = scene.agreed()
    names = ("accept", "decline", "done", "dropped", "reopen", "want", "want_not", "release", "take_back")
    for name in (*names, "change", "moved", "sentence"):
        with pytest.raises(Refused, match=r"gone|refused"):
            scene.press(name, "lotte", "po_9999")
    for name in ("choose", "next_step", "assign"):
        with pytest.raises(Refused, match=r"gone|refused"):
            scene.press(name, "ineke", "im_9999")
    click = scene.house.click("action", "promises.done", "lotte", promise.id)
    with pytest.raises(Refused):
        scene.house.answer(promises.ROUTES.actions["promises.done"], replace(click, team="T2"))
    assert scene.only() == promise


def test_a_sentence_that_was_made_up_is_refused_under_its_field(scene: Promising) -> None:
    for forged in (f"{scene.note} offer 0 5", f"{scene.note} offer x y", scene.note):
        answer = scene.ask(fields={"sentence": forged})
        assert list(answer.ack["errors"]) == ["sentence"]
    assert scene.all() == []


def test_who_cannot_be_reached_is_refused_kindly(scene: Promising, house: House) -> None:
    house.stranger("weg", None, deleted=True)
    answer = scene.ask("weg")
    assert answer.ack["errors"]["owner"] == "Deze persoon kan ik niet bereiken. Kies iemand anders."
    house.write(lambda db: programme.save_account(db, TEAM, programme.Account("UBOT", "Oogst")))
    assert list(scene.ask("UBOT").ack["errors"]) == ["owner"]


def test_somebody_who_is_in_no_roster_is_looked_up_first_and_then_asked(scene: Promising, house: House) -> None:
    class Directory(World):
        """Slack as it knows people: one newcomer, and nobody else."""

        async def enrol(self, team: str, user: str) -> None:
            if user == "nieuw":
                await self.write(lambda db: programme.save_account(db, team, programme.Account(user, "Nieuw")))

    world = house.world
    house.world = Directory(**{each.name: getattr(world, each.name) for each in fields(world) if each.init})
    assert list(scene.ask("niemand").ack["errors"]) == ["owner"]
    assert scene.ask("nieuw").ack["response_action"] == "update"
    assert house.owed("promises.ask")[0].user_id == "nieuw"


def test_every_tap_counts_once_however_often_slack_sends_it(scene: Promising, house: House) -> None:
    for _ in range(2):
        scene.ask(due=DUE, key="v:ask")
    assert len(scene.all()) == 1
    for name, key in (("accept", "a:1"), ("accept", "a:1"), ("accept", "a:2"), ("done", "a:3"), ("done", "a:3")):
        scene.press(name, "lotte", key=key)
    scene.press("reopen", "lotte", key="a:4")
    scene.press("done", "lotte", key="a:3")
    assert scene.only().state is State.ACCEPTED, "a late copy of an old tap does nothing"
    assert len(scene.trail()) == 4


def test_who_lost_their_rights_meanwhile_can_no_longer_act(scene: Promising, house: House) -> None:
    scene.agreed()
    house.write(lambda db: programme.save_account(db, TEAM, programme.Account("lotte", "Lotte", deleted=True)))
    with pytest.raises(Refused, match="mark_promise"):
        scene.press("done", "lotte")
    house.person("ineke", None, Role.PARTICIPANT)
    with pytest.raises(Refused, match="mark_promise"):
        scene.press("done", "ineke")
    assert scene.only().stands


def test_the_coordinator_marks_it_too_and_the_trail_says_so(scene: Promising) -> None:
    scene.agreed()
    scene.press("done", "ineke")
    last = scene.trail()[-1]
    assert (last.by, last.capacity, last.after) == ("ineke", Capacity.COORDINATOR, State.KEPT)


def test_two_coordinators_who_mark_at_once_agree_or_are_told(scene: Promising, house: House) -> None:
    house.person("bo", None, Role.COORDINATOR)
    scene.agreed()
    scene.press("done", "ineke")
    scene.press("done", "bo")
    with pytest.raises(Refused, match=r"promises\.over"):
        scene.press("dropped", "bo")
    assert [each.after for each in scene.trail()][-1] is State.KEPT
    assert len(scene.trail()) == 3


def test_another_day_is_asked_for_and_kept_with_the_old_one(scene: Promising) -> None:
    scene.agreed()
    answer = scene.submit("move", "lotte", {"due": "2021-06-01"})
    assert answer.ack["errors"]["due"] == "Kies een datum vanaf vandaag."
    scene.submit("move", "lotte", {"due": "2021-10-07"})
    assert (scene.only().state, scene.only().due) == (State.MOVED, date(2021, 10, 7))
    assert (scene.trail()[-1].due_before, scene.trail()[-1].due_after) == (date(2021, 9, 9), date(2021, 10, 7))


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("donderdag 9 september", date(2021, 9, 9)),
        ("9-9-2021", date(2021, 9, 9)),
        ("over twee weken", date(2021, 7, 1)),
        ("dinsdag 9 september", "dates.weekday"),
        ("volgende donderdag", "which_day"),
        ("als het regent", "dates.left_over"),
        ("elke week", "dates.several"),
        ("1 juni 2021", "dates.past"),
    ],
)
def test_a_day_in_words_is_understood_or_asked_back(scene: Promising, typed: str, due: date | str) -> None:
    scene.ask()
    answer = scene.submit("change", "lotte", {"own_words": "", "due": "", "typed": typed})
    if isinstance(due, date):
        assert answer.ack is None
        assert scene.only().due == due
        assert f"Genoteerd: {scene.house.world.words['nl'].date(due)}." in scene.shown("promises.ask")
        return
    assert list(answer.ack["errors"]) == ["typed"]
    assert scene.only().state is State.OFFERED


def test_two_days_in_one_form_are_asked_back_and_typing_moves_it(scene: Promising) -> None:
    scene.agreed()
    for picked in ("2021-10-01", "2021-10-02"):
        answer = scene.submit("move", "lotte", {"due": picked, "typed": "7 oktober"})
        assert answer.ack["errors"]["typed"] == "Je koos een dag en typte een andere. Laat er één staan."
    scene.submit("move", "lotte", {"due": DUE, "typed": "7 oktober"})
    assert (scene.only().state, scene.only().due) == (State.MOVED, date(2021, 10, 7))
    assert "due" in scene.submit("move", "lotte", {"due": "", "typed": ""}).ack["errors"]


# The note changes, or goes


def test_the_same_words_elsewhere_in_the_note_are_followed(scene: Promising) -> None:
    scene.draft()
    scene.agreed()
    scene.change(offer=f"Eerst dit. {OFFER}")
    assert not scene.only().lost
    assert OFFER in scene.article()
    assert "(Lotte doet dit: klaar op donderdag 9 september)" in scene.article()


def test_other_words_are_asked_about_and_stand_nowhere_with_the_name(scene: Promising, house: House) -> None:
    scene.draft()
    scene.agreed()
    scene.change(offer="We maken drie boeken over de regels.")
    assert scene.only().lost
    assert "Lotte" not in scene.article()
    assert [row.user_id for row in house.owed("promises.lost")] == ["lotte", "ineke"]
    assert "staat er niet meer in. Wat geldt nu?" in scene.shown("promises.lost", 0)
    chosen = f"{scene.note} offer 0 36"
    scene.submit("sentence", "lotte", {"sentence": chosen})
    assert (scene.only().lost, scene.only().stands) == (False, True)
    assert "We maken drie boeken over de regels. (Lotte doet dit" in scene.article()
    assert "De belofte van Lotte uit groep 1 is weer in orde." in scene.shown("promises.lost")


def test_words_that_somebody_else_chose_are_asked_anew(scene: Promising, house: House) -> None:
    scene.draft()
    scene.agreed()
    scene.change(offer="We maken drie boeken over de regels.")
    scene.submit("sentence", "ineke", {"sentence": f"{scene.note} offer 0 36"})
    assert scene.only().state is State.OFFERED
    assert "drie boeken" not in scene.article()
    assert [row.user_id for row in house.owed("promises.ask") if row.operation == "post"] == ["lotte", "lotte"]


def test_own_words_outlive_a_change_of_the_note(scene: Promising) -> None:
    scene.ask()
    scene.submit("change", "lotte", {"own_words": "Ik maak een lijst.", "due": DUE})
    scene.change(offer="Iets heel anders.")
    assert scene.only().is_public
    assert "Ik maak een lijst." in scene.shown("promises.ask")


@pytest.mark.parametrize("stage", ["asked", "agreed", "own words", "declined", "kept", "dropped", "lost"])
def test_a_withdrawn_note_takes_the_words_along_at_every_stage(house: House, stage: str) -> None:
    scene = Promising(house)
    canary = "zeppelinkapitein"
    scene.change(offer=f"De {canary} maakt één pagina over de regels.")
    scene.draft()
    scene.ask(due=DUE)
    promise = scene.only()
    steps = {
        "agreed": lambda: scene.press("accept", "lotte"),
        "own words": lambda: scene.submit("change", "lotte", {"own_words": f"Ik, {canary}, doe dit.", "due": DUE}),
        "declined": lambda: scene.press("decline", "lotte"),
        "kept": lambda: (scene.press("accept", "lotte"), scene.press("done", "lotte")),
        "dropped": lambda: (scene.press("accept", "lotte"), scene.press("dropped", "lotte")),
        "lost": lambda: (scene.press("accept", "lotte"), scene.change(offer=f"Een {canary} bouwt iets.")),
    }
    steps.get(stage, lambda: None)()
    scene.withdraw()
    left = house.read(lambda db: store.one(db, TEAM, promise.id))
    assert left is not None
    assert (left.place, left.own_words, left.fingerprint, left.is_public) == (None, "", "", False)
    trail = scene.trail(left)
    assert trail[-1].capacity is Capacity.NOTE
    for kind in ("promises.ask", "promises.declined", "promises.lost", "impressions.shared", "harvest.draft"):
        for number in range(len(house.owed(kind))):
            assert canary not in scene.shown(kind, number), kind
    assert house.do(house.database.tidy())
    assert canary.encode() not in postgres.content(house.database.location)


@pytest.mark.parametrize("step", ["accept", "take_back", "release"])
def test_a_draft_that_was_edited_gets_the_offer_once_it_no_longer_waits(
    scene: Promising, house: House, step: str
) -> None:
    scene.ask(due=DUE)
    scene.draft()
    article = house.read(lambda db: articles.of_session(db, TEAM, scene.session.id))
    assert article is not None
    house.write(lambda db: articles.save(db, replace(article, edited=True, version=article.version + 1)))
    assert OFFER not in scene.article()
    if step == "accept":
        scene.press("accept", "lotte")
        assert OFFER in scene.article()
        assert "(Lotte doet dit" in scene.article()
        return
    if step == "release":
        scene.press("decline", "lotte")
        assert OFFER not in scene.article()
    scene.press(step, "sanne")
    assert OFFER in scene.article()
    assert "Lotte" not in scene.article()


def test_the_list_shows_ones_own_and_to_a_coordinator_everything_open(scene: Promising, house: House) -> None:
    scene.agreed()
    said = []
    for user in ("lotte", "noor", "ineke"):
        click = house.click("command", "beloftes", user)
        answer = house.do(promises.ROUTES.commands["beloftes"](click, house.world))
        for work in answer.then:
            said.append(str([b.to_dict() for b in work.cr_frame.f_locals["blocks"]]))  # type: ignore[attr-defined]  # what would be said
            work.close()
    assert OFFER in said[0]
    assert "Alle open beloftes" not in said[0]
    assert "geen beloftes" in said[1]
    assert "Alle open beloftes" in said[2]
    assert OFFER in said[2]


def test_the_home_says_what_waits_and_the_board_who_is_late(scene: Promising, house: House) -> None:
    words = house.world.words["nl"]

    def waits(user: str) -> str:
        found = house.read(lambda db: promises.waiting_for(db, TEAM, user, house.world.now()))
        return str([block.to_dict() for each in found for block in each.draw(words)])

    def gaps() -> list[str]:
        found = house.read(lambda db: promises.gaps(db, TEAM, [scene.session], house.world.now()))
        return [f"{each.what} {each.line(words)}" for each in found]

    scene.ask(due=DUE)
    assert "Klopt dat?" in waits("lotte")
    assert waits("noor") == "[]"
    assert gaps()[0].startswith("promise_asked *Lotte* zei nog niet")
    scene.press("accept", "lotte")
    assert "Jij beloofde" in waits("lotte")
    assert gaps() == []
    house.at(wall(2021, 9, 10, 9))
    assert gaps() == [f"promise_due *Lotte* beloofde “{OFFER}” voor donderdag 9 september. Het staat nog open."]
    scene.press("done", "lotte")
    assert gaps() == []
    assert waits("lotte") == "[]"
