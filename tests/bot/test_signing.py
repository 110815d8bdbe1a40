"""Signing off: until when, who is asked, what silence means; and what a change does to published sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.article import Part, Run, Sentence
from bot.calendar import is_dutch_holiday
from bot.impressions import Contents, Impression, QuoteUse, SignOff, SignOffState, Source, Verdict, change, check_reason
from bot.impressions.consent import (
    Asked,
    Permission,
    answer,
    ask_speaker,
    keep_in_group,
    mark_of,
    owns,
    stands_also,
    taken_back_mark,
    without,
    without_taken_back,
)
from bot.impressions.revising import touched
from bot.impressions.signing import asked, deadline, standing
from bot.problem import Refused
from bot.programme import Member, Role
from bot.selection import Group
from bot.worksessions import Silence, State, WorkSession

NOW = datetime(2021, 6, 17, 14, tzinfo=UTC)


def at(zone: str, *wall: int) -> datetime:
    year, month, day, hour, minute = (*wall, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def a_session(ends: datetime, zone: str = "Europe/Amsterdam") -> WorkSession:
    return WorkSession("ws", "T1", "Werksessie", "C1", ends, ends, None, zone, State.GROUPED, "ineke")


def a_note(takeaway: str = "Ouders praten mee.", **parts: str) -> Impression:
    return Impression("im", "T1", "ws", "gr", Source.FORM, "sanne", Contents(takeaway, **parts), NOW, NOW)


def people(*users: str) -> list[Member]:
    return [Member("T1", user, user.title(), frozenset({Role.PARTICIPANT})) for user in users]


GROUP = Group("gr", "ws", 1, (), "sanne", ("noor", "samir"))
EVERYBODY = people("sanne", "noor", "samir")


# Until when


@pytest.mark.parametrize(
    ("ends", "version", "until"),
    [
        ((2021, 6, 17, 16), (2021, 6, 17, 15), (2021, 6, 18, 12)),
        ((2021, 6, 17, 16), (2021, 6, 18, 11, 59), (2021, 6, 21, 12)),  # a version of Friday: Monday
        ((2021, 6, 18, 16), (2021, 6, 18, 15), (2021, 6, 21, 12)),  # a session on Friday
        ((2021, 6, 17, 16), (2021, 6, 20, 23), (2021, 6, 21, 12)),  # written on Sunday night
        ((2021, 4, 1, 16), (2021, 4, 1, 15), (2021, 4, 6, 12)),  # Good Friday and Easter Monday
        ((2021, 12, 23, 16), (2021, 12, 24, 9), (2021, 12, 27, 12)),  # both days of Christmas
        ((2021, 4, 26, 16), (2021, 4, 26, 15), (2021, 4, 28, 12)),  # the King's birthday
        ((2021, 5, 12, 16), (2021, 5, 12, 15), (2021, 5, 14, 12)),  # Ascension Day
        ((2021, 10, 29, 16), (2021, 10, 29, 15), (2021, 11, 1, 12)),  # the clocks change in between
        ((2021, 3, 26, 16), (2021, 3, 26, 15), (2021, 3, 29, 12)),
    ],
)
def test_answering_ends_at_noon_on_the_next_working_day(
    ends: tuple[int, ...], version: tuple[int, ...], until: tuple[int, ...]
) -> None:
    zone = "Europe/Amsterdam"
    found = deadline(a_session(at(zone, *ends)), at(zone, *version), is_dutch_holiday)
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime(*until)  # type: ignore[arg-type]  # noqa: DTZ001 - as the clock on the wall shows it


def test_noon_is_noon_where_the_session_was() -> None:
    zone = "America/Curacao"
    found = deadline(a_session(at(zone, 2021, 6, 17, 16), zone), at(zone, 2021, 6, 17, 15), is_dutch_holiday)
    assert found == datetime(2021, 6, 18, 16, tzinfo=UTC)


# Where it stands


def said(user: str, verdict: Verdict = Verdict.AGREES, reason: str = "") -> SignOff:
    return SignOff(user, verdict, NOW, reason)


@pytest.mark.parametrize("silence", list(Silence))
@pytest.mark.parametrize(
    ("answers", "over", "agrees", "waits"),
    [
        ([], False, SignOffState.OPEN, SignOffState.OPEN),
        ([said("noor")], False, SignOffState.OPEN, SignOffState.OPEN),
        ([said("noor"), said("samir")], False, SignOffState.AGREED, SignOffState.AGREED),
        ([], True, SignOffState.AGREED, SignOffState.WAITING),
        ([said("noor")], True, SignOffState.AGREED, SignOffState.WAITING),
        ([said("noor"), said("samir")], True, SignOffState.AGREED, SignOffState.AGREED),
        ([said("noor", Verdict.OBJECTS, "Nee.")], False, SignOffState.OBJECTED, SignOffState.OBJECTED),
        ([said("noor", Verdict.OBJECTS, "Nee."), said("samir")], True, SignOffState.OBJECTED, SignOffState.OBJECTED),
        ([said("lotte", Verdict.OBJECTS, "Nee.")], True, SignOffState.AGREED, SignOffState.WAITING),  # sits elsewhere
        ([said("lotte"), said("noor")], False, SignOffState.OPEN, SignOffState.OPEN),
    ],
)
def test_where_a_record_stands(
    answers: list[SignOff], over: bool, agrees: SignOffState, waits: SignOffState, silence: Silence
) -> None:
    found = standing(a_note(), GROUP, EVERYBODY, answers, silence, NOW, over=over)
    expected = agrees if silence is Silence.AGREES else waits
    assert found.state is expected
    open_ = expected is SignOffState.OPEN and silence is Silence.AGREES
    assert found.may_be_published is (expected is SignOffState.AGREED or open_), "open words stand in the draft only"


def test_who_wrote_a_version_is_not_asked_about_it() -> None:
    assert asked(a_note(), GROUP, EVERYBODY) == ("noor", "samir")
    corrected = change(a_note(), Contents("Anders."), NOW, by="noor")
    assert asked(corrected, GROUP, EVERYBODY) == ("samir", "sanne")
    assert asked(change(corrected, Contents("Weer anders."), NOW, by="sanne"), GROUP, EVERYBODY) == ("noor", "samir")


def test_nobody_waits_for_somebody_who_left() -> None:
    gone = [*people("sanne", "noor"), Member("T1", "samir", "Samir", frozenset({Role.DEACTIVATED}))]
    assert asked(a_note(), GROUP, gone) == ("noor",)


def test_who_is_alone_agrees_at_once() -> None:
    alone = Group("gr", "ws", 1, (), "sanne", ("sanne",))
    for silence in Silence:
        found = standing(a_note(), alone, EVERYBODY, [], silence, NOW, over=False)
        assert (found.state, found.alone) == (SignOffState.AGREED, True)


def test_a_reason_is_a_sentence() -> None:
    assert [p.key for p in check_reason("  ")] == ["impressions.sign.problem.reason"]
    assert [p.key for p in check_reason("x" * 501)] == ["impressions.problem.too_long"]
    assert check_reason("Dit zeiden we niet.") == []


# Consent


QUOTED = a_note(quote="Met ouders, niet over ouders.")


def test_only_who_is_quoted_answers_and_only_for_these_words() -> None:
    asked_ = ask_speaker(QUOTED, "lotte")
    assert (asked_.quote_use, asked_.quote_use.may_be_published) == (QuoteUse.ASKED, False)
    mark = mark_of(QUOTED.contents.quote)
    assert answer(asked_, "lotte", mark, Permission.NAMED).quote_use is QuoteUse.NAMED
    assert answer(asked_, "lotte", mark, Permission.UNNAMED).quote_use is QuoteUse.AGREED
    assert answer(asked_, "lotte", mark, Permission.NO).quote_use is QuoteUse.KEPT
    with pytest.raises(Refused, match="not_yours"):
        answer(asked_, "sanne", mark, Permission.NAMED)
    other = change(asked_, replace(asked_.contents, quote="Over ouders, niet met ouders."), NOW)
    assert (other.quote_by, other.quote_use) == ("", QuoteUse.KEPT)
    with pytest.raises(Refused, match="other_words"):
        answer(replace(other, quote_by="lotte"), "lotte", mark, Permission.NAMED)


def test_after_a_no_nobody_else_can_be_made_to_say_yes() -> None:
    with pytest.raises(Refused, match="said_no"):
        ask_speaker(QUOTED, "samir", [Asked("lotte", 1, "sanne", NOW, Permission.NO)])
    assert keep_in_group(QUOTED).quote_use is QuoteUse.KEPT
    with pytest.raises(Refused, match="no_quote"):
        keep_in_group(a_note())


def test_who_was_named_by_mistake_has_no_say_over_anothers_words() -> None:
    rows = [Asked("lotte", 1, "sanne", NOW), Asked("samir", 1, "sanne", NOW.replace(hour=15))]
    named = ask_speaker(QUOTED, "samir")
    assert owns(named, "samir", 1, QUOTED.contents.quote, rows)
    assert not owns(named, "lotte", 1, QUOTED.contents.quote, rows)
    changed = change(named, replace(named.contents, quote="Iets anders."), NOW)
    assert owns(changed, "samir", 1, QUOTED.contents.quote, rows), "the old words are still theirs"
    assert not owns(changed, "lotte", 1, QUOTED.contents.quote, rows)


def test_the_words_of_a_quote_are_found_in_other_sentences_and_those_can_go() -> None:
    contents = Contents(
        "We begonnen laat. Lotte zei: 'met ouders,  niet over ouders'. Daarna was er koffie.",
        quote="“Met ouders, niet over ouders.”",
        easy="Niets.",
    )
    found = stands_also(contents, contents.quote)
    assert [contents.takeaway[start:end] for _, start, end in found] == ["Lotte zei: 'met ouders,  niet over ouders'."]
    assert without(contents, tuple(found)).takeaway == "We begonnen laat. Daarna was er koffie."
    assert stands_also(Contents("Met ouders.", quote="x"), "Niemand zei dit.") == []


def test_words_that_were_taken_back_do_not_come_in_again() -> None:
    marks = {taken_back_mark("Met ouders,  niet over ouders.")}
    again = without_taken_back(a_note(quote=" «Met ouders, niet over ouders.» "), marks)
    assert (again.contents.quote, again.quote_use) == ("", QuoteUse.KEPT)
    assert without_taken_back(a_note(quote="Iets anders."), marks).contents.quote == "Iets anders."


# What a change touches


TOLD = "We nodigen de school nu uit. Ouders praten vanaf het begin mee. Dat kost een avond."


def published(text: str, *sentences: str, field: str = "takeaway") -> list[Sentence]:
    made = []
    for number, words in enumerate(sentences):
        start = text.index(words)
        made.append(Sentence(f"s{number}", "gr", Run(Part.BODY, "im", field, start, start + len(words), words, 1)))
    return made


ALL = TOLD.replace(". ", ".|").split("|")


@pytest.mark.parametrize(
    ("after", "becomes"),
    [
        (TOLD, {}),
        (f"Nieuw vooraan. {TOLD}", {}),
        (" ".join(reversed(ALL)), {}),
        (TOLD.replace("een avond", "twee avonden"), {2: "Dat kost twee avonden."}),
        (TOLD.replace(" Ouders praten vanaf het begin mee.", ""), {1: None}),
        ("Heel anders.", {0: None, 1: None, 2: None}),
        (TOLD.replace("Ouders praten", "Nieuw ertussen. Ouders praatten"), {1: "Ouders praatten vanaf het begin mee."}),
        (TOLD.replace("mee. Dat", "mee, en dat"), {1: "Ouders praten vanaf het begin mee, en dat kost een avond."}),
    ],
    ids=["same", "new in front", "moved", "reworded", "deleted", "replaced", "reworded and new", "joined"],
)
def test_exactly_the_published_sentences_whose_words_are_gone_are_touched(
    after: str, becomes: dict[int, str | None]
) -> None:
    note = change(a_note(TOLD), Contents(after), NOW)
    found = touched(published(TOLD, *ALL), Contents(TOLD), note)
    told = {int(one.sentence.id[1:]): one.new.text if one.new else None for one in found.touched}
    if after.startswith("Ouders") or "mee, en dat" in after:
        assert told.pop(2, None) is None, "of two sentences that became one, one goes"
    assert told == becomes
    for sentence in found.moved:
        run = sentence.run
        assert note.text(run.field)[run.start : run.end] == run.text and run.version == note.version
    for one in found.touched:
        if one.new:
            assert note.text(one.new.field)[one.new.start : one.new.end] == one.new.text


def test_a_sentence_that_moved_to_another_part_still_stands_but_not_as_a_quote() -> None:
    moved = change(a_note(TOLD), Contents("Kort.", conclusion=ALL[1], quote=ALL[2]), NOW)
    found = touched(published(TOLD, *ALL), Contents(TOLD), moved)
    assert [(s.id, s.run.field, s.run.part) for s in found.moved] == [("s1", "conclusion", Part.BODY)]
    assert [one.sentence.id for one in found.touched] == ["s0", "s2"]


def test_half_a_sentence_does_not_stand() -> None:
    note = change(a_note("Wij willen wachten."), Contents("Wij willen wachten. Niet waar."), NOW)
    assert touched(published("Wij willen wachten.", "Wij willen wachten."), Contents(""), note).touched == ()
    swallowed = change(a_note("Wij wachten."), Contents("Niemand zei: Wij wachten. maar dat klopt."), NOW)
    text = swallowed.contents.takeaway
    (one,) = published("Wij wachten.", "Wij wachten.")
    found = touched([one], Contents("Wij wachten."), swallowed)
    assert not found.moved or text[found.moved[0].run.start :].startswith("Wij wachten.")


def test_a_quote_that_was_changed_is_replaced_as_a_whole_and_one_that_is_gone_goes() -> None:
    note = a_note(quote="Met ouders.\nNiet over ouders.")
    sentences = published(note.contents.quote, note.contents.quote, field="quote")
    other = change(note, replace(note.contents, quote="  Met ouders! "), NOW)
    (one,) = touched(sentences, note.contents, other).touched
    assert one.new is not None and one.new.text == "Met ouders!"
    (gone,) = touched(sentences, note.contents, change(note, replace(note.contents, quote=""), NOW)).touched
    assert gone.new is None


def test_without_the_version_that_was_read_a_sentence_can_only_go_or_stay() -> None:
    note = change(a_note(TOLD), Contents("Iets heel anders."), NOW)
    assert [one.new for one in touched(published(TOLD, ALL[0]), None, note).touched] == [None]
