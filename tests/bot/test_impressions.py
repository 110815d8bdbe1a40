"""What counts as an impression, who may hand one in, and what a late event may still change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.impressions import (
    LONGEST,
    Contents,
    Heard,
    Impression,
    Source,
    as_typed,
    change,
    check,
    is_newer,
    own_groups,
    reads_as_impression,
    speaks_for,
    withdraw,
)
from bot.programme import Member, Role
from bot.selection import Group

NOW = datetime(2021, 6, 17, 13, tzinfo=UTC)
GROUP = Group("gr_1", "ws_1", 1, ("tp_1",), "sanne", ("noor", "lotte"))


def member(user: str, *roles: Role) -> Member:
    return Member("T1", user, user.title(), frozenset(roles or (Role.PARTICIPANT,)))


def impression(takeaway: str = "We nodigen de school nu eerder uit.", **more: Any) -> Impression:
    made = Impression("im_1", "T1", "ws_1", "gr_1", Source.FORM, "sanne", Contents(takeaway), NOW, NOW)
    return replace(made, **more)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("We nodigen de school nu eerder uit.", True),
        ("De school komt eerder. Wie regelt dat?", True),
        ("Top, dank jullie wel!", False),
        ("Wie neemt straks het woord voor ons?", False),
        ("Wie begint er? En wie schrijft er mee?", False),
        ("", False),
        ("👍 👍 👍 👍 👍 👍", False),
        ("a " * LONGEST, False),
    ],
)
def test_a_reply_is_an_impression_when_it_tells_something(text: str, counts: bool) -> None:
    assert reads_as_impression(text) is counts


def test_only_the_facilitator_and_a_note_taker_of_the_group_speak_for_it() -> None:
    assert speaks_for(member("sanne"), GROUP), "leading a group is enough"
    assert speaks_for(member("lotte", Role.NOTE_TAKER), GROUP)
    assert not speaks_for(member("noor"), GROUP), "a participant talks along"
    assert not speaks_for(member("ineke", Role.COORDINATOR), GROUP), "a coordinator who drops by only talks"
    assert not speaks_for(member("sanne", Role.GUEST, Role.FACILITATOR), GROUP)


def test_the_own_groups_come_before_those_that_one_may_help() -> None:
    other = Group("gr_2", "ws_1", 2, (), "youssef", ("ineke",))
    ineke = member("ineke", Role.COORDINATOR)
    assert own_groups(ineke, [GROUP, other]) == [other]
    assert own_groups(ineke, [GROUP]) == [GROUP]
    assert own_groups(member("samir"), [GROUP, other]) == []


def test_what_slack_wrote_as_entities_is_kept_as_it_was_typed() -> None:
    assert as_typed("&lt;!channel&gt; jeugd &amp; school, &amp;lt; blijft") == "<!channel> jeugd & school, &lt; blijft"


def test_an_empty_takeaway_and_a_part_that_is_too_long_are_both_told() -> None:
    assert [p.field for p in check(Contents("  \n", quote="x" * (LONGEST + 1)))] == ["takeaway", "quote"]
    assert check(Contents("x" * LONGEST)) == []


def test_nothing_is_newer_than_a_deletion_or_a_refusal() -> None:
    assert is_newer(None, "")
    assert is_newer(Heard(), "1623931200.000100")
    assert not is_newer(Heard("1623931200.000100"), ""), "the message as first posted comes late"
    assert is_newer(Heard("999999999.000100"), "1623931200.000100"), "moments are compared, not letters"
    assert not is_newer(Heard(gone=True), "1623931200.000100")
    assert not is_newer(Heard(declined=True), "1623931200.000100")


def test_an_impression_that_was_rewritten_in_the_form_no_longer_follows_its_message() -> None:
    taken = impression(source=Source.MESSAGE, follows_message=True)
    later = NOW + timedelta(minutes=5)
    assert change(taken, Contents(taken.contents.takeaway, quote="Erbij."), later).follows_message
    rewritten = change(taken, Contents("Anders."), later)
    assert not rewritten.follows_message and rewritten.version == 2
    assert change(taken, Contents("Anders."), later, from_message=True).follows_message


def test_a_withdrawn_impression_has_no_words_left() -> None:
    gone = withdraw(impression(), NOW)
    assert gone.contents == Contents("") and gone.withdrawn_at == NOW and gone.version == 2
