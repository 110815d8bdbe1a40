from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import Unclear, Understood, Why, read_date
from bot.recurrence import Kind, kinds, rule_of
from handlers.views import dates as views
from handlers.words import Words, catalogues, load

AMSTERDAM = "Europe/Amsterdam"
TUESDAY = datetime(2021, 6, 22, 10, 0, tzinfo=ZoneInfo(AMSTERDAM))
ALL_WORDS = catalogues()


@pytest.mark.parametrize("zone", [AMSTERDAM, "America/Curacao", "Pacific/Auckland", "UTC"])
@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - Hypothesis wants them bare
    ahead=st.integers(0, 700),
    clock=st.none() | st.times(),
    lasts=st.none() | st.integers(1, 600),
    language=st.sampled_from(list(ALL_WORDS)),
)
def test_what_is_said_back_reads_as_the_same_moment(
    zone: str,
    now: datetime,
    ahead: int,
    clock: object,
    lasts: int | None,
    language: str,
) -> None:
    here = now.replace(tzinfo=ZoneInfo(zone))
    words = ALL_WORDS[language].in_zone(zone)
    day = (here + timedelta(days=ahead)).date()
    typed = words.date(day)
    if clock is not None:
        start = datetime.combine(day, clock)  # type: ignore[arg-type]  # a time, when it is not None
        typed += f", {start:%H:%M}"
        if lasts is not None and (start + timedelta(minutes=lasts)).date() == day:
            typed += f"-{start + timedelta(minutes=lasts):%H:%M}"
    reading = read_date(typed, here, zone)
    if isinstance(reading, Understood):
        assert reading.day == day
        assert _in_full(reading, words) == typed
    else:
        assert isinstance(reading, Unclear)
        assert reading.why in (Why.PAST, Why.CLOCK_CHANGE), typed


@pytest.mark.parametrize("language", list(ALL_WORDS))
@pytest.mark.parametrize("why", list(Why))
def test_every_reason_has_a_sentence(language: str, why: Why) -> None:
    unclear = Unclear(why, ("<@U1>", "x" * 300) if why is Why.LEFT_OVER else ())
    problem = views.to_repair(unclear, "when")
    said = load(language)(problem.key, **problem.values)
    assert problem.field == "when"
    assert len(said) < 150


def test_a_word_that_nobody_understands_is_named() -> None:
    reading = read_date("donerdag 16 september", TUESDAY, AMSTERDAM)
    assert isinstance(reading, Unclear)
    problem = views.to_repair(reading, "when")
    assert load("nl")(problem.key, **problem.values) == "Dit begrijp ik niet: donerdag. Typ alleen de dag en de tijd."


@pytest.mark.parametrize(
    ("kind", "first", "dutch", "english"),
    [
        (Kind.WEEKLY, date(2021, 9, 16), "elke week op donderdag", "every week on Thursday"),
        (Kind.FORTNIGHTLY, date(2021, 9, 15), "om de week op woensdag", "every other week on Wednesday"),
        (Kind.MONTHLY_BY_DATE, date(2021, 9, 16), "elke maand op de 16e", "every month on day 16"),
        (
            Kind.MONTHLY_BY_DATE,
            date(2021, 8, 31),
            "elke maand op de 31e, of anders de laatste dag",
            "every month on day 31, or else the last day",
        ),
        (
            Kind.MONTHLY_BY_WEEKDAY,
            date(2021, 9, 16),
            "elke derde donderdag van de maand",
            "every third Thursday of the month",
        ),
        (
            Kind.MONTHLY_LAST_WEEKDAY,
            date(2021, 9, 24),
            "elke laatste vrijdag van de maand",
            "every last Friday of the month",
        ),
    ],
)
def test_a_rhythm_is_said_in_plain_words(kind: Kind, first: date, dutch: str, english: str) -> None:
    rule = rule_of(kind, first, 12)
    assert views.rhythm(rule, ALL_WORDS["nl"]) == f"{dutch}, 12 keer"
    assert views.rhythm(rule, ALL_WORDS["en"]) == f"{english}, 12 times"
    assert views.rhythm(rule.removesuffix(";COUNT=12"), ALL_WORDS["nl"]) == dutch


def test_a_rule_from_elsewhere_still_has_words() -> None:
    assert views.rhythm("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", ALL_WORDS["nl"]) == "volgens een eigen ritme"


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_every_rhythm_of_every_day_has_words(first: date, count: int) -> None:
    for kind in kinds(first):
        for words in ALL_WORDS.values():
            assert views.rhythm(rule_of(kind, first, count), words)


def _in_full(understood: Understood, words: Words) -> str:
    """What a screen says of a date, with weekday and year."""
    if understood.starts_at is None:
        return words.date(understood.day)
    if understood.ends_at is None:
        return words.moment(understood.starts_at)
    return words.period(understood.starts_at, understood.ends_at)
