"""Promises: every step is legal or refused with a sentence, and words are found back or given up, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_dutch_holiday
from bot.impressions import Contents, Impression, Source, withdraw
from bot.problem import Refused
from bot.promises import (
    STANDING,
    Capacity,
    Event,
    Place,
    Promise,
    State,
    accept,
    anchor_anew,
    ask_anew,
    candidates,
    change,
    check_due,
    check_own_words,
    comes_after,
    decline,
    drop,
    event_of,
    every_sentence,
    fingerprint,
    follow_note,
    given_up,
    is_overdue,
    keep,
    make_next_step,
    move,
    names,
    next_telling,
    opens_with,
    reminders,
    reopen,
    sentence_of,
    set_due,
    take_back,
    taken,
    tells_takers,
    withheld,
)
from bot.worksessions import State as SessionState
from bot.worksessions import WorkSession

NOW = datetime(2021, 6, 17, 14, tzinfo=UTC)
DUE = date(2021, 9, 9)
ZONE = "Europe/Amsterdam"
OFFER = "Lotte maakt één pagina over de regels. Ze stuurt die in september rond."
TOLD = "We spraken over geld. Sanne wil de lijst met contacten delen. Dat helpt."


def note(offer: str = OFFER, takeaway: str = TOLD) -> Impression:
    return Impression(
        "im", "T1", "ws", "gr", Source.FORM, "sanne", Contents(takeaway, offer=offer), NOW, NOW
    )  # fmt: skip


def asked(state: State = State.OFFERED, **changes: object) -> Promise:
    first = candidates(note())[0]
    agreed = NOW if state not in (State.OFFERED, State.DECLINED) else None
    made = Promise(
        "po", "T1", "ws", "gr", "im", first.place, fingerprint(first.text), "lotte", "sanne", NOW, state,
        agreed_at=agreed, closed_at=NOW if state in (State.KEPT, State.DROPPED, State.DECLINED) else None,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # names of its fields


# What the owner says


def test_a_yes_makes_an_offer_a_promise_and_saying_it_twice_changes_nothing() -> None:
    promise = accept(asked(), NOW)
    assert (promise.state, promise.agreed_at, promise.version) == (State.ACCEPTED, NOW, 2)
    assert accept(promise, NOW + timedelta(hours=1)) is promise


def test_a_no_is_a_no_until_the_owner_says_otherwise_or_somebody_else_is_asked() -> None:
    no = decline(asked(), NOW)
    assert (no.state, no.is_public) == (State.DECLINED, False)
    assert decline(no, NOW) is no
    assert accept(no, NOW).state is State.ACCEPTED
    with pytest.raises(Refused, match=r"promises\.over"):
        accept(take_back(no, NOW), NOW)


def test_after_a_yes_a_no_comes_too_late_for_there_is_dropping() -> None:
    with pytest.raises(Refused, match="agreed_already"):
        decline(accept(asked(), NOW), NOW)


def test_own_words_or_another_day_make_a_changed_promise() -> None:
    words = change(asked(), "Ik maak een lijst", DUE, NOW)
    assert (words.state, words.own_words, words.due, words.due_since) == (State.CHANGED, "Ik maak een lijst", DUE, NOW)
    assert change(asked(due=DUE), "", DUE + timedelta(days=7), NOW).state is State.CHANGED
    plain = change(asked(due=DUE), "", DUE, NOW)
    assert (plain.state, plain.due_since) == (State.ACCEPTED, NOW)
    assert change(words, "", None, NOW).state is State.ACCEPTED
    assert change(words, "Anders", None, NOW).version == words.version + 1


def test_the_first_day_is_no_move_and_a_later_one_is() -> None:
    first = set_due(accept(asked(), NOW), DUE, NOW)
    assert (first.state, first.due) == (State.ACCEPTED, DUE)
    moved = set_due(first, DUE + timedelta(days=7), NOW)
    assert (moved.state, moved.version) == (State.MOVED, first.version + 1)
    assert set_due(moved, moved.due or DUE, NOW) is moved
    assert change(moved, "In mijn woorden", None, NOW).state is State.MOVED


def test_kept_and_dropped_end_it_and_a_tap_by_mistake_is_undone() -> None:
    standing = move(set_due(accept(asked(), NOW), DUE, NOW), DUE + timedelta(days=1), NOW)
    for step, state in ((keep, State.KEPT), (drop, State.DROPPED)):
        over = step(standing, NOW)
        assert (over.state, over.closed_at) == (state, NOW)
        assert step(over, NOW) is over
        trail = [event_of(standing, over, "lotte", Capacity.OWNER, NOW)]
        again = reopen(over, trail, [over])
        assert (again.state, again.closed_at, again.due) == (State.MOVED, None, standing.due)


def test_what_was_never_agreed_cannot_be_kept_moved_dropped_or_opened_again() -> None:
    for step in (lambda p: keep(p, NOW), lambda p: drop(p, NOW), lambda p: move(p, DUE, NOW)):
        with pytest.raises(Refused, match="not_agreed"):
            step(asked())
    with pytest.raises(Refused, match=r"promises\.over"):
        reopen(take_back(asked(), NOW), [], [])


def test_what_was_dropped_does_not_come_back_once_somebody_else_has_the_sentence() -> None:
    over = drop(accept(asked(), NOW), NOW)
    other = asked(id="po2", owner="noor")
    with pytest.raises(Refused, match="asked_another"):
        reopen(over, [], [over, other])


# One person per sentence


def test_one_person_is_asked_for_a_sentence_and_another_only_after_a_no() -> None:
    place = candidates(note())[0].place
    for state in (State.OFFERED, State.ACCEPTED, State.CHANGED, State.MOVED, State.KEPT):
        assert taken(place, [asked(state)]) is not None
    for state in (State.DECLINED, State.DROPPED):
        assert taken(place, [asked(state)]) is None
    assert given_up(place, [asked(State.DECLINED), asked(State.KEPT)]) == [asked(State.DECLINED)]


def test_a_sentence_without_a_giver_becomes_a_next_step_only_when_it_names_nobody() -> None:
    no = decline(asked(), NOW)
    with pytest.raises(Refused) as refused:
        make_next_step(no, "Lotte maakt één pagina.", "Lotte Brandsma", NOW)
    assert refused.value.key == "promises.still_named"
    assert make_next_step(no, "Wij maken één pagina.", "Lotte Brandsma", NOW).state is State.DROPPED


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Dat doet Lotte.", True),
        ("lotte doet dat", True),
        ("Lotte Brandsma doet dat", True),
        ("De loting is klaar", False),
        ("Charlotte doet dat", False),
    ],
)
def test_somebody_is_named_by_the_whole_word_only(text: str, named: bool) -> None:
    assert names(text, "Lotte Brandsma") is named
    assert names(text, "") is False


# Any order of clicks

STEPS = ("accept", "decline", "change", "due", "move", "keep", "drop", "reopen", "take_back")
LEGAL = {
    State.OFFERED: {State.ACCEPTED, State.CHANGED, State.DECLINED, State.DROPPED},
    State.DECLINED: {State.ACCEPTED, State.CHANGED, State.DROPPED},
    State.ACCEPTED: {State.CHANGED, State.MOVED, State.KEPT, State.DROPPED, State.ACCEPTED},
    State.CHANGED: {State.ACCEPTED, State.MOVED, State.KEPT, State.DROPPED, State.CHANGED},
    State.MOVED: {State.KEPT, State.DROPPED, State.MOVED},
    State.KEPT: set(STANDING),
    State.DROPPED: set(STANDING),
}


def press(promise: Promise, step: str, days: int, trail: list[Event]) -> Promise:
    now, day = NOW + timedelta(minutes=len(trail)), DUE + timedelta(days=days)
    match step:
        case "accept":
            return accept(promise, now)
        case "decline":
            return decline(promise, now)
        case "change":
            return change(promise, "eigen woorden" if days % 2 else "", day if days % 3 else None, now)
        case "due":
            return set_due(promise, day, now)
        case "move":
            return move(promise, day, now)
        case "keep":
            return keep(promise, now)
        case "drop":
            return drop(promise, now)
        case "reopen":
            return reopen(promise, trail, [promise])
        case _:
            return take_back(promise, now)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 30)), max_size=25))
def test_any_order_of_clicks_ends_legal_and_the_trail_tells_all_of_it(clicks: list[tuple[str, int]]) -> None:
    promise = asked()
    trail = [event_of(None, promise, "sanne", Capacity.GROUP, NOW)]
    for step, days in clicks:
        try:
            after = press(promise, step, days, trail)
        except Refused as refused:
            assert refused.key.startswith("promises.")
            continue
        if after == promise:
            continue
        assert after.state in LEGAL[promise.state], (promise.state, step, after.state)
        assert after.version == promise.version + 1
        trail.append(event_of(promise, after, "lotte", Capacity.OWNER, NOW))
        promise = after
        assert promise.stands == (promise.agreed_at is not None and promise.closed_at is None)
        assert (promise.due is None or promise.due_since is not None) or not promise.stands
        assert promise.is_public == (promise.agreed_at is not None)
    assert [each.before for each in trail[1:]] == [each.after for each in trail[:-1]]
    assert trail[-1].after is promise.state
    assert [each.due_before for each in trail[1:]] == [each.due_after for each in trail[:-1]]


# Where the words are


def test_offers_are_proposed_whole_and_in_running_text_by_what_a_sentence_does() -> None:
    found = [each.text for each in candidates(note())]
    assert found == [
        "Lotte maakt één pagina over de regels.",
        "Ze stuurt die in september rond.",
        "Sanne wil de lijst met contacten delen.",
    ]
    assert len(every_sentence(note())) == 5
    assert candidates(withdraw(note(), NOW)) == every_sentence(withdraw(note(), NOW)) == []


def test_the_same_words_at_another_place_are_the_same_promise() -> None:
    promise = accept(asked(), NOW)
    moved = follow_note(promise, note(offer="Vooraf dit. " + OFFER), NOW)
    assert moved.place is not None
    assert moved.place.start == 12
    assert sentence_of(moved.place, note(offer="Vooraf dit. " + OFFER)) == "Lotte maakt één pagina over de regels."
    elsewhere = note(offer="", takeaway=f"{TOLD} {OFFER}")
    found = follow_note(promise, elsewhere, NOW)
    assert found.place is not None
    assert (found.place.part, found.lost) == ("takeaway", False)
    assert follow_note(promise, note(), NOW) is promise


def test_other_words_are_not_what_somebody_said_yes_to() -> None:
    changed = note(offer="Lotte maakt drie pagina's over de regels.")
    lost = follow_note(accept(asked(), NOW), changed, NOW)
    assert (lost.lost, lost.place, lost.stands, lost.is_public) == (True, None, True, False)
    assert follow_note(lost, changed, NOW) is lost
    back = follow_note(lost, note(), NOW)
    assert (back.lost, back.is_public) == (False, True)
    own = anchor_anew(lost, candidates(changed)[0])
    assert (own.stands, own.lost, own.place) == (True, False, candidates(changed)[0].place)
    again = ask_anew(lost, candidates(changed)[0])
    assert (again.state, again.agreed_at, again.is_public) == (State.OFFERED, None, False)


def test_a_question_about_words_that_are_gone_is_no_question_any_more() -> None:
    for promise in (asked(), decline(asked(), NOW)):
        over = follow_note(promise, note(offer="Iets anders."), NOW)
        assert (over.state, over.agreed_at, over.place, over.fingerprint) == (State.DROPPED, None, None, "")


@pytest.mark.parametrize("state", list(State))
def test_a_withdrawn_note_takes_every_word_along_at_every_stage(state: State) -> None:
    promise = asked(state, own_words="mijn eigen woorden", due=DUE)
    gone = follow_note(promise, withdraw(note(), NOW), NOW)
    assert (gone.own_words, gone.fingerprint, gone.place, gone.lost) == ("", "", None, False)
    assert gone.state is (State.KEPT if state is State.KEPT else State.DROPPED)
    assert not gone.is_public
    assert follow_note(gone, withdraw(note(), NOW), NOW) is gone
    assert follow_note(gone, note(), NOW) is gone, "what comes back is another note"


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_a_note_becomes_a_promise_shows_its_own_words_or_none(before: str, after: str) -> None:
    first = note(offer=before, takeaway="Iets.")
    found = candidates(first)
    if not found:
        return
    chosen = found[0]
    promise = accept(replace(asked(), place=chosen.place, fingerprint=fingerprint(chosen.text)), NOW)
    changed = note(offer=after, takeaway="Iets.")
    now = follow_note(promise, changed, NOW)
    shown = sentence_of(now.place, changed)
    assert (shown == "" and now.lost) or " ".join(shown.split()) == " ".join(chosen.text.split())


# What is not published before a yes


def test_an_offer_stays_within_the_group_until_its_giver_says_yes() -> None:
    whole = Place("im", "offer", 0, len(OFFER))
    assert withheld(asked(), note(), "Lotte", [], None) == [whole]
    assert withheld(decline(asked(), NOW), note(), "Lotte", [], None) == [whole]
    for step in (accept(asked(), NOW), take_back(asked(), NOW), keep(accept(asked(), NOW), NOW)):
        assert withheld(step, note(), "Lotte", [], None) == []


def test_a_promise_beside_it_is_published_while_the_other_sentence_waits() -> None:
    first, second = candidates(note())[:2]
    agreed = accept(asked(id="po2", place=second.place, owner="noor"), NOW)
    assert withheld(asked(), note(), "Lotte", [agreed], None)[0] == first.place
    places = withheld(asked(), note(), "Lotte", [agreed], None)
    assert not any(place.overlaps(second.place) for place in places)


def test_in_running_text_only_the_sentence_waits_and_those_that_name_its_giver() -> None:
    takeaway = f"Sanne zat bij ons. {TOLD}"
    found = next(each for each in candidates(note(offer="", takeaway=takeaway)) if "delen" in each.text)
    promise = asked(place=found.place, fingerprint=fingerprint(found.text))
    places = withheld(promise, note(offer="", takeaway=takeaway), "Sanne Vermeer", [], None)
    kept_back = {sentence_of(place, note(offer="", takeaway=takeaway)) for place in places}
    assert kept_back == {"Sanne zat bij ons.", "Sanne wil de lijst met contacten delen."}


def test_who_is_asked_after_publication_takes_nothing_away_but_by_a_no_to_words_with_their_name() -> None:
    published = NOW - timedelta(hours=1)
    assert withheld(asked(), note(), "Lotte", [], published) == []
    assert withheld(decline(asked(), NOW), note(), "Lotte", [], published) != []
    assert withheld(decline(asked(), NOW), note(), "Samir", [], published) == []


# Dates


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2021-06-16", "past"), ("2023-06-19", "far"), ("morgen", "no_date"), ("2021-02-30", "no_date"),
        ("", "no_date"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_with_how_to_repair_it(day: str, key: str) -> None:
    due, problems = check_due(day, date(2021, 6, 17), required=True)
    assert due is None
    assert problems[0].key == f"promises.problem.{key}"


def test_today_is_a_day_and_no_day_is_none() -> None:
    assert check_due("2021-06-17", date(2021, 6, 17)) == (date(2021, 6, 17), [])
    assert check_due("", date(2021, 6, 17)) == (None, [])
    assert check_own_words("  twee   woorden ") == ("twee woorden", [])
    assert check_own_words("x" * 301)[1][0].field == "own_words"


def at(promise: Promise) -> list[tuple[str, str]]:
    return [
        (each.name, each.at.astimezone(UTC).isoformat(timespec="minutes")[:16])
        for each in reminders(promise, ZONE, is_dutch_holiday)
    ]


def promised(due: date, since: datetime = NOW) -> Promise:
    return set_due(accept(asked(), since), due, since)


def test_the_owner_is_reminded_a_week_before_and_on_the_day_at_nine() -> None:
    assert at(promised(DUE)) == [("week", "2021-09-02T07:00"), ("day", "2021-09-09T07:00")]


def test_reminders_stay_at_nine_on_the_wall_when_the_clocks_change() -> None:
    assert at(promised(date(2021, 11, 3))) == [("week", "2021-10-27T07:00"), ("day", "2021-11-03T08:00")]
    spring = datetime(2022, 1, 10, 12, tzinfo=UTC)
    assert at(promised(date(2022, 3, 29), spring)) == [("week", "2022-03-22T08:00"), ("day", "2022-03-29T07:00")]


def test_a_day_in_the_weekend_or_on_a_holiday_is_reminded_on_the_last_working_day_before() -> None:
    assert at(promised(date(2021, 9, 12))) == [("week", "2021-09-03T07:00"), ("day", "2021-09-10T07:00")]
    winter = datetime(2021, 12, 1, 12, tzinfo=UTC)
    assert at(promised(date(2022, 1, 1), winter)) == [("week", "2021-12-24T08:00"), ("day", "2021-12-31T08:00")]


def test_what_is_promised_for_tomorrow_has_no_reminder_of_a_week_before() -> None:
    assert at(promised(date(2021, 6, 18))) == [("day", "2021-06-18T07:00")]
    assert at(promised(date(2021, 6, 17))) == []


def test_a_moved_day_moves_the_reminders_and_an_end_stops_them() -> None:
    moved = move(promised(DUE), date(2021, 10, 7), NOW)
    assert at(moved) == [("week", "2021-09-30T07:00"), ("day", "2021-10-07T07:00")]
    assert at(keep(moved, NOW)) == at(drop(moved, NOW)) == at(asked(due=DUE)) == []


def test_only_a_standing_promise_can_be_overdue() -> None:
    after = DUE + timedelta(days=1)
    assert is_overdue(promised(DUE), after)
    assert not is_overdue(promised(DUE), DUE)
    assert not is_overdue(keep(promised(DUE), NOW), after)
    assert not is_overdue(asked(due=DUE), after)


def test_givers_are_told_on_working_days_from_nine() -> None:
    def local(*moment: int) -> datetime:
        return datetime(2021, *moment, tzinfo=UTC)

    assert tells_takers(local(6, 22, 7), ZONE, is_dutch_holiday)
    assert not tells_takers(local(6, 22, 6, 59), ZONE, is_dutch_holiday)
    assert not tells_takers(local(6, 22, 15, 30), ZONE, is_dutch_holiday)
    assert not tells_takers(local(6, 26, 9), ZONE, is_dutch_holiday)
    assert next_telling(local(6, 25, 7), ZONE, is_dutch_holiday) == local(6, 28, 7)
    assert next_telling(local(12, 24, 9), ZONE, is_dutch_holiday) == local(12, 27, 8)


# The next session


def session(name: str, day: int, *regions: str, channel: str = "C1") -> WorkSession:
    starts = NOW + timedelta(days=day)
    return WorkSession(
        name, "T1", name, channel, starts, starts + timedelta(hours=3), None, ZONE, SessionState.GROUPED, "ineke",
        regions=regions,
    )  # fmt: skip


def test_a_session_asks_after_what_was_promised_before_in_its_channel_or_for_its_regions() -> None:
    earlier = session("a", 0, "r1")
    assert comes_after(session("b", 91, "r1", channel="C2"), earlier, None)
    assert comes_after(session("b", 91, "r2", channel="C1"), earlier, None)
    assert comes_after(session("b", 91, channel="C2"), earlier, None), "a session without regions is for all"
    assert comes_after(session("b", 91, "r2", channel="C2"), earlier, "a")
    assert not comes_after(session("b", 91, "r2", channel="C2"), earlier, None)
    assert not comes_after(earlier, session("b", 91, "r1"), None)
    assert not comes_after(session("b", 91, "r1"), session("a", 0, "r1", channel="D1"), None)


def test_a_session_opens_with_what_stands_and_with_what_ended_since_the_last_time() -> None:
    standing = promised(DUE)
    kept = replace(keep(promised(DUE), NOW + timedelta(days=50)), id="kept")
    old = replace(drop(promised(DUE), NOW + timedelta(days=1)), id="old")
    never = replace(take_back(asked(), NOW), id="never")
    said_no = replace(decline(asked(), NOW), id="no")
    waits = replace(asked(), id="waits")
    last = NOW + timedelta(days=30)
    found = opens_with([old, kept, standing, never, said_no, waits], {"old": last, "kept": last, standing.id: last})
    assert [each.id for each in found] == [standing.id, "kept"]
    assert {each.id for each in opens_with([old, kept], {})} == {"old", "kept"}
