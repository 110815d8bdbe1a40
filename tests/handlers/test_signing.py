"""The group signs off: who may, until when, what silence means, and that nothing is published before that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.impressions import LONGEST, PARTS, SignOffState
from bot.problem import Refused
from bot.selection import Reason
from bot.worksessions import Silence
from handlers import impressions
from handlers.impressions.waiting import waiting_for
from handlers.views import impressions_signing as views
from playground.linter import lint_view
from storage import delivery, selection, worksessions
from storage import impressions as notes
from tests import postgres
from tests.handlers.house import TEAM, House, wall
from tests.handlers.signed import KINDS, OTHER, TOLD, Signing

FRIDAY_NOON = wall(2021, 6, 18, 12)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 15, 50))
    yield opened
    opened.database.close()


@pytest.fixture
def signing(house: House) -> Signing:
    return Signing(house)


# The card


def test_the_thread_asks_whether_it_is_right_with_the_time_and_the_rule(signing: Signing, house: House) -> None:
    one = signing.share()
    (card,) = house.owed("impressions.signing")
    assert (card.key, card.channel_id, card.thread_key) == (
        f"impressions.signing:{one.id}",
        "CWS",
        "selection.group:gr_1",
    )
    shown = signing.shown("impressions.signing")
    for expected in (
        "*Klopt dit zo?* Reageer vóór vrijdag 18 juni, 12:00. Hoor ik niets, dan geldt het als akkoord.",
        "0 van 2 akkoord",
        "Impressie van Sanne: “We nodigen de school nu uit.",
        "Klopt niet",
        "Eerdere versies",
    ):
        assert expected in shown
    signing.agree("noor", one)
    assert "1 van 2 akkoord" in signing.shown("impressions.signing")
    assert "Samir" not in signing.shown("impressions.signing"), "who was silent is not shown"


def test_where_silence_waits_the_card_says_so(house: House) -> None:
    signing = Signing(house, Silence.WAITS)
    signing.share()
    assert "Zonder een ja van iedereen komt het niet in het verslag." in signing.shown("impressions.signing")


def test_a_plain_reply_is_signed_off_like_any_other(signing: Signing, house: House) -> None:
    house.write(
        lambda db: delivery.plan(
            db, team=TEAM, key="selection.group:gr_1", kind="selection.group", arguments={"id": "gr_1"},
            channel="CWS", now=house.clock.now(),
        )
    )  # fmt: skip
    house.arrive("selection.group")
    at = house.read(lambda db: delivery.sent(db, TEAM, "selection.group:gr_1"))
    assert at is not None
    body = {"text": TOLD, "ts": "7.1", "user": "sanne", "thread_ts": at[1]}
    click = house.click("event", "message", "sanne", channel="CWS", ts="7.1", thread_ts=at[1], body=body)
    house.answer(impressions.ROUTES.events["message"][0], click)
    assert signing.owed("impressions.signing") == ["post"]
    assert house.owed("impressions.post") == [], "the reply itself stands there"
    signing.correct("noor", signing.newest(), takeaway="Beter gezegd door Noor.")
    assert "Beter gezegd door Noor." in signing.shown("impressions.post"), "what the message does not say is posted"


# Who may


@pytest.mark.parametrize("user", ["lotte", "youssef", "ineke", "vreemd"])
def test_only_who_sits_in_the_group_answers_changes_or_takes_a_quote_back(signing: Signing, user: str) -> None:
    one = signing.share(quote="Met ouders.")
    value = f"{one.id}:{one.version}"
    attempts: list[Any] = [
        lambda: signing.agree(user, one),
        lambda: signing.press("impressions.object", user, value),
        lambda: signing.object(user, one),
        lambda: signing.press("impressions.correct", user, value),
        lambda: signing.correct(user, one, takeaway="Van mij."),
        lambda: signing.press("impressions.sign_more", user, f"quote:{value}"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match=r"sign_off"):
            attempt()
    assert signing.newest() == one and signing.standing(one).state is SignOffState.OPEN


def test_a_coordinator_who_sits_in_the_group_answers_there(signing: Signing, house: House) -> None:
    one = signing.share()
    house.write(lambda db: selection.move_seat(db, TEAM, signing.first, "ineke", Reason.PLACED))
    signing.agree("ineke", one)
    assert "1 van 3 akkoord" in signing.shown("impressions.signing")


@pytest.mark.parametrize("value", ["", "im_none:1", "gr_1:1", "{id}", "{id}:7", "{id}:x", "object:{id}"])
def test_made_up_ids_are_answered_and_change_nothing(signing: Signing, value: str) -> None:
    one = signing.share()
    for name in ("impressions.agree", "impressions.object", "impressions.correct", "impressions.sign_more"):
        with pytest.raises(Refused):
            signing.press(name, "noor", value.format(id=one.id))
    assert signing.standing(one).agreed == ()


def test_an_id_of_another_workspace_does_not_exist(signing: Signing, house: House) -> None:
    one = signing.share()
    click = house.click("action", "impressions.agree", "noor", f"{one.id}:1")
    with pytest.raises(Refused):
        house.answer(impressions.ROUTES.actions["impressions.agree"], type(click)(**{**click.__dict__, "team": "T2"}))


def test_who_was_moved_away_while_the_form_was_open_no_longer_objects(signing: Signing, house: House) -> None:
    one = signing.share()
    signing.press("impressions.object", "noor", f"{one.id}:1")
    house.write(lambda db: selection.move_seat(db, TEAM, signing.second, "noor", Reason.MOVED))
    with pytest.raises(Refused, match="sign_off"):
        signing.object("noor", one)
    with pytest.raises(Refused, match="sign_off"):
        signing.correct("noor", one, takeaway="Toch anders.")
    assert signing.newest().contents.takeaway == TOLD


# Answers


def test_a_double_click_is_one_answer_and_an_answer_can_be_changed(signing: Signing) -> None:
    one = signing.share()
    for _ in range(2):
        signing.agree("noor", one, key="a:1")
    assert signing.standing(one).agreed == ("noor",)
    signing.object("noor", one)
    assert (signing.standing(one).state, signing.standing(one).agreed) == (SignOffState.OBJECTED, ())
    signing.agree("noor", one)
    assert signing.standing(one).state is SignOffState.OPEN


def test_everybody_said_yes_and_it_is_agreed_before_the_time_is_over(signing: Signing) -> None:
    one = signing.share()
    for user in ("noor", "samir"):
        signing.agree(user, one)
    assert signing.standing(one).state is SignOffState.AGREED
    assert "Akkoord. Iedereen in de groep zei ja." in signing.shown("impressions.signing")
    assert "Reageer vóór" not in signing.shown("impressions.signing")


def test_an_objection_needs_a_reason_that_keeps_no_secrets(signing: Signing, house: House) -> None:
    one = signing.share()
    assert "reason" in signing.object("noor", one, "  ").ack["errors"]
    assert "reason" in signing.object("noor", one, "Bel mij op 06 12 34 56 78.").ack["errors"]
    assert "reason" in signing.object("noor", one, "x" * 501).ack["errors"]
    assert signing.standing(one).state is SignOffState.OPEN


def test_a_reason_is_read_by_the_writer_the_facilitator_and_the_coordinator_only(
    signing: Signing, house: House
) -> None:
    signing.share("youssef", "gr_2", takeaway=OTHER)
    one = signing.share("ineke")
    signing.object("noor", one, "Zo <!channel> zei ik het niet.")
    told = {row.user_id for row in house.owed("impressions.objections")}
    assert told == {"ineke", "sanne"}
    assert "Noor maakt bezwaar: “Zo &lt;!channel&gt; zei ik het niet.”" in signing.shown("impressions.objections")
    assert "zei ik het niet" in signing.shown("harvest.draft", "ineke")
    assert "zei ik het niet" not in signing.shown("impressions.signing") + signing.shown("impressions.post")
    house.write(lambda db: selection.lead(db, TEAM, "gr_1", "samir"))
    assert "zei ik het niet" not in signing.shown("impressions.objections", "sanne"), "she leads no more"


def test_the_reason_is_gone_with_the_note_and_with_the_objection(
    signing: Signing, house: House, tmp_path: Path
) -> None:
    one = signing.share()
    signing.object("noor", one, "Zeppelinkapitein.")
    house.answer(
        impressions.ROUTES.actions["impressions.decline"],
        house.click("action", "impressions.decline", "sanne", one.id),
    )
    assert signing.kept() == []
    assert "Zeppelin" not in signing.shown("impressions.objections")
    assert "ingetrokken" in signing.shown("impressions.signing")
    _nowhere(house, "Zeppelinkapitein", TOLD[:20])


def _nowhere(house: House, *words: str) -> None:
    house.write(lambda db: None)
    assert house.do(house.database.tidy())
    kept = postgres.content(house.database.location)
    for text in words:
        assert text.encode() not in kept, text


# Changing


def test_a_correction_is_a_next_version_that_asks_everybody_anew_and_tells_the_author(
    signing: Signing, house: House
) -> None:
    one = signing.share()
    signing.agree("samir", one)
    house.at(wall(2021, 6, 18, 10))
    signing.correct("noor", one, takeaway="We nodigen de school later uit.")
    new = signing.newest()
    assert (new.version, new.changed_by, new.author) == (2, "noor", "sanne")
    standing = signing.standing(new)
    assert (standing.agreed, standing.asked) == ((), ("samir", "sanne"))
    assert standing.until == wall(2021, 6, 21, 12), "the next working day after this version"
    shown = signing.shown("impressions.signing")
    assert "Aangepast door Noor." in shown and "maandag 21 juni, 12:00" in shown and "0 van 2" in shown
    (told,) = house.owed("impressions.corrected")
    assert told.user_id == "sanne" and "Noor paste de impressie van groep 1 aan." in signing.shown(
        "impressions.corrected"
    )
    with pytest.raises(Refused, match="changed_since"):
        signing.agree("samir", one)


def test_two_people_who_correct_at_once_do_not_overwrite_each_other(signing: Signing, house: House) -> None:
    one = signing.share()
    signing.correct("noor", one, takeaway="Versie van Noor.")
    with pytest.raises(Refused, match="changed_since"):
        signing.correct("samir", one, takeaway="Versie van Samir.")
    with pytest.raises(Refused, match="changed_since"):
        signing.hand_in(
            "impressions.change", "sanne", {"impression": one.id, "version": "1"}, {"takeaway": "Versie van Sanne."}
        )
    assert signing.newest().contents.takeaway == "Versie van Noor."


def test_a_correction_is_checked_like_any_impression_and_saving_the_same_changes_nothing(signing: Signing) -> None:
    one = signing.share()
    assert "takeaway" in signing.correct("noor", one, takeaway=" ").ack["errors"]
    assert "takeaway" in signing.correct("noor", one, takeaway="Mail noor@voorbeeld.nl maar.").ack["errors"]
    signing.correct("noor", one)
    assert signing.newest().version == 1


def test_every_version_can_be_read_by_the_group_and_nobody_else(signing: Signing, house: House) -> None:
    one = signing.share(quote="Met ouders.")
    signing.correct("noor", one, takeaway="Beter gezegd.")
    found = house.read(lambda db: notes.versions(db, TEAM, one.id))
    assert [(v.number, v.by, v.contents.takeaway) for v in found] == [(1, "sanne", TOLD), (2, "noor", "Beter gezegd.")]
    for user in ("samir", "ineke"):
        signing.press("impressions.sign_more", user, f"versions:{one.id}:1")
    with pytest.raises(Refused, match="see_impression"):
        signing.press("impressions.sign_more", "lotte", f"versions:{one.id}:1")
    for words in house.world.words.values():
        view = views.versions(found, {"noor": "Noor"}, words).to_dict()
        assert lint_view(view) == []
        assert "Noor" in str(view) and TOLD in str(view) and "Met ouders." in str(view)


# The deadline


@pytest.mark.parametrize(
    ("silence", "state", "says"),
    [
        (Silence.AGREES, SignOffState.AGREED, "Akkoord: 1 van 2 zei ja, en niemand maakte bezwaar vóór vrijdag"),
        (Silence.WAITS, SignOffState.WAITING, "Nog niet akkoord: 1 van 2 zei ja vóór vrijdag 18 juni, 12:00."),
    ],
)  # fmt: skip
def test_when_the_time_is_over_silence_means_what_was_said_and_a_second_tick_says_nothing_more(
    house: House, silence: Silence, state: SignOffState, says: str
) -> None:
    signing = Signing(house, silence)
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    signing.agree("noor", one)
    house.at(wall(2021, 6, 18, 11, 59))
    signing.tick()
    assert signing.standing(one).state is SignOffState.OPEN
    assert house.read(lambda db: impressions.RHYTHM.next_due(db, house.clock.now())) == FRIDAY_NOON
    house.at(FRIDAY_NOON)
    assert "Klopt dit zo?" in signing.shown("impressions.signing"), "the card does not run ahead of the clock's turn"
    signing.tick()
    assert signing.standing(one).state is state and says in signing.shown("impressions.signing")
    before = signing.owed("impressions.signing"), signing.owed("harvest.draft")
    signing.tick()
    assert (signing.owed("impressions.signing"), signing.owed("harvest.draft")) == before
    assert house.read(lambda db: impressions.RHYTHM.next_due(db, house.clock.now())) is None


def test_a_bot_that_was_down_for_a_week_ends_the_answering_when_it_is_back(house: House, signing: Signing) -> None:
    one = signing.share()
    house.at(wall(2021, 6, 25, 9))
    signing.tick()
    assert signing.standing(one).state is SignOffState.AGREED
    assert "niemand maakte bezwaar" in signing.shown("impressions.signing")


def test_a_yes_after_the_time_still_opens_what_waits(house: House) -> None:
    signing = Signing(house, Silence.WAITS)
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    house.at(wall(2021, 6, 21, 9))
    signing.tick()
    assert signing.texts() == [OTHER]
    for user in ("noor", "samir"):
        signing.agree(user, one)
    assert signing.texts() == [*TOLD.replace(". ", ".|").split("|"), OTHER]


def test_who_is_alone_in_a_group_has_nobody_to_ask(signing: Signing, house: House) -> None:
    one = signing.share("youssef", "gr_2", takeaway=OTHER)
    assert signing.standing(one).state is SignOffState.AGREED
    assert "Akkoord: er is niemand anders in deze groep." in signing.shown("impressions.signing")


# The gate


def test_nothing_is_published_while_a_group_can_still_answer(signing: Signing, house: House) -> None:
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    assert "Groep 1 kan nog reageren tot vrijdag 18 juni, 12:00 (0 van 2 akkoord)." in signing.shown("harvest.draft")
    with pytest.raises(Refused) as refused:
        signing.publish()
    assert (refused.value.key, refused.value.values["until"]) == ("harvest.still_open", "vrijdag 18 juni, 12:00")
    signing.agree("noor", one)
    with pytest.raises(Refused, match="still_open"):
        signing.publish()
    signing.agree("samir", one)
    assert "kan nog reageren" not in signing.shown("harvest.draft")
    signing.publish()
    assert len(house.owed("harvest.article")) == 1


def test_after_the_time_it_is_published_even_before_the_clock_has_had_its_turn(signing: Signing, house: House) -> None:
    signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    house.at(FRIDAY_NOON)
    signing.publish()
    assert len(house.owed("harvest.article")) == 1


def test_what_somebody_objects_to_never_gets_out_and_comes_back_when_it_is_solved(
    signing: Signing, house: House
) -> None:
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    signing.object("samir", one)
    assert signing.texts() == [OTHER]
    assert "Samir maakt bezwaar: “Dat zeiden we niet.”" in signing.shown("harvest.draft")
    assert "ouders praten" not in signing.shown("harvest.draft").lower()
    signing.agree("samir", one)
    assert signing.texts()[0] == "We nodigen de school nu uit."
    signing.object("samir", one)
    house.at(FRIDAY_NOON)
    signing.tick()
    signing.publish()
    assert signing.texts() == [OTHER]
    assert "school" not in signing.shown("harvest.article")


def test_a_yes_that_changes_no_word_leaves_the_version_that_the_coordinator_reads(
    signing: Signing, house: House
) -> None:
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    before = signing.article()
    assert before is not None
    drafts = len(house.owed("harvest.draft"))
    for user in ("noor", "samir"):
        signing.agree(user, one)
    assert len(house.owed("harvest.draft")) == drafts + 1, "it shows that the group agreed"
    signing.press("harvest.publish", "ineke", f"{before.id}:{before.version}")
    assert house.owed("harvest.article")


def test_a_corrected_version_comes_in_once_it_is_agreed(signing: Signing, house: House) -> None:
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    signing.object("samir", one)
    signing.correct("samir", one, takeaway="De school komt later.")
    assert signing.texts() == ["De school komt later.", OTHER]
    with pytest.raises(Refused, match="still_open"):
        signing.publish()
    for user in ("noor", "sanne"):
        signing.agree(user, signing.newest())
    signing.publish()
    assert "De school komt later." in signing.shown("harvest.article")


def test_an_objection_in_the_middle_of_publishing_is_not_lost(signing: Signing, house: House) -> None:
    """Both write: whichever comes first, the words are not out while somebody objects before that."""
    one = signing.share()
    signing.share("youssef", "gr_2", takeaway=OTHER)
    house.at(FRIDAY_NOON)
    signing.tick()
    found = signing.article()
    assert found is not None
    signing.object("noor", one)
    with pytest.raises(Refused, match="changed_since"):
        signing.press("harvest.publish", "ineke", f"{found.id}:{found.version}")
    signing.publish()
    assert signing.texts() == [OTHER]


# The Home, practice and Slack's limits


def test_the_home_shows_what_waits_for_my_yes_until_i_gave_it(signing: Signing, house: House) -> None:
    one = signing.share(quote="Met ouders.")

    def waits(user: str) -> int:
        return len(house.read(lambda db: waiting_for(db, TEAM, user, house.clock.now())))

    assert [waits(user) for user in ("noor", "samir", "sanne", "lotte", "ineke")] == [1, 1, 0, 0, 0]
    signing.agree("noor", one)
    assert [waits(user) for user in ("noor", "samir")] == [0, 1]
    house.at(FRIDAY_NOON)
    signing.tick()
    assert waits("samir") == 0


def test_an_objection_waits_on_the_home_of_who_can_answer_it_and_silence_is_no_yes_meanwhile(
    signing: Signing, house: House
) -> None:
    one = signing.share()

    def reads(user: str) -> str:
        found = house.read(lambda db: waiting_for(db, TEAM, user, house.clock.now()))
        return str([block.to_dict() for each in found for block in each.draw(house.world.words["nl"])])

    assert "bezwaar" not in reads("sanne")
    signing.object("noor", one, "Zo zeiden we het niet.")
    assert "Noor maakt bezwaar: “Zo zeiden we het niet.”" in reads("sanne")
    assert not any("Zo zeiden we het niet." in reads(user) for user in ("noor", "samir", "lotte"))
    shown = signing.shown("impressions.signing")
    assert "Reageer vóór vrijdag 18 juni, 12:00." in shown and "Hoor ik niets" not in shown
    signing.correct("samir", one, takeaway="We nodigen de school later uit.")
    assert "bezwaar" not in reads("sanne")


def test_who_objected_is_told_that_the_words_changed(signing: Signing, house: House) -> None:
    one = signing.share()
    signing.object("noor", one)
    signing.agree("samir", one)
    fields = {part: one.text(part) for part in PARTS} | {"takeaway": "We nodigen de school later uit."}
    signing.hand_in("impressions.change", "sanne", {"impression": one.id}, fields)
    (told,) = house.owed("impressions.corrected")
    assert told.user_id == "noor", "and nobody who did not object"
    assert "Sanne paste de impressie van groep 1 aan." in signing.shown("impressions.corrected")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_longest_texts_stay_within_slacks_limits(signing: Signing, house: House, language: str) -> None:
    one = signing.share(**dict.fromkeys(PARTS, ("<&é\n" * LONGEST)[:LONGEST]))
    signing.share("youssef", "gr_2", takeaway=OTHER)
    for user in ("noor", "samir"):
        signing.object(user, one, "<" * 500)
    signing.correct("noor", one, takeaway=("w " * LONGEST)[:LONGEST])
    words = house.world.words[language]
    for kind in ("impressions.signing", "impressions.objections", "impressions.corrected", "harvest.draft"):
        assert house.owed(kind)
        for row in house.owed(kind):
            house.draw(row, KINDS, language)
    new = signing.newest()
    found = house.read(lambda db: notes.versions(db, TEAM, one.id))
    for view in (
        views.objection_form(signing.first, new, words),
        views.correction_form(signing.session, signing.first, new, words, None),
        views.versions(found * 20, {}, words),
    ):
        assert lint_view(view.to_dict()) == []
    standing = signing.standing(new)
    assert (
        len(views.waiting(signing.session, signing.first, new, standing, "https://slack.com/archives/C1/p1", words))
        <= 3
    )


def test_an_empty_group_and_a_person_who_left_hold_nothing_up(signing: Signing, house: House) -> None:
    one = signing.share()
    house.stranger("noor", None, deleted=True)
    signing.agree("samir", one)
    assert signing.standing(one).state is SignOffState.AGREED
    with pytest.raises(Refused, match="sign_off"):
        signing.agree("noor", one)


def test_a_silence_that_nobody_chose_counts_as_yes_and_the_choice_is_kept(signing: Signing, house: House) -> None:
    assert signing.session.silence is Silence.AGREES
    other = Signing.__new__(Signing)
    other.house = house
    changed = other._with(signing.session, Silence.WAITS)
    assert house.read(lambda db: worksessions.one(db, TEAM, changed.id)).silence is Silence.WAITS  # type: ignore[union-attr]  # it is there
