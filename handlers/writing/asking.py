"""One question to a language model at a time: within the budget, accounted for, and no more of them when hopeless."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import TypeVar

from sqlmodel import Session

from bot.writing import Allowance, Failure, Usage, priced
from prompts.asking import Model, ModelFailed, Step
from storage import writing
from storage.database import Database
from storage.writing import Event

T = TypeVar("T")

HOPELESS = frozenset(
    {
        Failure.OFF, Failure.UNREACHABLE, Failure.NOT_ALLOWED, Failure.REDIRECTED, Failure.TOO_SLOW, Failure.TOO_LARGE,
        Failure.ENCODED, Failure.RATE_LIMITED, Failure.REFUSED_US, Failure.SERVER_ERROR, Failure.NOT_AN_ANSWER,
    }
)  # fmt: skip
"""After one of these nothing more is asked for this digest: the endpoint is away, or is not one."""
MOST_FAILURES = 2
"""Answers in a row that are of no use, after which nothing more is asked either."""


class Stopped(Exception):
    """Nothing more is asked: the endpoint is away, or the budget is spent; the text is the reason in one word."""


@dataclass
class Questions:
    """Puts the questions for one region's digest. `spent` are tokens of this digest and of this month before it."""

    database: Database
    now: Callable[[], datetime]
    ids: Callable[[str], str]
    model: Model
    allowance: Allowance
    team: str
    region: str
    period: str
    spent: tuple[int, int] = (0, 0)
    _now_spent: int = 0
    _failures: int = 0

    async def ask(self, step: Step[T], request: str) -> T | None:
        """Put one question and write down what it cost; None where the answer is of no use.

        Raises Stopped when nothing more should be asked.
        """
        whole = self.model.estimate(step.instructions + request)
        left = self.allowance.left(self.spent[0] + self._now_spent, self.spent[1] + self._now_spent)
        if priced(whole, min(step.longest, whole)) > left:
            raise Stopped("budget")
        return await self._put(step, request)

    async def _put(self, step: Step[T], request: str) -> T | None:
        outcome, value, usage = "ok", None, Usage()
        try:
            answer = await self.model.ask(step, request)
            value, usage = answer.value, answer.usage
            self._failures = 0
        except ModelFailed as failed:
            outcome, usage = failed.reason.value, failed.usage
            self._failures += 1
        self._now_spent += usage.input_tokens + usage.output_tokens
        await self._account(step, request, outcome, usage)
        if outcome in HOPELESS or self._failures >= MOST_FAILURES:
            raise Stopped(outcome)
        if outcome != "ok":
            await self.note([Event("fallback", outcome, step.name)])
        return value

    async def note(self, events: Iterable[Event]) -> None:
        """Write down why something was not sent, not shown or is pointed out."""
        found = list(events)
        if found:
            work = partial(
                writing.record, team=self.team, region=self.region, period=self.period, events=found,
                now=self.now(),
            )  # fmt: skip
            await self.write(work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Read from the database; no question is under way meanwhile."""
        return await self.database.read(work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Write to the database; the same."""
        return await self.database.write(work)

    def random(self) -> Random:
        """Return chance that nobody can foresee, for one question."""
        return Random(self.ids("rq"))

    async def _account(self, step: Step[T], request: str, outcome: str, usage: Usage) -> None:
        if usage.calls:
            work = partial(
                writing.record_call, team=self.team, region=self.region, period=self.period, step=step.name,
                model=self.model.name, outcome=outcome, calls=usage.calls,
                characters=usage.calls * (len(step.instructions) + len(request)),
                tokens=(usage.input_tokens, usage.output_tokens), now=self.now(),
            )  # fmt: skip
            await self.write(work)


@dataclass
class Asked:
    """A question as it would leave: its kind, what the model is told, what it is asked, and about how many tokens."""

    step: str
    instructions: str
    request: str
    tokens: int

    @property
    def characters(self) -> int:
        """What would be sent."""
        return len(self.instructions) + len(self.request)


@dataclass
class Rehearsal(Questions):
    """The same questions, put to nobody and leaving no trace: `asked` are those that would be sent, in order.

    An answer can lead to one more question: for notes that were passed over, claims that did not hold, doubtful ones.
    """

    asked: list[Asked] = field(default_factory=list)
    noted: list[Event] = field(default_factory=list)

    async def _put(self, step: Step[T], request: str) -> T | None:
        tokens = self.model.estimate(step.instructions + request)
        self.asked.append(Asked(step.name, step.instructions, request, tokens))
        self._now_spent += priced(tokens, min(step.longest, tokens))
        return None

    async def note(self, events: Iterable[Event]) -> None:
        """Remember why something would not be sent, for whoever looks."""
        self.noted += events

    async def write(self, work: Callable[[Session], T]) -> T | None:  # type: ignore[override]  # nothing is written
        """Write nothing."""
        return None
