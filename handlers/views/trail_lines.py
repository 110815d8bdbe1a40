"""How the trail speaks: dates of which only the month is known, the workspace's own word, and an entry in one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.calling import USUAL, Calling
from bot.programme import Programme
from bot.trail import Entry, Kind, PartialDate
from bot.trail.profile import day_of, is_vacant
from handlers.views.frame import cut, escaped, person
from handlers.words import Words

LINE = 150
"""Characters of an entry where it is one of several lines."""
LONG_LINE = 300
"""The same where it has a paragraph of its own."""


@dataclass(frozen=True)
class Called:
    """What a workspace calls one region, and several."""

    one: str
    many: str
    usual: bool

    @property
    def title(self) -> str:
        """The plural where a line or a button begins with it."""
        return self.many[:1].upper() + self.many[1:]


def called(settings: Programme, words: Words) -> Called:
    """Return a workspace's own word for region; the usual one is said in the reader's language."""
    found = Calling(settings.region_word, settings.language)
    if found.word.casefold() in USUAL:
        return Called(words("trail.region_one"), words("trail.region_many"), usual=True)
    return Called(found.word, found.many, usual=False)


def day(found: PartialDate, words: Words) -> str:
    """A date as people write it: "2006", "maart 2006" or "17 maart 2006"."""
    if found.day:
        return words.calendar_date(found.first)
    return words.month(found.first) if found.month else str(found.year)


def period(begins: PartialDate | None, ends: PartialDate | None, words: Words, today: date | None = None) -> str:
    """A period as people write it: "maart - mei 2006", "2007 - heden", "vanaf mei 2022"; "" where there is none.

    What has no end is "heden" only where `today` is known to lie in it.
    """
    if begins and ends:
        whole = bool(begins.month and ends.month) and not begins.day and not ends.day
        if whole and begins.year == ends.year and begins != ends:
            return f"{words.month(begins.first, year=False)} - {day(ends, words)}"
        return day(ends, words) if begins == ends else f"{day(begins, words)} - {day(ends, words)}"
    if begins:
        goes_on = today is not None and begins.first <= today
        return words("trail.till_now" if goes_on else "trail.from_day", day=day(begins, words))
    return words("trail.until_day", day=day(ends, words)) if ends else ""


def lines_of(first: int, last: int, words: Words) -> str:
    """Where something stands in a document: "regel 12" or "regels 12-14"."""
    return words("trail.line", first=first) if first == last else words("trail.lines", first=first, last=last)


def period_of(entry: Entry, words: Words, today: date | None = None) -> str:
    """The period of a phase, as people write it."""
    return period(day_of(entry, "begins"), day_of(entry, "ends"), words, today)


def going_on(phase: Entry, words: Words, today: date) -> str:
    """The period of the phase that goes on, which says so once: "nu, sinds 2007", "oktober 2020 - mei 2022 · nu"."""
    begins = day_of(phase, "begins")
    if begins and day_of(phase, "ends") is None:
        return f"{words('trail.now')}, {words('trail.since', day=day(begins, words))}"
    return _joined(period_of(phase, words, today), words("trail.now"))


def said(entry: Entry, name: str, words: Words) -> str:
    """What is written in a field, in mrkdwn: a date as people write it, a person as a mention; "" where nothing is."""
    value = entry.values.get(name)
    if value is None:
        return ""
    if value.user:
        return person(value.user)
    if name in ("standing", "sort", "aspect", "effect", "asks") and words.knows(f"trail.choice_{value.text}"):
        return words(f"trail.choice_{value.text}")
    found = day_of(entry, name) if name in DAYS else None
    return day(found, words) if found else escaped(value.text)


MARKS = {"met": "✓", "done": "✓", "agreed": "✓", "busy": "◐"}
DAYS = frozenset({"begins", "ends", "due", "since", "on", "until", "answered_on", "decided_on", "quiet_until"})


def line_of(entry: Entry, words: Words, most: int = LINE, today: date | None = None) -> str:
    """An entry in one line of mrkdwn: what it is, and what somebody looks for in a list of its kind."""
    name = escaped(cut(" ".join(entry.title.split()), most))
    return _LINES.get(entry.kind, _plain)(entry, name, words, today)


def _plain(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return _joined(name, said(entry, "standing", words))


def _joined(*parts: str) -> str:
    """Parts of a line; the full stop of a sentence goes where something follows it."""
    told = [part for part in parts if part]
    return " · ".join([*(each.removesuffix(".") for each in told[:-1]), *told[-1:]])


def _fact(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return f"{name}: {figure(entry, words)}"


def figure(fact: Entry, words: Words) -> str:
    """A figure with its year: "16 (2020)"; one without says so."""
    year = escaped(fact.text("year")) or words("trail.no_year")
    return f"{escaped(cut(fact.text('value'), LINE))} ({year})"


def _phase(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return _joined(name, period_of(entry, words, today))


def _check(entry: Entry, name: str, words: Words, today: date | None) -> str:
    """A mark stands beside the word, never in its place."""
    mark = MARKS.get(entry.text("standing"), "○")
    due = day_of(entry, "due")
    till = words("trail.due_by", day=day(due, words)) if due else ""
    return f"{mark} {_joined(name, till, said(entry, 'standing', words))}"


def _role(entry: Entry, name: str, words: Words, today: date | None) -> str:
    who = ", ".join(filter(None, (escaped(entry.text("who")) or said(entry, "person", words),
                                  escaped(entry.text("organisation")))))  # fmt: skip
    if is_vacant(entry):
        return f"{name} · *{words('trail.choice_vacant')}*"
    return f"{name}: {who}" if who else name


def _partner(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return _joined(name, escaped(entry.text("sector")))


def _dated(entry: Entry, name: str, words: Words, today: date | None) -> str:
    when = period(day_of(entry, "on"), day_of(entry, "until"), words) if entry.text("until") else said(
        entry, "on", words
    )  # fmt: skip
    return f"*{when}* {name}" if when else name


def _experience(entry: Entry, name: str, words: Words, today: date | None) -> str:
    aspect = entry.text("aspect") or "easy"
    return f"{words(f'trail.aspect_{aspect}')}: {name}"


def _indicator(entry: Entry, name: str, words: Words, today: date | None) -> str:
    told = [
        words(f"trail.indicator_{each}", value=escaped(entry.text(each)))
        for each in ("aimed", "reached")
        if entry.text(each)
    ]
    return _joined(name, *told, escaped(entry.text("year")))


def _contact(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return _joined(name, said(entry, "person", words), "" if entry.confirmed else words("trail.unconfirmed"))


def _goal(entry: Entry, name: str, words: Words, today: date | None) -> str:
    """What holds only for now says so wherever it is read."""
    caveat = escaped(cut(entry.text("caveat"), LINE))
    return f"{name} _({caveat})_" if caveat else name


def _resource(entry: Entry, name: str, words: Words, today: date | None) -> str:
    until = day_of(entry, "until")
    ends = words("trail.until_day", day=day(until, words)) if until else ""
    return _joined(name, escaped(entry.text("link")), ends)


def _term(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return f"{name}: {escaped(cut(entry.text('meaning'), LINE))}"


def _interest(entry: Entry, name: str, words: Words, today: date | None) -> str:
    return _joined(name, escaped(entry.text("who")))


_LINES: Mapping[Kind, Callable[[Entry, str, Words, date | None], str]] = {
    Kind.FACT: _fact,
    Kind.PHASE: _phase,
    Kind.PRECONDITION: _check,
    Kind.MILESTONE: _check,
    Kind.PARTY: _check,
    Kind.ROLE: _role,
    Kind.PARTNER: _partner,
    Kind.EVENT: _dated,
    Kind.MILEPOST: _dated,
    Kind.DECLARATION: _dated,
    Kind.EXPERIENCE: _experience,
    Kind.INDICATOR: _indicator,
    Kind.CONTACT: _contact,
    Kind.GOAL: _goal,
    Kind.RESOURCE: _resource,
    Kind.INTEREST: _interest,
    Kind.TERM: _term,
}
