from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article import Part, PublishedSentence
from bot.digest import (
    MOST_ITEMS,
    POST_CHARACTERS,
    Composed,
    Every,
    Fixed,
    Interests,
    Item,
    ItemKind,
    Outcome,
    alike,
    by_theme,
    compose,
    date_subject,
    in_rank,
    key_of,
    length,
    minority,
    next_date,
    outcome,
    placed,
    posting_time,
    running_poll,
    unread,
)
from bot.followup import DatePoll, PollState
from bot.harvest import Theme
from bot.harvest.duplicates import same_statement
from bot.worksessions import State, WorkSession

NOW = datetime(2021, 6, 22, 7, tzinfo=UTC)
THEMES = {
    "oza": Theme("oza", "Onderwijszorgarrangementen", "OZA"),
    "npo": Theme("npo", "Samenwerking Nationaal Programma Onderwijs", "NPO"),
    "co": Theme("co", "Verduurzaming", "Verduurzaming"),
    "ou": Theme("ou", "Ouderbetrokkenheid", "Ouderbetrokkenheid"),
    "re": Theme("re", "Regiovisie", "Regiovisie"),
}
LABELS = {theme: known.short_name for theme, known in THEMES.items()}


def sentence(
    number: int, theme: str | None, part: Part = Part.BODY, text: str = "", group: int = 1
) -> PublishedSentence:
    text = text or f"Zin nummer {number} zegt wat de groep hierover meenam."
    themes = (theme,) if theme else ()
    return PublishedSentence(f"s{number}", "a1", "ws1", f"g{group}", group, part, text, themes, ("Thema",), NOW)


def session(number: int, days: int, **more: object) -> WorkSession:
    starts = NOW + timedelta(days=days)
    made = WorkSession(
        f"ws{number}", "T1", "Werksessie", "C1", starts, starts + timedelta(hours=3), None, "Europe/Amsterdam",
        State.PLANNED, "ineke",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type] - the fields of a session


def chosen(sentences: list[PublishedSentence], date: Item | None = None) -> tuple[list[Item], list[Item]]:
    fixed = [Fixed(date, 120)] if date else []
    made = compose(by_theme(placed(sentences, THEMES)), LABELS, fixed)
    return list(made.post), [item for part in made.thread for item in part]


def test_a_week_without_news_says_nothing() -> None:
    assert compose([], {}) == Composed((), ())


def test_themes_take_turns_and_a_question_an_offer_and_the_date_have_a_place() -> None:
    said = [sentence(n, "oza", group=1) for n in range(5)] + [sentence(n, "npo", group=2) for n in range(5, 9)]
    said += [sentence(9, "oza", Part.QUESTION), sentence(10, "npo", Part.OFFER, group=2)]
    date = Item(ItemKind.DATE, "ws2@1-2")
    post, below = chosen(said, date)
    assert [item.kind for item in post] == [ItemKind.THEME, ItemKind.QUESTION, ItemKind.OFFER, ItemKind.DATE]
    without, _ = chosen(said)
    assert [(item.kind, item.theme) for item in without] == [
        (ItemKind.THEME, "oza"),
        (ItemKind.THEME, "npo"),
        (ItemKind.QUESTION, "oza"),
        (ItemKind.OFFER, "npo"),
    ]
    assert len(below) == len(said) - 3


def test_four_themes_each_have_their_turn_the_one_of_most_groups_first() -> None:
    said = [sentence(n, theme, group=n) for n, theme in enumerate(("oza", "npo", "co", "ou", "re", "re"))]
    post, below = chosen(said)
    assert [item.theme for item in post] == ["re", "oza", "npo", "co"]
    assert {item.theme for item in below} == {"ou", "re"}


def test_a_group_that_spoke_of_two_themes_is_counted_under_the_one_it_names() -> None:
    both = replace(sentence(1, None), themes=("npo", "oza"), text="Bij OZA betaalt nu ieder een deel.")
    silent = replace(sentence(2, None, group=1), themes=("npo", "oza"))
    other = sentence(3, "npo", group=2)
    news = {item.theme: [one.id for one in item.sentences] for item in by_theme(placed([both, silent, other], THEMES))}
    assert news == {"oza": ["s1"], "npo": ["s2", "s3"]}


def test_a_sentence_that_does_not_fit_is_left_whole_for_the_thread() -> None:
    post, below = chosen([sentence(1, "oza", text="x" * 2900), sentence(2, "npo")])
    assert [item.subject for item in post] == ["s2"]
    assert [item.subject for item in below] == ["s1"]
    post, below = chosen([sentence(1, "oza", text="x" * 2900)])
    assert (post, [item.subject for item in below]) == ([], ["s1"])


def test_a_long_open_question_still_has_its_place_when_it_fits_at_all() -> None:
    said = [sentence(1, "oza", Part.QUESTION, "y" * 900), *(sentence(n, "npo", group=n) for n in range(2, 6))]
    post, _ = chosen(said)
    assert ItemKind.QUESTION in {item.kind for item in post}


PARTS = st.sampled_from(list(Part))
ANY = st.builds(
    sentence,
    st.integers(0, 10_000),
    st.sampled_from([*THEMES, None]),
    PARTS,
    st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=3000) | st.just("&" * 3000),
    st.integers(1, 9),
)


@given(st.lists(ANY, max_size=30, unique_by=lambda one: one.id), st.booleans())
def test_nothing_is_lost_and_nothing_is_said_twice_and_the_post_stays_small(
    said: list[PublishedSentence], has_date: bool
) -> None:
    date = Item(ItemKind.DATE, "ws2@1-2") if has_date else None
    post, below = chosen(said, date)
    subjects = [item.subject for item in [*post, *below] if item.kind is not ItemKind.DATE]
    assert sorted(subjects) == sorted(one.id for one in said)
    assert len(post) <= MOST_ITEMS
    texts = {one.id: one.text for one in said}
    assert sum(length(texts[item.subject]) for item in post if item.subject in texts) <= POST_CHARACTERS
    assert (date in post) == has_date
    assert chosen(said, date) == (post, below)


def test_the_next_date_is_told_once_to_who_takes_part_and_again_when_it_changes() -> None:
    near, far = session(2, 30), session(3, 60)
    told = next_date([far, near], "r1", set(), NOW)
    assert told == Item(ItemKind.DATE, date_subject(near))
    assert next_date([near], "r1", {date_subject(near)}, NOW) is None
    later = replace(near, starts_at=near.starts_at + timedelta(days=7), ends_at=near.ends_at + timedelta(days=7))
    assert next_date([later], "r1", {date_subject(near)}, NOW) == Item(ItemKind.MOVED, date_subject(later))
    assert next_date([replace(near, regions=("r2",))], "r1", set(), NOW) is None
    assert next_date([replace(near, state=State.GROUPED)], "r1", set(), NOW) is None
    assert next_date([session(4, -1)], "r1", set(), NOW) is None


def test_a_sentence_that_only_announces_a_date_gives_way_to_what_a_group_found() -> None:
    announcing = sentence(1, "oza", text="We zien elkaar weer op donderdag 16 september.")
    finding = sentence(2, "oza", text="Eén vast gezicht helpt een gezin.")
    post, _ = chosen([announcing, finding])
    assert post[0].subject == finding.id


def heard(sentences: list[PublishedSentence], **more: object) -> tuple[list[Item], list[Item]]:
    news = in_rank(by_theme(placed(sentences, THEMES)), Interests(**more))  # type: ignore[arg-type] - its fields
    made = compose(news, LABELS, interests=Interests(**more))  # type: ignore[arg-type] - its fields
    return list(made.post), [item for part in made.thread for item in part]


def test_what_the_region_follows_comes_first_then_its_agenda_then_what_its_people_chose() -> None:
    said = [sentence(n, theme, group=n) for n, theme in enumerate(("oza", "npo", "co", "ou", "re", "re"))]
    post, _ = heard(said, followed=frozenset({"co"}), agenda=frozenset({"ou"}), chosen={"npo": 2})
    assert [item.theme for item in post] == ["co", "ou", "npo", "re"]


def test_what_a_region_follows_waits_for_no_question_about_something_else() -> None:
    said = [sentence(1, "oza"), sentence(2, "npo"), sentence(3, "co", Part.QUESTION), sentence(4, "ou", Part.OFFER)]
    news = in_rank(by_theme(placed(said, THEMES)), Interests(followed=frozenset({"oza", "npo"})))
    date = Fixed(Item(ItemKind.DATE, "ws2@1-2"), 120)
    made = compose(news, LABELS, [date], interests=Interests(followed=frozenset({"oza", "npo"})))
    assert [item.theme for item in made.post[:2]] == ["oza", "npo"]


def test_a_question_an_offer_and_a_finding_share_three_places_without_a_theme_waiting() -> None:
    said = [sentence(1, "oza"), sentence(2, "oza", Part.QUESTION), sentence(3, "oza", Part.OFFER), sentence(4, "npo")]
    post, _ = chosen(said, Item(ItemKind.DATE, "ws2@1-2"))
    assert [(item.kind, item.theme) for item in post[:3]] == [
        (ItemKind.THEME, "npo"), (ItemKind.QUESTION, "oza"), (ItemKind.OFFER, "oza"),
    ]  # fmt: skip


def test_a_promise_that_is_due_has_a_place_where_one_is_left_else_in_the_thread() -> None:
    due = Item(ItemKind.DUE, "due:pm1:2021-06-24")
    few = compose(by_theme(placed([sentence(1, "oza")], THEMES)), LABELS, (), [due])
    assert due in few.post
    many = compose(by_theme(placed([sentence(n, t) for n, t in enumerate(THEMES)], THEMES)), LABELS, (), [due])
    assert due not in many.post
    assert due in many.thread[0]


def test_a_muted_theme_is_nowhere() -> None:
    post, below = heard([sentence(1, "oza"), sentence(2, "npo", Part.OFFER)], muted=frozenset({"npo"}))
    assert [item.theme for item in [*post, *below]] == ["oza"]


def test_no_theme_comes_twice_while_another_one_waits() -> None:
    said = [sentence(n, "oza", part, group=n) for n, part in enumerate((Part.BODY, Part.QUESTION, Part.OFFER))]
    said += [sentence(10, "npo", group=7), sentence(11, "co", group=8), sentence(12, "ou", group=9)]
    post, _ = heard(said)
    assert sorted(str(item.theme) for item in post) == ["co", "npo", "ou", "oza"]


def test_a_group_that_disagrees_has_its_place_however_many_say_otherwise() -> None:
    yes = "Vaste kernteams op elke school werken in onze wijken goed voor de kinderen."
    no = "Vaste kernteams op elke school werken in onze wijken niet goed voor de kinderen."
    said = [sentence(n, "oza", text=f"{yes[:-1]} nummer {n}.", group=n) for n in range(5)]
    said += [
        sentence(20 + n, "npo", group=n, text=f"Het budget van wijk {n} gaat naar de brede school.") for n in range(5)
    ]
    said += [sentence(9, "oza", text=no, group=6)]
    said += [sentence(30, "oza", Part.QUESTION, group=1), sentence(31, "npo", Part.OFFER, group=2)]
    assert [one.id for one in minority(by_theme(placed(said, THEMES)))] == ["s9"]
    post, _ = heard(said)
    assert "s9" in {item.subject for item in post}


def test_a_group_that_alone_speaks_of_something_has_its_place() -> None:
    said = [
        sentence(n, theme, group=n % 5) for n, theme in enumerate(["oza"] * 5 + ["npo"] * 5 + ["co"] * 5 + ["ou"] * 5)
    ]
    said += [sentence(99, "re", text="Alleen in de krimpregio loopt de peuteropvang leeg.", group=8)]
    post, _ = heard(said, followed=frozenset({"oza"}), agenda=frozenset({"npo", "co", "ou"}))
    assert "s99" in {item.subject for item in post}


@given(st.lists(ANY, max_size=40, unique_by=lambda one: one.id), st.sets(st.sampled_from([*THEMES])))
def test_everything_is_in_the_post_or_the_thread_or_muted(said: list[PublishedSentence], muted: set[str]) -> None:
    post, below = heard(said, muted=frozenset(muted))
    told = {item.subject for item in [*post, *below]}
    assert told == {one.id for one in said if one.theme not in muted and not set(one.themes) & muted}


@given(st.lists(ANY.filter(lambda one: len(one.text) < 150), max_size=40, unique_by=lambda one: one.id))
def test_a_voice_that_counting_would_lose_is_in_the_post(said: list[PublishedSentence]) -> None:
    voices = minority(by_theme(placed(said, THEMES)))
    post, _ = heard(said)
    if voices and any(length(one.text) < 150 for one in voices):
        assert {one.id for one in voices} & {item.subject for item in post}


def test_the_same_statement_is_read_once_and_counted_twice() -> None:
    one = sentence(1, "oza", text="De school betaalt ook echt de helft van de kosten.", group=1)
    again = sentence(2, "oza", text="De school betaalt de helft van de kosten.", group=2)
    other = sentence(3, "oza", text="De school betaalt niet de helft van de kosten.", group=3)
    keys = {each.id: key_of(each.text, "geheim") for each in (one, again, other)}
    same = alike([one, again, other], [], keys)
    fresh, echoes = unread([one, again, other], set(), same)
    assert [each.id for each in fresh] == ["s1", "s3"]
    assert [each.id for each in echoes] == ["s2"]
    assert by_theme(placed(fresh, THEMES), placed(echoes, THEMES))[0].groups == 3
    assert unread([again, other], {"s1"}, alike([again, other], [one], keys)) == ([other], [])


WORDS = st.sampled_from(
    "de school niet betaalt gemeente gemeentte ook 2,5 2-3 zorgboerderij zorgboederij en één vindt vind".split()  # noqa: SIM905 - read as a sentence
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=7).map(" ".join)


@given(SENTENCE, SENTENCE)
def test_two_sentences_that_say_the_same_have_the_same_key(one: str, other: str) -> None:
    if same_statement(one, other):
        assert key_of(one, "geheim") == key_of(other, "geheim") != ""


def test_the_key_of_a_sentence_tells_no_words_and_differs_per_workspace() -> None:
    assert "school" not in key_of("De school betaalt.", "a")
    assert key_of("De school betaalt.", "a") != key_of("De school betaalt.", "b")


@pytest.mark.parametrize(
    ("region", "last", "first"),
    [
        ("Midden", (2021, 7, 13), (2021, 8, 31)),
        ("Zuid", (2021, 7, 20), (2021, 9, 7)),
        ("Noord", (2021, 7, 6), (2021, 8, 24)),
    ],
)
def test_a_region_rests_in_the_summer_of_its_schools(
    region: str, last: tuple[int, int, int], first: tuple[int, int, int]
) -> None:
    tuesdays = [datetime(2021, 6, 22, 7, tzinfo=UTC) + timedelta(weeks=week) for week in range(13)]
    rested = [
        at for at in tuesdays if outcome(at, "Europe/Amsterdam", Every.WEEK, region, None, None) is Outcome.RESTED
    ]
    read = [at.date() for at in tuesdays if at not in rested]
    assert max(day for day in read if day < rested[0].date()) == date(*last)
    assert min(day for day in read if day > rested[0].date()) == date(*first)


def test_a_turn_on_a_public_holiday_is_posted_on_the_next_working_day() -> None:
    easter = datetime(2021, 4, 5, 7, tzinfo=UTC)
    assert posting_time(easter, "Europe/Amsterdam") == easter + timedelta(days=1)
    assert posting_time(NOW, "Europe/Amsterdam") == NOW


def test_a_running_poll_is_told_once_to_whom_it_asks() -> None:
    poll = DatePoll(
        "dp1", "T1", "C1", "Europe/Amsterdam", NOW + timedelta(days=3), 0, PollState.RUNNING, "ineke", NOW, 1, (),
        None, ("r1",),
    )  # fmt: skip
    told = running_poll([poll], "r1", set(), NOW)
    assert told is not None
    assert running_poll([poll], "r2", set(), NOW) is None
    assert running_poll([poll], "r1", {told.subject}, NOW) is None
    assert running_poll([replace(poll, state=PollState.ENDED)], "r1", set(), NOW) is None


def test_a_practice_session_is_nobodys_news() -> None:
    practice = replace(session(2, 30), channel="D1")
    assert next_date([practice], "r1", set(), NOW) is None
