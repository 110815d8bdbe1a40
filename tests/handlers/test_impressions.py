"""Handing in an impression: by form, by shortcut, by a plain reply; and what Slack tells about it in any order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.impressions import LONGEST, PARTS
from bot.problem import Refused
from handlers import harvest, impressions, selection
from handlers.views import impressions_form as views
from playground.linter import lint_view
from storage import themes
from storage import worksessions as sessions
from tests import postgres
from tests.handlers.afternoon import Afternoon
from tests.handlers.house import House, wall

KINDS = {**impressions.MESSAGES, **harvest.MESSAGES, **selection.MESSAGES}
NASTY = "<!channel> <@U1> <http://kwaad.nl|intranet> &lt;!here&gt; *vet* "
TOLD = "We nodigen de school nu uit vóór we inkopen."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, wall(2021, 6, 17, 15, 40))
    yield opened
    opened.database.close()


@pytest.fixture
def afternoon(house: House) -> Afternoon:
    return Afternoon(house)


# By form


def test_what_was_typed_is_kept_exactly_posted_in_the_thread_and_confirmed(afternoon: Afternoon, house: House) -> None:
    typed = f"  {NASTY}\n\nTweede regel.  "
    afternoon.share("sanne", takeaway=typed, offer="Sanne deelt de brief.")
    (one,) = afternoon.kept()
    assert one.contents.takeaway == typed
    assert house.read(lambda db: len(list(db.exec(themes.select(themes.ImpressionThemeRow))))) == 1
    (post,) = house.owed("impressions.post")
    assert (post.channel_id, post.thread_key) == ("CWS", "selection.group:gr_a")
    shown = str([b.to_dict() for b in house.draw(post, KINDS).blocks])  # type: ignore[union-attr]  # it is drawn
    assert (
        "Sanne, begeleider groep 1" in shown and "&lt;!channel&gt; &lt;@U1&gt;" in shown and "<!channel>" not in shown
    )
    (told,) = house.owed("impressions.shared")
    assert told.user_id == "sanne" and "✓ Gedeeld met groep 1." in house.draw(told, KINDS).text  # type: ignore[union-attr]  # it is drawn


def test_a_form_that_arrives_twice_is_one_impression(afternoon: Afternoon, house: House) -> None:
    click = house.click(
        "form", "impressions.share", "sanne", metadata='{"group": "gr_a"}', fields={"takeaway": TOLD}, key="v:1"
    )
    house.answer(impressions.share, click)
    house.answer(impressions.share, click)
    assert afternoon.texts() == [TOLD] and len(house.owed("impressions.post")) == 1


def test_an_empty_takeaway_keeps_the_form_open_and_stores_nothing(afternoon: Afternoon) -> None:
    answer = afternoon.share("sanne", takeaway="   ", quote="Mooi.")
    assert answer.ack["errors"] == {"takeaway": "Schrijf op wat de groep meenam. Eén zin is al genoeg."}
    assert afternoon.kept() == []


@pytest.mark.parametrize(
    ("user", "may"),
    [("sanne", True), ("lotte", True), ("ineke", True), ("noor", False), ("youssef", False), ("vreemd", False)],
)
def test_only_who_speaks_for_the_group_shares_whatever_the_form_claims(
    afternoon: Afternoon, user: str, may: bool
) -> None:
    if may:
        afternoon.share(user, takeaway=TOLD)
    else:
        with pytest.raises(Refused):
            afternoon.share(user, takeaway=TOLD)
    assert bool(afternoon.kept()) is may


def test_a_group_of_another_workspace_does_not_exist(afternoon: Afternoon, house: House) -> None:
    click = house.click("action", "impressions.share", "sanne", value="gr_a")
    with pytest.raises(Refused):
        house.answer(impressions.open_form, type(click)(**{**click.__dict__, "team": "T2"}))


def test_a_change_is_a_next_version_that_the_thread_follows(afternoon: Afternoon, house: House) -> None:
    afternoon.share("sanne", takeaway=TOLD)
    (one,) = afternoon.kept()
    metadata = f'{{"impression": "{one.id}"}}'
    for _ in range(2):
        house.answer(
            impressions.save_change,
            house.click(
                "form", "impressions.change", "sanne", metadata=metadata, fields={"takeaway": "Anders."}, key="v:2"
            ),
        )
    (changed,) = afternoon.kept()
    assert (changed.contents.takeaway, changed.version) == ("Anders.", 2)
    posts = [(row.key, row.operation) for row in house.owed("impressions.post")]
    assert posts == [(f"impressions.post:{one.id}:gr_a", "post"), (f"impressions.post:{one.id}:gr_a:v2", "update")]


def test_after_a_day_it_stays_as_it_is(afternoon: Afternoon, house: House) -> None:
    afternoon.share("sanne", takeaway=TOLD)
    (one,) = afternoon.kept()
    house.at(house.world.now() + timedelta(hours=25))
    with pytest.raises(Refused, match="change_late"):
        house.answer(impressions.open_change, house.click("action", "impressions.change", "sanne", value=one.id))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("letter", ["w ", "<", "&", "é\n"])
def test_the_longest_texts_stay_within_slacks_limits(
    afternoon: Afternoon, house: House, letter: str, language: str
) -> None:
    longest = dict.fromkeys(PARTS, (letter * LONGEST)[:LONGEST])
    afternoon.share("sanne", **longest)
    words = house.world.words[language]
    (one,) = afternoon.kept()
    for row in [*house.owed("impressions.post"), *house.owed("impressions.shared")]:
        house.draw(row, KINDS, language)
    choices = [(afternoon.session, afternoon.first), (afternoon.session, afternoon.second)]
    line = views.draft_line(house.world.now(), house.world.now(), words)
    note, warnings = words("impressions.shortened", most=LONGEST), dict.fromkeys(PARTS, "Haal dit weg. " * 12)
    filling = views.Filling(one.contents, draft=line, note=note, warnings=warnings)
    for form in (
        views.share_form(choices, words, metadata={"form": "fm_1"}, filling=filling),
        views.change_form(afternoon.session, afternoon.first, one, words),
    ):
        assert lint_view(form.to_dict()) == []
    assert house.draw(house.owed("impressions.post")[0], KINDS, language) is not None


def test_all_of_a_long_impression_is_in_the_thread(afternoon: Afternoon, house: House) -> None:
    afternoon.share("sanne", takeaway="<" * LONGEST)
    shown = "".join(str(b.to_dict()) for row in house.owed("impressions.post") for b in house.draw(row, KINDS).blocks)  # type: ignore[union-attr]  # it is drawn
    assert shown.count("&lt;") == LONGEST


# By a plain reply


def test_a_telling_reply_of_the_facilitator_is_kept_and_others_are_talk(afternoon: Afternoon) -> None:
    afternoon.reply("noor", "Wij willen ook graag eerder worden uitgenodigd.", "7.1")
    afternoon.reply("ineke", "Mooi gesprek was dit, dank jullie allemaal wel.", "7.2")
    afternoon.reply("sanne", "Top, dank!", "7.3")
    answer = afternoon.reply("sanne", "Wij spreken af: R&amp;D nodigt &lt;school&gt; eerder uit.", "7.4")
    afternoon.reply("lotte", "De ouders praten vanaf het begin mee.", "7.5")
    assert afternoon.texts() == [
        "Wij spreken af: R&D nodigt <school> eerder uit.",
        "De ouders praten vanaf het begin mee.",
    ]
    assert len(answer.then) == 1, "its writer is told, and can say no"


def test_messages_outside_group_threads_and_of_bots_are_left_alone(afternoon: Afternoon, house: House) -> None:
    afternoon.reply("sanne", TOLD, thread_ts="99.9")
    afternoon.reply("sanne", TOLD, bot_id="B1")
    afternoon.reply("sanne", TOLD, subtype="channel_join")
    assert afternoon.kept() == []


def test_slack_saying_changed_when_nothing_changed_is_ignored(afternoon: Afternoon) -> None:
    afternoon.reply("sanne", TOLD)
    afternoon.edit("sanne", TOLD, before=TOLD)
    assert [one.version for one in afternoon.kept()] == [1]


FIRST, SECOND, THIRD = TOLD, "De school komt nu eerder aan tafel.", "Ouders praten vanaf het begin mee."
CREATE = ("create", FIRST, "")
EDIT = ("edit", SECOND, "8.1")
AGAIN = ("edit", THIRD, "8.2")
TALK = ("edit", "Laat maar.", "8.3")
DELETE = ("delete", "", "")


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([CREATE, EDIT], [SECOND]),
        ([CREATE, EDIT, AGAIN], [THIRD]),
        ([CREATE, EDIT, TALK], []),
        ([CREATE, DELETE], []),
        ([CREATE, EDIT, AGAIN, DELETE], []),
    ],
    ids=["edited", "edited twice", "edited into talk", "deleted", "edited and deleted"],
)
def test_in_whatever_order_slack_tells_the_end_is_the_same(
    afternoon: Afternoon, events: list[Any], left: list[str]
) -> None:
    orders = dict.fromkeys(itertools.permutations([*events, CREATE] if len(events) < 4 else events))
    for number, order in enumerate(orders):
        ts = f"{number + 100}.1"
        for kind, text, at in order:
            if kind == "create":
                afternoon.reply("sanne", text, ts)
            elif kind == "edit":
                afternoon.edit("sanne", text, before="iets anders", ts=ts, at=at)
            else:
                afternoon.delete(ts)
        found = [one.contents.takeaway for one in afternoon.kept() if one.ts == ts]
        assert found == left, [kind for kind, _, _ in order]


def test_a_late_create_does_not_revive_what_was_deleted(afternoon: Afternoon) -> None:
    afternoon.delete("7.1")
    afternoon.reply("sanne", TOLD, "7.1")
    assert afternoon.kept() == []


def test_a_deleted_message_with_replies_is_gone_too(afternoon: Afternoon, house: House) -> None:
    afternoon.reply("sanne", TOLD)
    tombstone = {
        "message": {"subtype": "tombstone", "ts": "7.1", "text": "This message was deleted."},
        "previous_message": {"text": TOLD},
    }
    house.answer(impressions.edited, afternoon.event("message_changed", tombstone))
    assert afternoon.kept() == []


def test_who_said_no_is_not_asked_again_when_the_message_is_edited(afternoon: Afternoon, house: House) -> None:
    afternoon.reply("sanne", TOLD)
    (one,) = afternoon.kept()
    with pytest.raises(Refused):
        house.answer(impressions.decline, house.click("action", "impressions.decline", "noor", value=one.id))
    house.answer(impressions.decline, house.click("action", "impressions.decline", "sanne", value=one.id))
    afternoon.edit("sanne", SECOND, before=TOLD)
    assert afternoon.kept() == []


def test_the_words_of_what_was_withdrawn_are_gone_from_the_database(afternoon: Afternoon, house: House) -> None:
    secret = "Een heel bijzonder woord: zeppelinkapitein."
    afternoon.reply("sanne", secret)
    afternoon.reply("youssef", FIRST, "7.2", "gr_b")
    assert len(house.owed("harvest.draft")) == 1
    afternoon.delete("7.1")
    house.write(lambda db: None)
    assert house.do(house.database.tidy())
    assert b"zeppelinkapitein" not in postgres.content(house.database.location)


# By a shortcut on a message


def test_a_message_is_taken_once_and_follows_its_edits(afternoon: Afternoon, house: House) -> None:
    form = afternoon.shortcut("sanne", TOLD)
    afternoon.hand_in("sanne", form, takeaway=TOLD, quote="Erbij.")
    with pytest.raises(Refused, match="taken"):
        afternoon.shortcut("lotte", TOLD)
    afternoon.edit("noor", SECOND, before=TOLD, ts="9.1")
    (one,) = afternoon.kept()
    assert (one.contents.takeaway, one.contents.quote, one.author) == (SECOND, "Erbij.", "sanne")
    afternoon.delete("9.1")
    assert afternoon.kept() == []
    last = house.draw(house.owed("impressions.post")[-1], KINDS)
    assert last is not None and "ingetrokken" in last.text


def test_what_was_rewritten_in_the_form_stays_when_the_message_is_edited(afternoon: Afternoon) -> None:
    form = afternoon.shortcut("sanne", TOLD)
    afternoon.hand_in("sanne", form, takeaway="In eigen woorden van de groep.")
    afternoon.edit("noor", SECOND, before=TOLD, ts="9.1")
    assert afternoon.texts() == ["In eigen woorden van de groep."]


def test_a_message_deleted_while_the_form_was_open_is_not_taken(afternoon: Afternoon) -> None:
    form = afternoon.shortcut("sanne", TOLD)
    afternoon.delete("9.1")
    with pytest.raises(Refused, match="message_gone"):
        afternoon.hand_in("sanne", form, takeaway=TOLD)
    assert afternoon.kept() == []


def test_two_open_forms_on_one_message_make_one_impression(afternoon: Afternoon) -> None:
    mine, yours = afternoon.shortcut("sanne", TOLD), afternoon.shortcut("lotte", TOLD)
    afternoon.hand_in("sanne", mine, takeaway=TOLD)
    with pytest.raises(Refused, match="taken"):
        afternoon.hand_in("lotte", yours, takeaway=TOLD)
    assert len(afternoon.kept()) == 1


def test_a_participant_cannot_share_a_message(afternoon: Afternoon) -> None:
    with pytest.raises(Refused, match="share_impression"):
        afternoon.shortcut("noor", TOLD)


def test_an_open_form_holds_no_words_of_the_message(afternoon: Afternoon, house: House) -> None:
    afternoon.shortcut("sanne", "Een bijzonder woord: luchtschip.")
    rows = house.read(lambda db: [row.data for row in db.exec(select(sessions.FormRow))])
    assert not any("luchtschip" in data for data in rows)


def test_a_message_that_another_group_takes_over_leaves_no_words_in_the_first_thread(
    afternoon: Afternoon, house: House
) -> None:
    form = afternoon.shortcut("sanne", TOLD)
    afternoon.hand_in("sanne", form, takeaway=TOLD)
    (one,) = afternoon.kept()
    house.answer(impressions.decline, house.click("action", "impressions.decline", "sanne", value=one.id))
    other = afternoon.shortcut("youssef", TOLD)
    afternoon.hand_in("youssef", other, "gr_b", takeaway="Wij van groep twee zien het anders.")
    said = {row.key: house.draw(row, KINDS) for row in house.owed("impressions.post")}
    shown = {key: str([b.to_dict() for b in body.blocks]) for key, body in said.items() if body is not None}
    assert any("groep twee" in text for key, text in shown.items() if ":gr_b" in key)
    assert not any("groep twee" in text for key, text in shown.items() if ":gr_a" in key)
    assert [row.user_id for row in house.owed("impressions.shared")] == ["sanne", "sanne", "youssef"]
