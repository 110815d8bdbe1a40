"""Rules that obstruct, and requests for support: who answers, by when, and which earlier answer already helps.

In 003:73-75 more turns out to be allowed than people think: an answer that was given once is worth showing to whoever
is stopped by the same rule. It is shown too little rather than too much: an answer about another rule misleads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.harvest.overlap import overlap, stems, weigh, weight
from bot.programme import Action, Member, Place, allow, may
from bot.trail.partial import read_partial
from bot.trail.records import Entry, State, Value
from bot.trail.sheets import Kind

ANSWERABLE = (Kind.OBSTACLE, Kind.REQUEST)
"""What is put to somebody of the national partners."""
WITHIN = timedelta(weeks=3)
"""So long an answer may take where nobody named a day."""
OPEN = frozenset({"open", "routed", "taken"})
"""Standings in which an answer is still waited for; `settled` is the region's own last word."""
RESULTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.OBSTACLE: ("answered",),
    Kind.REQUEST: ("given", "declined"),
}
"""What becomes of it when it is answered."""
FLOOR = 0.36
"""From this score on an earlier answer is about the same rule. On the labelled pairs of
`tests/bot/test_trail_obstacles.py` 5 of the 6 that are the same are found, and none of the 5 that are not."""
FEWEST_SHARED = 2
"""Words that both must use; a rule of one word needs that one."""
MOST_EARLIER = 3


@dataclass(frozen=True)
class Earlier:
    """An answer that was given before: the rule it is about, what was said and when, and the words that both use.

    Of another region nothing else is told: not what it did there, and not where.
    """

    id: str
    rule: str
    answer: str
    on: date | None
    score: float
    shared: tuple[str, ...]


def standing(entry: Entry) -> str:
    """Return how far it is; what nobody touched is open."""
    return entry.text("standing") or "open"


def waits(entry: Entry) -> bool:
    """Say whether an answer is still waited for."""
    return entry.kind in ANSWERABLE and entry.stands and standing(entry) in OPEN


def due(entry: Entry, zone: str) -> date | None:
    """Return by when an answer is expected: the day that was agreed, else three weeks after it was raised."""
    agreed = read_partial(entry.text("due"))
    if agreed is not None:
        return agreed.last
    return entry.made_at.astimezone(ZoneInfo(zone)).date() + WITHIN if entry.made_at else None


def overdue(entry: Entry, today: date, zone: str) -> bool:
    """Say whether an answer was expected before today."""
    last = due(entry, zone)
    return waits(entry) and last is not None and last < today


def answers(member: Member, entry: Entry) -> bool:
    """Say whether somebody may answer: the account manager to whom it was put, or the coordinator."""
    return may(member, Action.ANSWER_TRAIL, _place(member, entry))


def must_answer(member: Member, entry: Entry) -> None:
    """Let who answers pass. Raises Refused."""
    allow(member, Action.ANSWER_TRAIL, _place(member, entry))


def _place(member: Member, entry: Entry) -> Place:
    """Belonging to the region gives no right to answer it: who asks does not answer themselves."""
    return Place(wrote=entry.kind in ANSWERABLE and entry.user("manager") == member.user)


def routed(entry: Entry, manager: str, by: date) -> dict[str, Value]:
    """Return the fields of an entry that is put to an account manager, to be answered by a day."""
    values = {**entry.values, "manager": Value("", manager)}
    if entry.kind is Kind.OBSTACLE:
        values |= {"standing": Value("routed"), "due": Value(by.isoformat())}
    else:
        values["standing"] = Value("open")
    return values


def released(entry: Entry) -> dict[str, Value]:
    """Return the fields of what waits for an answer without the account manager to whom it was put: they left."""
    values = {name: value for name, value in entry.values.items() if name != "manager"}
    return values | {"standing": Value("open")}


def taken(entry: Entry, member: str) -> dict[str, Value]:
    """Return the fields of a request that somebody takes upon themselves."""
    return {**entry.values, "manager": Value("", member), "standing": Value("taken")}


def answered(entry: Entry, text: str, result: str, reach: str, on: date) -> dict[str, Value]:
    """Return the fields of an entry with its answer. `reach` "all" lets every region read the rule and the answer."""
    values = {**entry.values, "answer": Value(text), "standing": Value(result)}
    if entry.kind is Kind.OBSTACLE:
        values |= {"answered_on": Value(on.isoformat()), "reach": Value(reach)}
    return values


def settled(entry: Entry) -> dict[str, Value]:
    """Return the fields of an obstacle that is none any more."""
    return {**entry.values, "standing": Value("settled")}


def reopened(entry: Entry) -> dict[str, Value]:
    """Return the fields of an obstacle of which the answer did not help."""
    return {**entry.values, "standing": Value("routed" if entry.user("manager") else "open")}


def reused(entry: Entry, earlier: Earlier) -> dict[str, Value]:
    """Return the fields of an obstacle for which an earlier answer is enough: nobody has to be asked again."""
    on = {"answered_on": Value(earlier.on.isoformat())} if earlier.on else {}
    return {**entry.values, "answer": Value(earlier.answer), "standing": Value("answered"), **on}


def reusable(entry: Entry, region: str | None) -> bool:
    """Say whether a region may read the answer: its own, what was shared, or what who answered gave to all."""
    if entry.kind is not Kind.OBSTACLE or not entry.stands or not entry.text("answer"):
        return False
    return entry.region == region or entry.state is State.SHARED or entry.text("reach") == "all"


def earlier_answers(asked: Entry, known: Sequence[Entry], floor: float = FLOOR) -> list[Earlier]:
    """Return earlier answers about the same rule, best first, at most three; the same answer once."""
    if asked.kind is not Kind.OBSTACLE:
        return []
    said = stems(_rule(asked))
    told = [(each, stems(_rule(each))) for each in known if each.id != asked.id and reusable(each, asked.region)]
    weights = weigh([said, *(each for _, each in told)])
    found = []
    for each, spoken in told:
        shared = overlap(said, spoken)
        if len(shared) < max(1, min(FEWEST_SHARED, len(said.own), len(spoken.own))):
            continue
        score = shared.weight(weights) * 2 / (weight(said, weights) + weight(spoken, weights))
        if score >= floor:
            on = read_partial(each.text("answered_on"))
            found.append(Earlier(each.id, each.title, each.text("answer"), on.first if on else None, round(score, 4),
                                 shared.rarest_first(weights)))  # fmt: skip
    best: dict[str, Earlier] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.id)):
        best.setdefault(" ".join(one.answer.split()).casefold(), one)
    return list(best.values())[:MOST_EARLIER]


def _rule(entry: Entry) -> str:
    """By what a rule is known: its name and what is asked about it, not what it does in one place."""
    return f"{entry.title} {entry.text('asked')}"


@dataclass(frozen=True)
class Month:
    """The rules of a programme at the start of a month: what waits too long, what else waits, what was answered."""

    late: tuple[Entry, ...]
    waiting: tuple[Entry, ...]
    answered: tuple[Entry, ...]

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.late or self.waiting or self.answered)


def month(entries: Iterable[Entry], since: date, today: date, zone: str) -> Month:
    """Sort the obstacles of a programme, the longest waiting first; answered ones count from `since` to today."""
    mine = [entry for entry in entries if entry.kind is Kind.OBSTACLE and entry.stands]
    waiting = sorted((entry for entry in mine if waits(entry)), key=lambda one: (due(one, zone) or today, one.id))
    given = [
        entry
        for entry in mine
        if not waits(entry) and (on := read_partial(entry.text("answered_on"))) and since <= on.first <= today
    ]
    late = tuple(entry for entry in waiting if overdue(entry, today, zone))
    return Month(late, tuple(entry for entry in waiting if entry not in late), tuple(given))


def month_for(member: Member, found: Month) -> Month:
    """Return what one reader of the list may see: the coordinator all of it, an account manager what was put to them
    or given to all."""
    if may(member, Action.ANSWER_TRAIL):
        return found

    def seen(entry: Entry) -> bool:
        named = entry.user("manager") == member.user
        return named or entry.state is State.SHARED

    return Month(*(tuple(filter(seen, part)) for part in (found.late, found.waiting, found.answered)))
