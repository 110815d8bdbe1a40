from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.article import Part, PublishedSentence
from bot.digest import (
    Composed,
    Fixed,
    MOST_ITEMS,
    POST_CHARACTERS,
    Item,
    ItemKind,
    by_theme,
    compose,
    date_subject,
    length,
    next_date,
    placed,
)
from bot.harvest import Theme
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
