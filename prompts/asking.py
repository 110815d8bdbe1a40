"""What every model offers: one question, one checked answer, or one failure with its reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from bot.writing import Failure, Mode, Usage
from prompts.tokens import TokenEstimate

T = TypeVar("T")


class ModelFailed(Exception):
    """A model gave nothing that can be used. Carries the reason for the audit trail and what it cost, never a text."""

    def __init__(self, reason: Failure, usage: Usage = Usage()) -> None:  # noqa: B008 - a frozen value
        """Keep the reason and the cost."""
        super().__init__(reason.value)
        self.reason = reason
        self.usage = usage


@dataclass(frozen=True)
class Step(Generic[T]):
    """A kind of question: what the model is told, the shape it must answer in, and how that becomes a value of ours.

    `name` and `version` (prompt text and schema together) belong in the key of whatever is kept of the answer.
    `longest` is the most tokens an answer may take.
    """

    name: str
    version: str
    instructions: str
    shape: type[BaseModel]
    read: Callable[[Any], T]
    longest: int


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What came back, checked, with what it cost, which model said it, and the endpoint's fingerprint if it has one."""

    value: T
    usage: Usage
    model: str
    fingerprint: str | None = None


class Model(Protocol):
    """A door to a language model, or none at all: then every question fails with `Failure.OFF`, and nothing is sent."""

    @property
    def name(self) -> str:
        """Return the id of the model, empty when there is none."""
        ...

    @property
    def is_on(self) -> bool:
        """Tell whether a question may be sent at all."""
        ...

    @property
    def mode(self) -> Mode:
        """Return how far what it is asked goes; `NONE` when it is asked nothing."""
        ...

    def estimate(self, text: str) -> int:
        """Return how many tokens a text will take, as this model was seen to count."""
        ...

    async def ask(self, step: Step[T], request: str) -> Answer[T]:
        """Put one question: at most two calls and thirty seconds. Raises ModelFailed, and nothing else."""
        ...

    async def check(self) -> None:
        """Look up the address without calling it. Raises ModelFailed: NOT_ALLOWED when texts may not go there."""
        ...

    async def probe(self) -> None:
        """Ask for a fixed word, to learn what the endpoint understands. Raises ModelFailed with why that fails."""
        ...

    async def aclose(self) -> None:
        """Close the connections. May be called at any time, more than once."""
        ...


class NoModel:
    """Mode `none`: every question fails at once, and nothing is opened or sent."""

    name = ""
    is_on = False
    mode = Mode.NONE

    def estimate(self, text: str) -> int:
        """Return how many tokens a text takes for models we do not know."""
        return TokenEstimate().of(len(text))

    async def ask(self, step: Step[T], request: str) -> Answer[T]:
        """Send nothing. Raises ModelFailed(OFF)."""
        raise ModelFailed(Failure.OFF)

    async def check(self) -> None:
        """Find nothing wrong: there is no address."""

    async def probe(self) -> None:
        """Send nothing. Raises ModelFailed(OFF)."""
        raise ModelFailed(Failure.OFF)

    async def aclose(self) -> None:
        """Close nothing."""
