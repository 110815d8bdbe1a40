"""Joining a programme: what an application misses, when it closes, who signed, and what regions declared.

The framework of a programme says what it asks (its criteria); one that set none asks what most do: that all parties
agree, and a question, an approach, a result and an indicator.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.problem import Refused
from bot.trail.partial import PartialDate
from bot.trail.profile import day_of
from bot.trail.records import Entry, Value
from bot.trail.sheets import Kind

WRITTEN = ("question", "approach", "result", "indicator")
"""What an application says itself, by the names of its fields."""
PARTIES, NO_PARTIES, AGAINST = "parties", "no_parties", "against"
CLOSED = "trail.joining_closed"


@dataclass(frozen=True)
class Missing:
    """One thing that is still to do: a field of the application, signatures, or parties at all; `count` of them."""

    what: str
    count: int = 1


def asked(criteria: Iterable[Entry]) -> tuple[str, ...]:
    """Return what the framework asks of an application, in the order in which people fill it in."""
    said = {each.text("asks") for each in criteria if each.kind is Kind.CRITERION}
    known = tuple(each for each in (PARTIES, *WRITTEN) if each in said)
    return known if said else (PARTIES, *WRITTEN)


def missing(application: Entry, criteria: Iterable[Entry]) -> list[Missing]:
    """Return what an application still misses; nothing where it is complete."""
    found: list[Missing] = []
    for what in asked(criteria):
        if what in WRITTEN:
            found += [] if application.text(what) else [Missing(what)]
            continue
        parties = application.under(Kind.PARTY)
        against = sum(each.text("standing") == "against" for each in parties)
        waiting = sum(each.text("standing") != "agreed" for each in parties) - against
        found += [Missing(NO_PARTIES)] if not parties else []
        found += [Missing(PARTIES, waiting)] if waiting else []
        found += [Missing(AGAINST, against)] if against else []
    return found


def checked(application: Entry, criteria: Sequence[Entry]) -> list[tuple[Entry, bool | None]]:
    """Return the criteria of the framework in its own words and order, each with whether the application meets it.

    None for one that no field answers: the coordinator judges that.
    """
    todo = {each.what for each in missing(application, criteria)}
    found: list[tuple[Entry, bool | None]] = []
    for each in criteria:
        asks = each.text("asks")
        if each.kind is Kind.CRITERION and each.stands:
            unmet = {PARTIES, NO_PARTIES, AGAINST} & todo if asks == PARTIES else {asks} & todo
            found.append((each, not unmet if asks in (PARTIES, *WRITTEN) else None))
    return found


def closing(mileposts: Iterable[Entry], today: date) -> date | None:
    """Return the last day on which applications can be handed in: the next deadline, else the last one that was.

    None where the programme names no deadline.
    """
    days = sorted(
        day.last
        for each in mileposts
        if each.kind is Kind.MILEPOST and each.text("sort") == "deadline" and (day := _until(each)) is not None
    )
    ahead = [day for day in days if day >= today]
    return ahead[0] if ahead else days[-1] if days else None


def _until(milepost: Entry) -> PartialDate | None:
    return day_of(milepost, "until") or day_of(milepost, "on")


def hand_in(application: Entry, criteria: Iterable[Entry], closes: date | None, today: date) -> Mapping[str, Value]:
    """Return the values of an application that is handed in.

    Raises Refused while something is missing, after the closing day, and when it was handed in before.
    """
    if application.text("standing") not in ("", "draft"):
        raise Refused("trail.joining_handed_in")
    if missing(application, criteria):
        raise Refused("trail.joining_incomplete")
    if closes is not None and today > closes:
        raise Refused(CLOSED)
    return {**application.values, "standing": Value("handed_in")}


def decide(application: Entry, outcome: str, contact: str, day: date) -> Mapping[str, Value]:
    """Return the values of an application on which the coordinator decided. Raises Refused before it is handed in."""
    if application.text("standing") == "draft" or outcome not in ("accepted", "declined"):
        raise Refused("trail.joining_not_handed_in")
    decided = {"standing": Value(outcome), "contact": Value(contact), "decided_on": Value(day.isoformat())}
    return {**application.values, **decided}


def sign(party: Entry, standing: str, day: date) -> Mapping[str, Value]:
    """Return the values of a party that agreed, is against, or is asked again (without a day)."""
    values = {**party.values, "standing": Value(standing), "on": Value(day.isoformat())}
    return {name: value for name, value in values.items() if name != "on" or standing != "asked"}


def may_sign(party: Entry, application: Entry, user: str) -> None:
    """Let somebody pass who may say what a party thinks of it: its own person, anybody of the region where none is.

    Raises Refused, also once the application was handed in: a signature stands under what was signed.
    """
    if application.text("standing") not in ("", "draft"):
        raise Refused("trail.joining_handed_in")
    if party.user() and party.user() != user:
        raise Refused("trail.joining_own_person")


def must_be_draft(entry: Entry, above: Entry | None) -> None:
    """Let a change of an application or of one of its parties pass, or of anything else. Raises Refused once it was
    handed in: what is decided on, and what was signed, is what was handed in."""
    application = entry if entry.kind is Kind.APPLICATION else above
    is_one = application is not None and application.kind is Kind.APPLICATION
    if application is not None and is_one and application.text("standing") not in ("", "draft"):
        raise Refused("trail.joining_handed_in")


def signed_anew(application: Entry, before: Mapping[str, Value]) -> tuple[Entry, ...]:
    """Return the parties whose signature falls when an application reads differently: they agreed to other words."""
    if all(application.values.get(name) == before.get(name) for name in ("title", *WRITTEN)):
        return ()
    return tuple(each for each in application.under(Kind.PARTY) if each.text("standing") == "agreed")


def declared(declarations: Iterable[Entry]) -> Sequence[tuple[str, tuple[Entry, ...]]]:
    """Group declarations by what was declared, in the order of their days; those without one stand last."""
    groups: dict[str, tuple[str, list[Entry]]] = {}
    for each in declarations:
        if each.kind is Kind.DECLARATION:
            what = " ".join(each.text("what").split())
            groups.setdefault(what.casefold(), (what, []))[1].append(each)
    return [(what, tuple(sorted(found, key=_signed_on))) for what, found in groups.values()]


def _signed_on(declaration: Entry) -> tuple[date, int]:
    day = day_of(declaration, "on")
    return (day.first if day else date.max, declaration.position)
