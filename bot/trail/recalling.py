"""What answers can tell of an entry: lines that are cut from its fields, and the words by which people ask for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.harvest.sentences import split
from bot.trail.fields import Type
from bot.trail.records import Entry, State
from bot.trail.sheets import SHEETS, Kind

LONGEST_TITLE = 240
"""Characters of a title that is told whole, with what stands beside it; a longer one is told by its sentences."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?")
_BESIDE = frozenset({"value", "sector", "who", "organisation", "for_whom", "where", "whom", "meaning"})
"""Lines that are told in one breath with the title."""
_WHEN = ("year", "on", "answered_on", "decided_on", "begins", "due", "since")
"""Fields that say of when an entry is, the first that is filled."""

ASKED_BY: Mapping[Kind, str] = {
    Kind.AMBITION: "ambitie ambition",
    Kind.PARTNER: "partner partners coalitie coalition",
    Kind.CONTACT: "contact contactpersoon",
    Kind.FACT: "cijfer cijfers feit feiten figure fact",
    Kind.INTEREST: "belang belangen interest",
    Kind.COMMUNITY: "netwerk community",
    Kind.ASSIGNMENT: "opdracht opdrachten assignment regioagenda agenda",
    Kind.POINT: "aandachtspunt aandachtspunten point agenda",
    Kind.PRECONDITION: "randvoorwaarde randvoorwaarden precondition",
    Kind.MILESTONE: "onderdeel mijlpaal milestone",
    Kind.ROLE: "rol rollen vacature role vacancy",
    Kind.PHASE: "fase fasen phase",
    Kind.EXPERIENCE: "ervaring fase experience phase",
    Kind.EXAMPLE: "voorbeeld voorbeelden example",
    Kind.ADOPTION: "gebruikt gebruiken voorbeeld uses example",
    Kind.OBSTACLE: "regel regels knelt knellen hindert hinderen belemmert belemmeren rule rules obstruct",
    Kind.REQUEST: "ondersteuningsvraag gevraagd support request",
    Kind.OFFER: "aanbod biedt offer",
    Kind.QUESTION: "vraag dilemma knelpunt question",
    Kind.INDICATOR: "indicator cijfer doel bereikt result",
    Kind.EVALUATION: "evaluatie evaluation effect",
    Kind.REVIEW: "terugblik advies review",
    Kind.APPLICATION: "aanmelding aanvraag application",
    Kind.PARTY: "partij tekenen ondertekend party signed",
    Kind.PLAN: "plan",
    Kind.DECLARATION: "verklaring declaration",
    Kind.EVENT: "gebeurtenis event",
    Kind.CRITERION: "criterium criteria criterion",
    Kind.ACCOUNT_MANAGER: "accountmanager",
    Kind.MILEPOST: "datum deadline date",
    Kind.RESOURCE: "bron source link",
    Kind.GOAL: "leerdoel goal",
    Kind.CROSS_THEME: "thema theme",
    Kind.TERM: "betekent betekenis begrip term meaning",
}
"""Words that people use for a kind when they ask, in Dutch and English: an ambition does not say that it is one."""
ASPECT_ASKED: Mapping[str, str] = {
    "easy": "makkelijk gemakkelijk easy",
    "hard": "moeilijk lastig hard",
    "conclusion": "conclusie conclusion",
    "vacant": "vacant vacature open",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that an entry says: which run of which field it is, and what is told of it.

    `value` is the figure where it is one, so that figures of two years about one thing are told apart.
    """

    field: str
    start: int
    end: int
    text: str
    value: str = ""


def published(entry: Entry) -> bool:
    """Say whether anybody may find it: what the programme keeps, and what a region shares; a contact who said yes."""
    if SHEETS[entry.kind].confirmed and not entry.confirmed:
        return False
    return entry.state is State.SHARED or (entry.region is None and entry.stands)


def lines(entry: Entry, above: Entry | None = None) -> list[Line]:
    """Return what an entry says, as it stands: its title with what belongs to it, and the sentences of its texts.

    `above` is the entry under which it hangs: who uses an example is told with the name of that example.
    """
    found = []
    title, named = entry.title, above.title if entry.kind is Kind.ADOPTION and above is not None else ""
    if named or (title and len(title) <= LONGEST_TITLE):
        found.append(Line("title", 0, len(title), _told(entry, title, named), entry.text("value")))
    elif title:
        found += _sentences("title", title)
    for field in SHEETS[entry.kind].fields:
        if field.type is Type.TEXT and field.name != "title" and not field.private:
            found += _sentences(field.name, entry.text(field.name))
    return found


def asked_by(entry: Entry) -> str:
    """Return the words by which people ask for an entry besides its own."""
    aspects = [ASPECT_ASKED.get(entry.text(name), "") for name in ("aspect", "standing")]
    return " ".join(filter(None, [ASKED_BY.get(entry.kind, ""), *aspects]))


def when(entry: Entry) -> tuple[date | None, int | None]:
    """Return the day of which an entry tells, or only the year; where it says neither, the day of its last change."""
    for name in _WHEN:
        said = entry.text(name)
        if (day := _DAY.fullmatch(said)) is not None and day[2] and day[3]:
            try:
                return date(int(day[1]), int(day[2]), int(day[3])), None
            except ValueError:
                continue
        if (year := _YEAR.search(said)) is not None:
            return None, int(year[0])
    return (entry.changed_at.date() if entry.changed_at else None), None


def _told(entry: Entry, title: str, named: str) -> str:
    if named:
        return f"{named}: {title}" if title else named
    beside = [entry.text(name) for name in SHEETS[entry.kind].names if name in _BESIDE and entry.text(name)]
    if entry.kind is Kind.INDICATOR:
        beside = [" → ".join(entry.text(name) or "?" for name in ("aimed", "reached"))]
    span = [entry.text(name) for name in ("begins", "ends") if entry.text(name)]
    beside += [" – ".join(span)] if span else []
    between = " · " if title[-1:] in (".", "!", "?", "…") else ": "
    return f"{title}{between}{', '.join(beside)}" if beside else title


def _sentences(field: str, said: str) -> list[Line]:
    return [Line(field, span.start, span.end, said[span.start : span.end]) for span in split(said)]
