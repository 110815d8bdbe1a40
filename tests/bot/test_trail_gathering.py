"""For which regions a sentence may be an entry, in which phase a region is, and what follows a note that changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from bot.article import Part, PublishedSentence
from bot.impressions import Contents, Impression, Source
from bot.trail import Entry, Kind, Origin, State, Value
from bot.trail.gathering import Seen, current_phase, follow, gather, regions_of

NOW = datetime(2021, 6, 21, 6, tzinfo=UTC)
NOTHING = Seen()
HARD = "De besturen bleven weg. Niemand wist waarom."


def note(**parts: str) -> Impression:
    return Impression("im", "T", "ws", "gr", Source.FORM, "sanne", Contents(**{"takeaway": "Iets.", **parts}), NOW, NOW)


def said(part: Part, text: str, regions: int = 1, speakers: int = 6, start: int = 0) -> PublishedSentence:
    return PublishedSentence(
        id=f"se_{part}_{start}", article="ar", work_session="ws", group="gr", group_number=1, part=part, text=text,
        themes=(), topics=(), published_at=NOW, impression="im", field=part.value, start=start, end=start + len(text),
        regions=tuple(f"rg{number}" for number in range(regions)), speakers=speakers,
    )  # fmt: skip


def phase(name: str, begins: str, ends: str = "") -> Entry:
    return Entry(name, "T", "rg0", Kind.PHASE, {"title": Value(name), "begins": Value(begins), "ends": Value(ends)})


def test_a_group_of_many_regions_brings_something_only_to_those_that_work_on_it() -> None:
    assert regions_of(said(Part.HARD, "x"), {}) == ("rg0",)
    assert regions_of(said(Part.HARD, "x", speakers=4), {}) == ()
    assert regions_of(replace(said(Part.HARD, "x", speakers=4), agreed=True), {}) == ("rg0",)
    assert regions_of(said(Part.HARD, "x", regions=5), {"im": {"rg3"}}) == ("rg3",)


def test_the_current_phase_is_the_one_that_runs_and_else_the_last_that_began() -> None:
    phases = [phase("a", "2006-03", "2006-09"), phase("b", "2006-09", "2007"), phase("c", "2007-03"), phase("d", "")]
    on = {day: current_phase(phases, day) for day in (date(2005, 1, 1), date(2006, 5, 1), date(2021, 6, 17))}
    assert [found.id if found else None for found in on.values()] == [None, "a", "c"]
    assert (found := current_phase(phases[:1], date(2021, 1, 1))) and found.id == "a"


def test_without_a_phase_nothing_is_proposed_as_easy_or_hard_and_nothing_that_the_note_no_longer_says() -> None:
    numbers = count()

    def bring(phase: str | None, one: Impression, seen: Seen = NOTHING) -> list[Entry]:
        sentences = [said(Part.HARD, HARD), said(Part.QUESTION, "Wie betaalt?")]
        return gather("T", "rg0", sentences, {"im": one}, phase, seen, lambda kind: f"{kind}_{next(numbers)}")

    whole = note(hard=HARD, question="Wie betaalt?")
    assert [one.kind for one in bring("te_p", whole)] == [Kind.EXPERIENCE, Kind.QUESTION]
    assert [one.kind for one in bring(None, whole)] == [Kind.QUESTION]
    assert bring("te_p", note(hard="Anders.", question="Wie dan?")) == []
    assert all(one.state is State.PROPOSED for one in bring("te_p", whole))
    titles = Seen(titles=frozenset({(Kind.QUESTION, "wie betaalt")}))
    assert [one.kind for one in bring("te_p", whole, titles)] == [Kind.EXPERIENCE]


def test_an_entry_follows_its_sentence_and_goes_when_the_sentence_goes() -> None:
    entry = Entry(
        "te", "T", "rg0", Kind.EXPERIENCE, {"title": Value(HARD), "aspect": Value("hard")}, State.KEPT,
        origin=Origin(impression="im", field="hard", end=len(HARD)),
    )  # fmt: skip
    moved = follow(entry, {"title"}, note(hard=f"Eerst dit. {HARD}"))
    assert moved is not None and moved[1:] == (11, 11 + len(HARD)) and moved[0]["title"].text == HARD
    changed = follow(entry, {"title"}, note(hard="De besturen bleven vaak weg. Niemand wist waarom."))
    assert changed is not None and changed[0]["title"].text == "De besturen bleven vaak weg. Niemand wist waarom."
    assert changed[0]["aspect"].text == "hard"
    assert follow(entry, {"title"}, note(hard="Iets heel anders was het.")) is None
    assert follow(entry, {"title"}, replace(note(hard=HARD), withdrawn_at=NOW)) is None
